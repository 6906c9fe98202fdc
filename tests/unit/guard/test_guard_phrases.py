"""Fixed phrases, names, and lists shorter than promised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang import guard
from mingtang.guard import Lists
from mingtang.guard.phrases import SET_PHRASES, WRONG, numeral
from mingtang.guard.plain import plain


def found(text: str, kind: str, lists: Lists | None = None) -> list[str]:
    return [f"{f.level} {f.shown}" for f in guard.check(text, lists=lists or Lists()) if f.kind == kind]


@pytest.mark.parametrize(
    "wrong",
    [
        "十九届历中全会",
        "十九届历届中全会",
        "十九届两中全会",
        "二十届三次中全会",
        "二十届三种全会",
        "二十届三中全汇",
        "二十界三中全会",
    ],
)
def test_a_garbled_plenary_session_blocks(wrong):
    assert found(f"全面贯彻党的二十大和{wrong}精神。", "phrase") == [f"block {wrong}"]


@pytest.mark.parametrize(
    "right",
    [
        "党的十九大和十九届历次全会精神",
        "党的十九大和十九届二中、三中全会精神",
        "党的二十届三中全会精神",
        "八届十二中全会",
        "十九届中央历次全会",
        "十九届中央纪委二次全会",
        "县委十三届六次全会",
        "省委十二届五次全会",
        "党的十大、党的十九大、党的二十大",
        "党的第二十次全国代表大会",
        "党的六大纪律",
        "中国特色社会主要矛盾",
        "有中国特色的社会主义道路",
        "社会主义核心价值体系",
        "全国人民代表大会常务委员会委员",
        "新中国特色镇建设",
        "中华人民志愿军",
    ],
)
def test_what_is_right_passes(right):
    assert found(f"认真学习{right}。", "phrase") == []


@pytest.mark.parametrize("wrong", ["党的九十大", "党的二十九大", "党的第三十次全国代表大会"])
def test_a_congress_that_never_was_blocks(wrong):
    assert found(f"学习贯彻{wrong}精神", "phrase") == [f"block {wrong}"]


@given(st.sampled_from(SET_PHRASES), st.data(), st.text("镇政府公开，。", max_size=5))
def test_one_slip_in_a_set_phrase_is_found_and_the_phrase_itself_never(phrase, data, around):
    place = data.draw(st.integers(1, len(phrase) - 2))
    slip = data.draw(st.sampled_from(["replaced", "left out", "doubled", "exchanged"]))
    last = place == len(phrase) - 2
    wrong = {
        "replaced": f"{phrase[:place]}龘{phrase[place + 1 :]}",
        "left out": phrase[:place] + phrase[place + 1 :],
        "doubled": phrase[:place] + phrase[place] + phrase[place:],
        "exchanged": phrase if last else phrase[:place] + phrase[place + 1] + phrase[place] + phrase[place + 2 :],
    }[slip]
    assert found(f"{around}{phrase}{around}", "phrase") == []
    if wrong != phrase:
        assert found(f"{around}，{wrong}，{around}", "phrase")


def test_every_wrong_form_blocks_and_no_right_form_does():
    for wrong, right in WRONG.items():
        assert found(f"学习{wrong}。", "phrase") == [f"block {plain(wrong)}"]
        assert found(f"学习{right}。", "phrase") == []


def test_the_town_adds_its_own_words():
    lists = Lists(
        phrases={"三个代表思想": "“三个代表”重要思想"},
        typos={"万瘦镇": "万庾镇"},
        leaders={"文国强": "镇长"},
        places=frozenset({"兔湖垸村", "万庾镇"}),
    )
    text = "学习三个代表思想。万瘦镇镇长文国祥、文强国镇长到兔胡垸村，镇长文国强说万庾镇好。"
    assert found(text, "phrase", lists) == ["block 三个代表思想"]
    assert found(text, "mistake", lists) == ["warn 万瘦镇"]
    assert sorted(found(text, "name", lists)) == ["warn 万瘦镇", "warn 兔胡垸村", "warn 文国祥", "warn 文强国"]


def test_what_the_town_allows_is_left_but_no_number_and_no_secret():
    lists = Lists(allowed=frozenset({"布署餐馆", "机密★", "13812345678"}))
    assert found("布署餐馆的食品安全", "mistake", lists) == []
    assert found("布署餐馆和布署工作", "mistake", lists) == ["warn 布署"]
    assert guard.blocked(guard.check("机密★", lists=lists)) and guard.blocked(guard.check("13812345678", lists=lists))


def test_a_term_of_the_house_is_no_slip():
    assert guard.check("普遍实行带证上岗制。") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("注重“五个结合”，推进公开。一是要结合改革。二是要结合财政。三是结合投资。四是结合招商。", ["五个结合"]),
        ("做好以下三项工作：\n（一）宣传。\n（二）检查。", ["以下三项工作"]),
        ("抓好三个方面：一是宣传，二是检查，三是总结，四是考核。", ["三个方面"]),
        ("抓好两个方面：一是宣传，二是检查，三是总结。", ["两个方面"]),
        ("下列三项工作：\n（一）甲；\n（二）乙。\n第六条 另一条\n（三）丙", ["下列三项工作"]),
        ("坚持“四个到位”：\n1.思想到位\n2.人员到位\n3.经费到位", ["四个到位"]),
        ("注重“两个结合”。第一，结合改革。第二，结合财政。", []),
        ("增强“四个意识”，做好工作。一是宣传。二是检查。", []),
        ("有下列情形之一的，可以再申请一个名额：\n（一）残疾；\n（二）低保。", []),
        ("暂扣证书一个月至三个月：\n（一）甲；\n（二）乙。", []),
        ("采取下列一项或者几项措施：\n（一）甲；\n（二）乙；\n（三）丙。", []),
        ("抓好三项工作：一是宣传。二是检查。\n二、保障措施\n三是无关", ["三项工作"]),
        ("抓好三项工作：一是宣传。三是检查。四是考核。", []),
    ],
)
def test_a_list_is_counted_against_its_promise(text, said):
    assert found(text, "count") == [f"warn {words}" for words in said]


def test_numerals_up_to_a_hundred():
    assert [numeral(words) for words in ("一", "十", "十二", "二十", "二十一", "九十九")] == [1, 10, 12, 20, 21, 99]
    assert [numeral(words) for words in ("", "一二", "十十", "百", "二十一十")] == [0, 0, 0, 0, 0]
