"""An editor with nothing but honest acts tries to lay a burden on people by way of a joint thing, and cannot."""

from datetime import date

import pytest

from mingtang.lib.errors import Refused
from mingtang.people.models import Staff, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.enums import Burden
from mingtang.rulebook.models import Item, Version
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, SIGNER, staff

pytestmark = pytest.mark.django_db
CODE = "YJS-001"


def composed(town, unit: str = "land", **values) -> Version:
    version = actions.compose_item(
        town=town,
        code=CODE,
        unit=Unit.objects.get(town=town, code=unit),
        name="建房安居一件事",
        parts=("JF-001", "LN-001"),
        by=staff(CENTRE),
    )
    return edited(version, **values) if values else version


def edited(version: Version, **values) -> Version:
    return actions.edit(version=version, data={**version.data, **values}, by=staff(CENTRE))


def again(town) -> Version:
    """The next draft of the joint thing, made anew of its parts as they are now."""
    item = Item.objects.select_related("current", "town", "unit").get(town=town, code=CODE)
    return actions.recompose(version=actions.new_version(item=item, data=item.current.data, by=staff(CENTRE)),
                             by=staff(CENTRE))  # fmt: skip


def newer_part(town, code: str = "LN-001", **values) -> Version:
    return rules.in_force(rules.drafted(town, code, **(values or {"synonyms": ["老年证"]})))


def rises(version: Version) -> list[str]:
    return [row.sentence for row in version.changes.all() if row.direction == "up"]


def papers(version: Version, but: str = "") -> list[dict]:
    return [row for row in version.data["materials"] if row["name"] != but]


def test_a_paper_that_was_spared_does_not_come_back_with_the_news_of_a_part(town):
    first = composed(town)
    spared = first.data["materials"][-1]["name"]
    rules.in_force(edited(first, materials=papers(first, spared)))
    newer_part(town)
    version = actions.propose(version=again(town), by=staff(CENTRE))
    assert (version.burden, version.strict) == (Burden.UP, True)
    assert any(spared in sentence for sentence in rises(version))


def test_what_a_part_was_granted_comes_with_it_and_is_told(town):
    rules.in_force(composed(town))
    conditions = acts.in_force(town, "LN-001").data["conditions"]
    newer_part(town, conditions=conditions[1:])
    version = actions.propose(version=again(town), by=staff(CENTRE))
    assert (version.burden, version.strict) == (Burden.DOWN, False)
    said = [row.sentence for row in version.changes.all()]
    assert any(conditions[0][:20] in sentence and "已经按程序决定" in sentence for sentence in said)


def test_a_joint_thing_made_anew_of_newer_parts_can_be_proposed(town):
    rules.in_force(composed(town))
    newer_part(town)
    assert rules.in_force(again(town)).number == 2


def test_a_paper_of_another_part_does_not_hide_behind_the_news(town):
    rules.in_force(composed(town))
    newer_part(town)
    draft = again(town)
    more = {**draft.data["materials"][0], "key": "more", "name": "四邻意见", "issuer": "四邻"}
    version = actions.propose(version=edited(draft, materials=[*papers(draft), more]), by=staff(CENTRE))
    assert rises(version) == ["增加材料“四邻意见”（必须交，1 份）。"]
    assert version.strict


def test_another_part_is_no_excuse(town):
    rules.in_force(composed(town))
    more = {**acts.in_force(town, "JF-001").data["materials"][0], "key": "more", "name": "四邻意见", "issuer": "四邻"}
    papers_of = [*acts.in_force(town, "LN-001").data["materials"], more]
    rules.listed(town, "LN-002", name="高龄补贴申领", materials=papers_of)
    item = Item.objects.select_related("current", "town", "unit").get(town=town, code=CODE)
    parts = [{"code": "JF-001", "version": 1}, {"code": "LN-002", "version": 1}]
    draft = actions.new_version(item=item, data={**item.current.data, "parts": parts}, by=staff(CENTRE))
    draft = actions.recompose(version=draft, by=staff(CENTRE))
    version = actions.propose(version=draft, by=staff(CENTRE))
    assert "增加材料“四邻意见”（必须交，1 份）。" in rises(version)
    assert version.strict


def test_a_licence_called_a_service_does_not_lose_its_conditions_the_short_way(town):
    listing = {**acts.in_force(town, "LM-001").data["listing"]}
    version = rules.proposed(
        town,
        power_type="20",
        silence_rule="promise",
        conditions=acts.in_force(town, "LM-001").data["conditions"][1:],
        listing=listing,
    )
    assert (version.burden, version.strict) == ("up", True)
    version = actions.propose(version=composed(town, power_type="20", silence_rule="promise"), by=staff(CENTRE))
    assert version.strict


