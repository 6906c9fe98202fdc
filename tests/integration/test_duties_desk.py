"""任务 at the desk, and 催一下 in public."""

import re
from datetime import date

import pytest

from mingtang.disclosure import actions as documents
from mingtang.oversight import actions
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.sweep import sweep
from mingtang.portal.views import nudge
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, SOCIAL, login, staff
from tests.factories.duties import on, open_catalogue, publish, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(town):
    nudge._asked.forget()
    return open_catalogue(town)


def slot(code: str, period: str = "2026-Q3") -> Slot:
    return Slot.objects.select_related("duty").get(duty__code=code, period=period)


def address(code: str, act: str = "", period: str = "2026-Q3") -> str:
    one = slot(code, period)
    return f"/desk/duties/{code}/{one.pk}{act and '/' + act}"


def read(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_what_one_owes_stands_among_what_is_to_be_done_the_most_asked_for_first(opened, client):
    with on(2026, 10, 12):
        nudged = slot("column-key-i9")
        assert client.post(f"/board/{nudged.duty.code}/{nudged.pk}/nudge").status_code == 200
        login(client, SIGNER)
        html = read(client, "/desk/")
        group = html[html.index("到期要公开、要办的") :]
        first = re.search(r"<strong>([^<]+)</strong><span class=\"sub\">([^<]+)", group)
        assert first[1].startswith("物资分配") and "有人催 1 次" in first[2]
        assert "2026年第三季度" in read(client, "/desk/duties/")
        login(client, EDITOR)
        assert "到期要公开" not in read(client, "/desk/")


def test_what_holds_something_late_stands_above_what_is_only_waiting(opened, client):
    with on(2026, 11, 20):
        about, writer = acts.metadata(opened, generated_on=date(2026, 11, 20)), staff(EDITOR)
        young = documents.draft(town=opened, metadata=about, content=acts.content(), by=writer)
        acts.passed(documents.submit(edition=young, by=writer), staff(REVIEWER))
        login(client, SIGNER)
        html = read(client, "/desk/")
        assert html.index("到期要公开、要办的") < html.index("等您签发的")


def test_a_column_is_answered_with_a_document_that_stands_in_it(opened, client):
    with on(2026, 7, 10):
        paper = publish(opened, "社会救助上半年情况", "a21-08")
        other = publish(opened, "停车", "a20-15")
        login(client, SIGNER)
        path = address("column-a21-08")
        html = read(client, path)
        assert "社会救助上半年情况" in html and "停车" not in html
        assert "期限是政府信息公开条例 第二十一条定的" in html and "改期限" not in html
        bad = client.post(f"{path}/answer", {"answer-document": other.index_number})
        assert bad.status_code == 422 and "错误：" in bad.content.decode()
        assert client.post(f"{path}/answer", {"answer-document": paper.index_number}).status_code == 302
        assert slot("column-a21-08").proof == paper
        assert client.post(f"{path}/answer", {"answer-document": paper.index_number}).status_code == 422


def test_a_promise_is_answered_by_a_sentence_excused_or_moved(opened, client):
    with on(2026, 8, 3):
        for number in range(3):
            actions.open_duty(town=opened, terms=terms(name=f"承诺{number}"), by=staff(SIGNER))
        sweep(town=opened)
        login(client, SOCIAL)
        bad = client.post(address("own-1", "answer"), {"answer-document": "", "answer-statement": ""})
        assert bad.status_code == 422 and "写明怎么办成的" in bad.content.decode()
        assert client.post(address("own-1", "answer"), {"answer-statement": "已经查过三个村。"}).status_code == 302
        bad = client.post(address("own-2", "excuse"), {"excuse-reason": "没有检查。", "excuse-paper": "没有这个号"})
        assert bad.status_code == 422 and "没有检查。" in bad.content.decode()
        assert client.post(address("own-2", "excuse"), {"excuse-reason": "没有检查。"}).status_code == 302
        assert "改期限" not in read(client, address("own-3"))
        login(client, SIGNER)
        moved = {"move-day": "2026-10-30", "move-reason": "等县里的表"}
        assert client.post(address("own-3", "move"), moved | {"move-day": "2026年2月30日"}).status_code == 422
        assert client.post(address("own-3", "move"), moved).status_code == 302
        assert slot("own-3").due_on == date(2026, 10, 30)


def test_a_duty_is_handed_over_when_the_other_side_signs(opened, client):
    with on(2026, 8, 3):
        login(client, SIGNER)
        to = Duty.objects.get(code="column-a21-08").column.owner.__class__.objects.get(code="social-check")
        path = "/desk/duties/column-a21-08"
        sent = {"offer-to": to.pk, "offer-reason": "救助归社会事务办。"}
        assert client.post(f"{path}/acts/offer", sent | {"offer-reason": ""}).status_code == 422
        assert client.post(f"{path}/acts/offer", sent).status_code == 302
        assert client.post(f"{path}/acts/take", {}).status_code == 422
        login(client, SOCIAL)
        assert "等您签收" in read(client, "/desk/")
        assert client.post(f"{path}/acts/take", {}).status_code == 302
        assert Duty.objects.get(code="column-a21-08").holder == to


def test_the_office_lays_down_a_duty_of_a_law(opened, client):
    with on(2026, 12, 1):
        login(client, SIGNER)
        typed = {
            "name": "公布上一年度的政府信息公开工作年度报告", "source": "law",
            "basis": "政府信息公开条例 第四十九条", "owner": Duty.objects.first().holder.pk,
            "trigger": "year", "month": "1", "day": "", "years_after": "on",
        }  # fmt: skip
        bad = client.post("/desk/duties/new", typed)
        assert bad.status_code == 422 and "月和日要一起写" in bad.content.decode()
        assert client.post("/desk/duties/new", typed | {"day": "31"}).status_code == 302
        sweep(town=opened)
        assert slot("own-1", "2026").due_on == date(2027, 1, 31)
        login(client, SOCIAL)
        assert client.get("/desk/duties/new").status_code == 403


def test_a_draft_begun_from_a_slot_is_filed_into_its_column(opened, client):
    from mingtang.disclosure.models import Document

    with on(2026, 8, 3):
        login(client, SIGNER)
        assert "起草一份" not in read(client, address("column-a21-08"))
        login(client, EDITOR)
        sent = {
            "title": "社会救助情况",
            "unit": "news",
            "theme": "relief",
            "generated_on": "2026-08-03",
            "body": "没有。",
        }
        assert client.post("/desk/info/new?column=a21-08", sent).status_code == 302
        assert Document.objects.get().filings.get().column.code == "a21-08"
        answer = client.post("/desk/info/new?column=nonesuch", sent)
        assert answer.status_code == 422 and "没有代码为" in answer.content.decode()
        assert Document.objects.count() == 1


def test_a_visitor_asks_once_a_day_for_a_slot_and_nobody_is_remembered(opened, client):
    one = slot("column-a21-08")
    path = f"/board/{one.duty.code}/{one.pk}/nudge"
    with on(2026, 12, 1):
        assert "催的人多的排在前面" in read(client, path)
        assert "已经替您催了" in client.post(path).content.decode()
        assert "今天已经从这里催过" in client.post(path).content.decode()
        assert "已经替您催了" in client.post(path, REMOTE_ADDR="203.0.113.9").content.decode()
        assert slot("column-a21-08").nudges == 2
        assert "有人催 2 次" in read(client, f"/board/{one.duty.code}")
    with on(2026, 12, 2):
        client.post(path)
        assert slot("column-a21-08").nudges == 3


def test_nobody_fills_the_counts_alone_and_what_is_done_is_not_asked_for(opened, client, monkeypatch):
    monkeypatch.setattr(nudge, "A_DAY", 1)
    with on(2026, 12, 1):
        first, second = slot("column-a21-08"), slot("column-a21-04")
        client.post(f"/board/{first.duty.code}/{first.pk}/nudge")
        answer = client.post(f"/board/{second.duty.code}/{second.pk}/nudge")
        assert "明天再来" in answer.content.decode() and slot("column-a21-04").nudges == 0
        actions.excuse(slot=slot("column-key-e3"), reason="没有采购。", by=staff(SIGNER))
        third = slot("column-key-e3")
        answer = client.post(f"/board/{third.duty.code}/{third.pk}/nudge", REMOTE_ADDR="203.0.113.9")
        assert answer.status_code == 422 and "不用催了" in answer.content.decode()
        assert client.get(f"/board/{first.duty.code}/{third.pk}/nudge").status_code == 404
