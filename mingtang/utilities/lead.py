"""How long before a cut it must be told, in hours, and because of what.

No text of these regulations lies in the library yet: pages name the figure as the town's own, never as law.
"""

from typing import NamedTuple

from mingtang.utilities.enums import Cut, Urgency


class Lead(NamedTuple):
    """``hours`` before the cut; ``model``: the rule it follows, from memory and not compared with its text."""

    hours: int
    model: str


_OWN = Lead(24, "")
_LEADS: dict[tuple[str, str], Lead] = {
    (Cut.POWER, Urgency.PLANNED): Lead(7 * 24, "供电监管办法 第十三条"),
    (Cut.POWER, Urgency.REPAIR): Lead(24, "供电监管办法 第十三条"),
    (Cut.WATER, Urgency.PLANNED): Lead(24, "城市供水条例 第二十二条"),
    (Cut.WATER, Urgency.REPAIR): Lead(24, "城市供水条例 第二十二条"),
    (Cut.GAS, Urgency.PLANNED): Lead(48, "城镇燃气管理条例 第二十条"),
    (Cut.GAS, Urgency.REPAIR): Lead(48, "城镇燃气管理条例 第二十条"),
    (Cut.NETWORK, Urgency.PLANNED): Lead(72, "电信服务规范"),
    (Cut.NETWORK, Urgency.REPAIR): Lead(72, "电信服务规范"),
}


def lead(cut: str, urgency: str) -> Lead:
    """What a notice of this kind owes; nothing for what nobody could foresee."""
    return Lead(0, "") if urgency == Urgency.URGENT else _LEADS.get((cut, urgency), _OWN)
