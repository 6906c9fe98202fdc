"""How an import counts what became of its records."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

#: Told of each record as plain JSON: ``origin``, ``result``, ``reasons``, ``source_id``, ``title``, ``problems``, more.
Report = Callable[[dict[str, Any]], None]


class Result(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REFUSED = "refused"


@dataclass
class Counts:
    """How many records became what; each is counted once."""

    created: int = 0
    unchanged: int = 0
    updated: int = 0
    refused: int = 0

    def add(self, result: Result) -> None:
        setattr(self, result, getattr(self, result) + 1)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)
