"""The flow in plain words, for people who cannot or do not want to read a drawing. Read from the BPMN bytes too."""

from mingtang.flows.reading import Diagram, ReadNode, read


def as_text(bpmn: bytes) -> list[str]:
    """Ordered sentences: 第1步 …; each ends with a full stop, none needs the drawing."""
    return _Teller(read(bpmn)).told()


class _Teller:
    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.number = 0

    def told(self) -> list[str]:
        sentences = [self._step("submit", "提交申请"), f"{self._step('intake')[:-1]}：{self._intake()}"]
        node = self._follow("Gateway-intake", "齐全：受理")
        while node.id != "decide":
            if node.kind == "parallel":
                sentence, node = self._group(node)
            elif node.kind == "choice":
                sentence, node = self._conditional(node)
            else:
                sentence, node = self._step(node.id), self._only(node.id)
            sentences.append(sentence)
        sentences.append(self._step("decide"))
        sentences.extend(self._ways_back())
        sentences.append(f"{self._step('serve')[:-1]}，准予、不予或部分准予都要送达，送达后办结。")
        for special in self.diagram.nodes.values():
            if special.kind == "special":
                sentences.append(f"{special.name}：{special.doc}")
        return sentences

    def _intake(self) -> str:
        return (
            "材料齐全就受理；材料不齐的，一次性告知要补的全部材料，申请人补正后再审查，只告知这一次；"
            "不予受理、不需办理或转办的，到此结束。"
        )

    def _step(self, id: str, name: str = "") -> str:
        self.number += 1
        return f"第{self.number}步，{name or self.diagram.nodes[id].name}（{self._who(id)}）。"

    def _who(self, id: str) -> str:
        node = self.diagram.nodes[id]
        return "，".join(part for part in (self.diagram.lane(node.lane).name, node.doc.replace(" ", "")) if part)

    def _follow(self, id: str, label: str) -> ReadNode:
        target = next(flow.target for flow in self.diagram.outgoing(id) if flow.name == label)
        return self.diagram.nodes[target]

    def _only(self, id: str) -> ReadNode:
        return self.diagram.nodes[self.diagram.outgoing(id)[0].target]

    def _branch(self, gate: ReadNode) -> tuple[str, str, ReadNode]:
        """The condition in words, the step behind it, and where both ways meet again."""
        first = self.diagram.outgoing(gate.id)[0]
        return first.name, first.target, self._only(first.target)

    def _conditional(self, gate: ReadNode) -> tuple[str, ReadNode]:
        when, step, merge = self._branch(gate)
        return f"{self._step(step)[:-1]}，只在“{when}”时办，不需要就跳过。", self._only(merge.id)

    def _group(self, fork: ReadNode) -> tuple[str, ReadNode]:
        self.number += 1
        parts, join = [], fork
        for flow in self.diagram.outgoing(fork.id):
            node = self.diagram.nodes[flow.target]
            if node.kind == "choice":
                when, step, merge = self._branch(node)
                parts.append(f"{self.diagram.nodes[step].name}（{self._who(step)}，只在“{when}”时办）")
                join = self._only(merge.id)
            else:
                parts.append(f"{node.name}（{self._who(node.id)}）")
                join = self._only(node.id)
        return f"第{self.number}步，同时办理：{'；'.join(parts)}。都办完再往下走。", self._only(join.id)

    def _ways_back(self) -> list[str]:
        sentences = []
        labels = {flow.name for flow in self.diagram.outgoing("Gateway-route")}
        if "退回重办" in labels:
            sentences.append("作决定时发现前面的步骤有问题，可以退回那一步重办。")
        if "reported_up" in self.diagram.nodes:
            upper = self.diagram.lane(self.diagram.nodes["reported_up"].lane).name
            sentences.append(f"需要上级决定的，报送{upper}；上级决定后由镇里登记并送达，上级退回的由镇里继续办。")
        return sentences
