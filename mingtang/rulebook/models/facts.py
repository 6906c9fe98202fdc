"""What a list shows and counts of the items that stand, beside the whole versions and far smaller."""

from django.db import models

from mingtang.people.models import InTown, Unit
from mingtang.rulebook.enums import CaseKind
from mingtang.rulebook.models.items import Item, Version
from mingtang.towns.models import Jurisdiction


class ItemFacts(models.Model):
    """One item in force or suspended as a list needs it: taken from its version by ``rulebook.facts``, nowhere else.

    A row is never changed, only replaced by one with a new key. So the count and the sum of the keys of a town's rows
    tell whether anything in them is different: a later row has a greater key than any it replaces.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    item = models.OneToOneField(Item, models.PROTECT, related_name="facts")
    version = models.OneToOneField(Version, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="实施主体")
    form = models.PositiveSmallIntegerField("取法")
    name = models.CharField("名称", max_length=120)
    synonyms = models.JSONField("别名")
    kind = models.CharField("办件类型", max_length=10, choices=CaseKind.choices)
    power_type = models.CharField("事项类型", max_length=20)
    served = models.JSONField("服务对象")
    person_themes = models.JSONField("面向个人的主题")
    firm_themes = models.JSONField("面向单位的主题")
    days = models.PositiveIntegerField("承诺时限")
    materials = models.PositiveSmallIntegerField("要交的材料")
    materials_vary = models.BooleanField("材料看情形")
    charges = models.JSONField("收费")
    bases = models.JSONField("依据")
    visits = models.PositiveSmallIntegerField("到现场次数")
    online = models.BooleanField("能否网上办")
    joint = models.BooleanField("一件事")
    ex_officio = models.BooleanField("可以依职权启动", default=False)
    suspended = models.BooleanField("暂停")
    window_post = models.CharField("收件岗位", max_length=40)
    decider_post = models.CharField("决定岗位", max_length=40)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "事项要点"

    def __str__(self) -> str:
        return self.name
