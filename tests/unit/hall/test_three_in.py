"""人进、事进、权进: each share is counted, with its parts and the names of what is missing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.cases.usage import decisions_by_post, last_decided
from mingtang.demo.powers import build_powers
from mingtang.hall.standing import standings
from mingtang.hall.three_in import ThreeIn, three_in
from mingtang.people.models import Assignment, Delegation, Post
from mingtang.rulebook.models import Item
from tests.factories import acts

pytestmark = pytest.mark.django_db


def index(town, at=None) -> ThreeIn:
    at = at or timezone.now()
    decided = decisions_by_post(town, since=at - timedelta(days=365), until=at)
    return three_in(town, at, standings(town, timezone.localdate(at)), decided=decided)


def parts(share) -> tuple[int, int]:
    return share.numerator, share.denominator


def test_the_demo_town_counts_as_told_and_names_the_rest(town):
    build_powers(town)
    found = index(town)
    (people,) = found.people
    possible, registered = found.items
    authority, decisions = found.authority
    assert [parts(one) for one in (people, possible, registered, authority, decisions)] == [
        (3, 3), (4, 4), (3, 4), (1, 4), (0, 0),
    ]  # fmt: skip
    assert registered.missing == ("小额临时救助：批准暂缓",)
    assert len(authority.missing) == 3
    assert all("分管副镇长" in name for name in authority.missing)
    assert registered.sentence == "4 个事项里有 3 个"
    assert decisions.sentence == "还没有可以数的"


def test_every_share_names_exactly_what_it_lacks(town):
    for share in (
        share for part in (index(town).people, index(town).items, index(town).authority[:1]) for share in part
    ):
        assert len(share.missing) == share.denominator - share.numerator, share.title
        assert share.how


def test_a_window_nobody_holds_is_not_people_in_and_takes_its_items_out(town):
    Assignment.objects.filter(post__code="window-3").update(valid_to=timezone.now())
    found = index(town)
    assert parts(found.people[0]) == (2, 3)
    assert found.people[0].missing == ("3号窗口（建房用地）没有人任职",)
    assert parts(found.items[0]) == (2, 4)


def test_authority_counts_a_post_of_the_centre_only_with_a_valid_letter(town):
    letter = Delegation.objects.get(item_code="LN-001")
    assert parts(index(town).authority[0]) == (1, 4)
    assert parts(index(town, letter.valid_to).authority[0]) == (0, 4)
    assert "没有有效的授权书" in "".join(index(town, letter.valid_to).authority[0].missing)


def test_decisions_are_counted_by_the_post_of_the_letter_within_a_year(town):
    acts.decided(town, "LN-001")
    acts.decided(town, "LN-001")
    acts.decided(town, "LM-001")
    acts.decided(town, "JZ-001")
    now = timezone.now()
    assert parts(index(town, now).authority[1]) == (2, 4)
    assert parts(index(town, now + timedelta(days=366)).authority[1]) == (0, 0)


def test_a_post_that_works_a_window_sits_in_the_centre_whoever_sends_it(town):
    land = Post.objects.get(code="land-review")
    acts.decided(town, "LM-001")
    assert parts(index(town).authority[1]) == (0, 1)
    land.windows.model.objects.filter(number=4).update(post=Post.objects.get(code="deputy-mayor"))
    assert parts(index(town).authority[1]) == (1, 1)


def test_last_use_is_the_day_of_the_last_decision_of_the_item(town, other_town):
    assert last_decided(town) == {}
    acts.decided(town, "LN-001")
    assert last_decided(town) == {Item.objects.get(code="LN-001").pk: timezone.localdate()}
    assert last_decided(other_town) == {}


def test_the_empty_town_has_nothing_to_count(other_town):
    found = index(other_town)
    assert {parts(share) for part in (found.people, found.items, found.authority) for share in part} == {(0, 0)}


def test_the_demo_is_built_once(town):
    build_powers(town)
    before = town.powers.count(), town.entries.count(), town.campaigns.count()
    build_powers(town)
    assert (town.powers.count(), town.entries.count(), town.campaigns.count()) == before == (14, 3, 1)
