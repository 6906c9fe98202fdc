"""A plan becomes duties: each sentence is a task, stands for a column, or is none; the page keeps count."""

import json
from datetime import date

import pytest

from config import cli
from mingtang.disclosure import actions as documents
from mingtang.disclosure.actions import Content
from mingtang.disclosure.enums import Theme
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.models import Document
from mingtang.disclosure.reading import read_path
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.oversight import planning
from mingtang.oversight.models import Duty, Sentence, Slot
from mingtang.oversight.proved import check_duties, check_sentences, check_slots
from mingtang.oversight.sweep import sweep
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.factories.duties import on, open_catalogue, post

pytestmark = pytest.mark.django_db
BODY = (
    "<p>一、要做的事</p><p>党政办要每季度检查一次公开栏。加强公开很有意义。</p>"
    "<p>内部，重点公开人员录用、调动、任免等。年底前编成册子。</p>"
)


@pytest.fixture
def plan(town):
    open_catalogue(town)
    with on(2026, 8, 3):
        author = staff(EDITOR)
        edition = documents.draft(
            town=town,
            metadata=acts.metadata(town, generated_on=date(2026, 8, 3), theme=Theme.PLAN),
            content=Content(title="2026年公开计划", body_html=BODY),
            by=author,
            columns=[],
        )
        documents.submit(edition=edition, by=author)
        acts.passed(edition, staff(REVIEWER))
        documents.sign(edition=edition, by=staff(SIGNER))
        documents.publish(edition=edition, by=staff(SIGNER))
    return Document.objects.select_related("town", "current__revision").get(pk=edition.document_id)


def faults(town) -> list[str]:
    return [finding.what for check in (check_duties, check_slots, check_sentences) for finding in check(town)]


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_page_shows_every_sentence_and_what_is_decided(plan, client):
    path = f"/desk/duties/plans/{plan.pk}"
    with on(2026, 8, 3):
        login(client, EDITOR)
        assert client.get(path).status_code == 403
        login(client, SIGNER)
        assert "2026年公开计划" in read(client, "/desk/duties/plans/")
        html = read(client, path)
        assert "共 6 件：0 件立了任务，0 件不是任务，还有 6 件要您定" in html
        assert "3 件已经有公开栏目" in html and "加强公开很有意义" in html and "一、要做的事" in html
        # Three things of the list have columns: they are the columns' duties, not new ones.
        before = Duty.objects.count()
        assert client.post(f"{path}/acts/link").status_code == 302
        assert Duty.objects.count() == before and Sentence.objects.count() == 3
        assert set(Sentence.objects.values_list("duty__code", flat=True)) == {
            "column-key-i1", "column-key-i2", "column-key-i3",
        }  # fmt: skip
        empty = client.post(f"{path}/acts/none", {})
        assert empty.status_code == 422 and "请勾选" in empty.content.decode()
        assert client.post(f"{path}/acts/none", {"anchors": ["2.2"]}).status_code == 302
        assert client.post(f"{path}/acts/none", {"anchors": ["2.2"]}).status_code == 422
        assert client.post(f"{path}/acts/none", {"anchors": ["99.1"]}).status_code == 422
        assert "还有 2 件要您定" in read(client, path)
        assert client.post(f"{path}/acts/open", {"anchor": "2.2"}).status_code == 302
        assert "还有 3 件要您定" in read(client, path)
        assert client.post(f"{path}/acts/nonesuch").status_code == 404
    assert faults(plan.town) == []


