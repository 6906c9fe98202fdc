"""The way of a message: queued once, leased, answered, tried again later, ended by a person."""

import logging
from datetime import timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events import vault
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices import actions, sender
from mingtang.notices.enums import Channel, MessageState, Problem
from mingtang.notices.models import Message
from mingtang.notices.policies import can
from mingtang.notices.states import MESSAGE
from mingtang.notices.transports import Answer, Outcome
from tests.factories.cast import CLERK_1, EDITOR, staff

PHONE, TEXT = "10000000001", "您的件已经受理（演示）。"
SENT = Answer(Outcome.SENT)
SILENT = Answer(Outcome.UNCLEAR, Problem.TIMEOUT)
NO = Answer(Outcome.REFUSED, Problem.REFUSED, "7")
S = MessageState


@pytest.fixture
def ways(settings):
    settings.SMS_URL, settings.SMTP_URL = "http://127.0.0.1:1/", "smtp://127.0.0.1:1"


@pytest.fixture
def key(town):
    with act():
        return vault.new_key(town)


@pytest.fixture
def queued(town, key, ways):
    def make(once="event:1:sms", channel=Channel.SMS, **more) -> Message:
        values = {
            "to": PHONE, "name": "文小满（演示）", "title": "受理", "text": TEXT, "owner_post": "window-1",
            "letter_to": "长堤村（演示）",
        }  # fmt: skip
        with act():
            actions.queue(
                town=town, subject="case:WY1", kind="case.accepted", channel=channel, key=key, once=once,
                **values | more,
            )  # fmt: skip
        return Message.objects.get(once=once)

    return make


@pytest.fixture
def gateway(monkeypatch):
    """Answers in the order given, then yes; keeps what it was handed."""
    answers, got = [], []

    def transport(parcel):
        got.append(parcel)
        answer = answers.pop(0) if answers else SENT
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(sender.TRANSPORTS, Channel.SMS, transport)
    return answers, got


@pytest.fixture
def clock():
    """A clock that stands until it is moved; noon of a day, so that text messages may go."""

    class Clock:
        now = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=12) + timedelta(days=1)

        def __call__(self):
            return self.now

    return Clock()


def test_a_message_is_queued_with_its_act_or_not_at_all(town, queued, key):
    with pytest.raises(RuntimeError, match="transaction"), transaction.atomic():
        queued()
        raise RuntimeError("the act failed in its transaction")
    assert not Message.objects.exists()


def test_queued_twice_it_stands_once(queued):
    first, second = queued(), queued(text="another")
    assert first.pk == second.pk
    assert second.content["text"] == TEXT


def test_neither_address_nor_text_can_be_read_in_the_table(queued):
    message = queued()
    row = str(Message.objects.values().get()) + bytes(message.sealed).hex()
    assert PHONE not in row
    assert TEXT not in row
    assert PHONE.encode() not in bytes(message.sealed)
    assert message.content["to"] == PHONE


def test_without_a_gateway_a_text_message_becomes_a_letter(queued, settings):
    settings.SMS_URL = ""
    message = queued()
    assert (message.channel, message.content["to"], message.state_title) == ("print", "长堤村（演示）", "等着打印")


@pytest.mark.parametrize(("hour", "goes"), [(3, 8), (7, 8), (8, 8), (20, 20), (21, 8), (23, 8)])
def test_a_text_message_wakes_nobody(hour, goes):
    moment = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=hour, minute=0, second=0, microsecond=0)
    due = actions.at_daytime(Channel.SMS, moment)
    assert due.hour == goes
    assert moment <= due < moment + timedelta(hours=12)
    assert actions.at_daytime(Channel.EMAIL, moment) == moment


