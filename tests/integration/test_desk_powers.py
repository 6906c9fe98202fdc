"""Powers at the desk: the list, one power's text and items, carrying out a decided change; who may do what."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingtang.demo.powers import build_powers
from mingtang.people.models import Unit
from mingtang.rulebook.laws.actions import abolish
from mingtang.rulebook.models import Campaign, Item, Law, Power, PowerDecision
from mingtang.rulebook.powers import actions, cleanup
from tests.factories.cast import CENTRE, CLERK_1, FOREST, JUSTICE, SIGNER, SOCIAL, login
from tests.integration.desk_steps import hidden, text

pytestmark = pytest.mark.django_db
TYPED = {
    "code": "WY-XK-09",
    "name": "临时占用林地审批",
    "type": "01",
    "plan_class": "licence",
    "unit": "forestry",
    "post": "forest-check",
    "source": "1",
    "level": "5",
    "scope": "农村居民建房以外的临时用林",
    "place": "万庾镇全境",
    "limit": "",
    "above": "县林业局",
    "redress": "",
    "minutes_number": "万政公组纪〔2026〕5号",
    "basis-n": "2",
    "basis-0-law": "森林法",
    "basis-0-article": "第五十七条",
    "basis-1-law": "",
    "basis-1-article": "",
    "duties-n": "2",
    "duties-0-kind": "duty",
    "duties-0-text": "两人到场",
    "duties-0-basis": "",
    "duties-1-kind": "blame",
    "duties-1-text": "",
    "duties-1-basis": "",
    "act": "save",
}


@pytest.fixture
def powers(town):
    build_powers(town)
    return town


def codes(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/desk/powers/([^"/]+)"', page)


def test_the_list_says_what_is_to_be_done_first_and_narrows(client, powers):
    login(client, CENTRE)
    page = text(client.get("/desk/powers/"))
    assert "决定调整、等您改好的权力 1 项" in page and "两家单位都有同名权力：1 处" in page
    assert "列入一项权力" in page and "WY-XK-04" not in codes(page)
    assert codes(text(client.get("/desk/powers/?unit=forestry"))) == ["WY-XK-03"]
    assert codes(text(client.get("/desk/powers/?class=internal&q=用车"))) == ["WY-NB-01"]
    assert codes(text(client.get("/desk/powers/?state=cancelled&unit=forestry"))) == ["WY-XK-04"]
    assert codes(text(client.get("/desk/powers/?state=to_change"))) == ["WY-NB-02"]
    assert codes(text(client.get("/desk/powers/?state=misfits"))) == ["WY-JC-01", "WY-JC-02"]
    for query in ("state=x&page=0&unit=x&class=1", "page=99999999999", "page=－1", "q=" + "长" * 999):
        assert client.get(f"/desk/powers/?{query}").status_code == 200
    login(client, CLERK_1)
    page = text(client.get("/desk/powers/"))
    assert "列入一项权力" not in page and "WY-XK-03" in codes(page)


def test_a_long_list_turns_pages_and_keeps_the_choices(client, powers):
    first = Power.objects.get(code="WY-GG-01")
    for n in range(60):
        first.pk, first.code = None, f"ZZ-{n:03}"
        first.save()
    login(client, SOCIAL)
    page = text(client.get("/desk/powers/?unit=social"))
    (after,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "ZZ-059" not in page and "unit=social" in after
    assert "ZZ-059" in codes(text(client.get("/desk/powers/" + after.replace("&amp;", "&"))))


def test_a_power_is_listed_with_all_its_text_and_rows_are_added_by_buttons_that_post(client, powers):
    login(client, CENTRE)
    assert client.get("/desk/powers/new").status_code == 200
    page = text(client.post("/desk/powers/new", TYPED | {"act": "add basis", "name": ""}))
    assert 'name="basis-2-law"' in page and 'value="临时占用林地审批"' not in page and "还差一点" not in page
    assert "现行有效" in page and 'value="两人到场"' in page
    page = text(client.post("/desk/powers/new", TYPED | {"act": "drop duties-0"}))
    assert 'value="两人到场"' not in page and 'name="duties-n" value="1"' in page
    assert client.post("/desk/powers/new", TYPED | {"act": "drop basis-99"}).status_code == 200
    answer = client.post("/desk/powers/new", TYPED)
    assert answer.url == "/desk/powers/WY-XK-09"
    power = Power.objects.get(code="WY-XK-09")
    assert [str(row) for row in power.basis.all()] == ["《森林法》第五十七条"]
    assert [row.text for row in power.duties.all()] == ["两人到场"] and power.post.code == "forest-check"
    page = text(client.get(answer.url))
    assert "今天有效" in page and "还没有公布办事指南" in page and "对上办理事项" in page


REFUSED = (
    ({"name": " "}, "请填写“名称”", "name"),
    ({"code": "WY-XK-01"}, "已经用过", "code"),
    ({"code": "有字"}, "要用 3 到 40 位", "code"),
    ({"minutes_number": ""}, "没有集体决定", "minutes_number"),
    ({"unit": "nowhere"}, "请从列出的里面选一个", "unit"),
    ({"post": "land-review"}, "不在林业站", "post"),
    ({"plan_class": "fee"}, "要一致", "plan_class"),
    ({"scope": "长" * 301}, "300", "scope"),
    ({"basis-0-law": "", "basis-0-article": ""}, "权力要有依据", "basis"),
    ({"basis-1-law": "土地管理法"}, "依据 2 的“条款”没有写", "basis-1-article"),
    ({"basis-0-article": "长" * 61}, "最多 60 个字", "basis-0-article"),
    ({"duties-1-basis": "纪律处分条例"}, "责任 2 的“内容”没有写", "duties-1-text"),
    ({"duties-0-kind": "x"}, "责任要选", "duties"),
)


def test_what_cannot_be_listed_is_told_at_its_field_and_nothing_typed_is_lost(client, powers):
    login(client, CENTRE)
    before = Power.objects.count()
    for changes, said, field in REFUSED:
        answer = client.post("/desk/powers/new", TYPED | changes)
        page = text(answer)
        assert answer.status_code == 422 and said in page, changes
        assert f'href="#id_{field}"' in page and f'id="id_{field}"' in page, changes
        assert "两人到场" in page and "县林业局" in page
    assert Power.objects.count() == before


def test_items_are_found_by_words_and_ticked_and_all_that_is_ticked_counts(client, powers):
    login(client, CENTRE)
    path = "/desk/powers/WY-XK-03/items"
    page = text(client.get(path))
    assert 'value="LM-001" checked' in page and "JZ-001" not in page
    page = text(client.post(path, {"act": "find", "q": "老年", "item": ["LM-001"]}))
    assert 'value="LM-001" checked' in page and 'value="LN-001">' in page
    assert Power.objects.get(code="WY-XK-03").items.count() == 1, "looking changes nothing"
    answer = client.post(path, {"act": "save", "item": ["LM-001", "LN-001", "NONE"]})
    assert answer.url == "/desk/powers/WY-XK-03"
    assert set(Power.objects.get(code="WY-XK-03").items.values_list("code", flat=True)) == {"LM-001", "LN-001"}
    answer = client.post("/desk/powers/WY-XK-04/items", {"act": "save", "item": ["LM-001"]})
    assert (
        answer.status_code == 422 and "已取消，不能再对应" in text(answer) and 'value="LM-001" checked' in text(answer)
    )


def revised(client, **changes):
    """The form of the decided change as it stands on the page, with changes."""
    page = text(client.get("/desk/powers/WY-NB-02/revise"))
    found = dict(re.findall(r'<input type="(?:text|hidden)" id="[^"]*" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="hidden" name="([a-z]+-n)" value="(\d+)"', page))
    found |= dict(re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n([^<]*)<', page))
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = "".join(re.findall(r'value="([^"]*)" selected', options))
    return found | changes


def test_a_decided_change_is_carried_out_after_its_differences_were_seen(client, powers):
    login(client, CENTRE)
    path, power = "/desk/powers/WY-NB-02/revise", Power.objects.get(code="WY-NB-02")
    assert "按决定改好" in text(client.get("/desk/powers/WY-NB-02"))
    same = text(client.post(path, revised(client, act="see")))
    assert "和现在的内容一样" in same and 'value="save"' not in same
    assert "没有调整" in text(client.post(path, revised(client, act="save")))
    typed = revised(client, scope="会议集体决定的临时聘用", act="save")
    seen = client.post(path, typed)
    page = text(seen)
    assert "改了 1 处" in page
    assert re.search(r"<td[^>]*>本机关临时聘用人员的进出</td><td[^>]*>会议集体决定的临时聘用</td>", page)
    assert actions.settled_change(power) is not None, "not before it was seen"
    other = client.post(path, typed | {"seen": hidden(seen, "seen"), "place": "别处"})
    assert "改了 2 处" in text(other) and actions.settled_change(power) is not None
    assert client.post(path, typed | {"seen": hidden(seen, "seen")}).url == "/desk/powers/WY-NB-02"
    power.refresh_from_db()
    assert power.scope == "会议集体决定的临时聘用" and actions.settled_change(power) is None
    assert client.get(path).url == "/desk/powers/WY-NB-02", "once"
    assert client.post(path, typed).url == "/desk/powers/WY-NB-02"


def test_a_basis_that_is_gone_is_told_on_the_page_of_its_power(client, powers):
    law = Law.objects.get(title="中华人民共和国老年人权益保障法")
    abolish(law=law, on=timezone.localdate(), reason="新法")
    login(client, SOCIAL)
    page = text(client.get("/desk/powers/WY-GG-01"))
    assert "已废止" in page and "今天有效" not in page and "提清理意见" in page


@pytest.mark.parametrize("who", [FOREST, JUSTICE, SIGNER])
def test_only_who_edits_items_keeps_the_list(client, powers, who):
    login(client, who)
    for path in ("new", "WY-XK-03/items", "WY-NB-02/revise", "cleanup/open"):
        assert client.get(f"/desk/powers/{path}").status_code == 403
        assert client.post(f"/desk/powers/{path}", TYPED).status_code == 403
    page = text(client.get("/desk/powers/WY-NB-02"))
    assert "按决定改好" not in page and "对上办理事项</a>" not in page
    assert Power.objects.count() == Power.objects.exclude(code="WY-XK-09").count()


def test_the_other_town_s_desk_knows_nothing_of_a_power(client, powers, other_town):
    Power.objects.filter(code="WY-XK-01").update(
        town=other_town, unit=Unit.objects.create(town=other_town, code="x", name="别镇办公室", kind="office")
    )
    login(client, CENTRE)
    assert "WY-XK-01" not in codes(text(client.get("/desk/powers/")))
    for path in ("WY-XK-01", "WY-XK-01/items", "WY-XK-01/revise", "cleanup/WY-XK-01"):
        assert client.get(f"/desk/powers/{path}").status_code == 404
    assert Item.objects.filter(powers__code="WY-XK-01").exists()


def test_an_empty_list_and_a_town_without_a_clean_up_answer_too(client, town):
    login(client, CENTRE)
    assert "列入一项权力" in text(client.get("/desk/powers/"))
    assert "启动一次清理" in text(client.get("/desk/powers/cleanup/"))
    assert client.get("/desk/powers/cleanup/WY-XK-01").status_code == 404
    assert client.post("/desk/powers/cleanup/close").status_code == 404
    assert PowerDecision.objects.count() == 0


BUDGETS = {"": 20, "WY-GG-01": 25, "cleanup/": 24, "cleanup/?state=review": 24, "cleanup/WY-GG-01": 27}


def asked(client) -> dict[str, int]:
    found = {}
    for path in BUDGETS:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/desk/powers/{path}").status_code == 200
        found[path] = len(queries)
    return found


def test_a_page_asks_the_database_as_often_for_many_powers_as_for_few(client, powers):
    campaign, unit = Campaign.objects.get(), Unit.objects.get(code="social")
    centre = login(client, CENTRE)
    few = asked(client)
    for n in range(30):
        row = {"name": f"权力{n}", "type": "06", "plan_class": "other", "unit": unit, "minutes_number": "1"}
        power = Power.objects.create(town=powers, code=f"ZZ-{n}", **row)
        if n % 2:
            cleanup.propose(campaign=campaign, power=power, verdict="keep", reason="要用。", by=centre)
    assert asked(client) == few
    assert not {path: count for path, count in few.items() if count > BUDGETS[path]}
