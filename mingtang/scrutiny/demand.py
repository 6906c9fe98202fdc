"""群众最关心的: what was asked for most in a quarter of a year, and the task or the reason that it was given.

Counted from searches that found nothing, from what could not be done, from matters told to the utilities and from
nudges at empty slots; numbers only, nothing about who asked. What is nudged has its task already.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Sum
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight.actions import Terms, lay_down
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, check_may
from mingtang.rulebook.enums import WantedOutcome
from mingtang.rulebook.models import WantedDay
from mingtang.rulebook.models.wanted import ENOUGH
from mingtang.scrutiny.models import Asked
from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import MatterKind
from mingtang.voices.models import Matter, Obstacle

TASK = types.define("asked.task", "群众最关心的事立为任务", public=True)
DECLINED = types.define("asked.declined", "群众最关心的事，说明为什么不公开", public=True)
PERIOD = timedelta(days=90)
# How many of the most asked must get a task or a reason.
TOP = 10
MAX_TEXT = 60
# Answers of 群众在找 after which nothing is left to publish; what was passed on to a unit is.
ENDED = (WantedOutcome.LINKED, WantedOutcome.DECLINED)


class Way(models.TextChoices):
    """How it was asked for."""

    SEARCH = "search", "网上找过，没有找到"
    OBSTACLE = "obstacle", "反映办不成"
    MATTER = "matter", "向公用单位反映"
    NUDGE = "nudge", "催公开"


@dataclass(frozen=True)
class Ask:
    """``key`` is the same for the same thing in every period; ``decided`` what was last said of it, while it holds;
    ``duty`` the task that stood before. ``answered``: the words mean an item, or were told not to be done here.
    """

    way: str
    key: str
    text: str
    count: int
    decided: Asked | None = None
    duty: str = ""
    answered: bool = False

    @property
    def is_open(self) -> bool:
        return not (self.decided or self.duty or self.answered)


def ranking(town: Jurisdiction, today: date) -> list[Ask]:
    """What at least ``ENOUGH`` asked for in the last ``PERIOD``, the most asked first."""
    since = today - PERIOD
    found = [*_searched(town, since), *_obstacles(town, since), *_matters(town, since), *_nudged(town)]
    enough = [ask for ask in found if ask.count >= ENOUGH]
    held = _decided(town, since) if enough else {}
    asks = [replace(ask, decided=held.get(ask.key)) for ask in enough]
    return sorted(asks, key=lambda ask: (-ask.count, ask.key))


def undecided(town: Jurisdiction, today: date) -> list[Ask]:
    """Of the ``TOP`` most asked those that have neither a task nor a reason."""
    return [ask for ask in ranking(town, today)[:TOP] if ask.is_open]


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _searched(town: Jurisdiction, since: date) -> Iterable[Ask]:
    rows = WantedDay.objects.filter(wanted__town=town, day__gt=since).order_by()
    named = rows.values_list("wanted", "wanted__text", "wanted__outcome")
    for pk, text, outcome, count in named.annotate(total=Sum("count")):
        yield Ask(Way.SEARCH, f"search-{pk}", text, count, answered=outcome in ENDED)


def _obstacles(town: Jurisdiction, since: date) -> Iterable[Ask]:
    rows = Obstacle.objects.filter(town=town, opened_at__gte=_moment(since), item__isnull=False).order_by()
    for code, name, count in rows.values_list("item__code", "item__current__name").annotate(count=Count("pk")):
        yield Ask(Way.OBSTACLE, f"obstacle-{code}", f"{name or code}：为什么办不成", count)


def _matters(town: Jurisdiction, since: date) -> Iterable[Ask]:
    rows = Matter.objects.filter(town=town, told_at__gte=_moment(since)).order_by()
    for code, name, kind, count in rows.values_list("unit__code", "unit__name", "kind").annotate(count=Count("pk")):
        yield Ask(Way.MATTER, f"matter-{code}-{kind}", f"{name}：{MatterKind(kind).label}最多的事", count)


def _nudged(town: Jurisdiction) -> Iterable[Ask]:
    rows = Slot.objects.filter(town=town, nudges__gt=0).waiting().order_by()
    for code, name, count in rows.values_list("duty__code", "duty__name").annotate(count=Sum("nudges")):
        yield Ask(Way.NUDGE, f"nudge-{code}", name, count, duty=code)


def _decided(town: Jurisdiction, since: date) -> dict[str, Asked]:
    """The last decision about each key that holds: of the period, or its task still waits to be done."""
    held: dict[str, Asked] = {}
    waits = Exists(Slot.objects.filter(duty=OuterRef("duty")).waiting())
    for row in Asked.objects.filter(town=town).annotate(waits=waits).select_related("duty").order_by("pk"):
        if row.decided_at >= _moment(since) or row.waits:
            held[row.key] = row
    return held


def _locked(town: Jurisdiction, key: str) -> Ask:
    """The thing that is asked for, as the list has it now, while nobody else decides."""
    Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
    ask = next((one for one in ranking(town, timezone.localdate()) if one.key == key), None)
    if ask is None:
        raise Refused("这件事已经不在名单里了。请刷新后再看。")
    if ask.decided or ask.duty:
        raise Refused("这件事已经有任务或者说明了。请刷新后再看。")
    return ask


def _keep(
    town: Jurisdiction, type: str, ask: Ask, text: str, by: Staff, duty: Duty | None = None, reason: str = ""
) -> Asked:
    row = Asked(
        town=town, number=_next(town), key=ask.key, way=ask.way, text=text, count=ask.count, duty=duty, reason=reason,
        decided_by=by,
    )  # fmt: skip
    row.event = record(town=town, type=type, subject=row.subject, by=actor(by), reason=reason, data=facts(row))
    row.decided_at = row.event.recorded_at
    row.save()
    return row


def _next(town: Jurisdiction) -> int:
    return Asked.objects.filter(town=town).count() + 1


def facts(row: Asked) -> dict[str, str | int]:
    """What an event says of a decision."""
    return {
        "key": row.key,
        "way": row.way,
        "text": row.text,
        "count": row.count,
        "duty": row.duty.code if row.duty else "",
    }


def _text(town: Jurisdiction, text: str) -> str:
    return clear_text(text, "请写明群众要知道什么，这句话会公开。", "text", MAX_TEXT, town=town.pk)


def give_task(*, town: Jurisdiction, key: str, text: str, owner: Post, due_on: date, by: Staff) -> Asked:
    """A post publishes it by a day. ``text`` says in public what was asked for."""
    check_may(by, Permission.DUTY_KEEP, town)
    text = _text(town, text)
    with act():
        ask = _locked(town, key)
        terms = Terms(
            name=f"公开：{text}",
            source=Source.DEMAND,
            basis=f"{PERIOD.days} 天里 {ask.count} 人次{Way(ask.way).label}",
            owner=owner,
            trigger=Trigger.ONCE,
            due_on=due_on,
        )
        duty = lay_down(town=town, code=f"asked-{_next(town)}", terms=terms, by=actor(by))
        return _keep(town, TASK, ask, text, by, duty=duty)


def give_reason(*, town: Jurisdiction, key: str, text: str, reason: str, by: Staff) -> Asked:
    """It is not published, or is already: why, where; public."""
    check_may(by, Permission.DUTY_KEEP, town)
    text = _text(town, text)
    reason = clear_text(reason, "请写明为什么不公开，或者在哪里已经公开了，这句话会公开。", "reason", town=by.town_id)
    with act():
        return _keep(town, DECLINED, _locked(town, key), text, by, reason=reason)
