"""What the people of the demo town must know, and the copies that its windows handed out."""

from mingtang.demo.documents import identity
from mingtang.disclosure import reach
from mingtang.disclosure.models import Column, Document
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

KEEPER, CLERK = "qianfa", "chuangkou1"
# column: how often, within how many days; paper of the demo: copies.
EXPECTED = {"a20-12": (300, 30), "a21-08": (120, 60)}
HANDED_OUT = {"forest-fire": 180, "relief-quota": 45, "market-day": 60}


def build_reach(town: Jurisdiction) -> None:
    """Once; a second run leaves everything as it has become."""
    with act():
        if Column.objects.filter(town=town, reach_times__isnull=False).exists():
            return
        keeper, clerk = (Staff.objects.get(username=name) for name in (KEEPER, CLERK))
        for column in Column.objects.filter(town=town, code__in=EXPECTED).select_related("town"):
            times, days = EXPECTED[column.code]
            reach.expect(column=column, times=times, days=days, by=keeper)
        for key, copies in HANDED_OUT.items():
            document = Document.objects.published().filter(town=town, identity=identity(key)).first()
            if document:
                reach.hand_out(document=document, copies=copies, by=clerk)
