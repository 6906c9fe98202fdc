"""The lifecycle of a sampled statement 抽中的一条, as one table. A row that is not here is refused.

``who``: overseer (keeps the duties or supervises), inspector (named for this statement), unit (holds a post of the unit
that published it), second (an overseer who neither inspected it nor belongs to that unit).
"""

from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P
from mingtang.scrutiny.enums import SampleState as S

OVERSEERS = (P.OVERSEE, P.DUTY_KEEP)
# 看得懂吗: who writes the questions, who approves them as the second person, who enters slips of paper.
READ_MAKERS = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW)
READ_REVIEWERS = (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)
READ_KEEPERS = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)
READ_CLERKS = (P.CASE_INTAKE, *READ_KEEPERS)
# Whoever holds a post with any power may be asked to inspect, and answers for the own unit.
ANYBODY = tuple(P)
LOT = "政务公开工作规划 三（三）：不定期组织重点抽查；house rule: nobody chooses what is looked at"
TRUE = "政务公开工作规划 二（二）：确保办事公开全面真实；信息公开条例 46：监督检查"
HEARD = "house rule: nobody is told on before they could answer"
TWO = "house rule: who inspected does not publish the result"

SAMPLE: dict[str, Row] = {
    "draw": Row((), S.DRAWN, ("overseer",), OVERSEERS, "抽中", LOT),
    "assign": Row((S.DRAWN, S.ASSIGNED), S.ASSIGNED, ("overseer",), OVERSEERS, "指定核对人", TRUE),
    "judge": Row((S.ASSIGNED,), S.JUDGED, ("inspector",), ANYBODY, "写核对结果", TRUE),
    "reply": Row((S.JUDGED,), S.REPLIED, ("unit",), ANYBODY, "说明", HEARD),
    "send_back": Row((S.JUDGED, S.REPLIED), S.ASSIGNED, ("second",), OVERSEERS, "退回重新核对", TWO),
    "show": Row((S.JUDGED, S.REPLIED), S.SHOWN, ("second",), OVERSEERS, "公布结果", TWO),
}
