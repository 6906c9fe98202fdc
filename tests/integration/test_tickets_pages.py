"""From the kiosk over the counter to the outcome, as pages; bad numbers, slips and bookings are told in a sentence."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mingtang.cases.models import Case, CaseErrand
from mingtang.demo.hall import build_hall
from mingtang.events import follow
from mingtang.hall import counter, numbers, presence, sites, tickets
from mingtang.hall.models import Contact, EmptyWindow, Pad, PadVoid, PriorityRule, Site, Window
from mingtang.people.models import Post
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, LAND, login, staff
from tests.factories.hall import hall_of, served, taken, window
from tests.integration.desk_steps import application, hidden

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    build_hall(town)
    follow.settle()
    return town


def text(response) -> str:
    return response.content.decode()


def pressed(client, act, **sent):
    return client.post(f"/desk/counter/{act}", sent)


def sent_intake(client, form, **more):
    """The window's form of LN-001, filled in."""
    return client.post("/desk/cases/new/LN-001", application(form, check_photo="ok", **more))


# The kiosk and the number


def test_a_sentence_or_a_button_gives_a_number_and_no_name_is_asked(client, here):
    page = text(client.get("/hall/hall/kiosk", {"q": "我想把老屋推倒重盖"}))
    assert 'name="item" value="JF-001"' in page and "是哪一件" in page
    assert not re.search(r'name="(name|phone|id_number)"', page)
    answer = client.post("/hall/hall/take", {"item": ["JF-001", "LN-001"]})
    paper = client.get(answer["Location"])
    contact = Contact.objects.get()
    code = numbers.code_of(here, contact.number)
    assert "A001" in text(paper) and code in text(paper) and "下一个就是您" in text(paper)
    assert paper.headers["Refresh"] == "25; url=/hall/hall/kiosk"
    assert [row.item.code for row in contact.errands.all()] == ["JF-001", "LN-001"]


def test_what_the_kiosk_cannot_do_is_told(client, here, clock):
    assert "没有找到“火星移民”" in text(client.get("/hall/hall/kiosk", {"q": "火星移民"}))
    old = PriorityRule.objects.get(name="残疾人")
    PriorityRule.objects.filter(pk=old.pk).update(ended_on=NINE.date())
    assert "没有这条优先规则" in text(client.post("/hall/hall/take", {"rule": old.pk}))
    assert Contact.objects.count() == 0
    clock.move_to(NINE + timedelta(hours=12))
    late = client.post("/hall/hall/take", {})
    assert late.status_code == 422 and "现在没有开，取不了号" in text(late) and Contact.objects.count() == 0


def test_number_and_code_show_the_chain_and_not_a_word_without_the_code(client, here):
    contact = served(here, 3, "JF-001")
    post = Window.objects.get(site__code="hall", number=1).post
    counter.offer(contact=contact, post=post, reason="归综合窗口查", by=staff(CLERK_3))
    code = numbers.code_of(here, contact.number)
    found = client.get("/tickets/", {"number": "a1", "code": code.lower()}, follow=True)
    for word in ("首问负责", "3号窗口（建房用地）", "归综合窗口查", "仍由前一个岗位负责", "还没有下落"):
        assert word in text(found), word
    assert "易安" not in text(found), "the chain names posts"
    wrong = client.get(f"/tickets/{contact.number}?code=AAAAAA")
    assert wrong.status_code == 422 and "首问" not in text(wrong)
    assert "首问" not in text(client.get(f"/tickets/{contact.number}"))
    assert client.post(f"/tickets/{contact.number}/leave", {"code": "AAAAAA"}).status_code == 422
    assert client.post(f"/tickets/{contact.number}/explode", {"code": code}).status_code == 404


def test_the_holder_goes_or_comes_back(client, here):
    contact = taken(here, "JF-001")
    code = {"code": numbers.code_of(here, contact.number)}
    assert client.post(f"/tickets/{contact.number}/nobody", code).status_code == 302
    again = client.post(f"/tickets/{contact.number}/leave", code)
    assert again.status_code == 422 and "已有下落" in text(again)
    assert contact.errands.get().outcome == "nobody"


