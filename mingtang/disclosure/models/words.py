"""The town's own words for the guard."""

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import ListKind
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction


class ListEntry(models.Model):
    """A word of the town: what is wrong and what is right, a name, a place, or what stays as it is.

    It counts from ``starts_at`` to ``ended_at`` and is never deleted. What lets more through needs two persons: to put
    an allowed word in force, to end a wrong phrase.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    kind = models.CharField("词表", max_length=8, choices=ListKind.choices)
    word = models.CharField("词", max_length=60)
    right = models.CharField("正确的写法、职务", max_length=60, blank=True)
    reason = models.CharField("依据", max_length=200)
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间")
    starts_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="启用人")
    starts_at = models.DateTimeField("启用时间", null=True, blank=True)
    ending_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出停用的人"
    )
    ending_reason = models.CharField("停用的理由", max_length=200, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "词表的词"
        ordering = ["kind", "word", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "kind", "word"], condition=Q(ended_at__isnull=True), name="disclosure_word_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_by__isnull=True, starts_at__isnull=True)
                | Q(starts_by__isnull=False, starts_at__isnull=False),
                name="disclosure_word_started_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False, ending_by__isnull=False) & ~Q(ending_reason=""),
                name="disclosure_word_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ListKind.ALLOWED) | Q(starts_by__isnull=True) | ~Q(starts_by=F("added_by")),
                name="disclosure_allowed_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ListKind.PHRASE)
                | Q(ended_by__isnull=True)
                | Q(starts_by__isnull=True)
                | ~Q(ended_by=F("ending_by")),
                name="disclosure_phrase_ended_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    @property
    def subject(self) -> str:
        return f"word:{self.pk}"

    @property
    def state(self) -> str:
        """``waiting`` for a second person, ``live``, ``ending``: a second person is asked to end it, or ``ended``."""
        if self.ended_at:
            return "ended"
        if self.starts_at is None:
            return "waiting"
        return "ending" if self.ending_by_id else "live"
