"""What a gateway answers, and what we make of it. Real sockets on loopback."""

import hmac
import json
import socket
import time
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.notices.enums import Problem
from mingtang.notices.transports import Outcome, Parcel, mail, sms, webhook
from mingtang.notices.transports.http import code_of
from tests.factories.gateways import as_json, http_gateway, mail_server

pytestmark = pytest.mark.pure
PHONE = "10000000001"
PARCEL = Parcel(
    to=PHONE,
    title="万庾镇：受理",
    text="您的件“已经”受理{id}。",
    once="event:1:sms",
    town="430623107",
    domain="a.example",
)


@pytest.fixture
def gateway(settings):
    with http_gateway() as made:
        settings.SMS_URL = settings.WEBHOOK_URL = made.url
        settings.SMS_HEADERS = {"Authorization": "Bearer secret"}
        settings.NOTICE_TIME_LIMIT = 0.4
        yield made


@pytest.mark.parametrize(
    ("behaviour", "outcome", "problem"),
    [
        ("ok", Outcome.SENT, ""),
        ("refuse", Outcome.REFUSED, Problem.REFUSED),
        ("bad_request", Outcome.REFUSED, Problem.REFUSED),
        ("busy", Outcome.UNCLEAR, Problem.BUSY),
        ("garbage", Outcome.UNCLEAR, Problem.UNCLEAR),
        ("no_code", Outcome.UNCLEAR, Problem.UNCLEAR),
        ("hang_up", Outcome.UNCLEAR, Problem.UNCLEAR),
        ("locked_out", Outcome.UNCLEAR, Problem.SETUP),
        ("silent", Outcome.UNCLEAR, Problem.TIMEOUT),
        ("dripping", Outcome.UNCLEAR, Problem.TIMEOUT),
    ],
)
def test_a_clear_no_is_final_and_everything_unclear_is_tried_again(gateway, behaviour, outcome, problem):
    gateway.behaviour = behaviour
    began = time.monotonic()
    answer = sms.send(PARCEL)
    assert (answer.outcome, answer.problem) == (outcome, problem)
    assert time.monotonic() - began < 5, "a gateway that never answers holds nobody up"
    assert PHONE not in answer.detail
    assert len(gateway.got) == 1


def test_a_gateway_that_is_not_there_is_unreachable(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
    answer = sms.send(PARCEL)
    assert (answer.outcome, answer.problem) == (Outcome.UNCLEAR, Problem.UNREACHABLE)


def test_the_gateway_gets_phone_text_key_and_secret(gateway):
    sms.send(PARCEL)
    request = gateway.got[0]
    assert as_json(request) == {"phone": PHONE, "text": PARCEL.text, "id": PARCEL.once}
    assert request["headers"]["Idempotency-Key"] == PARCEL.once
    assert request["headers"]["Authorization"] == "Bearer secret"
    assert request["path"] == "/send?town=1"


def test_a_form_is_posted_where_the_template_is_one(gateway, settings):
    settings.SMS_BODY = "mobile={phone}&content={text}&sign=&msgid={id}"
    sms.send(PARCEL)
    assert parse_qs(gateway.got[0]["body"].decode(), keep_blank_values=True) == {
        "mobile": [PHONE],
        "content": [PARCEL.text],
        "sign": [""],
        "msgid": [PARCEL.once],
    }


@given(text=st.text(max_size=40))
def test_no_text_changes_the_shape_of_what_is_sent(text):
    parcel = Parcel(to=PHONE, title="", text=text, once="{text}", town="", domain="")
    body, _ = sms.body_for(parcel, '{"a": ["{phone}", {"b": "【{text}】"}], "id": "{id}", "n": 1}')
    assert json.loads(body) == {"a": [PHONE, {"b": f"【{text}】"}], "id": "{text}", "n": 1}


def test_a_gateway_without_a_body_may_say_yes_by_its_status(gateway, settings):
    settings.SMS_ACCEPTED = ""
    gateway.behaviour = "garbage"
    assert sms.send(PARCEL).outcome == Outcome.SENT


@pytest.mark.parametrize(("value", "kept"), [(7, "7"), ("isv.LIMIT", "isv.LIMIT"), (PHONE, ""), ("a 13900000000", "")])
def test_of_an_answer_only_a_code_is_kept(value, kept):
    assert code_of(value) == kept


def test_what_is_pushed_is_signed_over_moment_and_body(gateway, settings):
    settings.WEBHOOK_SECRET = "sixteen characters"
    parcel = Parcel(to="", title="", text='{"type":"case.accepted"}', once="event:1:webhook", town="1", domain="")
    assert webhook.send(parcel).outcome == Outcome.SENT
    request = gateway.got[0]
    moment, _, given_hmac = request["headers"]["Mingtang-Signature"].partition(",")
    made = hmac.new(b"sixteen characters", moment[2:].encode() + b"." + request["body"], "sha256").hexdigest()
    assert given_hmac == f"v1={made}"
    assert request["body"].decode() == parcel.text


@pytest.fixture
def post_office(settings):
    with mail_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", made.port, 0.5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "hall@a.example"
        yield made


LETTER = Parcel(to="man@b.example", title="受理", text="已经受理。", once="event:1:email", town="1", domain="a.example")


def test_a_letter_is_taken_with_the_same_identity_each_time(post_office):
    assert mail.send(LETTER).outcome == Outcome.SENT
    assert mail.send(LETTER).outcome == Outcome.SENT
    first, second = (next(row for row in one.splitlines() if "Message-ID" in row) for one in post_office.letters)
    assert first == second
    assert "<man@b.example>" in post_office.receivers[0]


def test_a_letter_of_a_subscription_says_how_to_end_it_by_one_press(post_office):
    mail.send(replace(LETTER, unsubscribe="https://a.example/subscribe/stop?k=1"))
    assert "List-Unsubscribe: <https://a.example/subscribe/stop?k=1>" in post_office.letters[0]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in post_office.letters[0]
    mail.send(LETTER)
    assert "List-Unsubscribe" not in post_office.letters[1]


@pytest.mark.parametrize(
    ("answers", "outcome", "problem"),
    [
        ({"RCPT": "550 no such box"}, Outcome.REFUSED, Problem.REFUSED),
        ({"RCPT": "450 later"}, Outcome.UNCLEAR, Problem.BUSY),
        ({"MAIL": "530 log in first"}, Outcome.UNCLEAR, Problem.SETUP),
        ({"HELLO": "554 go away"}, Outcome.UNCLEAR, Problem.SETUP),
        ({"HELLO": "gibberish"}, Outcome.UNCLEAR, Problem.SETUP),
        ({"DATA": "552 too big"}, Outcome.REFUSED, Problem.REFUSED),
    ],
)
def test_a_mail_server_that_says_no_for_good_is_final(post_office, answers, outcome, problem):
    post_office.answers.update(answers)
    answer = mail.send(LETTER)
    assert (answer.outcome, answer.problem) == (outcome, problem)


def test_a_silent_mail_server_is_waited_for_no_longer_than_the_limit(settings, post_office):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.2
        answer = mail.send(LETTER)
    assert (answer.outcome, answer.problem) == (Outcome.UNCLEAR, Problem.TIMEOUT)


def test_an_address_with_a_line_break_is_refused_and_injects_nothing(post_office):
    bad = Parcel(to="a@b.example\nBcc: c@d.example", title="t", text="x", once="1", town="1", domain="")
    assert mail.send(bad).outcome == Outcome.REFUSED
    assert post_office.letters == []
