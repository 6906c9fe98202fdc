"""The catalogue as a spreadsheet, from the console: ``mingtang export items``, ``mingtang import items FILE.xlsx``."""

import json
import os
import tempfile
from pathlib import Path
from typing import TextIO

from django.conf import settings

from config.ready import progress
from mingtang.events.log import Actor
from mingtang.files.policies import size_label
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.rulebook.catalogue.exporting import export_items
from mingtang.rulebook.catalogue.importing import Plan, carry_out, check_file, plan
from mingtang.towns.models import Jurisdiction

PROBLEMS_SHOWN = 20
_TABLES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv"}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_table(path: Path) -> bool:
    """Whether a file is a spreadsheet by its name or its first bytes, not one item a line."""
    if path.suffix.lower() in _TABLES:
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


def export_catalogue(town: Jurisdiction, path: Path, *, newest: bool) -> None:
    """Write the town's catalogue to a file that does not exist yet. Raises ``Refused`` when it cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise Refused("导出的是 Excel 表格，文件名请以 .xlsx 结尾。")
    if path.exists():
        raise Refused(f"“{path}”已经有了，没有覆盖。请换一个文件名。")
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".xlsx")
    except OSError as error:
        raise Refused(f"写不了“{path}”（{error.strerror}），请换一个位置。") from error
    try:
        with os.fdopen(descriptor, "wb") as file, progress("导出") as advance:
            count = export_items(town, file, newest=newest, told=advance)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    print(json.dumps({"items": count}))


def import_catalogue(
    town: Jurisdiction, path: Path, *, by: Actor, editor: Staff | None, report: TextIO | None
) -> dict[str, int]:
    """Import a whole file, or print what keeps it out and raise ``Refused``."""
    with progress("导入") as advance:
        found = plan(town, _read(path), lambda stage, done, total: advance(done, total, stage), editor=editor)
        if not found.problems:
            advance(0, None, "写入")
            carry_out(found, town=town, by=by, editor=editor)
    if report is not None:
        _write_report(found, report)
    if found.problems:
        told, more = found.problems.told, found.problems.more
        for problem in told[:PROBLEMS_SHOWN]:
            print(f"✗ {problem}")
        if len(told) + more > PROBLEMS_SHOWN:
            print(f"还有 {len(told) + more - PROBLEMS_SHOWN} 处，用 --report 文件名 可以看到前 {len(told)} 处。")
        raise Refused(f"有 {len(told) + more} 处要改，一项都没有导入。改好以后再导入一次。")
    if found.changes:
        print("都是不公开的草案。发布以前还要补什么，在工作台的“事项”里逐项看得到。")
    return {**found.counts, "refused": 0}


def _read(path: Path) -> bytes:
    """The bytes of a file that may be one. Raises ``Refused`` before anything big is read."""
    if not path.is_file():
        raise Refused(f"找不到事项文件“{path}”，请核对路径。")
    if path.stat().st_size > settings.UPLOAD_LIMIT:
        raise Refused(f"文件超过了 {size_label(settings.UPLOAD_LIMIT)} 的上限，请分成几份表格导入。")
    data = path.read_bytes()
    check_file(path.name, data)
    return data


def _write_report(found: Plan, report: TextIO) -> None:
    """A line for each flaw, or for each item that was written."""

    def line(origin: str, result: str, code: str = "", reasons: tuple[str, ...] = ()) -> None:
        said = {"origin": origin, "result": result, "reasons": list(reasons), "source_id": code}
        report.write(json.dumps(said, ensure_ascii=False) + "\n")

    for problem in found.problems.told:
        line(problem.place, "refused", reasons=(problem.sentence,))
    if not found.problems:
        for change in found.changes:
            line(change.code, "created" if change.item is None else "updated", change.code)
