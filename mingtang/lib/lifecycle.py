"""What a table of states is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One act of a lifecycle. ``sources`` is empty for an act that begins one; ``target`` None: the state stays.

    ``who`` may act, in the words of the table's own head; staff need one of ``powers``. ``basis`` names the clause.
    """

    sources: tuple[str, ...]
    target: str | None
    who: tuple[str, ...]
    powers: tuple[str, ...]
    title: str
    basis: str
