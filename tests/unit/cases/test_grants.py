"""What everybody learns of a grant: by the version's profile, no word more, no day longer, and proved."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.enums import ApplicantKind, GrantState, Outcome
from mingtang.cases.grants import GRANT, check_grant, problems, text_of, village_of
from mingtang.cases.models import Grant
from mingtang.cases.proved_grants import check_grants
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.rulebook.spec import Publication
from tests.factories import acts
from tests.factories.acts import APPLICANT, decided
from tests.factories.cast import CLERK_3, DECIDER, REVIEWER, staff

pytestmark = pytest.mark.django_db
FIRM = replace(APPLICANT, kind=ApplicantKind.ORGANISATION, organisation="长堤林场（演示）", uscc="11430623006382329L")


def by_firm(town, monkeypatch, firm=FIRM) -> Grant:
    monkeypatch.setattr(acts, "APPLICANT", firm)
    monkeypatch.setitem(acts.apply.__kwdefaults__, "applicant", firm)
    return decided(town, "LM-001").grants.get()


@pytest.mark.parametrize(
    ("address", "village"),
    [
        ("湖南省华容县万庾镇兔湖村3组12号", "兔湖村"),
        ("长堤村（演示）", "长堤村"),
        ("万庾社区居委会5栋", "万庾社区"),
        ("万庾镇正街12号", ""),
        ("", ""),
    ],
)
def test_a_place_is_told_as_far_as_the_village(address, village):
    assert village_of(address) == village


def test_a_firms_licence_is_published_by_itself_with_the_profiles_fields(town, monkeypatch):
    grant = by_firm(town, monkeypatch)
    assert (grant.state, grant.scope, grant.until) == (GrantState.SHOWN, "web", None)
    assert grant.shown == {
        "holder": "长堤林场（演示）", "place": "长堤村", "content": "林木采伐许可证",
        "number": grant.paper.number, "decided": "2026年3月16日", "valid": "2026年3月16日至2027年3月16日",
    }  # fmt: skip
    assert list(check_grants(town)) == []


def test_a_firm_whose_name_holds_a_number_waits_for_a_person(town, monkeypatch):
    grant = by_firm(town, monkeypatch, replace(FIRM, organisation="王强 13812345678"))
    assert grant.state == GrantState.WAITING
    assert problems(grant.town_id, text_of(grant))
    with pytest.raises(Refused, match="不能公开"):
        actions.publish(grant=grant, by=staff(REVIEWER))
    assert list(check_grants(town)) == []


def test_a_persons_licence_waits_for_one_click_and_goes_when_it_holds_no_more(town, clock):
    grant = decided(town, "LM-001").grants.get()
    assert (grant.state, grant.text_sealed) == (GrantState.WAITING, None)
    actions.publish(grant=grant, by=staff(REVIEWER))
    grant = Grant.objects.get()
    assert grant.shown["holder"] == "文小满（演示）"
    for event in Event.objects.filter(type__startswith="grant."):
        assert "文小满" not in str(event.data) + event.reason
    assert not list(actions.grants_over())
    with pytest.raises(Refused, match="还没有满"):
        actions.end(grant=grant)
    clock.shift(timedelta(days=366))
    assert list(actions.grants_over()) == [grant]
    actions.end(grant=grant)
    grant = Grant.objects.get()
    assert (grant.state, grant.text_sealed) == (GrantState.ENDED, None)
    assert list(check_grants(town)) == []


def test_aid_hangs_in_the_village_alone_for_its_days(town, clock):
    grant = decided(town, "JZ-001").grants.get()
    assert (grant.scope, grant.state) == ("board", GrantState.WAITING)
    with pytest.raises(Refused, match="哪个村"):
        actions.publish(grant=grant, by=staff(DECIDER))
    actions.publish(grant=grant, village="长堤村", by=staff(DECIDER))
    assert not Grant.objects.on_the_net().exists()
    grant = Grant.objects.get()
    assert grant.until == timezone.localdate() + timedelta(days=7)
    clock.shift(timedelta(days=7))
    assert not list(actions.grants_over())
    clock.shift(timedelta(days=1))
    assert list(actions.grants_over()) == [grant]


def test_without_a_profile_there_is_only_the_count(town):
    assert not decided(town, "LN-001").grants.exists()
    assert not decided(town, "LM-001", Outcome.REFUSED, "超过年度限额。").grants.exists()


def test_an_old_version_that_says_nothing_counts_as_none(town, monkeypatch):
    nothing = Publication(scope="", fields=(), days=0, basis="")
    case = acts.worked(town, "LM-001")
    spec = replace(case.version.spec, publication=nothing)
    monkeypatch.setattr(type(case.version), "spec", spec)
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(DECIDER))
    assert not Grant.objects.exists()


def test_what_is_withheld_leaves_nothing_and_says_why_to_nobody_outside(town):
    grant = decided(town, "LM-001").grants.get()
    with pytest.raises(Refused, match="理由和依据"):
        actions.withhold(grant=grant, reason=" ", by=staff(REVIEWER))
    actions.withhold(grant=grant, reason="申请人受家庭暴力威胁", by=staff(REVIEWER))
    event = Event.objects.get(type="grant.withheld")
    assert "暴力" not in str(event.data) + event.reason
    assert list(check_grants(town)) == []
    actions.publish(grant=grant, by=staff(REVIEWER))
    actions.withhold(grant=grant, reason="本人要求", by=staff(REVIEWER))
    assert Grant.objects.get().text_sealed is None


def test_every_act_from_every_state_by_everybody(town):
    decided(town, "LM-001")
    nobody = Staff.objects.create(town=town, username="nobody", name="无岗", number="none")
    people = {"reviewer": staff(REVIEWER), "decider": staff(DECIDER), "clerk": staff(CLERK_3), "nobody": nobody}
    grant = Grant.objects.get()
    for state, name, (role, by) in product(GrantState.values, GRANT, people.items()):
        grant.state = state
        allowed = state in GRANT[name].sources and role in {"reviewer", "decider"} and name != "end"
        try:
            check_grant(name, grant, by)
        except Refused:
            assert not allowed, (state, name, role)
        else:
            assert allowed, (state, name, role)


@pytest.mark.parametrize("change", ["state", "until", "text"])
def test_a_published_result_that_was_tampered_with_is_named(town, monkeypatch, change):
    grant = by_firm(town, monkeypatch)
    if change == "text":
        grant.keep({**grant.shown, "holder": "别的林场"})
        Grant.objects.update(text_sealed=grant.text_sealed)
    elif change == "state":
        Grant.objects.update(state=GrantState.WITHHELD, text_sealed=None)
    else:
        Grant.objects.update(until=timezone.localdate())
    assert [(row.table, row.row) for row in check_grants(town)] == [("cases_grant", grant.pk)]
