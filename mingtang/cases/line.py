"""The public line of a case: what was done when, what is next, and whose post it is at. Never the person's data."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from django.db.models import prefetch_related_objects
from django.utils import timezone

from mingtang.cases import clocks, process
from mingtang.cases.enums import CaseState, Channel, ClockKind, Outcome
from mingtang.cases.models import Case, CaseStep, Clock, Deferral, Extension
from mingtang.cases.states import ENDED_EARLY
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.rulebook.spec import Work

State = Literal["done", "now", "late", "paused", "todo"]
UNEXPLAINED = "还没有说明"


@dataclass
class Stage:
    """One stage of the line; ``branches`` run side by side. ``lag``: how long after the act it was entered; ``delay``:
    the public reason why it is late, or that none was given; ``word``: what the tag says where ``state`` does not."""

    key: str
    title: str
    state: State
    owner: str = ""
    planned: date | None = None
    actual: datetime | None = None
    place: str = ""
    lag: timedelta | None = None
    delay: str = ""
    word: str = ""
    branches: list["Stage"] = field(default_factory=list)


@dataclass
class Line:
    case: Case
    stages: list[Stage]
    clocks: list[clocks.Read]
    resident_days: int
    sentence: str


def line(case: Case, at: datetime | None = None) -> Line:
    """The line at a moment; planned days come from the clocks that run."""
    at = at or timezone.now()
    today = timezone.localdate(at)
    steps = list(case.steps.order_by("opened_at", "pk"))
    prefetch_related_objects([case], "pauses", "deferrals", "rulings", "pledges", "authorities")
    running = list(case.clocks.order_by("pk").prefetch_related("delays"))
    owners = _owners(case)
    stages = [_received(case), *_supplement(case, steps, today), _accepted(case, running, owners, today)]
    stages += _told(case, running, owners)
    for group, members in groupby(_works(case, steps), key=lambda step: step.group):
        found = [_worked(step, owners.get(step.post, ""), steps, running, today) for step in members]
        if group is None or len(found) == 1:
            stages += found
        else:
            stages.append(_side_by_side(found))
    if case.state in ENDED_EARLY:
        stages = [stage for stage in stages if stage.state == "done"]
        stages.append(Stage("ended", case.state_title, "done", actual=case.ended_at))
    else:
        stages += _decisions(case, steps, running, owners, today)
        stages.append(_served(case, running, owners, today))
    stages += _verified(case, today)
    stages += _ruled(case, today)
    return Line(case, stages, clocks.read_all(case, at), clocks.resident_days(case, at), _sentence(case, running, at))


def _works(case: Case, steps: list[CaseStep]) -> list[Work]:
    """The steps this case goes through, in order; once its key was destroyed by law, those it went through."""
    try:
        return list(case.selected.steps)
    except Refused:
        done = {step.key for step in steps}
        return [work for work in case.version.spec.steps if work.key in done]


def _owners(case: Case) -> dict[str, str]:
    return {post.code: str(post) for post in Post.objects.filter(town=case.town).select_related("unit")}


def _received(case: Case) -> Stage:
    if case.channel == Channel.OFFICE:
        return Stage("submit", "没有等申请，依职权启动", "done", actual=case.submitted_at)
    place = str(case.window) if case.window else "网上" if case.channel == Channel.ONLINE else "窗口"
    lag = case.late.lag if case.channel == Channel.PAPER else None
    return Stage("submit", f"{case.get_channel_display()}收件", "done", actual=case.submitted_at, place=place, lag=lag)


def _due(running: list[Clock], kind: str, step_key: str = "") -> Clock | None:
    """The limit a stage keeps, the newest round of it."""
    return next((row for row in reversed(running) if row.kind == kind and row.step_key == step_key), None)


def _waits(due: Clock | None, today: date) -> State:
    return "late" if due and due.due_on < today else "now"


def _kept(stage: Stage, due: Clock | None, today: date) -> Stage:
    """The stage with its planned day and, where that is missed or a reason was given before, why."""
    if due is None:
        return stage
    stage.planned = due.due_on
    ended = timezone.localdate(stage.actual) if stage.actual else today
    said = due.delays.all()
    late = ended > due.due_on and (stage.actual or due.stopped_at is None)
    stage.delay = said[len(said) - 1].text if said else UNEXPLAINED if late else ""
    return stage


def _told(case: Case, running: list[Clock], owners: dict[str, str]) -> list[Stage]:
    """Special procedures and the extension, each with the days it told beforehand."""
    owner = owners.get(case.version.spec.decider_post, "")
    found: list[tuple[int, Stage]] = []
    for row in case.pauses.all():
        name = case.version.spec.procedures[row.number - 1].name
        title = f"特别程序：{name}，{day_words(row.first_on)}到{day_words(row.last_on)}不计入期限"
        state: State = "done" if row.ended_at else "paused"
        stage = Stage(f"pause_{row.pk}", title, state, owner=owner, planned=row.last_on, actual=row.ended_at)
        stage.word = "" if row.ended_at else "进行中"
        found.append((row.event_id, stage))
    if any(clock.extension for clock in running):
        extension = Extension.objects.select_related("event").get(case=case)
        until = f"法定期限从{day_words(extension.old_due_on)}到{day_words(extension.due_on)}"
        title = f"延期 {extension.working_days} 个工作日，{until}"
        stage = Stage("extension", title, "done", owner=owner, actual=extension.event.happened_at)
        found.append((extension.event_id, stage))
    if deferred := [row for row in case.deferrals.all() if case.accepted_at]:
        found.append((deferred[0].event_id, _deferred(deferred)))
    for row in case.authorities.all():
        stage = Stage(f"authority_{row.pk}", row.get_change_display(), "done", owner="申请人", actual=row.recorded_at)
        found.append((row.event_id, stage))
    if pledged := list(case.pledges.all()):
        found.append((pledged[0].event_id, Stage("pledged", f"{len(pledged)} 项材料由申请人书面承诺代替", "done")))
    return [stage for _, stage in sorted(found, key=lambda one: one[0])]


def _verified(case: Case, today: date) -> list[Stage]:
    """Whether what was pledged was looked into, by when; never which papers nor what was found."""
    rows = [row for row in case.pledges.all() if row.verify_by]
    if not rows:
        return []
    due, out = max(row.verify_by for row in rows), [row for row in rows if row.verified_at is None]
    if not out:
        return [Stage("verify", "核查承诺", "done", planned=due, actual=max(row.verified_at for row in rows))]
    return [Stage("verify", "核查承诺", "late" if min(row.verify_by for row in out) < today else "now", planned=due)]


def _ruled(case: Case, today: date) -> list[Stage]:
    """What review and court said, and whether the organ still has to act."""
    found = []
    for row in case.rulings.all():
        title = f"{row.get_body_display()}：{row.get_kind_display()}"
        waits = row.act_by is not None and row.carried_out_at is None
        state: State = "done" if not waits else "late" if row.act_by < today else "now"
        found.append(Stage(f"ruling_{row.pk}", title, state, planned=row.act_by, actual=row.carried_out_at))
    return found


def _deferred(rows: list[Deferral]) -> Stage:
    """Papers that follow: how many and by when, never which."""
    due, out = max(row.due_on for row in rows), [row for row in rows if row.handed_in_at is None]
    title = f"容缺受理，{len(rows)} 项材料后补"
    if not out:
        came = max(row.handed_in_at for row in rows if row.handed_in_at)
        return Stage("deferred", f"{title}，已补齐", "done", owner="申请人", planned=due, actual=came)
    missed = any(row.missed_at for row in out)
    return Stage("deferred", title, "late" if missed else "now", owner="申请人", planned=due)


def day_words(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _supplement(case: Case, steps: list[CaseStep], today: date) -> list[Stage]:
    supply = next((step for step in reversed(steps) if step.key == process.SUPPLY), None)
    if supply is None:
        return []
    if supply.done_at:
        return [Stage("supply", "一次性告知，已补齐", "done", owner="申请人", actual=supply.done_at)]
    return [Stage("supply", "一次性告知，等申请人补材料", "now", owner="申请人")]


def _accepted(case: Case, running: list[Clock], owners: dict[str, str], today: date) -> Stage:
    owner, due = owners.get(case.version.spec.window_post, ""), _due(running, ClockKind.INTAKE)
    if case.accepted_at:
        title = "受理（逾期未告知，自收件之日起视为受理）" if case.accepted_by_silence else "受理"
        done = Stage("accept", title, "done", owner=owner, actual=case.accepted_at)
        return done if case.accepted_by_silence else _kept(done, due, today)
    state: State = _waits(due, today) if case.state == CaseState.SUBMITTED else "todo"
    return _kept(Stage("accept", "受理", state, owner=owner), due, today)


def _worked(work: Work, owner: str, steps: list[CaseStep], running: list[Clock], today: date) -> Stage:
    step = next((row for row in reversed(steps) if row.key == work.key), None)
    due = _due(running, ClockKind.STEP, work.key)
    if step is None:
        return Stage(work.key, work.name, "todo", owner=owner)
    if step.done_at is None:
        state: State = "paused" if step.case.state == CaseState.SUSPENDED else _waits(due, today)
        return _kept(Stage(work.key, work.name, state, owner=owner), due, today)
    lag = step.recorded_at - step.done_at
    shown = lag if lag > timedelta(minutes=5) else None
    return _kept(Stage(work.key, work.name, "done", owner=owner, actual=step.done_at, lag=shown), due, today)


def _side_by_side(branches: list[Stage]) -> Stage:
    """One stage over its branches: done when the slowest is."""
    states = {branch.state for branch in branches}
    state: State = "late" if "late" in states else "done" if states == {"done"} else "todo"
    if state == "todo" and states != {"todo"}:
        state = "now"
    due = max((branch.planned for branch in branches if branch.planned), default=None)
    return Stage("together", f"{len(branches)} 步同时审查", state, planned=due, branches=branches)


def _decided(case: Case, steps: list[CaseStep], running: list[Clock], owners: dict[str, str], today: date) -> Stage:
    owner = owners.get(case.version.spec.decider_post, "")
    due = _due(running, ClockKind.PROMISE)
    if case.decided_at:
        title = f"决定：{Outcome(case.outcome).label}"
        return _kept(Stage("decide", title, "done", owner=owner, actual=case.decided_at), due, today)
    waiting = any(step.key == process.DECIDE and step.done_at is None for step in steps)
    state: State = _waits(due, today) if waiting else "todo"
    if waiting and case.state == CaseState.SUSPENDED:
        state = "paused"
    return _kept(Stage("decide", "作出决定", state, owner=owner), due, today)


def _decisions(
    case: Case, steps: list[CaseStep], running: list[Clock], owners: dict[str, str], today: date
) -> list[Stage]:
    """The decision; where a superior organ decides, what the town sends up and then what comes back."""
    above = case.version.spec.superior.organ
    sent = list(case.send_ups.all()) if above else []
    if not above or (case.decided_at and not case.superior_number):
        return [_decided(case, steps, running, owners, today)]
    last = sent[-1] if sent else None
    lies_there = last is not None and (case.state == CaseState.REPORTED_UP or bool(case.superior_number))
    owner, due = owners.get(case.version.spec.decider_post, ""), _due(running, ClockKind.PROMISE)
    waiting = any(step.key == process.DECIDE and step.done_at is None for step in steps)
    state: State = "done" if lies_there else _waits(due, today) if waiting else "todo"
    town = Stage("send_up", "审查完，报送上级", state, owner=owner)
    county = Stage("above", "上级决定", "todo", owner=above)
    if last is not None and lies_there:
        town.actual, limit = last.sent_at, _due(running, ClockKind.SUPERIOR)
        county.state = "done" if case.decided_at else _waits(limit, today)
        if case.decided_at:
            county.title, county.actual = f"上级决定：{Outcome(case.outcome).label}", case.decided_at
        county = _kept(county, limit, today)
    return [_kept(town, due, today), county]


def _served(case: Case, running: list[Clock], owners: dict[str, str], today: date) -> Stage:
    due = _due(running, ClockKind.SERVICE)
    owner = owners.get(case.version.spec.window_post, "")
    if case.state == CaseState.CLOSED:
        return _kept(Stage("serve", "送达", "done", owner=owner, actual=case.ended_at), due, today)
    state: State = _waits(due, today) if case.state == CaseState.DECIDED else "todo"
    return _kept(Stage("serve", "送达", state, owner=owner), due, today)


def _sentence(case: Case, running: list[Clock], at: datetime) -> str:
    """The line in words, resident-days included."""
    days = f"从您第一次来到{'办结' if case.ended_at else '今天'}：{clocks.resident_days(case, at)} 天。"
    promise = next((clock for clock in running if clock.kind == ClockKind.PROMISE and not clock.stopped_at), None)
    if case.state == CaseState.REPORTED_UP:
        return f"已报{case.version.spec.superior.organ}决定，结果由我们送给您。{days}"
    if promise is None:
        return days
    read = clocks.read(promise, clocks.calendar_for(case.town), at, clocks.spans_of(case)).reading
    if case.state == CaseState.SUSPENDED:
        pause = next(row for row in case.pauses.all() if row.ended_at is None)
        return f"正在进行{pause.ground}，到{day_words(pause.last_on)}为止不计入期限，过后自动接着算。{days}"
    if read.state == "red":
        return f"承诺期 {read.total} 个工作日，已经超过。{days}"
    return f"承诺期第 {read.used} 个工作日／共 {read.total} 个。{days}"
