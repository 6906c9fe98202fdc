"""办件 in the to-do list: open tasks of cases by their last day, a page at a time, and whose turn each is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases import process
from mingtang.cases.clocks import LIMITS, counted, spans_of
from mingtang.cases.enums import CaseState, ClockKind
from mingtang.cases.models import Case, CaseStep, Clock, Delay
from mingtang.desk import shown
from mingtang.desk.access import served_posts
from mingtang.people.enums import Permission as P
from mingtang.people.models import Assignment, Post, RosterRow
from mingtang.workdays.tables import calendar_for

PAGE = 50
ACTS = {
    process.INTAKE: "审查材料",
    process.DECIDE: "作出决定",
    process.ABOVE: "登记上级决定",
    process.SERVE: "送达",
}
UNDATED = "none"
ORDER = (F("due_on").asc(nulls_last=True), "pk")


class Whose(models.TextChoices):
    """Whose turn a task is, by the post it waits at."""

    MINE = "mine", "我的"
    POST = "post", "本岗位的"
    SUBSTITUTE = "substitute", "替岗的"


@dataclass(frozen=True)
class Inbox:
    """One page of the tasks of a tab; ``urgent`` and ``total`` count all of them. No tabs where all are one's own."""

    rows: list[dict[str, Any]]
    urgent: int = 0
    total: int = 0
    tabs: tuple[tuple[str, str, bool], ...] = ()
    older_url: str = ""
    newer_url: str = ""


def inbox(request: HttpRequest) -> Inbox:
    """What the address asks for: ``whose`` and, for a later page, ``after``: day and key of the last task before."""
    codes = [post.code for post in served_posts(request)]
    if not codes or not request.viewer.may(P.CASE_READ):
        return Inbox([])
    open_steps = CaseStep.objects.filter(case__town=request.town, post_code__in=codes, done_at__isnull=True)
    urgent = Count("pk", filter=Q(due_on__lte=timezone.localdate()))
    found = open_steps.values("post_code").annotate(total=Count("pk"), urgent=urgent).order_by()
    counts = {row["post_code"]: row for row in found}
    asked = request.GET.get("whose", "")
    whose = asked if asked in Whose.values else ""
    kinds = _kinds(request, alone=len(counts) < 2 and not whose)
    chosen = [code for code in counts if not whose or kinds[code] == whose]
    beyond = _beyond(request.GET.get("after", ""))
    steps = open_steps.filter(beyond, post_code__in=chosen)
    rows = _rows(request, steps.order_by(*ORDER)[: PAGE + 1])
    last = rows[PAGE - 1]["step"] if len(rows) > PAGE else None
    return Inbox(
        rows[:PAGE],
        urgent=sum(counts[code]["urgent"] for code in chosen),
        total=sum(counts[code]["total"] for code in chosen),
        tabs=_tabs(kinds, counts, whose),
        older_url=shown.link(whose=whose, after=f"{last.due_on or UNDATED}.{last.pk}") if last else "",
        newer_url=f"/desk/{shown.link(whose=whose)}" if beyond else "",
    )


def _kinds(request: HttpRequest, *, alone: bool) -> dict[str, Whose]:
    """A post is the person's where the roster names them A, or nobody else holds it; else what waits there is the
    post's. What waits at a post they only stand in for is the substitute's. ``alone``: one post, of which kind is not
    told from any other, and nothing is asked."""
    now, posts = timezone.now(), served_posts(request)
    others = Assignment.objects.current(now).filter(post=OuterRef("pk")).exclude(staff=request.user)
    lead = RosterRow.objects.current(now).filter(post=OuterRef("pk"), lead=request.user)
    rows = Post.objects.filter(pk__in=[post.pk for post in posts]).filter(Exists(others) & ~Exists(lead))
    shared = set() if alone else set(rows.values_list("pk", flat=True))
    return {
        post.code: Whose.SUBSTITUTE if post.since is None else Whose.POST if post.pk in shared else Whose.MINE
        for post in posts
    }


