"""Remarks beside a draft, between author, reviewer and signer. Never public; an open one stops the signature."""

from django.db.models import QuerySet

from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.models import Comment, Edition
from mingtang.disclosure.states import OPEN
from mingtang.events import types
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, powers_of

COMMENTED = types.define("document.commented", "写意见")
SETTLED = types.define("document.comment_settled", "了结意见")

WRITERS = frozenset({P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN})
SETTLERS = frozenset({P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN})
MOST = 500
MOST_NAMED = 3


def comment(*, edition: Edition, text: str, by: Staff) -> Comment:
    """Write a remark on what is not public yet. No number of a person: colleagues of other units read it too."""
    text = clear_text(text, "请写意见。", "text", MOST, town=by.town_id)
    with act():
        edition = locked(edition)
        _check(edition, by, WRITERS)
        if edition.state not in OPEN:
            raise Refused("这一版已经不在办理，不能再写意见。要改，请出新版。")
        event = tell(edition, COMMENTED, actor(by), text_sha256=sha256_hex(text.encode()))
        return Comment.objects.create(edition=edition, text=text, by=by, event=event)


def settle(*, remark: Comment, by: Staff) -> Comment:
    """Say that a remark is done with: who wrote it, or whoever reviews or signs."""
    with act():
        edition = locked(remark.edition)
        _check(edition, by, WRITERS)
        remark = Comment.objects.select_for_update().get(pk=remark.pk)
        if remark.resolved_by_id:
            raise Refused("这条意见已经了结。")
        if remark.by_id != by.pk and SETTLERS.isdisjoint(powers_of(by)):
            raise Refused("意见由写的人了结，审查员、签发人也可以。请他看过您的修改再点。")
        sha256 = sha256_hex(remark.text.encode())
        remark.resolved_by, remark.resolved_event = by, tell(edition, SETTLED, actor(by), text_sha256=sha256)
        remark.save(update_fields=["resolved_by", "resolved_event"])
    return remark


def open_ones(edition: Edition) -> QuerySet[Comment]:
    return edition.comments.filter(resolved_by__isnull=True)


def check_settled(edition: Edition) -> None:
    """Raise ``Refused`` naming what is still open."""
    left = [f"“{one.text[:30]}{'……' if len(one.text) > 30 else ''}”" for one in open_ones(edition)]
    if left:
        more = f"等 {len(left)} 条" if len(left) > MOST_NAMED else ""
        raise Refused(f"还有意见没有了结：{'、'.join(left[:MOST_NAMED])}{more}。请先了结，再签发。")


def _check(edition: Edition, by: Staff, powers: frozenset[P]) -> None:
    if by.town_id != edition.document.town_id or powers.isdisjoint(powers_of(by)):
        raise Refused("您的岗位不办理政府信息，不能写意见、了结意见。")
