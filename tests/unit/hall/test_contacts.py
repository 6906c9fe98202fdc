"""A contact from the number to its outcome: calling, first-asked responsibility, several errands, no way to vanish."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from mingtang.events.models import Event
from mingtang.hall import counter, numbers, tickets
from mingtang.hall.contacts import owner_of
from mingtang.hall.models import Contact, PriorityRule, TicketDay, Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, CLERK_4, LAND, staff
from tests.factories.hall import band, called, hall_of, items, served, taken, window

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    return town


def fresh(contact):
    return Contact.objects.select_related("site", "town", "window").get(pk=contact.pk)


def reads(contact, *outcomes):
    return list(contact.errands.values_list("outcome", flat=True)) == list(outcomes)


# Numbers


def test_numbers_run_without_gaps_and_are_called_out_short(here):
    contacts = [taken(here, "LN-001") for _ in range(3)]
    assert [row.number for row in contacts] == ["A-260316-001", "A-260316-002", "A-260316-003"]
    assert [row.label for row in contacts] == ["A001", "A002", "A003"]


def test_a_number_begins_anew_each_day_and_is_never_given_twice(here, clock):
    taken(here)
    clock.move_to(NINE + timedelta(days=1))
    assert taken(here).number == "A-260317-001"


def test_a_clock_set_back_gives_no_number(here, clock):
    taken(here)
    clock.move_to(NINE - timedelta(minutes=30))
    with pytest.raises(Refused, match="时钟可能拨回"):
        taken(here)
    clock.move_to(NINE - timedelta(seconds=30))
    later = taken(here)
    assert later.opened_at == NINE, "some seconds are evened out, the order stays"


def test_the_code_opens_its_number_alone_however_it_is_typed(here):
    one, two = taken(here), taken(here)
    code = numbers.code_of(here, one.number)
    assert len(code) == 6 and code != numbers.code_of(here, two.number)
    for typed in (one.number, "a001", "A 001", "a-260316-001", "A260316001"):
        assert numbers.find(here, typed, f" {code[:3]}-{code[3:].lower()} ").pk == one.pk
    for number, wrong in (
        (two.number, code),
        (one.number, "AAAAAA"),
        ("B001", code),
        ("", ""),
        ("A-999", code),
        (one.number, "码"),
        ("٣٤٥", "𠮷"),
    ):
        with pytest.raises(Refused, match="不对"):
            numbers.find(here, number, wrong)


def test_while_the_house_is_closed_no_number_is_given(here, clock):
    band(hall_of(here), "weekday", 10, 12, "window-1")
    with pytest.raises(Refused, match="现在没有开，取不了号；03月16日 10:00开门"):
        taken(here)


def test_a_number_holds_at_most_six_errands_of_this_town(here):
    with pytest.raises(Refused, match="最多办 6 件事"):
        taken(here, *["LN-001"] * 7)
    assert not Contact.objects.exists() and TicketDay.objects.count() == 0, "a refused number is not used up"


# Calling


def test_who_came_first_is_called_first_to_the_window_that_takes_it_in(here):
    house, elder, question = taken(here, "JF-001"), taken(here, "LN-001"), taken(here)
    assert counter.call_next(window=window(1), by=staff(CLERK_1)) == elder
    assert counter.call_next(window=window(3), by=staff(CLERK_3)) == house
    assert counter.call_next(window=window(4), by=staff(CLERK_4)) == question
    counter.start(contact=elder, by=staff(CLERK_1))
    with pytest.raises(Refused, match="现在没有人等"):
        counter.call_next(window=window(1), by=staff(CLERK_1))


def test_a_general_window_calls_everybody(here):
    house = taken(here, "JF-001")
    Window.objects.filter(number=1).update(kind="general")
    assert counter.call_next(window=window(1), by=staff(CLERK_1)) == house


def test_one_number_at_a_time_is_called_to_a_window(here):
    taken(here, "LN-001")
    first = called(here, 1, "LN-001")
    with pytest.raises(Refused, match="A001号还在叫"):
        counter.call_next(window=window(1), by=staff(CLERK_1))
    other = Contact.objects.exclude(pk=first.pk).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=other.pk).update(state="called", window=window(1), called_at=NINE)


def test_only_the_clerk_of_an_open_window_calls(here):
    taken(here)
    for who, sentence in ((CLERK_3, "您的岗位不在1号窗口"), (LAND, "您的岗位不能叫号"), (CENTRE, "您的岗位不能叫号")):
        with pytest.raises(Refused, match=sentence):
            counter.call_next(window=window(1), by=staff(who))
    Window.objects.filter(number=1).update(is_open=False, closed_reason="停电")
    with pytest.raises(Refused, match="停电"):
        counter.call_next(window=window(1), by=staff(CLERK_1))


def test_a_number_is_skipped_after_two_calls_and_comes_back_behind_three(here, clock):
    missed = called(here, 1, "LN-001")
    with pytest.raises(Refused, match="只叫过 1 次"):
        counter.skip(contact=missed, by=staff(CLERK_1))
    counter.recall(contact=missed, by=staff(CLERK_1))
    counter.skip(contact=missed, by=staff(CLERK_1))
    others = []
    for _ in range(5):
        clock.shift(timedelta(minutes=1))
        others.append(taken(here, "LN-001"))
    tickets.come_back(contact=missed)
    order = list(counter.queue(window(1)))
    assert order == [*others[:3], missed, *others[3:]]
    with pytest.raises(Refused, match="不能过号回来"):
        tickets.come_back(contact=missed)


def test_who_tells_a_clerk_need_not_go_to_the_kiosk(here):
    missed = called(here, 1, "LN-001")
    counter.recall(contact=missed, by=staff(CLERK_1))
    counter.skip(contact=missed, by=staff(CLERK_1))
    with pytest.raises(Refused, match="您的岗位不能过号回来"):
        tickets.come_back(contact=missed, by=staff(LAND))
    assert tickets.come_back(contact=missed, by=staff(CLERK_1)).state == "waiting"
    assert Event.objects.get(type="contact.come_back").actor == staff(CLERK_1).code


def test_only_a_published_rule_moves_a_number_forward_and_nobody_waits_for_ever(here, clock):
    elder = PriorityRule.objects.create(town=here, name="七十岁以上老人", minutes=20, basis="老年人权益保障法")
    first = taken(here, "LN-001")
    clock.shift(timedelta(minutes=15))
    old = tickets.take(site=hall_of(here), items=items("LN-001"), rule=elder)
    clock.shift(timedelta(minutes=30))
    late = tickets.take(site=hall_of(here), items=items("LN-001"), rule=elder)
    assert list(counter.queue(window(1))) == [old, first, late]
    for rule in (PriorityRule(town=here, pk=999, name="领导"), PriorityRule(town=here, pk=elder.pk, quick=True)):
        with pytest.raises(Refused, match="没有这条优先规则"):
            tickets.take(site=hall_of(here), rule=rule)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriorityRule.objects.create(town=here, name="领导", minutes=600, basis="-")


def test_the_quick_lane_is_for_one_errand_that_ends_on_the_spot(here):
    quick = PriorityRule.objects.create(town=here, name="快办", minutes=10, basis="大厅公布", quick=True)
    assert taken(here, "LN-001").rule == quick
    assert (
        taken(here, "JF-001").rule is None and taken(here, "LN-001", "JF-001").rule is None and taken(here).rule is None
    )


# Owning


def test_who_serves_first_owns_until_another_accepts(here):
    contact = served(here, 3, "JF-001")
    assert owner_of(contact).post.code == "window-3"
    land = Post.objects.get(code="land-review")
    counter.offer(contact=contact, post=land, reason="要查宅基地底册", by=staff(CLERK_3))
    assert owner_of(contact).post.code == "window-3", "an offer moves nothing"
    with pytest.raises(Refused, match="请由那个岗位的人接"):
        counter.take_over(contact=contact, by=staff(CLERK_1))
    with pytest.raises(Refused, match="不能写明下落"):
        counter.settle(errand=contact.errands.get(), outcome="answered", by=staff(CLERK_3))
    counter.take_over(contact=contact, by=staff(LAND))
    assert owner_of(contact).post.code == "land-review"
    with pytest.raises(Refused, match="现在由自然资源所用地审查岗负责"):
        counter.settle(errand=contact.errands.get(), outcome="answered", by=staff(CLERK_3))
    counter.settle(errand=contact.errands.get(), outcome="answered", note="底册上有。", by=staff(LAND))
    assert fresh(contact).state == "ended"
    assert [row.post.code for row in contact.owners.all()] == ["window-3", "land-review"]


def test_an_offer_given_back_leaves_the_first_owner(here):
    contact, land = served(here, 3, "JF-001"), Post.objects.get(code="land-review")
    counter.offer(contact=contact, post=land, reason="要查底册", by=staff(CLERK_3))
    with pytest.raises(Refused, match="请写明为什么退回"):
        counter.decline(contact=contact, reason=" ", by=staff(LAND))
    with pytest.raises(Refused, match="不是转给您的"):
        counter.decline(contact=contact, reason="不归我", by=staff(CLERK_1))
    counter.decline(contact=contact, reason="底册在县里", by=staff(LAND))
    contact = fresh(contact)
    assert (contact.state, owner_of(contact).post.code) == ("owned", "window-3")
    counter.offer(contact=contact, post=land, reason="再请看一次", by=staff(CLERK_3))
    counter.decline(contact=contact, reason="我自己办", by=staff(CLERK_3))
    for bad, sentence in (({"post": Post.objects.get(code="window-3")}, "本来就由"), ({"reason": ""}, "为什么转交")):
        with pytest.raises(Refused, match=sentence):
            counter.offer(**{"contact": contact, "post": land, "reason": "请看", "by": staff(CLERK_3)} | bad)


# What came of it


def test_every_errand_ends_in_one_outcome_and_the_last_ends_the_contact(here):
    contact = served(here, 1, "LN-001")
    counter.add(contact=contact, item=None, by=staff(CLERK_1))
    one, two = contact.errands.all()
    counter.settle(errand=one, outcome="refused", clause="老年人权益保障法第五十三条", by=staff(CLERK_1))
    assert fresh(contact).state == "owned" and reads(contact, "refused", "")
    with pytest.raises(Refused, match="已经有下落"):
        counter.settle(errand=one, outcome="answered", by=staff(CLERK_1))
    counter.settle(errand=two, outcome="notice", note="还差两张照片。", by=staff(CLERK_1))
    assert fresh(contact).state == "ended" and reads(contact, "refused", "notice")
    assert Event.objects.filter(subject=contact.subject, type="contact.settle").count() == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"outcome": "refused"}, "哪部规定第几条"),
        ({"outcome": "notice"}, "一次写全"),
        ({"outcome": "nobody"}, "请选择这件事的下落"),
        ({"outcome": "case"}, "请选择这件事的下落"),
        ({"outcome": "answered", "note": "他的号码 430623190001010014"}, "身份证"),
    ],
)
def test_an_outcome_says_what_it_must_and_names_nobody(here, sent, sentence):
    contact = served(here, 1)
    with pytest.raises(Refused, match=sentence):
        counter.settle(errand=contact.errands.get(), by=staff(CLERK_1), **sent)
    assert reads(contact, "")


def test_what_other_windows_take_in_goes_there_at_its_old_place(here, clock):
    contact = served(here, 1, "LN-001", "JF-001")
    counter.settle(errand=contact.errands.first(), outcome="answered", by=staff(CLERK_1))
    clock.shift(timedelta(minutes=5))
    behind = taken(here, "JF-001")
    counter.forward(contact=contact, by=staff(CLERK_1))
    assert owner_of(contact).post.code == "window-1", "owned until the other window begins"
    assert list(counter.queue(window(3))) == [contact, behind]
    counter.start(contact=counter.call_next(window=window(3), by=staff(CLERK_3)), by=staff(CLERK_3))
    assert owner_of(contact).post.code == "window-3"
    with pytest.raises(Refused, match="没有别的窗口"):
        counter.forward(contact=served(here, 1, "LN-001"), by=staff(CLERK_1))


def test_who_goes_is_counted_with_how_long_they_waited(here, clock):
    left, empty = taken(here, "LN-001"), taken(here)
    clock.shift(timedelta(minutes=40))
    tickets.leave(contact=left)
    tickets.nobody(contact=empty)
    assert reads(left, "left") and reads(empty, "nobody")
    assert Event.objects.get(type="contact.leave").data["waited"] == 40
    with pytest.raises(Refused, match="不能不等了"):
        tickets.leave(contact=left)


def test_in_the_night_who_only_waited_has_left_and_what_is_owned_stays(here, clock):
    waiting, owned = taken(here, "JF-001"), served(here, 1, "LN-001")
    assert tickets.close_days() == 0
    clock.shift(timedelta(days=1))
    assert tickets.close_days() == 1 and tickets.close_days() == 0
    assert fresh(waiting).state == "ended" and reads(waiting, "left")
    assert fresh(waiting).ended_at.astimezone(UTC).date() == NINE.date()
    assert fresh(owned).state == "owned"
    with pytest.raises(Refused):
        counter.call_next(window=window(3), by=staff(CLERK_3))


def test_the_database_keeps_number_and_row(here):
    contact = taken(here)
    for change in ({"number": "A-260316-009"}, {"opened_at": NINE - timedelta(days=1)}, {"serial": 7}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Contact.objects.filter(pk=contact.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(state="ended")
    with pytest.raises(DatabaseError), transaction.atomic():
        contact.errands.all()._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        contact.errands.update(outcome="refused", ended_at=NINE)


def test_a_neighbour_reaches_no_contact(here, other_town):
    contact = taken(here, "LN-001")
    code = numbers.code_of(here, contact.number)
    with pytest.raises(Refused, match="不对"):
        numbers.find(other_town, contact.number, code)
    with pytest.raises(Refused, match="不是本镇办的"):
        foreign = items("LN-001")[0]
        foreign.town_id = other_town.pk
        tickets.take(site=hall_of(here), items=[foreign])
