"""What the guard stops in whatever a spec says; the town's own words count. Pure."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from mingtang import guard
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.spec import Spec

# Codes, keys and hashes are no words, and their digits are nobody's.
_HAN = re.compile(r"[\u3400-\u9fff]")


def rules(spec: Spec, lists: guard.Lists) -> list[Issue]:
    """All of it is read by everybody, as guide, form or notice."""
    return [
        Issue(field, finding.message)
        for field, text in dict.fromkeys(_said(spec))
        for finding in guard.check(text, lists=lists)
        if finding.blocks
    ]


def _said(spec: Spec) -> Iterator[tuple[str, str]]:
    """Every text with the field it stands in."""
    for name, value in vars(spec).items():
        parts = vars(value) if is_dataclass(value) else {"": value}
        for part, held in parts.items():
            for text in _texts(held):
                yield f"{name}.{part}" if part else name, text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and _HAN.search(value):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        yield from _texts(tuple(vars(value).values()))
