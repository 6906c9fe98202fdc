"""The same flow drawn downwards: one column of boxes, each naming who acts. For a telephone, and folded for a paper.

Swim lanes need width that a hand-held screen does not have; here the office stands in the box instead, branches of one
group stand under each other in a frame, and the ways that leave the main line are said in words beside it.
Read from the BPMN bytes like the wide drawing.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from mingtang.flows.layout import SMALL, Box, fill, text_width, wrap
from mingtang.flows.reading import ReadNode, read
from mingtang.flows.shapes import (
    AMBER,
    AMBER_TINT,
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    INK,
    INK_2,
    PAPER,
    SERIF,
    arrow,
    arrow_marker,
    described,
    opening,
    rect,
    text,
)
from mingtang.flows.times import NOTE, Times
from mingtang.flows.wording import Stage, as_text, stages

PREFIX = "flow-narrow"
WIDTH, MARGIN, GAP = 360, 14, 30
INNER = WIDTH - 2 * MARGIN


@dataclass(slots=True)
class Block:
    """What stands together: drawn from y = 0 down; `follows` when an arrow leads into it from the block before."""

    height: int = 0
    follows: bool = False
    parts: list[str] = field(default_factory=list)

    @property
    def above(self) -> int:
        """Room before it in a column."""
        return GAP if self.follows else 18

    def at(self, x: int, y: int) -> str:
        return f'<g transform="translate({x} {y})">{"".join(self.parts)}</g>'


def narrow_svg(bpmn: bytes, current: Collection[str], done: Collection[str], times: Times) -> str:
    """The flowchart, 360 units wide, as tall as it needs."""
    diagram = read(bpmn)
    parts, y = [], 16
    for words in wrap(diagram.name, INNER, 20):
        parts.append(text(MARGIN, y + 22, words, size=20, weight=700, anchor="start", family=SERIF))
        y += 28
    if times.keys() & diagram.nodes.keys():
        for words in fill(NOTE, INNER, SMALL):
            parts.append(text(MARGIN, y + 20, words, size=SMALL, anchor="start", fill=BLUE))
            y += 20
    y += 8
    for number, block in enumerate(blocks(bpmn, current, done, times)):
        if number:
            y += block.above
        if block.follows:
            parts.append(arrow([(WIDTH // 2, y - GAP), (WIDTH // 2, y)], PREFIX))
        parts.append(block.at(0, y))
        y += block.height
    height = y + 16
    head = [
        opening(WIDTH, height, f"0 0 {WIDTH} {height}", PREFIX),
        *described(diagram, as_text(bpmn, times), current, PREFIX),
        arrow_marker(PREFIX),
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
    ]
    return "".join([*head, *parts, "</svg>"])


def blocks(bpmn: bytes, current: Collection[str], done: Collection[str], times: Times) -> list[Block]:
    """The main line, one block for each position, then the special procedures."""
    column = _Column(bpmn, frozenset(current), frozenset(done), times)
    found = [column.stage(number, stage) for number, stage in enumerate(stages(bpmn), 1)]
    for block in found[1:]:
        block.follows = True
    return found + [column.special(node) for node in column.diagram.nodes.values() if node.kind == "special"]


class _Column:
    def __init__(self, bpmn: bytes, current: frozenset[str], done: frozenset[str], times: Times) -> None:
        self.diagram = read(bpmn)
        self.current, self.done, self.times = current, done, times

    def stage(self, number: int, stage: Stage) -> Block:
        """One position of the main line, with its number as the words have it."""
        if len(stage.tasks) > 1:
            return self._together(number, stage)
        block = Block()
        node, when = stage.tasks[0]
        notes = [f"只在“{when}”时办，不需要就跳过。"] if when else []
        self._box(block, node, 0, [*notes, *stage.notes], before=f"{number}. ")
        for side, told in stage.sides:
            block.height += 8
            self._box(block, side, 24, [told], dash="6 4")
        return block

    def _together(self, number: int, stage: Stage) -> Block:
        """Branches in a frame, under each other, so that their names stay large."""
        block = Block(36)
        for node, when in stage.tasks:
            notes = [f"只在“{when}”时办。"] if when else []
            self._box(block, node, 12, notes, right=12)
            block.height += 14
        title = f"{number}. 同时办理，{len(stage.tasks)} 项都办完再往下走"
        return self._framed(block, title, [])

    def special(self, node: ReadNode) -> Block:
        """What may begin at any moment of the review, after the main line and apart from it."""
        task = next(other for other in self.diagram.nodes.values() if other.inside == node.id and other.kind == "task")
        lines = fill(node.doc, INNER - 28, SMALL)
        block = Block(38 + 20 * len(lines))
        self._box(block, task, 12, [], right=12)
        block.height += 14
        return self._framed(block, node.name, lines, dash="6 4")

    @staticmethod
    def _framed(block: Block, title: str, lines: list[str], dash: str = "") -> Block:
        frame = Box(MARGIN, 0, INNER, block.height)
        head = [rect(frame, AMBER_TINT, AMBER, 1.5, 10, dash)]
        head.append(text(MARGIN + 14, 24, title, weight=600, anchor="start"))
        for number, words in enumerate(lines):
            head.append(text(MARGIN + 14, 46 + 20 * number, words, size=SMALL, anchor="start", fill=INK_2))
        block.parts[:0] = head
        return block

    def _box(
        self,
        block: Block,
        node: ReadNode,
        indent: int,
        notes: list[str],
        *,
        right: int = 0,
        dash: str = "",
        before: str = "",
    ) -> None:
        """Put one box with office, name, limit, real time and notes under what the block holds."""
        current, done = node.id in self.current, node.id in self.done
        paint, stroke, thick = (
            (BLUE_TINT, BLUE, 4.0) if current else (GREEN_TINT, GREEN, 1.8) if done else (PAPER, INK_2, 1.6)
        )
        x, y, width = MARGIN + indent, block.height, INNER - indent - right
        name = before + (node.name if node.kind != "end" else f"结束：{node.name}")
        who = "" if node.kind == "end" else self.diagram.lane(node.lane).name
        room = width - (92 if current or done else 28)
        rows: list[tuple[str, int, int, str]] = [(words, 17, 600, INK) for words in wrap(name, room, 17)]
        facts = [part for part in (who, node.doc) if part]
        if text_width("　".join(facts), SMALL) <= width - 28:
            facts = ["　".join(facts)]
        rows += [(words, SMALL, 400, INK_2) for fact in facts for words in wrap(fact, width - 28, SMALL)]
        if node.id in self.times:
            rows += [(words, SMALL, 600, BLUE) for words in wrap(self.times[node.id].words, width - 28, SMALL)]
        rows += [(words, SMALL, 400, INK) for note in notes for words in fill(note, width - 28, SMALL)]
        height = 16 + sum(size + 7 for _, size, _, _ in rows)
        block.parts.append(rect(Box(x, y, width, height), paint, stroke, thick, 8, dash))
        baseline = y + 6
        for words, size, weight, colour in rows:
            baseline += size + 7
            block.parts.append(text(x + 14, baseline - 5, words, size=size, weight=weight, anchor="start", fill=colour))
        if current or done:
            mark, colour = ("当前", BLUE) if current else ("✓ 已办", GREEN)
            block.parts.append(text(x + width - 12, y + 26, mark, weight=600, anchor="end", fill=colour))
        block.height += height
