"""Everything that knows SpiffWorkflow from inside: parsed specs, the condition engine, a compact state.

The stored state holds the task tree only; the process stands in the BPMN bytes whose SHA-256 the state carries. Task
ids and times of the library are left out (ids are given anew at loading, times become an order), so that the same acts
leave the same bytes.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from mingtang.flows import expressions
from mingtang.flows.compile import PROCESS_ID
from mingtang.flows.graph import FORK, JOIN
from mingtang.flows.reading import Diagram, read, sha256
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused

FORMAT = 1
CACHED_PROCESSES = 128


class ConditionEngine:
    """The script engine given to the library: conditions by our own evaluator, nothing else at all."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        return expressions.evaluate(expression, task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        raise Refused("流程里不允许有脚本，请重新生成流程。")

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        raise Refused("流程里不允许调用外部服务，请重新生成流程。")


@dataclass(frozen=True, slots=True)
class Process:
    """One parsed flow. The library adds an edge from its start to an event sub-process when that is first triggered.

    Such an edge must not be there when a case starts and must not appear while threads share the spec; so there are two
    parsed copies: `fresh` for starting, `running` with those edges already in place.
    """

    digest: str
    diagram: Diagram
    fresh: Any
    running: Any
    parts: dict[str, Any]


_ENGINE = ConditionEngine()
_cache: OrderedDict[str, Process] = OrderedDict()
_lock = threading.Lock()


def process(bpmn: bytes) -> Process:
    """The parsed flow of these bytes, from a small cache shared by all threads."""
    digest = sha256(bpmn)
    with _lock:
        found = _cache.get(digest)
        if found is not None:
            _cache.move_to_end(digest)
            return found
    made = _parse(bpmn, digest)
    with _lock:
        made = _cache.setdefault(digest, made)
        while len(_cache) > CACHED_PROCESSES:
            _cache.popitem(last=False)
    return made


def _parse(bpmn: bytes, digest: str) -> Process:
    diagram = read(bpmn)
    fresh, running = BpmnParser(), BpmnParser()
    for parser in (fresh, running):
        parser.add_bpmn_str(bpmn)
    spec = running.get_spec(PROCESS_ID)
    parts = running.get_subprocess_specs(PROCESS_ID)
    for name in spec.start.trigger_specs:
        special = spec.task_specs[name]
        spec.start.connect(special)
        special.connect(spec.end)
    return Process(digest, diagram, fresh.get_spec(PROCESS_ID), spec, parts)


def new_workflow(flow: Process, flags: dict[str, Any]) -> Any:
    workflow = BpmnWorkflow(flow.fresh, flow.parts, script_engine=_ENGINE)
    workflow.task_tree.data.update(flags)
    return workflow


def forget_passed_joins(workflow: Any) -> None:
    """Remove what a join that has fired left behind in its other branches.

    The library cancels those leavings but counts their finished steps again when a redo comes round to the same join,
    which then fires before all branches are done. They are needed until the join has fired, so only a round that is
    complete is cleared.
    """
    joins = [task for task in workflow.tasks.values() if task.task_spec.name.startswith(JOIN)]
    fired = {_round(task) for task in joins if task.state == TaskState.COMPLETED}
    for task in joins:
        if task.state == TaskState.CANCELLED and _round(task) in fired:
            workflow._remove_task(task.id)


def _round(join: Any) -> Any:
    """The fork task this join task belongs to."""
    return join.find_ancestor(FORK + join.task_spec.name.removeprefix(JOIN)).id


def dump(flow: Process, workflow: Any) -> bytes:
    """The state as canonical JSON: `t` the task tree, `s` the special procedures by the number of their task."""
    numbers = {task.id: number for number, task in enumerate(workflow.tasks.values())}
    parts = [[numbers[id], _tree(part)] for id, part in workflow.subprocesses.items()]
    return canonical_json({"v": FORMAT, "flow": flow.digest, "t": _tree(workflow), "s": parts})


def _tree(workflow: Any) -> dict[str, Any]:
    tasks = list(workflow.tasks.values())
    numbers = {task.id: number for number, task in enumerate(tasks)}
    order = {time: rank for rank, time in enumerate(sorted({task.last_state_change for task in tasks}))}
    rows = []
    for task in tasks:
        parent = workflow.tasks.get(task._parent)
        inherited = parent.data if parent is not None else {}
        changed = {key: value for key, value in task.data.items() if inherited.get(key, _GONE) != value}
        row: dict[str, Any] = {"n": task.task_spec.name, "s": task.state, "o": order[task.last_state_change]}
        if parent is not None:
            row["p"] = numbers[parent.id]
        if task._children:
            row["c"] = [numbers[child] for child in task._children]
        if changed:
            row["d"] = changed
        gone = sorted(inherited.keys() - task.data.keys())
        if gone:
            row["g"] = gone
        if task.triggered:
            row["x"] = 1
        if task.internal_data:
            row["i"] = task.internal_data
        rows.append(row)
    return {"rows": rows, "done": workflow.completed}


_GONE = object()


def load(flow: Process, state: bytes) -> Any:
    """The workflow of a stored state; raises `Refused` when it belongs to another flow or cannot be read."""
    try:
        stored = json.loads(state)
        if stored["v"] != FORMAT or stored["flow"] != flow.digest:
            raise Refused("办件的进度和流程图不是同一个版本，不能接着办，请联系管理员。")
        workflow = BpmnWorkflow(flow.running, flow.parts, script_engine=_ENGINE, deserializing=True)
        tasks = _grow(workflow, stored["t"])
        for number, tree in stored["s"]:
            task = tasks[number]
            part = BpmnSubWorkflow(flow.parts[task.task_spec.spec], task.id, workflow, deserializing=True)
            _grow(part, tree)
            workflow.subprocesses[task.id] = part
            part.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        return workflow
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Refused("办件的进度读不出来，请联系管理员从备份恢复。") from error


def _grow(workflow: Any, tree: dict[str, Any]) -> list[Any]:
    rows = tree["rows"]
    specs = workflow.spec.task_specs
    tasks = [Task(workflow, specs[row["n"]], state=row["s"]) for row in rows]
    pending = list(range(len(rows)))
    for row, task in zip(rows, tasks, strict=True):
        task._parent = tasks[row["p"]].id if "p" in row else None
        task._children = [tasks[child].id for child in row.get("c", ())]
        task.last_state_change = float(row["o"])
        task.triggered = "x" in row
        task.internal_data = row.get("i", {})
    # A child may stand before its parent in the list (a join is re-hung), so data are filled from the root down.
    pending = [number for number, row in enumerate(rows) if "p" not in row]
    while pending:
        number = pending.pop()
        row, task = rows[number], tasks[number]
        inherited = tasks[row["p"]].data if "p" in row else {}
        gone = row.get("g", ())
        task.data = {key: value for key, value in inherited.items() if key not in gone} | row.get("d", {})
        pending.extend(row.get("c", ()))
    workflow.task_tree = next(task for task in tasks if task._parent is None)
    workflow.completed = tree["done"]
    return tasks
