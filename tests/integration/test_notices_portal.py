"""Nobody needs a telephone: the line by its number in the hall; all that was sent, on one's own page."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mingtang.cases import actions, telling
from mingtang.cases.actions import kinds
from mingtang.cases.enums import TellBy
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.notices.actions import NO_MORE, destroy_old
from mingtang.notices.models import Message
from tests.factories import acts
from tests.factories.cast import CLERK_3, DECIDER, EDITOR, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
BY_LETTER = replace(acts.APPLICANT, tell_by=TellBy.PRINT)


def kiosk(client, number: str):
    return client.get("/cases/", {"kiosk": "1", "number": number})


def test_the_number_alone_says_where_the_case_stands_and_nothing_of_the_person(client, town):
    case = acts.accepted(town, "LM-001")
    answer = kiosk(client, case.number)
    shown = text(answer)
    assert "已受理" in shown
    assert "现场" in shown
    assert "承诺期第" in shown
    assert 'data-read="您的编号 W Y' in answer.content.decode()
    assert acts.APPLICANT.name not in shown
    assert acts.APPLICANT.name[:3] not in shown
    assert answer["Refresh"].endswith("/cases/?kiosk=1")
    assert "Refresh" not in kiosk(client, "")


@pytest.mark.parametrize(
    "typed", ["{digits}", " {lower} ", "{spaced}", "http://a.example/cases/{number}/mine", "{wide}"]
)
def test_the_number_is_understood_as_people_and_scanners_write_it(client, town, typed):
    number = acts.accepted(town, "LM-001").number
    values = {
        "number": number,
        "digits": number.removeprefix(town.prefix),
        "lower": number.lower(),
        "spaced": " ".join(number),
        "wide": "".join(chr(ord(one) + 0xFEE0) for one in number),
    }
    assert "已受理" in text(kiosk(client, typed.format(**values)))


def test_what_is_to_be_done_next_is_said_in_a_sentence(client, town):
    case = acts.apply(town, "LM-001", seen=()).case
    demands = dict.fromkeys(("id", "right", "plan"), "请带来（演示）。")
    actions.request_supplement(case=case, demands=demands, by=staff(CLERK_3))
    assert "要补材料。请拿号到" in text(kiosk(client, case.number))
    assert "请带身份证到" in text(kiosk(client, acts.decided(town, "LM-001").number))


def test_the_screen_of_a_hall_leads_there_and_back(client, town):
    hall = town.sites.order_by("pk").first()
    assert f"/cases/?kiosk={hall.code}" in client.get(f"/hall/{hall.code}/kiosk").content.decode()
    case = acts.accepted(town, "LM-001")
    answer = client.get("/cases/", {"kiosk": hall.code, "number": case.number})
    assert answer["Refresh"].endswith(f"url=/hall/{hall.code}/kiosk")
    assert f'href="/hall/{hall.code}/kiosk"' in answer.content.decode()


def test_a_sealed_case_and_none_at_all_answer_alike(client, town):
    sealed = acts.apply(town, "JZ-001").case
    for number in (sealed.number, "WY0000000000", "' or 1=1 --", "\x00", "9" * 500):
        answer = kiosk(client, number)
        assert "已收件" not in text(answer)
    assert kiosk(client, sealed.number).status_code == kiosk(client, "WY0000000000").status_code == 404


def test_a_case_of_the_neighbour_is_not_found(client, town, other_town):
    case = acts.accepted(town, "LM-001")
    answer = client.get("/cases/", {"kiosk": "1", "number": case.number}, HTTP_HOST="other.example")
    assert answer.status_code == 404
    assert "已受理" not in text(answer)


def opened(client: Client, applicant):
    made = acts.apply(client.town, "LM-001", applicant=applicant)
    client.post("/cases/", {"number": made.case.number, "code": made.code})
    follow.settle()
    return made.case


@pytest.fixture
def visitor(client, town):
    client.town = town
    return client


def test_all_that_was_sent_stands_on_ones_own_page(visitor):
    case = opened(visitor, BY_LETTER)
    page = f"/cases/{case.number}/mine"
    assert Message.objects.get().content["text"] in text(visitor.get(page))
    Message.objects.update(state="printed", ended_at=timezone.now() - timedelta(days=31), ended_by=staff(CLERK_3))
    assert destroy_old() == 1
    assert "内容已经按期销毁" in text(visitor.get(page))


def test_who_chose_nothing_reads_that_nothing_was_sent(visitor):
    case = opened(visitor, acts.APPLICANT)
    assert "我们没有给您发过短信、邮件或者信" in text(visitor.get(f"/cases/{case.number}/mine"))


def test_the_consent_is_taken_back_and_nothing_more_is_told(visitor):
    case = opened(visitor, BY_LETTER)
    page = f"/cases/{case.number}/mine"
    assert visitor.post(page, {"act": "stop_telling"}).url == page
    assert "本来就不发通知" in text(visitor.post(page, {"act": "stop_telling"}))
    clerk = staff(CLERK_3)
    actions.accept(case=case, by=clerk)
    follow.settle()
    message = Message.objects.get()
    assert (message.state, message.reason, message.ended_by) == ("given_up", NO_MORE, None), "nor what waited"
    assert acts.fresh(case).applicant["name"] == acts.APPLICANT.name, "the rest of what is known stays"
    event = Event.objects.get(type=kinds.TELLING_STOPPED)
    assert (event.actor, event.data) == ("applicant", {})
    assert "不再发" in text(visitor.get(page))


def test_at_the_window_the_clerk_takes_it_back_for_them(client, town):
    case = acts.apply(town, "LM-001", applicant=BY_LETTER).case
    follow.settle()
    message = Message.objects.get()
    with pytest.raises(Refused, match="补发、打印通知"):
        telling.stop(case=case, by=staff(EDITOR))
    login(client, CLERK_3)
    page = f"/desk/notices/{message.pk}"
    assert "本人不想再收" in text(client.get(page))
    assert client.post(f"{page}/stop").url == page
    shown = client.get(page)
    assert "本人不想再收。" in text(shown), "why this one was not sent"
    assert f"{page}/stop" not in shown.content.decode()


def test_applying_online_asks_how_to_be_told_and_keeps_what_was_typed(client, town):
    first = client.get("/services/LM-001/apply")
    assert "办到哪一步，怎样告诉您" in text(first)
    fields = dict(re.findall(r'type="hidden" name="(form_token|kept|version)" value="([^"]*)"', first.content.decode()))
    person = {"name": "文小满（演示）", "id_number": acts.APPLICANT.id_number, "phone": "0730-5550123"}
    answer = client.post("/services/LM-001/apply", fields | person | {"stage": "review", "tell_by": "sms"})
    assert answer.status_code == 422
    assert "请填 11 位的手机号码" in text(answer)
    assert 'value="sms" checked' in answer.content.decode()
    answer = client.post(
        "/services/LM-001/apply", fields | person | {"stage": "review", "tell_by": "email", "email": "a@b.example"}
    )
    assert "发电子邮件" in text(answer)


def test_the_screen_says_what_the_message_said_of_a_permit(client, town, time_machine):
    permit = acts.decided(town, "LM-001").permits.get()
    shown = text(kiosk(client, permit.case.number))
    assert f"林木采伐许可证有效，到{chinese_date(permit.valid_to)}为止。" in shown
    assert "8:30—12:00" in shown, "when the window is open to collect it"
    follow.settle()
    time_machine.move_to(timezone.now() + timedelta(days=(permit.valid_to - timezone.localdate()).days - 50))
    assert "要接着用，请" in text(kiosk(client, permit.case.number))
    actions.ask_renewal(permit=permit)
    shown = text(kiosk(client, permit.case.number))
    assert f"申请延续，{chinese_date(permit.asks.get().due_on)}前答复" in shown and "要接着用" not in shown
    actions.cancel(permit=permit, ground="other", reasons="依法被吊销", by=staff(DECIDER))
    shown = text(kiosk(client, permit.case.number))
    assert "林木采伐许可证已注销。" in shown and "吊销" not in shown
