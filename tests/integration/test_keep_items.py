"""Keeping items at the desk, by HTTP: nothing typed is lost, nothing needs code, bad input is said at its field."""

import re

import pytest

from mingtang.demo.items import ITEMS
from mingtang.people.models import Unit
from mingtang.rulebook import actions
from mingtang.rulebook.models import Item, Version
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, CLERK_1, POWER, login, staff
from tests.integration.desk_steps import text
from tests.integration.filled import filled

pytestmark = pytest.mark.django_db
EDIT = "/desk/items/LM-001/2/edit"


@pytest.fixture
def centre(client, town):
    login(client, CENTRE)
    return client


@pytest.fixture
def draft(town):
    return rules.drafted(town)


def now(version: Version) -> Version:
    return Version.objects.get(pk=version.pk)


def press(client, act: str, sent: dict, **changes):
    """Send the form by one of its buttons."""
    return client.post(EDIT, {**sent, **changes, "act": act})


def test_a_new_item_needs_three_things_and_knows_the_rest(centre, town):
    page = centre.get("/desk/items/new")
    assert page.content.decode().count("<input") - page.content.decode().count('type="hidden"') <= 3
    answer = centre.post("/desk/items/new", {"name": "公墓安葬办理", "code": "GM-001", "unit": "social"})
    assert answer.url == "/desk/items/GM-001/1/edit"
    spec = Version.objects.get(item__code="GM-001").spec
    assert (spec.window_post, spec.decider_post) == ("window-1", "deputy-mayor") or spec.window_post
    assert "人民路" in spec.place and "8:30" in spec.hours
    assert (spec.phone, spec.complaint_phone) == ("0730-5550011", "0730-5550002")
    assert (spec.holder, spec.intake_days, spec.listing.level) == ("万庾镇人民政府", 5, "5")
    assert "缺" in text(centre.get(answer.url))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "请填写事项名称"),
        ({"code": "GM 001"}, "3 到 40 位字母、数字和短横线"),
        ({"code": "new"}, "至少有一个数字"),
        ({"code": "LM-001"}, "已经用过"),
        ({"unit": "no-such"}, "请从列出的里面选一个"),
        ({"like": "XX-999"}, "没有编码是“XX-999”的事项"),
        ({"name": "长" * 121}, "120"),
    ],
)
def test_a_bad_new_item_is_said_at_its_field_and_keeps_what_was_typed(centre, town, typed, said):
    sent = {"name": "公墓安葬办理", "code": "GM-001", "unit": "social", "like": "", **typed}
    answer = centre.post("/desk/items/new", sent)
    assert answer.status_code == 422
    assert said in text(answer)
    assert all(value in text(answer) for value in (sent["name"], sent["code"]))
    assert not Item.objects.filter(code="GM-001").exists()


def test_a_new_item_can_begin_as_a_copy_of_another(centre, town):
    centre.post("/desk/items/new", {"name": "更新采伐许可", "code": "LM-002", "unit": "forestry", "like": "LM-001"})
    copy, original = Version.objects.get(item__code="LM-002"), acts.in_force(town, "LM-001")
    assert copy.data == {**original.data, "name": "更新采伐许可"}
    centre.post("/desk/items/new", {"name": "用电报装", "code": "GD-001", "unit": "power", "like": "LM-001"})
    other = Version.objects.get(item__code="GD-001").data
    assert (other["phone"], other["materials"]) == ("0730-5550012", original.data["materials"])


@pytest.mark.parametrize("code", [code for code, _, _ in ITEMS])
def test_to_open_and_save_changes_nothing(centre, town, code):
    """What the editor shows is all of it, and what nobody touched stays letter for letter."""
    version = rules.drafted(town, code)
    page = centre.get(f"/desk/items/{code}/2/edit")
    answer = centre.post(f"/desk/items/{code}/2/edit", filled(page))
    assert answer.status_code == 302, text(answer)
    assert now(version).data == version.data


