"""帮办代办 at the desk: over HTTP, without a script, in the order in which a village agent and a clerk press."""

import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.agents import actions, numbers, promises
from mingtang.agents.models import Handover, Order
from mingtang.agents.proved import check_orders
from mingtang.cases.models import Case
from mingtang.events.models import Event
from tests.factories.cast import AGENT, CASHIER, CENTRE, CLERK_1, CLERK_3, login
from tests.factories.orders import begun, handing_in, originals, received, station_of, window_post

pytestmark = pytest.mark.django_db
TOKEN = "6a0c1a52-53a3-4d1e-9a55-0e7f3a1f2b11"
TYPED = {
    "form_token": TOKEN, "at": "changdi", "place": "station", "item_1": "LN-001", "name": "欧阳代办（演示）",
    "phone": "07305550199", "id_number": "", "scope": ["hands_in", "collects"], "until": "2099-01-01",
    "paper_1": "身份证", "sheets_1": "", "paper_2": "户口本", "sheets_2": "4",
}  # fmt: skip


@pytest.fixture
def here(town):
    station_of(town)
    return town


def text(answer):
    return answer.content.decode()


def soon():
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def test_an_order_is_taken_in_one_form_and_a_bad_line_does_no_harm(client, here):
    login(client, AGENT)
    bad = client.post("/desk/orders/new", TYPED)
    assert bad.status_code == 422
    assert "委托最长一年" in text(bad) and 'value="户口本"' in text(bad), "what was typed stays"
    assert not Order.objects.exists()
    sent = TYPED | {"until": soon()}
    first = client.post("/desk/orders/new", sent)
    again = client.post("/desk/orders/new", sent)
    order = Order.objects.get()
    assert first.url == again.url == f"/desk/orders/{order.number}"
    assert [(row.name, row.sheets) for row in originals(order)] == [("身份证", 1), ("户口本", 4)]
    shown = text(client.get(first.url))
    assert "欧阳代办（演示）" in shown and "在外 0 天" in shown and "不补交材料" in shown
    listed = text(client.get("/desk/orders/"))
    assert order.number in listed and "欧阳代办" not in listed, "a list names nobody"


def test_the_window_takes_the_bundle_in_without_typing_it_again(client, here):
    order = begun(here)
    login(client, AGENT)
    keys = [str(row.pk) for row in originals(order)]
    url = f"/desk/orders/{order.number}"
    client.post(f"{url}/hand_in", {"post": window_post().pk, "paper": keys})
    login(client, CLERK_1)
    found = client.get("/desk/orders/", {"number": order.number[-5:]})
    assert found.url == url
    page = text(client.get(url))
    assert "请点清、接收" in page
    client.post(f"{url}/receive", {"paper": keys[:1]})
    page = text(client.get(url))
    take_in = re.search(r'href="(/desk/cases/new/LN-001\?ticket=\d+)"', page)[1]
    form = text(client.get(take_in))
    assert 'value="欧阳代办（演示）"' in form and f'value="{order.person["id_number"]}"' in form
    assert 'value="乡音（演示）"' in form, "and who comes for them"
    ticket = take_in.rpartition("=")[2]
    hidden = dict(re.findall(r'name="(form_token|kept|version|listed)" value="([^"]*)"', form))
    sent = hidden | {
        "ticket": ticket, "kind": "person", "name": "欧阳代办（演示）", "id_number": order.person["id_number"],
        "check_id": "ok", "check_photo": "ok",
    }  # fmt: skip
    done = client.post(take_in, sent)
    assert done.status_code == 302, text(done)
    order.refresh_from_db()
    case = Case.objects.get()
    assert order.state == "handed_in" and list(order.cases) == [case]
    assert case.number in text(client.get(url))
    back = [str(originals(order)[0].pk)]
    agent_post = originals(order)[0].handovers.first().taker_id
    client.post(f"{url}/offer_papers", {"post": agent_post, "paper": back})
    login(client, AGENT)
    assert "请点清、签收" in text(client.get(url))
    client.post(f"{url}/accept_papers", {"paper": back})
    code = numbers.code_of(order)
    wrong = client.post(f"{url}/return_papers", {"paper": back, "way": "code", "code": "AAAAAAAA"})
    assert wrong.status_code == 422 and "查询码不对" in text(wrong)
    client.post(f"{url}/return_papers", {"paper": keys, "way": "code", "code": code})
    assert text(client.get(url)).count("已还本人") == 2


