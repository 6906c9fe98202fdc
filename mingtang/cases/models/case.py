"""办件: a case, its materials, its one notice, its steps, clocks and papers."""

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.cases.acting import Acting, acting_of
from mingtang.cases.enums import (
    ApplicantKind,
    CaseState,
    Channel,
    ClockKind,
    MaterialState,
    Outcome,
    Paper,
    ServeMode,
)
from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.files.models import StoredFile
from mingtang.hall.models import Window
from mingtang.lib.canonical import canonical_json
from mingtang.people.enums import Permission
from mingtang.people.models import Delegation, Staff
from mingtang.rulebook import situations
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class CaseQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The public sees the lines of public kinds; whoever may read cases sees the town's all."""
        rows = self.filter(town=viewer.town)
        if viewer.may(Permission.CASE_READ):
            return rows
        return rows.filter(sealed=False)


class Case(models.Model):
    """One application under one item version, which it keeps to its end."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="cases")
    number = models.CharField("办件编号", max_length=24)
    sealed = models.BooleanField("凭码查询", default=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases")
    version = models.ForeignKey(Version, models.PROTECT, related_name="cases")
    flow_sha256 = models.CharField("流程散列值", max_length=64)
    state = models.CharField("状态", max_length=16, choices=CaseState.choices)
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices)
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="cases")
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    applicant_kind = models.CharField("申请人类型", max_length=12, choices=ApplicantKind.choices)
    applicant_sealed = models.BinaryField("申请人（密文）")
    answers_sealed = models.BinaryField("情形回答（密文）", null=True, blank=True)
    applicant_hash = models.CharField("申请人散列", max_length=64)
    code_hash = models.CharField("查询码散列", max_length=64)
    submission = models.CharField("提交标识", max_length=64)
    contact_at = models.DateTimeField("首次接触")
    submitted_at = models.DateTimeField("收件时间")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    accepted_by_silence = models.BooleanField("逾期视为受理", default=False)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, blank=True, related_name="+")
    # Where a superior organ decided: the number of its decision. ``decided_by`` is then who recorded it.
    superior_number = models.CharField("上级决定文号", max_length=60, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    # Nearly always false: then no act of the case asks who stays away from it.
    has_recusals = models.BooleanField("有回避", default=False)
    serve_mode = models.CharField("送达方式", max_length=12, choices=ServeMode.choices, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "办件"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="cases_number_once"),
            models.UniqueConstraint(fields=["town", "submission"], name="cases_submitted_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="", superior_number="")
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(outcome="")
                & (
                    Q(delegation__isnull=False, superior_number="")
                    | Q(delegation__isnull=True) & ~Q(superior_number="")
                ),
                name="cases_decision_has_authority",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLOSED) | Q(ended_at__isnull=False) & ~Q(serve_mode=""),
                name="cases_closed_was_served",
            ),
            models.CheckConstraint(condition=Q(contact_at__lte=F("submitted_at")), name="cases_contact_first"),
        ]
        indexes = [
            models.Index(fields=["town", "state", "submitted_at"], name="cases_by_state"),
            models.Index(fields=["town", "-submitted_at", "-id"], name="cases_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"case:{self.number}"

    @property
    def state_title(self) -> str:
        return CaseState(self.state).label

    @cached_property
    def applicant(self) -> dict[str, Any]:
        """The opened applicant: keys of ``Applicant``, in old cases not all of them. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.applicant_sealed))

    @property
    def acting(self) -> Acting | None:
        """Who acts for the applicant; none where they came themselves."""
        return acting_of(self.applicant)

    @cached_property
    def questioned(self) -> str:
        """Since when and why what the case has given is in question, in words for everybody; empty where it is not."""
        row = next((row for row in self.reopenings.all() if not row.fate), None)
        return f"{row.reason}，还没有新的决定" if row else ""

    @cached_property
    def answers(self) -> dict[str, str | int]:
        """What was answered to the version's situations, checked when it was handed in. Decrypts; never log it."""
        return {} if self.answers_sealed is None else self.unseal(self.answers_sealed)

    @cached_property
    def selected(self) -> situations.Selected:
        """What of the version holds for this case: papers, steps, fees."""
        return situations.selected(self.version.spec, self.answers)

    def seal(self, data: dict[str, Any]) -> bytes:
        return vault.seal(self.key, canonical_json(data))

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        return json.loads(vault.open_sealed(self.key, sealed))


class NumberSerial(models.Model):
    """The last serial given to a public case number in a year."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "办件流水号"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="cases_one_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Process(models.Model):
    """The engine's state. Flags and codes only, sealed because some of them are answers; never queried for lists."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="process")
    state_sealed = models.BinaryField("流程状态（密文）")

    class Meta:
        verbose_name = "流程状态"

    def __str__(self) -> str:
        return str(self.case_id)


class CaseMaterial(models.Model):
    """One line of the version's checklist in this case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials")
    material_key = models.CharField("材料", max_length=40)
    order = models.PositiveSmallIntegerField("排序")
    state = models.CharField("状态", max_length=10, choices=MaterialState.choices, default=MaterialState.MISSING)
    received_at = models.DateTimeField("收到时间", null=True, blank=True)
    returned_at = models.DateTimeField("原件当场退还时间", null=True, blank=True)

    class Meta:
        verbose_name = "办件材料"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["case", "material_key"], name="cases_material_once"),
            models.CheckConstraint(
                condition=Q(state=MaterialState.RECEIVED, received_at__isnull=False)
                | ~Q(state=MaterialState.RECEIVED) & Q(received_at__isnull=True),
                name="cases_received_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.material_key

    @property
    def state_title(self) -> str:
        """As papers and pages say it; a paper that was seen and went back says so."""
        label = MaterialState(self.state).label
        return f"{label}，原件看过，当场退还" if self.returned_at else label


class MaterialFile(models.Model):
    """A scan or photo bound to its slot."""

    material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "材料文件"

    def __str__(self) -> str:
        return str(self.file_id)


class AuthorityScan(models.Model):
    """A scan of what proves that somebody may act for the applicant: a letter of authority, a household register."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="authority_scans")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "委托或者监护证明"

    def __str__(self) -> str:
        return str(self.file_id)


