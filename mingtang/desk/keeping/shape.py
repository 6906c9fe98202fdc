"""The shapes a section of the editor is made of: fields, rows of a list, sections."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mingtang.desk.keeping.kinds import Kind
from mingtang.rulebook.spec import blank


@dataclass(frozen=True)
class Field:
    """``name`` is the way in the stored JSON, its steps joined by ``-``. ``rare`` stands behind a fold, ``opt`` may
    stay empty for ever, ``apart`` is a flag of the editor alone (see ``stored``)."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    rare: bool = False
    opt: bool = False
    apart: bool = False

    def of(self, record: dict[str, Any]) -> Any:
        for step in self.name.split("-"):
            record = record[step]
        return record

    def put(self, record: dict[str, Any], value: Any) -> None:
        *way, last = self.name.split("-")
        for step in way:
            record = record[step]
        record[last] = value


@dataclass(frozen=True)
class Start:
    """One button that adds a row, and what the new row says."""

    button: str
    says: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """A list of records. ``noun`` names one; ``head`` is the field that tells it from its neighbours, ``told`` are
    those its closed line shows too. ``letter`` begins the keys that are made for new rows, ``carried`` are fields
    nobody sees. With ``spare`` an empty row waits where there is none, and untouched rows are not kept. ``flat`` rows
    are short and never fold. ``when`` asks which answers the row depends on."""

    name: str
    noun: str
    record: type
    cells: tuple["Field | Rows", ...]
    starts: tuple[Start, ...]
    head: str = "name"
    told: tuple[str, ...] = ()
    letter: str = ""
    carried: tuple[str, ...] = ()
    most: int = 40
    spare: bool = False
    flat: bool = False
    hint: str = ""
    when: str = ""

    @property
    def hidden(self) -> tuple[str, ...]:
        return (*(("key",) if self.letter else ()), *self.carried, "gone")

    @property
    def fields(self) -> list[Field]:
        return [cell for cell in self.cells if isinstance(cell, Field)]

    @property
    def inner(self) -> list["Rows"]:
        return [cell for cell in self.cells if isinstance(cell, Rows)]

    def begin(self, start: int = 0) -> dict[str, Any]:
        """A new record as the editor holds it, without its key; lists inside begin with as many as the start says."""
        says = self.starts[start].says
        record = {**blank(self.record), **{cell.name: False for cell in self.fields if cell.apart}, **says}
        for rows in self.inner:
            record[rows.name] = [rows.begin() for _ in says.get(rows.name, ())]
        return record


@dataclass(frozen=True)
class Section:
    """One part of the page. ``also`` are fields of the publication gate that are mended here under another name."""

    key: str
    title: str
    parts: tuple[Field | Rows, ...]
    hint: str = ""
    also: tuple[str, ...] = ()

    def owns(self, name: str) -> bool:
        return name in self.also or any(part.name.split("-")[0] == name for part in self.parts)


def fields_of(sections: tuple[Section, ...]) -> Iterator[Field | Rows]:
    for section in sections:
        yield from section.parts
