"""Answers select materials, steps and fees; the representatives of answers tell everything a condition can do."""

import copy
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.lib.errors import Refused
from mingtang.rulebook import situations
from mingtang.rulebook.spec import Fee, Material, Option, Situation, Work, parse
from tests.factories.specs import row

pytestmark = pytest.mark.pure
FOREST = parse(copy.deepcopy(next(data for code, _, data in ITEMS if code == "LM-001")))
KIND = row(
    Situation,
    key="kind",
    question="新建还是翻建？",
    options=[
        {"key": "new", "label": "新建", "bars": ""},
        {"key": "old", "label": "翻建", "bars": ""},
        {"key": "field", "label": "占永久基本农田", "bars": "永久基本农田不能建房。"},
    ],
)
AREA = row(Situation, key="area", question="建多大？", unit="平方米", most=300)
PAPER = row(Material, key="right", name="旧房权属证明", when="kind == 'old'", when_label="翻建")
FETCHED = row(Material, key="map", name="地块图", fetched_by_us=True)
BIG = row(
    Work, key="big", name="大面积核查", post="x", when="area > 120 and kind in ('new', 'old')", when_label="超过120"
)
FEE = row(Fee, name="工本费", amount=500, per="本", when="kind == 'new'", when_label="新建")
SPEC = replace(FOREST, situations=(KIND, AREA), materials=(PAPER, FETCHED), steps=(BIG,), fees=(FEE,))


def test_what_holds_is_selected():
    new = situations.selected(SPEC, {"kind": "new", "area": 121})
    assert (new.materials, new.asked, new.steps, new.fees, new.bars) == ((FETCHED,), (), (BIG,), (FEE,), ())
    old = situations.selected(SPEC, {"kind": "old", "area": 120})
    assert (old.asked, old.steps, old.fees) == ((PAPER,), (), ())


def test_an_answer_may_end_the_way_and_says_why():
    assert situations.selected(SPEC, {"kind": "field", "area": 0}).bars == ("永久基本农田不能建房。",)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "ask_kind", "请回答“新建还是翻建？”"),
        ({"kind": "castle", "area": "1"}, "ask_kind", "从列出的答案里选一个"),
        ({"kind": "new", "area": ""}, "ask_area", "没有就填 0"),
        ({"kind": "new", "area": "12.5"}, "ask_area", "只填整数"),
        ({"kind": "new", "area": "-1"}, "ask_area", "只填整数"),
        ({"kind": "new", "area": "301"}, "ask_area", "最多填 300"),
        ({"kind": "new", "area": "1" * 40}, "ask_area", "只填整数"),
    ],
)
def test_an_answer_that_is_none_is_refused_at_its_field(given, field, says):
    with pytest.raises(Refused, match=says) as refused:
        situations.check(SPEC, given)
    assert refused.value.field == field


def test_full_width_digits_are_digits_and_nothing_unasked_is_kept():
    given = {"kind": "new", "area": "１２０", "secret": "x"}
    assert situations.check(SPEC, given) == {"kind": "new", "area": 120}


def test_only_what_steps_ask_for_goes_to_the_process():
    assert situations.flags(SPEC, {"kind": "new", "area": 3}) == {"kind": "new", "area": 3}
    assert situations.flags(replace(SPEC, steps=()), {"kind": "new", "area": 3}) == {}


def test_answers_read_as_people_say_them():
    assert situations.words(SPEC, {"kind": "old", "area": 90}) == [
        ("新建还是翻建？", "翻建"),
        ("建多大？", "90 平方米"),
    ]


@given(
    edges=st.lists(st.integers(0, 40), min_size=1, max_size=3),
    signs=st.lists(st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]), min_size=3, max_size=3),
    option=st.sampled_from(["new", "old", "field"]),
    joined=st.sampled_from([" and ", " or "]),
)
def test_the_representatives_see_every_selection_that_any_answer_can_make(edges, signs, option, joined):
    parts = [f"area {sign} {edge}" for edge, sign in zip(edges, signs, strict=False)]
    when = joined.join([*parts, f"kind == '{option}'"])
    spec = replace(
        SPEC,
        situations=(KIND, replace(AREA, most=41)),
        materials=(replace(PAPER, when=when), replace(PAPER, key="b", when=f"not (area > {edges[0]})")),
    )
    every = [{"kind": kind.key, "area": area} for kind, area in product(KIND.options, range(42))]
    seen = {situations.selected(spec, answers).materials for answers in situations.combinations(spec)}
    assert seen == {situations.selected(spec, answers).materials for answers in every}
    assert situations.how_many(spec) == len(list(situations.combinations(spec)))


def test_an_item_without_situations_has_one_way():
    plain = replace(FOREST, situations=())
    assert list(situations.combinations(plain)) == [{}]
    assert situations.selected(plain, {}).materials == plain.materials


def test_options_are_records_of_their_own():
    assert Option("new", "新建", "") in KIND.options
