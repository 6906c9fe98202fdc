"""Who is looking: the one argument of every ``visible_to``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Viewer:
    """A person (or nobody) in one town with the powers their posts give them.

    ``person_id`` is ``None`` for the public; ``powers`` are permission codes of ``people.enums.Permission``. ``tenant``
    are the public utilities whose own things alone this person sees at the desk; empty for the town's own staff.
    A viewer of one town sees nothing of another: every ``visible_to`` filters by ``town`` first.
    """

    town: Jurisdiction
    person_id: int | None = None
    powers: frozenset[str] = field(default_factory=frozenset)
    tenant: frozenset[int] = field(default_factory=frozenset)

    def may(self, power: str) -> bool:
        return power in self.powers
