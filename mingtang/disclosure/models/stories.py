"""新闻: the paragraphs of a text each with its source, and what the desk set aside."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models.documents import Revision
from mingtang.events.models import Event
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class Claim(models.Model):
    """One paragraph of a revision and where it was taken from. Append-only like its revision, which hashes it.

    ``address`` is a page of this site, ``subject`` what it shows; ``version`` and ``sha256`` are what stood there on
    the day it was taken, ``on`` since when. ``stated``: the words of a source that counts on and keeps no versions.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="claims")
    order = models.PositiveSmallIntegerField("第几段")
    mark = models.CharField("哪一种", max_length=8, choices=Mark.choices)
    text = models.TextField("文字")
    speaker = models.CharField("谁说的", max_length=60, blank=True)
    address = models.CharField("出处的网址", max_length=200, blank=True)
    subject = models.CharField("出处", max_length=120, blank=True)
    title = models.CharField("出处的名称", max_length=200, blank=True)
    version = models.CharField("哪一版", max_length=40, blank=True)
    sha256 = models.CharField("出处的散列值", max_length=64, blank=True)
    on = models.DateField("出处的日期", null=True, blank=True)
    stated = models.JSONField("出处的数字", default=list)

    class Meta:
        verbose_name = "新闻的一段"
        ordering = ["order"]
        indexes = [models.Index(fields=["subject"], name="disclosure_claims_of_a_source")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "order"], name="disclosure_claim_order_once"),
            models.CheckConstraint(
                condition=Q(address="", subject="", title="", version="", sha256="", on__isnull=True)
                | ~Q(address="") & ~Q(subject="") & ~Q(title="") & ~Q(sha256="") & Q(on__isnull=False),
                name="disclosure_claim_source_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}#{self.order}"

    def said(self) -> dict[str, Any]:
        """What the hash of the revision covers of it."""
        return {
            "mark": self.mark,
            "text": self.text,
            "speaker": self.speaker,
            "address": self.address,
            "subject": self.subject,
            "title": self.title,
            "version": self.version,
            "sha256": self.sha256,
            "on": self.on.isoformat() if self.on else "",
            "stated": self.stated,
        }


class SetAsideQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever works on the town's documents; never the public, nor the staff of a public utility."""
        rows = self.filter(town=viewer.town)
        works = any(power.startswith("document.") for power in viewer.powers) and not viewer.tenant
        return rows if works else rows.none()


class SetAside(models.Model):
    """A change that becomes no news, and why. ``about`` is its event, ``event`` that of setting it aside."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    about = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="哪一件变动")
    reason = models.CharField("为什么不写", max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="谁放下的")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name = "不写新闻的变动"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disclosure_set_aside_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.about_id}"
