"""HTML as people wrote it → a flat list of plain blocks → the small HTML that a document body may hold.

Pure. ``clean_html`` is used by editors and imports alike: h2, h3, p, ul, ol, li, table (caption, thead, tbody, tr, th,
td with colspan and rowspan), strong, em, sub, sup, br, a[href]; no style, no class, nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import nh3
from lxml import etree
from lxml import html as lxml_html

from mingtang.lib.errors import Refused


def _words(text: str) -> set[str]:
    return set(text.split())


TAGS = _words("h2 h3 p ul ol li table caption thead tbody tr th td strong em a br sub sup")
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_DROPPED = _words(
    "script style iframe object embed applet noscript template svg math canvas video audio map button select "
    "input textarea head link meta title nav frameset img rt rp rtc"
)
_MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sub": "sub", "sup": "sup"}
_ORDER = ("strong", "em", "sub", "sup")
_HEADINGS = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_BLOCK_TAGS = _words(
    "p div section article main header footer center blockquote pre address figure figcaption dl dt dd fieldset body "
    "html td th tr tbody thead tfoot table caption ul ol li hr aside details summary form"
) | set(_HEADINGS)
# Containers in which Chinese government sites put the text itself.
_BODY_MARKS = re.compile(
    r"(?i)^(ucap-content|trs_editor|trs_ueditor|trs_paper_pre_ueditor|pages_content|article[-_]?content|content[-_]?article|"
    r"zoom|zoomcon|con_text|ewb-article-info|vsb_content|view_content|xxgk_content|wzy_content|bt-content|news_content)$"
)
# What lies deeper keeps its words and loses its form.
MAX_DEPTH = 200
TOO_DEEP = (
    "网页一层套一层套得太深（超过 2000 层），系统读不到底，没有读。请在浏览器里打开它，把正文复制到 Word 里，"
    "另存为 .docx 再选一次。"
)
_WHITE = re.compile(r"\s")
_HEAVY = re.compile(r"font-weight:(bold|[6-9]00)")
# Line ends of the source are white space; in Chinese text they do not even separate words.
_LINE_END = re.compile(r"(?<=[^\x00-\x7f])[ \t]*\n\s*(?=[^\x00-\x7f])")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_MANY_SPACES = re.compile(r" {2,}")
_WRITTEN_IN = re.compile(r"(?<=[\"'(=])data:[\w/+.;=-]{0,100},[^\"'()<>]*")


class Body(str):
    """The body of a document as ``clean_html`` leaves it, with its ``text``: it need not be cleaned or read again."""

    text: str


class Run(NamedTuple):
    """A stretch of text with its marks (in ``_ORDER``) and its link. A line break is the text ``\\n``."""

    text: str
    marks: tuple[str, ...] = ()
    href: str = ""


@dataclass
class Cell:
    runs: list[Run]
    head: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass
class Block:
    """One block: ``kind`` is p, h1, h2, h3, ul, ol or table. ``core`` marks the page's own text container."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    items: list[list[Run]] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    head_rows: int = 0
    centred: bool = False
    core: bool = False

    @property
    def text(self) -> str:
        """A line per paragraph, item and row; cells are joined by tabs."""
        if self.kind == "table":
            lines = [plain(self.runs)] if self.runs else []
            lines += ["\t".join(plain(cell.runs).replace("\n", " ") for cell in row) for row in self.rows]
            return "\n".join(lines)
        if self.kind in ("ul", "ol"):
            return "\n".join(plain(item) for item in self.items)
        return plain(self.runs)


def plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def scrub(text: str) -> str:
    """Without the characters that no document may hold: controls, direction marks, halves of surrogate pairs."""
    return re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", "", text)


def parse(source: str) -> etree._Element | None:
    """The tree of a page or fragment; None when there is nothing in it.

    Raises ``Refused`` for what the parser does not read to its end: it would be a text without its second half.
    """
    # A picture written into a page is none of its text, and may be larger than all of it.
    source = _WRITTEN_IN.sub("", scrub(source))
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    if not source.strip():
        return None
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        # A fragment of table rows (as cut out of a page) would lose its cells outside a table.
        if re.match(r"\s*<(?:tbody|thead|tr|td|th|caption)[\s>]", source, re.I):
            source = f"<table>{source}</table>"
        root = lxml_html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if parser.error_log.filter_from_fatals():
        raise Refused(TOO_DEEP, "body")
    return root


