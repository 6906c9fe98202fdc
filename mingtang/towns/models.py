"""Jurisdictions: a county over its towns, and the host names that lead to them."""

from urllib.parse import urlsplit

from django.core.validators import RegexValidator
from django.db import models


class Level(models.TextChoices):
    COUNTY = "county", "县"
    TOWN = "town", "乡镇"


class Jurisdiction(models.Model):
    """A town (or the county above it): every row that belongs to one carries it, every queryset filters by it."""

    code = models.CharField("区划代码", max_length=12, unique=True, validators=[RegexValidator(r"^\d{6,12}$")])
    prefix = models.CharField("编号字头", max_length=4, unique=True, validators=[RegexValidator(r"^[A-Z]{2,4}$")])
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=8, choices=Level.choices, default=Level.TOWN)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    index_template = models.CharField("索引号格式", max_length=60, default="{org}/{year}-{serial:07d}")
    index_next = models.PositiveBigIntegerField("下一个索引流水号", default=1)
    site_name = models.CharField("站名", max_length=60)
    site_code = models.CharField("网站标识码", max_length=10, blank=True)
    icp_record = models.CharField("ICP备案号", max_length=40, blank=True)
    police_record = models.CharField("公安备案号", max_length=40, blank=True)
    party_mark = models.CharField("党政机关网站标识", max_length=32, blank=True)
    sponsor = models.CharField("主办单位", max_length=60, blank=True)
    phone = models.CharField("咨询电话", max_length=30, blank=True)
    complaint_phone = models.CharField("监督电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    base_url = models.CharField("网址", max_length=100, default="http://127.0.0.1:8000")
    review_months = models.PositiveSmallIntegerField("不公开的信息最长几个月再审查一次", default=12)
    pass_mark = models.PositiveSmallIntegerField("得分不到百分之几的标红", default=60)
    heard_days = models.PositiveSmallIntegerField("抽查结果公布以前单位有几个工作日说明", default=5)
    is_default = models.BooleanField("未登记的域名归此", default=False)
    is_demo = models.BooleanField("演示", default=False)

    class Meta:
        verbose_name = "地区"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="towns_one_default_jurisdiction"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def org_part(self) -> str:
        """Characters 9 to 18 of the credit code: the issuer part of an index number."""
        return self.uscc[8:18]

    @property
    def domain(self) -> str:
        """The host of the town's own address: what printed codes and page tags name, whoever asks."""
        return urlsplit(self.base_url).netloc


class Host(models.Model):
    """A host name that leads to a jurisdiction; an unlisted one leads to the default."""

    name = models.CharField("域名", max_length=120, unique=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="hosts")

    class Meta:
        verbose_name = "域名"

    def __str__(self) -> str:
        return self.name
