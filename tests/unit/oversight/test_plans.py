"""Reading a plan: every sentence comes back, what it asks for, of whom and until when. Pure but for the shared file."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.reading import read_path, text_of
from mingtang.oversight import plans
from mingtang.oversight.plans import Guess

PLAN = "\n".join(
    [
        "各村、各单位：",
        "一、总体要求",
        "今年的要求如下。",
        "二、主要任务",
        "（一）公开办事信息。",
        "一是党政办要在2026年6月底前编好目录。二是每季度检查一次。",
        "财务方面，重点公开预算、决算和采购等。",
        "便民服务中心负责开门，民政所负责上门，财政所负责算账。",
        "普遍实行首问责任制、一次性告知制、限时办结制等多种制度。",
    ]
)


def found(text: str = PLAN) -> list[plans.Found]:
    return plans.read(text, 2026)[0]


def test_a_plan_comes_apart_into_tasks_lists_and_what_people_decide():
    lines, titles = plans.read(PLAN, 2026)
    assert titles == {2: "一、总体要求", 4: "二、主要任务", 5: "（一）公开办事信息。"}
    seen = [(one.anchor, one.section, one.guess, one.name) for one in lines]
    assert seen == [
        ("1.1", "", Guess.OPEN, "各村、各单位："),
        ("3.1", "一", Guess.OPEN, "今年的要求如下"),
        ("6.1", "二（一）", Guess.TASK, "党政办要在2026年6月底前编好目录"),
        ("6.2", "二（一）", Guess.TASK, "每季度检查一次"),
        ("7.1.1", "二（一）", Guess.TOPIC, "预算"),
        ("7.1.2", "二（一）", Guess.TOPIC, "决算"),
        ("7.1.3", "二（一）", Guess.TOPIC, "采购"),
        ("8.1.1", "二（一）", Guess.TASK, "便民服务中心负责开门"),
        ("8.1.2", "二（一）", Guess.TASK, "民政所负责上门"),
        ("8.1.3", "二（一）", Guess.TASK, "财政所负责算账"),
        ("9.1.1", "二（一）", Guess.TOPIC, "首问责任制"),
        ("9.1.2", "二（一）", Guess.TOPIC, "一次性告知制"),
        ("9.1.3", "二（一）", Guess.TOPIC, "限时办结制"),
    ]
    by = {one.anchor: one for one in lines}
    assert (by["6.1"].units, by["6.1"].trigger, by["6.1"].on) == (("党政办",), "once", date(2026, 6, 30))
    assert by["6.2"].trigger == "quarter"
    assert by["8.1.2"].units == ("民政所",)


@pytest.mark.parametrize(
    ("sentence", "trigger", "on"),
    [
        ("每月公布一次。", "month", None),
        ("每半年检查一次。", "half", None),
        ("定期公布。", "year", None),
        ("不定期抽查。", "", None),
        ("年底前完成。", "once", date(2026, 12, 31)),
        ("今年要编成册子。", "once", date(2026, 12, 31)),
        ("2月底前报送。", "once", date(2026, 2, 28)),
        ("2028年2月底前报送。", "once", date(2028, 2, 29)),
        ("3月15日以前报送。", "once", date(2026, 3, 15)),
        ("每年1月31日前公布年度报告。", "year", date(2026, 1, 31)),
        ("13月40日前。", "once", None),
        ("一次性告知。", "", None),
        ("加强领导。", "", None),
    ],
)
def test_when_a_sentence_says_until_when(sentence, trigger, on):
    assert plans.when(sentence, 2026) == (trigger, on)


@pytest.mark.parametrize(
    ("name", "names", "likest"),
    [
        ("建设工程招投标", ["工程招投标", "项目审批"], "工程招投标"),
        ("分配", ["扶贫救灾款物分配", "物资分配", "公共资金分配使用"], "物资分配"),
        ("党政办", ["党政办公室", "便民服务中心"], "党政办公室"),
        ("带证上岗制", ["招生", "任免"], ""),
        ("奖", ["奖惩"], ""),
    ],
)
def test_the_likest_name_holds_the_other_in_order(name, names, likest):
    assert plans.likest(name, names) == likest


@given(st.text(alphabet="一二要公开、，。；：！\n（）第章镇所负责每季度年底前1重点方面制等和以及 ", max_size=120))
def test_no_sentence_is_lost_whatever_is_written(text):
    lines, titles = plans.read(text, 2026)
    back = "".join(sentence for _, _, sentence in plans.sentences(text))
    assert "".join(text.split()) == "".join(back.split())
    places = {f"{number}.{place}" for number, place, _ in plans.sentences(text) if number not in titles}
    assert {one.of for one in lines} == places
    assert len({one.anchor for one in lines}) == len(lines)


@pytest.mark.shared
def test_the_towns_plan_gives_the_duties_one_reads_in_it(shared):
    """Counted by reading it: ten headings; five lists of 7, 8, 11, 9 and 6 things; one sentence that gives three units
    each a clause; six sentences that describe or praise; 40 others that ask for something."""
    reading = next(iter(read_path(shared / "data/plan")))
    lines, titles = plans.read(text_of(reading.body_html), 2018)
    assert len(titles) == 10
    lists = Counter(one.of for one in lines if one.guess == Guess.TOPIC)
    assert list(lists.values()) == [7, 8, 11, 9, 6]
    guessed = Counter(one.guess for one in lines)
    assert guessed == {Guess.TASK: 43, Guess.TOPIC: 41, Guess.OPEN: 6}
    shared_out = [one.units for one in lines if one.anchor.startswith("16.2.")]
    assert shared_out == [("党政办",), ("新闻信息中心",), ("司法所",)]
    named = " ".join(one.name for one in lines if one.guess == Guess.TASK)
    wanted = (
        "公开目录", "归纳整理成册", "工作流程图", "摸底和检查", "年度工作计划", "行风评议", "公示栏", "考勤",
        "监督检查", "重点抽查", "公开栏、电子屏幕、政府公报", "全面清理", "学习", "责任追究",
    )  # fmt: skip
    texts = " ".join(one.text for one in lines if one.guess == Guess.TASK)
    assert [word for word in wanted if word not in texts + named] == []
    booklet = next(one for one in lines if "归纳整理成册" in one.text)
    assert (booklet.trigger, booklet.on) == ("once", date(2018, 12, 31))


@pytest.mark.shared
def test_papers_of_other_offices_come_apart_too(shared):
    for reading in read_path(shared / "data/govcn_policies/pages_sample.jsonl"):
        text = text_of(reading.body_html)
        lines, titles = plans.read(text, 2019)
        rest = (sentence for number, _, sentence in plans.sentences(text) if number not in titles)
        back = "".join([*titles.values(), *rest])
        assert Counter("".join(text.split())) == Counter("".join(back.split())), reading.title
        assert lines
        if "政府性融资担保" in reading.title:
            assert len(titles) == 35 and sum(one.guess == Guess.TASK for one in lines) >= 35
