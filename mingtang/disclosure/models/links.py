"""How documents stand to each other."""

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import Relation
from mingtang.disclosure.models.documents import Document
from mingtang.towns.viewer import Viewer


class LinkQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Between what the viewer may see."""
        seen = Document.objects.visible_to(viewer)
        return self.filter(document__in=seen, target__in=seen)


class Link(models.Model):
    """``document`` interprets, amends, rests on or follows ``target``, as a tender follows its project.

    What repeals what stands on the edition that ended.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    relation = models.CharField("关系", max_length=12, choices=Relation.choices)
    target = models.ForeignKey(Document, models.PROTECT, related_name="linked", verbose_name="哪份文件")

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = "文件关系"
        constraints = [
            models.UniqueConstraint(fields=["document", "relation", "target"], name="disclosure_linked_once"),
            models.CheckConstraint(condition=~Q(document=F("target")), name="disclosure_linked_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.relation} {self.target_id}"
