"""A collection of laws: articles split right, dates checked, what is odd said by field."""

import json
import lzma
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.rulebook.laws.reading import read_law, read_laws, split

pytestmark = pytest.mark.pure
BODY = """## 第一章 总则

第一条 为了演示，制定本条例。

第二条 甲。

乙。

（一）丙。

第二条之一 丁。

第三条 本条例自2021年7月1日起施行。"""
LAW = {
    "id": "a-1",
    "title": "演示条例",
    "level": "行政法规",
    "publish_date": "2021-05-21",
    "effective_date": "2021-07-01",
    "expired": False,
    "articles": 4,
    "body": BODY,
}


def fields(reading):
    return {problem.field for problem in reading.problems}


@pytest.mark.shared
def test_the_articles_of_the_real_collection_are_split_as_it_counts_them(shared):
    readings = list(read_laws(shared / "data/laws_corpus/laws_sample.jsonl.xz"))
    assert len(readings) == 349
    differ = [row.title for row in readings for problem in row.problems if "来源说有" in problem.sentence]
    assert differ == []
    assert sum(row.numbered for row in readings) == 15668
    refused = [row.title for row in readings if row.reasons]
    assert len(refused) == 3, "the three court cases are no law"
    assert all(row.effective_on for row in readings if not row.reasons)


def test_headings_are_left_out_and_paragraphs_stay_with_their_article():
    reading = read_law(LAW)
    assert [row.label for row in reading.articles] == ["第一条", "第二条", "第二条之一", "第三条"]
    assert reading.articles[1].text == "甲。\n乙。\n（一）丙。"
    assert not reading.problems and not reading.reasons


def test_a_mention_of_an_article_inside_a_sentence_begins_none():
    assert [row.number for row in split("第一条 依照第二条的规定。\n第五条的规定不适用。\n第二条 完。")] == [1, 2]


def test_a_text_without_articles_is_kept_whole():
    (only,) = read_law({**LAW, "body": "一、甲。\n二、乙。", "articles": 0}).articles
    assert (only.label, only.text) == ("全文", "一、甲。\n二、乙。")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"articles": 5}, "articles"),
        ({"body": BODY + "\n第二条 又一个。"}, "articles"),
        ({"body": "第二条 乙。\n第一条 甲。", "articles": 2}, "articles"),
        ({"body": "第一条\n第二条 乙。", "articles": 2}, "articles"),
        ({"publish_date": "2021-13-01"}, "published_on"),
        ({"effective_date": "2021-05-01"}, "effective_on"),
        ({"abolished_on": "2020-01-01"}, "abolished_on"),
        ({"publish_date": "0021-05-21"}, "published_on"),
        ({"expired": "是"}, "expired"),
    ],
)
def test_what_is_odd_is_said_by_field(changes, field):
    reading = read_law({**LAW, **changes})
    assert field in fields(reading)
    assert all(problem.sentence.endswith("。") for problem in reading.problems)


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": "甲" * 201}, {"level": "案例"}, {"level": None}, {"body": ""}, {"body": 3}]
)
def test_what_is_no_law_is_refused_with_a_reason(changes):
    assert read_law({**LAW, **changes}).reasons


@pytest.mark.parametrize(
    ("changes", "expected", "inferred"),
    [
        ({}, date(2021, 7, 1), False),
        ({"publish_date": "2024-02-03"}, date(2024, 2, 3), True),
        ({"publish_date": None}, date(2021, 7, 1), False),
        ({"publish_date": None, "history": ["2023年3月4日 修正"]}, date(2023, 3, 4), True),
        ({"body": "第一条 甲。"}, date(2021, 5, 21), True),
    ],
)
def test_a_missing_day_of_effect_is_read_from_the_text_unless_the_wording_is_younger(changes, expected, inferred):
    reading = read_law({**LAW, "effective_date": None, **changes})
    assert (reading.effective_on, reading.inferred) == (expected, inferred)
    assert ("effective_on" in fields(reading)) is inferred


def test_without_any_day_a_law_is_refused():
    bare = {**LAW, "effective_date": None, "publish_date": None, "body": "第一条 甲。自2021年2月30日起施行。"}
    assert "施行日期" in read_law(bare).reasons[0]


@given(st.dictionaries(st.sampled_from(sorted(LAW)), st.none() | st.booleans() | st.integers() | st.text(max_size=30)))
def test_no_record_breaks_the_reader(record):
    reading = read_law(record)
    assert reading.reasons or (reading.title and reading.level and reading.effective_on and reading.articles)


def test_lines_that_are_no_record_say_so_and_the_rest_is_read(tmp_path):
    path = tmp_path / "laws.jsonl"
    path.write_bytes(b"{\n\n[1]\n\xff\xfe\x00\n" + json.dumps(LAW).encode() + b"\n")
    *bad, good = read_laws(path)
    assert len(bad) == 3 and all(row.reasons for row in bad)
    assert good.title == "演示条例" and good.origin == "laws.jsonl:5"


def test_a_packed_file_is_read_and_a_damaged_one_refused(tmp_path):
    path = tmp_path / "laws.jsonl.xz"
    packed = lzma.compress(json.dumps(LAW).encode())
    path.write_bytes(packed)
    assert [row.title for row in read_laws(path)] == ["演示条例"]
    path.write_bytes(packed[:-20])
    with pytest.raises(Refused, match="坏了"):
        list(read_laws(path))
    with pytest.raises(Refused, match="找不到"):
        list(read_laws(tmp_path / "none.jsonl"))


PASTED = """万庾镇公共厕所管理办法

目　　录
第一章　总则
第二章　管理

第一章　总则
{}为了演示。
{}由镇负责。
第二条规定的责任不转移。
第二章　管理
{}村里协助。
"""


@pytest.mark.parametrize("after", ["　", " ", "", "：", "【目的】"])
def test_a_paper_pasted_from_a_page_loses_its_headings_and_no_article(after):
    """Chapters are not marked there, and often no space stands after the number of an article."""
    heads = [f"第{number}条{after}" for number in "一二三"]
    articles = split(PASTED.format(*heads))
    kept = after if after == "【目的】" else ""
    assert [(row.label, row.text) for row in articles] == [
        ("第一条", f"{kept}为了演示。"),
        ("第二条", f"{kept}由镇负责。\n第二条规定的责任不转移。"),
        ("第三条", f"{kept}村里协助。"),
    ]


def test_a_heading_that_an_article_quotes_stays_in_it():
    assert split("第一条 增加一节：\n第七节 监察委员会\n第二条 乙。")[0].text == "增加一节：\n第七节 监察委员会"


def test_numbers_that_were_not_read_are_named():
    def said(*numbers):
        body = "\n".join(f"第{number}条 甲。" for number in numbers)
        return [row.sentence for row in read_law({**LAW, "body": body, "articles": None}).problems]

    assert said(1, 2, 3) == []
    assert said(2, 3, 5) == ["条号不连续，没有读出第一条、第四条，请核对正文。"]
    assert "第十一条等18条" in said(1, 20)[0]
