"""来访: whoever comes, what they want, who owns it, and how it ended. Nothing here names a resident."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from mingtang.hall.enums import ContactChannel, ContactState, ErrandOutcome
from mingtang.hall.models.windows import Site, Window
from mingtang.people.enums import Permission
from mingtang.people.models import InTown, Post, Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class PriorityRule(models.Model):
    """A published rule by which some are called earlier, by so many minutes. ``quick``: asked of the errand and not of
    the person, and held by itself: one item that ends on the spot.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="priority_rules")
    name = models.CharField("谁优先", max_length=40)
    minutes = models.PositiveSmallIntegerField("提前几分钟")
    basis = models.CharField("依据", max_length=100)
    quick = models.BooleanField("快办", default=False)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "优先规则"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "name"], condition=Q(ended_on__isnull=True), name="hall_priority_rule_once"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, 60)), name="hall_priority_within_an_hour"),
        ]

    def __str__(self) -> str:
        return self.name


class TicketDay(models.Model):
    """The last serial given at a site for a day, and when."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="ticket_days")
    day = models.DateField("日期")
    last = models.PositiveIntegerField("最后一号", default=0)
    last_at = models.DateTimeField("最后取号时间", null=True, blank=True)

    class Meta:
        verbose_name = "当天的号"
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="hall_one_series_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.last}"


class Pad(models.Model):
    """号单本: pre-numbered paper slips ``first`` to ``last`` in the hands of a station."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="pads")
    site = models.ForeignKey(Site, models.PROTECT, related_name="pads", verbose_name="服务站")
    code = models.CharField("本号", max_length=12)
    first = models.PositiveIntegerField("首号")
    last = models.PositiveIntegerField("末号")
    issued_at = models.DateTimeField("发出时间")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "号单本"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="hall_pad_code_once"),
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first")), name="hall_pad_has_numbers"),
        ]

    def __str__(self) -> str:
        return self.code

    def number(self, slip: int) -> str:
        return f"{self.code}-{slip:03d}"


