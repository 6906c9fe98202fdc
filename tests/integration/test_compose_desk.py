"""Composing 一件事 at the desk: choosing loses nothing, and what it comes to is seen before it is made."""

import pytest

from mingtang.rulebook.models import Item
from tests.factories import rules
from tests.factories.cast import CENTRE, CLERK_3, login

pytestmark = pytest.mark.django_db
HOST = {"host": "localhost"}
PATH = "/desk/items/compose"
SAID = {"part": ["JF-001", "LN-001"], "name": "建房安居一件事", "code": "YJS-001"}


@pytest.fixture
def editor(town, client):
    login(client, CENTRE)
    return client


def shown(client, query: str = "") -> str:
    return client.get(f"{PATH}{query}", headers=HOST).content.decode()


def test_what_the_choice_comes_to_stands_beside_it(editor):
    assert "选两个以上" in shown(editor, "?part=JF-001")
    page = shown(editor, "?part=JF-001&part=LN-001&lead=LN-001")
    assert "少跑 1 次" in page
    assert page.index("part_LN-001") < page.index("part_JF-001"), "the lead stands first"


def test_a_search_keeps_what_was_chosen(editor):
    page = shown(editor, "?part=JF-001&q=采伐")
    assert 'value="JF-001" checked' in page
    assert "农村居民采伐林木许可" in page
    assert "老年人优待证申领" not in page


def test_what_cannot_be_one_says_why(editor):
    assert "职权来源不同" in shown(editor, "?part=JF-001&part=LM-001")


def test_making_it_leads_to_its_draft(editor):
    answer = editor.post(PATH, SAID, headers=HOST)
    assert answer.headers["Location"] == "/desk/items/YJS-001/1/edit"
    version = Item.objects.get(code="YJS-001").versions.get()
    assert (version.state, version.edited_by.username, len(version.spec.parts)) == ("draft", CENTRE, 2)
    assert "由这些事项合成" in editor.get("/desk/items/YJS-001/1", headers=HOST).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "请给这件事起个名字"),
        ({"code": "一"}, "事项编码要用 3 到 40 位"),
        ({"code": "JF-001"}, "已经用过"),
        ({"part": []}, "请先选好"),
        ({"part": ["JF-001"]}, "2 到 6 个事项"),
        ({"part": ["JF-001", "NO-1"]}, "没有施行的版本"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(editor, changes, says):
    answer = editor.post(PATH, {**SAID, **changes}, headers=HOST)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert Item.objects.filter(code="YJS-001").count() == 0
    if len({**SAID, **changes}["part"]) == 2 and "NO-1" not in {**SAID, **changes}["part"]:
        assert 'value="JF-001" checked' in page


def test_a_draft_is_composed_anew_by_a_button(editor, town):
    editor.post(PATH, SAID, headers=HOST)
    rules.in_force(rules.drafted(town, "LN-001", synonyms=["老年证"]))
    assert "已经有第 2 版" in editor.get("/desk/items/YJS-001/1", headers=HOST).content.decode()
    answer = editor.post("/desk/items/YJS-001/1/recompose", headers=HOST)
    assert answer.headers["Location"] == "/desk/items/YJS-001/1/edit"
    assert [part.version for part in Item.objects.get(code="YJS-001").versions.get().spec.parts] == [1, 2]
    refused = editor.post("/desk/items/JF-001/1/recompose", headers=HOST)
    assert refused.status_code == 422


def test_clerks_do_not_compose(town, client):
    login(client, CLERK_3)
    assert client.get(PATH, headers=HOST).status_code == 403
    assert client.post(PATH, SAID, headers=HOST).status_code == 403
