"""Someone with the database's password changes one row: `mingtang verify` names it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config import verify as command
from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received
from mingtang.cases.models import Case, CaseDocument
from mingtang.disclosure import actions as documents
from mingtang.disclosure import taking_in
from mingtang.events import vault
from mingtang.events.follow import settle
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event, Payload
from mingtang.ledger.verifying import verify_log
from mingtang.lib.canonical import canonical_json
from mingtang.rulebook import actions as rulebook
from tests.factories import acts, rules
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-16 09:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def busy(town):
    """A town in which a document was published and a case decided and served."""
    edition, case = acts.published(town), acts.decided(town, "JF-001")
    cases.serve(case=case, mode="direct", receiver="文小满（演示）", by=acts.clerk_of("JF-001"))
    settle()
    report = verify_log(town)
    assert report.ok, [str(finding) for finding in report.findings]
    return edition, case


def tamper(table: str, change: str, row: int) -> None:
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for trigger in ("no_update", "no_delete", "frozen", "barred_insert", "barred_update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{trigger}{on}")
        cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [row])


def said(town) -> list[str]:
    return [str(finding) for finding in verify_log(town).findings]


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "actor = 'staff:999'",
        "recorded_at = '2030-01-01 00:00:00+00'",
        "happened_at = '2018-01-01 00:00:00+00'",
        "subject = 'item:X'",
    ],
)
def test_a_changed_event_is_named(town, busy, change):
    event = Event.objects.get(type="case.decided")
    tamper("events_event", change, event.pk)
    assert any(f"表 events_event 第{event.pk}行" in sentence for sentence in said(town))


@pytest.mark.parametrize("change", ["title = 'x'", "body_html = 'x'"])
def test_a_changed_text_is_named(town, busy, change):
    revision = busy[0].revision
    tamper("disclosure_revision", change, revision.pk)
    assert any(f"表 disclosure_revision 第{revision.pk}行" in sentence for sentence in said(town))


def test_the_metadata_above_a_text_are_part_of_it(town, busy):
    edition = busy[0]
    tamper("disclosure_document", "generated_on = '2018-01-01'", edition.document_id)
    assert any(f"表 disclosure_revision 第{edition.revision_id}行" in sentence for sentence in said(town))


def test_a_text_put_in_anothers_place_is_named(town, busy):
    edition, other = busy[0], acts.published(town)
    settle()
    tamper("disclosure_edition", f"revision_id = {other.revision_id}", edition.pk)
    assert any(f"表 disclosure_edition 第{edition.pk}行" in sentence for sentence in said(town))


@pytest.mark.parametrize(("name", "value"), [("promised_days", 60), ("materials", []), ("silence_rule", "none")])
def test_a_changed_item_version_is_named(town, busy, name, value):
    version = acts.in_force(town, "JF-001")
    data = json.dumps({**version.data, name: value}, ensure_ascii=False).replace("'", "''").replace("%", "%%")
    tamper("rulebook_version", f"data = '{data}'", version.pk)
    assert any(f"表 rulebook_version 第{version.pk}行" in sentence for sentence in said(town))


def test_a_changed_flow_is_named(town, busy):
    version = acts.in_force(town, "JF-001")
    other = bytes(acts.in_force(town, "LM-001").bpmn).hex()
    tamper("rulebook_version", f"bpmn = {_blob(other)}", version.pk)
    assert any(f"表 rulebook_version 第{version.pk}行" in sentence and "流程" in sentence for sentence in said(town))


YEARS_AGO = "'2018-01-01 00:00:00+00'"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("outcome = 'refused'", "结果"),
        ("state = 'accepted'", "状态"),
        (f"decided_at = {YEARS_AGO}", "决定时间"),
        (f"accepted_at = {YEARS_AGO}", "受理时间"),
        (f"submitted_at = {YEARS_AGO}, contact_at = {YEARS_AGO}", "首次接触、收件时间"),
        (f"contact_at = {YEARS_AGO}", "首次接触"),
        (f"ended_at = {YEARS_AGO}", "办结时间"),
        ("serve_mode = 'post'", "送达方式"),
        ("accepted_by_silence = TRUE", "逾期视为受理"),
        ("decided_by_id = (SELECT min(id) FROM people_staff)", "决定人"),
    ],
)
def test_a_changed_case_is_named(town, busy, change, named):
    tamper("cases_case", change, busy[1].pk)
    assert f"表 cases_case 第{busy[1].pk}行：办件 {busy[1].number} 的{named}和事件里记的不一样。" in said(town)


def test_changed_answers_of_a_case_are_named(town, busy):
    """Gone, unreadable, or those of another case: the receipt tells."""
    case = busy[1]
    other = acts.apply(town, "JF-001", answers={"project": "rebuild", "land": "farmland"}).case
    swapped = _blob(vault.seal(case.key, canonical_json(other.answers)).hex())
    settle()
    for change in ("answers_sealed = NULL", f"answers_sealed = {_blob('00' * 40)}", f"answers_sealed = {swapped}"):
        tamper("cases_case", change, case.pk)
        assert f"表 cases_case 第{case.pk}行：办件 {case.number} 的情形回答和收件凭证上的不一样。" in said(town)


def test_every_way_a_case_goes_is_what_its_events_say(clock, town):
    """Supplement, silence, refusal of acceptance, redo, withdrawal, late entry: an honest town has no findings."""
    clerk, decider = acts.clerk_of("LM-001"), acts.decider_of("LM-001")
    lacking = acts.apply(town, "LM-001", seen={"id"}, contact_at=timezone.now() - timedelta(days=2)).case
    cases.request_supplement(case=lacking, demands={"right": "请补林权证", "plan": "请补说明"}, by=clerk)
    supplied, withdrawn = acts.apply(town, "LM-001", seen={"id"}).case, acts.apply(town, "LM-001").case
    cases.request_supplement(case=supplied, demands={"right": "请补林权证", "plan": "请补说明"}, by=clerk)
    cases.withdraw(case=withdrawn)
    returned = acts.worked(town, "LM-001")
    cases.return_for_redo(case=returned, reason="请再核对一次面积。", by=decider)
    late = acts.decided(town, "JF-001", "refused", "不符合规划。")
    clock.shift(timedelta(days=2))
    cases.supply_complete(case=lacking)
    cases.not_accept(case=lacking, reasons="材料没有补齐。", by=decider)
    cases.supply(case=supplied, received=Received(seen=frozenset({"right", "plan"})))
    at = timezone.now() - timedelta(days=1)
    cases.serve(case=late, mode="direct", receiver="文小满", by=acts.clerk_of("JF-001"), happened_at=at)
    clock.shift(timedelta(days=20))
    cases.accept_by_silence(case=supplied)
    settle()
    states = set(Case.objects.filter(town=town).values_list("state", flat=True))
    assert states == {"not_accepted", "withdrawn", "accepted", "closed"}
    assert said(town) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (f"published_at = {YEARS_AGO}", "公开时间"),
        (f"reviewed_at = {YEARS_AGO}", "审查时间"),
        ("state = 'superseded'", "状态"),
        ("signer_id = (SELECT max(id) FROM people_staff)", "签发人"),
        (f"source_published_at = {YEARS_AGO}", "来源所称公开时间"),
    ],
)
def test_a_changed_edition_is_named(town, busy, change, named):
    tamper("disclosure_edition", change, busy[0].pk)
    number = busy[0].document.index_number
    assert f"表 disclosure_edition 第{busy[0].pk}行：{number} 第1版的{named}和事件里记的不一样。" in said(town)


@pytest.mark.parametrize("column", ["published_at", "listed_at"])
def test_a_changed_day_of_first_publication_is_named(town, busy, column):
    tamper("disclosure_document", f"{column} = {YEARS_AGO}", busy[0].document_id)
    assert any(f"表 disclosure_document 第{busy[0].document_id}行" in sentence for sentence in said(town))


def test_the_words_that_are_searched_are_those_of_the_text(town, busy):
    tamper("disclosure_revision", "body_text = 'x'", busy[0].revision_id)
    assert any(f"表 disclosure_revision 第{busy[0].revision_id}行" in sentence for sentence in said(town))


def test_every_way_an_edition_goes_is_what_its_events_say(town):
    """Return, correction, withdrawal, adoption: an honest town has no findings."""
    edition = acts.published(town)
    renewed = documents.new_edition(
        document=edition.document, content=acts.content(body="<p>改过。</p>"), by=staff(EDITOR), note="更正"
    )
    documents.submit(edition=renewed, by=staff(EDITOR))
    acts.passed(renewed, staff(REVIEWER))
    documents.return_to_draft(edition=renewed, by=staff(SIGNER), reason="再改一处。")
    documents.submit(edition=renewed, by=staff(EDITOR))
    acts.passed(renewed, staff(REVIEWER))
    documents.sign(edition=renewed, by=staff(SIGNER))
    documents.publish(edition=renewed, by=staff(SIGNER))
    documents.withdraw(edition=renewed, by=staff(SIGNER), ground="wrong", reason="数字有误。")
    imported = taking_in.draft_imported(town=town, metadata=acts.metadata(town), content=acts.content(), by=CONSOLE)
    taking_in.adopt_historical(edition=imported, by=CONSOLE, source_published_at=timezone.now() - timedelta(days=900))
    settle()
    assert said(town) == []


@pytest.mark.parametrize("change", [f"in_force_at = {YEARS_AGO}", "state = 'superseded'"])
def test_a_version_that_would_have_held_otherwise_is_named(town, busy, change):
    version = acts.in_force(town, "JF-001")
    tamper("rulebook_version", change, version.pk)
    assert any(f"表 rulebook_version 第{version.pk}行" in sentence for sentence in said(town))


def test_every_way_a_version_goes_is_what_its_events_say(town):
    """A new version, a stop, its end, an item that is ended: an honest town has no findings."""
    version, other = acts.in_force(town, "JF-001"), acts.in_force(town, "LM-001")
    rules.in_force(rules.drafted(town, "JF-001", summary="改过的说明。"))
    rulebook.suspend(version=other, reason="系统升级。", by=staff(SIGNER))
    rulebook.resume(version=other, by=staff(SIGNER))
    rulebook.suspend(version=acts.in_force(town, "LN-001"), reason="系统升级。", by=staff(SIGNER))
    minutes = {"minutes_number": "万政公组纪〔2026〕9号", "decided_on": timezone.localdate()}
    rulebook.cancel(version=acts.in_force(town, "JZ-001"), reason="上级收回。", by=staff(SIGNER), **minutes)
    settle()
    states = set(version.item.versions.model.objects.filter(item__town=town).values_list("state", flat=True))
    assert states == {"in_force", "superseded", "suspended", "cancelled"}
    assert said(town) == []


def test_what_no_code_of_ours_could_have_written_is_named_and_hides_nothing(town, busy):
    """Events without the facts their rows rest on: these rows are named, and the other's forged title too."""
    other = acts.published(town)
    settle()
    tamper("disclosure_revision", "title = 'x'", other.revision_id)
    for event in Event.objects.filter(type="document.published", subject=busy[0].document.subject):
        tamper("events_event", "data = '{}'", event.pk)
    tamper("events_event", "data = '{}'", Event.objects.get(type="case.decided").pk)
    sentences, broken = said(town), "数据不成样子，读不出来。"
    assert f"政府信息 {busy[0].document.subject}：{broken}" in sentences
    assert f"表 disclosure_document 第{busy[0].document_id}行：{broken}" in sentences
    assert f"表 cases_case 第{busy[1].pk}行：{broken}" in sentences
    assert any(f"表 disclosure_revision 第{other.revision_id}行" in sentence for sentence in sentences)


