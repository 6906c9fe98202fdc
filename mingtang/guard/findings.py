"""What a check found: kind, weight, place, a masked excerpt and a sentence."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "warn"]
Kind = Literal["secret", "resident_id", "mobile", "bank_card", "wording", "punctuation", "mistake", "internal"]

#: Of one kind and level no more are listed in one text: an editor mends some and checks again.
MOST = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``where`` counts characters of the text as given, end excluded; ``part`` names the text.

    ``shown`` is an excerpt in which no number can be read; ``message`` one Chinese sentence: what, and how to mend it.
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
