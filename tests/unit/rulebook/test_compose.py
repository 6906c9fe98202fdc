"""一件事 asks everything once, and never more than its parts together."""

import copy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.lib.errors import Refused
from mingtang.rulebook import situations
from mingtang.rulebook.compose import Piece, compose, composed_anew, saved
from mingtang.rulebook.fees import bill
from mingtang.rulebook.requirements import listed, situated, text
from mingtang.rulebook.spec import Enclosure, Fee, Material, Option, Situation, Work, parse
from tests.factories.specs import row

pytestmark = pytest.mark.pure
SPECS = {code: parse(copy.deepcopy(data)) for code, _, data in ITEMS}
HOUSE, ELDER = SPECS["JF-001"], SPECS["LN-001"]
FOREST = replace(SPECS["LM-001"], power_holder="own", listing=HOUSE.listing)
HOME = Piece("JF-001", 1, HOUSE)
TREES = Piece("LM-001", 3, FOREST)
CARD = Piece("LN-001", 2, ELDER)
WHERE = row(Situation, key="where", question="在哪里？", options=[
    {"key": "in", "label": "村里", "bars": ""}, {"key": "out", "label": "村外", "bars": ""}
])  # fmt: skip
NAME, DAY = "建房伐木一件事", date(2026, 6, 1)


def piece(code: str, spec=FOREST, **values) -> Piece:
    return Piece(code, 1, replace(spec, **values))


def paper(key: str, name: str = "地块证明", **values) -> Material:
    said = {
        "copies": 1,
        "issuer": "村民委员会",
        "form": "原件",
        "medium": "paper",
        "source": "10",
        "standard": "清楚",
        "basis": "演示",
    }
    return row(Material, key=key, name=name, **{**said, **values})


def step(key: str, name: str, post: str = "forest-check", days: int = 1, **values) -> Work:
    return row(Work, key=key, name=name, post=post, working_days=days, standard="看", basis="演示", **values)


def test_the_demo_items_make_one_thing_that_passes_the_gate():
    joined = compose(NAME, [HOME, TREES])
    issues = [*text.six(joined), *text.rules(joined), *listed.rules(joined), *situated.rules(joined)]
    assert [issue.sentence for issue in issues] == []
    assert [(part.code, part.version) for part in joined.parts] == [("JF-001", 1), ("LM-001", 3)]
    assert {result.name for result in joined.results} >= {"农村宅基地批准书", "林木采伐许可证"}


def test_steps_run_side_by_side_and_the_promise_is_one():
    one = piece("A-1", steps=(step("a", "甲一", days=2), step("b", "甲二", days=3)), promised_days=6)
    two = piece("B-1", steps=(step("a", "乙一", days=4),), promised_days=5)
    joined = compose(NAME, [one, two])
    assert [(row.key, row.name, row.group) for row in joined.steps] == [
        ("a", "甲一", "round_1"), ("p2_a", "乙一", "round_1"), ("b", "甲二", None),
    ]  # fmt: skip
    assert joined.promised_days == 7, "four days side by side and three after them"


def surveyed(code: str, days: int, when: str) -> Piece:
    area = row(Situation, key="area", question="多大？", unit="亩", most=9)
    return piece(code, situations=(area,), steps=(step("a", "现场踏勘", days=days, when=when, when_label=when[-1]),))


def test_one_visit_serves_two_items():
    [merged] = compose(NAME, [surveyed("A-1", 2, "area > 7"), surveyed("B-1", 2, "area < 3")]).steps
    assert (merged.group, merged.working_days, merged.when) == (None, 2, "(area > 7) or (area < 3)")
    assert merged.when_label == "7或者3"
    [merged] = compose(NAME, [surveyed("A-1", 1, "area > 1"), surveyed("B-1", 2, "area >= 2")]).steps
    assert (merged.working_days, merged.when) == (2, "area > 1")


