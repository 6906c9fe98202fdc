"""Columns of the catalogue: opened once, owned by a post, dated with a reason, filled or told empty."""

import pytest
from django.db import IntegrityError, transaction

from mingtang.disclosure import actions, columns
from mingtang.disclosure.actions import Content
from mingtang.disclosure.kinds.facts import Typed, take
from mingtang.disclosure.kinds.kind import kind_of
from mingtang.disclosure.models import Column
from mingtang.disclosure.proved_columns import check_columns, check_filings
from mingtang.disclosure.requirements import issues
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import CENTRE, EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db


def post(code: str) -> Post:
    return Post.objects.get(code=code)


@pytest.fixture
def opened(town):
    columns.open_all(town=town, owner=post("office-head"), by=CONSOLE)
    return town


def column(code: str) -> Column:
    return Column.objects.select_related("town", "owner").get(code=code)


def told(subject: str) -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("pk").values_list("type", flat=True))


def filed(document) -> set[str]:
    return set(document.filings.values_list("column__code", flat=True))


def test_every_column_is_opened_once_and_owned_from_the_first_day(town):
    assert columns.open_all(town=town, owner=post("office-head"), by=CONSOLE) == 15 + 8 + 28 + 26 + 22
    assert columns.open_all(town=town, owner=post("news-editor"), by=CONSOLE) == 0
    duties = Column.objects.exclude(rhythm="")
    assert duties.count() == 15 + 8 + 28
    assert set(duties.values_list("owner__code", flat=True)) == {"office-head"}
    assert column("key-e2").parent == column("key-e")
    assert told("column:a20-07") == ["column.opened"]


def test_a_duty_without_owner_is_refused_by_the_database(opened):
    with pytest.raises(IntegrityError), transaction.atomic():
        Column.objects.filter(code="a20-07").update(owner=None)


def test_a_column_changes_hands_and_dates_by_events_with_reasons(opened):
    keeper = staff(SIGNER)
    columns.assign(column=column("a21-08"), owner=post("social-head"), by=keeper)
    columns.redate(column=column("a21-08"), rhythm="month", days=5, reason="救助名额每月都在变", by=keeper)
    row = column("a21-08")
    assert (row.owner.code, row.rhythm, row.days) == ("social-head", "month", 5)
    assert told(row.subject) == ["column.opened", "column.assigned", "column.redated"]
    last = Event.objects.filter(subject=row.subject).latest("pk")
    assert last.reason == "救助名额每月都在变"
    assert last.data == {
        "owner": "social-head",
        "rhythm": "month",
        "days": 5,
        "closed_on": "",
        "rhythm_before": "quarter",
        "days_before": 20,
    }
    for wrong, match in (
        ({"reason": " "}, "请写明为什么改时限"),
        ({"days": 0}, "1 到 250"),
        ({"rhythm": "daily"}, "更新周期"),
        ({"by": staff(EDITOR)}, "维护公开目录"),
        ({"column": column("theme-02")}, "只用来分类"),
    ):
        good = {"column": row, "rhythm": "year", "days": 20, "reason": "改", "by": keeper}
        with pytest.raises(Refused, match=match):
            columns.redate(**good | wrong)


def test_an_empty_column_is_told_by_its_owner_and_not_once_something_is_public(opened):
    with pytest.raises(Refused, match="归别的岗位管"):
        columns.say_nothing(column=column("key-e5"), reason="本镇没有矿", by=staff(CENTRE))
    columns.assign(column=column("key-e5"), owner=post("centre-head"), by=staff(SIGNER))
    row = columns.say_nothing(column=column("key-e5"), reason="本镇没有矿产资源开采。", by=staff(CENTRE))
    assert row.nothing == "本镇没有矿产资源开采。" and row.nothing_on
    edition = acts.published(opened)
    columns.file_under(document=edition.document, codes=["key-e5"], by=CONSOLE)
    with pytest.raises(Refused, match="已经有公开的信息"):
        columns.say_nothing(column=column("key-e5"), reason="没有", by=staff(CENTRE))


