"""The training record 学习培训: sessions, who was there, what a year asks of each person."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.files.models import StoredFile
from mingtang.people.enums import Permission
from mingtang.people.models import InTown, Post, Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class Requirement(models.Model):
    """每人每年要学多少: holds for its year and the years after it until another one."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("从哪一年起")
    minutes = models.PositiveIntegerField("每人每年（分钟）")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "学习要求"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="study_requirement_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.minutes}"

    @property
    def event_subject(self) -> str:
        return f"study-requirement:{self.year}"

    def facts(self) -> dict[str, int]:
        """What its event says."""
        return {"year": self.year, "minutes": self.minutes}


class SessionQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        """The town's staff see every session, those of a public utility the ones their own people were at; the public
        sees sums alone."""
        rows = super().visible_to(viewer)
        if viewer.person_id is None:
            return rows.none()
        if viewer.tenant:
            return rows.filter(attendances__post__unit__in=viewer.tenant).distinct()
        return rows


class Session(models.Model):
    """One session: entered once, struck out with a reason when it was wrong. ``studied``: rows of [words, address]."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    held_on = models.DateField("日期")
    minutes = models.PositiveIntegerField("多久（分钟）")
    subject = models.CharField("主题", max_length=80)
    speaker = models.CharField("主讲", max_length=60)
    studied = models.JSONField("学了什么")
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    struck_reason = models.CharField("划去的原因", max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "学习培训"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def event_subject(self) -> str:
        return f"session:{self.pk}"


class SessionFileQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        return self.filter(session__in=Session.objects.visible_to(viewer))


class SessionFile(models.Model):
    """What was handed out or shown."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects = SessionFileQuerySet.as_manager()

    class Meta:
        verbose_name = "学习材料"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """A person's own; the office and who oversees see all of the town's."""
        rows = self.filter(session__town=viewer.town)
        if not viewer.tenant and viewer.powers.intersection((Permission.STUDY_KEEP, Permission.OVERSEE)):
            return rows
        if viewer.person_id is None:
            return rows.none()
        mine = rows.filter(staff=viewer.person_id)
        return mine.filter(post__unit__in=viewer.tenant) if viewer.tenant else mine


class Attendance(models.Model):
    """A person who was asked to come, by the post they held; ``present`` is what they themselves say."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="人员")
    present = models.BooleanField("到了没有", null=True, blank=True)
    answered_at = models.DateTimeField("本人确认时间", null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "参加学习"
        ordering = ["post__unit__order", "post_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "staff"], name="study_once_in_a_session"),
            models.CheckConstraint(
                condition=Q(present__isnull=True, answered_at__isnull=True)
                | Q(present__isnull=False, answered_at__isnull=False),
                name="study_present_by_own_word",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.post}"

    @property
    def event_subject(self) -> str:
        return f"attendance:{self.pk}"

    def facts(self) -> dict[str, Any]:
        """What its events say."""
        return {"session": self.session_id, "staff": self.staff.code, "post": self.post.code, "present": self.present}
