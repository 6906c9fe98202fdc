"""The guide of an item for a wall: what its version in force asks, in the words of the guide's page."""

from datetime import date
from typing import Any

from mingtang.rulebook import guide_words as words
from mingtang.rulebook import in_person
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Material, Spec

Block = dict[str, Any]
WAY = "怎么走"


def body_of(version: Version, on: date) -> list[Block]:
    """All that who applies must know on a day; what the version does not say stays out."""
    spec = version.spec
    parts = [
        ("办什么", [f"{spec.summary}面向：{'、'.join(spec.served)}。"]),
        ("什么条件", list(spec.conditions)),
        ("带什么", [_material(row) for row in spec.materials] or ["什么也不用带"]),
        (WAY, _steps(version)),
        ("多久办好", [line for line in (words.days_text(spec), words.statutory(spec), words.above(spec)) if line]),
        ("收多少", _fees(spec, on)),
        ("拿到什么", [row.name for row in spec.results]),
        ("到哪里办", _where(spec)),
    ]
    found: list[Block] = []
    for title, lines in parts:
        if lines := [line for line in lines if line]:
            found.append({"type": "h2", "text": title})
            # Steps have numbers of their own.
            found += (
                [{"type": "p", "text": line} for line in lines] if title == WAY else [{"type": "ul", "items": lines}]
            )
    last = f"没有写的材料可以不带，没有写的费可以不交。和您遇到的不一样，请打 {spec.complaint_phone}。"
    return [*found, {"type": "p", "text": last}]


def _material(row: Material) -> str:
    told = words.material(row)
    copies = f"{told['copies']} 份" if told["copies"] else ""
    said = "，".join(part for part in (told["form"], copies, told["source"], told["medium"], told["grace"]) if part)
    when = f"（{told['when']}）" if told["when"] else ""
    return f"{row.name}{when}：{said}" + (f"。{row.standard}" if row.standard else "")


def _steps(version: Version) -> list[str]:
    spec = version.spec
    lines = []
    for number, step in enumerate(words.steps(spec, spec.steps, words.posts_of(version.item.town, spec)), 1):
        said = _step(step)
        if parts := step.get("parallel"):
            said += "：" + "；".join(_step(one) for one in parts)
        lines.append(f"{number}. {said}")
    return lines


def _step(step: dict[str, Any]) -> str:
    when = f"（{step['when']}）" if step.get("when") else ""
    return "，".join(part for part in (step["title"] + when, step.get("owner"), step.get("days")) if part)


def _fees(spec: Spec, on: date) -> list[str]:
    rows = words.fees(spec, on)
    if not rows:
        return ["不收费"]
    lines = []
    for row in rows:
        more = "，".join(part for part in (row["when"], row["begins"], *row["less"]) if part)
        lines.append(f"{row['name']}：{row['standard']}" + (f"（{more}）" if more else "") + f"，依据{row['basis']}")
    return lines


def _where(spec: Spec) -> list[str]:
    return [
        "，".join(part for part in (spec.place, spec.hours) if part),
        f"咨询电话 {spec.phone}" if spec.phone else "",
        words.visits(spec),
        in_person.told(spec),
    ]