def test_what_is_typed_is_saved(centre, draft):
    page = centre.get(EDIT)
    sent = filled(
        page,
        summary="农村居民采伐自留山的林木。\n先领证，再采伐。",
        promised_days="３",
        statutory_days="",
        conditions="林木权属清楚\n\n  数量在限额以内  ",
        served=["自然人", "企业法人"],
        basis__0__article="第五十六条",
        materials__1__copies="2",
        materials__1__deferrable="on",
        listing__courier=None,
        synonyms="砍树\n伐木",
    )
    assert press(centre, "save", sent).url == EDIT
    spec = now(draft).spec
    assert spec.summary.endswith("\n先领证，再采伐。")
    assert (spec.promised_days, spec.statutory_days, spec.listing.courier) == (3, None, False)
    assert spec.conditions == ("林木权属清楚", "数量在限额以内")
    assert spec.served == ("自然人", "企业法人")
    assert spec.basis[0].article == "第五十六条"
    assert (spec.materials[1].copies, spec.materials[1].deferrable) == (2, True)
    assert spec.synonyms == ("砍树", "伐木")
    assert now(draft).edited_by == staff(CENTRE)


def test_an_unfinished_draft_is_saved_and_told_what_it_lacks(centre, draft):
    press(centre, "save", filled(centre.get(EDIT), summary="", phone="", conditions=""))
    page = text(centre.get(EDIT))
    assert now(draft).spec.summary == ""
    for sentence in ("没有写明申请条件", "咨询电话和监督电话都要写", "没有写明办什么"):
        assert sentence in page
    assert re.search(r"缺 1 处</span><strong>三、条件和情形", page)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("promised_days", "-1", "只能填 0 到"),
        ("promised_days", "1e9", "不是整数"),
        ("promised_days", "十", "不是整数"),
        ("intake_days", "9", "只能填 1 到 5"),
        ("materials-0-copies", "1000", "只能填 0 到 20"),
        ("name", "长" * 121, "最多 120 个字"),
        ("power_type", "99", "不在可选的里面"),
        ("steps-0-post", "nobody", "不在可选的里面"),
        ("served", "外星人", "不在可选的里面"),
        ("conditions", "\n".join("条件" for _ in range(41)), "最多 40 行"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(centre, draft, name, typed, said):
    sent = filled(centre.get(EDIT), place="新的地点") | {name: typed}
    answer = press(centre, "save", sent)
    page = text(answer)
    assert answer.status_code == 422
    assert re.search(rf'<a href="#id_{name}">[^<]*{said}', page), "the summary leads to the field"
    assert f'id="id_{name}-error"' in page
    assert typed in page and "新的地点" in page
    assert now(draft).data == draft.data, "nothing half-done"


FEE = {"fees-0-name": "工本费", "fees-0-per": "本", "fees-0-basis": "湘价费〔2010〕1号（演示）"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-1", "不能是负数"), ("1000000000", "太大了"), ("1e9", "不是金额"), ("12.345", "最多保留两位小数")],
)
def test_a_fee_nobody_means_is_said_at_its_field(centre, draft, typed, said):
    sent = filled(press(centre, "add fees 0", filled(centre.get(EDIT)))) | FEE
    answer = press(centre, "save", sent, **{"fees-0-amount": typed})
    assert answer.status_code == 422
    assert re.search(rf'<a href="#id_fees-0-amount">收费 1“工本费”的标准（元）：[^<]*{said}', text(answer))


def test_a_fee_is_typed_in_yuan_with_its_reductions_and_days(centre, draft):
    sent = filled(press(centre, "add fees 0", filled(centre.get(EDIT)))) | FEE | {"fees-0-amount": "12.50"}
    sent = filled(press(centre, "add fees-0-reductions 0", sent)) | {
        "fees-0-reductions-0-label": "低保户",
        "fees-0-valid_from": "2026年3月1日",
        "fees-0-valid_to": "2026-02-30",
    }
    answer = press(centre, "save", sent)
    assert re.search(r'href="#id_fees-0-valid_to">[^<]*2026年2月30日不存在', text(answer))
    assert press(centre, "save", filled(answer), **{"fees-0-valid_to": "2027-02-28"}).status_code == 302
    (fee,) = now(draft).spec.fees
    assert (fee.amount, fee.valid_from, fee.valid_to) == (1250, "2026-03-01", "2027-02-28")
    assert [(row.label, row.percent) for row in fee.reductions] == [("低保户", 100)]
    assert 'value="12.50"' in text(centre.get(EDIT))


def test_a_promise_of_no_days_is_said_at_its_field(centre, draft):
    press(centre, "save", filled(centre.get(EDIT), promised_days="0"))
    page = text(centre.get(EDIT))
    field = page[page.index('id="id_promised_days"') :][:400]
    assert "不能是 0" in field
    assert "还缺" in field


def test_rows_are_added_moved_dropped_and_taken_back_without_losing_a_word(centre, draft):
    first = filled(centre.get(EDIT), place="还没有保存的地点")
    page = press(centre, "add materials 0", first)
    assert page.status_code == 200
    assert 'id="id_materials-4-name" name="materials-4-name" value="" autofocus' in text(page)
    sent = filled(page) | {
        "materials-4-name": "采伐承诺书", "materials-4-issuer": "申请人", "materials-4-form": "原件",
        "materials-4-basis": "核验承诺", "materials-4-standard": "本人签字",
    }  # fmt: skip
    page = press(centre, "up materials-4", sent)
    page = press(centre, "drop materials-0", filled(page))
    assert "保存时删去：材料 1“申请人身份证”" in text(page)
    assert "还没有保存的地点" in text(page)
    kept = press(centre, "keep materials-0", filled(page))
    assert "保存时删去" not in text(kept)
    assert press(centre, "save", filled(page)).status_code == 302
    spec = now(draft).spec
    assert [row.name for row in spec.materials] == [
        "林权证或者承包合同", "采伐地点、树种、面积、数量和更新措施的说明", "采伐承诺书", "采伐地块位置图",
    ]  # fmt: skip
    assert [row.key for row in spec.materials] == ["right", "plan", "m1", "map"], "keys are made, and stay"
    assert spec.place == "还没有保存的地点"


def test_a_key_once_used_is_not_given_to_another_paper(centre, draft):
    page = press(centre, "add materials 0", filled(centre.get(EDIT)))
    page = press(centre, "add materials 0", filled(page) | {"materials-4-name": "甲"})
    sent = filled(page) | {"materials-5-name": "乙"}
    keys = {sent["materials-4-key"], sent["materials-5-key"]}
    assert keys == {"m1", "m2"}


def test_steps_done_together_are_ticked_not_named(centre, town):
    version = rules.drafted(town, "JF-001")
    here = "/desk/items/JF-001/2/edit"
    page = centre.get(here)
    assert 'name="steps-2-together" value="on" checked' in text(page)
    centre.post(here, filled(page, steps__2__together=None) | {"act": "save"})
    assert [step.group for step in now(version).spec.steps] == [None, None, None]
    centre.post(here, filled(centre.get(here)) | {"steps-2-together": "on", "act": "save"})
    groups = [step.group for step in now(version).spec.steps]
    assert groups[0] is None and groups[1] is not None and groups[1] == groups[2]


def test_a_situation_and_its_conditions_are_chosen(centre, draft):
    page = press(centre, "add situations 0", filled(centre.get(EDIT)))
    sent = filled(page) | {
        "situations-0-question": "砍多少？", "situations-0-options-0-label": "十立方米以下",
        "situations-0-options-1-label": "十立方米以上",
    }  # fmt: skip
    page = press(centre, "add situations 1", sent)
    sent = filled(page) | {
        "situations-1-question": "砍几亩", "situations-1-unit": "亩", "situations-1-most": "500",
    }  # fmt: skip
    page = press(centre, "check", sent)
    assert 'name="materials-2-when" value="q1=a2"' in text(page), "the answers can be chosen at once"
    sent = filled(page) | {
        "materials-2-when": "q1=a2", "materials-2-when-low-q2": "3",
        "steps-1-when": ["q1=a2"], "steps-1-when_label": "量大的",
    }  # fmt: skip
    assert press(centre, "save", sent).status_code == 302
    spec = now(draft).spec
    assert [(one.key, [option.key for option in one.options]) for one in spec.situations] == [
        ("q1", ["a1", "a2"]),
        ("q2", []),
    ]
    assert (spec.materials[2].when, spec.materials[2].when_label) == (
        "q1 == 'a2' and q2 >= 3",
        "十立方米以上，并且砍几亩3亩以上",
    )
    assert (spec.steps[1].when, spec.steps[1].when_label) == ("q1 == 'a2'", "量大的")
    page = text(centre.get(EDIT))
    assert "什么情况才要：十立方米以上，并且砍几亩3亩以上" in page
    assert "q1 == &#39;a2&#39; and q2 &gt;= 3" in page, "the expression is shown"


@pytest.mark.parametrize("code", ["__import__('os').system('id')", "kind.__class__", "open('x')"])
def test_a_condition_written_as_code_is_refused(centre, town, code):
    materials = acts.in_force(town, "LM-001").data["materials"]
    odd = {**materials[2], "when": code, "when_label": "怪"}
    rules.drafted(town, materials=[*materials[:2], odd])
    page = centre.get(EDIT)
    assert "条件不能用：" in text(page)
    answer = press(centre, "save", filled(page))
    assert answer.status_code == 422
    assert 'href="#id_materials-2-when"' in text(answer)
    assert press(centre, "save", filled(answer) | {"materials-2-when-drop": "on"}).status_code == 302


def test_to_delete_an_answer_does_not_make_a_paper_everybodys(centre, town):
    situation = {"key": "q1", "question": "新建吗？", "hint": "", "unit": "", "most": 0, "options": [
        {"key": "a1", "label": "新建", "bars": ""}, {"key": "a2", "label": "翻建", "bars": ""}]}  # fmt: skip
    materials = acts.in_force(town, "LM-001").data["materials"]
    only = {**materials[2], "when": "q1 == 'a1'", "when_label": "新建"}
    version = rules.drafted(town, situations=[situation], materials=[*materials[:2], only])
    page = press(centre, "drop situations-0", filled(centre.get(EDIT)))
    assert "用到了已经删去的情形" in text(page)
    press(centre, "save", filled(page))
    assert now(version).spec.situations == ()
    assert now(version).spec.materials[2].when == "q1 == 'a1'"


def test_a_basis_shows_at_once_whether_it_is_in_force(centre, draft):
    sent = filled(centre.get(EDIT)) | {"basis-0-law": "森林法", "basis-0-article": "第九百条"}
    page = text(press(centre, "check", sent))
    assert "没有第九百条" in page
    page = text(press(centre, "check", sent | {"basis-0-article": "第五十七条"}))
    assert "《中华人民共和国森林法》第五十七条，现行有效。" in page
    assert now(draft).data == draft.data


def test_two_editors_on_one_draft_the_second_is_told_and_loses_nothing(centre, draft):
    first = filled(centre.get(EDIT), place="一楼大厅", phone="0730-5550098")
    second = filled(centre.get(EDIT), place="二楼大厅", hours="每天") | {"materials-0-copies": "3"}
    assert press(centre, "save", first).status_code == 302
    answer = press(centre, "save", second)
    page = text(answer)
    assert answer.status_code == 422
    assert "同事刚刚保存过这份草案" in page and "方圆" in page
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', page))
    assert "一楼大厅" in rows["办理地点"] and "您写的" in rows["办理地点"]
    assert "0730-5550098" in rows["咨询电话"] and "同事的" in rows["咨询电话"]
    assert set(rows) == {"办理地点", "咨询电话"}
    merged = filled(answer)
    assert (merged["place"], merged["hours"], merged["phone"]) == ("二楼大厅", "每天", "0730-5550098")
    assert now(draft).spec.place == "一楼大厅", "nothing is overwritten unseen"
    assert press(centre, "save", merged).status_code == 302
    spec = now(draft).spec
    assert (spec.place, spec.hours, spec.phone, spec.materials[0].copies) == ("二楼大厅", "每天", "0730-5550098", 3)


def test_a_form_sent_twice_is_saved_once(centre, draft):
    sent = filled(centre.get(EDIT), place="一楼大厅")
    assert press(centre, "save", sent).status_code == 302
    assert press(centre, "save", sent).status_code == 302


def test_a_draft_proposed_meanwhile_keeps_what_was_typed(centre, town):
    version = rules.drafted(town, promised_days=4)
    sent = filled(centre.get(EDIT), place="一楼大厅")
    actions.propose(version=version, by=staff(CENTRE))
    answer = press(centre, "save", sent)
    assert answer.status_code == 422
    assert "不能修改" in text(answer) and "一楼大厅" in text(answer)
    assert centre.get(EDIT).url == "/desk/items/LM-001/2"


def test_half_a_form_and_an_unknown_button_change_nothing(centre, draft):
    sent = filled(centre.get(EDIT))
    for bad in ({"base": ""}, {"base": "x:y"}):
        answer = press(centre, "save", sent | bad)
        assert answer.status_code == 422
        assert "没有完整地送到" in text(answer)
    for act in (
        "drop materials-99",
        "add nothing 0",
        "add materials 7",
        "up",
        "drop situations-0-options-0",
        "x" * 500,
    ):
        assert press(centre, act, sent).status_code == 422, act
    assert now(draft).data == draft.data


def test_the_next_version_begins_from_the_one_in_force_and_only_once(centre, town):
    answer = centre.post("/desk/items/LM-001/1/renew")
    assert answer.url == EDIT
    assert Version.objects.get(item__code="LM-001", number=2).data == acts.in_force(town, "LM-001").data
    assert centre.post("/desk/items/LM-001/1/renew").url == EDIT
    assert Version.objects.filter(item__code="LM-001").count() == 2


def test_an_item_without_a_unit_is_given_one(centre, town):
    version = rules.drafted(town)
    assert "实施单位" not in text(centre.get(EDIT)).split('id="basis"')[0].split('id="what"')[1]
    Unit.objects.filter(code="forestry").update(dissolved_on="2026-01-01")
    page = centre.get(EDIT)
    assert "已经撤销" in text(page)
    assert "forest-check（不在可选的里面）" in text(page), "a post of a unit that is gone is shown, and may wait"
    press(centre, "save", filled(page, unit="land"))
    assert now(version).item.unit.code == "land"


def test_each_keeps_what_is_theirs(client, town, draft):
    login(client, POWER)
    assert [code for code in ("power", "social") if f'value="{code}"' in text(client.get("/desk/items/new"))] == [
        "power"
    ]
    assert client.post("/desk/items/new", {"name": "用电", "code": "GD-1", "unit": "power"}).status_code == 302
    assert client.get("/desk/items/GD-1/1/edit").status_code == 200
    assert "/acts/propose" in text(client.get("/desk/items/GD-1/1"))
    assert "/acts/propose" not in text(client.get("/desk/items/LM-001/2")), "nor is another unit's draft offered"
    todo = text(client.get("/desk/"))
    assert "/desk/items/GD-1/1" in todo and "/desk/items/LM-001/2" not in todo
    assert client.get(EDIT).status_code == 403
    assert client.post(EDIT, {"act": "save"}).status_code == 403
    assert client.post("/desk/items/LM-001/1/renew").status_code == 403
    login(client, CLERK_1)
    assert client.get("/desk/items/new").status_code == 403
    assert client.get(EDIT).status_code == 403


def test_the_editor_stays_within_its_budget(centre, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        centre.get(EDIT)


def test_laws_are_looked_up_while_a_basis_is_typed(centre, client, town):
    assert "中华人民共和国森林法" in centre.get("/desk/laws/titles?q=森林").json()["titles"]
    assert centre.get("/desk/laws/titles?q=《森林法").json()["titles"][0] == "中华人民共和国森林法"
    assert centre.get("/desk/laws/titles?q=").json()["titles"] == []
    found = centre.get("/desk/laws/article?law=森林法&article=第57条").json()
    assert found["holds"] and found["said"] == "《中华人民共和国森林法》第五十七条，现行有效。"
    assert "没有第九百条" in centre.get("/desk/laws/article?law=森林法&article=第九百条").json()["said"]
    assert "法规库里没有" in centre.get("/desk/laws/article?law=砍树法&article=第一条").json()["said"]
    login(client, CLERK_1)
    assert client.get("/desk/laws/titles?q=森林").status_code == 403
