"""Who is told of what, by which way, in which words; and that nobody is told twice or unasked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.cases import actions, telling
from mingtang.cases.actions import kinds
from mingtang.cases.applicants import check
from mingtang.cases.enums import Outcome, ServeMode, TellBy
from mingtang.events import follow
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.errors import Refused
from mingtang.notices import wording
from mingtang.notices.enums import Channel
from mingtang.notices.models import Message
from tests.factories import acts
from tests.factories.cast import CENTRE, CLERK_3, DECIDER, FOREST, staff

PHONE = "10000000001"
BY_SMS = replace(acts.APPLICANT, phone=PHONE, tell_by=TellBy.SMS)
BY_MAIL = replace(acts.APPLICANT, email="man@b.example", tell_by=TellBy.EMAIL)
BY_LETTER = replace(acts.APPLICANT, tell_by=TellBy.PRINT)


@pytest.fixture(autouse=True)
def ways(settings):
    settings.SMS_URL, settings.SMTP_URL = "http://127.0.0.1:1/", "smtp://127.0.0.1:1"


def told() -> list[tuple[str, str]]:
    follow.settle()
    return list(Message.objects.order_by("pk").values_list("kind", "channel"))


def _whole_life(town, applicant, *, clerk=None, mode=ServeMode.POST):
    """A felling licence from application to service."""
    case = acts.apply(town, "LM-001", applicant=applicant, by=clerk).case
    by = staff(CLERK_3)
    actions.accept(case=case, by=by)
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(DECIDER))
    actions.serve(case=case, mode=mode, receiver="文小满（演示）", by=by)
    return acts.fresh(case)


def test_whoever_applies_online_is_told_of_every_step_in_plain_words(town):
    case = _whole_life(town, BY_SMS)
    assert [kind for kind, _ in told()] == [kinds.SUBMITTED, kinds.ACCEPTED, kinds.DECIDED, kinds.SERVED]
    assert {channel for _, channel in told()} == {"sms"}
    texts = [row.content["text"] for row in Message.objects.order_by("pk")]
    for text in texts:
        assert text.startswith("【万庾镇】您申请的")
        assert case.number in text
        assert "{" not in text
        assert PHONE not in text
        assert acts.APPLICANT.name not in text
        assert wording.segments(text) <= 2, text
    assert Message.objects.first().content["to"] == PHONE
    assert set(Message.objects.values_list("owner_post", flat=True)) == {case.version.spec.window_post}


def test_what_one_was_handed_at_the_window_is_not_told_again(town):
    _whole_life(town, BY_SMS, clerk=staff(CLERK_3), mode=ServeMode.DIRECT)
    assert [kind for kind, _ in told()] == [kinds.ACCEPTED, kinds.DECIDED]


def test_nobody_is_told_who_did_not_ask(town):
    _whole_life(town, acts.APPLICANT)
    assert told() == []


def test_followed_twice_nobody_is_told_twice(town):
    _whole_life(town, BY_MAIL)
    once = told()
    follow.rewind("notices")
    assert told() == once
    assert {channel for _, channel in once} == {"email"}


def test_the_one_notice_a_refusal_and_a_withdrawal_by_the_clerk_are_told(town):
    clerk = staff(CLERK_3)
    case = acts.apply(town, "LM-001", applicant=BY_LETTER, seen=()).case
    demands = dict.fromkeys(("id", "right", "plan"), "请带来（演示）。")
    actions.request_supplement(case=case, demands=demands, by=clerk)
    actions.withdraw(case=case, by=clerk)
    other = acts.apply(town, "LM-001", applicant=BY_LETTER).case
    actions.withdraw(case=other)
    assert [kind for kind, _ in told()] == [kinds.SUBMITTED, kinds.SUPPLEMENT, kinds.WITHDRAWN, kinds.SUBMITTED]
    letter = Message.objects.get(kind=kinds.SUPPLEMENT)
    assert (letter.channel, letter.content["to"]) == ("print", acts.APPLICANT.address)
    assert "告知书" in letter.content["text"]


def test_a_sealed_case_is_not_named_to_whoever_sees_the_telephone(town):
    acts.apply(town, "JZ-001", applicant=BY_SMS)
    follow.settle()
    text = Message.objects.get().content["text"]
    assert text.startswith("【万庾镇】您申请的事项收到了")
    assert acts.in_force(town, "JZ-001").spec.name not in text


def test_the_town_writes_its_own_words_and_may_tell_nothing(town):
    head = staff(CENTRE)
    wording.write(town=town, code=kinds.SUBMITTED, text="收到了：{编号}", is_told=True, by=head)
    case = acts.apply(town, "LM-001", applicant=BY_SMS).case
    follow.settle()
    assert Message.objects.get().content["text"] == f"【万庾镇】收到了：{case.number}"
    wording.write(town=town, code=kinds.SUBMITTED, text="收到了：{编号}", is_told=False, by=head)
    acts.apply(town, "LM-001", applicant=BY_SMS)
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请写明"),
        ("您好{姓名}", "没有“{姓名}”这一项"),
        ("期限{期限}", "没有“{期限}”这一项"),
        ("花括号{编号", "花括号没有成对"),
        ("问张三 13812345678", "手机"),
        ("字" * 201, "最多 200 个字"),
    ],
)
def test_words_with_a_person_or_a_place_that_does_not_exist_are_refused(town, text, said):
    with pytest.raises(Refused, match=said):
        wording.write(town=town, code=kinds.WITHDRAWN, text=text, is_told=True, by=staff(CENTRE))


def test_only_who_words_may_write_words(town):
    with pytest.raises(Refused, match="修改通知用语"):
        wording.write(town=town, code=kinds.DECIDED, text="好了{编号}", is_told=True, by=staff(CLERK_3))


@pytest.mark.parametrize(("length", "count"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_long_texts_are_paid_in_segments(length, count):
    assert wording.segments("字" * length) == count
    assert wording.segments("𠮷" * 36) == 2, "a rare character counts twice"


def test_the_words_of_the_program_pass_what_the_town_must_pass(town):
    for kind in wording.kinds():
        assert wording.checked(kind, kind.text, None) == kind.text
        assert wording.segments(wording.signed(town, wording.filled(kind.text, kind.places))) <= 2, kind.code


def test_what_a_new_node_reads_days_later_is_no_news(town):
    acts.apply(town, "LM-001", applicant=BY_SMS)
    with time_machine.travel(timezone.now() + telling.NEWS + timedelta(minutes=1)):
        assert told() == []


def test_with_the_key_of_the_case_destroyed_nobody_is_told_and_the_rest_goes_on(town):
    gone = acts.apply(town, "LM-001", applicant=BY_SMS).case
    PayloadKey.objects.filter(pk=gone.key_id).update(wrapped=None, destroyed_at=timezone.now())
    acts.apply(town, "LM-001", applicant=BY_SMS)
    assert len(told()) == 1


def test_another_system_is_told_of_public_cases_without_the_person(town, settings):
    settings.WEBHOOK_URL = "http://127.0.0.1:1/"
    case = acts.apply(town, "LM-001").case
    acts.apply(town, "JZ-001")
    follow.settle()
    message = Message.objects.get()
    assert message.channel == Channel.WEBHOOK
    said = json.loads(message.content["text"])
    assert (said["type"], said["case"], said["item"]) == (kinds.SUBMITTED, case.number, "LM-001")
    assert acts.APPLICANT.name not in message.content["text"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tell_by": TellBy.SMS, "phone": "07305550123"}, "phone"),
        ({"tell_by": TellBy.SMS, "phone": ""}, "phone"),
        ({"tell_by": TellBy.PRINT, "address": ""}, "address"),
        ({"tell_by": TellBy.EMAIL}, "email"),
        ({"tell_by": TellBy.EMAIL, "email": "a@b\nBcc: c@d.example"}, "email"),
        ({"tell_by": "pigeon"}, "tell_by"),
    ],
)
def test_whoever_wants_to_be_told_says_where(change, field):
    with pytest.raises(Refused) as refused:
        check(replace(acts.APPLICANT, **change), today=timezone.localdate())
    assert refused.value.field == field


def test_an_address_that_is_not_used_is_not_kept():
    kept = check(replace(BY_MAIL, tell_by=""), today=timezone.localdate())
    assert (kept.tell_by, kept.email) == (TellBy.NO, "")


def test_every_kind_of_message_is_an_event_that_exists(town):
    assert {kind.title for kind in wording.kinds()}.isdisjoint({kind.code for kind in wording.kinds()})
    assert not Event.objects.filter(type__startswith="notice.").exists()
