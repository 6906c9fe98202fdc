"""Nobody is sent round for papers the town itself holds."""

import copy

import pytest

from mingtang.demo.items import ITEMS
from mingtang.people.models import Post, Unit
from mingtang.rulebook import actions
from mingtang.rulebook.models import Item, ItemResult
from mingtang.rulebook.requirements import gate
from mingtang.rulebook.spec import parse
from tests.factories import rules
from tests.factories.cast import CENTRE, staff

SPECS = {code: data for code, _, data in ITEMS}


def needing(code: str, name: str, **values) -> dict:
    """The demo item with one material more."""
    data = copy.deepcopy(SPECS[code])
    more = {**data["materials"][0], "key": "more", "name": name, "issuer": "县里", **values}
    return {**data, "materials": [*data["materials"], more]}


def sentences(town, data: dict, code: str = "LM-001") -> list[str]:
    return [issue.sentence for issue in gate(Item.objects.get(town=town, code=code).current, parse(data))]


def test_results_in_force_are_kept_by_name(town):
    names = set(ItemResult.objects.filter(item__town=town).values_list("name", flat=True))
    assert names == {result["name"] for data in SPECS.values() for result in data["results"]}
    rules.in_force(
        rules.drafted(
            town,
            "LN-001",
            results=[{"name": "敬老卡", "kind": "其他", "validity": "长期"}, *SPECS["LN-001"]["results"]],
        )
    )
    assert "敬老卡" in set(ItemResult.objects.filter(item__code="LN-001").values_list("name", flat=True))


def test_what_the_town_itself_gives_is_not_asked_for(town):
    [sentence] = sentences(town, needing("LM-001", "农村宅基地批准书原件"))
    assert "本镇办“农村村民建房审批（宅基地和乡村建设规划许可）”发的，应当自己调取" in sentence
    assert sentences(town, needing("LM-001", "农村宅基地批准书原件", fetched_by_us=True)) == []


def test_what_an_office_of_the_town_writes_is_not_asked_for(town):
    for issuer in ("林业站", "万庾镇林业站", "万庾镇人民政府"):
        [sentence] = sentences(town, needing("LM-001", "无纠纷说明", issuer=issuer))
        assert f"由本镇的{issuer}出具" in sentence


def test_two_items_that_want_each_other_first_are_a_circle(town):
    """The felling licence in force wants a forest title; a new item that gives the title may not want the licence."""
    data = needing("LN-001", "林木采伐许可证")
    assert "循环证明" not in "".join(sentences(town, data, "LN-001"))
    title = {"name": "林权证", "kind": "证照", "validity": "长期有效"}
    [circle] = [one for one in sentences(town, {**data, "results": [title]}, "LN-001") if "循环" in one]
    assert circle.startswith("循环证明：老年人优待证申领→农村居民采伐林木许可→老年人优待证申领")


def test_a_step_at_a_dissolved_office_is_named(town):
    Unit.objects.filter(town=town, code="forestry").update(dissolved_on="2026-01-01")
    found = sentences(town, SPECS["LM-001"])
    post = Post.objects.get(town=town, code="forest-check")
    assert any(f"岗位“{post.name}”所在的“林业站”已经撤销" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"code": "NO-1", "version": 1}, "没有施行的版本"),
        ({"code": "LM-001", "version": 1}, "没有施行的版本"),
        ({"code": "LN-001", "version": 7}, "已经有第 1 版"),
    ],
)
def test_parts_are_items_as_they_are_in_force(town, part, says):
    data = {**SPECS["LM-001"], "parts": [part]}
    assert any(says in sentence for sentence in sentences(town, data))
    sound = parse({**data, "parts": [{"code": "LN-001", "version": 1}]})
    version = Item.objects.get(town=town, code="LM-001").current
    assert not [issue for issue in gate(version, sound) if issue.field == "parts"]


def test_what_is_wrong_is_said_before_anything_is_proposed(town):
    version = rules.drafted(town, "LM-001", materials=needing("LM-001", "农村宅基地批准书")["materials"])
    with pytest.raises(Exception, match="应当自己调取"):
        actions.propose(version=version, by=staff(CENTRE))
