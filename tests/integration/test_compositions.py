"""一件事 made of items in force: the short way when it asks no more than its parts, the long way when it does."""

import pytest

from mingtang.cases import actions as cases
from mingtang.lib.errors import Refused
from mingtang.people.models import Unit
from mingtang.rulebook import actions, situations
from mingtang.rulebook.enums import Burden
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.requirements import gate
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, staff

pytestmark = pytest.mark.django_db
PARTS = ("JF-001", "LN-001")


def composed(town, parts=PARTS, code: str = "YJS-001", **values) -> Version:
    version = actions.compose_item(
        town=town,
        code=code,
        unit=Unit.objects.get(town=town, code="land"),
        name="建房安居一件事",
        parts=parts,
        by=staff(CENTRE),
    )
    return actions.edit(version=version, data={**version.data, **values}, by=staff(CENTRE)) if values else version


def test_a_joint_thing_that_asks_no_more_goes_the_short_way(town):
    version = composed(town)
    assert gate(version) == []
    version = actions.propose(version=version, by=staff(CENTRE))
    first = version.changes.first()
    assert (version.burden, version.strict, first.direction) == (Burden.DOWN, False, "down")
    assert "合成一件事，一次申请，少跑 1 次" in first.sentence
    version = rules.in_force(version)
    assert Item.objects.get(code="YJS-001").current_id == version.pk


def test_it_runs_as_one_case(town):
    rules.in_force(composed(town))
    clerk, code = acts.clerk_of("JF-001"), "YJS-001"
    version = acts.in_force(town, code)
    chosen = situations.selected(version.spec, acts.ANSWERS["JF-001"])
    keys = [material.key for material in chosen.asked if material.required]
    case = acts.apply(town, code, seen=keys, by=clerk, answers=acts.ANSWERS["JF-001"]).case
    cases.accept(case=case, by=clerk)
    assert {row.key for row in case.steps.filter(done_at__isnull=True)} == {"land_review", "build_review"}


def test_one_paper_more_than_the_parts_ask_takes_the_long_way(town):
    more = {**acts.in_force(town, "JF-001").data["materials"][0], "key": "more", "name": "四邻意见", "issuer": "四邻"}
    version = composed(town)
    data = {**version.data, "materials": [*version.data["materials"], more]}
    version = actions.propose(version=actions.edit(version=version, data=data, by=staff(CENTRE)), by=staff(CENTRE))
    assert (version.burden, version.strict) == (Burden.UP, True)
    assert [row.sentence for row in version.changes.all() if row.direction == "up"] == [
        "增加材料“四邻意见”（必须交，1 份）。"
    ]


def test_a_longer_promise_than_the_parts_is_more(town):
    version = actions.propose(version=composed(town, promised_days=20), by=staff(CENTRE))
    assert version.strict


def test_a_part_with_a_newer_version_holds_the_draft_back_until_it_is_composed_anew(town):
    version = composed(town, summary="镇里自己的话。")
    rules.in_force(rules.drafted(town, "LN-001", synonyms=["老年证"]))
    with pytest.raises(Refused, match="已经有第 2 版"):
        actions.propose(version=version, by=staff(CENTRE))
    version = actions.recompose(version=version, by=staff(CENTRE))
    assert ([part.version for part in version.spec.parts], version.spec.summary) == ([1, 2], "镇里自己的话。")
    assert actions.propose(version=version, by=staff(CENTRE)).state == "diffed"


def test_what_a_part_was_granted_is_not_asked_for_again_but_a_longer_promise_is(town):
    rules.in_force(composed(town))
    item = Item.objects.select_related("current", "town", "unit").get(code="YJS-001")
    rules.in_force(rules.drafted(town, "LN-001", questions=[]))
    draft = actions.new_version(item=item, data=item.current.data, by=staff(CENTRE))
    draft = actions.recompose(version=draft, by=staff(CENTRE))
    longer = actions.edit(version=draft, data={**draft.data, "promised_days": 20}, by=staff(CENTRE))
    version = actions.propose(version=longer, by=staff(CENTRE))
    assert [row.field for row in version.changes.all() if row.direction == "up"] == ["promised_days"]


@pytest.mark.parametrize(
    ("parts", "says"),
    [(("JF-001",), "2 到 6 个"), (("JF-001", "NO-1"), "没有施行的版本"), (("JF-001", "LM-001"), "职权来源不同")],
)
def test_what_cannot_be_composed_says_why_and_leaves_nothing(town, parts, says):
    with pytest.raises(Refused, match=says):
        composed(town, parts)
    assert not Item.objects.filter(code="YJS-001").exists()


def test_an_item_of_its_own_is_not_composed_anew(town):
    version = rules.drafted(town, "LM-001", promised_days=4)
    with pytest.raises(Refused, match="不是几件事合成的"):
        actions.recompose(version=version, by=staff(CENTRE))
