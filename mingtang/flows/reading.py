"""BPMN bytes → what they hold: nodes, edges, lanes, coordinates. The engine and the drawings look only here."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from mingtang.flows import expressions
from mingtang.flows.compile import BPMNDI, DC, DI, MODEL
from mingtang.flows.layout import Box, Point
from mingtang.lib.errors import Refused

M, S, C, D = f"{{{MODEL}}}", f"{{{BPMNDI}}}", f"{{{DC}}}", f"{{{DI}}}"
FLOW_NODES = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "task",
    "exclusiveGateway": "choice",
    "parallelGateway": "parallel",
    "subProcess": "special",
}
OTHER_ELEMENTS = {"laneSet", "sequenceFlow", "documentation"}  # what else may stand in a process
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class ReadNode:
    """A flow node as drawn; `inside` is the id of the special procedure it belongs to, if any."""

    id: str
    kind: str
    name: str
    doc: str
    lane: str
    box: Box
    label: Box | None
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """A sequence flow as drawn."""

    id: str
    source: str
    target: str
    condition: str | None
    name: str
    points: tuple[Point, ...]
    label: Box | None

    @property
    def goes_back(self) -> bool:
        """Whether it leads back to a step that is to be done again."""
        return (self.condition or "").startswith(("route == 'redo'", "route == 'returned'"))


@dataclass(frozen=True, slots=True)
class ReadLane:
    key: str
    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything in one BPMN file; node order is the order of the process."""

    name: str
    pool: Box
    lanes: tuple[ReadLane, ...]
    nodes: dict[str, ReadNode]
    flows: tuple[ReadFlow, ...]

    def outgoing(self, node_id: str) -> list[ReadFlow]:
        return [flow for flow in self.flows if flow.source == node_id]

    def lane(self, key: str) -> ReadLane:
        return next(lane for lane in self.lanes if lane.key == key)


def sha256(bpmn: bytes) -> str:
    """Lower-case hex of the bytes: the identity of a flow."""
    return hashlib.sha256(bpmn).hexdigest()


@lru_cache(maxsize=64)
def read(bpmn: bytes) -> Diagram:
    """Parse bytes made by `compile_bpmn`; raises `Refused` for anything else, a script or a call in it included."""
    if len(bpmn) > MAX_BYTES:
        raise Refused("流程文件太大，不能打开，请重新生成。")
    try:
        root = etree.fromstring(bpmn, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
        return _diagram(root)
    except (etree.XMLSyntaxError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("流程文件读不出来，请重新生成。") from error


def _diagram(root: Any) -> Diagram:
    shapes = {shape.get("bpmnElement"): shape for shape in root.iter(f"{S}BPMNShape")}
    edges = {edge.get("bpmnElement"): edge for edge in root.iter(f"{S}BPMNEdge")}
    process = root.find(f"{M}process")
    lanes, lane_of = [], {}
    for lane in process.iter(f"{M}lane"):
        key = lane.get("id").removeprefix("Lane-")
        lanes.append(ReadLane(key, lane.get("name"), _box(shapes[lane.get("id")])))
        lane_of.update({ref.text: key for ref in lane.iter(f"{M}flowNodeRef")})
    nodes: dict[str, ReadNode] = {}
    for parent in (process, *process.iter(f"{M}subProcess")):
        inside = None if parent is process else parent.get("id")
        for element in parent:
            tag = etree.QName(element).localname
            kind = FLOW_NODES.get(tag)
            if kind is None and tag not in OTHER_ELEMENTS:
                raise Refused(f"流程文件里有不认识的内容（{tag}），请重新生成。")
            if kind:
                id = element.get("id")
                shape = shapes[id]
                doc = element.findtext(f"{M}documentation") or ""
                lane_key = lane_of[inside or id]
                name = element.get("name", "")
                nodes[id] = ReadNode(id, kind, name, doc, lane_key, _box(shape), _label(shape), inside)
    flows = tuple(_flow(flow, edges[flow.get("id")]) for flow in process.iter(f"{M}sequenceFlow"))
    for flow in flows:
        if flow.condition is not None:
            expressions.check(flow.condition)
    return Diagram(process.get("name"), _box(shapes["Pool"]), tuple(lanes), nodes, flows)


def _flow(element: Any, edge: Any) -> ReadFlow:
    points = tuple((int(p.get("x")), int(p.get("y"))) for p in edge.iter(f"{D}waypoint"))
    condition = element.findtext(f"{M}conditionExpression")
    name = element.get("name", "")
    return ReadFlow(
        element.get("id"), element.get("sourceRef"), element.get("targetRef"), condition, name, points, _label(edge)
    )


def _label(element: Any) -> Box | None:
    label = element.find(f"{S}BPMNLabel")
    return None if label is None else _box(label)


def _box(element: Any) -> Box:
    bounds = element.find(f"{C}Bounds")
    return Box(*(int(bounds.get(name)) for name in ("x", "y", "width", "height")))
