"""What kinds of fields there are: how a control is read, and how a value stands in it.

``show`` gives what is typed, ``take`` reads it from a form, ``read`` makes the value of it or raises ``Refused``, and
``tell`` says a value in words. ``control`` is the macro of templates/desk/items/controls.html that draws it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from django.http import QueryDict

from mingtang.lib import text
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan, parse_yuan, plain_yuan
from mingtang.rulebook.fees import MAX_AMOUNT
from mingtang.rulebook.situations import unicode_digits

# What the town offers besides fixed lists: name of the list → (value, label). ``stored``: what stood there before, an
# abolished post perhaps; it may stay, and the publication gate says why not for long.
Offers = Mapping[str, list[tuple[str, str]]]
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
FIRST_YEAR, LAST_YEAR = 1950, 2100
SHOWN = 60


class Kind(Protocol):
    control: ClassVar[str]

    def take(self, post: QueryDict, name: str) -> Any: ...
    def show(self, value: Any) -> Any: ...
    def read(self, typed: Any, offers: Offers) -> Any: ...
    def tell(self, value: Any, offers: Offers) -> str: ...


class _Typed:
    """Kinds with one control."""

    def take(self, post: QueryDict, name: str) -> Any:
        return post.get(name, "")

    def tell(self, value: Any, offers: Offers) -> str:
        return str(value)


def _short(words: str, most: int) -> str:
    if len(words) > most:
        raise Refused(f"写了 {len(words)} 个字，最多 {most} 个字。请写短一些。")
    return words


@dataclass(frozen=True)
class Text(_Typed):
    """One line. ``hints`` names the list that is suggested while typing; a ``wide`` one stands alone."""

    control: ClassVar[str] = "text"
    most: int = 120
    width: str = ""
    hints: str = ""
    wide: bool = False

    def show(self, value: str) -> str:
        return value

    def read(self, typed: str, offers: Offers) -> str:
        return _short(text.collapse(CONTROLS.sub("", text.half_width(typed))), self.most)


@dataclass(frozen=True)
class Long(_Typed):
    """Several lines."""

    control: ClassVar[str] = "long"
    most: int = 1000
    rows: int = 3

    def show(self, value: str) -> str:
        return value

    def read(self, typed: str, offers: Offers) -> str:
        return _short(CONTROLS.sub("", text.normalise(typed)).strip(), self.most)


@dataclass(frozen=True)
class Lines(Long):
    """A list of texts, one a line."""

    most: int = 200
    rows: int = 4
    many: int = 40

    def show(self, value: list[str]) -> str:
        return "\n".join(value)

    def read(self, typed: str, offers: Offers) -> list[str]:
        found = [text.collapse(line) for line in CONTROLS.sub("", text.normalise(typed)).split("\n")]
        found = [_short(line, self.most) for line in found if line]
        if len(found) > self.many:
            raise Refused(f"写了 {len(found)} 行，最多 {self.many} 行。请合并几行。")
        return found

    def tell(self, value: list[str], offers: Offers) -> str:
        return "；".join(value)


@dataclass(frozen=True)
class Flag(_Typed):
    control: ClassVar[str] = "flag"

    def take(self, post: QueryDict, name: str) -> bool:
        return bool(post.get(name))

    def show(self, value: bool) -> bool:
        return value

    def read(self, typed: bool, offers: Offers) -> bool:
        return typed

    def tell(self, value: bool, offers: Offers) -> str:
        return "是" if value else "否"


@dataclass(frozen=True)
class Whole(_Typed):
    """A whole number from ``low`` to ``high``; nothing typed is ``empty``."""

    control: ClassVar[str] = "text"
    high: int
    low: int = 0
    empty: int | None = 0
    unit: str = ""
    width: str = "4"
    hints: str = ""

    def show(self, value: int | None) -> str:
        return "" if value is None else str(value)

    def read(self, typed: str, offers: Offers) -> int | None:
        said = unicode_digits(typed.strip())
        if not said:
            return self.empty
        if not re.fullmatch(r"-?[0-9]{1,12}", said):
            raise Refused(f"“{said[:20]}”不是整数。请只填数字，例如 {max(self.low, 1)}。")
        if not self.low <= int(said) <= self.high:
            raise Refused(f"填了 {said}，只能填 {self.low} 到 {self.high}。请核对。")
        return int(said)

    def tell(self, value: int | None, offers: Offers) -> str:
        return "没有" if value is None else f"{value} {self.unit}".strip()


@dataclass(frozen=True)
class Money(_Typed):
    """A sum typed in yuan, kept in fen."""

    control: ClassVar[str] = "text"
    width: str = "10"
    unit: str = "元"
    hints: str = ""

    def show(self, value: int) -> str:
        return plain_yuan(value).removesuffix(".00") if value else ""

    def read(self, typed: str, offers: Offers) -> int:
        fen = parse_yuan(typed) if typed.strip() else 0
        if fen >= MAX_AMOUNT:
            raise Refused(f"{format_yuan(fen)}太大了，像是多填了零。请核对。")
        return fen

    def tell(self, value: int, offers: Offers) -> str:
        return format_yuan(value)


@dataclass(frozen=True)
class Day(_Typed):
    """A day as ISO text; empty where open."""

    control: ClassVar[str] = "day"

    def show(self, value: str) -> str:
        return value

    def read(self, typed: str, offers: Offers) -> str:
        if not typed.strip():
            return ""
        day = text.parse_date(typed)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Refused(f"{day.year} 年不对，请核对年份。")
        return day.isoformat()

    def tell(self, value: str, offers: Offers) -> str:
        return text.chinese_date(date.fromisoformat(value)) if value else "没有"


@dataclass(frozen=True)
class Choice(_Typed):
    """One of ``words``, or of the town's ``offers`` of that name. ``free``: nothing chosen is an answer too."""

    control: ClassVar[str] = "choice"
    words: tuple[tuple[str, str], ...] = ()
    offers: str = ""
    free: str = ""
    radio: bool = False

    def among(self, offers: Offers) -> list[tuple[str, str]]:
        return list(offers[self.offers] if self.offers else self.words)

    def show(self, value: str | None) -> str:
        return value or ""

    def read(self, typed: str, offers: Offers) -> str:
        if typed and typed not in dict([*self.among(offers), *offers.get("stored", [])]):
            raise Refused(f"“{typed[:SHOWN]}”不在可选的里面，请另选一个。")
        return typed

    def tell(self, value: str, offers: Offers) -> str:
        return dict(self.among(offers)).get(value, value) or "没有选"


@dataclass(frozen=True)
class Choices(_Typed):
    """Any number of ``words``."""

    control: ClassVar[str] = "choices"
    words: tuple[tuple[str, str], ...]

    def take(self, post: QueryDict, name: str) -> list[str]:
        return post.getlist(name)

    def show(self, value: list[str]) -> list[str]:
        return list(value)

    def read(self, typed: list[str], offers: Offers) -> list[str]:
        known = dict([*self.words, *offers.get("stored", [])])
        if strange := [value for value in typed if value not in known]:
            raise Refused(f"“{strange[0][:SHOWN]}”不在可选的里面，请另选。")
        return [value for value in known if value in typed]

    def tell(self, value: list[str], offers: Offers) -> str:
        return "、".join(dict(self.words).get(one, one) for one in value) or "没有选"
