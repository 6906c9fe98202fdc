"""What `mingtang verify` computes again: the lot of each round, what it drew, each sample, each answer to a demand, the
counts of 看得懂吗."""

from collections.abc import Iterator
from functools import partial

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.ledger.lots import seed_after
from mingtang.scrutiny import demand, limits, reading, rounds, samples
from mingtang.scrutiny.models import Asked, ReadCheck, Sample, SampleRound
from mingtang.scrutiny.statements import Statement, digest
from mingtang.towns.models import Jurisdiction

ROUND, SAMPLE, ASKED = "scrutiny_sampleround", "scrutiny_sample", "scrutiny_asked"
READ = "scrutiny_readcheck"


def check_rounds(town: Jurisdiction) -> Iterator[Finding]:
    """The pool is the one announced, the seed the first checkpoint after, what was drawn what follows from both."""
    related = ("town", "announced_by", "announced_event__town", "announced_event__sequenced", "drawn_event")
    for row in SampleRound.objects.filter(town=town).select_related(*related).order_by("pk"):
        yield from readable(ROUND, row.pk, partial(_round, row))


def _round(row: SampleRound) -> Iterator[Finding]:
    told_then = {"announced_by": row.announced_event.actor, **row.announced_event.data}
    now = {"announced_by": row.announced_by.code, **rounds.facts(row), "pool": digest(row.pool)}
    if now != told_then or row.pool_sha256 != digest(row.pool):
        yield Finding(ROUND, row.pk, f"抽查 {row.number} 的公告和名单，和事件里记的不一样")
    if row.drawn_event is None:
        return
    if {"size": row.size, "root": row.root, "picked": row.picked} != row.drawn_event.data:
        yield Finding(ROUND, row.pk, f"抽查 {row.number} 抽中的和事件里记的不一样")
    seed = seed_after(row.announced_event)
    if seed is None or (seed.size, seed.root) != (row.size, row.root):
        yield Finding(ROUND, row.pk, f"抽查 {row.number} 用的数不是公告以后第一个检查点的")
    elif rounds.lot(row.root, row) != row.picked:
        yield Finding(ROUND, row.pk, f"抽查 {row.number} 抽中的不是算出来的那些")
    else:
        held = row.samples.select_related("unit").order_by("place")
        found = [Statement(one.kind, one.about, one.unit.code, one.spot, one.text).cells for one in held]
        if found != [row.pool[number - 1] for number in row.picked]:
            yield Finding(ROUND, row.pk, f"抽查 {row.number} 核对的不是抽中的那些")


def check_samples(town: Jurisdiction) -> Iterator[Finding]:
    """State, inspector, verdict, words, reply and duty are those of the last event, and none is missing."""
    types = samples.EVENTS.values()
    last = {event.subject: event for event in Event.objects.filter(town=town, type__in=types).order_by("pk")}
    related = ("round", "unit", "inspector", "replied_by", "shown_by", "file", "duty")
    for row in Sample.objects.filter(town=town).select_related(*related).order_by("pk"):
        yield from readable(SAMPLE, row.pk, partial(_sample, row, last.pop(row.subject, None)))
    for subject in last:
        yield Finding(SAMPLE, subject, "日志里有这一条抽查，表里没有")


def _sample(row: Sample, event: Event | None) -> Iterator[Finding]:
    if event is None or event.data != samples.facts(row):
        yield Finding(SAMPLE, row.pk, f"抽查 {row.number} 的核对人、结果、说明或者任务和事件里记的不一样")
    elif row.shown_by and event.actor != row.shown_by.code:
        yield Finding(SAMPLE, row.pk, f"抽查 {row.number} 是谁公布的，和事件里记的不一样")


def check_asked(town: Jurisdiction) -> Iterator[Finding]:
    """Each decision about what many asked for is what its event says, and none is missing."""
    events = Event.objects.filter(town=town, type__in=(demand.TASK, demand.DECLINED))
    left = dict(events.values_list("pk", "subject"))
    for row in Asked.objects.filter(town=town).select_related("duty", "decided_by", "event").order_by("pk"):
        left.pop(row.event_id, None)
        yield from readable(ASKED, row.pk, partial(_asked, row))
    for subject in left.values():
        yield Finding(ASKED, subject, "日志里有这件事的决定，表里没有")


