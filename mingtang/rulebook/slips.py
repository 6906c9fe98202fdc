"""出格单: whoever was asked for more than the published version gets a slip; the third in ninety days binds the owner.

A slip reports a defect and blocks no act. Clerks must issue one when they ask; residents may report one themselves.
"""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import APPLICANT, SYSTEM, Actor, record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, held_by, posts_of, served_by
from mingtang.rulebook.enums import SlipOutcome, SlipSource
from mingtang.rulebook.models import Item, Slip, SlipDuty, Version
from mingtang.rulebook.models.items import IN_FORCE_ONCE
from mingtang.towns.models import Jurisdiction

ISSUED = types.define("slip.issued", "开出格单", public=True)
DUTY_OPENED = types.define("slip.duty_opened", "出格单满三次，要求改规定或者禁止", public=True)
DUTY_ANSWERED = types.define("slip.duty_answered", "答复出格单", public=True)
WRITERS = frozenset({P.CASE_INTAKE, P.CASE_WORK})
# House rules (field.md idea 1): three within ninety days oblige the rule's owner to answer within thirty.
MANY, WITHIN, ANSWER_DAYS = 3, timedelta(days=90), 30
# A form that anyone may send: more than this of one item in one day is told by telephone.
MOST_REPORTS_A_DAY = 20
# Without 0 O 1 I L U: read over the telephone, copied from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def _number(town: Jurisdiction, submission: str) -> str:
    """58 bits: whoever holds it may read the slip. The same form sent twice has the same number."""
    digest = hmac.new(settings.PAYLOAD_KEY.encode(), f"slip:{town.code}:{submission}".encode(), hashlib.sha256).digest()
    rest, letters = int.from_bytes(digest, "big"), ""
    for _ in range(12):
        rest, index = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[index]
    return f"{town.prefix}CG-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def issue(
    *,
    version: Version,
    asked: str,
    why: str,
    by: Staff,
    submission: str,
    post: Post | None = None,
    case_number: str = "",
) -> Slip:
    """A clerk writes down what was asked beyond the version, by which post (their own, unless another is named).

    ``submission`` names the form: sent twice it is one slip.
    """
    town = version.item.town
    held = held_by(by)
    if by.town_id != town.pk or held.powers.isdisjoint(WRITERS):
        raise Refused("您的岗位不收件、不办件，不能开出格单。请由窗口或者经办岗位开。")
    if post is not None and post.town_id != town.pk:
        raise Refused("这个岗位不属于本镇。", field="post")
    why = clear_text(why, "请写明为什么要。没有理由的，就不能要。", "why", town=by.town_id)
    post = post or served_by(by)[0]
    return _make(version, asked, why, post, by, held.actor(powers=WRITERS), submission, case_number)


def report(*, version: Version, asked: str, submission: str, why: str = "", case_number: str = "") -> Slip:
    """A resident says what they were asked for; who asked is found out by the owner."""
    if again := held(version.item.town, _number(version.item.town, submission)):
        return again
    today = timezone.localdate()
    reports = Slip.objects.filter(version__item=version.item_id, source=SlipSource.RESIDENT)
    if reports.filter(made_at__date=today).count() >= MOST_REPORTS_A_DAY:
        raise Refused("这个事项今天反映的人已经很多，我们都记下了。请明天再来，或者直接打监督电话。")
    why = clear_text(why, "", "why", town=None)
    return _make(version, asked, why, None, None, APPLICANT, submission, case_number)


def _make(
    version: Version,
    asked: str,
    why: str,
    post: Post | None,
    by: Staff | None,
    author: Actor,
    submission: str,
    case_number: str,
) -> Slip:
    # What a resident writes is not the town's: no word of it is written wrong.
    asked = clear_text(asked, "请写明多要了什么。", "asked", town=by.town_id if by else None)
    if version.state not in IN_FORCE_ONCE:
        raise Refused("这一版没有施行过，谈不上出格。")
    with act():
        item = Item.objects.select_for_update(of=("self",)).select_related("town", "unit").get(pk=version.item_id)
        number = _number(item.town, submission)
        if again := held(item.town, number):
            return again
        source = SlipSource.CLERK if by else SlipSource.RESIDENT
        data = {"version": version.number, "source": str(source), "post": post.code if post else ""}
        event = record(town=item.town, type=ISSUED, subject=item.subject, by=author, data=data)
        slip = Slip.objects.create(
            town=item.town,
            number=number,
            version=version,
            case_number=case_number,
            source=source,
            asked=asked,
            why=why,
            post=post,
            issued_by=by,
            made_at=event.recorded_at,
            event=event,
        )
        _oblige(item)
    return slip


