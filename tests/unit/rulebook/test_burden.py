"""The burden diff: whatever asks more of people is seen, and says so."""

import copy
from collections import Counter
from dataclasses import fields, make_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.rulebook import burden
from mingtang.rulebook.burden import COMPARED, common, diff, rows
from mingtang.rulebook.enums import (
    Burden,
    CaseKind,
    Direction,
    Medium,
    PowerHolder,
    PowerType,
    SilenceRule,
    Source,
    Visibility,
)
from mingtang.rulebook.enums import ChangeKind as Kind
from mingtang.rulebook.spec import (
    Basis,
    Enclosure,
    Fee,
    InPerson,
    Listing,
    Material,
    Part,
    Procedure,
    Question,
    Reduction,
    Result,
    Situation,
    Spec,
    Superior,
    Work,
    parse,
)
from tests.factories.specs import row

pytestmark = pytest.mark.pure
SPECS = {code: parse(copy.deepcopy(data)) for code, _, data in ITEMS}
FOREST = SPECS["LM-001"]
TURNED = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP, Direction.SAME: Direction.SAME}

words = st.sampled_from(
    ["", "身份证", "林权证或者承包合同", "林权证", "年满六十五周岁", "年满六十周岁", "户籍在本镇", "演示"]
)
few = st.integers(min_value=0, max_value=3)
materials = st.builds(
    Material,
    key=st.sampled_from("abc"),
    name=words,
    issuer=words,
    form=words,
    copies=few,
    required=st.booleans(),
    fetched_by_us=st.booleans(),
    deferrable=st.booleans(),
    standard=words,
    basis=words,
    medium=st.sampled_from([*Medium.values, "?"]),
    source=st.sampled_from(Source.values),
    note=words,
    when=st.sampled_from(["", "a == 'x'", "n > 3"]),
    when_label=words,
)
fees = st.builds(
    Fee,
    **dict.fromkeys(["code", "nature", "fund", "payer", "scope", "receipt", "when_label"], st.just("")),
    name=words,
    amount=few,
    per=st.sampled_from(["件", "本"]),
    quantity=st.sampled_from(["", "n"]),
    most=few,
    basis=words,
    when=st.sampled_from(["", "n > 3"]),
    reductions=st.lists(st.builds(Reduction, words, st.just("n > 3"), few, words), max_size=2).map(tuple),
    valid_from=st.sampled_from(["", "2026-01-01"]),
    valid_to=st.just(""),
)
listings = st.builds(
    Listing,
    **dict.fromkeys(["basic_code", "task_code", "level", "holder_nature", "entrusted_by", "visit_reason"], words),
    **dict.fromkeys(["scope", "quota", "online_depth", "intermediary", "rights", "duties", "traffic"], words),
    **dict.fromkeys(["online_payment", "appointment", "courier"], st.booleans()),
    **dict.fromkeys(["ways", "person_themes", "firm_themes"], st.lists(words, max_size=2).map(tuple)),
)
specs = st.builds(
    Spec,
    name=words,
    kind=st.sampled_from(CaseKind.values),
    power_type=st.sampled_from([*PowerType.values, "99"]),
    power_holder=st.sampled_from(PowerHolder.values),
    holder=words,
    served=st.lists(words, max_size=3).map(tuple),
    summary=words,
    basis=st.lists(st.builds(Basis, words, words), max_size=2).map(tuple),
    conditions=st.lists(words, max_size=4).map(tuple),
    materials=st.lists(materials, max_size=4).map(tuple),
    window_post=words,
    decider_post=words,
    steps=st.lists(
        st.builds(
            Work,
            key=st.sampled_from("xyz"),
            name=words,
            post=words,
            working_days=few,
            group=st.sampled_from([None, "g", "h"]),
            standard=words,
            basis=words,
            when=st.sampled_from(["", "a == 'x'"]),
            when_label=words,
        ),
        max_size=3,
    ).map(tuple),
    intake_days=few,
    statutory_days=st.none() | few,
    promised_days=few,
    joint_decision=words,
    silence_rule=st.sampled_from([*SilenceRule.values, "?"]),
    procedures=st.lists(st.builds(Procedure, words, words), max_size=2).map(tuple),
    fees=st.lists(fees, max_size=3).map(tuple),
    results=st.lists(st.builds(Result, words, words, words), max_size=2).map(tuple),
    situations=st.lists(
        st.builds(Situation, st.sampled_from("an"), words, words, words, few, st.just(())), max_size=2
    ).map(tuple),
    files=st.lists(st.builds(Enclosure, st.just("sample"), words, words, words), max_size=2).map(tuple),
    parts=st.lists(st.builds(Part, words, few), max_size=2).map(tuple),
    listing=listings,
    place=words,
    hours=words,
    phone=words,
    complaint_phone=words,
    visits=few,
    online=st.booleans(),
    visibility=st.sampled_from(Visibility.values),
    synonyms=st.lists(words, max_size=2).map(tuple),
    questions=st.lists(st.builds(Question, words, words), max_size=2).map(tuple),
)


