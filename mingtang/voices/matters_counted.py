"""What the public is told of the matters: how many of each kind at each utility, answered in time or not, how they
ended. Nothing of any one person."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import MatterKind, MatterOutcome, MatterState
from mingtang.voices.models import Matter


@dataclass(frozen=True)
class Counted:
    """One kind at one utility: how many, still open, of these late, answered late, disputed, and each end in words."""

    unit: str
    kind: str
    total: int
    open: int
    late: int
    answered_late: int
    disputed: int
    ends: tuple[tuple[str, int], ...]


def of_year(town: Jurisdiction, year: int) -> list[Counted]:
    """The matters of a year by utility and kind. One query."""
    today = timezone.localdate()
    groups: dict[tuple[str, str], list[tuple[str, str, bool, bool, bool]]] = {}
    # A challenge is counted beside what it is about.
    rows = Matter.objects.filter(town=town, told_at__year=year).exclude(kind=MatterKind.CHALLENGE)
    for row in rows.select_related("unit").order_by("unit__order"):
        answered = timezone.localtime(row.answered_at).date() if row.answered_at else None
        told = (
            row.state,
            row.outcome,
            row.due_on < (answered or today),
            answered is not None,
            row.disputed_at is not None,
        )
        groups.setdefault((row.unit.name, row.kind), []).append(told)
    return [_counted(unit, kind, rows) for (unit, kind), rows in groups.items()]


def _counted(unit: str, kind: str, rows: list[tuple[str, str, bool, bool, bool]]) -> Counted:
    ends = Counter(outcome for _, outcome, _, _, _ in rows if outcome)
    return Counted(
        unit,
        MatterKind(kind).label,
        len(rows),
        sum(state == MatterState.OPEN for state, *_ in rows),
        sum(late and not answered for _, _, late, answered, _ in rows),
        sum(late and answered for _, _, late, answered, _ in rows),
        sum(disputed for *_, disputed in rows),
        tuple((outcome.label, ends[outcome]) for outcome in MatterOutcome if ends[outcome]),
    )
