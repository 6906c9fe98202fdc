"""One screen of the editor: what stands in every control. It comes from a spec or from a form, and becomes a spec.

Nothing typed is lost on the way: what cannot be read stays as it was typed, with its place and a sentence in
``errors`` at its name.
"""

import copy
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict

from mingtang.desk.keeping import conditions
from mingtang.desk.keeping.conditions import AND, OR, Asked, Picked
from mingtang.desk.keeping.kinds import Long, Offers, Text
from mingtang.desk.keeping.sections import SECTIONS
from mingtang.desk.keeping.shape import Field, Rows
from mingtang.desk.keeping.stored import Data, pack, unpack
from mingtang.lib.errors import Refused
from mingtang.rulebook.spec import Enclosure, blank

Typed = dict[str, Any]
PARTS = tuple(part for section in SECTIONS for part in section.parts)
# Uploaded, not typed: there is no button that adds one.
FILES = Rows("files", "文件", Enclosure, (), ())
_ACT = re.compile(r"(add|drop|keep|up|down) ([a-z]+)(?:-([0-9]{1,3})(?:-([a-z]+)(?:-([0-9]{1,3}))?)?)?(?: ([0-9]))?")
_LABEL = Text(40)
MOST_ROWS = 500


class Sheet:
    """``typed``: field → what stands in it, list → its rows. ``taken`` are keys that mean something elsewhere."""

    def __init__(self, typed: Typed, offers: Offers, taken: Iterable[str] = ()) -> None:
        self.typed, self.offers = typed, {**offers}
        self.taken = set(taken)
        self.errors: dict[str, tuple[str, str]] = {}
        self.notes: list[str] = []
        self.focus = ""
        self.offers["numbers"] = [(one.key, one.question) for one in self.asked if not one.options]

    @classmethod
    def of(cls, data: Data, offers: Offers, taken: Iterable[str] = ()) -> "Sheet":
        """The screen of stored data."""
        data = unpack(data)
        asked = asked_of(data["situations"])
        sheet = cls(_shown(PARTS, data, asked), offers, {*taken, *keys_of(data)})
        for rows in PARTS:
            if isinstance(rows, Rows) and rows.spare and not sheet.typed[rows.name]:
                sheet.typed[rows.name].append(sheet.begun(rows, 0))
        sheet.typed["files"] = [
            {"for": f"{file['role']} {file['of']}", "name": file["name"], "sha256": file["sha256"]}
            for file in data["files"]
        ]
        return sheet

    @classmethod
    def posted(cls, post: QueryDict, offers: Offers, taken: Iterable[str] = ()) -> "Sheet":
        """The screen as it was sent."""
        situations = next(part for part in PARTS if part.name == "situations")
        asked = asked_of(_taken([situations], post, "", [])["situations"])
        typed = _taken(PARTS, post, "", asked)
        typed["files"] = [
            {name: post.get(f"files-{n}-{name}", "") for name in ("for", "name", "sha256", "gone")}
            for n in range(_count(post, "files"))
        ]
        return cls(typed, offers, {*taken, *keys_of(typed)})

    @property
    def asked(self) -> list[Asked]:
        """The questions as they stand on this screen."""
        return asked_of(self.typed["situations"])

    def begun(self, rows: Rows, start: int) -> Typed:
        """A new row, with keys of its own."""
        row = _row(rows, rows.begin(start), self.asked)
        self._key(rows, row)
        return row

    def _key(self, rows: Rows, row: Typed) -> None:
        if rows.letter:
            numbers = [int(key[1:]) for key in self.taken if re.fullmatch(rf"{rows.letter}[0-9]{{1,6}}", key)]
            row["key"] = f"{rows.letter}{max(numbers, default=0) + 1}"
            self.taken.add(row["key"])
        for inner in rows.inner:
            for one in row[inner.name]:
                self._key(inner, one)

    # Buttons that change rows --------------------------------------------------------------------------------------

    def do(self, act: str) -> bool:
        """Add a row, drop it or take it back, move it; says in ``focus`` where to go on. False: no such button."""
        said = _ACT.fullmatch(act)
        found = said and self._place(said[2], said[3], said[4], said[5])
        if not said or not found:
            return False
        name, rows, place, index = found
        what = said[1]
        if what == "add":
            start = int(said[6] or 0)
            if index is not None or start >= len(rows.starts):
                return False
            self._add(name, rows, place, start)
            return True
        if index is None or index >= len(place):
            return False
        if what == "keep":
            place[index]["gone"] = ""
        elif what == "drop" and rows.spare and untouched(rows, place[index]):
            del place[index]
        elif what == "drop":
            place[index]["gone"] = "1"
        else:
            other = index + (1 if what == "down" else -1)
            if 0 <= other < len(place):
                place[index], place[other] = place[other], place[index]
                index = other
        self.focus = f"{name}-{index}" if index < len(place) else f"{name}-add"
        return True

    def _add(self, name: str, rows: Rows, place: list[Typed], start: int) -> None:
        if len(place) >= rows.most:
            self.errors[name] = ("", f"最多写 {rows.most} 个{rows.noun}。")
            return
        place.append(self.begun(rows, start))
        self.focus = f"{name}-{len(place) - 1}-{rows.fields[0].name}"

    def _place(
        self, top: str, index: str | None, inner: str | None, inner_index: str | None
    ) -> tuple[str, Rows, list[Typed], int | None] | None:
        """A list of rows and the place in it, by its address."""
        rows = next((part for part in (*PARTS, FILES) if part.name == top and isinstance(part, Rows)), None)
        if rows is None:
            return None
        place = self.typed[top]
        if inner is None:
            return top, rows, place, None if index is None else int(index)
        below = next((one for one in rows.inner if one.name == inner), None)
        if below is None or int(index or 0) >= len(place):
            return None
        where = f"{top}-{index}-{inner}"
        return where, below, place[int(index or 0)][inner], None if inner_index is None else int(inner_index)

    # To a spec -----------------------------------------------------------------------------------------------------

    def read(self, base: Data) -> Data:
        """Stored data of what is typed, over ``base`` for what is not asked here; ``errors`` says what is not valid."""
        data = copy.deepcopy(base)
        self._read(PARTS, self.typed, data, "", "")
        data["files"] = [
            {"role": role, "of": of, "name": file["name"], "sha256": file["sha256"]}
            for file in self.typed["files"]
            for role, _, of in [file["for"].partition(" ")]
            if not file.get("gone")
        ]
        return pack(data)

    def refuse(self, name: str, where: str, refusal: Refused) -> None:
        self.errors.setdefault(name, (where, refusal.message))

    def error(self, name: str) -> str:
        """What is wrong at a control; empty when nothing is."""
        return self.errors[name][1] if name in self.errors else ""

    def _read(self, cells: Sequence[Field | Rows], typed: Typed, record: Data, prefix: str, where: str) -> None:
        for cell in cells:
            name = prefix + cell.name
            if isinstance(cell, Rows):
                kept = [
                    (n, row)
                    for n, row in enumerate(typed[cell.name])
                    if not row["gone"] and not (cell.spare and untouched(cell, row))
                ]
                record[cell.name] = [self._read_row(cell, row, f"{name}-{n}-", title(cell, n, row)) for n, row in kept]
                continue
            try:
                cell.put(record, cell.kind.read(typed[cell.name], self.offers))
            except Refused as refusal:
                self.refuse(name, f"{where}的{cell.label}" if where else cell.label, refusal)

    def _read_row(self, rows: Rows, typed: Typed, prefix: str, where: str) -> Data:
        record = blank(rows.record)
        self._read(rows.cells, typed, record, prefix, where)
        for name in rows.hidden:
            if name != "gone":
                record[name] = typed[name][:120] or ("" if name != "group" else None)
        if rows.when:
            record["when"] = typed["when"].raw
            try:
                record["when"] = conditions.write(typed["when"], self.asked)
                if "when_label" in record:
                    said = conditions.words(typed["when"], self.asked) if record["when"] else ""
                    record["when_label"] = _LABEL.read(typed["when_label"], self.offers) or said
            except Refused as refusal:
                self.refuse(f"{prefix}when", f"{where}的“{rows.when}”", refusal)
        return record


