"""What an act on one document does to a thousand stored pages: those that it changes go, what stays is as it would be
made anew, and what shows nothing of it stays."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from mingtang.boards import actions as boards
from mingtang.boards.enums import What
from mingtang.disclosure import actions, columns, numbers, terms, validity, withheld
from mingtang.disclosure.enums import Ground
from mingtang.disclosure.models import Edition
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.people import villages
from mingtang.people.models import Post
from mingtang.portal import keys
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.utilities import tenants
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
KIND, UNIT, COLUMN, HEADING = "plain", "party-office", "key-e5", "key-e"
# What shows or counts every document, or one of this kind, unit or column.
IN_COLUMN = (f"/info/c/{COLUMN}", f"/info/c/{HEADING}", f"/feeds/c/{COLUMN}.atom")
WITH_IT = (
    *("/", "/info/", "/info/c/", "/info/numbers", "/feeds/info.atom", "/sitemap.xml", *IN_COLUMN),
    *(f"/feeds/unit/{UNIT}.atom", f"/feeds/kind/{KIND}.atom"),
)
WITHOUT_IT = (
    *("/info/c/a20-09", "/info/c/key-s", "/feeds/c/a20-09.atom", "/feeds/unit/justice.atom"),
    *("/feeds/kind/aid.atom", "/laws/", "/services/", "/hall/"),
)
# How many columns are filled, which numbers lead to a text, what has a term, what is not published.
GUIDE, NUMBERS = {"/info/guide", "/info/guide.json"}, {"/info/numbers"}
VALIDITY, WITHHELD = {"/info/validity"}, {"/info/withheld"}
COLUMNS, BOARDS, UTILITIES = {"/info/c/"}, {"/boards/", "/boards.json"}, {"/utilities/", "/utilities.json"}
FIGURES = GUIDE | NUMBERS | VALIDITY | WITHHELD | COLUMNS | BOARDS | UTILITIES
OTHERS = 1000


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(datetime(2026, 3, 10, 4, tzinfo=UTC), tick=False):
        yield


def drafted(town, title, **about) -> Edition:
    metadata = acts.metadata(town, kind=KIND, **about)
    return actions.draft(town=town, metadata=metadata, content=acts.content(title), by=staff(EDITOR), columns=[COLUMN])


def signed_one(town, title, **about) -> Edition:
    edition = drafted(town, title, **about)
    actions.submit(edition=edition, by=staff(EDITOR))
    return actions.sign(edition=acts.passed(edition, staff(REVIEWER)), by=staff(SIGNER))


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document__town", "document__unit", "revision").get(pk=edition.pk)


@pytest.fixture
def signed(town):
    """A document that may be published, beside one that is."""
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    acts.published(town)
    edition = signed_one(town, "关于换发药箱的通告")
    follow.settle()
    return edition


@pytest.fixture
def drops(client, town, django_capture_on_commit_callbacks):
    """Store these pages, run an act: those that are gone. What stays is as it would be made now."""
    store = page_store()

    def run(shown, act) -> set[str]:
        for path in (path for path in shown if not store.find(town.code, path)):
            if client.get(path, **{START: store.begin(town.code)}).status_code != 200:
                raise AssertionError(path)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        stayed = {path: kept.body for path in shown if (kept := store.find(town.code, path))}
        stale = [path for path, body in stayed.items() if client.get(path).content != body]
        assert stale == []
        return {*shown} - {*stayed}

    return run


@pytest.fixture
def dropped(drops, client, town, signed):
    """Of a thousand pages those that an act drops."""
    other, store = town.documents.get(current__isnull=False).index_number, page_store()
    # Beside another document may stand one that was the newest when its page was made.
    shown, beside = [*WITH_IT, *WITHOUT_IT, f"/info/{other}.json"], f"/info/{other}"
    fillers = [f"/info/other/{number}" for number in range(OTHERS - len(shown) - 1)]

    def run(act) -> set[str]:
        client.get(beside, **{START: store.begin(town.code)})
        for path in (path for path in fillers if not store.find(town.code, path)):
            store.save(store.begin(town.code), path, [f"document:{path}", keys.DAY], b"x", "text/html")
        gone = drops(shown, act)
        return gone | {path for path in (*fillers, beside) if not store.find(town.code, path)}

    return run


def test_an_act_on_a_document_drops_the_pages_that_show_it_and_nothing_else(dropped, signed):
    document = signed.document
    assert dropped(lambda: actions.publish(edition=signed, by=staff(SIGNER))) == {*WITH_IT}
    follow.settle()
    moved = dropped(lambda: columns.refile(document=document, codes=["a20-09"], by=staff(EDITOR)))
    assert {*IN_COLUMN, "/info/c/a20-09", "/feeds/c/a20-09.atom", "/info/", "/info/c/"} <= moved
    assert moved.isdisjoint({"/info/c/key-s", "/feeds/unit/justice.atom", "/feeds/kind/aid.atom", "/laws/"})
    taken = dropped(lambda: actions.withdraw(edition=signed, by=staff(SIGNER), ground="wrong", reason="数字有误"))
    assert {"/", "/info/", "/info/c/a20-09", f"/feeds/unit/{UNIT}.atom"} <= taken
    # It may have stood beside another text, never in a column that it had left.
    assert taken.isdisjoint({*IN_COLUMN, "/info/c/key-s", "/feeds/unit/justice.atom", "/laws/", "/services/"})


def test_the_list_of_sitemaps_falls_only_when_one_more_is_named(drops, signed, town, monkeypatch):
    monkeypatch.setattr(keys, "IN_ONE_FILE", 2)
    seen, path = set(), "/sitemap.xml"
    for edition in [signed, *(signed_one(town, f"第{number}份通告") for number in range(6))]:
        public = list(town.documents.filter(current__isnull=False).values_list("pk", flat=True))
        is_named = edition.document_id // 2 in {pk // 2 for pk in public}
        gone = drops([path], lambda edition=edition: actions.publish(edition=edition, by=staff(SIGNER)))
        if len(public) > 2:
            assert gone == (set() if is_named else {path})
            seen.add(is_named)
    assert seen == {True, False}


def test_the_feed_of_a_village_goes_with_what_is_published_and_with_its_name(drops, signed, town):
    village = villages.add(town=town, name="长堤村", by=staff(SIGNER))
    feed = f"/feeds/village/{village.pk}.atom"
    assert drops([feed], lambda: actions.publish(edition=signed, by=staff(SIGNER))) == {feed}
    assert drops([feed], lambda: villages.rename(village=village, name="药箱村", by=staff(SIGNER))) == {feed}


@pytest.fixture
def fell(drops, signed):
    """Run an act: the pages of figures that are gone."""
    return lambda act, *args, **more: drops(FIGURES, lambda: act(*args, **more))


def test_a_page_of_figures_goes_when_a_figure_changes_and_stays_when_none_does(fell, signed, town):
    editor, signer = staff(EDITOR), staff(SIGNER)
    second = signed_one(town, "关于药箱的补充通告")
    assert fell(actions.publish, edition=signed, by=signer) == GUIDE | NUMBERS | COLUMNS
    assert fell(actions.publish, edition=second, by=signer) == NUMBERS | COLUMNS, "its column was filled before"
    # A draft has a number, and the guide says how the next one is written.
    assert fell(drafted, town, "关于药箱的第三份通告") == GUIDE | NUMBERS
    assert fell(numbers.choose, town=town, style="uscc", by=signer) == GUIDE | NUMBERS
    # Of two in a column one goes into an empty one and back.
    for code in ("a20-09", COLUMN):
        assert fell(columns.refile, document=second.document, codes=[code], by=editor) == GUIDE | COLUMNS

    rule = acts.rule_draft(town)
    assert fell(acts.publish_draft, rule) == VALIDITY | NUMBERS | GUIDE | COLUMNS
    assert fell(terms.repeal, edition=again(rule), number="", reason="不再需要", by=signer) == VALIDITY | COLUMNS
    days = {"first": date(2026, 3, 1), "last": date(2027, 3, 1)}
    fell(columns.refile, document=signed.document, codes=["a20-01"], by=editor)
    row = validity.propose(edition=again(signed), verdict="term", **days, number="", basis="清理结果。", by=editor)
    assert fell(validity.agree, restatement=row, by=staff(REVIEWER)) == VALIDITY | COLUMNS
    taken = fell(actions.withdraw, edition=again(signed), by=signer, ground="wrong", reason="数字有误")
    assert taken == VALIDITY | NUMBERS | GUIDE | COLUMNS


def test_the_page_of_what_is_withheld_goes_with_every_decision(fell, signed, town):
    editor, reviewer, signer = staff(EDITOR), staff(REVIEWER), staff(SIGNER)
    secret, said = drafted(town, "关于集镇规划方案的讨论记录"), {"reason": "方案还在讨论"}
    proposal = {"edition": secret, "ground": Ground.PROCESS, "hide_title": False, "by": editor}
    assert fell(withheld.propose_withholding, **proposal, **said) == set()
    assert fell(withheld.review_withholding, edition=again(secret), by=reviewer) == set()
    assert fell(withheld.withhold, edition=again(secret), months=6, by=signer) == WITHHELD | NUMBERS
    assert fell(withheld.keep_withheld, edition=again(secret), months=9, by=signer, **said) >= WITHHELD
    assert fell(withheld.set_rhythm, town=town, months=6, by=signer, **said) == WITHHELD
    assert fell(withheld.open_up, edition=again(secret), by=signer, **said) == WITHHELD | NUMBERS


def test_the_pages_of_a_utility_and_of_a_board_go_with_their_own_documents(fell, signed, town):
    post = Post.objects.get(code="health-head")
    tenants.admit(unit=post.unit, owner=post, by=staff(SIGNER))
    hung, theirs = acts.published(town), signed_one(town, "关于门诊时间的通告", unit=post.unit)
    keeper = Post.objects.get(code="station-changdi")
    board = boards.open_board(town=town, facts=boards.Facts("公示栏", "村部门口", keeper, 90), by=staff(SIGNER))
    boards.require(board=board, what=What.DOCUMENT, document=hung.document, by=staff(SIGNER))
    assert fell(actions.publish, edition=signed, by=staff(SIGNER)).isdisjoint(BOARDS | UTILITIES)
    assert fell(acts.corrected, hung, acts.content("另一个标题")) & (BOARDS | UTILITIES) == BOARDS
    assert fell(actions.publish, edition=theirs, by=staff(SIGNER)) & (BOARDS | UTILITIES) == UTILITIES