def _blob(text: str) -> str:
    return f"X'{text}'" if connection.vendor == "sqlite" else f"'\\x{text}'::bytea"


@pytest.mark.parametrize("kind", ["receipt", "acceptance", "grant", "service_record"])
def test_a_changed_paper_is_named(town, busy, kind):
    paper = CaseDocument.objects.select_related("case__key").get(kind=kind)
    forged = paper.case.seal({**paper.data, "applicant": "别人"}).hex()
    tamper("cases_casedocument", f"sealed = {_blob(forged)}", paper.pk)
    assert any(f"表 cases_casedocument 第{paper.pk}行" in sentence for sentence in said(town))


def test_a_forged_payload_is_named(town, busy):
    event = Event.objects.get(type="case.submitted")
    payload = Payload.objects.select_related("key").get(event=event)
    forged = busy[1].seal({"name": "别人"})
    Payload.objects.filter(pk=payload.pk).update(sealed=forged)
    assert any(str(event.pk) in sentence for sentence in said(town))


def test_the_command_prints_the_row_and_fails(town, busy, capsys):
    revision = busy[0].revision
    tamper("disclosure_revision", "title = 'x'", revision.pk)
    assert command.main(["--town", town.code]) == 1
    assert f"disclosure_revision 第{revision.pk}行" in capsys.readouterr().out
