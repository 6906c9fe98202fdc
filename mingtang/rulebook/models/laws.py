"""Laws and their articles, each with the days between which it holds."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from mingtang.rulebook.laws.citing import title_key
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class LawQuerySet(models.QuerySet):
    def of(self, town: Jurisdiction):
        """The library of a town: the national one, which all towns share, and its own papers."""
        return self.filter(Q(town__isnull=True) | Q(town=town))

    def visible_to(self, viewer: Viewer):
        """A law is public; another town's own paper is on that town's site."""
        return self.of(viewer.town)

    def in_force(self, on: date):
        return (
            self.filter(effective_on__lte=on)
            .exclude(expired=True)
            .filter(Q(abolished_on__isnull=True) | Q(abolished_on__gt=on))
        )

    def abolished(self, on: date):
        return self.filter(effective_on__lte=on).filter(Q(expired=True) | Q(abolished_on__lte=on))

    def not_yet(self, on: date):
        return self.filter(effective_on__gt=on)


class Law(models.Model):
    """One version of a law under one title: it holds from ``effective_on`` to the day before ``abolished_on``.

    Of one title no two versions overlap. ``town`` is None in the national library. ``expired`` stands for a source
    that says a law is dead and not since when. ``complete`` is false where only the numbers of some articles are known.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="laws")
    title = models.CharField("名称", max_length=200)
    key = models.CharField("名称（比对用）", max_length=120)
    short_titles = models.JSONField("简称", default=list)
    level = models.CharField("效力层级", max_length=20, choices=LawLevel.choices)
    region = models.CharField("地域", max_length=20, blank=True)
    issuer = models.CharField("制定机关", max_length=120, blank=True)
    doc_number = models.CharField("文号", max_length=80, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    effective_on = models.DateField("施行日期")
    inferred = models.BooleanField("施行日期是推定的", default=False)
    abolished_on = models.DateField("废止日期", null=True, blank=True)
    expired = models.BooleanField("来源称已失效", default=False)
    abolish_reason = models.CharField("废止依据", max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    complete = models.BooleanField("收录了全文", default=True)
    source_id = models.CharField("来源标识", max_length=80, blank=True)

    objects = LawQuerySet.as_manager()

    class Meta:
        verbose_name = "法规"
        indexes = [
            models.Index(fields=["-effective_on", "-id"], name="rulebook_laws_newest"),
            models.Index(fields=["source_id"], name="rulebook_law_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_on"], condition=Q(town__isnull=True), name="rulebook_law_once"
            ),
            models.UniqueConstraint(
                fields=["town", "key", "effective_on"], condition=Q(town__isnull=False), name="rulebook_town_law_once"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(town__isnull=True, abolished_on__isnull=True, expired=False),
                name="rulebook_law_one_open",
            ),
            models.UniqueConstraint(
                fields=["town", "key"],
                condition=Q(town__isnull=False, abolished_on__isnull=True, expired=False),
                name="rulebook_town_law_one_open",
            ),
            models.CheckConstraint(
                condition=Q(abolished_on__isnull=True) | Q(abolished_on__gt=F("effective_on")),
                name="rulebook_law_holds_a_day",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(abolished_on__isnull=False),
                name="rulebook_law_replaced_with_date",
            ),
            models.CheckConstraint(
                condition=Q(town__isnull=True) | Q(level=LawLevel.NORMATIVE), name="rulebook_town_makes_no_law"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"law:{self.pk}"

    @property
    def level_title(self) -> str:
        return LawLevel(self.level).label

    def names(self) -> list[str]:
        """The keys it is found under: title and short titles."""
        return list(dict.fromkeys([self.key, *(title_key(short) for short in self.short_titles)]))

    def holds(self, on: date) -> bool:
        if on < self.effective_on or (self.expired and self.abolished_on is None):
            return False
        return self.abolished_on is None or on < self.abolished_on

    def nearest_day(self, on: date) -> date:
        """The day itself where the law holds on it, else the nearest on which it does."""
        if self.abolished_on and self.abolished_on <= on:
            return self.abolished_on - timedelta(days=1)
        return max(on, self.effective_on)


class LawName(models.Model):
    """A name a law is found under, in the form names are compared in."""

    law = models.ForeignKey(Law, models.CASCADE, related_name="found_under")
    name = models.CharField("名称（比对用）", max_length=120, db_index=True)

    class Meta:
        verbose_name = "法规名称"
        constraints = [models.UniqueConstraint(fields=["law", "name"], name="rulebook_law_name_once")]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One wording of an article, from ``valid_from`` to the day before ``valid_to``; wordings never overlap.

    ``number`` is 0 for the whole text of a law without articles; ``text`` is empty where only the number is known.
    """

    law = models.ForeignKey(Law, models.PROTECT, related_name="articles")
    number = models.PositiveIntegerField("条")
    sub = models.PositiveIntegerField("之几", default=0)
    label = models.CharField("条号", max_length=30)
    order = models.PositiveIntegerField("次序")
    text = models.TextField("条文", blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "条文"
        constraints = [
            models.UniqueConstraint(fields=["law", "number", "sub", "valid_from"], name="rulebook_article_once"),
            models.UniqueConstraint(
                fields=["law", "number", "sub"], condition=Q(valid_to__isnull=True), name="rulebook_article_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="rulebook_article_holds_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.law.title}》{self.label}"

    @property
    def anchor(self) -> str:
        """Its place on the page of its law."""
        return f"article-{self.number}" + (f"-{self.sub}" if self.sub else "")

    @property
    def is_whole(self) -> bool:
        return self.number == 0

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
