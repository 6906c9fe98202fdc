"""What `mingtang verify` compares of this room: each duty with its last event, each slot with all of its own."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils import timezone

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.oversight import actions, lawful, planning, promises
from mingtang.oversight.models import Duty, Sentence, Slot, Takeover
from mingtang.towns.models import Jurisdiction

DUTY, SLOT, SENTENCE = "oversight_duty", "oversight_slot", "oversight_sentence"
TAKEOVER = "oversight_takeover"
_OF_SENTENCE = (planning.TASK_MADE, planning.NO_TASK, planning.TAKEN_BACK)
_TOLD = ("first_due_on", "due_on", "proved_on", "proof", "listed", "statement", "excused_on", "excuse", "excuse_paper")


def check_duties(town: Jurisdiction) -> Iterator[Finding]:
    """Owner, rule, source and end are those the events left, and no duty is missing."""
    last = {event.subject: event for event in Event.objects.filter(town=town, type__in=actions.OF_DUTY).order_by("pk")}
    related = ("owner", "column", "offered_to", "item", "tenant__unit")
    for row in Duty.objects.filter(town=town).select_related(*related).order_by("pk"):
        yield from readable(DUTY, row.pk, partial(_differs, row, last.pop(row.subject, None)))
    for subject in last:
        yield Finding(DUTY, subject, "日志里有这项任务，表里没有")


def _differs(row: Duty, event: Event | None) -> Iterator[Finding]:
    if event is None or any(event.data.get(name) != value for name, value in actions.facts(row).items()):
        yield Finding(DUTY, row.pk, f"任务 {row.code} 的责任岗位、周期、依据或者停止日期和事件里记的不一样")
    if row.offered_to_id and event is not None and event.reason != row.offered_why:
        yield Finding(DUTY, row.pk, f"任务 {row.code} 为什么移交，和事件里说的不一样")


def _left(events: list[Event]) -> dict[str, Any]:
    """A slot as its events leave it."""
    left: dict[str, Any] = dict.fromkeys(_TOLD, "") | {"nudges": 0, "broken": 0}
    for event in events:
        data = event.data
        if event.type == actions.NUDGED:
            left["nudges"] += 1
            continue
        left["due_on"] = data["due"]
        if event.type in (actions.SLOT_OPENED, actions.SETTLED):
            left["first_due_on"] = data["due"]
        elif event.type == actions.PROVED:
            proof = {"proof": data["proof"], "listed": data.get("list", ""), "statement": event.reason}
            left |= proof | {"proved_on": data["on"]}
        elif event.type == actions.MEASURED:
            counted = {name: data[name] for name in ("kept", "broken", "longest")}
            if counted["kept"] + counted["broken"]:
                left |= {"proved_on": data["due"], "broken": counted["broken"]}
                left["statement"] = promises.sentence(**counted)
            else:
                on = timezone.localdate(event.recorded_at).isoformat()
                left |= {"excused_on": on, "excuse": promises.NONE_DUE}
        elif event.type == actions.EXCUSED:
            on = timezone.localdate(event.recorded_at).isoformat()
            left |= {"excused_on": on, "excuse": event.reason, "excuse_paper": data["paper"]}
    return left


def _kept(row: Slot) -> dict[str, Any]:
    days = {name: getattr(row, name) for name in ("first_due_on", "due_on", "proved_on", "excused_on")}
    return {
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "proof": row.proof.index_number if row.proof else "",
        "listed": row.listed.number if row.listed else "",
        "nudges": row.nudges - row.nudges_untold,
        "broken": row.broken,
        "statement": row.statement,
        "excuse": row.excuse,
        "excuse_paper": row.excuse_paper.index_number if row.excuse_paper else "",
    }


def check_slots(town: Jurisdiction) -> Iterator[Finding]:
    """Every date, proof and excuse is what the events say, and no slot is missing."""
    told_of: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in Event.objects.filter(town=town, type__in=(*actions.OF_SLOT, actions.NUDGED)).order_by("pk"):
        told_of[event.subject, event.data["period"]].append(event)
    rows = Slot.objects.filter(town=town).select_related("duty", "proof", "listed", "excuse_paper").order_by("pk")
    for row in rows.iterator(500):
        events = told_of.pop((row.duty.subject, row.period), [])
        yield from readable(SLOT, row.pk, partial(_slot_differs, row, events))
    for subject, period in told_of:
        yield Finding(SLOT, f"{subject} {period}", "日志里有这一格，表里没有")


def _slot_differs(row: Slot, events: list[Event]) -> Iterator[Finding]:
    if not events or _kept(row) != _left(events):
        yield Finding(
            SLOT, row.pk, f"任务 {row.duty.code} 的 {row.period} 期，和事件里记的不一样：期限、凭据、说明、催的次数"
        )


def check_sentences(town: Jurisdiction) -> Iterator[Finding]:
    """Each sentence of a plan is what its last event made of it."""
    last: dict[tuple[str, int, str], Event] = {}
    for event in Event.objects.filter(town=town, type__in=_OF_SENTENCE).order_by("pk"):
        last[event.subject, event.data["revision"], event.data["anchor"]] = event
    rows = Sentence.objects.filter(town=town).select_related("duty", "revision__document", "decided_by")
    for row in rows.defer(*(f"revision__{name}" for name in ("body_html", "body_text", "facts"))).order_by("pk"):
        event = last.pop((row.revision.document.subject, row.revision.number, row.anchor), None)
        yield from readable(SENTENCE, row.pk, partial(_sentence_differs, row, event))
    for (subject, _, anchor), event in last.items():
        if event.type != planning.TAKEN_BACK:
            yield Finding(SENTENCE, f"{subject} {anchor}", "日志里这句话有结论，表里没有")


def _sentence_differs(row: Sentence, event: Event | None) -> Iterator[Finding]:
    duty = row.duty.code if row.duty else ""
    if event is None or event.type == planning.TAKEN_BACK or event.data["duty"] != duty:
        yield Finding(SENTENCE, row.pk, f"规划里第 {row.anchor} 句的结论和事件里记的不一样")
    elif (event.actor, event.recorded_at) != (row.decided_by.code, row.decided_at):
        yield Finding(SENTENCE, row.pk, f"规划里第 {row.anchor} 句是谁、什么时候决定的，和事件里记的不一样")


def check_takeovers(town: Jurisdiction) -> Iterator[Finding]:
    """Who asked for which duties of the law, who agreed or not, and none is missing."""
    types = (lawful.PROPOSED, lawful.AGREED, lawful.REFUSED)
    told_of: dict[str, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(town=town, type__in=types).order_by("pk"):
        told_of[event.subject].append(event)
    rows = Takeover.objects.filter(town=town).select_related("proposed_by", "settled_by").order_by("pk")
    for row in rows:
        yield from readable(TAKEOVER, row.pk, partial(_takeover_differs, row, told_of.pop(row.subject, [])))
    for subject in told_of:
        yield Finding(TAKEOVER, subject, "日志里提出过接下这批法定任务，表里没有")


def _takeover_differs(row: Takeover, events: list[Event]) -> Iterator[Finding]:
    now = [(lawful.PROPOSED, row.proposed_by.code, row.proposed_at, "", lawful.told(row))]
    if row.settled_by:
        settled = lawful.AGREED if row.agreed else lawful.REFUSED
        now.append((settled, row.settled_by.code, row.settled_at, row.reason, lawful.told(row)))
    then = [(one.type, one.actor, one.recorded_at, one.reason, one.data["owners"]) for one in events]
    if now != then:
        yield Finding(TAKEOVER, row.pk, "接下法定任务：哪些任务、哪个岗位、谁提出、谁同意，和事件里记的不一样")


told("任务", check_duties)
told("空格", check_slots)
told("规划里的话", check_sentences)
told("接下法定任务", check_takeovers)
