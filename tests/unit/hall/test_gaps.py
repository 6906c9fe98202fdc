"""号号有下落: a day with dishonest clerks, of which the report names exactly what was done, and nothing else."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from mingtang.hall import counter, pads, tickets
from mingtang.hall.gaps import report
from mingtang.hall.models import Contact, Errand, Owner, TicketDay
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, CLERK_1, LAND, staff
from tests.factories.hall import CLERKS, hall_of, items, station, taken, window

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)
DAY = date(2026, 3, 16)
VISITS = 60


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    return town


def erase(contact: Contact) -> None:
    """What no program does: somebody with the database's own password takes a contact out."""
    tables = ("hall_contact", "hall_errand", "hall_owner")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            tail = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {table}_no_delete{tail}")
        for model in (Errand, Owner):
            model.objects.filter(contact=contact)._raw_delete("default")
        Contact.objects.filter(pk=contact.pk)._raw_delete("default")


def live(chance: random.Random, clock) -> None:
    """One step of a day: somebody comes, a window calls, a clerk or a resident acts; what is refused is refused."""
    clock.shift(timedelta(seconds=chance.randrange(20, 200)))
    number = chance.choice(list(CLERKS))
    by, rows = staff(CLERKS[number]), Contact.objects.select_related("site", "window")
    mine = chance.choice([*rows.filter(window__number=number).exclude(state="ended"), None])
    try:
        match chance.randrange(9):
            case 0 | 1:
                counter.call_next(window=window(number), by=by)
            case 2 if mine:
                counter.start(contact=mine, by=by)
            case 3 if mine:
                outcome = chance.choice(["answered", "notice", "refused", "left"])
                errand = chance.choice(list(mine.errands.all()))
                counter.settle(errand=errand, outcome=outcome, clause="办法第三条", note="还差照片。", by=by)
            case 4 if mine:
                chance.choice([counter.recall, counter.skip, counter.forward])(contact=mine, by=by)
            case 5 if mine:
                chance.choice([tickets.leave, tickets.nobody, tickets.come_back])(contact=mine)
            case 6 if mine:
                counter.offer(contact=mine, post=Post.objects.get(code="land-review"), reason="看底册", by=by)
            case 7 if mine:
                counter.take_over(contact=mine, by=staff(LAND))
            case 8 if mine:
                counter.add(contact=mine, item=chance.choice([None, *items("LN-001")]), by=by)
    except Refused:
        pass


def holds(contact: Contact) -> None:
    """What is true of every contact at any time."""
    open_errands = contact.errands.filter(outcome="").count()
    assert (contact.state == "ended") is (open_errands == 0), contact
    assert (contact.ended_at is not None) is (contact.state == "ended")
    waiting = contact.owners.filter(accepted_at__isnull=True, declined_at__isnull=True).count()
    assert waiting == (1 if contact.state == "handing_over" else 0), contact
    owned = contact.state in {"owned", "handing_over"}
    assert not owned or contact.owners.filter(accepted_at__isnull=False).exists(), contact
    assert contact.errands.exists()


@pytest.mark.parametrize("seed", [3, 8])
def test_a_day_of_visits_leaves_exactly_the_gaps_that_were_made(here, clock, seed):
    chance = random.Random(seed)
    codes = ["LN-001", "JF-001", "JZ-001", "LM-001"]
    for _ in range(VISITS):
        taken(here, *chance.sample(codes, chance.randrange(0, 3)))
        for _ in range(8):
            live(chance, clock)
    for contact in Contact.objects.all():
        holds(contact)
    assert Contact.objects.filter(state="ended").count() > 10, "the day was lively"
    clock.move_to(NINE + timedelta(days=1))
    tickets.close_days()
    for contact in Contact.objects.all():
        holds(contact)
    owned = set(Contact.objects.exclude(state="ended").values_list("serial", flat=True))
    ended = list(Contact.objects.filter(state="ended"))
    gone = chance.choice(ended)
    erase(gone)
    (day,) = report(here, DAY, DAY)
    assert day.given == VISITS
    assert day.missing == (gone.serial,)
    assert {contact.serial for contact in day.open} == owned
    left = Errand.objects.filter(outcome__in=["left", "nobody"]).count()
    assert day.with_nothing == left and sum(day.outcomes.values()) == Errand.objects.exclude(outcome="").count()


def test_who_sets_the_counter_back_does_not_change_the_log(here, clock):
    for _ in range(3):
        last = taken(here)
    tickets.leave(contact=last)
    erase(Contact.objects.get(pk=last.pk))
    TicketDay.objects.update(last=2)
    (day,) = report(here, DAY, DAY)
    assert (day.given, day.missing) == (3, (3,))


def test_slips_between_used_ones_are_gaps_and_the_rest_is_left(here, clock):
    pad = pads.issue_pad(site=station(here), code="CD01", first=11, last=30, by=staff(CENTRE))
    clock.shift(timedelta(hours=1))
    for slip in (11, 13, 17):
        pads.enter_slip(pad=pad, slip=slip, came_at=NINE, items=[], by=staff(CLERK_1))
    pads.void_slip(pad=pad, slip=14, reason="写坏了", by=staff(CLERK_1))
    for bad, sentence in (
        ({"code": "C1"}, "本号写 2 到 4 个字母"),
        ({"code": "CD01"}, "号码不能重用"),
        ({"code": "CD02", "first": 5, "last": 4}, "从小到大"),
        ({"code": "CD02", "site": hall_of(here)}, "只发给村级服务站"),
    ):
        with pytest.raises(Refused, match=sentence):
            pads.issue_pad(**{"site": pad.site, "first": 1, "last": 9, "by": staff(CENTRE)} | bad)
    found = pads.count(pad)
    assert (found.used, found.spoiled, found.gaps, found.left) == (3, 1, (12, 15, 16), 13)
