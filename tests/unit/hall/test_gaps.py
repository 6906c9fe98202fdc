"""号号有下落: a day with dishonest clerks, of which the report names exactly what was done, and nothing else."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mingtang.cases.charging import differences
from mingtang.cases.models import Case
from mingtang.cases.proved import check_cases
from mingtang.cases.usage import unnumbered
from mingtang.hall import counter, pads, proved, tickets
from mingtang.hall.doubts import doubts
from mingtang.hall.gaps import empty_windows, report
from mingtang.hall.models import Contact, Errand, TicketDay
from mingtang.lib.errors import Refused
from mingtang.money.proved import check_notices
from mingtang.people.models import Post
from tests.factories import hall_day
from tests.factories.cast import CENTRE, CLERK_1, LAND, staff
from tests.factories.hall import CLERKS, items, station, taken, window
from tests.factories.hall_day import Day, erase

pytestmark = [pytest.mark.django_db, pytest.mark.once]
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


def test_whatever_clerks_and_residents_do_no_number_is_lost(here, clock):
    chance = random.Random(3)
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


def test_of_three_hundred_visits_the_report_names_exactly_what_was_done_dishonestly(here, clock):
    assert hall_day.VISITS == 300
    day = Day(here, clock, seed=16)
    day.live()
    monday, friday = hall_day.DAY - timedelta(days=1), hall_day.DAY + timedelta(days=3)
    taken_in, without = unnumbered(here, monday, friday)
    found = [*doubts(here, monday, friday), *without]
    assert sorted((doubt.kind, doubt.number) for doubt in found) == sorted(day.doubts)
    assert all(doubt.post and (doubt.place or doubt.kind == "off_list") for doubt in found)
    offered = [doubt.post for doubt in found if doubt.kind == "not_taken_over"]
    assert all("窗口，转给" in post for post in offered), offered
    days = {row.day: row for row in report(here, monday, friday)}
    assert set(days[hall_day.DAY].missing) == day.missing and days[friday].is_whole
    assert days[hall_day.DAY].given + hall_day.SLIPS + hall_day.ONLINE + hall_day.WITHOUT_NUMBER == hall_day.VISITS
    assert set(pads.count(day.pad).gaps) == day.gaps
    empties = empty_windows(here, NINE, timezone.now())
    assert [row.window.site.code for row in empties] == ["changdi"]
    sentences = [finding.what + str(finding.row) for finding in proved.check_contacts(here)]
    named = {number for number in day.changed for sentence in sentences if number in sentence}
    assert named == day.changed and len(sentences) == len(day.changed), sentences
    assert [*check_cases(here), *check_notices(here)] == []
    assert {(row.kind, row.notice.number if row.notice else row.deposit.serial) for row in differences(here)} == (
        day.differences
    )
    assert taken_in == Case.objects.filter(channel="window").count()
    assert Case.objects.filter(state="closed").count() > 5, "some went all the way"


def test_who_sets_the_counter_back_does_not_change_the_log(here, clock):
    for _ in range(3):
        last = taken(here)
    tickets.leave(contact=last)
    erase(Contact.objects.get(pk=last.pk))
    TicketDay.objects.update(last=2)
    (day,) = report(here, DAY, DAY)
    assert (day.given, day.missing) == (3, (3,))
    on = "" if connection.vendor == "sqlite" else " ON hall_ticketday"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER hall_ticketday_no_delete{on}")
    TicketDay.objects.all()._raw_delete("default")
    (day,) = report(here, DAY, DAY)
    assert (day.given, day.missing) == (3, (3,)), "nor does who takes the counter out"


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
    ):
        with pytest.raises(Refused, match=sentence):
            pads.issue_pad(**{"site": pad.site, "first": 1, "last": 9, "by": staff(CENTRE)} | bad)
    found = pads.count(pad)
    assert (found.used, found.spoiled, found.gaps, found.left) == (3, 1, (12, 15, 16), 13)
