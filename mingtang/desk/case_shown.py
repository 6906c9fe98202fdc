"""Cases as the page components want them."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from mingtang.cases import charging, clocks, process
from mingtang.cases.enums import CaseState, ClockKind, MaterialState, TellBy
from mingtang.cases.line import Line, Stage
from mingtang.cases.models import Case, CaseStep
from mingtang.cases.papers import billed
from mingtang.cases.states import ENDED_EARLY
from mingtang.desk.shown import LAG_SHOWN, day, moment
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_address, mask_id, mask_mobile, mask_name
from mingtang.money.models import READERS
from mingtang.rulebook import situations
from mingtang.towns.viewer import Viewer

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
TONES = {
    CaseState.SUBMITTED: "now",
    CaseState.SUPPLEMENT_DUE: "today",
    CaseState.ACCEPTED: "now",
    CaseState.SUSPENDED: "paused",
    CaseState.DECIDED: "done",
    CaseState.CLOSED: "done",
    **dict.fromkeys(ENDED_EARLY, "stop"),
}
RULES = {
    ClockKind.INTAKE: ("收到材料的第二天起数工作日", "行政许可法 第三十二条、第八十二条"),
    ClockKind.STATUTORY: ("受理的第二天起数工作日", "行政许可法 第四十二条、第八十二条"),
    ClockKind.PROMISE: ("受理的第二天起数工作日", "本事项公布的承诺时限"),
    ClockKind.STEP: ("轮到这一环节的第二天起数工作日", "本事项公布的环节时限"),
    ClockKind.SERVICE: ("决定的第二天起数工作日", "行政许可法 第四十四条、第八十二条"),
}
STATES = {
    MaterialState.RECEIVED: "ok",
    MaterialState.FETCHED: "ours",
    MaterialState.MISSING: "missing",
    MaterialState.TO_BRING: "none",
    MaterialState.DEFERRED: "follows",
}


def _stage(stage: Stage) -> dict[str, Any]:
    lag = stage.lag
    return {
        "title": stage.title,
        "state": stage.state,
        "owner": stage.owner,
        "planned": day(stage.planned),
        "actual": moment(stage.actual),
        "place": stage.place,
        "delay": stage.delay,
        "word": stage.word,
        "lag": f"事后 {lag.days} 天 {lag.seconds // 3600} 小时录入" if lag and lag.total_seconds() >= LAG_SHOWN else "",
        "branches": [_stage(branch) for branch in stage.branches],
    }


def stages(line: Line) -> list[dict[str, Any]]:
    return [_stage(stage) for stage in line.stages]


def _clock(read: clocks.Read, names: dict[str, str], today: date) -> dict[str, Any]:
    row, reading = read.clock, read.reading
    state = "done" if row.stopped_at else "late" if reading.state == "red" else "running"
    if state == "running" and reading.paused:
        state = "paused"
    elif state == "running" and reading.due == today:
        state = "today"
    rule, basis = RULES[ClockKind(row.kind)]
    days = [
        {
            "date": one.day,
            "weekday": WEEKDAYS[one.day.weekday()],
            "counted": one.counted,
            "n": one.number,
            "why": "" if one.counted else one.why,
            "end": one.day == reading.due,
        }
        for one in read.working.days
    ]
    return {
        "name": f"环节：{names.get(row.step_key, row.step_key)}" if row.step_key else row.kind_title,
        "used": reading.used,
        "total": reading.total,
        "due": reading.due,
        "state": state,
        "reason": read.note,
        "basis": basis,
        "working": {
            "rule": rule,
            "basis": basis,
            "start": read.working.start,
            "due": reading.due,
            "provisional": reading.provisional,
            "days": days,
        },
    }


def clock_list(line: Line) -> list[dict[str, Any]]:
    """The clocks that run first; a limit of no days has nothing to count."""
    today = timezone.localdate()
    names = {step.key: step.name for step in line.case.version.spec.steps}
    reads = [read for read in line.clocks if read.clock.working_days]
    return [_clock(read, names, today) for read in sorted(reads, key=lambda read: read.clock.stopped_at is not None)]


def applicant(case: Case, *, whole: bool) -> list[tuple[str, str]]:
    """Who applies, masked unless the clerk asked to see it. A destroyed key says so."""
    try:
        data = case.applicant
    except Refused as refusal:
        return [("申请人", refusal.message)]
    if whole:
        name, number, phone, address = data["name"], data["id_number"], data["phone"], data["address"]
    else:
        name, number = mask_name(data["name"]), mask_id(data["id_number"])
        phone = mask_mobile(data["phone"]) if data["phone"] else ""
        address = mask_address(data["address"]) if data["address"] else ""
    return [
        ("单位", data["organisation"]),
        ("信用代码", data["uscc"]),
        ("姓名", name),
        ("身份证号码", number),
        ("电话", phone),
        ("住址", address),
        ("怎样告诉", TellBy(data.get("tell_by", TellBy.NO)).label),
    ]


def situation(case: Case) -> dict[str, Any]:
    """What the applicant answered, what bars by it, and the bill frozen on the receipt. A destroyed key says so."""
    try:
        answered = situations.words(case.version.spec, case.answers)
        return {"answered": answered, "bars": case.selected.bars, "bill": billed(case)}
    except Refused as refusal:
        return {"answered": [("回答", refusal.message)], "bars": (), "bill": None}


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
    for row in case.materials.prefetch_related("files"):
        material, files = spec.material(row.material_key), list(row.files.all())
        note = row.state_title + (f"（{moment(row.received_at)}）" if row.received_at else "")
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
    if step.key == process.DECIDE:
        word = case.get_outcome_display()
    return {"word": word, "tone": "done" if step.agrees else "stop"}


def opinions(case: Case) -> list[dict[str, Any]]:
    """What step owners and the decider wrote, a return for redo with its reason included, newest last."""
    names = {step.key: step.name for step in case.version.spec.steps} | {"decide": "决定"}
    rows = []
    said = Q(agrees__isnull=False) | Q(opinion_sealed__isnull=False)
    for step in case.steps.filter(said, done_at__isnull=False).select_related("done_by"):
        try:
            text = case.unseal(step.opinion_sealed)["opinion"] if step.opinion_sealed else ""
        except Refused as refusal:
            text = refusal.message
        rows.append(
            {
                "name": names.get(step.key, step.key),
                "round": step.round,
                **_verdict(case, step),
                "who": step.done_by.name if step.done_by else "",
                "at": step.done_at,
                "text": text,
            }
        )
    return sorted(rows, key=lambda row: row["at"])


def papers(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{row.kind_title}　{row.number}",
            "url": f"/desk/cases/{case.number}/papers/{row.pk}.pdf",
            "size": "PDF",
        }
        for row in case.documents.order_by("-pk")
    ]
