"""The editor holds every field of a spec, and a spec that was only opened comes back letter for letter."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from mingtang.desk.keeping import conditions
from mingtang.desk.keeping.conditions import AND, OR, Picked
from mingtang.desk.keeping.kinds import Choice, Choices, Day, Flag, Lines, Long, Money, Text, Whole
from mingtang.desk.keeping.merging import changes, merge
from mingtang.desk.keeping.sections import APART, DERIVED, SECTIONS
from mingtang.desk.keeping.shape import Field, Rows
from mingtang.desk.keeping.sheet import PARTS, Sheet, asked_of
from mingtang.desk.keeping.stored import NATURES
from mingtang.rulebook.enums import PowerType
from mingtang.rulebook.spec import InPerson, Listing, Publication, Spec, Superior, blank, parse

pytestmark = pytest.mark.pure
# A whole spec takes minutes to make smaller; the field that differs is seen at once.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
POSTS = [("window-1", "一号窗口"), ("mayor", "副镇长")]
OFFERS = {"windows": POSTS, "workers": POSTS, "deciders": POSTS}


def _told(rows: Rows) -> set[str]:
    when = {"when", "when_label"} if rows.when else set()
    return {cell.name for cell in rows.cells} | set(rows.hidden) | when


def test_every_field_of_a_spec_is_kept_or_named_as_kept_elsewhere():
    names = {part.name for part in PARTS} | set(APART) | set(DERIVED)
    once = {"listing": Listing, "superior": Superior, "publication": Publication, "in_person": InPerson}
    top = {field.name for field in fields(Spec)} - set(once)
    inside = {f"{name}-{field.name}" for name, kind in once.items() for field in fields(kind)}
    assert names == top | inside
    assert len(PARTS) == len({part.name for part in PARTS}), "each stands in one section"


def test_every_field_of_a_row_is_kept():
    for rows in [part for part in PARTS if isinstance(part, Rows)]:
        for one in (rows, *rows.inner):
            own = {field.name for field in fields(one.record)}
            extra = {cell.name for cell in one.fields if cell.apart} | {"gone", "was"}
            assert own <= _told(one), one.name
            assert _told(one) - own - extra <= {"when_label"}, one.name


def test_every_field_has_a_label_of_its_own_within_its_list():
    for section in SECTIONS:
        labels = [part.label for part in section.parts if isinstance(part, Field)]
        assert len(labels) == len(set(labels)), section.key


texts = st.text(st.sampled_from("甲乙丙丁abc12（）、"), max_size=8)


def _value(kind: Any) -> st.SearchStrategy[Any]:
    match kind:
        case Lines():
            return st.lists(texts.filter(bool), max_size=3)
        case Text() | Long():
            return texts
        case Flag():
            return st.booleans()
        case Whole():
            whole = st.integers(kind.low, min(kind.high, 900))
            return st.none() | whole if kind.empty is None else whole
        case Money():
            return st.integers(0, 10**9)
        case Day():
            return st.just("") | st.dates().filter(lambda day: 1950 <= day.year <= 2100).map(
                lambda day: day.isoformat()
            )
        case Choice():
            return st.sampled_from(["", *(value for value, _ in kind.among({**OFFERS, "numbers": []}))])
        case Choices():
            values = [value for value, _ in kind.words]
            return st.sets(st.sampled_from(values)).map(lambda some: [value for value in values if value in some])
    raise AssertionError(kind)


@st.composite
def records(draw, rows: Rows, number: int, asked: list) -> dict[str, Any]:
    record = blank(rows.record)
    for cell in rows.cells:
        if isinstance(cell, Rows):
            record[cell.name] = [draw(records(cell, 10 * number + n, asked)) for n in range(draw(st.integers(0, 3)))]
        elif not cell.apart:
            cell.put(record, draw(_value(cell.kind)))
    if rows.letter:
        record["key"] = f"{rows.letter}{number + 1}"
    if rows.spare:
        record[rows.head] = draw(texts.filter(bool))
    if rows.name == "situations":
        record["unit"], record["most"] = ("", 0) if record["options"] else (record["unit"], record["most"])
    if rows.when:
        chosen = {one.key: st.lists(st.sampled_from([key for key, _ in one.options])) for one in asked if one.options}
        low = {one.key: st.sampled_from(["", "3"]) for one in asked if not one.options}
        picked = draw(
            st.builds(Picked, st.sampled_from([AND, OR]), st.fixed_dictionaries(chosen), st.fixed_dictionaries(low))
        )
        record["when"] = conditions.write(picked, asked)
        if "when_label" in record:
            record["when_label"] = (draw(texts) or conditions.words(picked, asked)) if record["when"] else ""
    return record


@st.composite
def specs(draw) -> dict[str, Any]:
    data = blank(Spec)
    situations = next(part for part in PARTS if part.name == "situations")
    data["situations"] = [draw(records(situations, n, [])) for n in range(draw(st.integers(0, 2)))]
    asked = asked_of(data["situations"])
    for part in PARTS:
        if isinstance(part, Field):
            part.put(data, draw(_value(part.kind)))
        elif part.name != "situations":
            data[part.name] = [draw(records(part, n, asked)) for n in range(draw(st.sampled_from([3, 1, 0])))]
    runs = draw(st.sampled_from([(None, None, None), ("x", "x", None), (None, "y", "y")]))
    for step, group in zip(data["steps"], runs, strict=False):
        step["group"] = group if len(data["steps"]) == 3 else None
    data["online"] = "2" in data["listing"]["ways"]
    data["listing"]["holder_nature"] = NATURES.get(data["power_holder"], "").__str__()
    if not data["silence_rule"] and data["power_type"]:
        data["silence_rule"] = "statutory" if data["power_type"] == PowerType.LICENCE else "promise"
    return data


@examples(max_examples=40, phases=QUICK)
@given(specs())
def test_a_spec_that_was_only_opened_comes_back_letter_for_letter(data):
    parse(data)
    sheet = Sheet.of(data, OFFERS)
    assert sheet.read(data) == data
    assert sheet.errors == {}


@examples(max_examples=20, phases=QUICK)
@given(specs(), st.data())
def test_what_two_editors_change_apart_is_all_kept(base, draw):
    """Different fields: both stay. The same field: that of the one who saves later, and it is told."""
    mine, theirs = {**base, "place": "我的"}, {**base, "hours": "同事的"}
    both = draw.draw(st.booleans())
    theirs = {**theirs, "place": "同事的地方"} if both else theirs
    merged = merge(base, mine, theirs)
    assert (merged["place"], merged["hours"]) == ("我的", "同事的")
    assert merged == {**base, "place": "我的", "hours": "同事的"}
    told = {change.label: (change.after, change.mine) for change in changes(base, mine, theirs, OFFERS)}
    wanted = {"办理时间": ("同事的", False)} if base["hours"] != "同事的" else {}
    assert told == wanted | ({"办理地点": ("同事的地方", True)} if both else {})


def test_what_a_colleague_did_to_rows_is_told_row_by_row():
    base = {**blank(Spec), "materials": [{**blank_of("materials"), "key": "m1", "name": "身份证", "copies": 1}]}
    paper = base["materials"][0]
    theirs = {**base, "materials": [{**paper, "copies": 2}, {**paper, "key": "m2", "name": "户口簿"}]}
    told = {(change.label, change.before, change.after) for change in changes(base, base, theirs, OFFERS)}
    assert told == {("材料“身份证”的份数", "1 份", "2 份"), ("材料“户口簿”", "没有", "新加的")}
    gone = changes(theirs, theirs, base, OFFERS)
    assert ("材料“户口簿”", "删去了") in {(change.label, change.after) for change in gone}
    turned = {**theirs, "materials": theirs["materials"][::-1]}
    assert [(change.label, change.after) for change in changes(theirs, theirs, turned, OFFERS)] == [("材料", "改过")]


def blank_of(name: str) -> dict[str, Any]:
    return blank(next(part.record for part in PARTS if part.name == name))
