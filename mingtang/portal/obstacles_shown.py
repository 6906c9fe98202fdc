"""Obstacles as the public pages want them: the published words, and one for whoever holds its number and code."""

from typing import Any

from mingtang.cases.numbers import check_code
from mingtang.events import types
from mingtang.events.models import Event
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.people.models import Post
from mingtang.rulebook.enums import VersionState
from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import ObstacleOutcome, ObstacleState
from mingtang.voices.models import Obstacle

MOST, BIG, NEW = 100, ("data", "bpmn"), "一个新的事项"
TONES = {
    ObstacleOutcome.SOLVED: "done",
    ObstacleOutcome.CHANGE: "now",
    ObstacleOutcome.EXPLAINED: "stop",
    ObstacleOutcome.PASSED_ON: "now",
}
# What is said of the draft that changes the rule: inside the gate it is one word for all.
_GATE = "正在审核"
_DRAFTS = {
    VersionState.DRAFT: "正在起草",
    VersionState.ANNOUNCED: "已经公布，到期施行",
    VersionState.REFUSED: "没有通过",
    VersionState.IN_FORCE: "已经施行",
    VersionState.SUPERSEDED: "施行过，又改了新版",
    VersionState.SUSPENDED: "施行过，现在暂停办理",
    VersionState.CANCELLED: "施行过，事项已经取消",
}


def draft_word(state: str) -> str:
    """Where a change of the rule stands."""
    return _DRAFTS.get(VersionState(state), _GATE)


def open_with_code(town: Jurisdiction, number: str, code: str) -> Obstacle:
    """The obstacle of a number and its code. Raises ``Refused`` alike for a wrong code and for no such number."""
    number = number.strip().upper()
    rows = Obstacle.objects.select_related(
        "owner__unit", "item__current", "version__item__current", "solved_by", "answers"
    )
    obstacle = rows.filter(town=town, number=number).first()
    check_code(town, number, code, obstacle.code_hash if obstacle else None)
    assert obstacle is not None  # check_code refuses a number that does not exist
    return obstacle


def explained(town: Jurisdiction) -> list[dict[str, Any]]:
    """What cannot be done and because of what, newest first."""
    rows = Obstacle.objects.filter(town=town, outcome=ObstacleOutcome.EXPLAINED).order_by("-ended_at", "-pk")
    return [
        {
            "title": row.item.current.name if row.item and row.item.current else row.get_reason_display(),
            "url": f"/services/{row.item.code}" if row.item and row.item.current else "",
            "text": row.text,
            "clause": row.clause,
            "answers": row.answers.name,
            "on": row.ended_at,
        }
        for row in rows.select_related("item__current", "answers").defer("item__current__data", "item__current__bpmn")[
            :MOST
        ]
    ]


def changing(town: Jurisdiction) -> list[dict[str, Any]]:
    """Rules that are to change because something could not be done, each draft once, newest first."""
    rows = Obstacle.objects.filter(town=town, outcome=ObstacleOutcome.CHANGE, version__isnull=False)
    found: dict[int, dict[str, Any]] = {}
    related = rows.select_related("version__item__current").order_by("-ended_at", "-pk")
    for row in related.defer(*(f"version__{place}{name}" for place in ("", "item__current__") for name in BIG)):
        item = row.version.item
        one = found.setdefault(
            row.version_id,
            {
                "code": item.code,
                # The text of a draft is nobody's yet, nor is its name.
                "name": item.current.name if item.current else NEW,
                "url": f"/services/{item.code}/changes" if item.current else "",
                "number": row.version.number,
                "word": draft_word(row.version.state),
                "times": 0,
            },
        )
        one["times"] += 1
    return list(found.values())[:MOST]


def _outcome(row: Obstacle) -> dict[str, Any] | None:
    """The end in a sentence, and where it leads."""
    if row.outcome == ObstacleOutcome.SOLVED:
        return {"said": f"办成了，办件编号 {row.solved_by.number}。", "url": "", "link": ""}
    if row.outcome == ObstacleOutcome.CHANGE:
        item, word = row.version.item, draft_word(row.version.state)
        said = f"要改规定：{item.current.name if item.current else NEW}第 {row.version.number} 版，{word}。"
        return {"said": said, "url": f"/services/{item.code}/changes" if item.current else "", "link": "看历次变动"}
    if row.outcome == ObstacleOutcome.EXPLAINED:
        said = f"{row.text}依据：{row.clause}。由{row.answers.name}负责解释。"
        return {"said": said, "url": "/obstacles/#explained", "link": "这段话已经公开"}
    if row.outcome == ObstacleOutcome.PASSED_ON:
        return {"said": f"已经转给{row.organ}，对方的回执：{row.receipt}。", "url": "", "link": ""}
    return None


def _chain(row: Obstacle) -> list[dict[str, str]]:
    """What was done when, and which post answered for it then."""
    posts = {post.code: str(post) for post in Post.objects.filter(town=row.town_id).select_related("unit")}
    found = []
    for event in Event.objects.filter(town=row.town_id, subject=row.subject).order_by("pk"):
        to = posts.get(event.data["offered"], "")
        who = posts.get(event.data["owner"], "")
        found.append(
            {
                "what": types.title(event.type),
                "who": f"{who}负责{f'，转给{to}，对方接下以前仍由它负责' if to else ''}",
                "at": month_day_time(event.recorded_at),
                "note": event.reason,
            }
        )
    return found


def held(row: Obstacle) -> dict[str, Any]:
    """One obstacle for its holder."""
    ended = row.state == ObstacleState.ENDED
    return {
        "number": row.number,
        "state": row.get_outcome_display() if ended else row.state_title,
        "tone": TONES[ObstacleOutcome(row.outcome)] if ended else "today",
        "sentence": "" if ended else f"现在由{row.owner}负责，最迟{chinese_date(row.due_on)}给结果。",
        "outcome": _outcome(row),
        "facts": [
            ("原因", row.get_reason_display()),
            ("事项", row.item.current.name if row.item and row.item.current else ""),
            ("反映时间", month_day_time(row.opened_at)),
        ],
        "chain": _chain(row),
    }
