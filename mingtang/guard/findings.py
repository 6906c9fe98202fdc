"""What a check found: kind, weight, place, a masked excerpt and a sentence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from mingtang.lib.errors import Refused

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
#: The kinds that nobody lets stand: secrets (保守国家秘密法 35), unmasked ID numbers and what may hold one.
NEVER_WAIVED: tuple[Kind, ...] = ("secret", "resident_id", "formula")


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
        return "nobody" if self.kind in NEVER_WAIVED else "second_person"

    @property
    def may_be_waived(self) -> bool:
        """Whether it blocks and a second person may let it stand."""
        return self.blocks and self.waiver == "second_person"

    def is_waived(self, held: Collection[str]) -> bool:
        """Whether its identity is among those let stand; of what nobody may let stand it makes no difference."""
        return self.may_be_waived and self.identity in held

    @property
    def identity(self) -> str:
        """32 hex digits by which it is named: the same when lines move, another when the words or the part change.

        Made of what is ``shown`` only: nothing about a person can be guessed from it.
        """
        return sha256("\n".join((self.kind, self.part, "".join(self.shown.split()))).encode()).hexdigest()[:32]


def to_waive(found: Iterable[Finding], identity: str) -> Finding:
    """The blocking finding that somebody names to let it stand.

    Raises ``Refused`` for what is not found in the text (any more) and for what nobody may let stand.
    """
    finding = next((finding for finding in found if finding.blocks and finding.identity == identity), None)
    if finding is None:
        raise Refused("现在的内容里没有这一处。可能有人改过，请看过现在的内容再办。")
    if not finding.may_be_waived:
        raise Refused("密级标志、身份证号和没有读到结果的公式谁也不能放行，请改正。")
    return finding
