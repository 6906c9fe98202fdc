"""May this person do this with a duty now?"""

import re

from mingtang.lib.errors import Refused
from mingtang.oversight.enums import Trigger
from mingtang.oversight.models import ARTICLE, Duty, Slot
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff
from mingtang.people.policies import can, posts_of


def holds(duty: Duty, by: Staff) -> bool:
    """Whether the person holds the post that answers for the duty."""
    return duty.holder.pk in {post.pk for post in posts_of(by)}


def fixed_by_law(duty: Duty) -> bool:
    """Its basis names an article: nobody here moves its date."""
    return re.search(ARTICLE, duty.stands_on) is not None


def check_by_hand(duty: Duty) -> None:
    """The promise of an item or a utility is measured and follows it: nobody fills, moves, hands on or ends it."""
    if duty.measured:
        raise Refused("这项承诺从记录里量，跟着事项或者公用单位走，不用手填，也不单独移交、改期、停止。")


def check_answers(duty: Duty, by: Staff) -> None:
    """Its owner's posts and whoever keeps the duties say what became of a slot."""
    if duty.town_id != by.town_id:
        raise Refused("这项任务不属于您所在的乡镇。")
    if not holds(duty, by) and not can(by, Permission.DUTY_KEEP, duty.town):
        raise Refused(f"这项任务由{duty.holder}负责，请由这个岗位来写。")


def check_waits(slot: Slot, *, for_proof: bool = False) -> None:
    """Nothing fills it yet, and nobody has said why; a proof may come after an excuse."""
    if slot.proved_on:
        raise Refused("这一格已经有凭据了，请刷新后再看。")
    if slot.excused_on and not for_proof:
        raise Refused("这一格已经说明过了，请刷新后再看。")


def check_moves(slot: Slot, by: Staff, passed: bool) -> None:
    """The owner does not move its own date (a second person does), nobody one that the law fixes or that has passed."""
    duty = slot.duty
    check_by_hand(duty)
    if duty.trigger == Trigger.CONTINUOUS:
        raise Refused("持续公开的任务没有期限可改：哪天空着，从哪天算起。")
    if fixed_by_law(duty):
        raise Refused(f"这个期限是{duty.stands_on}定的，镇里不能改。到期没有的，请如实写明原因。", field="day")
    if holds(duty, by):
        raise Refused("期限要由责任岗位以外的人来改。请和管理任务的同事商量。")
    if passed:
        raise Refused("期限已经过了，不能再往后改。请写明原因，或者补上。", field="day")


def check_takes(duty: Duty, by: Staff) -> Post:
    """The post a duty was offered to is held by this person."""
    if duty.offered_to is None:
        raise Refused("这项任务没有要移交，可能已经有人签收。请刷新后再看。")
    if duty.offered_to_id not in {post.pk for post in posts_of(by)}:
        raise Refused(f"这项任务要移交给{duty.offered_to}，请由这个岗位签收。")
    return duty.offered_to
