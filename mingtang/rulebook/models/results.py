"""What each item in force gives, by name: a narrow table that proofs are looked up in."""

from django.db import models

from mingtang.rulebook.models.items import Item
from mingtang.towns.viewer import Viewer


class ItemResultQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        return self.filter(item__town=viewer.town)


class ItemResult(models.Model):
    """One result of the version in force; written by ``put_in_force``."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="results")
    name = models.CharField("结果", max_length=120)

    objects = ItemResultQuerySet.as_manager()

    class Meta:
        verbose_name = "事项结果"
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="rulebook_result_once")]

    def __str__(self) -> str:
        return self.name
