"""What the guard stops in an item and a second person may let stand: on the version's page, in the to-do list."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest

from mingtang.desk.forms import ReasonForm
from mingtang.desk.keeping.sections import SECTIONS
from mingtang.desk.keeping.shape import Rows, fields_of
from mingtang.rulebook.models import Version, Waiver
from mingtang.rulebook.policies import can_keep
from mingtang.rulebook.requirements import Issue, words
from mingtang.rulebook.states import VERSION

MOST = 200
ASK, SETTLE = VERSION["ask_waiver"], VERSION["waive"]
_TITLES = {part.name: part.noun if isinstance(part, Rows) else part.label for part in fields_of(SECTIONS)}


def context(
    request: HttpRequest, version: Version, issues: Iterable[Issue], refused: tuple[str, Form] | None = None
) -> dict[str, Any]:
    """The context of ``desk/items/waivers.html``: ``issues`` keep the version back; ``refused`` is what was typed in
    vain about a finding by its identity, about a waiver by its key, or about none that is left."""
    texts = {place.part: place.text for place in words.places(version.spec)}
    found = (
        Waiver.objects.visible_to(request.viewer).filter(version=version).select_related("proposed_by", "settled_by")
    )
    # What stood in another text is told by the events alone.
    rows = [row for row in found if row.part in texts]
    waiting = [row for row in rows if not row.settled_at]
    returned = {row.identity: row for row in rows if row.settled_at and not row.agreed}
    asked = {row.identity for row in waiting}
    asks = _open(request, version, ASK.sources, ASK.powers)
    asks = asks and can_keep(request.user, request.town, version.item.unit)
    waivable = {
        issue.finding.identity: issue.finding for issue in issues if issue.finding and issue.finding.may_be_waived
    }
    settles = _open(request, version, SETTLE.sources, SETTLE.powers)
    return {
        "waivable": [
            {
                "key": identity,
                "where": _where(finding.part),
                "sentence": finding.message,
                "text": texts[finding.part],
                "returned": returned.get(identity),
                "form": _form(identity, identity[:8], refused),
            }
            for identity, finding in waivable.items()
            if asks and identity not in asked
        ],
        "waiting": [
            {
                "row": row,
                "where": _where(row.part),
                "text": texts[row.part],
                "form": _form(str(row.pk), f"waiver-{row.pk}", refused)
                if settles and request.user.pk not in {row.proposed_by_id, version.edited_by_id}
                else None,
            }
            for row in waiting
        ],
        "waivers": [{"row": row, "where": _where(row.part), "text": texts[row.part]} for row in rows if row.agreed],
        "not_waived": refused[1] if refused else None,
    }


def waiting(request: HttpRequest) -> QuerySet[Waiver]:
    """What others ask to let stand, for those who may."""
    rows = Waiver.objects.visible_to(request.viewer).waiting().filter(version__state__in=SETTLE.sources)
    rows = rows.exclude(proposed_by=request.user)
    return rows if request.viewer.powers.intersection(SETTLE.powers) else rows.none()


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """One row for a version, as long as its text is still the one that was asked for."""
    found: dict[int, tuple[Version, int]] = {}
    for row in waiting(request).select_related("version__item").defer("version__bpmn")[:MOST]:
        if any(place.part == row.part for place in words.places(row.version.spec)):
            found[row.version_id] = (row.version, found.get(row.version_id, (row.version, 0))[1] + 1)
    return [
        {
            "url": f"/desk/items/{version.item.code}/{version.number}",
            "title": version.name,
            "sub": f"{version.item.code}　第 {version.number} 版　{count} 处",
            "word": "等您放行",
            "tone": "today",
        }
        for version, count in found.values()
    ]


def _open(request: HttpRequest, version: Version, sources: Iterable[str], powers: Iterable[str]) -> bool:
    return version.state in sources and bool(request.viewer.powers.intersection(powers))


def _form(key: str, prefix: str, refused: tuple[str, Form] | None) -> Form:
    return refused[1] if refused and refused[0] == key else ReasonForm(prefix=prefix)


def _where(part: str) -> str:
    """The field as the editor names it."""
    field = part.partition(" ")[0]
    of_section = (section.title for section in SECTIONS if section.owns(field.partition(".")[0]))
    return _TITLES.get(field.replace(".", "-")) or next(of_section, "")
