"""What is still missing before a case may be accepted: checklist, one-time notice and gate share it."""

from dataclasses import dataclass

from mingtang.cases.enums import MaterialState, PartyAnswer
from mingtang.cases.models import Case, SupplementNotice
from mingtang.lib.errors import Refused
from mingtang.rulebook import situations
from mingtang.rulebook.situations import Answers
from mingtang.rulebook.spec import Material, Spec

# What needs not be brought any more: it is here, ours to look up, pledged in writing, or no longer asked for.
IN_HAND = {MaterialState.RECEIVED, MaterialState.FETCHED, MaterialState.PLEDGED, MaterialState.DROPPED}


@dataclass(frozen=True)
class Missing:
    material: Material
    sentence: str


def notice_of(case: Case) -> SupplementNotice | None:
    return SupplementNotice.objects.filter(case=case).prefetch_related("demands").first()


def missing(case: Case) -> list[Missing]:
    """Before the notice: every required material of the case that is not in. After it: only what the notice listed
    (许可法 32(四): what it forgot can no longer be asked for)."""
    return missing_by(case, notice_of(case))


def missing_by(case: Case, notice: SupplementNotice | None) -> list[Missing]:
    """``missing`` for whoever has read the notice already."""
    spec = case.version.spec
    if notice is not None:
        return [
            Missing(spec.material(demand.material_key), demand.how_to_mend)
            for demand in notice.demands.all()
            if demand.supplied_at is None and demand.dropped_at is None
        ]
    held = {row.material_key: row.state for row in case.materials.all()}
    return [
        Missing(material, f"还缺“{material.name}”（{material.form}，{material.copies} 份）。")
        for material in case.selected.materials
        if material.required and held.get(material.key) not in IN_HAND
    ]


def check_heard(case: Case) -> None:
    """No decision before those whom it touches answered, and a hearing that was asked for was held (许可法 36, 47)."""
    if case.parties.filter(answer="").exists():
        raise Refused("还有利害关系人没有答复。请先听取意见；到期没有答复的，也要记下。")
    asked = case.parties.filter(answer=PartyAnswer.HEARING).exists()
    held = list(case.hearings.values_list("recorded_at", flat=True))
    if None in held or (asked and not held):
        raise Refused("听证还没有办完，或者没有登记笔录，不能作出决定。")


def barred(spec: Spec, answers: Answers) -> str:
    """Why nothing can be granted for these answers, whom to ask, and that one may apply all the same (许可法 32, 38);
    empty where no answer bars."""
    bars = situations.selected(spec, answers).bars
    if not bars:
        return ""
    why = "；".join(bar.rstrip("。；") for bar in bars)
    return (
        f"{why}。照您的回答，这件事现在办不成；拿不准的，请打 {spec.phone} 问。您仍然可以申请，我们照样收件：不准予的，"
        "给您书面决定，写明理由和不服怎么办。"
    )
