"""What could not be done, told and ended by the real acts."""

from mingtang.towns.models import Jurisdiction
from mingtang.voices import actions
from mingtang.voices.actions import Reported, Told
from mingtang.voices.enums import Channel, Reason
from tests.factories.cast import CLERK_1, staff
from tests.factories.hall import items

SAID = "跑了三趟，窗口说要找村里，村里说要找窗口"


def told(town: Jurisdiction, form: str = "form", *, code: str = "", by: str = CLERK_1, text: str = SAID) -> Reported:
    """Told to a clerk; with ``by`` empty, online."""
    return actions.report(
        town=town,
        channel=Channel.DESK if by else Channel.ONLINE,
        reason=Reason.SENT_AROUND,
        told=Told(text, "张某（演示）", "07305550199"),
        submission=form,
        item=items(code)[0] if code else None,
        by=staff(by) if by else None,
    )