def test_nobody_waits_for_a_visit_that_is_another_items():
    joined = compose(NAME, [surveyed("A-1", 1, "area > 1"), surveyed("B-1", 2, "area > 5")])
    assert [(row.working_days, row.when, row.group) for row in joined.steps] == [
        (1, "area > 1", "round_1"), (2, "area > 5", "round_1"),
    ]  # fmt: skip


def test_who_needs_a_paper_for_one_part_brings_what_that_part_asks():
    one = piece("A-1", situations=(WHERE,), materials=(paper("p"),))
    two = piece("B-1", situations=(WHERE,), materials=(paper("q", copies=2, when="where == 'in'", when_label="村里"),))
    joined = compose(NAME, [one, two])
    assert [(row.copies, row.when, row.when_label) for row in joined.materials] == [
        (2, "where == 'in'", "村里"), (1, "(not (where == 'in'))", "不是村里的"),
    ]  # fmt: skip


def test_what_two_parts_ask_for_is_handed_in_once():
    one = piece("A-1", materials=(paper("p", copies=1, medium="either"),))
    two = piece("B-1", materials=(paper("q", copies=2, note="盖章"), paper("p", "另一份")))
    joined = compose(NAME, [one, two])
    assert [(row.key, row.name, row.copies, row.medium) for row in joined.materials] == [
        ("p", "地块证明", 2, "paper"), ("p2_p", "另一份", 1, "paper"),
    ]  # fmt: skip
    assert joined.materials[0].note == "盖章"


def test_whoever_fetches_a_paper_fetches_it_for_all():
    one, two = piece("A-1", materials=(paper("p"),)), piece("B-1", materials=(paper("p", fetched_by_us=True),))
    [merged] = compose(NAME, [one, two]).materials
    assert (merged.fetched_by_us, merged.copies) == (True, 0)


def test_what_one_part_gives_another_does_not_ask_of_the_applicant():
    giving = HOUSE.results[0].name
    joined = compose(NAME, [HOME, piece("B-1", FOREST, materials=(paper("p", f"{giving}原件"),))])
    [passed] = [row for row in joined.materials if giving in row.name]
    assert passed.fetched_by_us


def test_the_same_question_is_asked_once_and_another_under_the_same_key_apart():
    other = replace(WHERE, question="种在哪里？")
    one = piece("A-1", situations=(WHERE,), materials=(paper("p", when="where == 'in'", when_label="村里"),))
    two = piece("B-1", situations=(WHERE,), materials=(paper("q", "乙", when="where == 'out'", when_label="村外"),))
    three = piece("C-1", situations=(other,), materials=(paper("r", "丙", when="where == 'in'", when_label="村里"),))
    joined = compose(NAME, [one, two, three])
    assert [row.key for row in joined.situations] == ["where", "p3_where"]
    assert [row.when for row in joined.materials] == ["where == 'in'", "where == 'out'", "p3_where == 'in'"]


def test_forms_follow_their_papers():
    file = Enclosure("sample", "p", "样表.pdf", "0" * 64)
    one = piece("A-1", materials=(paper("p"),), files=())
    two = piece("B-1", materials=(paper("p", "另一份"),), files=(file,))
    assert compose(NAME, [one, two]).files == (replace(file, of="p2_p"),)


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([HOME], "2 到 6 个事项"),
        ([HOME, HOME], "选了两次"),
        ([CARD, piece("B-1", ELDER)], "不用合成"),
        ([HOME, piece("B-1", served=("企业法人",))], "面向的人不同"),
        ([HOME, piece("B-1", power_holder="entrusted")], "职权来源不同"),
        ([HOME, piece("B-1", compose(NAME, [HOME, TREES]))], "本身就是几件事合成的"),
    ],
)
def test_what_cannot_be_one_thing_is_refused(pieces, says):
    with pytest.raises(Refused, match=says) as refused:
        compose(NAME, pieces)
    assert refused.value.field == "parts"


