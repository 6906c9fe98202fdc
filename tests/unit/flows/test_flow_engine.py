"""Running the compiled bytes: what is offered is drawn, both branches are needed, nothing is done twice."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.flows import engine, spiff
from mingtang.flows.compile import compile_bpmn
from mingtang.flows.engine import ACT_FLAGS, Result
from mingtang.flows.model import FlowSpec, units
from mingtang.flows.reading import read
from mingtang.lib.errors import Refused

from .specs import ANSWERS, INSTANT, JOINT, NO_ANSWERS, PROMISED, flow_specs


def _keys(result: Result) -> list[str]:
    return [task.key for task in result.ready]


def _accepted(spec: FlowSpec, **flags: bool | int | str) -> tuple[bytes, Result]:
    bpmn = compile_bpmn(spec)
    return bpmn, engine.act(bpmn, engine.start(bpmn, flags or ANSWERS).state, "accept")


def _at_decision(spec: FlowSpec) -> tuple[bytes, Result]:
    bpmn, result = _accepted(spec)
    while _keys(result) != ["decide"]:
        result = engine.complete(bpmn, result.state, result.ready[0].key)
    return bpmn, result


class _Expected:
    """What a flow must offer, kept by hand: the unit being worked on and which of its steps are still open."""

    def __init__(self, spec: FlowSpec, answers: dict) -> None:
        needed = [step for step in spec.steps if step.condition is None or answers is ANSWERS]
        self.units = [[step.key for step in unit if step in needed] for unit in units(spec)]
        self.places = {step.key: n for n, unit in enumerate(units(spec)) for step in unit}
        self.offered = {"intake"}

    def enter(self, unit: int) -> None:
        while unit < len(self.units) and not self.units[unit]:
            unit += 1
        self.unit = unit
        self.offered = set(self.units[unit]) if unit < len(self.units) else {"decide"}

    def step(self, key: str) -> None:
        self.offered.discard(key)
        if not self.offered:
            self.enter(self.unit + 1)


@settings(max_examples=80, deadline=None)
@given(flow_specs(), st.sampled_from((ANSWERS, NO_ANSWERS)), st.randoms(use_true_random=False))
def test_every_flow_runs_to_its_end_and_offers_exactly_what_is_due(spec, answers, random) -> None:
    bpmn = compile_bpmn(spec)
    drawn = {node.id for node in read(bpmn).nodes.values() if node.kind == "task"}
    expected = _Expected(spec, answers)
    result = engine.start(bpmn, answers)
    redone = sent = supplied = paused = 0
    while not result.finished:
        offered = _keys(result)
        assert set(offered) == expected.offered and len(set(offered)) == len(offered)
        assert set(offered) <= drawn
        assert [task.key for task in engine.ready(bpmn, result.state)] == offered
        key = random.choice(offered)
        step, n = random.choice(spec.steps).key if spec.steps else "", random.randint(1, len(spec.suspensions) or 1)
        under_review = not {"intake", "supply", "reported_up", "serve"} & set(offered)
        if spec.suspensions and under_review and paused < 3 and random.random() < 0.2:
            paused += 1
            result = engine.act(bpmn, result.state, "suspend", n=n)
            assert set(_keys(result)) == {*offered, f"suspended_{n}"}
            result = engine.act(bpmn, result.state, "resume", n=n)
        elif key == "intake" and not supplied:
            result = engine.act(bpmn, result.state, "request_supplement")
            expected.offered = {"supply"}
        elif key == "intake":
            result = engine.act(bpmn, result.state, "accept")
            expected.enter(0)
        elif key == "supply":
            supplied = 1
            result = engine.act(bpmn, result.state, "supply_complete")
            expected.offered = {"intake"}
        elif key == "decide" and spec.steps and redone < 4:
            redone += 1
            result = engine.act(bpmn, result.state, "redo", step=step)
            expected.enter(expected.places[step])
        elif key == "decide" and spec.sends_up and sent < 2:
            sent += 1
            result = engine.act(bpmn, result.state, "send_up")
            expected.offered = {"reported_up"}
        elif key == "decide":
            result = engine.act(bpmn, result.state, "decide", decision=random.choice(engine.DECISIONS))
            expected.offered = {"serve"}
        elif key == "reported_up" and sent == 1:
            result = engine.act(bpmn, result.state, "returned_from_above")
            expected.offered = {"decide"}
        elif key == "reported_up":
            result = engine.act(bpmn, result.state, "record_result", decision="granted")
            expected.offered = {"serve"}
        elif key == "serve":
            result = engine.act(bpmn, result.state, "serve")
        else:
            result = engine.act(bpmn, result.state, "opinion", step=key, opinion="agree")
            expected.step(key)
    assert engine.is_finished(bpmn, result.state) and not result.ready
    assert engine.progress(bpmn, result.state).done >= {"intake", "supply", "decide", "serve", "End-closed"}


@settings(max_examples=30, deadline=None)
@given(flow_specs())
def test_units_run_in_order_and_a_group_all_at_once(spec: FlowSpec) -> None:
    bpmn, result = _accepted(spec)
    for unit in units(spec):
        waiting = {step.key for step in unit}
        assert set(_keys(result)) == waiting
        for step in unit:
            result = engine.complete(bpmn, result.state, step.key)
            waiting.discard(step.key)
            if waiting:
                assert set(_keys(result)) == waiting
    assert _keys(result) == ["decide"]


def test_both_offices_are_needed_before_the_next_step() -> None:
    bpmn, result = _accepted(JOINT)
    result = engine.complete(bpmn, result.state, "site")
    assert _keys(result) == ["plot", "plan"]
    first = engine.complete(bpmn, result.state, "plot", {"opinion_plot": "agree"})
    assert _keys(first) == ["plan"]
    other = engine.complete(bpmn, result.state, "plan")
    assert _keys(other) == ["plot"]
    assert _keys(engine.complete(bpmn, first.state, "plan")) == ["sum"]


def test_redo_of_one_office_asks_all_branches_again() -> None:
    bpmn, result = _at_decision(JOINT)
    result = engine.act(bpmn, result.state, "redo", step="plan")
    assert _keys(result) == ["plot", "plan"]
    result = engine.complete(bpmn, result.state, "plan")
    assert _keys(result) == ["plot"]
    assert _keys(engine.complete(bpmn, result.state, "plot")) == ["sum"]


def test_redo_goes_back_to_the_named_step_or_to_the_first() -> None:
    bpmn, result = _at_decision(JOINT)
    assert _keys(engine.act(bpmn, result.state, "redo", step="sum")) == ["sum"]
    assert _keys(engine.act(bpmn, result.state, "redo", step="start")) == ["site"]
    with pytest.raises(Refused, match="这几条路"):
        engine.act(bpmn, result.state, "redo", step="nowhere")


def test_a_decision_after_a_redo_is_not_the_redo_again() -> None:
    bpmn, result = _at_decision(PROMISED)
    result = engine.act(bpmn, result.state, "redo", step="opinion")
    result = engine.complete(bpmn, result.state, "opinion")
    with pytest.raises(Refused, match="route"):
        engine.complete(bpmn, result.state, "decide")
    assert _keys(engine.act(bpmn, result.state, "decide", decision="refused")) == ["serve"]


def test_a_step_is_left_out_when_its_condition_does_not_hold() -> None:
    bpmn, result = _accepted(PROMISED, amount=3000)
    assert _keys(engine.complete(bpmn, result.state, "visit")) == ["opinion"]
    bpmn, result = _accepted(PROMISED, amount=3001)
    assert _keys(engine.complete(bpmn, result.state, "visit")) == ["review"]


def test_a_condition_without_its_answer_says_what_is_missing() -> None:
    bpmn = compile_bpmn(PROMISED)
    assert engine.condition_flags(bpmn) == {"amount"}
    accepted = engine.act(bpmn, engine.start(bpmn).state, "accept")
    with pytest.raises(Refused, match="amount"):
        engine.complete(bpmn, accepted.state, "visit")
    assert _keys(engine.complete(bpmn, accepted.state, "visit", {"amount": 5000})) == ["review"]


def test_only_one_supplement_notice_can_be_sent() -> None:
    bpmn = compile_bpmn(INSTANT)
    result = engine.act(bpmn, engine.start(bpmn).state, "request_supplement")
    assert _keys(result) == ["supply"]
    result = engine.act(bpmn, result.state, "supply_complete")
    assert _keys(result) == ["intake"]
    with pytest.raises(Refused, match="收件审查"):
        engine.act(bpmn, result.state, "request_supplement")
    assert _keys(engine.act(bpmn, result.state, "accept")) == ["decide"]


@pytest.mark.parametrize("act", ["not_accept", "not_required", "pass_on"])
def test_not_taking_a_case_ends_it(act: str) -> None:
    bpmn = compile_bpmn(JOINT)
    result = engine.act(bpmn, engine.start(bpmn).state, act)
    assert result.finished and not result.ready


def test_completing_twice_is_refused_and_changes_nothing() -> None:
    bpmn, result = _accepted(JOINT)
    after = engine.complete(bpmn, result.state, "site")
    with pytest.raises(Refused, match="已经办过了"):
        engine.complete(bpmn, after.state, "site")
    with pytest.raises(Refused, match="还没有走到"):
        engine.complete(bpmn, after.state, "serve")
    with pytest.raises(Refused, match="没有“elsewhere”"):
        engine.complete(bpmn, after.state, "elsewhere")
    assert [task.key for task in engine.ready(bpmn, after.state)] == ["plot", "plan"]


def test_a_special_procedure_begins_while_offices_work_and_may_begin_again() -> None:
    bpmn, result = _accepted(JOINT)
    result = engine.complete(bpmn, result.state, "site")
    for number in (2, 1, 2):
        result = engine.act(bpmn, result.state, "suspend", n=number)
        assert _keys(result) == ["plot", "plan", f"suspended_{number}"]
        with pytest.raises(Refused, match="还没有结束"):
            engine.complete(bpmn, result.state, "plot")
        with pytest.raises(Refused, match="已经有一项"):
            engine.act(bpmn, result.state, "suspend", n=1)
        result = engine.act(bpmn, result.state, "resume", n=number)
        assert _keys(result) == ["plot", "plan"]
    result = engine.complete(bpmn, engine.complete(bpmn, result.state, "plan").state, "plot")
    assert _keys(result) == ["sum"]


def test_a_special_procedure_may_still_begin_before_the_decision_and_the_case_ends_well() -> None:
    bpmn, result = _at_decision(JOINT)
    result = engine.act(bpmn, result.state, "suspend", n=1)
    assert _keys(result) == ["decide", "suspended_1"]
    result = engine.act(bpmn, result.state, "resume", n=1)
    result = engine.act(bpmn, result.state, "decide", decision="granted")
    assert engine.act(bpmn, result.state, "serve").finished


def test_no_special_procedure_outside_the_review_or_outside_the_version() -> None:
    bpmn = compile_bpmn(JOINT)
    submitted = engine.start(bpmn)
    with pytest.raises(Refused, match="只有受理以后"):
        engine.suspend(bpmn, submitted.state, 1)
    bpmn, result = _at_decision(JOINT)
    with pytest.raises(Refused, match="没有列明"):
        engine.suspend(bpmn, result.state, 3)
    above = engine.act(bpmn, result.state, "send_up")
    decided = engine.act(bpmn, result.state, "decide", decision="granted")
    closed = engine.act(bpmn, decided.state, "serve")
    for later in (above, decided, closed):
        with pytest.raises(Refused, match="只有受理以后"):
            engine.suspend(bpmn, later.state, 1)


def test_a_case_started_after_another_was_suspended_is_not_suspended() -> None:
    bpmn, result = _accepted(JOINT)
    engine.suspend(bpmn, result.state, 1)
    assert _keys(engine.start(bpmn)) == ["intake"]
    assert _keys(_accepted(JOINT)[1]) == ["site"]


def test_the_superior_office_decides_or_gives_back() -> None:
    bpmn, result = _at_decision(JOINT)
    up = engine.act(bpmn, result.state, "send_up")
    assert [(task.key, task.lane_name) for task in up.ready] == [("reported_up", "华容县自然资源局")]
    assert _keys(engine.act(bpmn, up.state, "record_result", decision="refused")) == ["serve"]
    back = engine.act(bpmn, up.state, "returned_from_above")
    assert _keys(back) == ["decide"]
    assert _keys(engine.act(bpmn, back.state, "decide", decision="partly")) == ["serve"]


def test_an_item_that_sends_nothing_up_cannot_be_sent_up() -> None:
    bpmn, result = _at_decision(PROMISED)
    with pytest.raises(Refused, match="“退回重办”、“可以”"):
        engine.act(bpmn, result.state, "send_up")


def test_every_act_of_the_table_moves_a_flow_that_has_all_of_them() -> None:
    bpmn, result = _at_decision(JOINT)
    drawn = read(bpmn).nodes
    for effect in ACT_FLAGS.values():
        assert effect.key.format(step="site", n=1) in drawn
    with pytest.raises(Refused, match="请选定"):
        engine.act(bpmn, result.state, "decide", decision="maybe")


@pytest.mark.parametrize(
    "flags",
    [{"note": "张三家里困难"}, {"note": "a b"}, {"Note": "x"}, {"n": 1.5}, {"n": None}, {"n": ["a"]}, {"n": "x" * 65}],
)
def test_flags_hold_codes_only(flags: dict) -> None:
    bpmn, result = _accepted(JOINT)
    with pytest.raises(Refused):
        engine.complete(bpmn, result.state, "site", flags)


@pytest.mark.parametrize("name", ["intake", "route", "decision", "redo", "supplemented"])
def test_a_step_cannot_set_the_flags_of_an_act(name: str) -> None:
    bpmn, result = _accepted(JOINT)
    with pytest.raises(Refused, match="不能设定"):
        engine.complete(bpmn, result.state, "site", {name: "granted"})
    with pytest.raises(Refused, match="不能设定"):
        engine.start(bpmn, {name: True})


@settings(max_examples=20, deadline=None)
@given(flow_specs())
def test_equal_acts_leave_equal_states_and_loading_changes_nothing(spec: FlowSpec) -> None:
    bpmn, one = _at_decision(spec)
    _, two = _at_decision(spec)
    assert one.state == two.state
    flow = spiff.process(bpmn)
    assert spiff.dump(flow, spiff.load(flow, one.state)) == one.state


def test_a_state_belongs_to_its_flow() -> None:
    bpmn, result = _accepted(JOINT)
    with pytest.raises(Refused, match="不是同一个版本"):
        engine.ready(compile_bpmn(INSTANT), result.state)
    for broken in (b"", b"[]", b"{", result.state.replace(b'"site"', b'"gone"')):
        with pytest.raises(Refused, match=r"读不出来|不是同一个"):
            engine.ready(bpmn, broken)


def test_progress_marks_what_must_be_done_again_as_not_done() -> None:
    bpmn, result = _at_decision(JOINT)
    assert {"site", "plot", "plan", "sum"} <= engine.progress(bpmn, result.state).done
    result = engine.act(bpmn, result.state, "redo", step="plan")
    result = engine.complete(bpmn, result.state, "plot")
    seen = engine.progress(bpmn, result.state)
    assert seen.current == {"plan"}
    assert {"site", "plot"} <= seen.done and not {"plan", "sum", "decide"} & seen.done


def _evil(change: Callable[[str], str]) -> bytes:
    text = compile_bpmn(PROMISED).decode()
    changed = change(text)
    assert changed != text
    return changed.encode()


@pytest.mark.parametrize(
    "expression",
    ["__import__('os').getcwd()", "amount.real > 1", "len(amount)", "amount[0]", "(lambda: 1)()", "[a for a in 'b']"],
)
def test_an_expression_outside_the_language_is_refused_by_the_engine(expression: str) -> None:
    bpmn = _evil(lambda text: text.replace("amount &gt; 3000<", f"{expression.replace('>', '&gt;')}<"))
    with pytest.raises(Refused, match=r"不允许|in 的后面"):
        engine.start(bpmn)
    with pytest.raises(Refused):
        spiff.ConditionEngine().evaluate(type("Task", (), {"data": {"amount": 1}}), expression)


def test_scripts_and_services_are_refused_by_the_engine() -> None:
    for tag in ("scriptTask", "serviceTask", "callActivity", "task"):
        bpmn = _evil(
            lambda text, tag=tag: text.replace('<bpmn:userTask id="visit"', f'<bpmn:{tag} id="visit"').replace(
                '</bpmn:userTask>\n    <bpmn:exclusiveGateway id="Gateway-review"',
                f'</bpmn:{tag}>\n    <bpmn:exclusiveGateway id="Gateway-review"',
            )
        )
        with pytest.raises(Refused, match="不认识的内容"):
            engine.start(bpmn)
    with pytest.raises(Refused, match="脚本"):
        spiff.ConditionEngine().execute(None, "import os")
    with pytest.raises(Refused, match="外部服务"):
        spiff.ConditionEngine().call_service(None)


def test_a_file_that_is_no_flow_is_refused_in_words() -> None:
    for broken in (b"", b"<a/>", b"not xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
        with pytest.raises(Refused, match="读不出来"):
            engine.start(broken)


def test_threads_share_parsed_flows_without_disturbing_each_other() -> None:
    bpmn, result = _accepted(JOINT)
    expected = engine.suspend(bpmn, result.state, 1).state
    wrong: list[object] = []

    def work() -> None:
        try:
            for _ in range(15):
                if engine.suspend(bpmn, result.state, 1).state != expected:
                    wrong.append("state")
                if _keys(engine.start(bpmn)) != ["intake"]:
                    wrong.append("start")
        except Exception as error:  # a thread must report, not die silently
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_cache_of_parsed_flows_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spiff, "CACHED_PROCESSES", 2)
    for version in range(1, 6):
        engine.start(
            compile_bpmn(FlowSpec("YL", version, "证", "instant", INSTANT.lanes, "applicant", "window", "window"))
        )
    assert len(spiff._cache) <= 2
