"""行政处罚决定: what was punished, whom, by which article; who entered it, who confirmed it, how it ended."""

import json
from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import Party, PenaltyEnd, PenaltyGround, PenaltyKind
from mingtang.events import vault
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.money import format_yuan
from mingtang.people.models import Staff, Unit
from mingtang.rulebook.models import Article
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class PenaltyQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever works on the town's documents; everybody else learns of it by the lists made from it."""
        if viewer.tenant or not any(power.startswith("document.") for power in viewer.powers):
            return self.none()
        return self.filter(town=viewer.town)

    def standing(self):
        """Neither revoked nor entered by mistake."""
        return self.filter(ended_at__isnull=True)


class Penalty(models.Model):
    """One decision. Its content never changes: what was changed by law or entered wrong ends, and is entered anew.

    Of a person name and number lie sealed under a key of the decision, which is destroyed in time: then nobody knows
    whom it struck, and the rest stays. ``ground`` is why it is public or is not.
    ``token`` gives the code with which whoever was punished opens their row.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="penalties")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="处罚机关")
    serial = models.PositiveIntegerField("第几份")
    number = models.CharField("文书号", max_length=40)
    token = models.CharField("查询码的来源", max_length=32)
    cause = models.CharField("案由", max_length=100)
    kinds = models.JSONField("处罚种类")
    amount = models.PositiveBigIntegerField("罚没金额（分）", null=True, blank=True)
    content = models.CharField("处罚内容", max_length=100, blank=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", verbose_name="依据")
    decided_on = models.DateField("决定日期")
    party = models.CharField("当事人是", max_length=12, choices=Party.choices)
    organisation = models.CharField("单位名称", max_length=60, blank=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    key = models.ForeignKey(PayloadKey, models.PROTECT, null=True, blank=True, related_name="+")
    person_sealed = models.BinaryField("个人的姓名和证件号码（密文）", null=True, blank=True)
    ground = models.CharField("公开不公开", max_length=12, choices=PenaltyGround.choices)
    why = models.CharField("为什么公开或者不公开", max_length=200)
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    carried_out_on = models.DateField("执行完毕的日期", null=True, blank=True)
    ending = models.CharField("怎样失效", max_length=12, choices=PenaltyEnd.choices, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人")
    ended_at = models.DateTimeField("失效登记时间", null=True, blank=True)
    ended_reason = models.CharField("失效的理由", max_length=200, blank=True)

    objects = PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = "行政处罚决定"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "serial"], name="disclosure_penalty_serial_once"),
            models.UniqueConstraint(
                fields=["town", "number"], condition=Q(ended_at__isnull=True), name="disclosure_penalty_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    party=Party.PERSON, organisation="", uscc="", key__isnull=False, person_sealed__isnull=False
                )
                | Q(party=Party.ORGANISATION, key__isnull=True, person_sealed__isnull=True) & ~Q(organisation=""),
                name="disclosure_penalty_person_sealed",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="disclosure_penalty_sum_is_money"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                name="disclosure_penalty_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_on__isnull=True)
                | Q(carried_out_on__gte=F("decided_on"), confirmed_at__isnull=False),
                name="disclosure_penalty_carried_out_later",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, ending="", ended_reason="")
                | Q(ended_by__isnull=False, ended_at__isnull=False)
                & ~Q(ending="")
                & ~Q(ended_reason="")
                & ~Q(ended_by=F("entered_by")),
                name="disclosure_penalty_ended_by_another",
            ),
        ]
        indexes = [models.Index(fields=["town", "decided_on"], name="disclosure_penalties_by_day")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"penalty:{self.serial}"

    @property
    def public(self) -> bool:
        return self.ground == PenaltyGround.INFLUENCE

    @property
    def result(self) -> str:
        """警告、罚款，500元：限期改正. The kinds in the order of 行政处罚法 9, the sum once, what is ordered."""
        words = "、".join(kind.label for kind in PenaltyKind if kind in self.kinds)
        words += f"，{format_yuan(self.amount)}" if self.amount else ""
        return f"{words}：{self.content}" if self.content else words

    @property
    def forgotten(self) -> bool:
        """Whether the person's name and number were destroyed."""
        return self.key is not None and self.key.wrapped is None

    def person(self) -> dict[str, str]:
        """``name`` and ``id_number`` of a person. Decrypts."""
        if self.key is None or self.person_sealed is None:
            raise vault.destroyed()
        return json.loads(vault.open_sealed(self.key, self.person_sealed))

    @property
    def against(self) -> str:
        """The whole name of whoever was punished, for the desk alone where it is a person. Decrypts."""
        return self.organisation or self.person()["name"]

    def frozen(self) -> dict[str, Any]:
        """What its event says of it; of a person by the hash of the sealed bytes alone."""
        return {
            "number": self.number,
            "unit": self.unit.code,
            "cause": self.cause,
            "kinds": self.kinds,
            "amount": self.amount,
            "article": self.article_id,
            "decided_on": self.decided_on.isoformat(),
            "party": self.party,
            "organisation": self.organisation,
            "uscc": self.uscc,
            "sealed": sha256_hex(bytes(self.person_sealed)) if self.person_sealed else "",
            "ground": self.ground,
            "why": self.why,
            # A decision entered before this was asked has none.
            **({"content": self.content} if self.content else {}),
        }
