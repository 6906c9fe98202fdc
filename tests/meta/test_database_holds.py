"""What the database itself refuses, whoever asks: changed records, half-filled pairs; and what a town's rows show."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.utils import DatabaseError

from mingtang.demo.asked import build_asked
from mingtang.demo.boards import build_boards
from mingtang.demo.cases import build_cases
from mingtang.demo.documents import build_documents
from mingtang.demo.fees import build_fees
from mingtang.demo.guide import build_guide
from mingtang.demo.lists import build_lists
from mingtang.demo.money import build_money
from mingtang.demo.obstacles import build_obstacles
from mingtang.demo.penalties import build_penalties
from mingtang.demo.powers import build_powers
from mingtang.demo.reading import build_reading
from mingtang.demo.review import build_review
from mingtang.demo.study import build_study
from mingtang.demo.truth import build_truth
from mingtang.demo.utilities import build_utilities
from mingtang.demo.wanted import build_wanted
from mingtang.disclosure.models import Attachment, Revision
from mingtang.events import follow
from mingtang.events.append_only import AppendOnly, Barred, Frozen, Undeletable
from mingtang.events.models import AppendOnly as AppendOnlyQuerySet
from mingtang.files.models import StoredFile
from mingtang.people.enums import Permission
from mingtang.towns.viewer import Viewer
from tests.factories import rules, stories
from tests.factories.hall import every_kind_of_contact
from tests.factories.orders import collected

APPEND_ONLY = {
    "events_event",
    "events_sequenced",
    "ledger_log",
    "ledger_shown",
    "ledger_checkpoint",
    "disclosure_revision",
    "disclosure_attachment",
    "disclosure_review",
    "disclosure_waiver",
    "disclosure_claim",
    "disclosure_setaside",
    "cases_casedocument",
    "boards_check",
}
FROZEN = {"disclosure_edition", "disclosure_document", "rulebook_version", "rulebook_powerdecision", "cases_case"}
FROZEN |= {"money_account", "money_notice", "money_deposit", "money_refund", "money_receipt", "money_statement"}
BARRED = {"rulebook_version", "money_notice", "money_deposit", "money_refund"}
FROZEN |= {"disclosure_draw", "disclosure_expert", "cases_payout", "disclosure_derivedlist", "disclosure_derivedrow"}
FROZEN |= {"hall_contact", "voices_obstacle", "agents_order", "agents_original", "agents_handover"}
UNDELETABLE = {"hall_contact", "hall_errand", "hall_owner", "hall_ticketday", "hall_emptywindow", "hall_padvoid"}
UNDELETABLE |= {"agents_order", "agents_original", "agents_handover", "agents_consent"}
UNDELETABLE |= {"money_account", "money_notice", "money_statement", "money_deposit", "money_receipt", "money_refund"}
UNDELETABLE |= {"voices_obstacle", "disclosure_derivedlist", "disclosure_derivedrow", "disclosure_posting"}
FROZEN |= {"disclosure_comment", "disclosure_listentry", "disclosure_guideedition"}
UNDELETABLE |= {"cases_payout", "disclosure_draw", "disclosure_expert"}
FROZEN |= {"disclosure_penalty"}
UNDELETABLE |= {"disclosure_penalty"}
UNDELETABLE |= {"disclosure_comment", "disclosure_listentry"}
UNDELETABLE |= {"disclosure_approver", "disclosure_approvallink"}
FROZEN |= {"disclosure_approver", "disclosure_approvallink"}
BARRED |= {"disclosure_waiver", "rulebook_waiver"}
FROZEN |= {"rulebook_waiver"}
UNDELETABLE |= {"rulebook_waiver"}
UNDELETABLE |= {"voices_obstacle", "voices_matter", "utilities_interruption"}
UNDELETABLE |= {"boards_board", "boards_sheet", "boards_hanging"}
STUDY = {f"study_{name}" for name in ("pageedition", "outreach", "question", "session", "attendance")}
FROZEN |= STUDY
UNDELETABLE |= STUDY
APPEND_ONLY |= {"study_answer"}
SCRUTINY = {f"scrutiny_{name}" for name in ("sampleround", "sample", "asked", "readcheck", "readslip")}
FROZEN |= SCRUTINY
UNDELETABLE |= SCRUTINY
# Rows of the machinery, never shown to anybody.
NOT_SHOWN = {
    "events.Cursor": "how far a listener has followed",
    "events.PayloadKey": "keys: reached only from the row they seal",
    "accounts.LoginCode": "found by the session that asked for it",
    "subscriptions.Subscription": "found by the handle in a letter, or from the account of its address",
    "files.Upload": "found by its address in the session that began it",
    "cases.NumberSerial": "the last serial of a year",
    "cases.ApplicationDraft": "no list of the town holds drafts: each opens with its own code, or in an account",
    "cases.Archive": "reached only from its case; the town makes the number its own",
    "money.NoticeSerial": "the last serial of a year",
    "agents.OrderSerial": "the last serial of a year",
    "cases.CodeAttempts": "the back-off per number",
    "voices.ObstacleSerial": "the last serial of a year",
    "voices.MatterSerial": "the last serial of a year",
}
# Done by someone at a moment: neither without the other. (room.Model, who or what, when)
PAIRS = [
    ("cases.Case", "decided_by", "decided_at"),
    ("cases.Case", "outcome", "decided_at"),
    ("cases.CaseStep", "done_by", "done_at"),
    ("cases.CaseStep", "recorded_at", "done_at"),
    ("disclosure.Document", "current", "published_at"),
    ("disclosure.Edition", "published_event", "published_at"),
    ("disclosure.Edition", "reviewer", "reviewed_at"),
    ("disclosure.Edition", "signer", "signed_at"),
    ("disclosure.Approver", "ended_by", "ended_at"),
    ("disclosure.ApprovalLink", "revoked_by", "revoked_at"),
    ("disclosure.Comment", "resolved_by", "resolved_event"),
    ("disclosure.ListEntry", "starts_by", "starts_at"),
    ("disclosure.ListEntry", "ended_by", "ended_at"),
    ("disclosure.Edition", "withdrawn_ground", "withdrawn_at"),
    ("disclosure.Edition", "ended_reason", "ended_at"),
    ("events.PayloadKey", "wrapped", "destroyed_at"),
    *(
        ("rulebook.Version", f"{act}_by", f"{act}_at")
        for act in ("proposed", "basis", "reviewed", "decided", "head", "office", "announced")
    ),
    ("rulebook.Version", "announced_event", "announced_at"),
    ("rulebook.Version", "refused_event", "refused_at"),
    ("rulebook.Version", "suspended_event", "suspended_at"),
    ("rulebook.Version", "cancelled_event", "cancelled_at"),
    ("rulebook.SlipDuty", "closed_event", "closed_at"),
    ("rulebook.Wanted", "answered_by", "answered_at"),
    ("rulebook.Waiver", "settled_by", "settled_at"),
    ("rulebook.Waiver", "settled_event", "settled_at"),
    ("rulebook.Version", "published_event", "in_force_at"),
    ("rulebook.Campaign", "closed_by", "closed_at"),
    ("rulebook.PowerDecision", "reviewed_by", "reviewed_at"),
    ("rulebook.PowerDecision", "settled_by", "settled_at"),
    ("notices.Message", "ended_by", "ended_at"),
    ("hall.Errand", "ended_by", "ended_at"),
    ("hall.EmptyWindow", "answered_by", "answered_at"),
    ("hall.Milestone", "unit_signed_by", "unit_signed_at"),
    ("money.Notice", "ended_by", "ended_at"),
    ("money.Deposit", "matched_by", "matched_at"),
    ("money.Deposit", "matched_reason", "matched_at"),
    ("money.Refund", "decided_by", "decided_at"),
    ("money.Refund", "done_by", "done_at"),
    ("money.Notice", "ended_reason", "ended_at"),
    ("hall.Milestone", "centre_signed_by", "centre_signed_at"),
    ("oversight.Takeover", "settled_by", "settled_at"),
    ("disclosure.Restatement", "settled_by", "settled_at"),
    ("utilities.Interruption", "checked_by", "checked_at"),
    ("boards.Hanging", "down_by", "down_at"),
    ("study.Question", "retired_reason", "retired_at"),
    ("voices.Matter", "answered_by", "answered_at"),
    ("voices.Matter", "ruled_by", "ruled_at"),
    ("voices.Matter", "checked_by", "checked_at"),
    ("voices.Obstacle", "ended_by", "ended_at"),
    ("voices.Obstacle", "ended_event", "ended_at"),
    ("agents.Handover", "accepted_by", "accepted_at"),
    ("cases.Pledge", "verified_by", "verified_at"),
    ("disclosure.DerivedList", "checked_by", "checked_at"),
    ("cases.Payout", "voided_by", "voided_at"),
    ("cases.Payout", "voided_reason", "voided_at"),
    ("disclosure.DerivedList", "shown_by", "shown_at"),
    ("disclosure.Penalty", "confirmed_by", "confirmed_at"),
    ("disclosure.Penalty", "ended_by", "ended_at"),
    ("disclosure.Penalty", "ended_reason", "ended_at"),
    ("scrutiny.Sample", "replied_by", "replied_at"),
    ("scrutiny.Sample", "shown_by", "shown_at"),
    ("cases.Pledge", "true", "verified_at"),
]


def _ours():
    return [model for model in apps.get_models() if model.__module__.startswith("mingtang.")]


def _operations(kind):
    loader = MigrationLoader(None)
    return [
        operation
        for _, migration in sorted(loader.disk_migrations.items())
        for operation in migration.operations
        if isinstance(operation, kind)
    ]


def _models_by_table():
    return {model._meta.db_table: model for model in _ours()}


@pytest.fixture
def full_town(town):
    build_powers(town)
    build_fees(town)
    build_documents(town)
    build_review(town)
    build_cases(town)
    build_money(town)
    build_obstacles(town)
    build_penalties(town)
    build_lists(town)
    build_utilities(town)
    build_boards(town)
    build_truth(town)
    build_wanted(town)
    build_asked(town)
    build_reading(town)
    build_guide(town)
    build_study(town)
    stories.with_one_aside(town)
    rules.waived(rules.drafted(town, "LN-001", place="值班手机13812345678，夜里也有人接。"))
    every_kind_of_contact(town)
    collected(town)
    if not Attachment.objects.exists():
        file = StoredFile.objects.create(
            town=town, sha256="0" * 64, size=1, kind="pdf", media_type="application/pdf", name="a.pdf",
            purpose="attachment", created_at=datetime.fromisoformat("2026-01-01T00:00:00+08:00"),
        )  # fmt: skip
        Attachment.objects.create(revision=Revision.objects.first(), file=file, name="附件", order=1)
    follow.settle()
    return town


def _refused(sql: str, parameters: tuple = ()) -> str:
    """The database's own words; empty when it let the statement pass."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.pure
