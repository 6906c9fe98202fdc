"""看得懂吗: two persons, one slip one answer, no number of less than five, a task for what was not understood."""

import re

import pytest
from django.db import transaction
from django.test import Client

from mingtang.events.models import Event
from mingtang.people.models import Assignment
from mingtang.scrutiny import reading
from mingtang.scrutiny.models import ReadCheck, ReadSlip
from mingtang.scrutiny.proved import check_reading
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CLERK_1, EDITOR, LAND, POWER, REVIEWER, login, staff
from tests.factories.duties import post
from tests.integration.desk_steps import text
from tests.integration.test_events_tampered import tamper

pytestmark = pytest.mark.django_db

QUESTION = {"text": "赶集日停车要多少钱？", "o0": "五元", "o1": "不收费", "correct": "1", "quote": "停车，不收费"}
RIGHT, WRONG = {"q0": "1", "q1": "1", "q2": "1"}, {"q0": "0", "q1": "no", "q2": "0"}


def at_the_desk(username: str) -> Client:
    client = Client()
    login(client, username)
    return client


def typed(**changes):
    """What an editor types: three questions alike but for their number."""
    rows = {f"q{n}_{name}": value for n in range(3) for name, value in QUESTION.items()}
    return rows | {f"q{n}_text": f"第{n}问：停车多少钱？" for n in range(3)} | changes


def approved(edition):
    asked = [reading.Asked(f"第{n}问：多少钱？", ("五元", "不收费"), 1, "停车，不收费") for n in range(3)]
    owner = Assignment.objects.filter(staff=staff(EDITOR)).first().post
    check = reading.propose(edition=edition, questions=asked, owner=owner, by=staff(EDITOR))
    return reading.approve(check=check, by=staff(REVIEWER))


def slips_of(check, count):
    rows = reading.print_slips(check=check, count=count, by=staff(EDITOR))
    return [{"number": row.number, "code": reading.code_of(row)} for row in rows]


def test_two_persons_make_it_and_whoever_holds_a_slip_answers_once(town, client):
    edition = acts.published(town)
    page = f"/info/{edition.document.index_number}"
    assert "看得懂吗" not in text(client.get(page))
    editor, reviewer, clerk = map(at_the_desk, (EDITOR, REVIEWER, CLERK_1))
    here = f"/desk/read/new?edition={edition.pk}"
    assert here in text(editor.get(f"/desk/info/{edition.pk}"))
    owner = Assignment.objects.filter(staff=staff(EDITOR)).first().post
    bad = editor.post(here, typed(owner=owner.pk, q1_quote="停车，要收五元"))
    assert bad.status_code == 422 and "文件里没有“停车，要收五元”" in text(bad) and "第2问" in text(bad), (
        "typing is kept"
    )
    assert editor.post(here, typed(owner=owner.pk)).status_code == 302
    check = ReadCheck.objects.get()
    desk = f"/desk/read/{check.pk}"
    assert editor.post(f"{desk}/approve").status_code == 422, "not one's own"
    assert reviewer.post(f"{desk}/print", {"count": "6"}).status_code == 422, "not approved yet"
    assert "看得懂吗" not in text(client.get(page))
    assert "等您审核" in text(reviewer.get("/desk/")) and "看得懂吗，等您审核的" not in text(editor.get("/desk/"))
    assert reviewer.post(f"{desk}/return", {"reason": "第三题太难。"}).status_code == 302
    again = text(editor.get(here))
    assert "第三题太难" in again and "第2问" in again, "one begins with what was returned"
    assert editor.post(here, typed(owner=owner.pk)).status_code == 302
    check = ReadCheck.objects.get(returned_reason="")
    desk = f"/desk/read/{check.pk}"
    assert reviewer.post(f"{desk}/approve").status_code == 302
    assert "还不够五个人" in text(client.get(page))

    assert editor.post(f"{desk}/print", {"count": "0"}).status_code == 422
    assert editor.post(f"{desk}/print", {"count": "6"}).url == f"{desk}/slips"
    paper = text(editor.get(f"{desk}/slips"))
    slips = re.findall(r'<b class="code">(K\d{6})</b><br>答题码 <b class="code">(\w{8})</b>', paper)
    assert len(slips) == 6 and all(code not in str(ReadSlip.objects.values()) for _, code in slips)
    assert clerk.get(f"{desk}/slips").status_code == 403 and clerk.get(desk).status_code == 200

    first = {"number": slips[0][0], "code": slips[0][1]}
    asked = client.post("/read/", first)
    assert asked.status_code == 200 and "第0问" in text(asked) and "停车，不收费" not in text(asked)
    missing = client.post("/read/", first | RIGHT | {"answer": "1", "q2": ""})
    assert missing.status_code == 422 and "不知道的选" in text(missing)
    told = text(client.post("/read/", first | RIGHT | {"answer": "1"}))
    assert "谢谢您" in told and told.count("停车，不收费") == 3 and page in told
    used = client.post("/read/", first | WRONG | {"answer": "1"})
    strange = client.post("/read/", {"number": "K999999", "code": "22222222"})
    wrong = client.post("/read/", {"number": slips[1][0], "code": "22222222"})
    assert [one.status_code for one in (used, strange, wrong)] == [422] * 3
    assert all(reading.WRONG in text(one) for one in (used, strange, wrong)), "the same words"
    assert ReadCheck.objects.get(pk=check.pk).answered == 1

    entered = clerk.post("/desk/read/enter", {"number": slips[1][0], "code": slips[1][1]} | RIGHT)
    assert entered.status_code == 302
    again = clerk.post("/desk/read/enter", {"number": slips[1][0], "code": slips[1][1]} | RIGHT)
    assert again.status_code == 422 and reading.WRONG in text(again)
    outside = clerk.post("/desk/read/enter", {"number": slips[2][0], "code": slips[2][1]} | RIGHT | {"q1": "3"})
    assert outside.status_code == 422, "there is no fourth answer"
    assert client.get("/desk/read/enter").status_code == 302
    assert not list(check_reading(town))


