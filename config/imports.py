"""``mingtang import``: the last line on standard output counts what became of the records, as JSON."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from config.catalogue import import_catalogue, is_table
from config.ready import make_ready, progress
from mingtang.disclosure.filing import unfiled
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.reading_apart import read_apart
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.rulebook.importing import OTHER, SIX, import_items
from mingtang.rulebook.laws.importing import import_laws
from mingtang.rulebook.laws.reading import read_laws
from mingtang.rulebook.reading import read_items
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.loader import import_calendar

REFUSALS_SHOWN = 20


def town_of(code: str | None) -> Jurisdiction:
    """The town a command names, or the default one. Raises ``Refused`` when there is none."""
    found = Jurisdiction.objects.filter(**({"code": code} if code else {"is_default": True})).first()
    if found is None:
        raise Refused(
            f"没有区划代码为“{code}”的地区，请核对 --town。" if code else "还没有设置任何乡镇，请先运行 mingtang demo。"
        )
    return found


def _importer(username: str | None, town: Jurisdiction, power: str) -> Staff | None:
    """Console access counts as administrator; a named person must hold the power."""
    if not username:
        return None
    staff = Staff.objects.filter(town=town, username=username).first()
    if staff is None:
        raise Refused(f"本镇没有用户名为“{username}”的人员，请核对 --by。")
    check_may(staff, power, town)
    return staff


class _Report:
    """Takes what became of each record: a JSON line into the file if one is wanted, refusals kept for the terminal."""

    def __init__(self, file: TextIO | None, advance: Callable[[int], None]) -> None:
        self._file, self._advance = file, advance
        self.done = 0
        self.refused: list[str] = []
        self.remarked = 0
        self.asked: Counter[str] = Counter()
        self.filed = 0

    def __call__(self, line: dict[str, Any]) -> None:
        self.done += 1
        self._advance(self.done)
        if self._file is not None:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        if line["result"] == "refused":
            name = line["title"] or line["source_id"] or "（没有标题）"
            self.refused.append(f"{line['origin']}　{name[:40]}：{''.join(line['reasons'])}")
        elif line["problems"]:
            self.remarked += 1
        self.filed += bool(line.get("columns"))
        self.asked.update(line.get("asks", {}).keys())

    def show(self) -> None:
        for sentence in self.refused[:REFUSALS_SHOWN]:
            print(f"✗ {sentence}")
        if len(self.refused) > REFUSALS_SHOWN:
            print(f"另有 {len(self.refused) - REFUSALS_SHOWN} 份没有收下，用 --report 文件名 可以看到全部。")
        if self.remarked:
            print(f"有 {self.remarked} 份收下了，但有的内容要核对，用 --report 文件名 可以逐项看到。")
        if self.asked:
            asked = "，".join(f"{name} {number} 个" for name in (*SIX, OTHER) if (number := self.asked[name]))
            print(f"都是不公开的草案。发布以前还要补的：{asked}。用 --report 文件名 可以逐项看到。")


def _import_calendar(arguments: argparse.Namespace, town: Jurisdiction) -> dict[str, int]:
    loaded = import_calendar(Path(arguments.path), town=town, by=CONSOLE)
    print(f"改动了 {loaded.days} 天。" if loaded.days or loaded.confirmed else "日历没有变化。")
    if loaded.confirmed:
        print(f"已确认{'、'.join(f'{year}年' for year in loaded.confirmed)}的工作日历。")
    if loaded.incomplete:
        print(f"{'、'.join(f'{year}年' for year in loaded.incomplete)}还不完整，跨到这些年的期限标为暂定。")
    counts = {"created": loaded.days, "unchanged": 0 if loaded.days else 1, "updated": 0, "refused": 0}
    if arguments.report:
        Path(arguments.report).write_text(json.dumps(counts | {"confirmed": loaded.confirmed}) + "\n", "utf-8")
    return counts


def _import_records(arguments: argparse.Namespace, town: Jurisdiction) -> dict[str, int]:
    power = Permission.ITEM_EDIT if arguments.kind == "items" else Permission.DOCUMENT_ADOPT
    person = _importer(getattr(arguments, "by", None), town, power)
    by = actor(person) if person else CONSOLE
    if arguments.kind == "items" and is_table(Path(arguments.path)):
        with _report_file(arguments.report) as file:
            counts = import_catalogue(town, Path(arguments.path), by=by, editor=person, report=file)
        with progress("编号入册、编入检索") as advance:
            make_ready(advance)
        return counts
    with _report_file(arguments.report) as file, progress("导入", _total(arguments.path)) as advance:
        report = _Report(file, advance)
        if arguments.kind == "documents":
            counts = import_readings(town, read_apart(arguments.path), publish=arguments.publish, by=by, report=report)
        elif arguments.kind == "laws":
            counts = import_laws(read_laws(arguments.path), town=town if arguments.own else None, report=report)
        else:
            counts = import_items(town, read_items(arguments.path), by=by, report=report)
    with progress("编号入册、编入检索") as advance:
        make_ready(advance)
    report.show()
    if arguments.kind == "documents":
        _say_filed(town, report.filed)
    return counts.as_dict()


def _say_filed(town: Jurisdiction, filed: int) -> None:
    left = unfiled(town).count()
    if filed or left:
        print(f"照归栏规则归入栏目 {filed} 份。全镇导入的信息还有 {left} 份没有归栏。")
    if left:
        print("没有归栏的，在工作台“栏目”里点“成批归栏”：/desk/columns/unfiled")


def _total(path: str) -> int | None:
    """How many records a file with one on each line holds; None where that is not known beforehand."""
    if not path.endswith(".jsonl") or not Path(path).is_file():
        return None
    with open(path, "rb") as lines:
        return sum(1 for line in lines if line.strip())


@contextmanager
def _report_file(name: str | None) -> Iterator[TextIO | None]:
    """The report file, or None when none is wanted. Raises ``Refused`` when it cannot be written."""
    if not name:
        yield None
        return
    try:
        Path(name).write_bytes(b"")
    except OSError as error:
        raise Refused(f"写不了报告文件“{name}”（{error.strerror}），请换一个位置。") from error
    with open(name, "w", encoding="utf-8", buffering=1) as file:
        yield file


def run(arguments: argparse.Namespace) -> int:
    """Run one import; records that were refused are listed and are no failure of the command."""
    town = town_of(arguments.town)
    if arguments.kind == "calendar":
        counts = _import_calendar(arguments, town)
        make_ready()
    else:
        counts = _import_records(arguments, town)
    print(json.dumps(counts))
    return 0
