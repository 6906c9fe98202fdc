"""What changed between two texts: lines first, then words within lines that resemble each other. Pure.

Anchored on what stands once in both (patience), with the shortest edit script (Myers) between the anchors up to a
bound: time grows with the length of the texts, and where the bound is reached a stretch is shown as replaced whole.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["same", "del", "ins"]
#: Edits between two anchors beyond which a stretch is replaced whole.
MOST_EDITS = 200
#: Characters of a line beyond which its words are not compared.
LONGEST_LINE = 20_000
#: One line became the other when this part of their first letters is shared.
LIKENESS, COMPARED = 0.5, 500
#: Lines ahead among which the other is looked for: what moved farther is gone here and new there.
AHEAD = 20
_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+|\s|.", re.S)
#: What is left between two changes is joined to them when it is no longer than this: islands are hard to read.
ISLAND = 1


class Span(NamedTuple):
    """A stretch of one line; ``kind`` says whether it was in both, only before, or only after."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """A line with its spans. ``kind`` is ``same``, ``del``, ``ins`` or ``changed``; ``whole``: too much of it changed,
    or it is too long, to say which words."""

    kind: Literal["same", "del", "ins", "changed"]
    spans: tuple[Span, ...]
    whole: bool = False


def tokens(text: str) -> list[str]:
    """Numbers and Latin words whole, everything else by character: a Chinese word is read by its characters."""
    return _TOKEN.findall(text)


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """The lines of both in reading order; a line that became another stands as one changed line."""
    found: list[Line] = []
    for a, b, same in _stretches(before, after):
        if same:
            found += [Line("same", (Span("same", line),)) for line in before[a.start : a.stop]]
        else:
            found += _replaced(before[a.start : a.stop], after[b.start : b.stop])
    return found


def changed(before: str, after: str) -> Line:
    """One line, or one cell, that became another."""
    if before == after:
        return Line("same", (Span("same", before),))
    if not before or not after:
        return Line("del" if before else "ins", (Span("del" if before else "ins", before or after),))
    if max(len(before), len(after)) > LONGEST_LINE:
        return Line("changed", (Span("del", before), Span("ins", after)), whole=True)
    old, new = tokens(before), tokens(after)
    spans: list[Span] = []
    for a, b, same in _stretches(old, new):
        if same:
            spans.append(Span("same", "".join(old[a.start : a.stop])))
        else:
            spans += [Span("del", "".join(old[a.start : a.stop])), Span("ins", "".join(new[b.start : b.stop]))]
    return Line("changed", tuple(_without_islands(spans)), whole=not any(span.kind == "same" for span in spans))


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Lines in the place of others, in order: each meets the first of the others that it resembles."""
    at = 0
    for line in before:
        near = next((i for i in range(at, min(len(after), at + AHEAD)) if _alike(line, after[i])), None)
        if near is None:
            yield Line("del", (Span("del", line),))
            continue
        yield from (Line("ins", (Span("ins", one),)) for one in after[at:near])
        yield changed(line, after[near])
        at = near + 1
    yield from (Line("ins", (Span("ins", one),)) for one in after[at:])


def _alike(one: str, other: str) -> bool:
    """Whether the two share enough letters, whatever their order."""
    one, other = one[:COMPARED], other[:COMPARED]
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared >= LIKENESS * (len(one) + len(other))


def _without_islands(spans: list[Span]) -> Iterator[Span]:
    """Neighbours of one kind joined, deletions before insertions, short islands between changes given to both."""
    gone, come = "", ""
    for number, span in enumerate(spans):
        if span.kind == "same":
            inner = 0 < number < len(spans) - 1
            if inner and len(span.text) <= ISLAND and (gone or come):
                gone, come = gone + span.text, come + span.text
                continue
            yield from _pair(gone, come)
            gone, come = "", ""
            yield span
        elif span.kind == "del":
            gone += span.text
        else:
            come += span.text
    yield from _pair(gone, come)


def _pair(gone: str, come: str) -> Iterator[Span]:
    if gone:
        yield Span("del", gone)
    if come:
        yield Span("ins", come)


def _stretches(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[range, range, bool]]:
    """Stretches of both in order: equal ones (True), and what stands in the place of what (False)."""
    pairs = sorted(_matches(a, b))
    at_a = at_b = 0
    number = 0
    while number <= len(pairs):
        x, y = pairs[number] if number < len(pairs) else (len(a), len(b))
        if x > at_a or y > at_b:
            yield range(at_a, x), range(at_b, y), False
        if number == len(pairs):
            return
        long = 1
        while number + long < len(pairs) and pairs[number + long] == (x + long, y + long):
            long += 1
        yield range(x, x + long), range(y, y + long), True
        at_a, at_b, number = x + long, y + long, number + long


def _matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Pairs of equal places, rising in both."""
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            yield a0, b0
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            yield a1, b1
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(a, b, a0, a1, b0, b1)
        if not anchors:
            yield from _shortest(a[a0:a1], b[b0:b1], a0, b0)
            continue
        for x, y in [*anchors, (a1, b1)]:
            todo.append((a0, x, b0, y))
            a0, b0 = x + 1, y + 1
        yield from anchors


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable], a0: int, a1: int, b0: int, b1: int) -> list[tuple[int, int]]:
    """What stands exactly once on both sides, the longest chain of it that rises in both."""
    once_a, once_b = _once(a, a0, a1), _once(b, b0, b1)
    pairs = [(place, once_b[item]) for item, place in once_a.items() if item in once_b]
    # pairs rise in a; the longest rising chain in b.
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(pairs):
        at = bisect_left(tails, y)
        tails[at : at + 1] = [y]
        last[at : at + 1] = [number]
        before.append(last[at - 1] if at else -1)
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _once(items: Sequence[Hashable], start: int, stop: int) -> dict[Hashable, int]:
    seen: dict[Hashable, int] = {}
    for place in range(start, stop):
        item = items[place]
        seen[item] = -1 if item in seen else place
    return {item: place for item, place in seen.items() if place >= 0}


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], a0: int, b0: int) -> Iterator[tuple[int, int]]:
    """Myers: the pairs of a shortest edit script; none when it takes more than ``MOST_EDITS`` edits."""
    furthest, trace = {1: 0}, []
    for edits in range(min(len(a) + len(b), MOST_EDITS) + 1):
        trace.append(furthest)
        reached: dict[int, int] = {}
        for k in range(-edits, edits + 1, 2):
            step = _step(furthest, k, len(a), len(b))
            if step is None:
                continue
            x = step[0]
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            reached[k] = x
            if (x, x - k) == (len(a), len(b)):
                yield from ((a0 + x, b0 + y) for x, y in _back(trace, len(a), len(b)))
                return
        furthest = reached


def _step(furthest: dict[int, int], k: int, n: int, m: int) -> tuple[int, int] | None:
    """How far along ``a`` one more edit leads on diagonal ``k``, and from which diagonal; None outside of both."""
    options = []
    if k + 1 in furthest and furthest[k + 1] - k <= m:
        options.append((furthest[k + 1], k + 1))
    if k - 1 in furthest and furthest[k - 1] < n:
        options.append((furthest[k - 1] + 1, k - 1))
    return max(options) if options else None


def _back(trace: list[dict[int, int]], n: int, m: int) -> Iterator[tuple[int, int]]:
    x, k = n, n - m
    for furthest in reversed(trace):
        step = _step(furthest, k, n, m)
        if step is None:  # pragma: no cover (the way forth went through here)
            return
        start, before = step
        while x > start:
            x -= 1
            yield x, x - k
        x, k = furthest[before], before