@given(specs)
def test_a_version_compared_with_itself_is_the_same(spec):
    assert diff(spec, spec) == burden.Diff((), Burden.SAME)


@given(specs, specs)
def test_what_is_more_one_way_is_less_the_other_way(one, other):
    """But for rewording, which counts as more both ways."""
    there, back = diff(one, other).changes, diff(other, one).changes
    ways = Counter((change.field, change.kind, change.direction) for change in there if not change.reworded)
    turned = Counter((change.field, change.kind, TURNED[change.direction]) for change in back if not change.reworded)
    assert ways == turned
    assert Counter(c.field for c in there if c.reworded) == Counter(c.field for c in back if c.reworded)
    assert all(change.direction is Direction.UP for change in (*there, *back) if change.reworded)


@given(specs, specs)
def test_every_difference_is_named_and_more_dominates(one, other):
    found = diff(one, other)
    differ = {field.name for field in fields(Spec) if getattr(one, field.name) != getattr(other, field.name)}
    assert {change.field for change in found.changes} == differ
    assert all(change.sentence.endswith("。") for change in found.changes)
    ways = {change.direction for change in found.changes}
    assert (found.burden is Burden.UP) is (Direction.UP in ways)
    assert (found.burden is Burden.SAME) is (ways <= {Direction.SAME})


def material(**values) -> Spec:
    return replace(FOREST, materials=(replace(FOREST.materials[0], **values), *FOREST.materials[1:]))


def step(**values) -> Spec:
    return replace(FOREST, steps=(replace(FOREST.steps[0], **values), *FOREST.steps[1:]))


PAPER = row(
    Material, key="x", name="无犯罪记录证明", issuer="公安机关", form="原件", copies=1, required=True, basis="演示"
)
FEE = row(Fee, name="工本费", amount=500, per="本", basis="演示")
COUNTY = Superior(organ="华容县林业局", working_days=10, basis="行政许可法第四十三条")


def shorter(months: int) -> Spec:
    return replace(FOREST, results=(replace(FOREST.results[0], months=months),))


def comes(apply="", collect=""):
    return replace(FOREST, in_person=InPerson(apply, collect))


def test_whoever_need_not_come_any_more_is_asked_less_and_an_article_in_other_words_is_the_same():
    before = comes("某条例第三条", "某条例第四条")
    less, same = diff(before, comes("", "某条例第四条")), diff(before, comes("某条例第五条", "某条例第四条"))
    assert (less.burden, less.changes[0].kind) == (Burden.DOWN, Kind.VISIT)
    assert "别人可以代办" in less.changes[0].sentence
    assert same.burden == Burden.SAME and "依据改写为“某条例第五条”" in same.changes[0].sentence


def told(**values) -> Spec:
    return replace(FOREST, publication=replace(FOREST.publication, **values))


def paper_two(**values) -> Spec:
    """The paper of the demo's item that may be pledged instead."""
    first, second, *rest = FOREST.materials
    return replace(FOREST, materials=(first, replace(second, **values), *rest))


