"""依职权启动 at the desk, and a pledge chosen at the window and online."""

import re

import pytest
from django.test import Client

from mingtang.cases.enums import CaseState, Channel, MaterialState
from mingtang.cases.models import Case
from mingtang.demo.care import build_care
from tests.factories.acts import APPLICANT
from tests.factories.cast import CLERK_3, FOREST, SOCIAL, login
from tests.integration.desk_steps import text
from tests.integration.filled import filled

pytestmark = pytest.mark.django_db
PERSON = {"kind": "person", "name": APPLICANT.name, "id_number": APPLICANT.id_number}


def test_the_post_that_handles_it_begins_without_an_application(client, town):
    build_care(town)
    login(client, SOCIAL)
    assert "依职权启动：特困人员救助供养" in text(client.get("/desk/cases/"))
    page = client.get("/desk/cases/open/TK-001")
    assert "没有人申请" in text(page) and "签了承诺书" not in text(page)
    sent = filled(page, **PERSON, check_id="ok", check_hardship="missing")
    refused = client.post("/desk/cases/open/TK-001", {**sent, "found": ""})
    assert refused.status_code == 422 and "怎样发现" in text(refused) and APPLICANT.name in text(refused)
    made = client.post("/desk/cases/open/TK-001", {**sent, "found": "村里报来，入户看过。"}, follow=True)
    case = Case.objects.get()
    assert (case.state, case.channel) == (CaseState.ACCEPTED, Channel.OFFICE)
    assert case.number in text(made) and "查询码" in text(made)


def test_nobody_else_is_offered_it_and_other_items_have_no_such_page(client, town):
    login(client, FOREST)
    assert "依职权启动" not in text(client.get("/desk/cases/"))
    assert client.get("/desk/cases/open/LM-001").status_code == 404
    assert not Case.objects.exists()


def test_a_pledge_is_chosen_on_the_checklist_of_the_window(client, town):
    login(client, CLERK_3)
    page = client.get("/desk/cases/new/LM-001")
    assert text(page).count("签了承诺书代替") == 1
    checks = {"check_id": "ok", "check_plan": "ok", "check_right": "pledge"}
    client.post("/desk/cases/new/LM-001", filled(page, **PERSON, **checks))
    assert Case.objects.get().materials.get(material_key="right").state == MaterialState.PLEDGED


def test_a_pledge_is_chosen_online_and_read_again_before_it_is_sent(town):
    browser = Client()
    page = browser.get("/services/LM-001/apply")
    assert "不交，我书面承诺" in text(page)
    how = {"how_id": "window", "how_plan": "window", "how_right": "pledge", "stage": "review"}
    review = browser.post("/services/LM-001/apply", filled(page, **PERSON, **how))
    assert "书面承诺：要采的林木归我家所有" in text(review)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', review.content.decode()))
    sent = browser.post("/services/LM-001/apply", {**hidden, "stage": "submit"})
    assert sent.status_code == 302, text(sent)
    assert Case.objects.get().materials.get(material_key="right").state == MaterialState.PLEDGED
