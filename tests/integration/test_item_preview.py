"""The preview of a version that is not public yet: the public page itself, for staff alone."""

import pytest

from mingtang.demo.items import ITEMS
from mingtang.events.log import CONSOLE
from mingtang.portal.stored import page_store
from mingtang.rulebook import actions
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Spec, blank
from tests.factories import rules
from tests.factories.cast import CENTRE, EDITOR, login
from tests.integration.desk_steps import text

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