def asked_of(situations: list[dict[str, Any]]) -> list[Asked]:
    """The questions of stored or typed situations, without those that were dropped."""
    return [
        Asked(
            row["key"],
            row["question"].strip(),
            tuple((option["key"], option["label"].strip()) for option in row["options"] if not option.get("gone")),
            row["unit"].strip(),
        )
        for row in situations
        if not row.get("gone")
    ]


def keys_of(data: Any) -> set[str]:
    """Every key of a row, at any depth."""
    if isinstance(data, list):
        return set().union(*(keys_of(one) for one in data))
    if not isinstance(data, dict):
        return set()
    return set().union(*(keys_of(value) for value in data.values()), {data["key"]} if "key" in data else ())


def texts_of(data: Any) -> set[str]:
    """Every text in stored data, at any depth."""
    if isinstance(data, dict | list):
        return set().union(*(texts_of(one) for one in (data.values() if isinstance(data, dict) else data)))
    return {data} if isinstance(data, str) else set()


def title(rows: Rows, number: int, typed: Typed) -> str:
    """材料 2“身份证”."""
    said = str(typed[rows.head]).strip()
    return f"{rows.noun} {number + 1}" + (f"“{said[:30]}”" if said else "")


def untouched(rows: Rows, typed: Typed) -> bool:
    """Whether nobody has typed anything into a row yet."""
    texts = [typed[cell.name].strip() for cell in rows.fields if isinstance(cell.kind, Text | Long)]
    inner = [untouched(below, row) for below in rows.inner for row in typed[below.name]]
    return not any(texts) and all(inner) and not (rows.when and (typed["when"].chosen or typed["when"].raw))


