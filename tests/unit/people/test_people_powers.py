"""Nobody acts without authority: powers come from current posts, decisions from valid letters."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people import actions
from mingtang.people.enums import Permission, Role
from mingtang.people.models import Assignment, Delegation, Post, Staff, Unit
from mingtang.people.policies import can, check_may, delegation_for, powers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(town) -> Unit:
    return Unit.objects.get(town=town, code="party-office")


@pytest.fixture
def post(town, unit) -> Post:
    return Post.objects.create(town=town, unit=unit, code="test-decider", name="试岗", roles=[Role.DECIDER])


@pytest.fixture
def person(town) -> Staff:
    return Staff.objects.create(town=town, username="shigang", name="试人（演示）", number="9001")


def letter(post: Post, unit: Unit, begins: int, ends: int, number: str = "试授〔2026〕1号") -> Delegation:
    """A letter that holds between two days, counted from now."""
    now = timezone.now()
    return actions.delegate(
        grantor=unit,
        post=post,
        number=number,
        item_code="A-1",
        step_code="decide",
        valid_from=now + timedelta(days=begins),
        valid_to=now + timedelta(days=ends),
        by=CONSOLE,
    )


def why_not(person: Staff) -> str:
    with pytest.raises(Refused) as caught:
        delegation_for(person, item_code="A-1", step_code="decide")
    return str(caught.value)


def test_an_account_alone_has_no_powers(person):
    assert powers_of(person) == frozenset()


def test_a_post_gives_its_powers_from_its_first_to_before_its_last_moment(person, post):
    now = timezone.now()
    Assignment.objects.create(staff=person, post=post, valid_from=now, valid_to=now + timedelta(days=1))
    assert powers_of(person, now - timedelta(seconds=1)) == frozenset()
    assert Permission.CASE_DECIDE in powers_of(person, now)
    assert powers_of(person, now + timedelta(days=1)) == frozenset()


def test_who_is_relieved_may_no_longer(town, person, post):
    assignment = actions.appoint(staff=person, post=post, by=CONSOLE)
    check_may(person, Permission.CASE_DECIDE, town)
    actions.relieve(assignment=assignment, by=CONSOLE)
    with pytest.raises(Refused, match="没有“作出决定”的权限"):
        check_may(person, Permission.CASE_DECIDE, town)
    with pytest.raises(Refused, match="已经结束"):
        actions.relieve(assignment=assignment, by=CONSOLE)


def test_an_account_that_is_switched_off_has_no_powers(person, post):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    person.is_active = False
    assert powers_of(person) == frozenset()


def test_powers_of_several_posts_add_up(town, unit, person, post):
    editor = Post.objects.create(town=town, unit=unit, code="test-editor", name="编辑岗", roles=[Role.EDITOR])
    for one in (post, editor):
        actions.appoint(staff=person, post=one, by=CONSOLE)
    assert {Permission.CASE_DECIDE, Permission.DOCUMENT_DRAFT} <= powers_of(person)


def test_powers_end_at_the_towns_border(other_town, person, post):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    assert not can(person, Permission.CASE_DECIDE, other_town)


def test_nobody_is_appointed_in_another_town(other_town, post):
    stranger = Staff.objects.create(town=other_town, username="wailai", name="外人（演示）", number="1")
    with pytest.raises(Refused, match="不在同一个乡镇"):
        actions.appoint(staff=stranger, post=post, by=CONSOLE)


def test_without_a_letter_there_is_no_decision(person, post):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    assert "没有这个事项这一环节的授权书" in why_not(person)


def test_a_valid_letter_lets_its_post_decide_and_no_other_item(person, post, unit):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    given = letter(post, unit, -1, 1)
    assert delegation_for(person, item_code="A-1", step_code="decide") == given
    with pytest.raises(Refused, match="没有这个事项"):
        delegation_for(person, item_code="A-2", step_code="decide")
    with pytest.raises(Refused, match="没有这个事项"):
        delegation_for(person, item_code="A-1", step_code="not_accept")


def test_a_letter_binds_the_post_not_the_person(person, post, unit):
    letter(post, unit, -1, 1)
    assert "没有这个事项" in why_not(person)


def test_a_letter_that_has_not_begun_says_so(person, post, unit):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    letter(post, unit, 1, 2)
    assert "还没有生效" in why_not(person)


def test_a_letter_that_has_ended_names_its_last_day(person, post, unit):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    given = letter(post, unit, -10, -3)
    sentence = why_not(person)
    assert f"{timezone.localtime(given.valid_to):%Y年%m月%d日} 失效" in sentence
    assert "续办授权" in sentence


def test_a_revoked_letter_names_the_day_of_its_end(person, post, unit):
    actions.appoint(staff=person, post=post, by=CONSOLE)
    given = letter(post, unit, -10, 30)
    actions.revoke_delegation(letter=given, by=CONSOLE, reason="岗位调整")
    assert f"{timezone.localdate():%Y年%m月%d日} 失效" in why_not(person)


def test_a_letter_is_revoked_once_and_with_a_reason(post, unit):
    given = letter(post, unit, -1, 1)
    with pytest.raises(Refused, match="写明撤销授权的理由"):
        actions.revoke_delegation(letter=given, by=CONSOLE, reason="  ")
    with pytest.raises(Refused, match="最多 200 个字"):
        actions.revoke_delegation(letter=given, by=CONSOLE, reason="长" * 201)
    actions.revoke_delegation(letter=given, by=CONSOLE, reason="岗位调整")
    with pytest.raises(Refused, match="已经撤销过"):
        actions.revoke_delegation(letter=given, by=CONSOLE, reason="再来一次")


def test_a_letter_must_end_after_it_begins(post, unit):
    with pytest.raises(Refused, match="结束日期要晚于开始日期"):
        letter(post, unit, 2, 2)


def test_one_letter_is_not_entered_twice(post, unit):
    letter(post, unit, -1, 1)
    with pytest.raises(Refused, match="已经登记过"):
        letter(post, unit, -1, 1)


def test_no_letter_crosses_towns(other_town, post):
    stranger = Unit.objects.create(town=other_town, code="office", name="外镇办公室", kind="office")
    with pytest.raises(Refused, match="不在同一个乡镇"):
        letter(post, stranger, -1, 1)


def test_the_database_refuses_an_appointment_that_ends_before_it_begins(person, post):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(staff=person, post=post, valid_from=now, valid_to=now)


def test_acts_on_the_organisation_leave_events_without_names(person, post, unit):
    assignment = actions.appoint(staff=person, post=post, by=CONSOLE)
    actions.relieve(assignment=assignment, by=CONSOLE)
    events = Event.objects.filter(subject=f"post:{post.code}")
    assert [event.type for event in events.order_by("pk")] == ["people.appointed", "people.relieved"]
    assert all(person.name not in str(event.data) + event.reason for event in events)
