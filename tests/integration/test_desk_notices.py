"""通知 at the desk: what did not arrive stands with a name, letters are printed, the town writes the words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.enums import TellBy
from mingtang.events import follow
from mingtang.notices import health, sender, wording
from mingtang.notices.enums import Channel, MessageState, Problem
from mingtang.notices.models import Message
from mingtang.notices.transports import Answer, Outcome
from tests.factories import acts
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, EDITOR, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
PHONE = "10000000001"
NO = Answer(Outcome.REFUSED, Problem.REFUSED, "7")


@pytest.fixture
def failed(town, settings, monkeypatch) -> Message:
    """A text message that the gateway refuses."""
    settings.SMS_URL = "http://127.0.0.1:1/"
    monkeypatch.setitem(sender.TRANSPORTS, Channel.SMS, lambda parcel: NO)
    acts.apply(town, "LM-001", applicant=replace(acts.APPLICANT, phone=PHONE, tell_by=TellBy.SMS))
    follow.settle()
    later = Message.objects.get().next_at + timedelta(seconds=1)
    sender.run_once(Channel.SMS, lambda: later)
    return Message.objects.get(state=MessageState.FAILED)


@pytest.fixture
def letter(town) -> Message:
    acts.apply(town, "LM-001", applicant=replace(acts.APPLICANT, tell_by=TellBy.PRINT))
    follow.settle()
    return Message.objects.get()


def test_what_did_not_arrive_is_listed_with_cause_and_who_answers_for_it(client, failed):
    clerk = login(client, CLERK_3)
    shown = text(client.get("/desk/notices/"))
    assert failed.case_number in shown
    assert "对方拒收，多半是号码或者地址不对（7）" in shown
    assert clerk.name in shown
    assert "短信已接通；电子邮件没有接通，改成寄信" in shown
    assert "1 条通知没有发成" in text(client.get("/desk/"))
    one = client.get(f"/desk/notices/{failed.pk}").content.decode()
    assert PHONE not in one, "the number is masked"
    assert "100****0001" in one


def test_it_is_found_by_its_case_in_whatever_state(client, failed):
    login(client, CLERK_3)
    assert failed.case_number in text(client.get("/desk/notices/", {"q": failed.case_number.lower()}))
    assert "没有找到" in text(client.get("/desk/notices/", {"q": "WY000"}))
    assert client.get("/desk/notices/", {"q": "一" * 99, "before": "9" * 30, "state": "x"}).status_code == 200


def test_it_is_sent_again_printed_or_given_up_with_a_reason(client, failed):
    login(client, CLERK_3)
    page = f"/desk/notices/{failed.pk}"
    assert client.post(f"{page}/retry").url == page
    answer = client.post(f"{page}/retry")
    assert answer.status_code == 422
    assert "现在是“等着发”，不能再发一次" in text(answer)
    assert "请写明理由" in text(client.post(f"{page}/give_up", {"reason": " "}))
    answer = client.post(f"{page}/give_up", {"reason": "打 13812345678 说了"})
    assert answer.status_code == 422
    assert "打 13812345678 说了" in text(answer), "what was typed is kept"
    assert client.post(f"{page}/to_paper").url == page
    assert client.post(f"{page}/give_up", {"reason": "已经当面告诉本人"}).url == page
    assert "已经当面告诉本人" in text(client.get(f"{page}"))
    assert client.post(f"{page}/destroy").status_code == 404


def test_letters_are_printed_with_name_and_address_and_marked(client, letter):
    login(client, CLERK_3)
    shown = text(client.get("/desk/notices/letters"))
    assert acts.APPLICANT.name in shown
    assert acts.APPLICANT.address in shown
    assert "短信和电子邮件都没有接通" in text(client.get("/desk/notices/"))
    assert "1 封信等着打印" in text(client.get("/desk/"))
    assert client.post("/desk/notices/letters", {"message": ["x"]}).status_code == 422
    assert client.post("/desk/notices/letters", {"message": [letter.pk]}).url == "/desk/notices/letters"
    letter.refresh_from_db()
    assert letter.state == MessageState.PRINTED
    assert "没有要打印的信" in text(client.get("/desk/notices/letters"))


def test_an_editor_sees_no_message_and_the_neighbour_none_either(client, letter, other_town):
    login(client, EDITOR)
    for path in ("/desk/notices/", "/desk/notices/letters", f"/desk/notices/{letter.pk}"):
        assert client.get(path).status_code == 403
    assert client.post("/desk/notices/letters", {"message": [letter.pk]}).status_code == 403
    login(client, CLERK_1)
    assert client.get(f"/desk/notices/{letter.pk}", HTTP_HOST="other.example").status_code == 302
    letter.refresh_from_db()
    assert letter.state == MessageState.WAITING


def test_the_head_rewrites_the_words_and_sees_them_first(client, town):
    login(client, CENTRE)
    shown = text(client.get("/desk/notices/words"))
    for kind in wording.kinds():
        assert kind.title in shown
    page = f"/desk/notices/words/{kinds.ACCEPTED}"
    looked = text(client.post(page, {"text": "办件{编号}，{期限}前好。", "is_told": "on", "act": "look"}))
    assert "【万庾镇】办件WY202600018K，2026年12月4日前好。" in looked
    assert "算 1 条短信" in looked
    assert wording.current(town, kinds.ACCEPTED)[0] == wording.get(kinds.ACCEPTED).text
    wrong = client.post(page, {"text": "{姓名}您好", "is_told": "on"})
    assert wrong.status_code == 422
    assert "没有“{姓名}”这一项" in text(wrong)
    assert "{姓名}您好" in text(wrong)
    assert client.post(page, {"text": "办件{编号}好了。"}).url == "/desk/notices/words"
    assert wording.current(town, kinds.ACCEPTED) == ("办件{编号}好了。", False)
    assert "本镇改过" in text(client.get("/desk/notices/words"))
    assert client.get("/desk/notices/words/case.nothing").status_code == 404
    login(client, CLERK_3)
    assert client.get(page).status_code == 403


def test_a_queue_that_stands_for_an_hour_is_an_alarm_and_only_degrades(client, town, settings):
    settings.SMS_URL = "http://127.0.0.1:1/"
    acts.apply(town, "LM-001", applicant=replace(acts.APPLICANT, phone=PHONE, tell_by=TellBy.SMS))
    follow.settle()
    assert not health.waiting(town, Message.objects.get().due_at + health.STUCK).is_stuck
    before = timezone.now() - health.STUCK - timedelta(minutes=61)
    Message.objects.update(due_at=before)
    login(client, CLERK_3)
    assert "有 1 条到时间还没有发出，最早的等了 2 小时" in text(client.get("/desk/notices/"))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["parts"]["notices"]) == ("degraded", "stuck")


def test_letters_that_wait_are_no_alarm(letter):
    Message.objects.update(due_at=timezone.now() - timedelta(days=9))
    assert not health.waiting().is_stuck
