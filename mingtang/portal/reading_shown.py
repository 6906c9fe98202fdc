"""看得懂吗 as the page of a document shows it: counts of many, from the first group of answers on."""

from typing import Any

from mingtang.disclosure.models import Edition
from mingtang.scrutiny.models import ReadCheck
from mingtang.scrutiny.reading import percent
from mingtang.towns.viewer import Viewer


def result(viewer: Viewer, edition: Edition) -> dict[str, Any] | None:
    """None where nobody asks about this edition. ``people`` is 0 until enough answered."""
    rows = ReadCheck.objects.visible_to(viewer).filter(edition=edition, reviewed_at__isnull=False)
    check = rows.select_related("edition", "duty").first()
    if check is None:
        return None
    share = percent(check.told_right, check.told) if check.told else 0
    return {
        "people": check.told,
        "percent": share,
        "low": check.told > 0 and share < viewer.town.pass_mark,
        "duty": check.duty.code if check.duty else "",
        "open": check.is_open,
    }
