"""Imported documents in the columns of the catalogue: by rules while they come in, and the rest a kind at a time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.disclosure import columns, filing
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.models import Column, Document, FilingRule
from mingtang.disclosure.proved_columns import check_filings, check_rules
from mingtang.disclosure.reading import read_record
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.ledger.verifying import verify_log
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, EDITOR, POWER, SIGNER, login, staff
from tests.integration.desk_steps import hidden, text

pytestmark = pytest.mark.django_db
UNFILED, FILE, RULES = "/desk/columns/unfiled", "/desk/columns/unfiled/file", "/desk/columns/rules"


@pytest.fixture
def opened(town):
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    return town


def record(number, origin="x.jsonl:1", **changes):
    given = {"id": f"f-{number}", "title": f"第{number}份旧文件", "text": "一、内容。", "published_on": "2019-05-06"}
    return read_record({key: value for key, value in (given | changes).items() if value is not None}, origin)


def come_in(town, *readings):
    """Import, and give back the lines of the report."""
    lines = []
    import_readings(town, readings, publish=False, by=CONSOLE, report=lines.append)
    return lines


def rule(town, field, stated, *codes, by=SIGNER):
    return filing.add_rules(town=town, field=field, stated=stated, codes=codes, by=staff(by))


def stands(number) -> list[str]:
    document = Document.objects.get(source_id=f"f-{number}")
    return sorted(document.filings.values_list("column__code", flat=True))


def found(town, field, stated):
    return sorted(filing.stating(filing.unfiled(town), field, stated).values_list("source_id", flat=True))


def test_what_comes_in_is_filed_by_every_rule_it_meets(client, opened):
    assert "第1份旧文件" not in text(client.get("/info/c/a20-07"))
    rule(opened, "theme_stated", "财政", "a20-07", "theme-04")
    rule(opened, "folder", "公告\\", "a20-12")
    rule(opened, "issuer", "万庾镇林业站", "a20-14")
    columns.close(column=Column.objects.get(code="a20-14"), reason="并入别处", by=staff(SIGNER))
    readings = [
        record(1, theme="财政"),
        record(2, origin="公告/2019/甲.jsonl:2", theme="财政"),
        record(3, origin="公告二/乙.jsonl:3", issuer="万庾镇林业站"),
        record(4, theme="财政", published_on=None),
    ]
    lines = come_in(opened, *readings)
    assert [line["columns"] for line in lines] == [
        ["a20-07", "theme-04"],
        ["a20-07", "a20-12", "theme-04"],
        [],
        ["a20-07", "theme-04"],
    ]
    assert [stands(number) for number in (1, 2, 3, 4)] == [line["columns"] for line in lines]
    assert "第1份旧文件" in text(client.get("/info/c/a20-07"))
    document = Document.objects.get(source_id="f-2")
    event = Event.objects.get(type=columns.FILED, subject=document.subject)
    assert event.data == {"columns": ["a20-07", "a20-12", "theme-04"], "before": []}
    columns.refile(document=document, codes=["a20-12"], by=staff(EDITOR))
    assert [line["result"] for line in come_in(opened, *readings)] == ["unchanged"] * 4
    assert stands(2) == ["a20-12"], "what a colleague changed stays"
    follow.settle()
    assert verify_log(opened).ok


def test_a_rule_is_whole_and_once_and_kept_by_the_office(opened):
    assert rule(opened, "folder", "a/公告", "a20-07", "a20-07") == 1
    assert rule(opened, "folder", "/a/公告/", "a20-07", "theme-04") == 1
    for wrong, match in (
        (("subject", "x", "a20-07"), "看来源的哪一项"),
        (("issuer", " ", "a20-07"), "来源里是怎么写的"),
        (("issuer", "身份证430623195001011239", "a20-07"), "身份证"),
        (("issuer", "甲"), "还没有选栏目"),
        (("issuer", "甲", "key-e"), "下面还分栏目"),
        (("issuer", "甲", "gone"), "没有代码为“gone”"),
    ):
        with pytest.raises(Refused, match=match):
            rule(opened, *wrong)
    with pytest.raises(Refused, match="维护公开目录"):
        rule(opened, "issuer", "甲", "a20-07", by=EDITOR)
    row = FilingRule.objects.get(column__code="a20-07")
    with pytest.raises(Refused, match="维护公开目录"):
        filing.end_rule(rule=row, by=staff(EDITOR))
    filing.end_rule(rule=row, by=staff(SIGNER))
    filing.end_rule(rule=row, by=staff(SIGNER))
    told = Event.objects.filter(subject=f"filing-rule:{row.pk}").order_by("pk")
    assert list(told.values_list("type", flat=True)) == [filing.RULED, filing.UNRULED]
    come_in(opened, record(1, origin="a/公告/x.html"), record(2, origin="A/公告/x.html"))
    assert (stands(1), stands(2)) == (["theme-04"], [])
    assert found(opened, "folder", "A") == ["f-2"], "capitals are told apart, as the rules do"


def test_a_rule_changed_in_silence_is_named_by_the_proof(opened):
    rule(opened, "issuer", "甲", "a20-07")
    rule(opened, "issuer", "乙", "a20-07")
    assert [*check_rules(opened)] == []
    FilingRule.objects.filter(stated="甲").update(stated="丙")
    FilingRule.objects.filter(stated="乙").delete()
    FilingRule.objects.create(town=opened, field="issuer", stated="丁", column=Column.objects.get(code="a20-07"))
    assert len([*check_rules(opened)]) == 3


def test_the_office_files_the_rest_a_kind_at_a_time(client, opened, monkeypatch):
    come_in(
        opened,
        *(record(number, theme="财政<预算>", origin=f"旧网站/{number}/x.html") for number in range(5)),
        record(8),
        record(9, published_on=None, theme="通知"),
    )
    login(client, SIGNER)
    assert "还有 7 份导入的信息没有归栏" in text(client.get("/desk/columns/"))
    page = text(client.get(UNFILED))
    assert "财政&lt;预算&gt;" in page and "（没有写）" in page and "草稿" in page
    by_folder = text(client.get(f"{UNFILED}?by=folder"))
    assert "旧网站<span" in by_folder and "旧网站/4<span" in by_folder
    monkeypatch.setattr("mingtang.desk.views.filing.PAGE", 3)
    first = client.get(UNFILED, {"by": "theme_stated", "stated": "财政<预算>"})
    assert "把这 5 份归到栏目里" in text(first) and "第4份" in text(first) and "第1份" not in text(first)
    key = Document.objects.get(source_id="f-2").pk
    assert f"before={key}" in text(first)
    second = text(client.get(UNFILED, {"by": "theme_stated", "stated": "财政<预算>", "before": key}))
    assert "第1份" in second and "第2份" not in second and "回到第一页" in second

    chosen = {"by": "theme_stated", "stated": "财政<预算>"}
    assert "以后导入的也照这样归" in text(client.get(FILE, chosen))
    nothing = client.get(FILE, chosen | {"look": "1"})
    assert nothing.status_code == 422 and "还没有选栏目" in text(nothing)
    look = client.get(FILE, chosen | {"look": "1", "columns": ["a20-07", "theme-04"], "remember": "on"})
    assert "这 5 份归到“" in text(look) and "第0份旧文件" in text(look) and "也归到这里" in text(look)
    act = chosen | {name: hidden(look, name) for name in ("count", "upto", "look", "remember")}
    act["columns"] = ["a20-07", "theme-04"]
    columns.refile(document=Document.objects.get(source_id="f-3"), codes=["a20-12"], by=staff(EDITOR))
    stale = client.post(FILE, act)
    assert stale.status_code == 422 and "刚才是 5 份，现在是 4 份" in text(stale) and stands(0) == []
    come_in(opened, record(7, theme="财政<预算>"))
    act["count"] = hidden(stale, "count")
    assert act["count"] == "4"
    assert client.post(FILE, act).status_code == 302
    assert stands(0) == ["a20-07", "theme-04"] and stands(3) == ["a20-12"]
    assert stands(7) == [], "what came in after the preview waits for its own"
    assert "第0份旧文件" in text(client.get("/info/c/a20-07"))
    come_in(opened, record(10, theme="财政<预算>"))
    assert stands(10) == ["a20-07", "theme-04"], "the rule holds from now on"
    columns.refile(document=Document.objects.get(source_id="f-0"), codes=[], by=staff(EDITOR))
    assert found(opened, "theme_stated", "财政<预算>") == ["f-0", "f-7"], "undone by the ordinary act"
    assert found(opened, "theme_stated", "") == ["f-8"]
    unstated = client.get(FILE, {"by": "theme_stated", "stated": ""})
    assert "以后导入的也照这样归" not in text(unstated)
    monkeypatch.setattr(filing, "MOST_TOGETHER", 1)
    assert "另有 1 份" in text(client.get(FILE, chosen | {"look": "1", "columns": "a20-07"}))
    assert client.get(FILE).status_code == 404
    assert client.post(FILE, chosen | {"look": "1", "columns": "a\x00b"}).status_code == 422
    assert client.get(FILE, {"by": "issuer", "stated": "没有的"}).status_code == 302
    follow.settle()
    assert verify_log(opened).ok and [*check_filings(opened)] == []


def test_the_office_keeps_the_rules_and_is_led_to_what_they_meet(client, opened):
    come_in(opened, record(1, origin="公告/x.html"))
    login(client, SIGNER)
    assert "还没有规则" in text(client.get(RULES))
    wrong = client.post(RULES, {"field": "folder", "stated": "", "columns": "a20-07"})
    assert wrong.status_code == 422 and "一个字都不能差" in text(wrong)
    added = client.post(RULES, {"field": "folder", "stated": "/公告/", "columns": "a20-07"})
    look = client.get(added.url)
    assert "这 1 份归到“" in text(look) and "第1份旧文件" in text(look)
    assert client.post(RULES, {"field": "issuer", "stated": "甲", "columns": "a20-07"}).url == RULES
    assert "公告" in text(client.get(RULES))
    row = FilingRule.objects.get(field="folder")
    assert client.post(f"{RULES}/{row.pk}/end").status_code == 302
    assert client.post(f"{RULES}/{row.pk}/end").status_code == 404
    assert FilingRule.objects.count() == 1
    columns.close(column=Column.objects.get(code="a20-07"), reason="并入别处", by=staff(SIGNER))
    assert "不起作用" in text(client.get(RULES))


def test_only_the_office_of_the_own_town_comes_near(client, opened, other_town):
    come_in(opened, record(1, theme="财政"))
    come_in(other_town, record(2, theme="外镇的"))
    rule(opened, "issuer", "甲", "a20-07")
    theirs = Column.objects.create(town=other_town, scheme="x", code="z-1", name="外镇的栏", opened_on="2026-01-01")
    foreign = FilingRule.objects.create(town=other_town, field="issuer", stated="外镇的", column=theirs)
    login(client, SIGNER)
    assert "外镇的" not in text(client.get(RULES)) + text(client.get(UNFILED))
    assert client.post(f"{RULES}/{foreign.pk}/end").status_code == 404
    refused = client.get(FILE, {"by": "theme_stated", "stated": "财政", "look": "1", "columns": "z-1"})
    assert refused.status_code == 422 and "没有代码为“z-1”" in text(refused)
    for username in (EDITOR, CENTRE, POWER):
        login(client, username)
        for path in (UNFILED, FILE, RULES):
            assert client.get(path).status_code == 403, (username, path)
        assert client.post(FILE, {"by": "theme_stated", "stated": "财政", "columns": "a20-07"}).status_code == 403
    with pytest.raises(Refused, match="维护公开目录"):
        filing.file_rest(
            town=opened,
            field="theme_stated",
            stated="财政",
            codes=["a20-07"],
            seen=filing.batch(filing.unfiled(opened)),
            remember=False,
            by=staff(EDITOR),
        )
    assert stands(1) == []


def test_filing_many_asks_the_database_no_more_often_than_filing_few(client, opened):
    rule(opened, "theme_stated", "财政", "a20-07", "theme-04")
    login(client, SIGNER)
    asked = []
    for first, count in ((0, 4), (100, 12)):
        ruled = [record(first + number, theme="财政") for number in range(count)]
        rest = [record(first + 50 + number, theme="通知", text=f"{number}。") for number in range(count)]
        found = []
        with CaptureQueriesContext(connection) as queries:
            come_in(opened, *ruled, *rest)
        found.append(len(queries))
        for path in ("/desk/columns/", UNFILED, RULES):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        seen = filing.batch(filing.stating(filing.unfiled(opened), "theme_stated", "通知"))
        given = {"field": "theme_stated", "stated": "通知", "codes": ["a20-12"], "remember": False}
        with CaptureQueriesContext(connection) as queries:
            assert filing.file_rest(town=opened, seen=seen, by=staff(SIGNER), **given) == count
        found.append(len(queries))
        asked.append(found)
    assert asked[0] == asked[1]
    assert asked[0][2] <= 14, "the list of leftovers"
