"""The flowchart people see, drawn from the BPMN bytes themselves (their own diagram coordinates).

Presentation attributes only: pages forbid inline styles. Colour never speaks alone: what is current has a thick border
and the word 当前, what is done a tick and 已办.
"""

from collections.abc import Collection

from mingtang.flows.layout import FONT, LANE_STRIP, LINE, SMALL, Box, fill, text_width, wrap
from mingtang.flows.narrow import narrow_svg
from mingtang.flows.reading import Diagram, ReadNode, read
from mingtang.flows.shapes import (
    AMBER,
    AMBER_TINT,
    BAND,
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    INK,
    INK_2,
    LINE_COLOUR,
    PAPER,
    SERIF,
    TINT,
    arrow,
    arrow_marker,
    described,
    opening,
    rect,
    text,
)
from mingtang.flows.wording import as_text

PREFIX = "flow"
HEAD = 54
FOOT = 16


def svg(
    bpmn: bytes, current: Collection[str] = frozenset(), done: Collection[str] = frozenset(), *, narrow: bool = False
) -> str:
    """The flowchart as one `<svg>` element; `current` and `done` are element ids (see `engine.progress`).

    With `narrow` the same process is drawn downwards for a telephone. Deterministic for equal arguments.
    """
    if narrow:
        return narrow_svg(bpmn, current, done)
    diagram = read(bpmn)
    width = diagram.pool.right + diagram.pool.x - (diagram.lanes[0].box.x - diagram.pool.x)
    height = diagram.pool.bottom + HEAD + FOOT
    left = diagram.lanes[0].box.x - diagram.pool.x
    parts = [
        opening(width, height, f"{left} {-HEAD} {width} {height}", PREFIX),
        *described(diagram, as_text(bpmn), current, PREFIX),
        arrow_marker(PREFIX),
        f'<rect x="{left}" y="{-HEAD}" width="{width}" height="{height}" fill="{PAPER}"/>',
        text(left + 14, -HEAD + 36, diagram.name, size=21, weight=700, anchor="start", family=SERIF),
        *_lanes(diagram),
        *(_special_frame(node) for node in diagram.nodes.values() if node.kind == "special"),
        *(arrow(flow.points, PREFIX) for flow in diagram.flows),
        *(node_shape(node, node.id in current, node.id in done) for node in diagram.nodes.values()),
        *_labels(diagram),
        "</svg>",
    ]
    return "".join(parts)


def _lanes(diagram: Diagram) -> list[str]:
    parts = []
    for number, lane in enumerate(diagram.lanes):
        box = lane.box
        parts.append(rect(box, PAPER if number % 2 else BAND, LINE_COLOUR, 1))
        parts.append(rect(Box(box.x, box.y, LANE_STRIP, box.h), TINT, LINE_COLOUR, 1))
        parts.extend(_lane_name(lane.name, box))
    return parts


def _lane_name(name: str, lane: Box) -> list[str]:
    lines = wrap(name, LANE_STRIP - 10, 16)
    top = lane.cy - len(lines) * 11 + 17
    x = lane.x + LANE_STRIP / 2
    return [text(x, top + 22 * number, line, size=16, weight=600) for number, line in enumerate(lines)]


def _special_frame(node: ReadNode) -> str:
    """A special procedure stands apart in a dashed frame: it may begin at any moment of the review."""
    lines = [text(node.box.x + 16, node.box.y + 25, node.name, size=SMALL, weight=600, anchor="start")]
    for number, line in enumerate(fill(node.doc, node.box.w - 32, SMALL)):
        y = node.box.y + 45 + 17 * number
        lines.append(text(node.box.x + 16, y, line, size=SMALL, anchor="start", fill=INK_2))
    return rect(node.box, AMBER_TINT, AMBER, 1.5, 10, "6 4") + "".join(lines)


