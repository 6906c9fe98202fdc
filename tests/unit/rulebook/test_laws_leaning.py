"""What stands on a law is what the library would leave without a basis, and nothing else."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.demo.powers import build_powers
from mingtang.rulebook import actions as items
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law
from mingtang.rulebook.laws.alarms import alarms
from mingtang.rulebook.laws.leaning import leaning_on
from mingtang.rulebook.models import Item, Law
from mingtang.rulebook.spec import Fee
from tests.factories import rules, specs
from tests.factories.cast import SIGNER, staff

pytestmark = pytest.mark.django_db
FEE = specs.data(
    Fee,
    name="测绘费",
    nature="service",
    fund="own",
    amount=500,
    per="份",
    payer="申请人",
    scope="要图的",
    receipt="发票",
)


def law(title: str, on: date = date(2020, 1, 1), **more) -> Law:
    return add_law(NewLaw(title, "regulation", on, (NewArticle(1, 0, "甲。"), NewArticle(2, 0, "乙。")), **more))


def codes(leaning) -> list[str]:
    return [row.item.code for row in leaning.items]


def test_a_fee_a_material_and_a_basis_each_stand_on_the_article_they_cite(town):
    mine, other = law("测绘条例", short_titles=("测例",)), law("别的条例")
    today = timezone.localdate()
    rules.listed(town, "SY-901", fees=[{**FEE, "basis": "《测绘条例》第一条"}])
    rules.listed(town, "SY-902", basis=[{"law": "测例", "article": "第一条至第二条"}])
    leaning = leaning_on(mine, town, today)
    assert codes(leaning) == ["SY-901", "SY-902"]
    assert (leaning.fee_count, leaning.items[0].fees) == (1, ["测绘费"])
    assert leaning.items[1].cited == ["《测例》第一条至第二条"]
    assert codes(leaning_on(mine, town, today, (2, 0))) == ["SY-902"]
    assert leaning_on(mine, town, today, (2, 0)).fee_count == 0
    assert not leaning_on(other, town, today)


def test_what_is_left_without_a_basis_is_exactly_what_stood_on_the_law(town, other_town):
    build_powers(town)
    today = timezone.localdate()
    for one in Law.objects.filter(town__isnull=True, abolished_on__isnull=True):
        stood = leaning_on(one, town, today)
        assert not leaning_on(one, other_town, today)
        before = {alarm.item.code for alarm in alarms(town, today)}
        abolish(law=one, on=today, reason="演示")
        assert {alarm.item.code for alarm in alarms(town, today)} - before <= set(codes(stood))
        assert {alarm.item.code for alarm in alarms(town, today) if alarm.law == one} == set(codes(stood))


def test_a_suspended_item_stands_on_nothing(town):
    build_powers(town)
    forest, today = Law.objects.get(key="森林法"), timezone.localdate()
    leaning = leaning_on(forest, town, today)
    assert (codes(leaning), [row.power.code for row in leaning.powers]) == (["LM-001"], ["WY-XK-03"])
    items.suspend(version=Item.objects.get(code="LM-001").current, reason="演示", by=staff(SIGNER))
    assert codes(leaning_on(forest, town, today)) == []


def test_a_version_to_come_is_stood_on_from_its_first_day(town):
    """What cites the title today stands on the version that holds, and on the new one once it does."""
    today = timezone.localdate()
    old = law("测绘条例")
    rules.listed(town, "SY-901", basis=[{"law": "测绘条例", "article": "第一条"}])
    new = law("测绘条例", today + timedelta(days=30))
    old.refresh_from_db()
    assert codes(leaning_on(old, town, today)) == codes(leaning_on(new, town, today)) == ["SY-901"]
    assert codes(leaning_on(old, town, today + timedelta(days=30))) == []
