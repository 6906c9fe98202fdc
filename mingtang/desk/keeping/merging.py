"""Two editors on one draft: what each changed, field by field, and a text that holds both."""

from dataclasses import dataclass
from typing import Any

from mingtang.desk.keeping.kinds import Offers
from mingtang.desk.keeping.sections import SECTIONS
from mingtang.desk.keeping.shape import Field, Rows
from mingtang.desk.keeping.stored import Data, unpack

NOWHERE = "没有"


@dataclass(frozen=True)
class Change:
    """One field that a colleague changed: before and after in words. ``mine``: the editor changed it too."""

    label: str
    before: str
    after: str
    mine: bool


def merge(base: Data, mine: Data, theirs: Data) -> Data:
    """The editor's text, with what only the colleague changed taken over."""
    return {name: _ours(base[name], value, theirs[name]) for name, value in mine.items()}


def _ours(base: Any, mine: Any, theirs: Any) -> Any:
    if isinstance(mine, dict):
        return merge(base, mine, theirs)
    return theirs if mine == base else mine


def changes(base: Data, mine: Data, theirs: Data, offers: Offers) -> list[Change]:
    """What the colleague changed since the editor opened the draft, as the editor's own fields name it."""
    base, mine, theirs = unpack(base), unpack(mine), unpack(theirs)
    found = []
    for section in SECTIONS:
        for part in section.parts:
            before, after = _value(part, base), _value(part, theirs)
            if before == after:
                continue
            both = _value(part, mine) not in (before, after)
            if isinstance(part, Field):
                told = [Change(part.label, part.kind.tell(before, offers), part.kind.tell(after, offers), both)]
            else:
                told = [Change(*one, both) for one in _rows(part, before, after, offers)]
            found += told or [Change(part.noun if isinstance(part, Rows) else part.label, "", "改过", both)]
    if base["files"] != theirs["files"]:
        names = ("、".join(file["name"] for file in data["files"]) or NOWHERE for data in (base, theirs))
        found.append(Change("表格和样表", *names, mine["files"] not in (base["files"], theirs["files"])))
    return found


def _value(part: Field | Rows, data: Data) -> Any:
    return part.of(data) if isinstance(part, Field) else data[part.name]


def _rows(rows: Rows, before: list[Data], after: list[Data], offers: Offers) -> list[tuple[str, str, str]]:
    """Rows that came, went or say something else."""
    old, new = _by_key(rows, before), _by_key(rows, after)
    found = [(f"{rows.noun}“{row[rows.head]}”", "有", "删去了") for key, row in old.items() if key not in new]
    for key, row in new.items():
        name = f"{rows.noun}“{row[rows.head]}”"
        if key not in old:
            found.append((name, NOWHERE, "新加的"))
            continue
        for field in rows.fields:
            if field.of(old[key]) != field.of(row):
                one, other = (field.kind.tell(field.of(each), offers) for each in (old[key], row))
                found.append((f"{name}的{field.label}", one, other))
        for inner in rows.inner:
            found += [
                (f"{name}的{told[0]}", *told[1:])
                for told in _rows(inner, old[key][inner.name], row[inner.name], offers)
            ]
        if rows.when and old[key]["when"] != row["when"]:
            labels = (each.get("when_label") or each["when"] or "人人都一样" for each in (old[key], row))
            found.append((f"{name}{rows.when}", *labels))
    return found


def _by_key(rows: Rows, records: list[Data]) -> dict[str, Data]:
    """Rows by their key, else by what heads them and how often that came before."""
    found: dict[str, Data] = {}
    for record in records:
        key = record["key"] if rows.letter else record[rows.head]
        while key in found:
            key += "+"
        found[key] = record
    return found
