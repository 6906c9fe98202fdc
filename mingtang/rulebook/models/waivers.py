"""What the guard stops in the text of a version and a second person lets stand."""

from django.db import models
from django.db.models import Q

from mingtang import guard
from mingtang.events.models import Event
from mingtang.people.proposals import LetStand, Proposal, let_stand_with_reason, settled_by_two
from mingtang.rulebook.models.items import Version
from mingtang.towns.viewer import Viewer


class WaiverQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever works on items sees it, the staff of a public utility its own; never the public."""
        rows = self.filter(version__item__town=viewer.town)
        if viewer.tenant:
            rows = rows.filter(version__item__unit__in=viewer.tenant)
        return rows if any(power.startswith("item.") for power in viewer.powers) else rows.none()

    def waiting(self):
        return self.filter(settled_at__isnull=True)

    def held(self) -> frozenset[str]:
        """The identities that were let stand."""
        return frozenset(self.filter(agreed=True).values_list("identity", flat=True))


class Waiver(Proposal, LetStand):
    """One thing the guard stops in a version, that somebody asks to let stand and another lets stand or does not.

    It holds in this version and only for the text named by ``part``, its field and its hash. What was asked is frozen
    by trigger, which also refuses that the last writer of the version lets anything stand.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="waivers")
    part = models.CharField("哪一项的哪段文字", max_length=120)
    why = models.CharField("为什么可以照样公开", max_length=200)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    settled_event = models.OneToOneField(Event, models.PROTECT, null=True, blank=True, related_name="+")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = "事项的放行"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "identity"],
                condition=Q(settled_at__isnull=True) | Q(agreed=True),
                name="rulebook_waived_once",
            ),
            let_stand_with_reason("rulebook_never_waived", guard.NEVER_WAIVED, "why"),
            settled_by_two("rulebook_waived_by_two"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_event__isnull=True)
                | Q(settled_at__isnull=False, settled_event__isnull=False),
                name="rulebook_waiver_settled_by_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.identity[:8]}"

    @property
    def field(self) -> str:
        """The field of the spec in which it stands."""
        return self.part.partition(" ")[0]
