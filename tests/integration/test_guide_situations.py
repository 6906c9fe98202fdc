"""The guide of one's own situation: exactly what the version holds for these answers, and nothing kept of them."""

import html
import logging
import re
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from mingtang.lib.money import format_yuan
from mingtang.portal.stored import page_store
from mingtang.rulebook import actions, fees, situations
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Fee, Option, Reduction, Situation
from tests.factories import rules
from tests.factories.cast import CENTRE, login, staff
from tests.factories.specs import data

pytestmark = pytest.mark.django_db
HOUSE = "/services/JF-001/situation"


def page(answer) -> str:
    return html.unescape(answer.content.decode())


def listed(answer, heading: str) -> list[str]:
    """The names in the numbered list under a heading."""
    section = page(answer).split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    return re.findall(r"<h3>(.*?)</h3>", section)


def ask(client, path: str = HOUSE, **answers):
    return client.get(f"{path}?{urlencode({f'ask_{key}': value for key, value in answers.items()})}")


def test_the_guide_says_of_each_thing_for_whom_it_is(client, town):
    shown = page(client.get("/services/JF-001"))
    assert "只在这种情况要：翻建或者扩建的" in shown and "只在这种情况有：占用农用地的" in shown
    assert "有的情况再加 1 份" in shown and "有的情况多 1 步" in shown
    assert f'action="{HOUSE}"' in shown and "这次是哪一种建房？" in shown
    assert "正面、左侧、右侧各一张" in shown and "您自己准备" in shown and "由村民委员会出具" in shown
    assert "《土地管理法》第四十四条" in shown and "有效期：两年内开工" in shown
    assert "全镇通办" in shown and "如实提交材料" in shown and "沿人民路走两百米" in shown
    assert "最多跑 1 趟（领取证件时核对本人）" in shown and "华容县人民政府申请行政复议" in shown
    assert "按您的情况看" not in page(client.get("/services/LN-001"))


def test_for_every_answer_papers_steps_and_fee_are_those_of_the_version(client, town):
    charged(town)
    for code in ("JF-001", "LM-902"):
        spec = Item.objects.get(town=town, code=code).current.spec
        for answers in situations.combinations(spec):
            selected = situations.selected(spec, answers)
            answer = ask(client, f"/services/{code}/situation", **answers)
            assert answer.status_code == 200
            assert listed(answer, "带什么") == [material.name for material in selected.asked]
            steps = [step.name for step in selected.steps]
            assert [name for name in steps if name in page(answer)] == steps
            for other in {*spec.steps} - {*selected.steps}:
                assert other.name not in page(answer)
            bill = fees.bill(spec, answers, timezone.localdate())
            assert (f"一共交 {format_yuan(bill.total)}" if bill.lines else "不收费") in page(answer)
            assert ("您仍然可以申请" in page(answer)) == bool(selected.bars)


def charged(town):
    poor = [data(Option, key="yes", label="是低保户"), data(Option, key="no", label="不是")]
    fee = data(
        Fee, code="A1", name="勘测费", nature="administrative", fund="treasury", amount=1050, per="亩", most=9000
    )
    fee |= {"quantity": "area", "payer": "申请人", "scope": "全镇", "receipt": "财政票据", "basis": "森林法第五十七条"}
    fee |= {"when": "area > 2", "when_label": "超过两亩的"}
    less = data(Reduction, label="低保户", when="poor == 'yes'", percent=50, basis="森林法第五十七条")
    return rules.listed(
        town,
        "LM-902",
        like="LM-001",
        unit="forestry",
        situations=[
            data(Situation, key="area", question="采伐几亩？", unit="亩", most=50),
            data(Situation, key="poor", question="您家是低保户吗？", options=poor),
        ],
        fees=[fee | {"reductions": [less]}],
    )


def test_the_guide_names_price_cap_reduction_and_for_whom(client, town):
    charged(town)
    shown = page(client.get("/services/LM-902"))
    assert "10.50元／亩，一件最多 90元" in shown and "低保户：减收 50%" in shown
    assert "只在这种情况收：超过两亩的" in shown and "财政票据" in shown and "按情形收费" in shown


def test_without_answers_only_the_questions_are_shown(client, town):
    answer = client.get(HOUSE)
    assert answer.status_code == 200 and "先答 2 句" in page(answer) and "带什么" not in page(answer)
    assert "错误" not in page(answer)


@pytest.mark.parametrize("wrong", ["", "castle", "<b>", "a" * 3000])
def test_a_wrong_answer_is_named_and_the_others_are_kept(client, town, wrong):
    answer = ask(client, project="rebuild", land=wrong)
    assert answer.status_code == 422 and "请回答“准备建在什么地上？”" in page(answer)
    assert 'value="rebuild" checked' in page(answer) and "<b>" not in answer.content.decode()


def test_the_way_to_apply_brings_the_answers_along_even_where_they_bar(client, town):
    for land, words in (("farmland", 'name="name"'), ("basic_farmland", "仍要申请")):
        answer = ask(client, project="extend", land=land)
        link = re.search(r'href="(/services/JF-001/apply\?[^"]+)"', page(answer))[1]
        assert words in page(client.get(link))


def test_answers_are_neither_stored_nor_logged_nor_cached(client, town, caplog):
    with caplog.at_level(logging.DEBUG):
        good, bad = ask(client, project="new", land="farmland"), ask(client, project="new", land="x")
    assert {good.status_code, bad.status_code} == {200, 422}
    assert "farmland" not in caplog.text and "ask_" not in caplog.text
    assert "no-store" in good.headers["Cache-Control"] and not good.cookies
    assert page_store().find(town.code, HOUSE) is None


def test_it_is_there_for_what_can_be_applied_for_in_this_town_only(client, other_town):
    town = other_town.parent.children.get(code="430623107")
    assert client.get(HOUSE, headers={"host": "other.example"}).status_code == 404
    item = Item.objects.get(town=town, code="JF-001")
    actions.suspend(version=item.current, reason="系统升级，十二月一日恢复。", by=staff("suozhang"))
    assert client.get(HOUSE).status_code == 404
    shown = page(client.get("/services/JF-001"))
    assert "暂停办理" in shown and "按您的情况看" not in shown


def test_the_preview_of_a_draft_shows_its_questions_and_what_they_select(client, town):
    draft = rules.drafted(town, "JF-001", promised_days=14)
    login(client, CENTRE)
    path = f"/desk/items/JF-001/{draft.number}/preview"
    assert f'action="{path}/situation"' in page(client.get(path))
    answer = ask(client, f"{path}/situation", project="rebuild", land="homestead")
    assert "这是预览" in page(answer) and "旧屋的照片" in page(answer) and "承诺 14 个工作日" in page(answer)
    assert f'href="{path}/apply?ask_project=rebuild&ask_land=homestead"' in page(answer)
    broken = [row | {"when": "project =="} if row["when"] else row for row in draft.data["materials"]]
    worse = rules.drafted(town, "JF-001", materials=broken)
    answer = ask(client, f"/desk/items/JF-001/{worse.number}/preview/situation", project="new", land="homestead")
    assert "写得不完整" in page(answer)
