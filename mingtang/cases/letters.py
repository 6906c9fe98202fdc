"""Papers that are letters: what is told to the applicant in a paragraph, a few facts, reasons, and how to object.

They share one template of the press. Data are plain JSON as in ``papers``.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from mingtang.cases.models import Case, CaseDocument, Extension, Hearing, Pause, Ruling, SendUp, SupplementNotice
from mingtang.lib.text import chinese_date
from mingtang.rulebook.spec import Superior


def letter(
    title: str,
    *paragraphs: str,
    facts: Sequence[tuple[str, str]] = (),
    reasons: Sequence[str] = (),
    remedies: Sequence[str] = (),
) -> dict[str, Any]:
    """The data of one letter; lists that are empty are left out."""
    data: dict[str, Any] = {"title": title, "paragraphs": list(paragraphs)}
    if facts:
        data["facts"] = [{"name": name, "value": value} for name, value in facts]
    if reasons:
        data["reasons"] = list(reasons)
    if remedies:
        data["remedies"] = list(remedies)
    return data


def days(first: date, last: date) -> str:
    return f"{chinese_date(first)}至{chinese_date(last)}" if first != last else chinese_date(first)


def opening(case: Case) -> str:
    """How a letter about an application begins."""
    on = chinese_date(timezone.localdate(case.submitted_at))
    return f"你（单位）于{on}提出的“{case.version.spec.name}”申请"


def special(case: Case, pause: Pause, reason: str, due: Sequence[tuple[str, date]]) -> dict[str, Any]:
    """特别程序告知书: the time it needs, before that time is left out (许可法 45)."""
    return letter(
        "特别程序告知书",
        f"{opening(case)}，需要进行{pause.ground}。所需时间 {pause.working_days} 个工作日，"
        "依法不计入办理期限，现书面告知。",
        "期满自动恢复计算。需要更长时间的，本机关另行书面告知。您等候的天数照常公开计算。",
        facts=[
            ("不计入期限的日子", days(pause.first_on, pause.last_on)),
            *((f"{title}的新期限", chinese_date(day)) for title, day in due),
        ],
        reasons=[reason],
    )


def extension(case: Case, row: Extension, reason: str) -> dict[str, Any]:
    """延期告知书: once, with the reason, before the old date (许可法 42)."""
    return letter(
        "延期告知书",
        f"{opening(case)}，在法定期限内不能作出决定。依据《中华人民共和国行政许可法》第四十二条，经本机关负责人批准，"
        f"延长 {row.working_days} 个工作日。一件只能延期一次。",
        "公开承诺的办理时间不因此改变，超过的仍会公开显示，并说明原因。",
        facts=[("原来的法定期限", chinese_date(row.old_due_on)), ("延长后的法定期限", chinese_date(row.due_on))],
        reasons=[reason],
    )


def not_required(case: Case, basis: str, reasons: str, remedies: Sequence[str]) -> dict[str, Any]:
    """不需要办理告知书 (许可法 32(一))."""
    return letter(
        "不需要办理告知书",
        f"{opening(case)}，依法不需要向本机关办理，现即时告知。交来的材料退还给您。",
        facts=[("依据", basis)],
        reasons=[reasons],
        remedies=remedies,
    )


def passed_on(case: Case, organ: str, receipt: str) -> dict[str, Any]:
    """转办告知书: to whom, and their receipt (社会救助暂行办法 60)."""
    return letter(
        "转办告知书",
        f"{opening(case)}，由{organ}办理。本机关已经把申请和材料转交该机关，您不用重新申请，也不用再跑一趟。",
        "有疑问的，请打下面的咨询电话，本机关帮您查问。",
        facts=[("转给", organ), ("对方收件", receipt)],
    )


def withdrawal(case: Case, originals: Sequence[str], *, returned: bool) -> dict[str, Any]:
    """撤回申请告知书: what goes back, and that a new application is free."""
    facts = [("退还的材料" if returned else "请来取回的材料", "、".join(originals))] if originals else []
    where = "" if returned or not originals else f"请带收件凭证到{case.version.spec.place}取回交来的原件。"
    return letter(
        "撤回申请告知书",
        f"{opening(case)}，已经按您的要求撤回，不再办理。{where}以后可以重新申请，不受影响。",
        facts=facts,
    )


def corrected(case: Case, reason: str, ruling: Ruling | None) -> dict[str, Any]:
    """自行纠正决定书: the case is taken up again, for the applicant or because a ruling says so (许可法 8)."""
    return letter(
        "自行纠正决定书",
        f"{opening(case)}，{_again(ruling)}，决定自行纠正，重新办理。您不用重新申请，也不用再交已经交过的材料。",
        "办理期限从今天起重新计算；您等候的天数从第一次来算起，一直计算。",
        facts=[("原来的结果", case.get_outcome_display() if case.outcome else case.state_title)],
        reasons=[reason],
    )


def taken_in_again(case: Case, ended_as: str, reason: str, ruling: Ruling | None, due_on: date) -> dict[str, Any]:
    """自行纠正决定书, where nobody had judged yet whether to accept: that is judged now (许可法 8, 32)."""
    return letter(
        "自行纠正决定书",
        f"{opening(case)}，{_again(ruling)}，决定自行纠正，重新审查您交来的材料。您不用重新申请，也不用再交已经交过的材料。",
        f"我们在{chinese_date(due_on)}前告诉您是否受理；您等候的天数从第一次来算起，一直计算。",
        facts=[("原来的结果", ended_as)],
        reasons=[reason],
    )


def _again(ruling: Ruling | None) -> str:
    if ruling is None:
        return "经复核，本机关对这一件的处理有误"
    return f"根据{ruling.get_body_display()}（{ruling.number}）"


def clerical(case: Case, paper: CaseDocument, wrong: str, right: str) -> dict[str, Any]:
    """更正书: a slip of the pen, nothing of substance."""
    return letter(
        "更正书",
        f"本机关{chinese_date(timezone.localdate(paper.created_at))}作出的{paper.kind_title}（{paper.number}）有笔误，"
        "现予更正。其他内容不变。",
        facts=[("原文", wrong), ("更正为", right)],
    )


def party(case: Case, name: str, matter: str, *, hearing: bool) -> dict[str, Any]:
    """利害关系人告知书 (许可法 36, 47)."""
    right = "您可以在收到之日起五个工作日内要求听证，不收费用；" if hearing else ""
    data = letter(
        "利害关系人告知书",
        f"本机关正在审查“{case.version.spec.name}”申请，事情和您有直接的重大利害关系，现书面告知。",
        f"您有权陈述和申辩。{right}请把意见书面交到{case.version.spec.place}，或者当面说，由我们记下。",
        facts=[("和您有关的事", matter)],
    )
    return data | {"recipient": name}


def hearing(case: Case, row: Hearing, due: Sequence[tuple[str, date]]) -> dict[str, Any]:
    """听证通知书: day, place, host and how to object to the host (许可法 48)."""
    return letter(
        "听证通知书",
        f"{opening(case)}，本机关决定举行听证。听证不收费用，公开举行。",
        "认为主持人和本件有直接利害关系的，可以申请回避。听证所需时间依法不计入办理期限。",
        facts=[
            ("时间", chinese_date(row.held_on)),
            ("地点", row.place),
            ("主持人", row.host.name),
            *((f"{title}的新期限", chinese_date(day)) for title, day in due),
        ],
    )


def reminder(case: Case, notice: SupplementNotice, lacking: Sequence[str]) -> dict[str, Any]:
    """补正提醒书: before a case may lapse."""
    return letter(
        "补正提醒书",
        f"{opening(case)}，还有材料没有补齐，再次提醒。有困难的请告诉我们，我们帮您想办法；说明正当理由的，不算放弃。",
        f"到期没有补齐，也没有说明理由的，依据{notice.lapse_basis}，可以视为放弃申请。",
        facts=[
            ("还缺", "、".join(lacking)),
            ("最迟", chinese_date(notice.reply_by)),
            ("交到", case.version.spec.place),
        ],
    )


def sent_up(case: Case, above: Superior, opinion: str, file: Sequence[str]) -> dict[str, Any]:
    """报送告知书: where the application lies now, with what opinion; nothing is asked twice (许可法 43)."""
    limit = f"上级在 {above.working_days} 个工作日内作出决定。" if above.working_days else ""
    return letter(
        "报送告知书",
        f"{opening(case)}，本机关已经审查完毕，依据{above.basis}报{above.organ}决定。{limit}结果由本机关送给您，"
        "您不用再交材料，也不用去上级机关。",
        "您等候的天数照常公开计算。",
        facts=[("报送", above.organ), ("随附材料", "、".join(file) or "没有")],
        reasons=[f"审查意见：{opinion}"],
    )


def result_above(case: Case, row: SendUp, decided_on: date, reasons: str, remedies: Sequence[str]) -> dict[str, Any]:
    """上级决定告知书: served with the decision of the organ that decided."""
    return letter(
        "上级决定告知书",
        f"{opening(case)}，经本机关报送，{row.organ}已经作出决定：{case.get_outcome_display()}。决定书随附。",
        facts=[("决定机关", row.organ), ("决定文号", case.superior_number), ("决定日期", chinese_date(decided_on))],
        reasons=[reasons] if reasons else [],
        remedies=remedies,
    )


def rebased(case: Case, basis: str, dropped: Sequence[str], added: Sequence[str], reason: str) -> dict[str, Any]:
    """适用新法告知书: what a change of higher law drops at once, and what it asks besides."""
    facts = [("新的依据", basis)]
    facts += [("不再要", "、".join(dropped))] if dropped else []
    facts += [("另外要", "；".join(added))] if added else []
    return letter(
        "适用新法告知书",
        f"{opening(case)}还在办理，上位法有了改动，从今天起按新的规定办。不再要的材料，您不用交。",
        facts=facts,
        reasons=[reason],
    )


def lapsed(case: Case, notice: SupplementNotice, reason: str, remedies: Sequence[str]) -> dict[str, Any]:
    """视为放弃申请告知书: signed by a person, with reasons and remedies; a new application is always free."""
    return letter(
        "视为放弃申请告知书",
        f"{opening(case)}，没有在{chinese_date(notice.reply_by)}以前补齐，书面提醒以后仍然没有补齐，也没有说明理由。"
        f"依据{notice.lapse_basis}，视为放弃申请。交来的材料退还给您。您随时可以重新申请，不受影响。",
        reasons=[reason],
        remedies=remedies,
    )
