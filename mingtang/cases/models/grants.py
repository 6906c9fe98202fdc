"""办理结果的公开: what everybody learns of one grant, by the publication profile of its version."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingtang.cases.enums import ApplicantKind, GrantState
from mingtang.cases.models.case import Case, CaseDocument
from mingtang.events import vault
from mingtang.events.models import Event
from mingtang.lib.canonical import canonical_json
from mingtang.people.enums import Permission
from mingtang.rulebook.enums import Disclosed
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class GrantQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Everybody: what stands on the net; who may read cases, or reviews what the town publishes: all."""
        rows = self.filter(town=viewer.town)
        if viewer.may(Permission.CASE_READ) or (viewer.may(Permission.DOCUMENT_REVIEW) and not viewer.tenant):
            return rows
        return rows.on_the_net()

    def on_the_net(self):
        return self.filter(state=GrantState.SHOWN, scope=Disclosed.WEB)


class Grant(models.Model):
    """One granted case whose version says that it is published. ``text_sealed`` is what is shown, under the key of the
    case, only while it is shown; ``until`` its last day, None as long as it holds."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="grants")
    paper = models.OneToOneField(CaseDocument, models.PROTECT, related_name="grant")
    case = models.ForeignKey(Case, models.PROTECT, related_name="grants")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("决定年份")
    kind = models.CharField("申请人类型", max_length=12, choices=ApplicantKind.choices)
    scope = models.CharField("公开到哪里", max_length=8, choices=Disclosed.choices)
    state = models.CharField("状态", max_length=10, choices=GrantState.choices, default=GrantState.WAITING)
    village = models.CharField("公示的村（社区）", max_length=40, blank=True)
    shown_on = models.DateField("公开日期", null=True, blank=True)
    until = models.DateField("公开到哪天", null=True, blank=True)
    text_sealed = models.BinaryField("公开的内容（密文）", null=True, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "结果公开"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=GrantState.SHOWN, text_sealed__isnull=False, shown_on__isnull=False)
                | ~Q(state=GrantState.SHOWN) & Q(text_sealed__isnull=True),
                name="cases_grant_kept_only_while_shown",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "state", "scope", "-id"], name="cases_grants_shown"),
            models.Index(fields=["town", "item", "state", "-id"], name="cases_grants_of_item"),
            models.Index(fields=["until"], condition=Q(state=GrantState.SHOWN), name="cases_grants_ending"),
        ]

    def __str__(self) -> str:
        return str(self.paper_id)

    @cached_property
    def shown(self) -> dict[str, str]:
        """What is shown, by field. Decrypts."""
        assert self.text_sealed is not None  # only while it is shown
        return json.loads(vault.open_sealed(self.case.key, self.text_sealed))

    def keep(self, text: dict[str, str]) -> None:
        self.text_sealed = vault.seal(self.case.key, canonical_json(text))

    def told(self) -> dict[str, Any]:
        return {
            "paper": self.paper.number,
            "scope": self.scope,
            "village": self.village,
            "until": self.until.isoformat() if self.until else None,
        }
