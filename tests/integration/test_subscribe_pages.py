"""Subscribing, changing and ending through pages; feeds; what is new since the last look; what robots are told."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import etree

from mingtang.demo.columns import build_columns
from mingtang.demo.utilities import build_villages
from mingtang.disclosure import actions, columns, terms
from mingtang.disclosure.enums import WithdrawGround
from mingtang.events import follow
from mingtang.people import villages
from mingtang.people.models import Village
from mingtang.portal import keys
from mingtang.portal.views import feeds
from mingtang.subscriptions.models import Subscription
from tests.factories import acts
from tests.factories.accounts import log_in_resident
from tests.factories.cast import EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db
A = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
TEXT = acts.content("停电通知", "<p>后天停电。</p>")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def page(client, path, status=200, **typed):
    answer = client.post(path, typed, follow=True) if typed else client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def link(text, name):
    return text.partition(f"/subscribe/{name}?k=")[2].split('"')[0]


def test_one_subscribes_by_two_presses_and_leaves_by_one(client, town):
    shown = page(client, "/subscribe/", 422, to="nobody", words="停电", rhythm="daily")
    assert "请填电子邮箱，例如 wang@example.com" in shown and 'value="停电"' in shown
    shown = page(client, "/subscribe/", to="Wang@b.example", words="停电", rhythm="daily", units="power")
    token = link(shown, "confirm")
    assert "还差一步" in shown and not Subscription.objects.get().confirmed_at
    asked = page(client, f"/subscribe/confirm?k={token}")
    assert "提到：停电" in asked and "供电所" in asked and "wang@b.example" not in asked.lower()
    assert not Subscription.objects.get().confirmed_at, "a program that opens every link subscribes nobody"
    handle = link(page(client, f"/subscribe/confirm?k={token}", x="1"), "mine")
    assert page(client, f"/subscribe/confirm?k={token}", 404)
    log_in_resident(client, reach="wang@b.example")
    assert f"/subscribe/mine?k={handle}" in page(client, "/account/")
    page(client, f"/subscribe/mine?k={handle}", words="停水", rhythm="weekly")
    row = Subscription.objects.get()
    assert (row.rhythm, row.choice.words, row.choice.units) == ("weekly", ("停水",), ())
    assert page(client, f"/subscribe/stop?k={handle}") and Subscription.objects.exists()
    # A mailbox presses it for its owner: no cookie, no token of ours (RFC 8058).
    alone = Client(enforce_csrf_checks=True)
    answer = alone.post(
        f"/subscribe/stop?k={handle}", "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200 and not Subscription.objects.exists()
    assert "可能已经退订了" in page(client, f"/subscribe/stop?k={handle}", 404)


def test_a_village_is_subscribed_to_by_letter_and_by_feed(client, town, other_town):
    build_villages(town)
    village, other = Village.objects.get(town=town, name="长堤村"), Village.objects.get(town=town, name="青山村")
    asked = page(client, f"/subscribe/?villages={village.pk}")
    assert f'value="{village.pk}" checked' in asked and f"/feeds/village/{village.pk}.atom" in asked
    assert f"/subscribe/?villages={village.pk}" in page(client, f"/utilities/interruptions/village/{village.pk}")
    shown = page(client, "/subscribe/", 422, to="nobody", rhythm="daily", villages=village.pk)
    assert f'value="{village.pk}" checked' in shown
    shown = page(client, "/subscribe/", 422, to="w@b.example", rhythm="daily", villages="999999")
    assert "有的现在没有了" in shown
    shown = page(client, "/subscribe/", to="w@b.example", rhythm="daily", villages=village.pk)
    token = link(shown, "confirm")
    assert "村（社区）：长堤村" in page(client, f"/subscribe/confirm?k={token}")
    mine = page(client, f"/subscribe/confirm?k={token}", x="1")
    assert f'value="{village.pk}" checked' in mine and f'value="{other.pk}" checked' not in mine

    def feed(key):
        answer = client.get(f"/feeds/village/{key}.atom")
        root = etree.fromstring(answer.content)
        return [entry.find("a:title", A).text for entry in root.findall("a:entry", A)]

    assert feed(village.pk) == []
    acts.published(town, acts.content("修路通知", "<p>长堤村二组的路要修。</p>"))
    assert (feed(village.pk), feed(other.pk)) == (["修路通知"], [])
    villages.rename(village=other, name="修路村", by=staff(SIGNER))
    acts.published(town, acts.content("修路村的通知"))
    assert feed(other.pk) == ["修路村的通知"]
    strange = Village.objects.create(town=other_town, name="别处村")
    assert client.get(f"/feeds/village/{strange.pk}.atom").status_code == 404


def test_feeds_tell_corrections_as_updates_and_leave_a_stone_for_what_was_withdrawn(client, town):
    build_columns(town)
    first = acts.published(town)
    columns.refile(document=first.document, codes=["a20-12"], by=staff(EDITOR))
    gone = acts.published(town, acts.content("不该公开的"))
    acts.corrected(first, TEXT, "日期写错了")
    actions.withdraw(edition=gone, by=staff(SIGNER), ground=WithdrawGround.PERSONAL, reason="有个人信息")
    follow.settle()

    def feed(path):
        answer = client.get(path)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml", path
        root = etree.fromstring(answer.content)
        assert root.find("a:id", A).text.endswith(path.partition("?")[0]) or "?" in path
        assert root.find("a:updated", A).text and root.find("a:title", A).text
        assert root.find("a:link[@rel='self']", A).get("href") == root.find("a:id", A).text
        return root

    whole = feed("/feeds/info.atom")
    [entry] = whole.findall("a:entry", A)
    assert entry.find("a:title", A).text == "【更正】停电通知"
    assert entry.find("a:id", A).text == f"{town.base_url}/info/{first.document.index_number}"
    assert "更正说明：日期写错了" in entry.find("a:summary", A).text
    assert entry.find("a:published", A).text < entry.find("a:updated", A).text
    [stone] = whole.findall("at:deleted-entry", A)
    assert stone.get("ref").endswith(gone.document.index_number) and "有个人信息" in stone[0].text
    assert "不该公开的" not in etree.tostring(whole, encoding="unicode")
    for path in ("/feeds/c/a20-12.atom", "/feeds/unit/party-office.atom", "/feeds/kind/plain.atom"):
        assert len(feed(path).findall("a:entry", A)) == 1, path
    assert feed("/feeds/unit/power.atom").findall("a:entry", A) == []
    assert len(feed("/feeds/search.atom?q=停电").findall("a:entry", A)) == 1
    for path in ("/feeds/c/none.atom", "/feeds/unit/none.atom", "/feeds/kind/none.atom"):
        assert client.get(path).status_code == 404


def test_what_is_new_is_told_by_a_day_or_by_what_the_browser_remembers(client, town):
    first, rule = acts.published(town), acts.rule(town)
    assert "没有记过您上次" in page(client, "/info/since") and client.get("/info/since.json").json()["summary"] == ""
    answer = client.post("/info/since", {"x": "1"})
    kept = answer.cookies["looked"]
    assert answer.status_code == 302 and kept["samesite"] == "Lax"
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert "没有变动" in page(client, "/info/since")
        acts.corrected(first, TEXT, "日期写错了")
        acts.published(town, acts.content("防火通告"))
        gone = acts.published(town, acts.content("不该公开的"))
        actions.withdraw(edition=gone, by=staff(SIGNER), ground=WithdrawGround.SECRET, reason="定密的内容")
        terms.repeal(edition=rule, number="", reason="县里另有规定", by=staff(SIGNER))
        told = "新公开 1 件，更正 1 件，失效和废止 1 件，撤下 1 件"
        shown = page(client, "/info/since")
        assert (
            told in shown
            and "日期写错了" in shown
            and "县里另有规定" in shown
            and "定密的内容" in shown
            and "不该公开的" not in shown
        )
        assert client.get("/info/since.json").json()["summary"] == told
        assert client.get("/info/since").headers["Cache-Control"].startswith("max-age=0")
    today = timezone.localdate()
    assert "从 " in page(client, f"/info/since?from={today}")
    for typed, said in (
        ("2018-02-30", "日期写得不对"),
        ("昨天", "日期写得不对"),
        (today + timedelta(days=1), "这一天还没有到"),
        (today - timedelta(days=400), "只能看最近一年的"),
    ):
        shown = page(client, f"/info/since?from={typed}", 422)
        assert said in shown and f'value="{typed}"' in shown
    client.cookies["looked"] = "2999-01-01T00:00:00+08:00"
    assert "没有记过您上次" in page(client, "/info/since")


def test_every_public_address_stands_in_the_sitemap_in_as_many_files_as_it_takes(client, town, monkeypatch):
    build_columns(town)
    edition = acts.published(town)
    follow.settle()

    def addresses(path):
        root = etree.fromstring(client.get(path).content)
        return [node.text.removeprefix(town.base_url) for node in root.iter(f"{SITEMAP}loc")]

    whole = addresses("/sitemap.xml")
    assert len(whole) == len(set(whole))
    assert {"/", "/info/c/a20-12", "/services/JF-001", f"/info/{edition.document.index_number}"} <= set(whole)
    for path in whole:
        assert client.get(path).status_code == 200, path
    assert not any(path.startswith(feeds.CLOSED) for path in whole)
    body = client.get("/sitemap.xml").content.decode()
    assert client.get("/sitemap-1.xml").status_code == 404, "one file takes all"
    assert f"<lastmod>{timezone.localdate(edition.published_at)}" in body
    other = acts.published(town, acts.content("另一份"))
    monkeypatch.setattr(keys, "IN_ONE_FILE", 1)
    parts = addresses("/sitemap.xml")
    assert parts[0] == "/sitemap-1.xml" and len(parts) > 1
    again = [path for part in parts for path in addresses(part)]
    assert set(whole) < set(again) and len(again) == len(set(again)) == len(whole) + 1
    assert client.get(f"/sitemap-{other.document_id + 3}.xml").status_code == 404
    robots = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {town.base_url}/sitemap.xml" in robots and "Disallow: /account/" in robots


def test_a_search_narrowed_by_days_keeps_what_was_asked_and_marks_what_is_old(client, town):
    acts.published(town, acts.content("停电通知", "<p>明天停电。</p>"))
    follow.settle()
    today = timezone.localdate()
    found = page(client, f"/search?q=停电&from={today}&to={today}")
    assert "停电通知" in found.replace("<mark>", "").replace("</mark>", "") and f'value="{today}"' in found
    assert f"from={today}" in found.partition("结果种类")[2].partition("</nav>")[0], "a choice keeps the days"
    before = today - timedelta(days=1)
    none = page(client, f"/search?q=停电&to={before}")
    assert "没有找到“停电”" in none and "/subscribe/?q=" in none and "12345" in none and "去掉筛选条件" in none
    for typed, said in ((f"from={today}&to={before}", "后一个日期早于前一个"), ("from=2026-02-30", "日期写得不对")):
        told = page(client, f"/search?q=停电&{typed}", 422)
        assert said in told and 'value="停电"' in told
