"""What moves a date: special procedures, the one extension; and the public reason for what is late."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.background import sweep
from mingtang.cases import actions, clocks
from mingtang.cases.enums import CaseState, ClockKind, Paper
from mingtang.cases.line import line
from mingtang.cases.models import Case, Clock, Extension, Pause
from mingtang.cases.proved import check_rows
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Delegation
from tests.factories.acts import accepted, decided, fresh, worked
from tests.factories.cast import BUILD, CLERK_3, DECIDER, FOREST, LAND, staff

pytestmark = pytest.mark.django_db


def pause(case: Case, days: int = 3, number: int = 1, who: str = DECIDER, reason: str = "要检验木材"):
    return actions.suspend(case=case, number=number, working_days=days, reason=reason, by=staff(who))


def put_off(case: Case, days: int = 5, reason: str = "连日大雨，进不了山", who: str = DECIDER):
    return actions.extend(case=case, working_days=days, reason=reason, by=staff(who))


def clock_of(case: Case, kind: str) -> Clock:
    return case.clocks.get(kind=kind, stopped_at__isnull=True)


def due(case: Case) -> tuple[date, date]:
    return clock_of(case, ClockKind.STATUTORY).due_on, clock_of(case, ClockKind.PROMISE).due_on


# Special procedures


def test_the_days_told_beforehand_do_not_count_and_the_resident_days_do(town, clock):
    case = accepted(town, "LM-001")
    before = due(case)
    paper = pause(case, 3)
    row = Pause.objects.get(case=case)
    assert (row.first_on, row.last_on) == (date(2026, 3, 17), date(2026, 3, 19))
    assert list(due(case)) == [clocks.calendar_for(town).add_working_days(old, 3) for old in before]
    assert paper.data["facts"][0] == {"name": "不计入期限的日子", "value": "2026年3月17日至2026年3月19日"}
    assert str(due(case)[0].day) in paper.data["facts"][1]["value"]
    clock.shift(timedelta(days=3))
    reading = next(one for one in clocks.read_all(fresh(case)) if one.clock.kind == ClockKind.PROMISE)
    assert (reading.reading.used, reading.reading.paused) == (0, row.ground)
    assert "扣除：检验、检测（行政许可法第四十五条）" in {day.why for day in reading.working.days}
    assert "不计特别程序的日子" in reading.note
    assert clocks.resident_days(case) == 3


def test_it_ends_by_itself_and_not_a_day_early(town, clock):
    case = accepted(town, "LM-001")
    pause(case, 3)
    for _ in range(3):
        clock.shift(timedelta(days=1))
        sweep()
        assert fresh(case).state == CaseState.SUSPENDED
        with pytest.raises(Refused, match="才结束"):
            actions.resume(case=case)
    clock.shift(timedelta(days=1))
    sweep()
    case = fresh(case)
    assert case.state == CaseState.ACCEPTED
    event = Event.objects.get(type="case.resumed")
    assert (event.actor, event.reason) == ("system", "特别程序的时间已满")
    actions.opinion(case=case, step_key="site_visit", agrees=True, text="核对无误。", by=staff(FOREST))


@pytest.mark.parametrize(("shift", "left_out"), [(0, 0), (1, 0), (2, 1)])
def test_ended_early_that_very_day_counts_again(town, clock, shift, left_out):
    case = accepted(town, "LM-001")
    before = due(case)
    pause(case, 5)
    clock.shift(timedelta(days=shift))
    actions.resume(case=case, by=staff(DECIDER))
    assert due(case) == tuple(clocks.calendar_for(town).add_working_days(day, left_out) for day in before)


def test_only_what_the_version_holds_pauses_and_only_one_at_a_time(town):
    with pytest.raises(Refused, match="规定里没有这项特别程序"):
        pause(accepted(town, "JF-001"))
    case = accepted(town, "LM-001")
    for number in (0, 2):
        with pytest.raises(Refused, match="没有这项特别程序"):
            pause(case, number=number)
    for days in (0, 121):
        with pytest.raises(Refused, match="需要几个工作日"):
            pause(case, days)
    with pytest.raises(Refused, match="为什么需要"):
        pause(case, reason=" ")
    pause(case)
    with pytest.raises(Refused, match="不能启动特别程序"):
        pause(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(
            case=case, number=1, ground="再来", working_days=1, first_on="2026-03-20", last_on="2026-03-20",
            event=Event.objects.first(),
        )  # fmt: skip


def test_a_pause_and_an_extension_need_the_letter_of_the_decision(town):
    case = accepted(town, "LM-001")
    for who, words in ((FOREST, "没有“启动特别程序”的权限"), (CLERK_3, "没有“启动特别程序”的权限")):
        with pytest.raises(Refused, match=words):
            pause(case, who=who)
    Delegation.objects.filter(item_code="LM-001").update(valid_to=timezone.now() - timedelta(days=1))
    for act in (pause, put_off):
        with pytest.raises(Refused, match="失效"):
            act(case)
    assert not Event.objects.filter(type__in=["case.suspended", "case.extended"]).exists()


def test_while_it_runs_nothing_else_is_done_and_the_line_says_so(town, clock):
    case = worked(town, "LM-001")
    pause(case, 2)
    with pytest.raises(Refused, match="特别程序中"):
        actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    told = line(fresh(case))
    paused = next(stage for stage in told.stages if stage.key.startswith("pause_"))
    assert (paused.state, paused.planned) == ("paused", date(2026, 3, 18))
    assert "不计入期限" in paused.title
    assert "到3月18日为止不计入期限" in told.sentence
    clock.shift(timedelta(days=3))
    sweep()
    actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))


def test_a_withdrawal_ends_the_pause_with_the_case(town):
    case = accepted(town, "LM-001")
    pause(case)
    actions.withdraw(case=case)
    assert not Pause.objects.filter(ended_at__isnull=True).exists()


# Extension


def test_an_extension_moves_the_statutory_date_alone_and_once(town):
    case = accepted(town, "LM-001")
    statutory, promise = due(case)
    paper = put_off(case, 10)
    assert due(case) == (clocks.calendar_for(town).add_working_days(statutory, 10), promise)
    assert paper.kind == Paper.EXTENSION
    assert paper.data["reasons"] == ["连日大雨，进不了山"]
    reading = next(one for one in clocks.read_all(fresh(case)) if one.clock.kind == ClockKind.STATUTORY)
    assert reading.reading.total == 30
    assert reading.note == "原来 20 个工作日，延长了 10 个工作日。"
    assert len([day for day in reading.working.days if day.counted]) == 30
    assert any("延期 10 个工作日" in stage.title for stage in line(fresh(case)).stages)
    with pytest.raises(Refused, match="不能再延"):
        put_off(case)


@pytest.mark.parametrize("days", [0, 11, -1])
def test_an_extension_has_its_limit(town, days):
    with pytest.raises(Refused, match="1 到 10 个工作日"):
        put_off(accepted(town, "LM-001"), days)


def test_an_extension_comes_before_the_old_date_or_not_at_all(town, clock):
    case = accepted(town, "LM-001")
    last = clock_of(case, ClockKind.STATUTORY).due_on
    clock.shift(last - date(2026, 3, 16) + timedelta(days=1))
    with pytest.raises(Refused, match="已经过了，不能再延期"):
        put_off(case)
    clock.shift(-timedelta(days=1))
    put_off(case)


def test_where_no_law_sets_a_limit_there_is_none_to_extend(town):
    with pytest.raises(Refused, match="没有期限可以延长"):
        actions.extend(case=accepted(town, "LN-001"), working_days=3, reason="忙", by=staff("chuangkou1"))


def test_a_pause_after_an_extension_counts_both(town):
    case = accepted(town, "LM-001")
    statutory, _ = due(case)
    put_off(case, 5)
    pause(case, 3)
    assert due(case)[0] == clocks.calendar_for(town).add_working_days(statutory, 8)


# Why it is late


def explain(case: Case, text: str = "大雨封山，现场核查推迟", who: str = FOREST, kind: str = ClockKind.STEP):
    return actions.explain_delay(case=case, clock=clock_of(case, kind), text=text, by=staff(who))


def visit(case: Case):
    return next(stage for stage in line(fresh(case)).stages if stage.key == "site_visit")


def test_the_reason_for_a_delay_is_public_and_its_absence_too(town, clock):
    case = accepted(town, "LM-001")
    clock.shift(timedelta(days=3))
    assert (visit(case).state, visit(case).delay) == ("late", "还没有说明")
    explain(case)
    assert visit(case).delay == "大雨封山，现场核查推迟"
    explain(case, "雨停了，明天进山")
    assert visit(case).delay == "雨停了，明天进山"
    assert Event.objects.filter(type="case.delay_explained").count() == 2


def test_a_missed_promise_stays_visible_after_the_decision(town, clock):
    case = accepted(town, "LM-001")
    put_off(case)
    clock.shift(timedelta(days=8))
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    stage = next(one for one in line(fresh(case)).stages if one.key == "decide")
    assert (stage.state, stage.delay) == ("done", "还没有说明")


def test_who_answers_for_a_limit_explains_it_in_words_that_may_be_public(town, clock):
    case = accepted(town, "LM-001")
    with pytest.raises(Refused, match="不由您的岗位负责"):
        explain(case, who=LAND)
    explain(case, who=DECIDER, kind=ClockKind.PROMISE)
    for text in (" ", "长" * 201, "打 13800138000 找老文"):
        with pytest.raises(Refused) as caught:
            explain(case, text)
        assert caught.value.field == "text"
    other = accepted(town, "JF-001")
    with pytest.raises(Refused, match="已经结束"):
        actions.explain_delay(case=case, clock=other.clocks.first(), text="忙", by=staff(BUILD))


def test_verify_names_a_pause_an_extension_and_a_reason_that_were_changed(town):
    case = accepted(town, "LM-001")
    put_off(case)
    explain(case)
    pause(case)
    events = list(Event.objects.all())
    assert list(check_rows(events)) == []
    Pause.objects.update(last_on=date(2026, 4, 1))
    Extension.objects.update(working_days=9)
    case.clocks.get(kind=ClockKind.STEP).delays.update(text="没有晚")
    assert {finding.table for finding in check_rows(events)} == {"cases_pause", "cases_extension", "cases_delay"}
    case.clocks.get(kind=ClockKind.STEP).delays.all().delete()
    assert any("不见了" in finding.what for finding in check_rows(events))


def test_nothing_of_a_date_moves_once_it_is_decided(town):
    case = decided(town, "LM-001")
    for act in (pause, put_off):
        with pytest.raises(Refused, match="已决定"):
            act(case)
