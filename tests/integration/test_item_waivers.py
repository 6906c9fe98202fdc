"""放行 in an item at the desk: asked for by who writes it, let stand or not by another, read by all who review."""

import re

import pytest

from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.people import actions as people
from mingtang.people.models import Post
from mingtang.rulebook import actions
from mingtang.rulebook.models import Version, Waiver
from tests.factories import rules
from tests.factories.cast import CENTRE, CLERK_1, JUSTICE, SIGNER, login, staff
from tests.integration.desk_steps import hidden, text
from tests.integration.filled import filled

pytestmark = pytest.mark.django_db
DUTY = "值班手机13812345678，夜里也有人接。"
PAGE = "/desk/items/LM-001/2"


@pytest.fixture
def draft(town):
    return rules.drafted(town, place=DUTY)


def ask(client, reason: str, identity: str = ""):
    identity = identity or hidden(client.get(PAGE), "identity")
    return client.post(f"{PAGE}/waivers", {"identity": identity, f"{identity[:8]}-reason": reason})


def settle(client, act: str, reason: str = "", **more):
    waiver = Waiver.objects.latest("pk")
    return client.post(f"{PAGE}/waivers/{waiver.pk}/{act}", {f"waiver-{waiver.pk}-reason": reason}, **more)


def test_it_is_asked_for_let_stand_and_read_by_all_who_review(client, town, draft):
    login(client, CENTRE)
    page = text(client.get(PAGE))
    assert "可以请求放行" in page and f"办理地点：“{DUTY}”" in page
    empty = ask(client, " ")
    assert empty.status_code == 422 and "请写明理由" in text(empty)
    refused = ask(client, "就是13812345678")
    assert refused.status_code == 422 and "就是13812345678" in text(refused) and not Waiver.objects.exists()
    assert ask(client, "值班公用手机。").status_code == 302
    page = text(client.get(PAGE))
    assert "等放行的（1 处）" in page and "可以请求放行" not in page and "/waive" not in page.replace("/waivers", "")
    assert client.post(f"{PAGE}/acts/propose").status_code == 422
    login(client, JUSTICE)
    todo = text(client.get("/desk/"))
    assert "事项里拦下的，等您放行" in todo and PAGE in todo
    page = text(client.get(PAGE))
    assert "值班公用手机。" in page and DUTY in page and "放行这一处" in page
    told = settle(client, "waive", follow=True)
    assert "已放行这一处" in text(told) and "已经放行的（1 处）" in text(told)
    assert "事项里拦下的" not in text(client.get("/desk/"))
    login(client, CENTRE)
    assert "还不能提出" not in text(client.get(PAGE))
    assert client.post(f"{PAGE}/acts/propose").status_code == 302
    login(client, JUSTICE)
    assert "已经放行的（1 处）" in text(client.get(PAGE))


def test_a_refusal_is_read_by_who_asked(client, town, draft):
    login(client, CENTRE)
    ask(client, "值班公用手机。")
    login(client, JUSTICE)
    empty = settle(client, "refuse", " ")
    assert empty.status_code == 422 and "请写明理由" in text(empty)
    assert settle(client, "refuse", "请写座机").status_code == 302
    late = settle(client, "waive")
    assert late.status_code == 422 and "已经办过了" in text(late)
    login(client, CENTRE)
    page = text(client.get(PAGE))
    assert "没有放行：请写座机" in page and "可以请求放行" in page
    assert ask(client, "夜里座机没有人接。").status_code == 302


def test_the_editor_sees_at_once_what_a_changed_word_costs(client, town, draft):
    rules.waived(draft)
    login(client, CENTRE)
    sent = filled(client.get(f"{PAGE}/edit"))
    assert "手机" not in _lacks(client.post(f"{PAGE}/edit", sent | {"act": "check"}))
    assert "手机" in _lacks(client.post(f"{PAGE}/edit", sent | {"act": "check", "place": DUTY + "请轻声。"}))


def _lacks(answer) -> str:
    return "".join(re.findall(r"[^<>]*手机号[^<>]*", answer.content.decode()))


def test_only_who_may_asks_and_settles(client, town, draft):
    login(client, JUSTICE)
    assert "可以请求放行" not in text(client.get(PAGE))
    assert ask(client, "值班公用手机。", "0" * 32).status_code == 403
    login(client, CENTRE)
    gone = ask(client, "值班公用手机。", "0" * 32)
    assert gone.status_code == 422 and "没有这一处" in text(gone)
    assert ask(client, "值班公用手机。").status_code == 302
    for username in (CENTRE, SIGNER, CLERK_1):
        login(client, username)
        assert settle(client, "waive").status_code == 403
        assert "事项里拦下的" not in text(client.get("/desk/"))
    assert "等放行的" not in text(client.get(PAGE)), "whoever works on cases alone reads none"
    login(client, JUSTICE)
    assert settle(client, "no-such").status_code == 404
    assert client.post(f"{PAGE}/waivers/{Waiver.objects.get().pk + 1}/waive").status_code == 404
    assert client.post(f"/desk/items/LM-001/1/waivers/{Waiver.objects.get().pk}/waive").status_code == 404


def test_nobody_is_asked_to_settle_their_own(client, town, draft):
    people.appoint(staff=staff(CENTRE), post=Post.objects.get(town=town, code="justice-head"), by=CONSOLE)
    login(client, CENTRE)
    ask(client, "值班公用手机。")
    assert "事项里拦下的" not in text(client.get("/desk/"))
    assert "放行这一处" not in text(client.get(PAGE))
    own = settle(client, "waive")
    assert own.status_code == 422 and "不能放行自己写的" in text(own)


def test_what_was_changed_since_waits_for_nobody(client, town, draft):
    login(client, CENTRE)
    ask(client, "值班公用手机。")
    actions.edit(version=draft, data={**draft.data, "place": "窗口"}, by=draft.edited_by)
    login(client, JUSTICE)
    assert "事项里拦下的" not in text(client.get("/desk/"))
    assert "等放行的" not in text(client.get(PAGE))
    late = settle(client, "waive")
    assert late.status_code == 422 and "没有这一处" in text(late)


def test_the_guide_shows_the_text_and_nothing_of_the_waiver(client, town, draft):
    rules.waived(draft)
    rules.in_force(draft)
    follow.settle()
    assert Version.objects.get(pk=draft.pk).state == "in_force"
    page = text(client.get("/services/LM-001"))
    assert DUTY in page and "放行" not in page and "不是哪个人的" not in page