MORE = [
    ("a paper", replace(FOREST, materials=(*FOREST.materials, PAPER)), Kind.MATERIAL, "增加材料“无犯罪记录证明”"),
    (
        "an optional paper",
        replace(FOREST, materials=(*FOREST.materials, replace(PAPER, required=False))),
        Kind.MATERIAL,
        "没有也可以",
    ),
    ("a second copy", material(copies=2), Kind.MATERIAL, "由 1 份改为 2 份"),
    ("another paper under the old key", material(name="户口簿"), Kind.MATERIAL, "改为“户口簿”"),
    ("another form", material(form="公证过的复印件"), Kind.MATERIAL, "形式"),
    ("another issuer", material(issuer="省公安厅"), Kind.MATERIAL, "出具单位"),
    ("another standard", material(standard="一周以内出具"), Kind.MATERIAL, "标准"),
    ("a day of promise", replace(FOREST, promised_days=6), Kind.DAYS, "由5 个工作日改为6 个工作日"),
    ("a day of law", replace(FOREST, statutory_days=21), Kind.DAYS, "法定时限"),
    ("no limit at all", replace(FOREST, statutory_days=None), Kind.DAYS, "法律没有规定"),
    ("a longer step", step(working_days=3), Kind.DAYS, "改为 3 个工作日"),
    (
        "a step",
        replace(
            FOREST, steps=(*FOREST.steps, row(Work, key="z", name="盖章", post="x", working_days=1, standard="章"))
        ),
        Kind.STEP,
        "增加环节“盖章”",
    ),
    ("a step's standard", step(standard="还要看邻居"), Kind.STEP, "审查标准"),
    (
        "a pause of the clock",
        replace(FOREST, procedures=(*FOREST.procedures, Procedure("听证", "许可法 46"))),
        Kind.STEP,
        "停下期限",
    ),
    ("a fee", replace(FOREST, fees=(FEE,)), Kind.FEE, "增加收费“工本费”，5元／本"),
    ("a condition", replace(FOREST, conditions=(*FOREST.conditions, "没有欠账")), Kind.CONDITION, "增加条件“没有欠账”"),
    (
        "a condition in other words",
        replace(FOREST, conditions=("林木权属清楚，没有任何争议", *FOREST.conditions[1:])),
        Kind.CONDITION,
        "条件由",
    ),
    ("fewer people served", replace(FOREST, served=()), Kind.CONDITION, "不再面向"),
    ("silence that helps nobody", replace(FOREST, silence_rule="none"), Kind.CONDITION, "不适用"),
    ("a visit", replace(FOREST, visits=2), Kind.VISIT, "由1 次改为2 次"),
    ("no longer online", replace(FOREST, online=False), Kind.VISIT, "不能再在网上办"),
    ("one organ more", replace(FOREST, superior=COUNTY), Kind.STEP, "改为报华容县林业局决定"),
    ("begun without being asked", replace(FOREST, ex_officio="某条例第三条"), Kind.CONDITION, "不等申请就启动"),
    ("to come oneself", comes("某条例第三条"), Kind.VISIT, "申请要本人来，不能再由别人代办（某条例第三条）"),
    ("to fetch it oneself", comes("", "某条例第三条"), Kind.VISIT, "领结果要本人来"),
    ("a shorter licence", shorter(6), Kind.OTHER, "由 12 个月有效改为 6 个月有效"),
    ("no pledge instead", paper_two(pledge=""), Kind.MATERIAL, "不能再用书面承诺代替"),
    ("another pledge", paper_two(pledge="没有争议，也没有欠账。"), Kind.MATERIAL, "承诺由"),
    ("more of a person told", told(fields=(*FOREST.publication.fields, "photo")), Kind.OTHER, "公开时增加"),
    ("less to get", replace(FOREST, results=()), Kind.OTHER, "不再给“林木采伐许可证”"),
]


@pytest.mark.parametrize(("new", "kind", "says"), [row[1:] for row in MORE], ids=[row[0] for row in MORE])
def test_what_asks_more_is_seen_and_said(new, kind, says):
    found = diff(FOREST, new)
    [change] = found.changes
    assert (found.burden, change.kind, change.direction) == (Burden.UP, kind, Direction.UP)
    assert says in change.sentence
    if not change.reworded:
        assert diff(new, FOREST).burden is Burden.DOWN


LESS = [
    ("we fetch it ourselves", material(fetched_by_us=True, form="由我们调取"), "改为由我们调取"),
    ("it may be left out", material(required=False), "改为没有也可以"),
    ("it may follow", material(deferrable=True), "可以后补"),
    ("told on the village board only", told(scope="board"), "由“网站”改为“村（社区）公示栏”"),
    ("told for a month", told(days=30), "到有效期满改为 30 天"),
    ("a longer licence", shorter(0), "改为没有期限"),
    ("a pledge instead", material(pledge="是我本人。", verify_days=5), "可以用书面承诺代替"),
    ("side by side", step(group="g"), "改为和别的环节同时办"),
]


