"""What is not published: proposed by the author, reviewed by a second person, decided by a third, looked at again.

信息公开条例 14–16 name what is not published, 27 what is given on request, 18 that it is judged again from time to time
and published when it can be. The titles are public, unless the title itself is what must not get out.
"""

from django.db.models import QuerySet
from django.utils import timezone

from mingtang import guard
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.enums import EditionState, Ground, Scope
from mingtang.disclosure.models import Document, Edition, Withholding
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.states import EDITION
from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import add_calendar

PROPOSED = types.define("document.withholding_proposed", "提出不主动公开")
REVIEWED = types.define("document.withholding_reviewed", "审查同意不主动公开")
WITHHELD = types.define("document.withheld", "决定不主动公开", public=True)
KEPT = types.define("document.withheld_again", "再次审查，仍不主动公开", public=True)
OPENED = types.define("document.opened_up", "再次审查，可以公开了", public=True)
RHYTHM = types.define("withheld.rhythm", "定多久再审查一次", public=True)
# 条例 18 says 定期 and no more; a town sets its own rhythm, which is a year at most.
MOST_MONTHS = 12
# Days before the day of the next review on which it stands on the desk.
ASKED_BEFORE = 30


def set_rhythm(*, town: Jurisdiction, months: int, reason: str, by: Staff) -> Jurisdiction:
    """Within how many months at most the town looks again at what is not public. What was decided keeps its day;
    whoever decides from now on is offered this and may not go beyond it."""
    check_may(by, Permission.CATALOGUE_KEEP, town)
    if not 1 <= months <= MOST_MONTHS:
        raise Refused(f"请写 1 到 {MOST_MONTHS} 个月：最长一年要再审查一次。", field="months")
    reason = clear_text(reason, "请写明为什么这样定，这句话会公开。", "reason", town=by.town_id)
    with act():
        town = Jurisdiction.objects.select_for_update().get(pk=town.pk)
        before, town.review_months = town.review_months, months
        if before == months:
            raise Refused("和现在定的一样，没有改动。", field="months")
        town.save(update_fields=["review_months"])
        data = {"months": months, "before": before}
        record(town=town, type=RHYTHM, subject=f"town:{town.code}", by=actor(by), reason=reason, data=data)
    return town


def propose_withholding(*, edition: Edition, ground: str, reason: str, hide_title: bool, by: Staff) -> Edition:
    """Propose that a draft is not published by itself. Its text may no longer be changed unless it is sent back."""
    if ground not in Ground.values:
        raise Refused("请选择依据哪一条。", field="ground")
    reason = clear_text(reason, "请写明为什么不能主动公开，审查和签发的人要看。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("propose_withholding", edition, by)
        if edition.document.current_id:
            raise Refused("这份信息已经公开过，不能再定为不公开。不该公开的，请撤下。")
        found = guard.check(edition.revision.title, lists=guard.lists_of(by.town_id))
        if not hide_title and guard.blocked(found):
            raise Refused(f"标题会公开。{found[0].message}请改标题，或者勾选“标题也不公开”。", field="hide_title")
        edition.state, edition.returned_reason = EDITION["propose_withholding"].target, ""
        edition.author = edition.author or by
        edition.save(update_fields=["state", "returned_reason", "author"])
        Withholding.objects.create(edition=edition, ground=ground, reason=reason, hide_title=hide_title)
        tell(edition, PROPOSED, actor(by), reason=reason, ground=ground, hide_title=_flag(hide_title))
    return edition


def review_withholding(*, edition: Edition, by: Staff) -> Edition:
    """A second person agrees: the clause fits, and the title may be read or is hidden."""
    with act():
        edition = locked(edition)
        check_can("review_withholding", edition, by)
        edition.state = EDITION["review_withholding"].target
        edition.reviewer, edition.reviewed_at = by, tell(edition, REVIEWED, actor(by)).recorded_at
        edition.reviewed_sha256 = edition.revision.sha256
        edition.save(update_fields=["state", "reviewer", "reviewed_at", "reviewed_sha256"])
    return edition


def withhold(*, edition: Edition, months: int, by: Staff) -> Edition:
    """The third person decides; within ``months`` it is looked at again."""
    _check_months(months, edition.document.town)
    with act():
        edition = locked(edition)
        check_can("withhold", edition, by)
        row = edition.withholding
        on_request = row.ground == Ground.ASKED
        edition.state = EDITION["give_on_request" if on_request else "withhold"].target
        row.review_on = add_calendar(timezone.localdate(), months, "months")
        event = tell(edition, WITHHELD, actor(by), ground=row.ground, review_on=row.review_on.isoformat())
        edition.signer, edition.signed_at = by, event.recorded_at
        edition.save(update_fields=["state", "signer", "signed_at"])
        row.decided_at = event.recorded_at
        row.save(update_fields=["decided_at", "review_on"])
        scope = Scope.ON_REQUEST if on_request else Scope.NOT_PUBLIC
        Document.objects.filter(pk=edition.document_id).update(scope=scope)
    return edition


def keep_withheld(*, edition: Edition, months: int, reason: str, by: Staff) -> Edition:
    """Looked at again, and it stays as it is, for another ``months``."""
    _check_months(months, edition.document.town)
    reason = clear_text(reason, "请写明为什么还不能公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("keep_withheld", edition, by)
        row = edition.withholding
        row.review_on = add_calendar(timezone.localdate(), months, "months")
        row.save(update_fields=["review_on"])
        tell(edition, KEPT, actor(by), reason=reason, review_on=row.review_on.isoformat())
    return edition


def open_up(*, edition: Edition, reason: str, by: Staff) -> Edition:
    """Looked at again, and it may be published now: a draft again, on the way of every other."""
    reason = clear_text(reason, "请写明为什么现在可以公开了。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("open_up", edition, by)
        edition.withholding.delete()
        edition.state, edition.returned_reason = EDITION["open_up"].target, reason
        edition.reviewer = edition.reviewed_at = edition.signer = edition.signed_at = None
        edition.reviewed_sha256 = ""
        edition.save()
        Document.objects.filter(pk=edition.document_id).update(scope=Scope.ALL)
        tell(edition, OPENED, actor(by), reason=reason)
    return edition


def asked_again(town: Jurisdiction) -> QuerySet[Withholding]:
    """What is to be looked at again soon or should have been, the longest overdue on top."""
    until = add_calendar(timezone.localdate(), ASKED_BEFORE, "calendar_days")
    rows = Withholding.objects.filter(edition__document__town=town, review_on__lte=until).decided()
    return rows.order_by("review_on", "pk")


def proposed(town: Jurisdiction) -> QuerySet[Withholding]:
    """What waits for the second or the third person."""
    states = [EditionState.TO_WITHHOLD, EditionState.WITHHOLD_OK]
    return Withholding.objects.filter(edition__document__town=town, edition__state__in=states).order_by("pk")


def _check_months(months: int, town: Jurisdiction) -> None:
    if not 1 <= months <= town.review_months:
        raise Refused(f"请写 1 到 {town.review_months} 个月：镇里定了最长这么久再审查一次。", field="months")


def _flag(yes: bool) -> str:
    return "yes" if yes else ""
