"""群众最关心的: ranked from counts, the top get a task or a reason, the public page shows the pairs."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from mingtang.lib.errors import Refused
from mingtang.oversight import actions
from mingtang.oversight.models import Slot
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Assignment
from mingtang.rulebook import wanted
from mingtang.rulebook.models import Item, Wanted
from mingtang.scrutiny import demand
from mingtang.scrutiny.models import Asked
from mingtang.scrutiny.proved import check_asked
from tests.factories.cast import CENTRE, CLERK_1, DISCIPLINE, SIGNER, login, staff
from tests.factories.duties import post, terms
from tests.integration.desk_steps import text
from tests.integration.test_events_tampered import tamper

pytestmark = pytest.mark.django_db


def searched(town, **words):
    """Words, and how many looked for them today."""
    wanted.add(town=town, counted=words, day=timezone.localdate())
    return {row.text: f"search-{row.pk}" for row in Wanted.objects.all()}


def test_the_most_asked_get_a_task_or_a_reason_and_everybody_sees_which(town, client):
    keys = searched(town, 夜市摆摊=9, 路灯谁修=5, 办护照=4, 火星移民=2)
    duty = actions.open_duty(town=town, terms=terms(), by=staff(SIGNER))
    sweep(town=town)
    for _ in range(7):
        actions.nudge(slot=Slot.objects.get(duty=duty))
    wanted.pass_on(
        wanted=Wanted.objects.get(text="路灯谁修"), unit=post("power-head").unit, note="请写清楚。", by=staff(CENTRE)
    )
    searched(town, 盖房子=8)
    item = Item.objects.get(code="JF-001")
    wanted.link(wanted=Wanted.objects.get(text="盖房子"), item=item, by=staff(CENTRE))
    wanted.add(town=town, counted={"很久以前": 50}, day=timezone.localdate() - timedelta(days=91))
    today = timezone.localdate()
    ranked = demand.ranking(town, today)
    assert [(ask.text, ask.count) for ask in ranked] == [
        ("夜市摆摊", 9), ("盖房子", 8), ("每季度检查一次政务公开", 7), ("路灯谁修", 5), ("办护照", 4),
    ]  # fmt: skip
    assert [ask.text for ask in demand.undecided(town, today)] == ["夜市摆摊", "路灯谁修", "办护照"]

    login(client, CLERK_1)
    assert client.get("/desk/demand/").status_code == 403
    login(client, DISCIPLINE)
    assert "要有任务或者说明" in text(client.get("/desk/demand/"))
    here = f"/desk/demand/{keys['夜市摆摊']}"
    given = {
        "task-text": "夜市摆摊要办什么手续",
        "task-owner": post("centre-head").pk,
        "task-due_on": (today + timedelta(days=20)).isoformat(),
    }
    assert client.post(f"{here}/task", given).status_code == 403, "who supervises reads"
    login(client, SIGNER)
    assert "群众最关心的 3 件事" in text(client.get("/desk/"))
    bad = client.post(f"{here}/task", given | {"task-due_on": ""})
    assert bad.status_code == 422 and "夜市摆摊要办什么手续" in text(bad)
    assert client.post(f"{here}/task", given | {"task-text": "电话13912345678"}).status_code == 422
    assert client.post(f"{here}/task", given).url == "/desk/demand/"
    assert client.post(f"{here}/task", given).status_code == 422, "once"
    reason = {"reason-text": "护照在哪里办", "reason-reason": "县公安局办，镇里不办。"}
    assert client.post(f"/desk/demand/{keys['办护照']}/reason", reason).status_code == 302
    assert [ask.text for ask in demand.undecided(town, today)] == ["路灯谁修"]

    page = text(client.get("/asked")).partition('id="published"')[2]
    assert "夜市摆摊要办什么手续" in page and "县公安局办，镇里不办" in page and "路灯谁修" not in page
    sweep(town=town)
    slot = Slot.objects.get(duty__source="demand")
    assert slot.duty.owner.code == "centre-head" and "9 人次网上找过" in slot.duty.basis
    actions.answer(slot=slot, document=None, statement="已经写进办事指南。", by=staff(CENTRE))
    assert "已经写进办事指南" in text(client.get("/asked"))


def test_a_decision_holds_for_its_period_or_until_its_task_is_done(town, time_machine):
    Assignment.objects.update(valid_from="2026-01-05T08:00:00+08:00")
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    keys = searched(town, 夜市摆摊=9, 办护照=4)
    given = {"town": town, "by": staff(SIGNER)}
    later = {"owner": post("centre-head"), "due_on": timezone.localdate() + timedelta(days=200)}
    demand.give_task(key=keys["夜市摆摊"], text="夜市", **later, **given)
    demand.give_reason(key=keys["办护照"], text="护照", reason="县里办。", **given)
    with pytest.raises(Refused, match="已经有任务"):
        demand.give_reason(key=keys["夜市摆摊"], text="夜市", reason="算了。", **given)
    with pytest.raises(Refused, match="不在名单"):
        demand.give_reason(key="search-0", text="甲", reason="乙", **given)
    sweep(town=town)
    time_machine.move_to("2026-07-01T09:00:00+08:00", tick=False)
    searched(town, 夜市摆摊=3, 办护照=3)
    assert [ask.text for ask in demand.undecided(town, timezone.localdate())] == ["办护照"], "the task still waits"


def test_verify_names_a_changed_decision(town):
    keys = searched(town, 办护照=4)
    row = demand.give_reason(town=town, key=keys["办护照"], text="护照", reason="县里办。", by=staff(SIGNER))
    assert not list(check_asked(town))
    for change in ("reason = '不办。'", "count = 400", "text = '别的'"):
        with transaction.atomic():
            tamper("scrutiny_asked", change, row.pk)
            assert list(check_asked(town)), change
            transaction.set_rollback(True)
    with transaction.atomic():
        tamper("scrutiny_asked", "number = 7", row.pk)
        assert list(check_asked(town))
        transaction.set_rollback(True)
    assert Asked.objects.count() == 1
