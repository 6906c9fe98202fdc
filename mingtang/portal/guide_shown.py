"""What of an item version people read on the site: for the guide, and for the guide of one's own situation."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from mingtang.portal.offered import files_of
from mingtang.rulebook import disclosed, guide_words
from mingtang.rulebook.enums import FileRole, OnlineDepth, Scope, Way
from mingtang.rulebook.guide_words import fee_text, label, material
from mingtang.rulebook.spec import Material, Spec
from mingtang.voices.challenges import row_key


def six(spec: Spec, on: date) -> list[dict[str, Any]]:
    """六公开 at a glance. What only some need is counted apart."""
    asked = [material for material in spec.materials if not material.fetched_by_us]
    some, branches = [row for row in asked if row.when], [row for row in spec.steps if row.when]
    together = max(Counter(step.group for step in spec.steps if step.group).values(), default=0)
    flow = f"{together} 步同时办" if together else "窗口一次办完" if not spec.steps else "一步接一步"
    if branches:
        flow += f"，有的情况多 {len(branches)} 步"
    ends = 4 if spec.superior.organ else 3  # intake, the decision, or what goes up and what comes back, and service
    limit = (
        {"label": "多久", "value": "当场办结"}
        if not spec.promised_days
        else {"label": "多久", "before": "承诺", "figure": spec.promised_days, "unit": "个工作日"}
    )
    notes = [f"法定 {spec.statutory_days} 个工作日"] if spec.statutory_days is not None else []
    notes += ["报上级以后另算"] if spec.superior.organ else []
    return [
        {"label": "办什么", "value": "、".join(result.name for result in spec.results)},
        {"label": "依据", "value": "".join(f"{row.law} {row.article}" for row in spec.basis[:1])},
        {
            "label": "带什么",
            "figure": len(asked) - len(some),
            "unit": "份材料",
            "note": f"有的情况再加 {len(some)} 份" if some else "",
        },
        {"label": "怎么走", "figure": len(spec.steps) - len(branches) + ends, "unit": "步", "note": flow},
        {**limit, "note": "，".join(notes)},
        {"label": "收多少", "value": fee_text(spec, on)},
    ]


def materials(spec: Spec, rows: Iterable[Material], code: str) -> list[dict[str, Any]]:
    """For the ``material_list`` component, with the forms and samples that the item ``code`` offers."""
    return [material(row) | {"files": files_of(spec, code, row.key, FileRole.FORM, FileRole.SAMPLE)} for row in rows]


def fees(spec: Spec, on: date) -> list[dict[str, Any]]:
    """What is charged, or will be, each with the row that can be challenged."""
    return [row | {"row": row_key(row["name"])} for row in guide_words.fees(spec, on)]


def results(spec: Spec, code: str) -> list[dict[str, Any]]:
    """What is given in the end and for how long, with the samples that the item ``code`` offers."""
    return [
        {
            "name": f"{row.name}（{row.kind}）" + (f"，有效期：{row.validity}" if row.validity else ""),
            "files": files_of(spec, code, row.name, FileRole.RESULT),
        }
        for row in spec.results
    ]


def more(spec: Spec) -> list[tuple[str, str]]:
    """What else the implementation list says and few ask: each with its question, empty ones left out."""
    row = spec.listing
    ways = "、".join(label(Way, way) for way in row.ways if way in Way.values)
    depth = label(OnlineDepth, row.online_depth) if spec.online and row.online_depth else ""
    rows = [
        ("怎么办理", ways),
        ("网上能办到哪一步", depth),
        ("哪里能办", f"{label(Scope, row.scope)}通办" if label(Scope, row.scope) else ""),
        ("有没有名额限制", row.quota),
        ("能不能预约", "可以预约" if row.appointment else ""),
        ("结果能不能寄", "可以寄给您" if row.courier else ""),
        ("要不要找中介", row.intermediary),
        ("受谁委托", row.entrusted_by),
        ("不申请会不会办", f"符合条件的，我们也可以主动启动（{spec.ex_officio}）" if spec.ex_officio else ""),
        ("结果会不会公开", disclosed.sentence(spec.publication)),
        ("您的权利", row.rights),
        ("您的义务", row.duties),
    ]
    return [(question, answer) for question, answer in rows if answer]
