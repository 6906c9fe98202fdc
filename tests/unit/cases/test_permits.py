"""A permit after the grant: asked, changed, renewed, silent, told and taken, and proved all the while."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases import actions
from mingtang.cases.enums import Asked, AskOutcome, Outcome, Paper, PermitAct, PermitState
from mingtang.cases.models import Permit, PermitAsk, PermitEntry, PermitWarning
from mingtang.cases.permits import PERMIT, answer_by, ask_by, heard_from, last_day, may, status
from mingtang.cases.proved import check_papers, check_rows
from mingtang.cases.proved_permits import check_permits
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.tables import calendar_for
from tests.factories.acts import decided
from tests.factories.cast import CLERK_3, DECIDER, FOREST, staff

pytestmark = pytest.mark.django_db
YEAR_END = date(2027, 3, 16)
WEEKS = WorkCalendar({}, [])


@pytest.fixture
def permit(town) -> Permit:
    return fresh(decided(town, "LM-001").permits.get())


def fresh(permit: Permit) -> Permit:
    return Permit.objects.select_related("case__item", "case__version", "case__key", "town").get(pk=permit.pk)


def proved(town) -> list:
    events = list(Event.objects.all())
    return [*check_papers(events), *check_rows(events), *check_permits(town)]


def to(clock, day: date) -> None:
    clock.move_to(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10)))


def warned(permit: Permit, clock, of: str = "revoke") -> None:
    """Told, served today, and five working days have passed."""
    actions.warn(permit=permit, of=of, reasons="申请材料是伪造的", by=staff(DECIDER))
    actions.serve_warning(permit=permit, served_on=timezone.localdate(), mode="direct", by=staff(CLERK_3))
    to(clock, heard_from(timezone.localdate(), calendar_for(permit.town)))


def revoke(permit: Permit, **changes):
    values = {"ground": "deceit", "reasons": "伪造林权证", "views": "承认伪造", "no_grave_harm": True}
    return actions.revoke(permit=permit, by=staff(DECIDER), **{**values, **changes})


# Issue


def test_a_grant_gives_a_permit_with_number_holder_and_days(town, permit):
    assert permit.number == f"{permit.case.number}-准1-1"
    assert (permit.state, permit.valid_from, permit.valid_to) == (PermitState.VALID, date(2026, 3, 16), YEAR_END)
    assert (permit.holder, permit.given.name) == ("文小满（演示）", "林木采伐许可证")
    printed = permit.paper.data["results"][0]
    assert printed == {
        "name": "林木采伐许可证", "number": permit.number, "valid_from": "2026-03-16", "valid_to": "2027-03-16",
    }  # fmt: skip
    assert proved(town) == []


def test_a_refusal_gives_none_a_partial_grant_does_and_what_has_no_end_has_none(town):
    assert not decided(town, "LM-001", Outcome.REFUSED, "超过年度限额。").permits.exists()
    assert decided(town, "LM-001", Outcome.PARTLY, "超过限额的部分不准。").permits.count() == 1
    assert decided(town, "LN-001").permits.get().valid_to is None
    assert decided(town, "JF-001").permits.count() == 2
    assert not decided(town, "JZ-001").permits.exists()


def test_no_event_of_a_permit_names_its_holder(permit):
    for event in Event.objects.filter(type__startswith="permit."):
        assert "文小满" not in str(event.data) + event.reason


# Renewal


def test_a_renewal_runs_from_the_old_last_day(town, clock, permit):
    to(clock, YEAR_END - timedelta(days=40))
    receipt = actions.ask_renewal(permit=permit, by=None)
    assert receipt.kind == Paper.PERMIT_ASKED
    row = permit.asks.get()
    assert (row.in_time, row.due_on <= YEAR_END, row.text) == (True, True, "有效期届满以后继续使用")
    with pytest.raises(Refused, match="已经申请过延续"):
        actions.ask_renewal(permit=permit)
    paper = actions.renew(permit=permit, by=staff(DECIDER))
    assert "准予延续" in paper.data["paragraphs"][0]
    permit = fresh(permit)
    assert permit.valid_to == date(2028, 3, 16)
    assert permit.asks.get().outcome == AskOutcome.GRANTED
    assert status(permit, permit.entries.last().act, timezone.localdate()) == "有效，已延续"
    assert proved(town) == []


def test_silence_renews_only_what_was_asked_in_time(town, clock, permit):
    late = fresh(decided(town, "LM-001").permits.get())
    to(clock, date(2027, 2, 1))
    actions.ask_renewal(permit=permit)
    due = permit.asks.get().due_on
    to(clock, YEAR_END - timedelta(days=10))
    actions.ask_renewal(permit=late)
    assert not late.asks.get().in_time
    to(clock, due)
    assert not list(actions.renewals_over())
    with pytest.raises(Refused, match="还没有到"):
        actions.deem_renewed(permit=permit)
    to(clock, YEAR_END + timedelta(days=1))
    assert list(actions.renewals_over()) == [permit]
    paper = actions.deem_renewed(permit=permit)
    assert "视为准予延续" in paper.data["paragraphs"][0]
    assert (fresh(permit).valid_to, permit.asks.get().outcome) == (date(2028, 3, 16), AskOutcome.DEEMED)
    with pytest.raises(Refused, match="提出得晚"):
        actions.deem_renewed(permit=late)
    assert not list(actions.renewals_over())
    assert proved(town) == []


def test_after_the_end_nothing_is_asked_and_what_has_no_end_is_not_renewed(town, clock, permit):
    lasting = fresh(decided(town, "LN-001").permits.get())
    with pytest.raises(Refused, match="没有截止日期"):
        actions.ask_renewal(permit=lasting)
    to(clock, YEAR_END + timedelta(days=1))
    for ask in (lambda: actions.ask_renewal(permit=permit), lambda: actions.ask_change(permit=permit, text="改名")):
        with pytest.raises(Refused, match="重新申请"):
            ask()
    with pytest.raises(Refused, match="不能补发"):
        actions.reissue(permit=permit, reasons="遗失", by=staff(DECIDER))


@given(start=st.dates(date(2022, 1, 1), date(2026, 12, 31)), months=st.integers(1, 1200), ask=st.integers(0, 8000))
def test_dates_of_a_renewal_hold_for_every_permit(start, months, ask):
    calendar, end = WEEKS, last_day(start, months)
    assert end is not None and end.day <= start.day and (end.year - start.year) * 12 + end.month - start.month == months
    permit = Permit(valid_from=start, valid_to=end)
    last = ask_by(permit, calendar)
    assert start <= last
    if months > 2:
        assert last.year > 2069 or calendar.is_workday(last)
        assert last >= end - timedelta(days=30)
        assert last.year > 2068 or not any(
            calendar.is_workday(end - timedelta(days=n)) for n in range((end - last).days + 1, 31)
        )
    asked = start + timedelta(days=ask % ((end - start).days + 1))
    due = answer_by(permit, Asked.RENEW, asked, calendar)
    assert due == min(end, calendar.add_working_days(asked, 20))
    assert asked <= due


# Change, refusal, reissue


def test_a_change_shows_the_new_holder_and_is_proved(town, permit):
    with pytest.raises(Refused, match="没有等着答复的变更申请"):
        actions.change(permit=permit, what="改名", by=staff(DECIDER))
    actions.ask_change(permit=permit, text="户主改成儿子", by=staff(CLERK_3))
    with pytest.raises(Refused, match="请写明变更为什么"):
        actions.change(permit=permit, what=" ", by=staff(DECIDER))
    actions.change(permit=permit, what="持证人改为文大满", holder="文大满（演示）", by=staff(DECIDER))
    permit = fresh(permit)
    assert (permit.holder, permit.valid_to) == ("文大满（演示）", YEAR_END)
    assert proved(town) == []
    Permit.objects.update(holder_sealed=permit.case.seal({"holder": "别人"}))
    assert [row.what for row in check_permits(town)] == [f"证照 {permit.number} 的持证人和事件里记的不一样"]


def test_a_refused_renewal_carries_remedies_and_leaves_the_permit(town, clock, permit):
    to(clock, date(2027, 1, 4))
    actions.ask_renewal(permit=permit)
    with pytest.raises(Refused, match="理由和依据"):
        actions.refuse_ask(permit=permit, kind="renew", reasons="", by=staff(DECIDER))
    paper = actions.refuse_ask(permit=permit, kind="renew", reasons="林地已经依法征收", by=staff(DECIDER))
    assert "申请行政复议" in paper.data["remedies"][0]
    assert (fresh(permit).state, fresh(permit).valid_to) == (PermitState.VALID, YEAR_END)
    assert proved(town) == []


def test_a_lost_permit_is_given_again_unchanged(town, permit):
    actions.reissue(permit=permit, reasons="遗失", by=staff(DECIDER))
    assert [row.act for row in permit.entries.all()] == [PermitAct.ISSUED, PermitAct.REISSUED]
    assert proved(town) == []


# The ends


def test_nothing_is_revoked_before_its_holder_was_heard(town, clock, permit):
    with pytest.raises(Refused, match="还没有告知"):
        revoke(permit)
    actions.warn(permit=permit, of="revoke", reasons="申请材料是伪造的", by=staff(DECIDER))
    with pytest.raises(Refused, match="登记送达"):
        revoke(permit)
    with pytest.raises(Refused, match="今天以前"):
        actions.serve_warning(permit=permit, served_on=date(2026, 3, 15), mode="direct", by=staff(CLERK_3))
    actions.serve_warning(permit=permit, served_on=date(2026, 3, 16), mode="direct", by=staff(CLERK_3))
    to(clock, date(2026, 3, 23))
    with pytest.raises(Refused, match="2026年3月24日起才能决定"):
        revoke(permit)
    to(clock, date(2026, 3, 24))
    with pytest.raises(Refused, match="还没有告知当事人拟撤回"):
        actions.withdraw_permit(
            permit=permit, ground="law", reasons="修法", views="无", compensation="无", by=staff(DECIDER)
        )
    with pytest.raises(Refused, match="不能撤销"):
        revoke(permit, no_grave_harm=False)
    with pytest.raises(Refused, match="当事人的意见"):
        revoke(permit, views=" ")
    actions.ask_renewal(permit=permit)
    paper = revoke(permit)
    assert paper.data["remedies"]
    assert fresh(permit).state == PermitState.REVOKED
    assert permit.asks.get().outcome == AskOutcome.DROPPED
    assert proved(town) == []


def test_a_withdrawal_says_how_it_is_made_good(town, clock, permit):
    warned(permit, clock, "withdraw")
    said = {"ground": "law", "reasons": "划入自然保护地", "views": "同意，要求补偿"}
    with pytest.raises(Refused, match="怎样补偿"):
        actions.withdraw_permit(permit=permit, compensation="", by=staff(DECIDER), **said)
    paper = actions.withdraw_permit(permit=permit, compensation="补偿苗木款1200元", by=staff(DECIDER), **said)
    assert {"name": "补偿", "value": "补偿苗木款1200元"} in paper.data["facts"]
    with pytest.raises(Refused, match="已撤回，不能变更"):
        actions.change(permit=permit, what="改名", by=staff(DECIDER))
    actions.cancel(permit=permit, ground="taken", reasons="已经撤回", by=staff(DECIDER))
    assert fresh(permit).state == PermitState.CANCELLED
    assert proved(town) == []


def test_what_has_expired_is_proposed_and_cancelled_by_a_person(town, clock, permit):
    for ground in ("expired", "taken", "nothing"):
        with pytest.raises(Refused):
            actions.cancel(permit=permit, ground=ground, reasons="到期", by=staff(DECIDER))
    assert not list(actions.ended())
    to(clock, YEAR_END - timedelta(days=3))
    actions.ask_renewal(permit=permit)
    to(clock, YEAR_END + timedelta(days=1))
    assert not list(actions.ended())
    with pytest.raises(Refused, match="还没有答复"):
        actions.cancel(permit=permit, ground="expired", reasons="到期", by=staff(DECIDER))
    actions.refuse_ask(permit=permit, kind="renew", reasons="林地已征收", by=staff(DECIDER))
    assert list(actions.ended()) == [permit]
    assert status(permit, "issued", timezone.localdate()) == "已过有效期"
    assert actions.cancel(permit=permit, ground="expired", reasons="到期没有延续", by=staff(DECIDER)).data["remedies"]
    assert not list(actions.ended())
    assert proved(town) == []


# Who, and from which state

DO = {
    "ask_change": lambda permit, by: actions.ask_change(permit=permit, text="改名", by=by),
    "ask_renewal": lambda permit, by: actions.ask_renewal(permit=permit, by=by),
    "change": lambda permit, by: actions.change(permit=permit, what="改名", by=by),
    "renew": lambda permit, by: actions.renew(permit=permit, by=by),
    "refuse_ask": lambda permit, by: actions.refuse_ask(permit=permit, kind="renew", reasons="不符", by=by),
    "warn": lambda permit, by: actions.warn(permit=permit, of="revoke", reasons="伪造", by=by),
    "serve_warning": lambda permit, by: actions.serve_warning(
        permit=permit, served_on=timezone.localdate(), mode="direct", by=by
    ),
    "withdraw_permit": lambda permit, by: actions.withdraw_permit(
        permit=permit, ground="law", reasons="修法", views="无", compensation="无", by=by
    ),
    "revoke": lambda permit, by: revoke(permit) if by is None else actions.revoke(
        permit=permit, ground="deceit", reasons="伪造", views="无", no_grave_harm=True, by=by
    ),
    "cancel": lambda permit, by: actions.cancel(permit=permit, ground="died", reasons="死亡", by=by),
    "reissue": lambda permit, by: actions.reissue(permit=permit, reasons="遗失", by=by),
}  # fmt: skip


@pytest.mark.once
def test_every_act_is_refused_from_every_state_and_to_everybody_the_table_does_not_name(town, permit):
    assert set(DO) == set(PERMIT) - {"issue", "deem_renewed"}
    nobody = Staff.objects.create(town=town, username="nobody", name="无岗", number="none")
    people = {"clerk": staff(CLERK_3), "decider": staff(DECIDER), "owner": staff(FOREST), "nobody": nobody}
    for state, name, (role, by) in product(PermitState.values, DO, people.items()):
        Permit.objects.update(state=state)
        row = PERMIT[name]
        allowed = state in row.sources and role in row.who
        assert may(name, fresh(permit), by) is allowed, (state, name, role)
        if not allowed:
            before = (Event.objects.count(), PermitEntry.objects.count(), PermitAsk.objects.count())
            with pytest.raises(Refused, match=r"没有“|不能"):
                DO[name](fresh(permit), by)
            assert before == (Event.objects.count(), PermitEntry.objects.count(), PermitAsk.objects.count())


def test_without_the_letter_of_the_item_nobody_decides(town, permit):
    other = decided(town, "LN-001").permits.get()
    with pytest.raises(Refused, match="授权书"):
        actions.cancel(permit=fresh(other), ground="died", reasons="死亡", by=staff(DECIDER))


@pytest.mark.parametrize(
    ("column", "value"), [("state", "revoked"), ("valid_to", date(2099, 1, 1)), ("valid_from", date(2026, 3, 15))]
)
def test_a_permit_that_was_tampered_with_is_named(town, permit, column, value):
    Permit.objects.update(**{column: value})
    assert [(row.table, row.row) for row in check_permits(town)] == [("cases_permit", permit.pk)]


def test_a_history_that_lost_a_row_is_named(town, permit):
    actions.ask_change(permit=permit, text="改名")
    PermitAsk.objects.all().delete()
    PermitEntry.objects.all().update(valid_to=None)
    assert {row.table for row in proved(town)} == {"cases_permitask", "cases_permitentry"}


def named(town) -> list[str]:
    return [str(row) for row in check_permits(town)]


def test_each_changed_column_of_an_asking_and_of_a_warning_is_named(town, clock, permit):
    """Every answer there is: granted, refused, by silence, dropped with the permit; a warning made again and served."""
    actions.ask_change(permit=permit, text="改名")
    actions.change(permit=fresh(permit), what="改名", by=staff(DECIDER))
    to(clock, ask_by(permit, calendar_for(permit.town)))
    actions.ask_renewal(permit=fresh(permit))
    actions.ask_change(permit=fresh(permit), text="改地点")
    actions.refuse_ask(permit=fresh(permit), kind="change", reasons="不符合条件", by=staff(DECIDER))
    to(clock, PermitAsk.objects.get(kind="renew").due_on + timedelta(days=1))
    actions.deem_renewed(permit=fresh(permit))
    actions.ask_change(permit=fresh(permit), text="再改")
    actions.warn(permit=permit, of="revoke", reasons="写错了", by=staff(DECIDER))
    warned(fresh(permit), clock)
    revoke(fresh(permit))
    asks = list(PermitAsk.objects.values_list("outcome", flat=True))
    assert asks == ["granted", "deemed", "refused", "dropped"] and named(town) == []
    served = PermitWarning.objects.latest("pk")
    later = timezone.now() + timedelta(days=1)
    for rows, column, value, title in (
        *((PermitAsk.objects.filter(outcome=outcome), "ended_at", later, "办结时间") for outcome in set(asks)),
        (PermitAsk.objects.filter(outcome="refused"), "outcome", "granted", "结果"),
        (PermitAsk.objects.filter(outcome="dropped"), "outcome", "refused", "结果"),
        (PermitAsk.objects.filter(outcome="deemed"), "asked_on", later.date(), "申请日期"),
        (PermitAsk.objects.filter(outcome="granted"), "kind", "renew", "申请"),
        (PermitWarning.objects.filter(pk=served.pk), "served_on", date(2026, 3, 15), "送达日期"),
        (PermitWarning.objects.filter(pk=served.pk), "serve_mode", "post", "送达方式"),
        (PermitWarning.objects.filter(pk=served.pk), "told_at", later, "制作时间"),
    ):
        kept = rows.get()
        before = getattr(kept, column)
        rows.update(**{column: value})
        (sentence,) = named(town)
        table = kept._meta.db_table
        assert sentence.startswith(f"表 {table} 第{kept.pk}行") and f"，{title}和事件里记的不一样" in sentence
        type(kept).objects.filter(pk=kept.pk).update(**{column: before})
    PermitWarning.objects.exclude(pk=served.pk).update(served_on=date(2026, 3, 15), serve_mode="post")
    assert len(named(town)) == 1, "a paper that was replaced was never served"
