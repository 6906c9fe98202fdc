"""A slot as the board, its data and the desk show it: with the post that answers, never a person."""

from datetime import date
from typing import Any

from mingtang.disclosure.derived.reading import title
from mingtang.disclosure.enums import EditionState, ListState
from mingtang.oversight import board
from mingtang.oversight.enums import SlotState
from mingtang.oversight.lawful import Row
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.periods import Rule
from mingtang.oversight.watching import WATCHES

TONES = {
    SlotState.ON_TIME: "done",
    SlotState.LATE: "today",
    SlotState.EMPTY: "late",
    SlotState.BROKEN: "late",
    SlotState.DUE: "todo",
    SlotState.EXCUSED: "paused",
}


def words(slot: Slot, late: int) -> str:
    """The state in a few plain words."""
    if slot.state == SlotState.EMPTY:
        return f"空着，过了 {late} 天"
    if slot.state == SlotState.BROKEN:
        return f"{slot.broken} 件没有做到"
    if slot.state == SlotState.LATE:
        return f"办成了，迟了 {late} 天"
    if slot.state == SlotState.EXCUSED:
        return f"已说明，说明迟了 {late} 天" if late else "已说明"
    return "按时办成" if slot.state == SlotState.ON_TIME else "还没到期"


def slot_row(slot: Slot, today: date) -> dict[str, Any]:
    """``slot`` comes from ``board.with_names`` and ``standing``."""
    late = board.days_late(slot, today)
    proof, proof_url, gone = _proof(slot)
    return {
        "pk": slot.pk,
        "duty": slot.duty.name,
        "url": f"/board/{slot.duty.code}",
        "code": slot.duty.code,
        "period": board.label(slot),
        "state": slot.state,
        "word": words(slot, late),
        "tone": TONES[SlotState(slot.state)],
        "owner": str(slot.duty.holder),
        "due": slot.due_on,
        "first_due": slot.first_due_on if slot.first_due_on != slot.due_on else None,
        "provisional": slot.provisional,
        "late": late,
        "proved": slot.proved_on,
        "proof": proof,
        "proof_url": proof_url,
        "gone": gone,
        "statement": slot.statement,
        "excuse": slot.excuse,
        "excused": slot.excused_on,
        "excuse_url": f"/info/{slot.excuse_paper.index_number}" if slot.excuse_paper else "",
        "nudges": slot.nudges,
        "nudge_url": f"/board/{slot.duty.code}/{slot.pk}/nudge",
        "waits": slot.state in (SlotState.EMPTY, SlotState.DUE),
    }


def _proof(slot: Slot) -> tuple[str, str, bool]:
    """Title and address of what fills a slot, and whether it was withdrawn since."""
    if slot.listed is not None:
        return title(slot.listed), f"/lists/{slot.listed.number}", slot.listed.state == ListState.WITHDRAWN
    if slot.proof is not None:
        edition = slot.proof.current
        return edition.revision.title, f"/info/{slot.proof.index_number}", edition.state == EditionState.WITHDRAWN
    return "", "", False


def when(duty: Duty) -> str:
    """When a duty is due, in words."""
    if duty.measured:
        return "每季度，从办件和诉求的记录里量一次"
    return _when(duty.rule, duty.watch)


def when_of(row: Row) -> str:
    """When a duty of the law is due, whether it was taken over or not."""
    return _when(Rule(row.trigger, row.days, row.month, row.day, row.years_after), row.watch)


def _when(rule: Rule, watch: str) -> str:
    if rule.trigger == "always":
        return "持续公开，哪一天都不能空" + (f"：系统看{WATCHES[watch].label}" if watch else "")
    if rule.on is not None:
        return f"{rule.on.year}年{rule.on.month}月{rule.on.day}日以前"
    if rule.month:
        return f"每年，{'下一年' if rule.years_after else ''}{rule.month}月{rule.day}日以前"
    name = {"event": "有了就公开", "month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}[rule.trigger]
    if rule.trigger == "event":
        return f"{name}，形成以后 {rule.days} 个工作日内"
    return f"{name}，{f'期满以后 {rule.days} 个工作日内' if rule.days else '期满以前'}"


def gaps(slots: list[Slot], today: date) -> list[dict[str, Any]]:
    """Empty slots for the ``gap_card``."""
    return [
        {
            "what": board.titled(slot),
            "url": f"/board/{slot.duty.code}",
            "owner": str(slot.duty.holder),
            "days_late": (today - slot.due_on).days,
        }
        for slot in slots
    ]
