"""真实性抽查: rounds of a public lot over published statements, and what became of each that was drawn; 看得懂吗: three
questions about a published text, answered by whoever holds a slip."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition
from mingtang.disclosure.states import READABLE
from mingtang.events.models import Event, PayloadKey
from mingtang.files.models import StoredFile
from mingtang.oversight.models import Duty
from mingtang.people.models import Assignment, InTown, Post, Staff, Unit
from mingtang.people.proposals import Written, WrittenQuerySet, reviewed_by_two
from mingtang.scrutiny.enums import SampleState as S
from mingtang.scrutiny.enums import StatementKind, Truth
from mingtang.scrutiny.states import OVERSEERS, READ_KEEPERS
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class SampleRound(models.Model):
    """One round. ``pool``: all statements it is drawn among, as ``statements.Statement.cells``, told by ``pool_sha256``
    before anybody could know the seed. ``picked``: the places in the pool, from 1, in the order they were drawn."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="sample_rounds")
    number = models.SlugField("抽查编号", max_length=24)
    kinds = models.JSONField("抽哪几种")
    from_on = models.DateField("从哪天公开的")
    to_on = models.DateField("到哪天公开的")
    wanted = models.PositiveSmallIntegerField("抽几条")
    pool = models.JSONField("从哪些里抽")
    pool_sha256 = models.CharField("名单散列", max_length=64)
    announced_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="公告人")
    announced_event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField("检查点条数", null=True, blank=True)
    root = models.CharField("检查点根散列", max_length=64, blank=True)
    picked = models.JSONField("抽中的", null=True, blank=True)
    drawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="抽取人")
    drawn_event = models.OneToOneField(Event, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "真实性抽查"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="scrutiny_round_number_once"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="scrutiny_round_runs_forward"),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=True, drawn_event__isnull=True, size__isnull=True, root="")
                | Q(drawn_by__isnull=False, drawn_event__isnull=False, size__isnull=False)
                & ~Q(root="")
                & ~Q(drawn_by=F("announced_by")),
                name="scrutiny_round_drawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"sampling:{self.number}"


class SampleQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Everybody: what was published. At the desk overseers see all, others what they inspect and what is said of
        their units; the staff of a public utility their own alone."""
        rows = self.filter(town=viewer.town)
        if viewer.tenant:
            return rows.filter(unit__in=viewer.tenant)
        if viewer.powers.intersection(OVERSEERS):
            return rows
        open_to = Q(state=S.SHOWN)
        if viewer.person_id is not None:
            held = Assignment.objects.current(timezone.now()).filter(staff=viewer.person_id)
            open_to |= Q(inspector=viewer.person_id) | Q(unit__in=held.values("post__unit"))
        return rows.filter(open_to)


class Sample(models.Model):
    """A statement that was drawn, as it stood published, and what the source record says of it.

    ``record``: which record was seen, and ``file`` a picture of it, sealed: for the desk alone. ``found``: what it
    says, public with the result. ``heard_until``: the last day on which the unit may answer before that. A result that
    does not match leaves a ``duty`` to mend.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="samples")
    round = models.ForeignKey(SampleRound, models.PROTECT, related_name="samples")
    place = models.PositiveSmallIntegerField("第几个抽中")
    kind = models.CharField("哪一种", max_length=8, choices=StatementKind.choices)
    about = models.CharField("出自", max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="公开的单位")
    spot = models.CharField("在哪里", max_length=200)
    text = models.CharField("公开的内容", max_length=400)
    state = models.CharField("状态", max_length=8, choices=S.choices, default=S.DRAWN)
    inspector = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人")
    verdict = models.CharField("核对结果", max_length=10, choices=Truth.choices, blank=True)
    record = models.CharField("看了哪一份原始记录", max_length=200, blank=True)
    found = models.CharField("原始记录怎么写", max_length=200, blank=True)
    seen_on = models.DateField("核对日期", null=True, blank=True)
    key = models.ForeignKey(PayloadKey, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="附件")
    heard_until = models.DateField("单位最迟说明", null=True, blank=True)
    reply = models.CharField("单位的说明", max_length=200, blank=True)
    replied_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="说明人"
    )
    replied_at = models.DateTimeField("说明时间", null=True, blank=True)
    shown_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人")
    shown_at = models.DateTimeField("公布时间", null=True, blank=True)
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="改正的任务")

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = "抽中的一条"
        ordering = ["round_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="scrutiny_sample_place_once"),
            models.CheckConstraint(
                condition=Q(verdict="", seen_on__isnull=True, heard_until__isnull=True, found="", record="")
                | ~Q(verdict="") & ~Q(found="") & ~Q(record="") & Q(seen_on__isnull=False, heard_until__isnull=False),
                name="scrutiny_verdict_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(state=S.DRAWN, inspector__isnull=True) | ~Q(state=S.DRAWN) & Q(inspector__isnull=False),
                name="scrutiny_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(replied_by__isnull=True, replied_at__isnull=True, reply="")
                | Q(replied_by__isnull=False, replied_at__isnull=False) & ~Q(reply=""),
                name="scrutiny_reply_whole",
            ),
            models.CheckConstraint(
                condition=Q(shown_by__isnull=True, shown_at__isnull=True) & ~Q(state=S.SHOWN)
                | Q(state=S.SHOWN, shown_by__isnull=False, shown_at__isnull=False)
                & ~Q(verdict="")
                & ~Q(shown_by=F("inspector")),
                name="scrutiny_shown_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.SHOWN)
                | Q(verdict=Truth.MATCHES, duty__isnull=True)
                | ~Q(verdict=Truth.MATCHES) & Q(duty__isnull=False),
                name="scrutiny_wrong_leaves_a_duty",
            ),
            models.CheckConstraint(
                condition=Q(key__isnull=True, file__isnull=True) | Q(key__isnull=False, file__isnull=False),
                name="scrutiny_file_is_sealed",
            ),
        ]
        indexes = [models.Index(fields=["town", "about"], name="scrutiny_about")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.round.number}-{self.place}"

    @property
    def subject(self) -> str:
        return f"sample:{self.number}"


