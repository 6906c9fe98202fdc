"""The pages of the hall: open now or when next, what can be done, the board and the card of a window, their upkeep."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.demo.hall import build_hall
from mingtang.demo.samples import FOLDER
from mingtang.hall import actions, sites
from mingtang.hall.models import Badge, Band, PriorityRule, Site, Window
from mingtang.people.models import Assignment
from mingtang.portal import keys
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, login, staff

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    build_hall(town)
    return town


def text(response) -> str:
    return response.content.decode()


def test_the_hall_says_whether_it_is_open_and_when_next(client, here, clock):
    page = text(client.get("/hall/"))
    assert "现在开着" in page and "开到今天 17:30" in page and "赶集日（农历逢3、8）" in page
    clock.move_to(NINE + timedelta(days=5, hours=4))  # Saturday, one o'clock
    page = text(client.get("/hall/hall"))
    assert "现在没开" in page and "明天 9:00开" in page.replace("09:00", "9:00") and "明天 09:00能办什么" in page


def test_noon_lists_what_ends_at_once_apart_from_what_is_taken_in(client, here, clock):
    clock.move_to(NINE + timedelta(hours=4))
    page = text(client.get("/hall/hall"))
    assert "现在能办什么" in page
    assert page.index("老年人优待证申领") < page.index("当场办结") < page.index("可以收件")


def test_a_closed_window_tells_cause_return_and_who_stands_in(client, here, clock):
    windows = {row.number: row for row in Window.objects.filter(site__code="hall").select_related("site")}
    actions.close_window(
        window=windows[3],
        by=staff(CENTRE),
        reason="到村测量",
        substitute=windows[1],
        back_at=NINE + timedelta(hours=6, minutes=30),
    )
    told = "3号窗口（建房用地）现在关闭：到村测量，预计今天 15:30恢复。请到1号窗口（综合）办理。"
    assert told in text(client.get("/hall/hall")) and told in text(client.get("/hall/hall/3/screen"))


def test_the_board_shows_the_card_and_a_card_taken_back_names_nobody(client, here):
    board = text(client.get("/hall/hall/1"))
    card = Badge.objects.get(staff=staff(CLERK_1))
    for word in ("文清（演示）", "1006", "便民服务中心", "照片待补", "0730-5550002", f"/hall/badges/{card.pk}", "<svg"):
        assert word in board, word
    shown = text(client.get(f"/hall/badges/{card.pk}"))
    assert "万授〔2026〕1号" in shown and "老年人优待证申领" in shown
    sites.end_badge(badge=card, by=staff(CENTRE))
    gone = text(client.get(f"/hall/badges/{card.pk}"))
    assert "已经失效" in gone and "文清" not in gone and client.get(f"/hall/badges/{card.pk}/photo").status_code == 404
    other = Badge.objects.get(staff=staff(CLERK_3))
    Assignment.objects.filter(staff=staff(CLERK_3)).update(valid_to=NINE)
    assert "已经失效" in text(client.get(f"/hall/badges/{other.pk}")), "who left the post has no card"


def test_unknown_places_lead_nowhere_and_another_town_sees_none(client, here, other_town):
    for path in ("/hall/nowhere", "/hall/hall/99", "/hall/badges/999999", "/hall/hall/1/nothing"):
        assert client.get(path).status_code == 404
    there = {"HTTP_HOST": "other.example"}
    assert "还没有登记大厅和服务站" in text(client.get("/hall/", **there))
    card = Badge.objects.first()
    for path in ("/hall/hall", "/hall/hall/1", f"/hall/badges/{card.pk}"):
        assert client.get(path, **there).status_code == 404


def test_finding_a_window_asks_the_bands(client, here, clock):
    assert "现在开着" in text(client.get("/find/JF-001")) and "开到今天 12:00" in text(client.get("/find/JF-001"))
    clock.move_to(NINE + timedelta(hours=4))
    page = text(client.get("/find/JF-001"))
    assert "现在没开" in page and "今天 14:30开" in page


def test_a_stored_page_goes_when_somebody_comes_or_leaves(client, here, clock):
    keys.new_hours()

    def stored(path):
        client.get(path, **{START: page_store().begin(here.code)})
        return page_store().find(here.code, path) is not None

    assert stored("/hall/hall")
    keys.new_hours()
    assert page_store().find(here.code, "/hall/hall") is not None, "nobody came or left"
    clock.move_to(NINE + timedelta(hours=3))
    keys.new_hours()
    assert page_store().find(here.code, "/hall/hall") is None


def test_the_desk_keeps_sites_windows_bands_and_cards(client, here):
    login(client, CENTRE)
    new = {
        "code": "qingshui",
        "kind": "station",
        "name": "清水村便民服务站",
        "address": "村部",
        "phone": "0730-5550022",
        "book_share": "0",
        "visit_minutes": "15",
    }
    assert "至少一半" in text(client.post("/desk/hall/", new | {"book_share": "60"}))
    assert client.post("/desk/hall/", new).status_code == 302
    site = Site.objects.get(code="qingshui")
    again = client.post("/desk/hall/", new)
    assert again.status_code == 422 and "已经有场所用了" in text(again)
    base = f"/desk/hall/{site.pk}"
    post = str(Window.objects.get(site__code="changdi").post_id)
    window = {"w-number": "1", "w-name": "帮办代办", "w-kind": "general", "w-post": post}
    assert client.post(f"{base}/window", window).status_code == 302
    bad = client.post(f"{base}/band", {"b-kind": "weekday", "b-starts": "8.30", "b-ends": "11:30"})
    assert bad.status_code == 422 and "8:30 这样" in text(bad) and 'value="8.30"' in text(bad)
    band = {"b-kind": "weekday", "b-starts": "8：30", "b-ends": "11:30", "b-posts": [post]}
    assert client.post(f"{base}/band", band).status_code == 302
    row = Band.objects.get(site=site)
    photo = SimpleUploadedFile("430623195603080012.png", (FOLDER / "LN-001-1.png").read_bytes())
    holder = Assignment.objects.get(post_id=post)
    assert client.post(f"{base}/badge", {"c-holder": str(holder.pk), "c-photo": photo}).status_code == 302
    card = Badge.objects.get(staff=holder.staff)
    shown = client.get(f"/hall/badges/{card.pk}/photo")
    assert shown.status_code == 200 and "430623" not in shown["Content-Disposition"], (
        "what it was called names somebody"
    )
    wrong = SimpleUploadedFile("me.png", BytesIO(b"not a picture").read())
    assert client.post(f"{base}/badge", {"c-holder": str(holder.pk), "c-photo": wrong}).status_code == 422
    assert client.post(f"{base}/drop", {"row": str(row.pk)}).status_code == 302 and not site.bands.exists()
    assert client.post(f"{base}/end", {"row": str(card.pk)}).status_code == 302
    assert client.post(f"{base}/end", {"row": "x"}).status_code == 404
    assert client.post(f"{base}/nothing", {}).status_code == 404
    rule = {"r-name": "现役军人", "r-minutes": "15", "r-basis": "大厅公布的办法"}
    assert client.post(f"{base}/rule", rule | {"r-minutes": "90"}).status_code == 422
    assert client.post(f"{base}/rule", rule).status_code == 302
    assert "已经有这样一条规则" in text(client.post(f"{base}/rule", rule))
    assert "现役军人" in text(client.get("/hall/hall/kiosk")) and "现役军人" in text(client.get("/hall/numbers"))
    row = PriorityRule.objects.get(name="现役军人")
    assert client.post(f"{base}/stop", {"row": row.pk}).status_code == 302
    assert client.post(f"{base}/stop", {"row": row.pk}).status_code == 422
    assert "现役军人" not in text(client.get("/hall/hall/kiosk"))
    login(client, CLERK_1)
    assert client.get("/desk/hall/").status_code == 403
