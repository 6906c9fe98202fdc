"""Documents that explain, amend, rest on or follow another: said once, shown on both pages.

国办发〔2016〕80号: the interpretation of a policy document follows within three working days.
"""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.enums import EditionState, Provenance, Relation
from mingtang.disclosure.kinds import kind_of, kinds
from mingtang.disclosure.models import Document, Edition, Link
from mingtang.disclosure.policies import check_can
from mingtang.events import types
from mingtang.events.log import Actor
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

LINKED = types.define("document.linked", "注明和别的文件的关系", public=True)
UNLINKED = types.define("document.unlinked", "取消和别的文件的关系", public=True)


def link(*, edition: Edition, relation: str, number: str, by: Staff) -> None:
    """Say how this document stands to a published one of the town, named by its index number."""
    relation = _relation(relation)
    with act():
        edition = locked(edition)
        check_can("link", edition, by)
        target = Document.objects.filter(town=edition.document.town, index_number=number.strip()).published().first()
        if target is None or target.pk == edition.document_id:
            raise Refused(f"没有索引号为“{number.strip()[:60]}”的另一份公开文件。请核对。", field="number")
        if not _link(edition, relation, target, actor(by)):
            raise Refused("这个关系已经注明过了。", field="number")


def unlink(*, edition: Edition, relation: str, number: str, reason: str, by: Staff) -> None:
    """Take it back, with a reason that is public."""
    relation = _relation(relation)
    reason = clear_text(reason, "请写明为什么取消，这句话会公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("unlink", edition, by)
        rows = Link.objects.filter(document=edition.document, relation=relation, target__index_number=number.strip())
        if not rows.delete()[0]:
            raise Refused("没有注明过这个关系。请核对是哪种关系、哪个索引号。", field="number")
        tell(edition, UNLINKED, actor(by), reason=reason, relation=relation, target=number.strip())


def link_named(edition: Edition, by: Actor) -> None:
    """Link a document, as it is published, to those its fields name: an interpretation to what it explains, a tender to
    its project, a report to its plan. What it repeals ends instead (``terms``)."""
    kind, held = kind_of(edition.document.kind), edition.revision.facts.get("fields", {})
    ended = kind.life.repeals if kind.life else ""
    relations = {
        number: Relation.INTERPRETS if spec.code == kind.explains else Relation.FOLLOWS
        for spec in kind.fields
        if spec.type == "document" and spec.code != ended
        for number in str(held.get(spec.code, "")).split()
    }
    rows = Document.objects.filter(town=edition.document.town, index_number__in=relations).published()
    for target in rows.exclude(pk=edition.document_id).order_by("pk"):
        _link(edition, relations[target.index_number], target, by)


def unexplained(town: Jurisdiction) -> list[tuple[Edition, date, int]]:
    """What is in force, asks for an interpretation and has none: its last day, and the working days it is late."""
    asking = [kind.code for kind in kinds().values() if kind.interpreted]
    has = Link.objects.filter(target=OuterRef("document"), relation=Relation.INTERPRETS)
    rows = Edition.objects.filter(document__town=town, document__kind__in=asking, state=EditionState.PUBLISHED)
    rows = rows.exclude(document__provenance=Provenance.HISTORICAL).filter(~Exists(has))
    rows = rows.select_related("document", "revision").defer("revision__body_html", "revision__body_text")
    calendar, today = calendar_for(town), timezone.localdate()
    found = []
    for row in rows:
        rule = kind_of(row.document.kind).interpreted
        last = calendar.last_day(timezone.localdate(row.document.published_at), rule.days, rule.unit).day
        found.append((row, last, calendar.working_days_between(last, today)))
    return sorted(found, key=lambda one: (one[1], one[0].pk))


def _relation(relation: str) -> str:
    if relation not in Relation.values:
        raise Refused("请选择是什么关系。", field="relation")
    return relation


def _link(edition: Edition, relation: str, target: Document, by: Actor) -> bool:
    _, made = Link.objects.get_or_create(document=edition.document, relation=relation, target=target)
    if made:
        tell(edition, LINKED, by, relation=relation, target=target.index_number)
    return made
