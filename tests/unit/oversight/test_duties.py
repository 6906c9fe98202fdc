"""Duties and slots: opened with the columns, filled by what is published, moved and excused only in public."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.disclosure import actions as documents
from mingtang.disclosure import columns
from mingtang.disclosure.models import Column
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.oversight import actions
from mingtang.oversight.enums import SlotState as S
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.proved import check_duties, check_slots
from mingtang.oversight.sweep import sweep
from mingtang.workdays.tables import calendar_for
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, SOCIAL, staff
from tests.factories.duties import on, open_catalogue, post, publish, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(town):
    return open_catalogue(town)


def duty(code: str) -> Duty:
    return Duty.objects.select_related("town", "owner", "column__owner").get(code=code)


def slot(code: str, period: str) -> Slot:
    return Slot.objects.select_related("duty__town", "duty__column__owner").get(duty__code=code, period=period)


def state(code: str, period: str) -> str:
    return Slot.objects.standing(timezone.localdate()).get(duty__code=code, period=period).state


def faults(town) -> list[str]:
    return [finding.what for check in (check_duties, check_slots) for finding in check(town)]


def test_each_column_that_must_be_filled_is_a_duty_with_its_current_period(opened):
    assert Duty.objects.filter(source="column").count() == 15 + 8 + 28
    periods = set(Slot.objects.values_list("period", flat=True))
    assert periods == {"2026-Q3", "2026-H2", "2026"}
    assert slot("column-a21-08", "2026-Q3").due_on == calendar_for(opened).add_working_days(date(2026, 9, 30), 20)
    assert slot("column-a20-04", "2026").provisional
    events = Event.objects.filter(town=opened, type__in=("duty.opened", "slot.opened")).count()
    assert events == Duty.objects.count() + Slot.objects.count()
    with on(2026, 7, 2):
        done = sweep(town=opened)
    assert (done.duties, done.slots, done.proved, done.excused) == (0, 0, 0, 0)
    assert Event.objects.filter(town=opened, type__in=("duty.opened", "slot.opened")).count() == events
    assert faults(opened) == []


def test_a_round_after_months_without_a_server_makes_good_what_was_missed(opened):
    with on(2027, 4, 3):
        sweep(town=opened)
        found = list(
            Slot.objects.filter(duty__code="column-a21-08").order_by("first_on").values_list("period", flat=True)
        )
        assert found == ["2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]
        assert state("column-a21-08", "2026-Q3") == S.EMPTY
        assert state("column-a21-08", "2027-Q1") == S.DUE
    assert faults(opened) == []


def test_a_document_in_the_column_fills_the_slot_on_the_day_of_the_log(opened):
    with on(2026, 10, 12):
        paper = publish(opened, "2026年第三季度社会救助情况", "a21-08")
        sweep(town=opened)
        filled = slot("column-a21-08", "2026-Q3")
        assert (filled.proof, filled.proved_on) == (paper, date(2026, 10, 12))
        assert state("column-a21-08", "2026-Q3") == S.ON_TIME
    # Published in December, it fills the period it names late, and late it stays.
    with on(2026, 12, 1):
        publish(opened, "2026年第三季度宅基地审核情况", "a21-04")
        sweep(town=opened)
        assert state("column-a21-04", "2026-Q3") == S.LATE
        with pytest.raises(Refused, match="已经有凭据"):
            actions.move_due(
                slot=slot("column-key-e3", "2026-Q3") and slot("column-a21-04", "2026-Q3"),
                day=date(2027, 1, 4), reason="晚了", by=staff(SIGNER),
            )  # fmt: skip
    assert faults(opened) == []


def test_each_new_document_of_a_column_is_a_slot_until_it_is_public(opened):
    author = staff(EDITOR)
    with on(2026, 8, 3):
        edition = documents.draft(
            town=opened, metadata=acts.metadata(opened, generated_on=date(2026, 8, 3)), content=acts.content("预案"),
            by=author, columns=["a20-12"],
        )  # fmt: skip
        sweep(town=opened)
    period = f"d{edition.document_id}"
    due = calendar_for(opened).add_working_days(date(2026, 8, 3), 20)
    assert slot("column-a20-12", period).due_on == due
    with on(2026, 9, 10):
        assert state("column-a20-12", period) == S.EMPTY
        documents.submit(edition=edition, by=author)
        acts.passed(edition, staff(REVIEWER))
        documents.sign(edition=edition, by=staff(SIGNER))
        documents.publish(edition=edition, by=staff(SIGNER))
        sweep(town=opened)
        assert state("column-a20-12", period) == S.LATE
    # What came into being before the column was opened is not owed.
    with on(2026, 9, 11):
        publish(opened, "去年的预案", "a20-12", generated=date(2026, 7, 1))
        sweep(town=opened)
    assert Slot.objects.filter(duty__code="column-a20-12").count() == 1
    assert faults(opened) == []


def test_a_draft_that_is_filed_elsewhere_is_not_owed_here(opened):
    with on(2026, 8, 3):
        edition = documents.draft(
            town=opened, metadata=acts.metadata(opened, generated_on=date(2026, 8, 3)), content=acts.content("预案"),
            by=staff(EDITOR), columns=["a20-12"],
        )  # fmt: skip
        sweep(town=opened)
        columns.refile(document=edition.document, codes=["a20-15"], by=staff(EDITOR))
        sweep(town=opened)
        period = f"d{edition.document_id}"
        assert (state("column-a20-12", period), state("column-a20-15", period)) == (S.EXCUSED, S.DUE)
    assert faults(opened) == []


def test_an_empty_column_that_says_why_is_excused_until_something_is_there(opened):
    with on(2026, 8, 3):
        columns.say_nothing(column=Column.objects.get(code="key-i8"), reason="这个季度没有零星采购。", by=staff(SIGNER))
        sweep(town=opened)
        assert slot("column-key-i8", "2026-Q3").excuse == "这个季度没有零星采购。"
        publish(opened, "零星采购", "key-i8")
        sweep(town=opened)
        assert state("column-key-i8", "2026-Q3") == S.ON_TIME
    with on(2026, 11, 3):
        sweep(town=opened)
        assert state("column-key-i8", "2026-Q4") == S.DUE
    assert faults(opened) == []


def test_a_date_that_an_article_fixes_is_not_moved(opened):
    with on(2026, 8, 3), pytest.raises(Refused, match="第二十一条定的，镇里不能改"):
        actions.move_due(
            slot=slot("column-a21-08", "2026-Q3"), day=date(2026, 12, 1), reason="来不及", by=staff(SIGNER)
        )


def test_a_date_is_moved_by_another_than_the_owner_before_it_has_passed_and_for_all_to_see(opened):
    with on(2026, 8, 3):
        with pytest.raises(Refused, match="责任岗位以外的人"):
            actions.move_due(
                slot=slot("column-key-e3", "2026-Q3"), day=date(2026, 12, 1), reason="来不及", by=staff(SIGNER)
            )
        made = actions.open_duty(town=opened, terms=terms(), by=staff(SIGNER))
        sweep(town=opened)
        moving = slot(made.code, "2026-Q3")
        with pytest.raises(Refused, match="权限"):
            actions.move_due(slot=moving, day=date(2026, 10, 30), reason="等县里的表", by=staff(SOCIAL))
        with pytest.raises(Refused, match="为什么改期限"):
            actions.move_due(slot=moving, day=date(2026, 10, 30), reason=" ", by=staff(SIGNER))
        actions.move_due(slot=moving, day=date(2026, 10, 30), reason="等县里的表", by=staff(SIGNER))
        moved = slot(made.code, "2026-Q3")
        assert (moved.first_due_on, moved.due_on) == (date(2026, 9, 30), date(2026, 10, 30))
    with on(2026, 10, 31), pytest.raises(Refused, match="已经过了"):
        actions.move_due(slot=moved, day=date(2026, 12, 1), reason="还是来不及", by=staff(SIGNER))
    assert Event.objects.get(type="slot.moved").reason == "等县里的表"
    assert faults(opened) == []


def test_a_slot_is_answered_by_its_owner_with_a_paper_or_a_signed_sentence(opened):
    with on(2026, 8, 3):
        made = actions.open_duty(town=opened, terms=terms(), by=staff(SIGNER))
        sweep(town=opened)
        with pytest.raises(Refused, match="由社会事务办公室"):
            actions.answer(slot=slot(made.code, "2026-Q3"), document=None, statement="查过了。", by=staff(EDITOR))
        with pytest.raises(Refused, match="怎么办成的"):
            actions.answer(slot=slot(made.code, "2026-Q3"), document=None, statement="", by=staff(SIGNER))
        actions.answer(
            slot=slot(made.code, "2026-Q3"), document=None, statement="8月3日查了三个村，问题已改。", by=staff(SIGNER)
        )
        assert state(made.code, "2026-Q3") == S.ON_TIME
        # A column's slot takes a document that stands in it, and nothing else.
        elsewhere = publish(opened, "赶集日停车", "a20-15")
        with pytest.raises(Refused, match="没有归入"):
            actions.answer(slot=slot("column-a21-08", "2026-Q3"), document=elsewhere, statement="", by=staff(SIGNER))
    assert faults(opened) == []


def test_an_excuse_after_the_day_still_shows_how_late_it_came(opened):
    with on(2026, 11, 20):
        actions.excuse(slot=slot("column-key-e3", "2026-Q3"), reason="这个季度没有采购。", by=staff(SIGNER))
        excused = slot("column-key-e3", "2026-Q3")
        assert state("column-key-e3", "2026-Q3") == S.EXCUSED and excused.excused_on > excused.due_on
        with pytest.raises(Refused, match="负责"):
            actions.excuse(slot=slot("column-key-i8", "2026-Q3"), reason="没有。", by=staff(EDITOR))
    assert faults(opened) == []


def test_a_duty_changes_hands_when_the_other_post_accepts(opened):
    with on(2026, 8, 3):
        given = actions.offer(
            duty=duty("column-a21-08"), to=post("social-check"), reason="救助归社会事务办。", by=staff(SIGNER)
        )
        with pytest.raises(Refused, match="请由这个岗位签收"):
            actions.take(duty=given, by=staff(SIGNER))
        assert duty("column-a21-08").holder == post("office-head")
        actions.take(duty=given, by=staff(SOCIAL))
        assert duty("column-a21-08").holder == post("social-check") == Column.objects.get(code="a21-08").owner
        with pytest.raises(Refused, match="没有要移交"):
            actions.take(duty=given, by=staff(SOCIAL))
        back = actions.offer(duty=duty("column-a21-04"), to=post("social-check"), reason="也归您。", by=staff(SIGNER))
        actions.decline(duty=back, reason="宅基地归自然资源所。", by=staff(SOCIAL))
        assert duty("column-a21-04").holder == post("office-head")
    assert faults(opened) == []


def test_a_provisional_date_is_counted_again_when_the_year_is_confirmed(opened):
    from mingtang.workdays.actions import load_days
    from mingtang.workdays.calendar import DayMark

    before = slot("column-a20-04", "2026").due_on
    with on(2026, 12, 1):
        marks = {date(2027, 1, day): DayMark(False, "元旦") for day in (1, 2, 3, 4)}
        load_days(town=opened, by=CONSOLE, marks=marks, complete=[2027], source="国办发明电（演示）")
        sweep(town=opened)
    settled = slot("column-a20-04", "2026")
    assert not settled.provisional and settled.due_on > before and settled.first_due_on == settled.due_on
    assert faults(opened) == []


def test_a_closed_duty_owes_nothing_more_and_a_column_takes_its_duty_along(opened):
    with on(2026, 8, 3):
        made = actions.open_duty(town=opened, terms=terms(trigger="month"), by=staff(SIGNER))
        sweep(town=opened)
        actions.close_duty(duty=made, reason="并入季度检查。", by=staff(SIGNER))
        columns.close(column=Column.objects.get(code="key-i9"), reason="和零星采购合并。", by=staff(SIGNER))
    with on(2026, 11, 3):
        sweep(town=opened)
    assert list(made.slots.values_list("period", flat=True)) == ["2026-08"]
    assert duty("column-key-i9").closed_on == date(2026, 8, 3)
    assert list(duty("column-key-i9").slots.values_list("period", flat=True)) == ["2026-Q3"]
    assert faults(opened) == []


def test_a_column_dated_anew_owes_nothing_for_the_months_before(opened):
    with on(2026, 9, 8):
        columns.redate(
            column=Column.objects.get(code="key-i8"), rhythm="month", days=5, reason="改勤一些。", by=staff(SIGNER)
        )
        sweep(town=opened)
    with on(2026, 11, 3):
        sweep(town=opened)
    periods = set(duty("column-key-i8").slots.values_list("period", flat=True))
    assert periods == {"2026-Q3", "2026-09", "2026-10", "2026-11"}
    assert faults(opened) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"trigger": "sometimes"}, "选择周期"),
        ({"trigger": "event"}, "是公开栏目的任务"),
        ({"basis": ""}, "写明依据"),
        ({"trigger": "once"}, "要写期限"),
        ({"trigger": "once", "due_on": date(2026, 1, 1)}, "不能早于今天"),
        ({"due_on": date(2027, 1, 1)}, "不写一次性的期限"),
        ({"days": 251}, "0 到 250"),
        ({"month": 1}, "一起写"),
        ({"trigger": "year", "month": 13, "day": 1}, "没有这个日子"),
        ({"kind": "nonesuch"}, "信息种类"),
        ({"name": " "}, "要做什么"),
        ({"source": "plan"}, "从规划里得出"),
    ],
)
def test_terms_that_do_not_hold_together_are_refused_with_a_remedy(opened, changes, sentence):
    with on(2026, 8, 3), pytest.raises(Refused, match=sentence):
        actions.open_duty(town=opened, terms=terms(**changes), by=staff(SIGNER))
    assert not Duty.objects.filter(code__startswith="own-").exists()


def test_the_database_holds_one_slot_a_period_and_verify_names_what_was_changed(opened):
    one = slot("column-a21-08", "2026-Q3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(
            town=opened,
            duty=one.duty,
            period="2026-Q3",
            first_on=one.first_on,
            first_due_on=one.due_on,
            due_on=one.due_on,
        )
    Slot.objects.filter(pk=one.pk).update(due_on=one.due_on + timedelta(days=30))
    Duty.objects.filter(pk=one.duty_id).update(opened_on=date(2026, 9, 1))
    Slot.objects.filter(period="2026").first().delete()
    found = faults(opened)
    assert len(found) == 3 and "开始" not in "".join(found)
