"""Someone with the database's password changes one row: `mingtang verify` names it."""

import json

import pytest
from django.db import connection

from config import verify as command
from mingtang.cases import actions as cases
from mingtang.cases.models import CaseDocument
from mingtang.events.follow import settle
from mingtang.events.models import Event, Payload
from mingtang.ledger.verifying import verify_log
from tests.factories import acts

pytestmark = pytest.mark.django_db


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
        for trigger in ("no_update", "no_delete", "frozen"):
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
