"""Accounts of residents: a number, a code, in; what is theirs and nobody else's; and how it ends."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.background import sweep
from mingtang.accounts import actions, codes
from mingtang.accounts.models import LoginCode, Resident, ResidentCase, ResidentDraft
from mingtang.cases import numbers
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.demo.cases import demo_id
from mingtang.events.models import Event, PayloadKey
from mingtang.notices import sender, transports
from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.models import Message
from mingtang.people.enums import Permission
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CLERK_3, login
from tests.integration.test_apply_situations import WHO, filling, page
from tests.integration.test_drafts import FORM, HALF, WINDOW, hidden_all

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13800000001", "13800000002"


@pytest.fixture(autouse=True)
def _reachable(settings):
    """A gateway and a mail server are set up; nothing is sent to them here."""
    settings.SMS_URL, settings.SMTP_URL = "http://127.0.0.1:9/sms", "smtp://127.0.0.1:9"


def told() -> str:
    """The code in the newest message."""
    return re.search(r"\d{6}", Message.objects.order_by("-pk")[0].content["text"])[0]


def asked(client: Client, phone: str = PHONE, **more) -> str:
    answer = client.post("/account/enter", {"reach": phone}, **more)
    assert answer.status_code == 302, page(answer)
    return told()


def entered(client: Client, phone: str = PHONE, **more) -> Resident:
    answer = client.post("/account/code", {"code": asked(client, phone, **more)}, **more)
    assert answer.status_code == 302, page(answer)
    return Resident.objects.order_by("-entered_at")[0]


def test_a_number_and_the_code_that_comes_open_the_account(client, town):
    assert client.get("/account/")["Location"] == "/account/enter?next=/account/"
    code = asked(client, " 138-0000 0001")
    message = Message.objects.get()
    assert (message.channel, message.content["to"]) == (Channel.SMS, PHONE)
    assert "138****0001" in page(client.get("/account/code"))
    answer = client.post("/account/code", {"code": f"{code[:3]} {code[3:]}"})
    assert answer["Location"] == "/account/"
    assert "账户里还没有这里的办件" in page(client.get("/account/"))
    resident = Resident.objects.get()
    assert PHONE not in str(resident.__dict__) + str(LoginCode.objects.get().__dict__)
    again = entered(Client(), "WANG@example.com")
    assert Message.objects.order_by("-pk")[0].channel == Channel.EMAIL and again.reach.to == "wang@example.com"
    with time_machine.travel(timezone.now() + codes.PAUSE * 2):
        assert entered(Client()) == resident and Resident.objects.count() == 2
    assert Event.objects.filter(type="account.opened").count() == 2


def test_a_known_and_an_unknown_number_are_answered_alike(client, town):
    entered(client)
    with time_machine.travel(timezone.now() + codes.PAUSE * 2):
        answers = []
        for phone in (PHONE, OTHER):
            one = Client()
            asked(one, phone)
            answers.append(page(one.get("/account/code")).replace("0001", "0002"))
    token = re.compile(r'value="\w{64}"')
    assert token.sub("", answers[0]) == token.sub("", answers[1])


def test_wrong_codes_end_it_and_say_so(client, town):
    code = asked(client)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(codes.TRIES - 1):
        answer = client.post("/account/code", {"code": wrong})
        assert answer.status_code == 422 and "验证码不对" in page(answer)
    assert "作废了" in page(client.post("/account/code", {"code": wrong}))
    assert "作废了" in page(client.post("/account/code", {"code": code}))
    assert not Resident.objects.exists() and "resident" not in client.session


@pytest.mark.parametrize("typed", ["", "      ", "１２", "验证码", "1" * 21, "\x00"])
def test_what_is_no_code_gets_a_sentence(client, town, typed):
    asked(client)
    answer = client.post("/account/code", {"code": typed})
    assert answer.status_code == 422 and re.search(r"错误：[^<]{6,}", page(answer))


def test_a_code_is_over_after_ten_minutes_and_after_its_use(client, town):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = asked(client)
        clock.shift(codes.LIFE + timedelta(seconds=1))
        late = client.post("/account/code", {"code": code})
        assert late.status_code == 422 and "过了 10 分钟" in page(late)
        assert client.post("/account/code", {"act": "again"})["Location"] == "/account/code"
        assert client.post("/account/code", {"code": code}).status_code == 422
        fresh = told()
        held = LoginCode.objects.latest("pk")
        assert client.post("/account/code", {"code": fresh}).status_code == 302
        with pytest.raises(Exception, match="作废"):
            codes.prove(code=held, typed=fresh)


def test_a_code_belongs_to_the_browser_that_asked_for_it(client, town, other_town):
    code = asked(client)
    assert Client().post("/account/code", {"code": code})["Location"] == "/account/enter"
    elsewhere = client.post("/account/code", {"code": code}, HTTP_HOST="other.example")
    assert elsewhere["Location"] == "/account/enter" and not Resident.objects.exists()


def test_nobody_floods_a_telephone_or_the_town(client, town, monkeypatch):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        asked(client)
        soon = client.post("/account/code", {"act": "again"})
        assert soon.status_code == 422 and "等一分钟" in page(soon)
        for _ in range(codes.MOST_A_DAY - 1):
            clock.shift(codes.PAUSE)
            asked(Client())
        clock.shift(codes.PAUSE)
        many = Client().post("/account/enter", {"reach": PHONE})
        assert many.status_code == 422 and "明天再登录" in page(many) and f'value="{PHONE}"' in page(many)
        monkeypatch.setattr(codes, "MOST_AN_HOUR", codes.MOST_A_DAY)
        full = Client().post("/account/enter", {"reach": OTHER})
        assert full.status_code == 422 and "不登录也一样办" in page(full)
        assert Message.objects.count() == codes.MOST_A_DAY


@pytest.mark.parametrize("typed", ["", "12345", "1380000000a", "0730-5550123", "wang@", "1" * 101, "\x00"])
def test_what_is_no_number_is_told_and_kept(client, town, typed):
    answer = client.post("/account/enter", {"reach": typed})
    assert answer.status_code == 422 and re.search(r'id="id_reach-error">错误：[^<]{8,}', page(answer))
    assert not LoginCode.objects.exists()


def test_without_a_gateway_nothing_is_promised(client, town, settings):
    settings.SMS_URL = ""
    assert "没有接通短信，请填电子邮箱" in page(client.post("/account/enter", {"reach": PHONE}))
    settings.SMTP_URL = ""
    # The demo town shows the code itself; a real one says how to go on without.
    client.post("/account/enter", {"reach": PHONE})
    shown = re.search(r"验证码是 <span[^>]*>(\d{6})", page(client.get("/account/code")))[1]
    assert not Message.objects.exists()
    assert client.post("/account/code", {"code": shown})["Location"] == "/account/"
    town.is_demo = False
    town.save()
    assert "现在不能登录" in page(Client().get("/account/enter"))
    assert Client().post("/account/enter", {"reach": OTHER}).status_code == 422


def test_a_code_goes_at_night_is_nobodys_at_the_desk_and_lapses(client, town, monkeypatch):
    night = timezone.now().replace(hour=15, minute=30)  # 23:30 in the town
    answers = iter([transports.Answer(transports.Outcome.UNCLEAR, "busy"), transports.Answer(transports.Outcome.SENT)])
    monkeypatch.setitem(sender.TRANSPORTS, Channel.SMS, lambda parcel: next(answers))
    with time_machine.travel(night, tick=False) as clock:
        asked(client)
        assert not Message.objects.visible_to(Viewer(town, 1, frozenset(Permission.values))).exists()
        assert sender.run_once(Channel.SMS).problem == "busy"
        clock.shift(timedelta(minutes=1))
        sender.run_once(Channel.SMS)
        message = Message.objects.get()
        assert message.state == MessageState.SENT and message.sealed is None
        asked(Client(), OTHER)
        clock.shift(codes.LIFE + timedelta(seconds=1))
        assert sender.run_once(Channel.SMS).problem == "over"
        late = Message.objects.latest("pk")
        assert (late.state, late.sealed) == (MessageState.GIVEN_UP, None) and "用不上" in late.reason


def online(client: Client) -> Case:
    form = hidden_all(filling(client, ask_project="rebuild").content.decode())
    seen = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    assert client.post(FORM, hidden_all(page(seen)) | {"stage": "submit"}).status_code == 302
    return Case.objects.latest("pk")


def test_a_case_applied_for_is_in_the_account_and_opens_everywhere(client, town):
    assert "不登录也一样办" in page(client.get("/services/JF-001/apply"))
    entered(client)
    assert "放进<a" in page(client.get("/services/JF-001/apply"))
    case = online(client)
    with time_machine.travel(timezone.now() + codes.PAUSE * 2):
        phone = Client()
        entered(phone)
        assert case.number in page(phone.get("/account/"))
        assert "群众天" in page(phone.get(f"/cases/{case.number}/mine"))
        stranger = Client()
        entered(stranger, OTHER)
    assert case.number not in page(stranger.get("/account/"))
    assert 'name="code"' in page(stranger.get(f"/cases/{case.number}/mine"))
    phone.post("/account/leave")
    assert 'name="code"' in page(phone.get(f"/cases/{case.number}/mine"))


def test_a_case_of_the_window_is_put_in_with_its_code_and_taken_out(client, town):
    entered(client)
    done = acts.apply(town, "LN-001", by=acts.clerk_of("LN-001"))
    wrong = client.post("/account/", {"act": "add", "number": done.case.number, "code": "ABCDEFGHJK"})
    assert wrong.status_code == 422 and "编号或者查询码不对" in page(wrong) and not ResidentCase.objects.exists()
    sent = {"act": "add", "number": done.case.number.lower(), "code": done.code}
    for _ in range(2):
        assert client.post("/account/", sent)["Location"] == "/account/"
    assert page(client.get("/account/")).count(f"/cases/{done.case.number}/mine") == 1
    client.post("/account/", {"act": "drop", "case": done.case.number})
    assert not ResidentCase.objects.exists() and Case.objects.filter(pk=done.case.pk).exists()


def test_what_stands_in_the_account_is_shown_town_by_town(client, town, other_town):
    resident = entered(client)
    case = acts.accepted(town, "LM-001")
    actions.add_case(resident=resident, case=case)
    assert case.number in page(client.get("/account/"))
    assert case.number in client.get("/account/export.json").content.decode()
    for address in ("/account/", "/account/messages", "/account/export.json", f"/cases/{case.number}/mine"):
        answer = client.get(address, HTTP_HOST="other.example")
        assert case.number not in answer.content.decode().replace(f'value="{case.number}"', ""), address
    client.post("/account/", {"act": "drop", "case": case.number}, HTTP_HOST="other.example")
    assert ResidentCase.objects.exists()


def test_a_draft_opens_without_its_code_and_ends_as_ever(client, town):
    entered(client)
    form = hidden_all(filling(client, ask_project="rebuild").content.decode())
    client.post(FORM, form | WINDOW | HALF)
    draft = ApplicationDraft.objects.get()
    with time_machine.travel(timezone.now() + codes.PAUSE * 2):
        phone, stranger = Client(), Client()
        entered(phone)
        entered(stranger, OTHER)
    assert f"/drafts/{draft.pk}" in page(phone.get("/account/"))
    resumed = phone.get(f"/services/JF-001/apply?draft={draft.pk}")
    assert resumed.status_code == 200
    assert stranger.get(f"/drafts/{draft.pk}")["Location"] == "/drafts/"
    seen = phone.post(FORM, hidden_all(page(resumed)) | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    assert phone.post(FORM, hidden_all(page(seen)) | {"stage": "submit"}).status_code == 302
    assert not ResidentDraft.objects.exists() and ResidentCase.objects.get().case == Case.objects.get()


def test_what_is_saved_fills_in_the_form_and_is_destroyed_when_deleted(client, town):
    resident = entered(client)
    sent = {"act": "save", "kind": "person", "name": "文小满（演示）", "id_number": demo_id(7), "phone": "0730 5550123"}
    bad = client.post("/account/profile", sent | {"id_number": "430623198501011234"})
    assert bad.status_code == 422 and "文小满" in page(bad)
    assert client.post("/account/profile", sent)["Location"] == "/account/"
    assert demo_id(7) not in str(Resident.objects.get().__dict__)
    filled = page(client.get("/services/LM-001/apply"))
    assert f'value="{demo_id(7)}"' in filled and 'value="07305550123"' in filled
    # Through the questions too.
    assert f'value="{demo_id(7)}"' in page(filling(client, ask_project="rebuild"))
    assert demo_id(7) not in page(Client().get("/services/LM-001/apply"))
    client.post("/account/profile", {"act": "forget"})
    resident.refresh_from_db()
    assert resident.profile_sealed is None and demo_id(7) not in page(client.get("/services/LM-001/apply"))


def test_another_number_takes_the_account_along_and_the_old_one_is_told(client, town):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        resident = entered(client)
        clock.shift(codes.PAUSE * 2)
        other_browser = Client()
        entered(other_browser)
        clock.shift(codes.PAUSE * 2)
        assert client.post("/account/number", {"reach": OTHER}).status_code == 302
        assert client.post("/account/number/code", {"code": told()})["Location"] == "/account/"
        warned = Message.objects.latest("pk")
        assert (warned.content["to"], warned.kind) == (PHONE, "account.moved")
        assert other_browser.get("/account/").status_code == 302 and client.get("/account/").status_code == 200
        assert Resident.objects.get().reach.to == OTHER
        assert Client().get("/account/number").status_code == 302
        clock.shift(codes.PAUSE * 2)
        assert entered(Client(), PHONE) != resident
        clock.shift(codes.PAUSE * 2)
        client.post("/account/number", {"reach": PHONE})
        taken = client.post("/account/number/code", {"code": told()})
        assert taken.status_code == 422 and "已经有一个账户" in page(taken)


def test_closing_destroys_the_account_and_no_case(client, town):
    resident = entered(client)
    case = online(client)
    unsure = client.post("/account/close")
    assert unsure.status_code == 422 and Resident.objects.exists()
    assert client.post("/account/close", {"confirm": "yes"})["Location"] == "/account/enter?closed=1"
    assert not Resident.objects.exists() and not ResidentCase.objects.exists()
    assert PayloadKey.objects.get(pk=resident.key_id).wrapped is None
    assert client.get("/account/").status_code == 302
    code = numbers.code_for(case.submission)
    found = Client().post("/cases/", {"number": case.number, "code": code})
    assert found.status_code == 302
    assert case.number not in str(list(Event.objects.filter(type__startswith="account.").values()))


def test_a_session_ends_by_time_and_in_every_browser_at_once(client, town, settings):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        entered(client)
        clock.shift(codes.PAUSE * 2)
        other_browser = Client()
        entered(other_browser)
        client.post("/account/leave", {"everywhere": "1"})
        assert other_browser.get("/account/").status_code == 302
        clock.shift(codes.PAUSE * 2)
        entered(client)
        # Whatever keeps the session itself alive.
        session = client.session
        session.set_expiry(30 * 24 * 3600)
        session.save()
        clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
        assert client.get("/account/").status_code == 302


def test_an_account_is_no_log_in_of_staff_and_the_other_way_round(client, town):
    entered(client)
    assert client.get("/desk/")["Location"].startswith("/desk/login")
    before = client.session.session_key
    answer = client.post("/desk/login", {"username": CLERK_3, "password": "wanyu-demo"})
    assert answer["Location"] == "/desk/" and client.session.session_key != before
    assert client.get("/account/").status_code == 302 and "resident" not in client.session
    clerk = Client()
    login(clerk, CLERK_3)
    assert "工作台自动退出" in page(clerk.get("/account/enter"))
    with time_machine.travel(timezone.now() + codes.PAUSE * 2):
        entered(clerk)
    assert clerk.get("/desk/")["Location"].startswith("/desk/login")
    assert clerk.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    ["/desk/", "//evil.example/services/", "https://evil.example/", "/services/../desk/", "/services/a/apply\nx"],
)
def test_one_is_led_only_where_accounts_are_used(client, town, wanted):
    answer = client.post("/account/enter", {"reach": PHONE, "next": wanted})
    assert answer.status_code == 302
    assert client.post("/account/code", {"code": told()})["Location"] == "/account/"


def test_the_sweep_forgets_codes_after_a_day_and_accounts_after_a_year(client, town):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        resident = entered(client)
        case = acts.accepted(town, "LM-001")
        actions.add_case(resident=resident, case=case)
        code = LoginCode.objects.get()
        clock.shift(timedelta(days=1, seconds=1))
        sweep()
        assert not LoginCode.objects.exists() and PayloadKey.objects.get(pk=code.key_id).wrapped is None
        clock.shift(actions.UNUSED - timedelta(days=2))
        sweep()
        assert Resident.objects.exists()
        clock.shift(timedelta(days=2))
        sweep()
        assert not Resident.objects.exists() and Case.objects.filter(pk=case.pk).exists()
    assert Event.objects.get(type="account.closed").actor == "system"


def test_a_stored_page_is_the_same_for_whoever_is_logged_in(client, town):
    before = Client().get("/services/").content
    entered(client)
    assert client.get("/services/").content == before
    for address in ("/account/", "/account/messages", "/account/profile", "/account/export.json"):
        assert "no-store" in client.get(address)["Cache-Control"], address


def test_many_cases_cost_no_more_queries_than_one(client, town):
    resident = entered(client)
    costs = []
    for count in (1, 5):
        for _ in range(count):
            actions.add_case(resident=resident, case=acts.accepted(town, "LM-001"))
        client.get("/account/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/account/")
            client.get("/account/messages")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 14
