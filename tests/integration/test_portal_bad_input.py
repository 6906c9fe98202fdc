"""Whatever comes in: a clear sentence, nothing lost, nothing told that is not theirs to know."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mingtang.cases.models import Case
from mingtang.demo.cases import demo_id
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.lib.identifiers import id_check_character
from tests.unit.files.samples import JPEG, PNG, zipped

pytestmark = pytest.mark.django_db
FORM = "/services/JF-001/apply"
WORDS = {"name": "文小满", "phone": "07305550100", "address": "清水村 3 组（演示地址）"}
SITUATION = {"ask_project": "new", "ask_land": "homestead"}
WINDOW = {f"how_{key}": "window" for key in ("id", "application", "resolution", "drawing")}


def hidden(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def hidden_all(page: str) -> dict[str, str]:
    """Every hidden input of a form as it would be sent."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def begin(client: Client, path: str = FORM) -> dict[str, str]:
    page = client.get(path).content.decode()
    return hidden_all(page) | SITUATION | {"stage": "review"} | WORDS


def number(birthday: str, serial: str = "001") -> str:
    body = f"430623{birthday}{serial}"
    return body + id_check_character(body)


def review(client: Client, path: str = FORM, **typed) -> str:
    """The second screen of a good application."""
    answer = client.post(path, begin(client, path) | WINDOW | {"id_number": demo_id(1)} | typed)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def submit(client: Client, path: str = FORM, **typed) -> tuple[Case, str]:
    """Hand in; returns the case and its code as the receipt shows it."""
    answer = client.post(path, hidden_all(review(client, path, **typed)) | {"stage": "submit"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    code = re.search(r"<dt>查询码</dt><dd>([2-9A-Z]{10})</dd>", page)[1]
    return Case.objects.get(number=answer["Location"].split("/")[2]), code


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (demo_id(1)[:-1] + ("0" if demo_id(1)[-1] != "0" else "1"), "校验"),
        (number("19000230"), "日期"),
        (number("19001301"), "日期"),
        (number("29000101"), "日期"),
        ("43062319000101", "18"),
        ("四三〇六二三一九〇〇〇一〇一〇〇一", ""),
        ("", "请填写身份证号码"),
    ],
)
def test_a_wrong_identity_number_is_named_and_the_rest_is_kept(client, town, wrong, sentence):
    answer = client.post(FORM, begin(client) | WINDOW | {"id_number": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    error = re.search(r'id="id_id_number-error">([^<]+)<', page)[1]
    assert sentence in error and len(error) > 6
    assert 'href="#id_id_number"' in page and 'aria-invalid="true"' in page
    for typed in (*WORDS.values(), wrong):
        assert f'value="{typed}"' in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"phone": "请打隔壁"}, "phone", "电话号码应当是 7 到 12 位数字"),
        ({"name": ""}, "name", "请填写姓名"),
        ({"name": "文"}, "name", "2 到 50 个字"),
        ({"name": "文" * 51}, "name", "写了 51 个字，最多 50 个字"),
        ({"name": "文\x00小满"}, "name", "看不见的字符"),
        ({"address": "村" * 101}, "address", "写了 101 个字，最多 100 个字"),
    ],
)
def test_each_field_has_its_own_sentence(client, town, typed, field, sentence):
    answer = client.post(FORM, begin(client) | WINDOW | {"id_number": demo_id(1)} | typed)
    assert answer.status_code == 422
    assert sentence in re.search(rf'id="id_{field}-error">([^<]+)<', answer.content.decode())[1]


def test_no_form_speaks_in_django_s_words(client, town):
    """``variable`` and ``field value`` are no words for a villager."""
    answer = client.post("/cases/", {"number": "", "code": "x" * 30})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写办件编号" in page and "写了 30 个字，最多 20 个字" in page
    for theirs in ("必填项", "字段", "变量", "有效的选项"):
        assert theirs not in page


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("身份证.pdf", PNG, "PDF"),
        ("身份证.jpg", b"MZ\x90\x00" + b"\0" * 60, "程序"),
        ("身份证.png", JPEG, "PNG"),
        ("身份证.jpg", b"", "空"),
        ("照片.zip", zipped({"照片.png": PNG}), "压缩包"),
    ],
    ids=["picture", "program", "other picture", "empty", "archive"],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_others_are_kept(client, town, name, data, sentence):
    files = {"file_id": SimpleUploadedFile(name, data), "file_drawing": SimpleUploadedFile("图纸.png", PNG)}
    typed = begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload", "how_drawing": "upload"}
    answer = client.post(FORM, typed | files)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in re.search(r'id="id_file_id-error">([^<]+)<', page)[1]
    assert "√ 已收到：图纸.png" in page
    assert f'value="{WORDS["name"]}"' in page
    again = typed | hidden_all(page) | {"stage": "review", "how_id": "window"}
    assert "图纸.png" in client.post(FORM, again).content.decode()


