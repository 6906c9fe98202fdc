"""The words on receipts."""

import hashlib
import unicodedata

import pytest

from mingtang.ledger.words import word_list, words_of


def test_there_are_2048_different_single_characters_in_order():
    words = word_list()
    assert len(words) == len(set(words)) == 2048
    assert all(len(word) == 1 and "\u4e00" <= word <= "\u9fff" for word in words)
    assert list(words) == sorted(words)
    assert all(unicodedata.normalize("NFKC", word) == word for word in words)


def test_the_words_of_the_look_are_in_the_list():
    assert set("稻桥春印") <= set(word_list())


@pytest.mark.parametrize(
    "alike",
    [
        "己已巳",
        "未末",
        "土士",
        "日曰",
        "人入",
        "戊戌戍",
        "干千",
        "天夭",
        "午牛",
        "王玉",
        "田由甲申",
        "目自",
        "冶治",
        "拔拨",
        "莹萤",
        "卯卵",
    ],
)
def test_of_characters_that_look_alike_at_most_one_is_a_word(alike):
    assert len(set(alike) & set(word_list())) <= 1


def test_words_come_from_the_first_44_bits():
    words = word_list()
    assert words_of(bytes(32)) == " ".join([words[0]] * 4)
    assert words_of(b"\xff" * 32) == " ".join([words[2047]] * 4)
    number = 1 << 33 | 2 << 22 | 3 << 11 | 4
    root = (number << 4 | 15).to_bytes(6, "big") + bytes(26)
    assert words_of(root) == " ".join(words[place] for place in (1, 2, 3, 4))


def test_the_list_never_changes():
    """Words printed on paper must stay true: the list is pinned by its hash."""
    assert (
        hashlib.sha256("".join(word_list()).encode()).hexdigest()
        == "8b175b5923629725f28eb218feee0fd4c7231ef02bf69058d6153dd8e0827252"
    )
