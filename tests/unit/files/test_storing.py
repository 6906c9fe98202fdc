import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import timezone

from mingtang.events.log import Actor
from mingtang.events.models import Event
from mingtang.files import actions, leftover, policies
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.unit.files import photos, samples

pytestmark = pytest.mark.django_db
KEY = b"k" * 32


@pytest.fixture
def town():
    return Jurisdiction.objects.create(code="430623999", prefix="ZZ", name="演示镇", site_name="演示镇")


def store(town, data, name="公告.pdf", **more):
    more = {"by": Actor("staff:1"), "purpose": "document"} | more
    return actions.store(town=town, name=name, stream=BytesIO(data), **more)


def test_a_file_is_kept_as_it_came_with_one_event(town):
    data = samples.pdf()
    stored = store(town, data)
    assert (stored.kind, stored.size, stored.sealed) == ("pdf", len(data), False)
    assert stored.path.read_bytes() == data
    assert actions.content(stored) == ("公告.pdf", data)
    event = Event.objects.get(type="file.stored")
    assert event.subject == f"file:{stored.sha256}"
    assert event.data == {"size": len(data), "kind": "pdf", "purpose": "document", "sealed": False}


def test_sending_the_same_file_twice_changes_nothing(town):
    data = samples.pdf()
    assert store(town, data) == store(town, data)
    assert StoredFile.objects.count() == Event.objects.filter(type="file.stored").count() == 1
    assert [path.name for path in store(town, data).path.parent.iterdir()] == [store(town, data).sha256]


def test_another_town_does_not_see_it(town):
    other = Jurisdiction.objects.create(code="430623998", prefix="YY", name="邻镇", site_name="邻镇")
    stored = store(town, samples.pdf())
    assert StoredFile.objects.visible_to(Viewer(town)).get() == stored
    assert not StoredFile.objects.visible_to(Viewer(other)).exists()


def test_a_sealed_file_shows_neither_name_nor_content_nor_sameness(town):
    first = store(town, samples.JPEG, "张三身份证.jpg", allowed=policies.MATERIALS, seal_key=KEY)
    second = store(town, samples.JPEG, "张三身份证.jpg", allowed=policies.MATERIALS, seal_key=KEY)
    assert first.name == "材料.jpg"
    assert first.sha256 != second.sha256
    on_disk = first.path.read_bytes()
    assert b"JFIF" not in on_disk
    assert "张三".encode() not in on_disk
    assert "张三" not in str(Event.objects.filter(type="file.stored").values_list("data", "subject"))
    assert actions.content(first, seal_key=KEY) == ("张三身份证.jpg", samples.JPEG)


def test_a_sealed_file_opens_with_its_own_key_only(town):
    stored = store(town, samples.JPEG, "证.jpg", allowed=policies.MATERIALS, seal_key=KEY)
    with pytest.raises(Refused, match="密钥不对"):
        actions.content(stored, seal_key=b"x" * 32)
    with pytest.raises(Refused, match="没有密钥"):
        actions.content(stored)
    stored.purpose = "another"
    with pytest.raises(Refused, match="密钥不对"):
        actions.content(stored, seal_key=KEY)


def test_changed_or_lost_bytes_are_not_handed_out(town):
    stored = store(town, samples.pdf())
    stored.path.write_bytes(b"other")
    with pytest.raises(Refused, match="与收到时不一致"):
        actions.content(stored)
    stored.path.unlink()
    with pytest.raises(Refused, match="不在存储里"):
        actions.content(stored)


