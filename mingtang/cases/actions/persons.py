"""Who acts in a case and who may not (公务员法 76; 许可法 48)."""

from django.utils import timezone

from mingtang.cases import process
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.models import Case, Recusal
from mingtang.cases.policies import check_can, check_head
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Assignment, Post, Staff
from mingtang.people.policies import held_by


def recuse(
    *, case: Case, person: Staff, reason: str, by: Staff, granted: bool | None = None, to_post: str = ""
) -> Recusal:
    """回避: asked for by the person, or by a party through the window; decided by the head (``granted``), who may act
    unasked.

    From the asking on the person does nothing in the case. ``to_post`` takes over the person's steps; without it the
    others of the same post go on. Clocks run on.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        if granted is None:
            who = check_can("recuse", case, by)
            author = who.actor()
            if by != person and Permission.CASE_INTAKE not in who.held.powers:
                raise Refused("只能提出自己回避；当事人要求别人回避的，请到窗口提出。", field="person")
        else:
            _, author = check_head("recuse", case, by)
            if by == person:
                raise Refused("自己回避不回避，不能由自己决定。请由别的负责人决定。", field="person")
        if person.town_id != case.town_id:
            raise Refused("回避的人不是本镇的工作人员。", field="person")
        reason = text_of(reason, "请写明为什么要回避。", "reason", 500)
        row = Recusal.objects.filter(case=case, staff=person).first() or Recusal(case=case, staff=person, asked_at=now)
        if granted is None and row.pk is not None:
            raise Refused("已经提出过了，由负责人决定。", field="person")
        row.granted, row.decided_at = granted, None if granted is None else now
        row.from_post, row.to_post = _take_over(case, person, to_post) if granted and to_post else ("", "")
        row.event = record(
            town=case.town,
            type=kinds.RECUSAL_ASKED if granted is None else kinds.RECUSED,
            subject=case.subject,
            by=author,
            happened_at=now,
            data=row.told(),
            payload={"reason": reason},
            payload_key=case.key,
        )
        row.save()
        case.has_recusals = True
        case.save(update_fields=["has_recusals"])
    return row


def _take_over(case: Case, person: Staff, to_post: str) -> tuple[str, str]:
    """Give the open steps of the person's post to another; the two posts."""
    post = Post.objects.filter(town=case.town, code=to_post).first()
    if post is None:
        raise Refused("没有这个岗位，请重新选择。", field="to_post")
    codes = held_by(person).served
    steps = list(case.steps.filter(done_at__isnull=True, post_code__in=codes).exclude(key=process.DECIDE))
    if not steps:
        raise Refused("这个人现在没有等着办的环节，不用改由别的岗位。", field="to_post")
    needed = Permission.CASE_INTAKE if steps[0].key in {process.INTAKE, process.SERVE} else Permission.CASE_WORK
    if to_post in codes or needed not in post.permissions:
        raise Refused(f"“{post}”不能接办这一环节，请选别的岗位。", field="to_post")
    away = case.recusals.exclude(granted=False).values("staff")
    if not Assignment.objects.current(timezone.now()).filter(post=post).exclude(staff__in=away).exists():
        raise Refused(f"“{post}”现在没有人，请选别的岗位。", field="to_post")
    from_post = steps[0].post_code
    case.steps.filter(done_at__isnull=True, post_code=from_post).exclude(key=process.DECIDE).update(post_code=to_post)
    return from_post, to_post
