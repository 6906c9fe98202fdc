"""法规库 on the public site: list, law, alarms, and the guide's basis, always as the library stands."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from mingtang.events import follow
from mingtang.portal.stored import page_store
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law, amend_article, correct
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Law

pytestmark = pytest.mark.django_db


def text(client, path, **extra):
    answer = client.get(path, **extra)
    assert answer.status_code == 200, path
    return answer.content.decode()


def many(count, **more):
    for number in range(count):
        articles = (NewArticle(1, 0, "一。"),)
        add_law(NewLaw(f"第{number}号办法", LawLevel.DEPARTMENT_RULE, date(2000, 1, 1 + number % 5), articles, **more))


def listed(page):
    """The laws of a list page, in order, by address."""
    return re.findall(r'<li><span><a href="(/laws/[0-9]+)">', page)


def turned(page, rel):
    """The address of the next or the previous page, or empty."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def test_the_list_pages_by_keyset_through_every_law_once(client, town):
    many(45)
    seen, url = [], "/laws/"
    while url:
        page = text(client, url)
        seen, url = seen + listed(page), turned(page, "next")
    assert len(seen) == len(set(seen)) == Law.objects.count()
    second = text(client, turned(text(client, "/laws/"), "next"))
    assert listed(text(client, turned(second, "prev"))) == seen[:20]


def test_search_forgives_marks_and_finds_short_titles_and_facets_count_within_the_choice(client, town):
    many(1, short_titles=("零号",))
    for asked in ("零号", "《中华人民共和国森林法》", "森林"):
        assert len(listed(text(client, f"/laws/?q={asked}"))) == 1, asked
    page = text(client, "/laws/?level=law&state=abolished")
    assert len(listed(page)) == 1 and "已有新版" in page
    counts = dict(re.findall(r'<li><a href="[^"]+"[^>]*>([^<]+)</a><span class="quiet">([0-9]+)</span>', page))
    assert counts == {"法律": "1", "行政法规": "1", "现行有效": "5", "已废止或者有新版": "1"}
    for odd in (
        "after=x",
        "after=2020-13-01_1",
        "level=x",
        "state=x",
        "q=%25_",
        "before=2020-01-01_99999999999999999999",
    ):
        text(client, f"/laws/?{odd}")


def test_a_law_shows_its_articles_by_anchor_and_the_days_it_holds(client, town):
    law = add_law(NewLaw("演示法", LawLevel.LAW, date(2010, 1, 1), (NewArticle(1, 0, "甲<b>。\n乙。"), NewArticle(2))))
    page = text(client, f"/laws/{law.pk}")
    assert 'id="article-1"' in page and "甲&lt;b&gt;。" in page and "现行有效" in page and "2010年1月1日" in page
    amend_article(law=law, article="第一条", text="丙。", on=date(2015, 1, 1))
    amend_article(law=law, article="第二条", text=None, on=date(2015, 1, 1))
    page = text(client, f"/laws/{law.pk}")
    assert page.index("丙。") < page.index("甲&lt;b&gt;。") and "2014年12月31日" in page and "已经删去" in page
    abolish(law=law, on=timezone.localdate(), reason="演示", replaced_by=Law.objects.get(key="森林法"))
    page = text(client, f"/laws/{law.pk}")
    assert "已废止" in page and "被《中华人民共和国森林法》替代" in page
    assert client.get("/laws/999999").status_code == 404


def test_a_law_to_come_says_when(client, town):
    on = timezone.localdate() + timedelta(days=30)
    law = add_law(NewLaw("将来法", LawLevel.LAW, on, (NewArticle(1, 0, "甲。"),)))
    page = text(client, f"/laws/{law.pk}")
    assert "尚未施行" in page and "甲。" in page


def test_a_towns_own_paper_is_not_on_the_other_towns_site(client, town, other_town):
    law = add_law(NewLaw("本镇办法", LawLevel.NORMATIVE, date(2020, 1, 1), (NewArticle(1, 0, "甲。"),)), town=town)
    assert "本镇办法" in text(client, "/laws/") and "本镇文件" in text(client, f"/laws/{law.pk}")
    assert "本镇办法" not in text(client, "/laws/", HTTP_HOST="other.example")
    assert client.get(f"/laws/{law.pk}", HTTP_HOST="other.example").status_code == 404


def test_the_guide_links_to_the_article_and_quotes_it_once_we_hold_its_text(client, town):
    law = Law.objects.get(key="森林法")
    assert f"/laws/{law.pk}#article-57" in text(client, "/services/LM-001")
    articles = (NewArticle(57, 0, "这是条文。"), NewArticle(58, 0, "那是条文。"))
    correct(law=law, new=NewLaw(law.title, law.level, law.effective_on, articles))
    page = text(client, "/services/LM-001")
    assert "这是条文。" in page and "那是条文。" not in page


def test_an_abolished_basis_is_on_the_guide_and_on_the_alarm_page_at_once(client, town, other_town):
    paths = ("/services/LM-001", "/services/LN-001", "/laws/alarms", "/laws/")
    for path in paths:
        text(client, path)
    assert "每一条依据都现行有效" in text(client, "/laws/alarms")
    abolish(law=Law.objects.get(key="森林法"), on=timezone.localdate(), reason="演示废止")
    alarm = text(client, "/laws/alarms")
    assert "农村居民采伐林木许可" in alarm and "《中华人民共和国森林法》第五十七条" in alarm and "林业站" in alarm
    assert "农村居民采伐林木许可" not in text(client, "/laws/alarms", HTTP_HOST="other.example")
    guide = text(client, "/services/LM-001")
    assert "依据要核对" in guide and "已废止" in guide
    assert "依据要核对" not in text(client, "/services/LN-001")
    assert "非行政许可审批" in alarm and "<b>0</b>" in alarm


def test_a_law_event_drops_the_pages_that_cite_it_in_every_town_and_no_others(town, other_town):
    store = page_store()
    follow.settle()
    names = ["/a", "/b"]
    for code in (town.code, other_town.code):
        for path, key in zip(names, ("law-name:森林法", "law-name:城乡规划法"), strict=True):
            assert store.save(store.begin(code), path, {key}, b"page", "text/html; charset=utf-8")
    abolish(law=Law.objects.get(key="森林法"), on=timezone.localdate(), reason="演示废止")
    follow.settle()
    for code in (town.code, other_town.code):
        assert [store.find(code, path) is None for path in names] == [True, False]
