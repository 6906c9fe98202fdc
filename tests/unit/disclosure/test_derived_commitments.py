"""Salted commitments: the holder of an opening proves a row, anything changed fails, nothing is found by guessing."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure.columns import schemes
from mingtang.disclosure.derived import commit
from mingtang.disclosure.derived.template import PACK, read, templates
from mingtang.lib.masking import mask_name

texts = st.text(max_size=12)
people = st.lists(st.tuples(texts, st.integers(0, 10**9), st.binary(min_size=32, max_size=32)), min_size=1, max_size=20)


def listed(rows):
    whole = [
        {"list": "2026-0001", "no": place, "case": f"C{place}", "name": name, "tail": "1234", "cells": {"sum": amount}}
        for place, (name, amount, _) in enumerate(rows, 1)
    ]
    return whole, [commit.commitment(salt, row) for row, (_, _, salt) in zip(whole, rows, strict=True)]


@given(people, st.data())
def test_each_row_opens_against_the_root_and_no_other_row_does(rows, data):
    whole, commitments = listed(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    root = commit.root(commitments)
    opened = json.loads(json.dumps(commit.opening(rows[place][2], whole[place], commitments)))
    checked = commit.check(opened, root, len(rows))
    assert checked.stands and checked.row == whole[place]
    for changed in (
        {"row": whole[place] | {"name": whole[place]["name"] + "x"}},
        {"row": whole[place] | {"cells": {"sum": rows[place][1] + 1}}},
        {"row": whole[place] | {"no": place + 2}},
        {"salt": bytes(32).hex() if any(rows[place][2]) else "01" * 32},
        {"salt": opened["salt"][:-2]},
    ):
        assert not commit.check(opened | changed, root, len(rows)).stands, changed
    assert not commit.check(opened, "00" * 32, len(rows)).stands


@given(people, st.data())
def test_a_row_added_left_out_or_moved_afterwards_changes_the_root(rows, data):
    _, commitments = listed(rows)
    root = commit.root(commitments)
    place = data.draw(st.integers(0, len(rows) - 1))
    assert commit.root(commitments[:place] + commitments[place + 1 :]) != root
    assert commit.root([*commitments[:place], "ab" * 32, *commitments[place:]]) != root
    if len(set(commitments)) > 1 and commitments != commitments[::-1]:
        assert commit.root(commitments[::-1]) != root


def test_who_knows_the_whole_row_but_not_the_salt_learns_nothing():
    """The same row twice: two commitments, neither of them what somebody who guesses every field would compute."""
    row = {"list": "2026-0001", "no": 1, "case": "C1", "name": "张三", "tail": "1234", "cells": {"sum": 72_000}}
    salts = [bytes([n]) * commit.SALT_BYTES for n in (1, 2)]
    made = {commit.commitment(salt, row) for salt in salts}
    assert len(made) == 2 and commit.commitment(b"", row) not in made
    assert commit.SALT_BYTES * 8 >= 128


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["row", "salt", "size", "path", "no", "name", "case", "cells"]), inner)
    ),
    max_leaves=12,
)


@given(JUNK)
def test_what_is_no_opening_is_told_so(junk):
    with suppress(ValueError):
        assert not commit.check(junk, "00" * 32, 1).stands


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧***"),
        ("买买提·艾山", "买**·**"),
        ("阿卜杜拉•买买提", "阿***•***"),
        ("王", "*"),
        (" 李四 ", "李*"),
    ],
)
def test_a_name_shows_its_first_character_and_its_dots(name, masked):
    assert mask_name(name) == masked


def test_every_list_names_its_law_and_no_list_can_hold_a_persons_number():
    for template in templates().values():
        assert template.basis and template.due_days and template.columns
        assert not {column.code for column in template.columns} & {"id", "id_number", "phone", "card", "address"}
        assert template.personal is (template.applicant == "person")
        assert set(template.catalogue) <= {row.code for scheme in schemes().values() for _, row in scheme.rows}


@pytest.mark.parametrize(
    "change",
    [
        ('masked = "name"', ""),
        ("days = 7\n", "days = 0\n"),
        ('code = "village"', 'code = "name"'),
        ('applicant = "person"', 'applicant = "organisation"'),
        ('scope = "board"', 'scope = "board"\ntotal = "content"'),
    ],
)
def test_a_list_that_would_show_too_much_is_no_list(change):
    text = (PACK / "aid.toml").read_text(encoding="utf-8")
    read(text)
    with pytest.raises(ValueError, match="aid"):
        read(text.replace(*change))
