"""When a document stops being in force: its term is over, or another document repeals it.

It stays readable. In force again it comes only by a new edition with the number and the years of its own.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.states import EDITION
from mingtang.events import types
from mingtang.events.log import SYSTEM, Actor
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import add_calendar

EXPIRED = types.define("document.expired", "有效期满，失效", public=True)
REPEALED = types.define("document.repealed", "废止", public=True)
# 湖南省规范性文件管理办法: whoever made it judges before the end whether it should stay.
WARNED_MONTHS = 6


def over() -> QuerySet[Edition]:
    """What is shown as in force and no longer is: the day after its last has come."""
    rows = Edition.objects.filter(state=EditionState.PUBLISHED, in_force_from__isnull=False)
    return rows.filter(in_force_until__lt=timezone.localdate()).order_by("in_force_until", "pk")


def warned_until() -> date:
    """Whatever ends by this day is warned of today."""
    return add_calendar(timezone.localdate(), WARNED_MONTHS, "months")


def ending(town: Jurisdiction) -> QuerySet[Edition]:
    """What is in force and ends within half a year, the first to end on top."""
    rows = Edition.objects.filter(document__town=town, state=EditionState.PUBLISHED, in_force_from__isnull=False)
    return rows.filter(in_force_until__lte=warned_until()).order_by("in_force_until", "pk")


def expire(*, edition: Edition) -> bool:
    """End a term that is over. Whether it was: a new edition or another round may have come first."""
    with act():
        edition = locked(edition)
        last = edition.in_force_until
        if edition.state not in EDITION["expire"].sources or last is None or last >= timezone.localdate():
            return False
        life = kind_of(edition.document.kind).life
        reason = f"有效期到{chinese_date(last)}为止" + (f"（{life.basis}）" if life else "")
        _end(edition, "expire", tell(edition, EXPIRED, SYSTEM, reason=reason, in_force_until=last.isoformat()))
    return True


def repeal(*, edition: Edition, number: str, reason: str, by: Staff) -> Edition:
    """Say that a document is no longer in force. ``number``: the town's own document that says so, by its index
    number, else ``reason`` names the one of another organ."""
    reason = clear_text(reason, "请写明由哪份文件废止、为什么，这句话会公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("repeal", edition, by)
        paper = paper_of(edition, number.strip()) if number.strip() else None
        _repeal(edition, paper, reason, actor(by))
    return edition


def repeal_named(edition: Edition, by: Actor) -> None:
    """Repeal what a document says it repeals, as it is published: those of the town that are in force."""
    life = kind_of(edition.document.kind).life
    named = edition.revision.facts.get("fields", {}).get(life.repeals, "").split() if life else []
    rows = Edition.objects.filter(
        document__town=edition.document.town, document__index_number__in=named, state=EditionState.PUBLISHED
    )
    for row in rows.exclude(document=edition.document).order_by("pk"):
        _repeal(locked(row), edition.document, f"由“{edition.revision.title[:100]}”废止", by)


def lacking(document: Document, named: str) -> list[str]:
    """Index numbers among those ``named`` under which nothing was published."""
    numbers = named.split()
    found = Document.objects.filter(town=document.town_id, index_number__in=numbers).published()
    known = set(found.values_list("index_number", flat=True))
    return [number for number in numbers if number not in known]


def paper_of(edition: Edition, number: str) -> Document:
    """The town's own published document under a number, another than the edition's."""
    rows = Document.objects.filter(town=edition.document.town, index_number=number)
    found = rows.published().exclude(pk=edition.document_id).first()
    if found is None:
        raise Refused(f"没有索引号为“{number[:60]}”的公开文件。请核对；外单位的文件写在说明里。", field="number")
    return found


def _repeal(edition: Edition, paper: Document | None, reason: str, by: Actor) -> None:
    edition.repealed_by, edition.ended_reason = paper, reason
    _end(edition, "repeal", tell(edition, REPEALED, by, reason=reason, paper=paper.index_number if paper else ""))


def _end(edition: Edition, name: str, event: Event) -> None:
    edition.state, edition.ended_at = EDITION[name].target, event.recorded_at
    edition.save(update_fields=["state", "ended_at", "ended_reason", "repealed_by"])


@dataclass(frozen=True)
class Figures:
    """What the annual report asks about documents with a term (国办公开办函〔2021〕30号), and what it does not ask."""

    year: int
    made: int
    repealed: int
    expired: int
    in_force: int


def figures(town: Jurisdiction, year: int) -> Figures:
    """Made, repealed and expired in the year; in force now."""
    rows = Edition.objects.filter(document__town=town, in_force_from__isnull=False)
    counted = rows.aggregate(
        made=Count("pk", filter=Q(number=1, published_at__year=year)),
        repealed=Count("pk", filter=Q(state=EditionState.REPEALED, ended_at__year=year)),
        expired=Count("pk", filter=Q(state=EditionState.EXPIRED, ended_at__year=year)),
        in_force=Count("pk", filter=Q(state=EditionState.PUBLISHED)),
    )
    return Figures(year, **counted)
