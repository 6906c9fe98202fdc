"""From the sheets of a file to drafts: what each row means for the catalogue as it stands, then all of it or nothing.

Reading and judging happen outside the transaction, so that nobody waits for them; only the writing is in it.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from mingtang.events.log import Actor
from mingtang.files.policies import check_kind, clean_name
from mingtang.files.sniff import sniff
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import can
from mingtang.rulebook import enclosed
from mingtang.rulebook.actions.catalogue import Change, take_in
from mingtang.rulebook.catalogue import rules
from mingtang.rulebook.catalogue.exporting import unit_names
from mingtang.rulebook.catalogue.reading import Catalogue, Entry, Problems, read
from mingtang.rulebook.catalogue.sheets import CODE, ITEMS, NUMBER, UNIT
from mingtang.rulebook.catalogue.writing import check_of
from mingtang.rulebook.enums import VersionState as S
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.models.items import CODE_ASKED
from mingtang.rulebook.policies import kept_units
from mingtang.rulebook.spec import parse
from mingtang.rulebook.states import UNDER_WAY
from mingtang.towns.models import Jurisdiction

READ, JUDGED, WRITTEN = "读表", "核对", "写入"
_AT_ONCE = 100

# Told the stage, and how much of how much of it is done.
Progress = Callable[[str, int, int], None]


@dataclass
class Plan:
    """What an import will do: ``changes`` to write, ``unchanged`` items; nothing at all while there are problems."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: Problems = field(default_factory=Problems)

    @property
    def counts(self) -> dict[str, int]:
        created = sum(change.item is None for change in self.changes)
        return {"created": created, "updated": len(self.changes) - created, "unchanged": self.unchanged}


def check_file(name: str, data: bytes) -> None:
    """Raise ``Refused`` for what is no .xlsx by name and content: macros, passwords, old formats, renamed texts."""
    check_kind(clean_name(name), sniff(data), frozenset({"xlsx"}))


def plan(
    town: Jurisdiction,
    data: bytes,
    progress: Progress = lambda stage, done, total: None,
    *,
    editor: Staff | None = None,
) -> Plan:
    """Read a file and judge each item against the catalogue, and whether ``editor`` keeps it (None is the console).

    Raises ``Refused`` when it is no catalogue at all.
    """
    catalogue = read(data, lambda done, total: progress(READ, done, total))
    judging = _Judging(town, catalogue, editor)
    if not catalogue.whole:
        return judging.plan
    entries, done = iter(list(catalogue.entries.values())), 0
    while chunk := list(islice(entries, _AT_ONCE)):
        judging.judge(chunk)
        for entry in chunk:
            del catalogue.entries[entry.code]
        done += len(chunk)
        progress(JUDGED, done, done + len(catalogue.entries))
    return judging.plan


def carry_out(found: Plan, *, town: Jurisdiction, by: Actor, editor: Staff | None = None) -> None:
    """Write what was planned, in one transaction. Raises ``Refused`` when someone changed an item meanwhile."""
    if found.problems:
        raise Refused("表格里还有要改的地方，一项都没有导入。")
    take_in(town=town, changes=found.changes, by=by, editor=editor)


