"""抽取专家: told first, drawn by a root that nobody knew then; anyone computes it again, and a changed one is found."""

from collections import Counter

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.derived import draws
from mingtang.disclosure.models import Draw, Expert
from mingtang.disclosure.proved_draws import check_draws
from mingtang.events.follow import settle
from mingtang.ledger.lots import order_of
from mingtang.ledger.models import Checkpoint
from mingtang.lib.errors import Refused
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.factories.lists import made
from tests.integration.desk_steps import text
from tests.integration.test_events_tampered import tamper

NAMES = ("路有平", "桥安石", "石头坚", "田间道", "沈沙沉")


@given(st.integers(0, 2**256 - 1), st.sets(st.integers(1, 500), min_size=2, max_size=40))
def test_the_order_holds_everybody_once_and_depends_on_root_and_draw_alone(root, pool):
    order = order_of(f"{root:064x}", "2026-C001", sorted(pool))
    assert sorted(order) == sorted(pool)
    assert order == order_of(f"{root:064x}", "2026-C001", sorted(pool, reverse=True))


def test_nobody_is_drawn_much_more_often_than_others():
    first = Counter(order_of(f"{n:064x}", "2026-C001", list(range(1, 6)))[0] for n in range(5000))
    assert all(850 < first[expert] < 1150 for expert in range(1, 6)), first


@pytest.mark.django_db
def test_a_draw_is_announced_drawn_by_another_and_proved(town):
    for name in NAMES:
        draws.enter_expert(town=town, name=name, field="道路工程", workplace="县公路中心", by=staff(REVIEWER))
    with pytest.raises(Refused):
        draws.enter_expert(town=town, name="甲", field="道路工程", workplace="乙", by=staff(EDITOR))
    draws.leave_expert(expert=Expert.objects.get(number=5), by=staff(REVIEWER))
    told = {"town": town, "purpose": "长堤村公路硬化工程", "field": "道路工程"}
    for wanted in (0, 4):
        with pytest.raises(Refused, match="现有 4 位"):
            draws.announce(**told, wanted=wanted, by=staff(EDITOR))
    row = draws.announce(**told, wanted=2, by=staff(EDITOR))
    assert row.pool == [1, 2, 3, 4]
    with pytest.raises(Refused, match="检查点"):
        draws.draw_lots(draw=row, by=staff(SIGNER))
    settle()
    for who in (EDITOR, "chuangkou3"):
        with pytest.raises(Refused):
            draws.draw_lots(draw=row, by=staff(who))
    row = draws.draw_lots(draw=row, by=staff(SIGNER))
    settle()
    first = Checkpoint.objects.filter(town=town, root=row.root).get()
    assert first.size == row.size and row.order == order_of(row.root, row.number, [1, 2, 3, 4])
    with pytest.raises(Refused, match="只抽一次"):
        draws.draw_lots(draw=row, by=staff(SIGNER))
    listed = made(town, "experts")
    assert [one.cells["name"] for one in listed.rows.all()] == [NAMES[number - 1] for number in row.order[:2]]
    page = text(Client().get(f"/lists/draws/{row.number}"))
    assert row.root in page and NAMES[row.order[0] - 1] in page and NAMES[row.order[3] - 1] not in page
    assert f"/lists/draws/{row.number}" in text(Client().get("/lists/"))
    assert not list(check_draws(town))
    for change in ("wanted = 3", f"root = '{'ab' * 32}'", "purpose = '别的'"):
        tamper("disclosure_draw", change, row.pk)
        assert list(check_draws(town)), change


@pytest.mark.django_db
def test_the_desk_enters_announces_and_draws(town):
    reviewer, editor = Client(), Client()
    login(reviewer, REVIEWER)
    login(editor, EDITOR)
    here = "/desk/lists/experts"
    for name in NAMES[:3]:
        answer = reviewer.post(f"{here}/enter", {"name": name, "field": "道路工程", "workplace": "县公路中心"})
        assert answer.url == here
    assert reviewer.post(f"{here}/enter", {"name": "", "field": "甲", "workplace": "乙"}).status_code == 422
    assert editor.post(f"{here}/enter", {"name": "甲", "field": "甲", "workplace": "乙"}).status_code == 403
    bad = editor.post(f"{here}/announce", {"purpose": "修路", "field": "道路工程", "wanted": "3"})
    assert bad.status_code == 422 and "现有 3 位专家" in text(bad)
    assert editor.post(f"{here}/announce", {"purpose": "修路", "field": "道路工程", "wanted": "1"}).url == here
    row = Draw.objects.get()
    assert "等保密审查员或者签发人抽取" in text(editor.get(here))
    assert "过一分钟再来抽" in text(reviewer.post(f"{here}/draws/{row.pk}"))
    settle()
    assert reviewer.post(f"{here}/draws/{row.pk}").url == here
    assert "抽好了" in text(editor.get(here))
    assert reviewer.post(f"{here}/{Expert.objects.first().pk}/leave").url == here
    assert reviewer.post(f"{here}/{Expert.objects.first().pk}/leave").status_code == 422
