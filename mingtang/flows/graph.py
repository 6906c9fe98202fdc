"""Spec → nodes and flows: the process itself, before it has coordinates.

One straight line from submission to service; whatever may leave it (supplement, non-acceptance, a step not needed,
redo, sending up) is an edge with a condition and a label, and there is no default edge: a flag that matches no drawn
edge is refused. Special procedures (许可法 45) may begin at any moment between acceptance and decision, also while
offices work side by side, so each is a non-interrupting event sub-process with its own start, task and end.
"""

from dataclasses import dataclass, field
from typing import Literal

from mingtang.flows.model import FlowSpec, Lane, Step, units

NodeKind = Literal["start", "end", "task", "choice", "parallel"]
Route = Literal[
    "main",
    "submitted",
    "supplement",
    "supplied",
    "reject",
    "skip",
    "redo",
    "send_up",
    "settled",
    "returned",
    "refused",
]

UPPER_LANE = "upper"
FORK, JOIN = "Fork-", "Join-"  # followed by the name of the group


@dataclass(frozen=True, slots=True)
class Node:
    """`column` counts from the left, `row` within the lane; `doc` is the limit or remark printed in the box."""

    id: str
    kind: NodeKind
    name: str
    lane: str
    column: int
    row: int = 0
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One edge; `route` tells the layout which way round it goes."""

    id: str
    source: str
    target: str
    condition: str | None = None
    label: str | None = None
    route: Route = "main"


@dataclass(frozen=True, slots=True)
class Special:
    """A special procedure: event sub-process `id` with the user task `task_id`, in the decider's lane."""

    number: int
    name: str
    article: str

    @property
    def doc(self) -> str:
        return f"依据：{self.article}。所需时间不计入期限，结束后接着办。"

    @property
    def id(self) -> str:
        return f"Special-{self.number}"

    @property
    def task_id(self) -> str:
        return f"suspended_{self.number}"

    @property
    def signal(self) -> str:
        return f"suspend_{self.number}"


@dataclass(slots=True)
class Graph:
    """The compiled structure; lanes in the order they are drawn (applicant first, decider last)."""

    lanes: list[Lane]
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    specials: list[Special] = field(default_factory=list)

    def flow(
        self, source: str, target: str, condition: str | None = None, label: str | None = None, route: Route = "main"
    ) -> None:
        self.flows.append(Flow(f"Flow-{len(self.flows) + 1}", source, target, condition, label, route))


def limit_text(days: int | None) -> str:
    return f"限 {days} 个工作日" if days is not None else ""


def build(spec: FlowSpec) -> Graph:
    """The whole process of a valid spec."""
    return _Builder(spec).graph


def _drawn_lanes(spec: FlowSpec) -> list[Lane]:
    """Applicant on top, decider at the bottom (beneath it run the redo line and the special procedures)."""
    ends = (spec.applicant_lane, spec.decider_lane)
    by_key = {lane.key: lane for lane in spec.lanes}
    middle = [lane for lane in spec.lanes if lane.key not in ends]
    upper = [Lane(UPPER_LANE, spec.sends_up[0])] if spec.sends_up else []
    return [by_key[spec.applicant_lane], *middle, *upper, by_key[spec.decider_lane]]


