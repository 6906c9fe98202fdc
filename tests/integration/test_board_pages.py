"""任务公示: the board, its map, its data; numbers add up, posts are named and persons are not."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import background
from mingtang.events import follow
from mingtang.oversight import actions
from mingtang.oversight.models import Slot
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Staff
from tests.factories.cast import SIGNER, staff
from tests.factories.duties import on, open_catalogue, publish, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(town):
    return open_catalogue(town)


def read(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_board_tells_what_is_on_time_late_and_empty_and_whose_it_is(opened, client):
    with on(2026, 10, 12):
        publish(opened, "2026年第三季度社会救助情况", "a21-08")
    with on(2026, 12, 1):
        publish(opened, "2026年第三季度宅基地审核情况", "a21-04")
        actions.excuse(
            slot=Slot.objects.get(duty__code="column-key-e3", period="2026-Q3"),
            reason="这个季度没有采购。",
            by=staff(SIGNER),
        )
        sweep(town=opened)
        html = read(client, "/board/")
        text = plain(html)
        assert re.search(r"2026年第三季度 ！ 空着，过了 \d+ 天 期限 2026-1\d-\d\d 责任：\S+主任", text)
        assert "按时办成" in text and "办成了，迟了" in text and "已说明，说明迟了" in text
        total = Slot.objects.count()
        assert f"一共 {total} 格" in text
        sums = [int(number) for number in re.findall(r"(?:按时|迟了|空着已过期|还没到期|已说明) (\d+)[，。]", text)]
        assert sum(sums) == total
        for person in Staff.objects.filter(town=opened):
            assert person.name not in html
        # By links alone: each facet leads to exactly as many lines as it says.
        for link, count in re.findall(r'href="(/board/\?[^"]+)"[^>]*>[^<]+</a><span class="quiet">(\d+)</span>', html):
            shown = read(client, link.replace("&amp;", "&"))
            assert shown.count('class="sub">期限') == min(int(count), 50), link


def test_a_duty_shows_its_periods_and_every_change_of_a_date(opened, client):
    with on(2026, 8, 3):
        made = actions.open_duty(town=opened, terms=terms(), by=staff(SIGNER))
        sweep(town=opened)
        moving = Slot.objects.select_related("duty").get(duty=made)
        actions.move_due(
            slot=moving, day=moving.due_on.replace(month=10, day=30), reason="等县里的表", by=staff(SIGNER)
        )
        text = plain(read(client, f"/board/{made.code}"))
        assert "期限 2026-10-30 （原来是 2026-09-30 ）" in text
        assert "改期限 2026年第三季度 期限 2026-10-30 等县里的表" in text
        assert "看这个公开栏目" in plain(read(client, "/board/column-a21-08"))
        assert client.get("/board/nonesuch").status_code == 404


def test_a_draft_is_owed_without_its_title(opened, client):
    from mingtang.disclosure import actions as documents
    from tests.factories import acts
    from tests.factories.cast import EDITOR

    with on(2026, 8, 3):
        documents.draft(
            town=opened,
            metadata=acts.metadata(opened, generated_on=date(2026, 8, 3)),
            content=acts.content("还没定的预案"),
            by=staff(EDITOR),
            columns=["a20-12"],
        )
        sweep(town=opened)
        for path in ("/board/column-a20-12", "/board/", "/board.json", "/board.csv"):
            assert "还没定的预案" not in read(client, path)
        assert "2026年8月3日形成的一份信息" in read(client, "/board/column-a20-12")


def test_the_data_are_the_board(opened, client):
    with on(2026, 12, 1):
        publish(opened, "=2026年第三季度社会救助情况", "a21-08")
        sweep(town=opened)
        data = json.loads(read(client, "/board.json"))
        rows = list(csv.DictReader(io.StringIO(read(client, "/board.csv").removeprefix("\ufeff"))))
    assert data["as_of"] == "2026-12-01"
    assert len(data["slots"]) == len(rows) == Slot.objects.count()
    filled = next(row for row in rows if row["凭据"])
    assert filled["凭据"].startswith("'=") and filled["凭据网址"].startswith("http") and filled["晚了几天"] != "0"


def test_the_map_has_every_unit_and_topic(opened, client):
    from mingtang.people.models import Unit

    with on(2026, 12, 1):
        text = plain(read(client, "/board/coverage"))
    for unit in Unit.objects.filter(town=opened, dissolved_on__isnull=True):
        assert unit.name in text
    assert "经济和社会管理" in text and "空着" in text and "—" in text


def test_home_shows_what_is_empty_and_leads_to_the_board(opened, client):
    with on(2026, 12, 1):
        sweep(town=opened)
        html = read(client, "/")
    assert 'href="/board/"' in html and "应公开还没公开" in html and "责任：" in html


def test_the_scheduled_round_opens_what_is_owed(opened):
    before = Slot.objects.count()
    with on(2026, 10, 12):
        background.sweep()
    assert Slot.objects.count() > before


def test_an_empty_town_says_so(town, client):
    assert "还没有立下任务" in read(client, "/board/")
    assert "应公开还没公开" not in read(client, "/")


def test_five_thousand_slots_cost_no_more_queries(opened, client):
    def asked(path: str) -> int:
        read(client, path)
        with CaptureQueriesContext(connection) as queries:
            read(client, path)
        return len(queries)

    paths = ("/board/", "/board/?state=empty&page=2", "/board/coverage", "/board/own-1", "/")
    with on(2026, 8, 3):
        for number in range(15):
            actions.open_duty(town=opened, terms=terms(trigger="month", name=f"第{number}件事"), by=staff(SIGNER))
        sweep(town=opened)
        follow.settle()
        before = [asked(path) for path in paths]
    with on(2054, 8, 3):
        assert sweep(town=opened).slots > 5_000
        follow.settle()
        assert [asked(path) for path in paths] == before
    assert max(before[:4]) <= 12, before


def test_the_log_names_what_people_know_and_no_key_of_the_program(opened, client):
    follow.settle()
    html = read(client, "/ledger/")
    assert re.search(r'　<a href="/(info/c|board)/[\w-]+">看这(个栏目|项任务)</a>', html)
    assert not re.findall(r"[a-z]+-?[a-z]?\d+-?\d*", plain(html).split("最近的记录")[1]), "keys of columns and duties"
