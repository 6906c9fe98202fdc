"""Duties of the law: a pack that a town takes over in one act of two persons, and that ends with the articles it rests
on. What the town has not taken over is shown."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from mingtang.disclosure.columns import schemes
from mingtang.disclosure.models import Column
from mingtang.events import types
from mingtang.events.log import SYSTEM, record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight.actions import CLOSED, Terms, lay_down, tell
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty, Takeover
from mingtang.oversight.watching import WATCHES
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, check_may, powers_of
from mingtang.rulebook.laws.citing import citations
from mingtang.rulebook.laws.resolve import Failure, Resolution, Shelf
from mingtang.towns.models import Jurisdiction

PACK = Path(__file__).parent / "catalogue" / "law.toml"
# The schemes of the catalogue whose columns are items of an article.
LAWFUL = ("art20", "art21")

PROPOSED = types.define("takeover.proposed", "提出接下法定任务", public=True)
AGREED = types.define("takeover.agreed", "同意接下法定任务", public=True)
REFUSED = types.define("takeover.refused", "不同意接下法定任务", public=True)


@dataclass(frozen=True)
class Row:
    """One duty of the pack. ``posts``: codes of those that usually answer for it."""

    code: str
    name: str
    law: str
    article: str
    trigger: str
    days: int = 0
    month: int = 0
    day: int = 0
    years_after: int = 0
    watch: str = ""
    posts: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        return f"{self.law} {self.article}"

    @property
    def duty_code(self) -> str:
        return f"law-{self.code}"


@cache
def rows() -> dict[str, Row]:
    """The pack by code. Raises ``ValueError`` for a trigger or a watch that does not exist."""
    listed = tomllib.loads(PACK.read_text(encoding="utf-8"))["duty"]
    found = [Row(**{**row, "posts": tuple(row["posts"])}) for row in listed]
    for row in found:
        if row.trigger not in Trigger.values or row.watch not in {"", *WATCHES}:
            raise ValueError(f"{PACK.name}: {row.code}")
    return {row.code: row for row in found}


@dataclass(frozen=True)
class Standing:
    """A duty of the pack in a town: the duty, where it was taken over; else ``why`` its article no longer holds."""

    row: Row
    duty: Duty | None
    why: str = ""

    @property
    def state(self) -> str:
        """``taken``, ``ended`` (by the town), ``dead`` (its article was repealed) or ``open``: nobody took it over."""
        if self.why:
            return "dead"
        if self.duty is None:
            return "open"
        return "ended" if self.duty.closed_on else "taken"


def of_town(town: Jurisdiction) -> list[Standing]:
    """Every duty of the pack, and what the town made of it."""
    codes = [row.duty_code for row in rows().values()]
    held = {
        duty.code: duty for duty in Duty.objects.filter(town=town, code__in=codes).select_related("owner__unit", "town")
    }
    shelf, today = Shelf.for_citations(town, [(row.law, row.article) for row in rows().values()]), timezone.localdate()
    return [
        Standing(row, held.get(row.duty_code), _death(shelf.resolve(row.law, row.article, today)))
        for row in rows().values()
    ]


def items_of_law(town: Jurisdiction) -> list[tuple[str, str, int, int]]:
    """The articles whose items are columns: name, basis, how many there are, how many of them are open."""
    open_now = set(Column.objects.filter(town=town, closed_on__isnull=True).values_list("code", flat=True))
    found = []
    for code in LAWFUL:
        scheme = schemes()[code]
        codes = [row.code for _, row in scheme.rows]
        basis = scheme.rows[0][1].basis.partition("条第")[0].removesuffix("条") + "条"
        found.append((scheme.name, basis, len(codes), sum(one in open_now for one in codes)))
    return found


def usual(town: Jurisdiction) -> dict[str, Post]:
    """The post that the pack proposes for each of its duties, where the town has one of them."""
    posts = {post.code: post for post in Post.objects.filter(town=town)}
    found = {row.code: next((posts[code] for code in row.posts if code in posts), None) for row in rows().values()}
    return {code: post for code, post in found.items() if post is not None}


def propose(*, town: Jurisdiction, owners: Mapping[str, Post], by: Staff) -> Takeover:
    """Ask for the duties of the pack that are named here, each with the post that will answer for it."""
    check_may(by, P.DUTY_KEEP, town)
    if not owners:
        raise Refused("请给要接下的任务选责任岗位，至少一项。")
    with act():
        Jurisdiction.objects.select_for_update().get(pk=town.pk)
        if Takeover.objects.filter(town=town).waiting().exists():
            raise Refused("已经有一批法定任务在等人同意，请等办完以后再提。")
        free = {one.row.code for one in of_town(town) if one.state == "open"}
        for code, post in owners.items():
            if code not in free:
                raise Refused("有的任务已经接下了，或者法规库里依据已经失效。请刷新后再看。", field=code)
            if post.town_id != town.pk:
                raise Refused("请选择本镇的岗位。", field=code)
        row = Takeover(town=town, owners={code: post.code for code, post in owners.items()}, proposed_by=by)
        row.proposed_at = timezone.now()
        row.save()
        row.proposed_at = _tell(row, PROPOSED, by).recorded_at
        row.save(update_fields=["proposed_at"])
    return row


def agree(*, takeover: Takeover, by: Staff) -> Takeover:
    """The second person agrees: every duty that was named is laid down, and binds from today."""
    with act():
        row = _waiting(takeover, by)
        row.agreed, row.settled_by, row.settled_at = True, by, _tell(row, AGREED, by).recorded_at
        row.save(update_fields=["agreed", "settled_by", "settled_at"])
        posts = {post.code: post for post in Post.objects.filter(town=row.town, code__in=row.owners.values())}
        for code, post in row.owners.items():
            one = rows()[code]
            when: dict[str, Any] = {
                name: getattr(one, name) for name in ("trigger", "days", "month", "day", "years_after", "watch")
            }
            terms = Terms(name=one.name, source=Source.LAW, basis=one.basis, owner=posts[post], **when)
            lay_down(town=row.town, code=one.duty_code, terms=terms, by=actor(by))
    return row


def refuse(*, takeover: Takeover, reason: str, by: Staff) -> Takeover:
    """The second person sends it back with a reason."""
    reason = clear_text(reason, "请写明为什么不同意，这句话会公开。", "reason", town=by.town_id)
    with act():
        row = _waiting(takeover, by)
        row.agreed, row.settled_by, row.reason = False, by, reason
        row.settled_at = _tell(row, REFUSED, by, reason).recorded_at
        row.save(update_fields=["agreed", "settled_by", "settled_at", "reason"])
    return row


def may_settle(takeover: Takeover, by: Staff) -> bool:
    """Another than who proposed it, who keeps the duties or watches over them."""
    held = powers_of(by)
    return by.town_id == takeover.town_id and by.pk != takeover.proposed_by_id and bool({P.DUTY_KEEP, P.OVERSEE} & held)


def _waiting(takeover: Takeover, by: Staff) -> Takeover:
    Takeover.objects.select_for_update().only("pk").get(pk=takeover.pk)
    row = Takeover.objects.select_related("town", "proposed_by").get(pk=takeover.pk)
    if row.settled_at:
        raise Refused("这一批已经办过了，请刷新后再看。")
    if not may_settle(row, by):
        raise Refused("要由提出的人以外、管理任务或者监督检查的人来定。")
    return row


def told(row: Takeover) -> list[str]:
    """What the events say of it."""
    return [f"{code}={post}" for code, post in sorted(row.owners.items())]


def _tell(row: Takeover, type: str, by: Staff, reason: str = "") -> Event:
    return record(
        town=row.town, type=type, subject=row.subject, by=actor(by), reason=reason, data={"owners": told(row)}
    )


def _death(found: Resolution) -> str:
    """Why an article no longer holds; empty while it does, and where the library does not know."""
    return found.why if found.failure == Failure.ABOLISHED else ""


def follow_articles(town: Jurisdiction, today: date) -> int:
    """Inside the round: a duty of law ends when an article that it rests on was repealed. How many ended."""
    duties = list(
        Duty.objects.filter(town=town, source=Source.LAW, closed_on__isnull=True).select_related("town", "owner")
    )
    cited = {duty.pk: list(citations(duty.basis)) for duty in duties}
    if not any(cited.values()):
        return 0
    shelf, ended = Shelf.for_citations(town, [one for found in cited.values() for one in found]), 0
    for duty in duties:
        whys = [why for one in cited[duty.pk] if (why := _death(shelf.resolve(*one, today)))]
        if whys:
            duty.closed_on, duty.offered_to, duty.offered_why = today, None, ""
            duty.save(update_fields=["closed_on", "offered_to", "offered_why"])
            tell(duty, CLOSED, SYSTEM, reason=f"依据失效：{whys[0]}"[:200])
            ended += 1
    return ended
