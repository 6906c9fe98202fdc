"""Conditions are chosen, never written: choices and expressions say the same, and code is refused."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.desk.keeping.conditions import AND, OR, Asked, Picked, read, strangers, words, write
from mingtang.flows import expressions
from mingtang.lib.errors import Refused

pytestmark = pytest.mark.pure
KIND = Asked("kind", "是新建还是改建？", (("new", "新建"), ("old", "改建"), ("more", "扩建")))
AGENT = Asked("agent", "请人代办吗？", (("yes", "是"), ("no", "否")))
AREA = Asked("area", "建筑面积", (), "平方米", 500)
ASKED = (KIND, AGENT, AREA)
WORLD = [
    {"kind": kind, "agent": agent, "area": area}
    for kind, agent, area in product(("new", "old", "more"), ("yes", "no"), (0, 4, 5, 6, 119, 120, 121, 500))
]
number = st.sampled_from(["", "0", "5", "120"])


@st.composite
def picks(draw) -> Picked:
    answers = {
        one.key: draw(st.lists(st.sampled_from([key for key, _ in one.options]), unique=True)) for one in (KIND, AGENT)
    }
    low, high = sorted((draw(number), draw(number)), key=lambda text: int(text or 0))
    return Picked(draw(st.sampled_from([AND, OR])), answers, {"area": low}, {"area": high})


def meant(picked: Picked, world: dict) -> bool:
    """What the choices say, worked out without an expression."""
    said = [world[key] in chosen for key, chosen in picked.answers.items() if chosen]
    low, high = picked.low["area"], picked.high["area"]
    if low or high:
        said.append((not low or world["area"] >= int(low)) and (not high or world["area"] <= int(high)))
    return all(said) if picked.join == AND else any(said)


@given(picks())
def test_the_expression_holds_exactly_where_the_choices_say(picked):
    when = write(picked, ASKED)
    assert bool(when) == picked.chosen
    if when:
        assert [expressions.evaluate(when, world) for world in WORLD] == [meant(picked, world) for world in WORLD]


@given(picks())
def test_an_expression_that_was_chosen_is_read_as_the_same_choices(picked):
    when = write(picked, ASKED)
    again = read(when, ASKED)
    assert again.chosen == picked.chosen
    assert write(again, ASKED) == when
    assert write(Picked(again.join, again.answers, again.low, again.high), ASKED) == when


comparisons = st.sampled_from(
    ["kind == 'new'", "kind != 'new'", "kind in ('new', 'old')", "kind not in ('new',)", "agent == 'yes'", "area > 5",
     "area >= 5", "area < 120", "area <= 120", "area == 6", "not kind == 'old'", "area != 5", "5 < area",
     "(area >= 5 and area <= 6)", "not (agent == 'yes' or area > 5)"]
)  # fmt: skip


@given(st.lists(comparisons, min_size=1, max_size=4), st.sampled_from([AND, OR]))
def test_what_others_wrote_is_read_rightly_or_left_alone(parts, join):
    when = f" {join} ".join(parts)
    found = read(when, ASKED)
    assert write(found, ASKED) == when, "what nobody touched stays letter for letter"
    if found.chosen:
        chosen_anew = write(Picked(found.join, found.answers, found.low, found.high), ASKED)
        assert [expressions.evaluate(when, world) for world in WORLD] == [
            expressions.evaluate(chosen_anew, world) for world in WORLD
        ]


def test_most_of_what_others_write_can_be_chosen():
    for when in ("kind == 'new'", "area > 120 and kind in ('new', 'old')", "kind != 'new' or area <= 5"):
        assert read(when, ASKED).chosen, when
    for when in ("kind == 'new' and (agent == 'yes' or area > 5)", "area != 5", "other == 'x'", "kind == 'zzz'"):
        assert not read(when, ASKED).chosen, when


@pytest.mark.parametrize(
    "code",
    ["__import__('os').system('id')", "kind.__class__", "len(kind) > 1", "area if kind else 1", "kind ==", "1" * 301],
)
def test_a_condition_written_as_code_is_refused(code):
    assert not read(code, ASKED).chosen
    with pytest.raises(Refused, match="条件"):
        write(Picked(raw=code), ASKED)


def test_to_choose_again_replaces_and_to_unchoose_removes():
    before = read("kind == 'new'", ASKED)
    assert write(Picked(AND, {"kind": ["old"]}, raw=before.raw), ASKED) == "kind == 'old'"
    assert write(Picked(raw=before.raw), ASKED) == ""


def test_a_condition_over_a_deleted_answer_stays_until_somebody_chooses():
    less = (Asked("kind", "是新建还是改建？", (("old", "改建"), ("more", "扩建"))), AGENT)
    assert write(Picked(raw="kind == 'new'"), less) == "kind == 'new'", "it must not begin to hold for everybody"
    assert write(Picked(AND, {"kind": ["old"]}, raw="kind in ('new', 'old')"), less) == "kind == 'old'"
    assert strangers("area > 5 and kind == 'old'", less)
    assert not strangers("kind == 'new'", less)


@pytest.mark.parametrize(
    ("low", "high", "said"), [("一百", "", "不是整数"), ("9", "5", "对调"), ("-1", "", "不是整数")]
)
def test_a_number_that_is_none_is_refused(low, high, said):
    with pytest.raises(Refused, match=said):
        write(Picked(low={"area": low}, high={"area": high}), ASKED)


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        (Picked(AND, {"kind": ["new", "old"]}, {"area": "120"}), "新建或者改建，并且建筑面积120平方米以上"),
        (Picked(OR, {"agent": ["yes"]}, {}, {"area": "5"}), "请人代办吗：是，或者建筑面积不超过5平方米"),
        (Picked(AND, {}, {"area": "3"}, {"area": "9"}), "建筑面积3到9平方米"),
        (Picked(), ""),
    ],
)
def test_choices_are_told_in_a_few_words(picked, said):
    assert words(picked, ASKED) == said