def test_too_many_questions_are_no_single_form():
    many = [
        piece(f"A-{n}", situations=tuple(replace(WHERE, question=f"{n}{m}？") for m in range(6)), steps=FOREST.steps)
        for n in range(3)
    ]
    many = [replace(p, spec=replace(p.spec, situations=tuple(
        replace(s, key=f"k{i}") for i, s in enumerate(p.spec.situations)))) for p in many]  # fmt: skip
    with pytest.raises(Refused, match="合起来太多"):
        compose(NAME, many)


def test_a_sealed_part_seals_the_whole():
    assert compose(NAME, [HOME, piece("B-1", visibility="sealed")]).visibility == "sealed"


def test_what_is_saved_is_counted():
    joined = compose(NAME, [HOME, TREES])
    found = saved(joined, [HOME, TREES])
    assert (found.visits, found.days) == (1, HOUSE.promised_days + FOREST.promised_days - joined.promised_days)


def test_composed_anew_keeps_what_the_editor_set():
    joined = replace(compose(NAME, [HOME, TREES]), summary="镇里自己的话。", phone="0730-5550033")
    newer = replace(TREES, version=4, spec=replace(FOREST, materials=(*FOREST.materials, paper("extra"))))
    fresh = composed_anew(joined, [HOME, newer])
    assert (fresh.summary, fresh.phone, fresh.parts[1].version) == ("镇里自己的话。", "0730-5550033", 4)
    assert any(row.name == "地块证明" for row in fresh.materials)


whens = st.sampled_from(["", "where == 'in'", "where == 'out'"])
papers = st.lists(
    st.builds(
        lambda name, when, copies, fetched: paper(
            name, {"a": "甲证", "b": "乙证", "c": "丙证"}[name], when=when, when_label="x" if when else "",
            copies=copies, fetched_by_us=fetched,
        ),
        st.sampled_from("abc"), whens, st.integers(1, 3), st.booleans(),
    ),
    max_size=3, unique_by=lambda row: row.key,
)  # fmt: skip


def worked(number: int, days: int, when: str) -> Work:
    return step(f"s{number}", f"环节{number}", days=days, when=when, when_label="x" if when else "")


def charged(number: int, amount: int, when: str) -> Fee:
    return row(Fee, name=f"费{number}", amount=amount, per="件", when=when, when_label="x" if when else "")


works = st.lists(
    st.builds(worked, st.integers(0, 9), st.integers(1, 5), whens),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row.key,
)
charges = st.lists(
    st.builds(charged, st.integers(0, 2), st.integers(1, 900), whens), max_size=2, unique_by=lambda fee: fee.name
)
pieces = st.builds(
    lambda materials, steps, fees: replace(
        FOREST, situations=(WHERE,), materials=tuple(materials), steps=tuple(steps), fees=tuple(fees), promised_days=3
    ),
    papers, works, charges,
)  # fmt: skip


@given(pieces, pieces)
def test_a_joint_thing_never_asks_more_than_its_parts_together(one, two):
    parts = [Piece("A-1", 1, one), Piece("B-1", 1, two)]
    joined = compose(NAME, parts)
    for answers in situations.combinations(joined):
        mine = situations.selected(joined, answers)
        apart = [situations.selected(spec, answers) for spec in (one, two)]
        asked = {row.name: row.copies for row in mine.asked}
        for name, copies in asked.items():
            assert copies <= sum(row.copies for part in apart for row in part.asked if row.name == name)
        needed = {row.name for part in apart for row in part.materials}
        assert {row.name for row in mine.materials} == needed, "no part lacks a paper it needs"
        total = sum(
            bill(spec, answers, day).total for spec in (one, two) for day in [__import__("datetime").date.today()]
        )
        assert bill(joined, answers, __import__("datetime").date.today()).total <= total
        longest = situations.longest_way(joined, answers)
        assert longest <= sum(situations.longest_way(spec, answers) for spec in (one, two))
        assert longest <= joined.promised_days


def test_options_stay_as_they_are():
    assert Option("in", "村里", "") in compose(NAME, [piece("A-1", situations=(WHERE,)), HOME]).situations[0].options
