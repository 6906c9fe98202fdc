"""Importing service items of another platform as drafts nobody outside can see.

What the source lacks stays empty, so that the publication gate asks for it; nothing is invented.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import IntegrityError

from mingtang import guard
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.importing import Counts, Report, Result
from mingtang.lib.tx import act
from mingtang.people.models import Unit
from mingtang.rulebook import actions, requirements
from mingtang.rulebook import spec as specs
from mingtang.rulebook.enums import ExerciseLevel, Served, VersionState, Way
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.reading import WORKING_DAYS, ItemReading, Limit
from mingtang.towns.models import Jurisdiction

# The six disclosures in the plan's order; what else the gate asks comes after them.
SIX = ("内容", "依据", "条件和申报材料", "办事流程", "办理时限", "收费标准")
OTHER = "其他"
_LEVELS = {
    "国家级": ExerciseLevel.NATION,
    "省级": ExerciseLevel.PROVINCE,
    "市级": ExerciseLevel.CITY,
    "县级": ExerciseLevel.COUNTY,
    "镇（乡、街道）级": ExerciseLevel.TOWN,
    "村（社区）级": ExerciseLevel.VILLAGE,
}
_LONGEST_NAME = 120
_TOGETHER = 25  # records in one transaction: every commit waits for the disk, and others wait for the transaction


def import_items(town: Jurisdiction, readings: Iterable[ItemReading], *, by: Actor, report: Report) -> Counts:
    """Import them all; ``report`` is told of each and of what the gate still asks, once it is on the disk.

    Known again by its code. A draft that nobody has touched follows its source; repeating changes nothing. Some share
    a transaction: one that is refused leaves the others, and after a crash the import is simply repeated.
    """
    counts = Counts()
    units = {unit.name: unit for unit in Unit.objects.filter(town=town, dissolved_on__isnull=True)}
    units |= {town.name + name: unit for name, unit in units.items()}
    seen: set[str] = set()
    lists = guard.lists_of(town.pk)
    rest = iter(readings)
    while batch := list(islice(rest, _TOGETHER)):
        with act():
            taken = [_take(town, reading, units, seen, by) for reading in batch]
        for reading, (result, version, reasons) in zip(batch, taken, strict=True):
            counts.add(result)
            report(_line(reading, result, version, reasons, lists))
    return counts


def _take(
    town: Jurisdiction, reading: ItemReading, units: dict[str, Unit], seen: set[str], by: Actor
) -> tuple[Result, Version | None, tuple[str, ...]]:
    """What became of one record: result, its draft, why it was refused."""
    try:
        if reading.code in seen:
            raise Refused(f"实施编码 {reading.code} 在本次导入里出现了两次，只收了前一个，请核对。")
        result, version = _import(town, reading, units, by)
    except Refused as refusal:
        return Result.REFUSED, None, (refusal.message,)
    except IntegrityError:
        return Result.REFUSED, None, ("另一次导入正在收同一个事项，请等它完成后再导入一次。",)
    seen.add(reading.code)
    return result, version, ()


def _import(town: Jurisdiction, reading: ItemReading, units: dict[str, Unit], by: Actor) -> tuple[Result, Version]:
    if not reading.usable:
        raise Refused("".join(problem.sentence for problem in reading.problems) or "没有实施编码或者名称，不能收下。")
    data = spec_of(reading)
    with act():
        item = Item.objects.filter(town=town, code=reading.code).first()
        if item is None:
            unit = units.get(reading.unit)
            version = actions.list_item(town=town, code=reading.code, unit=unit, data=data, by=by)
            Item.objects.filter(pk=version.item_id).update(source_id=reading.code)
            return Result.CREATED, version
        return _again(item, data, by)


def _again(item: Item, data: dict[str, Any], by: Actor) -> tuple[Result, Version]:
    version = item.versions.order_by("number").select_related("item__town", "item__unit").first()
    if not item.source_id or version is None:
        raise Refused(f"事项编码“{item.code}”是本镇自己的事项，没有改动。请换一个编码再导入。")
    if version.whole == data:
        return Result.UNCHANGED, version
    if version.state != VersionState.DRAFT or version.edited_by_id or item.versions.count() > 1:
        raise Refused("来源的内容有改动，可是同事已经编过这个事项，没有采用，请核对后自行修改。")
    version.data, version.name, version.kind = data, data["name"], data["kind"]
    version.save(update_fields=["data", "name", "kind", "edited_at"])
    version.__dict__.pop("spec", None)
    record(town=item.town, type=actions.EDITED, subject=item.subject, by=by, data={"version": version.number})
    return Result.UPDATED, version


def _line(
    reading: ItemReading, result: Result, version: Version | None, reasons: tuple[str, ...], lists: guard.Lists
) -> dict[str, Any]:
    """One line of the report; ``asks`` holds the gate's sentences by disclosure, ``lacks`` the reader's hints."""
    return {
        "origin": reading.origin,
        "result": str(result),
        "reasons": list(reasons),
        "source_id": reading.code,
        "title": reading.name,
        "asks": asks(requirements.gate(version, lists=lists)) if version else {},
        "lacks": reading.lacks,
        "problems": [{"field": problem.field, "sentence": problem.sentence} for problem in reading.problems],
    }


def asks(issues: Iterable[requirements.Issue]) -> dict[str, list[str]]:
    """What the publication gate still asks of a version, grouped by the six disclosures; empty when nothing."""
    found: dict[str, list[str]] = {name: [] for name in (*SIX, OTHER)}
    for issue in issues:
        found[issue.disclosure or OTHER].append(issue.sentence)
    return {name: list(dict.fromkeys(sentences)) for name, sentences in found.items() if sentences}


def spec_of(reading: ItemReading) -> dict[str, Any]:
    """A whole spec as JSON. Empty texts and lists stand for what the source does not say.

    An unnamed fee of 0 stands for an unknown one: without any the guide would say that nothing is charged.
    """
    name = reading.name
    if len(name) > _LONGEST_NAME:
        reading.note("name", f"事项名称超过{_LONGEST_NAME}个字，只留了前{_LONGEST_NAME}个字，请核对。")
        name = name[:_LONGEST_NAME]
    statutory = _working_days(reading, "statutory", "法定办结时限", reading.statutory)
    promised = _working_days(reading, "promise", "承诺办结时限", reading.promise)
    if reading.visits is None:
        reading.note("visits", "来源没有写到现场几次，暂记为0次，请核对。")
    return {
        "name": name,
        "kind": "",
        "power_type": reading.kind_code,
        "power_holder": "",
        "holder": reading.unit,
        "served": list(reading.service_objects),
        "summary": "",
        "basis": [],
        "situations": [],
        "conditions": [reading.conditions] if reading.conditions else [],
        "materials": [_material(number, said) for number, said in enumerate(reading.materials, 1)],
        "window_post": "",
        "decider_post": "",
        "steps": [],
        "intake_days": 0,
        "statutory_days": statutory or None,
        "promised_days": promised or 0,
        "joint_decision": "、".join(f"{office}（{steps}）" for office, steps in reading.joint),
        "silence_rule": "",
        "superior": specs.blank(specs.Superior),
        "ex_officio": "",
        "in_person": specs.blank(specs.InPerson),
        "procedures": [],
        "fees": [specs.blank(specs.Fee)],
        "results": [],
        "publication": specs.blank(specs.Publication),
        "place": reading.place,
        "hours": reading.hours,
        "phone": "、".join(reading.consult_phones),
        "complaint_phone": "、".join(reading.complain_phones),
        "visits": reading.visits or 0,
        "online": reading.online is True,
        "visibility": "",
        "synonyms": [],
        "questions": [],
        "files": [],
        "parts": [],
        "listing": _listing(reading),
    }


def _listing(reading: ItemReading) -> dict[str, Any]:
    """What the source says of the implementation list. Its themes are one list for whomever the item serves."""
    persons = Served.PERSON in reading.service_objects
    ways = {
        Way.WINDOW: not reading.no_window,
        Way.ONLINE: reading.online is True,
        Way.COURIER: reading.courier is True,
    }
    return {
        **specs.blank(specs.Listing),
        "task_code": reading.code,
        "level": str(_LEVELS.get(reading.level, "")),
        "ways": [str(way) for way, offered in ways.items() if offered],
        "appointment": reading.bookable is True,
        "courier": reading.courier is True,
        "person_themes": reading.themes if persons else [],
        "firm_themes": reading.themes if set(reading.service_objects) - {Served.PERSON} else [],
    }


def _material(number: int, said: str) -> dict[str, Any]:
    return {**specs.blank(specs.Material), "key": f"m{number}", "name": said, "required": True}


def _working_days(reading: ItemReading, field: str, label: str, limit: Limit | None) -> int | None:
    """The limit in working days; one in another unit is left out, for no law says how to convert it."""
    if limit is None or limit.unit == WORKING_DAYS:
        return limit.count if limit else None
    reading.note(field, f"{label}写的是{limit}，事项按工作日计时，不能自行换算，没有采用，请按依据填写。")
    return None
