"""Documents of real sources into the catalogue: fields, pages, repetition, changes, and what is kept back."""

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import ready
from mingtang.disclosure import actions, importing
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import EditionState, Provenance, Scope
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.reading import Reading, read_path, read_record
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.ledger.verifying import verify_log
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import id_check_character
from mingtang.people.models import Unit
from mingtang.search import service as search
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
PLAN = "006382329L/2018-1430766"
BODY = "一、公开的内容。\n二、公开的方式。"


def run(town, readings, *, publish=False):
    """Import, and give back the counts and the report's lines."""
    lines = []
    counts = importing.import_readings(town, readings, publish=publish, by=CONSOLE, report=lines.append)
    json.dumps(lines)
    return counts.as_dict(), lines


def record(**changes) -> Reading:
    given = {"id": "a-1", "title": "一份通知", "text": BODY, "issuer": "甲县人民政府", "published_on": "2019-05-06"}
    return read_record({key: value for key, value in (given | changes).items() if value is not None}, "x.jsonl:1")


def only(**found):
    return {"created": 0, "unchanged": 0, "updated": 0, "refused": 0} | found


@pytest.mark.shared
def test_the_plan_is_adopted_as_its_page_states_it(client, town, shared):
    counts, lines = run(town, read_path(shared / "data/plan"))
    assert counts == only(created=1)
    assert lines[0]["url"] == f"/info/{PLAN}"
    assert lines[0]["found"]["published_on"] == "2018-10-18T14:52:00+08:00"
    follow.settle()
    data = client.get(f"/info/{PLAN}.json").json()
    assert data["title"] == "万庾镇2018年政务公开工作规划"
    assert (data["issuer"], data["scope"], data["method"], data["source"]) == (
        "万庾镇",
        "全部公开",
        "政府网站",
        "万庾镇",
    )
    assert (data["generated_on"], data["published_on"]) == ("2018-10-18", "2018-10-18")
    assert data["provenance"] == "historical"
    assert data["ledger_index"] is not None and data["logged_at"]
    page = client.get(f"/info/{PLAN}").content.decode()
    assert "2018-10-18 14:52" in page and PLAN in page
    results = search.search(town.pk, "政务公开工作规划").hits
    assert results[0].url == f"/info/{PLAN}"


@pytest.mark.shared
def test_the_state_council_pages_come_in_with_their_numbers_and_dates(town, shared):
    counts, lines = run(town, read_path(shared / "data/govcn_policies"))
    assert counts == only(created=11)
    assert not [line["problems"] for line in lines if line["problems"]]
    row = Document.objects.get(index_number="000014349/2019-00006")
    assert (row.issuer, row.doc_number) == ("国务院办公厅", "国办发〔2019〕6号")
    assert (row.generated_on.isoformat(), row.theme_stated) == ("2019-01-22", "财政、金融、审计\\银行")
    assert row.current.state == EditionState.PUBLISHED
    assert not row.current.source_has_time


def test_history_is_listed_by_the_day_its_source_states(client, town):
    """What was adopted today does not push the news of this year down, nor count as of this year."""
    ours = acts.published(town)
    run(town, [record(), record(id="a-2", title="另一份通知", published_on="2018-10-18")])
    follow.settle()
    numbers = list(Document.objects.order_by("-listed_at").values_list("index_number", flat=True))
    assert numbers[0] == ours.document.index_number
    page = client.get("/info/").content.decode()
    places = [page.index(f"/info/{number}") for number in numbers]
    assert places == sorted(places)
    assert page.index("2019-05-06") < page.index("2018-10-18")
    assert "year=2019" in page and "year=2018" in page
    assert "共 1 件" in client.get("/info/?year=2018").content.decode()
    home = client.get("/").content.decode()
    assert home.index(f"/info/{numbers[0]}") < home.index(f"/info/{numbers[1]}")
    assert verify_log(town).ok


@pytest.mark.shared
def test_importing_the_same_again_changes_nothing(town, shared):
    run(town, read_path(shared / "data/govcn_policies"))
    before = Event.objects.count()
    counts, _ = run(town, read_path(shared / "data/govcn_policies"))
    assert counts == only(unchanged=11)
    assert Event.objects.count() == before


