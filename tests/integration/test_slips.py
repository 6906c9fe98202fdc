"""出格单: whoever is asked for more gets a paper with a number; the third in ninety days binds the rule's owner."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.rulebook import slips
from mingtang.rulebook.models import Item, Slip, SlipDuty
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, CLERK_3, CLERK_4, EDITOR, FOREST, login, staff

pytestmark = pytest.mark.django_db
ASKED = "还要交一张村里的介绍信"
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def reported(town, n: int = 1, code: str = "LM-001") -> list[Slip]:
    version, begun = acts.in_force(town, code), Slip.objects.count()
    return [slips.report(version=version, asked=ASKED, submission=f"form-{begun + i}") for i in range(n)]


def issued(town, by: str = CLERK_3, **values) -> Slip:
    said = {"asked": ASKED, "why": "怕说不清", "submission": "desk-1", **values}
    return slips.issue(version=acts.in_force(town, "LM-001"), by=staff(by), **said)


def duty_of(town) -> SlipDuty:
    return SlipDuty.objects.get(item__code="LM-001", closed_at__isnull=True)


# Issuing


def test_a_clerk_issues_a_slip_in_the_name_of_the_post(town):
    slip = issued(town)
    assert (slip.source, str(slip.post), slip.issued_by) == ("clerk", "便民服务中心建房用地窗口", staff(CLERK_3))
    assert Event.objects.get(pk=slip.event_id).data["post"] == "window-3"
    assert str(issued(town, by=FOREST, submission="desk-2").post) == "林业站现场核查岗"


def test_who_handles_no_cases_issues_no_slips(town):
    with pytest.raises(Refused, match="不能开出格单"):
        issued(town, by=EDITOR)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"asked": " "}, "asked"),
        ({"why": ""}, "why"),
        ({"asked": "长" * 201}, "asked"),
        ({"asked": f"要了 {acts.APPLICANT.id_number} 的复印件"}, "asked"),
    ],
)
def test_a_slip_says_what_and_why_and_holds_no_number_of_a_person(town, values, field):
    with pytest.raises(Refused) as caught:
        issued(town, **values)
    assert caught.value.field == field
    assert not Slip.objects.exists()


def test_the_same_form_sent_twice_is_one_slip(town):
    assert issued(town) == issued(town)
    again = reported(town)[0]
    assert slips.report(version=again.version, asked="换一句话", submission="form-1") == again
    assert Slip.objects.count() == 2


def test_a_slip_blocks_no_act(town):
    case = acts.accepted(town, "LM-001")
    issued(town, case_number=case.number)
    assert acts.decided(town, "LM-001").state == "decided"
    assert acts.fresh(case).state == "accepted"


def test_a_draft_was_never_asked_of_anybody(town):
    with pytest.raises(Refused, match="没有施行过"):
        slips.report(version=rules.drafted(town, promised_days=4), asked=ASKED, submission="x")


def test_one_day_of_reports_of_one_item_is_bounded(town, clock):
    reported(town, slips.MOST_REPORTS_A_DAY)
    with pytest.raises(Refused, match="反映的人已经很多"):
        reported(town)
    assert issued(town), "clerks are not bounded"
    assert reported(town, code="JF-001"), "nor is another item"
    clock.shift(timedelta(days=1))
    assert reported(town)


# The owner's duty


def test_the_third_in_ninety_days_binds_the_owner(town, clock):
    reported(town, 2)
    clock.shift(timedelta(days=91))
    reported(town, 2)
    assert not SlipDuty.objects.exists(), "two of them are too old"
    issued(town)
    duty = duty_of(town)
    assert (duty.unit.code, duty.due_on) == ("forestry", NOW.date() + timedelta(days=91 + 30))
    reported(town, 5)
    assert SlipDuty.objects.count() == 1


def test_slips_of_another_item_do_not_count(town):
    reported(town, 2)
    reported(town, 2, "JF-001")
    assert not SlipDuty.objects.exists()


def test_the_days_it_is_late_are_public_until_it_is_answered(town, client, clock):
    reported(town, 3)
    page = client.get("/services/LM-001").content.decode()
    assert '有 <span class="strong">3</span> 次要了指南以外的东西' in page
    assert "林业站要在" in page
    assert "已经晚了" not in page
    clock.shift(timedelta(days=34))
    assert slips.days_late(duty_of(town)) == 4
    for address in ("/services/LM-001", "/services/LM-001/changes"):
        assert "已经晚了 4 天" in client.get(address).content.decode()
    slips.forbid(duty=duty_of(town), note="窗口不得再要介绍信。", by=staff("zhanzhang"))
    page = client.get("/services/LM-001").content.decode()
    assert "林业站已经答复：明令不许再要：窗口不得再要介绍信。（晚了 4 天）" in page


def test_only_the_owners_head_answers_once_and_with_words(town):
    reported(town, 3)
    duty = duty_of(town)
    for stranger in (CLERK_3, "suozhang", CENTRE):
        with pytest.raises(Refused, match="实施单位的负责人答复"):
            slips.forbid(duty=duty, note="不许再要。", by=staff(stranger))
    with pytest.raises(Refused, match="请写明禁止谁"):
        slips.forbid(duty=duty, note=" ", by=staff("zhanzhang"))
    slips.forbid(duty=duty, note="不许再要。", by=staff("zhanzhang"))
    with pytest.raises(Refused, match="已经答复过"):
        slips.forbid(duty=duty, note="不许再要。", by=staff("zhanzhang"))


def test_changing_the_rule_answers_it_only_when_the_rule_was_changed(town, clock):
    reported(town, 3)
    clock.shift(timedelta(minutes=1))
    with pytest.raises(Refused, match="不算改了规定"):
        slips.answer_by_change(duty=duty_of(town), by=staff("zhanzhang"))
    version = rules.in_force(rules.drafted(town, promised_days=4))
    done = slips.answer_by_change(duty=duty_of(town), by=staff("zhanzhang"))
    assert (done.outcome, done.version) == ("changed", version)


def test_after_an_answer_the_count_begins_anew(town, clock):
    reported(town, 3)
    clock.shift(timedelta(minutes=1))
    slips.forbid(duty=duty_of(town), note="不许再要。", by=staff("zhanzhang"))
    clock.shift(timedelta(minutes=1))
    reported(town, 2)
    assert not SlipDuty.objects.filter(closed_at__isnull=True).exists()
    reported(town)
    assert duty_of(town)


@pytest.mark.parametrize(
    "change",
    [
        "closed_at = opened_at",
        "outcome = 'forbidden'",
        "closed_at = opened_at, closed_event_id = opened_event_id, outcome = 'forbidden'",  # without words
        "closed_at = opened_at, closed_event_id = opened_event_id, outcome = 'changed'",  # without a version
    ],
)
def test_the_database_takes_no_half_answer(town, change):
    reported(town, 3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rulebook_slipduty SET {change}")


# The pages


def form_of(client, address: str = "/services/LM-001/slip") -> str:
    return token_in(client.get(address))


def token_in(page) -> str:
    return re.search(r'name="form_token" value="([^"]+)"', page.content.decode())[1]


def test_a_resident_reports_from_the_guide_and_holds_a_number(town, client):
    guide = client.get("/services/LM-001").content.decode()
    assert "没有人反映要了指南以外的东西" in guide
    assert "/services/LM-001/slip" in guide
    token = form_of(client)
    bare = client.post("/services/LM-001/slip", {"form_token": token, "asked": ""})
    assert bare.status_code == 422
    assert "请写明多要了什么" in bare.content.decode()
    answer = client.post("/services/LM-001/slip", {"form_token": token, "asked": ASKED})
    slip = Slip.objects.get()
    assert answer.url == f"/slips/{slip.number}"
    follow.settle()
    page = client.get(answer.url).content.decode()
    for words in (slip.number, ASKED, "由实施单位查明", "公开日志第", "noindex"):
        assert words in page, words
    again = client.post("/services/LM-001/slip", {"form_token": token, "asked": ASKED})
    assert again.url == answer.url
    guide = client.get("/services/LM-001").content.decode()
    assert '有 <span class="strong">1</span> 次要了指南以外的东西' in guide
    assert ASKED not in guide, "the public sees counts"


def test_a_report_from_the_own_case_carries_its_number_and_version(town, client, clock):
    case = acts.accepted(town, "LM-001")
    rules.in_force(rules.drafted(town, promised_days=4))
    session = client.session
    session["opened_cases"] = [case.pk]
    session.save()
    address = f"/services/LM-001/slip?case={case.number}"
    assert address.replace("&", "&amp;") in client.get(f"/cases/{case.number}/mine").content.decode()
    client.post(address, {"form_token": form_of(client, address), "asked": ASKED})
    slip = Slip.objects.get()
    assert (slip.case_number, slip.version.number) == (case.number, 1)


def test_nobody_attaches_a_slip_to_the_case_of_another(town, client):
    case = acts.accepted(town, "LM-001")
    client.post(f"/services/LM-001/slip?case={case.number}", {"form_token": "x", "asked": ASKED})
    assert Slip.objects.get().case_number == ""


def test_the_item_is_written_as_one_remembers_it(town, client):
    login(client, CLERK_4)
    token = token_in(client.get("/desk/slips/"))
    sent = {"asked": ASKED, "why": "上面要看", "form_token": token}
    for typed, says in (("", "请写明是哪个事项"), ("移民", "没有名称或者编码里有“移民”的事项")):
        answer = client.post("/desk/slips/", {**sent, "item": typed})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    several = client.post("/desk/slips/", {**sent, "item": "许可"})
    page = several.content.decode()
    assert "请在下面点一个" in page
    assert 'value="LM-001"' in page
    assert ASKED in page
    assert not Slip.objects.exists()
    other = client.post("/desk/slips/", {**sent, "item": "许可", "pick": "JZ-001"})
    assert other.status_code == 422, "not one of those that fit"
    client.post("/desk/slips/", {**sent, "item": "许可", "pick": "LM-001"})
    assert Slip.objects.get().version.item.code == "LM-001"


def test_a_number_that_is_not_held_opens_nothing(town, other_town, client):
    slip = reported(town)[0]
    assert client.get("/slips/WYCG-2222-2222-2222").status_code == 404
    assert client.get(f"/slips/{slip.number}", HTTP_HOST="other.example").status_code == 404
    assert client.get("/services/LM-001/slip", HTTP_HOST="other.example").status_code == 404


def test_a_clerk_issues_one_at_the_desk_and_the_head_answers_there(town, client):
    login(client, CLERK_4)
    page = client.get("/desk/slips/?item=JZ-001")
    assert page.status_code == 200
    token = token_in(page)
    bare = client.post("/desk/slips/", {"item": "JZ-001", "asked": ASKED, "why": "", "form_token": token})
    assert bare.status_code == 422
    sent = {"item": "JZ-001", "asked": ASKED, "why": "上面要看", "form_token": token}
    answer = client.post("/desk/slips/", sent)
    assert answer.url == f"/slips/{Slip.objects.get().number}"
    reported(town, 2, "JZ-001")
    duty = SlipDuty.objects.get()
    login(client, "shezhuren")
    assert "社会事务办公室" in client.get("/desk/slips/").content.decode()
    bare = client.post(f"/desk/slips/duties/{duty.pk}", {"answer": "forbid", "note": ""})
    assert bare.status_code == 422
    assert client.post(f"/desk/slips/duties/{duty.pk}", {"answer": "forbid", "note": "不许再要。"}).status_code == 302
    duty.refresh_from_db()
    assert duty.outcome == "forbidden"
    assert Item.objects.get(code="JZ-001").current.number == 1
