"""Several windows, kiosks and clerks at the same moment: each number once, one outcome, no gap."""

import uuid
from collections import Counter

import pytest
from django.utils import timezone

from mingtang.events import follow
from mingtang.hall import counter, pads, tickets
from mingtang.hall.gaps import report
from mingtang.hall.models import Contact, Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, CLERK_4, LAND, staff
from tests.factories.hall import called, hall_of, served, station, taken, window
from tests.integration.test_concurrency import assert_log_is_whole, assert_one_did_it

WINDOWS = {1: CLERK_1, 3: CLERK_3, 4: CLERK_4}
pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def here(own_database) -> Jurisdiction:
    return Jurisdiction.objects.get(code="430623107")


def test_windows_that_call_at_once_never_call_the_same_number(here, at_once):
    Window.objects.update(kind="general")
    for _ in range(9):
        taken(here, "LN-001")
    for _ in range(3):
        calls = [lambda n=n, who=who: counter.call_next(window=window(n), by=staff(who)) for n, who in WINDOWS.items()]
        answers = at_once(*calls)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        assert len({answer.pk for answer in answers}) == 3
        for answer in answers:
            counter.start(contact=answer, by=staff(WINDOWS[answer.window.number]))
    assert not Contact.objects.filter(state="waiting").exists()
    assert_log_is_whole(here)


def test_one_window_pressed_twice_calls_one_number(here, at_once):
    taken(here, "LN-001")
    taken(here, "LN-001")
    answers = at_once(*(lambda: counter.call_next(window=window(1), by=staff(CLERK_1)) for _ in range(4)))
    assert_one_did_it(answers, "还在叫")
    assert Contact.objects.filter(state="called").count() == 1


def test_kiosks_at_once_give_numbers_without_a_gap(here, at_once):
    answers = at_once(*(lambda: tickets.take(site=hall_of(here)) for _ in range(12)))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(answer.serial for answer in answers) == list(range(1, 13))
    today = timezone.localdate()
    (day,) = report(here, today, today)
    assert (day.given, day.missing) == (12, ())


def test_a_kiosk_pressed_four_times_at_once_gives_one_number(here, at_once):
    token = uuid.uuid4()
    answers = at_once(*(lambda: tickets.take(site=hall_of(here), submission=token) for _ in range(4)))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len({answer.number for answer in answers}) == 1 and Contact.objects.count() == 1


def test_an_errand_settled_twice_at_once_has_one_outcome(here, at_once):
    contact = served(here, 1, "LN-001")
    errand = contact.errands.get()
    answers = at_once(
        lambda: counter.settle(errand=errand, outcome="answered", by=staff(CLERK_1)),
        lambda: counter.settle(errand=errand, outcome="notice", note="还差照片。", by=staff(CLERK_1)),
    )
    assert_one_did_it(answers, "请刷新再看")
    assert contact.errands.get().outcome in {"answered", "notice"}


def test_an_offer_is_accepted_or_given_back(here, at_once):
    contact = served(here, 3, "JF-001")
    counter.offer(contact=contact, post=Post.objects.get(code="land-review"), reason="看底册", by=staff(CLERK_3))
    answers = at_once(
        lambda: counter.take_over(contact=contact, by=staff(LAND)),
        lambda: counter.decline(contact=contact, reason="我自己办", by=staff(CLERK_3)),
    )
    assert_one_did_it(answers, "请刷新再看")
    assert Contact.objects.get(pk=contact.pk).state == "owned"


def test_of_two_acts_on_one_contact_at_once_one_wins_and_the_other_is_told(here, at_once):
    clerk, land = staff(CLERK_1), Post.objects.get(code="land-review")
    waits, sits, handed, two = (
        taken(here, "JF-001"),
        served(here, 1, "LN-001"),
        served(here, 1),
        served(here, 1, "LN-001"),
    )
    counter.add(contact=two, item=Item.objects.get(code="JF-001"), by=clerk)
    errand, other = sits.errands.get(), two.errands.first()
    counter.settle(errand=other, outcome="answered", by=clerk)
    comes = called(here, 1, "LN-001")
    pairs = [
        (lambda: tickets.leave(contact=waits), lambda: tickets.nobody(contact=waits)),
        (lambda: counter.start(contact=comes, by=clerk), lambda: tickets.leave(contact=comes)),
        (
            lambda: counter.settle(errand=errand, outcome="answered", by=clerk),
            lambda: acts.apply(here, "LN-001", by=clerk, errand=errand),
        ),
        [lambda: counter.offer(contact=handed, post=land, reason="看底册", by=clerk)] * 2,
        (
            lambda: counter.forward(contact=two, by=clerk),
            lambda: counter.settle(errand=two.errands.last(), outcome="answered", by=clerk),
        ),
    ]
    for pair in pairs:
        assert_one_did_it(at_once(*pair), "请刷新再看")
    passed = called(here, 1, "LN-001")
    counter.recall(contact=passed, by=clerk)
    assert_one_did_it(
        at_once(lambda: counter.skip(contact=passed, by=clerk), lambda: counter.start(contact=passed, by=clerk)),
        "请刷新再看",
    )
    assert_log_is_whole(here)


def test_a_slip_entered_twice_at_once_is_one_contact(here, at_once):
    pad = pads.issue_pad(site=station(here), code="CD01", first=1, last=9, by=staff(CENTRE))
    now = timezone.now()
    enter = [lambda: pads.enter_slip(pad=pad, slip=1, came_at=now, items=[], by=staff(CLERK_1)) for _ in range(4)]
    answers = at_once(*enter)
    assert Counter(isinstance(answer, Refused) for answer in answers) == {True: 3, False: 1}
    assert_one_did_it(answers, "一张号单只用一次")
    follow.settle()
