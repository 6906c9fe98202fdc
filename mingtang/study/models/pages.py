"""Editions of the law pages, and the campaigns 宣传活动 that carry them to people."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.files.models import StoredFile
from mingtang.people.models import InTown, Post, Staff
from mingtang.study.enums import Counting, Manner
from mingtang.study.models.two_persons import TwoPersons
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class PageEdition(TwoPersons):
    """One subject in plain words. The newest published edition of a subject is shown.

    ``statements``: rows of ``pages.Statement`` with what each citation led to when it was written (``bases``).
    ``owner``: the post that answers for it when an article changes.
    """

    subject = models.SlugField("主题代码", max_length=24)
    title = models.CharField("主题", max_length=40)
    lead = models.CharField("一句话", max_length=120)
    statements = models.JSONField("内容")
    owner = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="责任岗位")

    class Meta(TwoPersons.Meta):
        verbose_name = "学法页"
        constraints = [
            *TwoPersons.Meta.constraints,
            models.UniqueConstraint(fields=["town", "subject", "number"], name="study_page_number_once"),
            models.UniqueConstraint(
                fields=["town", "subject"],
                condition=Q(reviewed_at__isnull=True, returned_reason=""),
                name="study_one_page_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.number}版"

    @property
    def event_subject(self) -> str:
        return f"learn:{self.subject}"

    def facts(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "title": self.title,
            "lead": self.lead,
            "statements": self.statements,
            "owner": self.owner.code,
        }


class Outreach(models.Model):
    """宣传活动: where and when people were told of the law, and how many. Never changed, only struck out with a public
    reason."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=60)
    manner = models.CharField("形式", max_length=10, choices=Manner.choices)
    about = models.CharField("讲了什么", max_length=200)
    people = models.PositiveIntegerField("到了多少人")
    counting = models.CharField("人数怎么来的", max_length=10, choices=Counting.choices)
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    struck_reason = models.CharField("划去的原因", max_length=200, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "宣传活动"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"

    @property
    def event_subject(self) -> str:
        return f"outreach:{self.pk}"


class OutreachFileQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Public with the campaign they show; of one that was struck out no more."""
        return self.filter(outreach__town=viewer.town, outreach__struck_reason="")


class OutreachFile(models.Model):
    """A photo or the material handed out; ``words`` say what a photo shows."""

    outreach = models.ForeignKey(Outreach, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    words = models.CharField("图片说明", max_length=100)

    objects = OutreachFileQuerySet.as_manager()

    class Meta:
        verbose_name = "宣传活动的材料"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words
