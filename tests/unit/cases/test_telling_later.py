"""What the holder of a permit is told, and what the clock reminds of: once, in time, and nobody who did not ask."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions, reminding
from mingtang.cases.actions import kinds
from mingtang.cases.enums import Asked, Outcome, ServeMode, TellBy
from mingtang.cases.models import Permit
from mingtang.cases.permits import heard_from
from mingtang.demo.hall import build_hall
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.notices import wording
from mingtang.notices.models import Message
from mingtang.workdays.tables import calendar_for
from tests.factories import acts
from tests.factories.cast import CENTRE, CLERK_3, DECIDER, FOREST, staff

pytestmark = pytest.mark.django_db
PHONE = "10000000001"
BY_SMS = replace(acts.APPLICANT, phone=PHONE, tell_by=TellBy.SMS)
END = date(2027, 3, 16)


@pytest.fixture(autouse=True)
def ways(settings):
    settings.SMS_URL = "http://127.0.0.1:1/"


def granted(town, applicant=BY_SMS) -> Permit:
    """A felling licence, decided and not yet collected."""
    case = acts.apply(town, "LM-001", applicant=applicant).case
    actions.accept(case=case, by=staff(CLERK_3))
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(DECIDER))
    return acts.fresh(case).permits.get()


def told(*, after: str = kinds.DECIDED) -> list[tuple[str, str]]:
    """Kind and text of what was told after the last message of a kind."""
    follow.settle()
    rows = list(Message.objects.order_by("pk"))
    begin = max((n for n, row in enumerate(rows, 1) if row.kind == after), default=0)
    return [(row.kind, row.content["text"]) for row in rows[begin:]]


def to(clock, day: date) -> None:
    """Whatever was done until then is told at once, as the server does."""
    follow.settle()
    clock.move_to(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10)))


def test_whatever_happens_to_a_permit_is_told_without_the_person(town, clock):
    permit, head = granted(town), staff(DECIDER)
    actions.ask_change(permit=permit, text="地块改名")
    actions.change(permit=permit, what="地块改为南坡", by=head)
    actions.ask_change(permit=permit, text="再改名")
    actions.refuse_ask(permit=permit, kind=Asked.CHANGE, reasons="地块没有变。", by=head)
    actions.reissue(permit=permit, reasons="遗失", by=head)
    actions.ask_renewal(permit=permit)
    actions.renew(permit=permit, by=head)
    actions.warn(permit=permit, of="revoke", reasons="伪造林权证", by=head)
    actions.serve_warning(permit=permit, served_on=timezone.localdate(), mode="direct", by=staff(CLERK_3))
    to(clock, heard_from(timezone.localdate(), calendar_for(town)))
    actions.revoke(permit=permit, ground="deceit", reasons="伪造", views="没有", no_grave_harm=True, by=head)
    actions.cancel(permit=permit, ground="taken", reasons="已经撤销", by=head)
    found = told()
    assert [kind for kind, _ in found] == [
        kinds.PERMIT_ASKED,
        kinds.PERMIT_CHANGED,
        kinds.PERMIT_ASKED,
        kinds.PERMIT_KEPT,
        kinds.PERMIT_REISSUED,
        kinds.PERMIT_ASKED,
        kinds.PERMIT_RENEWED,
        kinds.PERMIT_WARNED,
        kinds.PERMIT_REVOKED,
        kinds.PERMIT_CANCELLED,
    ]
    for _, text in found:
        assert permit.case.number in text and "林木采伐许可证" in text
        assert wording.segments(text) <= 2, text
        for secret in (acts.APPLICANT.name, acts.APPLICANT.id_number, PHONE, "伪造", "遗失", "南坡", "{"):
            assert secret not in text
    said = dict(found)
    assert "2028年3月16日" in said[kinds.PERMIT_RENEWED]
    assert "不要再用" in said[kinds.PERMIT_REVOKED] and "不服怎么办" in said[kinds.PERMIT_REVOKED]


def test_silence_that_renews_and_a_withdrawal_are_told(town, clock):
    permit = granted(town)
    to(clock, date(2027, 1, 11))
    actions.ask_renewal(permit=permit)
    to(clock, permit.asks.get().due_on + timedelta(days=1))
    actions.deem_renewed(permit=permit)
    actions.warn(permit=permit, of="withdraw", reasons="修水库", by=staff(DECIDER))
    actions.serve_warning(permit=permit, served_on=timezone.localdate(), mode="direct", by=staff(CLERK_3))
    to(clock, heard_from(timezone.localdate(), calendar_for(town)))
    with_all = {"ground": "facts", "reasons": "修水库", "views": "没有", "compensation": "照价补偿"}
    actions.withdraw_permit(permit=permit, by=staff(DECIDER), **with_all)
    said = dict(told())
    assert "没有按时答复，依法视为准予，用到2028年3月16日" in said[kinds.PERMIT_DEEMED]
    assert "补偿" in said[kinds.PERMIT_WITHDRAWN]


def test_asked_at_the_window_or_by_the_dead_nothing_is_told_and_without_a_gateway_it_is_a_letter(town, settings):
    permit = granted(town)
    actions.reissue(permit=permit, reasons="遗失", by=staff(DECIDER))
    settings.SMS_URL = ""
    follow.settle()
    letter = Message.objects.get(kind=kinds.PERMIT_REISSUED)
    assert (letter.channel, letter.content["to"]) == ("print", acts.APPLICANT.address)
    actions.ask_change(permit=permit, text="改名", by=staff(CLERK_3))
    actions.cancel(permit=permit, ground="died", reasons="持证人死亡", by=staff(DECIDER))
    assert told(after=kinds.PERMIT_REISSUED) == []


def test_who_did_not_ask_is_told_nothing_of_a_permit_nor_reminded(town, clock):
    permit = granted(town, acts.APPLICANT)
    actions.reissue(permit=permit, reasons="遗失", by=staff(DECIDER))
    for day in (date(2026, 3, 31), date(2027, 1, 20)):
        to(clock, day)
        assert reminding.remind_all() == 0
    assert told() == []


def test_a_decision_that_nobody_collects_is_reminded_of_once(town, clock):
    case = granted(town).case
    decided = timezone.localdate()
    last = calendar_for(town).add_working_days(decided, reminding.COLLECT_AFTER)
    to(clock, last)
    assert reminding.remind_all() == 0
    to(clock, last + timedelta(days=1))
    assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)
    ((kind, text),) = told()
    assert kind == kinds.COLLECT_REMINDED
    assert case.number in text and "8:30" in text and acts.APPLICANT.name not in text
    other = granted(town).case
    to(clock, last + timedelta(days=2))
    actions.serve(case=other, mode=ServeMode.POST, receiver="文小满（演示）", by=staff(CLERK_3))
    to(clock, last + timedelta(days=20))
    assert reminding.remind_all() == 0
    assert "方式是邮寄送达" in dict(told())[kinds.SERVED]


def test_only_the_hours_of_the_window_that_has_it_are_told(town):
    build_hall(town)
    granted(town)
    follow.settle()
    text = Message.objects.get(kind=kinds.DECIDED).content["text"]
    assert "（工作日 8:30—12:00，14:30—17:30）" in text, "this post does not come at noon, on weekends or market days"
    assert wording.segments(text) <= 2


def test_a_permit_that_ends_is_reminded_of_once_and_after_its_renewal_again(town, clock):
    permit = granted(town)
    actions.serve(case=permit.case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=staff(CLERK_3))
    to(clock, END - timedelta(days=61))
    assert reminding.remind_all() == 0
    to(clock, END - timedelta(days=60))
    assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)
    ((kind, text),) = told()
    assert kind == kinds.PERMIT_REMINDED
    assert "到2027年3月16日为止" in text and "2027年2月15日前申请延续" in text
    actions.ask_renewal(permit=permit)
    actions.renew(permit=permit, by=staff(DECIDER))
    to(clock, date(2028, 1, 20))
    assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)


def test_no_reminder_is_noted_that_would_not_be_sent(town, clock):
    granted(town)
    asked = granted(town)
    for code in (kinds.COLLECT_REMINDED, kinds.PERMIT_REMINDED):
        wording.write(town=town, code=code, text="{编号}", is_told=False, by=staff(CENTRE))
    to(clock, END - timedelta(days=50))
    assert reminding.remind_all() == 0
    wording.write(town=town, code=kinds.PERMIT_REMINDED, text="{编号}到{到期}", is_told=True, by=staff(CENTRE))
    actions.ask_renewal(permit=asked)
    assert reminding.remind_all() == 1, "who has asked already is not reminded"
    assert Event.objects.filter(type=kinds.PERMIT_REMINDED).count() == 1