def test_what_is_not_handed_back_is_red(client, here):
    order = actions.withdraw(order=begun(here))
    login(client, AGENT)
    assert "2 份原件没有还" in text(client.get("/desk/orders/"))
    assert "没有还，0 天了" in text(client.get(f"/desk/orders/{order.number}"))
    assert "原件没有还" in text(client.get("/desk/"))


def test_what_was_lost_comes_to_its_end_and_the_public_count_stays(client, here):
    order = actions.withdraw(order=begun(here))
    url, (card, book) = f"/desk/orders/{order.number}", originals(order)
    counted = [asdict(row) for row in promises.counts(here, timezone.localdate().year)]
    login(client, AGENT)
    assert "原件丢了，怎样了结" in text(client.get(url))
    lost = {"paper": str(card.pk), "ending": "waived", "reason": "雨天路上丢了，本人已经另有一张。", "way": "code"}
    for change, sentence in (
        ({"ending": ""}, "请选丢失的原件怎样了结"),
        ({}, "要在纸上签字"),
        ({"way": "signed", "reason": ""}, "怎样丢的"),
        ({"way": "signed", "paper": ""}, "请选是哪几份原件"),
    ):
        refused = client.post(f"{url}/settle_lost", lost | change)
        assert refused.status_code == 422 and sentence in text(refused), change
    assert "2 份原件没有还" in text(client.get("/desk/orders/"))
    assert client.post(f"{url}/settle_lost", lost | {"way": "signed"}).status_code == 302
    assert "本人签字，不要了" in text(client.get(url))
    new = {"paper": str(book.pk), "ending": "replaced", "reason": "户口本弄丢，派出所补办。", "way": "signed"}
    assert client.post(f"{url}/settle_lost", new).status_code == 302
    assert "没有还" not in text(client.get("/desk/orders/")) and "原件没有还" not in text(client.get("/desk/"))
    assert "原件丢了" not in text(client.get(url)), "nothing is in this hand any more"
    event = Event.objects.filter(type="order.settle_lost").order_by("pk")[0]
    assert event.data["moves"] == [f"{card.line}:2:station-changdi:-:waived"] and "雨天" in event.reason
    assert [asdict(row) for row in promises.counts(here, timezone.localdate().year)] == counted
    assert list(check_orders(here)) == []
    Handover.objects.filter(original=book, taker=None).update(ending="found")
    assert "交接" in next(iter(check_orders(here))).what


def test_a_call_becomes_an_order_that_the_agent_sees(client, here):
    login(client, CLERK_3)
    sent = {"form_token": TOKEN, "station": "changdi", "place": "home", "name": "欧阳代办（演示）", "phone": ""}
    bad = client.post("/desk/orders/ask", sent)
    assert "上门办的，请写明住在哪里" in text(bad) and bad.status_code == 422
    done = client.post("/desk/orders/ask", sent | {"address": "九组", "need": "old"}, follow=True)
    order = Order.objects.get()
    assert numbers.code_of(order) in text(done), "told once, to be read out"
    login(client, AGENT)
    assert "代办员接单" in text(client.get("/desk/"))
    page = text(client.get(f"/desk/orders/{order.number}/take"))
    assert 'value="欧阳代办（演示）"' in page and 'value="九组"' in page


@pytest.mark.parametrize(("username", "status"), [(CLERK_3, 404), (CASHIER, 403), (CENTRE, 200)])
def test_others_do_not_see_it(client, here, username, status):
    order = received(here)
    login(client, username)
    answer = client.get(f"/desk/orders/{order.number}")
    assert answer.status_code == status
    assert "欧阳代办" not in text(answer), "who runs the hall needs no name"


def test_an_impossible_button_says_so_and_keeps_what_was_typed(client, here):
    order = handing_in(here)
    login(client, CLERK_1)
    answer = client.post(f"/desk/orders/{order.number}/send_back", {"reason": ""})
    assert answer.status_code == 422 and "请写明为什么退回" in text(answer)
    assert client.post(f"/desk/orders/{order.number}/nonsense").status_code == 404
    login(client, AGENT)
    answer = client.post(f"/desk/orders/{order.number}/receive", {})
    assert answer.status_code == 422 and "不是交给您的窗口的" in text(answer)


def test_the_slip_is_paper_with_number_and_code(client, here):
    order = begun(here)
    login(client, AGENT)
    answer = client.get(f"/desk/orders/{order.number}/slip.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