@pytest.mark.parametrize(
    ("values", "says"),
    [({"kind": "promised"}, "要选联办件"), ({"parts": [{"code": "JF-001", "version": 7}]}, "已经有第 1 版")],
)
def test_what_is_no_joint_thing_of_the_items_in_force_is_not_proposed(town, values, says):
    with pytest.raises(Refused, match=says):
        actions.propose(version=composed(town, **values), by=staff(CENTRE))


def test_a_unit_that_does_none_of_it_does_not_lead_it(town):
    with pytest.raises(Refused, match="不办里面的任何一件事"):
        actions.propose(version=composed(town, "forestry"), by=staff(CENTRE))


def test_the_unit_is_not_exchanged_under_what_its_head_has_agreed_to(town):
    version = actions.propose(version=composed(town), by=staff(CENTRE))
    actions.agree_head(version=version, by=staff("suozhang"))
    other = actions.new_version(item=version.item, data=version.data, by=staff(CENTRE))
    with pytest.raises(Refused, match="不能换单位"):
        actions.edit(version=other, data=other.data, by=staff(CENTRE), unit=Unit.objects.get(town=town, code="social"))
    version.item.refresh_from_db()
    assert version.item.unit.code == "land"


def test_of_two_drafts_the_second_is_compared_with_what_the_first_became(town):
    first = rules.drafted(town, "LM-001", promised_days=4)
    second = rules.approved(rules.drafted(town, "LM-001", promised_days=3))
    rules.in_force(first)
    with pytest.raises(Refused, match=r"现行的版本已经变了.*请退回"):
        actions.announce(version=second, by=staff(CENTRE))
    second = actions.send_back(version=second, reason="按新的现行版本重新比对。", by=staff(SIGNER))
    assert rules.in_force(second).spec.promised_days == 3


def test_whoever_wrote_on_the_text_does_not_review_it_though_another_saved_it_last(town):
    """The name on the row is the last one's; the events remember."""
    from mingtang.events.log import CONSOLE
    from mingtang.people import actions as people
    from mingtang.people.models import Post

    for code in ("centre-head", "justice-head"):
        people.appoint(
            staff=Staff.objects.get(username="jiwei"), post=Post.objects.get(town=town, code=code), by=CONSOLE
        )
    both = staff("jiwei")
    draft = actions.edit(version=rules.drafted(town, promised_days=8), by=both,
                         data={**acts.in_force(town, "LM-001").data, "promised_days": 9})  # fmt: skip
    draft = edited(draft, phone="0730-5550098")
    version = rules.based(actions.propose(version=draft, by=staff(CENTRE)))
    assert version.edited_by == staff(CENTRE)
    with pytest.raises(Refused, match="编制人不能审核"):
        actions.review(version=version, by=both)


# The parts change while the joint thing is on its way, or afterwards


def stopped(town, how: str) -> None:
    part = acts.in_force(town, "LN-001")
    if how == "suspend":
        actions.suspend(version=part, reason="制证机坏了。", by=staff(SIGNER))
    elif how == "cancel":
        actions.cancel(
            version=part, reason="全县统一发卡。", minutes_number="万政公组纪〔2026〕9号", decided_on=date(2026, 1, 5),
            by=staff(SIGNER),
        )  # fmt: skip
    else:
        newer_part(town)


@pytest.mark.parametrize("how", ["suspend", "cancel", "newer"])
def test_a_part_that_stopped_meanwhile_stops_the_joint_thing_on_its_way(town, how):
    announced = rules.announced(composed(town))
    stopped(town, how)
    with pytest.raises(Refused, match="情况有变"):
        actions.put_in_force(version=announced, by=staff(CENTRE))
    assert Item.objects.get(code=CODE).current is None


@pytest.mark.parametrize("how", ["suspend", "cancel"])
def test_nobody_applies_for_a_part_that_stopped_by_way_of_the_whole(town, how):
    joint = rules.in_force(composed(town))
    stopped(town, how)
    joint.refresh_from_db()
    assert (joint.state, "老年人优待证" in joint.suspended_reason) == ("suspended", True)
    with pytest.raises(Refused):
        acts.apply(town, CODE, seen=["id"], by=acts.clerk_of("JF-001"))
    with pytest.raises(Refused, match="没有施行的版本"):
        actions.resume(version=joint, by=staff(SIGNER))


def test_the_whole_is_taken_up_again_after_its_part(town):
    joint = rules.in_force(composed(town))
    stopped(town, "suspend")
    actions.resume(version=acts.in_force(town, "LN-001"), by=staff(SIGNER))
    assert actions.resume(version=joint, by=staff(SIGNER)).state == "in_force"