class SupplementNotice(models.Model):
    """一次性告知: one per case, by the primary key. What it forgot can no longer be asked for."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="notice")
    issued_at = models.DateTimeField("告知时间")
    issued_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="告知人")
    completed_at = models.DateTimeField("补正完成时间", null=True, blank=True)
    reply_by = models.DateField("最迟补齐日期", null=True, blank=True)
    lapse_basis = models.CharField("逾期视为放弃的依据", max_length=160, blank=True)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)

    class Meta:
        verbose_name = "一次性告知"
        constraints = [
            models.CheckConstraint(
                condition=Q(reply_by__isnull=True, lapse_basis="", reminded_at__isnull=True)
                | Q(reply_by__isnull=False) & ~Q(lapse_basis=""),
                name="cases_period_has_its_basis",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Demand(models.Model):
    """One line of the notice: what is missing or wrong, and how to mend it."""

    notice = models.ForeignKey(SupplementNotice, models.PROTECT, related_name="demands")
    material_key = models.CharField("材料", max_length=40)
    how_to_mend = models.CharField("怎样补正", max_length=200)
    supplied_at = models.DateTimeField("补交时间", null=True, blank=True)
    dropped_at = models.DateTimeField("撤销要求时间", null=True, blank=True)

    class Meta:
        verbose_name = "补正要求"
        constraints = [models.UniqueConstraint(fields=["notice", "material_key"], name="cases_one_demand_each")]

    def __str__(self) -> str:
        return self.material_key


class CaseStep(models.Model):
    """A task of the process that waits, or was done, at a post: the to-do list lives here, in SQL.

    ``due_on`` is the last day of the limit that binds it, kept by ``cases.clocks``; None where none does.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    key = models.CharField("环节", max_length=40)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    post_code = models.CharField("岗位代码", max_length=40)
    due_on = models.DateField("到期日", null=True, blank=True)
    opened_at = models.DateTimeField("开始时间")
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间", null=True, blank=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    agrees = models.BooleanField("同意", null=True, blank=True)
    opinion_sealed = models.BinaryField("意见（密文）", null=True, blank=True)

    class Meta:
        verbose_name = "办件环节"
        constraints = [
            models.UniqueConstraint(fields=["case", "key", "round"], name="cases_step_round_once"),
            models.UniqueConstraint(
                fields=["case", "key"], condition=Q(done_at__isnull=True), name="cases_step_open_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, recorded_at__isnull=True)
                | Q(done_at__isnull=False, recorded_at__isnull=False),
                name="cases_step_done_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post_code", "due_on"], condition=Q(done_at__isnull=True), name="cases_todo_by_post_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Clock(models.Model):
    """A running or stopped limit of the case. Dates are the town's; ``due_on`` is the last day."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    kind = models.CharField("时限", max_length=10, choices=ClockKind.choices)
    step_key = models.CharField("环节", max_length=40, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    started_on = models.DateField("起算日（第0日）")
    working_days = models.PositiveSmallIntegerField("工作日")
    extension = models.PositiveSmallIntegerField("延长的工作日", default=0)
    due_on = models.DateField("到期日")
    provisional = models.BooleanField("暂定", default=False)
    stopped_at = models.DateTimeField("停止时间", null=True, blank=True)

    class Meta:
        verbose_name = "时限"
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "step_key", "round"], name="cases_one_clock_each"),
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="cases_clock_runs_forward"),
        ]
        indexes = [
            models.Index(fields=["kind", "due_on"], condition=Q(stopped_at__isnull=True), name="cases_clocks_due")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.due_on}"

    @property
    def kind_title(self) -> str:
        return ClockKind(self.kind).label


class CaseDocument(models.Model):
    """A paper of the case: number and data frozen here, made into PDF elsewhere and kept from then on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField("文书", max_length=16, choices=Paper.choices)
    number = models.CharField("文书号", max_length=40)
    sealed = models.BinaryField("内容（密文）")
    sha256 = models.CharField("散列值", max_length=64)
    event = models.OneToOneField("events.Event", models.PROTECT, related_name="case_document")
    created_at = models.DateTimeField("制作时间")

    class Meta:
        verbose_name = "办件文书"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="cases_document_number_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def kind_title(self) -> str:
        return Paper(self.kind).label

    @cached_property
    def data(self) -> dict[str, Any]:
        return self.case.unseal(self.sealed)


class PaperFile(models.Model):
    """The PDF of a case document, kept with its hash at its first making."""

    document = models.OneToOneField(CaseDocument, models.PROTECT, primary_key=True, related_name="pdf")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "文书PDF"

    def __str__(self) -> str:
        return str(self.document_id)


class CodeAttempts(models.Model):
    """Wrong receipt codes per case number, for the back-off. Unknown numbers are counted like known ones."""

    town = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="+")
    number = models.CharField("办件编号", max_length=24)
    failures = models.PositiveIntegerField("次数", default=0)
    last_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "查询码尝试"
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="cases_attempts_once")]

    def __str__(self) -> str:
        return self.number
