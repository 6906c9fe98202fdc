"""必须本人来: what nobody may do in the applicant's stead, and the words for it everywhere (许可法 29). Pure.

A guardian is the person: they are the legal agent of whoever cannot act alone (民法典 23).
"""

from mingtang.rulebook.spec import Spec

GUARDIAN = "有监护人的，监护人来就行。"
_NOT_BY_OTHERS = {
    "apply": ("申请", "不能由别人代办，也不能在网上办"),
    "collect": ("领结果", "不能由别人代领，也不能寄送"),
}


def told(spec: Spec) -> str:
    """For the guide; empty where an agent may do everything."""
    parts = [
        f"{what}要本人来（{basis}）"
        for name, (what, _) in _NOT_BY_OTHERS.items()
        if (basis := getattr(spec.in_person, name))
    ]
    return f"{'；'.join(parts)}。{GUARDIAN}" if parts else ""


def refuses(spec: Spec, name: str) -> str:
    """Why nobody else may ``apply`` or ``collect``, as a sentence; empty where they may."""
    basis, (what, how) = getattr(spec.in_person, name), _NOT_BY_OTHERS[name]
    return f"“{spec.name}”{what}要本人来（{basis}），{how}。请本人来；{GUARDIAN}" if basis else ""