def _tabs(kinds: dict[str, Whose], counts: dict[str, Any], whose: str) -> tuple[tuple[str, str, bool], ...]:
    totals: dict[str, int] = dict.fromkeys(Whose.values, 0)
    for code, row in counts.items():
        totals[kinds[code]] += row["total"]
    rows = [(kind.value, kind.label, totals[kind]) for kind in Whose if totals[kind] or kind == whose]
    if len(rows) < 2 and not totals[Whose.SUBSTITUTE]:
        return ()
    return tuple(shown.tabs(whose, [("", "全部", sum(totals.values())), *rows], "", name="whose"))


def _beyond(after: str) -> Q:
    """What comes after a task in the order of the list; everything where the address names none."""
    day, _, key = after.partition(".")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return Q()
    if day == UNDATED:
        return Q(due_on__isnull=True, pk__gt=int(key))
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return Q()
    return Q(due_on__gt=last) | Q(due_on=last, pk__gt=int(key)) | Q(due_on__isnull=True)


def _rows(request: HttpRequest, chosen: Any) -> list[dict[str, Any]]:
    """The rows of these steps, in their order."""
    open_clocks = Clock.objects.filter(stopped_at__isnull=True)
    explained = Exists(Delay.objects.filter(clock=OuterRef("pk")))
    running = Prefetch("case__clocks", open_clocks.annotate(explained=explained).order_by("pk"), to_attr="running")
    # By their keys: a sort that carried whole rows along would cost as much as there are open cases.
    steps = (
        CaseStep.objects.filter(pk__in=chosen.values("pk"))
        .select_related("case__version")
        .defer("case__version__bpmn", "case__applicant_sealed", "opinion_sealed")
        .prefetch_related(running)
        .order_by(*ORDER)
    )
    # Only what was accepted can have been paused: a list of intakes costs nothing more.
    prefetch_related_objects([step.case for step in steps if step.case.accepted_at], "pauses")
    if not steps:
        return []
    calendar, now = calendar_for(request.town), timezone.now()
    standing_in = {post.code: f"，替{post}" for post in served_posts(request) if post.since is None}
    return [_row(step, calendar, now, standing_in.get(step.post_code, "")) for step in steps]


def _limit(step: CaseStep) -> Clock | None:
    """The clock that binds a task: its own, or that of the stage it stands for."""
    kind = LIMITS.get(step.key, ClockKind.STEP)
    wanted = step.key if kind == ClockKind.STEP else ""
    found = [clock for clock in step.case.running if clock.kind == kind and clock.step_key == wanted]
    return found[-1] if found else None


def _row(step: CaseStep, calendar: Any, now: datetime, whose: str) -> dict[str, Any]:
    case, clock, due = step.case, _limit(step), step.due_on
    word, tone = "", "todo"
    if clock is not None:
        word, tone = due_word(clock, calendar, now, spans_of(case) if case.accepted_at else ())
    if case.state == CaseState.SUSPENDED:
        word, tone = "特别程序中", "paused"
    last = f"，{due.month}月{due.day}日到期" if due else ""
    if clock is not None and tone in {"late", "today"} and not clock.explained:
        last += "，还没有说明晚的原因"
    return {
        "step": step,
        "url": f"/desk/cases/{case.number}",
        "title": f"{task_name(case, step.key)}：{case.version.name}",
        "sub": f"{case.number}{last}{whose}",
        "word": word,
        "tone": tone,
        "urgent": due is not None and due <= timezone.localdate(now),
    }


def task_name(case: Case, key: str) -> str:
    """What is to be done in an open task of a case."""
    if process.is_special(key):
        return f"特别程序（{process.special_name(case, key)}）"
    return ACTS.get(key) or case.version.spec.step(key).name


def due_word(clock: Clock, calendar: Any, now: datetime, spans: Any = ()) -> tuple[str, str]:
    """The colour of a running limit, in words and as the tag's tone; ``spans`` are the days that do not count."""
    today = timezone.localdate(now)
    if clock.due_on < today:
        return "已超期", "late"
    if clock.due_on == today:
        return "今天到期", "today"
    reading = counted(clock, spans).read(calendar, now)
    return (f"还有 {reading.left} 个工作日", "today" if reading.state == "yellow" and reading.left <= 1 else "now")
