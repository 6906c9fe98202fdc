"""补录 through HTTP: an outage declared, a slip entered on the window's own screens, both times and the lag shown."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mingtang.cases.models import Case, Outage
from tests.factories.acts import APPLICANT, in_force
from tests.factories.cast import CENTRE, CLERK_3, EDITOR, login
from tests.factories.outages import entered, outage, pad_at_hand

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
THURSDAY, TUESDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=1)
PAPER = {"slip": "td01-007", "happened_at": "2026-03-17T10:00", "item": "采伐"}
TYPED = {
    "kind": "person", "name": "文小满（演示）", "id_number": APPLICANT.id_number, "phone": "07305550123",
    "address": "长堤村", "tell_by": "no",
}  # fmt: skip


def text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def paper_days(town, clock):
    """A pad was at hand on Monday; it is Thursday now."""
    pad_at_hand(town)
    clock.move_to(THURSDAY)
    return town


def test_the_head_declares_and_the_public_reads_it(client, paper_days):
    assert "没有登记过停电停网" in text(client.get("/hall/outages"))
    login(client, CENTRE)
    bad = client.post(
        "/desk/late/outages", {"from_at": "2026-03-16T12:00", "to_at": "2026-03-20T09:00", "cause": "power"}
    )
    assert bad.status_code == 422 and "不能晚于现在" in text(bad) and "2026-03-16T12:00" in text(bad)
    good = {"from_at": "2026-03-16T12:00", "to_at": "2026-03-19T09:00", "cause": "power"}
    assert client.post("/desk/late/outages", good).status_code == 302
    assert Outage.objects.get().declared_by.username == CENTRE
    client.cookies.clear()
    assert "停电" in text(client.get("/hall/outages"))
    login(client, CLERK_3)
    assert client.post("/desk/late/outages", good).status_code == 403
    login(client, EDITOR)
    assert client.get("/desk/late/").status_code == 403


def test_a_slip_is_entered_on_the_windows_own_screens(client, paper_days):
    outage(paper_days, hours=69)
    login(client, CLERK_3)
    address = "/desk/late/case?slip=td01-007&happened_at=2026-03-17T10:00&item=采伐"
    screen = text(client.get(address))
    assert "补录：号单 TD01-007" in screen and "窗口收件：" in screen and "现在不能收件" not in screen
    case = _typed(client, paper_days, address)
    assert (case.submitted_at, case.late.recorded_at) == (TUESDAY, THURSDAY)
    shown = text(client.get(f"/cases/{case.number}"))
    assert "窗口纸质收件" in shown and "事后 2 天录入" in shown
    desk = text(client.get("/desk/late/"))
    assert "TD01-007" in desk and "事后 2 天录入" in desk
    client.cookies.clear()
    assert "事后 2 天录入" in text(client.get("/hall/outages"))


def _typed(client, town, address) -> Case:
    version = in_force(town, "LM-001")
    asked = [material.key for material in version.spec.materials if not material.fetched_by_us]
    answer = client.post(
        address,
        {
            **TYPED,
            "form_token": "7f8d2c1e-0000-4000-8000-000000000001",
            "version": version.pk,
            "listed": " ".join(asked),
            **{f"check_{key}": "ok" for key in asked},
        },
    )
    assert answer.status_code == 302, text(answer)[:3000]
    return Case.objects.get(town=town)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slip": "TD01-051"}, "只有 1 到 50 号"),
        ({"slip": "TD01-001"}, "已经登记过"),
        ({"slip": "XX"}, "没有这张号单"),
        ({"slip": ""}, "请填写"),
        ({"happened_at": "2026-03-19T09:30"}, "不在登记过的停电停网时间里"),
        ({"happened_at": "2026-03-20T09:30"}, "不能晚于现在"),
        ({"happened_at": "昨天"}, "日期或者时间不存在"),
        ({"item": "火星移民"}, "没有名称或者编码"),
        ({"item": "许可"}, "不止一个"),
    ],
)
def test_a_wrong_head_of_the_paper_is_told_before_anything_is_typed(client, paper_days, change, said):
    outage(paper_days, hours=69)
    entered(paper_days, TUESDAY)
    login(client, CLERK_3)
    answer = client.get("/desk/late/case", PAPER | change)
    assert answer.status_code == 422 and said in text(answer)
    assert (PAPER | change)["item"] in text(answer)


def test_a_list_of_many_costs_what_a_list_of_one_does(client, paper_days, django_assert_max_num_queries):
    outage(paper_days, hours=69)
    for number in range(1, 9):
        entered(paper_days, TUESDAY + timedelta(minutes=number), slip=f"TD01-{number:03d}")
    login(client, CLERK_3)
    with django_assert_max_num_queries(10):
        assert text(client.get("/desk/late/")).count("TD01-") >= 8
