"""What people do with duties and their slots: one function per act."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils import timezone

from mingtang.disclosure import columns
from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.models import Column, DerivedList, Document
from mingtang.events import types
from mingtang.events.log import SYSTEM, Actor, record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.policies import check_answers, check_by_hand, check_moves, check_takes, check_waits
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

OPENED = types.define("duty.opened", "立下任务", public=True)
OFFERED = types.define("duty.offered", "任务要移交", public=True)
HANDED = types.define("duty.handed", "任务移交签收", public=True)
DECLINED = types.define("duty.declined", "任务移交退回", public=True)
CLOSED = types.define("duty.closed", "任务停止", public=True)
SLOT_OPENED = types.define("slot.opened", "到了新的一期", public=True)
SETTLED = types.define("slot.settled", "暂定的期限定下来了", public=True)
MOVED = types.define("slot.moved", "改期限", public=True)
PROVED = types.define("slot.proved", "有了凭据", public=True)
EXCUSED = types.define("slot.excused", "说明为什么没有", public=True)
NUDGED = types.define("slot.nudged", "有人催", public=True)
FOLLOWED = types.define("duty.followed", "承诺跟着事项变动", public=True)
MEASURED = types.define("slot.measured", "从记录量承诺", public=True)
# What the history of a duty tells; that somebody asked is counted beside it.
OF_DUTY = (OPENED, OFFERED, HANDED, DECLINED, FOLLOWED, CLOSED)
OF_SLOT = (SLOT_OPENED, SETTLED, MOVED, PROVED, MEASURED, EXCUSED)

MOST_DAYS = columns.MOST_DAYS


@dataclass(frozen=True)
class Terms:
    """What an office states of a duty. See `periods.Rule` for when it is due; ``column`` or ``kind`` names the
    documents that prove it, ``watch`` what the system looks at by itself."""

    name: str
    source: str
    basis: str
    owner: Post
    trigger: str
    days: int = 0
    month: int = 0
    day: int = 0
    years_after: int = 0
    due_on: date | None = None
    column: Column | None = None
    kind: str = ""
    watch: str = ""
    plan: Document | None = None
    clause: str = ""


def facts(duty: Duty) -> dict[str, str | int]:
    """What an event says of a duty: all of it that is its own; what is its column's the column's events say."""
    about = {
        "watch": duty.watch,
        "item": duty.item.code if duty.item else "",
        "tenant": duty.tenant.unit.code if duty.tenant else "",
    }
    return {key: value for key, value in about.items() if value} | {
        "source": duty.source,
        "name": duty.name,
        "basis": duty.basis,
        "owner": duty.owner.code if duty.owner else "",
        "column": duty.column.code if duty.column else "",
        "kind": duty.kind,
        "trigger": duty.trigger,
        "days": duty.days,
        "month": duty.month,
        "day": duty.day,
        "years_after": duty.years_after,
        "due_on": duty.due_on.isoformat() if duty.due_on else "",
        "offered_to": duty.offered_to.code if duty.offered_to else "",
        "opened_on": duty.opened_on.isoformat(),
        "closed_on": duty.closed_on.isoformat() if duty.closed_on else "",
    }


def tell(duty: Duty, type: str, by: Actor, *, reason: str = "") -> Event:
    """One event of a duty, inside the caller's act."""
    return record(town=duty.town, type=type, subject=duty.subject, by=by, reason=reason, data=facts(duty))


def tell_slot(slot: Slot, type: str, by: Actor, *, reason: str = "", **more: str) -> Event:
    """One event of a slot, inside the caller's act."""
    data = {"period": slot.period, "due": slot.due_on.isoformat(), **more}
    return record(town=slot.duty.town, type=type, subject=slot.duty.subject, by=by, reason=reason, data=data)


def _check_terms(terms: Terms, today: date) -> None:
    rule = Trigger(terms.trigger) if terms.trigger in Trigger.values else None
    if rule is None:
        raise Refused("请选择周期。", field="trigger")
    if rule == Trigger.EVENT:
        raise Refused("有了就公开的，是公开栏目的任务。请到“栏目”里改更新周期。", field="trigger")
    if not terms.basis:
        raise Refused("请写明依据：哪部法律哪一条，或者哪份文件。", field="basis")
    if rule == Trigger.ONCE and (terms.due_on is None or terms.due_on < today):
        raise Refused("一次性的任务要写期限，不能早于今天。", field="due_on")
    if rule != Trigger.ONCE and terms.due_on is not None:
        raise Refused("周期性的任务不写一次性的期限，请删去日期，或者把周期改成“一次”。", field="due_on")
    if not 0 <= terms.days <= MOST_DAYS:
        raise Refused(f"时限请写 0 到 {MOST_DAYS} 个工作日，0 是期满当天。", field="days")
    if bool(terms.month) != bool(terms.day) or (terms.month and rule != Trigger.YEAR):
        raise Refused("只有每年一次的任务可以写几月几日以前，月和日要一起写。", field="month")
    if terms.month and not (1 <= terms.month <= 12 and 1 <= terms.day <= 31):
        raise Refused("没有这个日子，请核对月份和日期。", field="month")
    if rule == Trigger.CONTINUOUS and not (terms.column or terms.kind or terms.watch):
        raise Refused("持续公开的任务要选一个公开栏目或者信息种类：哪里一天也不能空。", field="column")
    if rule == Trigger.CONTINUOUS and terms.days:
        raise Refused("持续公开的任务没有期限，工作日请写 0。", field="days")
    if terms.kind and terms.kind not in kinds():
        raise Refused("没有这个信息种类，请重新选择。", field="kind")