def test_a_task_begins_with_what_the_sentence_says_and_is_owed_from_today(plan, client):
    path = f"/desk/duties/plans/{plan.pk}"
    with on(2026, 8, 3):
        login(client, SIGNER)
        html = read(client, f"{path}/2.1")
        assert f'value="{post("office-head").pk}" selected' in html and 'value="quarter" selected' in html
        assert "一，第2段第1句" in html and "党政办要每季度检查一次公开栏" in html
        typed = {"name": "检查公开栏", "owner": post("office-head").pk, "trigger": "", "days": ""}
        bad = client.post(f"{path}/2.1", typed)
        assert bad.status_code == 422 and "请选择周期" in bad.content.decode()
        assert client.post(f"{path}/2.1", typed | {"trigger": "quarter"}).status_code == 302
        assert client.post(f"{path}/2.1", typed | {"trigger": "quarter"}).status_code == 422
        made = Duty.objects.get(source="plan")
        assert (made.plan, made.clause, made.basis) == (plan, "一，第2段第1句", "《2026年公开计划》")
        sweep(town=plan.town)
        assert Slot.objects.get(duty=made).due_on == date(2026, 9, 30)
        public = read(client, f"/board/{made.code}")
        assert "《2026年公开计划》" in public and f"/info/{plan.index_number}" in public
        # The one with a day of its own begins with it.
        assert 'value="2026-12-31"' in read(client, f"{path}/3.2")
        assert client.get(f"{path}/99.1").status_code == 404
    assert faults(plan.town) == []


def test_the_command_lists_every_sentence_and_counts(plan, capsys):
    assert cli.main(["tasks", plan.index_number]) == 0
    said = capsys.readouterr().out.strip().splitlines()
    assert said[0].split("\t")[:2] == ["2.1", "task"] and len(said) == 7
    assert json.loads(said[-1]) == {"decided": 0, "column": 3, "task": 2, "topic": 0, "open": 1}
    assert cli.main(["tasks", "nonesuch"]) == 2
    assert "没有索引号" in capsys.readouterr().err


def test_a_new_edition_keeps_what_was_decided_of_the_sentences_it_keeps(plan):
    with on(2026, 8, 3):
        planning.not_tasks(document=plan, anchors=["2.2"], by=staff(SIGNER))
        planning.link_columns(document=plan, by=staff(SIGNER))
        body = BODY.replace("<p>一、", "<p>说明。</p><p>一、").replace("编成册子", "编成两本册子")
        edition = documents.new_edition(
            document=plan, content=Content(title="2026年公开计划", body_html=body), by=staff(EDITOR), note="改了一句。"
        )
        documents.submit(edition=edition, by=staff(EDITOR))
        acts.passed(edition, staff(REVIEWER))
        documents.sign(edition=edition, by=staff(SIGNER))
        documents.publish(edition=edition, by=staff(SIGNER))
        renewed = Document.objects.select_related("town", "current__revision").get(pk=plan.pk)
        open_ones = [line.found.anchor for line in planning.lines(renewed)[0] if line.decided is None]
        assert open_ones == ["1.1", "3.1", "4.2"]
        planning.look_again(document=renewed, anchor="3.2", by=staff(SIGNER))
    assert faults(plan.town) == []


def test_verify_names_a_sentence_whose_verdict_was_changed(plan):
    with on(2026, 8, 3):
        planning.not_tasks(document=plan, anchors=["2.2"], by=staff(SIGNER))
        with pytest.raises(Refused, match="没有说过"):
            planning.look_again(document=plan, anchor="2.1", by=staff(SIGNER))
    Sentence.objects.all().delete()
    assert faults(plan.town) == ["日志里这句话有结论，表里没有"]


@pytest.mark.shared
def test_the_towns_plan_loads_and_its_key_topics_are_the_columns(town, shared, client):
    open_catalogue(town)
    import_readings(town, read_path(shared / "data/plan"), publish=True, by=CONSOLE, report=lambda line: None)
    document = Document.objects.select_related("town", "current__revision").get()
    assert planning.year_of(document) == 2018
    with on(2026, 8, 3):
        assert planning.link_columns(document=document, by=staff(SIGNER)) == 28
        linked = Sentence.objects.values_list("duty__column__code", flat=True)
        assert sorted(linked) == sorted(
            [f"key-{part}{number}" for part, most in (("e", 8), ("s", 11), ("i", 9)) for number in range(1, most + 1)]
        )
        login(client, SIGNER)
        html = read(client, f"/desk/duties/plans/{document.pk}")
        assert "共 90 件：28 件立了任务，0 件不是任务，还有 62 件要您定" in html
        # A day of 2018 that has passed is not proposed.
        anchor = next(line.found.anchor for line in planning.lines(document)[0] if "归纳整理成册" in line.found.text)
        assert 'name="due_on" value="2018' not in read(client, f"/desk/duties/plans/{document.pk}/{anchor}")
    assert faults(town) == []
