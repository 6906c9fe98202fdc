"""Overlaps, orphans, powers nobody can use, items on a power that is gone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.people.models import Assignment, Delegation, Post, Unit
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Item, Law
from mingtang.rulebook.powers import actions, cleanup
from mingtang.rulebook.powers.actions import PowerText
from mingtang.rulebook.powers.enums import PlanClass, PowerKind, Verdict
from mingtang.rulebook.powers.findings import FindingKind, alarmed_items, findings
from tests.factories.cast import CENTRE, JUSTICE, SIGNER, staff

pytestmark = pytest.mark.django_db
ITEMS = {"LN-001": "social", "LM-001": "forestry", "JF-001": "land", "JZ-001": "social"}


def listed(town, code, *, unit="forestry", items=(), **changes):
    """A power on an article of its own, which is in force."""
    if "basis" not in changes:
        add_law(NewLaw(f"法{code}", LawLevel.LAW, date(2020, 1, 1), (NewArticle(1),)))
    values = {
        "name": f"权力{code}",
        "type": PowerKind.OTHER,
        "plan_class": PlanClass.OTHER,
        "unit": Unit.objects.get(town=town, code=unit),
        "basis": ((f"法{code}", "第一条"),),
        "scope": "范围",
        "place": "全镇",
    }
    rows = Item.objects.filter(town=town, code__in=items)
    text = PowerText(**{**values, **changes})
    return actions.list_power(town=town, code=code, text=text, minutes_number="纪1号", by=None, items=rows)


@pytest.fixture
def whole(town):
    """Every item has its power: nothing is wrong."""
    powers = {code: listed(town, f"WY-{n}", unit=unit, items=[code]) for n, (code, unit) in enumerate(ITEMS.items())}
    assert findings(town) == []
    return powers


def kinds(town, **changes):
    return [one.kind for one in findings(town, **changes)]


def test_an_item_without_a_power_and_a_power_without_an_item_are_named_with_their_owner(town, whole):
    actions.link_items(power=whole["LM-001"], items=[], by=None)
    found = {one.kind: one for one in findings(town)}
    assert set(found) == {FindingKind.NO_ITEM, FindingKind.NO_POWER}
    assert found[FindingKind.NO_POWER].items[0].code == "LM-001"
    assert {one.owner for one in found.values()} == {"林业站"}


def test_what_nobody_applies_for_needs_no_item_but_a_post_with_somebody_on_it(town, whole):
    post = Post.objects.get(code="forest-check")
    kind = {"type": PowerKind.PENALTY}
    listed(town, "CF-1", post=post, **kind)
    listed(town, "NB-1", post=post, plan_class=PlanClass.INTERNAL)
    assert findings(town) == []
    listed(town, "CF-2", **kind)
    (one,) = findings(town)
    assert (one.kind, one.powers[0].code) == (FindingKind.NO_DECIDER, "CF-2")
    Assignment.objects.filter(post=post).update(valid_to=timezone.now())
    assert {one.powers[0].code for one in findings(town)} == {"CF-1", "CF-2", "NB-1"}


def test_an_expired_letter_leaves_a_power_nobody_can_use(town, whole):
    letter = Delegation.objects.get(item_code="LM-001")
    after = letter.valid_to + timedelta(days=1)
    found = [one for one in findings(town, after) if one.powers[0].code == whole["LM-001"].code]
    assert [one.kind for one in found] == [FindingKind.NO_DECIDER]
    assert "没有有效的授权书" in found[0].sentence


def test_a_decider_without_the_permission_or_without_a_person_is_told(town, whole):
    post = Post.objects.get(code="deputy-mayor")
    post.roles = []
    post.save()
    assert "没有作决定的权限" in findings(town)[0].sentence
    post.roles = ["decider"]
    post.save()
    Assignment.objects.filter(post=post).update(valid_to=timezone.now())
    assert "现在没有人" in findings(town)[0].sentence
    assert kinds(town) == [FindingKind.NO_DECIDER] * 3


def test_the_power_of_a_dissolved_unit_is_an_orphan(town, whole):
    Unit.objects.filter(code="forestry").update(dissolved_on="2026-01-01")
    assert kinds(town) == [FindingKind.DISSOLVED]


def test_the_same_name_or_article_in_two_units_is_an_overlap_in_one_unit_it_is_not(town, whole):
    post, other = Post.objects.get(code="forest-check"), Post.objects.get(code="land-review")
    penalty = {"type": PowerKind.PENALTY}
    listed(town, "CF-1", name="林地 检查", post=post, basis=(("中华人民共和国森林法", "第 五十七 条"),), **penalty)
    listed(town, "CF-2", name="另一检查", post=post, basis=(("森林法", "第五十七条"),), **penalty)
    assert findings(town) == []
    listed(town, "CF-3", unit="land", name="“林地检查”", post=other, basis=(("《森林法》", "第五十七条"),), **penalty)
    found = findings(town)
    assert [one.kind for one in found] == [FindingKind.SAME_NAME, FindingKind.SAME_BASIS]
    assert {row.code for row in found[0].powers} == {"CF-1", "CF-3"}
    assert {row.code for row in found[1].powers} == {"CF-1", "CF-2", "CF-3"}


def test_an_item_on_a_cancelled_power_is_an_alarm_and_the_power_itself_no_longer_an_orphan(town, whole):
    today, head = timezone.localdate(), staff(CENTRE)
    campaign = cleanup.open_campaign(
        town=town, title="清理", minutes_number="纪2号", from_on=today, to_on=today + timedelta(30), by=head
    )
    decision = cleanup.propose(
        campaign=campaign, power=whole["LM-001"], verdict=Verdict.CANCEL, reason="法律改了。", by=head
    )
    cleanup.review(decision=decision, by=staff(JUSTICE))
    assert alarmed_items(town) == set()
    cleanup.settle(decision=decision, minutes_number="纪3号", by=staff(SIGNER))
    (one,) = findings(town)
    assert (one.kind, one.items[0].code) == (FindingKind.ENDED_POWER, "LM-001")
    assert "取消" in one.sentence
    assert alarmed_items(town) == {"LM-001"}


def test_a_power_whose_article_or_law_is_gone_or_unknown_is_told_with_the_reason_and_from_its_day_on(town, whole):
    law, today = Law.objects.get(title="法WY-1"), timezone.localdate()
    abolish(law=law, on=today + timedelta(days=2), reason="新法")
    assert findings(town) == []
    later = timezone.now() + timedelta(days=2)
    (one,) = findings(town, later)
    assert (one.kind, [row.code for row in one.powers], one.owner) == (FindingKind.NO_BASIS, ["WY-1"], "林业站")
    assert "《法WY-1》已废止" in one.sentence
    assert findings(town, later, about=whole["LM-001"]) == [one] and findings(town, later, about=whole["LN-001"]) == []
    post = Post.objects.get(code="forest-check")
    listed(town, "CF-1", post=post, type=PowerKind.PENALTY, basis=(("森林法", "第九百条"), ("没有的法", "第一条")))
    assert ["第九百条" in one.sentence for one in findings(town)] == [True, False]


def test_findings_cost_the_same_number_of_queries_however_long_the_list(town, whole, django_assert_num_queries):
    for n in range(20):
        listed(town, f"N-{n}", unit="land")
    with django_assert_num_queries(8):
        assert len(findings(town)) == 20


def test_another_town_has_its_own_findings(town, whole, other_town):
    actions.link_items(power=whole["LM-001"], items=[], by=None)
    assert findings(other_town) == []
