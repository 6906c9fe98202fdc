"""发放: the bank's list is entered whole or not at all, voided by another person, and what is public adds up to it."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases import actions as cases
from mingtang.cases.actions.payouts import Line, read
from mingtang.cases.models import Payout
from mingtang.cases.proved_payouts import check_payouts
from mingtang.disclosure.derived import reading
from mingtang.disclosure.derived.sources import SOURCES, Asked
from mingtang.disclosure.derived.template import templates
from mingtang.lib.errors import Refused
from mingtang.lib.money import plain_yuan
from tests.factories import acts
from tests.factories.cast import CASHIER, CLERK_4, DECIDER, SIGNER, staff
from tests.factories.lists import VILLAGE, granted, made
from tests.integration.test_events_tampered import tamper


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


fen = st.integers(1, 10**12)


@given(st.lists(st.tuples(fen, st.dates(max_value=timezone.datetime(2026, 3, 1).date())), min_size=1, max_size=20))
def test_what_was_pasted_is_read_to_the_fen(rows):
    text = "\n".join(f"wy-ab{n} {plain_yuan(sum)},{day.isoformat()}\tS{n}\n" for n, (sum, day) in enumerate(rows))
    assert read(text) == [Line(f"WY-AB{n}", sum, day, f"S{n}") for n, (sum, day) in enumerate(rows)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1 到 5000 行"),
        ("WY-1 720 2026-03-02", "第 1 行有 3 栏"),
        ("WY-1 720 2026-03-02 S1\nWY-2 1,720.00 2026-03-02 S2", "第 2 行有 5 栏"),
        ("WY-1 720 2026-02-30 S1", "第 1 行"),
        ("WY-1 0 2026-03-02 S1", "大于零"),
        ("WY-1 -5 2026-03-02 S1", "第 1 行"),
        ("WY-1 1.005 2026-03-02 S1", "第 1 行"),
        (f"WY-1 1 2026-03-02 {'S' * 65}", "最多 64"),
    ],
)
def test_a_wrong_line_is_named(text, said):
    with pytest.raises(Refused, match=said):
        read(text)


@pytest.mark.django_db
def test_all_lines_or_none_and_the_list_adds_up_to_what_stands(town):
    one, two = granted(town, "张三", 1), granted(town, "李四", 2)
    kept = acts.decided(town, "JZ-001")
    cases.withhold(grant=kept.grants.get(), reason="未成年人", by=staff(DECIDER))
    refused, today = acts.decided(town, "JZ-001", "refused", "不符合条件"), timezone.localdate()
    good = Line(one.number, 72_050, today, "S1")
    with pytest.raises(Refused):
        cases.pay_out(town=town, lines=[good], by=staff(CLERK_4))
    for bad in (
        Line(refused.number, 1, today, "S2"),
        Line("NOTHING", 1, today, "S2"),
        Line(two.number, 1, today + timedelta(days=1), "S2"),
        Line(two.number, 1, today - timedelta(days=1), "S2"),
        good,
    ):
        with pytest.raises(Refused, match="一笔也没有登记"):
            cases.pay_out(town=town, lines=[good, bad], by=staff(CASHIER))
    assert not Payout.objects.exists()
    rest = [(two, 100_000, "S1"), (two, 1, "S3"), (kept, 5, "S4")]
    lines = [good, *(Line(case.number, amount, today, serial) for case, amount, serial in rest)]
    *_, wrong, _ = cases.pay_out(town=town, lines=lines, by=staff(CASHIER))
    with pytest.raises(Refused):
        cases.void_payout(payout=wrong, reason="抄错", by=staff(CASHIER))
    cases.void_payout(payout=wrong, reason="抄错", by=staff(SIGNER))
    with pytest.raises(Refused, match="已经作废"):
        cases.void_payout(payout=wrong, reason="抄错", by=staff(SIGNER))
    row = made(town, "aid-paid")
    assert [shown.cells[3] for shown in reading.shown(row, list(row.rows.all()))] == ["720.50元", "1,000元"]
    standing = Payout.objects.standing().exclude(case=kept).aggregate(sum=Sum("amount"))["sum"]
    assert (row.total, row.left_out) == (standing, 1) == (172_050, 1)
    assert not SOURCES["payouts"](templates()["aid-paid"], Asked(town, today, today, "兔湖村")).records
    waiting = acts.decided(town, "JZ-001")
    cases.pay_out(town=town, lines=[Line(waiting.number, 5, today, "S9")], by=staff(CASHIER))
    with pytest.raises(Refused, match="还没有人看过"):
        SOURCES["payouts"](templates()["aid-paid"], Asked(town, today, today, VILLAGE))
    assert not list(check_payouts(town))
    for change in ("amount = 2", "voided_reason = '', voided_by_id = NULL, voided_at = NULL"):
        tamper("cases_payout", change, wrong.pk)
        assert list(check_payouts(town))
