"""What stands beside an edition for those who review and sign: sheets, what was let stand, remarks."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest

from mingtang.desk.access import offered
from mingtang.disclosure import masking
from mingtang.disclosure.comments import SETTLERS, WRITERS
from mingtang.disclosure.enums import Side
from mingtang.disclosure.models import Edition
from mingtang.disclosure.requirements import Issue
from mingtang.disclosure.reviewing import CONCERN
from mingtang.disclosure.states import EDITION, OPEN

MOST_BY_HAND = 100
# What a mask hides, in text and in tables.
HIDEABLE = frozenset({"resident_id", "mobile", "bank_card", "person"})


def beside(request: HttpRequest, edition: Edition, found: list[Issue]) -> dict[str, Any]:
    """The context of ``desk/info/_reviews.html``, ``_comments.html`` and ``_masks.html``; ``found`` in its text."""
    powers, remarks = request.viewer.powers, list(edition.comments.select_related("by", "resolved_by", "event"))
    settles = not powers.isdisjoint(SETTLERS)
    return {
        "reviews": rows(edition),
        "sides": Side.labels,
        "waivers": edition.revision.waivers.select_related("by"),
        "remarks": remarks,
        "may_comment": edition.state in OPEN and not powers.isdisjoint(WRITERS),
        "may_settle": {one.pk for one in remarks if settles or one.by_id == request.user.pk},
        **_masks(edition, found if offered(EDITION["revise"], edition.state, request.viewer) else []),
    }


def _masks(edition: Edition, found: list[Issue]) -> dict[str, Any]:
    """What would be hidden of a draft, one by one, and what of its attachments, which only their maker can hide."""
    fields = {issue.field for issue in found if issue.finding and issue.finding.kind in HIDEABLE}
    masks = masking.masked(edition.revision, edition.revision.claims.all()).said if fields else ()
    by_hand = list(islice(masking.in_files(edition.revision), MOST_BY_HAND)) if "attachments" in fields else []
    return {"masks": masks, "mask_form": MasksForm(masks=masks), "by_hand": by_hand}


class MasksForm(forms.Form):
    """For each proposal whether it is carried out, and if not, why."""

    def __init__(self, *args: Any, masks: Iterable[masking.Said], **more: Any) -> None:
        super().__init__(*args, **more)
        for one in masks:
            self.fields[f"hide-{one.number}"] = forms.BooleanField(required=False, initial=True)
            self.fields[f"why-{one.number}"] = forms.CharField(required=False, max_length=100)

    def left(self) -> dict[int, str]:
        """The numbers of those that are not carried out, each with its reason."""
        typed = {name.removeprefix("hide-"): yes for name, yes in self.cleaned_data.items() if name.startswith("hide-")}
        return {int(number): self.cleaned_data[f"why-{number}"] for number, yes in typed.items() if not yes}


def rows(edition: Edition) -> list[dict[str, Any]]:
    """Each sheet of an edition, newest first, its answers in words."""
    return [
        {
            "row": row,
            "at": row.event.recorded_at,
            "answers": [
                (
                    part["name"],
                    part["sha256"],
                    ["有" if part["sides"][side] == CONCERN else "没有" for side in Side.values],
                    part["note"],
                )
                for part in row.parts
            ],
        }
        for row in edition.reviews.select_related("reviewer", "event")
    ]
