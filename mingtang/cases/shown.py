"""A case's line and clocks as the page components want them: for the public site and the desk alike."""

from datetime import date
from typing import Any

from django.utils import timezone

from mingtang.cases import clocks
from mingtang.cases.enums import CaseState, ClockKind
from mingtang.cases.line import Line, Stage
from mingtang.cases.states import ENDED_EARLY
from mingtang.lib.text import WEEKDAYS, lag_words, month_day, month_day_time

TONES = {
    CaseState.CLOSED: "done",
    CaseState.DECIDED: "done",
    CaseState.SUPPLEMENT_DUE: "today",
    CaseState.SUBMITTED: "now",
    CaseState.ACCEPTED: "now",
    CaseState.SUSPENDED: "paused",
    CaseState.REPORTED_UP: "now",
    **dict.fromkeys(ENDED_EARLY, "stop"),
}
RULES = {
    ClockKind.INTAKE: ("收到材料的第二天起数工作日", "行政许可法 第三十二条、第八十二条"),
    ClockKind.STATUTORY: ("受理的第二天起数工作日", "行政许可法 第四十二条、第八十二条"),
    ClockKind.PROMISE: ("受理的第二天起数工作日", "本事项公布的承诺时限"),
    ClockKind.STEP: ("轮到这一环节的第二天起数工作日", "本事项公布的环节时限"),
    ClockKind.SUPERIOR: ("报送的第二天起数工作日", "行政许可法 第四十三条；本事项公布的上级时限"),
    ClockKind.SERVICE: ("决定的第二天起数工作日", "行政许可法 第四十四条、第八十二条"),
}


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "title": stage.title,
        "state": stage.state,
        "owner": stage.owner,
        "planned": month_day(stage.planned),
        "actual": month_day_time(stage.actual),
        "place": stage.place,
        "delay": stage.delay,
        "word": stage.word,
        "lag": lag_words(stage.lag) if stage.lag else "",
        "branches": [_stage(branch) for branch in stage.branches],
    }


def stages(line: Line) -> list[dict[str, Any]]:
    """For the ``time_line`` component."""
    return [_stage(stage) for stage in line.stages]


def _clock(read: clocks.Read, names: dict[str, str], today: date) -> dict[str, Any]:
    """For the ``clock`` component, with the working of its date."""
    row, reading = read.clock, read.reading
    state = "done" if row.stopped_at else "late" if reading.state == "red" else "running"
    if state == "running" and reading.paused:
        state = "paused"
    elif state == "running" and reading.due == today:
        state = "today"
    rule, basis = RULES[row.kind]
    name = f"环节：{names.get(row.step_key, row.step_key)}" if row.step_key else row.kind_title
    return {
        "name": name,
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
            "days": [
                {
                    "date": one.day,
                    "weekday": WEEKDAYS[one.day.weekday()],
                    "counted": one.counted,
                    "n": one.number,
                    "why": "" if one.counted else one.why,
                    "end": one.day == reading.due,
                }
                for one in read.working.days
            ],
        },
    }


def clock_list(line: Line) -> list[dict[str, Any]]:
    """The clocks that still run first; a limit of no days shows nothing to count."""
    today = timezone.localdate()
    names = {step.key: step.name for step in line.case.version.spec.steps}
    reads = [read for read in line.clocks if read.clock.working_days]
    return [_clock(read, names, today) for read in sorted(reads, key=lambda read: read.clock.stopped_at is not None)]
