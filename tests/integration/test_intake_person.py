"""Who applies, at the window: a card that is read, an agent, a guardian, what is doubtful; nothing typed is lost."""

import io
import json
import logging

import pytest
from django.test import Client

from mingtang.cases.models import Case
from mingtang.events.models import Event
from mingtang.lib.identifiers import id_check_character
from tests.factories.cast import CLERK_3, login
from tests.integration.desk_steps import ID_NUMBER, application, fold, hidden, intake, text
from tests.unit.files.samples import PNG

pytestmark = pytest.mark.django_db
NEW = "/desk/cases/new/JF-001"
LINE = f"文小满\t女\t汉\t19560308\t湖南省华容县万庾镇兔湖村3组12号\t{ID_NUMBER}\t华容县公安局\t20160501-20360501"
OTHER = "43062319700101001" + id_check_character("43062319700101001")
AGENT = {
    "acts_as": "agent",
    "acting_name": "李代办",
    "acting_id_number": OTHER,
    "acting_until": "2999-1-1",
}


@pytest.fixture
def clerk(client, town) -> Client:
    login(client, CLERK_3)
    return client


def blank(page) -> dict[str, str]:
    return application(page) | {"name": "", "id_number": "", "address": ""}


def value(page, name: str) -> str:
    """What stands in an input on the page."""
    return text(page).split(f'name="{name}" value="')[1].split('"')[0]


def test_a_card_fills_its_fields_and_keeps_what_was_typed_and_scanned(clerk, caplog):
    caplog.set_level(logging.DEBUG)
    scan = io.BytesIO(PNG)
    scan.name = "身份证.png"
    answer = clerk.post(NEW, blank(intake(clerk)) | {"card": LINE, "file_id": scan})
    assert answer.status_code == 200 and 'class="error">' not in text(answer)
    read = [value(answer, name) for name in ("name", "id_number", "id_until", "address", "phone")]
    assert read == ["文小满", ID_NUMBER, "2036-05-01", "湖南省华容县万庾镇兔湖村3组12号", "0730-5550102"]
    assert "√ 已扫描：身份证.png" in text(answer) and text(answer).count('value="ok" checked') == 3
    assert LINE not in text(answer) and not Case.objects.exists()
    assert not any("华容县公安局" in record.getMessage() for record in caplog.records)
    assert all("华容县公安局" not in str(event.data) for event in Event.objects.all())


def test_a_line_that_is_still_in_the_field_is_read_whatever_button_was_pressed(clerk):
    sent = application(intake(clerk), address="县城花园路 1 号") | {"card": LINE}
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 200 and not Case.objects.exists()
    assert value(answer, "address") == "县城花园路 1 号", "typed for the same person: people live elsewhere too"
    other = clerk.post(NEW, sent | {"id_number": OTHER})
    assert "兔湖村" in value(other, "address"), "typed for somebody else"


@pytest.mark.parametrize("line", ["", "  ", "文小满\t女", "x" * 2000])
def test_a_line_that_is_no_card_is_told_and_the_form_stays(clerk, line):
    answer = clerk.post(NEW, application(intake(clerk)) | {"card": line, "act": "card"})
    assert answer.status_code == 422
    assert 'href="#id_card"' in text(answer) and "或者直接在下面填" in text(answer)
    assert value(answer, "name") == "文小满" and text(answer).count('value="ok" checked') == 3


def test_the_script_asks_for_the_parts_alone(clerk, town):
    answer = clerk.post("/desk/cases/card", {"line": LINE, "reader": "acting_card"})
    wanted = {"acting_name": "文小满", "acting_id_number": ID_NUMBER, "acting_id_until": "2036-05-01"}
    assert json.loads(answer.content)["fields"] == wanted | {"acting_id_paper": "card"}
    refused = clerk.post("/desk/cases/card", {"line": "x"})
    assert refused.status_code == 422 and json.loads(refused.content)["said"].endswith("。")
    assert Client().post("/desk/cases/card", {"line": LINE}).status_code in {302, 403}


