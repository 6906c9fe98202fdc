"""The drawing: nothing runs through a box or a text, and it holds no style the page policy forbids."""

import re
from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings

from mingtang.flows.compile import compile_bpmn
from mingtang.flows.draw import svg, took_box
from mingtang.flows.layout import Box, fill, text_width, wrap
from mingtang.flows.model import FlowSpec
from mingtang.flows.narrow import WIDTH
from mingtang.flows.reading import Diagram, read
from mingtang.flows.sheet import ALONE, BESIDE_WORDS, SMALLEST, _columns, has_lanes, sheet_svg
from mingtang.flows.times import NOTE, Times, Took
from mingtang.flows.wording import as_text

from .specs import HOSTILE, INSTANT, JOINT, LONGEST, PROMISED, flow_specs


def any_flow(test: Callable[[FlowSpec], None]) -> Callable[[], None]:
    """Flows of any form, and those that hold as much and as odd words as may be."""
    for spec in (JOINT, LONGEST, *HOSTILE):
        test = example(spec)(test)
    return settings(max_examples=40, deadline=None)(given(flow_specs())(test))


SVG = "{http://www.w3.org/2000/svg}"


def _times(diagram: Diagram) -> Times:
    """The longest time that is ever said, for every task of the main line."""
    return {node.id: Took(120, 1000) for node in diagram.nodes.values() if node.kind == "task" and not node.inside}


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


