"""The board is the versions in force and nothing else; each standard is told with the days it held."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.rulebook.board import Standing, _of_item
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.fees import in_force
from mingtang.rulebook.payers import Payer, payers
from mingtang.rulebook.spec import Fee, build
from tests.factories.specs import data

pytestmark = pytest.mark.pure
DAY = date(2026, 6, 1)


def version(number: int, day: date, *fees: dict, state: str = VersionState.IN_FORCE, stopped: date | None = None):
    return {
        "item_id": 1,
        "item__code": "A-1",
        "item__unit_id": 1,
        "name": "一件事",
        "number": number,
        "in_force_at": datetime(day.year, day.month, day.day, 4).astimezone(),
        "published_event_id": number * 10,
        "phone": "0730-5550002",
        "data__served": ["自然人"],
        "data__fees": list(fees),
        "item__current__state": state,
        "item__current__suspended_at": stopped and datetime(stopped.year, stopped.month, stopped.day, 4).astimezone(),
        "item__current__cancelled_at": None,
    }


def fee(name: str = "工本费", amount: int = 500, **changes) -> dict:
    return data(Fee, name=name, amount=amount, per="份", **changes)


def told(*versions: dict) -> list[tuple[str, int, int, str, str | None]]:
    """Name, amount, first version, since, until of every standard."""
    return [
        (row.fee.name, row.fee.amount, row.version, row.since.isoformat(), row.until and row.until.isoformat())
        for row in _of_item(list(versions))
    ]


def test_a_standard_runs_through_the_versions_that_hold_it_whatever_else_they_change():
    first, second = (
        version(1, date(2026, 1, 5), fee()),
        version(2, date(2026, 3, 1), fee(basis="另一个文件", receipt="电子票")),
    )
    assert told(first, second) == [("工本费", 500, 1, "2026-01-05", None)]
    [row] = _of_item([first, second])
    assert (row.fee.basis, row.event_id) == ("另一个文件", 10), "the words of the last, the event of the first"


def test_what_was_over_before_its_version_came_into_force_never_held():
    old, new = fee(amount=900, valid_to="2026-01-04"), fee(valid_from="2026-01-05")
    assert told(version(1, date(2026, 1, 5), old, new)) == [("工本费", 500, 1, "2026-01-05", None)]
    assert told(version(1, date(2026, 1, 4), old))[0][3:] == ("2026-01-04", "2026-01-05")


def test_another_amount_ends_one_standard_and_begins_the_next_and_a_return_is_a_third():
    amounts = ((1, date(2026, 1, 5), 5), (2, date(2026, 3, 1), 6), (3, date(2026, 5, 1), 5))
    assert told(*(version(number, day, fee(amount=amount)) for number, day, amount in amounts)) == [
        ("工本费", 5, 3, "2026-05-01", None),
        ("工本费", 6, 2, "2026-03-01", "2026-05-01"),
        ("工本费", 5, 1, "2026-01-05", "2026-03-01"),
    ]  # fmt: skip


def test_a_fee_that_a_version_leaves_out_ended_with_it():
    assert told(version(1, date(2026, 1, 5), fee(), fee("测量费")), version(2, date(2026, 3, 1), fee("测量费"))) == [
        ("测量费", 500, 1, "2026-01-05", None),
        ("工本费", 500, 1, "2026-01-05", "2026-03-01"),
    ]


def test_days_of_its_own_narrow_a_fee_and_a_stopped_item_charges_nothing():
    own = fee(valid_from="2026-07-01", valid_to="2026-12-31")
    assert told(version(1, date(2026, 1, 5), own)) == [("工本费", 500, 1, "2026-07-01", "2027-01-01")]
    stopped = version(1, date(2026, 1, 5), fee(), state=VersionState.SUSPENDED, stopped=date(2026, 4, 1))
    assert told(stopped) == [("工本费", 500, 1, "2026-01-05", "2026-04-01")]


_FEES = st.lists(
    st.builds(
        fee,
        st.sampled_from(["工本费", "测量费"]),
        st.sampled_from([100, 200]),
        valid_from=st.sampled_from(["", "2026-05-31", "2026-06-02"]),
        valid_to=st.sampled_from(["", "2026-05-31", "2026-06-01"]),
    ),
    max_size=3,
    unique_by=lambda row: (row["name"], row["amount"], row["valid_from"]),
)


@given(versions=st.lists(_FEES, min_size=1, max_size=4), on=st.integers(-3, 3))
def test_on_any_day_the_board_is_what_the_version_in_force_can_charge(versions, on):
    day = DAY + timedelta(days=on)
    rows = list(_of_item([version(n, date(2026, 1, n), *fees) for n, fees in enumerate(versions, 1)]))
    charged = [build(Fee, one, "") for one in versions[-1]]
    assert [row.fee for row in rows if row.standing(day) == Standing.IN_FORCE] == [
        one for one in charged if in_force(one, day)
    ]
    for row in rows:
        assert row.until is None or row.standing(row.until) == Standing.ENDED
        assert row.standing(row.since - timedelta(days=1)) != Standing.IN_FORCE


@given(versions=st.lists(_FEES, min_size=1, max_size=4))
def test_every_standard_that_ever_held_is_told_and_no_other(versions):
    rows = list(_of_item([version(n, date(2026, 1, n), *fees) for n, fees in enumerate(versions, 1)]))
    held = set()
    for n, fees in enumerate(versions, 1):
        last = date(2026, 1, n) if n < len(versions) else date(2026, 12, 31)
        for one in fees:
            first = max(one["valid_from"], f"2026-01-0{n}")
            if first <= min(one["valid_to"] or "9", last.isoformat()):
                held.add((one["name"], one["amount"]))
    assert {(row.fee.name, row.fee.amount) for row in rows} == held


@pytest.mark.parametrize(
    ("words", "served", "kinds"),
    [
        ("居民用户", ["企业法人"], "person farmer"),
        ("农户", ["自然人"], "farmer"),
        ("农村居民", [], "farmer"),
        ("城镇居民", [], "person"),
        ("企业、个体工商户", ["自然人"], "firm"),
        ("学生家长和企业", [], "person farmer firm"),
        ("申请人", ["自然人"], "person farmer"),
        ("申请人", ["企业法人"], "firm"),
        ("申请人", ["自然人", "企业法人"], "person farmer firm"),
        ("申请人", ["行政机关"], "person farmer firm"),
    ],
)
def test_who_pays_is_read_from_the_words_else_from_whom_the_item_serves(words, served, kinds):
    assert payers(words, served) == frozenset(kinds.split())


@given(st.text(max_size=12), st.lists(st.sampled_from(["自然人", "企业法人", "行政机关"]), max_size=2))
def test_every_fee_stands_on_some_card(words, served):
    assert payers(words, served) & set(Payer.values)
