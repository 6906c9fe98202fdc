"""What somebody wants to be told of: columns, units, words; nothing chosen is everything."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mingtang.disclosure.models import Column, Document
from mingtang.lib.errors import Refused
from mingtang.people.models import Unit
from mingtang.search.text import fold
from mingtang.towns.models import Jurisdiction

MOST_WORDS, LONGEST_WORD, MOST_CODES = 10, 20, 60


@dataclass(frozen=True)
class Choice:
    """Codes of columns and units, and words; a document that fits any one of them is told."""

    columns: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.columns or self.units or self.words)

    def fits(self, document: Document, columns: Collection[str]) -> bool:
        """Whether a published document, which stands in these columns, is one of those."""
        if self.is_everything or not set(self.columns).isdisjoint(columns):
            return True
        if document.unit is not None and document.unit.code in self.units:
            return True
        revision = document.current.revision
        text = fold(f"{revision.title}\n{document.doc_number}\n{revision.body_text}") if self.words else ""
        return any(fold(word) in text for word in self.words)


def choice_of(town: Jurisdiction, columns: Iterable[str], units: Iterable[str], words: str) -> Choice:
    """What a form says, checked. Raises ``Refused`` for codes that the town does not have and for too many words."""
    wanted, of_units = set(columns), set(units)
    known = set(
        Column.objects.filter(town=town, closed_on__isnull=True, code__in=wanted).values_list("code", flat=True)
    )
    known_units = set(Unit.objects.filter(town=town, code__in=of_units).values_list("code", flat=True))
    if wanted - known or of_units - known_units:
        raise Refused("选的栏目或者单位里，有的现在没有了。请重新选一次。", field="columns")
    if len(known) + len(known_units) > MOST_CODES:
        raise Refused(f"栏目和单位最多选 {MOST_CODES} 个。想全要的，一个都不选就是全部。", field="columns")
    said = tuple(dict.fromkeys(word for word in re.split(r"[\s、，,；;]+", words) if word))
    if len(said) > MOST_WORDS:
        raise Refused(f"写了 {len(said)} 个词，最多 {MOST_WORDS} 个。请留下最要紧的。", field="words")
    if long := next((word for word in said if len(word) > LONGEST_WORD), ""):
        raise Refused(f"“{long[:12]}…”太长，一个词最多 {LONGEST_WORD} 个字，词和词之间空一格。", field="words")
    return Choice(tuple(sorted(known)), tuple(sorted(known_units)), said)


def told(town: Jurisdiction, choice: Choice) -> list[str]:
    """A choice in words, for the page on which it is confirmed."""
    if choice.is_everything:
        return ["全部政府信息"]
    names = Column.objects.filter(town=town, code__in=choice.columns).values_list("name", flat=True)
    units = Unit.objects.filter(town=town, code__in=choice.units).values_list("name", flat=True)
    return [
        *(f"栏目：{name}" for name in names),
        *(f"单位：{name}" for name in units),
        *(f"提到：{word}" for word in choice.words),
    ]
