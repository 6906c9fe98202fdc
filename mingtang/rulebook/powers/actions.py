"""Acts on the power list: list, carry out a decided change, link items. Every act is public."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from django.core.exceptions import ValidationError
from django.utils import timezone

from mingtang import guard
from mingtang.events import types
from mingtang.events.log import CONSOLE, Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook.minutes import check_minutes
from mingtang.rulebook.models import Campaign, Duty, Item, Power, PowerBasis, PowerDecision
from mingtang.rulebook.powers import policies
from mingtang.rulebook.powers.enums import (
    DecisionState,
    DutyKind,
    PlanClass,
    PowerKind,
    PowerLevel,
    PowerSource,
    Verdict,
)
from mingtang.towns.models import Jurisdiction

LISTED = types.define("power.listed", "列入权力清单", public=True)
REVISED = types.define("power.revised", "调整权力", public=True)
LINKED = types.define("power.linked", "权力对应办理事项", public=True)


@dataclass(frozen=True)
class DutyText:
    """One row of the responsibility list; ``kind`` is a ``DutyKind``."""

    kind: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class PowerText:
    """Everything the list shows of a power. ``basis`` holds (law, article) pairs."""

    name: str
    type: str
    plan_class: str
    unit: Unit
    basis: tuple[tuple[str, str], ...]
    scope: str
    place: str
    level: str = PowerLevel.TOWN
    source: str = PowerSource.STATUTORY
    limit: str = ""
    above: str = ""
    redress: str = ""
    post: Post | None = None
    duties: tuple[DutyText, ...] = field(default=())


_TABLES = ("basis", "duties")


def text_of(power: Power) -> PowerText:
    """What the list shows of a power today."""
    columns = {one.name: getattr(power, one.name) for one in fields(PowerText) if one.name not in _TABLES}
    basis = tuple((row.law, row.article) for row in power.basis.all())
    duties = sorted(power.duties.all(), key=lambda row: row.order)
    return PowerText(basis=basis, duties=tuple(DutyText(row.kind, row.text, row.basis) for row in duties), **columns)


def _who(by: Staff | None) -> Actor:
    return actor(by) if by else CONSOLE


def _fill(power: Power, text: PowerText) -> None:
    """Columns and rows of ``text`` onto a power; raises ``Refused`` with the field that is wrong."""
    if text.unit.town_id != power.town_id or (text.post and text.post.town_id != power.town_id):
        raise Refused("行使单位和岗位要属于本镇。请另选。", field="unit")
    if text.post and text.post.unit_id != text.unit.pk:
        raise Refused(f"岗位“{text.post.name}”不在{text.unit.name}。请选本单位的岗位。", field="post")
    if text.unit.dissolved_on:
        raise Refused(f"“{text.unit.name}”已经撤销，请换成现在的单位。", field="unit")
    policies.check_pairs(text.basis)
    if (text.plan_class == PlanClass.LICENCE) != (text.type == PowerKind.LICENCE):
        raise Refused("行政许可的权力类型和清理类别要一致：两栏都选行政许可，或者都不选。", field="plan_class")
    if any(row.kind not in DutyKind.values or not row.text.strip() for row in text.duties):
        raise Refused("责任要选“责任事项”或者“追责情形”，并写明内容。", field="duties")
    for one in fields(PowerText):
        if one.name not in _TABLES:
            setattr(power, one.name, getattr(text, one.name))
    _check(power)
    _check_words(power.town_id, text)


def _check_words(town: int, text: PowerText) -> None:
    """The list is public: nothing in it may be what the guard blocks."""
    said = [(name, words) for name, words in vars(text).items() if isinstance(words, str)]
    said += [("duties", words) for row in text.duties for words in (row.text, row.basis)]
    lists = guard.lists_of(town)
    for name, words in said:
        found = guard.check(words, lists=lists)
        if guard.blocked(found):
            raise Refused(found[0].message, field=name)


def _check(row: Power | PowerBasis | Duty, *, exclude: Iterable[str] = ("town", "unit", "post")) -> None:
    """Lengths, choices and the code's form, as one Chinese sentence with the column it is about."""
    try:
        row.clean_fields(exclude=[*exclude])
    except ValidationError as error:
        name = next(iter(error.message_dict))
        title = row._meta.get_field(name).verbose_name
        hint = "要用 3 到 40 位字母、数字和短横线，至少有一个数字" if name == "code" else "没有填好，或者太长"
        raise Refused(f"“{title}”{hint}。请改正。", field=name) from error


