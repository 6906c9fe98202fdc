"""What stands in an .xlsx, and what its reader of values alone would not see."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingtang.files.spreadsheet import Book, Cell, column_of, letters
from mingtang.lib.errors import Refused
from tests.unit.files import samples

pytestmark = pytest.mark.pure
# What XML holds: no controls but tab and line ends, no halves of characters.
WRITABLE = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00"), min_size=1)


def written(fill, **options) -> Book:
    out = BytesIO()
    made = xlsxwriter.Workbook(out, options)
    fill(made, made.add_worksheet("一"))
    made.close()
    return Book(out.getvalue())


def only(book: Book) -> dict[int, Cell]:
    [row] = book.rows(book.sheets[0])
    return row.cells


@given(st.integers(0, 20_000))
def test_a_column_has_one_name(index):
    assert column_of(letters(index)) == index


def test_columns_are_named_as_the_program_names_them():
    assert [letters(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize("streamed", [True, False], ids=["inline", "shared"])
@settings(max_examples=20)
@given(st.lists(WRITABLE, min_size=1, max_size=20))
@example(["_x000D_", "a\r\nb", " \n ", "\x07", "=1+1", "😀"])
def test_a_text_comes_back_as_it_was(streamed, texts):
    def fill(made, page):
        for index, text in enumerate(texts):
            page.write_string(0, index, text)

    assert only(written(fill, constant_memory=streamed)) == {index: Cell(text) for index, text in enumerate(texts)}


def test_each_kind_of_cell_says_what_it_is():
    def fill(made, page):
        page.write_string(0, 0, "007")
        page.write_number(0, 1, 7)
        page.write_number(0, 2, 1.1)
        page.write_number(0, 3, 46_000, made.add_format({"num_format": "yyyy/m/d"}))
        page.write_number(0, 4, 46_000, made.add_format({"num_format": '0"d"'}))
        page.write_boolean(0, 5, True)
        page.write_formula(0, 6, "=1+1", None, 2)
        page.write_number(0, 7, 1e20)
        page.write_rich_string(0, 8, "一", made.add_format({"bold": True}), "二", "三")

    assert only(written(fill)) == {
        0: Cell("007", "text"),
        1: Cell("7", "number"),
        2: Cell("1.1", "number"),
        3: Cell("2025-12-09", "date"),
        4: Cell("46000", "number"),
        5: Cell("1", "flag"),
        6: Cell("2", "number", True),
        7: Cell("100000000000000000000", "number"),
        8: Cell("一二三"),
    }


def test_the_years_of_a_macintosh_are_others():
    def fill(made, page):
        page.write_datetime(0, 0, date(2026, 2, 1), made.add_format({"num_format": "d.m."}))

    assert only(written(fill, date_1904=True)) == {0: Cell("2026-02-01", "date")}


def test_what_is_merged_or_hidden_is_told():
    def fill(made, page):
        page.write_string(0, 0, "标题")
        page.write_string(3, 0, "藏")
        page.set_row(3, None, None, {"hidden": True})
        page.set_column(2, 4, None, None, {"hidden": True})
        page.merge_range("B3:B7", "并")
        made.add_worksheet("二").hide()

    book = written(fill)
    rows = list(book.rows(book.sheets[0]))
    assert [(row.number, row.hidden) for row in rows] == [(1, False), (3, False), (4, True)]
    assert (book.sheets[0].hidden_columns, book.sheets[0].merged) == ([(2, 4)], ["B3:B7"])
    assert [(sheet.title, sheet.hidden) for sheet in book.sheets] == [("一", False), ("二", True)]


def broken(change) -> bytes:
    """A book with some parts changed by a function of name and bytes."""
    out, again = BytesIO(), BytesIO()
    made = xlsxwriter.Workbook(out)
    made.add_worksheet().write_string(0, 0, "一")
    made.close()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return again.getvalue()


def damage(name, data):
    return data[: len(data) // 2] if "sheet1" in name else data


def missing_text(name, data):
    return b'<?xml version="1.0"?><sst xmlns="x"/>' if "sharedStrings" in name else data


def entities(name, data):
    if "sheet1" not in name:
        return data
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + data[data.index(b"<worksheet") :]


def swelling(name, data):
    return b" " * 50_000_000 + data if "sheet1" in name else data


@pytest.mark.parametrize("change", [damage, missing_text, entities, swelling])
def test_a_damaged_or_dangerous_book_is_one_sentence(change):
    with pytest.raises(Refused, match="请用原来的软件"):
        book = Book(broken(change))
        list(book.rows(book.sheets[0]))


@pytest.mark.parametrize("reference", ["ZZZZZZ1", "1", "XFE1"])
def test_a_cell_outside_every_sheet_is_damage(reference):
    book = Book(samples.book(f'<sheetData><row><c r="{reference}"><v>1</v></c></row></sheetData>'))
    with pytest.raises(Refused, match="已损坏"):
        list(book.rows(book.sheets[0]))


def test_columns_that_are_hidden_by_nonsense_are_read():
    book = Book(samples.book('<cols><col min="x" hidden="1"/></cols><sheetData><row><c><v>1</v></c></row></sheetData>'))
    assert len(list(book.rows(book.sheets[0]))) == 1