class PadVoid(models.Model):
    """A slip that was spoiled: it is accounted for and never becomes a contact."""

    pad = models.ForeignKey(Pad, models.PROTECT, related_name="voids")
    slip = models.PositiveIntegerField("号")
    reason = models.CharField("原因", max_length=100)
    voided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("作废时间")

    class Meta:
        verbose_name = "作废的号单"
        ordering = ["slip"]
        constraints = [
            models.UniqueConstraint(fields=["pad", "slip"], name="hall_slip_spoiled_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="hall_spoiled_slip_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.pad} {self.slip}"


class ContactQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Staff who take in or oversee see the town's; whoever has number and code asks for the one."""
        rows = self.filter(town=viewer.town)
        known = (Permission.CASE_READ, Permission.WINDOW_RUN, Permission.OVERSEE)
        return rows if any(viewer.may(power) for power in known) else rows.none()


class Contact(models.Model):
    """One coming of one person. ``day`` is the day it is served, ``opened_at`` when the person first asked,
    ``place_at`` its place among those who wait. A slip has its pad's number instead of a serial. ``submission`` is the
    token of the form that gave the number.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="contacts")
    site = models.ForeignKey(Site, models.PROTECT, related_name="contacts")
    number = models.CharField("号", max_length=20)
    day = models.DateField("日期")
    serial = models.PositiveIntegerField("流水号", null=True, blank=True)
    pad = models.ForeignKey(Pad, models.PROTECT, null=True, blank=True, related_name="contacts")
    slip = models.PositiveIntegerField("号单号", null=True, blank=True)
    channel = models.CharField("怎么来的", max_length=8, choices=ContactChannel.choices)
    state = models.CharField("状态", max_length=12, choices=ContactState.choices)
    rule = models.ForeignKey(PriorityRule, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField("来访时间")
    recorded_at = models.DateTimeField("录入时间")
    booked_for = models.DateTimeField("预约时间", null=True, blank=True)
    place_at = models.DateTimeField("排队时间")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="contacts")
    calls = models.PositiveSmallIntegerField("叫了几次", default=0)
    called_at = models.DateTimeField("叫号时间", null=True, blank=True)
    started_at = models.DateTimeField("接待时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    submission = models.UUIDField("提交标识", null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "来访"
        ordering = ["day", "serial", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="hall_contact_number_once"),
            models.UniqueConstraint(fields=["site", "day", "serial"], name="hall_serial_once_a_day"),
            models.UniqueConstraint(fields=["pad", "slip"], name="hall_slip_used_once"),
            models.UniqueConstraint(
                fields=["town", "submission"], condition=Q(submission__isnull=False), name="hall_form_gives_one_number"
            ),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state=ContactState.CALLED), name="hall_window_calls_one"
            ),
            models.CheckConstraint(
                condition=Q(serial__isnull=False, pad__isnull=True, slip__isnull=True)
                | Q(serial__isnull=True, pad__isnull=False, slip__isnull=False),
                name="hall_contact_of_a_series",
            ),
            models.CheckConstraint(
                condition=Q(state=ContactState.ENDED, ended_at__isnull=False)
                | ~Q(state=ContactState.ENDED) & Q(ended_at__isnull=True),
                name="hall_ended_contact_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContactState.CALLED) | Q(window__isnull=False, called_at__isnull=False),
                name="hall_called_to_a_window",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ContactState.OWNED, ContactState.HANDING_OVER]) | Q(started_at__isnull=False),
                name="hall_owned_has_begun",
            ),
            models.CheckConstraint(
                condition=Q(channel=ContactChannel.BOOKING, booked_for__isnull=False)
                | ~Q(channel=ContactChannel.BOOKING) & Q(booked_for__isnull=True),
                name="hall_booking_has_its_time",
            ),
            models.CheckConstraint(condition=Q(opened_at__lte=F("recorded_at")), name="hall_came_before_entered"),
        ]
        indexes = [models.Index(fields=["site", "state", "place_at"], name="hall_queue")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is called out: letter and serial, or the number of the slip."""
        return self.number if self.serial is None else f"{self.number[0]}{self.serial:03d}"

    @property
    def subject(self) -> str:
        return f"contact:{self.number}"

    def waited(self, at: datetime) -> int:
        """Whole minutes from coming to being served, to the end, or to a moment while neither has been."""
        begin = max(self.opened_at, self.booked_for) if self.booked_for else self.opened_at
        return max(0, int(((self.started_at or self.ended_at or at) - begin).total_seconds() // 60))


class Errand(models.Model):
    """要办的一件事: an item, or without one a question. Each ends in one outcome."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="errands")
    order = models.PositiveSmallIntegerField("排序")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("下落", max_length=10, choices=ErrandOutcome.choices, blank=True)
    clause = models.CharField("条款", max_length=100, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "要办的事"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "order"], name="hall_errand_order_once"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True, ended_by__isnull=True, clause="", note="")
                | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="hall_errand_ends_in_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ErrandOutcome.REFUSED) | ~Q(clause=""), name="hall_refused_names_its_clause"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ErrandOutcome.NOTICE) | ~Q(note=""), name="hall_notice_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}/{self.order}"

    @property
    def name(self) -> str:
        """What it is about; an item that stands no more is named by its code."""
        if self.item is None:
            return "问一件事"
        return self.item.facts.name if hasattr(self.item, "facts") else self.item.code

    @property
    def outcome_title(self) -> str:
        return ErrandOutcome(self.outcome).label if self.outcome else "还没有下落"

    @property
    def with_nothing(self) -> bool:
        """Whether whoever came for it went away with nothing."""
        return self.outcome in (ErrandOutcome.LEFT, ErrandOutcome.NOBODY, ErrandOutcome.ABSENT)

    @property
    def said(self) -> str:
        """Clause and note in one sentence."""
        return "。".join(part for part in (self.clause, self.note.rstrip("。")) if part)


class Owner(models.Model):
    """首问责任: who owns a contact, in order. A row without ``accepted_at`` is an offer; until it is accepted the one
    before owns, and a refused offer owns nothing.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="owners")
    order = models.PositiveSmallIntegerField("顺序")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("转交原因", max_length=200, blank=True)
    offered_at = models.DateTimeField("转交时间")
    accepted_at = models.DateTimeField("接下时间", null=True, blank=True)
    declined_at = models.DateTimeField("退回时间", null=True, blank=True)
    declined_why = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "责任人"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "order"], name="hall_owner_order_once"),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True),
                name="hall_one_offer_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, staff__isnull=True)
                | Q(accepted_at__isnull=False, staff__isnull=False, declined_at__isnull=True),
                name="hall_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, declined_why="")
                | Q(declined_at__isnull=False) & ~Q(declined_why=""),
                name="hall_declined_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}/{self.order}"
