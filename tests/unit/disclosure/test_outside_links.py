"""A leader without an account: one text, once, by a link and a code; the third person all the same."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.disclosure import actions, comments, outside
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import ApprovalLink, Approver, Edition
from mingtang.disclosure.proved import check_documents
from mingtang.disclosure.proved_outside import check_approvers, check_links
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Post, Staff
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, staff

pytestmark = pytest.mark.django_db


def leader(town, name="文县领（演示）", **changes) -> Approver:
    today = timezone.localdate()
    values = {"post": "县委联系领导", "phone": "0730-5550090", "letter": "万授〔2026〕9号"}
    term = {"valid_from": today, "valid_to": today + timedelta(days=100)}
    return outside.register(town=town, name=name, by=staff(SIGNER), **{**values, **term, **changes})


def made(town, **changes) -> outside.Made:
    values = {"days": 3, "by": staff(SIGNER), **changes}
    values["edition"] = values.get("edition") or acts.reviewed(town)
    return outside.make(**{**values, "approver": values.get("approver") or leader(town)})


def fresh(link: ApprovalLink) -> ApprovalLink:
    return ApprovalLink.objects.select_related("edition__revision", "edition__document", "approver").get(pk=link.pk)


def proved(town) -> list:
    return [*check_links(town), *check_approvers(town), *check_documents(town)]


def test_a_leader_signs_once_and_is_named_by_the_event(town):
    link = made(town).link
    edition = outside.sign(link=link)
    edition = Edition.objects.get(pk=edition.pk)
    assert (edition.state, edition.signer, edition.approver) == (EditionState.SIGNED, None, link.approver)
    with pytest.raises(Refused, match="这个链接不能用了"):
        outside.sign(link=link)
    published = actions.publish(edition=edition, by=staff(SIGNER))
    assert published.state == EditionState.PUBLISHED
    assert proved(town) == []


def test_a_leader_returns_with_a_reason_and_the_review_is_void(town):
    link = made(town).link
    with pytest.raises(Refused, match="请写明退回的理由"):
        outside.send_back(link=link, reason=" ")
    edition = outside.send_back(link=link, reason="第二段再核对。")
    assert (edition.state, edition.reviewer, edition.returned_reason) == ("draft", None, "第二段再核对。")
    assert not outside.is_live(fresh(link)) and proved(town) == []


@pytest.mark.parametrize("end", ["revoked", "expired", "returned", "authority over", "ended", "signed otherwise"])
def test_what_ends_a_link(town, end):
    link = made(town).link
    edition = link.edition
    if end == "revoked":
        outside.revoke(link=link, by=staff(SIGNER))
        with pytest.raises(Refused, match="已经用过或者收回"):
            outside.revoke(link=link, by=staff(SIGNER))
    elif end == "expired":
        with connection.cursor() as cursor:
            cursor.execute(_thawed("disclosure_approvallink"))
        past = timezone.now() - timedelta(days=4)
        ApprovalLink.objects.filter(pk=link.pk).update(made_at=past, expires_at=past + timedelta(days=3))
    elif end == "returned":
        actions.return_to_draft(edition=edition, by=staff(SIGNER), reason="请改")
    elif end == "authority over":
        with connection.cursor() as cursor:
            cursor.execute(_thawed("disclosure_approver"))
        Approver.objects.update(valid_from="2020-01-01", valid_to="2020-12-31")
    elif end == "ended":
        outside.end(approver=link.approver, by=staff(SIGNER))
    else:
        actions.sign(edition=edition, by=staff(SIGNER))
    assert not outside.is_live(fresh(link))
    with pytest.raises(Refused):
        outside.sign(link=link)


def _thawed(table: str) -> str:
    return f"DROP TRIGGER {table}_frozen" + ("" if connection.vendor == "sqlite" else f" ON {table}")


def test_the_maker_can_sign_themselves_and_the_leader_is_none_of_the_three(town):
    edition = acts.reviewed(town)
    people.appoint(staff=staff(EDITOR), post=Post.objects.get(town=town, code="office-head"), by=CONSOLE)
    for who in (EDITOR, REVIEWER):
        with pytest.raises(Refused):
            made(town, edition=edition, by=staff(who), approver=leader(town, f"文领导{who}"))
    with pytest.raises(Refused, match="有账号，请用账号签发"):
        leader(town, staff(EDITOR).name)
    # Registered first, given an account later: the author under another name.
    same = leader(town, "文改名（演示）")
    Staff.objects.filter(username=EDITOR).update(name="文改名（演示）")
    with pytest.raises(Refused, match="三个不同的人"):
        made(town, edition=edition, approver=same)


def test_codes_are_counted_and_ten_wrong_ones_end_the_link(town):
    found = made(town)
    outside.check_code(link=found.link, token=found.token, code=f" {found.code.lower()} ")
    for _ in range(outside.FREE_TRIES):
        with pytest.raises(Refused, match="口令不对"):
            outside.check_code(link=found.link, token=found.token, code="AAAAAAAA")
    with pytest.raises(Refused, match="请过 1 分钟再试"):
        outside.check_code(link=found.link, token=found.token, code=found.code)
    ApprovalLink.objects.update(failures=outside.MOST_TRIES)
    assert not outside.is_live(fresh(found.link))
    assert found.token not in str(list(ApprovalLink.objects.values())) and len(found.token) >= 32


def test_bad_input_is_refused_in_words(town):
    approver = leader(town)
    with pytest.raises(Refused, match="已经登记过"):
        leader(town)
    with pytest.raises(Refused, match="1 到 3 天"):
        made(town, approver=approver, days=4)
    with pytest.raises(Refused, match="早于起的日期"):
        leader(town, "另一个", valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused):
        outside.register(
            town=town, name="某某某", post="某", phone="1", letter="1", by=staff(EDITOR),
            valid_from=timezone.localdate(), valid_to=timezone.localdate(),
        )  # fmt: skip
    edition = acts.in_review(town)
    with pytest.raises(Refused):
        made(town, edition=edition, approver=approver)
    remarked = acts.reviewed(town)
    comments.comment(edition=remarked, text="请再看。", by=staff(SIGNER))
    link = made(town, edition=remarked, approver=approver).link
    with pytest.raises(Refused, match="还有意见没有了结"):
        outside.sign(link=link)


def test_the_database_knows_one_signer_and_verify_names_a_changed_row(town):
    edition = outside.sign(link=made(town).link)
    for change in ("signer_id = reviewer_id", "approver_id = NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE disclosure_edition SET {change} WHERE id = %s", [edition.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_approvallink SET token_hash = 'x'")
    ApprovalLink.objects.update(used_at=None)
    Approver.objects.update(ended_at=timezone.now(), ended_by=staff(SIGNER))
    assert {finding.table for finding in proved(town)} == {"disclosure_approver", "disclosure_approvallink"}
