"""The queries behind the lists: records of a town and a period in, rows out. Nothing else can put a row into a list.

The same records give the same rows in the same order. Sums are fen. A source hands out what its template names and
the number of no person: whoever is concerned is known by the case, their name and the last four characters of theirs.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from mingtang.cases.enums import ClockKind, GrantState
from mingtang.cases.grants import days, village_of
from mingtang.cases.models import Case, Clock, Grant, Payout
from mingtang.disclosure.derived.draws import called
from mingtang.disclosure.derived.template import Template
from mingtang.disclosure.enums import Party
from mingtang.disclosure.models import Draw, Penalty
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import compact
from mingtang.lib.text import chinese_date
from mingtang.money.enums import NoticeState, RefundState
from mingtang.money.models import Notice, Refund
from mingtang.rulebook.models import ItemFacts
from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import ObstacleOutcome, Reason
from mingtang.voices.models import Obstacle

NO_ITEM = "没有对应的缴款通知"
Cells = dict[str, str | int]


@dataclass(frozen=True)
class Asked:
    """For whom and for when a list is composed: both days count. ``village`` only where the rows hang on its board."""

    town: Jurisdiction
    first: date
    last: date
    village: str = ""

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Both ends of the period as moments; the second does not belong to it."""
        end = self.last + timedelta(days=1)
        return tuple(timezone.make_aware(datetime.combine(day, time.min)) for day in (self.first, end))  # type: ignore[return-value]


@dataclass(frozen=True)
class Record:
    """A row before it is masked; ``name`` and ``tail`` where it tells of a person, with the ``case`` that opens it;
    where there is no case, the number of the ``decision`` that does."""

    cells: Cells
    case: Case | None = None
    name: str = ""
    tail: str = ""
    decision: str = ""


@dataclass(frozen=True)
class Found:
    """``left_out``: how many records of the period are kept from the public by a decision of their own, with a reason.
    Only they are missing, and the list says how many."""

    records: list[Record] = field(default_factory=list)
    left_out: int = 0


def _within(rows: Any, column: str, asked: Asked) -> Any:
    first, end = asked.moments
    return rows.filter(**{f"{column}__gte": first, f"{column}__lt": end})


def _names(town: Jurisdiction) -> dict[str, str]:
    return dict(ItemFacts.objects.filter(town=town).values_list("item__code", "name"))


def _grants(template: Template, asked: Asked) -> Found:
    """The grants of the period that somebody looked at before they were shown.

    Raises ``Refused`` while one still waits for that look: a list leaves out nothing by silence.
    """
    rows = Grant.objects.filter(town=asked.town, scope=template.scope, kind=template.applicant)
    rows = _within(rows, "paper__created_at", asked)
    if waiting := rows.filter(state=GrantState.WAITING).count():
        raise Refused(f"这段时间还有 {waiting} 件结果没有人看过。请先到“结果公开”里看完，再生成公示表。")
    rows = rows.select_related("case__version", "case__key", "case__town", "case__item", "paper")
    rows = rows.defer("case__version__bpmn").prefetch_related("paper__permits").order_by("paper__created_at", "pk")
    # Where a grant hangs was said by who looked; of one that was kept back nobody did.
    found = [row for row in rows if not asked.village or _village(row) == asked.village]
    shown = [row for row in found if row.state != GrantState.WITHHELD]
    return Found([_granted(row) for row in shown], len(found) - len(shown))


def _village(grant: Grant) -> str:
    return grant.village or village_of(grant.case.applicant["address"])


def _granted(grant: Grant) -> Record:
    person, spec = grant.case.applicant, grant.case.version.spec
    name = person["organisation"] or person["name"]
    cells: Cells = {
        "name": name,
        "uscc": person["uscc"] if person["organisation"] else "",
        "village": _village(grant),
        "item": spec.name,
        "content": "、".join(row.name for row in spec.results),
        "number": grant.paper.number,
        "decided": chinese_date(timezone.localdate(grant.paper.created_at)),
        "valid": days(grant.paper.permits.all()),
    }
    return Record(cells, grant.case, name, compact(person["id_number"] or "")[-4:])


def _payouts(template: Template, asked: Asked) -> Found:
    """What was paid out in the period on grants that somebody looked at; what was voided since is not in it."""
    rows = Payout.objects.standing().filter(case__town=asked.town, paid_on__range=(asked.first, asked.last))
    waits = Grant.objects.filter(case=OuterRef("case"), state=GrantState.WAITING)
    if waiting := rows.filter(Exists(waits)).count():
        raise Refused(f"这段时间有 {waiting} 笔发放，它的结果还没有人看过。请先到“结果公开”里看完，再生成公示表。")
    rows = rows.select_related("case__version", "case__key", "case__town").defer("case__version__bpmn")
    found, left_out = [], 0
    for row in rows.prefetch_related("case__grants").order_by("paid_on", "pk"):
        grant = next((one for one in row.case.grants.all() if one.scope == template.scope), None)
        person = row.case.applicant
        village = (grant and grant.village) or village_of(person["address"])
        if village != asked.village:
            continue
        if grant is None or grant.state == GrantState.WITHHELD:
            left_out += 1
            continue
        cells: Cells = {
            "name": person["name"],
            "village": village,
            "item": row.case.version.spec.name,
            "amount": row.amount,
            "paid": chinese_date(row.paid_on),
        }
        found.append(Record(cells, row.case, person["name"], compact(person["id_number"] or "")[-4:]))
    return Found(found, left_out)


