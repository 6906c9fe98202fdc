"""What `mingtang verify` compares of leaders who sign by a link, and of the links, with their events."""

from collections.abc import Iterator

from mingtang.disclosure import actions, outside
from mingtang.disclosure.models import ApprovalLink, Approver
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

APPROVER, LINK = "disclosure_approver", "disclosure_approvallink"


def check_approvers(town: Jurisdiction) -> Iterator[Finding]:
    """Letter, term and end of each are those of the events, and nobody is missing. Names are in the table alone."""
    events = Event.objects.filter(town=town, type__in=(outside.REGISTERED, outside.ENDED))
    held: dict[str, dict[str, Event]] = {}
    for event in events:
        held.setdefault(event.subject, {})[event.type] = event
    for row in Approver.objects.filter(town=town).select_related("added_by", "ended_by"):
        said = held.pop(row.code, {})
        begun, ended = said.get(outside.REGISTERED), said.get(outside.ENDED)
        now = (row.letter, row.valid_from.isoformat(), row.valid_to.isoformat(), row.added_by.code)
        names = ("letter", "valid_from", "valid_to")
        if begun is None or now != (*(begun.data[name] for name in names), begun.actor):
            yield Finding(APPROVER, row.pk, "外部签发人的授权书或者有效期和事件里记的不一样")
        elif (row.ended_by and row.ended_by.code, row.ended_at) != (
            ended and ended.actor,
            ended and ended.recorded_at,
        ):
            yield Finding(APPROVER, row.pk, "外部签发人的停用和事件里记的不一样")
    for subject in held:
        yield Finding(APPROVER, subject, "日志里有这个外部签发人，表里没有")


def check_links(town: Jurisdiction) -> Iterator[Finding]:
    """Each link was made, used and taken back as the events say: for whom, for which text, when."""
    types = (outside.MADE, outside.REVOKED, actions.SIGNED, actions.RETURNED)
    made: dict[tuple[str, object], Event] = {}
    after: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=types):
        if event.type == outside.MADE:
            made[event.subject, event.recorded_at] = event
        elif "link" in event.data:
            after[event.data["link"]] = event
    rows = ApprovalLink.objects.filter(edition__document__town=town)
    for row in rows.select_related("edition__document", "approver", "made_by", "revoked_by"):
        begun, ended = made.pop((row.edition.document.subject, row.made_at), None), after.pop(str(row.pk), None)
        told_of = begun and (begun.data["approver"], begun.data["sha256"], begun.data["edition"], begun.actor)
        if told_of != (row.approver.code, row.sha256, row.edition.number, row.made_by.code):
            yield Finding(LINK, row.pk, "签发链接发给谁、签哪一份，和事件里记的不一样")
        by = row.revoked_by if row.revoked_at else row.approver if row.used_at else None
        if (by and by.code, row.revoked_at or row.used_at) != (ended and ended.actor, ended and ended.recorded_at):
            yield Finding(LINK, row.pk, "签发链接的使用或者收回和事件里记的不一样")
    for event in [*made.values(), *after.values()]:
        yield Finding(LINK, f"事件 {event.pk}", "事件里有这个签发链接，表里没有")


told("外部签发人", check_approvers)
told("签发链接", check_links)