def _asked(row: Asked) -> Iterator[Finding]:
    now = (row.subject, row.reason, row.decided_by.code, row.decided_at, demand.facts(row))
    event = row.event
    if now != (event.subject, event.reason, event.actor, event.recorded_at, event.data):
        yield Finding(ASKED, row.pk, f"群众最关心的第 {row.number} 件事，任务或者说明和事件里记的不一样")


def check_reading(town: Jurisdiction) -> Iterator[Finding]:
    """Of each 看得懂吗 the questions are those approved, the counts those of the events, and none is missing."""
    types = (reading.PROPOSED, reading.APPROVED, reading.RETURNED, reading.PRINTED, reading.ANSWERED, reading.COUNTED)
    told_of: dict[str, dict[str, list[Event]]] = {}
    for event in Event.objects.filter(town=town, type__in=types).order_by("pk"):
        told_of.setdefault(event.subject, {}).setdefault(event.type, []).append(event)
    related = ("edition__document", "owner", "author", "reviewer", "duty")
    for row in ReadCheck.objects.filter(town=town).select_related(*related).order_by("pk"):
        yield from readable(READ, row.pk, partial(_reading, row, told_of.pop(row.subject, {})))
    for subject in told_of:
        yield Finding(READ, subject, "日志里有这份看得懂吗，表里没有")


def _reading(row: ReadCheck, told_of: dict[str, list[Event]]) -> Iterator[Finding]:
    sent, approved, returned, printed, answered, counted = (
        told_of.get(type, [])
        for type in (
            reading.PROPOSED, reading.APPROVED, reading.RETURNED, reading.PRINTED, reading.ANSWERED, reading.COUNTED,
        )
    )  # fmt: skip
    hashes = {event.data["sha256"] for event in (*sent, *approved, *returned)}
    if hashes != {reading.hash_of(row)} or sent[0].actor != row.author.code:
        yield Finding(READ, row.pk, f"看得懂吗第 {row.number} 份的题目和送审时不一样")
    said = [(event.actor, event.reason, event.type == reading.APPROVED) for event in (*approved, *returned)]
    now = [(row.reviewer.code, row.returned_reason, row.reviewed_at is not None)] if row.reviewer else []
    if said != now:
        yield Finding(READ, row.pk, f"看得懂吗第 {row.number} 份是谁审核的、结果怎样，和事件里记的不一样")
    used, slips = row.slips.filter(used=True).count(), row.slips.count()
    if not len(answered) == row.answered == used or slips != (printed[-1].data["slips"] if printed else 0):
        yield Finding(READ, row.pk, f"看得懂吗第 {row.number} 份的答题人数和纸条，和事件里记的不一样")
    last = counted[-1].data if counted else {**reading.counts(row), "people": 0, "right": [0] * reading.QUESTIONS}
    if reading.counts(row) != last or row.told != row.answered - row.answered % reading.GROUP:
        yield Finding(READ, row.pk, f"看得懂吗第 {row.number} 份公布的人数、答对的数或者任务，和事件里记的不一样")
    since = row.answered - row.told
    if any(not 0 <= right - told <= since for right, told in zip(row.right, row.told_right, strict=True)):
        yield Finding(READ, row.pk, f"看得懂吗第 {row.number} 份答对的数多于答题的人数")


def check_limits(town: Jurisdiction) -> Iterator[Finding]:
    """What the town set is what its last event says, once there is one."""
    last = Event.objects.filter(town=town, type=limits.SET).order_by("pk").last()
    if last and {name: last.data[name] for name in ("pass_mark", "heard_days")} != limits.facts(town):
        yield Finding("towns_jurisdiction", town.pk, "及格线和说明期限，和事件里定的不一样")


told("看得懂吗", check_reading)
told("及格线和说明期限", check_limits)
told("群众最关心的事", check_asked)
told("真实性抽查", check_rounds)
told("抽中的一条", check_samples)
