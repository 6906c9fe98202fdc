import csv
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.disclosure.reading_fields import (
    SHANGHAI,
    BadDate,
    index_number_flaw,
    is_doc_number,
    labelled,
    parse_date,
    tidy_doc_number,
)

steady = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    "said",
    [
        "2018-10-18",
        "2018/10/18",
        "2018.10.18",
        "20181018",
        "2018年10月18日",
        "２０１８年１０月１８日",
        "二〇一八年十月十八日",
    ],
)
def test_a_day_is_read_in_every_usual_way_of_writing(said):
    assert parse_date(said) == date(2018, 10, 18)


@pytest.mark.parametrize(
    "said",
    [
        "2018-10-18 14:52",
        "2018年10月18日 14:52:00",
        "2018-10-18T14:52:00+08:00",
        "2018-10-18T06:52:00Z",
        "2018年10月18日14时52分",
    ],
)
def test_a_moment_is_read_and_is_beijing_time_unless_it_says_otherwise(said):
    assert parse_date(said) == datetime(2018, 10, 18, 14, 52, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "said", ["2018-02-30", "2018-13-01", "2018年10月32日", "0000-01-01", "2018-10-18 25:00", "二〇一八年十三月一日"]
)
def test_a_day_that_does_not_exist_is_named(said):
    with pytest.raises(BadDate, match="不存在"):
        parse_date(said)


@pytest.mark.parametrize("said", ["", "去年", "2018年10月", "10-18", "2018-10-18起"])
def test_what_is_no_whole_date_is_told_how_to_write_one(said):
    with pytest.raises(BadDate, match="请写成"):
        parse_date(said)


@steady
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_survives_being_written(day):
    assert parse_date(f"{day:%Y-%m-%d}") == parse_date(f"{day.year}年{day.month}月{day.day}日") == day


@steady
@given(st.integers(-600_000_000, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_every_moment_survives_being_written(moment):
    assert parse_date(moment.isoformat()) == moment


@steady
@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_bad_date(text):
    try:
        assert isinstance(parse_date(text), date)
    except BadDate as error:
        assert str(error).endswith("。")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("• 索引号:006382329L/2018-1430766", [("index_number", "006382329L/2018-1430766")]),
        ("索 引 号：000014349/2019-00006", [("index_number", "000014349/2019-00006")]),
        ("【发布机构】 万庾镇", [("issuer", "万庾镇")]),
        (
            "发布时间：2018-10-18 来源：万庾镇 浏览次数：12",
            [("published_on", "2018-10-18"), ("source", "万庾镇"), ("views", "12")],
        ),
        ("成文日期：2018年10月18日 | 公开方式：主动公开", [("generated_on", "2018年10月18日"), ("method", "主动公开")]),
        ("标　　题：关于防汛的通知", [("title", "关于防汛的通知")]),
        ("有关文号：见附件", []),
        ("时间：10月20日上午9时", []),
        ("日期：2018-10-18", [("published_on", "2018-10-18")]),
        ("请各村注明来源：某某", []),
    ],
)
def test_labels_are_read_where_a_line_begins_with_one(line, found):
    assert [(name, value) for name, _, _, value in labelled(line)] == found


def test_document_numbers_get_their_right_brackets():
    for said in ("国办发[2019]6号", "国办发（2019）6号", "国办发〔2019〕 6号", "国办发【2019】6号"):
        assert is_doc_number(said)
        assert tidy_doc_number(said) == "国办发〔2019〕6号"
    assert is_doc_number("国令第707号")
    assert not is_doc_number("关于国办发〔2019〕6号文件的通知")


@pytest.mark.parametrize("said", ["../../etc1", "1//2", "/1", "1/", "1?a", "1#a", "无", "a b1", "1" * 61, "<1>"])
def test_what_cannot_be_an_index_number_is_told(said):
    assert index_number_flaw(said).endswith("。")


@pytest.mark.shared
def test_every_real_style_of_index_number_is_accepted(shared):
    with (shared / "data" / "taxonomies" / "real_index_numbers.csv").open(encoding="utf-8") as file:
        numbers = [row["index_number"] for row in csv.DictReader(file)]
    assert len(numbers) >= 4
    for number in [*numbers, "01527918X-2020-153077", "430S00/2022-04005411", "11341702486344515H/202110-00013"]:
        assert index_number_flaw(number) == ""


@pytest.mark.parametrize("text", ["9999-12-31", "1066年10月14日", "00010101"])
def test_a_year_that_nobody_means_is_called_that(text):
    with pytest.raises(BadDate, match="年份不对"):
        parse_date(text)
