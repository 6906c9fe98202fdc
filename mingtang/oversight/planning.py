"""From a published plan to duties: each of its sentences is made a task, linked to one, or said to be none."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.utils import timezone

from mingtang.disclosure.models import Column, Document, Revision
from mingtang.events import types
from mingtang.events.log import record
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight import plans
from mingtang.oversight.actions import Terms, lay_down
from mingtang.oversight.enums import Source, Verdict
from mingtang.oversight.models import Duty, Sentence
from mingtang.oversight.plans import Found, Guess
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff, Unit
from mingtang.people.policies import actor, check_may

TASK_MADE = types.define("plan.task", "规划里的一句话立为任务", public=True)
NO_TASK = types.define("plan.none", "规划里的一句话不是任务", public=True)
TAKEN_BACK = types.define("plan.open", "规划里的一句话重新看", public=True)


@dataclass(frozen=True)
class Line:
    """A sentence of a plan, what was decided about it, and the column that already stands for it."""

    found: Found
    decided: Sentence | None
    column: Column | None = None

    @property
    def clause(self) -> str:
        return clause(self.found)


def clause(found: Found) -> str:
    """Where it stands, as people find it: 二（三），第9段第7句."""
    paragraph, sentence = found.of.split(".")
    return "，".join(filter(None, [found.section, f"第{paragraph}段第{sentence}句"]))


def year_of(document: Document) -> int:
    """The year a plan is about: the one its title names, else that in which it came into being."""
    title = document.current.revision.title if document.current else ""
    match = plans.YEAR.search(title)
    if match:
        return int(match[1])
    return (document.generated_on or timezone.localdate(document.listed_at)).year


def lines(document: Document) -> tuple[list[Line], dict[int, str]]:
    """Every sentence of the published text in order, and its headings by paragraph."""
    if document.current is None:
        raise Refused("这份信息还没有公开。公开以后才能从里面得出任务。")
    found, titles = plans.read(document.current.revision.body_text, year_of(document))
    decided, columns = _decided(document), _columns(document)
    named = []
    for one in found:
        row = decided.get((one.text, one.name))
        named.append(Line(one, row, None if row else _column_of(one, columns)))
    return named, titles


def _decided(document: Document) -> dict[tuple[str, str], Sentence]:
    """What was decided, by the words of each sentence: a new edition that keeps a sentence keeps its verdict."""
    rows = Sentence.objects.filter(revision__document=document).select_related("revision", "duty")
    found: dict[tuple[str, str], Sentence] = {}
    for revision, decided in groupby(rows.order_by("revision__number"), key=attrgetter("revision")):
        words = {one.anchor: (one.text, one.name) for one in plans.read(revision.body_text, year_of(document))[0]}
        found |= {words[row.anchor]: row for row in decided if row.anchor in words}
    return found


def _columns(document: Document) -> dict[str, Column]:
    """The columns that must be filled, by name."""
    rows = Column.objects.filter(town=document.town_id, closed_on__isnull=True, duties__source=Source.COLUMN)
    return {row.name: row for row in rows.order_by("-pk")}


def _column_of(found: Found, columns: dict[str, Column]) -> Column | None:
    return columns.get(plans.likest(found.name, columns)) if found.guess == Guess.TOPIC else None


def proposed(found: Found, document: Document) -> dict[str, Any]:
    """What the form begins with: name, owner, rhythm and date as far as the sentence says. A day that has passed is
    left out."""
    today = timezone.localdate()
    owner = _owner(found, document)
    on = found.on if found.on and found.on >= today else None
    start: dict[str, Any] = {"name": found.name, "owner": owner.pk if owner else None, "trigger": found.trigger}
    if found.trigger == "once":
        start |= {"due_on": on.isoformat() if on else ""}
    elif found.on and found.trigger == "year":
        start |= {"month": found.on.month, "day": found.on.day}
    return start


def _owner(found: Found, document: Document) -> Post | None:
    """The head's post of the unit that the sentence names, else any post of it."""
    units = {row.name: row for row in Unit.objects.filter(town=document.town_id, dissolved_on__isnull=True)}
    for said in found.units:
        if name := plans.likest(said, units):
            return Post.objects.filter(unit=units[name]).order_by("-is_leader", "pk").first()
    return None


def make_task(*, document: Document, anchor: str, terms: dict[str, Any], by: Staff) -> Duty:
    """Lay a task of a plan down: its source is this sentence of this document. ``terms``: the rest of `Terms`."""
    check_may(by, Permission.DUTY_KEEP, document.town)
    with act():
        found = _undecided(document, anchor)
        revision = document.current.revision
        title = revision.title
        whole = Terms(
            source=Source.PLAN, basis=f"《{title[:100]}》", plan=document, clause=clause(found), **terms
        )  # fmt: skip
        code = f"plan-{revision.pk}-{anchor.replace('.', '-')}"
        duty = lay_down(town=document.town, code=code, terms=whole, by=actor(by))
        _decide(document, found, by, Verdict.TASK, duty)
    return duty


def link_columns(*, document: Document, by: Staff) -> int:
    """Every thing of a list that a column already stands for is that column's duty: nothing is owed twice. How many."""
    check_may(by, Permission.DUTY_KEEP, document.town)
    with act():
        named, _ = lines(document)
        linked = [line for line in named if line.column is not None]
        for line in linked:
            duty = Duty.objects.get(column=line.column, source=Source.COLUMN)
            _decide(document, line.found, by, Verdict.TASK, duty)
    return len(linked)


def not_tasks(*, document: Document, anchors: Collection[str], by: Staff) -> int:
    """These sentences ask for nothing by themselves. How many were decided now."""
    check_may(by, Permission.DUTY_KEEP, document.town)
    if not anchors:
        raise Refused("请勾选不是任务的句子。", field="anchors")
    with act():
        for anchor in anchors:
            _decide(document, _undecided(document, anchor), by, Verdict.NONE, None)
    return len(anchors)


def look_again(*, document: Document, anchor: str, by: Staff) -> None:
    """A sentence that was said to be no task is open again."""
    check_may(by, Permission.DUTY_KEEP, document.town)
    with act():
        row = _line(document, anchor).decided
        if row is None or row.verdict != Verdict.NONE:
            raise Refused("这句话没有说过不是任务，请刷新后再看。")
        row.delete()
        _tell(document, TAKEN_BACK, row.revision, row.anchor, "", by)


def _line(document: Document, anchor: str) -> Line:
    Document.objects.select_for_update().only("pk").get(pk=document.pk)
    line = next((line for line in lines(document)[0] if line.found.anchor == anchor), None)
    if line is None:
        raise Refused("规划里没有这一句，可能出了新版。请刷新后再看。")
    return line


def _undecided(document: Document, anchor: str) -> Found:
    line = _line(document, anchor)
    if line.decided is not None:
        raise Refused("这句话已经有结论了，请刷新后再看。")
    return line.found


def _decide(document: Document, found: Found, by: Staff, verdict: str, duty: Duty | None) -> None:
    revision, code = document.current.revision, duty.code if duty else ""
    event = _tell(document, TASK_MADE if duty else NO_TASK, revision, found.anchor, code, by)
    Sentence.objects.create(
        town=document.town,
        revision=revision,
        anchor=found.anchor,
        verdict=verdict,
        duty=duty,
        decided_by=by,
        decided_at=event.recorded_at,
    )


def _tell(document: Document, type: str, revision: Revision, anchor: str, duty: str, by: Staff) -> Event:
    data = {"revision": revision.number, "anchor": anchor, "duty": duty}
    return record(town=document.town, type=type, subject=document.subject, by=actor(by), data=data)
