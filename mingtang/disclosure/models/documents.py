"""Document → edition → frozen revision."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import EditionState, Provenance, ReachChannel, Scope, Theme, WithdrawGround
from mingtang.disclosure.states import OPEN, OUT, READABLE
from mingtang.files.models import StoredFile
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.people.models import InTown, Staff, Unit
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The public sees what was published (a tombstone stays); whoever works on documents sees the town's all, the
        staff of a public utility its own."""
        rows = self.filter(town=viewer.town)
        if viewer.tenant:
            return rows.filter(unit__in=viewer.tenant)
        if any(power.startswith("document.") for power in viewer.powers):
            return rows
        return rows.filter(current__isnull=False)

    def published(self):
        """What can be read, whether it is in force still or no longer."""
        return self.filter(current__state__in=READABLE)


class Document(models.Model):
    """A piece of government information under one index number, which it keeps for ever.

    ``published_at`` is the log's date; ``listed_at`` is the date under which lists show and order it: of an older
    document the day its source states, else the same. A new edition changes neither. ``serial`` is that of a number of
    the town's own (``numbers.serial_of``), so that the gaps in them are found without reading every number.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="documents")
    index_number = models.CharField("索引号", max_length=60)
    serial = models.PositiveIntegerField("流水号", null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="发布机构（本镇单位）")
    issuer = models.CharField("发布机构", max_length=80)
    scope = models.CharField("公开范围", max_length=12, choices=Scope.choices, default=Scope.ALL)
    method = models.CharField("公开方式", max_length=40, default="政府网站")
    kind = models.SlugField("信息种类", max_length=24, default="plain")
    theme = models.CharField("栏目", max_length=16, choices=Theme.choices, default=Theme.OTHER)
    theme_stated = models.CharField("来源所称主题", max_length=80, blank=True)
    doc_number = models.CharField("文号", max_length=60, blank=True)
    generated_on = models.DateField("生成日期", null=True, blank=True)
    source = models.CharField("来源", max_length=80, blank=True)
    source_id = models.CharField("来源标识", max_length=200, blank=True)
    source_url = models.CharField("来源网址", max_length=500, blank=True)
    folder = models.CharField("导入时的文件夹", max_length=200, blank=True)
    identity = models.CharField("导入标识", max_length=64, blank=True)
    provenance = models.CharField("出处", max_length=12, choices=Provenance.choices, default=Provenance.OWN)
    current = models.ForeignKey(
        "Edition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版"
    )
    published_at = models.DateTimeField("首次公开时间", null=True, blank=True)
    listed_at = models.DateTimeField("目录日期", null=True, blank=True)
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "政府信息"
        constraints = [
            models.UniqueConstraint(fields=["town", "index_number"], name="disclosure_index_number_once"),
            models.UniqueConstraint(
                fields=["town", "identity"], condition=~Q(identity=""), name="disclosure_import_identity_once"
            ),
            models.CheckConstraint(
                condition=Q(current__isnull=True, published_at__isnull=True, listed_at__isnull=True)
                | Q(current__isnull=False, published_at__isnull=False, listed_at__isnull=False),
                name="disclosure_current_has_date",
            ),
            models.CheckConstraint(
                condition=Q(provenance=Provenance.HISTORICAL) | Q(unit__isnull=False),
                name="disclosure_own_documents_link_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "-listed_at", "-id"], name="disclosure_newest"),
            models.Index(fields=["town", "serial", "provenance", "current"], name="disclosure_serials"),
            models.Index(fields=["town", "theme", "-listed_at", "-id"], name="disclosure_theme_newest"),
        ]

    def __str__(self) -> str:
        return self.index_number

    @property
    def subject(self) -> str:
        return f"document:{self.index_number}"

    @property
    def theme_said(self) -> str:
        """主题分类 as every page of it says it: in the words of its source, else the theme that was chosen; where none
        was, as of a story, the columns in which it stands."""
        if self.theme_stated or self.theme != Theme.OTHER:
            return self.theme_stated or self.get_theme_display()
        filed = self.filings.order_by("pk").values_list("column__name", flat=True)
        return "、".join(filed) or self.get_theme_display()


class Revision(models.Model):
    """The frozen text of an edition at one moment. Append-only by trigger; a change is another revision."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("次序")
    title = models.CharField("标题", max_length=200)
    body_html = models.TextField("正文")
    body_text = models.TextField("正文文字")
    facts = models.JSONField("要素", default=dict, blank=True)
    author = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name="修改人")
    created_at = models.DateTimeField("时间", auto_now_add=True)
    sha256 = models.CharField("散列值", max_length=64)

    class Meta:
        verbose_name = "修订"
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="disclosure_revision_number_once")]

    def __str__(self) -> str:
        return f"{self.document_id}#{self.number}"


class Attachment(models.Model):
    """A file of a revision, with the text the guard reads. Append-only like its revision.

    ``text`` is what a reader sees; ``beside`` what could be dug out of the file besides: label and text of each place;
    both as they were read when it was attached. What a later release reads is kept with the file (``files.reading``).
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=200)
    text = models.TextField("文字", blank=True)
    beside = models.JSONField("看不见的文字", default=list)
    order = models.PositiveSmallIntegerField("排序")

    class Meta:
        verbose_name = "附件"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["revision", "order"], name="disclosure_attachment_order_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Label and text of each place in the file; the label of what a reader sees is empty."""
        return [("", self.text), *((label, text) for label, text in self.beside)]


class EditionQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        rows = self.filter(document__town=viewer.town)
        if viewer.tenant:
            return rows.filter(document__unit__in=viewer.tenant)
        if any(power.startswith("document.") for power in viewer.powers):
            return rows
        return rows.filter(state__in=OUT)


