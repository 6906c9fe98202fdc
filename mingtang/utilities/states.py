"""The lifecycle of a notice of interruption 停供通知, as one table. A row that is not here is refused.

``who``: keeper (of the own unit), checker (a second person of the unit, or the town's reviewer).
"""

from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P
from mingtang.utilities.enums import InterruptionState as S

CHECKING = (P.TENANT_KEEP, P.DOCUMENT_REVIEW)
TWO = "house rule: two persons before a plan is told, one at once and the second afterwards when it is urgent"
TOLD = "信息公开条例 55；供电、供水、燃气各自的停供公告规定"

INTERRUPTION: dict[str, Row] = {
    "propose": Row((), S.PROPOSED, ("keeper",), (P.TENANT_KEEP,), "写停供通知", TOLD),
    "announce_urgent": Row((), S.OUT, ("keeper",), (P.TENANT_KEEP,), "发出突发通知", TOLD),
    "announce": Row((S.PROPOSED,), S.OUT, ("checker",), CHECKING, "核对、发出", TWO),
    "confirm": Row((S.OUT,), None, ("checker",), CHECKING, "事后核对", TWO),
    "change": Row((S.PROPOSED, S.OUT), None, ("keeper",), (P.TENANT_KEEP,), "改时间、改地方", TOLD),
    "restore": Row((S.OUT,), S.RESTORED, ("keeper",), (P.TENANT_KEEP,), "写明恢复了", TOLD),
    "withdraw": Row((S.PROPOSED, S.OUT), S.WITHDRAWN, ("keeper", "checker"), CHECKING, "撤回", TOLD),
}
