"""An order from the yard to the window and home again: who may do what when, the consent, the promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mingtang.agents import actions, numbers, originals, promises
from mingtang.agents.actions import Slip, Taking
from mingtang.agents.enums import OrderState, Way
from mingtang.agents.models import Order
from mingtang.agents.originals import Paper
from mingtang.agents.policies import check_state
from mingtang.agents.proved import check_orders
from mingtang.agents.states import ORDER
from mingtang.events.models import Event
from mingtang.hall import pads
from mingtang.hall.proved import check_contacts
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.policies import powers_of
from mingtang.towns.viewer import Viewer
from mingtang.workdays.tables import calendar_for
from tests.factories.cast import AGENT, CASHIER, CENTRE, CLERK_1, CLERK_3, DISCIPLINE, FOREST, staff
from tests.factories.hall import items
from tests.factories.orders import (
    AT_HOME,
    PERSON,
    asked,
    begun,
    collected,
    fresh,
    handing_in,
    ready,
    received,
    station_of,
    submitted,
    taking,
    terms,
    window_post,
)
from tests.factories.orders import originals as papers_of

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday
LIVE = "asked taken handing_in handed_in collected"
BEGUN = "taken handing_in handed_in collected delivered withdrawn not_possible"
# act: (states it may begin from, state it leads to or "" when it stays, who may)
LAW = {
    "ask": ("", "asked", "clerk agent"),
    "begin": ("", "taken", "agent"),
    "take": ("asked", "taken", "agent"),
    "decline": ("asked", "declined", "agent"),
    "renew": ("taken handing_in handed_in collected", "", "agent"),
    "entrust": ("taken handed_in", "", "agent"),
    "hand_in": ("taken", "handing_in", "agent"),
    "take_back": ("handing_in", "taken", "agent"),
    "receive": ("handing_in", "handed_in", "window"),
    "send_back": ("handing_in", "taken", "window"),
    "submit": ("taken handed_in", "handed_in", "agent window"),
    "collect": ("handed_in", "collected", "agent"),
    "deliver": ("collected", "delivered", "agent"),
    "not_possible": ("taken handed_in", "not_possible", "agent window"),
    "withdraw": (LIVE, "withdrawn", "agent"),
    "offer_papers": (BEGUN, "", ""),
    "accept_papers": (BEGUN, "", ""),
    "refuse_papers": (BEGUN, "", ""),
    "settle_lost": (BEGUN, "", ""),
    "return_papers": (BEGUN, "", ""),
}
REACHED = {"asked": asked, "taken": begun, "handing_in": handing_in, "handed_in": received, "collected": collected}
# Acts on the whole order, as one would press them.
PRESSED = {
    "decline": lambda order, by: actions.decline(order=order, reason="不是我们村的，请找清水村。", by=by),
    "renew": lambda order, by: actions.renew(order=order, terms=terms(), by=by),
    "entrust": lambda order, by: actions.entrust(order=order, papers=[Paper("低保证")], by=by),
    "hand_in": lambda order, by: actions.hand_in(order=order, to=window_post(), papers=[], by=by),
    "take_back": lambda order, by: actions.take_back(order=order, by=by),
    "receive": lambda order, by: actions.receive(order=order, papers=papers_of(order), by=by),
    "send_back": lambda order, by: actions.send_back(order=order, reason="材料没有带来。", by=by),
    "not_possible": lambda order, by: actions.not_possible(order=order, note="还差照片，请补一张。", by=by),
    "withdraw": lambda order, by: actions.withdraw(order=order, by=by),
    "take": lambda order, by: actions.take(order=order, person=AT_HOME, taking=taking(), by=by),
}


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    station_of(town)
    return town


def sound(town):
    assert [*check_orders(town), *check_contacts(town)] == []


@pytest.mark.pure
def test_the_table_is_what_is_written_here():
    found = {act: (set(row.sources), row.target or "") for act, row in ORDER.items()}
    assert found == {act: (set(sources.split()), target) for act, (sources, target, _) in LAW.items()}
    assert all(row.basis and row.title for row in ORDER.values())


@pytest.mark.pure
@pytest.mark.parametrize(("act", "state"), list(product(LAW, OrderState.values)))
def test_an_order_refuses_every_act_the_table_does_not_name(act, state):
    order = Order(state=state, number="WYD2600001X")
    if state in LAW[act][0].split():
        check_state(act, order)
    else:
        with pytest.raises(Refused, match="不能"):
            check_state(act, order)


@pytest.mark.parametrize("state", REACHED)
def test_every_act_in_every_state_by_every_role(here, state):
    """Who the table names does it, and everybody else is told in one sentence and changes nothing."""
    order = REACHED[state](here)
    people = {"agent": AGENT, "window": CLERK_1, "other": CLERK_3, "step": FOREST, "cashier": CASHIER, "head": CENTRE}
    for (name, press), (role, username) in product(PRESSED.items(), people.items()):
        sources, target, who = LAW[name]
        allowed = state in sources.split() and role in who.split()
        if name == "not_possible":  # who is responsible for the errand says so
            allowed = (state, role) in {("taken", "agent"), ("handed_in", "window")}
        before = Event.objects.count()
        undo = transaction.savepoint()
        try:
            press(fresh(order), staff(username))
            assert allowed, (state, name, role)
            assert fresh(order).state == (target or state)
            sound(here)
        except Refused as refusal:
            assert not allowed, (state, name, role, refusal.message)
            assert refusal.message.endswith("。")
            assert Event.objects.count() == before
        transaction.savepoint_rollback(undo)


# The way there and back


def test_an_order_goes_to_the_window_and_home(here):
    order = collected(here)
    assert [row.name for row in papers_of(order)] == ["身份证", "户口本", "优待证"]
    actions.deliver(order=order, way=Way.SIGNED, by=staff(AGENT))
    order = fresh(order)
    assert (order.state, order.late, order.contact.state) == ("delivered", 0, "ended")
    assert originals.away(order, timezone.now()) == []
    assert [row.outcome for row in order.contact.errands.all()] == ["case"]
    (case,) = order.cases
    assert case.window.post == window_post() and case.contact_at == order.asked_at
    sound(here)


def test_the_same_form_sent_twice_is_one_order(here):
    assert asked(here, token="same") == asked(here, token="same")
    sent = {"station": station_of(here), "person": PERSON, "place": "station", "submission": "two", "by": staff(AGENT)}
    assert actions.begin(taking=taking(), **sent) == actions.begin(taking=taking(), **sent)
    assert Order.objects.count() == 2


def test_an_order_of_a_slip_is_that_contact(here, clock):
    pad = pads.issue_pad(site=station_of(here), code="CD01", first=1, last=9, by=staff(CENTRE))
    came = timezone.now()
    clock.shift(timedelta(hours=30))
    order = actions.begin(
        station=station_of(here), person=PERSON, place="station", submission="slip", by=staff(AGENT),
        taking=Taking(items("LN-001"), terms(), (), Slip(pad, 3, came)),
    )  # fmt: skip
    assert order.contact.number == "CD01-003" and order.asked_at == came
    case = submitted(order, staff(AGENT)).case
    assert case.contact_at == came, "the days run from the time on the slip"
    assert fresh(order).state == "handed_in" and fresh(order).contact.ended_at
    with pytest.raises(Refused, match="已经登记过"):
        actions.begin(
            station=station_of(here), person=PERSON, place="station", submission="again", by=staff(AGENT),
            taking=Taking(items("LN-001"), terms(), (), Slip(pad, 3, came)),
        )  # fmt: skip


def test_the_days_of_a_visit_run_from_the_call(here, clock):
    order = asked(here, by=staff(CLERK_1))
    called = timezone.now()
    clock.shift(timedelta(days=1))
    code = numbers.code_of(order)
    order = actions.take(
        order=order, person=AT_HOME, taking=taking(way=Way.CODE), by=staff(AGENT), code=f" {code.lower()} "
    )
    assert submitted(order, staff(AGENT)).case.contact_at == called
    assert order.person["asker"] == "女儿（演示）"


def test_a_wrong_code_is_no_consent_and_is_counted(here):
    order = asked(here)
    for _ in range(5):
        with pytest.raises(Refused, match="查询码不对"):
            actions.take(order=order, person=AT_HOME, taking=taking(way=Way.CODE), by=staff(AGENT), code="AAAAAAAA")
    with pytest.raises(Refused, match="次数太多"):
        actions.take(
            order=order, person=AT_HOME, taking=taking(way=Way.CODE), by=staff(AGENT), code=numbers.code_of(order)
        )


# The consent


@pytest.mark.parametrize(
    ("scope", "reach", "act", "words"),
    [
        ({"hands_in": False}, begun, "hand_in", "递交材料"),
        ({"answers": False}, received, "entrust", "补交材料"),
        ({"collects": False}, ready, "collect", "领取结果"),
    ],
)
def test_the_agent_does_only_what_was_consented_to(here, scope, reach, act, words):
    order = reach(here)
    actions.renew(order=order, terms=terms(**scope), by=staff(AGENT))
    with pytest.raises(Refused, match=f"没有委托{words}"):
        PRESSED.get(act, lambda order, by: actions.collect(order=order, results=[], by=by))(order, staff(AGENT))


def test_a_consent_ends_on_its_day(here, clock):
    order = begun(here, until=timezone.localdate())
    clock.shift(timedelta(days=1))
    with pytest.raises(Refused, match="就过期了"):
        PRESSED["hand_in"](order, staff(AGENT))
    actions.renew(order=order, terms=terms(), by=staff(AGENT))
    assert PRESSED["hand_in"](order, staff(AGENT)).state == "handing_in"


@pytest.mark.parametrize("reach", [asked, begun, handing_in, received, collected])
def test_the_resident_takes_the_mandate_back_at_any_time(here, reach):
    order = actions.withdraw(order=reach(here))
    assert order.state == "withdrawn"
    with pytest.raises(Refused, match="不能"):
        PRESSED["hand_in"](order, staff(AGENT))
    if order.contact:
        assert fresh(order).contact.state == "ended", "its contact is not left without an outcome"
        for row in originals.away(order, timezone.now()):
            by = staff(AGENT if row.post.code == "station-changdi" else CLERK_1)
            actions.return_papers(order=order, papers=[row.original], way=Way.SIGNED, by=by)
        assert originals.away(order, timezone.now()) == [], "the originals still go home"
    sound(here)


def test_what_cannot_be_done_is_told_once_and_whole(here):
    order = actions.not_possible(order=begun(here), note="还差一张照片，拍好交给代办员。", by=staff(AGENT))
    errand = order.contact.errands.get()
    assert (errand.outcome, errand.note) == ("notice", "还差一张照片，拍好交给代办员。")
    assert order.ended_why == errand.note


# Promises


def test_what_was_promised_and_not_kept_is_counted(here, clock):
    calendar = calendar_for(here)
    order = asked(here)
    found = promises.due(order, calendar, timezone.localdate())
    assert (found.day.isoformat(), found.days_late, found.promise.who) == ("2026-03-18", 0, "代办员")
    clock.shift(timedelta(days=3))
    (count,) = promises.counts(here, 2026)
    assert (count.came, count.running, count.delivered, count.running_late) == (1, 1, 0, 1)
    order = actions.take(order=order, person=AT_HOME, taking=taking(), by=staff(AGENT))
    assert order.late == 1
    in_time = actions.deliver(order=collected(here), way=Way.SIGNED, by=staff(AGENT))
    assert in_time.late == 0
    (count,) = promises.counts(here, 2026)
    assert (count.came, count.running, count.delivered, count.in_time, count.running_late) == (2, 1, 1, 1, 0)
    sound(here)


def test_while_the_offices_work_the_agent_owes_nothing(here):
    order = received(here, "LM-001")
    calendar, today = calendar_for(here), timezone.localdate()
    assert promises.due(order, calendar, today).promise.who == "窗口"
    errand = order.contact.errands.select_related("contact", "item").get()
    assert errand.item.code == "LM-001"
    assert promises.due(ready(here), calendar, today).promise.what == "领取结果"


# Who sees what


def test_each_sees_what_is_theirs(here):
    mine, theirs = received(here), asked(here)

    def seen(username):
        person = staff(username)
        return set(Order.objects.visible_to(Viewer(here, person.pk, powers_of(person))))

    assert seen(AGENT) == {mine, theirs}
    assert seen(CLERK_1) == {mine}, "a window sees what was handed to it"
    assert seen(CLERK_3) == seen(FOREST) == seen(CASHIER) == set()
    assert seen(CENTRE) == seen(DISCIPLINE) == {mine, theirs}
    assert not Order.objects.visible_to(Viewer(here)).exists()
    assert not Order.objects.visible_to(Viewer(here, staff(CASHIER).pk, frozenset({Permission.CASE_READ}))).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"id_number": "430623190001010000"}, "id_number"),
        ({"address": "长" * 101}, "address"),
    ],
)
def test_a_wrong_word_about_a_person_names_its_field(here, change, field):
    with pytest.raises(Refused) as refusal:
        actions.begin(
            station=station_of(here), person=replace(PERSON, **change), place="station", taking=taking(),
            submission="wrong", by=staff(AGENT),
        )  # fmt: skip
    assert refusal.value.field == field
    assert not Order.objects.exists()


@pytest.mark.parametrize("table", ["agents_order", "agents_original", "agents_handover"])
def test_a_changed_row_is_named_or_refused_by_the_database(here, table):
    received(here)
    column = {"agents_order": "late", "agents_original": "sheets", "agents_handover": "accepted_at"}[table]
    value = {"late": "9", "sheets": "9", "accepted_at": "NULL, accepted_by_id = NULL, way = ''"}[column]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id IN (SELECT MIN(id) FROM {table})")
    except DatabaseError:
        sound(here)
    else:
        assert [finding.table for finding in check_orders(here)] == ["agents_order"]
