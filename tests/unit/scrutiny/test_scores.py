"""三项得分: fractions of what the records hold, reckoned by hand here; nothing to count is no 0."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import Typed, take
from mingtang.oversight.enums import SlotState as S
from mingtang.scrutiny.scores import Inputs, Known, Owed, Share, Stated, places, reckon

DAY = date(2026, 9, 30)


def owed(state, column="a", unit="u"):
    return Owed("duty", "任务", "2026-Q3", column, unit, DAY, state)


def stated(required, filled, columns=("a",), unit="u"):
    return Stated(1, "1/1", "文件", columns, unit, required, filled)


def known(arrived, column="a", unit="u"):
    return Known(1, "1/1", "文件", column, unit, 30, arrived, DAY)


def test_the_scores_by_hand():
    """Four slots: two on time, one late, one empty. Two documents: 5 of 5 and 3 of 4 places. Three to be known, one is.

    On time 2/4 = 50 %. Complete (3 + 8)/(4 + 9) = 11/13 = 84.6 → 85 %. Reached 1/3 = 33 %.
    """
    inputs = Inputs(
        (owed(S.ON_TIME), owed(S.ON_TIME), owed(S.LATE), owed(S.EMPTY)),
        (stated(5, 5), stated(4, 3)),
        (known(30), known(29), known(0)),
    )
    found = reckon(inputs)
    assert [found.on_time.percent, found.complete.percent, found.reached.percent] == [50, 85, 33]
    shares = (found.on_time, found.complete, found.reached)
    assert [share.passes(60) for share in shares] == [False, True, False]
    assert [share.passes(50) for share in shares] == [True, True, False], "the town decides the mark"
    assert Share(0, 0).passes(100), "what has nothing to count is not marked"


def test_nothing_to_count_has_no_percentage():
    found = reckon(Inputs((), (), ()))
    assert not found.has_data
    assert [found.on_time.percent, found.complete.percent, found.reached.percent] == [None] * 3
    assert reckon(Inputs((owed(S.EMPTY),), (), ())).on_time.percent == 0, "nothing came, which is something"


def test_a_promise_not_kept_is_neither_on_time_nor_filled():
    found = reckon(Inputs((owed(S.BROKEN), owed(S.ON_TIME)), (), ()))
    assert (found.on_time, found.complete) == (Share(1, 2), Share(1, 2))


def test_columns_and_units_take_their_own():
    inputs = Inputs(
        (owed(S.ON_TIME), owed(S.EMPTY, "b", "v")), (stated(2, 1, ("a", "b")), stated(3, 3, (), "v")), (known(30, "b"),)
    )
    assert reckon(inputs.of_column("a")).complete == Share(2, 3)
    assert reckon(inputs.of_column("b")).complete == Share(1, 3), "a document counts in each of its columns"
    assert reckon(inputs.of_unit("v")).complete == Share(3, 4)
    assert reckon(inputs.of_unit("u")).reached == Share(1, 1)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_percentage_is_rounded_half_up(whole, good):
    good = min(good, whole)
    assert abs(Share(good, whole).percent - 100 * good / whole) <= 0.5


def test_places_are_the_required_fields_and_tables():
    kind = kind_of("three-public")
    # Six fields, of which five are required beside the year, and one table.
    fields = {"year": "2025", "trips": "0", "cars": "3", "receptions": "12", "guests": "96"}
    facts, _ = take(kind, Typed(fields, {"three": [["公务接待费", "12000", "10000", "8600"]]}))
    assert places(kind, facts) == (7, 6), "no word about the changes"
    facts, _ = take(kind, Typed({}, none={"three": "没有发生。"}))
    assert places(kind, facts) == (7, 1), "a table told empty is filled"
