"""A whole catalogue out and in again: all of it or nothing, and a sentence for every cell that is wrong."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from mingtang.events.log import CONSOLE
from mingtang.events.models import Event, Unsequenced
from mingtang.lib.errors import Refused
from mingtang.people.models import Unit
from mingtang.rulebook import actions
from mingtang.rulebook.catalogue import importing, jobs, reading
from mingtang.rulebook.enums import ImportState, VersionState
from mingtang.rulebook.models import CatalogueImport, Item, Version
from tests.factories import books, rules
from tests.factories.books import at, book, put, tables
from tests.factories.cast import CENTRE, EDITOR, staff

pytestmark = pytest.mark.django_db
XLSX = "目录.xlsx"


def run(town, data, by=CENTRE):
    """Import as the desk does; the counts, or the problems as sentences."""
    found = importing.plan(town, data)
    if found.problems:
        return [str(problem) for problem in found.problems.told]
    person = staff(by)
    importing.carry_out(found, town=town, by=CONSOLE, editor=person)
    return found.counts


def everything():
    """What there is of items, versions and events."""
    return (
        list(Item.objects.order_by("pk").values()),
        list(Version.objects.order_by("pk").values("pk", "number", "state", "data", "edited_by")),
        Event.objects.count(),
    )


def changed(town, *changes, newest=False):
    """The town's export with some cells changed."""
    found = tables(books.exported(town, newest=newest))
    for change in changes:
        put(found, *change)
    return book(found)


# Out and in ----------------------------------------------------------------------------------------------------------


def test_an_unchanged_export_changes_nothing(town):
    before = everything()
    assert run(town, books.exported(town)) == {"created": 0, "updated": 0, "unchanged": 4}
    assert everything() == before


def test_a_catalogue_of_one_town_becomes_the_drafts_of_another(town, other_town):
    found = books.as_new(tables(books.exported(town)))
    assert len(importing.plan(other_town, book(found)).problems.told) == len(found["文件"]) - 1
    found["文件"][1:] = []
    planned = importing.plan(other_town, book(found))
    importing.carry_out(planned, town=other_town, by=CONSOLE)
    assert planned.counts == {"created": 4, "updated": 0, "unchanged": 0}
    ours = {item.code: item.current.data | {"files": []} for item in Item.objects.filter(town=town)}
    theirs = {item.code: item.versions.get() for item in Item.objects.filter(town=other_town)}
    assert {code: version.data for code, version in theirs.items()} == ours
    assert {version.state for version in theirs.values()} == {VersionState.DRAFT}
    assert Event.objects.filter(town=other_town, type="item.listed").count() == 4
    assert Unsequenced.objects.filter(event__town=other_town).count() == 4
    again = importing.plan(other_town, book(found))
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 4}


def test_a_changed_cell_of_an_item_in_force_begins_a_draft(town):
    in_force = Item.objects.get(code="LM-001").current
    rows = tables(books.exported(town))["材料"]
    first = next(number for number, row in enumerate(rows) if row[0] == "LM-001")
    data = changed(town, ("材料", "份数", 3, first), ("材料", "材料名称", "=身份证", first))
    assert run(town, data) == {"created": 0, "updated": 1, "unchanged": 3}
    draft = Version.objects.get(item__code="LM-001", number=2)
    assert (draft.state, draft.edited_by, draft.spec.materials[0].copies) == (VersionState.DRAFT, staff(CENTRE), 3)
    assert draft.spec.materials[0].name == "=身份证"
    assert Item.objects.get(code="LM-001").current == in_force
    assert Event.objects.filter(subject="item:LM-001").latest("pk").data["version"] == 2
    before = everything()
    assert run(town, data) == {"created": 0, "updated": 0, "unchanged": 4}
    assert everything() == before


def test_a_row_taken_out_of_a_list_is_gone_and_an_item_left_out_stays(town):
    found = tables(books.exported(town))
    for title, rows in found.items():
        found[title] = [rows[0], *(row for row in rows[1:] if row[0] == "LM-001")]
    found["材料"].pop()
    assert run(town, book(found)) == {"created": 0, "updated": 1, "unchanged": 0}
    draft = Version.objects.get(item__code="LM-001", number=2)
    assert len(draft.spec.materials) == len(Item.objects.get(code="LM-001").current.spec.materials) - 1
    assert Item.objects.filter(town=town).count() == 4


