"""An address that a mail server refuses for good is not written to again."""

from django.utils import timezone

from mingtang.events.follow import listener
from mingtang.events.log import SYSTEM, record
from mingtang.events.models import Sequenced
from mingtang.lib.tx import act
from mingtang.notices.actions import GIVEN_UP
from mingtang.notices.enums import Problem
from mingtang.subscriptions.actions import STOPPED
from mingtang.subscriptions.models import Subscription


@listener("subscriptions")
def on_events(rows: list[Sequenced]) -> None:
    """Stop what was refused; seen twice or on two nodes, it is stopped once."""
    for row in rows:
        event = row.event
        kind, _, pk = str(event.data.get("about", "")).partition(":")
        if event.type == GIVEN_UP and kind == "subscription" and event.data.get("problem") == Problem.REFUSED:
            _stop(int(pk))


def _stop(pk: int) -> None:
    with act():
        row = Subscription.objects.select_for_update(of=("self",)).select_related("town").filter(pk=pk).first()
        if row is not None and row.stopped_at is None:
            row.stopped_at = timezone.now()
            row.save(update_fields=["stopped_at"])
            record(town=row.town, type=STOPPED, subject=row.subject, by=SYSTEM)
