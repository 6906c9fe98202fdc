"""Kinds of documents: what is typed becomes facts and comes back as it was; what is missing is named."""

from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.columns import schemes
from mingtang.disclosure.kinds import PLAIN, Field, Kind, Sheet, kind_of, kinds
from mingtang.disclosure.kinds.facts import Typed, laid_out, missing, take, texts, typed
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


def test_the_pack_is_whole():
    columns = {row.code for scheme in schemes().values() for _, row in scheme.rows}
    personal = ("身份证", "手机", "银行卡", "病", "残疾")
    for kind in kinds().values():
        assert set(kind.columns) <= columns, kind.code
        assert kind.due.days > 0 and kind.about
        for spec in (*kind.fields, *(column for sheet in kind.sheets for column in sheet.columns)):
            # 个人信息: no table that is published has a place for these (constitution 7).
            assert not any(word in spec.label for word in personal), f"{kind.code}: {spec.label}"
        assert all(sheet.columns for sheet in kind.sheets)
    assert kind_of("gone") is PLAIN


def test_the_schemes_hold_what_the_law_and_the_plan_count():
    found = {code: len(scheme.rows) for code, scheme in schemes().items()}
    assert found == {"art20": 15, "art21": 8, "key": 8 + 11 + 9, "area": 26, "theme": 22}
    for scheme in schemes().values():
        assert all(bool(row.rhythm and row.days and row.basis) == scheme.duty for _, row in scheme.rows), scheme.code
