"""Real times: half of the ended cases, in working days, of enough cases, without those still open."""

from datetime import timedelta

import pytest

from mingtang.cases import actions, timings
from mingtang.cases.enums import Outcome, ServeMode
from mingtang.cases.models import Case
from mingtang.cases.timings import FEWEST, step_times
from mingtang.flows.times import Took
from mingtang.rulebook.enums import Visibility
from tests.factories import acts
from tests.factories.cast import DECIDER, FOREST, staff

pytestmark = pytest.mark.django_db
LOG, AID = "LM-001", "JZ-001"


def end(case: Case) -> Case:
    code = case.item.code
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=acts.decider_of(code))
    actions.serve(case=case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=acts.clerk_of(code))
    return acts.fresh(case)


def say(case: Case, step: str) -> None:
    actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))


def visited_after(town, clock, *days: int) -> None:
    """Cases that begin now, each visited so many days later, in this order, and ended that same day."""
    cases = [acts.accepted(town, LOG) for _ in days]
    passed = 0
    for day, case in zip(days, cases, strict=True):
        clock.shift(timedelta(days=day - passed))
        passed = day
        for step, _ in acts.WORK[LOG][2]:
            say(case, step)
        end(acts.fresh(case))


def test_half_of_the_cases_were_done_within_the_days_that_are_said(town, clock):
    visited_after(town, clock, 1, 2, 7, 9)  # from a Monday: 1, 2, 5 and 7 working days
    clock.shift(timedelta(days=1))
    found = step_times(acts.in_force(town, LOG))
    assert found["site_visit"] == Took(5, 4)
    assert found["quota"] == found["serve"] == Took(0, 4)  # the same day


def test_the_day_of_the_end_is_not_over_yet(town, clock):
    visited_after(town, clock, 0, 0, 0)
    version = acts.in_force(town, LOG)
    assert step_times(version) == {}
    clock.shift(timedelta(hours=13, minutes=59))
    assert step_times(version) == {}
    clock.shift(timedelta(minutes=1))
    assert step_times(version)["site_visit"] == Took(0, 3)


@pytest.mark.parametrize(("code", "visibility"), [(LOG, Visibility.PUBLIC), (AID, Visibility.SEALED)])
def test_too_few_cases_say_nothing(town, clock, code, visibility):
    """Of what only its applicant may see, more cases are needed before anything is said."""
    fewest = FEWEST[visibility]
    for count in (fewest - 1, 1):
        for _ in range(count):
            end(acts.worked(town, code))
        clock.shift(timedelta(days=1))
        found = step_times(acts.in_force(town, code))
        assert bool(found) == (count == 1)
    assert {took.cases for took in found.values()} == {fewest}


def test_open_cases_and_those_of_long_ago_do_not_count(town, clock):
    visited_after(town, clock, 0, 0, 0)
    acts.worked(town, LOG)
    clock.shift(timedelta(days=1))
    version = acts.in_force(town, LOG)
    assert step_times(version)["site_visit"].cases == 3
    clock.shift(timedelta(days=365))
    assert step_times(version) == {}


def test_only_the_newest_cases_are_read(town, clock, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(timings, "MOST", 3)
    visited_after(town, clock, 3, 3)
    visited_after(town, clock, 0, 0, 0)
    clock.shift(timedelta(days=1))
    version = acts.in_force(town, LOG)
    with django_assert_max_num_queries(4):
        assert step_times(version)["site_visit"] == Took(0, 3)


def test_a_step_done_again_counts_with_all_its_rounds(town, clock):
    cases = [acts.worked(town, LOG) for _ in range(3)]
    clock.shift(timedelta(days=1))
    for case in cases:
        actions.return_for_redo(case=case, reason="现场照片看不清，请再去一次。", by=staff(DECIDER))
    clock.shift(timedelta(days=2))
    for case in cases:
        for step, _ in acts.WORK[LOG][2]:
            say(case, step)
        end(acts.fresh(case))
    clock.shift(timedelta(days=1))
    found = step_times(acts.in_force(town, LOG))
    assert found["site_visit"] == Took(2, 3)
    assert found["decide"] == Took(1, 3)
