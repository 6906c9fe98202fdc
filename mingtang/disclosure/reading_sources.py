"""Pages, plain text and Word files as blocks. Pure."""

import re

from mingtang.disclosure.reading_blocks import Block, Cell, Run, blocks, parse, scrub

_MARKUP = re.compile(r"<(?:p|div|table|tbody|tr|td|br|span|h[1-6]|ul|html|body)\b[^>]*>", re.I)


def any_blocks(source: str, url: str) -> list[Block]:
    """A text of unknown form, as HTML when it holds any markup, else as lines."""
    if _MARKUP.search(source):
        return divided(blocks(parse(source), base=url))
    return text_blocks(source)


def divided(found: list[Block]) -> list[Block]:
    """Title lines of a page are often one paragraph with breaks: give each of the first lines a block of its own."""
    out: list[Block] = []
    for block in found:
        if block.kind != "p" or len(out) > (40 if block.centred else 12):
            out.append(block)
            continue
        part: list[Run] = []
        for run in [*block.runs, Run("\n")]:
            if run.text != "\n":
                part.append(run)
            elif part:
                out.append(Block(block.kind, part, centred=block.centred, core=block.core))
                part = []
    return out


def text_blocks(text: str) -> list[Block]:
    """Lines as paragraphs; neighbouring lines with the same number of tabs are the rows of a table."""
    out: list[Block] = []
    rows: list[list[Cell]] = []
    raw: list[str] = []

    def close() -> None:
        if len(rows) > 1:
            out.append(Block("table", rows=list(rows)))
        else:
            out.extend(Block("p", [Run(line)]) for line in raw)
        rows.clear()
        raw.clear()

    for line in scrub(text).replace("\ufeff", "").replace("\xa0", " ").splitlines():
        cells = [cell.strip() for cell in line.strip("\n").split("\t")]
        said = re.sub(r"[\t\v]+", " ", line).strip(" \u3000")
        if len(cells) > 1 and sum(map(bool, cells)) > 1:
            if rows and len(rows[0]) != len(cells):
                close()
            rows.append([Cell([Run(cell)] if cell else []) for cell in cells])
            raw.append(said)
            continue
        close()
        if said:
            out.append(Block("p", [Run(said)]))
    close()
    return out


def word_blocks(source: str) -> list[Block]:
    """The blocks of a Word file that was made HTML (``files.convert.word``)."""
    found = divided(blocks(parse(source)))
    for block in found[3:]:
        # Some writers mark every chapter with the top heading: only one near the beginning is the title.
        block.kind = "h2" if block.kind == "h1" else block.kind
    return found
