"""Who a fee falls on, read from the words of the fee board: persons, farmers, firms. Pure.

For the cards that show one kind of payer everything asked of them. A farmer is a person too; what cannot be told falls
on everybody, so that no card leaves a fee out.
"""

from collections.abc import Iterable

from django.db import models

from mingtang.rulebook.enums import Served


class Payer(models.TextChoices):
    PERSON = "person", "个人"
    FARMER = "farmer", "农户"
    FIRM = "firm", "企业"


P = Payer
_FARMER = ("农户", "农民", "农村居民", "村民", "承包户", "社员")
_PERSON = ("个人", "居民", "公民", "自然人", "学生", "家长", "老人", "患者", "本人", "住户")
_FIRM = ("企业", "单位", "公司", "个体", "商户", "法人", "合作社", "组织", "经营者", "厂")
_SERVED: dict[str, tuple[str, ...]] = {
    Served.PERSON: (P.PERSON, P.FARMER),
    Served.FIRM: (P.FIRM,),
    Served.UNINCORPORATED: (P.FIRM,),
}


def payers(words: str, served: Iterable[str]) -> frozenset[str]:
    """The kinds of payers. ``words`` (收费对象) decide where they name one; else whom the item serves."""
    farmers = any(word in words for word in _FARMER)
    rest = words
    for word in _FARMER:
        rest = rest.replace(word, "")
    found = {P.FARMER} if farmers else set()
    if any(word in rest for word in _PERSON):
        found |= {P.PERSON} if "城镇" in rest else {P.PERSON, P.FARMER}
    if any(word in rest for word in _FIRM):
        found.add(P.FIRM)
    if not found:
        found = {P(kind) for one in served for kind in _SERVED.get(one, ())}
    return frozenset(found or P)
