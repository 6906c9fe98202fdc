import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.identifiers import (
    USCC_CHARS,
    check_bank_card,
    check_mobile,
    check_organisation_code,
    check_resident_id,
    check_uscc,
    id_check_character,
    luhn_valid,
    uscc_check_character,
)

TODAY = date(2018, 10, 18)
births = st.dates(date(1900, 1, 1), TODAY)


@st.composite
def resident_ids(draw) -> str:
    area = draw(st.sampled_from(["430623", "110101", "810000", "830000", "944156"]))
    body = area + draw(births).strftime("%Y%m%d") + f"{draw(st.integers(0, 999)):03d}"
    return body + id_check_character(body)


@st.composite
def credit_codes(draw) -> str:
    body = draw(st.sampled_from(["11", "91", "92", "52", "N2"])) + f"{draw(st.integers(0, 999999)):06d}"
    body += "".join(draw(st.lists(st.sampled_from(USCC_CHARS), min_size=9, max_size=9)))
    return body + uscc_check_character(body)


@given(resident_ids())
def test_a_number_built_by_the_standard_is_valid(number):
    assert check_resident_id(number, today=TODAY)


@given(resident_ids(), st.integers(0, 17), st.integers(1, 9))
def test_any_single_changed_digit_of_a_resident_id_is_refused(number, place, shift):
    old = number[place]
    new = str((int(old) + shift) % 10) if old != "X" else str(shift)
    checked = check_resident_id(number[:place] + new + number[place + 1 :], today=TODAY)
    assert not checked
    assert checked.message.endswith("。")


@given(credit_codes(), st.integers(0, 17), st.integers(1, 30))
def test_any_single_changed_character_of_a_credit_code_is_refused(number, place, shift):
    assert check_uscc(number)
    new = USCC_CHARS[(USCC_CHARS.index(number[place]) + shift) % 31]
    assert not check_uscc(number[:place] + new + number[place + 1 :])


@given(st.integers(10**14, 10**18 - 1), st.integers(0, 15), st.integers(1, 9))
def test_any_single_changed_digit_of_a_card_is_refused(body, place, shift):
    number = next(f"{body}{last}" for last in range(10) if luhn_valid(f"{body}{last}"))
    assert check_bank_card(number)
    place %= len(number)
    changed = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not check_bank_card(changed)


@given(st.text(max_size=30))
def test_no_input_breaks_a_check(text):
    for check in (check_resident_id, check_uscc, check_organisation_code, check_bank_card, check_mobile):
        checked = check(text)
        assert checked or checked.message.endswith("。")


@pytest.mark.shared
def test_the_shared_vectors_are_judged_as_they_say(shared):
    with (shared / "data/taxonomies/id_number_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    for row in rows:
        person = any(word in row["kind"] for word in ("resident", "居住证"))
        checked = check_resident_id(row["number"]) if person else check_uscc(row["number"])
        assert checked.valid == (row["valid"] == "1"), row


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("", "没有填写"),
        ("43062319850101123", "18位"),
        ("4306231985O1011234", "数字"),
        ("000623198501011234", "地区"),
        ("430623198502301234", "2月30日不存在"),
        ("430623201810191234", "还没有到"),
        ("430623174901011234", "太早"),
        ("430623198501011234", "校验位"),
        ("000000850101123", "地区"),
        ("430623850230123", "不存在"),
        ("43062385010112X", "15位"),
    ],
)
def test_a_wrong_resident_id_is_refused_with_its_reason(number, word):
    checked = check_resident_id(number, today=TODAY)
    assert not checked
    assert word in checked.message


def test_a_small_x_full_width_and_spaces_are_read():
    body = next(b for n in range(99) if id_check_character(b := f"430623195003{1:02d}{n:03d}") == "X")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in body)
    for text in (body + "x", f"{body[:6]} {body[6:14]} {body[14:]}x", wide + "ｘ", f"{body[:6]}-{body[6:]}X"):
        checked = check_resident_id(text, today=TODAY)
        assert checked and checked.number == body + "X"


def test_the_old_form_of_fifteen_digits_is_valid_with_a_warning():
    checked = check_resident_id("430623500101123", today=TODAY)
    assert checked and "15位" in checked.warning


def test_the_kind_of_certificate_is_told():
    kinds = {"810000199408230021": "港澳居民居住证", "830000199201300022": "台湾居民居住证"}
    for number, kind in kinds.items():
        assert check_resident_id(number, today=TODAY).kind == kind
    body = "94415619850101001"
    assert check_resident_id(body + id_check_character(body), today=TODAY).kind == "外国人永久居留身份证"


def test_the_towns_own_codes_pass():
    assert check_uscc("11430623006382329L") == check_uscc("１１４３０６２３００６３８２３２９ｌ")
    assert not check_uscc("11430623006382329L").warning
    assert check_organisation_code("00638232-9")
    assert "校验位" in check_organisation_code("006382328").message


def test_a_credit_code_with_a_false_organisation_part_passes_with_a_warning():
    body = "11430623006382328"
    assert check_uscc(body + uscc_check_character(body)).warning


@pytest.mark.parametrize(
    ("text", "number"),
    [("13812345678", "13812345678"), ("+86 138-1234-5678", "13812345678"), ("008613812345678", "13812345678")],
)
def test_mobile_numbers_are_read_with_their_prefix(text, number):
    checked = check_mobile(text)
    assert checked and checked.number == number


@pytest.mark.parametrize("text", ["0730-5550001", "12345", "12812345678", "1381234567", "一三八"])
def test_other_numbers_are_not_mobile(text):
    assert not check_mobile(text)
