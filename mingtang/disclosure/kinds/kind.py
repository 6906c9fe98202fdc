"""What a kind of document consists of, read from the pack beside it: one TOML file per kind.

A kind says which fields and tables a document of it has, when it is due after it came into being, and into which
columns of the catalogue it is filed. Kinds are code, not rows: every town publishes by the same law (ADR 0027).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Type = Literal["text", "long", "day", "year", "money", "count", "number", "choice", "flag", "document"]
DayUnit = Literal["working_days", "calendar_days"]

PACK = Path(__file__).parent / "pack"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a document of a kind states; in a table, one of its columns.

    ``money`` is kept in fen, ``number`` as the decimal text that was typed, ``day`` as ISO date, ``document`` as the
    index number of another document of the town. ``many``: several values, one a line (``document`` only).
    """

    code: str
    label: str
    type: Type = "text"
    required: bool = False
    hint: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a kind. A required one is filled or says in a sentence why it is empty: never just absent."""

    code: str
    title: str
    columns: tuple[Field, ...]
    required: bool = True
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """``days`` after the document came into being (信息公开条例 26: 20 working days, where nothing shorter is said)."""

    days: int = 20
    unit: DayUnit = "working_days"
    basis: str = "信息公开条例 第二十六条"


@dataclass(frozen=True, slots=True)
class Period:
    """From the day field ``first`` to the day field ``last`` lie at least ``days`` calendar days, the first not counted
    (民法典 201), unless the field ``unless`` tells why it is shorter. Limits in working days are told in hints instead:
    counting them needs a town's calendar."""

    first: str
    last: str
    days: int
    basis: str
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """How long a document binds: ``years`` at most, and ``trial_years`` when its title says 暂行 or 试行.

    Codes of fields: ``start`` the first day (without one, the day of publication), ``asked`` fewer years that it states
    itself, ``repeals`` the documents that it ends.
    """

    years: int
    trial_years: int
    basis: str
    start: str = ""
    asked: str = ""
    repeals: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """``columns`` are the codes of the columns a document of this kind is filed into unless its editor says otherwise.

    ``interpreted``: by when after its publication an interpretation follows; ``explains`` is the field in which an
    interpretation names what it explains.

    ``group`` is the heading under which the editor finds it; ``numbered``: it must bear a document number 文号;
    ``claims``: its text is a row of paragraphs each of which names its source (``stories``).
    """

    code: str
    name: str
    group: str
    about: str
    fields: tuple[Field, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    due: Due = Due()
    period: Period | None = None
    life: Life | None = None
    interpreted: Due | None = None
    explains: str = ""
    columns: tuple[str, ...] = ()
    numbered: bool = False
    claims: bool = False
    basis: str = ""

    def field(self, code: str) -> Field | None:
        return next((row for row in self.fields if row.code == code), None)

    def sheet(self, code: str) -> Sheet | None:
        return next((row for row in self.sheets if row.code == code), None)


#: A document about which nothing more is asked than title, text and dates.
PLAIN = Kind("plain", "一般信息", "通用", "只有标题、正文和附件的信息")


def _field(row: dict[str, Any]) -> Field:
    found = Field(**{**row, "options": tuple(row.get("options", ()))})
    if found.type not in get_args(Type):
        raise ValueError(f"{found.code}: no type {found.type}")
    if (found.type == "choice") != bool(found.options):
        raise ValueError(f"{found.code}: options belong to a choice")
    return found


def _sheet(row: dict[str, Any]) -> Sheet:
    return Sheet(**{**row, "columns": tuple(map(_field, row["columns"]))})


def read(text: str) -> Kind:
    """A kind from its TOML. Raises ``ValueError``, ``TypeError`` or ``KeyError`` when the pack is wrong."""
    row = tomllib.loads(text)
    row |= {
        "fields": tuple(map(_field, row.get("fields", ()))),
        "sheets": tuple(map(_sheet, row.get("sheets", ()))),
        "columns": tuple(row.get("columns", ())),
    }
    if "due" in row:
        row["due"] = Due(**row["due"])
    if "interpreted" in row:
        row["interpreted"] = Due(**row["interpreted"])
    if "period" in row:
        row["period"] = Period(**row["period"])
    if "life" in row:
        row["life"] = Life(**row["life"])
    kind = Kind(**row)
    if kind.period:
        for end in (kind.period.first, kind.period.last):
            if not ((spec := kind.field(end)) and spec.type == "day"):
                raise ValueError(f"{kind.code}: the period has no day {end}")
    if kind.life:
        for code, types in ((kind.life.start, "day"), (kind.life.asked, "count"), (kind.life.repeals, "document")):
            if code and not ((spec := kind.field(code)) and spec.type == types):
                raise ValueError(f"{kind.code}: its life has no {types} {code}")
    for rows in (kind.fields, kind.sheets, *(sheet.columns for sheet in kind.sheets)):
        codes = [one.code for one in rows]
        if len(set(codes)) != len(codes):
            raise ValueError(f"{kind.code}: a code stands twice")
    return kind


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code, the plain one first, the others by group and name as their files are sorted."""
    found = [read(path.read_text(encoding="utf-8")) for path in sorted(PACK.glob("*.toml"))]
    return {kind.code: kind for kind in (PLAIN, *found)}


def kind_of(code: str) -> Kind:
    """The kind of a document; one that left the pack reads as plain."""
    return kinds().get(code, PLAIN)
