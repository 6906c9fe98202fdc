"""What `mingtang verify` recomputes of this room: spec, process, changes and approvals of every version in force."""

from collections.abc import Iterator

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen
from mingtang.lib.canonical import sha256_hex
from mingtang.rulebook.actions.effect import approvals_of
from mingtang.rulebook.actions.gate import changes_hash
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import spec_hash


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
        if any(event.data[name] != value for name, value in approvals_of(version).items()):
            yield Finding("rulebook_version", version.pk, f"{code} 第{number}版的批准人和发布时不一样")


frozen("事项版本", ["item.in_force"], check_versions)