def test_the_numbers_say_the_order_and_what_belongs_to_what(town):
    found = tables(books.exported(town))
    found["情形"] += [
        ["LM-001", 2, "where", "在哪里？", "", "", 0],
        ["LM-001", 1, "area", "多少平方米？", "", "平方米", 99],
    ]
    found["答案"] += [["LM-001", 2, None, "far", "远", ""], ["LM-001", 2, 1, "near", "近", "太近"]]
    rows = found["材料"]
    rows[1:] = reversed(rows[1:])
    assert run(town, book(found))["updated"] == 1
    spec = Version.objects.get(item__code="LM-001", number=2).spec
    assert [one.key for one in spec.situations] == ["area", "where"]
    assert [one.key for one in spec.situations[1].options] == ["near", "far"]
    assert spec.materials == Item.objects.get(code="LM-001").current.spec.materials


def test_the_newest_draft_goes_out_when_it_is_asked_for(town):
    rules.drafted(town, summary="草案里的话。")
    found = tables(books.exported(town, newest=True))
    row = next(number for number, one in enumerate(found["事项"]) if one[0] == "LM-001")
    cells, state = at(found, "事项", "状态", row)
    assert (cells[state], "草案里的话。" in cells) == ("草案", True)
    put(found, "事项", "办什么", "又改了。", row)
    assert run(town, book(found)) == {"created": 0, "updated": 1, "unchanged": 3}
    draft = Version.objects.get(item__code="LM-001", number=2)
    assert draft.spec.summary == "又改了。" and draft.name == draft.spec.name
    assert "草案里的话。" not in books.exported(town).decode("latin-1")


def test_a_new_item_is_listed_under_its_unit(town):
    found = tables(books.exported(town))
    found["事项"].append([*found["事项"][1]])
    for column, value in (("事项编码", "XX-9"), ("版本", None), ("校验码", None), ("实施单位", "林业站")):
        put(found, "事项", column, value, len(found["事项"]) - 1)
    assert run(town, book(found)) == {"created": 1, "updated": 0, "unchanged": 4}
    assert Item.objects.get(code="XX-9").unit.name == "林业站"


def test_an_item_that_never_ran_may_get_its_unit(town):
    actions.list_item(town=town, code="NEW-1", unit=None, data=Version.objects.first().data, by=CONSOLE)
    found = tables(books.exported(town))
    row = next(number for number, one in enumerate(found["事项"]) if one[0] == "NEW-1")
    put(found, "事项", "实施单位", "林业站", row)
    assert run(town, book(found))["updated"] == 1
    assert Item.objects.get(code="NEW-1").unit.name == "林业站"


# What keeps a file out ------------------------------------------------------------------------------------------------


def merged(made, pages):
    pages["材料"].merge_range("D3:D5", "并")


def formula(made, pages):
    pages["材料"].write_formula("I3", "=1+1", None, 2)


def hidden_column(made, pages):
    pages["材料"].set_column("I:I", None, None, {"hidden": True})


def hidden_row(made, pages):
    for row in (1, 2, 4):
        pages["材料"].set_row(row, None, None, {"hidden": True})


def hidden_sheet(made, pages):
    pages["材料"].hide()


def other_columns(made, pages):
    pages["材料"].write_string("I1", "价格")


def strange_sheet(made, pages):
    made.add_worksheet("Sheet9").write_string(0, 0, "x")


def beside(made, pages):
    pages["材料"].write_string("ZZ3", "顺手记一笔")


def twice(made, pages):
    pages["事项"].write_string("A3", "JF-001")


def word_for_number(made, pages):
    pages["材料"].write_string("I3", "两份")


def eaten_date(made, pages):
    pages["事项"].write_datetime("F2", timezone.now().replace(tzinfo=None), made.add_format({"num_format": "yy/m/d"}))


def nobodys(made, pages):
    pages["材料"].write_string("A3", "ZZ-404")


def same_number(made, pages):
    pages["材料"].write_number("B3", 1)


FLAWS = [
    (merged, "“材料”表（D3:D5）：有合并的单元格"),
    (formula, "“材料”表第 3 行“份数”列（I3）：里面是公式"),
    (hidden_column, "“材料”表“份数”列（I 列）：是隐藏的"),
    (hidden_row, "“材料”表第 2 到 3 行：是隐藏的"),
    (hidden_sheet, "“材料”表：是隐藏的"),
    (other_columns, "“材料”表第 1 行（标题）：列的标题对不上：缺少“份数”；不认识“价格”"),
    (strange_sheet, "“Sheet9”表：不认识这张表"),
    (beside, "“材料”表第 3 行（ZZ3）：这一列没有标题"),
    (twice, "“事项”表第 3 行“事项编码”列（A3）：“JF-001”在第 2 行已经有了"),
    (word_for_number, "“材料”表第 3 行“份数”列（I3）：要填整数，不带单位和小数，现在是“两份”。"),
    (eaten_date, "“事项”表第 2 行“事项名称”列（F2）：被表格软件改成了日期"),
    (nobodys, "“材料”表第 3 行“事项编码”列（A3）：“事项”表里没有“ZZ-404”"),
    (same_number, "“材料”表第 3 行“序号”列（B3）：和第 2 行的序号相同"),
]


