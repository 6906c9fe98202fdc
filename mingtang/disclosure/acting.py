"""What every act on an edition begins and ends with: the lock and the event."""

from typing import Any

from mingtang.disclosure.models import Edition
from mingtang.events.log import Actor, record
from mingtang.events.models import Event


def tell(edition: Edition, type: str, by: Actor, *, reason: str = "", **facts: str) -> Event:
    """The event of an act on an edition: which, with which text, and what else the act says."""
    return record(
        town=edition.document.town,
        type=type,
        subject=edition.document.subject,
        by=by,
        reason=reason,
        data=said(edition, **facts),
    )


def said(edition: Edition, **facts: str) -> dict[str, Any]:
    """What every event of an act on an edition says."""
    revision = edition.revision
    return {"edition": edition.number, "revision": revision.number, "sha256": revision.sha256, **facts}


def locked(edition: Edition) -> Edition:
    """The edition as it is now, for the rest of the caller's transaction."""
    # First the lock, then the rows beside it: joined to the locked row, PostgreSQL would hand them out as they were
    # before the wait, or nothing at all when a colleague's revision took their place.
    Edition.objects.select_for_update().only("pk").get(pk=edition.pk)
    return Edition.objects.select_related("document__town", "revision").get(pk=edition.pk)
