"""停供通知 by HTTP: planned and urgent, too late, changed, over its time, restored; only one's own; proved."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit, Village
from mingtang.portal import keys
from mingtang.portal.stored import page_store
from mingtang.utilities import interruptions, tenants
from mingtang.utilities.enums import Cut, Urgency
from mingtang.utilities.interruptions import Told
from mingtang.utilities.lead import lead
from mingtang.utilities.models import Interruption
from tests.factories.cast import EDITOR, POWER, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
HOUR = timedelta(hours=1)
WRITTEN = {
    "cut": "power",
    "urgency": "planned",
    "starts_at": "2026-03-12T08:00",
    "ends_at": "2026-03-12T18:00",
    "places": "长堤村一至四组",
    "reason": "更换变压器",
    "advice": "请提前存水。",
}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def power(clock, town):
    return tenants.admit(
        unit=Unit.objects.get(code="power"), owner=Post.objects.get(code="power-head"), by=staff(SIGNER)
    )


def write(client, **changes):
    login(client, POWER)
    return client.post("/desk/utilities/power/interruption", WRITTEN | changes)


def told(hours=0, length=4, **changes):
    start = timezone.now() + hours * HOUR
    return Told(**{"places": "集镇", "starts_at": start, "ends_at": start + length * HOUR, "reason": "检修"} | changes)


def test_a_plan_is_public_when_a_second_person_has_checked_it(client, power):
    assert write(client).status_code == 302
    row = Interruption.objects.get()
    assert client.get(f"/utilities/interruptions/{row.pk}").status_code == 404
    assert "没有停的" in text(client.get("/utilities/interruptions/"))
    assert "由另一个人核对" in text(client.post(f"/desk/utilities/interruptions/{row.pk}/announce"))
    login(client, REVIEWER)
    assert "停供通知，等您核对" in text(client.get("/desk/"))
    assert client.post(f"/desk/utilities/interruptions/{row.pk}/announce").status_code == 302
    row.refresh_from_db()
    assert row.short_hours == 0
    shown = text(client.get(f"/utilities/interruptions/{row.pk}"))
    assert all(word in shown for word in ("长堤村一至四组", "更换变压器", "请提前存水。", "还没有停", "0730-5550012"))
    assert "发晚了" not in shown
    assert "长堤村一至四组" in text(client.get("/utilities/power"))
    assert "<entry>" in text(client.get("/feeds/interruptions.atom"))
    assert "长堤村一至四组" not in text(client.get("/")), "ten days ahead it is no news for the front page"


def test_villages_are_chosen_and_asked_for_and_a_screen_says_what_is_cut(client, power, other_town):
    """One village's page and feed name what stops there alone; the screens of the hall until it is back."""
    login(client, SIGNER)
    assert "用汉字" in text(client.post("/desk/villages/", {"name": "430623195603080012"}))
    for name in ("长堤村", "插旗村"):
        assert client.post("/desk/villages/", {"name": name}).status_code == 302
    assert "已经有“长堤村”" in text(client.post("/desk/villages/", {"name": " 长堤 村"}))
    changdi, chaqi = Village.objects.order_by("order")
    assert client.post(f"/desk/villages/{chaqi.pk}/rename", {f"{chaqi.pk}-name": "插旗社区"}).status_code == 302
    assert "请选哪些村" in text(write(client, urgency="urgent", starts_at="2026-03-02T09:30"))
    chosen = {"urgency": "urgent", "starts_at": "2026-03-02T09:30", "ends_at": "2026-03-02T13:00", "places": ""}
    assert write(client, **chosen, villages=[changdi.pk]).status_code == 302
    row = Interruption.objects.get()
    assert row.places == "长堤村"
    assert "停电：长堤村" in text(client.get(f"/utilities/interruptions/village/{changdi.pk}"))
    assert "现在没有停的" in text(client.get(f"/utilities/interruptions/village/{chaqi.pk}"))
    assert "<entry>" in text(client.get(f"/feeds/interruptions/{changdi.pk}.atom"))
    assert "<entry>" not in text(client.get(f"/feeds/interruptions/{chaqi.pk}.atom"))
    assert client.get(f"/feeds/interruptions/{changdi.pk}.atom", HTTP_HOST="other.example").status_code == 404
    front = text(client.get("/"))
    assert "停电：长堤村" in front and "截至" in front
    screens = ("/hall/hall/calls", "/hall/hall/1/screen", "/hall/hall/calls.json")
    for screen in screens:
        assert "停电：长堤村" in text(client.get(screen)) and "3月2日 10:00" in text(client.get(screen)), screen
    login(client, POWER)
    back = {"restore-restored_at": "2026-03-02T09:50"}
    assert client.post(f"/desk/utilities/interruptions/{row.pk}/restore", back).status_code == 302
    for screen in screens:
        assert "停电：长堤村" not in text(client.get(screen)), f"{screen}: it is back"
    login(client, SIGNER)
    assert client.post(f"/desk/villages/{changdi.pk}/close").status_code == 302
    assert "已经登记为撤并" in text(client.post(f"/desk/villages/{changdi.pk}/close"))
    assert "停电：长堤村" in text(client.get(f"/utilities/interruptions/village/{changdi.pk}")), "what was told stays"
    check = told_rows()["停供通知"]
    assert list(check(power.town)) == []
    row.villages.clear()
    assert len(list(check(power.town))) == 1


