"""Powers and what clean-ups say of them, as the desk's pages show them."""

from typing import Any

from django.utils import timezone

from mingtang.desk.views.law_lookup import standing
from mingtang.people.enums import Permission as P
from mingtang.rulebook.laws.resolve import Shelf, cited_as
from mingtang.rulebook.models import Power, PowerDecision
from mingtang.rulebook.powers.enums import DecisionState as S
from mingtang.rulebook.powers.enums import DutyKind, PowerStatus, Verdict

TONES = {PowerStatus.LISTED: "done", PowerStatus.CANCELLED: "stop", PowerStatus.HANDED_UP: "gold"}
VERDICT_TONES = {Verdict.KEEP: "done", Verdict.CHANGE: "now", Verdict.CANCEL: "stop", Verdict.HAND_UP: "gold"}
STATE_TONES = {S.PROPOSED: "now", S.REVIEWED: "now", S.RETURNED: "late", S.SETTLED: "done"}
EDIT, APPROVE, DECIDE = P.ITEM_EDIT, P.ITEM_APPROVE, P.ITEM_DECIDE


def bases(power: Power) -> list[dict[str, Any]]:
    """Each basis with whether it is in force today and its first words."""
    rows = list(power.basis.all())
    shelf = Shelf.for_citations(power.town, [(row.law, row.article) for row in rows])
    today = timezone.localdate()
    found = [(row, shelf.resolve(row.law, row.article, today)) for row in rows]
    return [
        {
            "cited": cited_as(row.law, row.article),
            "url": f"/laws/{answer.law.pk}" + (f"#{answer.found[0].article.anchor}" if answer.found else "")
            if answer.law
            else "",
            **standing(answer),
        }
        for row, answer in found
    ]


def facts(power: Power) -> list[tuple[str, str]]:
    return [
        ("权力类型", power.get_type_display()),
        ("清理类别", power.get_plan_class_display()),
        ("行使单位", power.unit.name),
        ("行使岗位", power.post.name if power.post else ""),
        ("行使层级", power.get_level_display()),
        ("权力来源", power.get_source_display()),
        ("管什么", power.scope),
        ("管哪里", power.place),
        ("到多少为止", power.limit),
        ("上级主管", power.above),
        ("不服怎么办", power.redress),
        ("列入清单的决定", power.minutes_number),
    ]


def duties(power: Power) -> list[tuple[str, list[Any]]]:
    return [(kind.label, [row for row in power.duties.all() if row.kind == kind]) for kind in DutyKind]


def decision(row: PowerDecision) -> dict[str, Any]:
    """What a clean-up says of a power, and who had a hand in it: for staff, who see names."""
    steps = [("提出", row.proposed_by, row.proposed_at), ("审核", row.reviewed_by, row.reviewed_at)]
    steps.append(("登记", row.settled_by, row.settled_at))
    return {
        "campaign": row.campaign.title,
        "verdict": row.get_verdict_display(),
        "tone": VERDICT_TONES[Verdict(row.verdict)],
        "state": row.state_title,
        "state_tone": STATE_TONES[S(row.state)],
        "reason": row.reason,
        "note": note(row),
        "returned": row.returned_reason,
        "minutes": row.minutes_number,
        "to_carry_out": row.state == S.SETTLED and row.verdict == Verdict.CHANGE and row.carried_out_at is None,
        "carried_out": row.carried_out_at,
        "who": [f"{title}：{who.name}，{timezone.localdate(at)}" for title, who, at in steps if who and at],
    }


def note(row: PowerDecision) -> str:
    return row.change_note or (f"上交{row.handed_to}" if row.handed_to else "")
