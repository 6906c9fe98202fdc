"""The catalogue as a spreadsheet: every field has its column, and whatever a spec holds comes back as it was."""

from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingtang.files.spreadsheet import Cell
from mingtang.lib.errors import Refused
from mingtang.rulebook import spec as specs
from mingtang.rulebook.catalogue import cells
from mingtang.rulebook.catalogue.columns import TITLES, Column, Form, columns_of, is_list
from mingtang.rulebook.catalogue.reading import read
from mingtang.rulebook.catalogue.sheets import SHEETS
from mingtang.rulebook.catalogue.writing import Line
from mingtang.rulebook.enums import ExerciseLevel, FeeNature, Medium, Served
from tests.factories.books import written
from tests.factories.specs import data as row

pytestmark = pytest.mark.pure


def _kinds(kind: type = specs.Spec) -> set[type]:
    """A dataclass and all that stand below it."""
    found = {kind}
    for hint in get_type_hints(kind).values():
        for inner in get_args(hint) or (hint,):
            if is_dataclass(inner):
                found |= _kinds(inner)
    return found


def test_every_field_of_a_spec_has_one_column_and_no_column_is_without_a_field():
    assert set(TITLES) == _kinds()
    for kind, titles in TITLES.items():
        hints = get_type_hints(kind)
        shown = {field.name for field in fields(kind) if not is_list(hints[field.name])}
        shown -= {field.name for field in fields(kind) if is_dataclass(hints[field.name])}
        assert set(titles) == shown - ({"conditions"} if kind is specs.Spec else set()), kind.__name__
    assert {sheet.path for sheet in SHEETS} >= {("conditions",), ("situations", "options"), ("fees", "reductions")}


def test_the_columns_of_a_sheet_have_names_of_their_own():
    for sheet in SHEETS:
        assert len(set(sheet.titles)) == len(sheet.titles), sheet.title
    assert len({sheet.title for sheet in SHEETS}) == len(SHEETS)


def test_the_form_of_a_column_fits_the_type_of_its_field():
    takes = {
        Form.WHOLE: int, Form.MONEY: int, Form.FLAG: bool, Form.TEXT: str, Form.WHEN: str, Form.DAY: str,
        Form.CODE: str, Form.CODES: tuple, Form.TEXTS: tuple,
    }  # fmt: skip
    for kind in TITLES:
        hints = get_type_hints(kind)
        for column in columns_of(kind, leave=("conditions",)):
            hint = hints[column.field]
            held = tuple if getattr(hint, "__origin__", None) is tuple else (get_args(hint) or (hint,))[0]
            assert held is takes[column.form], column


def test_labels_that_share_a_cell_hold_no_separator():
    for column in (column for sheet in SHEETS for column in sheet.columns if column.form == Form.CODES):
        assert not any(sign in str(label) for label in column.words.labels for sign in "、，,；;\n"), column


# Any spec ------------------------------------------------------------------------------------------------------------

ODD = [
    "", " ", "\n", "第一行\n第二行", "甲\r\n乙", "=1+1", "+86", "-3", "@x", "＝全角１２３", "😀🎉", "字" * 300, "007",
    "1e5", "2-1", "2026-02-01", "_x000D_", "_x005F_x000D_", "原样：", '原样："x"', "甲、乙", " 首尾空格 ", "\x07",
    "\ufffe", "是", "是、否", "'", "<b>&amp;</b>",
]  # fmt: skip
TEXTS = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
WHOLE = st.integers(-2, 400) | st.integers(-(10**20), 10**20)


def _any(hint: object) -> st.SearchStrategy:
    if is_dataclass(hint):
        return records(hint)
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(_any(get_args(hint)[0]), max_size=2)
    one = {str: TEXTS, int: WHOLE, bool: st.booleans(), type(None): st.none()}
    return st.one_of([one[kind] for kind in (get_args(hint) or (hint,))])


def records(kind: type) -> st.SearchStrategy:
    """Any record that ``spec.parse`` takes: also what no editor would write. Codes are drawn from their lists, too."""
    titles = TITLES[kind]

    def value(name: str, hint: object) -> st.SearchStrategy:
        words = titles[name].words if name in titles else None
        if not words:
            return _any(hint)
        code = st.sampled_from([*words.values, ""])
        return (st.lists(code, max_size=3) if get_args(hint) else code) | _any(hint)

    return st.fixed_dictionaries({name: value(name, hint) for name, hint in get_type_hints(kind).items()})


EMPTY = row(specs.Spec)


