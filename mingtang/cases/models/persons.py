"""Who else has to do with a case: those who stay away from it, those whom it touches."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.cases.acting import Acting
from mingtang.cases.enums import ActsAs, AuthorityChange, PartyAnswer
from mingtang.cases.models.case import Case
from mingtang.cases.models.clocks import Pause
from mingtang.events.log import opened
from mingtang.events.models import Event
from mingtang.people.models import Staff


class Recusal(models.Model):
    """回避: one person of one case. From the asking on the person does nothing in it; the head decides.

    ``granted`` is None while it waits. Steps of ``from_post`` go to ``to_post``, of later rounds too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="回避人")
    granted = models.BooleanField("决定回避", null=True, blank=True)
    from_post = models.CharField("原岗位", max_length=40, blank=True)
    to_post = models.CharField("改由岗位", max_length=40, blank=True)
    asked_at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "回避"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "staff"], name="cases_recused_once"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_at__isnull=False),
                name="cases_recusal_decided_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"

    def told(self) -> dict[str, Any]:
        return {
            "person": self.staff.code,
            "granted": self.granted,
            "from_post": self.from_post,
            "to_post": self.to_post,
        }


class Authority(models.Model):
    """委托变动: who acts for the applicant from ``since`` on, or acts no more; the last one counts.

    Their name and number lie in the payload of the event. ``until``: last day of the authority, None while the case
    lasts. ``checked_by`` saw the paper.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="authorities")
    change = models.CharField("变动", max_length=8, choices=AuthorityChange.choices)
    acts_as = models.CharField("来办的人", max_length=10, choices=ActsAs.choices)
    since = models.DateField("从哪一天起")
    until = models.DateField("委托到哪一天", null=True, blank=True)
    may_withdraw = models.BooleanField("可以代为撤回", default=False)
    may_collect = models.BooleanField("可以代领文书", default=False)
    checked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="核对证明的人")
    recorded_at = models.DateTimeField("登记时间")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "委托变动"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(change=AuthorityChange.ENDED) | Q(until__gte=F("since")),
                name="cases_authority_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.change}"

    @property
    def acting(self) -> Acting:
        """Who it is about. Decrypts; never log it."""
        return Acting(**opened(self.event)["acting"])

    def told(self) -> dict[str, Any]:
        return {
            "change": self.change,
            "acts_as": self.acts_as,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "may_withdraw": self.may_withdraw,
            "may_collect": self.may_collect,
            "checked_by": self.checked_by.code,
        }


class Party(models.Model):
    """利害关系人 (许可法 36, 47): told, and heard or refusing to be; until then nothing is decided."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    number = models.PositiveSmallIntegerField("第几位")
    name_sealed = models.BinaryField("姓名（密文）")
    hearing = models.BooleanField("有权要求听证", default=False)
    told_at = models.DateTimeField("告知时间")
    answer = models.CharField("答复", max_length=8, choices=PartyAnswer.choices, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "利害关系人"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_party_numbered_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="cases_party_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(answer=PartyAnswer.HEARING) | Q(hearing=True), name="cases_party_may_ask_for_hearing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def name(self) -> str:
        return self.case.unseal(self.name_sealed)["name"]

    def told(self) -> dict[str, Any]:
        return {"party": self.number, "hearing": self.hearing}


class Hearing(models.Model):
    """听证 (许可法 46–48): announced with its day; what was said there binds the decision."""

    pause = models.OneToOneField(Pause, models.PROTECT, primary_key=True, related_name="hearing")
    case = models.ForeignKey(Case, models.PROTECT, related_name="hearings")
    host = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="主持人")
    held_on = models.DateField("听证日期")
    place = models.CharField("听证地点", max_length=100)
    record_sealed = models.BinaryField("听证笔录（密文）", null=True, blank=True)
    recorded_at = models.DateTimeField("笔录时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "听证"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(record_sealed__isnull=True, recorded_at__isnull=True)
                | Q(record_sealed__isnull=False, recorded_at__isnull=False),
                name="cases_hearing_recorded_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_on}"

    def told(self) -> dict[str, Any]:
        return {"host": self.host.code, "held_on": self.held_on.isoformat()}
