"""What every comparison is made of: a change, its direction, and how two lists of records are set side by side."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from mingtang.rulebook.enums import ChangeKind as Kind
from mingtang.rulebook.enums import Direction


@dataclass(frozen=True)
class Change:
    """One difference. ``field`` names the spec's field; ``reworded`` marks what counts as more in both ways."""

    field: str
    kind: Kind
    direction: Direction
    sentence: str
    reworded: bool = False


UP, SAME, DOWN = Direction.UP, Direction.SAME, Direction.DOWN
LIKE = 0.5  # two texts that share half of their pairs of characters are one text reworded
Found = Iterator[Change]
Compare = Callable[[str, Any, Any], Found]
T = TypeVar("T")


def towards(before: int, after: int) -> Direction:
    return UP if after > before else DOWN if after < before else SAME


# 还要交一张村里的证明: a demand, wherever it is written.
_DEMAND = re.compile(r"(?:还|另|须|需|必须|应当?)[^。；，,;\n]{0,12}?(?:交|提供|提交|出具|缴|携带|盖章|签字)")


def said(before: str, after: str) -> tuple[Direction, bool]:
    """Which way other words go in a text that should ask nothing, and whether that is so in both ways."""
    asked, asks = bool(_DEMAND.search(before)), bool(_DEMAND.search(after))
    if asked and asks:
        return UP, True
    return towards(asked, asks), False


def unknown(field: str, before: Any, after: Any) -> Found:
    yield Change(field, Kind.OTHER, UP, f"“{field}”有改动。", reworded=True)


def short(text: str) -> str:
    return (text if len(text) <= 60 else text[:59] + "…") or "没有写"


def only(here: Iterable[str], there: Iterable[str]) -> Iterable[str]:
    return (Counter(here) - Counter(there)).elements()


def pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text})


def likeness(one: str, other: str) -> float:
    """Shared pairs of characters over all of them; 1 for equal texts. Symmetric."""
    mine, theirs = pairs(one), pairs(other)
    return len(mine & theirs) / len(mine | theirs)


def reworded(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """The likeliest pairs of a text that went and one that came; the same pairs whichever way one looks."""
    scored = sorted(((likeness(old, new), *sorted((old, new)), old, new) for old in gone for new in come), reverse=True)
    left, right, found = Counter(gone), Counter(come), []
    for score, _, _, old, new in scored:
        if score >= LIKE and left[old] and right[new]:
            left[old] -= 1
            right[new] -= 1
            found.append((old, new))
    return found


def keyed(key: Callable[[T], str], rows: Iterable[T]) -> dict[str, T]:
    """By key; a key that occurs again gets a number, so that none hides another."""
    found: dict[str, T] = {}
    for row in rows:
        name, again = key(row), 1
        while name in found:
            again += 1
            name = f"{key(row)}#{again}"
        found[name] = row
    return found


def records(
    key: Callable[[T], str],
    added: Callable[[str, T], Change],
    removed: Callable[[str, T], Change],
    changed: Callable[[str, T, T], Found],
    order: str,
) -> Compare:
    """The comparison of two lists: what went, what came, what changed under its key, and another order."""

    def compare(field: str, before: Sequence[T], after: Sequence[T]) -> Found:
        old, new = keyed(key, before), keyed(key, after)
        yield from (removed(field, row) for name, row in old.items() if name not in new)
        yield from (added(field, row) for name, row in new.items() if name not in old)
        for name, row in new.items():
            if name in old and old[name] != row:
                yield from changed(field, old[name], row)
        if [name for name in old if name in new] != [name for name in new if name in old]:
            yield Change(field, Kind.OTHER, SAME, f"{order}换了先后次序。")

    return compare


# The fields of each record that somebody has taught this package.
SEEN: dict[type, set[str]] = {}


def others(field: str, kind: Kind, name: str, old: Any, new: Any) -> Found:
    """Fields of a record that nobody has taught this module: more, until someone does."""
    for one in fields(new):
        if one.name not in SEEN[type(new)] and getattr(old, one.name) != getattr(new, one.name):
            yield Change(field, kind, UP, f"{name}的“{one.name}”有改动。", reworded=True)
