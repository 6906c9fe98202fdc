"""Window intake: the questions, then the checklist they select; another answer draws it anew and keeps the ticks."""

import io

import pytest
from django.test import Client

from mingtang.cases.models import Case
from tests.factories import rules
from tests.factories.cast import CLERK_3, DECIDER, login
from tests.integration.desk_steps import SITUATION, act, application, hidden, intake, text
from tests.integration.test_apply_situations import checked
from tests.unit.files.samples import PNG

pytestmark = pytest.mark.django_db
NEW = "/desk/cases/new/JF-001"
OLD_HOUSE = "旧屋的照片"


@pytest.fixture
def clerk(client, town) -> Client:
    login(client, CLERK_3)
    return client


def test_the_clerk_asks_first_and_sees_only_the_papers_of_the_answers(clerk):
    first = clerk.get(NEW)
    assert "先问申请人" in text(first) and "autofocus" in text(first) and 'name="name"' not in text(first)
    assert OLD_HOUSE not in text(intake(clerk))
    rebuilt = text(intake(clerk, ask_project="rebuild"))
    assert OLD_HOUSE in rebuilt and "翻建或者扩建的" in rebuilt


def test_a_question_left_out_is_named(clerk):
    answer = intake(clerk, ask_land="")
    assert answer.status_code == 422 and "请回答“准备建在什么地上？”" in text(answer) and checked(answer) == {"new"}


def test_another_answer_draws_the_list_anew_and_keeps_ticks_scans_and_words(clerk):
    scan = io.BytesIO(PNG)
    scan.name = "身份证.png"
    sent = application(intake(clerk), ask_project="rebuild")
    answer = clerk.post(NEW, sent | {"file_id": scan})
    assert answer.status_code == 422 and "清单已经照新的回答重列" in text(answer) and not Case.objects.exists()
    assert OLD_HOUSE in text(answer) and "√ 已扫描：身份证.png" in text(answer) and sent["name"] in text(answer)
    assert text(answer).count('value="ok" checked') == 3 and text(answer).count('value="missing" checked') == 1
    again = application(answer, ask_project="rebuild", check_old_house="ok")
    assert clerk.post(NEW, again).status_code == 302
    case = Case.objects.get()
    assert case.answers["project"] == "rebuild"
    assert case.materials.get(material_key="old_house").state == "received"


def test_the_button_beside_the_answers_draws_the_list_without_complaint(clerk):
    sent = application(intake(clerk), ask_project="extend", id_number="") | {"act": "list"}
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 200 and OLD_HOUSE in text(answer) and 'class="error"' not in text(answer)


def test_an_answer_that_changes_no_paper_needs_no_second_look(clerk):
    assert clerk.post(NEW, application(intake(clerk), ask_land="farmland")).status_code == 302
    assert Case.objects.get().answers["land"] == "farmland"


def test_the_applicant_is_told_what_bars_and_the_case_is_taken_in_all_the_same(clerk):
    drawn = intake(clerk, ask_land="basic_farmland")
    assert "把这句话告诉申请人" in text(drawn) and "永久基本农田上不能建住宅" in text(drawn)
    sent = application(drawn, ask_land="basic_farmland", check_resolution="ok")
    untold = clerk.post(NEW, sent)
    assert untold.status_code == 422 and "请先把提示里的话告诉申请人" in text(untold) and not Case.objects.exists()
    assert clerk.post(NEW, sent | {"told": hidden_told(drawn)}).status_code == 302
    case = Case.objects.get()
    page = text(clerk.get(f"/desk/cases/{case.number}"))
    assert "照申请人的回答不能准予" in page and "永久基本农田" in page
    assert act(clerk, CLERK_3, case, "accept").status_code == 302
    assert "照申请人的回答不能准予" in text(_shown_to(clerk, DECIDER, case))


def hidden_told(answer) -> str:
    return text(answer).split('id="id_told" name="told" value="')[1].split('"')[0]


def _shown_to(client: Client, who: str, case: Case):
    login(client, who)
    return client.get(f"/desk/cases/{case.number}")


def test_a_version_that_came_into_force_meanwhile_is_told_and_keeps_the_ticks(clerk, town):
    sent = application(intake(clerk))
    rules.in_force(rules.drafted(town, "JF-001", promised_days=14))
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 422 and "发布了新版" in text(answer) and text(answer).count('value="ok" checked') == 3
    assert clerk.post(NEW, application(answer)).status_code == 302
    assert Case.objects.get().version.number == 2


def test_whatever_comes_in_for_an_answer_is_a_sentence(clerk):
    asked = clerk.get(NEW)
    brought = {name: hidden(asked, name) for name in ("form_token", "kept", "version")}
    for wrong in ("\x00", "9" * 5000, "<script>", "homestead "):
        answer = clerk.post(NEW, {**brought, **SITUATION, "ask_land": wrong})
        assert answer.status_code in {200, 422} and "<script>" not in text(answer).split("<main")[1]
