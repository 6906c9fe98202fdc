"""循环证明, and papers the town issues itself: nobody is sent for what we hold (在线规定 7, 11; 营商条例 44)."""

from collections.abc import Iterator

from django.db.models import F, TextField, Value
from django.db.models.functions import StrIndex

from mingtang.people.enums import UnitKind
from mingtang.people.models import Unit
from mingtang.rulebook.enums import CaseKind, VersionState
from mingtang.rulebook.models import Item, ItemResult
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.requirements.text import PAPERS
from mingtang.rulebook.spec import Spec
from mingtang.towns.models import Jurisdiction

DEEPEST = 6


def rules(item: Item, spec: Spec) -> list[Issue]:
    """What materials ask for that another item of the town gives, or an office of the town writes."""
    return [*_results(item, spec), *_offices(item, spec), *_parts(item, spec)]


def _asked(spec: Spec) -> list[str]:
    return [material.name for material in spec.materials if not material.fetched_by_us]


def _givers(town: Jurisdiction, names: list[str], but: int) -> list[ItemResult]:
    """The results of items in force that one of these material names contains."""
    if not names:
        return []
    # A plain search for text: LIKE would first escape every name of the town, six times as slow.
    found = StrIndex(Value("\n".join(names), output_field=TextField()), F("name"))
    rows = ItemResult.objects.filter(item__town=town).exclude(item=but)
    return list(rows.annotate(found=found).filter(found__gt=0).select_related("item__current"))


def _results(item: Item, spec: Spec) -> Iterator[Issue]:
    names = _asked(spec)
    for row in _givers(item.town, names, item.pk):
        material = next(name for name in names if row.name in name)
        chain = _chain(item, spec, row.item)
        if chain:
            way = "→".join([spec.name, *chain, spec.name])
            yield Issue("materials", f"循环证明：{way}，互相要对方的结果，群众永远办不成。请去掉其中一项材料。", PAPERS)
        else:
            yield Issue(
                "materials",
                f"材料“{material}”是本镇办“{row.item.current.name}”发的，应当自己调取，不能要群众再交。",
                PAPERS,
            )


def _chain(item: Item, spec: Spec, giver: Item) -> list[str]:
    """The names of the items from ``giver`` back to one that needs a result of ``spec``; empty when none does."""
    results = [result.name for result in spec.results]
    seen, ways = {item.pk, giver.pk}, [[giver]]
    while ways:
        way = ways.pop(0)
        names = _asked(way[-1].current.spec)
        if any(result in name for name in names for result in results):
            return [one.current.name for one in way]
        if len(way) < DEEPEST:
            found = [row.item for row in _givers(item.town, names, way[-1].pk) if row.item_id not in seen]
            seen |= {one.pk for one in found}
            ways += [[*way, one] for one in found]
    return []


def _offices(item: Item, spec: Spec) -> Iterator[Issue]:
    issuers = {material.issuer.strip() for material in spec.materials if not material.fetched_by_us}
    ours = {item.town.name, f"{item.town.name}人民政府"} | {
        name
        for unit in Unit.objects.filter(town=item.town, name__in=_bare(item.town, issuers)).only("name")
        for name in (unit.name, item.town.name + unit.name)
    }
    for material in spec.materials:
        if not material.fetched_by_us and material.issuer.strip() in ours:
            sentence = f"材料“{material.name}”由本镇的{material.issuer}出具，应当自己调取，不能要群众跑一趟。"
            yield Issue("materials", sentence, PAPERS)


def _bare(town: Jurisdiction, issuers: set[str]) -> set[str]:
    return issuers | {issuer.removeprefix(town.name) for issuer in issuers}


def _parts(item: Item, spec: Spec) -> Iterator[Issue]:
    """一件事 is composed of items as they are in force."""
    if not spec.parts:
        return
    rows = Item.objects.filter(town=item.town, code__in=[part.code for part in spec.parts]).select_related("current")
    current = {row.code: row.current for row in rows if row.current and row.current.state == VersionState.IN_FORCE}
    if spec.kind != CaseKind.JOINT:
        yield Issue("kind", "几件事合起来办的，办件类型要选联办件。")
    lead = item.unit
    if lead is not None and lead.kind != UnitKind.CENTRE and lead.pk not in {row.unit_id for row in rows}:
        yield Issue("unit", f"“{lead.name}”不办里面的任何一件事。牵头单位要从里面各事项的实施单位里选。")
    for part in spec.parts:
        version = current.get(part.code)
        if part.code == item.code or version is None:
            yield Issue("parts", f"合起来办的事项“{part.code}”现在没有施行的版本，请重新选择。")
        elif version.number != part.version:
            yield Issue("parts", f"“{version.name}”已经有第 {version.number} 版，请按新版重新合成，再核对材料和环节。")
        elif version.spec.parts:
            yield Issue("parts", f"“{version.name}”本身就是几件事合成的，请直接选它里面的事项。")
