"""办事服务: every item in force by unit; facets, words and pages as plain links; a way out of an empty answer."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mingtang.events import follow
from mingtang.portal.views import service_list
from mingtang.rulebook import actions
from mingtang.rulebook.models import Item
from mingtang.search import service as search
from tests.factories import rules
from tests.factories.cast import staff

pytestmark = pytest.mark.django_db


def page_of(client, path="/services/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page):
    """The items listed in the page's own part, in order."""
    main = page[page.index('id="main"') :]
    return re.findall(r'<h3><a href="/services/[^"?]+">([^<]+)</a>', main)


def links(page):
    """What a reader can choose: label → address."""
    return {
        re.sub(r"<[^>]+>", "", label).strip(): unescape(href)
        for href, label in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.S)
    }


def facet(page, label):
    """The count beside a choice of the side column; None where it is not offered."""
    side = page[page.index('id="facets"') :]
    found = re.search(rf'>{re.escape(label)}</a><span class="quiet">([\d,]+)</span>', side)
    return int(found[1].replace(",", "")) if found else None


@pytest.fixture
def many(town, monkeypatch):
    """Four items and nine more: enough for facets and, with four to a page, for turning pages."""
    monkeypatch.setattr(service_list, "FEW", 5)
    monkeypatch.setattr(service_list, "WHOLE", 8)
    monkeypatch.setattr(service_list, "PAGE", 4)
    listing = Item.objects.get(code="LN-001").current.data["listing"]
    for n in range(9):
        themes = {"person_themes": ["生育收养"] if n % 3 else ["医疗卫生", "生育收养"]}
        rules.listed(
            town,
            f"SY-{n:03d}",
            unit="forestry" if n < 2 else "social",
            name=f"生育服务登记第{n}种",
            synonyms=["准生证"] if n == 4 else [],
            online=n > 1,
            listing={**listing, **themes} | ({} if n > 1 else {"ways": ["1"], "online_depth": ""}),
        )
    return town


def test_a_small_town_sees_all_its_items_by_unit_and_nothing_to_choose(client, town):
    page = page_of(client)
    assert sorted(names(page)) == sorted(Item.objects.values_list("current__name", flat=True))
    for unit in ("自然资源所", "林业站", "社会事务办公室"):
        assert f"<h2>{unit}</h2>" in page
    assert 'id="facets"' not in page and "下一页" not in page


def test_turning_the_pages_meets_every_item_once(client, many):
    page, met = page_of(client), []
    while True:
        met += names(page)
        assert len(names(page)) <= 4
        if "下一页 →" not in links(page):
            break
        page = page_of(client, links(page)["下一页 →"])
    assert sorted(met) == sorted(Item.objects.values_list("current__name", flat=True)) and len(met) == 13
    back = names(page_of(client, links(page)["← 上一页"]))
    assert back == met[-len(names(page)) - 4 : -len(names(page))]


def test_a_choice_is_a_link_that_leaves_as_many_as_it_said(client, many):
    page = page_of(client)
    for label in ("林业站", "能在网上办", "当场办好（即办件）"):
        chosen = page_of(client, links(page)[label])
        assert f"找到 {facet(page, label)} 项" in chosen and "去掉全部条件" in chosen
    assert "找到 9 项" in page_of(client, links(page)["生育收养 9"])
    narrowed = page_of(client, links(page)["林业站"])
    further = page_of(client, links(narrowed)["当场办好（即办件）"])
    assert "找到 2 项" in further and len(names(further)) == 2
    assert links(further)["林业站 ×，去掉这个条件"] == "/services/?kind=instant"


def test_the_box_finds_by_name_everyday_name_and_code_and_keeps_the_conditions(client, many):
    assert names(page_of(client, "/services/?q=准生证")) == ["生育服务登记第4种"]
    assert names(page_of(client, "/services/?q=sy-003")) == ["生育服务登记第3种"]
    page = page_of(client, "/services/?q=生育&unit=forestry")
    assert names(page) == ["生育服务登记第0种", "生育服务登记第1种"]
    assert '<input type="hidden" name="unit" value="forestry">' in page


