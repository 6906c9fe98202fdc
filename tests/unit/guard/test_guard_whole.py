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
from mingtang.guard import marks, numbers, wording
from mingtang.guard.plain import plain

TAG = re.compile(r"<[^>]*>")


def blocks(text: str, title: str = "") -> list[str]:
    return [finding.message for finding in guard.check(text, title) if finding.blocks]


@pytest.mark.shared
def test_the_plan_of_the_town_passes_with_advice(shared):
    text = (shared / "data/plan/万庾镇2018年政务公开工作规划.txt").read_text(encoding="utf-8")
    found = guard.check(text, "万庾镇2018年政务公开工作规划")
    assert not guard.blocked(found)
    assert {"punctuation", "mistake"} <= {finding.kind for finding in found}
    assert any("布署" in finding.message for finding in found)


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
    assert found[0].message.startswith("“附件1：名单.xlsx”第1行有手机号码")
    assert guard.check_many([]) == []


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
        value for room in (marks, numbers, wording) for value in vars(room).values() if isinstance(value, re.Pattern)
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