def test_a_damaged_copy_on_disk_is_mended_when_the_file_comes_again(town):
    data = samples.pdf()
    stored = store(town, data)
    stored.path.write_bytes(b"x" * len(data))
    store(town, data)
    assert actions.content(stored)[1] == data


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "空.pdf", "是空的"),
        (b"x" * 2000, "大.txt", "超过了 1 KB 的上限"),
        (samples.JPEG, "公告.pdf", "内容却是JPEG 图片"),
        (samples.zipped({"a": "b"}), "材料.zip", "先解开"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(town, data, name, sentence):
    with pytest.raises(Refused, match=sentence):
        store(town, data, name, limit=1024)
    assert not StoredFile.objects.exists()
    assert not Event.objects.filter(type="file.stored").exists()


def test_a_pdf_with_a_script_is_not_stored(town):
    with pytest.raises(Refused, match="会自动运行的程序"):
        store(town, samples.pdf(javascript=True))


def test_the_text_of_a_stored_file_is_read_in_a_child_and_of_a_picture_is_empty(town):
    assert samples.PDF_LINE in actions.text_of(store(town, samples.pdf())).text
    assert actions.text_of(store(town, samples.JPEG, "图.jpg")).text == ""


def store_public(town, data, name):
    return actions.store_public(town=town, name=name, stream=BytesIO(data), by=Actor("staff:1"), purpose="attachment")


def test_a_photo_for_everybody_is_kept_without_its_place_and_its_sender_is_told(town):
    stored, told = store_public(town, photos.jpeg(photos.exif()), "村口.jpg")
    assert told == ["照片“村口.jpg”里记着拍摄地点（北纬29.52345度，东经112.64120度），已经去掉，照片本身没有变。"]
    assert actions.content(stored)[1] == photos.jpeg(b"")
    assert actions.text_of(stored).parts == []
    kept = store(town, photos.jpeg(photos.exif()), "证据.jpg", allowed=policies.MATERIALS)
    assert actions.text_of(kept).parts == [("照片位置", "北纬29.52345度，东经112.64120度")]


def test_what_else_a_photo_tells_of_its_making_goes_too(town):
    said = photos.png(b"", more=[(b"tEXt", b"Comment\0who stands there")])
    stored, told = store_public(town, said, "村口.png")
    assert told == ["照片“村口.png”里附着时间、机型、说明或者别的内容，已经去掉，照片本身没有变。"]
    assert actions.content(stored)[1] == photos.png(b"")
    assert store_public(town, photos.png(b""), "村口.png") == (stored, [])


@pytest.mark.parametrize("make", [photos.jpeg, photos.png])
def test_what_hangs_behind_a_photo_goes_too(town, make):
    stored, told = store_public(town, make(b"") + samples.zipped({"a": "b"}), "村口")
    assert "已经去掉" in told[0] and actions.content(stored)[1] == make(b"")


def test_what_lies_hidden_in_a_file_for_everybody_is_told(town):
    _, told = store_public(town, samples.xlsx([["张三"]], hidden=True), "名单.xlsx")
    assert told == ["“名单.xlsx”：文件里有隐藏工作表“名单”，打开的人都能翻出来，公开前请删去，另存一份再传。"]
    assert store_public(town, samples.xlsx([["张三"]]), "名单.xlsx")[1] == []


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<a/>", "word/vbaProject.bin": "x"},
        {"xl/workbook.xml": "<a/>", "xl/macrosheets/sheet1.xml": "<a/>"},
        {"word/document.xml": "<a/>", "[Content_Types].xml": "<T a='word.document.macroEnabled.main+xml'/>"},
        {"word/document.xml": "<a/>", "word/x.bin": "x", "[Content_Types].xml": "<T a='vnd.ms-office.vbaProject'/>"},
    ],
)
def test_macros_are_refused_whatever_the_file_is_called(town, parts):
    for name in ("通知.docx", "通知.docm", "通知.xlsx", "通知"):
        with pytest.raises(Refused, match="另存为不带宏的"):
            store_public(town, samples.zipped(parts), name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("通知" * 150 + ".txt", "通知" * 58 + ".txt"),
        ("../../etc/通知.txt", "通知.txt"),
        ("C:\\Users\\张三\\通知.txt", "通知.txt"),
        ("通知\u202etxt.exe.txt", "通知txt.exe.txt"),
    ],
)
def test_a_name_is_made_fit_for_showing_and_that_is_told(town, name, shown):
    stored, told = store_public(town, "文".encode(), name)
    assert stored.name == shown
    assert told == [f"文件名里有路径、看不见的字或者太长，存作“{shown}”。"]


def test_a_name_of_words_keeps_them_all():
    assert policies.named("图1 村口/桥头\\北", "png") == "图1 村口／桥头／北.png"
    assert len(policies.named("长" * 300, "png")) == 104


@pytest.mark.shared
def test_naughty_names_are_kept_or_refused_with_a_sentence(shared):
    for name in json.loads((shared / "data" / "security" / "blns.json").read_text()):
        shown = policies.clean_name(f"{name}.txt")
        assert policies.clean_name(shown) == shown
        assert 0 < len(shown) <= 120
        assert not set(shown) & set("/\\\0\n\u202e")


def test_a_download_is_never_shown_inside_our_pages(town):
    answer = actions.response(store(town, samples.pdf(), "关于“六公开”的公告.pdf"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%85%B3%E4%BA%8E")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] == "application/pdf"


def test_sealed_files_stay_in_no_cache_and_keep_their_own_name(town):
    stored = store(town, samples.JPEG, "证.jpg", allowed=policies.MATERIALS, seal_key=KEY)
    answer = actions.response(stored, seal_key=KEY)
    assert answer["Cache-Control"] == "private, no-store"
    assert "%E8%AF%81.jpg" in answer["Content-Disposition"]


def test_what_a_form_left_is_destroyed_after_two_days_and_nothing_else(
    town, monkeypatch, django_capture_on_commit_callbacks
):
    first, other = timezone.now(), Jurisdiction.objects.create(code="430623998", prefix="YY", name="别的镇")
    left, sealed = store(town, b"left", "a.txt", purpose="attachment"), store(town, samples.pdf(), seal_key=KEY)
    again, kept = store(town, b"again", "b.txt", purpose="attachment"), store(town, b"kept", "c.txt")
    named, shared = (store(town, name.encode(), "d.txt", purpose="attachment") for name in ("named", "shared"))
    monkeypatch.setattr(leftover, "_named", [lambda town: {named.sha256}])
    with time_machine.travel(first, tick=False) as clock:
        clock.shift(leftover.KEEP - timedelta(hours=1))
        assert leftover.forget() == 0, "a form may still bring it"
        store(town, b"again", "b.txt", purpose="attachment")
        store(other, b"shared", "d.txt")
        clock.shift(timedelta(hours=2))
        with django_capture_on_commit_callbacks(execute=True):
            assert leftover.forget() == 3
    assert set(StoredFile.objects.filter(town=town)) == {again, kept, named}
    assert [file.path.exists() for file in (left, sealed, again, kept, named, shared)] == [False, False, *[True] * 4]
    gone = Event.objects.filter(type="file.discarded").values_list("subject", flat=True)
    assert set(gone) == {f"file:{file.sha256}" for file in (left, sealed, shared)}
