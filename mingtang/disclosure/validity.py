"""What holds for a document that is out already: the term it was published without, and that it stays in force or is to
be changed, as the town's clearing of its documents says. One person proposes, another agrees; no new edition is made.

A document that goes on after its term needs a new edition where the rule asks for a new number (`terms`); this is for
what the rule leaves as it is.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.enums import ValidityVerdict as V
from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.kinds.kind import Life
from mingtang.disclosure.kinds.life import most_years
from mingtang.disclosure.models import Edition, Restatement
from mingtang.disclosure.policies import check_own_unit
from mingtang.disclosure.terms import paper_of
from mingtang.events import types
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may, powers_of
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import add_calendar

PROPOSED = types.define("document.validity_proposed", "提出有效性结论")
RESTATED = types.define("document.validity_restated", "定下有效性结论", public=True)
REFUSED = types.define("document.validity_refused", "不同意有效性结论")


def _ending_kinds() -> dict[str, Life]:
    return {kind.code: kind.life for kind in kinds().values() if kind.life}


def _life_of(edition: Edition) -> Life:
    """The rule for documents with a term: of its kind, else that of the kind in whose column it stands."""
    ending = _ending_kinds()
    return ending.get(edition.document.kind) or next(iter(ending.values()))


def with_a_term(town: Jurisdiction) -> QuerySet[Edition]:
    """Editions in force that the rule gives an end: of a kind that has one, or filed where such documents stand."""
    ending = _ending_kinds()
    columns = {code for kind in ending for code in kinds()[kind].columns}
    wanted = Q(document__kind__in=ending) | Q(document__filings__column__code__in=columns)
    rows = Edition.objects.filter(wanted | Q(in_force_from__isnull=False), document__town=town)
    return rows.filter(state=EditionState.PUBLISHED).distinct()


def without_term(town: Jurisdiction) -> QuerySet[Edition]:
    """Those that were published before terms were kept, or taken in from elsewhere, the oldest first."""
    rows = with_a_term(town).filter(in_force_from__isnull=True)
    return rows.order_by("document__listed_at", "pk")


def propose(
    *, edition: Edition, verdict: str, first: date | None, last: date | None, number: str, basis: str, by: Staff
) -> Restatement:
    """Say what holds. ``number``: the index number of the town's own document that says so, if there is one.

    A term may be over already: then the document expires the next day. Raises ``Refused`` for days that are missing, in
    the wrong order or further apart than the rule allows.
    """
    check_may(by, P.DOCUMENT_DRAFT, edition.document.town)
    check_own_unit(edition.document.unit, by)
    town = edition.document.town
    basis = clear_text(basis, "请写明依据：哪个办法第几条，或者哪份清理结果。", "basis", town=town.pk)
    with act():
        edition = locked(edition)
        if not with_a_term(town).filter(pk=edition.pk).exists():
            raise Refused("这份信息不是现行有效的、有期限的文件，不用定有效期。请刷新后再看。")
        if edition.restatements.waiting().exists():
            raise Refused("这份文件已经有一个结论在等人同意。")
        days = _days(edition, verdict, first, last)
        paper = paper_of(edition, number.strip()) if number.strip() else None
        row = Restatement(edition=edition, verdict=verdict, basis=basis, paper=paper, proposed_by=by)
        row.first, row.last = days
        row.proposed_at = tell(edition, PROPOSED, actor(by), reason=basis, **said(row)).recorded_at
        row.save()
    return row


def _days(
    edition: Edition, verdict: str, first: date | None, last: date | None
) -> tuple[date, date] | tuple[None, None]:
    if verdict not in V.values:
        raise Refused("请选择结论。", field="verdict")
    if verdict == V.REVISE:
        if first or last:
            raise Refused("拟修改的，有效期等新版公开时再定，这里不填日期。", field="last")
        return None, None
    known = edition.in_force_from or first
    if verdict == V.TERM and edition.in_force_from:
        raise Refused("这份文件已经有有效期。要继续用，请选“继续有效”。", field="verdict")
    if known is None:
        raise Refused("请填写施行日期。", field="first")
    if last is None:
        raise Refused("请填写有效期到哪天为止。", field="last")
    since = known if verdict == V.TERM else timezone.localdate()
    life = _life_of(edition)
    years = most_years(life, edition.revision.title)
    until = add_calendar(since, years, "years")
    if verdict == V.KEPT and last <= (edition.in_force_until or timezone.localdate()):
        raise Refused("继续有效的，要比原来的有效期晚。", field="last")
    if not known <= last <= until:
        raise Refused(
            f"有效期要在{chinese_date(known)}到{chinese_date(until)}之间（{life.basis}：最长 {years} 年）。",
            field="last",
        )
    return known, last


def agree(*, restatement: Restatement, by: Staff) -> Restatement:
    """The second person agrees: from now on the edition has these days, and its page says who said so on what basis."""
    with act():
        row, edition = _waiting(restatement, by)
        if edition.state != EditionState.PUBLISHED:
            raise Refused(f"这份文件现在是“{edition.state_title}”，不用再定有效期。请退回。")
        if row.last:
            edition.in_force_from, edition.in_force_until = row.first, row.last
            edition.save(update_fields=["in_force_from", "in_force_until"])
        row.agreed, row.settled_by = True, by
        row.settled_at = tell(edition, RESTATED, actor(by), reason=row.basis, **said(row)).recorded_at
        row.save(update_fields=["agreed", "settled_by", "settled_at"])
    return row


def refuse(*, restatement: Restatement, reason: str, by: Staff) -> Restatement:
    """The second person sends it back with a reason."""
    reason = clear_text(reason, "请写明为什么不同意。", "reason", town=by.town_id)
    with act():
        row, edition = _waiting(restatement, by)
        row.settled_by, row.reason = by, reason
        row.settled_at = tell(edition, REFUSED, actor(by), reason=reason, **said(row)).recorded_at
        row.save(update_fields=["settled_by", "settled_at", "reason"])
    return row


def may_settle(row: Restatement, by: Staff) -> bool:
    """Another than who proposed it, who reviews or signs."""
    held = powers_of(by)
    mine = by.town_id == row.edition.document.town_id and by.pk != row.proposed_by_id
    return mine and bool({P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN} & held)


def _waiting(restatement: Restatement, by: Staff) -> tuple[Restatement, Edition]:
    Restatement.objects.select_for_update().only("pk").get(pk=restatement.pk)
    row = Restatement.objects.select_related("edition__document__town", "paper").get(pk=restatement.pk)
    check_own_unit(row.edition.document.unit, by)
    if row.settled_at:
        raise Refused("这个结论已经办过了，请刷新后再看。")
    if not may_settle(row, by):
        raise Refused("要由提出的人以外、负责审查或者签发的人来定。")
    return row, locked(row.edition)


def said(row: Restatement) -> dict[str, str]:
    """What the events say of it; the days under the names that the edition has them."""
    days = {"in_force_from": row.first, "in_force_until": row.last}
    return {
        "verdict": row.verdict,
        "paper": row.paper.index_number if row.paper else "",
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }
