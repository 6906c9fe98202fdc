"""What a version says to one applicant, from its stored JSON alone: no code of the house is asked.

Conditions are read by Python, money is counted in fractions, days on a plain calendar.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

from tests.factories.conditions import holds

Row = dict[str, Any]
Answers = dict[str, str | int]
# The first day off after the two plain weeks in which the tests live (清明, Saturday); no date is computed beyond.
PLAIN_UNTIL = date(2026, 4, 3)


class Disagrees(AssertionError):
    """A surface says something else than the version."""

    def __init__(self, surface: str, what: str, said: object, wanted: object) -> None:
        super().__init__(f"{surface}, {what}:\n  says   {said!r}\n  wanted {wanted!r}")
        self.surface, self.what = surface, what


def agree(surface: str, what: str, said: object, wanted: object) -> None:
    if said != wanted:
        raise Disagrees(surface, what, said, wanted)


@dataclass(frozen=True)
class Version:
    """A stored version, what the posts it names are called, and the day on which it is asked."""

    data: Row
    posts: dict[str, str]
    on: date

    def materials(self, answers: Answers) -> list[Row]:
        return [one for one in self.data["materials"] if holds(one["when"], answers)]

    def brought(self, answers: Answers) -> list[Row]:
        """What the applicant brings."""
        return [one for one in self.materials(answers) if not one["fetched_by_us"]]

    def fetched(self, answers: Answers) -> list[Row]:
        return [one for one in self.materials(answers) if one["fetched_by_us"]]

    def steps(self, answers: Answers) -> list[Row]:
        return [one for one in self.data["steps"] if holds(one["when"], answers)]

    def stages(self, answers: Answers) -> list[list[Row]]:
        """The steps of one way: one after the other, those of a group together."""
        return together(self.steps(answers))

    @property
    def all_stages(self) -> list[list[Row]]:
        return together(self.data["steps"])

    def bars(self, answers: Answers) -> list[str]:
        chosen = [(one, option) for one in self.data["situations"] for option in one["options"]]
        return [option["bars"] for one, option in chosen if option["bars"] and answers[one["key"]] == option["key"]]

    def answered(self, answers: Answers) -> list[tuple[str, str]]:
        """Question and answer in words."""
        found = []
        for one in self.data["situations"]:
            labels = {option["key"]: option["label"] for option in one["options"]}
            value = answers[one["key"]]
            found.append((one["question"], labels[value] if labels else f"{value} {one['unit']}"))
        return found

    def bill(self, answers: Answers) -> list[tuple[str, int]]:
        """Each fee that is charged, with its fen."""
        charged = [fee for fee in self.data["fees"] if holds(fee["when"], answers) and self.in_force(fee)]
        return [(fee["name"], self._owed(fee, answers)) for fee in charged]

    def in_force(self, fee: Row) -> bool:
        begins = date.fromisoformat(fee["valid_from"] or "0001-01-01")
        ends = date.fromisoformat(fee["valid_to"] or "9999-12-31")
        return begins <= self.on <= ends

    @staticmethod
    def _owed(fee: Row, answers: Answers) -> int:
        full = Fraction(fee["amount"]) * (answers[fee["quantity"]] if fee["quantity"] else 1)
        if fee["most"]:
            full = min(full, Fraction(fee["most"]))
        less = max((one["percent"] for one in fee["reductions"] if holds(one["when"], answers)), default=0)
        return floor(full * Fraction(100 - less, 100))

    def total(self, answers: Answers) -> int:
        return sum(fen for _, fen in self.bill(answers))

    def longest(self, answers: Answers) -> int:
        """Working days of the steps on one way."""
        return sum(max(one["working_days"] for one in stage) for stage in self.stages(answers))

    def ways(self) -> Iterator[Answers]:
        """Every combination of answers between which something could differ."""
        values = [self._values(one) for one in self.data["situations"]]
        for combination in product(*values):
            yield dict(zip((one["key"] for one in self.data["situations"]), combination, strict=True))

    def _values(self, situation: Row) -> list[str | int]:
        if situation["options"]:
            return [option["key"] for option in situation["options"]]
        near = {0, situation["most"]} | {n + step for n in self._numbers() for step in (-1, 0, 1)}
        return sorted(n for n in near if 0 <= n <= situation["most"])

    def _numbers(self) -> set[int]:
        nodes = [node for when in self.conditions() for node in ast.walk(ast.parse(when, mode="eval"))]
        return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, int)}

    def conditions(self) -> list[str]:
        rows = [*self.data["materials"], *self.data["steps"], *self.data["fees"]]
        rows += [less for fee in self.data["fees"] for less in fee["reductions"]]
        return [one["when"] for one in rows if one["when"]]

    def few_ways(self, most: int) -> list[Answers]:
        """At most so many of the ways: those that show what no earlier one has shown, then some from all over."""
        ways = [(answers, self._shows(answers)) for answers in self.ways()]
        found: list[Answers] = []
        shown: set[object] = set()
        while len(found) < most:
            answers, shows = max(ways, key=lambda one: len(one[1] - shown))
            if found and shows <= shown:
                break
            found.append(answers)
            shown |= shows
        rest = [answers for answers, _ in ways if answers not in found]
        more = most - len(found)
        return found + (rest[:: max(1, len(rest) // more)][:more] if more else [])

    def _shows(self, answers: Answers) -> set[object]:
        options = {(key, value) for key, value in answers.items() if isinstance(value, str)}
        return options | {(when, holds(when, answers)) for when in self.conditions()}


def together(steps: Iterable[Row]) -> list[list[Row]]:
    """Neighbours of one group side by side, everything else by itself."""
    found: list[list[Row]] = []
    for one in steps:
        if found and one["group"] is not None and found[-1][0]["group"] == one["group"]:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def due(day: date, working_days: int) -> date | None:
    """The last working day of a limit that begins on a day, as far as the plain calendar goes."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return known(day)


def known(day: date) -> date | None:
    """A day about which the plain calendar can tell."""
    return day if day <= PLAIN_UNTIL else None