@settings(max_examples=40)
@given(st.lists(records(specs.Spec), min_size=1, max_size=3))
@example([EMPTY])
@example([EMPTY | {"name": text, "conditions": [text], "synonyms": [text, text], "served": [text]} for text in ODD])
def test_whatever_specs_hold_comes_back_as_it_was(found):
    lines = [Line(f"T-{number}", "", 1, "草案", data) for number, data in enumerate(found)]
    catalogue = read(written(*lines))
    assert not catalogue.problems, catalogue.problems.told
    assert [entry.data() for entry in catalogue.entries.values()] == found
    for entry in catalogue.entries.values():
        specs.parse(entry.data())


# One cell ------------------------------------------------------------------------------------------------------------

TEXT, WHOLE_COLUMN = Column("x", "某列"), Column("x", "某列", form=Form.WHOLE)
FLAG, MONEY, DAY = (Column("x", "某列", form=form) for form in (Form.FLAG, Form.MONEY, Form.DAY))
CODE = Column("x", "某列", form=Form.CODE, words=Medium)
CODES = Column("x", "某列", form=Form.CODES, words=Served)


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (TEXT, Cell("13800000000", "number"), "13800000000"),
        (TEXT, Cell("0.5", "number"), "0.5"),
        (WHOLE_COLUMN, Cell("３"), 3),
        (WHOLE_COLUMN, Cell("20", "number"), 20),
        (FLAG, Cell(" 是 "), True),
        (FLAG, Cell("0", "flag"), False),
        (MONEY, Cell("12.5", "number"), 1250),
        (MONEY, Cell("￥1,200"), 120_000),
        (DAY, Cell("2026年2月1日"), "2026-02-01"),
        (DAY, Cell("2026-02-01", "date"), "2026-02-01"),
        (CODE, Cell("纸质 或电子"), "either"),
        (CODE, Cell("paper"), "paper"),
        (CODES, Cell("企业法人，自然人\n"), ["企业法人", "自然人"]),
        (Column("x", "某列", form=Form.CODE, words=ExerciseLevel), Cell("镇(乡、街道)"), "5"),
    ],
)
def test_what_people_write_is_understood(column, cell, value):
    assert cells.read(column, cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (TEXT, Cell("2026-02-01", "date"), "改成了日期（2026-02-01）"),
        (TEXT, Cell("11430623006382329000", "number"), "末几位不可靠"),
        (TEXT, Cell("2", "number", True), "公式"),
        (TEXT, Cell("#REF!", "error"), "错误值#REF!"),
        (TEXT, Cell("原样：不是JSON"), "被改过"),
        (CODES, Cell("原样：[1]"), "被改过"),
        (WHOLE_COLUMN, None, "空着"),
        (WHOLE_COLUMN, Cell("两份"), "要填整数，不带单位和小数，现在是“两份”"),
        (WHOLE_COLUMN, Cell("2.5", "number"), "2.5"),
        (FLAG, None, "请填“是”或者“否”"),
        (FLAG, Cell("可能"), "现在是“可能”"),
        (MONEY, Cell("-1", "number"), "不能是负数"),
        (MONEY, Cell("1.005", "number"), "两位小数"),
        (MONEY, Cell("1000000000000", "number"), "过大"),
        (MONEY, Cell("5元/证"), "不是金额"),
        (DAY, Cell("2026-02-30"), "不存在"),
        (CODE, Cell("纸制"), "只能填“纸质”、“电子”、“纸质或电子”，现在是“纸制”"),
        (CODES, Cell("自然人、个体户"), "现在是“个体户”"),
    ],
)
def test_what_cannot_be_taken_over_is_said_with_the_way_to_mend_it(column, cell, said):
    with pytest.raises(Refused, match=said.replace("（", "[（]")):
        cells.read(column, cell)


def test_a_text_that_looks_like_a_formula_is_typed_as_a_text():
    data = written(Line("T-1", "", 1, "草案", EMPTY | {"name": "=cmd|'/C calc'!A0"}))
    catalogue = read(data)
    assert catalogue.entries["T-1"].data()["name"] == "=cmd|'/C calc'!A0"
    assert b"<f>" not in data


def test_a_text_no_cell_can_hold_is_refused_by_item_and_field():
    with pytest.raises(Refused, match="事项 T-1 的“办什么”有 40000 个字"):
        written(Line("T-1", "", 1, "草案", EMPTY | {"summary": "字" * 40_000}))


def test_an_amount_is_a_number_and_a_code_a_label_in_the_sheet():
    assert cells.written(MONEY, 1250) == 12.5
    assert cells.written(Column("x", "某列", form=Form.CODE, words=FeeNature), "fund") == "政府性基金"
    assert cells.written(CODES, ["自然人", "个体户"]) == '原样：["自然人", "个体户"]'
