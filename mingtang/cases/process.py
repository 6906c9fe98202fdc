"""Moving the case's process: the engine's state and the SQL rows of its tasks change together."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max

from mingtang.cases import clocks
from mingtang.cases.enums import ClockKind
from mingtang.cases.models import Case, CaseStep, Process
from mingtang.events import vault
from mingtang.flows import engine
from mingtang.people.models import Staff
from mingtang.rulebook import situations

INTAKE, SUPPLY, DECIDE, ABOVE, SERVE = "intake", "supply", "decide", "reported_up", "serve"
SPECIAL = "suspended_"  # and the number of the special procedure


def steps_of(case: Case) -> list[CaseStep]:
    """The steps the case has had so far, open ones included."""
    return list(case.steps.defer("opinion_sealed"))


def waiting(rows: Sequence[CaseStep], key: str) -> CaseStep | None:
    """The open step of this key."""
    return next((row for row in rows if row.key == key and row.done_at is None), None)


def begin(case: Case, *, at: datetime) -> None:
    """Start the process of the case's version with the answers that its conditions ask for."""
    result = engine.start(bytes(case.version.bpmn), situations.flags(case.version.spec, case.answers))
    Process.objects.create(case=case, state_sealed=vault.seal(case.key, result.state))
    _open(case, result.ready, [], at)


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
    n: int = 1,
    decision: str = "",
    rows: Sequence[CaseStep] | None = None,
) -> CaseStep:
    """Do what lifecycle act ``act`` does to the process: completes task ``key`` and opens what follows.

    The case is locked; ``rows`` are its steps, for a caller who has read them already.
    Raises ``Refused`` when the process does not offer the task now.
    """
    # Read after the case was locked, never joined to it: PostgreSQL hands out joined rows as they were before the wait.
    process, rows = Process.objects.get(case=case), steps_of(case) if rows is None else rows
    said = "done" if agrees is None else ("agree" if agrees else "disagree")
    result = engine.act(
        bytes(case.version.bpmn),
        vault.open_sealed(case.key, process.state_sealed),
        act,
        step=step or key,
        n=n,
        decision=decision,
        opinion=said,
    )
    process.state_sealed = vault.seal(case.key, result.state)
    process.save(update_fields=["state_sealed"])
    done = waiting(rows, key)
    assert done is not None  # the engine and the rows change together
    done.done_at, done.recorded_at, done.done_by, done.agrees = at, recorded_at, by, agrees
    done.opinion_sealed = case.seal({"opinion": opinion}) if opinion else None
    done.save(update_fields=["done_at", "recorded_at", "done_by", "agrees", "opinion_sealed"])
    if _limit(case, key):
        clocks.stop(case, ClockKind.STEP, at=at, step_key=key)
    _open(case, result.ready, rows, at)
    return done


def begin_special(case: Case, number: int, *, at: datetime, last_on: date) -> None:
    """Begin special procedure ``number`` of the version, counted from 1: its task waits at the decider's post until
    ``last_on``.

    The case is locked. Raises ``Refused`` where it is not drawn, or may not begin now.
    """
    process = Process.objects.get(case=case)
    state = vault.open_sealed(case.key, process.state_sealed)
    result = engine.act(bytes(case.version.bpmn), state, "suspend", n=number)
    process.state_sealed = vault.seal(case.key, result.state)
    process.save(update_fields=["state_sealed"])
    _open(case, result.ready, steps_of(case), at)
    case.steps.filter(key=f"{SPECIAL}{number}", done_at__isnull=True).update(due_on=last_on)


def begin_again(case: Case, *, at: datetime) -> None:
    """A new round of the same drawn process, from intake: what was not done any more waits on nobody.

    The case is locked.
    """
    case.steps.filter(done_at__isnull=True).delete()
    bpmn = bytes(case.version.bpmn)
    result = engine.start(bpmn, situations.flags(case.version.spec, case.answers))
    Process.objects.filter(case=case).update(state_sealed=vault.seal(case.key, result.state))
    _open(case, result.ready, steps_of(case), at)


def is_special(key: str) -> bool:
    return key.startswith(SPECIAL)


def special_name(case: Case, key: str) -> str:
    """The name of the special procedure whose task this is."""
    return case.version.spec.procedures[int(key.removeprefix(SPECIAL)) - 1].name


def _open(case: Case, ready: Sequence[engine.Ready], rows: Sequence[CaseStep], at: datetime) -> None:
    """A row for every task the process offers and no row waits for; its clock where the step has a limit.

    ``rows`` are the steps the case has had so far. A step that an early end left undone has no row any more; where the
    process was begun again, its clock still counts as a round.
    """
    held = {row.key: row for row in rows if row.done_at is None}
    moved = _handed_on(case) if case.has_recusals else {}
    again = any(row.key == INTAKE and row.round > 1 for row in rows)
    counted = _counted(case) if again else {}
    for task in ready:
        if task.key in held:
            continue
        round = 1 + max([counted.get(task.key, 0), *(row.round for row in rows if row.key == task.key)])
        post = post_of(case, task.key)
        post = moved.get(post, post)
        due_on = clocks.due_on(case, task.key)
        if days := _limit(case, task.key):
            limit = clocks.start(case, ClockKind.STEP, at=at, working_days=days, step_key=task.key, round=round)
            due_on = limit.due_on
        CaseStep.objects.create(case=case, key=task.key, round=round, post_code=post, opened_at=at, due_on=due_on)
    # What the process no longer offers (a branch left behind) does not wait on anybody.
    if left := held.keys() - {task.key for task in ready}:
        case.steps.filter(pk__in=[held[key].pk for key in left]).delete()


def _counted(case: Case) -> dict[str, int]:
    """The last round of each step's clock."""
    rows = case.clocks.filter(kind=ClockKind.STEP).values_list("step_key")
    return dict(rows.annotate(last=Max("round")).order_by())


def _handed_on(case: Case) -> dict[str, str]:
    """Post whose steps another takes over, by a recusal that was granted."""
    return dict(case.recusals.filter(granted=True).exclude(to_post="").values_list("from_post", "to_post"))


def post_of(case: Case, key: str) -> str:
    """The post that owns a task of the process; empty for the applicant's own."""
    spec = case.version.spec
    if key in {INTAKE, SERVE}:
        return spec.window_post
    if key in {DECIDE, ABOVE} or is_special(key):
        return spec.decider_post
    if key == SUPPLY:
        return ""
    return spec.step(key).post


def _limit(case: Case, key: str) -> int | None:
    if key in {INTAKE, SERVE, DECIDE, ABOVE, SUPPLY} or is_special(key):
        return None
    return case.version.spec.step(key).working_days
