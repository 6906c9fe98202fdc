"""A leader without an account signs or returns by a link: one text, one person, once, with a code told another way.

Whoever makes the link could sign themselves, being neither writer nor reviewer; the leader is none of the three
either. What the link opens is the text that was reviewed: any change of it, of the state or of the term ends the link.
"""

import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError
from django.utils import timezone

from mingtang.disclosure import actions, comments
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import ApprovalLink, Approver, Edition
from mingtang.disclosure.policies import check_can, writers
from mingtang.disclosure.states import EDITION
from mingtang.events import types, vault
from mingtang.events.log import Actor, record
from mingtang.guard.clear import clear_text
from mingtang.lib.codes import ALPHABET, plain
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

REGISTERED = types.define("approver.registered", "登记外部签发人")
ENDED = types.define("approver.ended", "停用外部签发人")
MADE = types.define("document.link_made", "发出签发链接")
REVOKED = types.define("document.link_revoked", "收回签发链接")

MOST_DAYS = 3
TOKEN_BYTES = 24  # 192 bits
CODE_LENGTH = 8  # 39 bits, beside the token
FREE_TRIES, MOST_TRIES = 3, 10
GONE = "这个链接不能用了：用过、收回、过期，或者文件改过。请联系发给您的人另发一个。"


class Made(NamedTuple):
    """A new link with the two secrets that are shown this once."""

    link: ApprovalLink
    token: str
    code: str


def register(
    *, town: Jurisdiction, name: str, post: str, phone: str, letter: str, valid_from: date, valid_to: date, by: Staff
) -> Approver:
    """Enter a leader who may sign by a link. Whoever has an account signs with it."""
    check_may(by, Permission.CATALOGUE_KEEP, town)
    name, post = "".join(name.split()), "".join(post.split())
    texts = {"name": (name, 30), "post": (post, 60), "phone": (phone.strip(), 30), "letter": (letter.strip(), 40)}
    for field, (text, most) in texts.items():
        if not 0 < len(text) <= most:
            raise Refused(f"请填写，最多 {most} 个字。", field=field)
    if valid_to < valid_from:
        raise Refused("止的日期早于起的日期，请核对。", field="valid_to")
    if Staff.objects.filter(town=town, name=name, is_active=True).exists():
        raise Refused(
            f"“{name}”有账号，请用账号签发。同名的另一个人，请在姓名后面写明，例如“（县政府）”。", field="name"
        )
    try:
        with act():
            approver = Approver.objects.create(
                town=town, valid_from=valid_from, valid_to=valid_to, added_by=by,
                **{field: text for field, (text, _) in texts.items()},
            )  # fmt: skip
            term = {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat()}
            data = {"letter": approver.letter, **term}
            record(town=town, type=REGISTERED, subject=approver.code, by=actor(by), data=data)
    except IntegrityError as error:
        raise Refused(f"“{name}”已经登记过。要改，请先停用原来的。", field="name") from error
    return approver


def end(*, approver: Approver, by: Staff) -> Approver:
    """From now on they sign nothing; links that lie with them are dead."""
    check_may(by, Permission.CATALOGUE_KEEP, approver.town)
    with act():
        approver = Approver.objects.select_for_update().get(pk=approver.pk)
        if approver.ended_at:
            raise Refused("已经停用。")
        event = record(town=approver.town, type=ENDED, subject=approver.code, by=actor(by))
        approver.ended_by, approver.ended_at = by, event.recorded_at
        approver.save(update_fields=["ended_by", "ended_at"])
    return approver


