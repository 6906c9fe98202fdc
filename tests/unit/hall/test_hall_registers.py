"""Entry, exemption and hand-over: who is in the hall, who is not and until when, and who still has to sign."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.hall import entry
from mingtang.hall.models import Entry, Exemption, HandOver, Milestone, Window
from mingtang.hall.standing import StandingKind, stalled, standings, waits_for
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.rulebook.models import Item
from tests.factories.cast import CENTRE, CLERK_3, FOREST, LAND, SOCIAL, staff

pytestmark = pytest.mark.django_db
MINUTES = "纪〔2026〕9号"


def item(code="LM-001") -> Item:
    return Item.objects.get(code=code)


def enter(code="LM-001", number=3, **changes) -> Entry:
    window = Window.objects.get(number=number)
    values = {"item": item(code), "window": window, "since_on": timezone.localdate(), "by": staff(CENTRE)}
    return entry.enter(**{**values, **changes})


def exempt(code="LM-001", days=30, **changes) -> Exemption:
    today = timezone.localdate()
    values = {
        "item": item(code),
        "reason": "专线没有接到窗口。",
        "minutes_number": MINUTES,
        "from_on": today,
        "until_on": today + timedelta(days=days),
        "by": staff(CENTRE),
    }
    return entry.exempt(**{**values, **changes})


def plan(*days, code="LM-001") -> HandOver:
    today = timezone.localdate()
    rows = [(f"节点{n}", today + timedelta(days=day)) for n, day in enumerate(days, 1)]
    return entry.plan_hand_over(item=item(code), milestones=rows, by=staff(CENTRE))


def kinds(town, days=0) -> dict[str, StandingKind]:
    return {row.item.code: row.kind for row in standings(town, timezone.localdate() + timedelta(days=days))}


def test_every_item_in_force_stands_somewhere_the_worst_first(town):
    enter("LN-001", 1)
    exempt("LM-001")
    exempt("JF-001", 5)
    rows = standings(town, timezone.localdate() + timedelta(days=6))
    assert [(row.item.code, row.kind) for row in rows] == [
        ("JF-001", StandingKind.OVERDUE),
        ("JZ-001", StandingKind.MISSING),
        ("LM-001", StandingKind.EXEMPT),
        ("LN-001", StandingKind.ENTERED),
    ]
    assert [row.is_gap for row in rows] == [True, True, False, False]


def test_an_exemption_turns_red_by_itself_the_day_after_its_last(town):
    exempt(days=10)
    assert kinds(town, 10)["LM-001"] == StandingKind.EXEMPT
    assert kinds(town, 11)["LM-001"] == StandingKind.OVERDUE


def test_entering_ends_the_exemption_and_leaves_a_public_event(town):
    exemption = exempt()
    enter()
    exemption.refresh_from_db()
    assert (exemption.ended_on, exemption.ended_reason) == (timezone.localdate(), "已经进驻")
    assert kinds(town)["LM-001"] == StandingKind.ENTERED
    types = Event.objects.filter(subject="item:LM-001", type__startswith="entry.").values_list("type", flat=True)
    assert sorted(types) == ["entry.entered", "entry.exempted"]


def test_only_the_window_of_the_guide_is_registered_and_once(town):
    with pytest.raises(Refused, match="办事指南写的收件岗位不在1号窗口"):
        enter(number=1)
    enter()
    with pytest.raises(Refused, match="已经登记在"):
        enter()


def test_a_guide_that_moves_to_another_window_shows_the_register_is_stale(town):
    enter()
    Window.objects.filter(number=3).update(post=Post.objects.get(code="window-4"))
    assert kinds(town)["LM-001"] == StandingKind.MOVED


def test_bad_entries_are_refused(town, other_town):
    with pytest.raises(Refused, match="权限"):
        enter(by=staff(CLERK_3))
    with pytest.raises(Refused, match="不能晚于今天"):
        enter(since_on=timezone.localdate() + timedelta(days=1))
    Window.objects.filter(number=3).update(town=other_town)
    with pytest.raises(Refused, match="不在本镇"):
        enter()
    draft = Item.objects.create(town=town, code="NEW-1", unit=item().unit)
    with pytest.raises(Refused, match="还没有发布"):
        enter(item=draft)


def test_who_leaves_says_why_by_decision_and_is_missing_from_then_on(town):
    row = enter()
    with pytest.raises(Refused, match="会议纪要"):
        entry.leave(entry=row, reason="拆了", minutes_number="", by=staff(CENTRE))
    with pytest.raises(Refused, match="原因"):
        entry.leave(entry=row, reason="", minutes_number=MINUTES, by=staff(CENTRE))
    entry.leave(entry=row, reason="专线断了。", minutes_number=MINUTES, by=staff(CENTRE))
    assert kinds(town)["LM-001"] == StandingKind.MISSING
    with pytest.raises(Refused, match="已经退出"):
        entry.leave(entry=row, reason="专线断了。", minutes_number=MINUTES, by=staff(CENTRE))


def test_an_exemption_is_not_prolonged_before_it_has_run_out_and_then_anew(town):
    first = exempt(days=10)
    with pytest.raises(Refused, match="才到期"):
        exempt()
    with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
        exempt()
        first.refresh_from_db()
        assert first.ended_reason == "到期后重新批准"
        assert kinds(town)["LM-001"] == StandingKind.EXEMPT


def test_bad_exemptions_are_refused(town):
    today = timezone.localdate()
    for changes, said in (
        ({"by": staff(FOREST)}, "权限"),
        ({"reason": " "}, "原因"),
        ({"reason": "长" * 201}, "最多 200"),
        ({"minutes_number": ""}, "会议纪要"),
        ({"until_on": today}, "晚于开始"),
        ({"from_on": today - timedelta(9), "until_on": today - timedelta(1)}, "已经过去"),
    ):
        with pytest.raises(Refused, match=said):
            exempt(**changes)
    enter()
    with pytest.raises(Refused, match="已经进驻"):
        exempt()


def test_a_milestone_needs_two_persons_of_the_two_sides_in_order(town):
    first, second = plan(1, 2).milestones.all()
    with pytest.raises(Refused, match="按顺序"):
        entry.sign(milestone=second, side="unit", by=staff(FOREST))
    with pytest.raises(Refused, match="林业站"):
        entry.sign(milestone=first, side="unit", by=staff(LAND))
    with pytest.raises(Refused, match="便民服务中心"):
        entry.sign(milestone=first, side="centre", by=staff(FOREST))
    with pytest.raises(Refused, match="哪一边"):
        entry.sign(milestone=first, side="x", by=staff(FOREST))
    entry.sign(milestone=first, side="unit", by=staff(FOREST))
    with pytest.raises(Refused, match="已经签过"):
        entry.sign(milestone=first, side="unit", by=staff(FOREST))
    first = Milestone.objects.get(pk=first.pk)
    assert waits_for(first) == "便民服务中心"
    entry.sign(milestone=first, side="centre", by=staff(CENTRE))
    assert Milestone.objects.get(pk=first.pk).is_done


def test_one_person_of_both_sides_signs_only_for_one(town):
    Post.objects.filter(code="forest-check").update(roles=["centre_head"])
    (first,) = plan(1).milestones.all()
    entry.sign(milestone=first, side="unit", by=staff(FOREST))
    with pytest.raises(Refused, match="两个人"):
        entry.sign(milestone=first, side="centre", by=staff(FOREST))


def test_an_item_enters_when_every_milestone_is_signed_by_both(town):
    row = plan(1)
    with pytest.raises(Refused, match="没签收"):
        enter()
    (first,) = row.milestones.all()
    entry.sign(milestone=first, side="unit", by=staff(FOREST))
    entry.sign(milestone=first, side="centre", by=staff(CENTRE))
    row.refresh_from_db()
    assert row.done_at is not None
    assert enter().pk


def test_a_stalled_milestone_is_named_with_who_must_sign_and_moving_it_keeps_the_first_day(town):
    (first,) = plan(5, code="JZ-001").milestones.all()
    today = timezone.localdate()
    assert stalled(town, today + timedelta(days=5)) == []
    (one,) = stalled(town, today + timedelta(days=8))
    assert (one.milestone, one.waits_for, one.days_late) == (first, "社会事务办公室、便民服务中心", 3)
    entry.sign(milestone=first, side="unit", by=staff(SOCIAL))
    assert stalled(town, today + timedelta(days=8))[0].waits_for == "便民服务中心"
    with pytest.raises(Refused, match="原因"):
        entry.move(milestone=first, due_on=today + timedelta(days=9), reason="", by=staff(CENTRE))
    with pytest.raises(Refused, match="早于今天"):
        entry.move(milestone=first, due_on=today - timedelta(days=1), reason="专线", by=staff(CENTRE))
    moved = entry.move(milestone=first, due_on=today + timedelta(days=9), reason="专线晚到", by=staff(CENTRE))
    assert (moved.first_due_on, moved.due_on) == (today + timedelta(days=5), today + timedelta(days=9))
    assert stalled(town, today + timedelta(days=8)) == []


def test_bad_plans_are_refused(town):
    for days, said in (((), "1 到"), ((2, 1), "先后"), ((-1, 1), "早于今天"), (tuple(range(21)), "1 到")):
        with pytest.raises(Refused, match=said):
            plan(*days)
    plan(1)
    with pytest.raises(Refused, match="没完成的"):
        plan(1)


def _database_refuses(change) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_holds_the_pairs_by_itself(town):
    exemption, milestone, row = exempt("JZ-001"), plan(1).milestones.get(), enter("LN-001", 1)
    today, head = timezone.localdate(), staff(CENTRE)
    entries, milestones = Entry.objects.filter(pk=row.pk), Milestone.objects.filter(pk=milestone.pk)
    _database_refuses(lambda: entries.update(left_on=today))
    _database_refuses(lambda: entries.update(left_reason="x"))
    _database_refuses(lambda: entries.update(left_on=today, left_reason="x"))
    _database_refuses(
        lambda: Entry.objects.create(town=town, item=row.item, unit=row.unit, window=row.window, since_on=today)
    )
    _database_refuses(lambda: Exemption.objects.update(ended_on=today))
    _database_refuses(lambda: Exemption.objects.update(until_on=exemption.from_on))
    _database_refuses(lambda: Exemption.objects.update(minutes_number=""))
    _database_refuses(lambda: milestones.update(unit_signed_by=head))
    _database_refuses(lambda: milestones.update(centre_signed_at=timezone.now()))
    now = timezone.now()
    _database_refuses(
        lambda: milestones.update(unit_signed_by=head, unit_signed_at=now, centre_signed_by=head, centre_signed_at=now)
    )
    _database_refuses(lambda: milestones.update(due_on=today + timedelta(days=90)))
