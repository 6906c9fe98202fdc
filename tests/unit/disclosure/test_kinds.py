"""Kinds of documents: what is typed becomes facts and comes back as it was; what is missing is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.columns import schemes
from mingtang.disclosure.kinds import PLAIN, Field, Kind, Sheet, kind_of, kinds
from mingtang.disclosure.kinds.facts import Typed, laid_out, missing, take, texts, typed
from mingtang.disclosure.kinds.kind import Period, read
from mingtang.lib.canonical import canonical_json

KIND = Kind(
    "test",
    "试验",
    "通用",
    "",
    fields=(
        Field("year", "年度", "year", required=True),
        Field("sum", "金额", "money"),
        Field("on", "日期", "day"),
        Field("count", "户数", "count", unit="户"),
        Field("share", "面积", "number", unit="亩"),
        Field("way", "方式", "choice", options=("公开招标", "询价")),
        Field("open", "是否公开", "flag"),
        Field("why", "说明", "long"),
    ),
    sheets=(Sheet("rows", "明细表", (Field("name", "品名", required=True), Field("sum", "金额", "money"))),),
)
GOOD = {
    "year": "2026年",
    "sum": "1,234.5",
    "on": "2026年3月1日",
    "count": "1,200",
    "share": "3.50",
    "way": "询价",
    "open": "是",
    "why": "两行\n说明",
}


def test_what_was_typed_is_read_kept_and_written_back_the_same():
    facts, faults = take(KIND, Typed(GOOD, {"rows": [["稻种", "12.50"], ["", ""]]}))
    assert faults == []
    assert facts["fields"] == {
        "year": 2026,
        "sum": 123450,
        "on": "2026-03-01",
        "count": 1200,
        "share": "3.50",
        "way": "询价",
        "open": True,
        "why": "两行\n说明",
    }
    assert facts["sheets"]["rows"] == {"rows": [["稻种", 1250]], "none": ""}
    canonical_json(facts)
    again = Typed(
        {spec.code: typed(spec, facts["fields"][spec.code]) for spec in KIND.fields},
        {"rows": [[typed(c, v) for c, v in zip(KIND.sheets[0].columns, row, strict=True)] for row in [["稻种", 1250]]]},
    )
    assert take(KIND, again) == (facts, [])


def test_each_value_that_cannot_be_read_is_named_with_its_place():
    wrong = GOOD | {"year": "二〇二六", "sum": "很多", "on": "2026-02-30", "count": "-1", "share": "1/2", "way": "抓阄"}
    _, faults = take(KIND, Typed(wrong, {"rows": [["稻种", "十元"]]}))
    assert [fault.where for fault in faults] == [
        *(f"field-{code}" for code in ("year", "sum", "on", "count", "share", "way")),
        "sheet-rows",
    ]
    assert faults[0].sentence == "“年度”：“二〇二六”不是年份，请写四位数字，例如 2026。"
    assert faults[-1].sentence.startswith("“明细表”第 1 行“金额”：")


def test_a_cell_too_many_is_named_and_never_dropped_in_silence():
    _, faults = take(KIND, Typed(GOOD, {"rows": [["稻种", "1", ""], ["化肥", "1", "2"]]}))
    assert [fault.sentence for fault in faults] == [
        "“明细表”第 2 行有 3 格，这张表只有 2 列。请删去多的，或者看看是不是多了一道竖线。"
    ]


def test_digits_typed_full_width_are_the_same_digits():
    wide = GOOD | {"year": "２０２６年", "count": "１，２００", "share": "３．５０"}
    facts, faults = take(KIND, Typed(wide, {"rows": []}))
    assert not faults
    assert [facts["fields"][code] for code in ("year", "count", "share")] == [2026, 1200, "3.50"]


def test_a_required_table_is_filled_or_says_why_it_is_empty():
    def of(rows=(), none=""):
        facts, faults = take(KIND, Typed(GOOD, {"rows": rows}, {"rows": none}))
        assert not faults
        return [fault.sentence for fault in missing(KIND, facts)]

    assert of() == ["“明细表”是空的。没有数据也要公开空表，请写一句为什么没有。"]
    assert of(none="本年度没有采购。") == []
    assert of([["稻种", "1"]]) == []
    assert of([["稻种", "1"]], "没有") == ["“明细表”有数据，又写了为什么没有。请删掉其中一个。"]
    assert of([["", "1"]]) == ["“明细表”第 1 行还没有填“品名”。"]
    assert [fault.where for fault in missing(KIND, {})] == ["field-year", "sheet-rows"]
    assert list(missing(PLAIN, {})) == []


def test_a_period_is_long_enough_or_tells_why_it_is_shorter():
    fields = (Field("from", "开始", "day"), Field("until", "结束", "day"), Field("why", "缩短的理由"))
    kind = Kind("test", "试验", "通用", "", fields, period=Period("from", "until", 30, "某条例 第一条", "why"))

    def of(until, why="", kind=kind):
        facts, faults = take(kind, Typed({"from": "2026-03-01", "until": until, "why": why}))
        assert not faults
        return [(fault.where, fault.sentence) for fault in missing(kind, facts)]

    assert of("2026-03-31") == of("2026-03-10", "汛期将到") == of("") == []
    told = "从开始到结束只有 29 天，至少要 30 天（某条例 第一条）。请改日期，或者填“缩短的理由”。"
    assert of("2026-03-30") == [("field-until", told)]
    assert of("2026-02-01", "汛期将到") == [("field-until", "结束的日期早于开始的日期，请核对。")]
    firm = replace(kind, period=Period("from", "until", 30, "某条例 第一条"))
    assert of("2026-03-30", "汛期将到", firm)[0][1].endswith("请改日期。")


def test_a_page_shows_units_and_dates_in_words_and_the_guard_reads_every_cell():
    facts, _ = take(KIND, Typed(GOOD, {"rows": [["稻种", "12.50"]]}))
    laid = laid_out(KIND, facts)
    assert ("户数", "1200户") in laid["fields"] and ("日期", "2026年3月1日") in laid["fields"]
    assert laid["sheets"][0]["rows"] == [["稻种", "12.50元"]]
    assert ("明细表第 1 行品名", "稻种") in list(texts(KIND, facts))


cells = st.lists(st.lists(st.text(max_size=30), max_size=4), max_size=6)


@given(st.fixed_dictionaries({spec.code: st.text(max_size=40) for spec in KIND.fields}), cells, st.text(max_size=250))
def test_whatever_is_typed_is_read_or_refused_and_read_again_the_same(fields, rows, none):
    facts, faults = take(KIND, Typed(fields, {"rows": rows}, {"rows": none}))
    canonical_json(facts)
    laid_out(KIND, facts)
    if not faults:
        held = facts["sheets"]["rows"]
        back = Typed(
            {spec.code: typed(spec, facts["fields"][spec.code]) for spec in KIND.fields},
            {"rows": [[typed(c, v) for c, v in zip(KIND.sheets[0].columns, r, strict=True)] for r in held["rows"]]},
            {"rows": held["none"]},
        )
        again, _ = take(KIND, back)
        assert again["fields"] == facts["fields"]


def specs(kind):
    """Every field of a kind and every column of its tables, with the labels that stand beside it."""
    for group in (kind.fields, *(sheet.columns for sheet in kind.sheets)):
        labels = [spec.label for spec in group]
        for spec in group:
            yield spec, labels


def test_the_pack_is_whole():
    columns = {row.code for scheme in schemes().values() for _, row in scheme.rows}
    for kind in kinds().values():
        assert set(kind.columns) <= columns, kind.code
        assert kind.due.days > 0 and kind.due.basis and kind.about and kind.name and kind.group
        assert kind is PLAIN or kind.columns, f"{kind.code} is filed nowhere"
        for spec, labels in specs(kind):
            # The heads of a table tell a spreadsheet's columns apart, and a form's labels its boxes.
            assert labels.count(spec.label) == 1, f"{kind.code}: {spec.label}"
            assert "|" not in spec.label and len(spec.label) <= 16, f"{kind.code}: {spec.label}"
        assert all(sheet.columns and sheet.columns[0].required for sheet in kind.sheets), kind.code
    assert len({kind.name for kind in kinds().values()}) == len(kinds())
    assert kind_of("gone") is PLAIN


SAMPLE = {"day": "2026-03-01", "year": "2026", "money": "12.50", "count": "3", "number": "4.5", "flag": "是"}


def sample(spec):
    return spec.options[0] if spec.options else SAMPLE.get(spec.type, "某事")


@pytest.mark.parametrize("code", sorted(kinds()))
def test_a_kind_is_whole_with_what_it_requires_and_no_more(code):
    kind = kinds()[code]
    fields = {spec.code: sample(spec) for spec in kind.fields if spec.required}
    if kind.period:
        fields |= {kind.period.first: "2026-03-01", kind.period.last: "2026-06-01"}
    sheets = {
        sheet.code: [[sample(column) if column.required else "" for column in sheet.columns]]
        for sheet in kind.sheets
        if sheet.required
    }
    facts, faults = take(kind, Typed(fields, sheets))
    assert (faults, list(missing(kind, facts))) == ([], [])
    # An unticked flag is an answer; every other required place is named when nothing was typed.
    asked = {f"field-{spec.code}" for spec in kind.fields if spec.required and spec.type != "flag"}
    asked |= {f"sheet-{place}" for place in sheets}
    assert {fault.where for fault in missing(kind, take(kind, Typed())[0])} == asked


def test_no_kind_has_a_place_for_what_belongs_to_a_person():
    """个人信息: identity number, telephone, bank card, address, illness (constitution 7)."""
    personal = ("身份证", "手机", "银行卡", "账号", "住址", "出生", "病", "残疾", "户主", "受助人", "领取人", "签字")
    offices = ("咨询电话", "办公电话", "监督电话", "报修电话", "投诉电话", "值班电话")
    for kind in kinds().values():
        for spec, _ in specs(kind):
            assert not any(word in spec.label for word in personal), f"{kind.code}: {spec.label}"
            if spec.label.endswith("电话") and "和" not in spec.label:
                assert spec.label in offices, f"{kind.code}: whose telephone is {spec.label}?"


def test_money_is_money_and_every_number_has_its_unit():
    for kind in kinds().values():
        for spec, labels in specs(kind):
            where = f"{kind.code}: {spec.label}"
            assert "元" not in spec.label, where  # yuan everywhere, and the type says so
            if spec.label.endswith(("金额", "价", "价款", "预算数", "决算数")):
                assert spec.type == "money", where
            if spec.type == "number":
                assert spec.unit or "计量单位" in labels, where


def test_every_duty_of_the_catalogue_can_be_met_by_some_kind():
    duties = {row.code for scheme in schemes().values() if scheme.duty for _, row in scheme.rows}
    assert duties - {code for kind in kinds().values() for code in kind.columns} == set()


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        # 湖南省规范性文件管理办法
        ("normative", "登记号 起草单位 合法性审查意见 审查日期 集体讨论 签署日期 施行日期 清理结果"),
        # 国办发〔2017〕94号, rows of 招标公告
        (
            "tender-notice",
            "招标内容、范围和规模 资金来源 投标资格要求 接受联合体投标 招标文件怎样领 投标截止 监督部门和电话",
        ),
        # 政府采购法实施条例 43
        (
            "procurement-result",
            "采购人和联系方式 代理机构和联系方式 项目名称 项目编号 中标或者成交供应商 供应商地址 中标或者成交金额"
            " 评审专家名单 名称 规格型号 数量 单价 服务要求",
        ),
        # the work plan, below the limit of tender
        ("procurement-bulk", "品名 数量 预算 方式 供应商 成交价 验收人"),
        # 土地管理法实施条例 28
        (
            "land-plan",
            "征收范围 土地现状 征收目的 补偿方式 补偿标准 安置对象 安置方式 社会保障 补偿登记 异议怎样提"
            " 公告开始 公告结束",
        ),
        # 重大行政决策程序暂行条例 15
        ("consultation", "草案 说明 意见怎样提 开始日期 截止日期 缩短的理由"),
        # the same, 32
        ("decision", "意见汇总 意见 是否采纳 理由"),
        # 信息公开条例 20(8) and the form of a board of fees
        ("fee-table", "执收单位 收费项目 依据 收费对象 计费单位 收费标准 减免规定 票据种类 监督电话 投诉电话"),
        # the tables of 部门预算 and 部门决算
        (
            "budget-unit",
            "部门收支总体情况表 部门收入总体情况表 部门支出总体情况表 财政拨款收支总体情况表 一般公共预算支出情况表"
            " 一般公共预算基本支出情况表 一般公共预算三公经费支出情况表 政府性基金预算支出情况表 机关运行经费说明",
        ),
        (
            "accounts-unit",
            "收入支出决算总表 收入决算表 支出决算表 财政拨款收入支出决算总表 一般公共预算财政拨款支出决算表"
            " 一般公共预算财政拨款基本支出决算表 一般公共预算财政拨款三公经费支出决算表"
            " 政府性基金预算财政拨款收入支出决算表 国有资本经营预算财政拨款支出决算表 机关运行经费说明",
        ),
    ],
)
def test_a_kind_asks_for_what_its_law_lists(code, labels):
    kind = kinds()[code]
    asked = {spec.label for spec, _ in specs(kind)} | {sheet.title for sheet in kind.sheets if sheet.required}
    assert set(labels.split()) - asked == set()


def test_a_kind_is_due_and_on_show_as_its_law_says():
    days = {code: (kind.due.days, kind.due.unit) for code, kind in kinds().items()}
    for code in ("budget-town", "accounts-town", "budget-unit", "accounts-unit"):
        assert days[code] == (20, "calendar_days"), code  # 预算法 14
    assert days["tender-candidates"] == (3, "calendar_days")  # 招标投标法实施条例 54
    assert (
        days["procurement-result"] == days["procurement-contract"] == (2, "working_days")
    )  # 政府采购法实施条例 43, 50
    assert days["land-final"] == (15, "working_days")  # 土地管理法实施条例 31
    assert days["notice"] == (20, "working_days")  # 信息公开条例 26
    shown = {code: kind.period.days for code, kind in kinds().items() if kind.period}
    assert (shown["tender-candidates"], shown["consultation"], shown["land-plan"]) == (3, 30, 30)
    assert kinds()["consultation"].period.unless and not kinds()["land-plan"].period.unless


def test_a_pack_that_contradicts_itself_is_refused():
    head = 'code = "x"\nname = "x"\ngroup = "x"\nabout = "x"\n'
    for wrong in (
        'fields = [{ code = "a", label = "a", type = "sum" }]',
        'fields = [{ code = "a", label = "a", type = "choice" }]',
        'fields = [{ code = "a", label = "a" }, { code = "a", label = "b" }]',
        'fields = [{ code = "a", label = "a" }]\n[period]\nfirst = "a"\nlast = "a"\ndays = 3\nbasis = "x"',
    ):
        with pytest.raises(ValueError):
            read(head + wrong)


def test_the_schemes_hold_what_the_law_and_the_plan_count():
    found = {code: len(scheme.rows) for code, scheme in schemes().items()}
    assert found == {"art20": 15, "art21": 8, "key": 8 + 11 + 9, "area": 26, "theme": 22}
    for scheme in schemes().values():
        assert all(bool(row.rhythm and row.days and row.basis) == scheme.duty for _, row in scheme.rows), scheme.code
