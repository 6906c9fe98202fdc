"""The town's own words: they are used at once, loosening needs two persons, nothing is lost."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingtang.disclosure import columns, requirements, withheld, words
from mingtang.disclosure.enums import ListKind
from mingtang.disclosure.models import Column, ListEntry
from mingtang.disclosure.proved_words import check_words
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db


def add(town, kind, word, right="", by=REVIEWER):
    return words.add(town=town, kind=kind, word=word, right=right, reason="县里通报", by=staff(by))


def said(edition) -> list[str]:
    return [issue.sentence for issue in requirements.issues(edition.document, edition.revision)]


def test_a_wrong_phrase_blocks_from_the_moment_it_is_added_to_the_moment_two_ended_it(town, django_assert_num_queries):
    edition = acts.drafted(town, acts.content(body="<p>万瘐镇今天赶集。</p>"))
    assert not said(edition)
    entry = add(town, ListKind.PHRASE, "万瘐镇", "万庾镇")
    assert "“万瘐镇”写错了，固定的写法是“万庾镇”" in said(edition)[0]
    with pytest.raises(Refused, match="万瘐镇"):
        requirements.check_complete(edition.document, edition.revision)
    words.end(entry=entry, reason="镇名改了", by=staff(REVIEWER))
    assert said(edition), "one person alone ends no phrase"
    with pytest.raises(Refused, match="不能自己同意"):
        words.agree_end(entry=entry, by=staff(REVIEWER))
    words.keep(entry=entry, by=staff(SIGNER))
    words.end(entry=entry, reason="镇名改了", by=staff(SIGNER))
    ended = words.agree_end(entry=entry, by=staff(REVIEWER))
    assert not said(edition) and ended.state == "ended" and ended.ending_reason == "镇名改了"
    assert list(check_words(town)) == []
    with django_assert_num_queries(1):
        words.read(town.pk)


def test_an_allowed_word_waits_for_a_second_person(town):
    edition = acts.drafted(town, acts.content(body="<p>布署茶业中标。</p>"))
    assert any("布署" in one for one in said(edition))
    entry = add(town, ListKind.ALLOWED, "布署茶业")
    assert any("布署" in one for one in said(edition))
    with pytest.raises(Refused, match="登记的人不能自己同意启用"):
        words.agree(entry=entry, by=staff(REVIEWER))
    words.agree(entry=entry, by=staff(SIGNER))
    assert not any("布署" in one for one in said(edition))
    words.end(entry=entry, reason="改了字号", by=staff(REVIEWER))
    assert any("布署" in one for one in said(edition)), "to tighten, one is enough"
    assert list(check_words(town)) == []


def test_names_and_places_warn(town):
    add(town, ListKind.PLACE, "长堤村")
    add(town, ListKind.LEADER, "文大江", "镇长")
    edition = acts.drafted(town, acts.content(body="<p>镇长文大汪到长提村察看。</p>"))
    assert {"文大汪", "长提村"} <= {
        issue.finding.shown for issue in requirements.issues(edition.document, edition.revision) if issue.warns
    }


@pytest.mark.parametrize(
    ("kind", "word", "right", "sentence"),
    [
        (ListKind.PHRASE, "政府", "人民政府", "写对的也会被拦下"),
        (ListKind.TYPO, "社会主义", "社会主意", "本来就有的字"),
        (ListKind.PHRASE, "万瘐镇", "", "请填写正确的写法"),
        (ListKind.LEADER, "文江", "镇长", "3 到 60 个字"),
        (ListKind.PLACE, "长堤村", "镇长", "只登记词本身"),
        (ListKind.TYPO, "错", "措", "2 到 60 个字"),
        ("other", "错的词", "", "请选择放进哪个词表"),
        (ListKind.TERM, "430623195603080012", "一个人", "身份证"),
        (ListKind.TERM, "低保", "430623195603080012", "身份证"),
    ],
)
def test_a_word_that_would_catch_what_is_right_or_nothing_is_refused(town, kind, word, right, sentence):
    with pytest.raises(Refused, match=sentence):
        add(town, kind, word, right)
    assert not ListEntry.objects.exists()


def test_only_who_reviews_or_signs_keeps_the_lists_and_a_word_stands_once(town, other_town):
    with pytest.raises(Refused, match="由保密审查员和签发人维护"):
        add(town, ListKind.PLACE, "长堤村", by=EDITOR)
    entry = add(town, ListKind.PLACE, "长堤村")
    with pytest.raises(Refused, match="词表里已经有“长堤村”"):
        add(town, ListKind.PLACE, "长堤村")
    words.end(entry=entry, reason="并村", by=staff(REVIEWER))
    add(town, ListKind.PLACE, "长堤村")
    assert words.read(other_town.pk).places == frozenset()


def test_the_database_asks_for_two_and_keeps_every_word(town):
    allowed, phrase = add(town, ListKind.ALLOWED, "布署茶业"), add(town, ListKind.PHRASE, "万瘐镇", "万庾镇")
    alone = "ending_by_id = added_by_id, ending_reason = 'x', ended_by_id = added_by_id, ended_at = added_at"
    for change, row, error in (
        ("starts_by_id = added_by_id, starts_at = added_at", allowed, IntegrityError),
        (alone, phrase, IntegrityError),
        ("word = '别的'", phrase, DatabaseError),
    ):
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE disclosure_listentry SET {change} WHERE id = {row.pk}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosure_listentry")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE disclosure_listentry SET ending_reason = 'x' WHERE id = {phrase.pk}")
    assert [finding.row for finding in check_words(town)] == [phrase.pk]


def test_a_sentence_under_an_act_is_read_with_the_towns_words_too(town):
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    column = Column.objects.get(code="key-i8")
    add(town, ListKind.PHRASE, "万瘐镇", "万庾镇")
    with pytest.raises(Refused, match="万瘐镇"):
        columns.say_nothing(column=column, reason="万瘐镇没有采购。", by=staff(SIGNER))
    with pytest.raises(Refused, match="万瘐镇"):
        withheld.set_rhythm(town=town, months=6, reason="万瘐镇半年一次。", by=staff(SIGNER))
    words.agree(entry=add(town, ListKind.ALLOWED, "万瘐镇商店"), by=staff(SIGNER))
    columns.say_nothing(column=column, reason="万瘐镇商店没有采购。", by=staff(SIGNER))
