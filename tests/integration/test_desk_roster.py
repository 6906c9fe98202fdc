"""值守表: its holes are told, stand until they are mended, and the hall says the same as the roster."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.cases import actions
from mingtang.demo.hall import build_hall, build_roster
from mingtang.events.models import Event
from mingtang.hall import presence
from mingtang.hall.duty import Presence, RosterTable
from mingtang.hall.opening import Opening
from mingtang.lib.errors import Refused
from mingtang.people.manning import without
from mingtang.people.models import Absence, Assignment, Post, RosterRow
from tests.factories import acts
from tests.factories.cast import BUILD, CENTRE, CLERK_1, CLERK_4, FOREST, LAND, login, staff
from tests.factories.hall import hall_of, window
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday, nine o'clock


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def here(clock, town):
    """The demo hall with its roster, and nobody away."""
    build_hall(town)
    build_roster(town)
    Absence.objects.all().delete()
    return town


def local(hours: float) -> str:
    """What the browser sends for a moment so many hours from now."""
    return timezone.localtime(NINE + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def goes(client, username: str, start: float, end: float, by: str = CENTRE, **more):
    login(client, by)
    sent = {"a-kind": "leave", "a-starts_at": local(start), "a-ends_at": local(end), **more}
    if by == CENTRE:
        sent["a-staff"] = staff(username).pk
    return client.post("/desk/roster/away", sent)


def test_the_table_says_who_is_there_and_the_hall_agrees(client, here, clock):
    assert goes(client, CLERK_4, 1, 3).status_code == 302
    table = RosterTable(here)
    assert table.presence("window-4", table.today) == Presence.BOTH
    assert list(table.holes()) == []
    clock.shift(timedelta(hours=1))
    board = text(client.get("/hall/hall/4"))
    assert "现在开着" in board and "由文清（演示）替岗" in board and "林暖" not in board
    assert "window-4" in Opening(here).posts(hall_of(here).pk, timezone.now())


def test_who_would_leave_nobody_is_refused_with_the_day_and_may_say_it_cannot_be_helped(client, here, clock):
    goes(client, CLERK_4, 0, 30)
    before = Event.objects.count()
    answer = goes(client, CLERK_1, 1, 2)
    page = text(answer)
    assert answer.status_code == 422 and Event.objects.count() == before
    assert "3月16日（周一）便民服务中心综合窗口没有人：文清（演示）、林暖（演示）都外出。这样的一共 2 处。" in page
    assert "仍然登记" in page and local(1) in page
    assert goes(client, CLERK_1, 1, 2, **{"a-despite": "on"}).status_code == 302
    for path in ("/desk/", "/desk/roster/"):
        assert "综合窗口没有人" in text(client.get(path))
    clock.shift(timedelta(minutes=70))
    hall = text(client.get("/hall/hall"))
    assert hall.count("现在没有人：值守的人外出") >= 2 and "今天 11:00有人" in hall
    assert "window-1" not in Opening(here).posts(hall_of(here).pk, timezone.now())
    assert "老年人优待证" not in hall.partition("现在能办什么")[2].partition("什么时候能办什么")[0]
    presence.press(window=window(4))  # who is away by the roster is missed all the same
    row = Absence.objects.get(staff=staff(CLERK_1))
    assert client.post("/desk/roster/end", {"row": row.pk}).status_code == 302
    assert "window-4" in Opening(here).posts(hall_of(here).pk, timezone.now())
    assert "没有人" not in text(client.get("/desk/")).partition("值守表（")[2]


def test_outside_its_hours_nobody_is_missed(here, clock):
    clock.shift(timedelta(hours=10))
    with pytest.raises(Refused, match="不是开放时间"):
        presence.press(window=window(4))


def test_a_step_may_wait_some_hours_but_not_a_day(client, here):
    goes(client, LAND, 0, 80)
    assert goes(client, BUILD, 1, 4).status_code == 302  # B of the post is Land, who is away
    assert goes(client, BUILD, 23, 33).status_code == 422


def test_posts_without_a_and_b_stand_in_the_offices_list_until_they_have_them(client, here):
    RosterRow.objects.filter(post__code="land-review").update(valid_to=timezone.now())
    login(client, CENTRE)
    assert "1 个岗位的A岗、B岗要排" in text(client.get("/desk/"))
    login(client, FOREST)
    assert "要排" not in text(client.get("/desk/"))
    login(client, CENTRE)
    post = Post.objects.get(code="land-review")
    page = text(client.get(f"/desk/roster/?post={post.pk}"))
    held = Assignment.objects.get(post=post)
    assert "还没有排A岗、B岗" in page and f'<option value="{held.pk}" selected' in page
    sent = {"r-lead": held.pk, "r-substitute": f"s{held.staff_id}"}
    assert "不能又是B岗" in text(client.post("/desk/roster/row", sent))
    sent["r-substitute"] = f"p{Post.objects.get(code='land-head').pk}"
    assert client.post("/desk/roster/row", sent).status_code == 302
    assert "要排" not in text(client.get("/desk/"))


def test_everybody_sees_the_table_and_enters_their_own_absence_alone(client, here):
    goes(client, FOREST, 1, 2)
    assert goes(client, LAND, 1, 2, by=LAND).status_code == 302
    page = text(client.get("/desk/roster/"))
    assert Absence.objects.filter(staff=staff(LAND), entered_by=staff(LAND)).count() == 1
    assert "柏青" in page and page.count("请假</td>") == 1  # why a colleague is away is not theirs to read
    assert "排定" not in page and 'name="a-staff"' not in page
    assert client.post("/desk/roster/row", {}).status_code == 404
    other = Absence.objects.get(staff=staff(FOREST))
    assert "只能登记自己的外出" in text(client.post("/desk/roster/end", {"row": other.pk}))
    assert client.post("/desk/roster/end", {"row": "x"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?view=month", "?from=2026-06-01", "?from=1999-01-01", "?from=x", "?from=9999-12-31&view=month"]
)
def test_any_address_shows_a_table(client, here, query):
    login(client, LAND)
    page = text(client.get(f"/desk/roster/{query}"))
    assert page.count("A岗：") >= 11 and ("6.1" in page) == ("2026-06-01" in query)


def test_the_substitutes_tab_is_there_only_while_one_stands_in(client, here, clock):
    case = acts.accepted(here, "JF-001")
    for _ in range(2):
        acts.accepted(here, "LM-001")
    goes(client, FOREST, 0, 2)
    login(client, "zhanzhang")
    home = text(client.get("/desk/"))
    assert "替岗的（2）" in home and "替林业站现场核查岗" in home and case.number not in home
    assert text(client.get("/desk/?whose=substitute")).count("/desk/cases/WY") == 2
    clock.shift(timedelta(hours=2))
    home = text(client.get("/desk/"))
    assert "替岗" not in home and "/desk/cases/WY" not in home


def test_a_case_names_who_stood_in(client, here):
    case = acts.accepted(here, "JF-001")
    goes(client, LAND, 0, 2)
    actions.opinion(case=case, step_key="land_review", agrees=True, text="核对无误。", by=login(client, "suozhang"))
    row = RosterRow.objects.get(post__code="land-review")
    page = text(client.get(f"/desk/cases/{case.number}"))
    assert page.count(f"池深（演示）（替自然资源所用地审查岗，值守安排第 {row.pk} 号）") == 2


def test_what_is_left_of_a_span_outside_its_gaps():
    hour = [NINE + timedelta(hours=n) for n in range(6)]
    assert without((hour[0], hour[5]), []) == [(hour[0], hour[5])]
    assert without((hour[0], hour[5]), [(hour[0], hour[1]), (hour[2], hour[3])]) == [
        (hour[1], hour[2]),
        (hour[3], hour[5]),
    ]
    assert without((hour[1], hour[2]), [(hour[0], hour[5])]) == []
