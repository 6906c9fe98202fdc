"""By when documents must be public, on the desk and on the public page."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.disclosure import actions
from tests.factories import acts
from tests.factories.cast import EDITOR, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
LATE = "关于春耕用水的通知"


def drafted(town, title, day, kind="plain"):
    metadata = acts.metadata(town, generated_on=day, kind=kind)
    return actions.draft(town=town, metadata=metadata, content=acts.content(title), by=staff(EDITOR))


@pytest.fixture
def noon():
    with time_machine.travel(datetime(2026, 4, 2, 4, tzinfo=UTC), tick=False) as clock:
        yield clock


def asked(client, path):
    client.get(path)  # what is read once for the process is read
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(queries), text(answer)


def test_the_list_puts_the_most_urgent_first_and_asks_no_more_for_many(noon, client, town):
    drafted(town, LATE, date(2026, 3, 2))
    drafted(town, "成交结果", date(2026, 4, 1), "procurement-result")
    drafted(town, "关于放假的通知", date(2026, 4, 1))
    acts.published(town)
    login(client, EDITOR)
    few, page = asked(client, "/desk/info/?order=due")
    places = [page.index(title) for title in (LATE, "成交结果", "关于放假的通知")]
    assert places == sorted(places)
    assert "晚了 3 个工作日" in page
    assert "赶集日停车" not in page  # it is public
    for number in range(35):
        drafted(town, f"第{number}份通知", date(2026, 4, 1))
    many, page = asked(client, "/desk/info/?order=due")
    assert many == few <= 10
    assert page.count('<th scope="row">') == 30
    assert "order=due&amp;skip=30" in page
    assert asked(client, "/desk/info/?order=due&skip=30")[1].count('<th scope="row">') == 8
    assert asked(client, "/desk/info/")[0] <= 10
    assert asked(client, "/desk/info/?order=due&skip=nonsense")[1].count('<th scope="row">') == 30


def test_the_task_says_how_late_it_is(noon, client, town):
    drafted(town, "还早的", date(2026, 4, 1))
    late = drafted(town, LATE, date(2026, 3, 2))
    login(client, EDITOR)
    page = text(client.get("/desk/"))
    assert page.index(LATE) < page.index("还早的")
    assert "2026年3月30日以前公开，晚了 3 个工作日" in page
    assert "信息公开条例 第二十六条" in text(client.get(f"/desk/info/{late.pk}"))


def test_the_public_page_says_whether_it_was_in_time(noon, client, town):
    late = acts.published(town).document
    said = "2026年3月30日以前（信息公开条例 第二十六条）；"
    assert f"{said}晚了 3 个工作日" in text(client.get(f"/info/{late.index_number}"))
    noon.move_to(datetime(2026, 3, 30, 4, tzinfo=UTC))
    assert f"{said}按时公开" in text(client.get(f"/info/{acts.published(town).document.index_number}"))
