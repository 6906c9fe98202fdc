"""The leader's page: nothing before the code, everything after it, once; the desk that makes and takes back links."""

import html
import io
import re

import pytest
from django.test import Client

from mingtang.disclosure import actions
from mingtang.disclosure.models import ApprovalLink, Edition
from mingtang.events.log import CONSOLE
from mingtang.files import actions as files
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, login
from tests.integration.desk_steps import text
from tests.unit.disclosure.test_outside_links import leader

pytestmark = pytest.mark.django_db


def handed_over(client, town, edition: Edition) -> tuple[str, str]:
    """Path and code as the desk shows them."""
    approver = leader(town)
    login(client, SIGNER)
    answer = client.post(f"/desk/info/{edition.pk}/link", {"approver": str(approver.pk), "days": "2"})
    page = html.unescape(text(answer))
    assert answer["Cache-Control"].find("no-store") >= 0 or "private" in answer["Cache-Control"]
    return re.search(r"(/approve/[\w-]{32})", page)[1], re.search(r"口令</dt>\s*<dd[^>]*>\s*([0-9A-Z]{8})", page)[1]


def test_a_leader_reads_and_signs_by_the_link_and_nobody_learns_anything_without_the_code(client, town, other_town):
    file = files.store(town=town, name="名单.txt", stream=io.BytesIO(b"in the list"), by=CONSOLE, purpose="document")
    edition = acts.reviewed(town, actions.Content("赶集通告", "<p>粮站前坪停车。</p>", [(file, "名单.txt", [])]))
    path, code = handed_over(client, town, edition)
    attached = f"{path}/files/{edition.revision.attachments.get().pk}"
    visitor = Client()
    asked = visitor.get(path)
    assert asked.status_code == 200 and "粮站" not in text(asked) and "文县领" not in text(asked)
    assert asked["X-Robots-Tag"].startswith("noindex") and "no-store" in asked["Cache-Control"]
    assert 'name="robots" content="noindex' in text(asked)
    wrong = visitor.post(path, {"act": "open", "code": "AAAAAAAA\x00"})
    assert wrong.status_code == 422 and "口令不对" in text(wrong)
    # Without the code no act: a page that asks for it.
    assert "请输入电话里" in text(visitor.post(path, {"act": "sign"}))
    assert visitor.get(attached).status_code == 404
    assert visitor.get(path, HTTP_HOST="other.example").status_code == 404
    assert visitor.get("/approve/" + "x" * 32).status_code == 404
    opened = visitor.post(path, {"act": "open", "code": code.lower()}, follow=True)
    assert (
        "粮站前坪停车。" in text(opened) and "县委联系领导文县领（演示）" in text(opened) and "名单.txt" in text(opened)
    )
    assert visitor.get(attached).status_code == 200
    assert Client().get(attached).status_code == 404, "another browser knows nothing"
    kept = visitor.post(path, {"act": "return", "reason": ""})
    assert kept.status_code == 422 and "请写明退回的理由" in text(kept)
    done = visitor.post(path, {"act": "sign"})
    assert "已签发，待公开" in text(done)
    assert visitor.get(path).status_code == 410 and "粮站" not in text(visitor.get(path))
    assert visitor.get(attached).status_code == 404
    page = text(client.get(f"/desk/info/{edition.pk}"))
    assert "县委联系领导文县领（演示）" in page and "用过了" not in page


def test_the_desk_registers_ends_and_takes_back(client, town):
    edition = acts.reviewed(town)
    path, _ = handed_over(client, town, edition)
    page = text(client.get(f"/desk/info/{edition.pk}/link"))
    assert "还没有用" in page and path not in page, "what was shown once is not shown again"
    link = ApprovalLink.objects.get()
    assert client.post(f"/desk/info/{edition.pk}/link/{link.pk}/revoke").status_code == 302
    assert Client().get(path).status_code == 410
    wrong = client.post("/desk/approvers/new", {"name": "文某", "post": "", "valid_from": "2018-02-30"})
    assert wrong.status_code == 422 and "请填写职务" in text(wrong) and 'value="文某"' in text(wrong)
    assert "有效" in text(client.get("/desk/approvers/"))
    assert client.post(f"/desk/approvers/{link.approver_id}/end").status_code == 302
    assert "已停用" in text(client.get("/desk/approvers/"))
    login(client, EDITOR)
    assert client.get(f"/desk/info/{edition.pk}/link").status_code == 403
    assert client.get("/desk/approvers/new").status_code == 403
