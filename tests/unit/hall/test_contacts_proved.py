"""`mingtang verify` names a contact or a pad of slips that is not what its events made of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.hall import booking, counter, pads, presence, proved, tickets
from mingtang.hall.models import Contact, EmptyWindow, Errand, Owner, PriorityRule
from mingtang.hall.proved_presses import check_presses
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, LAND, staff
from tests.factories.hall import band, called, hall_of, items, served, station, taken, window

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday


def every_life(town, clock) -> list[Contact]:
    """A contact of each way of coming, moving and ending."""
    site, land = hall_of(town), Post.objects.get(code="land-review")
    band(site, "weekday", 9, 17, "window-1", "window-3")
    type(site).objects.filter(pk=site.pk).update(book_share=50)
    tomorrow = NINE + timedelta(days=1)
    absent, cancelled, came = (booking.book(site=site, begins=tomorrow + n * booking.SLOT) for n in range(3))
    tickets.cancel(contact=cancelled)
    elder = PriorityRule.objects.create(town=town, name="七十岁以上老人", minutes=20, basis="老年人权益保障法")
    old = tickets.take(site=site, items=items("LN-001"), rule=elder)
    tickets.nobody(contact=old)
    handed = served(town, 3, "JF-001")
    counter.add(contact=handed, item=None, by=staff(CLERK_3))
    counter.offer(contact=handed, post=land, reason="看底册", by=staff(CLERK_3))
    counter.decline(contact=handed, reason="不在我这里", by=staff(LAND))
    counter.offer(contact=handed, post=land, reason="请再看底册", by=staff(CLERK_3))
    counter.take_over(contact=handed, by=staff(LAND))
    first, second = handed.errands.all()
    clock.shift(timedelta(minutes=7))
    counter.settle(errand=first, outcome="refused", clause="办法第三条", note="年龄没到。", by=staff(LAND))
    counter.settle(errand=second, outcome="answered", by=staff(LAND))
    waits = taken(town, "JF-001")
    passed = called(town, 1, "LN-001")
    counter.recall(contact=passed, by=staff(CLERK_1))
    counter.skip(contact=passed, by=staff(CLERK_1))
    tickets.come_back(contact=passed)
    walked = counter.receive(window=window(1), items=[*items("LN-001"), None, *items("JF-001")], by=staff(CLERK_1))
    counter.forward(contact=walked, by=staff(CLERK_1))
    pad = pads.issue_pad(site=station(town), code="CD01", first=1, last=9, by=staff(CENTRE))
    clock.shift(timedelta(hours=2))
    slip = pads.enter_slip(pad=pad, slip=2, came_at=timezone.now() - timedelta(hours=1), items=[], by=staff(CLERK_1))
    pads.void_slip(pad=pad, slip=1, reason="写坏了", by=staff(CLERK_1))
    clock.move_to(tomorrow)
    tickets.check_in(contact=came)
    tickets.close_days()
    clock.shift(timedelta(days=1))
    tickets.close_days()
    return [absent, cancelled, came, old, handed, waits, passed, walked, slip]


def every_press(town, clock) -> tuple[EmptyWindow, EmptyWindow, EmptyWindow]:
    """Presses at two windows: one that was answered in time, one that was explained, one that nobody explained."""
    met = presence.press(window=window(1))
    clock.shift(timedelta(minutes=2))
    presence.press(window=window(1))
    served(town, 1, "LN-001")
    clock.shift(timedelta(hours=1))
    explained, silent = presence.press(window=window(1)), presence.press(window=window(3))
    clock.shift(timedelta(minutes=5))
    presence.press(window=window(1))
    clock.shift(timedelta(minutes=6))
    presence.answer(row=explained, text="下村测量，没有挂牌。", by=staff(CENTRE))
    return met, explained, silent


def found(town) -> list[str]:
    return [str(finding) for finding in (*proved.check_contacts(town), *proved.check_pads(town))]


def behind(table: str, change: str, *values: object) -> None:
    """One statement by somebody with the database's own password."""
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for trigger in ("frozen", "no_delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{trigger}{on}")
        cursor.execute(change, values)


