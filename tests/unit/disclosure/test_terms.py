"""A document with a term: in force, warned of, expired the day after, repealed, renewed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from config.background import sweep
from mingtang.disclosure import actions, terms
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.proved import check_documents
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
LAST = date(2031, 3, 1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document", "revision").get(pk=edition.pk)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def wrong(town) -> list[str]:
    return [str(one) for one in check_documents(town)]


def test_it_expires_the_day_after_its_last_once_and_stays_readable(clock, town):
    edition = acts.rule(town)
    assert (edition.in_force_from, edition.in_force_until) == (date(2026, 3, 1), LAST)
    clock.move_to(noon(LAST))
    sweep()
    assert again(edition).state == "published"
    clock.move_to(datetime(2031, 3, 1, 16, 1, tzinfo=UTC))  # one past midnight in the town
    sweep()
    sweep()
    edition, event = again(edition), Event.objects.get(type="document.expired")
    assert (edition.state, edition.ended_at) == ("expired", event.recorded_at)
    assert event.reason == "有效期到2031年3月1日为止（湖南省规范性文件管理办法）"
    assert edition.document.current == edition
    assert edition.document in Document.objects.published()
    assert not wrong(town)


def test_a_plain_notice_has_no_term(clock, town):
    assert acts.published(town).in_force_until is None
    clock.move_to(NOON + timedelta(days=9000))
    assert not terms.over().exists()


def test_it_is_warned_of_half_a_year_before(clock, town):
    edition = acts.rule(town)
    for day, warned in ((date(2030, 8, 31), False), (date(2030, 9, 1), True), (LAST, True)):
        clock.move_to(noon(day))
        assert terms.ending(town).filter(pk=edition.pk).exists() is warned, day


def test_kept_on_it_is_a_new_edition_with_a_term_of_its_own(clock, town):
    first = acts.rule(town)
    clock.move_to(noon(LAST + timedelta(days=1)))
    sweep()
    text = acts.rule_text(effective="2031-03-05", registered="HR-2031-01001", years=3)
    draft = actions.new_edition(document=first.document, content=text, by=staff(EDITOR), note="评估后继续有效")
    second = acts.publish_draft(draft)
    assert (second.in_force_from, second.in_force_until) == (date(2031, 3, 5), date(2034, 3, 5))
    assert (again(first).state, again(second).state) == ("expired", "published")
    assert not wrong(town)


def test_a_new_edition_before_the_end_takes_the_place_of_the_old(clock, town):
    first = acts.rule(town)
    draft = actions.new_edition(document=first.document, content=acts.rule_text(), by=staff(EDITOR), note="改错字")
    second = acts.publish_draft(draft)
    clock.move_to(noon(LAST + timedelta(days=1)))
    sweep()
    assert (again(first).state, again(second).state) == ("superseded", "expired")


def test_it_is_repealed_by_another_document(clock, town):
    old, paper = acts.rule(town), acts.published(town)
    number = paper.document.index_number
    with pytest.raises(Refused, match="索引号") as refused:
        terms.repeal(edition=old, number="没有/1", reason="不再需要", by=staff(SIGNER))
    assert refused.value.field == "number"
    terms.repeal(edition=old, number=number, reason="评估认为不再需要", by=staff(SIGNER))
    edition, event = again(old), Event.objects.get(type="document.repealed")
    assert (edition.state, edition.repealed_by, edition.ended_reason) == (
        "repealed",
        paper.document,
        "评估认为不再需要",
    )
    assert (event.data["paper"], event.actor) == (number, staff(SIGNER).code)
    assert not wrong(town)
    with pytest.raises(Refused, match="已废止"):
        terms.repeal(edition=old, number="", reason="再来一次", by=staff(SIGNER))


@pytest.mark.parametrize(("reason", "who", "sentence"), [(" ", SIGNER, "由哪份文件"), ("不要了", EDITOR, "权限")])
def test_it_is_repealed_with_a_reason_by_whoever_signs(clock, town, reason, who, sentence):
    edition = acts.rule(town)
    with pytest.raises(Refused, match=sentence):
        terms.repeal(edition=edition, number="", reason=reason, by=staff(who))
    assert again(edition).state == "published"


def test_a_document_repeals_what_it_names_as_it_is_published(clock, town):
    old = acts.rule(town)
    text = acts.rule_text("万庾镇集贸市场管理办法", repeals=old.document.index_number, registered="HR-2026-01002")
    draft = acts.rule_draft(town, text, "万政发〔2026〕3号")
    assert again(old).state == "published"
    new = acts.publish_draft(draft)
    edition = again(old)
    assert (edition.state, edition.repealed_by) == ("repealed", new.document)
    assert edition.ended_reason == "由“万庾镇集贸市场管理办法”废止"
    assert again(new).state == "published"
    assert not wrong(town)


def test_it_does_not_go_to_review_when_it_repeals_what_does_not_exist(clock, town):
    draft = acts.rule_draft(town, acts.rule_text(repeals="没有/1"))
    with pytest.raises(Refused, match="要废止的“没有/1”"):
        actions.submit(edition=draft, by=staff(EDITOR))


def test_more_years_than_allowed_do_not_go_to_review(clock, town):
    with pytest.raises(Refused, match="最长 2 年"):
        actions.submit(edition=acts.rule_draft(town, acts.rule_text("集市暂行规定", years=5)), by=staff(EDITOR))


def test_what_expired_can_still_be_withdrawn(clock, town):
    edition = acts.rule(town)
    clock.move_to(noon(LAST + timedelta(days=1)))
    sweep()
    actions.withdraw(edition=edition, by=staff(SIGNER), ground="wrong", reason="附件放错了")
    assert again(edition).state == "withdrawn"
    assert not wrong(town)


def test_the_report_counts_made_repealed_expired_and_in_force(clock, town):
    for number in range(3):
        acts.rule(town, number=f"万政发〔2026〕{number}号")
    edition = Edition.objects.filter(state="published").first()
    terms.repeal(edition=edition, number="", reason="县里的新规定代替了它", by=staff(SIGNER))
    assert terms.figures(town, 2026) == terms.Figures(2026, made=3, repealed=1, expired=0, in_force=2)
    clock.move_to(noon(LAST + timedelta(days=1)))
    sweep()
    assert terms.figures(town, 2031) == terms.Figures(2031, made=0, repealed=0, expired=2, in_force=0)


@pytest.mark.parametrize("change", ["state = 'expired'", "state = 'repealed'"])
def test_the_database_ends_nothing_without_a_term(clock, town, change):
    edition = acts.rule(town)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE disclosure_edition SET {change} WHERE id = %s", [edition.pk])


def test_verify_notices_an_end_that_no_act_gave(clock, town):
    edition = acts.rule(town)
    Edition.objects.filter(pk=edition.pk).update(state="expired", ended_at=NOON)
    assert ["状态" in one and "失效或者废止时间" in one for one in wrong(town)] == [True]