def _rows(power: Power, text: PowerText) -> None:
    power.basis.all().delete()
    power.duties.all().delete()
    rows: list[PowerBasis | Duty] = [
        PowerBasis(power=power, order=n, law=law.strip(), article=article.strip())
        for n, (law, article) in enumerate(text.basis, 1)
    ]
    rows += [
        Duty(power=power, order=n, kind=duty.kind, text=duty.text.strip(), basis=duty.basis.strip())
        for n, duty in enumerate(text.duties, 1)
    ]
    for row in rows:
        _check(row, exclude=("power",))
        row.save()


def list_power(
    *,
    town: Jurisdiction,
    code: str,
    text: PowerText,
    minutes_number: str,
    by: Staff | None,
    items: Iterable[Item] = (),
) -> Power:
    """Enter a power, never without the leading group's minutes (plan 二(四)). ``by`` None is the console.

    A 非行政许可审批 is only listed to be cleaned away: while a clean-up is open.
    """
    policies.check_edit(by, town)
    minutes_number = check_minutes(minutes_number, "权力不能列入清单", town.pk)
    with act():
        if Power.objects.filter(town=town, code=code).exists():
            raise Refused(f"权力编码“{code}”已经用过。请换一个编码。", field="code")
        open_now = Campaign.objects.filter(town=town, closed_at__isnull=True).exists()
        if text.plan_class == PlanClass.NON_LICENCE and not open_now:
            raise Refused("国家已经取消“非行政许可审批”这一类别，清理以外不能再列入。", field="plan_class")
        power = Power(town=town, code=code, minutes_number=minutes_number)
        _fill(power, text)
        power.save()
        _rows(power, text)
        record(town=town, type=LISTED, subject=power.subject, by=_who(by), data={"minutes": minutes_number})
        if rows := list(items):
            link_items(power=power, items=rows, by=by)
    return power


def revise_power(*, decision: PowerDecision, text: PowerText, by: Staff) -> Power:
    """Carry out a settled change, once, and change something. Without such a decision the list is not changed."""
    with act():
        decision = (
            PowerDecision.objects.select_for_update(of=("self",))
            .select_related("power__town", "campaign")
            .get(pk=decision.pk)
        )
        policies.check_act("carry_out", decision, by)
        if decision.verdict != Verdict.CHANGE:
            raise Refused("集体决定不是“调整”，权力的内容不能改。")
        if decision.carried_out_at:
            raise Refused("这项调整已经完成过了。再要调整，请在下一次清理里提出。")
        if decision.plan_class == PlanClass.NON_LICENCE == text.plan_class:
            raise Refused("调整以后不能还是“非行政许可审批”。请改归别的类别。", field="plan_class")
        power = decision.power
        if text == text_of(power):
            raise Refused("内容和现在的一样，没有调整。请按集体决定改好再保存。")
        _fill(power, text)
        power.save()
        _rows(power, text)
        decision.carried_out_at = timezone.now()
        decision.save(update_fields=["carried_out_at"])
        data = {"campaign": decision.campaign.number, "minutes": decision.minutes_number}
        record(town=power.town, type=REVISED, subject=power.subject, by=actor(by), data=data)
    return power


def link_items(*, power: Power, items: Iterable[Item], by: Staff | None) -> Power:
    """Say through which items the power is used: exactly these from now on."""
    policies.check_edit(by, power.town)
    rows = list(items)
    with act():
        power = Power.objects.select_for_update(of=("self",)).select_related("town").get(pk=power.pk)
        if not power.is_listed:
            raise Refused(f"这项权力{power.get_status_display()}，不能再对应办理事项。")
        if any(item.town_id != power.town_id for item in rows):
            raise Refused("办理事项要属于本镇。请另选。", field="items")
        power.items.set(rows)
        codes = sorted(item.code for item in rows)
        record(town=power.town, type=LINKED, subject=power.subject, by=_who(by), data={"items": codes})
    return power


def settled_change(power: Power) -> PowerDecision | None:
    """The change that is decided and not yet carried out."""
    return power.decisions.filter(
        state=DecisionState.SETTLED, verdict=Verdict.CHANGE, carried_out_at__isnull=True
    ).first()
