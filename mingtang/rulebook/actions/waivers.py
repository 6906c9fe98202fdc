"""A finding of the guard in an item's text that a second person lets stand: in exactly this text, by name, with a
reason. Secret marks (保守国家秘密法 35) and identity numbers are let stand by nobody.
"""

from django.db import IntegrityError

from mingtang import guard
from mingtang.events import types
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook.actions.common import check, check_other, event, locked, writers
from mingtang.rulebook.models import Version, Waiver
from mingtang.rulebook.requirements import words

ASKED = types.define("item.waiver_asked", "请求放行事项里查出的一处")
WAIVED = types.define("item.finding_waived", "放行事项里查出的一处")
KEPT = types.define("item.waiver_refused", "不放行事项里查出的一处")


def ask_waiver(*, version: Version, identity: str, reason: str, by: Staff) -> Waiver:
    """Ask to let a finding of this draft stand: whoever may write it, with a reason.

    Where the same thing stands several times in one text it is one finding. Raises ``Refused`` for what nobody may let
    stand and for what is not found in the text (any more).
    """
    reason = clear_text(reason, "请写明为什么这一处可以照样公开。", "reason", town=by.town_id)
    with act():
        version = locked(version)
        check("ask_waiver", version, by)
        finding = _stopped(version, identity)
        asked = event(version, ASKED, actor(by), reason, **_said(finding))
        try:
            with act():
                return Waiver.objects.create(
                    version=version,
                    identity=identity,
                    kind=finding.kind,
                    part=finding.part,
                    sentence=finding.message,
                    why=reason,
                    proposed_by=by,
                    proposed_at=asked.recorded_at,
                    event=asked,
                )
        except IntegrityError as error:
            raise Refused("这一处已经请求过放行。") from error


def waive(*, waiver: Waiver, by: Staff) -> Waiver:
    """The second person lets it stand: neither who asked nor any writer of the text, and only while the text is so."""
    with act():
        waiver = _waiting("waive", waiver, by)
        finding = _stopped(waiver.version, waiver.identity)
        waiver.agreed = True
        return _settle(waiver, WAIVED, waiver.why, finding, by)


def refuse_waiver(*, waiver: Waiver, reason: str, by: Staff) -> Waiver:
    """The second person does not, with a reason: the text is to be changed, or asked for again with a better one."""
    reason = clear_text(reason, "请写明为什么不放行。", "reason", town=by.town_id)
    with act():
        waiver = _waiting("refuse_waiver", waiver, by)
        finding = _stopped(waiver.version, waiver.identity)
        waiver.reason = reason
        return _settle(waiver, KEPT, reason, finding, by)


def _stopped(version: Version, identity: str) -> guard.Finding:
    """The finding as the text and the town's words are now."""
    issues = words.rules(version.spec, guard.lists_of(version.item.town_id))
    return guard.to_waive((issue.finding for issue in issues if issue.finding), identity)


def _said(finding: guard.Finding) -> dict[str, str]:
    return {"identity": finding.identity, "kind": finding.kind, "part": finding.part}


def _waiting(act_name: str, waiver: Waiver, by: Staff) -> Waiver:
    version = locked(waiver.version)
    waiver = Waiver.objects.get(pk=waiver.pk)
    waiver.version = version
    check(act_name, version, by)
    check_other(
        by,
        writers(version) | {waiver.proposed_by_id},
        "请求放行的人和编制人不能放行自己写的，请由司法所另一位同志办理。",
    )
    if waiver.settled_at:
        raise Refused("这一处已经办过了，请刷新后再看。")
    return waiver


def _settle(waiver: Waiver, type: str, reason: str, finding: guard.Finding, by: Staff) -> Waiver:
    waiver.settled_event = event(waiver.version, type, actor(by), reason, **_said(finding))
    waiver.settled_by, waiver.settled_at = by, waiver.settled_event.recorded_at
    waiver.save(update_fields=["agreed", "reason", "settled_by", "settled_at", "settled_event"])
    return waiver