def test_the_screen_that_finds_leads_to_the_one_that_gives_numbers(client, here):
    page = text(client.get("/find", {"q": "我想把老屋推倒重盖", "kiosk": "1"}))
    assert "/hall/hall/kiosk?item=JF-001" in page
    assert "/kiosk?item=" not in text(client.get("/find", {"q": "我想把老屋推倒重盖"}))
    assert "就这些，取号" in text(client.get("/hall/hall/kiosk?item=JF-001"))


def test_a_form_pressed_twice_or_gone_back_to_gives_one_number(client, here):
    login(client, CLERK_1)
    for page, address, sent in (
        ("/hall/hall/kiosk", "/hall/hall/take", {"item": "LN-001"}),
        ("/hall/hall/book", "/hall/hall/book", {"begins": "2026-03-17T09:30:00+08:00"}),
        ("/desk/counter/", "/desk/counter/receive", {"window": str(window(1).pk), "item": ""}),
    ):
        forms = [hidden(client.get(page), "form_token") for _ in range(2)]
        given = [client.post(address, {**sent, "form_token": token}) for token in (forms[0], *forms)]
        assert [answer.status_code for answer in given] == [302, 302, 302], page
        assert Contact.objects.filter(submission__in=forms).count() == 2, page
        if address.startswith("/hall"):
            assert given[0]["Location"] == given[1]["Location"] != given[2]["Location"]
    assert client.post("/hall/hall/take", {"form_token": "x"}).status_code == 302, "a torn token is a new form"


# The counter


def test_from_the_call_to_the_case_whose_days_begin_with_the_number(client, here, clock):
    taken(here, "LN-001")
    clock.shift(timedelta(minutes=25))
    login(client, CLERK_1)
    one = str(window(1).pk)
    assert "1 人在等" in text(client.get("/desk/counter/"))
    assert pressed(client, "call", window=one).status_code == 302
    contact = Contact.objects.get()
    assert "A001" in text(client.get("/desk/counter/")) and "等了 25 分钟" in text(client.get("/desk/counter/"))
    assert pressed(client, "start", contact=contact.pk, window=one).status_code == 302
    errand = contact.errands.get()
    link = f"/desk/cases/new/LN-001?ticket={errand.pk}"
    assert link in text(client.get("/desk/counter/"))
    form = client.get(link)
    assert "A001</b> 号上" in text(form) and f'name="ticket" value="{errand.pk}"' in text(form)
    answer = sent_intake(client, form, ticket=str(errand.pk))
    assert answer.status_code == 302, text(answer)
    case = Case.objects.get()
    assert case.contact_at == NINE and case.submitted_at == NINE + timedelta(minutes=25)
    assert CaseErrand.objects.get(case=case).errand == errand
    errand.refresh_from_db()
    contact.refresh_from_db()
    assert (errand.outcome, contact.state) == ("case", "ended")
    assert "回到叫号" in text(client.get(answer["Location"]))
    assert sent_intake(client, client.get("/desk/cases/new/LN-001")).status_code == 302
    page = text(client.get("/hall/numbers"))
    assert "窗口收了 2 件，其中 1 件没有取号就收了" in page
    assert Case.objects.latest("pk").number in page and case.number not in page


def test_a_number_ends_in_one_case_and_in_no_other_item(client, here):
    contact = served(here, 1, "LN-001")
    login(client, CLERK_1)
    errand = contact.errands.get()
    form = client.get("/desk/cases/new/LN-001")
    counter.settle(errand=errand, outcome="answered", by=staff(CLERK_1))
    answer = sent_intake(client, form, ticket=str(errand.pk))
    assert answer.status_code == 422 and "不能写明下落" in text(answer)
    assert Case.objects.count() == 0, "neither stands without the other"