def test_words_that_stand_in_no_name_are_answered_by_meaning(client, many):
    follow.settle()
    search.ensure()
    page = page_of(client, "/services/?q=我想砍几棵树")
    assert "没有找到“我想砍几棵树”" in page and "您要找的也许是" in page
    assert "农村居民采伐林木许可" in names(page)


def test_words_that_nobody_answers_are_counted_and_a_slip_of_the_pen_is_mended(client, many):
    follow.settle()
    search.ensure()
    page = page_of(client, "/services/?q=火星移民")
    assert "这句话我们记下了" in page and "在全站搜索" in page
    assert "这句话我们记下了" not in page_of(client, "/services/?q=火星移民&unit=forestry")
    page = page_of(client, "/services/?q=老年人优待正")
    assert links(page)["老年人优待证"] == "/services/?q=" + quote("老年人优待证")
    assert "老年人优待证申领" in names(page)


def test_an_empty_answer_says_which_condition_to_drop(client, many):
    page = page_of(client, "/services/?unit=forestry&theme=医疗卫生&visits=0")
    assert "没有同时符合这些条件的事项" in page
    page = page_of(client, "/services/?q=建房&unit=forestry")
    assert "在这些条件里没有找到“建房”" in page
    assert re.search(r"去掉“林业站”，<a href=\"/services/\?q=[^\"]+\">有 1 项</a>", page)
    assert re.search(r"去掉“建房”，<a href=\"/services/\?unit=forestry\">有 3 项</a>", page)
    assert "0730-5550001" in page


@pytest.mark.parametrize(
    "query",
    ["kind=magic", "unit=nobody", "visits=-1", "after=nothing", "before=x", "type=99", "page=9", "fee="],
)
def test_a_choice_that_cannot_be_is_no_choice(client, many, query):
    assert names(page_of(client, f"/services/?{query}")) == names(page_of(client))


def test_what_is_typed_is_text_never_markup(client, many):
    page = page_of(client, "/services/?q=<b>&theme=<i>")
    assert "<b>" not in page and "<i>" not in page and "&lt;b&gt;" in page


def test_a_new_item_a_new_version_and_a_new_name_of_a_unit_show_at_once(client, many):
    page_of(client)
    rules.listed(many, "LN-009", name="高龄津贴申领", unit="social")
    assert names(page_of(client, "/services/?q=高龄津贴")) == ["高龄津贴申领"]
    many.units.filter(code="forestry").update(name="林业工作站")
    assert facet(page_of(client), "林业工作站") == 3


def test_a_suspended_item_stays_in_the_list_and_says_so_a_cancelled_one_does_not(client, town):
    version, office = Item.objects.get(code="LN-001").current, staff(rules.OFFICE)
    actions.suspend(version=version, reason="证卡缺货，下月恢复。", by=office)
    page = page_of(client)
    assert len(names(page)) == 4 and page.count("暂停办理") == 1
    assert "老年人优待证申领" not in page_of(client, "/")
    actions.cancel(
        version=version, reason="县里直接发。", minutes_number="12号", decided_on=timezone.localdate(), by=office
    )
    assert len(names(page_of(client))) == 3


def test_another_town_lists_its_own(client, other_town):
    page = client.get("/services/", headers={"host": "other.example"}).content.decode()
    assert names(page) == [] and "还没有公布的办事指南" in page


def test_the_list_asks_the_database_the_same_however_many_items_there_are(client, town, many):
    def asked(path):
        page_of(client, path)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, path)
        return len(queries)

    for path in ("/services/", "/services/?served=person", "/services/?q=生育", "/services/?after=SY-003"):
        assert asked(path) == 5, path
