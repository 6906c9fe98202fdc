"""A flow opens in another BPMN tool: nothing is warned of, everything stands where our file says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from playwright.sync_api import Browser, Page

from mingtang.flows.compile import compile_bpmn
from mingtang.flows.model import FlowSpec
from mingtang.flows.reading import Diagram, read
from tests.browser.viewer import SCRIPT
from tests.unit.flows.specs import HOSTILE, INSTANT, JOINT, LONGEST, PROMISED, flow_specs

pytestmark = [pytest.mark.browser, pytest.mark.bpmn_js, pytest.mark.xdist_group("browser")]

OPEN = """async xml => {
  window.viewer?.destroy()
  window.viewer = new BpmnJS({container: document.body})
  const {warnings} = await viewer.importXML(xml)
  const boxes = {}, lines = {}, labels = {}
  viewer.get('elementRegistry').forEach(one => {
    const box = [one.x, one.y, one.width, one.height]
    if (one.labelTarget) labels[one.labelTarget.id] = [one.businessObject.name, one.x, one.y]
    else if (one.waypoints) lines[one.id] = one.waypoints.map(({x, y}) => [x, y])
    else boxes[one.id] = box
  })
  const {xml: saved} = await viewer.saveXML({format: true})
  return {warnings: warnings.map(warning => warning.message), boxes, lines, labels, saved}
}"""


@pytest.fixture(scope="module")
def tool(browser: Browser) -> Iterator[Callable[[bytes], Any]]:
    """Opens a file in the viewer; it may ask no network for anything."""
    context = browser.new_context(offline=True, viewport={"width": 1600, "height": 1000})
    page: Page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.add_script_tag(path=SCRIPT)
    yield lambda bpmn: page.evaluate(OPEN, bpmn.decode())
    context.close()
    assert troubles == []


def opens_as_drawn(tool: Callable[[bytes], Any], bpmn: bytes) -> None:
    seen, ours = tool(bpmn), read(bpmn)
    assert seen["warnings"] == []
    boxes = {node.id: node.box for node in ours.nodes.values()}
    boxes |= {f"Lane-{lane.key}": lane.box for lane in ours.lanes} | {"Pool": ours.pool}
    assert {id: [b.x, b.y, b.w, b.h] for id, b in boxes.items()} == {
        id: box for id, box in seen["boxes"].items() if id != "Collaboration"
    }
    assert {flow.id: [[x, y] for x, y in flow.points] for flow in ours.flows} == seen["lines"]
    assert seen["labels"].items() >= _labels(ours).items()
    assert _model(read(seen["saved"].encode())) == _model(ours)


def _labels(diagram: Diagram) -> dict[str, list[Any]]:
    labelled = [*diagram.nodes.values(), *diagram.flows]
    return {one.id: [one.name, one.label.x, one.label.y] for one in labelled if one.label}


def _model(diagram: Diagram) -> Any:
    """What the file means: kinds, names, limits, lanes, conditions."""
    nodes = {(node.id, node.kind, node.name, node.doc, node.lane, node.inside) for node in diagram.nodes.values()}
    return nodes, {(flow.id, flow.source, flow.target, flow.condition, flow.name) for flow in diagram.flows}


@pytest.mark.parametrize("code", ["LN-001", "LM-001", "JF-001", "JZ-001"])
def test_a_demo_item_opens(tool, house, browser, code):
    context = browser.new_context()
    answer = context.request.get(f"{house.url}/services/{code}/flow.bpmn")
    opens_as_drawn(tool, answer.body())
    context.close()


@pytest.mark.parametrize("spec", [INSTANT, PROMISED, JOINT, LONGEST, *HOSTILE], ids=lambda spec: spec.item_code)
def test_what_a_town_may_write_opens(tool, spec: FlowSpec):
    opens_as_drawn(tool, compile_bpmn(spec))


@settings(max_examples=40, deadline=None)
@given(spec=flow_specs())
def test_any_flow_opens(tool, spec: FlowSpec):
    opens_as_drawn(tool, compile_bpmn(spec))
