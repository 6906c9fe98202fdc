"""The text of a document as its page shows it: parts that can be jumped to, each table in a frame of its own."""

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from markupsafe import Markup

# A text from here on has a table of contents, if it has parts at all.
LONG, LEAST, MOST = 900, 3, 40
LABEL = 28
_NUMBER = "[一二三四五六七八九十百零]{1,5}"
_FIRST = re.compile(rf"\s*(?:{_NUMBER}、|第{_NUMBER}[编章节部])")
_SECOND = re.compile(rf"\s*[（(]{_NUMBER}[）)]")
_ENDS = re.compile(r"[。；：\n]")


def _level(element: Any, text: str) -> int:
    """1 or 2 for a heading, by its number (一、 or （一）) before its markup; 0 for what is none."""
    if _SECOND.match(text):
        return 2
    if _FIRST.match(text):
        return 1
    return {"h2": 1, "h3": 2}.get(element.tag, 0)


def _label(text: str) -> str:
    """A heading, or the first clause of a paragraph that begins like one."""
    first = _ENDS.split(text.strip(), maxsplit=1)[0]
    return first if len(first) <= LABEL else first[: LABEL - 1] + "…"


def _framed(table: Any, number: int) -> None:
    """Let a table scroll inside its own frame, reachable by keyboard."""
    frame = etree.Element("div", {"class": "frame", "role": "region", "tabindex": "0", "aria-label": f"表格{number}"})
    parent = table.getparent()
    parent.replace(table, frame)
    frame.tail, table.tail = table.tail, None
    frame.append(table)


def shown(body_html: str) -> tuple[Markup, list[dict[str, Any]]]:
    """The body with anchors and framed tables, and its contents: {label, url, level}; none for a short text.

    ``body_html`` was cleaned when it was written: a flat list of blocks (``disclosure.reading_blocks``).
    """
    root = lxml_html.fragment_fromstring(body_html, create_parent="div")
    parts = []
    for element in root.iterchildren("h2", "h3", "p"):
        text = element.text_content()
        if level := _level(element, text):
            name = f"part-{len(parts) + 1}"
            element.set("id", name)
            parts.append({"label": _label(text), "url": f"#{name}", "level": level})
    for number, table in enumerate(list(root.iter("table")), 1):
        _framed(table, number)
    inner = lxml_html.tostring(root, encoding="unicode")
    body = Markup(inner[inner.index(">") + 1 : inner.rindex("</div>")])  # noqa: S704 (cleaned, see above)
    if len(parts) > MOST:
        parts = [part for part in parts if part["level"] == 1][:MOST]
    return body, parts if len(parts) >= LEAST and len(root.text_content()) >= LONG else []
