"""依职权启动: the office begins by itself, for somebody who did not ask (社会救助暂行办法 17)."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.utils import timezone

from mingtang.cases import clocks, papers, process, requirements
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import (
    Received,
    Submission,
    Times,
    begin_case,
    begun,
    checked_applicant,
    earlier,
    take_in,
)
from mingtang.cases.applicants import Applicant, as_payload
from mingtang.cases.enums import CaseState, Channel, ClockKind, Paper
from mingtang.events.log import Actor
from mingtang.events.models import PayloadKey
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import check_acts
from mingtang.rulebook import situations
from mingtang.rulebook.models import Version


def open_ex_officio(
    *,
    version: Version,
    person: Applicant,
    answers: Mapping[str, object],
    received: Received,
    found: str,
    submission: str,
    key: PayloadKey,
    by: Staff,
    sure: bool = False,
) -> Submission:
    """Begin a case for ``person`` without an application, accepted at once: every limit and resident-days from now.

    ``found`` says how the office came to know. What is not among ``received`` the office finds out itself; the person
    is asked for nothing, but told, with a code to follow it by. Raises ``Refused`` where the version names no article
    that lets the office begin, the answers bar, or none of its posts is this person's. Who cares for a minor is named
    as when they apply; ``sure`` as there.
    """
    town = version.item.town
    held, spec = check_acts(by, Permission.CASE_WORK, town), version.spec
    posts = held.served & spec.posts
    if not posts:
        raise Refused("这个事项不由您的岗位办。请告诉经办的岗位，由他们启动。")
    if not spec.ex_officio:
        raise Refused("这个事项要由本人申请，不能依职权启动。请帮他申请。")
    now = timezone.now()
    person = checked_applicant(version, person, received, timezone.localdate(now), at_window=True, sure=sure)
    checked = situations.check(spec, answers)
    if barred := requirements.barred(spec, checked):
        raise Refused(barred)
    found = text_of(found, "请写明怎样发现、为什么符合条件。", "found")
    try:
        with act():
            if before := earlier(town, submission):
                return before
            return _open(version, person, checked, received, found, submission, key, by, held.actor(posts))
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was quicker.
        if before := earlier(town, submission):
            return before
        raise


def _open(
    version: Version,
    person: Applicant,
    answers: dict[str, str | int],
    received: Received,
    found: str,
    submission: str,
    key: PayloadKey,
    by: Staff,
    author: Actor,
) -> Submission:
    now = timezone.now()
    case, code = begin_case(version, person, answers, submission, key, Channel.OFFICE, None, Times(now, now, now))
    take_in(case, received, now)
    process.begin(case, at=now)
    case.state, case.accepted_at = CaseState.ACCEPTED, now
    case.save(update_fields=["state", "accepted_at"])
    clocks.start_handling(case, at=now)
    process.advance(case, "accept", process.INTAKE, at=now, recorded_at=now, by=by)
    due = case.clocks.get(kind=ClockKind.PROMISE).due_on
    expected = f"我们在{chinese_date(due)}前作出决定。"
    receipt = papers.freeze(
        case,
        Paper.RECEIPT,
        papers.receipt(case, code, expected, now, now),
        type=kinds.OPENED,
        by=author,
        at=now,
        facts=begun(case),
        payload={**as_payload(person), "found": found},
    )
    return Submission(case, receipt, code, False)
