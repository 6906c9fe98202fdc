from io import BytesIO

import pytest

from mingtang.events.log import Actor
from mingtang.events.models import Event
from mingtang.files import actions, policies
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.unit.files import samples

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
