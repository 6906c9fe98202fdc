"""A power cut of the demo town, and the two cases that a window wrote on slips meanwhile."""

from datetime import timedelta

from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.enums import OutageCause
from mingtang.cases.models import Outage
from mingtang.demo.cases import person
from mingtang.hall import pads
from mingtang.hall.models import Pad, Site
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

LASTED = timedelta(hours=2)
# Slip: which item, who came, and the papers that were seen.
WRITTEN = {
    1: ("LM-001", person("罗长根", 31, "青山村"), {"id", "right", "plan"}),
    2: ("LN-001", person("邓秋菊", 32, "荷花村"), {"id", "photo"}),
}


def lay_out_pad(town: Jurisdiction) -> None:
    """The pad that lies ready at the centre. Nothing is entered from before it was issued, so it comes early."""
    if not Pad.objects.filter(town=town, code="TD01").exists():
        site, head = Site.objects.get(town=town, code="hall"), Staff.objects.get(town=town, username="zhuren")
        pads.issue_pad(site=site, code="TD01", first=1, last=50, by=head)


def build_outage(town: Jurisdiction) -> None:
    """Declared when the light came back, and the slips entered: as late as this town is old."""
    if Outage.objects.filter(town=town).exists():
        return
    head, clerk = (Staff.objects.get(town=town, username=name) for name in ("zhuren", "chuangkou3"))
    pad, now = Pad.objects.get(town=town, code="TD01"), timezone.now()
    with act():
        actions.declare_outage(town=town, from_at=now - LASTED, to_at=now, cause=OutageCause.POWER, by=head)
        for number, (code, applicant, seen) in WRITTEN.items():
            item = Item.objects.select_related("town", "current__item__town").get(town=town, code=code)
            actions.enter_late(
                item=item,
                slip=pad.number(number),
                happened_at=pad.issued_at,
                applicant=applicant,
                answers={},
                received=Received(seen=frozenset(seen)),
                submission=f"demo-slip-{number}",
                key=new_case_key(item.current),
                by=clerk,
            )
