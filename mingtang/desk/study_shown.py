"""What waits with learning: pages and questions to review, those whose law has changed, one's own word and quiz."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.access import served_posts
from mingtang.people.enums import Permission as P
from mingtang.study import composed, counted, pages, questions, quiz
from mingtang.study.models import Attendance, PageEdition, Question, Session, SessionQuestion
from mingtang.study.powers import MAKERS


def pages_waiting(request: HttpRequest) -> QuerySet[PageEdition]:
    """Pages that another wrote and this person may publish."""
    rows = PageEdition.objects.visible_to(request.viewer).waiting().exclude(author=request.user)
    return rows.none() if MAKERS.isdisjoint(request.viewer.powers) else rows


def page_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/desk/study/pages/{row.subject}",
            "title": f"学法页：{row.title}",
            "sub": f"第 {row.number} 版",
            "word": "等您审核",
            "tone": "now",
        }
        for row in pages_waiting(request).order_by("proposed_at")
    ]


def questions_waiting(request: HttpRequest) -> QuerySet[Question]:
    """Questions likewise."""
    rows = Question.objects.visible_to(request.viewer).waiting().exclude(author=request.user)
    return rows.none() if MAKERS.isdisjoint(request.viewer.powers) else rows


def asked_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/desk/study/questions/{row.number}",
            "title": f"案例题：第 {row.number} 题",
            "sub": row.story[:40],
            "word": "等您审核",
            "tone": "now",
        }
        for row in questions_waiting(request)
    ]


def alarm_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Pages on which something is not the law any more: for the post that answers, and whoever keeps the pages."""
    editions = list(pages.current(request.town).values())
    posts = {post.pk for post in served_posts(request)}
    if not request.viewer.may(P.STUDY_KEEP) and not posts.intersection(row.owner_id for row in editions):
        return []
    return [
        {
            "url": f"/desk/study/pages/{page.edition.subject}",
            "title": f"学法页“{page.edition.title}”有 {len(page.gone)} 段的依据变了",
            "sub": f"责任：{page.edition.owner}　{page.gone[0].gone[0]}",
            "word": "要重写",
            "tone": "late",
        }
        for page in composed.alarms(request.town, editions, timezone.localdate())
        if request.viewer.may(P.STUDY_KEEP) or page.edition.owner_id in posts
    ]


def questions_asked(request: HttpRequest) -> QuerySet[Question]:
    """All that are in use, for whoever keeps them."""
    rows = Question.objects.filter(town=request.town, reviewed_at__isnull=False, retired_at__isnull=True)
    return rows if request.viewer.may(P.STUDY_KEEP) else rows.none()


def question_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Questions that are no longer asked because their article changed, by number."""
    by_key = {row.pk: row for row in questions_asked(request).select_related("town")}
    return [
        {
            "url": f"/desk/study/questions/{by_key[pk].number}",
            "title": f"案例题第 {by_key[pk].number} 题不再出了",
            "sub": why,
            "word": "依据变了",
            "tone": "late",
        }
        for pk, why in questions.dead(by_key.values(), timezone.localdate()).items()
    ]


def own_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Where one was asked to come and has not said whether one was there, and quizzes one has not finished; towards the
    end of the year, what is still short."""
    today = timezone.localdate()
    rows = Attendance.objects.filter(staff=request.user, session__town=request.town, session__struck_reason="")
    asks = Exists(SessionQuestion.objects.filter(session=OuterRef("session")))
    mine = list(rows.annotate(asks=asks).select_related("session").order_by("session__held_on"))
    found = [_row(row.session, "等您确认", "请确认您到了没有") for row in mine if row.present is None]
    for row in mine:
        if row.asks and (left := quiz.waiting(row.session, request.user.pk, today)):
            found.append(_row(row.session, "等您答题", f"还有 {len(left)} 道案例题") | {"url": _quiz(row.session)})
    if today.month < counted.REMIND:
        return found
    this_year = [row.session.minutes for row in mine if row.present and row.session.held_on.year == today.year]
    light = counted.light(sum(this_year), counted.required(request.town, today.year), today)
    if light.minutes < light.required:
        sub = f"今年学了 {counted.hours(light.minutes)} 小时，要学 {counted.hours(light.required)} 小时"
        found.append(
            {"url": "/desk/study/", "title": "今年的学习还不够", "sub": sub, "word": light.word, "tone": light.tone}
        )
    return found


def _quiz(session: Session) -> str:
    return f"/desk/study/sessions/{session.pk}/quiz/"


def _row(session: Session, word: str, sub: str) -> dict[str, Any]:
    url = f"/desk/study/sessions/{session.pk}"
    return {"url": url, "title": session.subject, "sub": sub, "word": word, "tone": "now"}
