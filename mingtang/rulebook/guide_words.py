"""What an item version says, in the words of its guide: for the page, one's own situation, the sheet on a wall.

A draft is told too: what it does not say yet stays out, and a code it has not chosen yet has no word.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import TextChoices

from mingtang.lib.money import format_yuan
from mingtang.lib.text import chinese_date
from mingtang.people.models import Post
from mingtang.rulebook.enums import CaseKind, SilenceRule, Source
from mingtang.rulebook.fees import in_force, less
from mingtang.rulebook.spec import Fee, Material, Spec, Work
from mingtang.towns.models import Jurisdiction

MEDIA = {"paper": "要纸质的", "electronic": "要电子版", "either": "纸质、电子都行"}


def label(words: type[TextChoices], value: str) -> str:
    return words(value).label if value in words.values else ""


def days_text(spec: Spec) -> str:
    return f"承诺 {spec.promised_days} 个工作日" if spec.promised_days else "当场办结"


def fee_text(spec: Spec, on: date) -> str:
    """What is charged on a day; the sums where they are the same for everybody."""
    charged = [fee for fee in spec.fees if in_force(fee, on)]
    if not charged:
        return "不收费"
    if any(fee.quantity or fee.when or fee.reductions for fee in charged):
        return "按情形收费"
    return "、".join(f"{fee.name} {price(fee)}" for fee in charged)


def price(fee: Fee) -> str:
    return f"{format_yuan(fee.amount)}／{fee.per}"


def statutory(spec: Spec) -> str:
    if spec.statutory_days is None:
        return "法律没有规定时限"
    return f"受理之日起 {spec.statutory_days} 个工作日"


def above(spec: Spec) -> str:
    """How long the organ takes that decides in the town's stead, beside what the town promises; empty without one."""
    organ, days = spec.superior.organ, spec.superior.working_days
    return f"{organ}再要 {days} 个工作日" if organ and days else f"{organ}决定，没有规定时限" if organ else ""


def material(row: Material) -> dict[str, Any]:
    """One paper in the words of the guide."""
    said = "纸质" in row.form or "电子" in row.form
    return {
        "name": row.name,
        "form": "不用您带，我们自己调取" if row.fetched_by_us else row.form,
        "copies": 0 if row.fetched_by_us else row.copies,
        "source": "" if row.fetched_by_us else _source(row),
        "medium": "" if row.fetched_by_us or said else MEDIA.get(row.medium, ""),
        "when": row.when_label if row.when else "",
        "grace": grace(row),
        "note": row.standard,
        "fill": row.note,
        "basis": row.basis,
    }


def _source(row: Material) -> str:
    own = row.source == Source.SELF and row.issuer in {"", "申请人", "本人"}
    return "您自己准备" if own or not row.issuer else f"由{row.issuer}出具"


def grace(row: Material) -> str:
    """What is allowed to whoever does not have the paper at hand."""
    if row.fetched_by_us:
        return ""
    if not row.required:
        return "没有也可以办"
    ways = [
        *(["可以写承诺书代替"] if row.pledge else []),
        *(["可以先受理，过后再补"] if row.deferrable else []),
    ]
    return "，也".join(ways)


def posts_of(town: Jurisdiction, spec: Spec) -> dict[str, str]:
    """Post code → 单位＋岗位, for the posts a spec names."""
    return {post.code: str(post) for post in Post.objects.filter(town=town, code__in=spec.posts).select_related("unit")}


# Only what the version promises, or the law says, is told.
SILENCE = {
    SilenceRule.STATUTORY: "；超过时限不说，依法就算受理",
    SilenceRule.PROMISE: "；超过时限不说，我们就按受理办",
}


def steps(spec: Spec, works: Iterable[Work], posts: dict[str, str]) -> list[dict[str, Any]]:
    """Intake, the steps with parallel ones together, decision, service."""
    rows: list[dict[str, Any]] = [
        {
            "title": "提交、收件审查",
            "owner": posts.get(spec.window_post, ""),
            "days": ("材料齐的当场收，" if spec.kind == CaseKind.INSTANT else "") + f"最多 {spec.intake_days} 个工作日",
            "note": f"缺材料一次说完{SILENCE.get(spec.silence_rule, '')}。",
        }
    ]
    for group, members in groupby(works, key=lambda step: step.group):
        found = [
            {
                "title": step.name,
                "owner": posts.get(step.post, ""),
                "days": f"{step.working_days} 个工作日",
                "note": step.standard,
                "basis": step.basis,
                "when": step.when_label if step.when else "",
            }
            for step in members
        ]
        if group is None or len(found) == 1:
            rows += found
        else:
            rows.append({"title": "同时审查", "owner": "", "parallel": found, "note": "几个所同时办，不用您跑。"})
    if above := spec.superior.organ:
        days = f"{spec.superior.working_days} 个工作日" if spec.superior.working_days else ""
        rows.append({"title": "审查完报送上级", "owner": posts.get(spec.decider_post, "")})
        rows.append({"title": "上级决定", "owner": above, "days": days, "basis": spec.superior.basis})
    else:
        rows.append({"title": "作出决定", "owner": posts.get(spec.decider_post, "")})
    rows.append({"title": "送达", "owner": posts.get(spec.window_post, ""), "days": "最多 10 个工作日"})
    return rows


def visits(spec: Spec) -> str:
    if not spec.visits:
        return "一趟也不用跑"
    reason = spec.listing.visit_reason
    return f"最多跑 {spec.visits} 趟" + (f"（{reason}）" if reason else "")


def fees(spec: Spec, on: date) -> list[dict[str, Any]]:
    """What is charged, or will be; what is no longer charged stays out."""
    day = on.isoformat()
    return [
        {
            "name": fee.name,
            "payer": fee.payer,
            "standard": price(fee) + (f"，一件最多 {format_yuan(fee.most)}" if fee.most else ""),
            "when": fee.when_label if fee.when else "",
            "begins": f"{chinese_date(date.fromisoformat(fee.valid_from))}起收" if fee.valid_from > day else "",
            "less": [f"{row.label}：{less(row.percent)}" for row in fee.reductions],
            "basis": fee.basis,
            "receipt": fee.receipt,
        }
        for fee in spec.fees
        if not fee.valid_to or fee.valid_to >= day
    ]
