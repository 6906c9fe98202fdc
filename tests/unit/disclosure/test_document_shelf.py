"""The published documents in memory: what is chosen, counted and paged is what a plain loop finds, and never older than
the question."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure import actions, columns
from mingtang.disclosure import shelf as module
from mingtang.disclosure.models import Document
from mingtang.disclosure.shelf import FACETS, Shelf, shelf
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from tests.factories import acts, cast
from tests.factories.acts import staff

START = datetime(2018, 10, 18, tzinfo=UTC)


def row(key, day, theme, issuer, kind, withdrawn, columns):
    state = "withdrawn" if withdrawn else "published"
    return (key, START + timedelta(days=day), theme, issuer, kind, state), columns


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 500),
        st.sampled_from([-20_000, 0, 0, 3, 400, 800]),
        st.sampled_from(["plan", "policy"]),
        st.sampled_from(["万庾镇", "卫生院", ""]),
        st.sampled_from(["plain", "notice"]),
        st.booleans(),
        st.lists(st.sampled_from(["a20-01", "a21-04", "key-e5"]), unique=True),
    ),
    unique_by=lambda one: one[0][0],
    max_size=25,
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from([["plan"], ["plan", "policy"], ["land"]]),
        "column": st.sampled_from([["a20-01"], ["a20-01", "key-e5"]]),
        "issuer": st.just(["卫生院"]),
        "year": st.sampled_from([["2018"], ["2018", "2020"]]),
    },
)


def in_order(rows):
    return sorted(rows, key=lambda one: (one[0][1], one[0][0]))


def has(one, facet):
    (_, day, theme, issuer, kind, _), columns = one
    year = str((day + timedelta(hours=8)).year)
    return {"theme": [theme], "column": columns, "issuer": [issuer], "kind": [kind], "year": [year]}[facet]


def fitting(rows, chosen, without=""):
    """Newest first."""
    return [
        one
        for one in reversed(in_order(rows))
        if all(set(has(one, facet)) & set(values) for facet, values in chosen.items() if facet != without)
    ]


def turned(held, chosen, size, places):
    found, pages = held.page(chosen, held.all, size), []
    while True:
        pages.append(found)
        if not found.older:
            return pages
        found = held.page(chosen, held.all, size, after=places[found.keys[-1]])


@given(ROWS, CHOSEN, st.integers(1, 7))
def test_turning_the_pages_meets_every_document_once_newest_first_and_back_again(rows, chosen, size):
    held, wanted = Shelf(in_order(rows)), fitting(rows, chosen)
    places = {one[0][0]: (one[0][1], one[0][0]) for one in rows}
    pages = turned(held, chosen, size, places)
    assert [key for page in pages for key in page.keys] == [one[0][0] for one in wanted]
    assert {page.total for page in pages} == {len(wanted)}
    back = [pages[-1]]
    while back[-1].newer:
        back.append(held.page(chosen, held.all, size, before=places[back[-1].keys[0]]))
    met = [key for page in reversed(back) for key in page.keys]
    assert met == [one[0][0] for one in wanted]


@given(ROWS, CHOSEN)
def test_a_count_is_what_choosing_only_that_value_would_leave(rows, chosen):
    held = Shelf(in_order(rows))
    for facet in FACETS:
        counts = held.counts(chosen, facet, held.all)
        values = {value for one in rows for value in has(one, facet) if value}
        found = {value: len(fitting(rows, {**chosen, facet: [value]})) for value in values}
        assert counts == {value: count for value, count in found.items() if count}


@given(ROWS, ROWS, CHOSEN)
def test_documents_put_in_later_are_as_if_all_had_been_read_at_once(rows, later, chosen):
    days = {one[0][0]: one[0][1] for one in rows}
    later = [((one[0][0], days.get(one[0][0], one[0][1]), *one[0][2:]), one[1]) for one in later]
    whole = list(({one[0][0]: one for one in rows} | {one[0][0]: one for one in later}).values())
    before = Shelf(in_order(rows))
    grown, fresh = before.changed(later), Shelf(in_order(whole))
    assert grown.page(chosen, grown.all, 50) == fresh.page(chosen, fresh.all, 50)
    for facet in FACETS:
        assert grown.counts(chosen, facet, grown.all) == fresh.counts(chosen, facet, fresh.all)
    assert grown.published_in("a20-01") == fresh.published_in("a20-01")
    assert before.page({}, before.all, 50).total == len(rows)


def test_the_first_page_follows_the_newest_document_of_the_same_moment():
    rows = [row(key, 0, "plan", "", "plain", False, []) for key in (1, 2, 3)]
    found = Shelf(rows).page({}, Shelf(rows).all, 2)
    assert (found.keys, found.newer, found.older) == ([3, 2], False, True)
    rest = Shelf(rows).page({}, Shelf(rows).all, 2, after=(START, 2))
    assert (rest.keys, rest.newer, rest.older) == ([1], True, False)


@pytest.fixture
def read(monkeypatch):
    """How often a whole town was read."""
    times = []
    whole = module._read
    monkeypatch.setattr(module, "_read", lambda town: times.append(town) or whole(town))
    return times


def shown(town):
    held = shelf(town)
    keys = held.page({}, held.all, 100).keys
    assert keys == list(
        Document.objects.filter(town=town, current__isnull=False)
        .order_by("-listed_at", "-pk")
        .values_list("pk", flat=True)
    )
    return keys


def test_what_was_published_withdrawn_and_filed_is_in_the_next_answer_without_reading_all_again(town, read):
    columns.open_all(town=town, owner=Post.objects.filter(town=town).first(), by=CONSOLE)
    assert shown(town) == []
    first = acts.published(town)
    assert shown(town) == [first.document.pk]
    follow.settle()
    second = acts.published(town)
    assert shown(town) == [second.document.pk, first.document.pk]
    columns.refile(document=first.document, codes=["a20-01"], by=staff(cast.EDITOR))
    assert shelf(town).published_in("a20-01")[0] == 1
    actions.withdraw(edition=first, by=staff(cast.SIGNER), ground="wrong", reason="数字有误")
    follow.settle()
    assert shelf(town).published_in("a20-01") == (0, None)
    assert shelf(town).standing_in("a20-01").bit_count() == 1
    assert len(read) == 1


def test_what_was_rolled_back_or_put_back_from_a_copy_is_read_anew(town, read):
    first = acts.published(town)
    assert shown(town) == [first.document.pk]
    try:
        with transaction.atomic():
            acts.published(town)
            assert len(shown(town)) == 2
            follow.settle()
            assert len(shown(town)) == 2
            raise InterruptedError
    except InterruptedError:
        pass
    assert shown(town) == [first.document.pk]
    assert len(read) == 2


def test_more_news_than_a_few_are_read_at_once(town, read, monkeypatch):
    monkeypatch.setattr(module, "_FEW", 1)
    shown(town)
    for _ in range(2):
        acts.published(town)
    assert len(shown(town)) == 2
    assert len(read) == 2


def test_one_town_never_shows_another_s(town, other_town):
    acts.published(town)
    assert len(shown(town)) == 1
    assert shown(other_town) == []
