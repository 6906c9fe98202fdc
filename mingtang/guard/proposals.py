"""Masked forms for what must not be read: one for each number and name, for an editor to accept with one click."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.guard.numbers import NAMES, find_hits
from mingtang.guard.plain import plain
from mingtang.guard.tables import HIDDEN, cells
from mingtang.lib.text import CHINA


@dataclass(frozen=True, slots=True)
class Proposal:
    """Put ``replacement`` in the place of ``where`` (characters of the text as given, end excluded)."""

    where: tuple[int, int]
    replacement: str
    why: str


def proposals(text: str, *, today: date | None = None) -> list[Proposal]:
    """What to mask, in order, no two overlapping; the house's forms of masking (``lib.masking``).

    With all of them accepted no number and no cell of a table is left that blocks. Where a masked number still makes
    another one with its neighbours, both are hidden whole. Secret marks and wrong phrases are not to be masked.
    """
    day = today or datetime.now(CHINA).date()
    made = _apart(_masks(text, day))
    while left := _left(text, made, day):
        made = _apart([*(Proposal(where, HIDDEN, "连起来还能读出号码") for where in left), *made])
    return made


def accepted(text: str, made: Iterable[Proposal]) -> str:
    """The text with these proposals carried out; they are in order and do not overlap."""
    pieces, at = [], 0
    for proposal in made:
        pieces += [text[at : proposal.where[0]], proposal.replacement]
        at = proposal.where[1]
    return "".join([*pieces, text[at:]])


def _masks(text: str, today: date) -> Iterator[Proposal]:
    for hit in find_hits(plain(text), today):
        name, mask, _ = NAMES[hit.kind]
        yield Proposal((hit.start, hit.end), mask(hit.number), f"是{name}")
    for cell in cells(text, today):
        yield Proposal(cell.where, cell.mask, cell.why)


def _apart(made: Iterable[Proposal]) -> list[Proposal]:
    """In order and without overlaps: of the same place the first stays, others that meet are hidden as one."""
    found: list[Proposal] = []
    for proposal in sorted(made, key=lambda one: one.where):
        if found and proposal.where[0] < found[-1].where[1]:
            if proposal.where == found[-1].where:
                continue
            last = found.pop()
            where = last.where[0], max(last.where[1], proposal.where[1])
            proposal = Proposal(where, HIDDEN, last.why)
        found.append(proposal)
    return found


def _left(text: str, made: list[Proposal], today: date) -> list[tuple[int, int]]:
    """Places of the text that would still block with the proposals accepted."""
    after = accepted(text, made)
    starts, shifts = [0], [0]
    # Where each kept stretch begins in the text that would be, and how far it lies from where it was.
    for proposal in made:
        start, end = proposal.where
        replaced_at = start + shifts[-1]
        starts += [replaced_at, replaced_at + len(proposal.replacement)]
        shifts += [shifts[-1], replaced_at + len(proposal.replacement) - end]
    blocking = [(hit.start, hit.end) for hit in find_hits(plain(after), today) if hit.level == "block"]
    blocking += [cell.where for cell in cells(after, today) if cell.level == "block"]
    return [_back(where, made, starts, shifts) for where in blocking]


def _back(where: tuple[int, int], made: list[Proposal], starts: list[int], shifts: list[int]) -> tuple[int, int]:
    """The place in the first text; one that reaches into a replacement reaches over the whole of what was replaced."""
    first, last = bisect_right(starts, where[0]) - 1, bisect_right(starts, where[1] - 1) - 1
    # Stretches alternate: kept (even), replaced (odd).
    start = made[first // 2].where[0] if first % 2 else where[0] - shifts[first]
    end = made[last // 2].where[1] if last % 2 else where[1] - shifts[last]
    return start, end
