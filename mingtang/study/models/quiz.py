"""案例题: questions from the town's own mistakes, the sessions that ask them, and each person's answers."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.study.enums import Mistake
from mingtang.study.models.training import Session
from mingtang.study.models.two_persons import TwoPersons
from mingtang.towns.viewer import Viewer


class Question(TwoPersons):
    """A short case with answers of which one is right.

    ``source`` is the subject of the record it was drawn from, for staff; the words name nobody. ``bases``: the article
    that the right answer rests on, as it read then.
    """

    mistake = models.CharField("从哪里来", max_length=10, choices=Mistake.choices)
    source = models.CharField("来源", max_length=120)
    story = models.CharField("案例", max_length=400)
    options = models.JSONField("选项")
    correct = models.PositiveSmallIntegerField("第几个对")
    why = models.CharField("为什么", max_length=400)
    bases = models.JSONField("依据")
    retired_at = models.DateTimeField("取下时间", null=True, blank=True)
    retired_reason = models.CharField("取下的原因", max_length=200, blank=True)

    class Meta(TwoPersons.Meta):
        verbose_name = "案例题"
        ordering = ["-number"]
        constraints = [
            *TwoPersons.Meta.constraints,
            models.UniqueConstraint(fields=["town", "number"], name="study_question_number_once"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_reason="")
                | Q(retired_at__isnull=False, reviewed_at__isnull=False) & ~Q(retired_reason=""),
                name="study_retired_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}题"

    @property
    def event_subject(self) -> str:
        return f"question:{self.number}"

    def facts(self) -> dict[str, Any]:
        names = ("mistake", "source", "story", "options", "correct", "why", "bases")
        return {name: getattr(self, name) for name in names}


class SessionQuestion(models.Model):
    """A question that a session asks."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="asked")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "学习的案例题"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "question"], name="study_asked_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.question_id}"


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """A person's own; the office sees all of the town's."""
        rows = self.filter(session__town=viewer.town)
        if viewer.may(Permission.STUDY_KEEP) and not viewer.tenant:
            return rows
        if viewer.person_id is None:
            return rows.none()
        mine = rows.filter(staff=viewer.person_id, session__attendances__staff=viewer.person_id)
        return mine.filter(session__attendances__post__unit__in=viewer.tenant) if viewer.tenant else mine


class Answer(models.Model):
    """What somebody answered, once."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="答题人")
    choice = models.PositiveSmallIntegerField("选了第几个")
    answered_at = models.DateTimeField("答题时间")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "答案"
        constraints = [models.UniqueConstraint(fields=["session", "question", "staff"], name="study_answered_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.question_id}"

    @property
    def event_subject(self) -> str:
        return f"answer:{self.pk}"

    def facts(self) -> dict[str, Any]:
        """What its event says."""
        names = {"session": self.session_id, "question": self.question.number}
        return names | {"staff": self.staff.code, "choice": self.choice}
