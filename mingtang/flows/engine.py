"""Running a flow: what may be done now, doing it, and what each act of a case sets.

State in, state out: nothing is kept here but parsed flows. A caller holds the BPMN bytes of the item version and the
state bytes of the case; one call loads, acts and stores. Flags are codes, numbers and booleans, never a person's data.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from mingtang.flows import expressions, spiff
from mingtang.flows.expressions import Flag
from mingtang.flows.graph import UPPER_LANE
from mingtang.flows.model import OWN_FLAGS
from mingtang.flows.reading import Diagram, read
from mingtang.lib.errors import Refused

_FLAG_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CODE = re.compile(r"[A-Za-z0-9_.:-]{0,64}")
_MOST = 10**15

# Flags only these tasks may set; what one of them set in an earlier round is forgotten when it is done again.
_SETS: dict[str, frozenset[str]] = {
    "intake": frozenset({"intake"}),
    "supply": frozenset({"supplemented"}),
    "decide": frozenset({"route", "decision", "redo"}),
    "reported_up": frozenset({"route", "decision"}),
}
_BEFORE_OR_AFTER_REVIEW = frozenset({"intake", "supply", "serve", "reported_up"})


@dataclass(frozen=True, slots=True)
class Ready:
    """A task somebody can do now. `lane` is the key of the lane as compiled, `upper` for the superior office."""

    key: str
    name: str
    lane: str
    lane_name: str


@dataclass(frozen=True, slots=True)
class Result:
    """The new state to store, what is ready now, whether the process has reached an end."""

    state: bytes
    ready: tuple[Ready, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """For the drawing: element ids being worked on, and done in the present round."""

    current: frozenset[str]
    done: frozenset[str]


@dataclass(frozen=True, slots=True)
class ActFlags:
    """What an act of the case lifecycle does to the process.

    It completes task `key` with `flags`, or, with `starts`, begins special procedure `{n}`. `{step}`, `{n}`,
    `{decision}`, `{opinion}` are filled by `act()`.
    """

    key: str
    flags: Mapping[str, Flag] = field(default_factory=dict)
    starts: bool = False


# Case acts (lifecycle table "Case") that move the process; acts not listed here do not touch it.
# `withdraw` and `lapse` abandon the process: the state is kept as it is and nothing is completed any more.
ACT_FLAGS: Mapping[str, ActFlags] = {
    "accept": ActFlags("intake", {"intake": "accept"}),
    "request_supplement": ActFlags("intake", {"intake": "supplement"}),
    "supply_complete": ActFlags("supply", {"supplemented": True}),
    "not_accept": ActFlags("intake", {"intake": "not_accept"}),
    "not_required": ActFlags("intake", {"intake": "not_required"}),
    "pass_on": ActFlags("intake", {"intake": "pass_on"}),
    "opinion": ActFlags("{step}", {"opinion_{step}": "{opinion}"}),
    "redo": ActFlags("decide", {"route": "redo", "redo": "{step}"}),
    "suspend": ActFlags("suspended_{n}", starts=True),
    "resume": ActFlags("suspended_{n}"),
    "send_up": ActFlags("decide", {"route": "send_up"}),
    "record_result": ActFlags("reported_up", {"route": "decide", "decision": "{decision}"}),
    "returned_from_above": ActFlags("reported_up", {"route": "returned"}),
    "decide": ActFlags("decide", {"route": "decide", "decision": "{decision}"}),
    "serve": ActFlags("serve"),
}
DECISIONS = ("granted", "refused", "partly")


def start(bpmn: bytes, flags: Mapping[str, Flag] | None = None) -> Result:
    """Submission: the process runs to `intake`. `flags` are the answers that conditions of steps ask for."""
    flow = spiff.process(bpmn)
    given = _checked(flags or {}, allowed=frozenset())
    workflow = spiff.new_workflow(flow, {"supplemented": False, **given})
    return _run_on(flow, workflow)


def condition_flags(bpmn: bytes) -> frozenset[str]:
    """Names that conditions of steps ask for and that must be given to `start` or set by an earlier step."""
    names: set[str] = set()
    for flow in read(bpmn).flows:
        if flow.condition is not None:
            names |= expressions.check(flow.condition)
    return frozenset(names - OWN_FLAGS)


def ready(bpmn: bytes, state: bytes) -> list[Ready]:
    """What can be done now, in the order of the drawing."""
    flow = spiff.process(bpmn)
    return list(_ready(flow.diagram, spiff.load(flow, state)))


def is_finished(bpmn: bytes, state: bytes) -> bool:
    """Whether an end has been reached."""
    return bool(spiff.load(spiff.process(bpmn), state).is_completed())


def complete(bpmn: bytes, state: bytes, key: str, flags: Mapping[str, Flag] | None = None) -> Result:
    """Complete one ready task and run on to the next tasks.

    Raises `Refused` when the task is not ready or already done, when a special procedure is running, when the flags
    are not codes or match no edge that is drawn. The state given is never changed.
    """
    flow = spiff.process(bpmn)
    workflow = spiff.load(flow, state)
    given = _checked(flags or {}, allowed=_SETS.get(key, frozenset()))
    waiting = {task.task_spec.name: task for task in _open_tasks(workflow)}
    if key not in waiting:
        raise Refused(_why_not_ready(flow.diagram, workflow, key))
    running = [name for name in waiting if _is_special(flow.diagram, name)]
    if running and key not in running:
        name = flow.diagram.nodes[running[0]].name
        raise Refused(f"特别程序“{name}”还没有结束，请先办结它再办“{flow.diagram.nodes[key].name}”。")
    task = waiting[key]
    for old in _SETS.get(key, ()):
        task.data.pop(old, None)
    task.data.update(given)
    task.run()
    return _run_on(flow, workflow, key)


def suspend(bpmn: bytes, state: bytes, number: int) -> Result:
    """Begin special procedure `number` (counted from 1 as in the spec): its task `suspended_<number>` becomes ready.

    Raises `Refused` before acceptance, after the decision, while sent up, and while another one runs (许可法 45).
    """
    flow = spiff.process(bpmn)
    key = f"suspended_{number}"
    if not _is_special(flow.diagram, key):
        raise Refused("本事项没有列明这项特别程序，不能启动。")
    workflow = spiff.load(flow, state)
    now = {task.task_spec.name for task in _open_tasks(workflow)}
    if any(_is_special(flow.diagram, name) for name in now):
        raise Refused("已经有一项特别程序在进行，请等它结束。")
    if not now or now & _BEFORE_OR_AFTER_REVIEW:
        raise Refused("只有受理以后、作出决定以前才能启动特别程序。")
    workflow.send_event(BpmnEvent(SignalEventDefinition(f"suspend_{number}")))
    return _run_on(flow, workflow)


def act(
    bpmn: bytes, state: bytes, name: str, *, step: str = "", n: int = 1, decision: str = "", opinion: str = "done"
) -> Result:
    """Do what `ACT_FLAGS` says for lifecycle act `name`; errors as in `complete` and `suspend`."""
    effect = ACT_FLAGS[name]
    if "{decision}" in effect.flags.values() and decision not in DECISIONS:
        raise Refused("请选定准予、不予或者部分准予。", field="decision")
    if effect.starts:
        return suspend(bpmn, state, n)
    values = {"step": step, "n": n, "decision": decision, "opinion": opinion}
    flags = {
        key.format(**values): value.format(**values) if isinstance(value, str) else value
        for key, value in effect.flags.items()
    }
    return complete(bpmn, state, effect.key.format(**values), flags)


def progress(bpmn: bytes, state: bytes) -> Progress:
    """What the drawing marks as current and as done; steps to be done again after a return are not done."""
    flow = spiff.process(bpmn)
    nodes = flow.diagram.nodes
    workflow = spiff.load(flow, state)
    current = {task.task_spec.name for task in _open_tasks(workflow)}
    finished = {t.task_spec.name for t in _all_tasks(workflow) if t.state == TaskState.COMPLETED} & nodes.keys()
    front = max((nodes[key].box.x for key in current if nodes[key].inside is None), default=None)
    done = {
        key for key in finished - current if nodes[key].inside is not None or front is None or nodes[key].box.x <= front
    }
    return Progress(frozenset(current), frozenset(done))


def _run_on(flow: spiff.Process, workflow: Any, key: str = "") -> Result:
    try:
        workflow.do_engine_steps()
    except SpiffWorkflowException as error:
        raise Refused(_no_such_way(flow.diagram, key)) from error
    spiff.forget_passed_joins(workflow)
    return Result(spiff.dump(flow, workflow), _ready(flow.diagram, workflow), bool(workflow.is_completed()))


def _all_tasks(workflow: Any) -> list[Any]:
    parts = [task for part in workflow.subprocesses.values() for task in part.tasks.values()]
    return [*workflow.tasks.values(), *parts]


def _open_tasks(workflow: Any) -> list[Any]:
    return [task for task in _all_tasks(workflow) if task.state == TaskState.READY and task.task_spec.manual]


def _ready(diagram: Diagram, workflow: Any) -> tuple[Ready, ...]:
    names = {task.task_spec.name for task in _open_tasks(workflow)}
    found = []
    for key, node in diagram.nodes.items():
        if key in names:
            found.append(Ready(key, node.name, node.lane, diagram.lane(node.lane).name))
    return tuple(found)


def _is_special(diagram: Diagram, key: str) -> bool:
    node = diagram.nodes.get(key)
    return node is not None and node.inside is not None


def _checked(flags: Mapping[str, Flag], allowed: frozenset[str]) -> dict[str, Flag]:
    for name, value in flags.items():
        if not _FLAG_NAME.fullmatch(name):
            raise Refused(f"标记“{name}”的名称不合规，请用小写字母开头的字母、数字和下划线。", field=name)
        if name in OWN_FLAGS and name not in allowed:
            raise Refused(f"这一步不能设定“{name}”，请去掉。", field=name)
        code = isinstance(value, str) and _CODE.fullmatch(value) is not None
        number = isinstance(value, bool) or (isinstance(value, int) and abs(value) <= _MOST)
        if not (code or number):
            raise Refused(f"标记“{name}”只能是代码、数字或者是否，不能写文字内容。", field=name)
    return dict(flags)


def _why_not_ready(diagram: Diagram, workflow: Any, key: str) -> str:
    node = diagram.nodes.get(key)
    if node is None or node.kind != "task":
        return f"这件事的流程里没有“{key}”这一步，请按流程图办理。"
    if any(t.task_spec.name == key and t.state == TaskState.COMPLETED for t in _all_tasks(workflow)):
        return f"“{node.name}”已经办过了，不能重复办理。"
    return f"还没有走到“{node.name}”，请先办完前面的步骤。"


def _no_such_way(diagram: Diagram, key: str) -> str:
    ways: list[str] = []
    for first in diagram.outgoing(key):
        for flow in diagram.outgoing(first.target):
            if flow.condition is not None and flow.name not in ways:
                ways.append(flow.name)
    name = diagram.nodes[key].name if key in diagram.nodes else "这一步"
    listed = "、".join(f"“{way}”" for way in ways)
    return f"流程图上“{name}”之后只有{listed}这几条路，现在的办法走不通，请重新选择。"


__all__ = [
    "ACT_FLAGS",
    "DECISIONS",
    "UPPER_LANE",
    "ActFlags",
    "Progress",
    "Ready",
    "Result",
    "act",
    "complete",
    "condition_flags",
    "is_finished",
    "progress",
    "ready",
    "start",
    "suspend",
]
