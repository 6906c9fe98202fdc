"""The entries of the desk: in one row for who has few, by the kind of work in two rows for who has many."""

from collections.abc import Iterable
from typing import NamedTuple

# More than these stand in two rows.
ONE_ROW = 8


class Entry(NamedTuple):
    """``key`` is what a page says is ``active``; whoever holds one of ``powers`` is shown it, everybody if there are
    none."""

    key: str
    label: str
    url: str
    powers: tuple[str, ...] = ()


class Link(NamedTuple):
    label: str
    url: str
    current: bool


class Navigation(NamedTuple):
    """``beside`` are the entries of the group of ``rows`` that is open."""

    rows: list[Link]
    group: str
    beside: list[Link]


def navigation(entries: Iterable[tuple[str, Entry]], active: str) -> Navigation:
    """The entries somebody may open, each with its group ("" stands alone), and ``active`` marked.

    A group of several leads to its first entry, and its entries stand in a second row while one of them is open.
    """
    groups: dict[str, list[Link]] = {}
    entries = list(entries)
    for label, entry in entries:
        alone = not label or len(entries) <= ONE_ROW
        groups.setdefault(entry.label if alone else label, []).append(Link(entry.label, entry.url, entry.key == active))
    open_group = next((label for label, links in groups.items() if any(link.current for link in links)), "")
    rows = [
        links[0] if len(links) == 1 else Link(label, links[0].url, label == open_group)
        for label, links in groups.items()
    ]
    beside = groups.get(open_group, [])
    return Navigation(rows, open_group, beside if len(beside) > 1 else [])
