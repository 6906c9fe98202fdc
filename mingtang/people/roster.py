"""The duty roster (AB岗): who stands in for a post while its holder is away, and who is away when.

Whether a day is left with nobody is asked where working days and opening bands are known (``hall.duty``).
"""

from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import iso, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import AbsenceKind, Permission
from mingtang.people.models import Absence, Assignment, Post, RosterRow, Staff
from mingtang.people.policies import actor, can, check_may

ROSTERED = types.define("people.rostered", "排定A岗、B岗", public=True)
AWAY = types.define("people.away", "登记外出")
BACK = types.define("people.back", "外出提前结束或者取消")
LONGEST = timedelta(days=366)
BACKDATED = timedelta(days=7)


def set_row(
    *, post: Post, lead: Staff, by: Staff, substitute: Staff | None = None, substitute_post: Post | None = None
) -> RosterRow:
    """Name A and B of a post from now on; the row before ends. B is a person, or whoever holds ``substitute_post``."""
    check_may(by, Permission.ROSTER, post.town)
    if (substitute is None) == (substitute_post is None):
        raise Refused("请选B岗：一个人，或者一个岗位，只选一样。没有B岗，A岗一外出就没有人办。", field="substitute")
    now = timezone.now()
    holders = Assignment.objects.current(now).filter(staff__is_active=True)
    if not holders.filter(post=post, staff=lead).exists():
        raise Refused(f"{lead}现在没有担任{post}，不能做它的A岗。请先任职，或者换一个人。", field="lead")
    if substitute is not None and (substitute.town_id != post.town_id or not substitute.is_active):
        raise Refused("B岗要是本镇在用账号的人。请换一个人。", field="substitute")
    if substitute == lead:
        raise Refused(f"{lead}是A岗，不能又是B岗。请换一个人。", field="substitute")
    if substitute_post is not None:
        if substitute_post.town_id != post.town_id or substitute_post.pk == post.pk:
            raise Refused("B岗的岗位要是本镇另外一个岗位。请换一个。", field="substitute_post")
        if not holders.filter(post=substitute_post).exclude(staff=lead).exists():
            raise Refused(
                f"{substitute_post}现在除了A岗没有别人，替不了。请换一个岗位或者写一个人。", field="substitute_post"
            )
    with act():
        post = Post.objects.select_for_update(of=("self",)).select_related("town", "unit").get(pk=post.pk)
        RosterRow.objects.filter(post=post, valid_to__isnull=True).update(valid_to=now)
        row = RosterRow.objects.create(
            town=post.town, post=post, lead=lead, substitute=substitute, substitute_post=substitute_post, valid_from=now
        )
        record(
            town=post.town,
            type=ROSTERED,
            subject=f"post:{post.code}",
            by=actor(by),
            data={
                "roster": row.pk,
                "lead": lead.code,
                "substitute": substitute.code if substitute else f"post:{substitute_post.code}",
            },
        )
    return row


def check_enters(staff: Staff, by: Staff) -> None:
    """An absence is entered by the person or by who keeps the roster."""
    if by.town_id != staff.town_id or (by.pk != staff.pk and not can(by, Permission.ROSTER, staff.town)):
        raise Refused("您只能登记自己的外出。别人的，请本人登记，或者请党政办、便民服务中心主任登记。", field="staff")


def check_times(staff: Staff, starts_at: datetime, ends_at: datetime) -> None:
    """Later than it begins, not long past, not without end, and not twice."""
    now = timezone.now()
    if ends_at <= starts_at:
        raise Refused("回来的时间要晚于离开的时间。请改正。", field="ends_at")
    if starts_at < now - BACKDATED or ends_at <= now:
        raise Refused("外出已经过去了，不能补记。从今天起、最早七天前开始的才能登记。", field="starts_at")
    if ends_at - starts_at > LONGEST:
        raise Refused("一次最多登记一年。更长的，请给岗位另外任命人员。", field="ends_at")
    if Absence.objects.touching(starts_at, ends_at).filter(staff=staff).exists():
        raise Refused("这段时间里已经登记过外出。请先取消原来的，或者改一下时间。", field="starts_at")


def enter_absence(*, staff: Staff, kind: str, starts_at: datetime, ends_at: datetime, by: Staff) -> Absence:
    """Somebody will be away; meanwhile B of their posts acts."""
    if kind not in AbsenceKind.values:
        raise Refused("请选择事由。", field="kind")
    check_enters(staff, by)
    with act():
        staff = Staff.objects.select_for_update(of=("self",)).select_related("town").get(pk=staff.pk)
        check_times(staff, starts_at, ends_at)
        row = Absence.objects.create(
            town=staff.town, staff=staff, kind=kind, starts_at=starts_at, ends_at=ends_at, entered_by=by
        )
        data = {"absence": row.pk, "kind": kind, "from": iso(starts_at), "to": iso(ends_at)}
        record(town=staff.town, type=AWAY, subject=staff.code, by=actor(by), data=data)
    return row


def end_absence(*, absence: Absence, by: Staff) -> Absence:
    """Back earlier, or not going at all: what has not begun is cancelled, what runs ends now."""
    check_enters(absence.staff, by)
    now = timezone.now()
    with act():
        absence = Absence.objects.select_for_update(of=("self",)).select_related("town", "staff").get(pk=absence.pk)
        if absence.cancelled_at or absence.ends_at <= now:
            raise Refused("这次外出已经结束或者取消了。请刷新再看。")
        if absence.starts_at < now:
            absence.ends_at = now
        else:
            absence.cancelled_at = now
        absence.save(update_fields=["ends_at", "cancelled_at"])
        record(town=absence.town, type=BACK, subject=absence.staff.code, by=actor(by), data={"absence": absence.pk})
    return absence