def test_a_changed_text_of_a_published_document_becomes_a_draft_edition(town):
    run(town, [record()])
    counts, _ = run(town, [record(text=BODY + "\n三、公开的时间。")])
    assert counts == only(updated=1)
    document = Document.objects.get(source_id="a-1")
    assert "公开的时间" not in document.current.revision.body_text
    draft = document.editions.get(state=EditionState.DRAFT)
    assert "公开的时间" in draft.revision.body_text
    assert run(town, [record(text=BODY + "\n三、公开的时间。")])[0] == only(unchanged=1)
    assert document.editions.count() == 2


def test_a_changed_text_goes_into_the_open_draft_unless_a_colleague_wrote_there(town):
    run(town, [record(published_on=None)])
    assert run(town, [record(published_on=None, text="改过一次。")])[0] == only(updated=1)
    edition = Edition.objects.get(document__source_id="a-1")
    assert edition.revision.body_text == "改过一次。"
    actions.revise(edition=edition, content=Content("一份通知", "<p>同事写的。</p>"), by=staff(EDITOR))
    counts, lines = run(town, [record(published_on=None, text="又改了一次。")])
    assert counts == only(refused=1)
    assert "正由同事办理" in lines[0]["reasons"][0]
    edition.refresh_from_db()
    assert edition.revision.body_text == "同事写的。"


def test_what_a_colleague_wrote_is_not_undone_by_an_unchanged_source(town):
    run(town, [record(published_on=None)])
    edition = Edition.objects.get(document__source_id="a-1")
    actions.revise(edition=edition, content=Content("一份通知", "<p>同事写的。</p>"), by=staff(EDITOR))
    assert run(town, [record()], publish=True)[0] == only(unchanged=1)
    edition.refresh_from_db()
    assert edition.state == EditionState.DRAFT


def test_without_a_date_it_stays_a_draft_until_asked_to_publish(client, town):
    assert run(town, [record(published_on=None)])[0] == only(created=1)
    document = Document.objects.get(source_id="a-1")
    assert document.current is None
    assert client.get(f"/info/{document.index_number}").status_code == 404
    counts, lines = run(town, [record(published_on=None)], publish=True)
    assert counts == only(updated=1)
    assert not [problem for problem in lines[0]["problems"] if problem["field"] == "published_on"]
    document.refresh_from_db()
    assert document.current.source_published_at is None
    assert client.get(f"/info/{document.index_number}").status_code == 200


def test_a_wrong_set_phrase_of_the_past_stands_as_it_stood_and_is_told(client, town):
    counts, lines = run(town, [record(text=f"{BODY}\n学习十九届历中全会精神。")])
    assert counts == only(created=1)
    (said,) = [row["sentence"] for row in lines[0]["problems"] if row["field"] == "body"]
    assert "“十九届历中全会”写错了" in said and "已照原样公开" in said
    assert client.get(lines[0]["url"]).status_code == 200


@pytest.mark.parametrize(
    ("leak", "word"),
    [
        ("申请人身份证号码" + (body := "43062319000101001") + id_check_character(body), "身份证"),
        ("机密★1年\n某某文件", "机密"),
        ("联系人手机13812345678", "手机"),
    ],
)
def test_the_guard_keeps_an_import_back_as_a_draft(client, town, leak, word):
    counts, lines = run(town, [record(text=f"{leak}\n{BODY}")])
    assert counts == only(refused=1)
    assert word in "".join(lines[0]["reasons"])
    document = Document.objects.get(source_id="a-1")
    assert document.current is None
    assert client.get(f"/info/{document.index_number}").status_code == 404
    assert run(town, [record(text=f"{leak}\n{BODY}")])[0] == only(refused=1)
    assert document.editions.count() == 1


def test_mending_the_source_releases_what_was_kept_back(town):
    run(town, [record(text="联系人手机13812345678")])
    assert run(town, [record()])[0] == only(updated=1)
    assert Document.objects.get(source_id="a-1").current.revision.body_text == BODY


def test_a_scope_that_is_not_public_is_kept_back(town):
    counts, lines = run(town, [record(scope="依申请公开")])
    assert counts == only(refused=1)
    assert "依申请公开" in lines[0]["reasons"][0]
    assert Document.objects.get(source_id="a-1").scope == Scope.ON_REQUEST