class Edition(models.Model):
    """One edition on its way from draft to published. Author, reviewer and signer are three persons."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField("版次")
    state = models.CharField("状态", max_length=12, choices=EditionState.choices, default=EditionState.DRAFT)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    author = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name="起草人")
    begun_at = models.DateTimeField("开始时间", null=True, auto_now_add=True)
    note = models.CharField("公开说明", max_length=200, blank=True)
    returned_reason = models.CharField("退回理由", max_length=200, blank=True)
    reviewer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审查人")
    reviewed_at = models.DateTimeField("审查时间", null=True, blank=True)
    reviewed_sha256 = models.CharField("审查时散列值", max_length=64, blank=True)
    signer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人")
    approver = models.ForeignKey(
        "Approver", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="外部签发人"
    )
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    publish_at = models.DateTimeField("定在什么时候公开", null=True, blank=True)
    scheduled_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="定时的人"
    )
    stopped = models.CharField("到时为什么没有公开", max_length=200, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    published_event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="+")
    adopted_by = models.CharField("补录人", max_length=60, blank=True)
    source_published_at = models.DateTimeField("来源所称公开时间", null=True, blank=True)
    source_has_time = models.BooleanField("来源给出了时刻", default=False)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    in_force_until = models.DateField("有效期至", null=True, blank=True)
    ended_at = models.DateTimeField("失效或者废止时间", null=True, blank=True)
    ended_reason = models.CharField("废止说明", max_length=200, blank=True)
    repealed_by = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由哪份文件废止"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_ground = models.CharField("撤下原因", max_length=10, choices=WithdrawGround.choices, blank=True)
    withdrawn_reason = models.CharField("撤下说明", max_length=200, blank=True)
    # By which reading of its attachments (``extract.READER``) it was judged after it was published, and how many places
    # of them the guard blocked then.
    reader = models.PositiveSmallIntegerField("附件的读法", null=True, blank=True)
    found_since = models.PositiveSmallIntegerField("公开以后查出几处", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "版本"
        indexes = [
            models.Index(fields=["published_at"], name="disclosure_published_since"),
            models.Index(fields=["withdrawn_at"], name="disclosure_withdrawn_since"),
            models.Index(fields=["ended_at"], name="disclosure_ended_since"),
            models.Index(fields=["state", "document"], name="disclosure_edition_states"),
            models.Index(fields=["document"], condition=Q(found_since__gt=0), name="disclosure_found_since"),
            models.Index(
                fields=["in_force_until"], condition=Q(in_force_from__isnull=False), name="disclosure_with_a_term"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="disclosure_edition_number_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=OPEN), name="disclosure_one_open_edition"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=EditionState.PUBLISHED), name="disclosure_one_published_edition"
            ),
            models.CheckConstraint(
                condition=(Q(reviewer__isnull=True) | ~Q(reviewer=F("author")))
                & (Q(signer__isnull=True) | (~Q(signer=F("author")) & ~Q(signer=F("reviewer")))),
                name="disclosure_three_persons",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True, reviewed_at__isnull=True)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False),
                name="disclosure_reviewed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(signer__isnull=True, approver__isnull=True, signed_at__isnull=True)
                | Q(signer__isnull=False, approver__isnull=True, signed_at__isnull=False)
                | Q(signer__isnull=True, approver__isnull=False, signed_at__isnull=False),
                name="disclosure_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state=EditionState.SCHEDULED, publish_at__isnull=False, scheduled_by__isnull=False)
                | ~Q(state=EditionState.SCHEDULED) & Q(publish_at__isnull=True, scheduled_by__isnull=True),
                name="disclosure_scheduled_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_ground="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_ground=""),
                name="disclosure_withdrawn_for_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True, in_force_until__isnull=True)
                | Q(in_force_from__isnull=False, in_force_until__gte=F("in_force_from")),
                name="disclosure_term_has_both_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.EXPIRED) | Q(in_force_until__isnull=False, ended_at__isnull=False),
                name="disclosure_expired_after_a_term",
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.REPEALED) | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="disclosure_repealed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OUT)
                | Q(published_at__isnull=False, published_event__isnull=False)
                & (
                    Q(reviewer__isnull=False, signer__isnull=False)
                    | Q(reviewer__isnull=False, approver__isnull=False)
                    | ~Q(adopted_by="")
                ),
                name="disclosure_published_has_its_approvals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.index_number} 第{self.number}版"

    @property
    def state_title(self) -> str:
        return EditionState(self.state).label


class ViewCount(models.Model):
    """How often a document arrived by one channel on one day, shown as of a date; nothing about who read."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="views")
    day = models.DateField("日期")
    channel = models.CharField("途径", max_length=6, choices=ReachChannel.choices, default=ReachChannel.PAGE)
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        verbose_name = "到达次数"
        constraints = [
            models.UniqueConstraint(fields=["document", "day", "channel"], name="disclosure_reach_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.day}"


def content_hash(
    *,
    document: Document,
    title: str,
    body_html: str,
    attachments: list[tuple[str, str]],
    facts: dict[str, Any] | None = None,
    claims: list[dict[str, Any]] | None = None,
) -> str:
    """SHA-256 of what a reader gets: metadata of the page, title, body, facts, each attachment's name and hash, the
    source of each paragraph.

    A document without facts or claims hashes as those did that were published before there were any.
    """
    read = {
        "index_number": document.index_number,
        "issuer": document.issuer,
        "doc_number": document.doc_number,
        "generated_on": document.generated_on.isoformat() if document.generated_on else "",
        "title": title,
        "body_html": body_html,
        "attachments": [list(pair) for pair in attachments],
    }
    more: dict[str, Any] = {"kind": document.kind, "facts": facts} if facts else {}
    if claims:
        more["claims"] = claims
    return sha256_hex(canonical_json(read | more))
