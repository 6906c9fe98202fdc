"""What the database itself refuses of a rule change, whoever asks, and what `verify` sees afterwards."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.rulebook.laws.levels import BurdenKind, LawLevel, may_base
from mingtang.rulebook.models import Version
from mingtang.rulebook.proved import check_versions
from tests.factories import acts
from tests.factories.cast import CENTRE, EDITOR, staff
from tests.factories.rules import announced, approved, proposed

pytestmark = pytest.mark.django_db
MORE, LESS = {"promised_days": 9}, {"promised_days": 4}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 3, 16, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def raw(statement: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


ANNOUNCE = """
    UPDATE rulebook_version SET state = 'announced', announced_by_id = %s, announced_at = %s, announced_event_id = %s,
    effective_on = '2026-04-16', posted_until = '2026-04-15', notice_days = 30 WHERE id = %s
"""


def announce_raw(version: Version) -> None:
    event = acts.in_force(version.item.town, "LM-001").published_event_id
    raw(ANNOUNCE, staff(CENTRE).pk, timezone.now(), event, version.pk)


def test_the_database_takes_a_whole_proposal(town):
    announce_raw(approved(proposed(town, **MORE)))


@pytest.mark.parametrize(
    "lost",
    [
        "reviewed_by_id = NULL, reviewed_at = NULL",
        "basis_by_id = NULL, basis_at = NULL",
        "decided_by_id = NULL, decided_at = NULL",
        "proposed_by_id = NULL, proposed_at = NULL",
        "minutes_number = ''",
        "decided_on = NULL",
    ],
)
def test_the_database_refuses_more_without_each_approval(town, lost):
    version = approved(proposed(town, **MORE))
    raw(f"UPDATE rulebook_version SET {lost} WHERE id = %s", version.pk)
    with pytest.raises(IntegrityError):
        announce_raw(version)


@pytest.mark.parametrize("lost", ["head_by_id = NULL, head_at = NULL", "office_by_id = NULL, office_at = NULL"])
def test_the_database_refuses_less_without_each_approval(town, lost):
    version = approved(proposed(town, **LESS))
    raw(f"UPDATE rulebook_version SET {lost} WHERE id = %s", version.pk)
    with pytest.raises(IntegrityError):
        announce_raw(version)


@pytest.mark.parametrize(
    "change",
    [
        "strict = %s",  # more called less
        "burden = 'up', strict = %s",
        "notice_days = 29, strict = NOT %s",
        "effective_on = posted_until, strict = NOT %s",
        "posted_until = NULL, strict = NOT %s",
        "initial = NOT %s",
        "announced_event_id = NULL, announced_at = NULL, announced_by_id = NULL, strict = NOT %s",
        "effective_on = NULL, strict = NOT %s",
        "state = 'in_force', strict = NOT %s",  # without the event that published it
        "refused_reason = '不行', strict = NOT %s",
    ],
)
def test_the_database_keeps_what_was_announced_whole(town, change):
    version = announced(proposed(town, **MORE))
    with pytest.raises(IntegrityError):
        raw(f"UPDATE rulebook_version SET {change} WHERE id = %s", False, version.pk)


@pytest.mark.parametrize(
    ("one", "other"),
    [("reviewed", "edited"), ("decided", "edited"), ("decided", "reviewed"), ("reviewed", "proposed")],
)
def test_the_database_refuses_one_person_twice_on_the_long_way(town, one, other):
    version = approved(proposed(town, **MORE))
    with pytest.raises(IntegrityError):
        raw(f"UPDATE rulebook_version SET {one}_by_id = {other}_by_id WHERE id = %s", version.pk)


@pytest.mark.parametrize(("one", "other"), [("head", "edited"), ("office", "proposed"), ("office", "head")])
def test_the_database_refuses_one_person_twice_on_the_short_way(town, one, other):
    version = approved(proposed(town, **LESS))
    with pytest.raises(IntegrityError):
        raw(f"UPDATE rulebook_version SET {one}_by_id = {other}_by_id WHERE id = %s", version.pk)


def test_what_ran_is_never_a_draft_again(town):
    version = acts.in_force(town, "LM-001")
    with pytest.raises(IntegrityError):
        raw("UPDATE rulebook_version SET state = 'draft' WHERE id = %s", version.pk)


def test_verify_sees_an_approver_and_a_sentence_that_were_exchanged(town):
    version = acts.in_force(town, "LM-001")
    assert list(check_versions([version.published_event])) == []
    raw("UPDATE rulebook_version SET basis_by_id = %s WHERE id = %s", staff(EDITOR).pk, version.pk)
    raw("UPDATE rulebook_proposedchange SET sentence = '什么都没有改。' WHERE version_id = %s", version.pk)
    said = "".join(finding.what for finding in check_versions([version.published_event]))
    assert "批准人和发布时不一样" in said
    assert "变动说明和发布时不一样" in said


# What no single row can say


def test_the_database_refuses_more_whose_basis_is_not_named(town):
    version = approved(proposed(town, **MORE))
    raw("UPDATE rulebook_proposedchange SET law = '', article = '', level = '' WHERE version_id = %s", version.pk)
    with pytest.raises(IntegrityError):
        announce_raw(version)


@pytest.mark.parametrize("needs", BurdenKind.values)
def test_the_database_knows_the_rank_that_each_burden_needs(town, needs):
    version = approved(proposed(town, **MORE))
    for level in LawLevel.values:
        raw("UPDATE rulebook_version SET state = 'decided' WHERE id = %s", version.pk)
        raw("UPDATE rulebook_proposedchange SET needs = %s, level = %s WHERE version_id = %s", needs, level, version.pk)
        try:
            announce_raw(version)
            taken = True
        except IntegrityError:
            taken = False
        assert taken is may_base(needs, level), level


@pytest.mark.parametrize("hidden", ["direction = 'up'", "needs = 'condition'"])
def test_the_database_lets_nothing_that_is_more_go_the_short_way(town, hidden):
    version = approved(proposed(town, **LESS))
    raw(f"UPDATE rulebook_proposedchange SET {hidden} WHERE version_id = %s", version.pk)
    with pytest.raises(IntegrityError):
        announce_raw(version)


def test_the_database_counts_the_days_of_the_notice(town):
    version = announced(proposed(town, **MORE))
    with pytest.raises(IntegrityError):
        raw("UPDATE rulebook_version SET posted_until = '2026-04-14' WHERE id = %s", version.pk)


def test_the_database_lets_nothing_come_into_force_before_its_day(town):
    version = announced(proposed(town, **MORE))
    event = acts.in_force(town, "LM-001").published_event_id
    raw("UPDATE rulebook_version SET state = 'superseded' WHERE state = 'in_force'")
    with pytest.raises(IntegrityError):
        raw(
            "UPDATE rulebook_version SET state = 'in_force', in_force_at = %s, published_event_id = %s WHERE id = %s",
            timezone.now(),
            event,
            version.pk,
        )


def test_the_short_way_leads_from_a_version_or_from_parts(town):
    """Less than what? A new item of its own has nothing it could be less than."""
    version = approved(proposed(town, **LESS))
    with pytest.raises(IntegrityError):
        raw("UPDATE rulebook_version SET replaces_id = NULL WHERE id = %s", version.pk)
