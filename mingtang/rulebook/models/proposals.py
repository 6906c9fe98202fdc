"""What a proposed version changes, in words, and the basis named for whatever is more."""

from django.db import models
from django.db.models import Q

from mingtang.rulebook.enums import ChangeKind, Direction
from mingtang.rulebook.laws.levels import BurdenKind, LawLevel
from mingtang.rulebook.models.items import PUBLIC, Version
from mingtang.towns.viewer import Viewer


class ProposedChangeQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        rows = self.filter(version__item__town=viewer.town)
        if any(power.startswith(("item.", "case.")) for power in viewer.powers):
            return rows
        return rows.filter(version__state__in=PUBLIC)


class ProposedChange(models.Model):
    """One difference from the version before. ``needs``: what it lays on people, or empty where no basis is asked.

    ``law`` and ``level`` are those of the law library on the day the basis was checked.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="changes")
    order = models.PositiveSmallIntegerField("序号")
    field = models.CharField("项目", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=ChangeKind.choices)
    direction = models.CharField("方向", max_length=4, choices=Direction.choices)
    sentence = models.CharField("说明", max_length=400)
    needs = models.CharField("需要的依据", max_length=24, choices=BurdenKind.choices, blank=True)
    law = models.CharField("依据", max_length=200, blank=True)
    article = models.CharField("条款", max_length=60, blank=True)
    level = models.CharField("效力层级", max_length=20, choices=LawLevel.choices, blank=True)

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "变动"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="rulebook_change_order_once"),
            models.CheckConstraint(
                condition=Q(law="", article="", level="") | ~Q(law="") & ~Q(article="") & ~Q(level=""),
                name="rulebook_basis_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
