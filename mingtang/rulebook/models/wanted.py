"""找不到的事: words with which people looked for something in vain, counted by day, and the town's answer."""

from django.db import models
from django.db.models import Max, Q, Sum

from mingtang.people.models import InTown, Staff, Unit
from mingtang.rulebook.enums import WantedOutcome
from mingtang.rulebook.models.items import Item
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

LONGEST = 40
# Words that fewer have used are nobody's business but the desk's, and are soon forgotten.
ENOUGH = 3


class WantedQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        """The desk sees all of its town; the public what enough people asked for and somebody of the town answered.

        Unanswered words stay inside: whoever types a name or an insult three times must not write on a public page.
        """
        rows = self.filter(town=viewer.town).counted()
        if any(power.startswith("item.") for power in viewer.powers):
            return rows
        return rows.filter(times__gte=ENOUGH).exclude(outcome="")

    def counted(self):
        """With ``times``, how many asked (each once a day), and ``last_on``, the last day anyone did."""
        return self.annotate(times=Sum("days__count"), last_on=Max("days__day"))


class Wanted(models.Model):
    """Words of a town and what came of them. Who used them is not known: there is no column for it."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    text = models.CharField("群众的说法", max_length=LONGEST)
    outcome = models.CharField("答复", max_length=8, choices=WantedOutcome.choices, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="wanted", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转给")
    note = models.CharField("说明", max_length=200, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="+")

    objects = WantedQuerySet.as_manager()

    class Meta:
        verbose_name = "找不到的事"
        constraints = [
            models.UniqueConstraint(fields=["town", "text"], name="rulebook_wanted_once"),
            models.CheckConstraint(condition=~Q(text=""), name="rulebook_wanted_says_what"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, event__isnull=True, outcome="", note="")
                & Q(item__isnull=True, unit__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, event__isnull=False)
                & (
                    Q(outcome=WantedOutcome.LINKED, item__isnull=False, unit__isnull=True)
                    | Q(outcome=WantedOutcome.DECLINED, item__isnull=True, unit__isnull=True) & ~Q(note="")
                    | Q(outcome=WantedOutcome.PASSED, item__isnull=True, unit__isnull=False)
                ),
                name="rulebook_wanted_is_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WantedDay(models.Model):
    """How many people used the words on a day; one who asks again the same day counts once."""

    wanted = models.ForeignKey(Wanted, models.CASCADE, related_name="days")
    day = models.DateField("日期")
    count = models.PositiveIntegerField("人次")

    class Meta:
        verbose_name = "找不到的事按日计数"
        constraints = [
            models.UniqueConstraint(fields=["wanted", "day"], name="rulebook_wanted_day_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="rulebook_wanted_day_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"
