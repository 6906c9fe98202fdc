"""What a town adds to the built-in lists of words, and how every room gets at it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from re import Pattern

from mingtang.guard.plain import any_of, corrections

#: Longer ones are not looked for in near misses.
LONGEST_PLACE = 20
_HAN = r"\u3400-\u9fff"


@dataclass(frozen=True)
class Lists:
    """``phrases`` and ``typos``: what is wrong and what is right; the first block, the second warn.

    ``leaders``: a name and the post it stands beside. ``places``: right names of places. ``allowed``: what stays as it
    is, such as the name of a firm with a typo in it; nothing within it is found, save secrets and personal data.
    """

    phrases: Mapping[str, str] = field(default_factory=dict)
    typos: Mapping[str, str] = field(default_factory=dict)
    leaders: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    @cached_property
    def wrong_phrases(self) -> tuple[Pattern[str], dict[str, str]]:
        return corrections(self.phrases)

    @cached_property
    def slips(self) -> tuple[Pattern[str], dict[str, str]]:
        return corrections(self.typos)

    @cached_property
    def beside_posts(self) -> list[tuple[Pattern[str], str, str]]:
        """For each leader: names of that surname and length before or after the post. Two characters are too few."""
        return [
            (re.compile(f"{post}({name})|({name})(?:同志)?{post}"), full, said)
            for full, said in self.leaders.items()
            if len(full) > 2
            for post, name in [(re.escape(said), f"{re.escape(full[0])}[{_HAN}]{{{len(full) - 1}}}")]
        ]

    @cached_property
    def near_places(self) -> Pattern[str]:
        """The names of places with one wrong character between the first and the last."""
        return re.compile(
            "|".join(
                f"{re.escape(place[:i])}(?!{re.escape(place[i])})[{_HAN}]{re.escape(place[i + 1 :])}"
                for place in sorted(self.places)
                if len(place) <= LONGEST_PLACE
                for i in range(1, len(place) - 1)
            )
            or r"(?!)"
        )

    @cached_property
    def allowed_words(self) -> Pattern[str]:
        return any_of(self.allowed)


NONE = Lists()
Reader = Callable[[int], Lists]
_readers: list[Reader] = []


def reader(read: Reader) -> Reader:
    """Register what reads the words of a town: the room that keeps them stands above those that write."""
    _readers.append(read)
    return read


def lists_of(town: int | None) -> Lists:
    """The words that count now in a town, by its key; ``None`` is what belongs to no town."""
    if town is None:
        return NONE
    (read,) = _readers
    return read(town)
