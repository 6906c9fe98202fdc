"""A power cut, the pad that was at hand, and cases written on its slips."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, Submission, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.models import Outage
from mingtang.hall import pads
from mingtang.hall.models import Pad
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories.acts import ANSWERS, APPLICANT, WORK
from tests.factories.cast import CENTRE, CLERK_3, staff
from tests.factories.hall import hall_of


def pad_at_hand(town: Jurisdiction) -> Pad:
    return pads.issue_pad(site=hall_of(town), code="TD01", first=1, last=50, by=staff(CENTRE))


def outage(town: Jurisdiction, *, hours: int = 48, ago: int = 1) -> Outage:
    """One that lasted so many hours and ended so many hours ago."""
    end = timezone.now() - timedelta(hours=ago)
    return actions.declare_outage(
        town=town, from_at=end - timedelta(hours=hours), to_at=end, cause="power", by=staff(CENTRE)
    )


def entered(
    town: Jurisdiction,
    at: datetime,
    *,
    slip: str = "TD01-001",
    code: str = "LM-001",
    token: str = "",
    seen: Iterable[str] | None = None,
    applicant: Applicant = APPLICANT,
) -> Submission:
    """A case written on a slip at a moment, entered now."""
    item = Item.objects.select_related("town", "unit", "current__item__town").get(town=town, code=code)
    return actions.enter_late(
        item=item,
        slip=slip,
        happened_at=at,
        applicant=applicant,
        answers=ANSWERS.get(code, {}),
        received=Received(seen=WORK[code][1] if seen is None else frozenset(seen)),
        submission=token or f"late-{slip}",
        key=new_case_key(item.current),
        by=staff(CLERK_3),
    )
