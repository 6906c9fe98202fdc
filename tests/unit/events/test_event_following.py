"""The order of events, and those who listen to them."""

import pytest

from mingtang.events import follow, types
from mingtang.events.log import CONSOLE, record
from mingtang.events.models import Cursor, Event, Sequenced, Unsequenced
from mingtang.events.sequencing import sequence_pending
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

pytestmark = pytest.mark.django_db
KIND = types.define("test.noted", "记一笔")


@pytest.fixture
def places(db) -> list[Jurisdiction]:
    return [
        Jurisdiction.objects.create(code=f"43062310{n}", prefix=f"P{letter}", name="演示镇", site_name="演示")
        for n, letter in enumerate("AB", 1)
    ]


@pytest.fixture
def no_listeners(monkeypatch):
    monkeypatch.setattr(follow, "_listeners", {})


@pytest.fixture
def heard(no_listeners) -> list[tuple[int, int]]:
    """What a well-behaved listener was told: (town, number)."""
    told: list[tuple[int, int]] = []
    follow.listener("hearer")(lambda rows: told.extend((row.town_id, row.index) for row in rows))
    return told


def note(town: Jurisdiction, times: int = 1) -> list[Event]:
    with act():
        return [record(town=town, type=KIND, subject="item:A-1", by=CONSOLE) for _ in range(times)]


def order(town: Jurisdiction) -> list[tuple[int, int]]:
    return list(Sequenced.objects.filter(town=town).order_by("index").values_list("index", "event_id"))


def test_each_town_counts_from_zero_without_gaps(places):
    for _ in range(3):
        for town in places:
            note(town, 2)
        sequence_pending()
    for town in places:
        assert [index for index, _ in order(town)] == list(range(6))


def test_numbering_again_changes_nothing(places):
    note(places[0], 3)
    assert sequence_pending() == 3
    before = order(places[0])
    assert sequence_pending() == 0
    assert order(places[0]) == before


def test_what_is_committed_late_gets_a_later_number_and_moves_nobody(places):
    early, late = note(places[0], 2)
    # As the sequencer sees it while the transaction of the first is still open.
    Unsequenced.objects.filter(event=early).delete()
    sequence_pending()
    Unsequenced.objects.create(event=early)
    sequence_pending()
    assert order(places[0]) == [(0, late.pk), (1, early.pk)]


def test_more_than_one_batch_is_numbered_in_order(places, monkeypatch):
    monkeypatch.setattr("mingtang.events.sequencing.BATCH", 2)
    events = note(places[0], 5)
    follow.settle()
    assert order(places[0]) == [(n, event.pk) for n, event in enumerate(events)]


def test_a_listener_hears_every_event_once_in_order_and_town_by_town(places, heard):
    for town in (places[0], places[1], places[0]):
        note(town, 2)
        follow.settle()
    first, second = (town.pk for town in places)
    assert sorted(heard) == sorted([(first, n) for n in range(4)] + [(second, n) for n in range(2)])
    assert [n for town, n in heard if town == first] == [0, 1, 2, 3]
    heard.clear()
    follow.settle()
    assert heard == []


def test_batches_follow_one_another(places, heard, monkeypatch):
    monkeypatch.setattr(follow, "BATCH", 2)
    note(places[0], 5)
    sequence_pending()
    assert [follow.run_once() for _ in range(4)] == [2, 2, 1, 0]
    assert [n for _, n in heard] == [0, 1, 2, 3, 4]


def test_a_listener_that_fails_holds_nobody_up_and_misses_nothing(places, no_listeners):
    told, broken = {"before": [], "after": [], "failing": []}, [True]

    def failing(rows):
        if broken[0]:
            raise OSError("the disk is full")
        told["failing"].extend(row.index for row in rows)

    follow.listener("before")(lambda rows: told["before"].extend(row.index for row in rows))
    follow.listener("failing")(failing)
    follow.listener("after")(lambda rows: told["after"].extend(row.index for row in rows))
    note(places[0], 2)
    follow.settle()
    assert told == {"before": [0, 1], "after": [0, 1], "failing": []}
    assert follow.is_behind()
    broken[0] = False
    follow.settle()
    assert told == {"before": [0, 1], "after": [0, 1], "failing": [0, 1]}
    assert not follow.is_behind()


class Killed(BaseException):
    """The process ends here."""


def test_a_crash_between_the_work_and_its_mark_hands_the_same_rows_out_again(places, no_listeners):
    told, dies = [], [True]

    def listens(rows):
        told.extend(row.index for row in rows)
        if dies.pop():
            raise Killed

    follow.listener("mortal")(listens)
    note(places[0], 2)
    sequence_pending()
    with pytest.raises(Killed):
        follow.run_once()
    dies.append(False)
    follow.run_once()
    assert told == [0, 1, 0, 1]
    assert Cursor.objects.get(listener="mortal", town=places[0]).next_index == 2


def test_a_dropped_projection_is_told_everything_again(places, heard):
    note(places[0], 3)
    follow.settle()
    heard.clear()
    follow.rewind("hearer")
    follow.settle()
    assert [n for _, n in heard] == [0, 1, 2]


def test_each_node_follows_for_itself(places, heard, monkeypatch):
    note(places[0])
    follow.settle()
    monkeypatch.setenv("MINGTANG_NODE", "another")
    follow.settle()
    assert len(heard) == 2


def test_two_listeners_cannot_share_a_name(heard):
    with pytest.raises(ValueError, match="hearer"):
        follow.listener("hearer")(lambda rows: None)


def test_an_unnumbered_event_is_work_to_do(places, heard):
    follow.settle()
    assert not follow.is_behind()
    note(places[0])
    assert follow.is_behind()
    sequence_pending()
    assert follow.is_behind()
    follow.settle()
    assert not follow.is_behind()
