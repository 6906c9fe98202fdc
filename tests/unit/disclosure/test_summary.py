"""内容概述: the first sentence that says something."""

import pytest

from mingtang.disclosure.summary import LONGEST, summary

TITLE = "关于延长窗口服务时间的通知"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "各村、社区，镇直各单位：\n为了方便群众赶集日办事，窗口中午不休息。\n一、时间",
            "为了方便群众赶集日办事，窗口中午不休息。",
        ),
        (
            f"{TITLE}\n万政发〔2026〕3号\n一、总的要求\n今年窗口延长服务。下午五点半关门。",
            "今年窗口延长服务。下午五点半关门。",
        ),
        ("（一）时间安排\n各窗口赶集日中午不休息。", "各窗口赶集日中午不休息。"),
        ("", ""),
        ("表一\n合计", ""),
    ],
)
def test_salutations_numbers_and_headings_are_passed_over(text, said):
    assert summary(text, TITLE) == said


def test_a_long_sentence_is_cut_and_a_second_one_that_does_not_fit_left_out():
    long = summary("甲" * 200 + "。", TITLE)
    assert len(long) == LONGEST and long.endswith("…")
    assert summary("甲" * 50 + "。" + "乙" * 40 + "。", TITLE) == "甲" * 50 + "。"
