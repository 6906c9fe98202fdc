from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.lib.text import (
    chinese_date,
    chinese_numeral,
    collapse,
    csv_rows,
    full_width_punctuation,
    half_width,
    heading_number,
    normalise,
    parse_date,
    parse_datetime,
    read_text,
    squeeze,
)

DAY = date(2018, 10, 18)


@pytest.mark.parametrize(
    "text",
    ["2018-10-18", "2018年10月18日", "2018/10/18", "2018.10.18", " ２０１８年１０月１８日 ", "2018 年 10 月 18 日"],
)
def test_a_day_is_read_in_every_usual_form(text):
    assert parse_datetime(text) == (DAY, None)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2018-10-18 14:52", time(14, 52)),
        ("2018-10-18T14:52:03", time(14, 52, 3)),
        ("2018年10月18日14时52分", time(14, 52)),
        ("2018年10月18日 14:52:03", time(14, 52, 3)),
        ("2018-10-18T06:52:03Z", time(14, 52, 3)),
        ("2018-10-18T14:52:03.123+08:00", time(14, 52, 3)),
    ],
)
def test_a_time_of_day_is_read_when_stated(text, clock):
    assert parse_datetime(text) == (DAY, clock)


@given(st.dates(date(1000, 1, 1)))
def test_every_day_reads_back(day):
    assert parse_date(day.isoformat()) == parse_date(chinese_date(day)) == day


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2018-02-30", "2018年2月30日不存在"),
        ("2018年13月1日", "2018年13月1日不存在"),
        ("2018-10-18 25:00", "时间"),
        ("", "没有填写"),
        ("昨天", "不是可以识别的日期"),
        ("18-10-18", "不是可以识别的日期"),
        ("2018-10-18 14:52 +99:99", "时区"),
        ("0001-01-01T00:00+14:00", "时区"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_a_sentence(text, word):
    with pytest.raises(Refused, match=word) as refusal:
        parse_date(text, "received")
    assert refusal.value.field == "received"
    assert str(refusal.value).endswith("。")


def test_normal_form_keeps_chinese_punctuation_and_indents():
    assert normalise("\ufeff　　第１条，ＡＢ。  \r\n\r\n①\u200b②\t！\n\n") == "　　第1条，AB。\n\n①② ！"


@given(st.text())
def test_normal_form_is_stable(text):
    assert normalise(normalise(text)) == normalise(text)


def test_widths_and_spaces():
    assert half_width("Ａ１，。") == "A1，。"
    assert squeeze("索 引　号：\u200b００１") == "索引号：001"
    assert collapse(" 一\n 二\u200b ") == "一 二"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("指导思想是:全面贯彻", "指导思想是：全面贯彻"),
        ("今年,要(一)完成.", "今年，要（一）完成。"),
        ("14:52到15:00,共3.5小时.", "14:52到15:00，共3.5小时。"),
        ("见A,B(c)。", "见A,B(c)。"),
        ("网址http://a.cn/b?c=1", "网址http://a.cn/b?c=1"),
        ("好...", "好..."),
    ],
)
def test_punctuation_in_chinese_becomes_full_width(before, after):
    assert full_width_punctuation(before) == after


def test_headings_are_numbered_as_in_official_papers():
    numbers = {0: "零", 1: "一", 10: "十", 12: "十二", 20: "二十", 101: "一百零一", 110: "一百一十", 1010: "一千零一十"}
    for number, words in numbers.items():
        assert chinese_numeral(number) == words
    assert [heading_number(level, 3) for level in (1, 2, 3, 4)] == ["三、", "（三）", "3.", "（3）"]
    with pytest.raises(ValueError):
        chinese_numeral(10000)


def test_files_are_read_in_either_chinese_encoding(tmp_path):
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / encoding
        path.write_bytes("万庾镇".encode(encoding))
        assert read_text(path) == "万庾镇"


def test_a_file_that_is_no_text_or_too_large_or_absent_is_refused(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\xff\xff")
    (tmp_path / "b.txt").write_bytes(b"x" * 100)
    for path, limit in ((tmp_path / "a.bin", 1000), (tmp_path / "b.txt", 99), (tmp_path / "c.txt", 1000)):
        with pytest.raises(Refused, match=r"。$"):
            read_text(path, limit=limit)


def test_csv_rows_carry_their_line_and_skip_empty_ones():
    assert list(csv_rows('a,b\n\n"1\n2",3\n , \n4,5')) == [(1, ["a", "b"]), (4, ["1\n2", "3"]), (6, ["4", "5"])]


@pytest.mark.parametrize("text", ['a,b\n"1,2\n3,4\n', 'a,b\n1,"2', 'a,b\n"1""\n\n'])
def test_a_quote_without_its_other_half_swallows_no_rows(text):
    with pytest.raises(Refused, match="第2行起有一个引号没有成对"):
        list(csv_rows(text))


def test_a_csv_field_beyond_all_measure_is_refused():
    with pytest.raises(Refused, match="第1行"):
        list(csv_rows("a" * 200_000))
