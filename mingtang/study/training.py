"""学习培训: entered by the office, confirmed by each person who was there; what a year asks of everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from mingtang.disclosure.models import Document
from mingtang.events import types
from mingtang.events.log import record
from mingtang.files.actions import store_public
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Assignment, Post, Staff
from mingtang.people.policies import actor, check_may
from mingtang.rulebook.laws.citing import citations
from mingtang.rulebook.laws.resolve import cited_as, resolve
from mingtang.study.models import Attendance, Requirement, Session, SessionFile
from mingtang.study.powers import KEEPING
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

ENTERED = types.define("session.entered", "登记学习培训", public=True)
STRUCK = types.define("session.struck", "划去学习培训", public=True)
ASKED = types.define("attendance.asked", "请本人确认到没到")
ANSWERED = types.define("attendance.answered", "本人确认到没到")
REQUIRED = types.define("study.required", "定学习要求", public=True)

SUBJECT, SPEAKER, LINE = 80, 60, 120
MOST_MINUTES, MOST_STUDIED, MOST_FILES = 24 * 60, 20, 6
PURPOSE = "training"


@dataclass(frozen=True)
class Held:
    """A session as the office writes it down. ``studied``: a line each, an article or an index number."""

    held_on: date
    minutes: int
    subject: str
    speaker: str
    studied: str
    posts: Sequence[Post]
    files: Sequence[UploadedFile] = ()


def facts(row: Session) -> dict[str, Any]:
    """What the events of a session say: its words and files as one hash."""
    files = [one.file.sha256 for one in row.files.all()]
    words = [row.subject, row.speaker, row.studied, row.struck_reason, files]
    return {
        "held_on": row.held_on.isoformat(),
        "minutes": row.minutes,
        "words": sha256_hex(canonical_json(words)),
        "struck": bool(row.struck_reason),
    }


def enter(*, town: Jurisdiction, held: Held, by: Staff) -> tuple[Session, list[str]]:
    """Write a session down and ask whoever held the posts that day to confirm. The sentences tell which post nobody
    held, and what was taken out of a photo."""
    check_may(by, KEEPING, town)
    if held.held_on > timezone.localdate():
        raise Refused("日期还没有到。学过以后再登记。", field="held_on")
    if not 1 <= held.minutes <= MOST_MINUTES:
        raise Refused("学了多久，请填不超过 24 小时的时间，例如 1.5。", field="hours")
    if len(held.files) > MOST_FILES:
        raise Refused(f"一次学习最多放 {MOST_FILES} 个文件，请挑一挑。", field="files")
    row = Session(
        town=town,
        held_on=held.held_on,
        minutes=held.minutes,
        subject=clear_text(held.subject, "请写明主题。", "subject", SUBJECT, town=by.town_id),
        speaker=clear_text(held.speaker, "请写明主讲，例如：司法所所长。", "speaker", SPEAKER, town=by.town_id),
        studied=_studied(town, held.studied, held.held_on),
        entered_by=by,
    )
    holders = _holders(town, held.posts, held.held_on)
    if not holders:
        raise Refused("选的岗位那一天都没有人。请选参加的岗位。", field="posts")
    told = [f"{post}那一天没有人，没有列入。" for post in held.posts if post.pk not in {one.pk for one, _ in holders}]
    with act():
        row.save()
        for file in held.files:
            stored, said = store_public(
                town=town, name=file.name or "", stream=file.file, by=actor(by), purpose=PURPOSE
            )
            told += said
            SessionFile.objects.create(session=row, file=stored)
        record(town=town, type=ENTERED, subject=row.event_subject, by=actor(by), data=facts(row))
        for post, person in holders:
            _tell(Attendance.objects.create(session=row, post=post, staff=person), ASKED, by)
    return row, told


def _studied(town: Jurisdiction, text: str, on: date) -> list[list[str]]:
    """The lines with the address each leads to. Raises ``Refused`` for one that names no article in force that day and
    no public document."""
    found: list[list[str]] = []
    for line in filter(str.strip, text.splitlines()):
        line = clear_text(line, "", "studied", LINE, town=town.pk)
        document = Document.objects.visible_to(Viewer(town)).filter(index_number=line).first()
        if document is not None:
            found.append([f"{document.current.revision.title}（{line}）", f"/info/{line}"])
            continue
        pairs = list(citations(line))
        if not pairs:
            raise Refused(f"“{line}”不是公开信息的索引号，也读不出是哪一条法。请改正。", field="studied")
        for title, article in pairs:
            answer = resolve(title, article, on, town)
            if not answer.holds or answer.law is None:
                raise Refused(f"{cited_as(title, article)}：{answer.why}", field="studied")
            found.append([cited_as(title, article), f"/laws/{answer.law.pk}#{answer.found[0].article.anchor}"])
    if not 1 <= len(found) <= MOST_STUDIED:
        raise Refused(f"请写明学了哪几条、哪几份，一行一条，最多 {MOST_STUDIED} 条。", field="studied")
    return found


def _holders(town: Jurisdiction, posts: Iterable[Post], on: date) -> list[tuple[Post, Staff]]:
    """Who held the posts at noon of a day, each person once."""
    noon = timezone.make_aware(datetime.combine(on, time(12)))
    rows = Assignment.objects.current(noon).filter(post__in=[post.pk for post in posts], post__town=town)
    found: dict[int, tuple[Post, Staff]] = {}
    for row in rows.filter(staff__is_active=True).select_related("post__unit", "staff").order_by("pk"):
        found.setdefault(row.staff_id, (row.post, row.staff))
    return list(found.values())


def _tell(row: Attendance, type: str, by: Staff) -> datetime:
    town = row.session.town
    event = record(town=town, type=type, subject=row.event_subject, by=actor(by), data=row.facts())
    return event.recorded_at


def answer(*, attendance: Attendance, present: bool, by: Staff) -> Attendance:
    """A person says of themself whether they were there; nobody says it for another. The last word counts."""
    if attendance.staff_id != by.pk:
        raise Refused("到没到，要由本人确认，别人不能代替。")
    with act():
        Attendance.objects.select_for_update().only("pk").get(pk=attendance.pk)
        row = Attendance.objects.select_related("session__town", "post", "staff").get(pk=attendance.pk)
        if row.session.struck_reason:
            raise Refused("这次学习已经划去了，不用确认。")
        if row.present == present:
            raise Refused("您已经这样确认过了。")
        row.present = present
        row.answered_at = _tell(row, ANSWERED, by)
        row.save(update_fields=["present", "answered_at"])
    return row


def strike(*, session: Session, reason: str, by: Staff) -> Session:
    """It was entered by mistake: it counts no more, the reason stays."""
    check_may(by, KEEPING, session.town)
    reason = clear_text(reason, "请写明为什么划去。", "reason", town=by.town_id)
    with act():
        row = Session.objects.select_for_update(of=("self",)).select_related("town").get(pk=session.pk)
        if row.struck_reason:
            raise Refused("这次学习已经划去了。请刷新后再看。")
        row.struck_reason = reason
        row.save(update_fields=["struck_reason"])
        record(town=row.town, type=STRUCK, subject=row.event_subject, by=actor(by), reason=reason, data=facts(row))
    return row


def require(*, town: Jurisdiction, year: int, minutes: int, by: Staff) -> Requirement:
    """Set how long everybody learns in a year and the years after it; of a year that is over nothing changes."""
    check_may(by, KEEPING, town)
    if year < timezone.localdate().year:
        raise Refused("过去的年份不能再改。请从今年或者以后的一年起。", field="year")
    if not 0 <= minutes <= 200 * 60:
        raise Refused("每人每年要学多少小时，请填 0 到 200。", field="hours")
    with act():
        row, _ = Requirement.objects.update_or_create(town=town, year=year, defaults={"minutes": minutes})
        record(town=town, type=REQUIRED, subject=row.event_subject, by=actor(by), data=row.facts())
    return row
