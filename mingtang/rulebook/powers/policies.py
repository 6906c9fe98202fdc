"""May this person do this to a power, and does the power hold what a list must show?"""

from collections.abc import Sequence

from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import can, check_may, posts_of, powers_of
from mingtang.rulebook.models import Campaign, Power, PowerDecision
from mingtang.rulebook.powers.enums import DecisionState, PlanClass, Verdict
from mingtang.rulebook.powers.states import DECISION
from mingtang.towns.models import Jurisdiction


def check_edit(by: Staff | None, town: Jurisdiction) -> None:
    """The list is kept by whoever edits items; ``None`` is the console."""
    if by is not None:
        check_may(by, Permission.ITEM_EDIT, town)


def check_propose(power: Power, by: Staff) -> None:
    """The unit that holds the power, or whoever edits the list, says first what should become of it."""
    if by.town_id == power.town_id and any(post.unit_id == power.unit_id for post in posts_of(by)):
        return
    if not any(can(by, needed, power.town) for needed in DECISION["propose"].powers):
        raise Refused(f"这项权力归{power.unit.name}，请由该单位或者编制事项的岗位提出意见。")


def check_act(name: str, decision: PowerDecision, by: Staff) -> None:
    """Power of the person, open campaign, state of the decision. The console has no way round this."""
    row = DECISION[name]
    if by.town_id != decision.power.town_id or not powers_of(by).intersection(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由有此职责的岗位办理。")
    check_state(name, decision)


def check_state(name: str, decision: PowerDecision) -> None:
    row = DECISION[name]
    if decision.state not in row.sources:
        title = DecisionState(decision.state).label
        raise Refused(f"这一条现在是“{title}”，不能{row.title}。请刷新后再看。")


def check_open(campaign: Campaign) -> None:
    if not campaign.is_open:
        raise Refused(f"“{campaign.title}”已经结束，不能再改。")


def check_verdict(power: Power, verdict: str, *, change_note: str, handed_to: str) -> None:
    """What a verdict must say; 非行政许可审批 was abolished in 2015 (国发〔2015〕27号) and cannot be kept."""
    if verdict not in Verdict.values:
        raise Refused("意见只能是保留、调整、取消、上交中的一种。", field="verdict")
    if verdict == Verdict.KEEP and power.plan_class == PlanClass.NON_LICENCE:
        raise Refused("国家已经取消“非行政许可审批”这一类别，不能保留。请改为调整、取消或者上交。", field="verdict")
    if verdict == Verdict.CHANGE and not change_note:
        raise Refused("请写明怎样调整，例如改归哪一类、缩小到什么范围。", field="change_note")
    if verdict == Verdict.HAND_UP and not handed_to:
        raise Refused("请写明上交给哪个上级机关。", field="handed_to")
    if verdict != Verdict.CHANGE and change_note:
        raise Refused("只有选“调整”才写怎样调整。请改选调整，或者删去这一栏。", field="change_note")
    if verdict != Verdict.HAND_UP and handed_to:
        raise Refused("只有选“上交”才写上交给谁。请改选上交，或者删去这一栏。", field="handed_to")


def check_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Law and article stand together, each pair once, at least one."""
    if not rows:
        raise Refused("权力要有依据。请写明法律法规的名称和条款。", field="basis")
    if any(not law.strip() or not article.strip() for law, article in rows):
        raise Refused("依据要写到法律名称和条款，缺一不可。请补上。", field="basis")
    if len(set(rows)) != len(rows):
        raise Refused("同一条依据写了两遍。请删去一条。", field="basis")
