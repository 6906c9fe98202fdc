"""May this person do this now?"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.people.enums import BY_ROSTER, TENANT, Permission, permissions_of
from mingtang.people.models import Absence, Assignment, Delegation, Post, RosterQuerySet, RosterRow, Staff
from mingtang.towns.models import Jurisdiction


def posts_of(staff: Staff, at: datetime | None = None) -> list[Post]:
    """The posts a person holds at a moment, in the order they took them."""
    rows = Assignment.objects.current(at or timezone.now()).filter(staff=staff)
    return [row.post for row in rows.select_related("post__unit").order_by("valid_from", "pk")]


def standing_in(staff: Staff, at: datetime) -> RosterQuerySet:
    """The rows of the roster by which a person stands in for a post at a moment: A, who holds it, is away, they not."""
    held = Assignment.objects.current(at)
    away = Absence.objects.covering(at)
    rows = RosterRow.objects.current(at).filter(
        Q(substitute=staff) | Q(substitute_post__in=held.filter(staff=staff).values("post"))
    )
    return rows.exclude(lead=staff).filter(
        Exists(held.filter(staff=OuterRef("lead"), post=OuterRef("post"))),
        Exists(away.filter(staff=OuterRef("lead"))),
        ~Exists(away.filter(staff=staff)),
    )


def served_by(staff: Staff, at: datetime | None = None) -> list[Post]:
    """The posts a person acts for at a moment: those held (``since``), in the order they took them, then those they
    only stand in for, each with the roster ``row`` that lets them.

    Every page of the desk asks this: one plain query while nobody of the town is away, the roster too otherwise.
    """
    at = at or timezone.now()
    away = Absence.objects.covering(at).filter(town=staff.town_id)
    own = Assignment.objects.current(at).filter(staff=staff, post__town=staff.town_id).select_related("post__unit")
    held = list(own.annotate(away=Exists(away)).order_by("valid_from", "pk"))
    if not held or held[0].away:
        return list(_served_by_roster(staff, at))
    posts: dict[int, Post] = {}
    for assignment in held:
        post = posts.setdefault(assignment.post_id, assignment.post)
        if not hasattr(post, "since"):
            post.since, post.row = assignment.valid_from, None
    return list(posts.values())


def _served_by_roster(staff: Staff, at: datetime) -> QuerySet[Post]:
    """The same in one query with the roster."""
    held = Assignment.objects.current(at).filter(staff=staff, post=OuterRef("pk")).order_by("valid_from")
    rows = standing_in(staff, at).filter(post=OuterRef("pk"))
    posts = Post.objects.filter(town=staff.town_id).annotate(
        since=Subquery(held.values("valid_from")[:1]), row=Subquery(rows.values("pk")[:1])
    )
    served = posts.filter(Q(since__isnull=False) | Q(row__isnull=False)).select_related("unit")
    return served.order_by(F("since").asc(nulls_last=True), "pk")


class StandIn(NamedTuple):
    """A post somebody stands in for now, by which row of the roster, and what passes to them."""

    post: str
    row: int
    powers: frozenset[str]


class Held(NamedTuple):
    """What somebody may do: the codes of the posts they hold with ``own`` powers, and the posts they stand in for.

    ``tenant``: the public utilities whose own things alone they may touch, where they hold a post of a tenant.
    """

    person: str
    codes: frozenset[str]
    own: frozenset[str]
    standing_in: tuple[StandIn, ...]
    tenant: frozenset[int] = frozenset()

    @property
    def powers(self) -> frozenset[str]:
        return self.own.union(*(row.powers for row in self.standing_in))

    @property
    def served(self) -> frozenset[str]:
        """The codes of the posts they act for."""
        return self.codes.union(row.post for row in self.standing_in)

    def actor(self, posts: Collection[str] = (), powers: Collection[str] = ()) -> Actor:
        """Who the event of an act names. ``posts``: for one of which it is done; without any, by one of ``powers``. A
        substitute is named as one, with post and row, where no post of their own lets them act."""
        if not self.codes.isdisjoint(posts) or (not posts and not self.own.isdisjoint(powers)):
            return Actor(self.person)
        for row in self.standing_in:
            if row.post in posts or (not posts and not row.powers.isdisjoint(powers)):
                return Actor(self.person, row.post, row.row)
        return Actor(self.person)


def held_by(staff: Staff, at: datetime | None = None) -> Held:
    """What a person holds and stands in for at a moment; no power for an account that is switched off.

    Every act asks this: one plain query while nobody of the town is away, a second one while somebody is; the whole
    roster is asked only where this person may stand in for who is away.
    """
    at = at or timezone.now()
    away = Absence.objects.covering(at).filter(town=staff.town_id)
    own = Assignment.objects.current(at).filter(staff=staff, post__town=staff.town_id)
    held = list(own.values_list("post__code", "post__roles", "post__unit", Exists(away)))
    if not held or (held[0][3] and _may_stand_in(staff, [row[0] for row in held], at)):
        return _held_and_stood_in(staff, at)
    roles = [role for _, given, _, _ in held for role in given] if staff.is_active else []
    tenant = frozenset(unit for _, given, unit, _ in held if TENANT.intersection(given))
    return Held(staff.code, frozenset(row[0] for row in held), permissions_of(roles), (), tenant)


def _may_stand_in(staff: Staff, codes: list[str], at: datetime) -> bool:
    """Whether somebody is away whose B this person may be."""
    rows = RosterRow.objects.current(at).filter(lead__in=Absence.objects.covering(at).values("staff"))
    return rows.filter(
        Q(substitute=staff) | Q(substitute_post__code__in=codes, substitute_post__town=staff.town_id)
    ).exists()


def _held_and_stood_in(staff: Staff, at: datetime) -> Held:
    codes, roles, rows, tenant = [], [], [], set()
    for post in _served_by_roster(staff, at):
        if post.since is not None:
            codes.append(post.code)
            roles += post.roles
            tenant.update({post.unit_id} if TENANT.intersection(post.roles) else ())
        else:
            rows.append(StandIn(post.code, post.row, post.permissions & BY_ROSTER))
    if not staff.is_active:
        return Held(staff.code, frozenset(codes), frozenset(), ())
    return Held(staff.code, frozenset(codes), permissions_of(roles), tuple(rows), frozenset(tenant))


def powers_of(staff: Staff, at: datetime | None = None) -> frozenset[str]:
    """Permission codes from the posts held at that moment, not from those one stands in for; none for an account that
    is switched off."""
    return held_by(staff, at).own


def check_may(staff: Staff, power: str, town: Jurisdiction) -> None:
    """Raise ``Refused`` unless this person holds the power in this town now."""
    if staff.town_id != town.pk or power not in powers_of(staff):
        raise _lacks(power)


def check_acts(staff: Staff, power: str, town: Jurisdiction) -> Held:
    """As ``check_may``, also for who stands in for a post with the power; what the person holds."""
    held = held_by(staff)
    if staff.town_id != town.pk or power not in held.powers:
        raise _lacks(power)
    return held


def _lacks(power: str) -> Refused:
    return Refused(f"您的岗位没有“{Permission(power).label}”的权限。需要时请联系本单位负责人调整岗位。")


def can(staff: Staff, power: str, town: Jurisdiction) -> bool:
    try:
        check_may(staff, power, town)
    except Refused:
        return False
    return True


def delegation_for(staff: Staff, *, item_code: str, step_code: str, at: datetime | None = None) -> Delegation:
    """The letter that lets this person decide, one of their own posts before that of a post they stand in for; raises
    ``Refused`` naming what is missing or since when it lapsed."""
    at = at or timezone.now()
    served = served_by(staff, at)
    own = {post.pk for post in served if post.since is not None}
    letters = Delegation.objects.filter(town=staff.town, post__in=served, item_code=item_code, step_code=step_code)
    if valid := list(letters.valid(at).select_related("post")):
        return max(valid, key=lambda letter: (letter.post_id in own, letter.valid_to))
    lapsed = letters.order_by("valid_to").last()
    if lapsed is None:
        raise Refused("您没有这个事项这一环节的授权书，不能作出决定。请由有授权的岗位办理，或者先取得授权。")
    if lapsed.valid_from > at:
        raise Refused(f"授权书 {lapsed.number} 还没有生效，不能作出决定。")
    end = min(moment for moment in (lapsed.valid_to, lapsed.revoked_at) if moment)
    raise Refused(
        f"授权书 {lapsed.number} 已于 {timezone.localtime(end):%Y年%m月%d日} 失效，不能作出决定。"
        "请先续办授权，再办理这一件。"
    )


def actor(staff: Staff) -> Actor:
    return Actor(staff.code)