def test_what_was_taken_is_sent_and_told_as_an_event_without_the_person(queued, gateway, clock, caplog):
    message = queued()
    assert sender.run_once(Channel.SMS, clock) == SENT
    assert sender.run_once(Channel.SMS, clock) is None
    message.refresh_from_db()
    assert (message.state, message.attempts, message.ended_at) == (S.SENT, 1, clock())
    parcel = gateway[1][0]
    assert (parcel.to, parcel.text, parcel.once) == (PHONE, TEXT, "event:1:sms")
    event = Event.objects.get(type=actions.SENT)
    assert event.data == {"about": "case:WY1", "kind": "case.accepted", "channel": "sms", "attempts": 1}
    assert PHONE not in caplog.text


def test_an_unclear_answer_is_tried_again_later_and_later_then_a_person_decides(queued, gateway, clock):
    message = queued()
    gateway[0][:] = [SILENT] * sender.MOST
    for wait in sender.BACK_OFF:
        assert sender.run_once(Channel.SMS, clock) == SILENT
        assert sender.run_once(Channel.SMS, clock) is None, "not at once"
        message.refresh_from_db()
        assert message.state == S.WAITING
        assert message.next_at >= clock() + wait
        clock.now = message.next_at
    assert sender.run_once(Channel.SMS, clock) == SILENT
    message.refresh_from_db()
    assert (message.state, message.problem) == (S.FAILED, Problem.TIMEOUT)
    assert Event.objects.get(type=actions.FAILED).data["attempts"] == sender.MOST
    assert {parcel.once for parcel in gateway[1]} == {"event:1:sms"}, "one key at every attempt"


def test_a_clear_no_is_not_tried_again(queued, gateway, clock):
    message = queued()
    gateway[0][:] = [NO]
    sender.run_once(Channel.SMS, clock)
    message.refresh_from_db()
    assert (message.state, message.problem, message.detail) == (S.FAILED, Problem.REFUSED, "7")
    clock.now += timedelta(days=9)
    assert sender.run_once(Channel.SMS, clock) is None


def test_what_a_transport_throws_is_logged_by_its_kind_alone(queued, gateway, clock, caplog):
    message = queued()
    gateway[0][:] = [ValueError(f"cannot send {TEXT} to {PHONE}")]
    with caplog.at_level(logging.DEBUG):
        assert sender.run_once(Channel.SMS, clock).outcome == Outcome.UNCLEAR
    message.refresh_from_db()
    assert (message.state, message.detail) == (S.WAITING, "ValueError")
    assert "ValueError" in caplog.text
    assert PHONE not in caplog.text
    assert TEXT not in caplog.text


def test_one_lease_at_a_time_and_a_late_answer_changes_nothing(queued, ways, clock):
    queued()
    first = sender.claim(Channel.SMS, clock())
    assert sender.claim(Channel.SMS, clock() + sender.lease_time()) is None, "the lease still holds"
    late = clock() + sender.lease_time() + timedelta(seconds=1)
    second = sender.claim(Channel.SMS, late)
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert not sender.settle(first, NO, late)
    assert sender.settle(second, SENT, late)
    assert Message.objects.get().state == S.SENT


def test_a_message_on_which_every_process_dies_ends_with_a_person(queued, gateway, clock):
    queued()
    for _ in range(sender.MOST):
        assert sender.claim(Channel.SMS, clock()) is not None
        clock.now += sender.lease_time() + timedelta(seconds=1)
    sender.run_once(Channel.SMS, clock)
    message = Message.objects.get()
    assert (message.state, message.problem) == (S.FAILED, Problem.BROKEN)
    assert gateway[1] == []


def test_with_the_key_of_the_case_its_messages_are_gone(queued, gateway, clock, key):
    message = queued()
    key.wrapped, key.destroyed_at = None, timezone.now()
    key.save()
    sender.run_once(Channel.SMS, clock)
    message.refresh_from_db()
    assert (message.state, message.problem) == (S.FAILED, Problem.DESTROYED)
    assert gateway[1] == []


def _failed(queued, gateway, clock) -> Message:
    message = queued()
    gateway[0][:] = [NO]
    sender.run_once(Channel.SMS, clock)
    message.refresh_from_db()
    return message


