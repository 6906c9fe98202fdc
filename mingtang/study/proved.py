"""What `mingtang verify` compares of this room: what was published, and what was entered, with their events."""

from collections.abc import Callable, Iterator

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.study import outreach, pages, questions, quiz, second, training
from mingtang.study.models import Answer, Attendance, Outreach, PageEdition, Question, Requirement, Session, TwoPersons
from mingtang.towns.models import Jurisdiction

PAGE, OUTREACH, QUESTION = "study_pageedition", "study_outreach", "study_question"


def _published(model: type[TwoPersons], type: str, table: str, name: str, town: Jurisdiction) -> Iterator[Finding]:
    """Every published row hashes to what its event says and was published by that person at that moment."""
    events = Event.objects.filter(town=town, type=type).order_by("pk")
    told_of = {(event.subject, event.data["number"]): event for event in events}
    for row in model.objects.filter(town=town, reviewed_at__isnull=False).select_related("reviewer").order_by("pk"):
        event = told_of.pop((row.event_subject, row.number), None)
        if event is None:
            yield Finding(table, row.pk, f"{name} {row} 没有公布的事件")
        elif second.hash_of(row) != event.data["sha256"]:
            yield Finding(table, row.pk, f"{name} {row} 的文字和公布时不一样")
        elif row.reviewed_at != event.recorded_at or row.reviewer is None or row.reviewer.code != event.actor:
            yield Finding(table, row.pk, f"{name} {row} 的审核人或者时间和事件里记的不一样")
    for subject, number in told_of:
        yield Finding(table, f"{subject} {number}", f"事件里公布的{name}不见了")


def check_pages(town: Jurisdiction) -> Iterator[Finding]:
    """The law pages that were published."""
    yield from _published(PageEdition, pages.PUBLISHED, PAGE, "学法页", town)


def _last_said(
    town: Jurisdiction, types: tuple[str, ...], rows: Iterator, facts: Callable, table: str, name: str
) -> Iterator[Finding]:
    """Every row says what its last event left, and none is missing."""
    last: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=types).order_by("pk"):
        last[event.subject] = event
    for row in rows:
        found = last.pop(row.event_subject, None)
        if found is None or found.data != facts(row):
            yield Finding(table, row.pk, f"{name} {row} 和事件里记的不一样")
    for subject in last:
        yield Finding(table, subject, f"日志里有这{name}，表里没有")


def check_outreach(town: Jurisdiction) -> Iterator[Finding]:
    """The campaigns with their numbers and files."""
    rows = Outreach.objects.filter(town=town).prefetch_related("files__file").order_by("pk").iterator(100)
    types = (outreach.ENTERED, outreach.STRUCK)
    yield from _last_said(town, types, rows, outreach.facts, OUTREACH, "次宣传活动")


def check_sessions(town: Jurisdiction) -> Iterator[Finding]:
    """The sessions, what each person said of themself, and what a year asks."""
    held = Session.objects.filter(town=town).prefetch_related("files__file").order_by("pk").iterator(100)
    types = (training.ENTERED, training.STRUCK)
    yield from _last_said(town, types, held, training.facts, "study_session", "次学习")
    came = Attendance.objects.filter(session__town=town).select_related("staff", "post").order_by("pk").iterator(100)
    types = (training.ASKED, training.ANSWERED)
    yield from _last_said(town, types, came, Attendance.facts, "study_attendance", "次参加")
    asked = Requirement.objects.filter(town=town).order_by("pk").iterator(100)
    yield from _last_said(town, (training.REQUIRED,), asked, Requirement.facts, "study_requirement", "项学习要求")


def check_questions(town: Jurisdiction) -> Iterator[Finding]:
    """The approved questions as they were read, those taken out, and every answer."""
    yield from _published(Question, questions.PUBLISHED, QUESTION, "案例题", town)
    events = Event.objects.filter(town=town, type=questions.RETIRED)
    out = {event.subject: (event.recorded_at, event.reason) for event in events}
    for row in Question.objects.filter(town=town).order_by("pk"):
        if out.get(row.event_subject, (None, "")) != (row.retired_at, row.retired_reason):
            yield Finding(QUESTION, row.pk, f"案例题 {row} 取下没有取下，和事件里记的不一样")
    given = Answer.objects.filter(session__town=town).select_related("question", "staff").order_by("pk").iterator(100)
    yield from _last_said(town, (quiz.ANSWERED,), given, Answer.facts, "study_answer", "个答案")


told("学习培训", check_sessions)
told("案例题", check_questions)
told("学法页", check_pages)
told("宣传活动", check_outreach)
