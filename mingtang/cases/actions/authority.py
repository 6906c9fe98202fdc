"""委托变动: an authority that is renewed, passes to somebody else or ends while the case runs (民法典 165, 173)."""

from dataclasses import asdict, replace
from datetime import date

from django.utils import timezone

from mingtang.cases.acting import Acting
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import is_aid, locked
from mingtang.cases.applicants import check_successor, minor
from mingtang.cases.enums import ActsAs, AuthorityChange
from mingtang.cases.models import Authority, Case
from mingtang.cases.policies import check_can
from mingtang.events.log import record
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff

MAX_REASON = 200


def record_authority(
    *, case: Case, change: str, since: date, by: Staff, acting: Acting | None = None, reason: str = ""
) -> Authority:
    """登记委托变动, at the window, whose clerk saw the paper.

    ``acting``: renewed, the scope and term of the new letter; changed, whoever acts from now on, also where the
    applicant came themselves so far. Ended needs a ``reason``. Nothing else of the case moves: no clock, no paper.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    with act():
        case = locked(case)
        who = check_can("record_authority", case, by)
        window = open_window_of(by)
        if change not in AuthorityChange.values:
            raise Refused("请选择委托怎么变了。", field="change")
        if since > today:
            raise Refused("还没有到那一天。请写今天或者以前的日期，以后开始的到那天再登记。", field="since")
        if change == AuthorityChange.ENDED:
            reason = text_of(reason, "请写明委托怎样终止的，例如申请人取消、代理人辞去。", "reason", MAX_REASON)
            found = _ended(case, since, today)
        else:
            assert acting is not None  # a form asks for it
            wanted = _renewed(case, acting) if change == AuthorityChange.RENEWED else acting
            found = check_successor(case.applicant, wanted, today=today, aid=is_aid(case.version))
        case.applicant_sealed = case.seal({**case.applicant, "acting": asdict(found)})
        case.save(update_fields=["applicant_sealed"])
        row = Authority(
            case=case,
            change=change,
            acts_as=found.acts_as,
            since=since,
            until=date.fromisoformat(found.until) if found.until else None,
            may_withdraw=found.may_withdraw,
            may_collect=found.may_collect,
            checked_by=by,
            recorded_at=now,
        )
        row.event = record(
            town=case.town,
            type=kinds.AUTHORITY,
            subject=case.subject,
            by=who.actor(window.post.code),
            happened_at=now,
            place=str(window),
            data=row.told(),
            payload={"acting": asdict(found), "reason": reason},
            payload_key=case.key,
        )
        row.save()
    return row


def _standing(case: Case) -> Acting:
    """Who acts and was not ended; raises ``Refused``."""
    held = case.acting
    if held is None or held.ended:
        raise Refused("这一件现在没有人代申请人办。请登记新的委托。", field="change")
    return held


def _renewed(case: Case, letter: Acting) -> Acting:
    held = _standing(case)
    if held.acts_as == ActsAs.GUARDIAN:
        raise Refused("监护人不用委托书，没有期限。", field="change")
    return replace(
        held,
        until=letter.until,
        may_withdraw=letter.may_withdraw,
        may_collect=letter.may_collect,
        seen=letter.seen,
    )


def _ended(case: Case, since: date, today: date) -> Acting:
    held = _standing(case)
    if held.acts_as == ActsAs.GUARDIAN and minor(case.applicant, today):
        raise Refused("申请人还没有成年，不能没有监护人。请登记新的监护人。", field="change")
    return replace(held, ended=since.isoformat())