def test_a_failed_message_is_sent_again_from_the_beginning(queued, gateway, clock):
    message = _failed(queued, gateway, clock)
    actions.retry(message=message, by=staff(CLERK_1))
    assert sender.run_once(Channel.SMS, clock) == SENT
    message.refresh_from_db()
    assert (message.state, message.attempts) == (S.SENT, 1)


def test_without_a_gateway_nothing_is_sent_again(queued, gateway, clock, settings):
    message = _failed(queued, gateway, clock)
    settings.SMS_URL = ""
    with pytest.raises(Refused, match="没有接通短信。请改成寄信"):
        actions.retry(message=message, by=staff(CLERK_1))


def test_a_failed_message_becomes_a_letter_and_two_clerks_post_it_once(queued, gateway, clock):
    clerk, message = staff(CLERK_1), _failed(queued, gateway, clock)
    message = actions.to_paper(message=message, by=clerk)
    assert (message.channel, message.state) == ("print", S.WAITING)
    assert Message.objects.get().content["to"] == "长堤村（演示）"
    assert sender.run_once(Channel.SMS, clock) is None
    assert actions.printed(messages=[message], by=clerk) == 1
    assert actions.printed(messages=[message], by=clerk) == 0
    assert Event.objects.filter(type=actions.PRINTED).count() == 1


def test_giving_up_needs_a_reason_in_which_no_number_stands(queued, gateway, clock):
    clerk, message = staff(CLERK_1), _failed(queued, gateway, clock)
    for reason in ("", "打 13812345678 告诉了"):
        with pytest.raises(Refused):
            actions.give_up(message=message, reason=reason, by=clerk)
    actions.give_up(message=message, reason="已经当面告诉本人。", by=clerk)
    message.refresh_from_db()
    assert (message.state, message.ended_by) == (S.GIVEN_UP, clerk)
    with pytest.raises(Refused, match="现在是“不再发”，不能再发一次"):
        actions.retry(message=message, by=clerk)


def test_a_month_after_its_end_address_and_text_are_destroyed(queued, gateway, clock):
    sent, waiting = queued(), queued(once="event:2:email", channel=Channel.EMAIL)
    sender.run_once(Channel.SMS, clock)
    assert actions.destroy_old(clock() + actions.KEEP) == 0
    assert actions.destroy_old(clock() + actions.KEEP + timedelta(seconds=1)) == 1
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.sealed, sent.state) == (None, S.SENT)
    assert waiting.sealed is not None
    with pytest.raises(Refused, match="依法销毁"):
        _ = Message.objects.get(pk=sent.pk).content


def test_only_who_sends_may_and_only_what_the_table_allows(town, other_town):
    law = {
        "retry": {S.FAILED},
        "to_paper": {S.WAITING, S.FAILED},
        "give_up": {S.WAITING, S.FAILED},
        "printed": {S.WAITING},
    }
    clerk, editor = staff(CLERK_1), staff(EDITOR)
    assert law.keys() == {name for name, row in MESSAGE.items() if row.who == ("staff",)}
    for name, state in product(law, S.values):
        assert can(name, Message(town=town, state=state), clerk) is (state in law[name]), (name, state)
        assert not can(name, Message(town=town, state=state), editor), (name, state)
        assert not can(name, Message(town=other_town, state=state), clerk), (name, state)


@pytest.mark.parametrize(
    "change",
    [
        {"state": S.SENDING},
        {"state": S.SENT},
        {"state": S.PRINTED, "ended_at": "2026-01-01T00:00:00+08:00"},
        {"state": S.GIVEN_UP, "ended_at": "2026-01-01T00:00:00+08:00"},
        {"reason": "已经当面告诉本人。"},
        {"channel": Channel.PRINT, "state": S.SENT, "ended_at": "2026-01-01T00:00:00+08:00"},
        {"sealed": None},
        {"sealed": None, "destroyed_at": "2026-01-01T00:00:00+08:00"},
    ],
)
def test_the_database_refuses_half_a_message(queued, change):
    message = queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)
