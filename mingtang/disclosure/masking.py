"""What the guard would hide of a draft, carried out: in the title, the body with its marks and tables, the facts."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingtang import guard
from mingtang.disclosure import requirements
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.actions import Content, check_seen, revise
from mingtang.disclosure.models import Claim, Edition, Revision
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.reading_blocks import Block, Run, blocks, parse, to_html
from mingtang.events import types
from mingtang.guard import Proposal
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor

LEFT = types.define("document.left_unmasked", "起草人说明为什么不遮")
AROUND = 12  # characters shown on either side of what would be hidden


@dataclass(frozen=True)
class Said:
    """One proposal, by its place in the whole draft from 1: what stands around it, what would be put in, and why."""

    number: int
    before: str
    replacement: str
    after: str
    why: str


@dataclass(frozen=True)
class Masked:
    """A text with its proposals accepted but for those that are left; ``said`` names them all. Where there are
    ``claims`` they are the body."""

    title: str
    body_html: str
    facts: dict[str, Any]
    claims: tuple[Claim, ...]
    said: tuple[Said, ...]


def masked(revision: Revision, held: Iterable[Claim] = (), left: Collection[int] = ()) -> Masked:
    """The revision as it would be with the claims it holds, the proposals of these numbers ``left`` as they are.
    Attachments are files: whoever made them masks them."""
    said: list[Said] = []

    def wanted(text: str) -> list[Proposal]:
        kept = []
        for one, before, after in _around(text):
            said.append(Said(len(said) + 1, before, one.replacement, after, one.why))
            if said[-1].number not in left:
                kept.append(one)
        return kept

    def hide(text: str) -> str:
        return guard.accepted(text, wanted(text))

    title = hide(revision.title)
    claims = tuple(held)
    for claim in claims:
        claim.pk, claim.text = None, hide(claim.text)
    body = "" if claims else _body(revision.body_html, wanted)
    facts = _deep(revision.facts, hide)
    return Masked(title, body, facts, claims, tuple(said))


def _around(text: str) -> Iterator[tuple[Proposal, str, str]]:
    """The proposals for a text, each with what stands before and after it: up to where another one begins."""
    made = guard.proposals(text)
    ends, begins = [0, *(one.where[1] for one in made)], [*(one.where[0] for one in made[1:]), len(text)]
    for one, before, after in zip(made, ends, begins, strict=False):
        start, end = one.where
        yield one, text[max(before, start - AROUND) : start], text[end : min(after, end + AROUND)]


def in_files(revision: Revision) -> Iterator[tuple[str, Said]]:
    """What would be hidden in the attachments, each with where it stands: in a table, a hidden sheet, a comment, a
    property, the name of the file. Whoever made the file writes it there."""
    number = 0
    for row, parts in requirements.read(revision.attachments.all()):
        for label, text in (*parts, ("名字", row.name)):
            for one, before, after in _around(text):
                number += 1
                yield f"“{row.name}”{label and f'的{label}'}", Said(number, before, one.replacement, after, one.why)


def _body(body_html: str, wanted: Callable[[str], list[Proposal]]) -> str:
    """The body with what is ``wanted`` of its text hidden."""
    found = [block for block in blocks(parse(body_html)) if block.text.strip()]
    made = wanted("\n".join(block.text for block in found))
    return _hidden(found, made) if made else body_html


def _deep(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _deep(one, hide) for name, one in value.items()}
    if isinstance(value, list):
        return [_deep(one, hide) for one in value]
    return hide(value) if isinstance(value, str) else value


def _hidden(found: list[Block], made: list[Proposal]) -> str:
    """The blocks with the proposals carried out; these count the characters of the blocks' texts, joined by lines."""
    at = 0
    for block in found:
        for runs in _stretches(block):
            end = at + sum(len(run.text) for run in runs)
            runs[:] = [run for run in _kept(runs, at, made) if run.text]
            at = end + 1
    return to_html(found)


def _stretches(block: Block) -> Iterator[list[Run]]:
    """The runs that make the text of a block, each stretch parted from the next by one character."""
    if block.kind == "table":
        if block.runs:
            yield block.runs
        for row in block.rows:
            yield from (cell.runs for cell in row) if row else ([],)
    elif block.kind in ("ul", "ol"):
        yield from block.items
    else:
        yield block.runs


def _kept(runs: list[Run], at: int, made: list[Proposal]) -> Iterator[Run]:
    """Runs that begin at ``at``: a replacement stands where what it hides begins, the rest of that is gone."""
    ends = [one.where[1] for one in made]
    for run in runs:
        pieces, place, end = [], at, at + len(run.text)
        for one in made[bisect_right(ends, at) :]:
            start, stop = one.where
            if start >= end:
                break
            pieces.append(run.text[place - at : max(start, at) - at])
            if start >= at:
                pieces.append(one.replacement)
            place = min(stop, end)
        pieces.append(run.text[place - at :])
        yield run._replace(text="".join(pieces))
        at = end


def mask(
    *, edition: Edition, by: Staff, seen_revision: int | None = None, left: Mapping[int, str] | None = None
) -> Edition:
    """Save the draft with its proposals carried out, but for those ``left``: number and the reason, which the reviewer
    reads in the history. What is left still blocks until a second person lets it stand.

    Raises ``Refused`` where there is nothing, for a reason that is missing, and as ``revise``.
    """
    left = left or {}
    made = masked(edition.revision, edition.revision.claims.all(), left)
    if not made.said:
        raise Refused("正文、标题和要素里没有可以遮的号码。附件里的，请在原文件里遮住，另存一份再传。")
    whys = {
        one.number: clear_text(
            left[one.number],
            f"第 {one.number} 处不遮，请写明为什么。",
            f"why-{one.number}",
            100,
            town=edition.document.town_id,
        )
        for one in made.said
        if one.number in left
    }
    rows = edition.revision.attachments.select_related("file")
    attachments = [(row.file, row.name, row.parts) for row in rows]
    content = Content(made.title, made.body_html, attachments, made.facts, made.claims)
    with act():
        if len(whys) < len(made.said):
            edition = revise(edition=edition, content=content, by=by, seen_revision=seen_revision)
        else:
            edition = locked(edition)
            check_can("revise", edition, by)
            check_seen(edition, seen_revision)
        for one in made.said:
            if one.number in whys:
                reason = f"第 {one.number} 处（{one.why}）不遮：{whys[one.number]}"
                tell(edition, LEFT, actor(by), reason=reason)
    return edition
