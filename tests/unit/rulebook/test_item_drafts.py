"""Writing drafts: whose items a person keeps, two editors on one draft, the unit that carries an item."""

import pytest

from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook import actions
from mingtang.rulebook.actions import Overtaken
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.policies import can_keep
from mingtang.rulebook.spec import Spec, blank
from tests.factories import rules
from tests.factories.cast import CENTRE, CLERK_1, POWER, staff

pytestmark = pytest.mark.django_db


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def listed(town, code: str = "GD-001", unit_code: str | None = "power", who: str = CENTRE) -> Version:
    person = staff(who)
    return actions.list_item(
        town=town,
        code=code,
        unit=unit(unit_code) if unit_code else None,
        data={**blank(Spec), "name": "用电报装"},
        by=actor(person),
        editor=person,
    )


def test_a_units_editor_keeps_the_items_of_the_own_unit_alone(town):
    own = listed(town, who=POWER)
    changed = actions.edit(version=own, data={**own.data, "place": "供电所营业厅"}, by=staff(POWER))
    assert changed.edited_by == staff(POWER)
    for refused in (
        lambda: listed(town, "SW-001", "social", POWER),
        lambda: listed(town, "SW-002", None, POWER),
        lambda: actions.new_version(item=Item.objects.get(code="LM-001"), data=own.data, by=staff(POWER)),
        lambda: actions.edit(version=rules.drafted(town), data=own.data, by=staff(POWER)),
        lambda: actions.propose(version=rules.drafted(town, promised_days=4), by=staff(POWER)),
    ):
        with pytest.raises(Refused, match="只编制本单位的事项"):
            refused()
    with pytest.raises(Refused, match="没有“编制事项”的权限"):
        listed(town, "SW-003", "social", CLERK_1)
    assert can_keep(staff(POWER), town, unit("power")) and not can_keep(staff(POWER), town, unit("social"))
    assert can_keep(staff(CENTRE), town, None)


def test_who_comes_second_is_told_and_nothing_is_overwritten(town):
    seen = rules.drafted(town)
    actions.edit(version=seen, data={**seen.data, "place": "一楼"}, by=staff(CENTRE), seen=seen.data)
    with pytest.raises(Overtaken):
        actions.edit(version=seen, data={**seen.data, "place": "二楼"}, by=staff(CENTRE), seen=seen.data)
    now = Version.objects.get(pk=seen.pk)
    assert now.data["place"] == "一楼"
    actions.edit(version=now, data={**now.data, "place": "二楼"}, by=staff(CENTRE), seen=now.data)
    assert Version.objects.get(pk=seen.pk).data["place"] == "二楼"


def test_the_same_text_sent_twice_is_saved_once(town):
    draft = rules.drafted(town)
    text = {**draft.data, "place": "一楼"}
    actions.edit(version=draft, data=text, by=staff(CENTRE), seen=draft.data)
    before = Event.objects.count()
    actions.edit(version=draft, data=text, by=staff(CENTRE), seen=draft.data)
    assert Event.objects.count() == before


def test_a_draft_is_handed_to_another_unit_until_it_has_been_in_force(town):
    draft = listed(town, unit_code=None)
    actions.edit(version=draft, data=draft.data, by=staff(CENTRE), unit=unit("power"))
    assert Item.objects.get(code="GD-001").unit == unit("power")
    second = rules.drafted(town)
    with pytest.raises(Refused, match="已经施行过"):
        actions.edit(version=second, data=second.data, by=staff(CENTRE), unit=unit("social"))
    Unit.objects.filter(code="forestry").update(dissolved_on="2026-01-01")
    actions.edit(version=second, data=second.data, by=staff(CENTRE), unit=unit("social"))
    assert Item.objects.get(code="LM-001").unit == unit("social")
    with pytest.raises(Refused, match="列出的单位"):
        actions.edit(version=second, data=second.data, by=staff(CENTRE), unit=unit("forestry"))
    own = listed(town, "GD-002", who=POWER)
    with pytest.raises(Refused, match="只编制本单位"):
        actions.edit(version=own, data=own.data, by=staff(POWER), unit=unit("social"))


def test_a_code_is_listed_once(town):
    listed(town)
    with pytest.raises(Refused, match="已经用过"):
        listed(town)
    assert Staff.objects.filter(town=town).exists(), "the transaction goes on"
