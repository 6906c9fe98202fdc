"""The town's own lists of words: an entry is added, agreed to, ended; what it stood for stays to be read."""

from contextvars import ContextVar
from functools import lru_cache

from django.core.signals import request_finished, request_started
from django.db import IntegrityError
from django.dispatch import receiver
from django.utils import timezone

from mingtang.disclosure.enums import ListKind
from mingtang.disclosure.models import ListEntry
from mingtang.events import types
from mingtang.events.log import record
from mingtang.events.models import Event
from mingtang.guard import Lists
from mingtang.guard.clear import clear_text
from mingtang.guard.lists import LONGEST_PLACE, reader
from mingtang.guard.phrases import SET_PHRASES
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, powers_of
from mingtang.towns.models import Jurisdiction

ADDED = types.define("word.added", "登记词")
AGREED = types.define("word.agreed", "同意启用")
ENDING = types.define("word.ending", "提出停用")
KEPT = types.define("word.kept", "不同意停用")
ENDED = types.define("word.ended", "停用词")

KEEPERS = frozenset({P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN})
MOST = 60
# What stands in the second column of each list; nothing where there is none.
BESIDE = {ListKind.PHRASE: "正确的写法", ListKind.TYPO: "正确的写法", ListKind.LEADER: "职务", ListKind.TERM: "解释"}
# What waits for a second person: what lets more through, and what is read on public pages.
BY_TWO = (ListKind.ALLOWED, ListKind.TERM)
# The shortest that can be told from another word: with one character exchanged, two are another name.
SHORTEST = {ListKind.LEADER: 3, ListKind.PLACE: 3}
# What the request at hand has read, by town; outside of one nothing is kept.
_read: ContextVar[dict[int, Lists] | None] = ContextVar("words_read", default=None)


@receiver(request_started)
def _begin(**signal: object) -> None:
    _read.set({})


@receiver(request_finished)
def _leave(**signal: object) -> None:
    _read.set(None)


@reader
def read(town_id: int) -> Lists:
    """The words that count in a town now. One query, in a request once for all its fields: nothing is kept any longer,
    so that every process goes by a change at once. What is built of the words is kept while they stay."""
    held = _read.get()
    if held is None:
        return _now(town_id)
    if town_id not in held:
        held[town_id] = _now(town_id)
    return held[town_id]


def _now(town_id: int) -> Lists:
    rows = ListEntry.objects.filter(town=town_id, starts_at__isnull=False, ended_at__isnull=True)
    return _built(tuple(rows.order_by("pk").values_list("kind", "word", "right")))


def terms_of(town_id: int) -> dict[str, str]:
    """The terms that the town explains, each with its explanation."""
    rows = ListEntry.objects.filter(town=town_id, kind=ListKind.TERM, starts_at__isnull=False, ended_at__isnull=True)
    return dict(rows.order_by("word").values_list("word", "right"))


@lru_cache(maxsize=64)
def _built(rows: tuple[tuple[str, str, str], ...]) -> Lists:
    def of(kind: str) -> dict[str, str]:
        return {word: right for held, word, right in rows if held == kind}

    return Lists(
        phrases=of(ListKind.PHRASE),
        typos=of(ListKind.TYPO),
        leaders=of(ListKind.LEADER),
        places=frozenset(of(ListKind.PLACE)),
        allowed=frozenset(of(ListKind.ALLOWED)),
    )


def add(*, town: Jurisdiction, kind: str, word: str, right: str, reason: str, by: Staff) -> ListEntry:
    """Add a word. It counts at once, but for an allowed one and an explained term, which wait for a second person."""
    _check_keeper(by, town)
    if kind not in ListKind.values:
        raise Refused("请选择放进哪个词表。", field="kind")
    word, right = "".join(word.split()), "".join(right.split())
    _check_word(town, kind, word, right)
    # Why a word is added or ended may name the word; the desk alone reads it.
    reason = clear_text(reason, "请写明依据，例如哪个文件、哪次通报。", "reason", town=None)
    now = timezone.now()
    starts = {} if kind in BY_TWO else {"starts_by": by, "starts_at": now}
    try:
        with act():
            entry = ListEntry.objects.create(
                town=town, kind=kind, word=word, right=right, reason=reason, added_by=by, added_at=now, **starts
            )
            event = _event(entry, ADDED, by, reason)
            entry.added_at = event.recorded_at
            entry.starts_at = event.recorded_at if starts else None
            entry.save(update_fields=["added_at", "starts_at"])
    except IntegrityError as error:
        raise Refused(f"词表里已经有“{word}”。要改，请先停用原来的。", field="word") from error
    return entry


