"""The list of services in memory: what is chosen, counted and paged is what a plain loop finds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.portal.shelf import Shelf, facets_of

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 2)
UNITS = {"b": "乙所", "a": "甲所", "c": "丙所"}


def row(code, **changes):
    given = {
        "pk": int(code),
        "item__code": code,
        "unit__code": "a",
        "name": f"事项{code}",
        "synonyms": [],
        "kind": "promised",
        "power_type": "01",
        "served": ["自然人"],
        "person_themes": [],
        "firm_themes": [],
        "charges": [],
        "visits": 1,
        "online": True,
        "joint": False,
    }
    return given | changes


CODES = st.integers(100, 160).map(str)
ROWS = st.lists(
    st.builds(
        row,
        CODES,
        unit__code=st.sampled_from("abc"),
        person_themes=st.lists(st.sampled_from(["生育收养", "户籍办理"]), unique=True),
        visits=st.integers(0, 4),
        online=st.booleans(),
    ),
    unique_by=lambda one: one["item__code"],
    max_size=30,
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.sampled_from("abc"),
        "theme": st.sampled_from(["生育收养", "死亡殡葬"]),
        "visits": st.sampled_from("012"),
    },
)


def expected(rows, chosen):
    order = list(UNITS)
    rows = sorted(rows, key=lambda one: (order.index(one["unit__code"]), one["item__code"]))
    return [one["pk"] for one in rows if all(value in facets_of(one, TODAY)[name] for name, value in chosen.items())]


@given(ROWS, CHOSEN, st.integers(1, 7))
def test_turning_the_pages_meets_every_item_once_in_order_and_back_again(rows, chosen, size):
    shelf = Shelf(rows, UNITS, TODAY)
    wanted, within = expected(rows, chosen), shelf.matching("")
    pages, found = [], shelf.page(chosen, within, size)
    while True:
        assert found.total == len(wanted)
        pages.append(found)
        if not found.after:
            break
        found = shelf.page(chosen, within, size, after=found.after)
    assert [key for page in pages for key in page.keys] == wanted
    back = [pages[-1]]
    while back[-1].before:
        back.append(shelf.page(chosen, within, size, before=back[-1].before))
    assert [page.keys for page in reversed(back)] == [page.keys for page in pages]


@given(ROWS, CHOSEN)
def test_a_facet_counts_what_choosing_each_of_its_values_would_leave(rows, chosen):
    shelf = Shelf(rows, UNITS, TODAY)
    values = {"unit": "abc", "theme": ("生育收养", "户籍办理"), "visits": "012", "online": ("yes", "no")}
    for facet, known in values.items():
        counts = shelf.counts(chosen, facet, shelf.matching(""))
        assert counts == {value: n for value in known if (n := len(expected(rows, {**chosen, facet: value})))}


def test_words_are_found_in_names_everyday_names_and_codes_in_any_width_and_order():
    shelf = Shelf(
        [row("101", name="农村村民建房审批", synonyms=["盖房子"]), row("102", name="ETC办理"), row("103", name="建房")],
        UNITS,
        TODAY,
    )

    def found(words):
        return shelf.page({}, shelf.matching(words), 10).keys

    assert found("建房") == [101, 103]
    assert found("审批 建房") == [101]
    assert found("盖房") == [101]
    assert found("ｅtc") == [102]
    assert found("102") == [102]
    assert found("火星") == []


def test_an_item_that_left_the_list_begins_at_the_start():
    shelf = Shelf([row(str(code)) for code in range(100, 110)], UNITS, TODAY)
    assert shelf.page({}, shelf.matching(""), 3, after="999").keys == [100, 101, 102]


def test_a_fee_counts_on_the_days_it_holds():
    charges = [{"amount": 500, "from": "2026-01-01", "to": "2026-03-02"}]
    assert facets_of(row("101", charges=charges), TODAY)["fee"] == ["yes"]
    assert facets_of(row("101", charges=charges), date(2026, 3, 3))["fee"] == ["no"]


def test_who_it_is_for_may_be_both():
    assert facets_of(row("101", served=["自然人", "企业法人"]), TODAY)["served"] == ["person", "firm"]
    assert facets_of(row("101", served=["其他组织"]), TODAY)["served"] == ["firm"]