def test_the_counter_keeps_what_was_typed_and_says_what_is_wrong(client, here):
    contact = served(here, 1, "LN-001")
    login(client, CLERK_1)
    errand = str(contact.errands.get().pk)
    sent = {"errand": errand, "outcome": "refused", "note": "年龄没到。"}
    bad = pressed(client, "settle", **sent)
    assert bad.status_code == 422 and "哪部规定第几条" in text(bad) and 'value="年龄没到。"' in text(bad)
    assert pressed(client, "settle", **sent, clause="办法第三条").status_code == 302
    assert pressed(client, "settle", **sent, clause="办法第三条").status_code == 422
    assert pressed(client, "nothing").status_code == 404
    assert pressed(client, "start", contact="x").status_code == 404
    assert pressed(client, "call", window=str(window(3).pk)).status_code == 422


def test_the_back_button_at_the_counter_and_a_paper_used_twice_change_nothing(client, here):
    contact = taken(here, "LN-001")
    login(client, CLERK_1)
    errand, one = contact.errands.get(), str(window(1).pk)
    for act, sent, state, sentence in (
        ("call", {"window": one}, "called", "A001号还在叫"),
        ("start", {"contact": contact.pk}, "owned", "A001号现在是“有人负责”，不能开始接待"),
        ("settle", {"errand": errand.pk, "outcome": "answered"}, "ended", "A001号现在是“已有下落”，不能写明下落"),
    ):
        assert pressed(client, act, **sent).status_code == 302, act
        again = pressed(client, act, **sent)
        assert again.status_code == 422 and sentence in text(again), act
        assert Contact.objects.get().state == state
    for act, word in (("start", "开始接待"), ("skip", "过号"), ("recall", "再叫一次"), ("forward", "到别的窗口接着办")):
        late = pressed(client, act, contact=contact.pk)
        assert late.status_code == 422 and f"现在是“已有下落”，不能{word}" in text(late), act
    code = {"code": numbers.code_of(here, contact.number)}
    for act, word in (("check_in", "报到"), ("come_back", "过号回来"), ("leave", "不等了"), ("cancel", "取消预约")):
        used = client.post(f"/tickets/{contact.number}/{act}", code)
        assert used.status_code == 422 and f"现在是“已有下落”，不能{word}" in text(used), act
    assert contact.errands.get().outcome == "answered"


def test_a_clock_set_back_gives_no_number_anywhere_and_says_what_to_do(client, here, clock):
    login(client, CLERK_1)
    client.post("/hall/hall/take", {})
    clock.move_to(NINE - timedelta(minutes=20))
    for answer in (client.post("/hall/hall/take", {}), pressed(client, "receive", window=str(window(1).pk), item="")):
        assert answer.status_code == 422 and "时钟可能拨回了，没有给号。请工作人员先对准时间" in text(answer)
    assert Contact.objects.count() == 1


def test_a_number_is_handed_over_and_accepted(client, here):
    contact = served(here, 3, "JF-001")
    login(client, CLERK_3)
    land = staff(LAND).assignments.get().post_id
    bad = pressed(client, "offer", contact=contact.pk, post=land, reason="")
    assert bad.status_code == 422 and "请写明为什么转交" in text(bad)
    assert pressed(client, "offer", contact=contact.pk, post="", reason="看底册").status_code == 422
    assert pressed(client, "offer", contact=contact.pk, post=land, reason="看底册").status_code == 302
    assert "接下以前仍由您负责" in text(client.get("/desk/counter/"))
    login(client, LAND)
    assert "A001号：转给您，请接下或者退回" in text(client.get("/desk/"))
    page = text(client.get("/desk/counter/"))
    assert "A001号转给您" in page and "您的岗位没有窗口" in page
    assert pressed(client, "take_over", contact=contact.pk).status_code == 302
    errand = contact.errands.get().pk
    assert pressed(client, "settle", errand=errand, outcome="answered").status_code == 302
    client.get("/desk/counter/")  # what was said is said once
    assert "A001" not in text(client.get("/desk/counter/"))


