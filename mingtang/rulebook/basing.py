"""Which basis a change needs, and whether the one named is high enough. Below its rank a proposal is dead."""

from dataclasses import dataclass

from mingtang.rulebook.burden import Change
from mingtang.rulebook.enums import Burden, ChangeKind, Direction, PowerType
from mingtang.rulebook.laws.levels import BurdenKind, LawLevel, may_base
from mingtang.rulebook.spec import Spec

# What is given to people binds nobody: a new one needs no law above the town, and its conditions are the giver's.
GIVES = (PowerType.PUBLIC_SERVICE, PowerType.PAYMENT, PowerType.REWARD)
_OF_KIND = {
    ChangeKind.STEP: BurdenKind.STEP,
    ChangeKind.VISIT: BurdenKind.STEP,
    ChangeKind.DAYS: BurdenKind.STEP,
    ChangeKind.CONDITION: BurdenKind.CONDITION,
    ChangeKind.OTHER: BurdenKind.CONDITION,
}


@dataclass(frozen=True)
class Named:
    """A basis as the proposer names it."""

    law: str
    article: str


def needed(change: Change, spec: Spec, burden: str) -> str:
    """What the change lays on people (a value of ``laws.levels.BurdenKind``), or empty where no basis is asked.

    Everything that is more needs one. So does a condition that goes from an item which binds people (the town may
    replace the proof of a statutory condition, not drop the condition), and a type that binds less than the old one.
    """
    licence = spec.power_type == PowerType.LICENCE
    if change.direction == Direction.DOWN and change.field == "conditions":
        return "" if spec.power_type in GIVES else BurdenKind.CONDITION
    if change.direction == Direction.DOWN and change.field == "power_type":
        # Whoever calls a licence a service ends its conditions of law with it.
        return BurdenKind.CONDITION
    if change.direction != Direction.UP:
        return ""
    if change.kind == ChangeKind.FEE:
        return BurdenKind.LICENCE_FEE if licence else BurdenKind.CONDITION
    if change.kind == ChangeKind.MATERIAL:
        return BurdenKind.CERTIFICATE if "证明" in change.sentence else BurdenKind.MATERIAL
    if burden == Burden.NEW:
        return BurdenKind.LICENCE if licence else "" if spec.power_type in GIVES else BurdenKind.CONDITION
    if change.field == "power_type" and licence:
        return BurdenKind.LICENCE
    return _OF_KIND[ChangeKind(change.kind)]


def is_strict(burden: str, needs: list[str]) -> bool:
    """Whether the proposal goes the long way."""
    return burden in (Burden.NEW, Burden.UP) or any(needs)


def too_low(needs: str, level: str) -> str:
    """Why a law of this level cannot carry the change, or empty."""
    if may_base(needs, level):
        return ""
    return f"{LawLevel(level).label}不能作“{BurdenKind(needs).label}”的依据"