def test_an_agent_comes_with_a_scan_and_is_held_to_the_authority(clerk):
    page = intake(clerk)
    sent = application(page) | AGENT
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 422 and "还没有申请人写的委托书" in text(answer) and value(answer, "acting_name")
    letter = io.BytesIO(PNG)
    letter.name = "委托书.png"
    wrong = clerk.post(NEW, sent | {"phone": "12", "file_acting-proof": letter})
    assert "√ 已收到：委托书.png" in text(wrong)
    kept = {name: hidden(wrong, name) for name in ("form_token", "kept", "version", "listed")}
    assert clerk.post(NEW, sent | kept).status_code == 302
    case = Case.objects.get()
    shown = text(clerk.get(f"/desk/cases/{case.number}"))
    assert "李**" in shown and "代理人" in shown and "看扫描件" in shown
    scan = clerk.get(f"/desk/cases/{case.number}/authority/{case.authority_scans.get().pk}")
    assert b"".join(scan) == PNG
    refused = fold(clerk, CLERK_3, case, "withdraw", confirm="on", returned="on", acting="yes")
    assert refused.status_code == 422 and "委托书没有写代理人可以代为撤回" in text(refused)
    assert fold(clerk, CLERK_3, case, "withdraw", confirm="on", returned="on", acting="no").status_code == 302


def test_who_comes_is_not_lost_where_nobody_said_what_they_are(clerk):
    answer = clerk.post(NEW, application(intake(clerk)) | AGENT | {"acts_as": "self"})
    assert answer.status_code == 422 and "请选他是代理人还是监护人" in text(answer)


def test_a_minor_needs_the_guardian_and_the_page_says_where(clerk):
    body = "43062320150101001"
    sent = application(intake(clerk), id_number=body + id_check_character(body))
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 422
    assert "要由监护人（父母等）来办" in text(answer) and 'href="#id_acts_as"' in text(answer)
    guardian = AGENT | {"acts_as": "guardian", "acting_relation": "parent", "acting_seen": "on"}
    assert clerk.post(NEW, sent | guardian).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id_until": "2020-05-01"}, "申请人的证件2020年5月1日到期"),
        ({"kind": "organisation", "organisation": "合作社", "uscc": "91430623MA4L000002"}, "校验位不对"),
        ({"kind": "organisation", "organisation": "第三村民小组"}, "没有填统一社会信用代码"),
    ],
)
def test_what_is_doubtful_is_confirmed_once_and_taken_in(clerk, typed, sentence):
    sent = application(intake(clerk)) | typed
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 422 and sentence in text(answer) and not Case.objects.exists()
    tick = text(answer).split('name="sure" value="')[1].split('"')[0]
    other = clerk.post(NEW, sent | {"sure": "别的话"})
    assert other.status_code == 422
    assert clerk.post(NEW, sent | {"sure": tick}).status_code == 302
    assert sentence in Case.objects.get().applicant["confirmed"].popitem()[1]


def test_an_original_that_went_back_at_once_is_a_fact_on_the_receipt(clerk):
    assert clerk.post(NEW, application(intake(clerk), check_id="back")).status_code == 302
    case = Case.objects.get()
    assert Event.objects.get(type="case.submitted").data["originals_returned"] == ["id"]
    notes = {row["name"]: row["note"] for row in case.documents.get().data["materials"]}
    name = case.version.spec.material("id").name
    assert notes.pop(name) == "已收到，原件看过，当场退还" and "已收到" in notes.values()
    held = text(clerk.get(f"/desk/cases/{case.number}")).split("已经当面退还：")[1].split("<")[0]
    assert name not in held
    answer = clerk.post(f"/desk/cases/{case.number}/receive", {"back": "resolution"})
    assert answer.status_code == 302
    assert Event.objects.get(type="case.materials_received").data["originals_returned"] == ["resolution"]
    assert case.materials.get(material_key="resolution").state == "received"
