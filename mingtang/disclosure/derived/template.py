"""What a list consists of, read from the pack beside it: one TOML file per list. Pure but for reading its pack."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

PACK = Path(__file__).parent / "pack"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``money`` is kept in fen; ``number`` is one an organ gave to a paper or a firm. ``masked`` says how a
    person's text is shown; what is not masked names no person."""

    code: str
    label: str
    type: Literal["text", "money", "number"] = "text"
    masked: Literal["", "name"] = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of list. ``source`` names the query (``sources.SOURCES``), ``applicant`` whose grants it takes.

    ``scope`` is where its rows are shown: on a village's ``board`` or on the ``web``. ``days``: how
    many whole days after the first, then the rows go; 0: they stay, which only a list that names no person may. It is
    due within ``due_days`` working days after each ``rhythm``. ``total`` is the column that is summed, ``catalogue``
    the columns of the catalogue on whose pages it is named.
    """

    code: str
    name: str
    about: str
    source: str
    scope: Literal["board", "web"]
    rhythm: Literal["month", "quarter"]
    due_days: int
    days: int
    basis: str
    columns: tuple[Column, ...]
    applicant: Literal["", "person", "organisation"] = ""
    total: str = ""
    catalogue: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether its rows tell of natural persons."""
        return any(column.masked for column in self.columns)


def read(text: str) -> Template:
    """A list from its TOML. Raises ``ValueError``, ``TypeError`` or ``KeyError`` when the pack is wrong."""
    row: dict[str, Any] = tomllib.loads(text)
    row |= {
        "columns": tuple(Column(**column) for column in row["columns"]),
        "catalogue": tuple(row.get("catalogue", ())),
    }
    made = Template(**row)
    codes = [column.code for column in made.columns]
    if len(set(codes)) != len(codes):
        raise ValueError(f"{made.code}: a column stands twice")
    if made.total and made.total not in {column.code for column in made.columns if column.type == "money"}:
        raise ValueError(f"{made.code}: only a column of money is summed")
    if made.personal != (made.applicant == "person") or (made.personal and not made.days):
        raise ValueError(f"{made.code}: a list of persons masks their names and ends")
    if made.scope != "web" and not made.personal:
        raise ValueError(f"{made.code}: only persons are kept off the web")
    return made


@cache
def templates() -> dict[str, Template]:
    """Every list by its code, in the order of the files."""
    found = [read(path.read_text(encoding="utf-8")) for path in sorted(PACK.glob("*.toml"))]
    return {template.code: template for template in found}
