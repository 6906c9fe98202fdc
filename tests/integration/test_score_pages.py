"""三项得分 by HTTP: fractions on the public page, data to reckon them again, at the desk what is missing."""

import json
from datetime import date

import pytest

from mingtang.disclosure import columns, reach
from mingtang.disclosure.models import Column
from mingtang.oversight.sweep import sweep
from tests.factories.cast import SIGNER, login, staff
from tests.factories.duties import on, open_catalogue, post, publish
from tests.factories.samples import three_public
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


def test_the_scores_are_shown_recomputable_and_lead_to_what_is_missing(town, client):
    open_catalogue(town)
    with on(2026, 10, 12):
        publish(town, "2026年第三季度社会救助情况", "a21-08")
        three_public(town)
        column = Column.objects.get(code="a21-08")
        columns.assign(column=column, owner=post("social-head"), by=staff(SIGNER))
        reach.expect(column=column, times=5, days=10, by=staff(SIGNER))
    with on(2026, 12, 1):
        publish(town, "2026年第三季度宅基地审核情况", "a21-04")
        sweep(town=town)
        page = text(client.get("/board/scores/"))
        data = json.loads(client.get("/board/scores.json").content)
        rows = {row["code"]: row for row in data["columns"]}
        assert rows["a21-08"]["on_time"] == {"good": 1, "whole": 1, "percent": 100}
        assert rows["a21-08"]["reached"] == {"good": 0, "whole": 1, "percent": 0}
        assert rows["a21-04"]["on_time"] == {"good": 0, "whole": 1, "percent": 0}
        assert rows["a21-04"]["complete"]["percent"] == 100, "late, but there"
        assert rows["a21-04"]["reached"] == {"good": 0, "whole": 0, "percent": None}
        assert "无数据" in page and "名次" in page
        # On a telephone each figure begins with its own head: see the sheet of stacked tables.
        assert 'class="scroll stacked"' in page and page.count('data-head="看懂"') == page.count('data-head="按时"') > 1
        # Anybody's own reckoning, from the inputs alone.
        inputs = data["inputs"]
        for code, row in rows.items():
            slots = [one for one in inputs["owed"] if one["column"] == code]
            papers = [one for one in inputs["stated"] if code in one["columns"]]
            good = sum(one["state"] == "on_time" for one in slots)
            there = sum(one["state"] in ("on_time", "late") for one in slots) + sum(one["filled"] for one in papers)
            whole = len(slots) + sum(one["required"] for one in papers)
            assert (row["on_time"]["good"], row["on_time"]["whole"]) == (good, len(slots)), code
            assert (row["complete"]["good"], row["complete"]["whole"]) == (there, whole), code
        assert any(one["required"] == 7 for one in inputs["stated"])
        assert all(date.fromisoformat(one["due"]) <= date(2026, 12, 1) for one in inputs["owed"])
        login(client, SIGNER)
        desk = text(client.get("/desk/scores/"))
        assert "空着" in desk and "/desk/duties/column-" in desk
        login(client, "shezhuren")
        mine = text(client.get("/desk/scores/"))
        assert "到了 0 次，要 5 次" in mine and "column-a21-04" not in mine


def test_a_town_without_columns_says_so(town, client):
    page = text(client.get("/board/scores/"))
    assert "还没有公开栏目" in page and "0%" not in page.replace("60%", "")
