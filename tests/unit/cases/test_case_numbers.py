"""Case numbers and receipt codes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases import numbers
from mingtang.cases.models import Case, CodeAttempts, NumberSerial
from mingtang.lib.errors import Refused
from tests.factories.acts import apply

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
bodies = st.builds(
    lambda prefix, year, serial: f"{prefix}{year}{serial:06d}",
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4),
    st.integers(2000, 2099),
    st.integers(1, 999_999),
)


@pytest.mark.pure
@given(body=bodies, place=st.integers(0, 15), other=st.sampled_from(ALPHABET))
def test_the_check_character_catches_any_single_wrong_character(body, place, other):
    place %= len(body)
    typed = body[:place] + other + body[place + 1 :]
    assert (numbers.check_character(typed) == numbers.check_character(body)) == (typed == body)


@pytest.mark.pure
@given(body=bodies, place=st.integers(0, 14))
def test_the_check_character_catches_two_neighbours_that_changed_places(body, place):
    place %= len(body) - 1
    typed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (numbers.check_character(typed) == numbers.check_character(body)) == (typed == body)


@pytest.mark.pure
def test_the_check_character_is_that_of_the_standard():
    # ISO/IEC 7064 MOD 37-2: read with their check characters, the weighted sum leaves 1.
    order = ALPHABET + "*"
    for body in ("WY2026000001", "A999522123456", "BZ2026000318"):
        whole = body + numbers.check_character(body)
        total = sum(order.index(c) * pow(2, n, 37) for n, c in enumerate(reversed(whole)))
        assert total % 37 == 1


@pytest.mark.django_db
def test_serials_follow_one_another_and_skip_only_the_sign_nobody_can_say(town):
    given_out = [numbers.next_public(town, 2026) for _ in range(100)]
    possible = [f"WY2026{n:06d}" for n in range(1, 200)]
    expected = [body + numbers.check_character(body) for body in possible if numbers.check_character(body) != "*"]
    assert given_out == expected[:100]


@pytest.mark.django_db
def test_each_year_counts_for_itself(town):
    assert [numbers.next_public(town, year)[:12] for year in (2026, 2027)] == ["WY2026000001", "WY2027000001"]
    assert NumberSerial.objects.filter(town=town).count() == 2


@pytest.mark.django_db
def test_the_receipt_code_holds_forty_bits_and_is_stored_only_as_a_hash(town):
    made = apply(town, "JF-001")
    assert len(numbers.ALPHABET) ** numbers.CODE_LENGTH >= 2**40
    assert len(made.code) == numbers.CODE_LENGTH
    assert set(made.code) <= set(numbers.ALPHABET)
    row = Case.objects.filter(pk=made.case.pk).values().get()
    assert all(made.code not in str(value) for value in row.values())
    assert row["code_hash"] == numbers.code_hash(made.case.number, made.code)


@pytest.mark.django_db
def test_the_same_code_hashes_differently_for_another_case(town):
    assert numbers.code_hash("WY2026000001X", "ABCDE") != numbers.code_hash("WY2026000002Y", "ABCDE")


def check(made, code: str, number: str = "") -> None:
    case = made.case
    numbers.check_code(case.town, number or case.number, code, None if number else case.code_hash)


@pytest.mark.django_db
def test_a_code_may_be_typed_in_small_letters_with_hyphens_and_spaces(town):
    made = apply(town, "JF-001")
    check(made, f" {made.code[:5].lower()}-{made.code[5:]} ")


def guess(made, times: int, number: str = "") -> list[str]:
    sentences = []
    for _ in range(times):
        with pytest.raises(Refused) as caught:
            check(made, "AAAAAAAAAA", number)
        sentences.append(str(caught.value))
    return sentences


@pytest.mark.django_db
def test_guessing_must_wait_twice_as_long_each_time(town, clock):
    made = apply(town, "JF-001")
    assert all("不对" in sentence for sentence in guess(made, numbers.FREE_TRIES))
    waits = []
    for _ in range(4):
        with pytest.raises(Refused, match="分钟再试"):
            check(made, made.code)  # even the right code waits
        seconds = 0
        while "分钟再试" in guess(made, 1)[0]:
            clock.shift(timedelta(seconds=1))
            seconds += 1
        waits.append(seconds)
    assert waits == [1, 2, 4, 8]


@pytest.mark.django_db
def test_a_thousand_guesses_get_a_handful_of_tries(town, clock):
    made = apply(town, "JF-001")
    for _ in range(1000):
        guess(made, 1)
        clock.shift(timedelta(seconds=1))
    assert CodeAttempts.objects.get(number=made.case.number).failures < 20
    clock.shift(numbers.LONGEST_WAIT)
    check(made, made.code)
    guess(made, 1, "whatever was typed")
    numbers.forget_attempts()
    assert CodeAttempts.objects.count() == 2
    clock.shift(numbers.COUNTED + timedelta(seconds=1))
    numbers.forget_attempts()
    assert not CodeAttempts.objects.exists(), "what was typed is not kept"


@pytest.mark.django_db
def test_the_right_code_starts_the_count_anew(town):
    made = apply(town, "JF-001")
    guess(made, numbers.FREE_TRIES - 1)
    check(made, made.code)
    assert all("不对" in sentence for sentence in guess(made, numbers.FREE_TRIES))


@pytest.mark.django_db
def test_a_number_that_does_not_exist_answers_like_one_that_does(town):
    made = apply(town, "JF-001")
    assert guess(made, 8) == guess(made, 8, number="WY2026999999Z")
