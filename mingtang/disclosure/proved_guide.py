"""What `mingtang verify` compares of the 公开指南: the words that were published, and by whom."""

from collections.abc import Iterator

from mingtang.disclosure import guide
from mingtang.disclosure.models import GuideEdition
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

TABLE = "disclosure_guideedition"


def check_guide(town: Jurisdiction) -> Iterator[Finding]:
    """Every published edition hashes to what its event says and was published by that person at that moment."""
    events = Event.objects.filter(town=town, type=guide.PUBLISHED).order_by("pk")
    told_of = {event.data["edition"]: event for event in events}
    for row in GuideEdition.objects.filter(town=town, reviewed_at__isnull=False).select_related("reviewer"):
        event = told_of.pop(row.number, None)
        if event is None:
            yield Finding(TABLE, row.pk, f"公开指南第{row.number}版没有公布的事件")
        elif guide.hash_of(row) != event.data["sha256"]:
            yield Finding(TABLE, row.pk, f"公开指南第{row.number}版的文字和公布时不一样")
        elif row.reviewed_at != event.recorded_at or row.reviewer is None or row.reviewer.code != event.actor:
            yield Finding(TABLE, row.pk, f"公开指南第{row.number}版的审核人或者时间和事件里记的不一样")
    for number in told_of:
        yield Finding(TABLE, number, f"事件里公布的公开指南第{number}版不见了")


told("公开指南", check_guide)