class Asked(models.Model):
    """What was decided about something many asked for: a ``duty`` to publish it, or in public a ``reason`` why not.

    ``key`` finds the same thing again in a later period; ``count`` is how many had asked by then.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    key = models.CharField("哪一件", max_length=80)
    way = models.CharField("怎样问的", max_length=8)
    text = models.CharField("群众要知道什么", max_length=60)
    count = models.PositiveIntegerField("人次")
    duty = models.OneToOneField(
        Duty, models.PROTECT, null=True, blank=True, related_name="asked", verbose_name="公开的任务"
    )
    reason = models.CharField("为什么不公开", max_length=200, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "群众最关心的事"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="scrutiny_asked_number_once"),
            models.CheckConstraint(
                condition=Q(duty__isnull=False, reason="") | Q(duty__isnull=True) & ~Q(reason=""),
                name="scrutiny_asked_gets_a_task_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def subject(self) -> str:
        return f"asked:{self.number}"


class ReadCheckQuerySet(WrittenQuerySet):
    def visible_to(self, viewer: Viewer):
        """Everybody: what was approved, while its text can be read. What is on its way only for those who work on
        documents; the staff of a public utility what is asked of their own."""
        rows = self.filter(town=viewer.town)
        if viewer.tenant:
            return rows.filter(edition__document__unit__in=viewer.tenant)
        if viewer.powers.intersection(READ_KEEPERS):
            return rows
        approved = rows.filter(reviewed_at__isnull=False, edition__document__current__state__in=READABLE)
        return approved.filter(edition__state__in=(*READABLE, EditionState.SUPERSEDED))

    def standing(self):
        """Approved, about an edition that stands."""
        return self.filter(reviewed_at__isnull=False, edition__state=EditionState.PUBLISHED)


class ReadCheck(Written):
    """Three questions about one edition.

    ``questions``: of each its ``text``, ``options``, the ``correct`` one from 0, and ``quote``, the passage of the text
    that says so. ``owner`` rewrites what is not understood, by ``duty``. ``answered`` and ``right``, of each question,
    count everything; ``told`` and ``told_right`` are what everybody sees: they move by whole groups of answers, so that
    no page tells of one.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("编号")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="read_checks")
    questions = models.JSONField("三道题")
    owner = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="改写的岗位")
    answered = models.PositiveIntegerField("几个人答了", default=0)
    right = models.JSONField("各题答对几个", default=list)
    told = models.PositiveIntegerField("公布的人数", default=0)
    told_right = models.JSONField("公布的各题答对几个", default=list)
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="改写的任务")

    objects = ReadCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "看得懂吗"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="scrutiny_read_number_once"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(returned_reason=""), name="scrutiny_read_once_an_edition"
            ),
            *reviewed_by_two("scrutiny_read"),
            models.CheckConstraint(
                condition=Q(answered=0) | Q(reviewed_at__isnull=False), name="scrutiny_read_answered_when_approved"
            ),
            models.CheckConstraint(condition=Q(told__lte=F("answered")), name="scrutiny_read_tells_what_was_answered"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}份"

    @property
    def subject(self) -> str:
        return f"readcheck:{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it can be answered: approved, and the edition still stands."""
        return self.reviewed_at is not None and self.edition.state == EditionState.PUBLISHED

    def facts(self) -> dict[str, Any]:
        """Everything the second person read."""
        return {"edition": self.edition_id, "questions": self.questions, "owner": self.owner.code}


class ReadSlip(models.Model):
    """A slip of paper that gives one answer. After it was given only that it was ``used`` remains."""

    check_of = models.ForeignKey(ReadCheck, models.PROTECT, related_name="slips")
    serial = models.PositiveSmallIntegerField("第几张")
    code_hash = models.CharField("答题码散列", max_length=64)
    used = models.BooleanField("用过了", default=False)

    class Meta:
        verbose_name = "答题纸条"
        ordering = ["serial"]
        constraints = [models.UniqueConstraint(fields=["check_of", "serial"], name="scrutiny_slip_serial_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """``K003012``: as printed and typed; the last three digits are the slip's own."""
        return f"K{self.check_of.number:03d}{self.serial:03d}"
