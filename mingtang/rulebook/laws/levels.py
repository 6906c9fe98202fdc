"""The levels of law, their order, and which of them may lay what on people."""

from django.db import models


class LawLevel(models.TextChoices):
    """效力层级 (立法法 98-102). A town's own paper is a normative document, whatever it calls itself."""

    CONSTITUTION = "constitution", "宪法"
    LAW = "law", "法律"
    COUNCIL_DECISION = "council_decision", "国务院决定"
    REGULATION = "regulation", "行政法规"
    LOCAL_REGULATION = "local_regulation", "地方性法规"
    DEPARTMENT_RULE = "department_rule", "部门规章"
    LOCAL_RULE = "local_rule", "地方政府规章"
    INTERPRETATION = "interpretation", "司法解释"
    NORMATIVE = "normative", "规范性文件"


L = LawLevel
# Departmental and local government rules rank equally (立法法 102). An interpretation says how courts read a law and
# stands outside the order of what binds an office.
_RANKS: dict[str, int] = {
    L.CONSTITUTION: 7,
    L.LAW: 6,
    L.REGULATION: 5,
    L.COUNCIL_DECISION: 5,
    L.LOCAL_REGULATION: 4,
    L.DEPARTMENT_RULE: 3,
    L.LOCAL_RULE: 3,
    L.NORMATIVE: 1,
    L.INTERPRETATION: 0,
}


def rank(level: str) -> int:
    """The higher the number, the higher the law; 0 stands outside the order. Raises ValueError for an unknown level."""
    return _RANKS[L(level)]


class BurdenKind(models.TextChoices):
    """What a change of an item may lay on people."""

    LICENCE = "licence", "设定行政许可"
    LICENCE_FEE = "licence_fee", "行政许可收费"
    CERTIFICATE = "certificate", "设定证明事项"
    CONDITION = "condition", "增加条件"
    STEP = "step", "增加环节"
    MATERIAL = "material", "增加材料"
    OVER_STATUTORY_LIMIT = "over_statutory_limit", "超过法定时限"


# Who may set a licence may set its conditions, so that a decision of the State Council (许可法 14) carries these too.
_DETAIL = frozenset({L.LAW, L.REGULATION, L.COUNCIL_DECISION, L.LOCAL_REGULATION, L.DEPARTMENT_RULE, L.LOCAL_RULE})
_MAY: dict[str, frozenset[str]] = {
    # 许可法 14, 15, 17. A province's rule may set one for a year at most: too little for a standing item.
    BurdenKind.LICENCE: frozenset({L.LAW, L.REGULATION, L.COUNCIL_DECISION, L.LOCAL_REGULATION}),
    BurdenKind.LICENCE_FEE: frozenset({L.LAW, L.REGULATION}),  # 许可法 58
    BurdenKind.CERTIFICATE: frozenset({L.LAW, L.REGULATION, L.COUNCIL_DECISION, L.LOCAL_REGULATION}),
    BurdenKind.CONDITION: _DETAIL,  # 许可法 16
    BurdenKind.STEP: _DETAIL,
    BurdenKind.MATERIAL: _DETAIL,
    BurdenKind.OVER_STATUTORY_LIMIT: frozenset(),
}


def may_base(burden: str, level: str) -> bool:
    """Whether a law of this level is basis enough for the burden. Never a normative document, so never the town."""
    return L(level) in _MAY[BurdenKind(burden)]
