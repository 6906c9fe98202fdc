"""Lists from records: composed alike, three persons where they tell of persons, gone when their days are over."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.background import sweep
from mingtang.cases import actions as cases
from mingtang.cases.models import Grant
from mingtang.demo.fees import build_fees
from mingtang.demo.money import ACCOUNTS
from mingtang.demo.obstacles import build_obstacles
from mingtang.disclosure.derived import actions, commit, reading
from mingtang.disclosure.derived.compose import compose, periods, villages
from mingtang.disclosure.derived.sources import SOURCES, Asked, summed
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.models import DerivedList, DerivedRow
from mingtang.disclosure.proved_derived import check_lists
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.errors import Refused
from mingtang.money import actions as money
from mingtang.money.models import Deposit, Notice, Refund
from mingtang.people.models import Post, Unit
from tests.factories import acts
from tests.factories.cast import CASHIER, CLERK_4, DECIDER, EDITOR, REVIEWER, SIGNER, staff
from tests.factories.lists import VILLAGE, granted, made, shown
from tests.integration.test_events_tampered import tamper
from tests.unit.money.books import noticed, statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def cells_of(row: DerivedList) -> list[list[str]]:
    return [one.cells for one in reading.shown(row, list(row.rows.all()))]


def rowed(row: DerivedList) -> list[dict]:
    return [one.opened()[1] for one in actions.rows_of(row)]


def test_a_list_of_persons_takes_three_persons_and_shows_no_one_whole(town):
    granted(town, "张三", 1)
    granted(town, "买买提·艾山", 2)
    row = made(town)
    assert [cells[0] for cells in cells_of(row)] == ["张*", "买**·**"]
    for act, who in ((actions.check, EDITOR), (actions.show, SIGNER), (actions.check, CLERK_4)):
        with pytest.raises(Refused):
            act(row=row, by=staff(who))
    row = actions.check(row=row, by=staff(REVIEWER))
    with pytest.raises(Refused, match="三个不同的人"):
        actions.show(row=row, by=staff(REVIEWER))
    row = actions.show(row=row, by=staff(SIGNER))
    assert row.until == timezone.localdate() + timedelta(days=7)
    event = Event.objects.get(subject=row.subject, type="list.shown")
    assert event.data["root"] == commit.root(reading.commitments(row)) and event.data["count"] == 2
    assert "张" not in str(event.data)
    assert not list(check_lists(town))


def test_equal_people_are_two_rows_that_only_they_can_tell_apart(town):
    first, second = granted(town, "张三", 1), granted(town, "张三", 2)
    row = shown(town)
    ones = reading.shown(row, list(row.rows.all()))
    assert ones[0].cells == ones[1].cells and ones[0].mark != ones[1].mark
    mine, theirs = reading.opening_for(row, first), reading.opening_for(row, second)
    assert (mine[0]["row"]["no"], theirs[0]["row"]["no"]) == (1, 2)
    assert mine[0]["row"]["tail"] != theirs[0]["row"]["tail"] and "id_number" not in str(mine)
    assert all(commit.check(one, row.root, row.count).stands for one in (*mine, *theirs))
    other = acts.decided(town, "LN-001")
    assert reading.opening_for(row, other) == [], "whoever does not stand in it is told so, and nothing else"


def test_the_same_records_make_the_same_rows_and_changed_ones_stop_the_list(town):
    granted(town, "张三", 1)
    row = made(town)
    template, asked = templates()["aid"], Asked(town, row.from_on, row.to_on, VILLAGE)
    again = compose(template, asked, row.number)
    assert [one.row for one in again.rows] == [one.row for one in compose(template, asked, row.number).rows]
    assert rowed(row) == [one.row for one in again.rows]
    with pytest.raises(Refused, match="已经有一张在办"):
        made(town)
    granted(town, "李四", 2)
    with pytest.raises(Refused, match="记录有变动"):
        actions.check(row=row, by=staff(REVIEWER))
    row = actions.drop(row=row, reason="又批准了一件", by=staff(EDITOR))
    assert not row.rows.exclude(row_sealed=None).exists()
    row = actions.check(row=made(town), by=staff(REVIEWER))
    assert (row.edition, row.count) == (2, 2)
    Grant.objects.filter(case__number=rowed(row)[0]["case"]).update(village="兔湖村")
    with pytest.raises(Refused, match="记录有变动"):
        actions.show(row=row, by=staff(SIGNER))


def test_what_nobody_looked_at_holds_the_list_up_and_what_was_kept_back_is_counted(town):
    granted(town, "张三", 1)
    waiting = acts.decided(town, "JZ-001").grants.get()
    with pytest.raises(Refused, match="1 件结果没有人看过"):
        made(town)
    cases.withhold(grant=waiting, reason="未成年人，不公开", by=staff(DECIDER))
    row = made(town)
    assert (row.count, row.left_out) == (1, 1), "kept back with a reason, by the village of its address"


def test_a_correction_is_a_new_edition_and_says_what_changed(town):
    granted(town, "张三", 1)
    first = shown(town)
    granted(town, "李四", 2)
    second = made(town)
    found = reading.difference(second)
    assert found and [one.cells[0] for one in found.came] == ["李*"] and not found.gone
    second = actions.show(row=actions.check(row=second, by=staff(REVIEWER)), by=staff(SIGNER))
    first.refresh_from_db()
    assert first.state == "superseded" and PayloadKey.objects.get(pk=first.key_id).wrapped is None
    assert reading.before(second) == first and reading.difference(second) is None
    assert not list(check_lists(town))


def test_when_its_days_are_over_only_the_counted_stub_stays(town, clock):
    case = granted(town, "张三", 1)
    row = shown(town)
    kept, commitments = reading.opening_for(row, case)[0], reading.commitments(row)
    clock.move_to(timezone.now() + timedelta(days=7))
    sweep()
    assert DerivedList.objects.get(pk=row.pk).state == "shown", "seven whole days, the first not counted"
    clock.move_to(timezone.now() + timedelta(days=1))
    sweep()
    sweep()
    row = DerivedList.objects.get(pk=row.pk)
    assert (row.state, row.count, row.root) == ("ended", 1, commit.root(commitments))
    assert PayloadKey.objects.get(pk=row.key_id).wrapped is None
    assert not DerivedRow.objects.exclude(row_sealed=None, case=None).exists()
    assert reading.opening_for(row, case) == [] and commit.check(kept, row.root, row.count).stands
    assert Event.objects.filter(subject=row.subject, type="list.ended").count() == 1
    with pytest.raises(Refused):
        actions.end(row=row)
    assert not list(check_lists(town))


def test_a_sheet_hangs_whole_days_from_the_day_it_was_put_up(town, clock):
    granted(town, "张三", 1)
    row = shown(town)
    clock.move_to(timezone.now() + timedelta(days=2))
    today = timezone.localdate()
    for place, on in (("", today), (VILLAGE, today + timedelta(days=1)), (VILLAGE, today - timedelta(days=3))):
        with pytest.raises(Refused):
            actions.post_up(row=row, place=place, on=on, by=staff(EDITOR))
    posting = actions.post_up(row=row, place="长堤村公示栏", on=today, by=staff(EDITOR))
    row.refresh_from_db()
    assert row.until == today + timedelta(days=7)
    with pytest.raises(Refused, match="已经登记过张贴"):
        actions.post_up(row=row, place="长堤村公示栏", on=today, by=staff(EDITOR))
    clock.move_to(timezone.now() + timedelta(days=9))
    sweep()
    posting = actions.take_down(posting=posting, on=timezone.localdate(), by=staff(EDITOR))
    assert posting.days == 9
    with pytest.raises(Refused, match="已经登记过取下"):
        actions.take_down(posting=posting, on=timezone.localdate(), by=staff(EDITOR))
    assert not list(check_lists(town))


def test_taken_back_early_the_rows_go_and_the_reason_is_public(town):
    granted(town, "张三", 1)
    row = shown(town)
    with pytest.raises(Refused, match="身份证"):
        actions.take_back(row=row, reason=f"写了{acts.APPLICANT.id_number}", by=staff(SIGNER))
    row = actions.take_back(row=row, reason="一户的情况还在核实", by=staff(SIGNER))
    assert row.state == "withdrawn" and not row.rows.exclude(row_sealed=None).exists()
    assert not list(check_lists(town))


def test_nothing_typed_gets_in_and_a_whole_name_in_another_column_stops_the_list(town):
    with pytest.raises(Refused, match="哪个村"):
        made(town, village="没有的村")
    granted(town, "长堤", 1)
    with pytest.raises(Refused, match="全名"):
        made(town)
    assert not DerivedList.objects.exists()


def test_an_empty_period_states_zero(town):
    granted(town, "张三", 1)
    row = made(town, day=periods(templates()["aid"], timezone.localdate())[1].first)
    assert (row.count, row.left_out, row.to_on.isoformat()) == (0, 0, "2026-02-28")
    assert row.root == commit.root([])
    assert villages(templates()["aid"], town) == [VILLAGE] and villages(templates()["fees"], town) == []


FIRM = {"kind": "organisation", "organisation": "长堤林场（演示）", "uscc": "11430623006382329L"}


def test_a_firms_licence_is_shown_whole_and_needs_two_persons(town):
    granted(town, "文小满", 1, "LM-001", **FIRM)
    row = made(town, "licences-firms")
    assert row.key_id is None and cells_of(row)[0][:2] == [FIRM["organisation"], FIRM["uscc"]]
    row = actions.check(row=row, by=staff(REVIEWER))
    Post.objects.filter(code="news-editor").update(roles=["editor", "signer"])
    with pytest.raises(Refused, match="生成的人"):
        actions.show(row=row, by=staff(EDITOR))
    assert actions.show(row=row, by=staff(REVIEWER)).until is None
    granted(town, "文小满", 1, "LM-001")
    persons = made(town, "licences-persons")
    assert cells_of(persons)[0][:2] == ["文**", VILLAGE]
    assert not list(check_lists(town))


def test_the_other_lists_count_what_the_records_hold(town):
    build_obstacles(town)
    acts.decided(town, "LN-001")
    asked = Asked(town, timezone.localdate().replace(day=1), timezone.localdate())
    for code in ("obstacles", "late", "refunds"):
        template = templates()[code]
        found = SOURCES[template.source](template, asked).records
        assert all(column.code in record.cells for record in found for column in template.columns), code
    obstacles = shown(town, "obstacles")
    assert sum(int(cells[1]) for cells in cells_of(obstacles)) == town.obstacles.count()
    late = made(town, "late")
    assert [cells[1:] for cells in cells_of(late)] == [["1", "0", "0"]]
    assert not list(check_lists(town))


def test_fees_and_refunds_add_up_to_the_books_to_the_fen(town):
    build_fees(town)
    for code, payee, bank, number in ACCOUNTS:
        unit = Unit.objects.get(town=town, code=code) if code else None
        money.set_account(town=town, unit=unit, payee=payee, bank=bank, number=number, by=staff(SIGNER))
    for meters in (1, 2, 3):
        notice = noticed(town, {"user": "firm", "meters": meters})
        twice = [(notice.total, notice.number, f"S{meters}{n}") for n in (1, 2)]
        statement(notice.account, *twice)
        loose = Deposit.objects.get(serial=f"S{meters}2")
        refund = money.ask_refund(
            deposit=loose, amount=loose.amount, of_fee=False, reason="缴了两次", by=staff(CASHIER)
        )
        if meters > 1:
            money.approve_refund(refund=refund, by=staff(SIGNER))
            money.pay_refund(refund=refund, serial=f"OUT{meters}", by=staff(CASHIER))
    fees, refunds = made(town, "fees"), made(town, "refunds")
    assert fees.total == Notice.objects.filter(state="paid").aggregate(sum=Sum("total"))["sum"] > 0
    assert refunds.total == Refund.objects.filter(state="done").aggregate(sum=Sum("amount"))["sum"] > 0
    assert sum(one.cells["amount"] for one in fees.rows.all()) == fees.total
    assert sum(one.cells["count"] for one in refunds.rows.all()) == 2, "what was not paid back yet is not in it"
    assert not list(check_lists(town))


keys = st.tuples(
    st.sampled_from(["2026-01", "2026-02"]), st.sampled_from(["甲", "乙"]), st.sampled_from(["费", "工本费"])
)


@given(st.lists(st.tuples(keys, st.integers(1, 10**13 - 1)), max_size=40), st.randoms())
def test_summing_loses_no_fen_and_depends_on_no_order(lines, random):
    found = summed(lines, ("month", "item", "fee")).records
    assert sum(record.cells["amount"] for record in found) == sum(amount for _, amount in lines)
    assert sum(record.cells["count"] for record in found) == len(lines)
    random.shuffle(lines)
    assert summed(lines, ("month", "item", "fee")).records == found


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("disclosure_derivedlist", "count = 7", "多了或者少了行"),
        ("disclosure_derivedlist", "total = 7", "合计"),
        ("disclosure_derivedlist", "until = NULL", "日期"),
        ("disclosure_derivedrow", f"commitment = '{'ab' * 32}'", "校验码"),
        ("disclosure_posting", "place = '别处'", "张贴记录"),
    ],
)
def test_whoever_changes_a_row_is_found(town, table, change, said):
    granted(town, "张三", 1)
    row = shown(town)
    posting = actions.post_up(row=row, place="长堤村公示栏", on=timezone.localdate(), by=staff(EDITOR))
    key = {"disclosure_derivedrow": row.rows.get().pk, "disclosure_posting": posting.pk}.get(table, row.pk)
    if table != "disclosure_posting":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])
    tamper(table, change, key)
    assert any(said in str(finding) for finding in check_lists(town))
