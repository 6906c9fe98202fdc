"""办不成事: a number without gaps, one who answers, and no end but the four."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.ledger import frozen
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Post
from mingtang.rulebook.enums import VersionState
from mingtang.towns.viewer import Viewer
from mingtang.voices import actions, counted, policies
from mingtang.voices.enums import Channel, ObstacleOutcome, ObstacleState, Reason
from mingtang.voices.models import Obstacle
from mingtang.voices.origins import Origin, at_the_desk, opened
from mingtang.workdays.tables import calendar_for
from tests.factories.acts import apply, decided
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, DECIDER, FOREST, staff
from tests.factories.hall import items, taken
from tests.factories.obstacles import SAID, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted_case(town):
    return decided(town, "LN-001")


def post(code: str) -> Post:
    return Post.objects.get(code=code)


def findings(town):
    return [finding for check in frozen.told_rows().values() for finding in check(town)]


def test_numbers_have_no_gaps_and_a_form_sent_twice_is_one(town):
    first, second, again = told(town, "a"), told(town, "b"), told(town, "a")
    year = timezone.localdate().year
    assert [first.obstacle.number, second.obstacle.number] == [f"WYBB{year}-0001", f"WYBB{year}-0002"]
    assert (again.obstacle.pk, again.code) == (first.obstacle.pk, first.code)


def test_a_refused_report_takes_no_number(town):
    with pytest.raises(Refused, match="卡在哪里"):
        told(town, "a", text=" ")
    with pytest.raises(Refused, match="最多 500 个字"):
        told(town, "b", text="长" * 501)
    assert told(town, "c").obstacle.number.endswith("-0001")


def test_what_the_person_wrote_lies_sealed(town):
    row = told(town).obstacle
    row.refresh_from_db()
    assert SAID.encode() not in bytes(row.told_sealed)
    assert row.told == {"text": SAID, "name": "张某（演示）", "phone": "07305550199"}
    assert SAID not in str(Event.objects.get(subject=row.subject).data)


def test_an_answer_is_due_in_five_working_days(town):
    row = told(town).obstacle
    assert calendar_for(town).working_days_between(timezone.localdate(), row.due_on) == actions.ANSWER_DAYS


def test_who_is_asked_first_answers(town):
    assert told(town, "a").obstacle.owner == post("window-1"), "the clerk who was told"
    assert told(town, "b", by="", code="LM-001").obstacle.owner == post("window-3"), "the window of the item"
    assert told(town, "c", by="").obstacle.owner == post("centre-head"), "else the head of the centre"


def test_until_the_other_accepts_the_first_answers(town):
    row = told(town).obstacle
    clerk, other = staff(CLERK_1), staff(CLERK_3)
    row = actions.offer(obstacle=row, post=post("window-3"), reason="是建房的事", by=clerk)
    assert (row.state, row.owner.code) == (ObstacleState.HANDING_OVER, "window-1")
    with pytest.raises(Refused, match="转交中"):
        actions.pass_on(obstacle=row, organ="县局", receipt="1 号", by=clerk)
    with pytest.raises(Refused, match="负责"):
        actions.take_over(obstacle=row, by=clerk)
    row = actions.decline(obstacle=row, reason="不是建房", by=other)
    assert (row.state, row.owner.code, row.offered) == (ObstacleState.OPEN, "window-1", None)
    row = actions.offer(obstacle=row, post=post("window-3"), reason="是建房的事", by=clerk)
    row = actions.take_over(obstacle=row, by=other)
    assert (row.state, row.owner.code) == (ObstacleState.OPEN, "window-3")
    assert not policies.may_read(row, clerk) and policies.may_read(row, other)


def test_the_head_assigns_what_nobody_accepts_and_no_clerk_does(town):
    row = told(town).obstacle
    with pytest.raises(Refused, match="不能指定"):
        actions.assign(obstacle=row, post=post("window-3"), reason="归它", by=staff(CLERK_3))
    row = actions.assign(obstacle=row, post=post("window-3"), reason="没有人接", by=staff(CENTRE))
    assert row.owner.code == "window-3"
    with pytest.raises(Refused, match="不用转"):
        actions.assign(obstacle=row, post=post("window-3"), reason="归它", by=staff(CENTRE))


def test_done_is_a_case_that_was_granted(town, granted_case):
    row, clerk = told(town).obstacle, staff(CLERK_1)
    with pytest.raises(Refused, match="没有这个编号"):
        actions.solve(obstacle=row, case_number="WY2026999999X", by=clerk)
    open_case = apply(town, "LN-001").case
    with pytest.raises(Refused, match="还没有准予"):
        actions.solve(obstacle=row, case_number=open_case.number, by=clerk)
    row = actions.solve(obstacle=row, case_number=granted_case.number.lower(), by=clerk)
    assert (row.outcome, row.solved_by) == (ObstacleOutcome.SOLVED, granted_case)
    assert findings(town) == []


def test_a_change_begins_a_draft_by_who_keeps_the_item(town):
    row = told(town, code="LM-001").obstacle
    with pytest.raises(Refused, match="编制事项"):
        actions.change(obstacle=row, by=staff(CLERK_1))
    row = actions.assign(obstacle=row, post=post("centre-head"), reason="要改规定", by=staff(CENTRE))
    row = actions.change(obstacle=row, by=staff(CENTRE))
    assert (row.version.state, row.version.number) == (VersionState.DRAFT, 2)
    other = told(town, "b", code="LM-001").obstacle
    other = actions.change(obstacle=other, version=row.version, by=staff(CLERK_1))
    assert other.version == row.version, "one draft answers many"
    third = actions.assign(
        obstacle=told(town, "c", code="LM-001").obstacle, post=post("centre-head"), reason="改", by=staff(CENTRE)
    )
    with pytest.raises(Refused, match="第 2 版草案还在改"):
        actions.change(obstacle=third, by=staff(CENTRE))
    with pytest.raises(Refused, match="不是正在改"):
        actions.change(obstacle=third, version=row.item.current, by=staff(CENTRE))


def test_a_reason_is_published_by_who_answers_for_it_with_its_clause(town):
    row = told(town).obstacle
    row = actions.assign(obstacle=row, post=post("forest-check"), reason="林业的事", by=staff(CENTRE))
    with pytest.raises(Refused, match="不能公布"):
        actions.explain(obstacle=row, clause="《森林法》第五十六条", text="不能办。", by=staff(FOREST))
    row = actions.assign(obstacle=row, post=post("centre-head"), reason="要公布", by=staff(CENTRE))
    head = staff(CENTRE)
    with pytest.raises(Refused, match="依据哪部规定哪一条"):
        actions.explain(obstacle=row, clause="", text="不能办。", by=head)
    with pytest.raises(Refused, match="身份证"):
        actions.explain(obstacle=row, clause="第五条", text="身份证 11010519491231002X 的不能办。", by=head)
    row = actions.explain(obstacle=row, clause="《森林法》第五十六条", text="自留地上的不用许可。", by=head)
    assert row.answers.code == "centre"
    with pytest.raises(Refused, match="有了结果"):
        actions.explain(obstacle=row, clause="第五条", text="再说一次。", by=head)


def test_another_organ_has_it_only_with_its_receipt(town):
    row = told(town).obstacle
    with pytest.raises(Refused, match="回执"):
        actions.pass_on(obstacle=row, organ="县公安局", receipt=" ", by=staff(CLERK_1))
    row = actions.pass_on(obstacle=row, organ="县公安局", receipt="11月20日收，2026-0117", by=staff(CLERK_1))
    assert row.outcome == ObstacleOutcome.PASSED_ON


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"outcome": "solved"},
        {"outcome": "change"},
        {"outcome": "explained", "text": "不能办", "clause": ""},
        {"outcome": "passed_on", "organ": "县局", "receipt": ""},
        {"outcome": "passed_on", "organ": "县局", "receipt": "1", "text": "还有"},
    ],
)
def test_the_database_knows_no_fifth_end(town, named):
    row = told(town).obstacle
    event = Event.objects.get(subject=row.subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        Obstacle.objects.filter(pk=row.pk).update(
            state="ended", ended_at=timezone.now(), ended_by=staff(CLERK_1), ended_event=event, **named
        )


def test_origins_open_with_their_own_codes(town):
    applied = apply(town, "LN-001")
    assert opened(town, applied.case.number, applied.code).item.code == "LN-001"
    with pytest.raises(Refused, match="查询码不对"):
        opened(town, applied.case.number, "AAAAAAAAAA")
    contact = taken(town, "LM-001")
    found = at_the_desk(town, contact.label)
    assert (found.contact, found.item.code) == (contact, "LM-001")
    with pytest.raises(Refused, match="号码或者查询码不对"):
        opened(town, contact.number, "AAAAAA")
    assert opened(town, " ", "") == Origin()
    with pytest.raises(Refused, match="没有这个编号"):
        at_the_desk(town, "Z9")


def test_counts_go_by_reason_and_unit_and_name_nobody(town):
    told(town, "a", code="LM-001")
    told(town, "b")
    row = told(town, "c", code="LM-001").obstacle
    actions.sort(obstacle=row, reason=Reason.RULE, item=items("LM-001")[0], unit=None, by=staff(CLERK_1))
    actions.pass_on(obstacle=row, organ="县局", receipt="1 号", by=staff(CLERK_1))
    report = counted.report(town, timezone.localdate().year)
    assert [(line.label, line.total, line.open) for line in report.by_reason] == [
        (Reason.SENT_AROUND.label, 2, 2),
        (Reason.RULE.label, 1, 0),
    ]
    assert [(line.label, line.total) for line in report.by_unit] == [("林业站", 2), (counted.UNKNOWN, 1)]
    assert report.late == 0
    Obstacle.objects.filter(outcome="").update(due_on=timezone.localdate() - timedelta(days=3))
    assert counted.report(town, timezone.localdate().year).late == 2


def test_the_public_sees_no_row_and_another_town_none(town, other_town):
    told(town)
    everything = frozenset(Permission.values)
    assert not Obstacle.objects.visible_to(Viewer(town)).exists()
    assert not Obstacle.objects.visible_to(Viewer(other_town, powers=everything)).exists()
    assert Obstacle.objects.visible_to(Viewer(town, powers=everything)).count() == 1
    with pytest.raises(Refused):
        actions.sort(obstacle=Obstacle.objects.get(), reason="rule", unit=None, item=None, by=staff(DECIDER))


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "rule"), ("number", "WYBB2026-0009"), ("due_on", "2030-01-01"), ("owner", "window-3")],
)
def test_what_was_altered_behind_our_back_is_found(town, column, value):
    row = told(town).obstacle
    assert findings(town) == []
    Obstacle.objects.filter(pk=row.pk).update(**{column: post(value) if column == "owner" else value})
    assert any(finding.table == "voices_obstacle" for finding in findings(town))


def test_anyone_may_send_the_form_but_not_without_end(town, monkeypatch):
    monkeypatch.setattr(actions, "MOST_A_DAY", 1)
    assert told(town, "a", by="").obstacle.channel == Channel.ONLINE
    with pytest.raises(Refused, match="明天再来"):
        told(town, "b", by="")
    assert told(town, "c").obstacle.channel == Channel.DESK, "the counter never closes"
