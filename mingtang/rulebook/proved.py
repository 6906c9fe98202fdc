"""What `mingtang verify` recomputes of this room: every version in force, and which one holds."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen, told
from mingtang.lib.canonical import sha256_hex
from mingtang.rulebook.actions import common, waivers
from mingtang.rulebook.actions.effect import approvals_of
from mingtang.rulebook.actions.gate import changes_hash
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version, Waiver
from mingtang.rulebook.models.items import IN_FORCE_ONCE, STANDING
from mingtang.rulebook.spec import spec_hash
from mingtang.towns.models import Jurisdiction


def check_versions(events: list[Event]) -> Iterator[Finding]:
    """What differs from the events that put versions in force: text, process, changes as told, who approved."""
    for event in events:
        code, number = event.subject.partition(":")[2], event.data["version"]
        version = Version.objects.filter(item__town=event.town, item__code=code, number=number).first()
        if version is None:
            yield Finding("rulebook_version", f"{code} 第{number}版", "事件里施行的版本不见了")
            continue
        if sha256_hex(bytes(version.bpmn)) != event.data["flow"]:
            yield Finding("rulebook_version", version.pk, f"{code} 第{number}版的流程和发布时不一样")
        if (
            spec_hash(code=code, number=number, data=version.data, flow_sha256=event.data["flow"])
            != event.data["sha256"]
        ):
            yield Finding("rulebook_version", version.pk, f"{code} 第{number}版的内容和发布时不一样")
        if changes_hash(version) != event.data["changes"]:
            yield Finding("rulebook_proposedchange", version.pk, f"{code} 第{number}版的变动说明和发布时不一样")
        if (version.in_force_at, version.published_event_id) != (event.recorded_at, event.pk):
            yield Finding("rulebook_version", version.pk, f"{code} 第{number}版的施行时间和事件里记的不一样")
        if any(event.data[name] != value for name, value in approvals_of(version).items()):
            yield Finding("rulebook_version", version.pk, f"{code} 第{number}版的批准人和发布时不一样")


AFTER = {
    common.IN_FORCE: VersionState.IN_FORCE,
    common.SUSPENDED: VersionState.SUSPENDED,
    common.RESUMED: VersionState.IN_FORCE,
    common.CANCELLED: VersionState.CANCELLED,
}


def check_items(town: Jurisdiction) -> Iterator[Finding]:
    """What holds for an item is the version that came into force last; each stands as its events left it."""
    told_of: dict[str, dict[int, str]] = defaultdict(dict)
    latest: dict[str, int] = {}
    for event in Event.objects.filter(town=town, type__in=AFTER).order_by("pk"):
        states, number = told_of[event.subject], event.data["version"]
        if event.type == common.IN_FORCE:
            states |= {other: VersionState.SUPERSEDED for other, state in states.items() if state in STANDING}
            latest[event.subject] = number
        states[number] = AFTER[event.type]
    for item in Item.objects.filter(town=town).select_related("current").defer("current__data", "current__bpmn"):
        if (item.current.number if item.current else None) != latest.get(item.subject):
            yield Finding("rulebook_item", item.pk, f"{item.code} 的现行版本和事件里记的不一样")
    for version in Version.objects.filter(item__town=town).select_related("item").defer("data", "bpmn"):
        expected = told_of[version.item.subject].get(version.number)
        if version.state != expected if expected else version.state in IN_FORCE_ONCE:
            what = f"{version.item.code} 第{version.number}版的状态和事件里记的不一样"
            yield Finding("rulebook_version", version.pk, what)


def check_waivers(town: Jurisdiction) -> Iterator[Finding]:
    """Every waiver was asked for and settled as its events say: which finding of which text, by whom, why."""
    kinds = (waivers.ASKED, waivers.WAIVED, waivers.KEPT)
    events = {event.pk: event for event in Event.objects.filter(town=town, type__in=kinds)}
    rows = Waiver.objects.filter(version__item__town=town).select_related("version__item", "proposed_by", "settled_by")
    for row in rows.defer("version__data", "version__bpmn").iterator(chunk_size=500):
        acts = [(row.event_id, waivers.ASKED, row.proposed_by, row.why, row.proposed_at)]
        if row.settled_by:
            type, reason = (waivers.WAIVED, row.why) if row.agreed else (waivers.KEPT, row.reason)
            acts.append((row.settled_event_id, type, row.settled_by, reason, row.settled_at))
        for pk, type, by, reason, at in acts:
            event, text = events.pop(pk, None), (row.version.number, row.identity, row.kind, row.part)
            if event is None or _said(event) != (type, row.version.item.subject, *text, by.code, reason, at):
                yield Finding("rulebook_waiver", row.pk, "请求放行、放行的这一处和事件里记的不一样")
    for pk in events:
        yield Finding("rulebook_waiver", f"事件 {pk}", "事件里有这次请求放行或者放行，记录不见了")


def _said(event: Event) -> tuple[Any, ...]:
    data = (event.data[name] for name in ("version", "identity", "kind", "part"))
    return event.type, event.subject, *data, event.actor, event.reason, event.recorded_at


frozen("事项版本", ["item.in_force"], check_versions)
told("事项", check_items)
told("事项的放行", check_waivers)
