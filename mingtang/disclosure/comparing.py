"""Two revisions of a document beside each other: title, text with its tables, what it states, attachments by hash."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Document, Edition, Revision
from mingtang.lib.differences import Line, Span, compare

#: Unchanged lines shown before and after a change.
AROUND = 1


@dataclass(frozen=True)
class Part:
    """A part that changed: its lines, and in the place of unchanged ones that are left out how many they are."""

    title: str
    lines: tuple[Line | int, ...]
    whole: bool
    """whether some line is shown as replaced because too much of it changed"""


@dataclass(frozen=True)
class Comparison:
    """What changed. ``only_form``: headings, marks or links of the body, none of its words."""

    parts: tuple[Part, ...]
    only_form: bool

    @property
    def nothing(self) -> bool:
        return not self.parts and not self.only_form


def compared(before: Revision, after: Revision) -> Comparison:
    """Everything of the two that a reader gets. A row of a table is a line, its cells parted by tabs."""
    found = [
        _part("标题", [before.title], [after.title]),
        _part("正文", _lines(before.body_text), _lines(after.body_text)),
        *_stated(before, after),
        _files(before, after),
    ]
    only_form = before.body_text == after.body_text and before.body_html != after.body_html
    return Comparison(tuple(part for part in found if part), only_form)


def readable(document: Document, editions: Iterable[Edition]) -> list[int]:
    """The numbers of the editions that the public may compare: those published and not taken down, of what stands."""
    if document.current.state == EditionState.WITHDRAWN:
        return []
    shown = (EditionState.PUBLISHED, EditionState.SUPERSEDED)
    return sorted(edition.number for edition in editions if edition.state in shown)


def address(document: Document, readable: list[int], number: int) -> str:
    """Where an edition stands beside the public one before it; empty where there is none."""
    earlier = [one for one in readable if one < number]
    if number not in readable or not earlier:
        return ""
    return f"/info/compare/{earlier[-1]}-{number}/{document.index_number}"


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _part(title: str, before: list[str], after: list[str]) -> Part | None:
    lines = compare(before, after)
    if all(line.kind == "same" for line in lines):
        return None
    return Part(title, tuple(_folded(lines)), any(line.whole for line in lines))


def _folded(lines: list[Line]) -> Iterator[Line | int]:
    near = {
        place + step for place, line in enumerate(lines) if line.kind != "same" for step in range(-AROUND, AROUND + 1)
    }
    left_out = 0
    for place, line in enumerate(lines):
        if place in near:
            if left_out:
                yield left_out
            left_out = 0
            yield line
        else:
            left_out += 1
    if left_out:
        yield left_out


def _stated(before: Revision, after: Revision) -> Iterator[Part | None]:
    """The fields as lines of label and text, then each table."""
    kind = kind_of(after.document.kind)
    old, new = laid_out(kind, before.facts), laid_out(kind, after.facts)
    yield _part("要点", _pairs(old["fields"]), _pairs(new["fields"]))
    held = {sheet["code"]: sheet for sheet in old["sheets"]}
    come = {sheet["code"]: sheet for sheet in new["sheets"]}
    for code in {**held, **come}:
        title = (come.get(code) or held[code])["title"]
        yield _part(title, _rows(held.get(code)), _rows(come.get(code)))


def _pairs(fields: Iterable[tuple[str, str]]) -> list[str]:
    return [line for label, text in fields for line in f"{label}：{text}".split("\n")]


def _rows(sheet: dict | None) -> list[str]:
    if sheet is None:
        return []
    rows = ["\t".join(cell.replace("\n", " ") for cell in row) for row in sheet["rows"]]
    return rows + ([f"本表没有数据：{sheet['none']}"] if sheet["none"] else [])


def _files(before: Revision, after: Revision) -> Part | None:
    """Attachments by name and hash: a file of the same bytes under another name was renamed."""
    old = [(row.name, row.file.sha256) for row in before.attachments.select_related("file")]
    new = [(row.name, row.file.sha256) for row in after.attachments.select_related("file")]
    if old == new:
        return None
    names, hashes = dict(old), {sha256: name for name, sha256 in old}
    lines: list[Line] = []
    for name, sha256 in new:
        if (name, sha256) in old:
            lines.append(Line("same", (Span("same", name),)))
        elif name in names:
            lines.append(Line("changed", (Span("same", f"{name}　换了文件"),)))
        elif sha256 in hashes:
            lines.append(Line("changed", (Span("del", hashes[sha256]), Span("ins", name))))
        else:
            lines.append(Line("ins", (Span("ins", name),)))
    kept = {name for name, _ in new} | {hashes[sha256] for _, sha256 in new if sha256 in hashes}
    lines += [Line("del", (Span("del", name),)) for name, _ in old if name not in kept]
    return Part("附件", tuple(lines), False)
