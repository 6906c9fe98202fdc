"""What is still missing before a case may be accepted: checklist, one-time notice and gate share it."""

from dataclasses import dataclass

from mingtang.cases.enums import MaterialState
from mingtang.cases.models import Case, SupplementNotice
from mingtang.rulebook.spec import Material


@dataclass(frozen=True)
class Missing:
    material: Material
    sentence: str


def notice_of(case: Case) -> SupplementNotice | None:
    return SupplementNotice.objects.filter(case=case).prefetch_related("demands").first()


def missing(case: Case) -> list[Missing]:
    """Before the notice: every required material that is not in. After it: only what the notice listed
    (许可法 32(四): what it forgot can no longer be asked for)."""
    spec = case.version.spec
    notice = notice_of(case)
    if notice is not None:
        return [
            Missing(spec.material(demand.material_key), demand.how_to_mend)
            for demand in notice.demands.all()
            if demand.supplied_at is None and demand.dropped_at is None
        ]
    held = {row.material_key: row.state for row in case.materials.all()}
    return [
        Missing(material, f"还缺“{material.name}”（{material.form}，{material.copies} 份）。")
        for material in spec.materials
        if material.required and held.get(material.key) not in {MaterialState.RECEIVED, MaterialState.FETCHED}
    ]