def test_each_flaw_is_said_with_its_cell_and_nothing_comes_in(town):
    before = everything()
    for tweak, said in FLAWS:
        found = tables(books.exported(town))
        put(found, "事项", "办什么", "改了别的一项。", 2)
        problems = run(town, book(found, tweak))
        assert any(problem.startswith(said) for problem in problems), problems
    assert everything() == before


def test_a_sheet_that_is_missing_is_no_order_to_delete(town):
    found = tables(books.exported(town))
    del found["材料"]
    assert run(town, book(found)) == ["“材料”表：没有这张表。没有内容也要留着标题一行，免得误删。"]
    with pytest.raises(Refused, match="这不是事项目录的表格"):
        run(town, book({"Sheet1": [["姓名", "电话"], ["甲", "1"]]}))


CONDITIONS = [
    ("__import__('os').system('x')", "不允许的写法（Call）"),
    ("().__class__ == 1", "不允许的写法"),
    ("area.real > 1", "不允许的写法（Attribute）"),
    ("area >", "写得不完整"),
    ("area > 100", "没有代码为“area”的一条"),
]


def test_a_condition_is_no_program(town):
    for when, said in CONDITIONS:
        [problem] = run(town, changed(town, ("材料", "什么时候要", when)))
        assert problem.startswith("“材料”表第 2 行“什么时候要”列（R2）：") and said in problem
    data = changed(town, ("材料", "什么时候要", CONDITIONS[0][0]), ("材料", "份数", "两份"))
    assert len(run(town, data)) == 2


def test_problems_are_all_told_up_to_a_limit(town, monkeypatch):
    monkeypatch.setattr(reading, "MOST_TOLD", 3)
    found = tables(books.exported(town))
    for row in range(1, 6):
        put(found, "材料", "份数", "几份", row)
    problems = importing.plan(town, book(found)).problems
    assert (len(problems.told), problems.more) == (3, 2)