def _shown(cells: Sequence[Field | Rows], record: Data, asked: list[Asked]) -> Typed:
    return {
        cell.name: [_row(cell, one, asked) for one in record[cell.name]]
        if isinstance(cell, Rows)
        else cell.kind.show(cell.of(record))
        for cell in cells
    }


def _row(rows: Rows, record: Data, asked: list[Asked]) -> Typed:
    typed = _shown(rows.cells, record, asked) | {name: record.get(name) or "" for name in rows.hidden}
    if rows.when:
        typed["when"] = conditions.read(record["when"], asked)
        label = record.get("when_label", "")
        typed["when_label"] = "" if label == conditions.words(typed["when"], asked) else label
    return typed


def _count(post: QueryDict, name: str) -> int:
    """How many rows were sent. More than may be added is read all the same: an import may have brought them."""
    said = post.get(f"{name}-n", "")
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def _taken(cells: Iterable[Field | Rows], post: QueryDict, prefix: str, asked: list[Asked]) -> Typed:
    typed: Typed = {}
    for cell in cells:
        name = prefix + cell.name
        if isinstance(cell, Field):
            typed[cell.name] = cell.kind.take(post, name)
            continue
        typed[cell.name] = []
        for n in range(_count(post, name)):
            row = _taken(cell.cells, post, f"{name}-{n}-", asked)
            row |= {hidden: post.get(f"{name}-{n}-{hidden}", "") for hidden in cell.hidden}
            if cell.when:
                row["when"] = _picked(post, f"{name}-{n}-when", asked)
                row["when_label"] = post.get(f"{name}-{n}-when_label", "")
            typed[cell.name].append(row)
    return typed


def _picked(post: QueryDict, name: str, asked: list[Asked]) -> Picked:
    answers: dict[str, list[str]] = {}
    for said in post.getlist(name):
        key, _, answer = said.partition("=")
        answers.setdefault(key, []).append(answer)
    ends = {
        end: {one.key: post.get(f"{name}-{end}-{one.key}", "") for one in asked if not one.options}
        for end in ("low", "high")
    }
    raw = "" if post.get(f"{name}-drop") else post.get(f"{name}-raw", "")
    join = OR if post.get(f"{name}-join") == OR else AND
    return Picked(join, answers, ends["low"], ends["high"], raw)
