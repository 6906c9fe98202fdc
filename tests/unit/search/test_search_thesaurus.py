"""Everyday words: what people say finds what guides call it, and a town may add its own words."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.search import thesaurus
from mingtang.search.asking import asked_for
from mingtang.search.entries import Entry
from mingtang.search.index import Index
from mingtang.search.text import fold
from mingtang.search.thesaurus import COMMON, Thesaurus

TOWN = 7
SENTENCES = Path(__file__).with_name("everyday.jsonl")


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    """Fifty-eight items in the words of guides, without everyday names; and two sentences for each."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    index = Index(tmp_path_factory.mktemp("everyday"))
    index.put(
        Entry(f"item:{n}", TOWN, "item", str(n), row["title"], f"/services/{n}", row["text"])
        for n, row in enumerate(rows)
    )
    return index, rows


def place(index: Index, sentence: str, right: int) -> int:
    """The place from 1 at which the right item stands, 0 when it is not among the first three."""
    found = [hit.source_id for hit in index.query(TOWN, sentence, size=3).hits]
    return found.index(str(right)) + 1 if str(right) in found else 0


@pytest.mark.parametrize("half", [0, 1], ids=["seen while the words were chosen", "held out"])
def test_a_sentence_of_everyday_life_finds_the_item(items, half):
    """Without the thesaurus not four in ten are among the first three."""
    index, rows = items
    places = [place(index, row["asked"][half], n) for n, row in enumerate(rows)]
    assert sum(place > 0 for place in places) / len(rows) >= 0.96
    assert sum(place == 1 for place in places) / len(rows) >= 0.9


def test_every_line_of_the_common_words_has_two_sides_and_no_word_stands_twice():
    lines = [line.partition("#")[0].strip() for line in COMMON.read_text(encoding="utf-8").splitlines()]
    sides = [line.split("=") for line in lines if line]
    assert all(len(side) == 2 and all(part.split() for part in side) for side in sides)
    counted = Counter(word for everyday, _ in sides for word in everyday.split())
    assert [word for word, times in counted.items() if times > 1] == []


def test_of_overlapping_words_the_longest_counts():
    words = Thesaurus("养老 = 甲\n养老钱 = 乙 丙")
    assert words.official("养老钱在哪交") == [("乙", "丙")]
    assert words.official("养老，养老钱，养老") == [("甲",), ("乙", "丙")]


def test_a_town_adds_its_own_words_without_a_restart(own_data_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(thesaurus, "LOOK_EVERY", -1)
    index = Index(tmp_path / "index")
    index.put([Entry("item:1", TOWN, "item", "1", "户口迁移", "/services/1", "迁入、迁出登记")])
    assert index.query(TOWN, "挪簿子").total == 0
    (own_data_folder / COMMON.name).write_text("挪簿子 = 户口迁移\n没有等号的一行\n= 空\n", encoding="utf-8")
    assert [hit.key for hit in index.query(TOWN, "挪簿子").hits] == ["item:1"]
    (own_data_folder / COMMON.name).write_bytes(b"\xff\xfe\x00 = \xb0")
    assert index.query(TOWN, "挪簿子").total == 0
    assert index.query(TOWN, "想迁户口").total == 1


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_file_is_words_and_no_question_an_error(file, question):
    for words in Thesaurus(file).official(fold(question)):
        assert words


def test_words_that_only_ask_are_not_looked_for():
    assert asked_for("低保怎么办") == ["低保"]
    assert asked_for("请问在哪里办低保") == ["低保"]
    assert asked_for("怎么办") == ["怎么", "么办"]


def test_the_common_words_are_read_once():
    assert thesaurus.current() is thesaurus.current()