def lay_down(*, town: Jurisdiction, code: str, terms: Terms, by: Actor) -> Duty:
    """Open a duty by its terms, inside or outside an act. It binds from today: nothing before is owed.

    Raises ``Refused`` for terms that do not hold together, an owner of another town and a code that is taken.
    """
    today = timezone.localdate()
    name = clear_text(terms.name, "请写明要做什么。", "name", 120, town=town.pk)
    _check_terms(terms, today)
    if terms.owner.town_id != town.pk:
        raise Refused("请选择本镇的岗位。", field="owner")
    with act():
        if Duty.objects.filter(town=town, code=code).exists():
            raise Refused("这项任务已经有了，请刷新后再看。")
        duty = Duty.objects.create(town=town, code=code, opened_on=today, **{**vars(terms), "name": name})
        tell(duty, OPENED, by)
    return duty


def open_duty(*, town: Jurisdiction, terms: Terms, by: Staff) -> Duty:
    """A duty that an office takes on: a promise, or a rule of law that no column stands for."""
    check_may(by, Permission.DUTY_KEEP, town)
    if terms.source not in (Source.LAW, Source.PROMISE):
        raise Refused("栏目的任务随栏目开设，规划的任务从规划里得出。", field="source")
    with act():
        Jurisdiction.objects.select_for_update().get(pk=town.pk)
        number = Duty.objects.filter(town=town, code__startswith="own-").count() + 1
        return lay_down(town=town, code=f"own-{number}", terms=terms, by=actor(by))


def close_duty(*, duty: Duty, reason: str, by: Staff) -> Duty:
    """From today nothing more is owed; what was owed before stays on the board."""
    check_may(by, Permission.DUTY_KEEP, duty.town)
    reason = clear_text(reason, "请写明为什么停止，这句话会公开。", "reason", town=by.town_id)
    with act():
        duty = _locked(duty)
        if duty.of_column:
            raise Refused("这是公开栏目的任务，随栏目停用而停止。请到“栏目”里办。")
        check_by_hand(duty)
        _check_runs(duty)
        duty.closed_on, duty.offered_to, duty.offered_why = timezone.localdate(), None, ""
        duty.save(update_fields=["closed_on", "offered_to", "offered_why"])
        tell(duty, CLOSED, actor(by), reason=reason)
    return duty


def offer(*, duty: Duty, to: Post, reason: str, by: Staff) -> Duty:
    """Ask another post to take a duty over. It stays where it is until they accept."""
    check_answers(duty, by)
    if to.town_id != duty.town_id:
        raise Refused("请选择本镇的岗位。", field="to")
    reason = clear_text(reason, "请写明为什么移交，这句话会公开。", "reason", town=by.town_id)
    with act():
        duty = _locked(duty)
        check_by_hand(duty)
        _check_runs(duty)
        if duty.holder.pk == to.pk:
            raise Refused("这项任务本来就由这个岗位负责。", field="to")
        duty.offered_to, duty.offered_why = to, reason
        duty.save(update_fields=["offered_to", "offered_why"])
        tell(duty, OFFERED, actor(by), reason=reason)
    return duty


def take(*, duty: Duty, by: Staff) -> Duty:
    """Accept a duty that was offered: from now on its gaps carry the new name. A column goes with its duty."""
    with act():
        duty = _locked(duty)
        to = check_takes(duty, by)
        duty.offered_to, duty.offered_why = None, ""
        if duty.of_column:
            columns.hand_on(column=duty.column, owner=to, by=actor(by))
            duty.column.owner = to
        else:
            duty.owner = to
        duty.save(update_fields=["owner", "offered_to", "offered_why"])
        tell(duty, HANDED, actor(by))
    return duty


def decline(*, duty: Duty, reason: str, by: Staff) -> Duty:
    """Send an offered duty back, with a reason."""
    reason = clear_text(reason, "请写明为什么不接，这句话会公开。", "reason", town=by.town_id)
    with act():
        duty = _locked(duty)
        check_takes(duty, by)
        duty.offered_to, duty.offered_why = None, ""
        duty.save(update_fields=["offered_to", "offered_why"])
        tell(duty, DECLINED, actor(by), reason=reason)
    return duty


