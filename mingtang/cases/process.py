"""Moving the case's process: the engine's state and the SQL rows of its tasks change together."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from mingtang.cases import clocks
from mingtang.cases.enums import ClockKind
from mingtang.cases.models import Case, CaseStep, Process
from mingtang.flows import engine
from mingtang.people.models import Staff

INTAKE, SUPPLY, DECIDE, SERVE = "intake", "supply", "decide", "serve"


def begin(case: Case, *, at: datetime) -> None:
    """Start the process of the case's version."""
    result = engine.start(bytes(case.version.bpmn))
    Process.objects.create(case=case, state=result.state)
    _open(case, result.ready, at)


def advance(
    case: Case,
    act: str,
    key: str,
    *,
    at: datetime,
    recorded_at: datetime,
    by: Staff | None = None,
    agrees: bool | None = None,
    opinion: str = "",
    step: str = "",
    decision: str = "",
) -> CaseStep:
    """Do what lifecycle act ``act`` does to the process: completes task ``key`` and opens what follows.

    Raises ``Refused`` when the process does not offer the task now.
    """
    process = Process.objects.select_for_update().get(case=case)
    said = "done" if agrees is None else ("agree" if agrees else "disagree")
    result = engine.act(
        bytes(case.version.bpmn), bytes(process.state), act, step=step or key, decision=decision, opinion=said
    )
    process.state = result.state
    process.save(update_fields=["state"])
    done = case.steps.get(key=key, done_at__isnull=True)
    done.done_at, done.recorded_at, done.done_by, done.agrees = at, recorded_at, by, agrees
    done.opinion_sealed = case.seal({"opinion": opinion}) if opinion else None
    done.save()
    clocks.stop(case, ClockKind.STEP, at=at, step_key=key)
    _open(case, result.ready, at)
    return done


def _open(case: Case, ready: Sequence[engine.Ready], at: datetime) -> None:
    """A row for every task the process offers and no row waits for; its clock where the step has a limit."""
    waiting = set(case.steps.filter(done_at__isnull=True).values_list("key", flat=True))
    for task in ready:
        if task.key in waiting:
            continue
        round = (case.steps.filter(key=task.key).aggregate(last=Max("round"))["last"] or 0) + 1
        CaseStep.objects.create(case=case, key=task.key, round=round, post_code=post_of(case, task.key), opened_at=at)
        if days := _limit(case, task.key):
            clocks.start(case, ClockKind.STEP, at=at, working_days=days, step_key=task.key, round=round)
    # What the process no longer offers (a branch left behind) does not wait on anybody.
    offered = {task.key for task in ready}
    case.steps.filter(done_at__isnull=True).exclude(key__in=offered).delete()


def post_of(case: Case, key: str) -> str:
    """The post that owns a task of the process; empty for the applicant's own."""
    spec = case.version.spec
    if key in {INTAKE, SERVE}:
        return spec.window_post
    if key == DECIDE:
        return spec.decider_post
    if key == SUPPLY:
        return ""
    return spec.step(key).post


def _limit(case: Case, key: str) -> int | None:
    if key in {INTAKE, SERVE, DECIDE, SUPPLY}:
        return None
    return case.version.spec.step(key).working_days
