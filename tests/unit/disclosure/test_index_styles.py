"""How index numbers are written: real ones are read, what is wrong with one is named, what is written is read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.index_styles import read, styles, write

TODAY = date(2026, 11, 27)
TOWN = "11430623006382329L"


def flaws(number: str, own: str = "") -> str:
    found = read(number, today=TODAY, own=own)
    assert found is not None, number
    return "".join(found.flaws)


@pytest.mark.parametrize(
    ("number", "style", "serial"),
    [
        ("006382329L/2018-1430766", "org", 1430766),
        ("000014349/2017-00110", "code9", 110),
        ("11441700007280420Y/2021-00050", "uscc", 50),
        ("11341702486344515H/202110-00013", "uscc-month", 13),
        ("01527918X-2020-153077", "dash", 153077),
        ("430S00/2022-04005411", "unit", 4005411),
    ],
)
def test_real_numbers_are_of_a_style_and_sound(number, style, serial):
    found = read(number, today=TODAY)
    assert (found.style.code, found.serial, found.flaws) == (style, serial, ())


def test_each_style_reads_its_own_example_and_no_other_does():
    for style in styles().values():
        assert read(style.example, today=TODAY).style == style
        assert [one.code for one in styles().values() if one.pattern.fullmatch(style.example)] == [style.code]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("000014348/2020-35428", "组织机构代码“000014348”有误"),
        ("11441700007280420X/2021-00050", "统一社会信用代码“11441700007280420X”有误"),
        ("006382329M/2018-1430766", "最后一位校验码不对，本镇的是“006382329L”"),
        ("006382329L/1918-1430766", "年份“1918”不对"),
        ("006382329L/2028-1430766", "年份“2028”不对"),
        ("11341702486344515H/202113-00013", "月份“13”不存在"),
        ("006382329L/2018-0000000", "流水号全是零"),
    ],
)
def test_what_is_wrong_with_a_number_is_named(number, said):
    assert said in flaws(number, own=TOWN)


@pytest.mark.parametrize("number", ["", "1", "连政办-2008-3", "006382329L/2018", "006382329L／2018-1", "a/b-c"])
def test_a_style_nobody_told_us_of_is_none(number):
    assert read(number, today=TODAY) is None


@given(
    style=st.sampled_from(sorted(styles())),
    day=st.dates(date(1949, 10, 1), date(2026, 12, 31)),
    serial=st.integers(1, 999_999_999),
)
def test_what_is_written_is_read_back_without_a_flaw(style, day, serial):
    style = styles()[style]
    number = write(style, uscc=TOWN, unit="430623107", day=day, serial=serial)
    found = read(number, today=TODAY, own=TOWN)
    assert (found.style, found.serial, found.flaws) == (style, serial, ())
    assert int(found.parts["year"]) == day.year


@given(
    first=st.tuples(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 999_999_999)),
    second=st.tuples(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 999_999_999)),
)
def test_two_serials_are_never_written_alike(first, second):
    for style in styles().values():
        numbers = {write(style, uscc=TOWN, unit="430623107", day=day, serial=n) for day, n in (first, second)}
        assert len(numbers) == 2 or first[1] == second[1]