def test_the_frozen_tables_are_the_ones_declared():
    assert {operation.table for operation in _operations(AppendOnly)} == APPEND_ONLY
    assert {operation.table for operation in _operations(Frozen)} == FROZEN
    assert {operation.table for operation in _operations(Barred)} == BARRED
    assert {operation.table for operation in _operations(Undeletable)} == UNDELETABLE
    for model in _ours():
        if isinstance(model._default_manager.all(), AppendOnlyQuerySet):
            assert model._meta.db_table in APPEND_ONLY, f"{model._meta.label} says append-only, the database does not"


def test_a_row_that_stands_is_not_deleted_and_of_some_tables_not_changed(full_town):
    for table in sorted(APPEND_ONLY | UNDELETABLE):
        model = _models_by_table()[table]
        assert model._base_manager.exists(), f"{table} has no row to try"
        assert "append-only" in _refused(f"DELETE FROM {table}"), table
    if connection.vendor == "postgresql":
        connection.check_constraints()  # nothing deferred may stand in the way
    for table in sorted(APPEND_ONLY):
        column = connection.ops.quote_name(_models_by_table()[table]._meta.pk.column)
        assert "append-only" in _refused(f"UPDATE {table} SET {column} = {column}"), table
        if connection.vendor == "postgresql":
            assert "append-only" in _refused(f"TRUNCATE {table} CASCADE"), table