class _Judging:
    def __init__(self, town: Jurisdiction, catalogue: Catalogue, editor: Staff | None) -> None:
        self._town, self._catalogue = town, catalogue
        keeps_all = editor is None or can(editor, Permission.ITEM_EDIT, town)
        self._kept = None if keeps_all else kept_units(editor)
        self.plan = Plan(problems=catalogue.problems)
        self._units = {unit.pk: unit for unit in Unit.objects.filter(town=town)}
        self._called = unit_names(town)
        self._by_name = {unit.code: pk for pk, unit in self._units.items()}
        self._by_name |= {name: pk for pk, name in self._called.items()}

    def judge(self, entries: list[Entry]) -> None:
        """Some items, with the rows of the database read at once."""
        items = {
            item.code: item for item in Item.objects.filter(town=self._town, code__in=[entry.code for entry in entries])
        }
        versions: dict[int, list[Version]] = defaultdict(list)
        rows = Version.objects.filter(item__in=items.values()).select_related("edited_by").defer("bpmn")
        for version in rows.order_by("number"):
            versions[version.item_id].append(version)
        for entry in entries:
            try:
                self._one(entry, items.get(entry.code), versions)
            except rules.Flaw as flaw:
                self._add(entry, flaw)

    def _one(self, entry: Entry, item: Item | None, versions: dict[int, list[Version]]) -> None:
        if entry.code in self._catalogue.flawed:
            for flaw in rules.conditions(entry):
                self._add(entry, flaw)
            return
        data = entry.data()
        parse(data)
        if item is None:
            change = self._new(entry)
        else:
            found = self._again(entry, data, item, versions[item.pk])
            if found is None:
                self.plan.unchanged += 1
                return
            change = found
        if self._kept is not None and not {change["unit"] if item is None else item.unit_id} <= self._kept:
            raise self._flaw(UNIT, "您只编制本单位的事项，这一项请由它的实施单位或者便民服务中心改。")
        for flaw in rules.flaws(entry, data, self._files.__contains__):
            self._add(entry, flaw)
        self.plan.changes.append(
            Change(entry.code, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), **change)
        )

    def _add(self, entry: Entry, flaw: rules.Flaw) -> None:
        place = self._catalogue.place(flaw.sheet, flaw.row or entry.row, flaw.title)
        self.plan.problems.add(place, flaw.message)

    def _flaw(self, title: str, sentence: str) -> rules.Flaw:
        return rules.Flaw(ITEMS, None, title, sentence)

    def _new(self, entry: Entry) -> dict[str, Any]:
        if entry.number or entry.check:
            raise self._flaw(
                NUMBER,
                f"本镇没有编码为“{entry.code[:40]}”的事项。要作为新事项收下，请把这一行的“版本”和“校验码”清空。",
            )
        try:
            Item._meta.get_field("code").clean(entry.code, None)
        except ValidationError:
            raise self._flaw(CODE, CODE_ASKED) from None
        return {"number": 1, "unit": self._unit(entry)}

    def _unit(self, entry: Entry) -> int | None:
        """The unit that is named. An item may lack one for now; the publication gate asks for it."""
        if not entry.unit:
            return None
        pk = self._by_name.get(entry.unit)
        if pk is None:
            raise self._flaw(UNIT, f"本镇没有叫“{entry.unit[:40]}”的单位，请写组织里的名称。")
        if self._units[pk].dissolved_on:
            raise self._flaw(UNIT, f"“{self._units[pk].name}”已经撤销，请写现在的单位。")
        return pk

    def _again(self, entry: Entry, data: dict[str, Any], item: Item, versions: list[Version]) -> dict[str, Any] | None:
        """What an item that is known becomes; None when nothing."""
        same = self._called.get(item.unit_id, "") == entry.unit or self._by_name.get(entry.unit) == item.unit_id
        base = next((version for version in versions if version.number == entry.number), None)
        later = [version for version in versions if version.number > (entry.number or 0) and version.state != S.REFUSED]
        if same and (check_of(data) == entry.check or any(version.whole == data for version in later)):
            return None
        if entry.number is None:
            raise self._flaw(
                CODE,
                f"编码“{entry.code}”已经是“{versions[-1].name}”的。要改它，请先导出，在导出的表里改；要新增，请换编码。",
            )
        if base is None:
            raise self._flaw(NUMBER, f"这个事项没有第 {entry.number} 版。请重新导出，在新表上改。")
        if same and base.whole == data:
            return None
        if check_of(base.whole) != entry.check:
            raise self._flaw(NUMBER, self._stale(base))
        if later:
            raise self._flaw(
                NUMBER,
                f"已经有第 {later[-1].number} 版（{later[-1].state_title}）了。请导出“最新的草案”，在那份表上改。",
            )
        change: dict[str, Any] = {"item": item.pk, "number": base.number}
        if not same:
            change["unit"] = self._moved(entry, item)
            if any(version.state in (*UNDER_WAY, S.ANNOUNCED) for version in versions):
                raise self._flaw(UNIT, "有一版正在审批，同意过的人是原单位的，不能换单位。请先办完或者退回。")
        if base.state == S.DRAFT:
            return change | {"draft": base.pk, "seen": base.edited_at}
        if base.state in (*UNDER_WAY, S.ANNOUNCED):
            raise self._flaw(NUMBER, f"第 {base.number} 版正在走变动程序（{base.state_title}），不能改。请先退回修改。")
        return change | {"number": versions[-1].number + 1}

    @cached_property
    def _files(self) -> frozenset[str]:
        """No file may be named but those of the town's guides: it could be anybody's."""
        return enclosed.hashes(self._town)

    def _moved(self, entry: Entry, item: Item) -> int:
        """The unit an item goes to; one that has been in force stays with its unit while that exists."""
        old = self._units.get(item.unit_id) if item.unit_id else None
        if item.current_id and old and not old.dissolved_on:
            raise self._flaw(UNIT, f"施行过的事项不能在表格里换单位，原来是“{old.name}”。")
        pk = self._unit(entry)
        if pk is None:
            raise self._flaw(UNIT, "空着，请写明实施单位。")
        return pk

    def _stale(self, base: Version) -> str:
        who = base.edited_by.name if base.edited_by else "控制台"
        at = timezone.localtime(base.edited_at)
        if base.state != S.DRAFT:
            return "“校验码”和系统里的不一样：这一行被改动过，或者是别处导出的。请重新导出，在新表上改。"
        said = f"导出以后，{who}在{at.month}月{at.day}日 {at:%H:%M} 改过这一版。"
        return said + "请重新导出，把您的改动写到新表上，免得盖掉同事写的。"
