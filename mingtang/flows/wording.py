"""The flow in plain words, for people who cannot or do not want to read a drawing. Read from the BPMN bytes too."""

from dataclasses import dataclass

from mingtang.flows.reading import Diagram, ReadNode, read
from mingtang.flows.times import NO_TIMES, Times

SUPPLEMENT = "材料不齐的，一次性告知要补的全部材料，补正后再审查，只告知这一次。"
NOT_ACCEPTED = "不予受理、不需办理或转办的，到此结束。"
RETURN = "发现前面的步骤有问题，可以退回那一步重办。"
SERVED = "准予、不予或部分准予，都要送达。"


@dataclass(frozen=True, slots=True)
class Stage:
    """One position of the main line: a task, or the tasks done at the same time, each with the words of its
    condition (empty when it is always done); `notes` say which ways leave the main line here, `sides` are the tasks
    beside it, each with the sentence that says when."""

    tasks: tuple[tuple[ReadNode, str], ...]
    notes: tuple[str, ...] = ()
    sides: tuple[tuple[ReadNode, str], ...] = ()


def stages(bpmn: bytes) -> list[Stage]:
    """The main line from submission to the end, read from the drawn edges."""
    return _Reader(read(bpmn)).stages()


def as_text(bpmn: bytes, times: Times = NO_TIMES) -> list[str]:
    """Ordered sentences: 第1步 …; each ends with a full stop, none needs the drawing."""
    numbered = (f"第{number}步，{told}" for number, told in enumerate(steps(bpmn, times), 1))
    return [*numbered, *specials(bpmn)]


def steps(bpmn: bytes, times: Times = NO_TIMES) -> list[str]:
    """The main line in order, one text for each position; what really took how long is said beside the limits."""
    diagram = read(bpmn)
    found = []
    for stage in stages(bpmn):
        if len(stage.tasks) > 1:
            listed = "；".join(_told(diagram, node, when, times) for node, when in stage.tasks)
            sentence = f"同时办理：{listed}；都办完再往下走。"
        else:
            node, when = stage.tasks[0]
            sentence = f"{_told(diagram, node, when, times)}。"
        sides = (told + _really(node, times) for node, told in stage.sides)
        found.append(sentence + "".join((*stage.notes, *sides)))
    return found


def specials(bpmn: bytes) -> list[str]:
    """What may begin at any moment between acceptance and decision."""
    nodes = read(bpmn).nodes.values()
    return [f"{node.name}：{node.doc}" for node in nodes if node.kind == "special"]


def _told(diagram: Diagram, node: ReadNode, when: str, times: Times) -> str:
    if node.kind == "end":
        return node.name
    real = times[node.id].words if node.id in times else ""
    condition = f"只在“{when}”时办，不需要就跳过" if when else ""
    parts = [diagram.lane(node.lane).name, node.doc, real, condition]
    return f"{node.name}（{'，'.join(part for part in parts if part)}）"


def _really(node: ReadNode, times: Times) -> str:
    return f"{node.name}{times[node.id].words}。" if node.id in times else ""


class _Reader:
    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram

    def stages(self) -> list[Stage]:
        nodes = self.diagram.nodes
        submit = nodes["submit"]
        intake = Stage(((nodes["intake"], ""),), (NOT_ACCEPTED,), ((nodes["supply"], SUPPLEMENT),))
        found = [Stage(((submit, ""),)), intake]
        node = self._follow("Gateway-intake", "intake == 'accept'")
        while node.id != "decide":
            leaving = self.diagram.outgoing(node.id)
            if node.kind == "choice" and len(leaving) == 1:
                stage, node = self._group(self._only(node))
            elif node.kind == "choice":
                when, task, merge = self._branch(node)
                stage, node = Stage(((task, when),)), self._only(merge)
            else:
                stage, node = Stage(((node, ""),)), self._only(node)
            found.append(stage)
        found.append(self._decision())
        return [*found, Stage(((nodes["serve"], ""),), (SERVED,)), Stage(((nodes["End-closed"], ""),))]

    def _follow(self, id: str, condition: str) -> ReadNode:
        target = next(flow.target for flow in self.diagram.outgoing(id) if flow.condition == condition)
        return self.diagram.nodes[target]

    def _only(self, node: ReadNode) -> ReadNode:
        return self.diagram.nodes[self.diagram.outgoing(node.id)[0].target]

    def _branch(self, gate: ReadNode) -> tuple[str, ReadNode, ReadNode]:
        """The condition in words, the task behind it, and where both ways meet again."""
        first = self.diagram.outgoing(gate.id)[0]
        task = self.diagram.nodes[first.target]
        return first.name, task, self._only(task)

    def _group(self, fork: ReadNode) -> tuple[Stage, ReadNode]:
        tasks, join = [], fork
        for flow in self.diagram.outgoing(fork.id):
            node = self.diagram.nodes[flow.target]
            if node.kind == "choice":
                when, task, merge = self._branch(node)
                tasks.append((task, when))
                join = self._only(merge)
            else:
                tasks.append((node, ""))
                join = self._only(node)
        return Stage(tuple(tasks)), self._only(join)

    def _decision(self) -> Stage:
        nodes = self.diagram.nodes
        back = any("redo" in (flow.condition or "") for flow in self.diagram.outgoing("Gateway-route"))
        upper = nodes.get("reported_up")
        sides = []
        if upper is not None:
            office = self.diagram.lane(upper.lane).name
            told = f"由上级决定的，报送{office}，结果由镇里登记并送达；上级退回的，由镇里接着办。"
            sides.append((upper, told))
        return Stage(((nodes["decide"], ""),), (RETURN,) if back else (), tuple(sides))