def make(*, edition: Edition, approver: Approver, days: int, by: Staff) -> Made:
    """A link for this edition's text. Whoever makes it must be able to sign it, and hands link and code over apart."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"有效期请写 1 到 {MOST_DAYS} 天。", field="days")
    token, code = secrets.token_urlsafe(TOKEN_BYTES), "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with act():
        edition = locked(edition)
        check_can("sign", edition, by)
        _check_approver(edition, approver)
        event = tell(edition, MADE, actor(by), approver=approver.code, days=str(days))
        link = ApprovalLink.objects.create(
            edition=edition,
            sha256=edition.revision.sha256,
            approver=approver,
            token_hash=token_hash(token),
            code_hash=_code_hash(token, code),
            made_by=by,
            made_at=event.recorded_at,
            expires_at=event.recorded_at + timedelta(days=days),
        )
    return Made(link, token, code)


def revoke(*, link: ApprovalLink, by: Staff) -> ApprovalLink:
    """Take a link back: by whoever may sign documents."""
    with act():
        edition = locked(link.edition)
        check_may(by, Permission.DOCUMENT_SIGN, edition.document.town)
        link = ApprovalLink.objects.select_for_update().get(pk=link.pk)
        if link.used_at or link.revoked_at:
            raise Refused("这个链接已经用过或者收回了。")
        event = tell(edition, REVOKED, actor(by), link=str(link.pk))
        link.revoked_by, link.revoked_at = by, event.recorded_at
        link.save(update_fields=["revoked_by", "revoked_at"])
    return link


def token_hash(token: str) -> str:
    """What a link is found by. The master key is not in the database."""
    return vault.keyed_hash(f"approval-link:{hashed(token)}")


def hashed(token: str) -> str:
    # The vault's hash folds case, a token must not.
    return token.encode().hex()


def _code_hash(token: str, code: str) -> str:
    return vault.keyed_hash(f"approval-code:{hashed(token)}:{plain(code)}")


def is_live(link: ApprovalLink) -> bool:
    """Whether it can still be used: this text, waiting for a signature, in time, by somebody who still may."""
    now, edition = timezone.now(), link.edition
    return (
        link.used_at is None
        and link.revoked_at is None
        and now < link.expires_at
        and link.failures < MOST_TRIES
        and edition.state == EditionState.REVIEWED
        and edition.revision.sha256 == edition.reviewed_sha256 == link.sha256
        and Approver.objects.valid(timezone.localdate(now)).filter(pk=link.approver_id).exists()
    )


def check_code(*, link: ApprovalLink, token: str, code: str) -> None:
    """Compare a typed code. After three wrong ones each further try waits twice as long; ten end the link."""
    with act():
        row = ApprovalLink.objects.select_for_update().get(pk=link.pk)
        now, over = timezone.now(), row.failures - FREE_TRIES
        if over >= 0 and row.tried_at and now < (until := row.tried_at + timedelta(minutes=2**over)):
            wait = -(-int((until - now).total_seconds()) // 60)
            raise Refused(f"输错的次数太多，请过 {max(1, wait)} 分钟再试。", field="code")
        if hmac.compare_digest(row.code_hash, _code_hash(token, code)):
            return
        row.failures, row.tried_at = row.failures + 1, now
        row.save(update_fields=["failures", "tried_at"])
    raise Refused("口令不对。请对照电话里或者纸上说的再输一次。", field="code")


def sign(*, link: ApprovalLink) -> Edition:
    """The leader signs off the reviewed text: the third person."""
    with act():
        edition, link = _taken(link)
        comments.check_settled(edition)
        event = tell(edition, actions.SIGNED, Actor(link.approver.code), link=str(link.pk))
        edition.state = EDITION["sign"].target
        edition.approver, edition.signed_at = link.approver, event.recorded_at
        edition.save(update_fields=["state", "approver", "signed_at"])
        _use(link, event.recorded_at)
    return edition


def send_back(*, link: ApprovalLink, reason: str) -> Edition:
    """The leader returns it to the author with a reason; the review is void."""
    reason = clear_text(reason, "请写明退回的理由，起草人要照着修改。", "reason", town=link.edition.document.town_id)
    with act():
        edition, link = _taken(link)
        event = tell(edition, actions.RETURNED, Actor(link.approver.code), reason=reason, link=str(link.pk))
        actions.void(edition, reason)
        _use(link, event.recorded_at)
    return edition


def _taken(link: ApprovalLink) -> tuple[Edition, ApprovalLink]:
    edition = locked(link.edition)
    link = ApprovalLink.objects.select_for_update(of=("self",)).select_related("approver").get(pk=link.pk)
    link.edition = edition
    if not is_live(link):
        raise Refused(GONE)
    _check_approver(edition, link.approver)
    return edition, link


def _use(link: ApprovalLink, at: datetime) -> None:
    link.used_at = at
    link.save(update_fields=["used_at"])


def _check_approver(edition: Edition, approver: Approver) -> None:
    """The leader is of the town, may sign today, and is neither writer nor reviewer under another name."""
    today = timezone.localdate()
    if not Approver.objects.valid(today).filter(pk=approver.pk, town=edition.document.town_id).exists():
        raise Refused("他的授权今天不在有效期里。请先登记新的授权书。", field="approver")
    others = Staff.objects.filter(pk__in=[pk for pk in writers(edition) | {edition.reviewer_id} if pk])
    if approver.name in set(others.values_list("name", flat=True)):
        raise Refused("起草、审查、签发要由三个不同的人办理，他已经办过前面的一步。", field="approver")
