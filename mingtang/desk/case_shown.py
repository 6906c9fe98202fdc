"""What only staff see of a case, as the page components want it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from mingtang.cases import charging, process
from mingtang.cases.enums import ActsAs, AuthorityChange, GuardianRelation, MaterialState, TellBy
from mingtang.cases.models import Case, CaseDocument, CaseStep
from mingtang.cases.papers import billed
from mingtang.cases.states import OPEN
from mingtang.desk.shown import stood_in_for
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD, IDENTITY_PAPERS
from mingtang.lib.masking import mask_address, mask_id, mask_mobile, mask_name
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.money.models import READERS
from mingtang.rulebook import in_person, situations
from mingtang.towns.viewer import Viewer

STATES = {
    MaterialState.RECEIVED: "ok",
    MaterialState.FETCHED: "ours",
    MaterialState.MISSING: "missing",
    MaterialState.TO_BRING: "none",
    MaterialState.DEFERRED: "follows",
    MaterialState.PLEDGED: "pledged",
    MaterialState.DROPPED: "dropped",
}


def applicant(case: Case, *, whole: bool) -> list[tuple[str, str]]:
    """Who applies, masked unless the clerk asked to see it. A destroyed key says so."""
    try:
        data = case.applicant
    except Refused as refusal:
        return [("申请人", refusal.message)]
    hide = (lambda mask, text: text) if whole else (lambda mask, text: mask(text) if text else "")
    return [
        ("单位", data["organisation"]),
        ("信用代码", data["uscc"]),
        ("姓名", hide(mask_name, data["name"])),
        (_paper(data), hide(mask_id, data["id_number"])),
        ("证件有效期到", data.get("id_until", "")),
        ("电话", hide(mask_mobile, data["phone"])),
        ("住址", hide(mask_address, data["address"])),
        *_acting(data.get("acting") or {}, hide),
        *_authorities(case, hide),
        ("收件时看过", "".join(data.get("confirmed", {}).values())),
        ("怎样告诉", TellBy(data.get("tell_by", TellBy.NO)).label),
    ]


def _paper(person: Mapping[str, Any]) -> str:
    """What the number stands on."""
    paper = person.get("id_paper", CARD)
    return "身份证号码" if paper == CARD else f"{IDENTITY_PAPERS[paper].name}号码"


def _acting(who: Mapping[str, Any], hide: Callable[[Callable[[str], str], str], str]) -> list[tuple[str, str]]:
    """Who came for the applicant, and how far that goes; nothing where they came themselves."""
    if not who:
        return []
    may = [word for word, flag in (("代为撤回", "may_withdraw"), ("代领文书", "may_collect")) if who[flag]]
    relation = GuardianRelation(who["relation"]).label if who["relation"] else ""
    return [
        (ActsAs(who["acts_as"]).label, hide(mask_name, who["name"])),
        ("是申请人的", relation),
        ("代申请的单位", who["organisation"]),
        (f"他的{_paper(who)}", hide(mask_id, who["id_number"])),
        ("他的证件有效期到", who["id_until"]),
        ("他的电话", hide(mask_mobile, who["phone"])),
        ("还可以", "、".join(may) or "没有写"),
        ("委托到", who["until"] or ("" if relation else "办完为止")),
        ("证明", "看过原件" if who["seen"] else "看扫描件"),
        ("他的证件", f"当天在 {who['same_as']} 核对过" if who.get("same_as") else ""),
    ]


def _authorities(case: Case, hide: Callable[[Callable[[str], str], str], str]) -> list[tuple[str, str]]:
    """What became of the authority while the case ran, and who saw the paper."""
    if not case.authorities.all():  # read with the line; most cases have none
        return []
    rows = case.authorities.select_related("checked_by", "event__payload__key")
    return [
        (
            row.get_change_display(),
            f"从{chinese_date(row.since)}起，{ActsAs(row.acts_as).label}{hide(mask_name, row.acting.name)}"
            + (f"，到{chinese_date(row.until)}" if row.until and row.change != AuthorityChange.ENDED else "")
            + f"；证明由{row.checked_by.name}核对",
        )
        for row in rows
    ]


def lapsed(case: Case) -> str:
    """Why whoever acted for the applicant of an open case may not any more; empty while they may."""
    try:
        who = case.acting if case.state in OPEN else None
    except Refused:
        return ""
    return who.lapsed(timezone.localdate()) if who else ""


def situation(case: Case) -> dict[str, Any]:
    """What the applicant answered, what bars by it, the bill frozen on the receipt, and whether they must fetch the
    result themselves. A destroyed key says so."""
    collects = in_person.refuses(case.version.spec, "collect")
    try:
        answered = situations.words(case.version.spec, case.answers)
        return {"answered": answered, "bars": case.selected.bars, "bill": billed(case), "collects": collects}
    except Refused as refusal:
        return {"answered": [("回答", refusal.message)], "bars": (), "bill": None, "collects": collects}


def payment(case: Case, viewer: Viewer) -> dict[str, Any]:
    """The notice of a case that charges, whether its books are open to the viewer, what it owes without one."""
    if not case.version.spec.fees:
        return {"notice": None, "owed": 0}
    notice = charging.payment_of(case)
    try:
        owed = 0 if notice or case.accepted_at is None else charging.owed(case).total
    except Refused:
        owed = 0  # the key was destroyed, and the answers with it
    return {"notice": notice, "owed": owed, "readable": bool(viewer.powers.intersection(READERS))}


def materials(case: Case) -> list[dict[str, Any]]:
    """The checklist with what came in; files open one by one."""
    spec, rows = case.version.spec, []
    prefetch_related_objects([case], "materials__files")
    for row in case.materials.all():
        material, files = spec.material(row.material_key), list(row.files.all())
        note = row.state_title + (f"（{month_day_time(row.received_at)}）" if row.received_at else "")
        rows.append(
            {
                "code": material.key,
                "name": material.name,
                "form": material.form,
                "copies": material.copies,
                "required": material.required,
                "when": material.when_label,
                "standard": material.standard,
                "state": STATES[MaterialState(row.state)],
                "note": note if row.state != MaterialState.MISSING or material.required else "没有也可以",
                "files": [
                    {"url": f"/desk/cases/{case.number}/files/{file.pk}", "label": f"看文件 {n}"}
                    for n, file in enumerate(files, 1)
                ],
            }
        )
    return rows


def _verdict(case: Case, step: CaseStep) -> dict[str, str]:
    """What a step said, as a tag."""
    if step.agrees is None:
        return {"word": "退回重办", "tone": "today"}
    word = "同意" if step.agrees else "不同意"
    if step.key == process.DECIDE and step.agrees and case.version.spec.superior.organ:
        word = "报送上级"
    elif step.key in {process.DECIDE, process.ABOVE}:
        word = case.get_outcome_display()
    return {"word": word, "tone": "done" if step.agrees else "stop"}


def _substitutes(case: Case) -> dict[tuple[str, datetime], str]:
    """What was done by a substitute, by whom and when, with the words for it."""
    events = list(Event.objects.filter(town=case.town, subject=case.subject, data__has_key="roster"))
    words = stood_in_for(case.town, events)
    return {(event.actor, event.happened_at): words[event.pk] for event in events}


def opinions(case: Case) -> list[dict[str, Any]]:
    """What step owners and the decider wrote, a return for redo with its reason included, newest last."""
    names = {step.key: step.name for step in case.version.spec.steps} | {process.DECIDE: "决定", process.ABOVE: "上级"}
    rows = []
    said = Q(agrees__isnull=False) | Q(opinion_sealed__isnull=False)
    steps = list(case.steps.filter(said, done_at__isnull=False).select_related("done_by"))
    substitutes = _substitutes(case) if steps else {}
    for step in steps:
        by = step.done_by
        try:
            text = case.unseal(step.opinion_sealed)["opinion"] if step.opinion_sealed else ""
        except Refused as refusal:
            text = refusal.message
        rows.append(
            {
                "name": names.get(step.key, step.key),
                "round": step.round,
                **_verdict(case, step),
                "who": by.name + substitutes.get((by.code, step.done_at), "") if by else "",
                "at": step.done_at,
                "text": text,
            }
        )
    return sorted(rows, key=lambda row: row["at"])


def papers(case: Case) -> list[dict[str, Any]]:
    return [paper(case, row) for row in case.documents.order_by("-pk")]


def paper(case: Case, row: CaseDocument) -> dict[str, Any]:
    """A paper with its address on the desk."""
    return {
        "name": f"{row.kind_title}　{row.number}",
        "url": f"/desk/cases/{case.number}/papers/{row.pk}.pdf",
        "size": "PDF",
    }