def test_who_has_no_number_is_a_contact_all_the_same(client, here):
    login(client, CLERK_1)
    assert pressed(client, "receive", window=str(window(1).pk), item="").status_code == 302
    contact = Contact.objects.get()
    assert (contact.channel, contact.state, contact.label) == ("walk_in", "owned", "A001")
    for act, sent in (("add", {"item": "JF-001"}), ("forward", {})):
        assert pressed(client, act, contact=contact.pk, **sent).status_code == 302
    assert Contact.objects.get().state == "waiting"


def test_who_is_late_or_booked_tells_the_clerk(client, here):
    taken(here, "LN-001")
    login(client, CLERK_1)
    one = str(window(1).pk)
    pressed(client, "call", window=one)
    contact = Contact.objects.get()
    for act in ("recall", "skip", "come_back"):
        page = text(client.get("/desk/counter/"))
        assert f"/desk/counter/{act}" in page, act
        assert pressed(client, act, contact=contact.pk, window=one).status_code == 302
    assert Contact.objects.get().state == "waiting"
    pressed(client, "call", window=one)
    pressed(client, "start", contact=contact.pk)
    assert pressed(client, "settle", errand=contact.errands.get().pk, outcome="left").status_code == 302
    assert "1</b> 件事的人没等到" in text(client.get("/hall/numbers")), "who went away at the counter is counted too"


# The display


def test_the_display_shows_a_call_with_the_next_request(client, here):
    def told():
        path = "/hall/hall/calls.json"
        answer = client.get(path, **{START: page_store().begin(here.code)})
        assert page_store().find(here.code, path) is not None
        return json.loads(answer.content)

    first = told()
    assert (first["waiting"], first["calls"], first["cuts"]) == (0, [], [])
    contact = taken(here, "LN-001")
    follow.settle()
    assert told()["waiting"] == 1
    counter.call_next(window=window(1), by=staff(CLERK_1))
    follow.settle()
    (call,) = told()["calls"]
    assert (call["label"], call["window"], call["now"]) == (contact.label, 1, True)
    assert call["say"] == "请A0 0 1号，到1号窗口"
    assert "A001" in text(client.get("/hall/hall/calls"))


def test_everybody_who_is_called_is_on_the_display_and_without_scripts_screens_take_turns(client, here):
    site, post = hall_of(here), Post.objects.select_related("unit").get(code="window-1")
    common = {"site": site, "kind": "general", "name": "综合", "post": post, "by": staff(CENTRE)}
    served(here, 1, "LN-001")
    for number in range(10, 60):
        taken(here, "LN-001")
        counter.call_next(window=sites.keep_window(number=number, **common), by=staff(CLERK_1))
    told = json.loads(client.get("/hall/hall/calls.json").content)["calls"]
    assert [call["window"] for call in told] == list(range(59, 9, -1)), "newest first, and who has come makes room"
    path, found = "/hall/hall/calls", []
    for _ in range(7):
        page = client.get(path).content.decode()
        found += re.findall(r"(\d+)号窗口", page)
        assert "正在叫的有 <b>50</b> 个号" in page
        path = re.search(r'content="5;url=([^"]+)"', page)[1]
    assert [int(number) for number in found] == list(range(59, 9, -1)) and path == "/hall/hall/calls?screen=1"
    for odd in ("0", "8", "-1", "x", "٣"):
        assert "59号窗口" in text(client.get("/hall/hall/calls", {"screen": odd}))


# Bookings, slips, the empty window, the report


