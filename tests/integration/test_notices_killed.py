"""The outbox with real processes, real commits and a gateway on loopback: nothing lost, nothing sent twice at once."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.events import vault
from mingtang.lib.paths import CHECKOUT
from mingtang.lib.tx import act
from mingtang.notices import actions, sender
from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.models import Message
from mingtang.notices.transports import Outcome
from mingtang.towns.models import Jurisdiction
from tests.factories.gateways import as_json, http_gateway

CHILD = """
import django; django.setup()
from mingtang.notices import sender
sender.run_once("webhook")
"""
SENDERS, MESSAGES = 4, 12


@pytest.fixture
def gateway(settings):
    with http_gateway() as made:
        settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = made.url, "sixteen characters"
        yield made


@pytest.fixture
def queue(own_database, gateway):
    town = Jurisdiction.objects.get(code="430623107")
    with act():
        key = vault.new_key(town)

    def one(once: str) -> None:
        with act():
            actions.queue(
                town=town, subject="case:WY1", kind="case.accepted", channel=Channel.WEBHOOK, key=key, to="", name="",
                title="", text=f'{{"once": "{once}"}}', once=once,
            )  # fmt: skip

    return one


def test_a_process_killed_while_it_waits_for_an_answer_loses_nothing(own_database, gateway, queue, settings):
    queue("event:1:webhook")
    gateway.behaviour = "silent"
    environment = own_database.environment | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MINGTANG_PAYLOAD_KEY": settings.PAYLOAD_KEY,
        "MINGTANG_WEBHOOK_URL": gateway.url,
        "MINGTANG_WEBHOOK_SECRET": "sixteen characters",
    }
    child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=CHECKOUT, env=environment)
    try:
        assert gateway.arrived.wait(60), "the child has sent"
    finally:
        child.kill()
        child.wait()
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.SENDING, 1)
    gateway.behaviour = "ok"
    assert sender.run_once(Channel.WEBHOOK) is None, "nobody takes it while the lease may still be in use"
    later = timezone.now() + sender.lease_time() + timedelta(seconds=1)
    assert sender.run_once(Channel.WEBHOOK, lambda: later).outcome == Outcome.SENT
    assert [request["headers"]["Idempotency-Key"] for request in gateway.got] == ["event:1:webhook"] * 2
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 2)


def test_senders_side_by_side_send_each_message_once(gateway, queue, at_once):
    for number in range(MESSAGES):
        queue(f"event:{number}:webhook")

    def work() -> int:
        done = 0
        while sender.run_once(Channel.WEBHOOK) is not None:
            done += 1
        return done

    answers = at_once(*([work] * SENDERS))
    assert sum(answers) == MESSAGES
    assert Counter(as_json(request)["once"] for request in gateway.got) == {
        f"event:{number}:webhook": 1 for number in range(MESSAGES)
    }
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}
