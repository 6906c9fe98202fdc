"""The body of a document as text that a person can type, and back, so that no editor script is needed.

A line is a paragraph; 一、 and （一） at the head of a short line make headings, as in official papers. What plain
lines cannot say (a table, a list, bold words, a link) stays one line of HTML, so that nothing is lost on the way:
``from_plain(to_plain(body)) == body`` for every clean body.
"""

import re

from mingtang.disclosure.reading import clean_html
from mingtang.disclosure.reading_blocks import Block, Run, blocks, parse, scrub, to_html
from mingtang.disclosure.reading_sources import text_blocks

_H2 = re.compile(r"(?:[一二三四五六七八九十百]{1,4}、|第[一二三四五六七八九十百\d]{1,5}[章编篇])\s*\S")
_H3 = re.compile(r"(?:[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,5}节)\s*\S")
_MARKUP_LINE = re.compile(r"<(?:p|h2|h3|ul|ol|table)[ >].*</(?:p|h2|h3|ul|ol|table)>", re.S)
LONGEST_HEADING = 45


def from_plain(text: str) -> str:
    """Clean HTML of typed lines. Neighbouring lines with tabs, as pasted from a spreadsheet, become a table."""
    out: list[str] = []
    typed: list[str] = []

    def close() -> None:
        if typed:
            out.append(to_html(_headed(block) for block in text_blocks("\n".join(typed))))
            typed.clear()

    for line in text.replace("\r\n", "\n").split("\n"):
        if _MARKUP_LINE.fullmatch(line.strip()):
            close()
            out.append(clean_html(line))
        else:
            typed.append(line)
    close()
    return "\n".join(filter(None, out))


def _headed(block: Block) -> Block:
    text = block.text
    if block.kind != "p" or len(text) > LONGEST_HEADING or re.search(r"[。；;：:！!？?]", text):
        return block
    kind = "h2" if _H2.match(text) else "h3" if _H3.match(text) else ""
    return Block(kind, block.runs) if kind else block


def to_plain(body: str) -> str:
    """The lines of a clean body, each paragraph followed by an empty line."""
    lines = []
    for block in blocks(parse(body)):
        html = to_html([block])
        line = scrub(block.text) if block.kind in {"p", "h1", "h2", "h3"} else html
        plain = len(block.runs) == 1 and block.runs[0] == Run(line)
        lines.append(line if plain and from_plain(line) == html else html.replace("\n", " "))
    return "\n\n".join(lines)
