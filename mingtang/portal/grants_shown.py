"""办理结果 as the public pages want them: rows of a page, counts of every item, data of organisations."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear

from mingtang.cases.enums import ApplicantKind, Fate, Outcome
from mingtang.cases.grants import fields
from mingtang.cases.models import Case, Grant
from mingtang.cases.permits import QUESTIONED, status
from mingtang.lib.errors import Refused
from mingtang.rulebook.enums import DisclosedField
from mingtang.rulebook.models import ItemFacts
from mingtang.towns.models import Jurisdiction

GIVEN = (Outcome.GRANTED, Outcome.PARTLY)


def with_text(rows: Any) -> Any:
    """Grants with all that showing them reads."""
    found = rows.select_related("case__key", "case__town", "item__current", "paper")
    found = found.defer("case__applicant_sealed", "item__current__bpmn", "item__current__data", "paper__sealed")
    return found.prefetch_related("paper__permits__entries", "case__reopenings")


def row(grant: Grant, today: date) -> dict[str, Any] | None:
    """One entry, with how its permits stand today; None where the key of the case was destroyed."""
    try:
        text = grant.shown
    except Refused:
        return None
    permits = list(grant.paper.permits.all())
    for permit in permits:
        permit.case = grant.case
    words = [status(permit, list(permit.entries.all())[-1].act, today) for permit in permits] or _bare(grant)
    return {
        "grant": grant,
        "item": grant.item.current.name if grant.item.current else grant.item.code,
        "fields": fields(text),
        "text": text,
        "questioned": grant.case.questioned,
        "status": "、".join(dict.fromkeys(words)),
    }


def _bare(grant: Grant) -> list[str]:
    """How a result without a permit stands, where its case was decided anew or will be."""
    if grant.case.questioned:
        return [QUESTIONED]
    ended = any(
        row.fate == Fate.ENDED and row.opened_at > grant.paper.created_at for row in grant.case.reopenings.all()
    )
    return ["已由新的决定代替"] if ended else []


def rows(grants: Iterable[Grant], today: date) -> list[dict[str, Any]]:
    return [found for grant in grants if (found := row(grant, today))]


def counts(town: Jurisdiction) -> list[dict[str, Any]]:
    """How many were granted, by item and year: of every item, published or not."""
    given = Case.objects.filter(town=town, outcome__in=GIVEN).annotate(year=ExtractYear("decided_at"))
    found = given.values_list("item__code", "year").annotate(count=Count("pk")).order_by("-year", "item__code")
    names = dict(ItemFacts.objects.filter(town=town).values_list("item__code", "name"))
    return [{"item": names.get(code, code), "code": code, "year": year, "count": count} for code, year, count in found]


def organisations(town: Jurisdiction, today: date) -> Iterator[dict[str, Any]]:
    """The entries of firms and other organisations on the net, as data; persons stay out of what machines read."""
    found = Grant.objects.filter(town=town, kind=ApplicantKind.ORGANISATION).on_the_net().order_by("-pk")
    for grant in with_text(found).iterator(chunk_size=500):
        if shown := row(grant, today):
            yield {
                "item": grant.item.code,
                "item_name": shown["item"],
                "shown_on": grant.shown_on.isoformat(),
                "status": shown["status"],
                **{field.value: shown["text"].get(field, "") for field in DisclosedField},
            }
