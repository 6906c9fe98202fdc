"""The limits a law page may speak of: what they are called in plain words, and a worked example of today."""

from dataclasses import dataclass
from datetime import date

from mingtang.lib.text import chinese_date
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import UNIT_NAMES
from mingtang.workdays.packs import Rule, rule
from mingtang.workdays.tables import calendar_for

LIMIT, LONGER = "{期限}", "{延长}"

# rule: (what happens today, what comes at the latest)
RULES = {
    "FOI_REPLY": ("镇政府今天收到您的申请", "答复您"),
    "FOI_CORRECT": ("镇政府今天收到一份写得不清楚的申请", "一次告诉您补什么"),
    "FOI_APPEAL": ("您今天知道了这个决定", "提出复议"),
    "PUB": ("一件事今天有了结果", "公开"),
    "LIC_CORRECT": ("您今天交材料，缺了东西", "一次告诉您补什么"),
    "LIC_DECIDE": ("您的申请今天受理", "作出决定"),
    "LIC_DELIVER": ("今天决定准许", "把证件送到"),
    "SUIT": ("您今天知道了这个决定", "到法院起诉"),
    "SUIT_AFTER_REVIEW": ("您今天收到复议决定", "到法院起诉"),
    "XF_NOTICE": ("您今天提出来", "书面告诉您受不受理"),
    "XF_DONE": ("您提的事今天受理", "办好"),
    "XF_REVIEW": ("您今天收到书面答复", "请求复查"),
}


@dataclass(frozen=True)
class Worked:
    """One example. ``provisional``: it reaches a year whose days off are not announced yet."""

    sentence: str
    provisional: bool


def limit(code: str, on: date) -> Rule:
    """The rule in force on a day; raises ``Refused`` where none is."""
    return rule(code, on)


def filled(text: str, found: Rule | None) -> str:
    """The town's words with what the rule says put in."""
    if found is None:
        return text
    longer = f"{found.extension}{UNIT_NAMES[found.unit]}"
    return text.replace(LIMIT, found.limit).replace(LONGER, longer)


def worked(found: Rule, town: Jurisdiction, on: date) -> Worked:
    """今天提出，最迟哪一天答复, by the town's calendar."""
    first, then = RULES[found.id]
    last = calendar_for(town).last_day(on, found.amount, found.unit, owner=found.owner)
    return Worked(f"{first}（{chinese_date(on)}），最迟{chinese_date(last.day)}{then}。", last.provisional)