@any_flow
def test_edges_are_orthogonal_and_pass_no_box(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    boxes = [node for node in diagram.nodes.values() if node.kind != "special"]
    for id, a, b in _segments(diagram):
        assert a[0] == b[0] or a[1] == b[1], f"{id} is not at right angles"
        for node in boxes:
            assert not _crosses(a, b, node.box), f"{id} runs through {node.id}"


@any_flow
def test_edges_begin_and_end_at_their_boxes(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for flow in diagram.flows:
        for id, (x, y) in ((flow.source, flow.points[0]), (flow.target, flow.points[-1])):
            box = diagram.nodes[id].box
            assert box.x <= x <= box.right and box.y <= y <= box.bottom
            assert x in (box.x, box.right) or y in (box.y, box.bottom), f"{flow.id} does not touch {id}"


@any_flow
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


@any_flow
def test_real_times_stand_at_their_arrow_and_hide_nothing(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for id, took in _times(diagram).items():
        node = diagram.nodes[id]
        box = took_box(node.box, took)
        assert box.right > node.box.right and box.y < node.box.bottom < box.bottom
        words = (len(wrap(node.name, node.box.w - 12)) + bool(node.doc)) * 20
        assert box.y >= node.box.cy + words / 2 - 1, f"the time lies on the words of {id}"
        for edge, a, b in _segments(diagram):
            assert not _crosses(a, b, box, 0), f"{edge} runs through the time of {id}"
        for other in diagram.nodes.values():
            hidden = [other.label] if other is node or other.kind == "special" else [other.label, other.box]
            assert not any(_overlap(box, part) for part in hidden if part), f"the time of {id} lies on {other.id}"
        for flow in diagram.flows:
            assert flow.label is None or not _overlap(box, flow.label), f"the time of {id} lies on {flow.name}"


def _source(diagram: Diagram, id: str) -> str:
    return next((flow.source for flow in diagram.flows if flow.id == id), "")


@any_flow
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


@any_flow
def test_both_drawings_show_every_task_and_carry_no_inline_style(spec: FlowSpec) -> None:
    bpmn = compile_bpmn(spec)
    tasks = [node for node in read(bpmn).nodes.values() if node.kind == "task"]
    for narrow in (False, True):
        drawn = svg(bpmn, {"intake"}, {"submit"}, narrow=narrow)
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        _has_no_style_or_script(drawn)
        shown = _shown(drawn)
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


@settings(max_examples=30, deadline=None)
@given(flow_specs())
def test_times_are_said_on_the_arrows_and_in_words_and_change_no_byte(spec: FlowSpec) -> None:
    bpmn = compile_bpmn(spec)
    times = {"intake": Took(2, 12), "serve": Took(0, 11)}
    wide, narrow = svg(bpmn, times=times), svg(bpmn, narrow=True, times=times)
    assert wide.count(">约2天<") == wide.count(">当天<") == 1
    assert wide.count(f">{NOTE}<") == 1 and NOTE[:10] in narrow
    told = "".join(as_text(bpmn, times))
    for said in (_shown(narrow), told, wide, sheet_svg(bpmn, times)):
        assert "实际：12 件里一半在 2 个工作日内办完" in said and "实际：11 件里一半当天办完" in said
    for drawn in (svg(bpmn), svg(bpmn, times={"other": Took(1, 5)}), "".join(as_text(bpmn))):
        assert "实际" not in drawn
    assert compile_bpmn(spec) == bpmn


def _has_no_style_or_script(drawn: str) -> None:
    for element in ElementTree.fromstring(drawn).iter():
        assert element.tag.removeprefix(SVG) in {"svg", "g", "title", "desc", "defs", "marker", "path", "rect", "text",
                                                 "polyline", "polygon", "circle"}  # fmt: skip
        assert not any(name == "style" or name.startswith("on") for name in element.attrib)


def _shown(drawn: str) -> str:
    return "".join(element.text or "" for element in ElementTree.fromstring(drawn).iter(f"{SVG}text"))


def test_ways_back_are_broken_lines() -> None:
    bpmn = compile_bpmn(JOINT)
    back = [flow for flow in read(bpmn).flows if flow.goes_back]
    assert {flow.name for flow in back} == {"退回重办", "退回镇里"}
    broken = re.findall(r'<polyline points="([^"]+)"[^>]*stroke-dasharray', svg(bpmn))
    assert sorted(broken) == sorted(" ".join(f"{x},{y}" for x, y in flow.points) for flow in back)


def test_a_lane_says_its_name_again_where_a_screen_has_lost_it() -> None:
    bpmn = compile_bpmn(LONGEST)
    diagram, shown = read(bpmn), _shown(svg(bpmn))
    assert diagram.pool.w > 6000
    assert all(shown.count(lane.name) >= 3 for lane in diagram.lanes)
    assert _shown(svg(compile_bpmn(PROMISED))).count("申请人") == 1


def test_a_long_title_takes_as_many_lines_as_it_needs() -> None:
    bpmn = compile_bpmn(FlowSpec(**{**_fields(INSTANT), "name": "农村村民住宅建设" * 15}))
    for drawn in (svg(bpmn), svg(bpmn, narrow=True)):
        width = int(re.search(r'width="(\d+)"', drawn)[1])
        titles = re.findall(r'font-size="2[01]"[^>]*>([^<]+)<', drawn)
        assert len(titles) > 1 and "".join(titles) == "农村村民住宅建设" * 15
        assert all(text_width(line, 21) <= width for line in titles)


@pytest.mark.parametrize("spec", [INSTANT, PROMISED, JOINT, LONGEST], ids=lambda spec: spec.kind + spec.item_code)
def test_what_is_printed_on_one_sheet_is_large_enough_to_read(spec: FlowSpec) -> None:
    bpmn = compile_bpmn(spec)
    drawn = sheet_svg(bpmn, _times(read(bpmn)))
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', drawn).groups())
    room = BESIDE_WORDS if has_lanes(bpmn) else ALONE
    assert min(room[0] / width, room[1] / height) >= SMALLEST
    shown = _shown(drawn)
    assert all(node.name in shown for node in read(bpmn).nodes.values() if node.kind in ("task", "special"))
    assert ("接上一栏" in shown) == (not has_lanes(bpmn)) == (spec is LONGEST)
    _has_no_style_or_script(drawn)


@any_flow
def test_boxes_on_a_sheet_stand_apart(spec: FlowSpec) -> None:
    """Every block of a column begins under the one before and all lie on the sheet."""
    drawn = ElementTree.fromstring(_columns(compile_bpmn(spec), {}))
    width, height = int(drawn.get("width")), int(drawn.get("height"))
    last = (-1, 0)
    for group in drawn.iter(f"{SVG}g"):
        x, y = map(int, re.findall(r"\d+", group.get("transform")))
        rects = [(int(r.get("y")), int(r.get("height"))) for r in group.iter(f"{SVG}rect")]
        assert x > last[0] or y > last[1]
        last = (x, y + max(top + high for top, high in rects))
        assert x + WIDTH <= width and last[1] <= height


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("便民服务中心（窗口）", ["便民服务中心", "（窗口）"]),
        ("综合窗口12号窗", ["综合窗口", "12号窗"]),
    ],
)
def test_a_line_does_not_end_with_an_opening_mark_or_inside_a_number(words: str, lines: list[str]) -> None:
    assert fill(words, text_width(lines[0] + words[len(lines[0])], 15), 15) == lines


def test_two_drawings_on_one_page_share_no_id() -> None:
    bpmn = compile_bpmn(LONGEST)
    ids = [set(re.findall(r' id="([^"]+)"', drawn)) for drawn in (svg(bpmn), svg(bpmn, narrow=True), sheet_svg(bpmn))]
    assert all(ids) and sum(map(len, ids)) == len(set.union(*ids))


def test_names_that_look_like_markup_are_shown_as_text() -> None:
    bpmn = compile_bpmn(FlowSpec(**{**_fields(INSTANT), "name": '<b onclick="x">&证'}))
    for narrow in (False, True):
        drawn = svg(bpmn, narrow=narrow)
        assert "<b" not in drawn and "&lt;b" in drawn


def _fields(spec: FlowSpec) -> dict[str, object]:
    return {name: getattr(spec, name) for name in FlowSpec.__dataclass_fields__}


def test_the_words_name_steps_offices_limits_and_what_runs_side_by_side() -> None:
    told = "".join(as_text(compile_bpmn(JOINT)))
    assert "第3步，现场勘查（自然资源所，限 3 个工作日）。" in told
    assert (
        "第4步，同时办理：用地审查（自然资源所，限 5 个工作日）；乡村建设规划审查（村镇建设办，限 5 个工作日）" in told
    )
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
