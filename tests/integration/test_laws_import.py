"""`mingtang import laws`: repeating changes nothing, texts fill the rows the demo knows by number only."""

import json
from datetime import date

import pytest

from config import cli
from mingtang.events.models import Event
from mingtang.rulebook.laws.actions import amend_article
from mingtang.rulebook.laws.importing import import_laws
from mingtang.rulebook.laws.reading import read_law, read_laws
from mingtang.rulebook.laws.resolve import resolve
from mingtang.rulebook.models import Article, Law

pytestmark = pytest.mark.django_db
OLD = {"id": "x-1", "title": "甲办法", "level": "行政法规", "effective_date": "2005-05-01", "body": "第一条 甲。"}


def run(*records, town=None):
    lines = []
    counts = import_laws(
        [read_law(record, f"f:{n}") for n, record in enumerate(records, 1)], town=town, report=lines.append
    )
    json.dumps(lines)
    return counts.as_dict(), lines


def only(**found):
    return {"created": 0, "unchanged": 0, "updated": 0, "refused": 0} | found


@pytest.mark.shared
def test_the_real_collection_comes_in_once_and_fills_what_the_demo_cites(town, shared):
    path = shared / "data/laws_corpus/laws_sample.jsonl.xz"
    first = import_laws(read_laws(path), report=lambda line: None).as_dict()
    assert first == only(created=343, updated=2, refused=4), "three court cases and one law twice"
    assert resolve("森林法", "第57条", date(2026, 1, 1), town).found[0].article.text
    events, articles = Event.objects.count(), Article.objects.count()
    assert import_laws(read_laws(path), report=lambda line: None).as_dict() == only(unchanged=345, refused=4)
    assert (Event.objects.count(), Article.objects.count()) == (events, articles)


def test_a_later_version_ends_the_one_before_it_whichever_comes_first(town):
    newer = {**OLD, "id": "x-2", "effective_date": "2022-05-01", "body": "第一条 乙。"}
    assert run(newer, OLD)[0] == only(created=2)
    old = Law.objects.get(effective_on=date(2005, 5, 1))
    assert old.abolished_on == date(2022, 5, 1) and old.replaced_by.effective_on == date(2022, 5, 1)
    assert run(OLD, newer)[0] == only(unchanged=2)


def test_the_end_a_source_states_is_recorded_once(town):
    assert run(OLD)[0] == only(created=1)
    newer = {**OLD, "id": "x-2", "title": "乙条例", "effective_date": "2022-05-01"}
    ended = {**OLD, "abolished_on": "2022-05-01", "replaced_by": "《乙条例》", "abolish_reason": "乙条例第四十条"}
    assert run(newer, ended)[0] == only(created=1, updated=1)
    assert "被《乙条例》替代" in resolve("甲办法", "第一条", date(2023, 1, 1), town).why
    assert run(newer, ended)[0] == only(unchanged=2)


def test_a_corrected_text_corrects_ours_and_keeps_what_was_amended_here(town):
    run(OLD)
    assert run({**OLD, "body": "第一条 甲甲。\n第二条 乙。"})[0] == only(updated=1)
    law = Law.objects.get(source_id="x-1")
    amend_article(law=law, article="第二条", text="改。", on=date(2015, 1, 1))
    assert run({**OLD, "body": "第一条 甲甲。\n第二条 乙。"})[0] == only(unchanged=1)
    counts, lines = run(OLD)
    assert counts == only(refused=1) and "逐条登记" in lines[0]["reasons"][0]


def test_a_town_takes_in_its_own_papers_and_no_law(town):
    own = {**OLD, "level": "规范性文件", "title": "本镇办法"}
    assert run(own, OLD, town=town)[0] == only(created=1, refused=1)
    assert Law.objects.get(title="本镇办法").town == town
    assert run(own, town=town)[0] == only(unchanged=1)


def test_the_command_ends_with_one_line_of_counts_and_writes_its_report(town, tmp_path, capsys):
    path, report = tmp_path / "laws.jsonl", tmp_path / "report.jsonl"
    rows = [OLD, {**OLD, "id": "x-3", "title": "无日期办法", "effective_date": None}, {**OLD, "level": "案例"}]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    assert cli.main(["import", "laws", str(path), "--report", str(report)]) == 0
    assert json.loads(capsys.readouterr().out.strip().splitlines()[-1]) == only(created=1, refused=2)
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [line["result"] for line in lines] == ["created", "refused", "refused"]
    assert "施行日期" in lines[1]["reasons"][0]
    assert cli.main(["import", "laws", str(tmp_path / "none.jsonl")]) == 2
