"""How long a document of a kind is in force. Pure.

Years end on the day of the same number, else on the last of the month (民法典 202): what begins on 29 February 2024
is in force until 28 February 2029.
"""

from collections.abc import Iterator
from datetime import date

from mingtang.disclosure.kinds.facts import Facts, Fault
from mingtang.disclosure.kinds.kind import Kind, Life
from mingtang.workdays.calendar import add_calendar

TRIAL = ("暂行", "试行")


def most_years(life: Life, title: str) -> int:
    """What the rule allows: less for what is called provisional."""
    return life.trial_years if any(word in title for word in TRIAL) else life.years


def term(kind: Kind, title: str, facts: Facts, published_on: date) -> tuple[date, date] | None:
    """The first and the last day in force; None for a kind that has no end."""
    life = kind.life
    if life is None:
        return None
    fields = facts.get("fields", {})
    stated = fields.get(life.start, "")
    first = date.fromisoformat(stated) if stated else published_on
    return first, add_calendar(first, fields.get(life.asked) or most_years(life, title), "years")


def faults(kind: Kind, title: str, facts: Facts) -> Iterator[Fault]:
    """A term that is longer than the rule allows, or nothing at all."""
    asked = facts.get("fields", {}).get(kind.life.asked, "") if kind.life else ""
    if not kind.life or asked == "":
        return
    most = most_years(kind.life, title)
    if not 1 <= asked <= most:
        called = f"名称里有{'、'.join(TRIAL)}的" if most != kind.life.years else kind.name
        sentence = (
            f"有效期写了 {asked} 年，{called}最长 {most} 年（{kind.life.basis}）。请改短；没有特别规定的可以不填。"
        )
        yield Fault(f"field-{kind.life.asked}", sentence)
