"""What a self-check of the site found, kept whole."""

from django.db import models

from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class SiteCheckQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """For staff: it names what is wrong and whose it is before it is mended."""
        rows = self.filter(town=viewer.town)
        return rows if viewer.person_id else rows.none()


class SiteCheck(models.Model):
    """One run. ``outcomes``: by rule its verdict and evidence; ``kinds``: by the form of their address how many pages
    there are and how many were looked at. Never changed, the next run is another row."""

    town = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="site_checks")
    at = models.DateTimeField("检查时间")
    seconds = models.PositiveIntegerField("用时（秒）")
    pages = models.PositiveIntegerField("查了几页")
    left = models.PositiveIntegerField("没有查到的地址")
    failed = models.PositiveSmallIntegerField("不通过的项数")
    outcomes = models.JSONField("结果")
    kinds = models.JSONField("每种网址查了几个", default=list)

    objects = SiteCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "网站自查"

    def __str__(self) -> str:
        return f"{self.town_id} {self.at}"