def test_a_file_one_byte_over_the_limit_is_refused_with_its_size(client, town, settings):
    settings.UPLOAD_LIMIT = 1024
    whole = PNG + b"\0" * (settings.UPLOAD_LIMIT - len(PNG))
    typed = begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload"}
    answer = client.post(FORM, typed | {"file_id": SimpleUploadedFile("大照片.png", whole + b"\0")})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "1 KB" in re.search(r'id="id_file_id-error">([^<]+)<', page)[1]
    assert all(f'value="{word}"' in page for word in WORDS.values())
    assert client.post(FORM, typed | {"file_id": SimpleUploadedFile("照片.png", whole)}).status_code == 200


def test_one_file_or_one_letter_more_than_is_read_at_once_is_told_in_a_page_of_ours(client, town, settings):
    typed = begin(client) | WINDOW | {"id_number": demo_id(1)}
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    photos = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(3)]
    answer = client.post(FORM, typed | {"file_id": photos})
    page = answer.content.decode()
    assert answer.status_code == 400 and "一次最多传 2 个文件" in page and town.site_name in page
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 4096
    answer = client.post(FORM, typed | {"address": "村" * 4096})
    assert answer.status_code == 400 and "填写的内容太多" in answer.content.decode()


@pytest.mark.parametrize("path", [FORM, "/cases/", "/desk/login"])
def test_a_form_without_its_token_is_told_in_a_page_of_ours(town, path):
    answer = Client(enforce_csrf_checks=True).post(path, {"name": "文小满"})
    assert answer.status_code == 403
    assert "Cookie" in answer.content.decode() and town.site_name in answer.content.decode()


