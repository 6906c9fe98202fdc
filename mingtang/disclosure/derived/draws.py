"""抽取专家: told first, drawn by a number that nobody had then.

The pool stands in a public event before the draw, which is a lot of the log (``ledger.lots``).
"""

from django.db.models import Max
from django.utils import timezone

from mingtang.disclosure.models import Draw, Expert
from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.ledger.lots import order_of, seed_after
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may, powers_of
from mingtang.towns.models import Jurisdiction

ENTERED = types.define("expert.entered", "专家入库")
LEFT = types.define("expert.left", "专家退出")
ANNOUNCED = types.define("draw.announced", "公告抽取专家", public=True)
DRAWN = types.define("draw.drawn", "抽取专家", public=True)
MAX_NAME, MAX_FIELD, MAX_PLACE, MAX_PURPOSE = 30, 30, 60, 100


def enter_expert(*, town: Jurisdiction, name: str, field: str, workplace: str, by: Staff) -> Expert:
    """入库. The number is the next, and is never given twice."""
    check_may(by, Permission.DOCUMENT_REVIEW, town)
    name = clear_text(name, "请填写姓名。", "name", MAX_NAME, town=by.town_id)
    field = clear_text(field, "请填写专业。", "field", MAX_FIELD, town=by.town_id)
    workplace = clear_text(workplace, "请填写单位。", "workplace", MAX_PLACE, town=by.town_id)
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        number = (Expert.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0) + 1
        data = {"field": field}
        event = record(town=town, type=ENTERED, subject=f"expert:{number}", by=actor(by), data=data)
        return Expert.objects.create(town=town, number=number, name=name, field=field, workplace=workplace, event=event)


def leave_expert(*, expert: Expert, by: Staff) -> Expert:
    """退出: not in any pool from today; what was drawn before stays."""
    check_may(by, Permission.DOCUMENT_REVIEW, expert.town)
    with act():
        expert = Expert.objects.select_for_update(of=("self",)).select_related("town").get(pk=expert.pk)
        if expert.left_on:
            raise Refused("这位专家已经退出了。")
        expert.left_on = timezone.localdate()
        expert.save(update_fields=["left_on"])
        record(town=expert.town, type=LEFT, subject=f"expert:{expert.number}", by=actor(by), data={})
    return expert


def announce(*, town: Jurisdiction, purpose: str, field: str, wanted: int, by: Staff) -> Draw:
    """公告: among whom, how many. From now on nobody can choose who it will be."""
    check_may(by, Permission.DOCUMENT_DRAFT, town)
    purpose = clear_text(purpose, "请写明评什么。", "purpose", MAX_PURPOSE, town=by.town_id)
    now = timezone.now()
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        experts = Expert.objects.filter(town=town, field=field, left_on__isnull=True)
        pool = list(experts.order_by("number").values_list("number", flat=True))
        if not 1 <= wanted < len(pool):
            raise Refused(f"“{field}”现有 {len(pool)} 位专家，抽的人数要比这个少，至少 1 人。", field="wanted")
        year = timezone.localdate(now).year
        number = f"{year}-C{Draw.objects.filter(town=town, number__startswith=f'{year}-').count() + 1:03d}"
        event = record(
            town=town,
            type=ANNOUNCED,
            subject=f"draw:{number}",
            by=actor(by),
            data={"purpose": purpose, "field": field, "wanted": wanted, "pool": pool},
        )
        return Draw.objects.create(
            town=town,
            number=number,
            purpose=purpose,
            field=field,
            wanted=wanted,
            pool=pool,
            announced_by=by,
            announced_event=event,
        )


def draw_lots(*, draw: Draw, by: Staff) -> Draw:
    """抽取, by another person than announced it; there is nothing to choose."""
    with act():
        draw = Draw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
        draw = Draw.objects.select_related("town", "announced_event__sequenced").get(pk=draw.pk)
        if draw.town_id != by.town_id or not powers_of(by) & {Permission.DOCUMENT_REVIEW, Permission.DOCUMENT_SIGN}:
            raise Refused("您的岗位没有抽取专家的权限，请由保密审查员或者签发人办理。")
        if by.pk == draw.announced_by_id:
            raise Refused("公告的人不能自己抽，请由另一位同事抽取。")
        if draw.drawn_event_id:
            raise Refused("已经抽过了。一次公告只抽一次。")
        seed = seed_after(draw.announced_event)
        if seed is None:
            raise Refused("公告还没有编进公开日志的检查点，抽取用的数还没有。过一分钟再来抽。")
        draw.size, draw.root, draw.drawn_by = seed.size, seed.root, by
        draw.order = order_of(seed.root, draw.number, draw.pool)
        data = {"size": seed.size, "root": seed.root, "order": draw.order}
        draw.drawn_event = record(town=draw.town, type=DRAWN, subject=draw.subject, by=actor(by), data=data)
        draw.save(update_fields=["size", "root", "order", "drawn_by", "drawn_event"])
    return draw


def called(draw: Draw) -> list[Expert]:
    """Those who were drawn, in their order; nothing before."""
    held = {expert.number: expert for expert in Expert.objects.filter(town=draw.town_id, number__in=draw.pool)}
    return [held[number] for number in (draw.order or [])[: draw.wanted]]
