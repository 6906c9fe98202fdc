"""The drawing: nothing runs through a box or a text, and it holds no style the page policy forbids."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from mingtang.flows.compile import compile_bpmn
from mingtang.flows.draw import svg
from mingtang.flows.layout import Box, text_width, wrap
from mingtang.flows.model import FlowSpec
from mingtang.flows.reading import Diagram, read
from mingtang.flows.wording import as_text

from .specs import INSTANT, JOINT, PROMISED, flow_specs


def _crosses(a: tuple[int, int], b: tuple[int, int], box: Box, inset: int = 1) -> bool:
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    return left < box.right - inset and right > box.x + inset and top < box.bottom - inset and bottom > box.y + inset


def _overlap(a: Box, b: Box) -> bool:
    return _crosses((a.x, a.y), (a.right, a.bottom), b)


def _segments(diagram: Diagram) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    return [(flow.id, a, b) for flow in diagram.flows for a, b in zip(flow.points, flow.points[1:], strict=False)]


def _texts(diagram: Diagram) -> dict[tuple[str, Box], str]:
    """Labels with their boxes; a bundle of edges that shares one label counts once."""
    found = {(node.name, node.label): node.id for node in diagram.nodes.values() if node.label}
    return found | {(flow.name, flow.label): flow.id for flow in diagram.flows if flow.label}


@settings(max_examples=60, deadline=None)
@given(flow_specs())
def test_edges_are_orthogonal_and_pass_no_box(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    boxes = [node for node in diagram.nodes.values() if node.kind != "special"]
    for id, a, b in _segments(diagram):
        assert a[0] == b[0] or a[1] == b[1], f"{id} is not at right angles"
        for node in boxes:
            assert not _crosses(a, b, node.box), f"{id} runs through {node.id}"


@settings(max_examples=60, deadline=None)
@given(flow_specs())
def test_edges_begin_and_end_at_their_boxes(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for flow in diagram.flows:
        for id, (x, y) in ((flow.source, flow.points[0]), (flow.target, flow.points[-1])):
            box = diagram.nodes[id].box
            assert box.x <= x <= box.right and box.y <= y <= box.bottom
            assert x in (box.x, box.right) or y in (box.y, box.bottom), f"{flow.id} does not touch {id}"


@settings(max_examples=60, deadline=None)
@given(flow_specs())
def test_texts_are_free_of_edges_boxes_and_each_other(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    texts = _texts(diagram)
    for (words, box), id in texts.items():
        for edge, a, b in _segments(diagram):
            assert not _crosses(a, b, box), f"{edge} runs through the words {words} of {id}"
        for node in diagram.nodes.values():
            if node.kind in ("task", "start", "end") or node.id not in (id, _source(diagram, id)):
                assert node.kind == "special" or not _overlap(node.box, box), f"{words} lies on {node.id}"
    for ((one, a), _), ((two, b), _) in combinations(texts.items(), 2):
        assert not _overlap(a, b), f"{one} lies on {two}"


def _source(diagram: Diagram, id: str) -> str:
    return next((flow.source for flow in diagram.flows if flow.id == id), "")


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_everything_lies_inside_its_lane_and_boxes_stand_apart(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for node in diagram.nodes.values():
        lane = diagram.lane(node.lane).box
        for box in filter(None, (node.box, node.label)):
            assert lane.x <= box.x and box.right <= lane.right, node.id
            assert lane.y <= box.y and box.bottom <= lane.bottom, node.id
        if node.kind == "task":
            assert (len(wrap(node.name, node.box.w - 12)) + bool(node.doc)) * 20 <= node.box.h
            assert all(text_width(line) <= node.box.w for line in wrap(node.name, node.box.w - 12))
    for one, two in combinations(diagram.nodes.values(), 2):
        nested = one.id == two.inside or two.id == one.inside
        assert nested or not _overlap(one.box, two.box), f"{one.id} lies on {two.id}"


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_both_drawings_show_every_task_and_carry_no_inline_style(spec: FlowSpec) -> None:
    bpmn = compile_bpmn(spec)
    tasks = [node for node in read(bpmn).nodes.values() if node.kind == "task"]
    for narrow in (False, True):
        drawn = svg(bpmn, {"intake"}, {"submit"}, narrow=narrow)
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", drawn)
        shown = "".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))
        assert all(node.name in shown for node in tasks)
        assert "当前" in shown and "✓" in shown


@pytest.mark.parametrize("spec", [INSTANT, PROMISED, JOINT], ids=["instant", "promised", "joint"])
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_every_task_can_be_marked_as_current_by_word_and_thick_border(spec: FlowSpec, narrow: bool) -> None:
    bpmn = compile_bpmn(spec)
    for node in read(bpmn).nodes.values():
        if node.kind == "task":
            drawn = svg(bpmn, {node.id}, narrow=narrow)
            assert drawn.count("当前</text>") == 1
            assert re.search(r'<rect [^>]*stroke="#1a4f8b" stroke-width="4"/>', drawn)


def test_two_drawings_on_one_page_share_no_id() -> None:
    bpmn = compile_bpmn(JOINT)
    ids = [set(re.findall(r' id="([^"]+)"', svg(bpmn, narrow=narrow))) for narrow in (False, True)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]


def test_names_that_look_like_markup_are_shown_as_text() -> None:
    bpmn = compile_bpmn(FlowSpec(**{**_fields(INSTANT), "name": '<b onclick="x">&证'}))
    for narrow in (False, True):
        drawn = svg(bpmn, narrow=narrow)
        assert "<b" not in drawn and "&lt;b" in drawn


def _fields(spec: FlowSpec) -> dict[str, object]:
    return {name: getattr(spec, name) for name in FlowSpec.__dataclass_fields__}


def test_the_words_name_steps_offices_limits_and_what_runs_side_by_side() -> None:
    told = "".join(as_text(compile_bpmn(JOINT)))
    assert "第3步，现场勘查（自然资源所，限3个工作日）。" in told
    assert "第4步，同时办理：用地审查（自然资源所，限5个工作日）；乡村建设规划审查（村镇建设办，限5个工作日）" in told
    assert "退回那一步重办" in told and "报送华容县自然资源局" in told and "审查期间如需检测" in told
    assert "只在“金额超过三千元”时办" in "".join(as_text(compile_bpmn(PROMISED)))


@settings(max_examples=30, deadline=None)
@given(flow_specs())
def test_the_words_name_every_step_in_order(spec: FlowSpec) -> None:
    told = as_text(compile_bpmn(spec))
    numbered = [sentence for sentence in told if sentence.startswith("第")]
    assert [s.split("步")[0] for s in numbered] == [f"第{n}" for n in range(1, len(numbered) + 1)]
    assert all(step.name in "".join(told) for step in spec.steps)
    assert all(sentence.endswith("。") for sentence in told)