def test_upload_chosen_without_a_file_says_what_to_do(client, town):
    answer = client.post(FORM, begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload"})
    assert answer.status_code == 422 and "还没有选文件" in answer.content.decode()


def test_two_presses_give_one_case_with_one_code(client, town):
    last = hidden_all(review(client)) | {"stage": "submit"}
    first, second = client.post(FORM, last), client.post(FORM, last)
    elsewhere = Client().post(FORM, last)
    assert first["Location"] == second["Location"] == elsewhere["Location"]
    assert Case.objects.count() == 1
    assert Event.objects.filter(type="case.submitted").count() == 1


def test_files_that_someone_else_sent_are_not_taken_from_a_foreign_form(client, town):
    theirs = begin(client) | WINDOW | {"id_number": demo_id(1), "how_id": "upload"}
    theirs |= {"file_id": SimpleUploadedFile("别人的证件.png", PNG), "name": ""}
    page = client.post(FORM, theirs).content.decode()
    stolen = hidden(page, "kept")
    assert "√ 已收到：别人的证件.png" in page
    for kept in (stolen, stolen[:-1] + "A", "nonsense", ""):
        other = Client()
        typed = begin(other) | WINDOW | {"id_number": demo_id(2), "how_id": "upload", "kept": kept}
        answer = other.post(FORM, typed)
        assert answer.status_code == 422 and "别人的证件" not in answer.content.decode()


def guess(client: Client, case_number: str, code: str) -> tuple[int, str]:
    answer = client.post("/cases/", {"number": case_number, "code": code})
    said = re.search(r'id="id_code-error">([^<]+)<', answer.content.decode())
    return answer.status_code, said[1] if said else ""


def test_a_thousand_guesses_are_held_back_and_the_owner_gets_in_afterwards(client, town):
    case, code = submit(client)
    stranger, tried = Client(), 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for turn in range(1000):
            status, said = guess(stranger, case.number, f"{turn:010d}")
            assert status == 422
            tried += "不对" in said
            clock.shift(1)
        assert tried <= 16, f"{tried} of a thousand guesses in a thousand seconds were looked at"
        assert "请过" in guess(stranger, case.number, code)[1]
        clock.shift(timedelta(minutes=16))
        assert guess(stranger, case.number, code.lower())[0] == 302


def test_guessing_never_tells_whether_a_number_exists(client, town):
    public, _ = submit(client)
    sealed, _ = submit(client, "/services/JZ-001/apply", how_hardship="window")
    assert sealed.sealed and "-" in sealed.number
    nobody = ("WY2026999999X", "WY-" + "2" * len(sealed.number.partition("-")[2]))
    with time_machine.travel(timezone.now(), tick=False):
        told = [
            [guess(Client(), one, "2222222222") for _ in range(12)] for one in (public.number, sealed.number, *nobody)
        ]
    assert told[0] == told[1] == told[2] == told[3]


def without(text: bytes, case_number: str) -> str:
    """An answer without the number that was asked, and without what differs from one visit to the next."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text.decode().replace(case_number, "#"))


@pytest.mark.parametrize("path", ["", ".json", "/mine", "/receipt", "/proof.json", "/papers/1.pdf"])
def test_a_sealed_number_answers_like_one_that_does_not_exist(client, town, path):
    sealed, _ = submit(client, "/services/JZ-001/apply", how_hardship="window")
    nobody = "WY-" + "2" * len(sealed.number.partition("-")[2])
    # A header says until when the answer holds: both in the same second.
    with time_machine.travel(timezone.now(), tick=False):
        theirs, none = (Client().get(f"/cases/{one}{path}") for one in (sealed.number, nobody))
    assert theirs.status_code == none.status_code
    assert path not in {"", ".json"} or theirs.status_code == 404
    assert without(theirs.content, sealed.number) == without(none.content, nobody)
    assert dict(theirs.headers) | {"Content-Length": ""} == dict(none.headers) | {"Content-Length": ""}


def test_nothing_of_a_sealed_case_stands_on_any_public_list(client, town):
    sealed, _ = submit(client, "/services/JZ-001/apply", how_hardship="window")
    follow.settle()
    for path in ("/", "/ledger/", "/search?q=救助", "/sitemap.xml", "/services/JZ-001"):
        assert sealed.number not in Client().get(path).content.decode()
    assert f"没有找到“{sealed.number}”" in Client().get(f"/search?q={sealed.number}").content.decode()


def test_a_stranger_sees_nothing_of_another_s_case(client, town):
    case, _ = submit(client)
    paper = case.documents.first()
    other = Client()
    submit(other, id_number=demo_id(2))
    for path in ("mine", "receipt", f"papers/{paper.pk}.pdf", "proof.json"):
        answer = other.get(f"/cases/{case.number}/{path}")
        assert "查询码" in answer.content.decode() and WORDS["name"] not in answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")
    assert other.post(f"/cases/{case.number}/mine", {"act": "withdraw", "confirm": "yes"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "submitted"


HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        "/info/?after=nonsense&before=2026-11-24T00:00:00_1",
        f"/info/?after=2026-11-24T00:00:00%2B08:00_{HUGE}",
        "/info/?year=99999&theme=none&issuer=%00",
        "/info/?issuer=%00",
        "/info/%00",
        f"/info/e/{HUGE}/006382329L/2026-0000001",
        "/search?q=%00&page=99999999&issuer=%00",
        "/search?q=%F0%9F%98%80%22%27%28%29*%3A~%5E&kind=x",
        "/search?q=" + "建" * 2000,
        "/cases/%00",
        "/cases/%E4%B8%AD.json",
        f"/cases/WY2026000001X/papers/{HUGE}.pdf",
        "/services/no-such-item",
        "/services/JF-001/apply/",
        f"/ledger/entry/{HUGE}",
        f"/ledger/entry/{HUGE}.json",
        f"/ledger/?before={HUGE}",
        "/ledger/tile/../../keys/secret_key",
        "/ledger/tile/0/x999/999",
        f"/files/{HUGE}",
        f"/hits/{HUGE}.gif",
    ],
    ids=lambda path: path[:40].encode("ascii", "replace").decode(),
)
def test_a_senseless_address_is_answered_without_an_error(client, town, path):
    follow.settle()
    assert client.get(path).status_code in {200, 400, 404}
