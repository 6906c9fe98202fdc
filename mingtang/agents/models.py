"""代办: an order that a village agent carries for a resident, the consent to it, and every original on its way."""

import json
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from mingtang.agents.enums import Asked, Ending, OrderState, Place, Way
from mingtang.agents.states import LIVE
from mingtang.cases.models import Case
from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.hall.models import Contact, Site
from mingtang.lib.canonical import canonical_json
from mingtang.people.enums import Permission
from mingtang.people.models import Assignment, Post, Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class OrderQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Who runs or oversees the hall sees the town's; others those of their own station and those handed to them."""
        rows = self.filter(town=viewer.town)
        if viewer.may(Permission.WINDOW_RUN) or viewer.may(Permission.OVERSEE):
            return rows
        if not viewer.may(Permission.CASE_INTAKE):
            return rows.none()
        posts = Assignment.objects.current(timezone.now()).filter(staff=viewer.person_id).values("post")
        stations = Site.objects.filter(windows__post__in=posts).values("pk")
        held = Handover.objects.filter(taker__in=posts).values("original__order")
        return rows.filter(Q(station__in=stations) | Q(window_post__in=posts) | Q(pk__in=held))

    def unfinished(self):
        """What is under way, and what has ended while an original is not back with its owner."""
        home = Handover.objects.filter(original=OuterRef("pk"), taker__isnull=True, accepted_at__isnull=False)
        away = Original.objects.filter(~Exists(home)).values("order")
        return self.filter(Q(state__in=LIVE) | Q(pk__in=away))

    def listed(self):
        """With all that a list shows of each."""
        rows = self.select_related("town", "station", "contact", "wanted__facts", "window_post__unit")
        chain = "originals__handovers"
        return rows.prefetch_related("contact__errands__item__facts", f"{chain}__giver__unit", f"{chain}__taker__unit")


class Order(models.Model):
    """One order. ``since`` is when the present state began; ``late`` counts the promises that
    were not kept. From being taken it has a contact, whose errands are what is to be done.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="orders")
    number = models.CharField("代办单号", max_length=20)
    station = models.ForeignKey(Site, models.PROTECT, related_name="orders", verbose_name="服务站")
    place = models.CharField("在哪里办", max_length=8, choices=Place.choices)
    asked_by = models.CharField("怎么来的", max_length=10, choices=Asked.choices)
    state = models.CharField("状态", max_length=12, choices=OrderState.choices)
    wanted = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="要办的事项")
    contact = models.OneToOneField(Contact, models.PROTECT, null=True, blank=True, related_name="agency")
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    person_sealed = models.BinaryField("委托人（密文）")
    submission = models.CharField("提交标识", max_length=64)
    window_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="窗口")
    asked_at = models.DateTimeField("提出时间")
    since = models.DateTimeField("这个状态从何时起")
    late = models.PositiveSmallIntegerField("晚了几次", default=0)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_why = models.CharField("结束原因", max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "代办单"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="agents_number_once"),
            models.UniqueConstraint(fields=["town", "submission"], name="agents_submitted_once"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at__isnull=True, ended_why="")
                | ~Q(state__in=LIVE) & Q(ended_at__isnull=False),
                name="agents_ended_order_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(OrderState.ASKED, OrderState.DECLINED, OrderState.WITHDRAWN))
                | Q(contact__isnull=False),
                name="agents_taken_order_has_contact",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(OrderState.DECLINED, OrderState.NOT_POSSIBLE)) | ~Q(ended_why=""),
                name="agents_refusal_says_why",
            ),
        ]
        indexes = [models.Index(fields=["station", "state", "since"], name="agents_by_station")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"order:{self.number}"

    @property
    def state_title(self) -> str:
        return OrderState(self.state).label

    @cached_property
    def person(self) -> dict[str, str]:
        """Whose order it is: name, phone, address, id_number, need, asker. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.person_sealed))

    def seal(self, data: dict[str, Any]) -> bytes:
        return vault.seal(self.key, canonical_json(data))

    @property
    def cases(self) -> models.QuerySet[Case]:
        """What was taken in for it."""
        rows = Case.objects.filter(visit__errand__contact=self.contact_id, visit__errand__contact__isnull=False)
        return rows.select_related("version", "window", "item").defer("version__data", "version__bpmn").order_by("pk")


class OrderSerial(models.Model):
    """The last serial given to an order in a year."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "代办单流水号"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="agents_one_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Consent(models.Model):
    """委托: what the agent may do for the resident, until a day. The last one counts; money is never part of it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="consents")
    hands_in = models.BooleanField("递交材料", default=True)
    answers = models.BooleanField("补交材料", default=True)
    collects = models.BooleanField("领取结果", default=True)
    until = models.DateField("有效期到")
    way = models.CharField("怎样同意的", max_length=8, choices=Way.choices)
    given_at = models.DateTimeField("同意时间")
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "委托"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hands_in=True) | Q(answers=True) | Q(collects=True), name="agents_consent_to_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.until}"


class Original(models.Model):
    """原件: a paper that somebody was given, a resident's own or the result. ``line`` is its place on the slip."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="originals")
    line = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=40)
    sheets = models.PositiveSmallIntegerField("张数")
    is_result = models.BooleanField("办理结果", default=False)

    class Meta:
        verbose_name = "原件"
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="agents_original_line_once"),
            models.CheckConstraint(condition=Q(sheets__range=(1, 999)), name="agents_original_has_sheets"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sheets} 张"


class Handover(models.Model):
    """交接: one original from one hand to another; a hand is a post, none is the resident. A row without an answer is
    an offer: until it is accepted the paper is with the giver. ``ending``: it was lost, and how that came to its end.
    """

    original = models.ForeignKey(Original, models.PROTECT, related_name="handovers")
    turn = models.PositiveSmallIntegerField("次序")
    giver = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="交出")
    taker = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收")
    offered_at = models.DateTimeField("交出时间")
    offered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField("签收时间", null=True, blank=True)
    accepted_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField("本人怎样签收", max_length=8, choices=Way.choices, blank=True)
    ending = models.CharField("丢失的怎样了结", max_length=8, choices=Ending.choices, blank=True)
    refused_at = models.DateTimeField("没有签收", null=True, blank=True)
    refused_why = models.CharField("没有签收的原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "交接"
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["original", "turn"], name="agents_handover_turn_once"),
            models.UniqueConstraint(
                fields=["original"],
                condition=Q(accepted_at__isnull=True, refused_at__isnull=True),
                name="agents_one_offer_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=False, taker__isnull=True)
                | Q(giver__isnull=True, taker__isnull=False)
                | Q(giver__isnull=False, taker__isnull=False) & ~Q(giver=F("taker")),
                name="agents_from_one_hand_to_another",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True, way="")
                | Q(accepted_at__isnull=False, refused_at__isnull=True, taker__isnull=False, accepted_by__isnull=False)
                | Q(accepted_at__isnull=False, refused_at__isnull=True, taker__isnull=True) & ~Q(way=""),
                name="agents_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refused_why="") | Q(refused_at__isnull=False) & ~Q(refused_why=""),
                name="agents_refused_offer_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ending="")
                | Q(taker__isnull=True, accepted_at__isnull=False) & (~Q(ending=Ending.WAIVED) | Q(way=Way.SIGNED)),
                name="agents_lost_paper_ends_with_its_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original_id}/{self.turn}"
