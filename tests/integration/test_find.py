"""我要办事: a sentence in, a few items out with what to bring and which window now; what is not found is counted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import background
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.hall import actions as hall
from mingtang.hall.models import Window
from mingtang.portal import keys, wanted_counted
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.rulebook import wanted
from mingtang.rulebook.models import Item, Wanted, WantedDay
from mingtang.search import service as search
from tests.factories.cast import CENTRE, CLERK_3, SIGNER, login, staff

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 2, tzinfo=UTC)
SENTENCE = "我想把老屋推倒重盖"


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def nobody_asked_yet(monkeypatch):
    wanted_counted._asked.forget()
    wanted_counted._waiting.clear()


@pytest.fixture
def here(clock, town):
    follow.settle()
    return town


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def ask(client, q, address="198.51.100.7", **query):
    return client.get("/find", {"q": q, **query}, REMOTE_ADDR=address)


def counted() -> dict[str, int]:
    wanted_counted.flush()
    return {row.text: row.times for row in Wanted.objects.counted()}


# The answer


def test_a_sentence_leads_to_the_item_its_papers_its_price_and_its_window(client, here):
    page = text(ask(client, SENTENCE))
    spec = Item.objects.get(code="JF-001").current.spec
    assert spec.summary in page and "找到 1 件事" in page
    for material in spec.materials:
        assert (material.name in page) is not material.fetched_by_us
    for word in (
        "3号窗口（建房用地）",
        "照常开放",
        "承诺 15 个工作日",
        "不收费",
        spec.hours,
        spec.phone,
        "/find/JF-001",
        "/services/JF-001/situation",
    ):
        assert word in page
    assert "noindex" in page and "都不是" in page


def test_at_most_three_items_answer_and_the_question_is_kept(client, here):
    page = text(ask(client, "老年人 建房 采伐林木 临时救助"))
    assert 1 <= page.count('class="card act"') <= 3
    assert 'value="老年人 建房 采伐林木 临时救助"' in page


def test_a_closed_window_names_who_stands_in(client, here):
    close = {"by": staff(CENTRE), "reason": "业务培训"}
    hall.close_window(window=Window.objects.get(number=3), substitute=Window.objects.get(number=1), **close)
    page = text(ask(client, SENTENCE))
    assert "3号窗口（建房用地）现在关闭：业务培训。由1号窗口（综合）代办。" in page
    hall.close_window(window=Window.objects.get(number=1), **close)
    assert "去以前请先打电话" in text(ask(client, SENTENCE))


def test_on_a_day_of_rest_it_says_when_to_come(client, here, clock):
    clock.move_to(datetime(2026, 3, 21, 2, tzinfo=UTC))
    page = text(ask(client, SENTENCE))
    assert "今天休息" in page and "今天是周末，不上班；3月23日（周一）再来。" in page


def test_the_slip_is_one_sheet_with_the_day_and_a_way_back(client, here):
    page = text(client.get("/find/JF-001"))
    assert "便条" in page and "2026年3月16日" in page and "照常开放" in page and "<svg" in page
    assert client.get("/find/NO-001").status_code == 404


def stored(client, town, path) -> bool:
    """Whether the page is in the store after it was asked for through the wrapper."""
    client.get(path, **{START: page_store().begin(town.code)})
    return page_store().find(town.code, path) is not None


def test_stored_pages_follow_the_windows_the_answers_and_the_day(client, here):
    row = said(here)
    follow.settle()
    assert stored(client, here, "/find/JF-001") and stored(client, here, "/asked")
    hall.close_window(window=Window.objects.get(number=3), by=staff(CENTRE), reason="停电")
    follow.settle()
    assert page_store().find(here.code, "/find/JF-001") is None
    wanted.decline(wanted=row, note="归县里办。", by=staff(CENTRE))
    follow.settle()
    assert page_store().find(here.code, "/asked") is None
    assert stored(client, here, "/find/JF-001") and stored(client, here, "/asked")
    keys.new_day()
    assert page_store().find(here.code, "/find/JF-001") is None and page_store().find(here.code, "/asked") is None
    assert not stored(client, here, "/find") and not stored(client, here, "/find/none")


def test_in_the_hall_an_answer_gives_way_to_a_clean_question(client, here):
    assert "Refresh" not in ask(client, SENTENCE).headers
    answer = ask(client, SENTENCE, kiosk="1")
    assert answer.headers["Refresh"] == "120; url=/find?kiosk=1"
    assert "Refresh" not in client.get("/find?kiosk=1").headers
    assert 'name="kiosk" value="1"' in text(answer) and "网上申请" not in text(answer)
    assert client.get("/find/none?kiosk=1").headers["Refresh"].startswith("120;")


def test_the_answer_stays_within_its_budget_and_reads_only(client, here):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask(client, SENTENCE).status_code == 200
        assert ask(client, "火星移民").status_code == 200
    assert len(queries) <= 14
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_without_an_index_the_page_says_so(client, here, monkeypatch):
    def gone(*args, **kwargs):
        raise search.SearchUnavailable

    monkeypatch.setattr("mingtang.portal.views.find.search", gone)
    assert ask(client, SENTENCE).status_code == 503


def test_nothing_of_the_first_town_is_found_in_the_second(client, here, other_town):
    page = text(client.get("/find", {"q": SENTENCE}, headers={"host": "other.example"}))
    assert "JF-001" not in page and "没有找到" in page
    assert client.get("/find/JF-001", headers={"host": "other.example"}).status_code == 404
    assert [row.town for row in Wanted.objects.all()] == [] and counted() == {SENTENCE: 1}
    assert Wanted.objects.get().town == other_town


# What was not found


def test_a_wrong_spelling_is_mended_and_not_counted(client, here):
    page = text(ask(client, "坎术"))
    assert "您是不是要找" in page and "q=%E7%A0%8D%E6%A0%91" in page
    assert "记下了" not in page and counted() == {}


def test_one_who_asks_again_counts_once_a_day_and_three_are_three(client, here, clock):
    for address in ("198.51.100.1", "198.51.100.1", "198.51.100.2", "2001:db8::1"):
        assert "这句话我们记下了" in text(ask(client, "火星，移民！", address))
    client.get("/search", {"q": "火星 移民"}, REMOTE_ADDR="198.51.100.1")
    client.get("/search", {"q": "火星移民"}, REMOTE_ADDR="198.51.100.1")
    assert counted() == {"火星 移民": 3, "火星移民": 1}
    clock.shift(timedelta(days=1))
    ask(client, "火星移民", "198.51.100.1")
    assert counted() == {"火星 移民": 3, "火星移民": 2}
    assert WantedDay.objects.count() == 3


@pytest.mark.parametrize(
    "q", ["火星电话13807300000", "火星43062319560308001X", "火星" * 21, "asdfgh", "住在火星的张三 0730-5550123"]
)
def test_what_may_name_a_person_is_not_kept(client, here, q):
    client.post("/find/none", {"q": q})
    ask(client, q)
    assert not Wanted.objects.exists() and not wanted_counted._waiting


def test_one_address_cannot_fill_the_list(client, here, monkeypatch):
    monkeypatch.setattr(wanted_counted, "A_DAY", 2)
    assert "没有记" in [text(ask(client, q)) for q in ("火星移民", "月亮搬家", "云上种菜")][2]
    assert set(counted()) == {"火星移民", "月亮搬家"}
    ask(client, "云上种菜", "198.51.100.8")
    assert "云上种菜" in counted()


def test_behind_a_proxy_of_this_machine_the_one_it_names_counts(client, here):
    for named in ("203.0.113.1", "6.6.6.6, 203.0.113.1", "203.0.113.2"):
        client.get("/find", {"q": "火星移民"}, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=named)
    for named in ("203.0.113.3", "203.0.113.4"):  # a stranger may claim what he likes
        client.get("/find", {"q": "火星移民"}, REMOTE_ADDR="198.51.100.9", HTTP_X_FORWARDED_FOR=named)
    assert counted() == {"火星移民": 3}


def test_none_of_these_is_one_click_and_is_written_at_once(client, here):
    page = text(ask(client, SENTENCE))
    token = re.search(r'action="/find/none"> ?<input type="hidden" name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    answer = client.post("/find/none", {"q": SENTENCE, "kiosk": "1"})
    assert answer.status_code == 302 and answer["Location"] == "/find/none?kiosk=1"
    assert Wanted.objects.get().text == SENTENCE
    assert here.phone in text(client.get("/find/none"))
    assert Client(enforce_csrf_checks=True).post("/find/none", {"q": SENTENCE}).status_code == 403


def test_a_database_that_takes_nothing_fails_no_page_and_loses_no_count(client, here, monkeypatch):
    def broken(**kwargs):
        raise OperationalError("read-only")

    with monkeypatch.context() as down:
        down.setattr(wanted, "add", broken)
        assert ask(client, "火星移民").status_code == 200
        assert client.post("/find/none", {"q": "月亮搬家"}).status_code == 302
        with pytest.raises(OperationalError):
            wanted_counted.flush()
    background.sweep()
    assert {row.text for row in Wanted.objects.all()} == {"火星移民", "月亮搬家"}


# What is answered


def said(town, words="办护照", times=3) -> Wanted:
    wanted.add(town=town, counted={words: times}, day=(MONDAY + timedelta(hours=8)).date())
    return Wanted.objects.get(town=town, text=words)


def test_the_desk_answers_and_the_public_reads_it(client, here):
    row, waiting = said(here), said(here, "夜市摆摊", 5)
    assert "办护照" not in text(client.get("/asked"))
    assert "2</b> 句话" in text(client.get("/asked"))
    login(client, CENTRE)
    assert "办护照" in text(client.get("/desk/wanted/")) and "群众找不到的 2 件事" in text(client.get("/desk/"))
    done = client.post(f"/desk/wanted/{row.pk}/decline", {"decline-note": "由县公安局办，镇里不办。"})
    assert done.status_code == 302
    page = text(Client().get("/asked"))
    assert "“办护照”" in page and "由县公安局办，镇里不办。" in page and "3 人次" in page and "夜市摆摊" not in page
    client.post(f"/desk/wanted/{waiting.pk}/link", {"link-item": "LN-001"})
    page = text(Client().get("/asked"))
    assert page.index("夜市摆摊") < page.index("办护照") and 'href="/services/LN-001"' in page
    follow.settle()
    assert 'href="/services/LN-001"' in text(ask(Client(), "夜市摆摊"))
    assert "夜市摆摊" in text(client.get("/desk/items/LN-001", follow=True))


def test_a_refused_answer_keeps_what_was_typed_and_says_why(client, here):
    row = said(here)
    login(client, SIGNER)
    for act, typed, sentence in (
        ("decline", {"decline-note": "电话13807300000"}, "个人信息"),
        ("decline", {"decline-note": ""}, "请写明为什么不办"),
        ("link", {"link-item": "NO-999"}, "没有这个编码的事项"),
        ("pass", {"pass-unit": "9999", "pass-note": "查一下。"}, "请从列出的里面选一个"),
        ("decline", {"decline-note": "归县里。", "decline-seen": "7"}, "刚才有人答复过"),
    ):
        answer = client.post(f"/desk/wanted/{row.pk}/{act}", typed)
        assert answer.status_code == 422 and sentence in text(answer)
        assert "<title>错误：" in text(answer)
        assert all(value in text(answer) for name, value in typed.items() if not name.endswith(("-unit", "-seen")))
    assert client.post(f"/desk/wanted/{row.pk}/burn").status_code == 404
    assert Wanted.objects.get().outcome == "" and not Event.objects.filter(type__startswith="wanted.").exists()


def test_the_desk_finds_items_by_name_and_drops_what_is_none(client, here):
    row = said(here, "王小明欠钱")
    login(client, CENTRE)
    assert 'value="JF-001"' in text(client.get(f"/desk/wanted/{row.pk}", {"q": "建房"}))
    assert client.post(f"/desk/wanted/{row.pk}/drop").status_code == 302
    assert client.get(f"/desk/wanted/{row.pk}").status_code == 404


def test_the_list_is_not_for_every_clerk_and_costs_the_same_for_many(
    client, here, other_town, django_assert_max_num_queries
):
    login(client, CLERK_3)
    assert client.get("/desk/wanted/").status_code == 403
    for number in range(60):
        said(here, "想办的事" + "甲乙丙丁"[number % 4] * (number // 4 + 1))
    login(client, CENTRE)
    with django_assert_max_num_queries(11):
        page = text(client.get("/desk/wanted/"))
    assert page.count("想办的事") == 50 and "?page=2" in page
    assert text(client.get("/desk/wanted/?page=2")).count("想办的事") == 10
    for wrong in ("?page=0", "?page=x", "?state=nothing", "?page=999"):
        assert client.get(f"/desk/wanted/{wrong}").status_code == 200
    with django_assert_max_num_queries(9):
        Client().get("/asked")
    assert "想办的事" not in text(Client().get("/asked", headers={"host": "other.example"}))