def test_a_number_from_five_on_and_a_task_where_it_was_not_understood(town, client):
    edition = acts.published(town)
    page = f"/info/{edition.document.index_number}"
    check = approved(edition)
    slips = slips_of(check, 9)
    for slip in slips[:4]:
        client.post("/read/", slip | WRONG | {"answer": "1"})
    for told in (client.get(page), at_the_desk(EDITOR).get(f"/desk/read/{check.pk}")):
        assert "%" not in re.sub(r"<head>.*</head>", "", text(told), flags=re.S).replace("100%", "")
    assert "还不够五个人" in text(client.get(page)) and '"people"' not in text(client.get("/board/scores.json"))
    client.post("/read/", slips[4] | RIGHT | {"answer": "1"})
    check = ReadCheck.objects.select_related("duty").get()
    # Three of fifteen answers.
    assert '答对 <span class="strong nums late">20%</span>' in text(client.get(page))
    assert "要改写" in text(client.get(page)) and "5 个人答题" in text(client.get("/board/scores/"))
    assert check.duty.name.startswith("改写：") and check.duty.owner == check.owner
    assert "改写：" in text(client.get(f"/board/{check.duty.code}"))
    row = client.get("/board/scores.json").json()["inputs"]["read"][0]
    assert (row["people"], row["asked"], row["right"]) == (5, 15, 3)
    client.post("/read/", slips[5] | RIGHT | {"answer": "1"})
    assert client.get("/board/scores.json").json()["inputs"]["read"][0]["people"] == 5, "one more is not told alone"

    # What is kept of an answer: that the slip is used. No event says what was chosen, or which slip it was.
    assert set(ReadSlip.objects.values()[0]) == {"id", "check_of_id", "serial", "code_hash", "used"}
    for event in Event.objects.filter(type=reading.ANSWERED):
        assert set(event.data) == {"number", "people"} and event.actor == "applicant"

    acts.corrected(edition, acts.content(body="<p>赶集日停车一律不收费。</p>"))
    late = client.post("/read/", slips[6] | RIGHT | {"answer": "1"})
    assert late.status_code == 422 and reading.ENDED in text(late)
    assert "看得懂吗" not in text(client.get(page)) and "5 个人答题" not in text(client.get("/board/scores/"))
    assert "20%" in text(client.get(f"/info/e/1/{edition.document.index_number}")), "the old edition keeps its number"
    assert not list(check_reading(town))


def test_verify_names_what_was_changed(town):
    check = approved(acts.published(town))
    for slip in slips_of(check, 6):
        reading.answer(town=town, choices=(1, 0, None), **slip)
    assert not list(check_reading(town))
    changes = (
        "answered = 9", "told = 4", "told_right = '[5, 5, 5]'", "\"right\" = '[6, 6, 6]'", "duty_id = NULL",
        "questions = '[]'", "reviewed_at = NULL, answered = 0, told = 0", "number = 7",
    )  # fmt: skip
    for change in changes:
        with transaction.atomic():
            tamper("scrutiny_readcheck", change, check.pk)
            assert list(check_reading(town)), change
            transaction.set_rollback(True)
    with transaction.atomic():
        tamper("scrutiny_readslip", "used = false", check.slips.first().pk)
        assert list(check_reading(town))
        transaction.set_rollback(True)


def test_a_utility_sees_what_is_asked_of_its_own(town):
    check = approved(acts.published(town))
    power = Viewer(town, staff(POWER).pk, frozenset({"document.draft"}), frozenset({post("power-service").unit_id}))
    assert not ReadCheck.objects.visible_to(power).exists()
    own = Viewer(town, staff(POWER).pk, frozenset({"document.draft"}), frozenset({check.edition.document.unit_id}))
    assert ReadCheck.objects.visible_to(own).exists()
    assert at_the_desk(LAND).get(f"/desk/read/new?edition={check.edition_id}").status_code == 403
