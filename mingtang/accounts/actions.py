"""What happens to an account.

Which cases stand in it is told by no event: events live for ever, and that must be able to go.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone

from mingtang.accounts import codes
from mingtang.accounts.models import LoginCode, Resident, ResidentCase, ResidentDraft
from mingtang.accounts.reach import Reach, ways
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, SYSTEM, Actor, record
from mingtang.events.models import PayloadKey
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices import actions as notices
from mingtang.notices import wording
from mingtang.notices.enums import Channel

OPENED = types.define("account.opened", "开立群众账户")
MOVED = types.define("account.moved", "群众账户换了号码")
CLOSED = types.define("account.closed", "注销群众账户")

# Operators give a number to somebody else some months after it was given up.
UNUSED = timedelta(days=365)
TOLD_WITHIN = timedelta(days=1)
BATCH = 100


def enter(*, code: LoginCode, typed: str) -> Resident:
    """Log in by a code. The first time the account is opened. Raises ``Refused``."""
    reach, now = codes.prove(code=code, typed=typed), timezone.now()
    with act():
        rows = Resident.objects.select_for_update(of=("self",)).select_related("key__town")
        resident = rows.filter(reach_hash=reach.hashed).first()
        if resident is not None:
            resident.entered_at = now
            resident.save(update_fields=["entered_at"])
            return resident
        key = vault.new_key(code.town)
        resident = Resident.objects.create(
            reach_hash=reach.hashed, reach_sealed=_sealed(key, reach), key=key, opened_at=now, entered_at=now
        )
        _record(resident, OPENED, APPLICANT)
    return resident


def _sealed(key: PayloadKey, reach: Reach) -> bytes:
    return vault.seal(key, reach.to.encode())


def _record(resident: Resident, type: str, by: Actor) -> None:
    record(town=resident.key.town, type=type, subject=resident.subject, by=by)


def _locked(resident: Resident) -> Resident:
    """Raises ``Refused`` when it was closed meanwhile."""
    rows = Resident.objects.select_for_update(of=("self",)).select_related("key__town")
    found = rows.filter(pk=resident.pk).first()
    if found is None:
        raise Refused("这个账户已经注销了。")
    return found


def move(*, resident: Resident, code: LoginCode, typed: str) -> Resident:
    """Another telephone or mailbox, proved by a code; every browser is logged out and the old one is told."""
    reach = codes.prove(code=code, typed=typed)
    try:
        with act():
            resident = _locked(resident)
            old = resident.reach
            resident.reach_hash, resident.reach_sealed = reach.hashed, _sealed(resident.key, reach)
            resident.epoch += 1
            resident.save()
            _record(resident, MOVED, APPLICANT)
            _tell_old(resident, old, reach)
    except IntegrityError:
        raise Refused("这个号码自己已经有一个账户。请先用它登录，把那个账户注销，再来换。", field="code") from None
    del resident.reach
    return resident


def _tell_old(resident: Resident, old: Reach, new: Reach) -> None:
    if old.channel not in ways() or old == new:
        return
    town = resident.key.town
    text = f"您的账户换到了 {new.masked}。不是您换的，请马上打 {town.phone or town.complaint_phone}。"
    notices.queue(
        town=town,
        subject=resident.subject,
        kind=MOVED,
        channel=old.channel,
        key=resident.key,
        to=old.to,
        name="",
        title=f"{town.name}：账户换了号码",
        text=wording.signed(town, text) if old.channel == Channel.SMS else text,
        once=f"moved:{resident.pk}:{resident.epoch}",
        until=timezone.now() + TOLD_WITHIN,
    )


def add_case(*, resident: Resident, case: Case) -> None:
    """Put a case into the account; whoever calls has seen that it is the person's."""
    with act():
        _locked(resident).links.get_or_create(case=case, defaults={"added_at": timezone.now()})


def drop_case(*, resident: Resident, case: Case) -> None:
    """Take it out again: the case goes on, and opens with number and code as before."""
    with act():
        ResidentCase.objects.filter(resident=resident, case=case).delete()


def add_draft(*, resident: Resident, draft: ApplicationDraft) -> None:
    """Let a draft open with the account too; it stays with the account that had it first."""
    with act():
        ResidentDraft.objects.get_or_create(draft=draft, defaults={"resident": _locked(resident)})


def save_profile(*, resident: Resident, typed: Mapping[str, str]) -> Resident:
    """What fills in forms from now on; nothing typed destroys it."""
    with act():
        resident = _locked(resident)
        filled = {name: value for name, value in typed.items() if value}
        resident.profile_sealed = vault.seal(resident.key, canonical_json(filled)) if filled else None
        resident.save(update_fields=["profile_sealed"])
    return resident


def leave_everywhere(*, resident: Resident) -> None:
    """End every session of the account, wherever it was opened."""
    with act():
        resident = _locked(resident)
        resident.epoch += 1
        resident.save(update_fields=["epoch"])


def close(*, resident: Resident, by: Actor = APPLICANT) -> None:
    """Delete it: number, profile and links are destroyed. Cases and drafts stay and open with their codes."""
    with act():
        resident = _locked(resident)
        _record(resident, CLOSED, by)
        PayloadKey.objects.filter(pk=resident.key_id).update(wrapped=None, destroyed_at=timezone.now())
        resident.delete()


def close_unused(now: datetime | None = None) -> int:
    """Close what nobody has entered for a year; returns how many. For the scheduled sweep."""
    rows = list(Resident.objects.filter(entered_at__lt=(now or timezone.now()) - UNUSED)[:BATCH])
    for resident in rows:
        close(resident=resident, by=SYSTEM)
    return len(rows)