def forget(event: Event, *names: str) -> None:
    """An event as an earlier release wrote it."""
    on = "" if connection.vendor == "sqlite" else " ON events_event"
    behind("events_event", f"DROP TRIGGER IF EXISTS events_event_no_update{on}")
    event.data = {name: value for name, value in event.data.items() if name not in names}
    Event.save(event, update_fields=["data"])


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def test_contacts_made_by_the_acts_are_whole_and_each_changed_column_is_named(clock, town):
    lives = every_life(town, clock)
    absent, _, _, old, handed, _, _, _, slip = lives
    assert found(town) == []
    assert {row.state for row in Contact.objects.all()} == {"ended", "owned"}
    other = Owner.objects.exclude(post__code="land-review").first()
    contact, errand, owner = "UPDATE hall_contact SET", "UPDATE hall_errand SET", "UPDATE hall_owner SET"
    first = handed.errands.first()
    two_days, late = NINE - timedelta(days=2), NINE + timedelta(hours=1)
    whole = {model: list(model.objects.values()) for model in (Contact, Errand, Owner)}
    for table, change, values, row, named in (
        ("hall_contact", f"{contact} channel = 'walk_in' WHERE id = %s", [old.pk], old, "怎么来的"),
        ("hall_contact", f"{contact} day = %s WHERE id = %s", [two_days.date(), slip.pk], slip, "日期"),
        ("hall_contact", f"{contact} day = %s WHERE id = %s", [two_days.date(), old.pk], old, "号"),
        ("hall_contact", f"{contact} serial = 99 WHERE id = %s", [old.pk], old, "号"),
        ("hall_contact", f"{contact} slip = 3 WHERE id = %s", [slip.pk], slip, "号"),
        ("hall_contact", f"{contact} opened_at = %s WHERE id = %s", [two_days, old.pk], old, "来访时间"),
        ("hall_contact", f"{contact} booked_for = %s WHERE id = %s", [two_days, absent.pk], absent, "预约时间"),
        ("hall_contact", f"{contact} rule_id = NULL WHERE id = %s", [old.pk], old, "优先"),
        ("hall_contact", f"{contact} state = 'owned', ended_at = NULL WHERE id = %s", [handed.pk], handed, "状态"),
        ("hall_contact", f"{contact} started_at = %s WHERE id = %s", [late, handed.pk], handed, "等候"),
        ("hall_contact", f"{contact} site_id = %s WHERE id = %s", [slip.site_id, old.pk], old, "地方"),
        ("hall_errand", f"{errand} outcome = 'answered' WHERE id = %s", [old.errands.get().pk], old, "下落"),
        ("hall_errand", f"{errand} clause = '办法第九条' WHERE id = %s", [first.pk], handed, "写的话"),
        ("hall_errand", f"{errand} item_id = NULL WHERE id = %s", [first.pk], handed, "要办的事"),
        ("hall_errand", "DELETE FROM hall_errand WHERE id = %s", [first.pk], handed, "要办的事"),
        ("hall_owner", f"{owner} post_id = %s WHERE contact_id = %s", [other.post_id, handed.pk], handed, "责任人"),
        ("hall_owner", f"{owner} reason = 'x' WHERE contact_id = %s", [handed.pk], handed, "责任人"),
    ):
        behind(table, change, *values)
        said = found(town)
        assert len(said) == 1 and f"来访 {row.number} " in said[0] and named in said[0], (change, said)
        for model, rows in whole.items():
            for kept in rows:
                if not model.objects.filter(pk=kept["id"]).update(**kept):
                    model.objects.create(**kept)
        assert found(town) == [], change


def test_a_contact_without_its_events_and_events_without_their_contact_are_named(clock, town):
    kept, gone = taken(town, "LN-001"), taken(town)
    assert found(town) == []
    behind("hall_errand", "DELETE FROM hall_errand WHERE contact_id = %s", gone.pk)
    behind("hall_contact", "DELETE FROM hall_contact WHERE id = %s", gone.pk)
    assert found(town) == [f"表 hall_contact contact:{gone.number}：事件里的来访不见了。"]
    behind("hall_contact", "UPDATE hall_contact SET number = 'A-260316-002', serial = 2 WHERE id = %s", kept.pk)
    assert [f"表 hall_contact contact:{kept.number}：事件里的来访不见了。"] == found(town)[-1:]
    behind("hall_contact", "UPDATE hall_contact SET number = 'A-260316-007', serial = 7 WHERE id = %s", kept.pk)
    assert "来访 A-260316-007 没有开号的事件" in found(town)[0]