def blocks(root: etree._Element | None, *, base: str = "") -> list[Block]:
    """The blocks of a tree in reading order; layout tables dissolve, ``base`` makes links absolute."""
    if root is None:
        return []
    collector = _Collector(base)
    collector.walk(root, (), "", _Place())
    collector.flush()
    return collector.out


class _Place(NamedTuple):
    """What the surroundings say about a block."""

    kind: str = "p"
    centred: bool = False
    core: bool = False
    depth: int = 0


class _Collector:
    def __init__(self, base: str) -> None:
        self.base = base
        self.out: list[Block] = []
        self._runs: list[Run] = []
        self._place = _Place()

    def flush(self) -> None:
        if not self._runs:
            return
        for runs in _paragraphs(self._runs):
            self.out.append(Block(self._place.kind, runs, centred=self._place.centred, core=self._place.core))
        self._runs = []

    def walk(self, node: etree._Element, marks: tuple[str, ...], href: str, place: _Place) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        style = node.get("style") or ""
        style = _WHITE.sub("", style).lower() if style else style
        if not tag or tag in _DROPPED or "display:none" in style:
            return
        if place.depth > MAX_DEPTH:
            self._runs += [Run(text, marks, href) for text in _words_of(node)]
            return
        place = self._moved(node, tag, style, place)
        if tag == "br":
            self._runs.append(Run("\n"))
            return
        if tag in _BLOCK_TAGS:
            self.flush()
            self._place = place
            if tag == "table" and not _is_layout(node):
                table = self._table(node, place)
                if table.text.strip():
                    self.out.append(table)
                return
            if tag in ("ul", "ol"):
                self._list(node, tag, place)
                return
        marks, href = self._inline(node, tag, style, marks, href)
        self._add(node.text, marks, href)
        for child in node:
            self.walk(child, marks, href, place)
            if tag in _BLOCK_TAGS and self._place != place:
                self.flush()
                self._place = place
            self._add(child.tail, marks, href)
        if tag in _BLOCK_TAGS:
            self.flush()

    def _moved(self, node: etree._Element, tag: str, style: str, place: _Place) -> _Place:
        if not node.attrib:
            return _Place(_HEADINGS.get(tag, place.kind), place.centred or tag == "center", place.core, place.depth + 1)
        centred = place.centred
        align = (node.get("align") or "").lower()
        if "text-align:" in style or align:
            centred = "text-align:center" in style or align == "center"
        names = [node.get("id") or "", *(node.get("class") or "").split()]
        core = place.core or any(_BODY_MARKS.match(name) for name in names)
        return _Place(_HEADINGS.get(tag, place.kind), centred or tag == "center", core, place.depth + 1)

    def _inline(
        self, node: etree._Element, tag: str, style: str, marks: tuple[str, ...], href: str
    ) -> tuple[tuple[str, ...], str]:
        if not style and tag not in _MARKS and tag != "a":
            return marks, href
        found = set(marks)
        if tag in _MARKS:
            found.add(_MARKS[tag])
        if _HEAVY.search(style):
            found.add("strong")
        elif "font-weight:normal" in style:
            found.discard("strong")
        if tag == "a":
            href = safe_link(node.get("href") or "", self.base)
        return tuple(mark for mark in _ORDER if mark in found), href

    def _add(self, text: str | None, marks: tuple[str, ...], href: str) -> None:
        if text:
            text = _plain_blanks(text)
            # A block does not begin with the space between it and the one before.
            if self._runs or text != " ":
                self._runs.append(Run(text, marks, href))

    def _list(self, node: etree._Element, tag: str, place: _Place) -> None:
        if items := self._items(node, place):
            self.out.append(Block(tag, items=items, core=place.core))

    def _items(self, node: etree._Element, place: _Place) -> list[list[Run]]:
        """The items of a list; inner lists are made flat, and text that stands between items becomes one."""
        items: list[list[Run]] = []
        if place.depth > MAX_DEPTH:
            return [[Run(text) for text in _words_of(node)]]
        deeper = place._replace(depth=place.depth + 1)

        def add(inner: "_Collector") -> None:
            inner.flush()
            if runs := _joined(inner.out):
                items.append(runs)

        inner = _Collector(self.base)
        inner._add(node.text, (), "")
        for child in node:
            if child.tag in ("ul", "ol", "li"):
                add(inner)
                items += self._items(child, deeper)
                inner = _Collector(self.base)
            else:
                inner.walk(child, (), "", deeper)
                if child.tag in _BLOCK_TAGS:
                    inner.flush()
            inner._add(child.tail, (), "")
        add(inner)
        return items

    def _table(self, node: etree._Element, place: _Place) -> Block:
        block = Block("table", core=place.core)
        for caption in node.iterchildren("caption"):
            block.runs = self._inside(caption, place)
        for row in node.iter("tr"):
            cells = []
            for cell in row.iterchildren("td", "th"):
                span, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
                cells.append(Cell(self._inside(cell, place), cell.tag == "th", span, down))
            if cells:
                in_head = any(parent.tag == "thead" for parent in row.iterancestors("thead"))
                if in_head and block.head_rows == len(block.rows):
                    block.head_rows += 1
                block.rows.append(cells)
        leading = 0
        for cells in block.rows:
            if not all(cell.head for cell in cells):
                break
            leading += 1
        block.head_rows = max(block.head_rows, leading)
        return block

    def _inside(self, node: etree._Element, place: _Place) -> list[Run]:
        inner = _Collector(self.base)
        inner._add(node.text, (), "")
        for child in node:
            inner.walk(child, (), "", _Place(depth=place.depth + 2))
            inner._add(child.tail, (), "")
        inner.flush()
        return _joined(inner.out)


