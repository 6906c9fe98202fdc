"""How far a document reached: counted by channel, without anything about who read; what did not arrive is named."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.demo.columns import build_columns
from mingtang.desk.views import reach as reach_pages
from mingtang.disclosure import columns, reach
from mingtang.disclosure.models import Column, ViewCount
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import posts_of
from mingtang.portal import views_counted
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CLERK_1, CLERK_3, DECIDER, EDITOR, SIGNER, login, staff

pytestmark = pytest.mark.django_db
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36"}


@pytest.fixture(autouse=True)
def nothing_counted_before():
    views_counted._counts.clear()


def counted():
    views_counted.flush()
    return dict(ViewCount.objects.values_list("channel", "count"))


def test_each_way_is_counted_for_itself_and_nothing_else_is_kept(client, town):
    document = acts.published(town).document
    shown = client.get(f"/info/e/1/{document.index_number}?via=board").content.decode()
    assert f'src="/hits/{document.pk}.gif?via=board"' in shown
    assert f'src="/hits/{document.pk}.gif"' in client.get(f"/info/{document.index_number}?via=else").content.decode()
    for path, times in ((".gif", 3), (".gif?via=board", 2), (".gif?via=code", 1), (".gif?via=feed", 1), ("/pdf", 1)):
        for _ in range(times):
            answer = client.get(f"/hits/{document.pk}{path}", headers=PHONE)
            assert not answer.cookies and answer["Cache-Control"] == "no-store"
    assert answer["Location"] == f"/info/{document.index_number}.pdf"
    assert counted() == {"page": 3, "scan": 3, "feed": 1, "pdf": 1}
    assert {field.name for field in ViewCount._meta.fields} == {"id", "document", "day", "channel", "count"}
    shown = client.get(f"/info/{document.index_number}").content.decode()
    assert "<dt>扫码打开</dt><dd>3</dd>" in shown and ">7<" in shown.replace("<dd>7<span", "<dd>7<")


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
        {"user-agent": "Googlebot/2.1"},
        {"user-agent": "python-requests/2.31"},
        PHONE | {"sec-purpose": "prefetch;prerender"},
    ],
)
def test_a_program_that_says_so_and_a_page_fetched_ahead_do_not_count(client, town, headers):
    document = acts.published(town).document
    client.get(f"/hits/{document.pk}.gif", headers=headers)
    client.get(f"/hits/{document.pk}/pdf", headers=headers)
    assert counted() == {}


def test_copies_are_handed_out_by_name_and_only_of_what_is_public(client, town):
    document = acts.published(town).document
    login(client, CLERK_1)
    path = f"/desk/reach/{document.pk}"
    assert client.post(f"{path}/copies", {"copies": "40"}).status_code == 302
    assert client.post(f"{path}/copies", {"copies": "2"}).status_code == 302
    assert counted() == {"paper": 42}
    event = Event.objects.filter(type=reach.HANDED_OUT).last()
    assert (event.subject, event.actor, event.data["copies"]) == (document.subject, staff(CLERK_1).code, 2)
    for typed in ("", "0", "5001", "四十", "-1", "1e3"):
        answer = client.post(f"{path}/copies", {"copies": typed})
        assert answer.status_code == 422 and "份数请写 1 到 5,000 之间的整数。" in answer.content.decode()
    with pytest.raises(Refused, match="没有这个权限"):
        reach.hand_out(document=document, copies=1, by=staff(DECIDER))
    draft = acts.drafted(town, acts.content("另一份")).document
    with pytest.raises(Refused, match="现在没有公开"):
        reach.hand_out(document=draft, copies=1, by=staff(EDITOR))
    assert counted() == {"paper": 42}


def test_what_must_be_known_and_did_not_arrive_stands_first(client, town, monkeypatch):
    build_columns(town)
    keeper = staff(SIGNER)
    column = Column.objects.get(code="a20-12")
    late, reached = (acts.published(town, acts.content(name)).document for name in ("防火甲", "防火乙"))
    for document in (late, reached):
        columns.refile(document=document, codes=["a20-12"], by=staff(EDITOR))
    login(client, SIGNER)
    answer = client.post("/desk/columns/a20-12/reach", {"reach-times": "50", "reach-days": ""})
    assert answer.status_code == 422 and "次数和天数要一起填" in answer.content.decode()
    assert client.post("/desk/columns/a20-12/reach", {"reach-times": "50", "reach-days": "7"}).status_code == 302
    reach.hand_out(document=reached, copies=50, by=staff(CLERK_3))
    today = timezone.localdate()
    viewer = Viewer(town=town)
    assert [(one.document, one.state) for one in reach.must_know(viewer, today)] == [
        (late, "running"),
        (reached, "reached"),
    ]
    wider = Column.objects.get(code="a20-04")
    columns.refile(document=late, codes=["a20-04", "a20-12"], by=staff(EDITOR))
    reach.expect(column=wider, times=80, days=30, by=keeper)
    asked = [(one.document, one.column.code) for one in reach.must_know(viewer, today)]
    assert asked == [(late, "a20-04"), (reached, "a20-12")], "once, in the column that asks most"
    reach.expect(column=wider, times=None, days=None, by=keeper)
    monkeypatch.setattr(reach_pages, "PAGE", 1)
    pages = [client.get(f"/desk/reach/?page={number}").content.decode() for number in (1, 2)]
    assert [page.count('<th scope="row"') for page in pages] == [1, 1]
    assert "下一页" in pages[0] and "下一页" not in pages[1] and "到够了" in pages[1]
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        reach.hand_out(document=late, copies=500, by=staff(CLERK_3))
        first = reach.must_know(viewer, today + timedelta(days=8))[0]
        assert (first.document, first.state, first.arrived) == (late, "missed", 0), "came too late"
        login(client, SIGNER)
        shown = client.get("/desk/reach/").content.decode()
        assert shown.index("到期没有到够") < shown.index("到够了")
        column.refresh_from_db()
        owner = next(one for one in Staff.objects.filter(town=town) if column.owner in posts_of(one))
        client.force_login(owner)
        waiting = client.get("/desk/").content.decode()
        assert "要到 50 次，到了 0 次" in waiting and "防火乙" not in waiting[waiting.index("没有到够的") :]
        client.force_login(staff(EDITOR))
        assert "没有到够的" not in client.get("/desk/").content.decode()
    assert "公开以后 7 天内，至少到 50 次" in client.get("/info/c/a20-12").content.decode()
    reach.expect(column=column, times=None, days=None, by=keeper)
    assert not reach.must_know(viewer, date.max)
