"""The catalogue page: each facet within the other choices, several values of one, pages that turn both ways."""

import re
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from lxml import html

from mingtang.disclosure import columns
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.models import Document
from mingtang.disclosure.reading import Reading
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from tests.factories import acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(town):
    """Fifty documents of five years, of three issuers."""
    readings = [
        Reading(
            origin=str(number),
            source_id=f"old-{number}",
            title=f"第{number}份旧文件",
            body_html=f"<p>第{number}份。</p>",
            body_text=f"第{number}份。",
            issuer=("万庾镇", "镇卫生院", "镇供电所")[number % 3],
            theme=("规划计划", "教育卫生", "公用事业")[number % 3],
            published_on=datetime(2014 + number % 5, 3, 1 + number % 20, tzinfo=timezone.get_current_timezone()),
        )
        for number in range(50)
    ]
    counts = import_readings(town, readings, publish=False, by=CONSOLE, report=lambda line: None)
    assert counts.created == 50
    return town


def seen(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def titles(page):
    return page.xpath("//main//ul[@class='list']/li//a/text()")


def facet(page, heading):
    """Label → (count, link, chosen)."""
    listed = page.xpath(f"//nav[@id='facets']/h3[text()='{heading}']/following-sibling::ul[1]/li")
    return {
        row[0].text: (int(row[1].text.replace(",", "")), row[0].get("href"), row[0].get("aria-current") == "true")
        for row in listed
    }


def total(page):
    return int(re.search(r"共 ([\d,]+) 件", page.text_content()).group(1).replace(",", ""))


def test_years_issuers_kinds_and_columns_are_offered_and_each_counts_what_choosing_it_gives(client, old):
    columns.open_all(town=old, owner=Post.objects.filter(town=old).first(), by=CONSOLE)
    some = Document.objects.filter(town=old, issuer="镇卫生院")[:4]
    for document in some:
        columns.file_under(document=document, codes=["a20-01", "a21-04"], by=CONSOLE)
    page = seen(client, "/info/")
    for heading in ("栏目", "公开目录", "发布机构", "信息种类", "年份"):
        offered = facet(page, heading)
        assert offered
        for count, link, chosen in offered.values():
            assert (total(seen(client, link)), chosen) == (count, False)
    assert list(facet(page, "年份")) == ["2018", "2017", "2016", "2015", "2014"]
    column = seen(client, "/info/c/a20-01")
    assert total(column) == 4
    assert [count for count, *_ in facet(column, "公开目录").values()] == [4]


def test_two_values_of_one_facet_widen_and_another_facet_narrows(client, old):
    year = facet(seen(client, "/info/"), "年份")
    page = seen(client, year["2016"][1])
    both = seen(client, facet(page, "年份")["2018"][1])
    assert total(both) == year["2016"][0] + year["2018"][0]
    clinic = facet(both, "发布机构")["镇卫生院"]
    narrowed = seen(client, clinic[1])
    assert (
        total(narrowed)
        == clinic[0]
        == Document.objects.filter(issuer="镇卫生院", listed_at__year__in=[2016, 2018]).count()
    )
    off = facet(narrowed, "年份")["2016"]
    assert off[2]
    assert parse_qs(urlsplit(off[1]).query) == {"year": ["2018"], "issuer": ["镇卫生院"]}
    nothing = seen(client, "/info/?year=1999")
    assert (total(nothing), facet(nothing, "年份")["1999"][2]) == (0, True)


def test_the_pager_meets_every_document_once_and_leads_back(client, old):
    path, pages = "/info/?issuer=万庾镇&issuer=镇卫生院", []
    while path:
        page = seen(client, path)
        pages.append(titles(page))
        path = next(iter(page.xpath("//main//a[contains(@href, 'after=')]/@href")), "")
    wanted = Document.objects.filter(issuer__in=["万庾镇", "镇卫生院"]).order_by("-listed_at", "-pk")
    assert [title for page in pages for title in page] == [row.current.revision.title for row in wanted]
    back = page.xpath("//main//a[contains(@href, 'before=')]/@href")[0]
    assert titles(seen(client, back)) == pages[-2]


def test_a_page_reads_its_documents_and_what_happened_since_and_nothing_else(
    client, old, django_assert_max_num_queries
):
    client.get("/info/")
    acts.published(old)
    for path in ("/info/", "/info/?year=2016&theme=education", f"/info/?after={date(2016, 1, 1)}T00:00:00%2B08:00_7"):
        client.get(path)
        with django_assert_max_num_queries(8):
            client.get(path)
