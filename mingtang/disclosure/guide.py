"""政府信息公开指南: the words a town writes, proposed by one person and published by another."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import IntegrityError
from django.db.models import Max

from mingtang import guard
from mingtang.disclosure.models import GuideEdition
from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

PACK = Path(__file__).parent / "catalogue" / "guide.toml"
LONGEST = 500

PROPOSED = types.define("guide.proposed", "公开指南送审")
PUBLISHED = types.define("guide.published", "公布公开指南", public=True)
RETURNED = types.define("guide.returned", "公开指南退回修改")


@dataclass(frozen=True)
class Word:
    """What the town writes: under which label, with which hint, and whether the guide is incomplete without it."""

    code: str
    label: str
    hint: str
    required: bool


@dataclass(frozen=True)
class PartSpec:
    """One of the nine parts and the words the town writes in it."""

    code: str
    title: str
    words: tuple[Word, ...]


@cache
def parts() -> tuple[PartSpec, ...]:
    """The nine parts in the order of 信息公开条例 12."""
    rows = tomllib.loads(PACK.read_text(encoding="utf-8"))["part"]
    return tuple(PartSpec(row["code"], row["title"], tuple(Word(**word) for word in row["words"])) for row in rows)


def words_of(town: Jurisdiction) -> dict[str, str]:
    """The words in force; none before the first edition was published."""
    edition = current(town)
    return edition.words if edition else {}


def current(town: Jurisdiction) -> GuideEdition | None:
    """The edition in force: the newest that a second person published."""
    return GuideEdition.objects.filter(town=town, reviewed_at__isnull=False).order_by("number").last()


def propose(*, town: Jurisdiction, words: Mapping[str, str], by: Staff) -> GuideEdition:
    """Send a new edition of the words to the second person.

    Raises ``Refused`` naming the word (``field``) that is too long or that the guard stops, for no change at all, and
    while another edition waits.
    """
    check_may(by, Permission.CATALOGUE_KEEP, town)
    own = guard.lists_of(town.pk)
    kept = {word.code: _clear(word, words.get(word.code, ""), own) for part in parts() for word in part.words}
    if kept == words_of(town):
        raise Refused("和现在公布的一样，没有改动。请改好再送审。")
    with act():
        last = GuideEdition.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0
        try:
            edition = GuideEdition(town=town, number=last + 1, words=kept, author=by)
            edition.proposed_at = _event(edition, PROPOSED, actor(by)).recorded_at
            edition.save()
        except IntegrityError as error:
            raise Refused("已经有一版在等审核。请等审核完再改，或者请审核人退回。") from error
    return edition


def publish(*, edition: GuideEdition, by: Staff) -> GuideEdition:
    """Make the words public; by another person than the author, after reading them."""
    check_may(by, Permission.DOCUMENT_REVIEW, edition.town)
    with act():
        edition = _waiting(edition, by)
        edition.reviewer, edition.reviewed_at = by, _event(edition, PUBLISHED, actor(by)).recorded_at
        edition.save(update_fields=["reviewer", "reviewed_at"])
    return edition


def send_back(*, edition: GuideEdition, by: Staff, reason: str) -> GuideEdition:
    """Return the words to who wrote them, with a reason; another edition may follow."""
    check_may(by, Permission.DOCUMENT_REVIEW, edition.town)
    reason = clear_text(reason, "请写明退回的理由，起草人要照着修改。", "reason", town=by.town_id)
    with act():
        edition = _waiting(edition, by)
        _event(edition, RETURNED, actor(by), reason)
        edition.reviewer, edition.returned_reason = by, reason
        edition.save(update_fields=["reviewer", "returned_reason"])
    return edition


def _waiting(edition: GuideEdition, by: Staff) -> GuideEdition:
    GuideEdition.objects.select_for_update().only("pk").get(pk=edition.pk)
    edition = GuideEdition.objects.select_related("town", "author").get(pk=edition.pk)
    if not edition.waits:
        raise Refused("这一版已经审核过。请刷新后再看。")
    if edition.author_id == by.pk:
        raise Refused("自己写的不能自己审核，请由另一位保密审查员办理。")
    return edition


def _clear(word: Word, text: str, own: guard.Lists) -> str:
    text = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if len(text) > LONGEST:
        raise Refused(f"“{word.label}”写了 {len(text)} 个字，最多 {LONGEST} 个字。请写短一些。", field=word.code)
    blocks = [finding for finding in guard.check(text, lists=own) if finding.blocks]
    if blocks:
        raise Refused(f"“{word.label}”：{blocks[0].message}", field=word.code)
    return text


def hash_of(edition: GuideEdition) -> str:
    """SHA-256, hex, of the words."""
    return sha256_hex(canonical_json(edition.words))


def _event(edition: GuideEdition, type: str, by: Actor, reason: str = "") -> Event:
    return record(
        town=edition.town,
        type=type,
        subject=f"guide:{edition.town.code}",
        by=by,
        reason=reason,
        data={"edition": edition.number, "sha256": hash_of(edition)},
    )
