"""A spec holds exactly what is written in it: nothing is defaulted, nothing slips in."""

import copy
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.demo.items import ITEMS
from mingtang.lib.errors import Refused
from mingtang.rulebook.spec import LATER, Material, Result, Spec, as_json, complete, parse, spec_hash

pytestmark = pytest.mark.pure
HOUSE = next(data for code, _, data in ITEMS if code == "JF-001")


def changed(**values) -> dict:
    return {**copy.deepcopy(HOUSE), **values}


@pytest.mark.parametrize("name", [field.name for field in fields(Spec) if field.name not in LATER[Spec]])
def test_every_field_must_be_there(name):
    data = changed()
    del data[name]
    with pytest.raises(Refused, match=f"缺少字段：{name}"):
        parse(data)


def test_a_version_published_before_a_field_came_says_nothing_of_it():
    early = changed()
    for kind, records in ((Spec, [early]), (Material, early["materials"]), (Result, early["results"])):
        for record in records:
            for name in LATER[kind]:
                del record[name]
    before = copy.deepcopy(early)
    spec = parse(early)
    assert (spec.superior.organ, spec.ex_officio, spec.publication.scope) == ("", "", "")
    assert (spec.in_person.apply, spec.in_person.collect) == ("", "")
    assert {(material.pledge, material.verify_days) for material in spec.materials} == {("", 0)}
    assert {result.months for result in spec.results} == {0}
    assert parse(complete(early)) == spec and set(complete(early)) == {field.name for field in fields(Spec)}
    assert early == before, "what was published is not touched"


@pytest.mark.parametrize("where", ["basis", "materials", "steps", "results", "questions"])
def test_every_field_of_a_row_must_be_there(where):
    data = changed()
    name = next(iter(data[where][0]))
    del data[where][0][name]
    with pytest.raises(Refused, match=f"{where} 第 1 行里缺少字段：{name}"):
        parse(data)


def test_what_nobody_knows_is_refused_by_name():
    with pytest.raises(Refused, match="事项里有不认识的字段：bribe"):
        parse(changed(bribe=1))
    data = changed()
    data["materials"][1]["bribe"] = 1
    with pytest.raises(Refused, match="materials 第 2 行里有不认识的字段：bribe"):
        parse(data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("promised_days", "15"),
        ("promised_days", True),
        ("statutory_days", "无"),
        ("name", None),
        ("online", 1),
        ("materials", "身份证"),
        ("conditions", "年满六十五周岁"),
        ("conditions", [65]),
        ("materials", ["身份证"]),
        ("fees", {"amount": 5}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name, value):
    with pytest.raises(Refused):
        parse(changed(**{name: value}))


def test_a_limit_no_law_sets_may_be_missing():
    assert parse(changed(statutory_days=None)).statutory_days is None


@pytest.mark.parametrize("data", [data for _, _, data in ITEMS])
def test_a_spec_survives_writing_and_reading(data):
    spec = parse(data)
    assert parse(as_json(spec)) == spec


def test_a_material_or_step_the_version_does_not_hold_is_refused():
    spec = parse(HOUSE)
    with pytest.raises(Refused, match="没有这项材料"):
        spec.material("deposit")
    with pytest.raises(Refused, match="没有这个环节"):
        spec.step("dinner")


@given(name=st.sampled_from(["name", "summary", "place", "phone"]), text=st.text(min_size=1, max_size=20))
def test_the_hash_covers_every_word(name, text):
    before = spec_hash(code="JF-001", number=1, data=HOUSE, flow_sha256="00")
    after = spec_hash(code="JF-001", number=1, data=changed(**{name: text}), flow_sha256="00")
    assert (before == after) == (HOUSE[name] == text)


def test_the_hash_covers_code_number_and_flow():
    values = {"code": "JF-001", "number": 1, "data": HOUSE, "flow_sha256": "00"}
    changes = [{"code": "JF-002"}, {"number": 2}, {"flow_sha256": "01"}]
    assert len({spec_hash(**values), *(spec_hash(**{**values, **change}) for change in changes)}) == 4
