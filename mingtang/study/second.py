"""The second person: what one wrote, another publishes or sends back."""

from typing import TypeVar

from mingtang.events.log import record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import actor, held_by
from mingtang.study.models import TwoPersons
from mingtang.study.powers import MAKERS

Row = TypeVar("Row", bound=TwoPersons)


def hash_of(row: TwoPersons) -> str:
    """SHA-256, hex, of everything the second person read."""
    return sha256_hex(canonical_json(row.facts()))


def locked(row: Row, by: Staff) -> Row:
    """The row as it waits, for this person to review. Raises ``Refused`` for who may not, for its own author, and once
    somebody was quicker."""
    held = held_by(by)
    if by.town_id != row.town_id or held.tenant or MAKERS.isdisjoint(held.own):
        raise Refused("您的岗位不能审核学法的内容。请保密审查员或者司法所办理。")
    model = type(row)
    model.objects.select_for_update().only("pk").get(pk=row.pk)
    row = model.objects.select_related("town", "author").get(pk=row.pk)
    if not row.waits:
        raise Refused("这一份已经审核过。请刷新后再看。")
    if row.author_id == by.pk:
        raise Refused("自己写的不能自己审核，请由另一个人办理。")
    return row


def published(row: TwoPersons, type: str, by: Staff) -> None:
    """Write down that it is public now."""
    row.reviewer, row.reviewed_at = by, tell(row, type, by).recorded_at
    row.save(update_fields=["reviewer", "reviewed_at"])


def returned(row: TwoPersons, type: str, by: Staff, reason: str) -> None:
    """Write down why it went back."""
    reason = clear_text(reason, "请写明退回的理由，起草人要照着修改。", "reason", town=by.town_id)
    tell(row, type, by, reason)
    row.reviewer, row.returned_reason = by, reason
    row.save(update_fields=["reviewer", "returned_reason"])


def tell(row: TwoPersons, type: str, by: Staff, reason: str = "") -> Event:
    return record(
        town=row.town,
        type=type,
        subject=row.event_subject,
        by=actor(by),
        reason=reason,
        data={"number": row.number, "sha256": hash_of(row)},
    )
