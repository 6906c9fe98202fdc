"""What a second person lets stand: exactly this text, never secrets and ID numbers; remarks that stop a signature."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingtang.disclosure import actions, comments, requirements, waiving
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Comment, Edition, Waiver
from mingtang.disclosure.proved_review import check_comments, check_waivers
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import CLERK_1, EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db
MOBILE = "<p>服务点的公用手机是13812345678。</p>"


def pleaded(town, body=MOBILE) -> Edition:
    edition = acts.drafted(town, acts.content(body=body))
    return actions.submit(edition=edition, by=staff(EDITOR), plea="是公用手机")


def identity(edition: Edition) -> str:
    found = requirements.issues(edition.document, edition.revision)
    return next(issue.finding.identity for issue in found if issue.finding and issue.finding.blocks)


def waive(edition, by=REVIEWER, reason="公用手机，不是个人的", **changes):
    values = {"edition": edition, "identity": identity(edition), "reason": reason, "by": staff(by)} | changes
    return waiving.waive(**values)


def test_a_mobile_is_let_stand_by_the_reviewer_and_published(town):
    with pytest.raises(Refused, match="手机"):
        acts.in_review(town, acts.content(body=MOBILE))
    edition = pleaded(town)
    with pytest.raises(Refused, match="手机"):
        acts.passed(edition, staff(REVIEWER))
    row = waive(edition)
    assert row.event.data["identity"] == row.identity and row.event.reason == "公用手机，不是个人的"
    edition = acts.passed(edition, staff(REVIEWER))
    edition = actions.publish(edition=actions.sign(edition=edition, by=staff(SIGNER)), by=staff(SIGNER))
    assert edition.state == EditionState.PUBLISHED
    assert list(check_waivers(town)) == []


@pytest.mark.parametrize("body", ["<p>机密★10年</p><p>正文。</p>", "<p>身份证430623195603080012。</p>"])
def test_what_nobody_may_let_stand(town, body):
    edition = acts.drafted(town, acts.content(body=body))
    with pytest.raises(Refused):
        actions.submit(edition=edition, by=staff(EDITOR), plea="请放行")
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.IN_REVIEW)
    with pytest.raises(Refused, match="谁也不能放行"):
        waive(edition)
    for kind in ("secret", "resident_id", "formula"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Waiver.objects.create(
                edition=edition, revision=edition.revision, identity=identity(edition), kind=kind, sentence="x",
                reason="x", by=staff(REVIEWER), event=Event.objects.last(),
            )  # fmt: skip


def test_any_change_of_the_text_voids_it(town):
    edition = pleaded(town)
    waive(edition)
    actions.return_to_draft(edition=edition, by=staff(REVIEWER), reason="请改标题")
    edition = actions.revise(edition=edition, content=acts.content("改过的标题", MOBILE), by=staff(EDITOR))
    with pytest.raises(Refused, match="手机"):
        actions.submit(edition=edition, by=staff(EDITOR))


def test_only_who_may_review_it_waives_and_only_what_is_there_with_a_reason(town):
    people.appoint(staff=staff(EDITOR), post=Post.objects.get(town=town, code="office-secrecy"), by=CONSOLE)
    edition = pleaded(town)
    with pytest.raises(Refused, match="不能审查自己起草的"):
        waive(edition, by=EDITOR)
    with pytest.raises(Refused):
        waive(edition, by=SIGNER)
    with pytest.raises(Refused, match="请写明为什么"):
        waive(edition, reason=" ")
    with pytest.raises(Refused):
        waive(edition, reason="就是13812345678")
    with pytest.raises(Refused, match="没有这一处"):
        waive(edition, identity="0" * 32)
    waive(edition)
    with pytest.raises(Refused, match="已经放行过"):
        waive(edition, identity=Waiver.objects.get().identity)
    assert Waiver.objects.count() == 1


def test_the_database_lets_no_writer_waive_and_no_waiver_change(town):
    edition = pleaded(town)
    row = waive(edition)
    with pytest.raises(DatabaseError), transaction.atomic():
        Waiver.objects.create(
            edition=edition, revision=edition.revision, identity="1" * 32, kind="mobile", sentence="x", reason="x",
            by=staff(EDITOR), event=Event.objects.order_by("pk").first(),
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_waiver SET reason = 'y' WHERE id = %s", [row.pk])
    Waiver.objects.create(
        edition=edition, revision=edition.revision, identity="2" * 32, kind="mobile", sentence="x", reason="x",
        by=staff(SIGNER), event=Event.objects.order_by("pk").first(),
    )  # fmt: skip
    assert len(list(check_waivers(town))) == 1


def test_an_open_remark_stops_the_signature_and_says_which(town):
    edition = acts.in_review(town)
    remark = comments.comment(edition=edition, text="第二段的日期请再核对。", by=staff(SIGNER))
    edition = acts.passed(edition, staff(REVIEWER))
    with pytest.raises(Refused, match="还有意见没有了结：“第二段的日期请再核对。”"):
        actions.sign(edition=edition, by=staff(SIGNER))
    with pytest.raises(Refused, match="意见由写的人了结"):
        comments.settle(remark=remark, by=staff(EDITOR))
    comments.settle(remark=remark, by=staff(REVIEWER))
    with pytest.raises(Refused, match="已经了结"):
        comments.settle(remark=remark, by=staff(SIGNER))
    actions.sign(edition=edition, by=staff(SIGNER))
    assert list(check_comments(town)) == []


def test_a_remark_is_colleagues_own_without_numbers_and_proved(town):
    edition = acts.in_review(town)
    for who, text in ((CLERK_1, "看不懂。"), (SIGNER, "问13812345678。"), (SIGNER, " "), (SIGNER, "长" * 501)):
        with pytest.raises(Refused):
            comments.comment(edition=edition, text=text, by=staff(who))
    remark = comments.comment(edition=edition, text="请核对。", by=staff(SIGNER))
    assert not Comment.objects.visible_to(Viewer(town)).exists()
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("UPDATE disclosure_comment SET text = 'x'")
    Comment.objects.filter(pk=remark.pk).update(resolved_by=staff(EDITOR), resolved_event=Event.objects.first())
    assert len(list(check_comments(town))) == 1
    published = acts.published(town)
    with pytest.raises(Refused, match="已经不在办理"):
        comments.comment(edition=published, text="晚了。", by=staff(SIGNER))
