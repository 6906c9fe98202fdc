"""AB岗: B acts for the post while A is away, is named as a substitute, and never a moment longer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.enums import Outcome
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.hall import counter, tickets
from mingtang.lib.errors import Refused
from mingtang.people import roster
from mingtang.people.actions import relieve
from mingtang.people.enums import AbsenceKind, Permission
from mingtang.people.models import Absence, Assignment, Post, RosterRow
from mingtang.people.policies import delegation_for, held_by, powers_of
from tests.factories import acts
from tests.factories.cast import (
    BUILD,
    CENTRE,
    CLERK_1,
    CLERK_3,
    CLERK_4,
    DECIDER,
    EDITOR,
    FOREST,
    JUSTICE,
    LAND,
    staff,
)
from tests.factories.hall import hall_of, window

pytestmark = pytest.mark.django_db
# A working Monday, ten in the morning in the town.
MORNING = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def post(code: str) -> Post:
    return Post.objects.select_related("town", "unit").get(code=code)


def named(code: str, lead: str, substitute: str) -> RosterRow:
    return roster.set_row(post=post(code), lead=staff(lead), substitute=staff(substitute), by=staff(CENTRE))


def away(username: str, start: int = 0, hours: int = 8, by: str = CENTRE) -> Absence:
    begin = timezone.now() + timedelta(hours=start)
    return roster.enter_absence(
        staff=staff(username), kind=AbsenceKind.MEETING, starts_at=begin, ends_at=begin + timedelta(hours=hours),
        by=staff(by),
    )  # fmt: skip


def last_event(subject: str) -> Event:
    return Event.objects.filter(subject=subject).order_by("-pk")[0]


def review(case, by: str) -> None:
    actions.opinion(case=case, step_key="land_review", agrees=True, text="核对无误。", by=staff(by))


def test_b_acts_for_the_post_only_while_a_is_away_and_the_event_says_so(town):
    row, case = named("land-review", LAND, EDITOR), acts.accepted(town, "JF-001")
    with pytest.raises(Refused, match="没有“出具意见”的权限"):
        review(case, EDITOR)
    gone = away(LAND)
    held = held_by(staff(EDITOR))
    assert "land-review" in held.served and "land-review" not in held.codes
    assert held.powers - held.own == {Permission.CASE_WORK, Permission.CASE_READ}
    review(case, EDITOR)
    event = last_event(case.subject)
    assert event.actor == staff(EDITOR).code
    assert (event.data["substitute_for"], event.data["roster"]) == ("land-review", row.pk)
    assert case.steps.get(key="land_review", done_at__isnull=False).done_by == staff(EDITOR)
    roster.end_absence(absence=gone, by=staff(LAND))
    assert held_by(staff(EDITOR)).standing_in == ()
    with pytest.raises(Refused, match="没有“出具意见”的权限"):
        review(acts.accepted(town, "JF-001"), EDITOR)


def test_what_one_does_in_an_own_post_is_no_substitutes(town):
    named("land-review", LAND, BUILD)
    away(LAND)
    case = acts.accepted(town, "JF-001")
    actions.opinion(case=case, step_key="build_review", agrees=True, text="", by=staff(BUILD))
    assert "roster" not in last_event(case.subject).data
    review(case, BUILD)
    assert last_event(case.subject).data["substitute_for"] == "land-review"


@pytest.mark.parametrize("change", ["b away too", "a relieved", "account off", "absence over", "a new row"])
def test_b_stands_in_by_a_row_that_holds_and_is_there(town, clock, change):
    named("land-review", LAND, EDITOR)
    away(LAND)
    assert held_by(staff(EDITOR)).standing_in
    if change == "b away too":
        away(EDITOR)
    elif change == "a relieved":
        relieve(assignment=Assignment.objects.get(staff=staff(LAND)), by=CONSOLE)
    elif change == "account off":
        editor = staff(EDITOR)
        editor.is_active = False
        editor.save()
    elif change == "absence over":
        clock.shift(timedelta(hours=8))
    else:
        named("land-review", LAND, JUSTICE)
    assert held_by(staff(EDITOR)).standing_in == ()


def test_only_steps_and_windows_pass_by_the_roster(town):
    """An office head may sign; who stands in for the office head may not."""
    named("office-head", "qianfa", EDITOR)
    away("qianfa")
    assert Permission.DOCUMENT_SIGN in powers_of(staff("qianfa"))
    assert held_by(staff(EDITOR)).standing_in[0].powers == {Permission.CASE_READ}
    assert powers_of(staff(EDITOR)) == held_by(staff(EDITOR)).own == {Permission.DOCUMENT_DRAFT}


def test_a_substitute_decides_under_the_letter_of_the_post(town):
    row = roster.set_row(
        post=post("deputy-mayor"), lead=staff(DECIDER), substitute_post=post("justice-head"), by=staff(CENTRE)
    )
    with pytest.raises(Refused, match="授权书"):
        delegation_for(staff(JUSTICE), item_code="JF-001", step_code="decide")
    case = acts.worked(town, "JF-001")
    away(DECIDER)
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(JUSTICE))
    case = acts.fresh(case)
    assert case.delegation.post.code == "deputy-mayor" and case.decided_by == staff(JUSTICE)
    assert last_event(case.subject).data["roster"] == row.pk


def test_who_examined_does_not_decide_for_another(town):
    named("deputy-mayor", DECIDER, LAND)
    case = acts.worked(town, "JF-001")
    away(DECIDER)
    with pytest.raises(Refused, match="出过审查意见"):
        actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(LAND))


def test_a_substitute_works_the_window_and_an_own_window_comes_first(town):
    row = named("window-3", CLERK_3, FOREST)
    away(CLERK_3)
    tickets.take(site=hall_of(town))
    contact = counter.call_next(window=window(3), by=staff(FOREST))
    assert last_event(contact.subject).data["roster"] == row.pk
    counter.start(contact=contact, by=staff(FOREST))
    counter.settle(errand=contact.errands.get(), outcome="answered", by=staff(FOREST))
    assert last_event(contact.subject).data["substitute_for"] == "window-3"
    case = acts.apply(town, "JF-001", by=staff(FOREST)).case
    assert case.window.number == 3 and last_event(case.subject).data["roster"] == row.pk
    named("window-4", CLERK_4, CLERK_1)
    away(CLERK_4)
    own = acts.apply(town, "LN-001", by=staff(CLERK_1)).case
    assert own.window.number == 1 and "roster" not in last_event(own.subject).data


REFUSED = {
    "no b": (lambda: roster.set_row(post=post("land-review"), lead=staff(LAND), by=staff(CENTRE)), "请选B岗"),
    "a elsewhere": (lambda: named("land-review", BUILD, EDITOR), "没有担任"),
    "a is b": (lambda: named("land-review", LAND, LAND), "不能又是B岗"),
    "b post empty": (
        lambda: roster.set_row(
            post=post("land-review"), lead=staff(LAND), substitute_post=post("group-head"), by=staff(CENTRE)
        ),
        "除了A岗没有别人",
    ),
    "b post same": (
        lambda: roster.set_row(
            post=post("land-review"), lead=staff(LAND), substitute_post=post("land-review"), by=staff(CENTRE)
        ),
        "另外一个岗位",
    ),
    "not the office": (
        lambda: roster.set_row(
            post=post("land-review"), lead=staff(LAND), substitute=staff(EDITOR), by=staff(LAND)
        ),
        "没有“安排值守、登记外出”的权限",
    ),
    "another's absence": (lambda: away(LAND, by=BUILD), "只能登记自己的外出"),
    "backwards": (lambda: away(LAND, hours=-1), "要晚于离开的时间"),
    "long past": (lambda: away(LAND, start=-9 * 24), "不能补记"),
    "for ever": (lambda: away(LAND, hours=24 * 400), "最多登记一年"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_row_or_absence_is_refused_and_leaves_nothing(town, name):
    before = Event.objects.count()
    do, sentence = REFUSED[name]
    with pytest.raises(Refused, match=sentence):
        do()
    assert (RosterRow.objects.count(), Absence.objects.count(), Event.objects.count()) == (0, 0, before)


def test_absences_do_not_overlap_and_end_once(town):
    first = away(LAND, by=LAND)
    with pytest.raises(Refused, match="已经登记过外出"):
        away(LAND, start=7)
    later = away(LAND, start=8)
    roster.end_absence(absence=later, by=staff(CENTRE))
    assert Absence.objects.get(pk=later.pk).cancelled_at is not None
    roster.end_absence(absence=first, by=staff(LAND))
    with pytest.raises(Refused, match="已经结束或者取消"):
        roster.end_absence(absence=first, by=staff(LAND))
    away(LAND, start=1)
