"""What a check found: kind, weight, place, a masked excerpt and a sentence."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Level = Literal["block", "warn"]
Kind = Literal[
    "secret", "internal",  # marks of secrecy, words of secrecy
    "resident_id", "mobile", "bank_card",  # numbers that point at a person
    "person",  # a name beside illness, a child's age, a home
    "phrase", "name",  # fixed phrases of politics, names of leaders and places
    "mistake", "wording", "punctuation", "count", "date", "paper_number",  # how it is written
    "photo", "leftover", "author", "hidden",  # what a file carries beside its text
    "formula",  # a cell that shows what nobody has read
    "figure",  # a number that does not stand in the source named for it
]  # fmt: skip
#: Who may let a blocking finding stand: nobody, or a second person with a reason.
Waiver = Literal["nobody", "second_person"]

#: Of one kind and level no more are listed in one text: an editor mends some and checks again.
MOST = 50
_NEVER = frozenset({"secret", "resident_id", "formula"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``where`` counts characters of the text as given, end excluded; ``part`` names the text.

    ``shown`` is what was found, masked: no number and nothing else about a person can be read in it. ``message`` is one
    Chinese sentence: what, and how to mend it.
    """

    kind: Kind
    level: Level
    where: tuple[int, int]
    shown: str
    message: str
    part: str = ""

    @property
    def blocks(self) -> bool:
        return self.level == "block"

    @property
    def waiver(self) -> Waiver:
        """A secret (保守国家秘密法 35), an unmasked ID number and what may hold one are let through by nobody."""
        return "nobody" if self.kind in _NEVER else "second_person"

    @property
    def identity(self) -> str:
        """32 hex digits by which it is named: the same when lines move, another when the words or the part change.

        Made of what is ``shown`` only: nothing about a person can be guessed from it.
        """
        return sha256("\n".join((self.kind, self.part, "".join(self.shown.split()))).encode()).hexdigest()[:32]
