"""The guard as a whole: real papers, several parts, positions, hostile input."""

import json
import lzma
import re
import sys
from re import _constants as code
from re import _parser as parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang import guard
from mingtang.guard import counts, dates, marks, numbers, persons, phrases, spelled, tables, wording
from mingtang.guard.plain import plain
from mingtang.lib.identifiers import id_check_character

ID = "43062319850101123" + id_check_character("43062319850101123")
TAG = re.compile(r"<[^>]*>")


def blocks(text: str, title: str = "") -> list[str]:
    return [finding.message for finding in guard.check(text, title) if finding.blocks]


@pytest.mark.shared
def test_the_faults_of_the_towns_plan_are_found_and_nothing_else(shared):
    text = (shared / "data/plan/万庾镇2018年政务公开工作规划.txt").read_text(encoding="utf-8")
    found = guard.check(text, "万庾镇2018年政务公开工作规划")
    assert {finding.shown: (finding.kind, finding.level) for finding in found} == {
        "十九届历中全会": ("phrase", "block"),
        "五个结合": ("count", "warn"),
        "布署": ("mistake", "warn"),
        ":": ("punctuation", "warn"),
    }
    assert "后面写了4个" in next(finding.message for finding in found if finding.kind == "count")


@pytest.mark.shared
def test_what_the_state_published_gives_no_false_alarm(shared):
    """11 papers of the State Council and 349 laws, 2.1 million characters."""
    with (shared / "data/govcn_policies/pages_sample.jsonl").open(encoding="utf-8") as file:
        texts = [TAG.sub("\n", json.loads(line)["content_html"]) for line in file]
    with lzma.open(shared / "data/laws_corpus/laws_sample.jsonl.xz", "rt", encoding="utf-8") as file:
        texts += [json.loads(line)["body"] for line in file]
    assert len(texts) == 360
    kinds = {"phrase", "count", "name", "date", "paper_number", "person", "mobile", "resident_id", "bank_card"}
    assert [f.message for text in texts for f in guard.check(text) if f.kind in kinds] == []


@pytest.mark.shared
def test_the_state_councils_pages_pass_as_text_and_as_source(shared):
    with (shared / "data/govcn_policies/pages_sample.jsonl").open(encoding="utf-8") as file:
        pages = [json.loads(line) for line in file]
    assert len(pages) == 11
    for page in pages:
        assert blocks(TAG.sub("\n", page["page_html"]), page["title"]) == []
        assert blocks(page["page_html"]) == []


@pytest.mark.shared
def test_no_law_of_the_corpus_is_blocked(shared):
    with lzma.open(shared / "data/laws_corpus/laws_sample.jsonl.xz", "rt", encoding="utf-8") as file:
        laws = [json.loads(line) for line in file]
    assert len(laws) == 349
    assert [law["title"] for law in laws if blocks(law["body"], law["title"])] == []


def test_parts_carry_their_label_and_blocks_come_first():
    found = guard.check_many([("正文", "其他材料"), ("附件1：名单.xlsx", "张三 13812345678"), ("附件2", "机密★\n内容")])
    assert [(finding.part, finding.kind) for finding in found] == [
        ("附件1：名单.xlsx", "mobile"),
        ("附件2", "secret"),
        ("正文", "wording"),
    ]
    assert found[0].message.startswith("附件1：名单.xlsx：第1行有手机号码")
    assert guard.check_many([]) == []


@pytest.mark.shared
def test_naughty_strings_pass_through(shared):
    strings = json.loads((shared / "data/security/blns.json").read_text(encoding="utf-8"))
    few = strings[::10]
    lists = guard.Lists(*[dict.fromkeys(few, "无")] * 3, frozenset(few), frozenset(strings[1::10]))
    for string in strings:
        for finding in guard.check(string, string, lists=lists):
            assert len(finding.identity) == 32


def test_a_finding_is_named_by_what_it_is_and_not_by_where_it_stands():
    (one,) = guard.check_many([("正文", "全面贯彻十九届历中全会精神")])
    (other,) = guard.check_many([("正文", "一行字\n学习十九届历中全会")])
    (elsewhere,) = guard.check_many([("附件", "学习十九届历中全会")])
    assert one.identity == other.identity != elsewhere.identity
    assert one.waiver == "second_person"


