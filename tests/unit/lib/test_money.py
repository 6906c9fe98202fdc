import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.lib.money import LIMIT, capital_yuan, format_yuan, parse_yuan, plain_yuan

sums = st.integers(0, LIMIT - 1)


@given(sums)
def test_a_printed_sum_reads_back_as_itself(fen):
    assert parse_yuan(format_yuan(fen)) == fen
    assert parse_yuan(plain_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("￥1,234.50元", 123450),
        ("１２．５０元", 1250),
        ("免费", 0),
        ("人民币5元整", 500),
        ("0.010", 1),
    ],
)
def test_sums_are_read_as_people_write_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "十元", "-1", "1.234", "1,23", "1e3", "9" * 40, "99999999999999", "12元5"])
def test_what_is_no_sum_is_refused_with_a_sentence(text):
    with pytest.raises(Refused, match=r"。$"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"),
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (105, "人民币壹元零伍分"),
        (123450, "人民币壹仟贰佰叁拾肆元伍角整"),
        (1000500, "人民币壹万零伍元整"),
        (10001000_00, "人民币壹仟万壹仟元整"),
        (100000000_00, "人民币壹亿元整"),
        (1_0000_1000_00, "人民币壹亿零壹仟元整"),
        (1_0100_0000_00, "人民币壹亿零壹佰万元整"),
        (20_3004_0056_78, "人民币贰拾亿叁仟零肆万零伍拾陆元柒角捌分"),
    ],
)
def test_capital_numerals_follow_the_vouchers(fen, words):
    assert capital_yuan(fen) == words


@given(sums)
def test_capital_numerals_never_double_or_end_on_zero(fen):
    words = capital_yuan(fen)
    assert "零零" not in words
    assert "零万" not in words and "零亿" not in words
    assert words.endswith(("整", "分"))


def test_a_negative_sum_prints_with_its_sign():
    assert format_yuan(-1250) == "-12.50元"
    assert plain_yuan(-1250) == "-12.50"