def answer(*, slot: Slot, document: Document | None, statement: str, by: Staff) -> Slot:
    """Fill a slot: with a published document of the town, which counts from the day it was published, or by a sentence
    signed with the post's name, which counts from today; a document may stand beside it.

    A column's slot is filled by a document that stands in the column, by nothing else.
    """
    check_answers(slot.duty, by)
    with act():
        slot = _locked_slot(slot)
        check_by_hand(slot.duty)
        if slot.duty.watch:
            raise Refused("这一格由系统自己看，补齐以后自己填上，不用手填。")
        check_waits(slot, for_proof=True)
        column = slot.duty.column
        if document is not None:
            document = Document.objects.filter(pk=document.pk, town=slot.town_id).published().first()
            if document is None:
                raise Refused("这份信息还没有公开，或者已经撤下，不能当凭据。", field="document")
        if column is not None:
            if document is None:
                raise Refused("这一格要有一份公开的信息，请选一份，或者先起草。", field="document")
            if not document.filings.filter(column=column).exists():
                raise Refused(f"这份信息没有归入“{column.name}”栏目。请先改归栏，再来选它。", field="document")
        elif document is None:
            statement = clear_text(
                statement,
                "请选一份公开的信息，或者写明怎么办成的，这句话会公开。",
                "statement",
                town=by.town_id,
            )
        statement = clear_text(statement, "", "statement", town=by.town_id)
        on = timezone.localdate(document.published_at) if document and not statement else timezone.localdate()
        return prove(slot=slot, document=document, on=on, statement=statement, by=actor(by))


def prove(
    *,
    slot: Slot,
    on: date,
    by: Actor,
    document: Document | None = None,
    listed: DerivedList | None = None,
    statement: str = "",
) -> Slot:
    """Set what filled a slot, inside the caller's act; never before its period began."""
    slot.proof, slot.listed, slot.proved_on, slot.statement = document, listed, max(on, slot.first_on), statement
    slot.save(update_fields=["proof", "listed", "proved_on", "statement"])
    shown = {"proof": document.index_number if document else "", "list": listed.number if listed else ""}
    tell_slot(slot, PROVED, by, reason=statement, on=slot.proved_on.isoformat(), **shown)
    return slot


def excuse(*, slot: Slot, reason: str, by: Staff, paper: Document | None = None) -> Slot:
    """Say in public why a slot stays empty, with the document that shows it, if there is one. It counts as excused
    from today: days that had passed before are still shown."""
    check_answers(slot.duty, by)
    reason = clear_text(reason, "请写明为什么没有，这句话会公开。", "reason", town=by.town_id)
    if paper is not None and not Document.objects.filter(pk=paper.pk, town=slot.town_id).published().exists():
        raise Refused("说明的依据要是本镇公开的信息，请核对索引号。", field="paper")
    with act():
        slot = _locked_slot(slot)
        check_by_hand(slot.duty)
        check_waits(slot)
        return set_excuse(slot=slot, reason=reason, by=actor(by), paper=paper)


def set_excuse(*, slot: Slot, reason: str, by: Actor, paper: Document | None = None) -> Slot:
    """Inside the caller's act."""
    slot.excused_on, slot.excuse, slot.excuse_paper = timezone.localdate(), reason, paper
    slot.save(update_fields=["excused_on", "excuse", "excuse_paper"])
    tell_slot(slot, EXCUSED, by, reason=reason, paper=paper.index_number if paper else "")
    return slot


def move_due(*, slot: Slot, day: date, reason: str, by: Staff) -> Slot:
    """Put a date off, or forward: by whoever keeps the duties and does not hold the owning post, before it has passed.

    The reason is public and the first date stays beside the new one. A date the law fixes is not moved at all.
    """
    check_may(by, Permission.DUTY_KEEP, slot.town)
    reason = clear_text(reason, "请写明为什么改期限，这句话会公开。", "reason", town=by.town_id)
    today = timezone.localdate()
    with act():
        slot = _locked_slot(slot)
        check_waits(slot)
        check_moves(slot, by, slot.due_on < today)
        if day < today or day == slot.due_on:
            raise Refused("新的期限不能早于今天，也不能和原来一样。", field="day")
        slot.due_on, slot.provisional = day, False
        slot.save(update_fields=["due_on", "provisional"])
        tell_slot(slot, MOVED, actor(by), reason=reason)
    return slot


def nudge(*, slot: Slot) -> None:
    """Somebody would like to see it: counted and told, without a word about who. Only what still waits is asked for."""
    with act():
        if not Slot.objects.filter(pk=slot.pk).waiting().update(nudges=F("nudges") + 1):
            raise Refused("这一格已经有凭据或者说明了，不用催了。请刷新后再看。")
        tell_slot(slot, NUDGED, SYSTEM)


def _locked(duty: Duty) -> Duty:
    Duty.objects.select_for_update().only("pk").get(pk=duty.pk)
    return Duty.objects.select_related("town", "owner", "column__owner", "offered_to").get(pk=duty.pk)


def _locked_slot(slot: Slot) -> Slot:
    Slot.objects.select_for_update().only("pk").get(pk=slot.pk)
    return Slot.objects.select_related("duty__town", "duty__owner", "duty__column__owner").get(pk=slot.pk)


def _check_runs(duty: Duty) -> None:
    if duty.closed_on:
        raise Refused("这项任务已经停止。")
