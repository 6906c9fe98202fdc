"""A session asks its quiz: everybody who was asked to come answers for themself; the public sees only sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError
from django.db.models import Count, F, Q
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.study import questions
from mingtang.study.models import Answer, Question, Session, SessionQuestion
from mingtang.study.powers import KEEPING
from mingtang.towns.models import Jurisdiction

SET = types.define("quiz.set", "学习出题")
ANSWERED = types.define("quiz.answered", "答题")
# Fewer answers would tell of one person.
AT_LEAST, MOST_MISSED, MOST_ASKED = 5, 10, 20


@dataclass(frozen=True)
class Missed:
    """A question as the public sees it: how many of how many answers were wrong."""

    question: Question
    answers: int
    wrong: int

    @property
    def percent(self) -> int:
        return round(100 * self.wrong / self.answers)


def put(*, session: Session, chosen: Sequence[Question], by: Staff) -> None:
    """Let a session ask these questions too; what it asks already stays."""
    check_may(by, KEEPING, session.town)
    if session.struck_reason:
        raise Refused("这次学习已经划去了，不能出题。")
    able = {row.pk for row in questions.usable(session.town, timezone.localdate())}
    new = [row for row in chosen if not session.asked.filter(question=row).exists()]
    if not new:
        raise Refused("请选至少一道还没有出的题。", field="questions")
    if any(row.pk not in able for row in new):
        raise Refused("有的题已经取下，或者依据变了，不能出。请刷新后再选。", field="questions")
    if session.asked.count() + len(new) > MOST_ASKED:
        raise Refused(f"一次学习最多出 {MOST_ASKED} 道题。", field="questions")
    with act():
        SessionQuestion.objects.bulk_create(SessionQuestion(session=session, question=row) for row in new)
        data = {"questions": [row.number for row in new]}
        record(town=session.town, type=SET, subject=session.event_subject, by=actor(by), data=data)


def waiting(session: Session, person: int, on: date) -> list[Question]:
    """What this person has not answered yet, without what is out."""
    answered = Answer.objects.filter(session=session, staff=person).values("question")
    rows = Question.objects.filter(pk__in=session.asked.values("question"), retired_at__isnull=True)
    rows = list(rows.exclude(pk__in=answered).select_related("town").order_by("number"))
    gone = questions.dead(rows, on)
    return [row for row in rows if row.pk not in gone]


def answer(*, session: Session, question: Question, choice: int, by: Staff) -> Answer:
    """Answer for oneself, once. Raises ``Refused`` for who was not asked to come, and for what is out."""
    if not session.attendances.filter(staff=by).exists() or session.struck_reason:
        raise Refused("这次学习没有请您参加，不用答题。")
    if question.pk not in {row.pk for row in waiting(session, by.pk, timezone.localdate())}:
        raise Refused("这道题您答过了，或者已经取下。请看别的题。")
    if not 0 <= choice < len(question.options):
        raise Refused("请选一个答案。", field="choice")
    with act():
        row = Answer(session=session, question=question, staff=by, choice=choice, answered_at=timezone.now())
        try:
            row.save()
        except IntegrityError as error:
            raise Refused("这道题您答过了。") from error
        record(town=session.town, type=ANSWERED, subject=row.event_subject, by=actor(by), data=row.facts())
    return row


def missed(town: Jurisdiction) -> list[Missed]:
    """The questions missed most, of those with enough answers that no person can be told from them."""
    rows = Question.objects.filter(town=town, reviewed_at__isnull=False).annotate(
        count=Count("answers", filter=Q(answers__session__struck_reason="")),
        wrong=Count("answers", filter=Q(answers__session__struck_reason="") & ~Q(answers__choice=F("correct"))),
    )
    found = [Missed(row, row.count, row.wrong) for row in rows.filter(count__gte=AT_LEAST, wrong__gt=0)]
    return sorted(found, key=lambda one: (-one.wrong / one.answers, one.question.number))[:MOST_MISSED]