def test_a_booking_is_capped_and_keeps_off_days_off(client, here, clock):
    site = hall_of(here)
    page = text(client.get("/hall/hall/book"))
    slots = re.findall(r'name="begins"[^>]* value="([^"]+)"', page)
    assert slots[0] == "2026-03-17T08:30:00+08:00" and not any("2026-03-16" in slot for slot in slots)
    # three windows, two visits each in half an hour, 40 % of them
    for _ in range(2):
        assert client.post("/hall/hall/book", {"begins": slots[0], "item": "JF-001"}).status_code == 302
    full = client.post("/hall/hall/book", {"begins": slots[0]})
    assert full.status_code == 422 and "已经约满" in text(full)
    for begins, sentence in (
        ("2026-03-21T20:00:00+08:00", "那个时候没有可以预约的"),
        ("2026-03-16T15:00:00+08:00", "可以约明天起"),
        ("", "请选一个时间"),
        ("2026-99-99T00:00", "请选一个时间"),
    ):
        bad = client.post("/hall/hall/book", {"begins": begins})
        assert bad.status_code == 422 and sentence in text(bad), begins
    clock.move_to(datetime(2026, 4, 28, 1, tzinfo=UTC))
    holiday = client.post("/hall/hall/book", {"begins": "2026-05-01T09:00:00+08:00"})
    assert "5月1日是" in text(holiday) and "不开门。最近能约的是5月6日" in text(holiday)
    Site.objects.filter(pk=site.pk).update(book_share=0)
    assert "没有开放预约" in text(client.post("/hall/hall/book", {"begins": "2026-04-29T09:00:00+08:00"}))


def test_who_booked_checks_in_on_time(client, here, clock):
    client.post("/hall/hall/book", {"begins": "2026-03-17T09:30:00+08:00"})
    contact = Contact.objects.get()
    code = {"code": numbers.code_of(here, contact.number)}
    early = client.post(f"/tickets/{contact.number}/check_in", code)
    assert early.status_code == 422 and "请那一天来报到" in text(early)
    clock.move_to(datetime(2026, 3, 17, 0, 0, tzinfo=UTC))
    assert "提前一小时才能报到" in text(client.post(f"/tickets/{contact.number}/check_in", code))
    clock.move_to(datetime(2026, 3, 17, 1, 20, tzinfo=UTC))
    walked_in = taken(here)
    assert client.post(f"/tickets/{contact.number}/check_in", code).status_code == 302
    assert list(counter.queue(window(1))) == [contact, walked_in]
    clock.move_to(datetime(2026, 3, 18, 1, tzinfo=UTC))
    client.post("/hall/hall/book", {"begins": "2026-03-19T09:30:00+08:00"})
    absent = Contact.objects.latest("pk")
    clock.move_to(datetime(2026, 3, 20, 1, tzinfo=UTC))
    tickets.close_days()
    assert absent.errands.get().outcome == "absent"


def test_a_slip_is_entered_once_within_its_series_and_gaps_are_public(client, here, clock):
    pad = Pad.objects.get()
    clock.move_to(NINE + timedelta(days=3))
    login(client, "cunban")
    base = f"/desk/slipbooks/{pad.pk}"
    assert "CD01-001" in text(client.get(base)) and numbers.code_of(here, "CD01-001") in text(client.get(base))
    good = {"e-slip": "3", "e-came_at": "2026-03-17T09:30", "e-item": "JF-001"}
    assert client.post(f"{base}/enter", good).status_code == 302
    contact = Contact.objects.get()
    assert (contact.label, contact.state) == ("CD01-003", "owned")
    assert contact.opened_at == datetime(2026, 3, 17, 1, 30, tzinfo=UTC)
    for change, sentence in (
        ({}, "已经登记过（03月17日 09:30），一张号单只用一次"),
        ({"e-slip": "51"}, "只有 1 到 50 号，没有 51 号"),
        ({"e-slip": "4", "e-came_at": "2026-03-20T09:30"}, "不能晚于现在"),
        ({"e-slip": "4", "e-came_at": "2026-03-01T09:30"}, "早于这一本发出的时间"),
        ({"e-slip": ""}, "请填写"),
    ):
        bad = client.post(f"{base}/enter", good | change)
        assert bad.status_code == 422 and sentence in text(bad), change
    assert client.post(f"{base}/void", {"v-slip": "1", "v-reason": "写坏了"}).status_code == 302
    spoiled = client.post(f"{base}/enter", good | {"e-slip": "1"})
    assert "已经作废（写坏了）" in text(spoiled) and PadVoid.objects.count() == 1
    report = text(client.get("/hall/numbers"))
    assert "CD01" in report and re.search(r"！</i>2<", report), "slip 2 is a gap"
    assert "登记一张号单" in text(client.get(base)) and "CD01-003" not in text(client.get(base))
    login(client, CENTRE)
    again = client.post("/desk/slipbooks/new", {"site": pad.site_id, "code": "cd01", "first": "51", "last": "99"})
    assert again.status_code == 422 and "号码不能重用" in text(again)
    assert "只发给村级服务站" not in text(again)


