"""What the secrecy review leaves behind."""

from django.db import models
from django.db.models import Q

from mingtang import guard
from mingtang.disclosure.models.documents import Edition, Revision
from mingtang.events.models import Event
from mingtang.people.models import Staff
from mingtang.people.proposals import LetStand, let_stand_with_reason
from mingtang.towns.viewer import Viewer


class InternalQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever works on documents sees it, the staff of a public utility its own; never the public."""
        rows = self.filter(edition__document__town=viewer.town)
        if viewer.tenant:
            rows = rows.filter(edition__document__unit__in=viewer.tenant)
        return rows if any(power.startswith("document.") for power in viewer.powers) else rows.none()


class Review(models.Model):
    """One filled-in sheet (``reviewing``), passed or returned. Append-only by trigger; ``event`` carries ``sha256``.

    ``parts``: name, hash, answers by side and note of the text and each attachment; ``warnings``: the sentences of the
    guard that were looked at.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="审查人")
    passed = models.BooleanField("通过")
    parts = models.JSONField("逐项意见")
    warnings = models.JSONField("看过的提示")
    sha256 = models.CharField("散列值", max_length=64)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "审查记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.sha256[:8]}"


class Waiver(LetStand):
    """A blocking finding that a second person lets stand in exactly this text, with a reason. Append-only by trigger,
    which also refuses the writer of the text; secrets, ID numbers and formulas unread are let through by nobody."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="waivers")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="waivers")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="放行人")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "放行"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "identity"], name="disclosure_waived_once"),
            let_stand_with_reason("disclosure_never_waived", guard.NEVER_WAIVED, "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.identity[:8]}"


class Comment(models.Model):
    """A remark beside a draft, between colleagues: never public. Open until somebody settles it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="comments")
    text = models.CharField("意见", max_length=500)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="谁写的")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁了结的"
    )
    resolved_event = models.OneToOneField(Event, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "意见"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_event__isnull=True)
                | Q(resolved_by__isnull=False, resolved_event__isnull=False),
                name="disclosure_comment_settled_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}#{self.pk}"
