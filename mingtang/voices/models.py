"""办不成事: what somebody could not get done, who answers for it, and the one of four ends it came to."""

import json

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mingtang.cases.models import Case
from mingtang.events import vault
from mingtang.events.models import Event, PayloadKey
from mingtang.files.models import StoredFile
from mingtang.hall.models import Contact
from mingtang.people.enums import Permission
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.rulebook.models import Item, Slip, Version
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.voices.enums import (
    Channel,
    MatterKind,
    MatterOutcome,
    MatterState,
    ObstacleOutcome,
    ObstacleState,
    Reason,
)
from mingtang.voices.states import WORKING

READERS = (*WORKING, Permission.OVERSEE)


class ObstacleQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Staff who serve or oversee see the town's; the public sees counts and published reasons (``counted``)."""
        rows = self.filter(town=viewer.town)
        return rows if viewer.powers.intersection(READERS) else rows.none()


class ObstacleSerial(models.Model):
    """The last serial of a year: numbers have no gaps, so that none can be made to vanish."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "办不成事流水号"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="voices_one_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


_NO_WORDS = Q(clause="", text="", answers__isnull=True)
_NO_ORGAN = Q(organ="", receipt="")
_NO_CASE, _NO_VERSION = Q(solved_by__isnull=True), Q(version__isnull=True)


class Obstacle(models.Model):
    """One thing that could not be done. What the person wrote, and their name, lie sealed; ``due_on`` is the last day
    for an end, in working days from the day it was told.

    Where it came from, if from anything: a case, a number of the hall, an off-list slip. ``answers``: the unit that
    answers for a published reason.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="obstacles")
    number = models.CharField("编号", max_length=24)
    submission = models.CharField("提交标识", max_length=64)
    code_hash = models.CharField("查询码散列", max_length=64)
    channel = models.CharField("怎么反映的", max_length=8, choices=Channel.choices)
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="obstacles", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及单位")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="obstacles")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="obstacles")
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, blank=True, related_name="obstacles")
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    told_sealed = models.BinaryField("反映的内容（密文）")
    state = models.CharField("状态", max_length=12, choices=ObstacleState.choices)
    owner = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="负责的岗位")
    offered = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转给")
    opened_at = models.DateTimeField("反映时间")
    due_on = models.DateField("最迟给结果")
    ended_at = models.DateTimeField("结果时间", null=True, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    ended_event = models.OneToOneField(Event, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=ObstacleOutcome.choices, blank=True)
    solved_by = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办成的件"
    )
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="obstacles", verbose_name="改规定的草案"
    )
    clause = models.CharField("依据哪一条", max_length=100, blank=True)
    text = models.CharField("为什么办不成", max_length=300, blank=True)
    answers = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责解释的单位"
    )
    organ = models.CharField("转给哪个机关", max_length=60, blank=True)
    receipt = models.CharField("对方的回执", max_length=60, blank=True)

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        verbose_name = "办不成事"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="voices_obstacle_number_once"),
            models.UniqueConstraint(fields=["town", "submission"], name="voices_obstacle_told_once"),
            models.CheckConstraint(
                condition=Q(state=ObstacleState.HANDING_OVER, offered__isnull=False)
                | ~Q(state=ObstacleState.HANDING_OVER) & Q(offered__isnull=True),
                name="voices_offered_to_a_post",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObstacleState.ENDED)
                & Q(ended_at__isnull=True, ended_by__isnull=True, ended_event__isnull=True, outcome="")
                & _NO_CASE
                & _NO_VERSION
                & _NO_WORDS
                & _NO_ORGAN
                | Q(state=ObstacleState.ENDED)
                & Q(ended_at__isnull=False, ended_by__isnull=False, ended_event__isnull=False)
                & (
                    Q(outcome=ObstacleOutcome.SOLVED, solved_by__isnull=False) & _NO_VERSION & _NO_WORDS & _NO_ORGAN
                    | Q(outcome=ObstacleOutcome.CHANGE, version__isnull=False) & _NO_CASE & _NO_WORDS & _NO_ORGAN
                    | Q(outcome=ObstacleOutcome.EXPLAINED, answers__isnull=False)
                    & ~Q(clause="")
                    & ~Q(text="")
                    & _NO_CASE
                    & _NO_VERSION
                    & _NO_ORGAN
                    | Q(outcome=ObstacleOutcome.PASSED_ON)
                    & ~Q(organ="")
                    & ~Q(receipt="")
                    & _NO_CASE
                    & _NO_VERSION
                    & _NO_WORDS
                ),
                name="voices_obstacle_ends_in_one_of_four",
            ),
        ]
        indexes = [models.Index(fields=["town", "state", "due_on"], name="voices_obstacle_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"obstacle:{self.number}"

    @property
    def state_title(self) -> str:
        return ObstacleState(self.state).label

    @property
    def told(self) -> dict[str, str]:
        """What the person wrote, with name and phone if they gave them. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.told_sealed))


class MatterQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The staff of a utility sees its own, the office that supervises all, the head of a unit what challenges it,
        the justice office what is asked again; the public sees counts."""
        rows = self.filter(town=viewer.town)
        if viewer.tenant:
            return rows.filter(unit__in=viewer.tenant)
        if viewer.may(Permission.OVERSEE):
            return rows
        rows = rows.filter(kind=MatterKind.CHALLENGE)
        if viewer.may(Permission.ITEM_DECIDE):
            return rows
        if viewer.may(Permission.ITEM_APPROVE):
            return rows.filter(disputed_at__isnull=False)
        held = Assignment.objects.current(timezone.now()).filter(staff=viewer.person_id)
        return rows.filter(unit__in=held.values("post__unit")) if viewer.may(Permission.ITEM_AGREE) else rows.none()


class MatterSerial(models.Model):
    """The last serial of a year: numbers have no gaps, so that none can be made to vanish."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "诉求流水号"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="voices_one_matter_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Matter(models.Model):
    """诉求: a complaint, suggestion, question or call for help to a public utility; or a challenge 核对 of what a unit
    has published.

    What was written, answered and ruled lies sealed; ``due_on`` is the last day for the answer, in working days. A
    challenge says of what: ``about`` the subject of a document, item or list, its ``edition``, the ``row`` by a key
    that later editions keep, its published words as ``claim``. Another person than who answered ends it. Once the
    person may ask again: by ``second_due_on`` a third one decides.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="matters")
    number = models.CharField("编号", max_length=24)
    submission = models.CharField("提交标识", max_length=64)
    code_hash = models.CharField("查询码散列", max_length=64)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="matters", verbose_name="公用单位")
    kind = models.CharField("哪一种", max_length=12, choices=MatterKind.choices)
    state = models.CharField("状态", max_length=10, choices=MatterState.choices)
    outcome = models.CharField("结果", max_length=12, choices=MatterOutcome.choices, blank=True)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    told_sealed = models.BinaryField("来往的话（密文）")
    told_at = models.DateTimeField("反映时间")
    due_on = models.DateField("最迟答复")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    disputed_at = models.DateTimeField("不认可的时间", null=True, blank=True)
    about = models.CharField("核对什么", max_length=80, blank=True)
    edition = models.PositiveIntegerField("第几版", null=True, blank=True)
    row = models.SlugField("哪一行", max_length=24, blank=True)
    claim = models.CharField("公布的是", max_length=300, blank=True)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片（密文）"
    )
    checked_at = models.DateTimeField("认定时间", null=True, blank=True)
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    second_due_on = models.DateField("再核对的最迟日期", null=True, blank=True)
    ruled_at = models.DateTimeField("复核时间", null=True, blank=True)
    ruled_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = "诉求"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="voices_matter_number_once"),
            models.UniqueConstraint(fields=["town", "submission"], name="voices_matter_told_once"),
            models.CheckConstraint(
                condition=Q(state=MatterState.OPEN, answered_at__isnull=True, answered_by__isnull=True, outcome="")
                | ~Q(state=MatterState.OPEN) & Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome=""),
                name="voices_matter_answered_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(ruled_at__isnull=True, ruled_by__isnull=True)
                | Q(ruled_at__isnull=False, ruled_by__isnull=False, disputed_at__isnull=False, state=MatterState.ENDED),
                name="voices_matter_ruled_after_a_dispute",
            ),
            models.CheckConstraint(
                condition=Q(kind=MatterKind.CHALLENGE, edition__isnull=False) & ~Q(about="") & ~Q(row="") & ~Q(claim="")
                | ~Q(kind=MatterKind.CHALLENGE) & Q(edition__isnull=True, about="", row="", claim=""),
                name="voices_challenge_names_what",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                & ~Q(kind=MatterKind.CHALLENGE, state__in=[MatterState.ENDED, MatterState.DISPUTED])
                | Q(kind=MatterKind.CHALLENGE, state__in=[MatterState.ENDED, MatterState.DISPUTED])
                & Q(checked_at__isnull=False, checked_by__isnull=False)
                & ~Q(checked_by=F("answered_by")),
                name="voices_challenge_ended_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MatterKind.CHALLENGE)
                | Q(ruled_by__isnull=True)
                | ~Q(ruled_by=F("answered_by")) & ~Q(ruled_by=F("checked_by")),
                name="voices_challenge_decided_again_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(kind=MatterKind.CHALLENGE, disputed_at__isnull=False, second_due_on__isnull=False)
                | Q(kind=MatterKind.CHALLENGE, disputed_at__isnull=True, second_due_on__isnull=True)
                & ~Q(state=MatterState.DISPUTED)
                | ~Q(kind=MatterKind.CHALLENGE) & Q(second_due_on__isnull=True),
                name="voices_challenge_asked_again_by_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MatterKind.CHALLENGE)
                | Q(disputed_at__isnull=True)
                | Q(state=MatterState.DISPUTED, ruled_at__isnull=True)
                | Q(state=MatterState.ENDED, ruled_at__isnull=False),
                name="voices_challenge_asked_again_once",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "unit", "state", "due_on"], name="voices_matter_by_state"),
            models.Index(fields=["town", "about"], condition=~Q(about=""), name="voices_challenges_by_subject"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"matter:{self.number}"

    @property
    def words(self) -> dict[str, str]:
        """All that was written: text, name, phone, answer, dispute, ruling. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.told_sealed))
