"""Compiling: equal specs give equal bytes, valid by the standard's schema, with everything drawn."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from mingtang.flows import engine
from mingtang.flows.compile import compile_bpmn
from mingtang.flows.model import MAX_CONDITION, FlowSpec, Lane, Step, units, validate
from mingtang.flows.reading import read
from mingtang.lib.errors import Refused

from .specs import APPLICANT, HOSTILE, INSTANT, JOINT, LEADER, LONGEST, PROMISED, WINDOW, flow_specs

M = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "data/standards/bpmn/xsd/BPMN20.xsd"))


@pytest.mark.shared
@pytest.mark.parametrize("spec", [INSTANT, PROMISED, JOINT, LONGEST, *HOSTILE], ids=lambda spec: spec.item_code)
def test_what_a_town_may_write_is_valid_by_the_schema(schema: etree.XMLSchema, spec: FlowSpec) -> None:
    assert validate(spec) == []
    schema.assertValid(etree.fromstring(compile_bpmn(spec)))


@pytest.mark.shared
@settings(max_examples=40, deadline=None)
@given(spec=flow_specs())
def test_every_flow_is_valid_by_the_schema(schema: etree.XMLSchema, spec: FlowSpec) -> None:
    schema.assertValid(etree.fromstring(compile_bpmn(spec)))


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_equal_specs_give_equal_bytes(spec: FlowSpec) -> None:
    assert validate(spec) == []
    copy = FlowSpec(**{name: getattr(spec, name) for name in FlowSpec.__dataclass_fields__})
    assert compile_bpmn(spec) == compile_bpmn(copy)


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_every_element_is_drawn_once_and_every_choice_is_labelled(spec: FlowSpec) -> None:
    root = etree.fromstring(compile_bpmn(spec))
    drawn = [e.get("bpmnElement") for e in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")]
    tags = ("userTask", "startEvent", "endEvent", "exclusiveGateway", "parallelGateway", "subProcess", "sequenceFlow")
    elements = [e.get("id") for e in root.iter(*(M + tag for tag in tags))]
    lanes = [e.get("id") for e in root.iter(f"{M}lane")]
    assert sorted(drawn) == sorted([*elements, *lanes, "Pool"])
    for flow in root.iter(f"{M}sequenceFlow"):
        if flow.find(f"{M}conditionExpression") is not None:
            assert flow.get("name")
    in_lanes = [ref.text for ref in root.iter(f"{M}flowNodeRef")]
    assert len(in_lanes) == len(set(in_lanes))


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_no_choice_has_an_undrawn_default(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for node in diagram.nodes.values():
        leaving = diagram.outgoing(node.id)
        if node.kind == "choice" and len(leaving) > 1:
            assert all(flow.condition and flow.name for flow in leaving)
        elif node.kind != "parallel":
            assert len(leaving) == (0 if node.kind in ("end", "special") else 1)


@settings(max_examples=40, deadline=None)
@given(flow_specs())
def test_no_parallel_gateway_waits_for_an_edge_that_may_never_come(spec: FlowSpec) -> None:
    diagram = read(compile_bpmn(spec))
    for node in diagram.nodes.values():
        if node.kind == "parallel":
            arriving = [flow for flow in diagram.flows if flow.target == node.id]
            assert len(arriving) == 1 or len(diagram.outgoing(node.id)) == 1
            assert all(flow.condition is None for flow in arriving)


def test_limits_stand_in_the_documentation_of_the_task() -> None:
    root = etree.fromstring(compile_bpmn(JOINT))
    site = next(task for task in root.iter(f"{M}userTask") if task.get("id") == "site")
    assert site.findtext(f"{M}documentation") == "限 3 个工作日"


def test_an_instant_item_goes_from_acceptance_to_the_decision() -> None:
    diagram = read(compile_bpmn(INSTANT))
    assert {n.id for n in diagram.nodes.values() if n.kind == "task"} == {"intake", "supply", "decide", "serve"}
    assert [lane.name for lane in diagram.lanes] == ["申请人", "便民服务中心窗口"]


def test_an_invalid_spec_is_not_compiled() -> None:
    with pytest.raises(Refused, match="至少要有一个办理步骤"):
        compile_bpmn(_with(PROMISED, steps=()))


def _with(spec: FlowSpec, **changes: object) -> FlowSpec:
    return FlowSpec(**{**{name: getattr(spec, name) for name in FlowSpec.__dataclass_fields__}, **changes})


def _steps(*steps: Step) -> FlowSpec:
    return _with(PROMISED, steps=steps)


def _long(length: int) -> str:
    """A condition of so many characters."""
    return "x == 1 or".ljust(length - 6) + "x == 2"


@pytest.mark.parametrize(
    ("spec", "issue"),
    [
        (_with(PROMISED, lanes=(APPLICANT, WINDOW, LEADER)), "泳道“land”不在泳道名单里"),
        (_with(PROMISED, lanes=(*PROMISED.lanes, Lane("land", "另一个"))), "写了两次"),
        (_with(INSTANT, decider_lane=""), "没有写明决定人"),
        (_with(INSTANT, window_lane="nobody"), "窗口的泳道“nobody”不在"),
        (_with(INSTANT, decider_lane="applicant"), "不能同时是"),
        (_with(INSTANT, lanes=(APPLICANT, WINDOW, Lane("upper", "上级"))), "泳道代码“upper”"),
        (_with(INSTANT, lanes=(APPLICANT, WINDOW, Lane("Mayor", "镇长"))), "泳道代码“Mayor”"),
        (_steps(Step("a", "甲", "land"), Step("a", "乙", "land")), "步骤代码“a”写了两次"),
        (_steps(Step("甲", "甲", "land")), "步骤代码“甲”不合规"),
        (_steps(Step("1a", "甲", "land")), "步骤代码“1a”不合规"),
        (_steps(Step("decide", "甲", "land")), "系统专用"),
        (_steps(Step("suspended_1", "甲", "land")), "系统专用"),
        (_steps(Step("a", " ", "land")), "没有名称"),
        (_steps(Step("a", "甲" * 33, "land")), "名称太长"),
        (_steps(Step("a", "甲\x07", "land")), "控制字符"),
        (_steps(Step("a", "甲", "applicant")), "申请人的泳道"),
        (_steps(Step("a", "甲", "land", 0)), "1 个以上工作日"),
        (_steps(Step("a", "甲", "land", group="g")), "只有一个步骤"),
        (
            _steps(*(Step(f"s{n}", "甲", "land", group=g) for n, g in enumerate(("g", "g", None, "g", "g")))),
            "没有排在一起",
        ),
        (_steps(*(Step(f"s{n}", "甲", "land", group="一组") for n in range(2))), "并行组代码“一组”"),
        (_steps(Step("a", "甲", "land", condition="x == 1")), "有条件却没有说明"),
        (_steps(Step("a", "甲", "land", condition_label="是")), "没有条件"),
        (_steps(Step("a", "甲", "land", None, None, "__import__('os')", "是")), "条件不能用"),
        (_steps(Step("a", "甲", "land", None, None, "x.y == 1", "是")), "条件不能用"),
        (_steps(Step("a", "甲", "land", None, None, "f(x)", "是")), "条件不能用"),
        (_steps(Step("a", "甲", "land", None, None, "x ==", "是")), "写得不完整"),
        (_steps(Step("a", "甲", "land", None, None, "1 == 1", "是")), "没有用到任何情况"),
        (_steps(Step("a", "甲", "land", None, None, "route == 'redo'", "是")), "系统专用的名称“route”"),
        (_steps(Step("a", "甲", "land", None, None, _long(MAX_CONDITION + 1), "是")), "条件太长"),
        (_with(INSTANT, version=0), "版本号"),
        (_with(INSTANT, item_code=" "), "事项代码"),
        (_with(INSTANT, kind="slow"), "办理方式"),
        (_with(JOINT, suspensions=(("听证", ""),)), "依据条文"),
        (_with(JOINT, suspensions=(("听证", "第46条"), ("听证", "第46条"))), "特别程序写了两次"),
        (_with(JOINT, sends_up=(" ",)), "上级机关"),
    ],
)
def test_each_fault_is_named_in_a_sentence(spec: FlowSpec, issue: str) -> None:
    issues = validate(spec)
    assert any(issue in sentence for sentence in issues), issues
    assert all(sentence.endswith("。") for sentence in issues)


def test_the_longest_condition_runs() -> None:
    bpmn = compile_bpmn(_steps(Step("a", "甲", "land", None, None, _long(MAX_CONDITION), "是")))
    assert engine.start(bpmn, {"x": 1}).ready[0].key == "intake"


def test_units_keep_the_order_and_the_groups() -> None:
    assert [[step.key for step in unit] for unit in units(JOINT)] == [["site"], ["plot", "plan"], ["sum"]]


def test_the_downloaded_bytes_are_the_executed_bytes() -> None:
    bpmn = compile_bpmn(JOINT)
    assert read(bpmn) is read(bytes(bpmn))
    assert engine.spiff.process(bpmn).diagram is read(bpmn)
