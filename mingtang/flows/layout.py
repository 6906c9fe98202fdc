"""Graph → coordinates: lanes as bands, one column per position, edges at right angles.

Why no edge can run through a box: every node of the main line has a column to itself (side nodes stand straight above
or below their gateway, branches of one group share columns but not rows), vertical runs use the gutters between
columns or the middle of such a column, horizontal runs use the strips above and below the boxes of a row.
Units are pixels of the drawing, whole numbers, so that the same spec gives the same bytes.
"""

from dataclasses import dataclass, field

from mingtang.flows.graph import Flow, Graph, Node, Special

FONT = 15
LINE = 20
SMALL = 14
POOL_STRIP, LANE_STRIP = 30, 92
TASK_WIDTH = 124
GATE, EVENT = 46, 38
GUTTER, MARGIN, STRIP = 22, 14, 32
SPECIAL_WIDTH, SPECIAL_GAP = 330, 22

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, width, height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def cx(self) -> int:
        return self.x + self.w // 2

    @property
    def cy(self) -> int:
        return self.y + self.h // 2

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def touches(self, other: "Box") -> bool:
        """Whether the two have an area in common."""
        return self.x < other.right and self.right > other.x and self.y < other.bottom and self.bottom > other.y


@dataclass(slots=True)
class Layout:
    """Where everything stands; keys are element ids. Labels are boxes for the text."""

    pool: Box
    lanes: dict[str, Box] = field(default_factory=dict)
    nodes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)


def text_width(text: str, size: int = FONT) -> int:
    """Width in pixels: a Chinese character is one em, a Latin letter or digit a little over half."""
    return round(sum(1.0 if ord(c) > 0x2E7F else 0.58 for c in text) * size)


