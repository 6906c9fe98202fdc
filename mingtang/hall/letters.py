"""授权书: in whose name a post decides. Issued and ended by the head of the unit that holds the power (plan 二(一))."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people import actions
from mingtang.people.actions import MAX_LIMIT, MAX_NUMBER
from mingtang.people.enums import DECIDE, Permission, UnitKind
from mingtang.people.models import Delegation, Post, Staff, Unit
from mingtang.people.policies import actor, posts_of
from mingtang.rulebook import facts
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

LONGEST = timedelta(days=5 * 366)
SOON = 30  # days before its end from which a letter is to be issued anew


class LetterState(models.TextChoices):
    REVOKED = "revoked", "已撤销"
    ENDED = "ended", "已到期"
    COMING = "coming", "还没生效"
    SOON = "soon", "快到期"
    VALID = "valid", "有效"


def grantors(by: Staff, posts: Iterable[Post] | None = None) -> list[Unit]:
    """The units in whose name this person issues letters: the own one; for the office also the town's government.

    The leading group stands for the government of the town: what it signs, the office enters. ``posts``: those that
    the person holds, where somebody has read them already.
    """
    own = [post for post in (posts_of(by) if posts is None else posts) if Permission.DELEGATE in post.permissions]
    units = {post.unit_id: post.unit for post in own}
    if any(Permission.ITEM_DECIDE in post.permissions for post in own):
        group = Unit.objects.filter(town=by.town_id, kind=UnitKind.LEADING_GROUP, dissolved_on__isnull=True)
        units |= {unit.pk: unit for unit in group}
    return [unit for unit in units.values() if unit.dissolved_on is None]


def _items(grantor: Unit) -> QuerySet[Item]:
    """The items whose decision this unit may delegate: its own; those of the whole town for its government."""
    rows = facts.in_force(grantor.town)
    return rows if grantor.kind == UnitKind.LEADING_GROUP else rows.filter(unit=grantor)


def deciders(town: Jurisdiction) -> list[Post]:
    """The posts that may be given a letter: those with the power to decide."""
    rows = Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit").order_by("unit", "pk")
    return [post for post in rows if Permission.CASE_DECIDE in post.permissions]


def check_issues(grantor: Unit, by: Staff) -> None:
    """Raise ``Refused`` unless this person issues letters in the name of the unit."""
    if by.town_id != grantor.town_id or grantor.pk not in {unit.pk for unit in grantors(by)}:
        raise Refused(f"您不能替{grantor.name}签发或者撤销授权书。请由它的负责人办理；镇政府的由党政办办理。")


def issue(
    *,
    grantor: Unit,
    post: Post,
    number: str,
    item: Item,
    valid_from: date,
    valid_to: date,
    by: Staff,
    limit: str = "",
) -> Delegation:
    """Let a post decide an item from a day through another; a letter never reaches back, and two never overlap."""
    check_issues(grantor, by)
    number = clear_text(number, "请填写授权书编号。", "number", MAX_NUMBER, town=by.town_id)
    limit, today = clear_text(limit, "", "limit", MAX_LIMIT, town=by.town_id), timezone.localdate()
    if valid_from < today:
        raise Refused("授权不能往回写。请从今天或者以后的日期起。", field="valid_from")
    if valid_to <= valid_from:
        raise Refused("授权的最后一天要晚于第一天。请改正日期。", field="valid_to")
    if valid_to - valid_from > LONGEST:
        raise Refused("一份授权书最长五年。请核对年份，到期再续办。", field="valid_to")
    with act():
        # One lock for all letters of the item: two that overlap are not written at the same time.
        item = Item.objects.select_for_update(of=("self",)).select_related("current__item", "unit").get(pk=item.pk)
        if not _items(grantor).filter(pk=item.pk).exists():
            raise Refused(f"这个事项不是{grantor.name}实施的，或者现在没有施行。请另选事项。", field="item")
        if post.pk not in {row.pk for row in deciders(grantor.town)}:
            raise Refused("这个岗位没有作决定的权限，授权书用不上。请另选岗位。", field="post")
        begin = timezone.now() if valid_from == today else _midnight(valid_from)
        end = _midnight(valid_to + timedelta(days=1))
        _check_alone(post, item, begin, end)
        return actions.delegate(
            grantor=grantor,
            post=post,
            number=number,
            item_code=item.code,
            step_code=DECIDE,
            valid_from=begin,
            valid_to=end,
            limit=limit,
            by=actor(by),
        )


def _check_alone(post: Post, item: Item, begin: datetime, end: datetime) -> None:
    rows = Delegation.objects.filter(post=post, item_code=item.code, step_code=DECIDE, revoked_at__isnull=True)
    other = rows.filter(valid_from__lt=end, valid_to__gt=begin).order_by("valid_to").last()
    if other is not None:
        last = last_day(other)
        raise Refused(
            f"这个岗位办这个事项已有授权书 {other.number}，到{chinese_date(last)}为止。"
            f"新的请从{chinese_date(last + timedelta(days=1))}起，或者先撤销原来的。",
            field="valid_from",
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def last_day(letter: Delegation) -> date:
    """The last day on which a letter holds; its end itself does not count."""
    return timezone.localdate(letter.valid_to - timedelta(microseconds=1))


def state_of(letter: Delegation, now: datetime) -> tuple[LetterState, str]:
    """Where a letter stands at a moment, and the words for it."""
    if letter.revoked_at and letter.revoked_at <= now:
        return LetterState.REVOKED, f"{timezone.localdate(letter.revoked_at)} 撤销"
    if letter.valid_to <= now:
        return LetterState.ENDED, LetterState.ENDED.label
    if letter.valid_from > now:
        return LetterState.COMING, LetterState.COMING.label
    left = (last_day(letter) - timezone.localdate(now)).days
    return (LetterState.SOON, f"还有 {left} 天") if left <= SOON else (LetterState.VALID, LetterState.VALID.label)


def revoke(*, letter: Delegation, reason: str, by: Staff) -> None:
    """End a letter now; the reason is public. What was decided under it stands."""
    check_issues(letter.grantor, by)
    reason = clear_text(reason, "请写明撤销授权的理由，这句话会公开。", "reason", town=by.town_id)
    actions.revoke_delegation(letter=letter, by=actor(by), reason=reason)


def undecidable(grantor: Unit, at: datetime) -> QuerySet[Item]:
    """The items of a unit that nobody may decide at a moment: the post their guide names holds no letter."""
    letters = Delegation.objects.filter(town=grantor.town, step_code=DECIDE).valid(at)
    held = letters.filter(item_code=OuterRef("code"), post__code=OuterRef("facts__decider_post"))
    return _items(grantor).filter(~Exists(held))


def lacking(grantor: Unit, at: datetime) -> list[tuple[Item, Post | None]]:
    """These items, each with the post that its guide names for it."""
    posts = {post.code: post for post in Post.objects.filter(town=grantor.town).select_related("unit")}
    return [(item, posts.get(item.facts.decider_post)) for item in undecidable(grantor, at)]