class _Builder:
    """Walks the spec once, left to right; `last` is the node whose outgoing edge is still to be drawn."""

    def __init__(self, spec: FlowSpec) -> None:
        self.spec = spec
        self.graph = Graph(_drawn_lanes(spec))
        self.column = -1
        self.returns: list[tuple[str, tuple[str, ...]]] = []  # where redo leads to, and the step keys that ask for it
        self.last = ""
        self.accepted: tuple[str | None, str | None] = (None, None)
        self._intake()
        for unit in units(spec):
            if len(unit) == 1:
                self._single(unit[0])
            else:
                self._group(unit)
        self._decision()
        self.graph.specials = [Special(n, name, article) for n, (name, article) in enumerate(spec.suspensions, 1)]

    def _add(
        self, id: str, kind: NodeKind, name: str, lane: str, *, row: int = 0, doc: str = "", column: int | None = None
    ) -> str:
        if column is None:
            self.column += 1
            column = self.column
        self.graph.nodes[id] = Node(id, kind, name, lane, column, row, doc)
        return id

    def _next(self, entry: str) -> None:
        """Draw the edge that the main line still owes, to `entry`."""
        condition, label = self.accepted
        self.accepted = (None, None)
        self.graph.flow(self.last, entry, condition, label)

    def _intake(self) -> None:
        spec, flow, window = self.spec, self.graph.flow, self.spec.window_lane
        self._add("submit", "start", "提交申请", spec.applicant_lane)
        self._add("intake", "task", "收件审查", window, column=self.column, doc=limit_text(spec.intake_days))
        gate = self._add("Gateway-intake", "choice", "材料齐全？", window)
        supply = self._add("supply", "task", "补正材料", spec.applicant_lane, column=self.column)
        refused = self._add("End-not-accepted", "end", "不予受理等", window, row=1, column=self.column)
        flow("submit", "intake", route="submitted")
        flow("intake", gate)
        flow(gate, supply, "intake == 'supplement' and not supplemented", "不齐：一次性告知", "supplement")
        flow(supply, "intake", route="supplied")
        flow(gate, refused, "intake in ('not_accept', 'not_required', 'pass_on')", "不予受理、不需办理或转办", "reject")
        self.last, self.accepted = gate, ("intake == 'accept'", "齐全：受理")

    def _single(self, step: Step) -> None:
        if step.condition is None:
            entry = leave = self._add(step.key, "task", step.name, step.lane, doc=limit_text(step.working_days))
            self._next(entry)
        else:
            gate, merge = f"Gateway-{step.key}", f"Merge-{step.key}"
            entry = self._add(gate, "choice", "要办吗？", step.lane)
            self._next(entry)
            self._add(step.key, "task", step.name, step.lane, doc=limit_text(step.working_days))
            leave = self._add(merge, "choice", "", step.lane)
            self._choose(step, gate, merge)
        self.last = leave
        self.returns.append((entry, (step.key,)))

    def _group(self, unit: tuple[Step, ...]) -> None:
        """Fork, one row per branch, join; a branch with a condition has its own choice and merge inside.

        A parallel gateway waits for all its incoming edges, so the main line and a redo meet in a choice before it.
        """
        name = unit[0].group
        fork, join = FORK + str(name), JOIN + str(name)
        home = unit[0].lane
        entry = self._add(f"Entry-{name}", "choice", "", home)
        self._next(entry)
        self._add(fork, "parallel", "同时办理", home)
        self.graph.flow(entry, fork)
        conditional = any(step.condition is not None for step in unit)
        first = self.column + 1
        task_column = first + 1 if conditional else first
        self.column += 3 if conditional else 1
        used: dict[str, int] = {}
        self._add(join, "parallel", "都办完", home)
        for step in unit:
            row = used.get(step.lane, 0)
            used[step.lane] = row + 1
            doc = limit_text(step.working_days)
            self._add(step.key, "task", step.name, step.lane, row=row, doc=doc, column=task_column)
            if step.condition is None:
                self.graph.flow(fork, step.key)
                self.graph.flow(step.key, join)
                continue
            gate = self._add(f"Gateway-{step.key}", "choice", "要办吗？", step.lane, row=row, column=first)
            merge = self._add(f"Merge-{step.key}", "choice", "", step.lane, row=row, column=task_column + 1)
            self.graph.flow(fork, gate)
            self._choose(step, gate, merge)
            self.graph.flow(merge, join)
        self.last = join
        self.returns.append((entry, tuple(step.key for step in unit)))

    def _choose(self, step: Step, gate: str, merge: str) -> None:
        self.graph.flow(gate, step.key, step.condition, step.condition_label)
        self.graph.flow(step.key, merge)
        self.graph.flow(gate, merge, f"not ({step.condition})", "不需要", "skip")

    def _decision(self) -> None:
        spec, flow = self.spec, self.graph.flow
        self._add("decide", "task", "作出决定", spec.decider_lane, doc=limit_text(spec.decide_days))
        self._next("decide")
        self.last = "decide"
        if self.returns or spec.sends_up:
            self._ways_out_of_decide()
        gate = self._add("Gateway-decision", "choice", "准予？", spec.decider_lane)
        self._next(gate)
        if spec.sends_up:
            upper = self._add("Gateway-upper", "choice", "上级结果？", UPPER_LANE, column=self.column)
            flow("reported_up", upper)
            flow(upper, gate, "route == 'decide'", "已决定", "settled")
            flow(upper, "decide", "route == 'returned'", "退回镇里", "returned")
        self._add("serve", "task", "送达", spec.window_lane, doc=limit_text(spec.serve_days))
        flow(gate, "serve", "decision == 'granted'", "准予")
        flow(gate, "serve", "decision in ('refused', 'partly')", "不予、部分准予", "refused")
        self._add("End-closed", "end", "办结", spec.window_lane)
        flow("serve", "End-closed")

    def _ways_out_of_decide(self) -> None:
        """Between the task and the decision: back to a step, or up to the superior office."""
        spec, flow = self.spec, self.graph.flow
        gate = self._add("Gateway-route", "choice", "可以决定？", spec.decider_lane)
        flow("decide", gate)
        for n, (entry, keys) in enumerate(self.returns):
            codes = ", ".join(f"'{key}'" for key in (("start", *keys) if n == 0 else keys))
            flow(gate, entry, f"route == 'redo' and redo in ({codes},)", "退回重办", "redo")
        if spec.sends_up:
            self._add("reported_up", "task", "上级办理，镇里登记结果", UPPER_LANE, column=self.column)
            flow(gate, "reported_up", "route == 'send_up'", "报送上级", "send_up")
        self.last, self.accepted = gate, ("route == 'decide'", "可以")