def _another(value, field):
    """Some other value the column could hold."""
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes | memoryview):
        return bytes(value) + b"x"
    if value is None and isinstance(field, models.BinaryField):
        return b"x"
    if value is None and isinstance(field, models.CharField):
        return "x"
    if value is None and isinstance(field, models.DateTimeField):
        return datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    if value is None:
        return date(2026, 1, 1) if isinstance(field, models.DateField) else 1
    return value[:-1] + "~" if isinstance(value, str) and value else "~"


def test_a_frozen_column_is_not_changed(full_town):
    for table in sorted(FROZEN):
        _check_frozen(table)


def _check_frozen(table):
    model = _models_by_table()[table]
    by_column = {field.column: field for field in model._meta.concrete_fields}
    # The last declaration for a table holds.
    for operation in [each for each in _operations(Frozen) if each.table == table][-1:]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} WHERE {operation.when.replace('OLD.', '')}")
            keys = [key for (key,) in cursor.fetchall()]
        assert keys, f"{table} has no frozen row to try"
        row = model._base_manager.get(pk=keys[0])
        for column in operation.columns:
            field = by_column[column]
            value = field.get_db_prep_save(_another(getattr(row, field.attname), field), connection)
            name = connection.ops.quote_name(column)
            said = _refused(f"UPDATE {table} SET {name} = %s WHERE id = %s", (value, row.pk))
            assert "frozen" in said or "append-only" in said, f"{table}.{column}: {said or 'changed'}"


