"""What everybody learns of a grant, in words: for guide, receipt and review alike."""

from mingtang.rulebook.enums import Disclosed, DisclosedField
from mingtang.rulebook.spec import Publication


def sentence(row: Publication) -> str:
    """Where, for how long, what, and by which law; empty where the version says nothing of it."""
    if row.scope in {"", Disclosed.NONE}:
        return "不公开，只公布办了多少件" if row.scope else ""
    what = "、".join(DisclosedField(field).label for field in row.fields)
    long = f"公开 {row.days} 天" if row.days else "有效期内公开"
    return f"在{Disclosed(row.scope).label}{long}：{what}（{row.basis}）"
