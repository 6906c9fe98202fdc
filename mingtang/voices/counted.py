"""What the public is told of the obstacles: how many, why, at whom, how they ended. Nothing of any one person."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import ObstacleOutcome, ObstacleState, Reason
from mingtang.voices.models import Obstacle

UNKNOWN = "还没有查明"


@dataclass(frozen=True)
class Counted:
    """One line: ``label``, how many in all, how many still open, and each end in words with how many came to it."""

    label: str
    total: int
    open: int
    ended: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Report:
    """``late``: open ones past their last day, of which the first was due on ``late_since``."""

    by_reason: list[Counted]
    by_unit: list[Counted]
    total: Counted
    late: int
    late_since: date | None


def _line(label: str, ends: Counter[str]) -> Counted:
    return Counted(label, ends.total(), ends[""], tuple((outcome.label, ends[outcome]) for outcome in ObstacleOutcome))


def report(town: Jurisdiction, year: int) -> Report:
    """The obstacles of a year by reason and by unit, most first. Two queries."""
    reasons: dict[str, Counter[str]] = {}
    units: dict[str, Counter[str]] = {}
    rows = Obstacle.objects.filter(town=town, opened_at__year=year)
    for reason, unit, outcome in rows.values_list("reason", "unit__name", "outcome"):
        reasons.setdefault(Reason(reason).label, Counter())[outcome] += 1
        units.setdefault(unit or UNKNOWN, Counter())[outcome] += 1
    waiting = Obstacle.objects.filter(town=town, due_on__lt=timezone.localdate()).exclude(state=ObstacleState.ENDED)
    late = list(waiting.order_by("due_on").values_list("due_on", flat=True))
    return Report(
        by_reason=_sorted(reasons),
        by_unit=_sorted(units),
        total=_line("合计", sum(reasons.values(), Counter())),
        late=len(late),
        late_since=late[0] if late else None,
    )


def _sorted(groups: dict[str, Counter[str]]) -> list[Counted]:
    return sorted((_line(label, ends) for label, ends in groups.items()), key=lambda line: (-line.total, line.label))