@pytest.mark.pure
@pytest.mark.parametrize(("label", "who", "when"), PAIRS)
def test_who_and_when_stand_together_in_a_constraint(label, who, when):
    model = apps.get_model(label)
    named = [
        {name for name, _ in _leaves(constraint.condition)}
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    assert any({who, when} <= names for names in named), f"{label}: nothing holds {who} and {when} together"


def _leaves(condition):
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _leaves(child)
        else:
            yield child[0].partition("__")[0], child[1]


@pytest.mark.pure
def test_every_pair_of_columns_that_looks_like_one_is_listed():
    """``x_by`` or ``x_event`` beside ``x_at``: a new pair needs its constraint."""
    listed = {(label, when) for label, _, when in PAIRS}
    for model in _ours():
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name in fields:
            stem, _, tail = name.rpartition("_")
            if tail in {"by", "event", "reason", "ground"} and f"{stem}_at" in fields and fields[f"{stem}_at"].null:
                assert (model._meta.label, f"{stem}_at") in listed, f"{model._meta.label}.{name}"


@pytest.mark.pure
def test_every_model_of_a_town_says_what_a_viewer_sees():
    for model in _ours():
        if any(field.name == "town" for field in model._meta.concrete_fields):
            has = hasattr(model._default_manager.all(), "visible_to")
            assert has is (model._meta.label not in NOT_SHOWN), model._meta.label


def test_the_mightiest_viewer_of_another_town_sees_no_row(full_town, other_town):
    powers = frozenset(Permission.values)
    seen_at_home = set()
    for model in _ours():
        rows = model._default_manager.all()
        if not hasattr(rows, "visible_to"):
            continue
        if rows.visible_to(Viewer(full_town, 1, powers)).exists():
            seen_at_home.add(model._meta.label)
        found = rows.visible_to(Viewer(other_town, 1, powers))
        if model._meta.label in {"workdays.CalendarDay", "rulebook.Law"}:
            found = found.exclude(town__isnull=True)  # national days and laws are everyone's
        assert not found.exists(), model._meta.label
    assert {"cases.Case", "disclosure.Document", "rulebook.Item", "people.Staff", "events.Event"} <= seen_at_home


def test_the_public_sees_no_draft_and_no_sealed_case(full_town):
    anyone = Viewer(full_town)
    for label in ("cases.Case", "disclosure.Edition", "disclosure.Document", "rulebook.Version", "rulebook.Item"):
        manager = apps.get_model(label)._default_manager
        for row in manager.all().visible_to(anyone):
            assert not getattr(row, "sealed", False), row
            assert getattr(row, "state", "") not in {"draft", "in_review", "reviewed", "signed"}, row