def test_what_is_told_too_late_says_by_how_many_hours(client, power):
    write(client, starts_at="2026-03-05T08:00", ends_at="2026-03-05T18:00")
    row = interruptions.announce(interruption=Interruption.objects.get(), by=staff(REVIEWER))
    assert row.short_hours == 168 - 70
    assert "少 98 小时" in text(client.get(f"/utilities/interruptions/{row.pk}"))
    assert "通知晚了 98 小时" in text(client.get("/utilities/"))
    assert "长堤村一至四组" in text(client.get("/"))


@pytest.mark.parametrize(
    ("cut", "urgency", "hours"),
    [
        (Cut.POWER, Urgency.PLANNED, 168),
        (Cut.POWER, Urgency.REPAIR, 24),
        (Cut.GAS, Urgency.PLANNED, 48),
        (Cut.NETWORK, Urgency.PLANNED, 72),
        (Cut.CLINIC, Urgency.PLANNED, 24),
        (Cut.POWER, Urgency.URGENT, 0),
    ],
)
def test_each_kind_owes_its_lead(cut, urgency, hours):
    assert lead(cut, urgency).hours == hours


def test_what_is_urgent_is_public_at_once_and_checked_afterwards(client, power):
    write(client, urgency="urgent", starts_at="2026-03-02T09:30", ends_at="2026-03-02T13:00")
    row = Interruption.objects.get()
    shown = text(client.get(f"/utilities/interruptions/{row.pk}"))
    assert "正在停" in shown and "还没有第二个人核对" in shown
    with pytest.raises(Refused, match="另一个人"):
        interruptions.confirm(interruption=row, by=staff(POWER))
    interruptions.confirm(interruption=row, by=staff(REVIEWER))
    with pytest.raises(Refused, match="已经有第二个人"):
        interruptions.confirm(interruption=row, by=staff(REVIEWER))
    assert "还没有第二个人核对" not in text(client.get(f"/utilities/interruptions/{row.pk}?again"))


def test_a_change_keeps_what_stood_before(client, power):
    urgent = interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(), by=staff(POWER))
    login(client, POWER)
    sent = {f"change-{name}": value for name, value in WRITTEN.items() if name not in ("cut", "urgency")}
    sent |= {"change-starts_at": "2026-03-02T10:00", "change-ends_at": "2026-03-02T20:00"}
    assert client.post(f"/desk/utilities/interruptions/{urgent.pk}/change", sent).status_code == 422, "without a reason"
    sent["change-why"] = "配件还没有到"
    assert client.post(f"/desk/utilities/interruptions/{urgent.pk}/change", sent).status_code == 302
    shown = text(client.get(f"/utilities/interruptions/{urgent.pk}"))
    assert "原定3月2日 10:00到3月2日 14:00，改为3月2日 10:00到3月2日 20:00。配件还没有到" in shown


