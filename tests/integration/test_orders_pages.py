"""帮办代办 for whoever needs it: asking without an account or a telephone, following each original, taking it back."""

import re

import pytest

from mingtang.agents import actions, numbers
from mingtang.agents.models import Order
from mingtang.events import follow
from tests.factories.cast import AGENT, login, staff
from tests.factories.orders import asked, begun, collected, handing_in, station_of

pytestmark = pytest.mark.django_db
TYPED = {
    "form_token": "6a0c1a52-53a3-4d1e-9a55-0e7f3a1f2b11", "station": "changdi", "item": "LN-001", "place": "home",
    "name": "欧阳代办（演示）", "phone": "", "address": "长堤村九组", "need": "ill", "asker": "儿媳（演示）",
}  # fmt: skip


@pytest.fixture
def here(town):
    station_of(town)
    return town


def text(answer):
    return answer.content.decode()


def opened(client, order):
    return client.post("/orders/find", {"number": order.number, "code": numbers.code_of(order)}, follow=True)


def test_a_daughter_in_law_asks_for_a_visit(client, here):
    bad = client.post("/orders/new?item=LN-001", TYPED | {"address": ""})
    assert bad.status_code == 422
    assert "上门办的，请写明住在哪里" in text(bad) and 'value="儿媳（演示）"' in text(bad)
    first = client.post("/orders/new?item=LN-001", TYPED, follow=True)
    client.post("/orders/new?item=LN-001", TYPED)
    order = Order.objects.get()
    assert numbers.code_of(order) in text(first) and "等代办员接单" in text(first)
    assert "欧阳代办" not in text(first) and "九组" not in text(first), "the page names nobody"
    assert order.person["need"] == "ill" and order.asked_by == "online"


def test_at_the_screen_of_the_hall_nothing_stays_open(client, here):
    assert "/orders/new?kiosk=hall" in text(client.get("/hall/hall/kiosk"))
    paper = client.post("/orders/new?kiosk=hall", TYPED)
    order = Order.objects.get()
    assert numbers.code_of(order) in text(paper) and paper["Refresh"].endswith("/hall/hall/kiosk")
    assert order.asked_by == "kiosk"
    assert client.get(f"/orders/{order.number}").url == f"/orders/find?number={order.number}"


def test_each_original_is_shown_with_who_has_it(client, here):
    order = handing_in(here)
    page = text(opened(client, order))
    assert page.count("长堤村代办员，已交给便民服务中心综合窗口，对方还没有签收") == 2
    assert "等窗口接收" in page and "您 → 便民服务中心长堤村代办员" in page
    wrong = client.post("/orders/find", {"number": order.number, "code": "AAAAAAAA"})
    assert wrong.status_code == 422 and "查询码不对" in text(wrong)
    assert "号" in text(client.post("/orders/find", {"number": "", "code": ""}))


def test_the_resident_takes_it_back_with_the_code_alone(client, here):
    order = begun(here)
    assert client.post(f"/orders/{order.number}/withdraw").status_code == 404, "not without the code"
    opened(client, order)
    page = text(client.post(f"/orders/{order.number}/withdraw", follow=True))
    assert "委托已收回" in page and "没有还，0 天了" in page and "收回委托</button>" not in page
    again = client.post(f"/orders/{order.number}/withdraw")
    assert again.status_code == 422 and "现在是“委托已收回”" in text(again)


def test_the_public_reads_how_many_by_station_and_no_name(client, here):
    assert "长堤村便民服务站" in text(client.get("/orders/"))
    asked(here)
    actions.deliver(order=collected(here), way="signed", by=staff(AGENT))
    follow.settle()
    page = text(client.get("/orders/"))
    row = re.search(r"长堤村便民服务站</a></th>(.*?)</tr>", page)[1]
    assert re.findall(r"<td[^>]*>(\d+)</td>", row) == ["2", "1", "1", "1", "0"]
    assert "欧阳" not in page


def test_a_guide_names_the_stations_that_carry_it(client, here):
    page = text(client.get("/services/JF-001"))
    assert '/orders/new?item=JF-001">请村代办员代办</a>，不收钱：长堤村便民服务站' in page
    login(client, AGENT)
    assert "代办" in text(client.get("/desk/orders/"))


def test_a_town_without_a_station_says_whom_to_call(client, town):
    assert "请村代办员" not in text(client.get("/services/LN-001"))
    for address in ("/orders/", "/orders/new"):
        answer = client.get(address)
        assert answer.status_code == 200 and "还没有登记村级服务站" in text(answer)
