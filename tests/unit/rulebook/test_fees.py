"""What a case pays: never more than the published standard says, never a fee that is not in force."""

import copy
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.rulebook.fees import bill, in_force
from mingtang.rulebook.spec import Fee, Reduction, Situation, parse
from tests.factories.specs import row

pytestmark = pytest.mark.pure
FOREST = parse(copy.deepcopy(next(data for code, _, data in ITEMS if code == "LM-001")))
DAY = date(2026, 6, 1)
SHEETS = row(Situation, key="sheets", question="几份？", unit="份", most=1000)
POOR = row(Situation, key="poor", question="是低保户吗？", options=[
    {"key": "yes", "label": "是", "bars": ""}, {"key": "no", "label": "不是", "bars": ""}
])  # fmt: skip
FEE = row(Fee, name="工本费", amount=333, per="份", quantity="sheets")
HALF = Reduction("低保户", "poor == 'yes'", 50, "演示")
FREE = replace(HALF, percent=100, label="特困户")


def priced(*fees: Fee):
    return replace(FOREST, situations=(SHEETS, POOR), fees=fees)


def total(fee: Fee, sheets: int = 3, poor: str = "no", on: date = DAY) -> int:
    return bill(priced(fee), {"sheets": sheets, "poor": poor}, on).total


def test_quantity_times_standard_and_nothing_for_none():
    assert (total(FEE), total(FEE, sheets=0), total(replace(FEE, quantity=""))) == (999, 0, 333)


def test_a_cap_holds():
    assert total(replace(FEE, most=500)) == 500
    assert total(replace(FEE, most=500), sheets=1) == 333


def test_only_whom_it_concerns_pays():
    assert total(replace(FEE, when="poor == 'no'"), poor="yes") == 0


def test_the_largest_reduction_counts_once_and_is_named():
    most = Reduction("低保免九成", "poor == 'yes'", 90, "演示")
    [line] = bill(priced(replace(FEE, reductions=(HALF, most))), {"sheets": 1, "poor": "yes"}, DAY).lines
    assert (line.amount, line.full, line.reduction, line.percent) == (33, 333, "低保免九成", 90)
    assert total(replace(FEE, reductions=(HALF,)), poor="no") == 999


@pytest.mark.parametrize(
    ("start", "end", "charged"),
    [("", "", True), ("2026-06-01", "2026-06-01", True), ("2026-06-02", "", False), ("", "2026-05-31", False)],
)
def test_a_fee_out_of_force_is_not_on_the_bill(start, end, charged):
    fee = replace(FEE, valid_from=start, valid_to=end)
    assert in_force(fee, DAY) is charged
    assert bool(bill(priced(fee), {"sheets": 1, "poor": "no"}, DAY).lines) is charged


@given(
    amount=st.integers(1, 10**9),
    sheets=st.integers(0, 1000),
    most=st.integers(0, 10**10),
    percents=st.lists(st.integers(0, 100), max_size=3),
    offset=st.integers(-3, 3),
)
def test_nobody_pays_more_than_the_standard_or_less_than_nothing(amount, sheets, most, percents, offset):
    reductions = tuple(Reduction(f"减{n}", "poor == 'yes'", percent, "演示") for n, percent in enumerate(percents))
    fee = replace(FEE, amount=amount, most=most, reductions=reductions, valid_to=DAY.isoformat())
    on = DAY + timedelta(days=offset)
    plain, poor = total(fee, sheets, "no", on), total(fee, sheets, "yes", on)
    assert 0 <= poor <= plain <= amount * sheets
    assert plain == (0 if offset > 0 else min(amount * sheets, most or amount * sheets))
    assert poor * 100 <= plain * (100 - max(percents, default=0))


@pytest.mark.parametrize(
    ("changes", "sheets", "poor", "said"),
    [
        ({"amount": 500}, 3, "no", "3 份 × 5元 = 15元"),
        ({"amount": 500, "reductions": (HALF,)}, 3, "yes", "3 份 × 5元 = 15元，低保户，减收 50%，收 7.50元"),
        ({"reductions": (FREE,)}, 1, "yes", "1 份 × 3.33元 = 3.33元，特困户，不用交"),
        ({"most": 500}, 1000, "no", "1,000 份 × 3.33元 = 3,330元，一件最多收 5元"),
        ({"quantity": "", "per": "每次"}, 9, "no", "每次 3.33元"),
    ],
)  # fmt: skip
def test_the_working_reads_as_people_work_it_out(changes, sheets, poor, said):
    [line] = bill(priced(replace(FEE, **changes)), {"sheets": sheets, "poor": poor}, DAY).lines
    assert line.working == said
