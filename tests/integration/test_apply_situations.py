"""Applying online: the questions first, then only what the answers select; nothing typed is ever lost."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingtang.cases.models import Case
from mingtang.demo.cases import demo_id
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Fee, Option, Reduction, Situation
from tests.factories import rules
from tests.factories.specs import data
from tests.integration.test_portal_bad_input import FORM, SITUATION, WINDOW, WORDS, hidden_all
from tests.unit.files.samples import PNG

pytestmark = pytest.mark.django_db
WHO = WORDS | {"id_number": demo_id(1)}
OLD_HOUSE = "旧屋的照片"


def page(answer) -> str:
    return html.unescape(answer.content.decode())


def asked(client: Client) -> dict[str, str]:
    """The first screen as it would be sent, without answers."""
    return hidden_all(client.get(FORM).content.decode())


def filling(client: Client, **answers: str):
    """The second screen for these answers."""
    return client.post(FORM, asked(client) | SITUATION | answers)


def checked(answer) -> set[str]:
    return set(re.findall(r'name="ask_\w+" value="(\w+)" checked', answer.content.decode()))


def test_the_questions_come_first_and_then_only_the_papers_they_select(client, town):
    first = client.get(FORM)
    assert "这次是哪一种建房？" in page(first) and 'name="name"' not in page(first) and OLD_HOUSE not in page(first)
    plain, rebuilt = page(filling(client)), page(filling(client, ask_project="rebuild"))
    assert OLD_HOUSE not in plain and "要交这 4 份" in plain
    assert OLD_HOUSE in rebuilt and "要交这 5 份" in rebuilt
    assert "农用地转用批准文件" not in page(filling(client, ask_land="farmland")), "we look it up ourselves"


def test_an_item_that_asks_nothing_begins_with_the_form(client, town):
    first = page(client.get("/services/LM-001/apply"))
    assert 'name="name"' in first and "您的情况" not in first


def test_answers_in_the_address_lead_straight_to_the_form(client, town):
    whole = client.get(f"{FORM}?ask_project=rebuild&ask_land=homestead")
    assert OLD_HOUSE in page(whole) and 'name="name"' in page(whole)
    half = client.get(f"{FORM}?ask_project=rebuild&ask_land=moon")
    assert half.status_code == 200 and checked(half) == {"rebuild"} and 'name="name"' not in page(half)
    assert "您仍然可以申请" in page(client.get(f"{FORM}?ask_project=new&ask_land=basic_farmland"))


@pytest.mark.parametrize("wrong", ["", "castle", "new\x00", "' OR 1=1"])
def test_a_wrong_answer_is_named_and_the_right_one_is_kept(client, town, wrong):
    answer = filling(client, ask_project=wrong)
    assert answer.status_code == 422 and checked(answer) == {"homestead"}
    assert re.search(r'id="id_ask_project-error">错误：请回答“这次是哪一种建房？”', page(answer))
    assert 'href="#id_ask_project"' in page(answer) and page(answer).count("请回答") == 2


def test_every_unanswered_question_is_named_at_once(client, town):
    answer = client.post(FORM, asked(client))
    assert 'id="id_ask_project-error"' in page(answer) and 'id="id_ask_land-error"' in page(answer)


def test_going_back_and_forth_keeps_what_was_typed_and_sent(client, town):
    form = hidden_all(filling(client, ask_project="rebuild").content.decode())
    photo = {"file_old_house": SimpleUploadedFile("旧屋正面.png", PNG)}
    back = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "upload", "stage": "ask"} | photo)
    assert back.status_code == 200 and checked(back) == {"rebuild", "homestead"}
    carried = hidden_all(back.content.decode())
    assert carried["name"] == WORDS["name"] and carried["id_number"] == WHO["id_number"]
    other = client.post(FORM, carried | SITUATION | {"ask_project": "new"})
    assert other.status_code == 200 and OLD_HOUSE not in page(other) and f'value="{WORDS["address"]}"' in page(other)
    again = client.post(FORM, hidden_all(other.content.decode()) | WHO | WINDOW | {"stage": "ask"})
    last = client.post(FORM, hidden_all(again.content.decode()) | SITUATION | {"ask_project": "extend"})
    assert "√ 已收到：旧屋正面.png" in page(last)


def test_a_refused_file_is_told_before_the_questions_come_again(client, town):
    form = hidden_all(filling(client).content.decode())
    bad = {"file_id": SimpleUploadedFile("身份证.jpg", b"MZ\x90\x00" + b"\0" * 60)}
    answer = client.post(FORM, form | WORDS | WINDOW | {"stage": "ask"} | bad)
    assert answer.status_code == 422 and "程序" in page(answer)
    assert "必填" not in page(answer), "the identity number was not yet asked about"


def test_an_answer_that_bars_is_read_first_and_cuts_nobody_off(client, town):
    barred = filling(client, ask_land="basic_farmland")
    assert (
        "永久基本农田上不能建住宅" in page(barred)
        and "0730-5550009" in page(barred)
        and 'name="name"' not in page(barred)
    )
    told = html.unescape(re.search(r'name="told" value="([^"]+)"', barred.content.decode())[1])
    form = hidden_all(barred.content.decode()) | SITUATION | {"ask_land": "basic_farmland"}
    assert 'name="name"' not in page(client.post(FORM, form | {"told": "yes"})), "just this sentence must be read"
    filled = client.post(FORM, form | {"told": told})
    assert 'name="name"' in page(filled)
    seen = client.post(FORM, hidden_all(filled.content.decode()) | WHO | WINDOW | {"stage": "review"})
    assert "给您书面决定" in page(seen)
    done = client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"})
    assert done.status_code == 302
    case = Case.objects.get()
    assert case.documents.get().data["told"] and case.answers["land"] == "basic_farmland"


def test_the_review_and_the_case_show_the_answers_and_two_presses_give_one(client, town):
    form = hidden_all(filling(client, ask_project="rebuild").content.decode())
    seen = client.post(FORM, form | WHO | WINDOW | {"how_old_house": "window", "stage": "review"})
    assert "原址翻建" in page(seen) and "不收费" in page(seen)
    last = hidden_all(seen.content.decode()) | {"stage": "submit"}
    first, second = client.post(FORM, last), client.post(FORM, last)
    assert first["Location"] == second["Location"] and Case.objects.count() == 1
    case = Case.objects.get()
    assert {row.material_key for row in case.materials.filter(state="to_bring")} >= {"old_house"}
    for path in ("receipt", "mine"):
        own = page(client.get(f"/cases/{case.number}/{path}"))
        assert "原址翻建" in own and "不收费" in own
    public = page(Client().get(f"/cases/{case.number}"))
    assert "原址翻建" not in public and "不收费" not in public


def test_a_version_that_came_into_force_meanwhile_asks_again_and_keeps_everything(client, town):
    form = hidden_all(filling(client).content.decode())
    seen = client.post(FORM, form | WHO | WINDOW | {"stage": "review"})
    rules.in_force(rules.drafted(town, "JF-001", promised_days=14))
    for stage, sent in (("review", form | WHO | WINDOW), ("submit", hidden_all(seen.content.decode()))):
        answer = client.post(FORM, sent | {"stage": stage})
        assert answer.status_code == 422 and "发布了新版" in page(answer)
        assert checked(answer) == {"new", "homestead"}
        carried = hidden_all(answer.content.decode())
        assert carried["name"] == WORDS["name"] and carried["version"] == str(_current("JF-001"))
    assert not Case.objects.exists()
    filled = client.post(FORM, carried | SITUATION)
    seen = client.post(FORM, hidden_all(filled.content.decode()) | WHO | WINDOW | {"stage": "review"})
    assert client.post(FORM, hidden_all(seen.content.decode()) | {"stage": "submit"}).status_code == 302
    assert Case.objects.get().version.number == 2


def _current(code: str) -> int:
    return Item.objects.get(code=code).current_id


def test_without_questions_a_new_version_is_told_on_the_form(client, town):
    path = "/services/LM-001/apply"
    form = (
        hidden_all(client.get(path).content.decode())
        | WHO
        | {f"how_{key}": "window" for key in ("id", "right", "plan")}
    )
    rules.in_force(rules.drafted(town, "LM-001", promised_days=4))
    answer = client.post(path, form | {"stage": "review"})
    assert answer.status_code == 422 and "发布了新版" in page(answer) and f'value="{WORDS["name"]}"' in page(answer)


def test_a_number_is_asked_with_its_unit_and_the_bill_follows(client, town):
    poor = [data(Option, key="yes", label="是低保户"), data(Option, key="no", label="不是")]
    reduction = data(Reduction, label="低保户", when="poor == 'yes'", percent=100, basis="森林法第五十七条")
    fee = data(Fee, code="A1", name="勘测费", nature="administrative", fund="treasury", amount=1050, per="亩")
    fee |= {"quantity": "area", "payer": "申请人", "scope": "全镇", "receipt": "财政票据", "basis": "森林法第五十七条"}
    rules.listed(
        town,
        "LM-902",
        like="LM-001",
        unit="forestry",
        situations=[
            data(Situation, key="area", question="采伐几亩？", unit="亩", most=50),
            data(Situation, key="poor", question="您家是低保户吗？", options=poor),
        ],
        fees=[fee | {"reductions": [reduction]}],
    )
    path = "/services/LM-902/apply"
    first = client.get(path)
    assert "采伐几亩？（亩）" in page(first) and 'inputmode="numeric"' in page(first)
    form = hidden_all(first.content.decode())
    wrong = client.post(path, form | {"ask_area": "半亩", "ask_poor": "yes"})
    assert wrong.status_code == 422 and 'value="半亩"' in page(wrong) and checked(wrong) == {"yes"}
    for poor, total, why in (("no", "31.50元", "3 亩 × 10.50元 = 31.50元"), ("yes", "0元", "低保户，不用交")):
        filled = client.post(path, form | {"ask_area": "３", "ask_poor": poor})
        how = {f"how_{key}": "window" for key in ("id", "right", "plan")}
        seen = page(client.post(path, hidden_all(filled.content.decode()) | WHO | how | {"stage": "review"}))
        assert total in seen and why in seen and "财政票据" in seen