def summed(lines: Iterable[tuple[tuple[str, ...], int]], names: tuple[str, ...]) -> Found:
    """One row for each key, sorted by it: how many and how much."""
    counts, sums = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for key, amount in lines:
        counts[key] += 1
        sums[key] += amount
    return Found(
        [
            Record({**dict(zip(names, key, strict=True)), "count": counts[key], "amount": sums[key]})
            for key in sorted(counts)
        ]
    )


def _month(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m}"


def _fees(template: Template, asked: Asked) -> Found:
    """Each fee of each notice paid in the period, refunded since or not: the refunds are a list of their own."""
    paid = Notice.objects.filter(town=asked.town, state__in=(NoticeState.PAID, NoticeState.REFUNDED))
    rows = _within(paid, "paid_at", asked).values_list("paid_at", "version__item__code", "lines")
    names = _names(asked.town)

    def lines() -> Iterator[tuple[tuple[str, ...], int]]:
        for at, code, fees in rows:
            for fee in fees:
                yield (_month(at), names.get(code, code), fee["name"]), fee["amount"]

    return summed(lines(), ("month", "item", "fee"))


def _refunds(template: Template, asked: Asked) -> Found:
    """What went back in the period, by the bank's serial."""
    done = Refund.objects.filter(town=asked.town, state=RefundState.DONE)
    rows = _within(done, "done_at", asked).values_list(
        "done_at", "deposit__notice__version__item__code", "of_fee", "amount"
    )
    names = _names(asked.town)
    lines = (
        ((_month(at), names.get(code, code) if code else NO_ITEM, "费" if of_fee else "多缴、错缴的钱"), amount)
        for at, code, of_fee, amount in rows
    )
    return summed(lines, ("month", "item", "kind"))


def _obstacles(template: Template, asked: Asked) -> Found:
    """What was told in the period, by reason, with what has come of it so far."""
    ends: dict[str, Counter[str]] = {}
    for reason, outcome in _within(Obstacle.objects.filter(town=asked.town), "opened_at", asked).values_list(
        "reason", "outcome"
    ):
        ends.setdefault(reason, Counter())[outcome] += 1
    return Found(
        [
            Record(
                {
                    "reason": reason.label,
                    "count": ends[reason].total(),
                    "open": ends[reason][""],
                    **{outcome.value: ends[reason][outcome] for outcome in ObstacleOutcome},
                }
            )
            for reason in Reason
            if reason in ends
        ]
    )


def _late(template: Template, asked: Asked) -> Found:
    """Cases decided in the period, by item: how many after the promised day, and how many days at most."""
    clocks = Clock.objects.filter(case__town=asked.town, kind=ClockKind.PROMISE)
    rows = _within(clocks, "case__decided_at", asked).order_by()
    found: dict[str, list[int]] = {}
    for code, decided, due in rows.values_list("case__item__code", "case__decided_at").annotate(due=Max("due_on")):
        found.setdefault(code, []).append((timezone.localdate(decided) - due).days)
    names = _names(asked.town)
    return Found(
        [
            Record(
                {
                    "item": names.get(code, code),
                    "count": len(over),
                    "late": sum(days > 0 for days in over),
                    "longest": max(0, *over),
                }
            )
            for code, over in sorted(found.items())
        ]
    )


def _draws(template: Template, asked: Asked) -> Found:
    """Whoever was drawn in the period, in their order."""
    rows = _within(Draw.objects.filter(town=asked.town), "drawn_event__recorded_at", asked).order_by("pk")
    return Found(
        [
            Record(
                {
                    "draw": row.number,
                    "purpose": row.purpose,
                    "field": row.field,
                    "among": f"{len(row.pool)} 人里抽 {row.wanted} 人",
                    "name": expert.name,
                    "workplace": expert.workplace,
                }
            )
            for row in rows
            for expert in called(row)
        ]
    )


def _penalties(template: Template, asked: Asked) -> Found:
    """The decisions of the period that stand and are public, by day; none whose person is forgotten.

    Raises ``Refused`` while one waits for the second person: a list leaves out nothing by silence.
    """
    rows = Penalty.objects.standing().filter(town=asked.town, decided_on__range=(asked.first, asked.last))
    if waiting := rows.filter(confirmed_at__isnull=True).count():
        raise Refused(f"这段时间还有 {waiting} 份处罚决定没有人确认。请先到“行政处罚”里确认，再生成公示表。")
    held = list(rows.select_related("unit", "article__law", "key").order_by("decided_on", "pk"))
    found = [_punished(row) for row in held if row.public and not row.forgotten]
    return Found(found, len(held) - len(found))


def _punished(row: Penalty) -> Record:
    cells: Cells = {
        "number": row.number,
        "cause": row.cause,
        "name": row.against,
        "article": str(row.article),
        "result": row.result,
        "decided": chinese_date(row.decided_on),
        "organ": row.unit.name,
    }
    if row.party == Party.ORGANISATION:
        return Record(cells, decision=row.number)
    return Record(cells, None, row.against, row.person()["id_number"][-4:], row.number)


SOURCES: dict[str, Callable[[Template, Asked], Found]] = {
    "grants": _grants,
    "payouts": _payouts,
    "fees": _fees,
    "refunds": _refunds,
    "obstacles": _obstacles,
    "late": _late,
    "draws": _draws,
    "penalties": _penalties,
}