def test_a_date_that_has_not_come_is_kept_back(town):
    counts, lines = run(town, [record(published_on="2199-01-01")])
    assert counts == only(refused=1)
    assert "还没有到" in lines[0]["reasons"][0]


def test_bad_files_are_listed_and_the_good_ones_come_in(town, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "title": "好的", "text": "正文。"}\n{broken\n{"id": "2"}\n', "utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "c.docx").write_bytes(b"not a zip")
    counts, lines = run(town, read_path(tmp_path))
    assert counts == only(created=1, refused=4)
    refused = {line["origin"]: "".join(line["reasons"]) for line in lines if line["result"] == "refused"}
    assert set(refused) == {"a.jsonl:2", "a.jsonl:3", "b.pdf", "c.docx"}
    assert all(sentence.endswith("。") for sentence in refused.values())


def test_each_wrong_field_is_named(town):
    counts, lines = run(town, [record(generated_on="2019-02-30", index_number="a//b", issuer="甲" * 90)])
    assert counts == only(created=1)
    named = {problem["name"] for problem in lines[0]["problems"]}
    assert {"生成日期", "索引号", "发布机构"} <= named
    assert len(Document.objects.get(source_id="a-1").issuer) == 80


def test_a_document_is_known_by_number_address_or_hash(town):
    numbered = record(id=None, index_number="A/2019-1")
    addressed = record(id=None, url="https://example.org/a.html")
    bare = record(id=None)
    assert run(town, [numbered, addressed, bare])[0] == only(created=3)
    again = [
        record(id=None, index_number="A/2019-1", url="https://example.org/other.html"),
        record(id=None, url="https://example.org/a.html"),
        record(id=None),
    ]
    assert run(town, again)[0] == only(unchanged=3)


def test_an_index_number_cannot_be_given_to_a_second_document(town):
    counts, lines = run(
        town, [record(index_number="A/2019-1"), record(id="a-2", index_number="A/2019-1", text="别的。")]
    )
    assert counts == only(created=1, refused=1)
    assert "A/2019-1" in lines[1]["reasons"][0]


def test_one_document_twice_with_two_texts_is_not_swung_to_and_fro(town):
    pair = [record(), record(text="另一种说法。")]
    assert run(town, pair)[0] == only(created=1, refused=1)
    assert run(town, [record(), record(text="另一种说法。")])[0] == only(unchanged=1, refused=1)


def test_an_import_never_touches_our_own_information(town):
    edition = actions.draft(
        town=town,
        metadata=Metadata(unit=Unit.objects.get(town=town, code="news"), generated_on=None),
        content=Content("本站的信息", "<p>本站的文字。</p>"),
        by=staff(EDITOR),
    )
    number = edition.document.index_number
    counts, lines = run(town, [record(id=None, title="本站的信息", index_number=number, text="别人的文字。")])
    assert counts == only(refused=1)
    assert "本站自己的信息" in lines[0]["reasons"][0]
    assert run(town, [record(id=None, title="本站的信息", index_number=number, text="本站的文字。")])[0] == only(
        unchanged=1
    )
    edition.document.refresh_from_db()
    assert edition.document.provenance == Provenance.OWN and edition.document.current is None


def test_an_imported_draft_can_go_through_the_three_persons(town):
    run(town, [record(published_on=None, generated_on="2019-05-01")])
    edition = Edition.objects.get(document__source_id="a-1")
    actions.submit(edition=edition, by=staff(EDITOR))
    with pytest.raises(Refused):
        acts.passed(edition, staff(EDITOR))
    acts.passed(edition, staff(REVIEWER))
    actions.sign(edition=edition, by=staff(SIGNER))
    actions.publish(edition=edition, by=staff(SIGNER))
    assert run(town, [record(published_on=None, generated_on="2019-05-01")])[0] == only(unchanged=1)


def test_two_towns_may_hold_the_same_document(town, other_town):
    assert run(town, [record()])[0] == only(created=1)
    assert run(other_town, [record()])[0] == only(created=1)
    assert Document.objects.filter(source_id="a-1").count() == 2


def test_an_import_that_is_killed_goes_on_where_it_stopped(town, monkeypatch):
    monkeypatch.setattr(importing, "_MOST_TOGETHER", 2)
    three = [record(id=f"a-{number}") for number in range(3)]

    def dying():
        yield from three
        raise KeyboardInterrupt

    lines = []
    with pytest.raises(KeyboardInterrupt):
        importing.import_readings(town, dying(), publish=False, by=CONSOLE, report=lines.append)
    assert [line["result"] for line in lines] == ["created", "created"]
    assert run(town, three)[0] == only(unchanged=2, created=1)
    follow.settle()
    assert verify_log(town).ok


def test_what_one_transaction_holds_becomes_of_it_as_of_each_alone(town, monkeypatch):
    """New and known, changed and bad, brought and issued numbers: together they end as one by one."""
    year = f"{timezone.localdate().year}"

    def mixed():
        return [
            record(id="a-1", text=BODY + "\n改过。"),
            record(id="b-1"),
            record(id="b-2", index_number=f"006382329L/{year}-0000004"),
            record(id="b-3", title=None),
            record(id="b-4", text="张三的身份证号是11010519491231002X。"),
            record(id="b-5", scope="依申请公开"),
            record(id="b-6", published_on=None),
            record(id="a-2"),
            record(id="b-7", index_number=f"006382329L/{year}-0000004"),
            record(id="b-1", text="又一份。"),
            record(id="b-8"),
        ]

    ended = []
    for together in (1, 100):
        with transaction.atomic():
            run(town, [record(id="a-1"), record(id="a-2")])
            monkeypatch.setattr(importing, "_MOST_TOGETHER", together)
            _, lines = run(town, mixed())
            rows = Document.objects.order_by("source_id").values_list(
                "source_id", "provenance", "current__state", "current__revision__title", "listed_at"
            )
            ended.append(([(line["result"], line["reasons"], line["problems"]) for line in lines], list(rows)))
            transaction.set_rollback(True)
    assert ended[0] == ended[1]
    assert [result for result, *_ in ended[0][0]].count("refused") == 5


def test_more_documents_ask_the_database_no_more_often_and_the_indexing_says_how_far_it_is(town):
    follow.settle()
    asked = []
    for first, count in ((0, 4), (100, 12)):
        with CaptureQueriesContext(connection) as queries:
            run(town, [record(id=f"a-{first + number}", text=f"{BODY}\n{number}。") for number in range(count)])
        asked.append(len(queries))
    assert asked[0] == asked[1]

    told = []
    follow.settle(lambda done, of: told.append((done, of)))
    assert told == sorted(told) and told[-1][0] == told[-1][1] == 2 * 16  # taken in and adopted, each an event
    assert len(search.search(town.pk, "公开的内容", size=50).hits) == 16


def test_where_there_are_many_events_the_database_counts_its_rows(town, monkeypatch):
    run(town, [record()])
    told = []
    for many in (1, 1_000_000):
        monkeypatch.setattr(ready, "MANY", many)
        with CaptureQueriesContext(connection) as queries:
            ready.make_ready()
        told.append(sum(query["sql"] == "ANALYZE" for query in queries))
    assert told == [1, 0]


def test_the_issuer_links_to_the_unit_of_that_name(town):
    run(town, [record(issuer="万庾镇司法所"), record(id="a-2", issuer="司法所"), record(id="a-3")])
    units = dict(Document.objects.values_list("source_id", "unit__code"))
    assert units == {"a-1": "justice", "a-2": "justice", "a-3": None}


def test_a_number_with_a_wrong_check_character_is_kept_and_named(town):
    good, bad = record(id="a-1", index_number="000014349/2017-00110"), record(id="a-2", index_number="000014348/2020-1")
    counts, lines = run(town, [good, bad])
    assert counts == only(created=2)
    said = [[row["sentence"] for row in line["problems"] if row["field"] == "index_number"] for line in lines]
    assert said[0] == [] and "校验位不对" in said[1][0] and "照原样收下" in said[1][0]
    assert set(Document.objects.values_list("index_number", flat=True)) == {
        "000014349/2017-00110",
        "000014348/2020-1",
    }
