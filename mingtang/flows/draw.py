"""The flowchart people see, drawn from the BPMN bytes themselves (their own diagram coordinates).

Presentation attributes only: pages forbid inline styles. Colour never speaks alone: what is current has a thick border
and the word 当前, what is done a tick and 已办.
"""

from collections.abc import Collection
from itertools import pairwise

from mingtang.flows.layout import FONT, LANE_STRIP, LINE, SMALL, Box, fill, text_width, wrap
from mingtang.flows.narrow import narrow_svg
from mingtang.flows.reading import Diagram, ReadLane, ReadNode, read
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
    pill,
    rect,
    text,
)
from mingtang.flows.times import NO_TIMES, NOTE, Times, Took
from mingtang.flows.wording import as_text

PREFIX = "flow"
HEAD = 54  # over the pool, with one line of title
FOOT = 16
TITLE, TITLE_LINE, NOTE_LINE = 21, 30, 24
LONG = 1650  # wider than this, a drawing that fits on a screen is too small to read
REPEAT = 1300  # how far apart the name of a lane is said again in a drawing that is moved past a screen


def svg(
    bpmn: bytes,
    current: Collection[str] = frozenset(),
    done: Collection[str] = frozenset(),
    *,
    narrow: bool = False,
    times: Times = NO_TIMES,
) -> str:
    """The flowchart as one `<svg>` element; `current` and `done` are element ids (see `engine.progress`).

    `times` are said on the arrows that leave the steps. With `narrow` the same process is drawn downwards for a
    telephone. Deterministic for equal arguments.
    """
    if narrow:
        return narrow_svg(bpmn, current, done, times)
    return wide_svg(bpmn, current, done, times)


def wide_svg(bpmn: bytes, current: Collection[str], done: Collection[str], times: Times, *, titled: bool = True) -> str:
    """The lanes side by side under each other; without its title for a paper that has one."""
    diagram = read(bpmn)
    left = diagram.lanes[0].box.x - diagram.pool.x
    width = diagram.pool.right + diagram.pool.x - left
    head, high = _head(diagram, left, width, times) if titled else ([], diagram.pool.y)
    height = high + diagram.pool.bottom - diagram.pool.y + FOOT
    top = diagram.pool.y - high
    flows = sorted(diagram.flows, key=lambda flow: not flow.goes_back)  # the way ahead is drawn over the ways back
    nodes = diagram.nodes.values()
    parts = [
        opening(width, height, f"{left} {top} {width} {height}", PREFIX),
        *described(diagram, as_text(bpmn, times), current, PREFIX),
        arrow_marker(PREFIX),
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{PAPER}"/>',
        f'<g transform="translate(0 {top})">{"".join(head)}</g>' if head else "",
        *_lanes(diagram),
        *(_special_frame(node) for node in nodes if node.kind == "special"),
        *(arrow(flow.points, PREFIX, back=flow.goes_back) for flow in flows),
        *(node_shape(node, node.id in current, node.id in done) for node in nodes),
        *_labels(diagram),
        *(took_pill(node, times[node.id]) for node in nodes if node.id in times),
        "</svg>",
    ]
    return "".join(parts)


def is_long(bpmn: bytes) -> bool:
    """Whether the lanes are to be moved past the reader rather than shown whole."""
    return read(bpmn).pool.w > LONG


def _head(diagram: Diagram, left: int, width: int, times: Times) -> tuple[list[str], int]:
    """Title and what the times mean, from y = 0 down, and how high they are."""
    parts, y = [], 36
    for line in wrap(diagram.name, width - 28, TITLE):
        parts.append(text(left + 14, y, line, size=TITLE, weight=700, anchor="start", family=SERIF))
        y += TITLE_LINE
    if times.keys() & diagram.nodes.keys():
        for line in fill(NOTE, width - 28, SMALL):
            parts.append(text(left + 14, y - 2, line, size=SMALL, anchor="start", fill=BLUE))
            y += NOTE_LINE
    return parts, y + HEAD - 36 - TITLE_LINE + diagram.pool.y


def _lanes(diagram: Diagram) -> list[str]:
    parts = []
    for number, lane in enumerate(diagram.lanes):
        box = lane.box
        parts.append(rect(box, PAPER if number % 2 else BAND, LINE_COLOUR, 1))
        parts.append(rect(Box(box.x, box.y, LANE_STRIP, box.h), TINT, LINE_COLOUR, 1))
        parts.extend(_lane_name(lane.name, box))
        parts.extend(_said_again(diagram, lane))
    return parts


def _lane_name(name: str, lane: Box) -> list[str]:
    lines = wrap(name, LANE_STRIP - 10, 16)
    top = lane.cy - len(lines) * 11 + 17
    x = lane.x + LANE_STRIP / 2
    return [text(x, top + 22 * number, line, size=16, weight=600) for number, line in enumerate(lines)]


def _said_again(diagram: Diagram, lane: ReadLane) -> list[str]:
    """The name of a lane along a drawing that no screen shows whole, wherever nothing is in its way."""
    box = lane.box
    wide = text_width(lane.name, SMALL)
    taken = _taken(diagram, box)
    parts = []
    for start in range(box.x + REPEAT, box.right - REPEAT // 2, REPEAT):
        for x in range(start, start + REPEAT // 2, 15):
            places = (Box(x, y, wide, 20) for y in (box.y + 4, box.bottom - 26))
            free = next((place for place in places if not any(place.touches(other) for other in taken)), None)
            if free is not None:
                parts.append(text(free.x, free.y + 15, lane.name, size=SMALL, anchor="start", fill=INK_2))
                break
    return parts


def _taken(diagram: Diagram, lane: Box) -> list[Box]:
    """Everything drawn in a lane, each edge as thin boxes."""
    boxes = [box for node in diagram.nodes.values() for box in (node.box, node.label) if box]
    for flow in diagram.flows:
        boxes += [flow.label] if flow.label else []
        for (x1, y1), (x2, y2) in pairwise(flow.points):
            boxes.append(Box(min(x1, x2) - 4, min(y1, y2) - 4, abs(x2 - x1) + 8, abs(y2 - y1) + 8))
    return [box for box in boxes if box.touches(lane)]


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
            return rhombus + gate_sign(node.kind, box.cx, box.cy)
    return ""


def gate_sign(kind: str, x: int, y: int) -> str:
    """The mark inside a rhombus: a plus where all ways are taken, a cross where one is."""
    if kind == "parallel":
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
    return pill(Box(box.x - 6, box.y - 12, text_width(word, 13) + 12, 21), word, colour, PAPER, PAPER)


def took_box(box: Box, took: Took) -> Box:
    """Where the real time of a step stands: at the foot of the arrow that leaves it."""
    wide = text_width(took.short, 13) + 12
    return Box(box.right + 6 - wide, box.bottom - 9, wide, 21)


def took_pill(node: ReadNode, took: Took) -> str:
    return pill(took_box(node.box, took), took.short, PAPER, BLUE, BLUE)


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
