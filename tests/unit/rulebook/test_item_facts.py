"""The facts of items in force: always what their versions say, whoever changed what."""

from datetime import date, timedelta

import pytest
from django.db.models import Count, Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingtang.people.models import Unit
from mingtang.rulebook import actions, facts
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.facts import VARIES, charged, facts_of
from mingtang.rulebook.fees import bill
from mingtang.rulebook.models import Item, ItemFacts, Version
from mingtang.rulebook.spec import Fee, Material, Reduction, Spec, blank, parse
from tests.factories import rules
from tests.factories.cast import CENTRE, staff
from tests.factories.specs import data

DAY = date(2026, 3, 2)
DAYS = st.one_of(st.just(""), st.integers(-3, 3).map(lambda n: (DAY + timedelta(days=n)).isoformat()))
FEES = st.lists(
    st.builds(
        lambda amount, start, end: data(Fee, amount=amount, valid_from=start, valid_to=end),
        st.integers(1, 10**6),
        DAYS,
        DAYS,
    ),
    max_size=4,
)


def spec(**changes):
    return parse({**blank(Spec), **changes})


@given(FEES)
def test_what_is_charged_on_a_day_is_what_the_bill_says(fees):
    one = spec(fees=fees)
    told = charged(facts_of(one)["charges"], DAY)
    assert (told or 0) == bill(one, {}, DAY).total
    assert (told is None) == (not bill(one, {}, DAY).lines)


def test_a_fee_that_depends_on_the_situation_has_no_one_sum():
    for changes in (
        {"quantity": "people"},
        {"when": "kind == 'a'"},
        {"reductions": [data(Reduction, label="低保户", when="kind == 'a'", percent=50)]},
    ):
        assert charged(facts_of(spec(fees=[data(Fee, amount=500, **changes)]))["charges"], DAY) == VARIES


def test_papers_we_fetch_ourselves_are_not_counted():
    papers = [data(Material, key="a"), data(Material, key="b", fetched_by_us=True)]
    assert facts_of(spec(materials=papers))["materials"] == 1
    assert not facts_of(spec(materials=papers))["materials_vary"]
    papers.append(data(Material, key="c", when="kind == 'a'"))
    assert facts_of(spec(materials=papers))["materials_vary"]


def agree():
    """Every item that stands has its row, no other has one, and each says what its version says."""
    standing = Item.objects.filter(current__state__in=["in_force", "suspended"]).select_related("current")
    rows = {one.item_id: one for one in ItemFacts.objects.all()}
    assert set(rows) == {item.pk for item in standing}
    for item in standing:
        one = rows[item.pk]
        assert (one.version_id, one.unit_id, one.town_id) == (item.current_id, item.unit_id, item.town_id)
        assert one.suspended == (item.current.state == VersionState.SUSPENDED)
        assert {row.name for row in item.results.all()} == {result.name for result in item.current.spec.results}
        wanted = facts_of(item.current.spec)
        assert {name: getattr(one, name) for name in wanted} == wanted


def state():
    return tuple(ItemFacts.objects.aggregate(Count("pk"), Sum("pk")).values())


def dissolved(code):
    Unit.objects.filter(code=code).update(dissolved_on=date(2026, 3, 1))


@pytest.mark.django_db
def test_the_rows_follow_every_act(town):
    office, seen = staff(rules.OFFICE), []

    def changed():
        agree()
        seen.append(state())

    changed()
    elder = rules.listed(town, "LN-002", name="敬老院入住", unit="centre")
    changed()
    rules.in_force(rules.drafted(town, "LM-001", phone="0730-5550018"))
    changed()
    actions.suspend(version=elder, reason="系统升级，三天后恢复。", by=office)
    changed()
    actions.resume(version=elder, by=office)
    changed()
    dissolved("land")
    draft = rules.drafted(town, "JF-001")
    actions.edit(version=draft, data=draft.data, by=staff(CENTRE), unit=Unit.objects.get(code="construction"))
    changed()
    actions.cancel(
        version=elder, reason="并入另一件事。", minutes_number="12号", decided_on=timezone.localdate(), by=office
    )
    changed()
    # So that whoever holds the list in memory sees each change.
    assert len(set(seen)) == len(seen)
    rules.drafted(town, "LN-001", phone="0730-5550019")
    assert state() == seen[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["missing", "version", "suspended", "form", "unit", "left"])
def test_what_differs_is_made_anew(town, broken):
    rules.in_force(rules.drafted(town, "LM-001", phone="0730-5550018"))
    assert facts.ensure() == 0
    kept = set(ItemFacts.objects.exclude(item__code="LM-001").values_list("pk", flat=True))
    one = ItemFacts.objects.get(item__code="LM-001")
    if broken == "missing":
        one.delete()
    elif broken == "version":
        old = Version.objects.get(item=one.item_id, state=VersionState.SUPERSEDED)
        ItemFacts.objects.filter(pk=one.pk).update(version=old)
    elif broken == "suspended":
        ItemFacts.objects.filter(pk=one.pk).update(suspended=True)
    elif broken == "form":
        ItemFacts.objects.filter(pk=one.pk).update(form=0)
    elif broken == "unit":
        Item.objects.filter(pk=one.item_id).update(unit=Item.objects.get(code="LN-001").unit)
    else:
        Item.objects.filter(pk=one.item_id).update(current=None)
    assert facts.ensure() > 0
    agree()
    assert kept <= set(ItemFacts.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_a_rebuild_gives_the_same_rows(town):
    def rows():
        return list(
            ItemFacts.objects.order_by("item").values(
                *[field.attname for field in ItemFacts._meta.fields if field.name != "id"]
            )
        )

    before, told = rows(), []
    assert facts.rebuild(told.append) == len(before) == told[-1]
    assert rows() == before