def _check_word(town: Jurisdiction, kind: str, word: str, right: str) -> None:
    shortest = SHORTEST.get(ListKind(kind), 2)
    longest = LONGEST_PLACE if kind == ListKind.PLACE else MOST
    if not shortest <= len(word) <= longest:
        raise Refused(f"这个词表里的词要有 {shortest} 到 {longest} 个字，短了会和别的词分不清。", field="word")
    if kind in BESIDE and not right:
        raise Refused(f"请填写{BESIDE[ListKind(kind)]}。", field="right")
    if kind not in BESIDE and right:
        raise Refused("这个词表只登记词本身，后面一栏请不要填。", field="right")
    if len(right) > MOST:
        raise Refused(f"写了 {len(right)} 个字，最多 {MOST} 个字。", field="right")
    if kind == ListKind.TERM:
        # Both are shown to everybody.
        clear_text(word, "", "word", MOST, town=town.pk)
        clear_text(right, "", "right", MOST, town=town.pk)
    if kind in (ListKind.PHRASE, ListKind.TYPO):
        if word in right:
            raise Refused(f"“{right}”里面就有“{word}”，写对的也会被拦下。请把错误的写法写长一些。", field="word")
        if any(word in phrase for phrase in SET_PHRASES):
            raise Refused(f"“{word}”是固定表述里本来就有的字，登记成错的，写对的也会被拦下。", field="word")


def agree(*, entry: ListEntry, by: Staff) -> ListEntry:
    """Let an allowed word or a term count; somebody else than who added it."""
    with act():
        entry = _locked(entry, by)
        if entry.state != "waiting":
            raise Refused("这个词不在等人同意。可能有同事刚刚办过，请刷新后再看。")
        if entry.added_by_id == by.pk:
            raise Refused("登记的人不能自己同意启用，请由另一位审查员或者签发人办理。")
        entry.starts_by, entry.starts_at = by, _event(entry, AGREED, by).recorded_at
        entry.save(update_fields=["starts_by", "starts_at"])
    return entry


def end(*, entry: ListEntry, reason: str, by: Staff) -> ListEntry:
    """Let a word count no more. A wrong phrase that counts waits for a second person."""
    reason = clear_text(reason, "请写明为什么停用。", "reason", town=None)
    with act():
        entry = _locked(entry, by)
        if entry.state not in ("waiting", "live"):
            raise Refused("这个词已经停用，或者已经有人提出停用。请刷新后再看。")
        entry.ending_by, entry.ending_reason = by, reason
        if entry.state == "waiting" or entry.kind != ListKind.PHRASE:
            return _end(entry, by, reason)
        entry.save(update_fields=["ending_by", "ending_reason"])
        _event(entry, ENDING, by, reason)
    return entry


def agree_end(*, entry: ListEntry, by: Staff) -> ListEntry:
    """End a wrong phrase as somebody else asked for."""
    with act():
        entry = _ending(entry, by)
        if entry.ending_by_id == by.pk:
            raise Refused("提出停用的人不能自己同意，请由另一位审查员或者签发人办理。")
        return _end(entry, by, entry.ending_reason)


def keep(*, entry: ListEntry, by: Staff) -> ListEntry:
    """Leave a wrong phrase in force, against what was asked or taken back."""
    with act():
        entry = _ending(entry, by)
        entry.ending_by, entry.ending_reason = None, ""
        entry.save(update_fields=["ending_by", "ending_reason"])
        _event(entry, KEPT, by)
    return entry


def _ending(entry: ListEntry, by: Staff) -> ListEntry:
    entry = _locked(entry, by)
    if entry.state != "ending":
        raise Refused("没有人提出停用这个词。可能有同事刚刚办过，请刷新后再看。")
    return entry


def _end(entry: ListEntry, by: Staff, reason: str) -> ListEntry:
    entry.ended_by, entry.ended_at = by, _event(entry, ENDED, by, reason).recorded_at
    entry.save(update_fields=["ending_by", "ending_reason", "ended_by", "ended_at"])
    return entry


def _locked(entry: ListEntry, by: Staff) -> ListEntry:
    _check_keeper(by, entry.town)
    ListEntry.objects.select_for_update().only("pk").get(pk=entry.pk)
    return ListEntry.objects.select_related("town").get(pk=entry.pk)


def _check_keeper(by: Staff, town: Jurisdiction) -> None:
    if by.town_id != town.pk or KEEPERS.isdisjoint(powers_of(by)):
        raise Refused("词表由保密审查员和签发人维护，您的岗位没有这个职责。")


def _event(entry: ListEntry, type: str, by: Staff, reason: str = "") -> Event:
    if held := _read.get():
        held.clear()
    data = {"kind": entry.kind, "word": entry.word, "right": entry.right}
    return record(town=entry.town, type=type, subject=entry.subject, by=actor(by), reason=reason, data=data)
