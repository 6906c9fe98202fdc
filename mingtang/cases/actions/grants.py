"""结果公开: proposed by the decision, shown by itself for firms and by one click for persons, gone after its days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.enums import ApplicantKind, GrantState, PermitState
from mingtang.cases.grants import check_grant, check_grant_state, problems, text_of
from mingtang.cases.models import CaseDocument, Grant, Permit
from mingtang.events.log import SYSTEM, Actor, record
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook.enums import Disclosed

MAX_REASON, MAX_VILLAGE = 200, 40


def propose(paper: CaseDocument, *, at: datetime) -> Grant | None:
    """What the profile says of this grant. A firm's licence goes to the net at once, unless the guard forbids it."""
    case, profile = paper.case, paper.case.version.spec.publication
    if profile.scope in {"", Disclosed.NONE}:
        return None
    grant = Grant.objects.create(
        town=case.town,
        paper=paper,
        case=case,
        item=case.item,
        year=timezone.localdate(at).year,
        kind=case.applicant_kind,
        scope=profile.scope,
    )
    is_open = grant.kind == ApplicantKind.ORGANISATION and grant.scope == Disclosed.WEB
    if is_open and not problems(grant.town_id, text_of(grant)):
        _show(grant, SYSTEM, at)
    return grant


def locked_grant(grant: Grant) -> Grant:
    rows = Grant.objects.select_for_update(of=("self",))
    return rows.select_related("case__version", "case__key", "case__town", "paper", "town").get(pk=grant.pk)


def _show(grant: Grant, by: Actor, at: datetime) -> None:
    text, profile = text_of(grant), grant.case.version.spec.publication
    grant.state, grant.shown_on = GrantState.SHOWN, timezone.localdate(at)
    grant.until = grant.shown_on + timedelta(days=profile.days) if profile.days else None
    grant.keep(text)
    grant.event = record(
        town=grant.town,
        type=kinds.GRANT_PUBLISHED,
        subject=grant.case.subject,
        by=by,
        happened_at=at,
        data={**grant.told(), "sha256": sha256_hex(canonical_json(text))},
    )
    grant.save()


def publish(*, grant: Grant, by: Staff, village: str = "") -> Grant:
    """公开: exactly what the review showed. A village's board needs to know which village."""
    now = timezone.now()
    with act():
        grant = locked_grant(grant)
        check_grant("publish", grant, by)
        if found := problems(grant.town_id, text_of(grant)):
            raise Refused(f"不能公开：{found[0]}")
        village = village.strip()
        if grant.scope == Disclosed.BOARD and not village:
            raise Refused("请填写在哪个村（社区）公示。", field="village")
        if len(village) > MAX_VILLAGE:
            raise Refused(f"村（社区）的名称最多 {MAX_VILLAGE} 个字。", field="village")
        grant.village = village if grant.scope == Disclosed.BOARD else ""
        _show(grant, actor(by), now)
    return grant


def withhold(*, grant: Grant, reason: str, by: Staff) -> Grant:
    """不公开，或者撤下: only the count remains; the reason is kept."""
    now = timezone.now()
    with act():
        grant = locked_grant(grant)
        check_grant("withhold", grant, by)
        reason = reason.strip()
        if not reason or len(reason) > MAX_REASON:
            raise Refused(f"请写明不公开的理由和依据，最多 {MAX_REASON} 个字。", field="reason")
        _take_down(grant, GrantState.WITHHELD, kinds.GRANT_WITHHELD, actor(by), now, reason)
    return grant


def _take_down(grant: Grant, state: str, type: str, by: Actor, at: datetime, reason: str) -> None:
    grant.state, grant.text_sealed = state, None
    grant.event = record(
        town=grant.town,
        type=type,
        subject=grant.case.subject,
        by=by,
        happened_at=at,
        data={"paper": grant.paper.number},
        payload={"reason": reason} if by != SYSTEM else None,
        payload_key=grant.case.key if by != SYSTEM else None,
        reason=reason if by == SYSTEM else "",
    )
    grant.save()


def grants_over(at: datetime | None = None) -> Iterable[Grant]:
    """Entries whose days are over; of persons without days: when nothing of what was given holds any more."""
    today = timezone.localdate(at or timezone.now())
    given = Permit.objects.filter(paper=OuterRef("paper"))
    holds = given.exclude(state=PermitState.CANCELLED).exclude(valid_to__lt=today)
    over = Q(kind=ApplicantKind.PERSON, until__isnull=True) & Exists(given) & ~Exists(holds)
    return Grant.objects.filter(Q(until__lt=today) | over, state=GrantState.SHOWN).order_by("pk")


def end(*, grant: Grant) -> Grant:
    """公开期满: the entry goes and its text with it; only the count remains (个人信息保护法 47)."""
    now = timezone.now()
    with act():
        grant = locked_grant(grant)
        check_grant_state("end", grant)
        if not grants_over(now).filter(pk=grant.pk).exists():
            raise Refused("公开的天数还没有满。")
        _take_down(grant, GrantState.ENDED, kinds.GRANT_ENDED, SYSTEM, now, "公开期满")
    return grant