@pytest.mark.parametrize(("new", "says"), [row[1:] for row in LESS], ids=[row[0] for row in LESS])
def test_what_asks_less_is_less(new, says):
    found = diff(FOREST, new)
    assert found.burden is Burden.DOWN
    assert any(says in change.sentence for change in found.changes)
    assert diff(new, FOREST).burden is Burden.UP


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "林木采伐许可"}, {"summary": "另一种说法。"}, {"decider_post": "window-1"}, {"place": "新楼"},
        {"phone": "0730-5550099"}, {"synonyms": ("砍树",)}, {"questions": ()}, {"holder": "万庾镇"},
        {"conditions": FOREST.conditions[::-1]}, {"materials": FOREST.materials[::-1]}, {"basis": ()},
        {"power_holder": "own"}, {"visibility": "sealed"}, {"kind": "joint"}, {"joint_decision": "演示"},
    ],
)  # fmt: skip
def test_what_asks_nothing_is_the_same(changes):
    found = diff(FOREST, replace(FOREST, **changes))
    assert found.burden is Burden.SAME
    assert found.changes


def test_one_paper_more_is_not_outweighed_by_ten_days_less():
    better = replace(FOREST, promised_days=1, steps=(), online=True, materials=(*FOREST.materials, PAPER))
    found = diff(FOREST, better)
    assert found.burden is Burden.UP
    assert [change.kind for change in found.up] == [Kind.MATERIAL]
    assert Direction.DOWN in {change.direction for change in found.changes}


def test_a_fee_per_another_unit_is_more_whatever_its_amount():
    cheap = replace(FOREST, fees=(replace(FEE, amount=1, per="页"),))
    assert diff(replace(FOREST, fees=(FEE,)), cheap).burden is Burden.UP


def test_two_fees_of_one_name_hide_nothing():
    one, two = replace(FOREST, fees=(FEE,)), replace(FOREST, fees=(FEE, replace(FEE, amount=900)))
    assert diff(one, two).burden is Burden.UP
    assert diff(two, one).burden is Burden.DOWN


def test_a_new_item_is_new_and_names_its_fees():
    found = diff(None, replace(FOREST, fees=(FEE,)))
    assert found.burden is Burden.NEW
    assert [change.kind for change in found.changes] == [Kind.OTHER, Kind.FEE]
    assert "要交的材料 3 份，承诺 5 个工作日办结，收费 1 项" in found.changes[0].sentence


def test_every_field_of_the_spec_has_its_rule():
    assert set(COMPARED) == {field.name for field in fields(Spec)}
    assert {kind: {field.name for field in fields(kind)} for kind in common.SEEN} == common.SEEN


def test_a_field_nobody_has_taught_counts_as_more(monkeypatch):
    monkeypatch.delitem(COMPARED, "phone")
    [change] = diff(FOREST, replace(FOREST, phone="0730-5550099")).changes
    assert (change.field, change.direction, change.reworded) == ("phone", Direction.UP, True)


def test_a_new_column_of_a_list_counts_as_more_until_it_is_taught(monkeypatch):
    wider = make_dataclass("Wider", [("situations", str, "")], bases=(Fee,), frozen=True)
    monkeypatch.setitem(common.SEEN, wider, common.SEEN[Fee])
    old = wider(**{field.name: getattr(FEE, field.name) for field in fields(FEE)})
    [change] = rows._fee_changed("fees", old, replace(old, situations="某些人"))
    assert (change.direction, change.sentence) == (Direction.UP, "收费“工本费”的“situations”有改动。")


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("", "用黑色笔填写。", "same"),
        ("", "还要交村里的证明。", "up"),
        ("须由四邻签字。", "", "down"),
        ("须由四邻签字。", "须由村民小组签字。", "up"),
    ],
)
def test_a_demand_in_words_that_should_ask_nothing_is_more(before, after, way):
    note = diff(with_note(before), with_note(after)).changes
    summary = diff(replace(FOREST, summary="采伐。" + before), replace(FOREST, summary="采伐。" + after)).changes
    assert {change.direction for change in (*note, *summary)} == {way}


def with_note(text: str) -> Spec:
    first, *rest = FOREST.materials
    return replace(FOREST, materials=(replace(first, note=text), *rest))
