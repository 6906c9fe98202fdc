"""您是不是要找: the right sound in the wrong characters leads to the right word."""

import pytest

from mingtang.search.index import Index
from mingtang.search.suggest import Vocabulary, sound
from tests.unit.search.samples import TOWN, entry, town


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    made = Index(tmp_path_factory.mktemp("index"))
    made.put(town())
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("身份正", "身份证"),
        ("深份证", "身份证"),
        ("宅几地", "宅基地"),
        ("yibao", "医保"),
        ("shenfenzheng", "身份证"),
        ("diji保", "低保"),
        ("医疗保现", "医疗保险"),
        ("财政欲算", "财政预算"),
        ("办理身份正", "办理身份证"),
        ("在农村申请宅几地", "在农村申请宅基地"),
    ],
)
def test_a_misspelt_query_is_put_right(index, typed, meant):
    assert index.query(TOWN, typed).suggestion == meant


@pytest.mark.parametrize(
    "typed", ["身份证", "低保", "宅基地", "政务公开", "农村低保工作", "", "的", "🀄🀄🀄", "xqzwvk", "12345"]
)
def test_what_is_right_or_hopeless_is_left_alone(index, typed):
    assert index.query(TOWN, typed).suggestion is None


def test_a_suggestion_always_finds_something(index):
    for typed in ("身份正", "diji保", "办理身份正"):
        assert index.query(TOWN, index.query(TOWN, typed).suggestion).total > 0


def test_only_the_first_page_suggests(index):
    assert index.query(TOWN, "身份正", page=2).suggestion is None


def test_the_more_frequent_of_equal_words_is_meant():
    vocabulary = Vocabulary([("公示", 9), ("公式", 2), ("攻势", 1)])
    assert vocabulary.nearest("宫室") == "公示"
    assert vocabulary.nearest("攻是") == "攻势"


def test_sound_keeps_letters_and_drops_tones():
    assert sound("身份证a4") == "shenfenzhenga4"


def test_a_vocabulary_is_bounded(monkeypatch):
    monkeypatch.setattr("mingtang.search.suggest._WORDS", 2)
    assert list(Vocabulary([("甲乙", 1), ("丙丁", 3), ("戊己", 2)]).words) == ["丙丁", "戊己"]


def test_words_of_a_removed_entry_are_not_suggested(tmp_path):
    index = Index(tmp_path)
    index.put([entry(1, "殡葬补贴"), entry(2, "其他")])
    index.drop([(TOWN, "document:1")])
    assert index.query(TOWN, "宾葬补贴").suggestion is None