@pytest.mark.parametrize(
    ("label", "kind", "level", "shown"),
    [
        ("照片位置", "photo", "block", "照片位置"),
        ("附件“走访.jpg”的照片位置", "photo", "block", "照片位置"),
        ("附件“通知.docx”的批注", "leftover", "block", "批注"),
        ("修订", "leftover", "block", "修订"),
        ("附件“通知.docx”的嵌入的文件“a.xlsx”批注", "leftover", "block", "批注"),
        ("附件“通知.docx”的文档属性“作者”", "author", "warn", "文档属性“作者”"),
        ("文档属性“单位”", "author", "warn", "文档属性“单位”"),
        ("附件“名单.xlsx”的隐藏工作表“底册”", "hidden", "warn", "隐藏工作表"),
        ("隐藏的行", "hidden", "warn", "隐藏的行"),
    ],
)
def test_what_is_left_in_a_file_is_told_by_its_label(label, kind, level, shown):
    (finding,) = guard.check_many([(label, "张三")])
    assert (finding.kind, finding.level, finding.part, finding.shown) == (kind, level, label, shown)
    assert finding.message.startswith(f"{label}：") and finding.waiver == "second_person"
    assert guard.check_many([(label, " \n")]) == []


@pytest.mark.parametrize(
    "label", ["", "正文", "附件“隐藏的字.docx”", "附件名“修订.docx”", "文档属性“标题”", "页眉页脚"]
)
def test_other_parts_of_a_file_are_read_like_any_text(label):
    assert guard.check_many([(label, "张三")]) == []


def test_a_secret_and_an_id_number_are_let_through_by_nobody():
    found = guard.check("机密★\n名单：13812345678")
    waivers = {finding.kind: finding.waiver for finding in found if finding.blocks}
    assert waivers["secret"] == "nobody" and waivers["mobile"] == "second_person"
    (number,) = guard.check(f"名单：{ID}")
    assert number.waiver == "nobody" and "张三" not in guard.check(f"张三{ID}李四")[0].shown


@given(st.text(alphabet=st.sampled_from("机密绝秘★* \n\u200b　0123456789xX-./：:，,（）中文a１🀄")))
def test_places_lie_within_the_text_and_nothing_private_is_shown(text):
    assert len(plain(text)) == len(text)
    for finding in guard.check(text):
        start, end = finding.where
        assert 0 <= start < end <= len(text)
        assert finding.message.endswith("。")
        assert not re.search(r"[0-9]{8}", finding.shown)


def patterns() -> list[re.Pattern[str]]:
    return [
        value
        for room in (counts, dates, marks, numbers, persons, phrases, spelled, tables, wording)
        for value in vars(room).values()
        if isinstance(value, re.Pattern)
    ]


def repeats(tree, within: bool = False):
    """Every unbounded repeat that may give back what it took, and whether it stands within another."""
    for operator, argument in tree:
        if operator in (code.MAX_REPEAT, code.MIN_REPEAT):
            unbounded = argument[1] == code.MAXREPEAT
            if unbounded:
                yield within
            yield from repeats(argument[2], within or argument[1] > 1)
        elif operator is code.POSSESSIVE_REPEAT:
            yield from repeats(argument[2], within)
        elif operator is code.SUBPATTERN:
            yield from repeats(argument[3], within)
        elif operator is code.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, within)
        elif operator in (code.ASSERT, code.ASSERT_NOT):
            yield from repeats(argument[1], within)


def test_no_pattern_repeats_a_repeat():
    assert list(repeats(parser.parse(r"(a+)+"))) == [False, True]
    assert len(patterns()) > 15
    for pattern in patterns():
        assert not any(repeats(parser.parse(pattern.pattern))), pattern.pattern


HOSTILE = {
    "digits": "1",
    "spaced digits": "1 ",
    "digits by line": "1\n",
    "births": "43062319850101123",
    "ids": "430623198501011234 ",
    "mobiles": "13812345678 ",
    "cards": "6222 ",
    "ghosts": "1\u200b",
    "levels": "机",
    "wide levels": "机" + " " * 11,
    "marks": "机密★",
    "mark lines": "机密\n",
    "addresses": "http://",
    "commas": "中,",
    "spaces": " ",
    "halves": "社会主义",
    "near phrases": "中国特的社会主义",
    "items": "一是好",
    "bracketed items": "（一）好\n",
    "promises": "“五个结合”",
    "spelled digits": "一",
    "tables": "姓名\t病种\n张三\t癌\n",
    "columns": "姓名\t",
    "persons": "村民张三患",
    "homes": "家住",
    "dates": "2018年10月18日至",
    "labelled dates": "公开日期:2018-10-18 ",
    "paper numbers": "国办发[2018]6号",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_grows_no_faster_than_the_text(unit):
    """Counted in calls, not in time: twice the text may cost little more than twice the calls."""

    def calls(text: str) -> int:
        counted = 0

        def count(frame, event, argument):
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            guard.check(text)
        finally:
            sys.setprofile(None)
        return counted

    guard.check(unit)
    once, twice = calls(unit * 2_000), calls(unit * 4_000)
    assert twice <= 2.2 * once + 1_000


def test_ten_million_digits_are_read_to_the_end():
    found = guard.check("1" * 10_000_000 + " 13812345678")
    assert [finding.kind for finding in found] == ["mobile"]
