"""A document from draft to published and after: three persons, one number, a frozen text."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.disclosure import actions, numbers, taking_in
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document, Edition, Revision
from mingtang.disclosure.policies import can
from mingtang.disclosure.states import EDITION
from mingtang.events.log import CONSOLE, Actor
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post, Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CENTRE, DISCIPLINE, EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
ID_CARD = "430623195001011233"


def also(username: str, post: str) -> Staff:
    """Give a person a second post: small towns do."""
    person = staff(username)
    people.appoint(staff=person, post=Post.objects.get(town=person.town, code=post), by=CONSOLE)
    return person


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("document", "revision").get(pk=edition.pk)


def raw(statement: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# Three persons


def test_three_persons_publish(town):
    edition = acts.published(town)
    edition.document.refresh_from_db()
    assert edition.document.current == edition
    assert edition.published_at == edition.published_event.recorded_at == edition.document.published_at
    assert edition.published_event.data["sha256"] == edition.revision.sha256 == edition.reviewed_sha256


def test_the_author_does_not_review(town):
    edition = acts.in_review(town)
    with pytest.raises(Refused, match="起草人不能审查自己起草的信息"):
        acts.passed(edition, also(EDITOR, "office-secrecy"))


@pytest.mark.parametrize("who", [EDITOR, REVIEWER])
def test_who_drafted_or_reviewed_does_not_sign(town, who):
    edition = acts.reviewed(town)
    with pytest.raises(Refused, match="三个不同的人"):
        actions.sign(edition=edition, by=also(who, "office-head"))


def test_who_rewrote_a_colleagues_draft_does_not_review_it(town):
    rewriter = also(REVIEWER, "news-editor")
    edition = actions.revise(edition=acts.drafted(town), content=acts.content(body="<p>全部改写。</p>"), by=rewriter)
    edition = actions.submit(edition=edition, by=staff(EDITOR))
    with pytest.raises(Refused, match="起草人不能审查"):
        acts.passed(edition, rewriter)


def test_who_wrote_an_earlier_edition_may_review_a_later_one(town):
    first = acts.published(town)
    writer = also(SIGNER, "news-editor")
    second = actions.new_edition(document=first.document, content=acts.content(), by=writer, note="更正")
    second = actions.submit(edition=second, by=writer)
    assert can("review", second, also(EDITOR, "office-secrecy"))


@pytest.mark.parametrize("column", ["reviewer_id", "signer_id"])
def test_the_database_itself_asks_for_three_persons(town, column):
    edition = acts.reviewed(town)
    with pytest.raises(IntegrityError):
        raw(f"UPDATE disclosure_edition SET {column} = author_id WHERE id = %s", edition.pk)


def test_the_database_publishes_nothing_without_review_and_signature(town):
    edition = acts.drafted(town)
    event = Event.objects.order_by("pk").last()
    with pytest.raises(IntegrityError):
        raw(
            "UPDATE disclosure_edition SET state = 'published', published_at = %s, published_event_id = %s"
            " WHERE id = %s",
            timezone.now(),
            event.pk,
            edition.pk,
        )


@pytest.mark.parametrize(
    ("act", "reach", "who"),
    [
        ("submit", acts.drafted, REVIEWER),
        ("review", acts.in_review, SIGNER),
        ("sign", acts.reviewed, REVIEWER),
        ("publish", acts.signed, CENTRE),
        ("withdraw", acts.published, EDITOR),
    ],
)
def test_each_act_needs_its_own_power(town, act, reach, who):
    assert not can(act, reach(town), staff(who))


@pytest.mark.parametrize(
    "act", sorted(act for act, row in EDITION.items() if row.powers and act not in {"supersede", "adopt_historical"})
)
@pytest.mark.parametrize("reach", [acts.drafted, acts.in_review, acts.reviewed, acts.signed, acts.published])
def test_an_act_that_is_not_in_the_table_is_refused(town, act, reach):
    edition = reach(town)
    everybody = [staff(name) for name in (EDITOR, REVIEWER, SIGNER, DISCIPLINE)]
    assert any(can(act, edition, person) for person in everybody) == (edition.state in EDITION[act].sources)


def test_nobody_acts_on_another_towns_document(town, other_town):
    edition = acts.drafted(town)
    stranger = Staff.objects.create(town=other_town, username="wailai", name="外人（演示）", number="1")
    with pytest.raises(Refused, match="不属于您所在的乡镇"):
        actions.revise(edition=edition, content=acts.content(), by=stranger)
    assert not Document.objects.visible_to(Viewer(other_town, powers=frozenset({"document.draft"}))).exists()


# What may change, and when


def test_text_changed_after_the_review_is_not_published(town):
    edition = acts.signed(town)
    other = Revision.objects.create(
        document=edition.document, number=2, title="改过", body_html="", body_text="改过", sha256="00" * 32
    )
    Edition.objects.filter(pk=edition.pk).update(revision=other)
    with pytest.raises(Refused, match="审查以后正文或附件变过"):
        actions.publish(edition=edition, by=staff(SIGNER))
    assert again(edition).state == EditionState.SIGNED


@pytest.mark.parametrize("reach", [acts.in_review, acts.reviewed, acts.signed, acts.published])
def test_a_text_on_its_way_is_not_revised(town, reach):
    with pytest.raises(Refused, match="不能修改"):
        actions.revise(edition=reach(town), content=acts.content(), by=staff(EDITOR))


def test_a_return_voids_review_and_signature(town):
    edition = actions.return_to_draft(edition=acts.signed(town), by=staff(REVIEWER), reason="附件少一页")
    assert (edition.state, edition.returned_reason) == (EditionState.DRAFT, "附件少一页")
    assert (edition.reviewer, edition.signer, edition.reviewed_sha256) == (None, None, "")
    with pytest.raises(Refused, match="不能公开"):
        actions.publish(edition=edition, by=staff(SIGNER))


@pytest.mark.parametrize(("reason", "sentence"), [(" ", "写明退回的理由"), ("长" * 201, "最多 200 个字")])
def test_a_return_needs_a_reason_that_fits(town, reason, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.return_to_draft(edition=acts.in_review(town), by=staff(REVIEWER), reason=reason)


def test_a_colleagues_save_is_not_overwritten(town):
    edition = acts.drafted(town)
    actions.revise(edition=edition, content=acts.content("同事改的"), by=staff(EDITOR), seen_revision=1)
    with pytest.raises(Refused, match="有同事保存过"):
        actions.revise(edition=edition, content=acts.content("我改的"), by=staff(EDITOR), seen_revision=1)
    assert again(edition).revision.title == "同事改的"


@pytest.mark.parametrize(
    ("title", "body", "field"),
    [
        ("关于停车的通告", f"<p>联系人身份证 {ID_CARD[:17]}X、11010519491231002X</p>", "body"),
        ("机密★一年 关于停车的通告", "<p>正文。</p>", "title"),
        ("关于停车的通告", "", "body"),
    ],
    ids=["identity number", "secret mark", "no text"],
)
def test_what_must_not_get_out_is_stopped_at_submission_with_its_field(town, title, body, field):
    edition = acts.drafted(town, acts.content(title, body))
    with pytest.raises(Refused) as caught:
        actions.submit(edition=edition, by=staff(EDITOR))
    assert caught.value.field == field
    assert again(edition).state == EditionState.DRAFT


def test_the_date_of_writing_must_be_known_before_the_review(town):
    edition = actions.draft(
        town=town,
        metadata=acts.metadata(town, generated_on=None),
        content=acts.content(),
        by=staff(EDITOR),
    )
    with pytest.raises(Refused, match="生成日期") as caught:
        actions.submit(edition=edition, by=staff(EDITOR))
    assert caught.value.field == "generated_on"


@pytest.mark.parametrize(("title", "sentence"), [("  ", "还没有标题"), ("长" * 201, "最多 200 个字")])
def test_a_title_is_written_and_fits(town, title, sentence):
    with pytest.raises(Refused, match=sentence):
        acts.drafted(town, acts.content(title))
    assert not Document.objects.exists()


def test_our_own_documents_name_a_unit_of_the_town(town, other_town):
    with pytest.raises(Refused, match="选择本镇的发布单位"):
        actions.draft(town=town, metadata=acts.metadata(town, unit=None), content=acts.content(), by=staff(EDITOR))


# After publication


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE disclosure_edition SET revision_id = revision_id + 1 WHERE id = %s",
        "UPDATE disclosure_edition SET published_at = NULL WHERE id = %s",
        "UPDATE disclosure_edition SET number = 7 WHERE id = %s",
        "UPDATE disclosure_edition SET signer_id = author_id + 9 WHERE id = %s",
    ],
)
def test_a_published_edition_is_frozen(town, change):
    edition = acts.published(town)
    with pytest.raises(DatabaseError, match=r"frozen|append-only"):
        raw(change, edition.pk)


@pytest.mark.parametrize("statement", ["UPDATE disclosure_revision SET title = 'x'", "DELETE FROM disclosure_revision"])
def test_a_revision_never_changes(town, statement):
    acts.drafted(town)
    with pytest.raises(DatabaseError, match="append-only"):
        raw(statement)


def test_a_new_edition_takes_over_only_when_it_is_published(town):
    first = acts.published(town)
    document = first.document
    second = actions.new_edition(
        document=document, content=acts.content("停车通告（更正）"), by=staff(EDITOR), note="改正收费时间"
    )
    assert again(first).state == EditionState.PUBLISHED
    second = actions.submit(edition=second, by=staff(EDITOR))
    second = acts.passed(second, staff(REVIEWER))
    second = actions.sign(edition=second, by=staff(SIGNER))
    second = actions.publish(edition=second, by=staff(SIGNER))
    document.refresh_from_db()
    assert (again(first).state, document.current_id) == (EditionState.SUPERSEDED, second.pk)
    assert document.index_number == first.document.index_number
    assert document.published_at == first.published_at
    assert second.published_event.reason == "改正收费时间"


def test_only_one_edition_is_in_the_making(town):
    document = acts.published(town).document
    make = {"document": document, "content": acts.content(), "by": staff(EDITOR)}
    actions.new_edition(**make, note="更正")
    with pytest.raises(Refused, match="已经有一版正在起草"):
        actions.new_edition(**make, note="再更正")
    with pytest.raises(Refused, match="请写明为什么要出新版"):
        actions.new_edition(**make, note=" ")


def test_withdrawal_leaves_a_tombstone_and_needs_a_new_review_to_return(town):
    edition = acts.published(town)
    edition = actions.withdraw(edition=edition, by=staff(DISCIPLINE), ground="wrong", reason="金额写错了")
    document = Document.objects.get(pk=edition.document_id)
    assert edition.state == EditionState.WITHDRAWN
    assert document in Document.objects.visible_to(Viewer(town))
    assert document not in Document.objects.published()
    assert Event.objects.get(type="document.withdrawn").reason == "金额写错了"
    with pytest.raises(Refused, match="不能公开"):
        actions.publish(edition=edition, by=staff(SIGNER))


@pytest.mark.parametrize(
    ("ground", "reason", "field"),
    [("", "金额写错了", "ground"), ("wrong", " ", "reason"), ("wrong", "长" * 201, "reason")],
)
def test_withdrawal_says_why(town, ground, reason, field):
    with pytest.raises(Refused) as caught:
        actions.withdraw(edition=acts.published(town), by=staff(DISCIPLINE), ground=ground, reason=reason)
    assert caught.value.field == field


def test_the_public_sees_nothing_that_is_not_published(town):
    acts.signed(town)
    assert not Document.objects.visible_to(Viewer(town)).exists()
    assert not Edition.objects.visible_to(Viewer(town)).exists()


# Index numbers


def test_numbers_follow_the_towns_template_and_never_come_twice(town):
    first, second = acts.drafted(town).document, acts.drafted(town).document
    year = timezone.localdate().year
    assert [first.index_number, second.index_number] == [f"006382329L/{year}-000000{n}" for n in (1, 2)]


def test_a_number_that_an_imported_document_bears_is_stepped_over(town):
    year = timezone.localdate().year
    taken = f"006382329L/{year}-0000002"
    taking_in.draft_imported(
        town=town, metadata=acts.metadata(town), content=acts.content(), by=CONSOLE, index_number=taken
    )
    issued = [acts.drafted(town).document.index_number for _ in range(2)]
    assert issued == [f"006382329L/{year}-0000001", f"006382329L/{year}-0000003"]


def test_two_documents_do_not_bear_one_number(town):
    values = {"town": town, "metadata": acts.metadata(town), "content": acts.content(), "by": CONSOLE}
    taking_in.draft_imported(**values, index_number="430S00/2014-00318")
    with pytest.raises(Refused, match="430S00/2014-00318") as caught:
        taking_in.draft_imported(**values, index_number="430S00/2014-00318")
    assert caught.value.field == "index_number"


def test_the_serial_does_not_start_again_with_the_year(town):
    first, second = (numbers.issue(town, date(year, 1, 5)) for year in (2026, 2027))
    assert [first[-7:], second[-7:]] == ["0000001", "0000002"]


def test_the_number_of_a_document_is_frozen(town):
    acts.drafted(town)
    with pytest.raises(DatabaseError, match=r"frozen|append-only"):
        raw("UPDATE disclosure_document SET index_number = 'x'")


def test_a_town_without_a_credit_code_is_told_to_register_it(town):
    Jurisdiction.objects.filter(pk=town.pk).update(uscc="")
    with pytest.raises(Refused, match="统一社会信用代码"):
        acts.drafted(town)


# History


def adopt(town, body: str = "<p>2018 年的通知正文。</p>", when: datetime | None = None) -> Edition:
    edition = taking_in.draft_imported(
        town=town,
        metadata=acts.metadata(town, unit=None, issuer="万庾镇人民政府"),
        content=acts.content("关于推行政务公开的通知", body),
        by=CONSOLE,
        index_number="006382329L/2018-1430766",
    )
    return taking_in.adopt_historical(edition=edition, by=Actor("console"), source_published_at=when)


def test_history_is_adopted_by_one_named_person_with_both_dates(town):
    when = timezone.make_aware(datetime(2018, 10, 18, 9, 30))  # noqa: DTZ001 (made aware at once)
    edition = adopt(town, when=when)
    document = Document.objects.get(pk=edition.document_id)
    assert (document.provenance, document.current_id) == ("historical", edition.pk)
    assert (edition.source_published_at, edition.adopted_by) == (when, "console")
    assert document.published_at == Event.objects.get(type="document.adopted").recorded_at
    assert document.index_number == "006382329L/2018-1430766"


def test_history_is_guarded_like_everything_else(town):
    with pytest.raises(Refused, match=r"身份证|公民身份"):
        adopt(town, body="<p>张三，11010519491231002X</p>")
    assert not Document.objects.published().exists()


def test_what_is_on_its_way_is_not_adopted_past_the_three_persons(town):
    with pytest.raises(Refused, match="不能补录"):
        taking_in.adopt_historical(edition=acts.signed(town), by=CONSOLE, source_published_at=None)
