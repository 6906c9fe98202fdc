"""Bitmaps choose, count and page as a plain loop over the rows does."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.bitmaps import Bitmaps, bitmap, first, last

rows = st.lists(
    st.fixed_dictionaries(
        {"unit": st.lists(st.sampled_from("abcd"), max_size=1), "theme": st.lists(st.sampled_from("xyz"), max_size=3)}
    ),
    max_size=80,
)
choices = st.dictionaries(st.sampled_from(["unit", "theme", "none"]), st.sampled_from("abxyq"), max_size=2)


def fitting(rows, chosen, without=""):
    return [
        place
        for place, row in enumerate(rows)
        if all(value in row.get(facet, []) for facet, value in chosen.items() if facet != without)
    ]


@given(rows, choices, st.sets(st.integers(0, 79)))
def test_a_choice_leaves_the_rows_that_have_every_value(rows, chosen, some):
    bitmaps = Bitmaps(rows)
    assert list(first(bitmaps.narrowed(chosen))) == fitting(rows, chosen)
    within = bitmap((place for place in some if place < len(rows)), len(rows))
    assert list(first(bitmaps.narrowed(chosen, within))) == [n for n in fitting(rows, chosen) if n in some]


@given(rows, choices)
def test_a_count_is_what_choosing_that_value_instead_would_leave(rows, chosen):
    bitmaps = Bitmaps(rows)
    for facet in ("unit", "theme"):
        counts = bitmaps.counts(facet, bitmaps.narrowed(chosen, without=facet))
        for value in "abcdxyz":
            assert counts.get(value, 0) == len(fitting(rows, {**chosen, facet: value}))
        assert 0 not in counts.values()


@given(st.sets(st.integers(0, 300)), st.integers(-1, 300), st.integers(0, 5))
def test_places_are_met_in_order_and_backwards(places, at, size):
    bits = bitmap(places, 301)
    assert list(islice(first(bits, at), size)) == sorted(place for place in places if place > at)[:size]
    before = max(at, 0)
    assert list(islice(last(bits, before), size)) == sorted((p for p in places if p < before), reverse=True)[:size]


@given(rows, st.lists(st.tuples(st.integers(0, 90), rows.filter(bool)), max_size=6))
def test_rows_put_in_and_changed_later_are_as_if_they_had_been_there_from_the_start(rows, later):
    before = Bitmaps(rows)
    bitmaps, held = before.copied(), list(rows)
    for at, (row, *others) in later:
        place = at % (len(held) + 1)
        held.insert(place, row)
        bitmaps.insert(place, row)
        for other in others:
            held[at % len(held)] = other
            bitmaps.replace(at % len(held), other)
    assert (bitmaps.size, bitmaps.all) == (len(held), (1 << len(held)) - 1)
    assert (before.size, list(first(before.narrowed({"theme": "x"})))) == (len(rows), fitting(rows, {"theme": "x"}))
    for facet, values in (("unit", "abcd"), ("theme", "xyz")):
        for value in values:
            assert list(first(bitmaps.any_of(facet, [value]))) == fitting(held, {facet: value})
    either = sorted({*fitting(held, {"theme": "x"}), *fitting(held, {"theme": "z"})})
    assert list(first(bitmaps.any_of("theme", ["x", "z", "none"]))) == either
