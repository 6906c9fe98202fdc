"""What the signs of a drawing mean: only those that this drawing has."""

from dataclasses import dataclass

from mingtang.flows.draw import gate_sign
from mingtang.flows.layout import Box
from mingtang.flows.reading import read
from mingtang.flows.shapes import (
    AMBER,
    AMBER_TINT,
    BLUE,
    EDGE,
    INK_2,
    LINE_COLOUR,
    PAPER,
    TINT,
    pill,
    rect,
    text,
)
from mingtang.flows.times import NOTE, Times

WIDTH, HEIGHT = 56, 32
_WHOLE = Box(4, 5, 48, 22)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign as a small `<svg>` without ids, and what it means."""

    svg: str
    words: str


def legend(bpmn: bytes, times: Times, *, lanes: bool) -> list[Sign]:
    """The signs of the swim lanes, or of the boxes under each other."""
    nodes = read(bpmn).nodes
    found = _of_lanes(bpmn) if lanes else _of_boxes(bpmn)
    if any(node.kind == "special" for node in nodes.values()):
        frame = rect(_WHOLE, AMBER_TINT, AMBER, 1.5, 6, "6 4")
        found.append(_sign(frame, "虚线框：特别程序，办理期间需要时才有，时间不计入期限"))
    if times.keys() & nodes.keys():
        real = pill(Box(4, 5, 48, 21), "约3天", PAPER, BLUE, BLUE)
        found.append(_sign(real if lanes else text(28, 21, "实际", size=14, weight=600, fill=BLUE), NOTE))
    return found


def _of_lanes(bpmn: bytes) -> list[Sign]:
    diagram = read(bpmn)
    lane = rect(Box(2, 4, 52, 24), PAPER, LINE_COLOUR, 1) + rect(Box(2, 4, 14, 24), TINT, LINE_COLOUR, 1)
    circles = f'<circle cx="14" cy="16" r="9" fill="{PAPER}" stroke="{INK_2}" stroke-width="2"/>'
    circles += f'<circle cx="41" cy="16" r="9" fill="{PAPER}" stroke="{INK_2}" stroke-width="4"/>'
    found = [
        _sign(lane, "横条：谁办。一步画在谁的条里，就由谁办"),
        _sign(rect(_WHOLE, PAPER, INK_2, 1.6, 6), "方框：一步，写着限几个工作日"),
        _sign(circles, "细圈是开始，粗圈是结束"),
        _sign(_gate("choice"), "叉：只走一条路，什么情况走哪条写在线旁"),
    ]
    if any(node.kind == "parallel" for node in diagram.nodes.values()):
        found.append(_sign(_gate("parallel"), "加号：几项同时办，都办完再往下走"))
    if any(flow.goes_back for flow in diagram.flows):
        back = f'<path d="M52 16H12" stroke="{EDGE}" stroke-width="1.6" stroke-dasharray="7 4" fill="none"/>'
        found.append(_sign(back + f'<path d="M4 16l10 -5v10z" fill="{EDGE}"/>', "虚线：退回去重办"))
    return found


def _of_boxes(bpmn: bytes) -> list[Sign]:
    found = [
        _sign(rect(_WHOLE, PAPER, INK_2, 1.6, 6), "方框：一步，写着由谁办、限几个工作日"),
        _sign(rect(_WHOLE, PAPER, INK_2, 1.6, 6, "6 4"), "虚线方框：需要时才办"),
    ]
    if any(node.kind == "parallel" for node in read(bpmn).nodes.values()):
        found.append(_sign(rect(_WHOLE, AMBER_TINT, AMBER, 1.5, 6), "黄底框：里面几项同时办，都办完再往下走"))
    return found


def _gate(kind: str) -> str:
    points = "28,2 42,16 28,30 14,16"
    rhombus = f'<polygon points="{points}" fill="{AMBER_TINT}" stroke="{AMBER}" stroke-width="1.8"/>'
    return rhombus + gate_sign(kind, 28, 16)


def _sign(drawn: str, words: str) -> Sign:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    return Sign(f"{head}{drawn}</svg>", words)
