"""What a message says: words per kind of event that come with the program and that the town may rewrite.

A room declares the kinds it tells of, with the words to begin with and the places (``{编号}``) it can fill. A text
message costs by segments, and the town's name stands in front of it, as operators demand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices.models import Wording
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

WORDED = types.define("notice.worded", "修改通知用语")
MAX_TEXT = 200
# 3GPP TS 23.038 and 23.040: 70 characters of UCS-2 in one message, 67 in each of several.
ONE, EACH = 70, 67
MISSING = "请写明要告诉群众什么。不想发的，不勾“发通知”。"
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Kind:
    """One kind of message. ``places`` may stand in its words, each with an example for the preview."""

    code: str
    text: str
    places: Mapping[str, str]

    @property
    def title(self) -> str:
        return types.title(self.code)


_kinds: dict[str, Kind] = {}


def define(code: str, text: str, places: Mapping[str, str]) -> None:
    """Declare the words for an event type. A place without an example is a programming error."""
    kind = Kind(code, text, places)
    if unknown := _unknown(kind, text):
        raise ValueError(f"{code}: no such place: {unknown}")
    if _kinds.setdefault(code, kind) != kind:
        raise ValueError(f"wording of {code} is declared twice")


def kinds() -> list[Kind]:
    return list(_kinds.values())


def get(code: str) -> Kind:
    """Raises ``KeyError`` for a kind that nobody tells of."""
    return _kinds[code]


def _unknown(kind: Kind, text: str) -> list[str]:
    return [place for place in _PLACE.findall(text) if place not in kind.places]


def checked(kind: Kind, text: str, town: int | None) -> str:
    """The words as they are kept. Raises ``Refused`` for nothing, too much, a place that does not exist, a stray brace
    and for what the guard blocks: words go to everybody, so that no person's data may stand in them. The program's own
    words belong to no ``town``."""
    text = clear_text(text, MISSING, "text", MAX_TEXT, town=town)
    if unknown := _unknown(kind, text):
        known = "、".join(f"{{{place}}}" for place in kind.places)
        raise Refused(f"没有“{{{unknown[0]}}}”这一项，不能自动填上。能用的有：{known}。", field="text")
    if re.search(r"[{}]", _PLACE.sub("", text)):
        raise Refused("花括号没有成对。要自动填的一项写成 {编号} 这样。", field="text")
    return text


def current(town: Jurisdiction, code: str) -> tuple[str, bool]:
    """The town's words for a kind and whether it tells of it at all; without its own, those of the program."""
    own = Wording.objects.filter(town=town, kind=code).first()
    return (own.text, own.is_told) if own else (get(code).text, True)


def write(*, town: Jurisdiction, code: str, text: str, is_told: bool, by: Staff) -> Wording:
    """Put the town's own words in place of the program's. Messages that are queued keep what they say."""
    check_may(by, Permission.NOTICE_WORD, town)
    text = checked(get(code), text, town.pk)
    with act():
        row, _ = Wording.objects.update_or_create(
            town=town,
            kind=code,
            defaults={"text": text, "is_told": is_told, "edited_at": timezone.now(), "edited_by": by},
        )
        data = {"kind": code, "told": is_told, "sha256": sha256_hex(text.encode())}
        record(town=town, type=WORDED, subject=f"wording:{code}", by=actor(by), data=data)
    return row


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words with their places filled; what is filled in is not read for places again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def signed(town: Jurisdiction, text: str) -> str:
    """As a text message begins: with the name of who writes."""
    return f"【{town.name}】{text}"


def segments(text: str) -> int:
    """How many text messages are paid for. Characters outside the basic plane count twice (UTF-16)."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= ONE else -(-units // EACH)
