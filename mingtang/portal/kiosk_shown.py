"""The public line of a case as sentences for a screen in the hall, and as they are read aloud."""

import re
from datetime import timedelta

from django.utils import timezone

from mingtang.cases import charging, telling
from mingtang.cases import line as lines
from mingtang.cases.enums import CaseState, PermitState
from mingtang.cases.models import Case
from mingtang.cases.permits import SOON, ask_by, status
from mingtang.cases.wordings import CASH
from mingtang.lib.text import chinese_date, half_width
from mingtang.money.enums import NoticeState
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

MAX_TYPED = 200
_IN_ADDRESS = re.compile(r"/cases/([0-9A-Za-z-]{1,24})")
WHERE = {
    CaseState.SUPPLEMENT_DUE: "要补材料。请拿号到{place}，问清补什么；或者凭编号和查询码在家里看。",
    CaseState.DECIDED: "决定书做好了，请带身份证到{place}领取（{hours}）。",
    CaseState.NOT_ACCEPTED: "不予受理。理由和不服怎么办写在决定书上，请到{place}领取。",
    CaseState.NOT_REQUIRED: "不需要办理。原因写在告知书上，请到{place}领取。",
    CaseState.PASSED_ON: "转给有权办的单位了。转给谁写在告知书上，请到{place}领取。",
}


def number_of(typed: str, town: Jurisdiction) -> str:
    """The number as it was typed, scanned from the receipt's code, or without the town's letters in front."""
    text = half_width(typed[:MAX_TYPED]).replace("\x00", "")
    if found := _IN_ADDRESS.search(text):
        text = found[1]
    text = re.sub(r"[\s]", "", text).upper()[:24]
    return town.prefix + text if text[:1].isdigit() else text


def sentences(case: Case) -> list[str]:
    """What it is, where it stands and with whom, until when, how long it took: never the person."""
    told = lines.line(case)
    found = [f"{case.version.name}，{case.state_title}。"]
    place = str(case.window) if case.window else case.version.spec.place
    if words := WHERE.get(CaseState(case.state)):
        found.append(words.format(place=place, hours=telling.hours(case) if case.state == CaseState.DECIDED else ""))
    waiting = [branch for stage in told.stages for branch in (stage.branches or [stage])]
    for stage in waiting:
        if (
            stage.state in {"now", "late"}
            and case.state != CaseState.DECIDED
            and stage.owner
            and stage.owner != "申请人"
        ):
            until = f"，{chinese_date(stage.planned)}前办完这一步" if stage.planned else ""
            late = "，这一步已经晚了" if stage.state == "late" else ""
            found.append(f"现在在{stage.owner}，办的是“{stage.title}”{until}{late}。")
    found.append(told.sentence)
    return found + _money(case) + _permits(case)


def _money(case: Case) -> list[str]:
    """That something is still to be paid, by when and how; how much is for whoever holds the code of the case."""
    notice = charging.payment_of(case) if case.version.spec.fees else None
    if notice is None or notice.state != NoticeState.ISSUED:
        return []
    where = "缴多少、缴到哪里，带着凭证到窗口问，或者凭查询码看。"
    return [f"有费要缴，{chinese_date(notice.due_on)}前照缴款通知转账。{where}{CASH}"]


def _permits(case: Case) -> list[str]:
    """Each permit that the case gave: whether it holds, by when it is renewed, what of it is not answered yet."""
    today, calendar, found = timezone.localdate(), calendar_for(case.town), []
    for permit in case.permits.prefetch_related("entries", "asks") if case.outcome else ():
        permit.case = case
        words = [f"{permit.given.name}{status(permit, list(permit.entries.all())[-1].act, today)}"]
        waiting = [row for row in permit.asks.all() if not row.outcome]
        if permit.valid_to and permit.state == PermitState.VALID:
            words.append(f"到{chinese_date(permit.valid_to)}为止")
            last = ask_by(permit, calendar)
            if not waiting and last and today <= last and permit.valid_to - today <= timedelta(days=SOON):
                words.append(f"要接着用，请{chinese_date(last)}前申请延续")
        words += [f"申请{row.get_kind_display()}，{chinese_date(row.due_on)}前答复" for row in waiting]
        found.append("，".join(words) + "。")
    return found


def spoken(case: Case, said: list[str]) -> str:
    """The sentences for the ear: the number letter by letter."""
    return f"您的编号 {' '.join(case.number)}。{''.join(said)}"
