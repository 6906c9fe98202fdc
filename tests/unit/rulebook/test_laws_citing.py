"""Titles and articles as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.text import chinese_numeral
from mingtang.rulebook.laws.citing import Cited, citations, cited_articles, label, numeral, title_key, title_keys

pytestmark = pytest.mark.pure


@given(st.integers(1, 9999))
def test_every_article_number_is_read_back_in_both_scripts(number):
    assert numeral(chinese_numeral(number)) == number == numeral(str(number))
    assert cited_articles(label(number)) == [Cited(number)] == cited_articles(f"第{number}条")


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text):
    for one in cited_articles(text):
        assert 0 <= one.number <= 9999
    list(citations(text))
    assert title_keys(text)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("第六十二条第二款", [Cited(62, 0, "第二款")]),
        ("第62条第2款", [Cited(62, 0, "第2款")]),
        ("第 六十二 条", [Cited(62)]),
        ("第六十二条之一", [Cited(62, 1)]),
        ("第四十七条、第四十八条", [Cited(47), Cited(48)]),
        ("第四十七、四十八条", [Cited(47), Cited(48)]),
        ("第五条至第八条", [Cited(5), Cited(6), Cited(7), Cited(8)]),
        ("第三十二条第一款第一、二项", [Cited(32, 0, "第一款第一、二项")]),
        ("第五条第一款、第七条第二项", [Cited(5, 0, "第一款"), Cited(7, 0, "第二项")]),
        ("（2007年）第十八条", [Cited(18)]),
        ("全文", [Cited(0)]),
        ("附件第48项", [Cited(0, 0, "附件第48项")]),
        ("有关规定", []),
        ("", []),
        ("第零条", []),
    ],
)
def test_articles_are_read_in_every_form(said, expected):
    assert cited_articles(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "行政许可法",
        "《行政许可法》",
        "中华人民共和国行政许可法",
        "《中华人民共和国行政许可法》（2019修订）",
        "行政许可法(2019年第一次修正)",
        " 行政 许可法 ",
    ],
)
def test_a_title_has_one_key_however_it_is_written(said):
    assert title_key(said) == "行政许可法"


def test_a_year_that_belongs_to_the_title_is_kept_and_one_that_does_not_is_forgiven():
    assert title_keys("中华人民共和国宪法修正案（2018年）")[0] == "宪法修正案(2018年)"
    assert "行政许可法" in title_keys("行政许可法（2004年）")
    assert title_key("最高人民法院关于某事的规定（二）").endswith("(二)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("森林法第五十八条：权属证明", [("森林法", "第五十八条")]),
        ("根据《土地管理法实施条例》第三十四条办理", [("土地管理法实施条例", "第三十四条办理")]),
        ("按照森林法和行政许可法第五条", [("行政许可法", "第五条")]),
        ("依据《森林法》（2019年修订）第五十七条", [("森林法", "第五十七条")]),
        ("核验年龄和户籍", []),
        ("填写《申请表》", []),
    ],
)
def test_citations_are_found_in_free_text_and_nothing_else(text, expected):
    assert list(citations(text)) == expected