def wrap(text: str, width: int, size: int = FONT) -> list[str]:
    """Lines no wider than `width`, after a mark of punctuation where that gives two lines, else as even as can be."""
    total = text_width(text, size)
    if total <= width or len(text) < 2:
        return [text] if text else []
    halves = [
        (text[:n], text[n:]) for n in range(1, len(text)) if text[n - 1] in "，：、；" and text[n] not in _CLOSING
    ]
    fitting = [pair for pair in halves if max(text_width(part, size) for part in pair) <= width]
    if fitting:
        first, second = min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])))
        return [first, second]
    for count in range(2, len(text) + 1):
        for even in range(max(total // count, size), width + 1):
            lines = fill(text, even, size)
            if len(lines) <= count:
                return lines
    return list(text)


_CLOSING = "，。；：？！、）》”"
_HANG = 12  # pixels of padding that one closing mark may hang into


def fill(text: str, width: int, size: int) -> list[str]:
    """A paragraph: lines as full as they can be; a closing mark may hang over the edge rather than start a line.

    An opening mark goes down with what it opens, and a number or Latin word stays whole where it fits on a line.
    """
    lines, line = [], ""
    for char in text:
        room = width + _HANG if char in _CLOSING else width
        if line and text_width(line + char, size) > room:
            kept = line.rstrip(_OPENING)
            if char in _LATIN and line[-1] in _LATIN:
                kept = line.rstrip(_LATIN).rstrip(_OPENING)
            kept = kept or line
            lines.append(kept)
            line = line[len(kept) :]
        line += char
    return [*lines, line]


_OPENING = "（《〈“‘〔【"
_LATIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def task_height(node: Node) -> int:
    lines = len(wrap(node.name, TASK_WIDTH - 12))
    return 26 + lines * LINE + (LINE if node.doc else 0)


def node_size(node: Node) -> tuple[int, int]:
    if node.kind == "task":
        return TASK_WIDTH, task_height(node)
    side = EVENT if node.kind in ("start", "end") else GATE
    return side, side


def special_height(special: Special) -> int:
    """Title, basis and remark, then the row of start, task and end."""
    return 130 + 17 * len(fill(special.doc, SPECIAL_WIDTH - 32, SMALL))


def place(graph: Graph) -> Layout:
    """Coordinates for every node, lane, edge and label of the graph."""
    return _Placer(graph).layout


class _Placer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.out: dict[str, list[Flow]] = {}
        for flow in graph.flows:
            self.out.setdefault(flow.source, []).append(flow)
        self.left: list[int] = []  # per column: where it begins
        self.middle: list[int] = []
        self.row_top: dict[tuple[str, int], int] = {}
        self.row_middle: dict[tuple[str, int], int] = {}
        self.layout = Layout(Box(0, 0, 0, 0))
        self._columns()
        self._rows()
        self._boxes()
        for flow in graph.flows:
            self.layout.edges[flow.id] = self._path(flow)
            if flow.label:
                self.layout.labels[flow.id] = self._flow_label(flow)

    # columns ---------------------------------------------------------------------------------------------------

    def _columns(self) -> None:
        x = MARGIN + POOL_STRIP + LANE_STRIP + GUTTER // 2
        for column in range(max(node.column for node in self.graph.nodes.values()) + 1):
            nodes = [node for node in self.graph.nodes.values() if node.column == column]
            left = max(self._reach(node)[0] for node in nodes)
            right = max(self._reach(node)[1] for node in nodes)
            self.left.append(x)
            self.middle.append(x + left)
            x += left + right + GUTTER
        self.left.append(x)
        specials = len(self.graph.specials)
        self.width = max(x + MARGIN, self.left[1] + min(specials, 2) * (SPECIAL_WIDTH + SPECIAL_GAP) + MARGIN)

    def _reach(self, node: Node) -> tuple[int, int]:
        """How far a node with its texts reaches to the left and to the right of its middle."""
        half = node_size(node)[0] // 2
        if node.kind == "task":
            return half, half
        if node.kind in ("start", "end"):
            wide = max(half, text_width(max(wrap(node.name, 90, SMALL), key=len), SMALL) // 2)
            return wide, wide
        wide = max((text_width(line, SMALL) for line in self._question(node)), default=0)
        left = max(half, wide + 8 if self._topped(node) else wide // 2)
        right = half + 12
        for flow in self.out.get(node.id, []):
            if flow.label:
                offset = half if flow.route == "main" else 0
                right = max(right, offset + 12 + max(text_width(line, SMALL) for line in _label_lines(flow)))
        return left, right

    @staticmethod
    def _question(node: Node) -> list[str]:
        return wrap(node.name, 5 * SMALL, SMALL) if node.kind in ("choice", "parallel") else []

    def _topped(self, node: Node) -> bool:
        """Whether an edge leaves or enters at the top, so that the question has to stand to the left of it."""
        leaving = any(flow.route in _UPWARDS for flow in self.out.get(node.id, []))
        return leaving or any(flow.route == "settled" and flow.target == node.id for flow in self.graph.flows)

    # rows ------------------------------------------------------------------------------------------------------

    def _rows(self) -> None:
        top = y = MARGIN
        pool_x = MARGIN
        lane_x = pool_x + POOL_STRIP
        for number, lane in enumerate(self.graph.lanes):
            start = y
            rows = max((node.row for node in self.graph.nodes.values() if node.lane == lane.key), default=0) + 1
            for row in range(rows):
                members = [n for n in self.graph.nodes.values() if n.lane == lane.key and n.row == row]
                height = max([GATE, *(self._height(node) for node in members)])
                self.row_top[lane.key, row] = y
                self.row_middle[lane.key, row] = y + STRIP + height // 2
                y += height + 2 * STRIP
            if number == len(self.graph.lanes) - 1:
                y = self._under_last_row(y)
            y = max(y, start + _lane_name_height(lane.name))
            self.layout.lanes[lane.key] = Box(lane_x, start, self.width - lane_x - MARGIN, y - start)
        self.layout.pool = Box(pool_x, top, self.width - pool_x - MARGIN, y - top)

    @staticmethod
    def _height(node: Node) -> int:
        height = node_size(node)[1]
        if node.kind in ("start", "end"):
            return height + 2 * (8 + len(wrap(node.name, 90, SMALL)) * 18 - STRIP // 2)
        return height if node.kind == "task" else height + 24

    def _under_last_row(self, y: int) -> int:
        """The line for redo and refusal, then the special procedures, two to a row."""
        self.low = y
        if any(flow.route in ("redo", "refused") for flow in self.graph.flows):
            y += 24
        self.special_top = y
        rows = -(-len(self.graph.specials) // 2)
        self.special_height = max((special_height(special) for special in self.graph.specials), default=0)
        return y + rows * (self.special_height + SPECIAL_GAP)

    # boxes -----------------------------------------------------------------------------------------------------

    def _boxes(self) -> None:
        for node in self.graph.nodes.values():
            w, h = node_size(node)
            cx, cy = self.middle[node.column], self.row_middle[node.lane, node.row]
            box = self.layout.nodes[node.id] = Box(cx - w // 2, cy - h // 2, w, h)
            lines = wrap(node.name, 90, SMALL) if node.kind in ("start", "end") else self._question(node)
            if not lines:
                continue
            wide, high = max(text_width(line, SMALL) for line in lines), 18 * len(lines)
            if node.kind == "end":
                self.layout.labels[node.id] = Box(cx - wide // 2, box.bottom + 6, wide, high)
            elif node.kind == "start":
                self.layout.labels[node.id] = Box(cx - wide // 2, box.y - 6 - high, wide, high)
            else:
                x, lift = (cx - 6 - wide, -8) if self._topped(node) else (cx - wide // 2, 3)
                self.layout.labels[node.id] = Box(x, box.y - high - lift, wide, high)
        for special in self.graph.specials:
            self._special(special)

    def _special(self, special: Special) -> None:
        place_x, place_y = (special.number - 1) % 2, (special.number - 1) // 2
        x = self.left[1] + place_x * (SPECIAL_WIDTH + SPECIAL_GAP)
        y = self.special_top + place_y * (self.special_height + SPECIAL_GAP)
        frame = Box(x, y, SPECIAL_WIDTH, self.special_height)
        cy = frame.bottom - 45
        start = Box(x + 22, cy - EVENT // 2, EVENT, EVENT)
        task = Box(x + 92, cy - 33, 146, 66)
        end = Box(x + 270, cy - EVENT // 2, EVENT, EVENT)
        ids = (special.id, f"{special.id}-start", special.task_id, f"{special.id}-end")
        self.layout.nodes.update(zip(ids, (frame, start, task, end), strict=True))
        for id, box in ((ids[1], start), (ids[3], end)):
            self.layout.labels[id] = Box(box.cx - SMALL, box.bottom + 4, 2 * SMALL, 18)
        self.layout.edges[f"{special.id}-flow-1"] = [(start.right, cy), (task.x, cy)]
        self.layout.edges[f"{special.id}-flow-2"] = [(task.right, cy), (end.x, cy)]

    # edges -----------------------------------------------------------------------------------------------------

    def _path(self, flow: Flow) -> list[Point]:
        source, target = self.layout.nodes[flow.source], self.layout.nodes[flow.target]
        match flow.route:
            case "main":
                return self._main(flow, source, target)
            case "skip" | "returned":
                node = self.graph.nodes[flow.source]
                high = self.row_top[node.lane, node.row] + 12
                return [(source.cx, source.y), (source.cx, high), (target.cx, high), (target.cx, target.y)]
            case "supplement" | "send_up":
                return [(source.cx, source.y), (target.cx, target.bottom)]
            case "submitted" | "reject" | "settled":
                return [(source.cx, source.bottom), (target.cx, target.y)]
            case "supplied":
                x = target.right - 24
                return [(source.x, source.cy), (x, source.cy), (x, target.y)]
            case "refused" | "redo":
                return [
                    (source.cx, source.bottom),
                    (source.cx, self.low),
                    (target.cx, self.low),
                    (target.cx, target.bottom),
                ]

    def _main(self, flow: Flow, source: Box, target: Box) -> list[Point]:
        if source.cy == target.cy:
            return [(source.right, source.cy), (target.x, target.cy)]
        before, after = self.graph.nodes[flow.source], self.graph.nodes[flow.target]
        gutter = before.column + 1 if len(self.out[flow.source]) > 1 else after.column
        x = self.left[gutter] - GUTTER // 2
        return [(source.right, source.cy), (x, source.cy), (x, target.cy), (target.x, target.cy)]

    def _flow_label(self, flow: Flow) -> Box:
        box = self.layout.nodes[flow.source]
        lines = _label_lines(flow)
        wide, high = max(text_width(line, SMALL) for line in lines), 18 * len(lines)
        match flow.route:
            case "main":
                # above the line stands what leaves at the top, so a long label goes below
                return Box(box.right + 6, box.cy - 4 - high if len(lines) == 1 else box.cy + 4, wide, high)
            case "supplement" | "skip" | "send_up" | "returned":
                return Box(box.cx + 7, box.y - 4 - high, wide, high)
        return Box(box.cx + 7, box.bottom + 4, wide, high)


_UPWARDS = ("skip", "supplement", "send_up", "returned")


def _label_lines(flow: Flow) -> list[str]:
    return wrap(flow.label or "", (5 if flow.route == "refused" else 8) * SMALL, SMALL)


def _lane_name_height(name: str) -> int:
    """The lane's name stands at its left, a few characters to a line."""
    return len(wrap(name, LANE_STRIP - 10, 16)) * 22 + 24