def test_too_many_items_are_too_many(town, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ITEMS", 2)
    problems = run(town, books.exported(town))
    assert "一次最多导入 2 个事项" in problems[0] and "“事项”表第 4 行" in problems[0]


def test_a_list_no_one_could_read_is_refused(town, monkeypatch):
    monkeypatch.setattr(reading, "MAX_RECORDS", 1)
    assert any("超过了 1 行" in problem for problem in run(town, books.exported(town)))


CLAIMS = [
    ("实施单位", "没有这个单位", "施行过的事项不能在表格里换单位"),
    ("版本", 7, "这个事项没有第 7 版"),
    ("版本", None, "要改它，请先导出"),
    ("校验码", "0000", "“校验码”和系统里的不一样"),
    ("事项编码", "ZZ-9", "本镇没有编码为“ZZ-9”的事项"),
    ("事项名称", " ", "请写明事项名称"),
    ("事项名称", "长" * 121, "最多 120 个字"),
]


def test_what_a_row_claims_must_be_so(town):
    for column, value, said in CLAIMS:
        found = tables(books.exported(town))
        code = found["事项"][1][0]
        put(found, "事项", "办什么", "改了。")
        put(found, "事项", column, value)
        if column == "事项编码":
            for rows in found.values():
                for row in rows[1:]:
                    row[0] = value if row[0] == code else row[0]
        problems = run(town, book(found))
        assert len(problems) == 1 and said in problems[0], (column, value, problems)


def test_a_file_cannot_be_named_into_a_guide(town):
    found = tables(books.exported(town))
    found["文件"].append(["LM-001", None, "空白表格", "id", "样表.pdf", "ab" * 32])
    [problem] = run(town, book(found))
    assert "系统里没有这份文件" in problem


def test_a_form_of_one_item_may_serve_another(town):
    found = tables(books.exported(town))
    form = next(row for row in found["文件"][1:] if row[0] != "LN-001")
    found["文件"].append(["LN-001", 9, *form[2:]])
    assert run(town, book(found))["updated"] == 1
    assert Version.objects.get(item__code="LN-001", number=2).data["files"][-1]["sha256"] == form[-1]


# Others at work -------------------------------------------------------------------------------------------------------


def test_a_stale_sheet_does_not_overwrite_a_colleague(town):
    draft = rules.drafted(town, summary="第一稿。")
    found = tables(books.exported(town, newest=True))
    row = next(number for number, one in enumerate(found["事项"]) if one[0] == "LM-001")
    put(found, "事项", "办什么", "表里改的。", row)
    actions.edit(version=draft, data=draft.data | {"summary": "同事改的。"}, by=staff(CENTRE))
    [problem] = run(town, book(found))
    assert f"{staff(CENTRE).name}在" in problem and "免得盖掉同事写的" in problem
    assert Version.objects.get(pk=draft.pk).data["summary"] == "同事改的。"


def test_an_older_version_is_not_edited_past_a_newer_one_or_a_proposal(town):
    data = changed(town, ("事项", "办什么", "表里改的。"))
    code = tables(data)["事项"][1][0]
    draft = rules.drafted(town, code, summary="同事的草案。")
    [problem] = run(town, data)
    assert "已经有第 2 版（草案）了" in problem
    actions.propose(version=draft, by=staff(CENTRE))
    [problem] = run(town, changed(town, ("事项", "办什么", "表里改的。"), newest=True))
    assert "正在走变动程序（已比对负担）" in problem


@pytest.mark.parametrize("kind", ["edited", "begun", "listed"])
def test_what_happens_between_judging_and_writing_undoes_all_of_it(town, kind):
    draft = rules.drafted(town, "LM-001", summary="第一稿。")
    found = tables(books.exported(town, newest=True))
    for row in range(1, 5):
        put(found, "事项", "办什么", "表里改的。", row)
    found["事项"].append([*found["事项"][1]])
    for column, value in (("事项编码", "XX-9"), ("版本", None), ("校验码", None)):
        put(found, "事项", column, value, 5)
    planned = importing.plan(town, book(found))
    assert planned.counts == {"created": 1, "updated": 4, "unchanged": 0}
    if kind == "edited":
        actions.edit(version=draft, data=draft.data | {"summary": "同事改的。"}, by=staff(CENTRE))
    elif kind == "begun":
        rules.drafted(town, "JF-001", summary="同事的草案。")
    else:
        actions.list_item(town=town, code="XX-9", unit=None, data=draft.data, by=CONSOLE)
    before = everything()
    with pytest.raises(Refused, match="什么都没有导入"):
        importing.carry_out(planned, town=town, by=CONSOLE, editor=staff(CENTRE))
    assert everything() == before


def test_who_does_not_edit_items_imports_none(town):
    planned = importing.plan(town, changed(town, ("事项", "办什么", "表里改的。")))
    with pytest.raises(Refused, match="编制事项"):
        importing.carry_out(planned, town=town, by=CONSOLE, editor=staff(EDITOR))
    with pytest.raises(Refused, match="编制事项"):
        jobs.receive(town=town, name=XLSX, stream=BytesIO(books.exported(town)), by=staff(EDITOR))


def test_who_keeps_one_units_items_imports_only_those(town):
    keeper, ours = staff("gongdian"), Unit.objects.get(code="power")
    actions.list_item(town=town, code="GD-1", unit=ours, data=Version.objects.first().data, by=CONSOLE)
    found = tables(books.exported(town))
    row = next(number for number, one in enumerate(found["事项"]) if one[0] == "GD-1")
    put(found, "事项", "办什么", "供电所改的。", row)
    planned = importing.plan(town, book(found), editor=keeper)
    assert planned.counts == {"created": 0, "updated": 1, "unchanged": 4}
    importing.carry_out(planned, town=town, by=CONSOLE, editor=keeper)
    other = next(number for number, one in enumerate(found["事项"]) if one[0] == "LM-001")
    put(found, "事项", "办什么", "供电所改的。", other)
    [problem] = importing.plan(town, book(found), editor=keeper).problems.told
    assert "您只编制本单位的事项" in problem.sentence
    planned = importing.plan(town, book(found))
    with pytest.raises(Refused, match="您只编制本单位的事项"):
        importing.carry_out(planned, town=town, by=CONSOLE, editor=keeper)
    assert Item.objects.get(code="LM-001").versions.count() == 1


def test_an_item_leaves_a_unit_that_was_dissolved(town):
    Unit.objects.filter(name="林业站").update(dissolved_on=timezone.localdate())
    found = tables(books.exported(town))
    row = next(number for number, one in enumerate(found["事项"]) if one[0] == "LM-001")
    put(found, "事项", "实施单位", "便民服务中心", row)
    assert run(town, book(found))["updated"] == 1
    assert Item.objects.get(code="LM-001").unit.name == "便民服务中心"
    assert run(town, book(found)) == {"created": 0, "updated": 0, "unchanged": 4}


def test_the_console_leaves_the_name_of_whoever_wrote_the_draft(town):
    draft = rules.drafted(town, "LM-001", summary="第一稿。")
    row = next(n for n, one in enumerate(tables(books.exported(town, newest=True))["事项"]) if one[0] == "LM-001")
    planned = importing.plan(town, changed(town, ("事项", "办什么", "改。", row), newest=True))
    importing.carry_out(planned, town=town, by=CONSOLE)
    draft.refresh_from_db()
    assert (draft.data["summary"], draft.edited_by) == ("改。", staff(CENTRE))


def test_a_dissolved_unit_takes_no_new_item(town):
    Unit.objects.filter(name="林业站").update(dissolved_on=timezone.localdate())
    found = tables(books.exported(town))
    found["事项"].append([*found["事项"][1]])
    for column, value in (("事项编码", "XX-9"), ("版本", None), ("校验码", None), ("实施单位", "林业站")):
        put(found, "事项", column, value, 5)
    [problem] = run(town, book(found))
    assert "“林业站”已经撤销" in problem


# Sent in at the desk --------------------------------------------------------------------------------------------------


def sent(town, data, name=XLSX):
    return jobs.receive(town=town, name=name, stream=BytesIO(data), by=staff(CENTRE))


def worked(job):
    jobs.work(jobs.claim())
    job.refresh_from_db()
    return job


def test_a_file_sent_in_is_worked_on_and_says_what_became_of_it(town):
    data = changed(town, ("事项", "办什么", "表里改的。"))
    job = sent(town, data)
    assert sent(town, data) == job
    job = worked(job)
    assert (job.state, job.counts) == (ImportState.DONE, {"created": 0, "updated": 1, "unchanged": 3})
    assert Version.objects.filter(state=VersionState.DRAFT).count() == 1
    assert jobs.claim() is None


def test_a_flawed_file_keeps_the_list_of_its_cells(town):
    job = worked(sent(town, changed(town, ("材料", "份数", "两份"))))
    assert job.state == ImportState.REFUSED
    assert job.problems == [["“材料”表第 2 行“份数”列（I2）", "要填整数，不带单位和小数，现在是“两份”。"]]
    assert not Version.objects.filter(state=VersionState.DRAFT).exists()


def test_a_process_that_died_is_begun_again_and_after_three_times_no_more(town):
    job = sent(town, changed(town, ("事项", "办什么", "表里改的。")))
    for _ in range(3):
        assert jobs.claim() == job.pk
        assert jobs.claim() is None
        CatalogueImport.objects.update(touched_at=timezone.now() - jobs.SILENT - timedelta(seconds=1))
    assert jobs.claim() is None
    job.refresh_from_db()
    assert job.state == ImportState.REFUSED and "中断" in job.problems[0][1]


def test_a_file_begun_twice_is_written_once(town):
    job = sent(town, changed(town, ("事项", "办什么", "表里改的。")))
    pk = jobs.claim()
    late = CatalogueImport.objects.get(pk=pk)
    CatalogueImport.objects.update(touched_at=timezone.now() - jobs.SILENT - timedelta(seconds=1))
    jobs.work(jobs.claim())
    before = everything()
    jobs._refuse(late, [["", "迟了"]], 0)
    job.refresh_from_db()
    assert (job.state, everything()) == (ImportState.DONE, before)


def with_part(name, data=b"x"):
    """A workbook that carries one more part."""
    out = BytesIO(book({"事项": [["事项编码"]]}))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("目录.xlsx", b"a,b\n1,2\n", "文本文件"),
        ("目录.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le"), "另存为 .xlsx"),
        ("目录.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"), "加了密码"),
        ("目录.xlsx", b"", "空的"),
        ("目录.xlsm", with_part("xl/vbaProject.bin"), "宏程序"),
        ("目录.xlsx", with_part("xl/media/x.bin", b"0" * 40_000_000), "展开后大得不正常"),
    ],
)
def test_what_is_no_workbook_is_refused_at_the_door(town, name, data, said):
    with pytest.raises(Refused, match=said):
        sent(town, data, name)
    assert not CatalogueImport.objects.exists()