def test_a_document_stands_in_several_columns_and_each_change_is_an_event(opened):
    document = acts.published(opened).document
    columns.file_under(document=document, codes=["a20-01", "theme-02"], by=CONSOLE)
    columns.file_under(document=document, codes=["theme-02", "a20-01"], by=CONSOLE)
    columns.file_under(document=document, codes=["theme-02"], by=CONSOLE)
    assert filed(document) == {"theme-02"}
    events = Event.objects.filter(subject=document.subject, type=columns.FILED).order_by("pk")
    assert [row.data["before"] for row in events] == [[], ["a20-01", "theme-02"]]
    with pytest.raises(Refused, match="下面还分栏目"):
        columns.file_under(document=document, codes=["key-e"], by=CONSOLE)
    with pytest.raises(Refused, match="没有代码为“gone”的栏目"):
        columns.file_under(document=document, codes=["gone"], by=CONSOLE)
    columns.close(column=column("a20-02"), reason="并入机构职能页", by=staff(SIGNER))
    with pytest.raises(Refused, match="已经停用"):
        columns.file_under(document=document, codes=["a20-02"], by=CONSOLE)
    assert filed(document) == {"theme-02"}


def test_a_kind_files_asks_and_freezes_what_it_names(opened):
    town, kind = opened, kind_of("budget-town")
    facts, faults = take(kind, Typed({"year": "2026"}, {"income": [["税收收入", "1200"]]}))
    assert not faults
    metadata = acts.metadata(town, kind=kind.code)
    edition = actions.draft(town=town, metadata=metadata, content=Content("预算", "", facts=facts), by=staff(EDITOR))
    assert filed(edition.document) == set(kind.columns)
    asked = [issue.field for issue in issues(edition.document, edition.revision) if issue.blocks]
    assert asked[0] == "field-approved" and "sheet-spending" in asked and "sheet-income" not in asked
    with pytest.raises(Refused, match="还没有填“批准”"):
        actions.submit(edition=edition, by=staff(EDITOR))


def test_a_number_of_a_person_in_a_table_cell_stops_the_edition(opened):
    kind = kind_of("budget-town")
    facts, _ = take(kind, Typed({"year": "2026"}, {"income": [["身份证430623195001011239", "1"]]}))
    metadata = acts.metadata(opened, kind=kind.code)
    edition = actions.draft(town=opened, metadata=metadata, content=Content("预算", "x", facts=facts), by=staff(EDITOR))
    found = [issue for issue in issues(edition.document, edition.revision) if issue.field == "facts"]
    assert found[0].blocks and "一般公共预算收入表第 1 行科目" in found[0].sentence
    assert "195001011239" not in found[0].sentence


def test_a_column_moved_in_silence_is_named_by_the_proof(opened):
    columns.say_nothing(column=column("key-e5"), reason="本镇没有矿。", by=staff(SIGNER))
    document = acts.published(opened).document
    columns.file_under(document=document, codes=["a20-12"], by=CONSOLE)
    assert [*check_columns(opened), *check_filings(opened)] == []
    for changed in ({"days": 200}, {"owner": post("news-editor")}, {"closed_on": "2026-01-01"}, {"rhythm": "year"}):
        before = Column.objects.filter(code="a20-09").values(*(name for name in changed)).get()
        Column.objects.filter(code="a20-09").update(**changed)
        assert "a20-09 的责任岗位、时限" in str(next(check_columns(opened))), changed
        Column.objects.filter(code="a20-09").update(**before)
    Column.objects.filter(code="key-e5").update(nothing="有矿")
    assert "为什么是空的" in str(next(check_columns(opened)))
    document.filings.all().delete()
    assert [one.row for one in check_filings(opened)] == [document.subject]
