"""What somebody wants to be told of: columns, units, villages, words; nothing chosen is every document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.disclosure.models import Column
from mingtang.lib.errors import Refused
from mingtang.people.models import Unit, Village
from mingtang.search.text import fold
from mingtang.subscriptions.news import News
from mingtang.towns.models import Jurisdiction

MOST_WORDS, LONGEST_WORD, MOST_CODES = 10, 20, 60


@dataclass(frozen=True)
class Choice:
    """Codes of columns and units, keys of villages, and words; what fits any one of them is told."""

    columns: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.columns or self.units or self.words or self.villages)

    def fits(self, news: News) -> bool:
        """Whether it is one of those. What is no document is told only to whoever chose its village."""
        if not news.villages.isdisjoint(self.villages):
            return True
        if news.document is None:
            return False
        if self.is_everything or not news.columns.isdisjoint(self.columns) or news.unit in self.units:
            return True
        return any(fold(word) in news.text for word in self.words)


def choice_of(
    town: Jurisdiction, columns: Iterable[str], units: Iterable[str], words: str, villages: Iterable[str] = ()
) -> Choice:
    """What a form says, checked. Raises ``Refused`` for codes that the town does not have and for too many words."""
    wanted, of_units, of_villages = set(columns), set(units), set(villages)
    known = set(
        Column.objects.filter(town=town, closed_on__isnull=True, code__in=wanted).values_list("code", flat=True)
    )
    known_units = set(Unit.objects.filter(town=town, code__in=of_units).values_list("code", flat=True))
    open_villages = Village.objects.filter(town=town, closed_on__isnull=True).values_list("pk", flat=True)
    if wanted - known or of_units - known_units or of_villages - set(map(str, open_villages)):
        raise Refused("选的栏目、单位或者村里，有的现在没有了。请重新选一次。", field="columns")
    if len(wanted) + len(of_units) + len(of_villages) > MOST_CODES:
        raise Refused(f"栏目、单位和村最多选 {MOST_CODES} 个。想全要的，一个都不选就是全部。", field="columns")
    said = tuple(dict.fromkeys(word for word in re.split(r"[\s、，,；;]+", words) if word))
    if len(said) > MOST_WORDS:
        raise Refused(f"写了 {len(said)} 个词，最多 {MOST_WORDS} 个。请留下最要紧的。", field="words")
    if long := next((word for word in said if len(word) > LONGEST_WORD), ""):
        raise Refused(f"“{long[:12]}…”太长，一个词最多 {LONGEST_WORD} 个字，词和词之间空一格。", field="words")
    return Choice(tuple(sorted(wanted)), tuple(sorted(of_units)), said, tuple(sorted(of_villages)))


def told(town: Jurisdiction, choice: Choice) -> list[str]:
    """A choice in words, for the page on which it is confirmed."""
    if choice.is_everything:
        return ["全部政府信息"]
    names = Column.objects.filter(town=town, code__in=choice.columns).values_list("name", flat=True)
    units = Unit.objects.filter(town=town, code__in=choice.units).values_list("name", flat=True)
    villages = Village.objects.filter(town=town, pk__in=choice.villages).values_list("name", flat=True)
    return [
        *(f"村（社区）：{name}" for name in villages),
        *(f"栏目：{name}" for name in names),
        *(f"单位：{name}" for name in units),
        *(f"提到：{word}" for word in choice.words),
    ]
