"""Spec → BPMN 2.0 bytes with its diagram: stable ids, no times, so equal specs give equal bytes.

Standard: OMG BPMN 2.0 (formal/2011-01-03), schemas BPMN20.xsd and BPMNDI.xsd. Working-day limits stand as
documentation of the task and are what the drawing prints.
"""

from typing import Any
from urllib.parse import quote

from lxml import etree

from mingtang.flows.graph import Graph, Node, Special, build
from mingtang.flows.layout import Box, Layout, Point, place
from mingtang.flows.model import FlowSpec, validate
from mingtang.lib.errors import Refused

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {"bpmn": MODEL, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}
PROCESS_ID = "Process"

_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "choice": "exclusiveGateway",
    "parallel": "parallelGateway",
}


def compile_bpmn(spec: FlowSpec) -> bytes:
    """The process of this item version: executed, drawn and downloaded as these very bytes.

    Raises `Refused` with the first issue when the spec does not validate.
    """
    issues = validate(spec)
    if issues:
        raise Refused(issues[0])
    graph = build(spec)
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap=NAMESPACES)
    root.set("id", "Definitions")
    root.set("name", spec.name)
    root.set("targetNamespace", f"urn:mingtang:item:{quote(spec.item_code, safe='')}:{spec.version}")
    for special in graph.specials:
        _child(root, "signal", id=special.signal, name=special.signal)
    collaboration = _child(root, "collaboration", id="Collaboration")
    _child(collaboration, "participant", id="Pool", name=spec.name, processRef=PROCESS_ID)
    _process(root, spec, graph)
    _diagram(root, graph, place(graph))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _child(parent: Any, tag: str, namespace: str = MODEL, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{namespace}}}{tag}")
    for name, value in attributes.items():
        element.set(name, value)
    element.text = text
    return element


def _process(root: Any, spec: FlowSpec, graph: Graph) -> None:
    process = _child(root, "process", id=PROCESS_ID, name=spec.name, processType="None", isClosed="false")
    process.set("isExecutable", "true")
    lane_set = _child(process, "laneSet", id="Lanes")
    for lane in graph.lanes:
        element = _child(lane_set, "lane", id=f"Lane-{lane.key}", name=lane.name)
        for node in graph.nodes.values():
            if node.lane == lane.key:
                _child(element, "flowNodeRef", text=node.id)
        if lane is graph.lanes[-1]:
            for special in graph.specials:
                _child(element, "flowNodeRef", text=special.id)
    for node in graph.nodes.values():
        _node(process, node, graph)
    for special in graph.specials:
        _special(process, special)
    for flow in graph.flows:
        element = _child(process, "sequenceFlow", id=flow.id)
        if flow.label:
            element.set("name", flow.label)
        element.set("sourceRef", flow.source)
        element.set("targetRef", flow.target)
        if flow.condition is not None:
            condition = _child(element, "conditionExpression", text=flow.condition)
            condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")


def _node(process: Any, node: Node, graph: Graph) -> None:
    element = _child(process, _TAGS[node.kind], id=node.id)
    if node.name:
        element.set("name", node.name)
    if node.doc:
        _child(element, "documentation", text=node.doc)
    incoming = [flow.id for flow in graph.flows if flow.target == node.id]
    outgoing = [flow.id for flow in graph.flows if flow.source == node.id]
    if node.kind in ("choice", "parallel"):
        element.set("gatewayDirection", "Diverging" if len(outgoing) > 1 else "Converging")
        if len(outgoing) > 1 and len(incoming) > 1:
            element.set("gatewayDirection", "Mixed")
    for id in incoming:
        _child(element, "incoming", text=id)
    for id in outgoing:
        _child(element, "outgoing", text=id)


def _special(process: Any, special: Special) -> None:
    """A non-interrupting event sub-process: may start at any moment between acceptance and decision, then ends."""
    sub = _child(process, "subProcess", id=special.id, name=f"审查期间如需{special.name}", triggeredByEvent="true")
    _child(sub, "documentation", text=special.doc)
    first, second = f"{special.id}-flow-1", f"{special.id}-flow-2"
    start = _child(sub, "startEvent", id=f"{special.id}-start", name="启动", isInterrupting="false")
    _child(start, "outgoing", text=first)
    _child(start, "signalEventDefinition", id=f"{special.id}-signal", signalRef=special.signal)
    task = _child(sub, "userTask", id=special.task_id, name=special.name)
    _child(task, "documentation", text="时间不计入期限")
    _child(task, "incoming", text=first)
    _child(task, "outgoing", text=second)
    _child(_child(sub, "endEvent", id=f"{special.id}-end", name="结束"), "incoming", text=second)
    _child(sub, "sequenceFlow", id=first, sourceRef=f"{special.id}-start", targetRef=special.task_id)
    _child(sub, "sequenceFlow", id=second, sourceRef=special.task_id, targetRef=f"{special.id}-end")


def _diagram(root: Any, graph: Graph, layout: Layout) -> None:
    diagram = _child(root, "BPMNDiagram", BPMNDI, id="Diagram")
    plane = _child(diagram, "BPMNPlane", BPMNDI, id="Plane", bpmnElement="Collaboration")
    _shape(plane, "Pool", layout.pool, isHorizontal="true")
    for lane in graph.lanes:
        _shape(plane, f"Lane-{lane.key}", layout.lanes[lane.key], isHorizontal="true")
    frames = {special.id for special in graph.specials}
    gateways = {node.id for node in graph.nodes.values() if node.kind == "choice"}
    for id, box in layout.nodes.items():
        extra = {"isExpanded": "true"} if id in frames else {"isMarkerVisible": "true"} if id in gateways else {}
        _shape(plane, id, box, layout.labels.get(id), **extra)
    for id, points in layout.edges.items():
        _edge(plane, id, points, layout.labels.get(id))


def _shape(plane: Any, id: str, box: Box, label: Box | None = None, **attributes: str) -> None:
    shape = _child(plane, "BPMNShape", BPMNDI, id=f"Shape-{id}", bpmnElement=id, **attributes)
    _bounds(shape, box)
    _label(shape, label)


def _edge(plane: Any, id: str, points: list[Point], label: Box | None) -> None:
    edge = _child(plane, "BPMNEdge", BPMNDI, id=f"Edge-{id}", bpmnElement=id)
    for x, y in points:
        _child(edge, "waypoint", DI, x=str(x), y=str(y))
    _label(edge, label)


def _label(element: Any, box: Box | None) -> None:
    if box is not None:
        _bounds(_child(element, "BPMNLabel", BPMNDI), box)


def _bounds(element: Any, box: Box) -> None:
    _child(element, "Bounds", DC, x=str(box.x), y=str(box.y), width=str(box.w), height=str(box.h))