def test_a_pad_whose_end_was_moved_and_a_slip_that_was_not_spoiled_are_named(clock, town):
    every_life(town, clock)
    for table, change in (
        ("hall_pad", "UPDATE hall_pad SET first = 2"),
        ("hall_padvoid", "UPDATE hall_padvoid SET reason = 'x'"),
        ("hall_padvoid", "DELETE FROM hall_padvoid"),
    ):
        behind(table, change)
        (sentence,) = found(town)
        assert "号单本 CD01" in sentence
        behind("hall_pad", "UPDATE hall_pad SET first = 1")


def test_what_an_earlier_release_did_not_write_down_is_not_missed(clock, town):
    """Its events named neither the errands nor the moment, and a slip not the post of who entered it."""
    every_life(town, clock)
    later = ("opened_at", "site", "items", "post", "words")
    for event in Event.objects.filter(
        type__in=["contact.take", "contact.book", "contact.receive", "contact.enter_slip", "contact.settle"]
    ):
        kept = {"post"} if event.type == "contact.receive" else {"items"} if event.type == "contact.take" else set()
        forget(event, *(name for name in later if name not in kept))
    assert found(town) == []


def pressed(town) -> list[str]:
    return [str(finding) for finding in check_presses(town)]


def test_presses_of_nobody_here_are_whole_and_each_changed_column_is_named(clock, town):
    met, explained, silent = every_press(town, clock)
    assert pressed(town) == []
    whole = list(EmptyWindow.objects.values())
    change, when = "UPDATE hall_emptywindow SET", NINE - timedelta(days=1)
    for values, row, title in (
        ({"presses": 1}, explained, "次数"),
        ({"last_at": when}, silent, "最后一次按"),
        ({"met_at": when}, silent, "有人应"),
        ({"met_at": None}, met, "有人应"),
        ({"answer": "停电。"}, explained, "说明"),
        ({"answer": "", "answered_by_id": None, "answered_at": None}, explained, "说明、说明人、说明时间"),
        ({"answered_by_id": staff(CLERK_1).pk}, explained, "说明人"),
        ({"answered_at": when}, explained, "说明时间"),
    ):
        columns = ", ".join(f"{name} = %s" for name in values)
        behind("hall_emptywindow", f"{change} {columns} WHERE id = %s", *values.values(), row.pk)
        (sentence,) = pressed(town)
        assert f"表 hall_emptywindow 第{row.pk}行" in sentence and f"，{title}和事件里记的不一样" in sentence
        for kept in whole:
            EmptyWindow.objects.filter(pk=kept["id"]).update(**kept)
    behind("hall_emptywindow", f"{change} first_at = %s WHERE id = %s", when, silent.pk)
    assert ["第一次按的时间" in sentence for sentence in pressed(town)] == [True, False]
    behind("hall_emptywindow", "DELETE FROM hall_emptywindow WHERE id = %s", silent.pk)
    assert pressed(town) == [f"表 hall_emptywindow {silent.window.subject}：事件里的“窗口没人”不见了。"]


def test_presses_of_an_earlier_release_are_known_by_their_order(clock, town):
    """It wrote down how often was pressed and what was answered, not when, nor which presses an answer was of."""
    _, explained, silent = every_press(town, clock)
    for event in Event.objects.filter(type__in=[presence.PRESSED, presence.ANSWERED]):
        forget(event, "first_at")
    assert pressed(town) == []
    presence.answer(row=silent, text="去开会了，没有挂牌。", by=staff(CENTRE))
    assert pressed(town) == []
    for change, row, title in (
        ("presses = 9", explained, "次数"),
        ("answer = '停电。'", explained, "说明"),
        ("answer = '停电。'", silent, "说明"),
    ):
        behind("hall_emptywindow", f"UPDATE hall_emptywindow SET {change} WHERE id = %s", row.pk)
        assert f"第{row.pk}行" in pressed(town)[-1] and f"，{title}和事件" in pressed(town)[-1]
        row.refresh_from_db()
        EmptyWindow.objects.filter(pk=explained.pk).update(presses=2, answer="下村测量，没有挂牌。")
    EmptyWindow.objects.filter(pk=silent.pk).update(answer="去开会了，没有挂牌。")
    clock.move_to(NINE + timedelta(days=1))
    presence.press(window=window(1))
    assert pressed(town) == [], "rows of this release beside them"
