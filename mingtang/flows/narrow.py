"""The same flow drawn downwards for a telephone: one column of boxes, each naming who acts.

Swim lanes need width that a hand-held screen does not have; here the office stands in the box instead, branches of one
group stand side by side under a common bar, and the ways that leave the main line are said in words beside it.
Read from the BPMN bytes like the wide drawing.
"""

from collections.abc import Collection

from mingtang.flows.layout import SMALL, Box, fill, wrap
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
from mingtang.flows.wording import Stage, as_text, stages

PREFIX = "flow-narrow"
WIDTH, MARGIN, GAP = 360, 14, 30
INNER = WIDTH - 2 * MARGIN


def narrow_svg(bpmn: bytes, current: Collection[str], done: Collection[str]) -> str:
    """The flowchart, 360 units wide, as tall as it needs."""
    return _Column(bpmn, frozenset(current), frozenset(done)).drawn()


class _Column:
    def __init__(self, bpmn: bytes, current: frozenset[str], done: frozenset[str]) -> None:
        self.bpmn = bpmn
        self.diagram = read(bpmn)
        self.current, self.done = current, done
        self.parts: list[str] = []
        self.y = 16

    def drawn(self) -> str:
        for words in wrap(self.diagram.name, INNER, 20):
            self.parts.append(text(MARGIN, self.y + 22, words, size=20, weight=700, anchor="start", family=SERIF))
            self.y += 28
        self.y += 8
        for number, stage in enumerate(stages(self.bpmn)):
            if number:
                self._arrow()
            self._stage(stage)
        for node in self.diagram.nodes.values():
            if node.kind == "special":
                self._special(node)
        height = self.y + 16
        head = [
            opening(WIDTH, height, f"0 0 {WIDTH} {height}", PREFIX),
            *described(self.diagram, as_text(self.bpmn), self.current, PREFIX),
            arrow_marker(PREFIX),
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        ]
        return "".join([*head, *self.parts, "</svg>"])

    def _arrow(self) -> None:
        x = WIDTH // 2
        self.parts.append(arrow([(x, self.y), (x, self.y + GAP)], PREFIX))
        self.y += GAP

    def _stage(self, stage: Stage) -> None:
        if len(stage.tasks) > 1:
            self._together(stage)
            return
        node, when = stage.tasks[0]
        notes = [f"只在“{when}”时办，不需要就跳过。"] if when else []
        self.y += self._box(node, MARGIN, self.y, INNER, [*notes, *stage.notes])
        for side, told in stage.sides:
            self.y += self._box(side, MARGIN + 24, self.y + 8, INNER - 24, [told], dash="6 4") + 8

    def _together(self, stage: Stage) -> None:
        """Branches in a frame, under each other, so that their names stay large."""
        top, self.y = self.y, self.y + 36
        inner: list[str] = []
        outer, self.parts = self.parts, inner
        for node, when in stage.tasks:
            notes = [f"只在“{when}”时办。"] if when else []
            self.y += self._box(node, MARGIN + 12, self.y, INNER - 24, notes) + 14
        self.parts = outer
        frame = Box(MARGIN, top, INNER, self.y - top)
        self.parts.append(rect(frame, AMBER_TINT, AMBER, 1.5, 10))
        title = f"同时办理，{len(stage.tasks)} 项都办完再往下走"
        self.parts.append(text(MARGIN + 14, top + 24, title, weight=600, anchor="start"))
        self.parts.extend(inner)

    def _box(self, node: ReadNode, x: int, y: int, width: int, notes: list[str], dash: str = "") -> int:
        """One box with office, name, limit and notes; answers its height."""
        current, done = node.id in self.current, node.id in self.done
        paint, stroke, thick = (
            (BLUE_TINT, BLUE, 4.0) if current else (GREEN_TINT, GREEN, 1.8) if done else (PAPER, INK_2, 1.6)
        )
        mark = "当前" if current else "✓ 已办" if done else ""
        name = node.name if node.kind != "end" else f"结束：{node.name}"
        who = "" if node.kind == "end" else self.diagram.lane(node.lane).name
        rows: list[tuple[str, int, int, str]] = [(words, 17, 600, INK) for words in wrap(name, width - 92, 17)]
        facts = "　".join(part for part in (who, node.doc) if part)
        rows += [(words, SMALL, 400, INK_2) for words in wrap(facts, width - 28, SMALL)]
        rows += [(words, SMALL, 400, INK) for note in notes for words in fill(note, width - 28, SMALL)]
        height = 16 + sum(size + 7 for _, size, _, _ in rows)
        self.parts.append(rect(Box(x, y, width, height), paint, stroke, thick, 8, dash))
        baseline = y + 6
        for words, size, weight, colour in rows:
            baseline += size + 7
            self.parts.append(text(x + 14, baseline - 5, words, size=size, weight=weight, anchor="start", fill=colour))
        if mark:
            colour = BLUE if current else GREEN
            self.parts.append(text(x + width - 12, y + 26, mark, weight=600, anchor="end", fill=colour))
        return height

    def _special(self, node: ReadNode) -> None:
        """What may begin at any moment of the review, after the main line and apart from it."""
        task = next(other for other in self.diagram.nodes.values() if other.inside == node.id and other.kind == "task")
        self.y += 18
        top = self.y
        lines = fill(node.doc, INNER - 28, SMALL)
        self.y += 38 + 20 * len(lines)
        outer, self.parts = self.parts, []
        self.y += self._box(task, MARGIN + 12, self.y, INNER - 24, []) + 14
        inner, self.parts = self.parts, outer
        self.parts.append(rect(Box(MARGIN, top, INNER, self.y - top), AMBER_TINT, AMBER, 1.5, 10, "6 4"))
        self.parts.append(text(MARGIN + 14, top + 24, node.name, weight=600, anchor="start"))
        for number, words in enumerate(lines):
            self.parts.append(text(MARGIN + 14, top + 46 + 20 * number, words, size=SMALL, anchor="start", fill=INK_2))
        self.parts.extend(inner)
