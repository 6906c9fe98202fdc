"""授权书 at the desk: issued and ended by the head of the unit, read by everybody, and decisive at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.enums import Outcome
from mingtang.events.models import Event
from mingtang.hall import letters
from mingtang.lib.errors import Refused
from mingtang.people.models import Delegation, Post, Unit
from mingtang.rulebook.models import Item
from tests.factories import acts
from tests.factories.cast import CENTRE, CLERK_1, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
HEAD = "zhanzhang"  # of the forestry station
WHY = "分管领导换人，重新授权。"


def form(town, **values) -> dict:
    today = timezone.localdate()
    said = {
        "grantor": Unit.objects.get(town=town, code="forestry").pk,
        "post": Post.objects.get(town=town, code="window-1").pk,
        "number": "万林授〔2026〕1号",
        "item": "LM-001",
        "limit": "每户十立方米以下",
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=100)).isoformat(),
    }
    return said | values


def issued(town, **values) -> Delegation:
    said = form(town, **values)
    return letters.issue(
        grantor=Unit.objects.get(pk=said["grantor"]),
        post=Post.objects.get(pk=said["post"]),
        number=said["number"],
        item=Item.objects.get(town=town, code=said["item"]),
        limit=said["limit"],
        valid_from=date.fromisoformat(said["valid_from"]),
        valid_to=date.fromisoformat(said["valid_to"]),
        by=staff(HEAD),
    )


def test_the_head_of_the_unit_issues_a_letter_and_everybody_reads_it(client, town):
    login(client, HEAD)
    answer = client.post("/desk/letters/new", form(town))
    letter = Delegation.objects.get(number="万林授〔2026〕1号")
    assert answer.url == f"/desk/letters/{letter.pk}"
    assert (letter.grantor.code, letter.post.code, letter.step_code) == ("forestry", "window-1", "decide")
    assert letters.last_day(letter) == timezone.localdate() + timedelta(days=100)
    shown = text(client.get("/entry/delegations"))
    assert "每户十立方米以下" in shown
    assert Event.objects.filter(subject=f"delegation:{letter.number}", actor=staff(HEAD).code).exists()


def test_a_letter_ended_at_the_desk_decides_nothing_more(client, town):
    case = acts.worked(town, "LM-001")
    login(client, SIGNER)
    letter = Delegation.objects.get(town=town, item_code="LM-001")
    assert client.post(f"/desk/letters/{letter.pk}/revoke", {"reason": ""}).status_code == 422
    assert client.post(f"/desk/letters/{letter.pk}/revoke", {"reason": WHY}).status_code == 302
    with pytest.raises(Refused, match="失效"):
        cases.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=acts.decider_of("LM-001"))
    issued(town)
    assert "1 个事项没有人能作决定" in text(client.get("/desk/")), "a letter to another post than the guide names"
    page = text(client.get("/desk/letters/"))
    assert "现在没有人能决定的事项" in page
    assert f"item=LM-001&amp;post={letter.post_id}" in page
    assert WHY in text(client.get(f"/desk/letters/{letter.pk}"))


def test_a_letter_that_soon_ends_is_issued_anew_from_the_day_after(client, town):
    soon = timezone.localdate() + timedelta(days=10)
    letter = issued(town, valid_to=soon.isoformat())
    login(client, HEAD)
    assert "1 份授权书快到期" in text(client.get("/desk/"))
    assert f"/desk/letters/new?renew={letter.pk}" in text(client.get("/desk/letters/"))
    page = text(client.get(f"/desk/letters/new?renew={letter.pk}"))
    assert f'value="{soon + timedelta(days=1)}"' in page
    assert 'value="每户十立方米以下"' in page


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"valid_from": "2020-01-01"}, "授权不能往回写"),
        ({"valid_to": "2020-01-01"}, "最后一天要晚于第一天"),
        ({"valid_to": "2099-01-01"}, "最长五年"),
        ({"number": ""}, "请填写授权书编号"),
        ({"item": "JF-001"}, "不是林业站实施的"),
        ({"item": "NO-001"}, "没有编码是“NO-001”的事项"),
        ({"post": "forest-check"}, "请从列出的里面选一个"),
        ({"grantor": "leading-group"}, "请从列出的里面选一个"),
        ({"limit": "找文小满，电话 13912345678"}, "手机"),
    ],
)
def test_what_is_no_letter_is_said_at_its_field_and_nothing_is_written(client, town, values, says):
    for name, model in (("post", Post), ("grantor", Unit)):
        if name in values:
            values = {**values, name: model.objects.get(town=town, code=values[name]).pk}
    login(client, HEAD)
    answer = client.post("/desk/letters/new", form(town, **values))
    assert answer.status_code == 422
    assert says in text(answer)
    assert "每户十立方米以下" in text(answer) or "limit" in values, "what was typed is kept"
    assert not Delegation.objects.filter(grantor__code="forestry").exists()


def test_two_letters_of_one_post_and_item_never_overlap(town):
    first = issued(town)
    with pytest.raises(Refused, match=r"已有授权书 万林授〔2026〕1号.*新的请从"):
        issued(town, number="万林授〔2026〕2号")
    day = (letters.last_day(first) + timedelta(days=1)).isoformat()
    later = (letters.last_day(first) + timedelta(days=30)).isoformat()
    assert issued(town, number="万林授〔2026〕2号", valid_from=day, valid_to=later).pk


def test_nobody_speaks_for_another_unit(client, town):
    """The office enters what the government of the town signed, and nobody else's; a clerk reads at most."""
    said = form(town)
    for username in (CENTRE, CLERK_1):
        login(client, username)
        assert client.post("/desk/letters/new", said).status_code == 403
    login(client, "suozhang")
    assert client.post("/desk/letters/new", said).status_code == 422
    letter = issued(town)
    assert client.post(f"/desk/letters/{letter.pk}/revoke", {"reason": WHY}).status_code == 422
    login(client, SIGNER)
    assert client.post(f"/desk/letters/{letter.pk}/revoke", {"reason": WHY}).status_code == 422
    letter.refresh_from_db()
    assert letter.revoked_at is None
    assert {unit.code for unit in letters.grantors(staff(SIGNER))} == {"party-office", "leading-group"}


def test_who_decides_reads_the_limit(client, town):
    case = acts.worked(town, "LM-001")
    old = Delegation.objects.get(town=town, item_code="LM-001")
    letters.revoke(letter=old, reason=WHY, by=staff(SIGNER))
    issued(town, post=old.post_id)
    login(client, acts.WORK["LM-001"][3])
    assert "限度：<b>每户十立方米以下</b>" in client.get(f"/desk/cases/{case.number}").content.decode()