def test_two_presses_and_nobody_make_an_empty_window_that_is_answered(client, here, clock):
    assert "按一下就记下" in text(client.get("/hall/hall/3/nobody"))
    assert "已经记下" in text(client.post("/hall/hall/3/nobody"))
    clock.shift(timedelta(seconds=20))
    client.post("/hall/hall/3/nobody", {"kiosk": "1"})
    assert EmptyWindow.objects.get().presses == 1, "within a minute it is the same press"
    clock.shift(timedelta(minutes=3))
    client.post("/hall/hall/3/nobody")
    clock.shift(timedelta(minutes=8))
    assert "还没有说明" in text(client.get("/hall/numbers"))
    login(client, CENTRE)
    base = f"/desk/hall/{hall_of(here).pk}"
    row = EmptyWindow.objects.get()
    assert client.post(f"{base}/explain", {"row": row.pk, "text": ""}).status_code == 422
    assert client.post(f"{base}/explain", {"row": row.pk, "text": "下村测量，没有挂牌。"}).status_code == 302
    assert "只能写一次" not in text(client.get(base))
    assert "下村测量，没有挂牌。" in text(client.get("/hall/numbers"))


def test_who_acts_at_the_window_in_time_was_there(here, clock):
    presence.press(window=window(1))
    clock.shift(timedelta(minutes=2))
    presence.press(window=window(1))
    served(here, 1, "LN-001")
    clock.shift(timedelta(minutes=20))
    row = EmptyWindow.objects.get()
    assert row.presses == 2 and not row.is_fact(NINE + timedelta(hours=1))


def test_outside_the_hours_and_at_a_closed_window_the_button_explains(client, here, clock):
    clock.move_to(NINE + timedelta(hours=4))
    noon = client.post("/hall/hall/3/nobody")
    assert noon.status_code == 422 and "现在不是开放时间" in text(noon)
    assert client.post("/hall/hall/3/nobody", {"kiosk": "1"}).status_code == 422
    assert not EmptyWindow.objects.exists()


def test_the_report_names_what_is_open_over_night_and_what_went_with_nothing(client, here, clock):
    served(here, 1, "LN-001")
    tickets.leave(contact=taken(here))
    clock.shift(timedelta(days=1))
    login(client, CLERK_1)
    assert "A001号：写明下落" in text(client.get("/desk/")) and "过夜了还没有下落" in text(client.get("/desk/counter/"))
    page = text(client.get("/hall/numbers"))
    assert "A001" in page and "1</b> 件事的人没等到" in page and "1</b> 天有断号或者没下落的号" in page
    assert "过夜了还没有下落：1" in page and "便民服务中心综合窗口" in page, "what is open, and whose it is"


def test_a_neighbour_and_a_stranger_reach_nothing(client, here, other_town):
    contact = taken(here, "LN-001")
    code = numbers.code_of(here, contact.number)
    there = {"HTTP_HOST": "other.example"}
    for path in ("/hall/hall/kiosk", "/hall/hall/calls", "/hall/hall/calls.json", "/hall/hall/book"):
        assert client.get(path, **there).status_code == 404
    assert client.post("/hall/hall/take", {}, **there).status_code == 404
    assert client.get(f"/tickets/{contact.number}?code={code}", **there).status_code == 422
    assert client.get("/desk/counter/").status_code == 302
    login(client, CENTRE)
    assert client.get("/desk/counter/").status_code == 403