def _words_of(node: etree._Element) -> Iterator[str]:
    """The texts under a node, a line per block."""
    walker = etree.iterwalk(node, events=("start", "end"))
    for event, one in walker:
        if event == "end":
            yield from [_plain_blanks(one.tail)] if one.tail and one is not node else []
        elif one.tag in _DROPPED or "display:none" in _WHITE.sub("", one.get("style") or "").lower():
            walker.skip_subtree()
        else:
            yield from ["\n"] if one.tag in _BLOCK_TAGS else []
            yield from [_plain_blanks(one.text)] if one.text else []


def _plain_blanks(text: str) -> str:
    return _BLANKS.sub(" ", _LINE_END.sub("", text).replace("\xa0", "\u2002"))


def _joined(found: list[Block]) -> list[Run]:
    """Blocks inside a cell or an item become lines."""
    runs: list[Run] = []
    for block in found:
        parts = [block.runs, *block.items, *([cell.runs for row in block.rows for cell in row])]
        for part in parts:
            if part:
                runs += [Run("\n"), *part] if runs else part
    return runs


def _span(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"[1-9]\d{0,2}", value.strip()) else 1


_TABLE_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "form", "colgroup", "col"}


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only places things on the page.

    It says so itself, holds another table, the page's text, a single cell, or text outside its cells.
    """
    if (table.get("role") or "") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return True
    if any(_BODY_MARKS.match(cell.get("id") or "") for cell in table.iter("td")):
        return True
    if len(list(table.iter("td", "th"))) <= 1 or next(table.iter("h1"), None) is not None:
        return True
    stack = [table]
    while stack:
        part = stack.pop()
        if (part.text or "").strip() or any((child.tail or "").strip() for child in part):
            return True
        for child in part:
            if child.tag in _TABLE_PARTS:
                stack.append(child)
            elif child.tag == "caption" and part is table and next(child.iter("td", "th", "tr"), None) is None:
                continue
            elif child.tag not in ("td", "th", *_DROPPED) or (child.tag in ("td", "th") and part.tag != "tr"):
                return True
    return False


def _paragraphs(runs: list[Run]) -> Iterator[list[Run]]:
    """Split at breaks that end paragraphs: two in a row, or one before an indented line; trim each part."""
    part: list[Run] = []
    blank = True
    for number, run in enumerate(runs):
        if run.text == "\n":
            after = plain(runs[number + 1 : number + 5]).removeprefix(" ")
            if blank or after.startswith("\n") or re.match(r"[ \u2002\u3000]{2}", after) or not after.strip():
                yield from _trimmed(part)
                part, blank = [], True
                continue
        part.append(run)
        blank = blank and not run.text.strip()
    yield from _trimmed(part)


def _trimmed(runs: list[Run]) -> Iterator[list[Run]]:
    """Runs without spaces at the ends, with single spaces inside; nothing when no text is left."""
    out: list[Run] = []
    last = "\n"
    for run in runs:
        text = (
            run.text
            if run.text == "\n"
            else run.text.replace("\u2002", " ").replace("\u200b", "").replace("\ufeff", "")
        )
        if text != "\n":
            text = _MANY_SPACES.sub(" ", text)
            if last in " \n":
                text = text.lstrip(" \u3000") if last == "\n" else text.lstrip(" ")
        elif out and out[-1].text != "\n":
            out[-1] = out[-1]._replace(text=out[-1].text.rstrip(" \u3000"))
        if not text:
            continue
        if out and out[-1].text != "\n" and text != "\n" and out[-1][1:] == run[1:]:
            out[-1] = out[-1]._replace(text=out[-1].text + text)
        else:
            out.append(run._replace(text=text) if text != "\n" else Run("\n"))
        last = text[-1]
    while out and not out[-1].text.strip(" \u3000\n"):
        out.pop()
    if out:
        out[-1] = out[-1]._replace(text=out[-1].text.rstrip(" \u3000"))
        yield out


def safe_link(href: str, base: str = "") -> str:
    """The link when it may be shown, absolute if ``base`` is known; empty otherwise (scripts, bare fragments)."""
    href = re.sub(r"[\x00-\x20\x7f]", "", href)
    if not href or href.startswith("#"):
        return ""
    try:
        if base:
            href = urljoin(base, href)
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme.lower() not in SCHEMES | {""}:
        return ""
    # Within the page itself ("…/a.htm#") a link leads nowhere.
    return "" if base and href.partition("#")[0] == base.partition("#")[0] else href


def _inline_html(runs: Iterable[Run]) -> str:
    out = []
    for run in runs:
        if run.text == "\n":
            out.append("<br>")
            continue
        piece = escape(run.text, quote=False)
        for mark in reversed(run.marks):
            piece = f"<{mark}>{piece}</{mark}>"
        out.append(f'<a href="{escape(run.href)}">{piece}</a>' if run.href else piece)
    return "".join(out)


def _table_html(block: Block) -> str:
    def row(cells: list[Cell], head: bool) -> str:
        out = []
        for cell in cells:
            tag = "th" if cell.head or head else "td"
            spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            out.append(f"<{tag}{spans}>{_inline_html(cell.runs)}</{tag}>")
        return f"<tr>{''.join(out)}</tr>"

    head = "".join(row(cells, True) for cells in block.rows[: block.head_rows])
    body = "".join(row(cells, False) for cells in block.rows[block.head_rows :])
    caption = f"<caption>{_inline_html(block.runs)}</caption>" if block.runs else ""
    head = f"<thead>{head}</thead>" if head else ""
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>" if body else f"<table>{caption}{head}</table>"


def to_html(found: Iterable[Block]) -> str:
    """The blocks as clean HTML, one block a line; a heading of the page itself (h1) becomes an h2."""
    out = []
    for block in found:
        if block.kind == "table":
            out.append(_table_html(block))
        elif block.kind in ("ul", "ol"):
            items = "".join(f"<li>{_inline_html(item)}</li>" for item in block.items)
            out.append(f"<{block.kind}>{items}</{block.kind}>")
        else:
            kind = "h2" if block.kind == "h1" else block.kind
            out.append(f"<{kind}>{_inline_html(block.runs)}</{kind}>")
    # The serialiser writes nothing else already; the sanitiser stands behind it should it ever err.
    return sanitised("\n".join(out))


def sanitised(source: str) -> str:
    return nh3.clean(source, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def clean_html(source: str) -> Body:
    """The document body that a piece of HTML stands for: allowed tags only, headings as h2 and h3, layout dissolved.

    Cleaning what is clean changes nothing. Raises ``Refused`` as ``parse``.
    """
    if isinstance(source, Body):
        return source
    found = blocks(parse(source))
    body = Body(to_html(found))
    body.text = _text(found)
    return body


def text_of(source: str) -> str:
    """The text of a body: a paragraph, list item or table row per line."""
    return source.text if isinstance(source, Body) else _text(blocks(parse(source)))


def _text(found: Iterable[Block]) -> str:
    return "\n".join(text for block in found if (text := block.text).strip())