def test_past_its_time_it_waits_for_a_word_and_says_how_late_that_was(client, clock, power):
    row = interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(), by=staff(POWER))
    page = f"/utilities/interruptions/{row.pk}"
    assert "正在停" in text(client.get(page))
    page_store().clear(power.town.code)
    clock.shift(4 * HOUR + timedelta(seconds=30))
    keys.new_interruptions()
    assert "应已恢复，等待确认" in text(client.get(page))
    clock.shift(2 * HOUR)
    login(client, POWER)
    assert "应已恢复，请写明恢复" in text(client.get("/desk/utilities/power"))
    act = f"/desk/utilities/interruptions/{row.pk}/restore"
    assert client.post(act, {"restore-restored_at": "2026-03-02T23:00"}).status_code == 422, "not in the future"
    assert client.post(act, {"restore-restored_at": "2026-03-02T15:30"}).status_code == 302
    assert "已恢复，晚了" in text(client.get(page))


def test_the_stored_front_page_falls_when_a_cut_begins_or_should_end(clock, power, monkeypatch):
    interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(hours=1), by=staff(POWER))
    dropped = []
    monkeypatch.setattr("mingtang.portal.store.PageStore.drop", lambda self, town, names: dropped.append(set(names)))
    keys.new_interruptions()
    assert dropped == []
    for hours in (1, 4):
        clock.shift(hours * HOUR + timedelta(seconds=10))
        keys.new_interruptions()
        assert dropped.pop() == {keys.UTILITIES, keys.HOME}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_at": "2026-03-12T07:00"}, "恢复的时间要晚于停的时间"),
        ({"ends_at": "2026-09-12T07:00"}, "最多写 60 天"),
        ({"starts_at": "2026-02-01T07:00", "ends_at": "2026-02-01T09:00"}, "已经过去了"),
        ({"starts_at": "2026年13月40日"}, "日期或者时间不存在"),
        ({"places": ""}, "请写明哪些村"),
        ({"reason": "户主身份证430623195603080012欠费"}, "身份证"),
        ({"cut": "moon"}, "请从列出的里面选一个"),
    ],
)
def test_bad_input_is_told_and_kept(client, power, changes, sentence):
    answer = write(client, **changes)
    assert answer.status_code == 422 and sentence in text(answer)
    assert "请提前存水。" in text(answer)
    assert not Interruption.objects.exists()


def test_nobody_else_s_notice_is_written_seen_or_changed(client, power):
    row = interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(), by=staff(POWER))
    login(client, "weisheng")
    assert client.get("/desk/utilities/power/interruption").status_code == 404
    assert client.get(f"/desk/utilities/interruptions/{row.pk}").status_code == 404
    assert client.post(f"/desk/utilities/interruptions/{row.pk}/withdraw", {"withdraw-why": "试"}).status_code == 404
    for name in ("weisheng", EDITOR):
        with pytest.raises(Refused):
            interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(), by=staff(name))
        with pytest.raises(Refused):
            interruptions.restore(interruption=row, restored_at=timezone.now(), by=staff(name))


def test_a_changed_notice_is_found(power):
    row = interruptions.propose(tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=told(), by=staff(POWER))
    interruptions.withdraw(interruption=row, why="写错了村", by=staff(POWER))
    check = told_rows()["停供通知"]
    assert list(check(power.town)) == []
    Interruption.objects.update(short_hours=0, ends_at=row.ends_at - HOUR)
    (finding,) = check(power.town)
    assert "和事件里记的不一样" in str(finding)
