"""Terms: what is typed and what is stored come to the same pieces."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mingtang.search.passages import SIZE, passages
from mingtang.search.text import characters, code_key, code_keys, fold, fold_with_offsets, terms

ANY = st.text(max_size=300)


def test_chinese_gives_bigrams_and_a_lone_character_itself():
    assert terms("农村低保") == ["农村", "村低", "低保"]
    assert terms("水") == ["水"]


def test_letters_and_digits_stand_as_they_are_and_compounds_also_whole():
    assert terms("006382329l/2018-1430766") == ["006382329l", "2018", "1430766", "006382329l/2018-1430766"]
    assert terms("5g基站") == ["5g", "基站"]


def test_width_and_case_do_not_matter():
    assert terms(fold("ＷＴＯ２０１８年")) == terms(fold("wto2018年"))
    assert fold("（一）ＡＢｃ") == "(一)abc"


def test_a_document_number_gives_year_and_serial_in_whatever_brackets():
    for written in ("岳政发〔2018〕5号", "岳政发[2018]5号", "岳政发（２０１８）第5号"):
        assert "2018〕5号" in terms(fold(written))


def test_the_key_of_a_number_does_not_depend_on_brackets_dashes_or_blanks():
    assert code_key("岳政发〔2018〕5号") == code_key("岳政发（2018） 5号") == code_key("岳政发[２０１８]5号")
    assert code_key("006382329L/2018-1430766") == code_key("006382329l 2018 1430766")


def test_numbers_are_found_inside_a_sentence():
    keys = code_keys(fold("请问索引号006382329L/2018-1430766是哪份文件"))
    assert code_key("006382329L/2018-1430766") in keys
    assert code_key("岳政发〔2018〕5号") in code_keys(fold("根据岳政发（2018）5号文件"))


def test_single_characters_keep_words_of_other_scripts_whole():
    assert characters("办a4证") == ["办", "a4", "证"]


@given(ANY)
def test_folding_equals_the_standard_character_by_character(text):
    assert fold(text) == "".join(unicodedata.normalize("NFKC", c).casefold() or c for c in text)


@given(ANY)
def test_offsets_lead_every_folded_character_back_to_its_origin(text):
    folded, offsets = fold_with_offsets(text)
    places = offsets if offsets is not None else range(len(text))
    assert len(folded) == len(places)
    rebuilt: dict[int, str] = {}
    for character, place in zip(folded, places, strict=True):
        rebuilt[place] = rebuilt.get(place, "") + character
    assert [rebuilt[i] for i in range(len(text))] == [fold(c) for c in text]


@given(ANY)
def test_a_term_holds_no_blank_and_is_bounded(text):
    for term in terms(fold(text)):
        assert term and not any(c.isspace() for c in term) and len(term) <= 64


@given(st.text(alphabet="一二三。；\n\u3000 甲", max_size=3000))
def test_passages_keep_every_character_but_blanks_and_stay_near_their_size(text):
    pieces = passages(text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= SIZE * 3 // 2 + 2 for piece in pieces)


def test_a_text_without_any_stop_is_cut_all_the_same():
    assert max(len(piece) for piece in passages("长" * 5000)) <= SIZE
