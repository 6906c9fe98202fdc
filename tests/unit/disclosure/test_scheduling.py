"""Publication at a time set before: as by hand, once, and never past a check."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from config.background import sweep
from mingtang.disclosure import actions, scheduling
from mingtang.disclosure.models import Edition
from mingtang.disclosure.proved import check_documents
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
AT = NOON + timedelta(days=2)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def waiting(clock, town) -> Edition:
    return scheduling.schedule(edition=acts.signed(town), at=AT, by=staff(SIGNER))


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document", "revision").get(pk=edition.pk)


def published() -> int:
    return Event.objects.filter(type="document.published").count()


def test_it_is_published_at_its_time_and_once(clock, waiting):
    clock.move_to(AT - timedelta(minutes=1))
    sweep()
    assert again(waiting).state == "scheduled"
    clock.move_to(AT)
    sweep()
    sweep()
    edition, event = again(waiting), Event.objects.get(type="document.published")
    assert (edition.state, edition.published_at) == ("published", AT)
    assert (edition.publish_at, edition.scheduled_by) == (None, None)
    assert edition.document.current == edition
    assert (event.actor, event.reason) == ("system", "按定好的时间公开")
    assert event.data["scheduled_by"] == staff(SIGNER).code
    assert event.data["publish_at"] == "2026-03-12T04:00:00.000000Z"
    assert not list(check_documents(edition.document.town))


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (NOON, "已经过去了"),
        (NOON - timedelta(days=1), "已经过去了"),
        (NOON + timedelta(days=367), "一年以内"),
    ],
)
def test_a_time_in_the_past_or_far_away_is_refused(clock, town, at, sentence):
    edition = acts.signed(town)
    with pytest.raises(Refused, match=sentence) as refused:
        scheduling.schedule(edition=edition, at=at, by=staff(SIGNER))
    assert refused.value.field == "at"
    assert again(edition).state == "signed"


def test_what_is_refused_at_its_time_goes_no_further_and_says_why(clock, waiting, monkeypatch):
    def refuse(document, revision):
        raise Refused("正文里有身份证号码。")

    monkeypatch.setattr("mingtang.disclosure.requirements.check_complete", refuse)
    clock.move_to(AT)
    sweep()
    sweep()
    edition = again(waiting)
    assert (edition.state, edition.stopped, edition.publish_at) == ("signed", "正文里有身份证号码。", None)
    assert published() == 0
    assert Event.objects.get(type="document.stopped").reason == "正文里有身份证号码。"
    monkeypatch.undo()
    assert not list(check_documents(edition.document.town))
    actions.publish(edition=edition, by=staff(SIGNER))
    assert again(edition).stopped == ""
    assert not list(check_documents(edition.document.town))


def test_the_text_must_be_the_reviewed_one_at_its_time_too(clock, waiting):
    Edition.objects.filter(pk=waiting.pk).update(reviewed_sha256="0" * 64)
    clock.move_to(AT)
    sweep()
    assert "审查以后正文或附件变过" in again(waiting).stopped


def test_a_time_is_taken_back_with_a_reason(clock, waiting):
    with pytest.raises(Refused, match="请写明为什么"):
        scheduling.unschedule(edition=waiting, reason=" ", by=staff(EDITOR))
    scheduling.unschedule(edition=waiting, reason="会议改期", by=staff(EDITOR))
    clock.move_to(AT)
    sweep()
    assert (again(waiting).state, published()) == ("signed", 0)
    assert not list(check_documents(waiting.document.town))


def test_who_publishes_by_hand_before_is_not_overtaken(clock, waiting):
    actions.publish(edition=waiting, by=staff(SIGNER))
    clock.move_to(AT)
    sweep()
    assert scheduling.publish_scheduled(edition=waiting) is False
    assert published() == 1


def test_a_crash_in_the_middle_publishes_once(clock, waiting, monkeypatch):
    clock.move_to(AT)

    def crash(rows):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "make_current", crash)
        with pytest.raises(RuntimeError):
            sweep()
    assert (again(waiting).state, published()) == ("scheduled", 0)
    sweep()
    assert (again(waiting).state, published()) == ("published", 1)


def test_only_whoever_may_publish_sets_a_time(clock, town):
    with pytest.raises(Refused, match="权限"):
        scheduling.schedule(edition=acts.signed(town), at=AT, by=staff(REVIEWER))


def test_the_database_holds_no_scheduled_edition_without_a_time(clock, waiting):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_edition SET publish_at = NULL WHERE id = %s", [waiting.pk])


def test_verify_notices_a_time_that_was_moved(clock, waiting):
    Edition.objects.filter(pk=waiting.pk).update(publish_at=AT + timedelta(days=30))
    found = [str(one) for one in check_documents(waiting.document.town)]
    assert len(found) == 1
    assert "定时公开的时间" in found[0]
