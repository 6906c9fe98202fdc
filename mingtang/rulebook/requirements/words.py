"""What the guard stops in whatever a spec says; the town's own words count. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from hashlib import sha256
from typing import Any

from mingtang import guard
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.spec import Spec

_HAN = re.compile(r"[\u3400-\u9fff]")
_HASH = re.compile(r"[0-9a-f]{64}")
# Codes, keys and addresses are no words; of numbers only this one holds its own check.
_ANYWHERE = "resident_id"


@dataclass(frozen=True)
class Place:
    """A field and one whole text in it."""

    field: str
    text: str

    @property
    def part(self) -> str:
        """By which the guard names what it finds there: the same words in another text are another finding."""
        return f"{self.field} {sha256(self.text.encode()).hexdigest()}"


def rules(spec: Spec, lists: guard.Lists) -> list[Issue]:
    """All of it is read by everybody, as guide, form or notice."""
    return [
        Issue(place.field, finding.message, finding=replace(finding, part=place.part))
        for place in places(spec)
        for finding in guard.check(place.text, lists=lists)
        if finding.blocks and (finding.kind == _ANYWHERE or _HAN.search(place.text))
    ]


def places(spec: Spec) -> list[Place]:
    """Every text with the field it stands in."""
    return list(dict.fromkeys(_said(spec)))


def _said(spec: Spec) -> Iterator[Place]:
    for name, value in vars(spec).items():
        parts = vars(value) if is_dataclass(value) else {"": value}
        for part, held in parts.items():
            for text in _texts(held):
                yield Place(f"{name}.{part}" if part else name, text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not _HASH.fullmatch(value):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        yield from _texts(tuple(vars(value).values()))
