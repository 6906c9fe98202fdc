"""What `mingtang verify` compares of this room: every obstacle and matter with what its last event says of it, and that
no number is missing."""

from collections.abc import Iterator
from functools import partial

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction
from mingtang.voices import matters
from mingtang.voices.actions import EVENTS, facts
from mingtang.voices.models import Matter, Obstacle

TABLE = "voices_obstacle"


def check_obstacles(town: Jurisdiction) -> Iterator[Finding]:
    """Every number that the log knows has its row, and every row is what its events left."""
    last: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=EVENTS.values()).order_by("pk"):
        last[event.subject] = event
    related = ("owner", "offered", "item", "unit", "solved_by", "version", "answers")
    rows = Obstacle.objects.filter(town=town).select_related(*related).defer("version__data", "version__bpmn")
    for row in rows.order_by("pk"):
        event = last.pop(row.subject, None)
        yield from readable(TABLE, row.pk, partial(_differ, row, event))
    for subject in last:
        yield Finding(TABLE, subject, "日志里有这个编号，表里没有")


def _differ(row: Obstacle, event: Event | None) -> Iterator[Finding]:
    ended = (row.ended_event_id, row.ended_at)
    expected = (event.pk, event.recorded_at) if event and row.outcome else (None, None)
    if event is None or event.data != facts(row) or ended != expected:
        yield Finding(TABLE, row.pk, f"办不成事 {row.number} 和事件里记的不一样")


def check_matters(town: Jurisdiction) -> Iterator[Finding]:
    """Every matter to a utility is what its last event says, and no number is missing."""
    last: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=matters.EVENTS.values()).order_by("pk"):
        last[event.subject] = event
    for row in (
        Matter.objects.filter(town=town).select_related("unit", "photo", "checked_by", "ruled_by").order_by("pk")
    ):
        found = last.pop(row.subject, None)
        if found is None or found.data != matters.facts(row):
            yield Finding("voices_matter", row.pk, f"诉求 {row.number} 和事件里记的不一样")
    for subject in last:
        yield Finding("voices_matter", subject, "日志里有这个编号，表里没有")


told("办不成事", check_obstacles)
told("诉求", check_matters)
