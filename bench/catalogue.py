"""A town with many items in force, for measurements: rows written in bulk, as no act would.

Every item is one of the demo town's with another name, unit, themes, kind of applicant and way to come; approvals,
process and hashes are those of its pattern, so that the database's own checks hold.
"""

import copy
import os
import random
from pathlib import Path
from typing import Any

THINGS = (
    "道路运输",
    "农药经营",
    "卫生室",
    "民办幼儿园",
    "取水",
    "临时占地",
    "户外广告",
    "养殖场",
    "合作社",
    "老年食堂",
)
ACTS = ("新办", "变更", "延续", "注销", "补证", "备案", "年检", "登记", "补贴申领", "资格认定")
PLACES = ("长堤", "团洲", "注滋口", "治河渡", "北景港", "鲇鱼须", "宋家嘴", "三封寺", "操军", "东山")
LIFE = (
    "生育收养",
    "户籍办理",
    "义务教育",
    "就业创业",
    "婚姻登记",
    "住房保障",
    "社会救助",
    "医疗卫生",
    "养老服务",
    "农民",
)
TRADE = ("设立变更", "准营准办", "资质认证", "纳税缴费", "环保绿化", "安全生产", "涉农补贴", "质量技术")
UNITS = 24
BATCH = 500


def build(folder: Path, count: int) -> Any:
    """A data folder with the demo town and ``count`` items in force beside its own; returns the town."""
    os.environ |= {"MINGTANG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from mingtang.demo.items import build_items
    from mingtang.demo.town import build_organisation, build_town

    call_command("migrate", verbosity=0)
    town = build_town()
    build_organisation(town)
    build_items(town)
    fill(town, count)
    return town


def fill(town: Any, count: int) -> None:
    """Put ``count`` items in force in bulk, number their events and index them."""
    from django.db import transaction

    from mingtang.events import follow
    from mingtang.people.enums import UnitKind
    from mingtang.people.models import Unit
    from mingtang.rulebook import facts
    from mingtang.rulebook.models import Item

    chance = random.Random(20181018)
    patterns = [item.current for item in Item.objects.filter(town=town).select_related("current__published_event")]
    units = [
        Unit.objects.create(
            town=town, code=f"office-{n}", name=f"{PLACES[n % 10]}{n}号站所", kind=UnitKind.STATION, order=n
        )
        for n in range(UNITS)
    ]
    for start in range(0, count, BATCH):
        with transaction.atomic():
            _batch(town, patterns, units, range(start, min(count, start + BATCH)), chance)
    facts.ensure()
    follow.settle()


def _spec(pattern: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    """The pattern as another item: every facet has values, every name is different."""
    spec = copy.deepcopy(pattern)
    person = chance.random() < 0.6
    spec["name"] = f"{chance.choice(THINGS)}{chance.choice(ACTS)}（{chance.choice(PLACES)}片 {number} 号）"
    spec["synonyms"] = [f"{chance.choice(THINGS)}怎么办", spec["name"][:6]]
    spec["served"] = ["自然人"] if person else ["企业法人", "其他组织"]
    spec["visits"], spec["online"] = chance.choice([0, 1, 1, 2, 3]), chance.random() < 0.5
    spec["listing"] |= {
        "person_themes": chance.sample(LIFE, chance.choice([1, 1, 2])) if person else [],
        "firm_themes": [] if person else chance.sample(TRADE, chance.choice([1, 1, 2])),
    }
    return spec


def _batch(town: Any, patterns: list[Any], units: list[Any], numbers: range, chance: random.Random) -> None:
    from mingtang.events.models import Event, Unsequenced
    from mingtang.rulebook.models import Item, Version

    items = Item.objects.bulk_create(
        Item(town=town, code=f"BENCH-{number:06d}", unit=chance.choice(units)) for number in numbers
    )
    versions, events = [], []
    for item, number in zip(items, numbers, strict=True):
        pattern = chance.choice(patterns)
        version, event = copy.copy(pattern), copy.copy(pattern.published_event)
        version.__dict__.pop("spec", None)
        event.pk, event._state, event.subject = None, copy.copy(event._state), item.subject
        event._state.adding, event.salt = True, number.to_bytes(16, "big")
        version.pk, version.item, version._state = None, item, copy.copy(version._state)
        version._state.adding, version.data = True, _spec(pattern.data, number, chance)
        version.name = version.data["name"]
        versions.append(version)
        events.append(event)
    for version, event in zip(versions, Event.objects.bulk_create(events), strict=True):
        version.published_event = event
    Unsequenced.objects.bulk_create(Unsequenced(event=event) for event in events)
    for item, version in zip(items, Version.objects.bulk_create(versions), strict=True):
        item.current = version
    Item.objects.bulk_update(items, ["current"])
