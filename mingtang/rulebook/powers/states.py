"""The lifecycle of what a clean-up decides about one power. A row that is not here is refused."""

from mingtang.people.enums import Permission as P
from mingtang.rulebook.powers.enums import DecisionState as S
from mingtang.rulebook.states import Row

# The unit that holds the power may propose too, without ITEM_EDIT (``policies.check_propose``).
DECISION: dict[str, Row] = {
    "propose": Row((S.PROPOSED, S.RETURNED), S.PROPOSED, (P.ITEM_EDIT,), "提出清理意见", "plan 二(一): 全面清理"),
    "review": Row((S.PROPOSED,), S.REVIEWED, (P.ITEM_APPROVE,), "合法性审核通过", "plan 三(二): 司法所"),
    "send_back": Row((S.PROPOSED, S.REVIEWED), S.RETURNED, (P.ITEM_APPROVE,), "退回", "plan 三(二): 司法所"),
    "settle": Row((S.REVIEWED,), S.SETTLED, (P.ITEM_DECIDE,), "登记集体决定", "plan 二(四): 领导小组 decision"),
    "carry_out": Row((S.SETTLED,), S.SETTLED, (P.ITEM_EDIT,), "按决定调整", "house rule: a change is carried out once"),
}
