"""Items 事项 and their immutable versions."""

from functools import reduce
from operator import and_
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.people.models import InTown, Staff, Unit
from mingtang.rulebook import spec as specs
from mingtang.rulebook.enums import Burden, CaseKind, VersionState
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

# A figure keeps a code apart from the pages that stand beside the items, such as `new` and `compose`.
CODE = r"^(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z-]{2,39}\Z"
CODE_ASKED = "事项编码要用 3 到 40 位字母、数字和短横线，以字母或数字开头，至少有一个数字，例如 LN-002。"


class ItemQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The public sees items with a version in force (or once in force); the desk sees the town's all."""
        rows = self.filter(town=viewer.town)
        if any(power.startswith(("item.", "case.")) for power in viewer.powers):
            return rows
        return rows.filter(current__isnull=False)


class Item(models.Model):
    """A licence or public service under one stable code."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="items")
    code = models.CharField("事项编码", max_length=40, validators=[RegexValidator(CODE)])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="实施主体")
    source_id = models.CharField("来源标识", max_length=80, blank=True)
    current = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        constraints = [models.UniqueConstraint(fields=["town", "code"], name="rulebook_item_code_once_per_town")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"item:{self.code}"


# What anyone may see: versions that ran, and proposals once they are announced or refused.
IN_FORCE_ONCE = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.SUSPENDED, VersionState.CANCELLED)
# What a new version is compared with, and takes the place of.
STANDING = (VersionState.IN_FORCE, VersionState.SUSPENDED)
PUBLIC = (*IN_FORCE_ONCE, VersionState.ANNOUNCED, VersionState.REFUSED)
# 重大行政决策程序暂行条例 15 asks 30 days for comments on a draft; as a rule of the house the same is kept between
# the announcement of a heavier rule and its effect.
NOTICE_DAYS = 30


class VersionQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        rows = self.filter(item__town=viewer.town)
        if any(power.startswith(("item.", "case.")) for power in viewer.powers):
            return rows
        return rows.filter(state__in=PUBLIC)


def _staff(title: str) -> models.ForeignKey:
    return models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=title)


def _at(title: str) -> models.DateTimeField:
    return models.DateTimeField(title, null=True, blank=True)


def _event() -> models.ForeignKey:
    return models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="+")


def _together(*names: str) -> Q:
    """All of these columns are filled, or none is."""
    return Q(**{f"{name}__isnull": True for name in names}) | Q(**{f"{name}__isnull": False for name in names})


def _differ(one: str, other: str) -> Q:
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


def _all(*conditions: Q) -> Q:
    return reduce(and_, conditions)


# The long way: more is asked, or a condition of law goes. The short way: the rest.
_LONG = (
    Q(strict=True, basis_by__isnull=False, reviewed_by__isnull=False, decided_by__isnull=False)
    & Q(decided_on__isnull=False)
    & ~Q(minutes_number="")
)
_SHORT = Q(strict=False, head_by__isnull=False, office_by__isnull=False) & Q(burden__in=[Burden.SAME, Burden.DOWN])
_APPROVED = (
    (_LONG | _SHORT)
    & Q(proposed_by__isnull=False, announced_event__isnull=False, effective_on__isnull=False)
    & ~Q(sha256="")
    & ~Q(flow_sha256="")
)
_POSTED = (
    Q(strict=False)
    | Q(initial=True, burden=Burden.NEW)
    | Q(notice_days__gte=NOTICE_DAYS, effective_on__gt=F("posted_until"), posted_until__isnull=False)
)


_fixed: dict[str, specs.Spec] = {}
_MOST_FIXED = 500


class Version(models.Model):
    """One version of an item: a proposal until it is in force. From the proposal on its text is frozen by trigger.

    Its approvals stand on the row, by different persons, and the database holds them against ``burden``: nothing is
    announced or in force without all that its way asks for. ``strict`` is the long way (basis, justice office, leading
    group); ``initial`` an item of the first catalogue, which burdens nobody anew. Cases keep their version for ever.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=16, choices=VersionState.choices, default=VersionState.DRAFT)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("办件类型", max_length=10, choices=CaseKind.choices, blank=True)
    data = models.JSONField("内容")
    bpmn = models.BinaryField("流程", null=True)
    flow_sha256 = models.CharField("流程散列值", max_length=64, blank=True)
    sha256 = models.CharField("散列值", max_length=64, blank=True)
    edited_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name="编制人")
    edited_at = models.DateTimeField("编制时间", auto_now=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="比对的版本"
    )
    burden = models.CharField("负担", max_length=4, choices=Burden.choices, blank=True)
    strict = models.BooleanField("须经合法性审核和集体决定", default=False)
    initial = models.BooleanField("首次目录", default=False)
    proposed_by, proposed_at = _staff("提出人"), _at("提出时间")
    basis_by, basis_at = _staff("依据核对人"), _at("依据核对时间")
    reviewed_by, reviewed_at = _staff("审核人"), _at("审核时间")
    decided_by, decided_at = _staff("决定登记人"), _at("决定登记时间")
    decided_on = models.DateField("集体决定日期", null=True, blank=True)
    minutes_number = models.CharField("会议纪要号", max_length=40, blank=True)
    head_by, head_at = _staff("实施单位负责人"), _at("实施单位同意时间")
    office_by, office_at = _staff("党政办同意人"), _at("党政办同意时间")
    announced_by, announced_at, announced_event = _staff("公布人"), _at("公布时间"), _event()
    notice_days = models.PositiveSmallIntegerField("公布天数", default=0)
    posted_until = models.DateField("公布到", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    refused_at, refused_event = _at("不予通过时间"), _event()
    returned_reason = models.CharField("退回的理由", max_length=200, blank=True)
    refused_reason = models.CharField("不予通过的理由", max_length=200, blank=True)
    in_force_at, published_event = _at("施行时间"), _event()
    suspended_at, suspended_event = _at("暂停时间"), _event()
    suspended_reason = models.CharField("暂停的理由", max_length=200, blank=True)
    cancelled_at, cancelled_event = _at("取消时间"), _event()
    cancelled_reason = models.CharField("取消的理由", max_length=200, blank=True)
    cancelled_minutes = models.CharField("取消的会议纪要号", max_length=40, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "事项版本"
        # Lists count, sort and search versions without reading their texts.
        indexes = [models.Index(fields=["item", "state", "name"], name="rulebook_versions_listed")]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="rulebook_version_number_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=VersionState.IN_FORCE), name="rulebook_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VersionState.ANNOUNCED, *IN_FORCE_ONCE]) | _APPROVED & _POSTED,
                name="rulebook_in_force_has_its_approvals",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_FORCE_ONCE, in_force_at__isnull=False, published_event__isnull=False)
                | ~Q(state__in=IN_FORCE_ONCE) & Q(in_force_at__isnull=True, published_event__isnull=True),
                name="rulebook_in_force_by_its_event",
            ),
            models.CheckConstraint(
                condition=Q(burden="") | Q(burden__in=[Burden.SAME, Burden.DOWN]) | Q(strict=True),
                name="rulebook_more_takes_the_long_way",
            ),
            models.CheckConstraint(
                condition=Q(burden__in=["", Burden.NEW, Burden.UP])
                | Q(replaces__isnull=False)
                | Q(strict=True)
                | ~Q(data__parts=[]),
                name="rulebook_less_than_what",
            ),
            models.CheckConstraint(condition=Q(initial=False) | Q(burden=Burden.NEW), name="rulebook_initial_is_new"),
            models.CheckConstraint(
                condition=Q(state=VersionState.REFUSED, refused_event__isnull=False) & ~Q(refused_reason="")
                | ~Q(state=VersionState.REFUSED) & Q(refused_event__isnull=True, refused_reason=""),
                name="rulebook_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.SUSPENDED, suspended_event__isnull=False) & ~Q(suspended_reason="")
                | ~Q(state=VersionState.SUSPENDED) & Q(suspended_event__isnull=True, suspended_reason=""),
                name="rulebook_suspended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.CANCELLED, cancelled_event__isnull=False)
                & ~Q(cancelled_reason="")
                & ~Q(cancelled_minutes="")
                | ~Q(state=VersionState.CANCELLED)
                & Q(cancelled_event__isnull=True, cancelled_reason="", cancelled_minutes=""),
                name="rulebook_cancelled_by_its_minutes",
            ),
            models.CheckConstraint(
                condition=_all(
                    *(
                        _differ(one, other)
                        for one in ("edited_by", "proposed_by")
                        for other in ("reviewed_by", "decided_by")
                    ),
                    *(
                        _differ(one, other)
                        for one in ("edited_by", "proposed_by")
                        for other in ("head_by", "office_by")
                    ),
                    _differ("reviewed_by", "decided_by"),
                    _differ("head_by", "office_by"),
                ),
                name="rulebook_different_persons",
            ),
            models.CheckConstraint(
                condition=_all(
                    *(_together(f"{act}_by", f"{act}_at") for act in ("proposed", "basis", "reviewed", "decided")),
                    *(_together(f"{act}_by", f"{act}_at") for act in ("head", "office")),
                    _together("announced_by", "announced_at", "announced_event"),
                    _together("refused_at", "refused_event"),
                    _together("in_force_at", "published_event"),
                    _together("suspended_at", "suspended_event"),
                    _together("cancelled_at", "cancelled_event"),
                ),
                name="rulebook_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} 第{self.number}版"

    @cached_property
    def spec(self) -> specs.Spec:
        """Parsed once a process for a text that is fixed: its hash names it."""
        if not self.sha256:
            return specs.parse(self.data)
        found = _fixed.get(self.sha256)
        if found is None:
            if len(_fixed) >= _MOST_FIXED:
                _fixed.clear()
            found = _fixed[self.sha256] = specs.parse(self.data)
        return found

    @property
    def whole(self) -> dict[str, Any]:
        """The stored spec with the fields that came after it was written: what an editor or a table begins from."""
        return specs.complete(self.data)

    @property
    def state_title(self) -> str:
        return VersionState(self.state).label

    @property
    def burden_title(self) -> str:
        return Burden(self.burden).label if self.burden else ""