def recent(item: Item) -> int:
    """Slips of the last ninety days."""
    return Slip.objects.filter(version__item=item, made_at__gt=timezone.now() - WITHIN).count()


def _oblige(item: Item) -> None:
    """Open a duty at the third slip since the last answer, within ninety days; at most one stands open."""
    duties = SlipDuty.objects.filter(item=item)
    if item.unit is None or duties.filter(closed_at__isnull=True).exists():
        return
    since = timezone.now() - WITHIN
    answered = duties.order_by("closed_at").values_list("closed_at", flat=True).last()
    slips = Slip.objects.filter(version__item=item, made_at__gt=max(since, answered) if answered else since)
    if slips.count() < MANY:
        return
    event = record(town=item.town, type=DUTY_OPENED, subject=item.subject, by=SYSTEM, reason="九十天内满三张")
    SlipDuty.objects.create(
        town=item.town,
        item=item,
        unit=item.unit,
        opened_at=event.recorded_at,
        opened_event=event,
        due_on=timezone.localdate() + timedelta(days=ANSWER_DAYS),
    )


def days_late(duty: SlipDuty) -> int:
    """Whole days past the last day, while the duty stands open or until it was answered; 0 when in time."""
    until = timezone.localdate(duty.closed_at) if duty.closed_at else timezone.localdate()
    return max(0, (until - duty.due_on).days)


def _answer(duty: SlipDuty, by: Staff, outcome: str, version: Version | None, note: str) -> SlipDuty:
    with act():
        duty = SlipDuty.objects.select_for_update(of=("self",)).select_related("item__town").get(pk=duty.pk)
        mine = {post.unit_id for post in posts_of(by) if P.ITEM_AGREE in post.permissions}
        if by.town_id != duty.town_id or duty.unit_id not in mine:
            raise Refused("这件事由实施单位的负责人答复。您不是这个单位的负责人。")
        if duty.closed_at:
            raise Refused("已经答复过了。请刷新后再看。")
        if version is not None and (version.in_force_at is None or version.in_force_at <= duty.opened_at):
            raise Refused(
                "这一版不是在要求答复以后施行的，不算改了规定。请先按程序改，施行以后再答复。", field="version"
            )
        data = {"outcome": outcome, "version": version.number if version else None}
        event = record(
            town=duty.town, type=DUTY_ANSWERED, subject=duty.item.subject, by=actor(by), reason=note, data=data
        )
        duty.outcome, duty.version, duty.note = outcome, version, note
        duty.closed_at, duty.closed_event = event.recorded_at, event
        duty.save()
    return duty


def answer_by_change(*, duty: SlipDuty, by: Staff) -> SlipDuty:
    """The rule was changed, through the gate: the item's version in force began after the duty did."""
    return _answer(
        duty, by, SlipOutcome.CHANGED, Item.objects.select_related("current").get(pk=duty.item_id).current, ""
    )


def forbid(*, duty: SlipDuty, note: str, by: Staff) -> SlipDuty:
    """The demand is forbidden; the note says to whom and is public."""
    note = clear_text(note, "请写明禁止谁再要什么，这句话会公开。", "note", town=by.town_id)
    return _answer(duty, by, SlipOutcome.FORBIDDEN, None, note)


def held(town: Jurisdiction, number: str) -> Slip | None:
    """The slip of a number, for whoever holds it."""
    rows = Slip.objects.filter(town=town, number=number.strip().upper())
    return rows.select_related("version__item__town", "post__unit", "event__town").first()
