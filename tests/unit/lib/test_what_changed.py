"""What changed: both texts can be read back, few words are marked, and the work grows with the length."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.differences import MOST_EDITS, Line, changed, compare, tokens

texts = st.lists(st.text("甲乙丙丁，。12 \t", max_size=12), max_size=12)


def sides(lines: list[Line]) -> tuple[list[str], list[str]]:
    def of(line, gone):
        return "".join(span.text for span in line.spans if span.kind in ("same", gone))

    before = [of(line, "del") for line in lines if line.kind != "ins"]
    return before, [of(line, "ins") for line in lines if line.kind != "del"]


@given(texts, texts)
def test_both_texts_are_read_back_from_what_is_shown(before, after):
    assert sides(compare(before, after)) == (before, after)


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert all(line.kind == "same" for line in compare(text, text))


def shown(before: str, after: str) -> str:
    marks = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    return "".join(marks[span.kind].format(span.text) for span in changed(before, after).spans)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "申请之日起三个工作日内装好通电。",
            "申请之日起两个工作日内装好通电。",
            "申请之日起[-三-][+两+]个工作日内装好通电。",
        ),
        ("收费 1,200.50 元", "收费 1,300 元", "收费 [-1,200.50-][+1,300+] 元"),
        ("荷花村\t86.00\t51.60", "荷花村\t86.00\t60.00", "荷花村\t86.00\t[-51.60-][+60.00+]"),
        ("由民政办负责", "由社会事务办公室负责", "由[-民政办-][+社会事务办公室+]负责"),
        ("原来的话。", "", "[-原来的话。-]"),
    ],
)
def test_words_and_numbers_are_marked_as_people_would(before, after, said):
    assert shown(before, after) == said


def test_a_paragraph_put_between_and_one_that_became_another():
    lines = compare(["标题一", "甲村收费五元。", "结尾"], ["标题一", "新的一段话。", "甲村收费六元。", "结尾"])
    assert [line.kind for line in lines] == ["same", "ins", "changed", "same"]


def test_a_line_beyond_the_bound_is_said_to_be_replaced_whole():
    line = changed("甲" * 30_000, "乙" * 30_000)
    assert line.whole and [span.kind for span in line.spans] == ["del", "ins"]
    many = changed("".join("甲乙" for _ in range(MOST_EDITS)), "".join("丙丁" for _ in range(MOST_EDITS)))
    assert many.whole


def test_twice_as_many_lines_are_about_twice_the_work():
    def steps(size: int) -> int:
        before = [f"第{n}条 各村要按期公开第{n % 7}项资金的去向，写明数额和用途。" for n in range(size)]
        after = [line.replace("按期", "按时") if n % 3 else line for n, line in enumerate(before)]
        done = 0

        def step(*_: object) -> object:
            nonlocal done
            done += 1
            return step

        sys.settrace(step)
        try:
            lines = compare(before, after)
        finally:
            sys.settrace(None)
        assert sum(line.kind == "changed" for line in lines) == sum(1 for n in range(size) if n % 3)
        return done

    half, whole = steps(1_500), steps(3_000)
    assert sum(len(token) for token in tokens("甲" * 10)) == 10
    assert whole < 3 * half
