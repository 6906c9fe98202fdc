"""Every column is classified for personal data, and what is personal is sealed."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from docs.fields import CLEAR, FIELDS, KEYED, NONE, REASONS, SEALED, SECRET, STAFF, TITLES
from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Outcome, ServeMode
from mingtang.demo.cases import demo_id
from mingtang.events import follow
from mingtang.people.models import Staff
from mingtang.rulebook.models import Item
from tests.factories.cast import CLERK_1, staff

# Bytes that are not about a person: the published process.
NOT_PERSONAL_BYTES = {"rulebook.Version.bpmn"}
PERSON = {
    "name": "欧阳测试甲",
    "id_number": demo_id(999),
    "phone": "07305559876",
    "address": "万庾镇某某村九组九号",
    "receiver": "司徒测试乙",
    "opinion": "当面核对过申请人的原件",
}


def _ours():
    return [model for model in apps.get_models() if model.__module__.startswith("mingtang.")]


def _columns():
    return [
        (f"{model._meta.label}.{field.name}", field)
        for model in _ours()
        for field in model._meta.concrete_fields
        if not (field.primary_key and field.auto_created)
    ]


def _classes() -> dict[str, str]:
    found: dict[str, str] = {}
    for label, groups in FIELDS.items():
        for kind, names in groups.items():
            for name in names.split():
                assert f"{label}.{name}" not in found, f"{label}.{name} is classified twice"
                found[f"{label}.{name}"] = kind
    return found


def test_every_column_is_classified_and_nothing_else():
    columns, classes = {name for name, _ in _columns()}, _classes()
    assert columns - set(classes) == set(), "new columns: say in docs/fields.py what they may hold about a person"
    assert set(classes) - columns == set(), "docs/fields.py names columns that are gone"
    assert set(classes.values()) <= set(TITLES)


def test_what_is_sealed_is_bytes_and_what_is_bytes_is_sealed():
    classes = _classes()
    for name, field in _columns():
        is_bytes = isinstance(field, models.BinaryField)
        if classes[name] == SEALED:
            assert is_bytes, name
            assert name.endswith("sealed"), f"{name}: a sealed column says so in its name"
        elif is_bytes:
            assert classes[name] == SECRET or name in NOT_PERSONAL_BYTES, name
        if classes[name] == KEYED:
            assert name.endswith("_hash"), name
            assert field.max_length == 64, name


def test_what_names_staff_is_classified_so():
    classes = _classes()
    for name, field in _columns():
        if field.is_relation and field.related_model is Staff:
            assert classes[name] == STAFF, name


def test_each_readable_personal_column_has_its_reason():
    assert {name for name, kind in _classes().items() if kind == CLEAR} == set(REASONS)


def test_names_that_smell_of_a_person_are_not_called_harmless():
    classes = _classes()
    # Of a unit, a place or the town: offices have telephones and addresses.
    offices = {"towns.Jurisdiction", "people.Unit", "hall.Site"}
    for name, kind in classes.items():
        label, _, column = name.rpartition(".")
        if label not in offices and any(word in column for word in ("phone", "address", "id_number", "birth")):
            assert kind != NONE, name


def _everything_stored(data: Path) -> bytes:
    """All rows of all tables as text, and all files of the data folder but the keys."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    parts.append(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())
    for file in data.rglob("*"):
        if file.is_file() and "keys" not in file.parts and not file.name.startswith(".tantivy"):
            parts.append(file.read_bytes())
    return b"\0".join(parts)


@pytest.fixture
def handled_case(town):
    """A case from application to service, with texts that occur nowhere else."""
    clerk = staff(CLERK_1)
    version = Item.objects.get(town=town, code="LN-001").current
    applicant = Applicant(
        kind="person",
        name=PERSON["name"],
        id_number=PERSON["id_number"],
        phone=PERSON["phone"],
        address=PERSON["address"],
    )
    received = Received(seen=frozenset({"id", "photo"}))
    case = actions.submit(
        version=version,
        applicant=applicant,
        answers={},
        received=received,
        submission="meta",
        key=new_case_key(version),
        by=clerk,
    ).case
    actions.accept(case=case, by=clerk)
    actions.decide(case=case, outcome=Outcome.REFUSED, reasons=PERSON["opinion"], by=clerk)
    actions.serve(case=case, mode=ServeMode.DIRECT, receiver=PERSON["receiver"], by=clerk)
    return case


def test_no_personal_word_of_a_case_lies_in_clear_in_any_table_or_file(handled_case, own_data_folder):
    follow.settle()
    stored = _everything_stored(own_data_folder)
    assert handled_case.number.encode() in stored, "the case itself must be among what was looked through"
    for what, word in PERSON.items():
        assert word.encode() not in stored, f"{what} lies in clear"
    assert handled_case.applicant["name"] == PERSON["name"], "and yet it can be opened"
