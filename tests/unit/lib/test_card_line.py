"""What a card reader types: known by what it is, in any order, with any of the usual separators."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.card_line import MAX_LINE, Card, read_card
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import id_check_character

TODAY = date(2026, 3, 16)
BODY = "43062319560308001"
NUMBER = BODY + id_check_character(BODY)
OTHER = "43062319700101001" + id_check_character("43062319700101001")
ADDRESS = "湖南省华容县万庾镇兔湖村3组12号"
WHOLE = Card("文小满", NUMBER, ADDRESS, "2036-05-01")
PARTS = ["文小满", "女", "土家族", "19560308", ADDRESS, NUMBER, "华容县公安局", "20160501-20360501"]
separators = st.sampled_from(["\t", ",", "，", "|", "\n", "\r\n", ";", "^"])


@given(st.permutations(PARTS), separators)
def test_the_order_and_the_separator_do_not_matter(parts, separator):
    assert read_card(separator.join(parts), today=TODAY) == WHOLE


@given(st.permutations([*PARTS[:-1], "20160501", "20360501"]), separators, st.booleans())
def test_first_and_last_day_may_stand_apart_and_the_birth_is_neither(parts, separator, spaced):
    line = separator.join(f" {part}  " if spaced else part for part in parts)
    assert read_card(line, today=TODAY) == WHOLE


@pytest.mark.parametrize(
    ("validity", "until"),
    [
        ("20160501-长期", "长期"),
        ("2016.05.01-2036.05.01", "2036-05-01"),
        ("2016年5月1日至2036年5月1日", "2036-05-01"),
        ("有效期限：2016-05-01至2036-05-01", "2036-05-01"),
        ("2016.05.01-2020.05.01", "2020-05-01"),
        ("20160501", ""),
        ("20169901-20369901", ""),
        ("", ""),
    ],
)
def test_the_validity_is_told_only_where_the_line_says_it(validity, until):
    assert read_card("\t".join([*PARTS[:-1], validity]), today=TODAY).until == until


def test_labels_before_the_parts_are_dropped():
    line = f"姓名:文小满,性别:女,民族:土家,出生:1956年3月8日,住址:{ADDRESS},公民身份号码:{NUMBER.lower()}"
    line += ",签发机关:华容县公安局,有效期限:20160501-20360501"
    assert read_card(line, today=TODAY) == WHOLE


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("高山", "汉"),
        ("白水", "白族"),
        ("古丽·阿不都热合曼", "维吾尔"),
        ("文 小 满", "汉族"),
        ("何路村", "汉"),
        ("欧阳明月", "土家"),
    ],
)
def test_names_that_look_like_something_else(name, people):
    line = "\t".join([name, "男", people, "19560308", ADDRESS, NUMBER, "华容县公安局"])
    assert read_card(line, today=TODAY).name == name.replace(" ", "")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "没有身份证号码"),
        ("文小满\t女\t汉", "没有身份证号码"),
        (f"文小满\t{BODY}{'0' if NUMBER[-1] != '0' else '1'}", "校验位不对"),
        (f"女\t汉\t{NUMBER}", "没有姓名"),
        (f"文小满\t{NUMBER}\t{OTHER}", "两张身份证"),
        ("文" * (MAX_LINE + 1), "太长"),
    ],
)
def test_a_line_that_is_no_card_gets_a_sentence_that_says_what_to_do(line, sentence):
    with pytest.raises(Refused, match=sentence) as caught:
        read_card(line, today=TODAY)
    assert caught.value.message.endswith("再刷一次，或者直接在下面填。")


@given(st.text(max_size=200))
def test_junk_alone_is_refused_in_words_or_carries_a_real_number(line):
    try:
        card = read_card(line, today=TODAY)
    except Refused as refusal:
        assert refusal.message.endswith("。")
    else:
        assert len(card.id_number) == 18 and card.name


junk = st.text(
    st.characters(blacklist_categories=["Lo", "Nd", "No", "Nl"], blacklist_characters="\t\r\n,，|｜;；^"), max_size=12
)


@given(st.permutations(PARTS), st.lists(junk, max_size=4), st.data())
def test_junk_between_the_parts_changes_nothing(parts, more, data):
    for piece in more:
        parts.insert(data.draw(st.integers(0, len(parts))), piece)
    assert read_card("\t".join(parts), today=TODAY) == WHOLE