def node_shape(node: ReadNode, current: bool, done: bool) -> str:
    """One node with its texts; events and gateways carry theirs beside them (see `_labels`)."""
    box = node.box
    match node.kind:
        case "task":
            return _task(node, current, done)
        case "start" | "end":
            stroke, paint = (GREEN, GREEN_TINT) if done else (INK_2, PAPER)
            width = 4 if node.kind == "end" else 2
            circle = (
                f'<circle cx="{box.cx}" cy="{box.cy}" r="{box.w // 2 - 2}" fill="{paint}" stroke="{stroke}" '
                f'stroke-width="{width}"/>'
            )
            if done:
                return circle + text(box.cx, box.cy + 6, "✓", size=17, weight=600, fill=GREEN)
            return circle + (_signal(box) if node.inside and node.kind == "start" else "")
        case "choice" | "parallel":
            points = f"{box.cx},{box.y} {box.right},{box.cy} {box.cx},{box.bottom} {box.x},{box.cy}"
            rhombus = f'<polygon points="{points}" fill="{AMBER_TINT}" stroke="{AMBER}" stroke-width="1.8"/>'
            return rhombus + _gate_sign(node)
    return ""


def _gate_sign(node: ReadNode) -> str:
    x, y = node.box.cx, node.box.cy
    if node.kind == "parallel":
        d = f"M{x - 9} {y}H{x + 9}M{x} {y - 9}V{y + 9}"
    else:
        d = f"M{x - 6} {y - 6}L{x + 6} {y + 6}M{x + 6} {y - 6}L{x - 6} {y + 6}"
    return f'<path d="{d}" stroke="{AMBER}" stroke-width="2.6" stroke-linecap="round" fill="none"/>'


def _signal(box: Box) -> str:
    x, y = box.cx, box.cy
    return f'<path d="M{x} {y - 8}L{x + 8} {y + 6}H{x - 8}z" fill="none" stroke="{INK_2}" stroke-width="1.6"/>'


def _task(node: ReadNode, current: bool, done: bool) -> str:
    box = node.box
    paint, stroke, width = (
        (BLUE_TINT, BLUE, 4) if current else (GREEN_TINT, GREEN, 1.8) if done else (PAPER, INK_2, 1.6)
    )
    lines = [(content, FONT, 600, INK) for content in wrap(node.name, box.w - 12)]
    lines += [(node.doc, 13, 400, INK_2)] if node.doc else []
    top = box.cy - len(lines) * LINE / 2 + 15
    parts = [rect(box, paint, stroke, width, 8)]
    for number, (content, size, weight, colour) in enumerate(lines):
        parts.append(text(box.cx, top + number * LINE, content, size=size, weight=weight, fill=colour))
    if current:
        parts.append(_badge(box, "当前", BLUE))
    elif done:
        parts.append(_badge(box, "✓ 已办", GREEN))
    return "".join(parts)


def _badge(box: Box, word: str, colour: str) -> str:
    wide = text_width(word, 13) + 12
    pill = Box(box.x - 6, box.y - 12, wide, 21)
    return rect(pill, colour, PAPER, 1.5, 10) + text(pill.cx, pill.y + 15, word, size=13, weight=600, fill=PAPER)


def _labels(diagram: Diagram) -> list[str]:
    """Texts beside events, gateways and edges, each in the box the file holds; edges of one bundle share theirs."""
    parts: dict[str, None] = {}
    for node in diagram.nodes.values():
        if node.label is not None:
            weight = 600 if node.kind in ("choice", "parallel", "start", "end") else 400
            for line in _in_box(node.name, node.label, "middle"):
                parts[text(line[0], line[1], line[2], size=SMALL, weight=weight, anchor=line[3], halo=True)] = None
    for flow in diagram.flows:
        if flow.label is not None:
            for x, y, content, anchor in _in_box(flow.name, flow.label, "start"):
                parts[text(x, y, content, size=SMALL, anchor=anchor, halo=True)] = None
    return list(parts)


def _in_box(content: str, box: Box, anchor: str) -> list[tuple[float, float, str, str]]:
    x = {"start": box.x, "middle": box.x + box.w / 2, "end": box.right}[anchor]
    lines = wrap(content, box.w, SMALL)
    return [(x, box.y + 14 + 18 * number, line, anchor) for number, line in enumerate(lines)]
