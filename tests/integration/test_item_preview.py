"""The preview of a version that is not public yet: the public page itself, for staff alone."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.cases.models import Case
from mingtang.demo.items import ITEMS
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event, PayloadKey
from mingtang.files.models import StoredFile
from mingtang.portal.stored import page_store
from mingtang.rulebook import actions
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Fee, Spec, blank
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, EDITOR, login
from tests.integration.desk_steps import ID_NUMBER, hidden, text

pytestmark = pytest.mark.django_db


def main(page: str) -> str:
    """What stands between the frames, with the addresses of the public page."""
    body = page[page.index("<h1>") : page.index("<footer")]
    return body.replace("/desk/items/LM-001/2/preview", "/services/LM-001")


def test_the_preview_of_a_copy_is_the_public_guide(client, town):
    rules.drafted(town)
    login(client, CENTRE)
    shown, public = main(text(client.get("/desk/items/LM-001/2/preview"))), main(text(client.get("/services/LM-001")))
    for heading in ("content", "basis", "materials", "steps", "limits", "fees"):
        start = shown.index(f'<section id="{heading}">')
        section = shown[start : shown.index("</section>", start)]
        assert section in public, heading
    for name, kind in (
        ("flow.svg", "image/svg+xml"),
        ("flow-narrow.svg", "image/svg+xml"),
        ("flow.bpmn", "application/xml"),
    ):
        assert client.get(f"/desk/items/LM-001/2/preview/{name}")["Content-Type"] == kind


def test_the_preview_shows_the_draft_says_so_and_is_not_kept(client, town):
    rules.drafted(town, name="采伐林木许可（改）", promised_days=3)
    login(client, CENTRE)
    answer = client.get("/desk/items/LM-001/2/preview")
    assert "采伐林木许可（改）" in text(answer)
    assert "这是预览：第 2 版（草案）" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert page_store().find(town.code, "/desk/items/LM-001/2/preview") is None
    assert "采伐林木许可（改）" not in text(client.get("/services/LM-001"))


def test_a_draft_that_says_nothing_yet_can_be_looked_at(client, town):
    actions.list_item(town=town, code="KB-001", unit=None, data={**blank(Spec), "name": "空白事项"}, by=CONSOLE)
    login(client, CENTRE)
    assert "画不出流程图" in text(client.get("/desk/items/KB-001/1/preview"))
    assert client.get("/desk/items/KB-001/1/preview/flow.svg").status_code == 404


@pytest.mark.parametrize("code", [code for code, _, _ in ITEMS])
def test_a_stranger_is_sent_to_the_log_in_and_an_outsider_sees_nothing(client, town, code):
    address = f"/desk/items/{code}/1/preview"
    assert client.get(address).url == f"/desk/login?next={address.replace('/', '%2F')}"
    login(client, EDITOR)
    assert client.get(address).status_code == 404
    assert Version.objects.get(item__code=code).state == "in_force"


HOUSE = "/desk/items/JF-001/2"
SITUATION = {"ask_project": "new", "ask_land": "farmland"}


@pytest.fixture
def untouched(town):
    """Whatever is tried leaves no case, no file, no key and no event."""

    def count() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Case, StoredFile, PayloadKey, Event))

    rules.drafted(town, "JF-001", promised_days=12)
    before = count()
    yield
    assert count() == before


def test_the_form_is_tried_to_its_end_and_nothing_is_kept(client, untouched):
    login(client, CENTRE)
    asked = client.get(f"{HOUSE}/preview/apply")
    assert "这是预览：第 2 版的申请表" in text(asked) and "您的情况" in text(asked)
    sent = {
        "form_token": hidden(asked, "form_token"),
        "kept": hidden(asked, "kept"),
        "version": hidden(asked, "version"),
    }
    fill = client.post(f"{HOUSE}/preview/apply", {**sent, **SITUATION, "stage": "fill"})
    assert "承诺 12 个工作日" in text(fill)
    person = {"kind": "person", "name": "文小满", "id_number": ID_NUMBER}
    files = {"how_id": "upload", "file_id": SimpleUploadedFile("a.txt", b"x")}
    bad = client.post(f"{HOUSE}/preview/apply", {**sent, **SITUATION, **person, "id_number": "1", "stage": "review"})
    assert bad.status_code == 422
    review = client.post(f"{HOUSE}/preview/apply", {**sent, **SITUATION, **person, **files, "stage": "review"})
    assert "请再看一遍" in text(review)
    over = client.post(f"{HOUSE}/preview/apply", {**sent, **SITUATION, **person, "stage": "submit"})
    assert over.status_code == 200
    assert "到这里为止，没有提交" in text(over)


def test_the_window_s_screens_are_tried_and_nothing_is_kept(client, untouched):
    login(client, CENTRE)
    asked = client.get(f"{HOUSE}/preview/intake")
    assert "先问申请人" in text(asked) and "第 2 版的窗口收件" in text(asked)
    sent = {
        "form_token": hidden(asked, "form_token"),
        "kept": hidden(asked, "kept"),
        "version": hidden(asked, "version"),
    }
    listed = client.post(f"{HOUSE}/preview/intake", {**sent, **SITUATION, "act": "list"})
    ticked = dict.fromkeys(re.findall(r'name="(check_\w+)"', text(listed)), "ok")
    person = {"kind": "person", "name": "文小满", "id_number": ID_NUMBER, "listed": hidden(listed, "listed")}
    files = {"file_id": SimpleUploadedFile("a.txt", b"x")}
    over = client.post(f"{HOUSE}/preview/intake", {**sent, **SITUATION, **ticked, **person, **files})
    assert over.status_code == 200, text(over)
    assert "到这里为止，没有收件" in text(over)


@pytest.mark.parametrize("screen", ["apply", "intake"])
def test_what_cannot_be_answered_yet_is_said_instead_of_a_form(client, town, screen):
    data = acts.in_force(town, "LM-001").data
    odd = {**data["materials"][0], "when": "nobody == 'knows'", "when_label": "怪"}
    fee = {**blank(Fee), "name": "工本费", "amount": 1, "per": "本", "quantity": "gone"}
    rules.drafted(town, materials=[odd], fees=[fee])
    login(client, CENTRE)
    page = text(client.get(f"/desk/items/LM-001/2/preview/{screen}"))
    assert "现在还不能试填" in page
    assert "不是这个事项要问的情况" in page and "没有问这个数量" in page


def test_the_guide_of_a_broken_draft_is_looked_at_all_the_same(client, town):
    data = acts.in_force(town, "JF-001").data
    odd = {**data["materials"][0], "when": "nobody == 'knows'", "when_label": "怪"}
    fee = {**blank(Fee), "name": "工本费", "amount": 1, "per": "本", "quantity": "gone", "when": "x.y"}
    rules.drafted(town, "JF-001", materials=[odd], fees=[fee], listing={**data["listing"], "ways": []})
    login(client, CENTRE)
    assert client.get(f"{HOUSE}/preview").status_code == 200
    answer = client.get(f"{HOUSE}/preview/situation", SITUATION)
    assert "现在还不能试填" in text(answer)
