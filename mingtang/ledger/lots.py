"""Lots that nobody chooses and anybody computes again: what is drawn among stands in a public event first.

The seed is the root of the first checkpoint that covers this event: it depends on it, so nobody knew it when the pool
was told, and checkpoints are kept for ever. What this does not hold against: a town that signs checkpoints as often as
it likes, adding events in between, could try roots before it lets one stand; witnesses of the log see each.
"""

from hashlib import sha256

from mingtang.events.models import Event
from mingtang.ledger import service as ledger
from mingtang.ledger.models import Checkpoint


def order_of(root: str, number: str, pool: list[int]) -> list[int]:
    """The pool in the order in which it is drawn: by SHA-256 of ``root:number:member``, smallest first."""
    return sorted(pool, key=lambda member: sha256(f"{root}:{number}:{member}".encode()).digest())


def seed_after(announced: Event) -> Checkpoint | None:
    """The first checkpoint that covers the announcement; None before there is one."""
    index = ledger.index_of(announced)
    if index is None:
        return None
    found = Checkpoint.objects.filter(town=announced.town_id, size__gt=index, signed_at__gte=announced.recorded_at)
    return found.order_by("pk").first()
