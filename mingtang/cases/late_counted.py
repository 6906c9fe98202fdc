"""How many cases were entered after an outage, and how late: for the desk and the public alike, no person in it."""

from dataclasses import dataclass
from datetime import timedelta

from mingtang.cases.models import LateEntry, Outage
from mingtang.lib.text import lag_words
from mingtang.towns.models import Jurisdiction

MOST = 100


@dataclass(frozen=True)
class Counted:
    """``longest``: the greatest lag between what stands on a paper and its entry; zero where there is none."""

    outage: Outage
    entered: int
    longest: timedelta

    @property
    def words(self) -> str:
        """The greatest lag in words; empty where nothing was entered."""
        return lag_words(self.longest) if self.entered else ""


def outages(town: Jurisdiction) -> list[Counted]:
    """The newest outages of a town. Two queries."""
    rows = list(Outage.objects.filter(town=town)[:MOST])
    lags: dict[int, list[timedelta]] = {row.pk: [] for row in rows}
    entries = LateEntry.objects.filter(outage__in=rows).values_list("outage", "happened_at", "recorded_at")
    for outage, happened, recorded in entries:
        lags[outage].append(recorded - happened)
    return [Counted(row, len(lags[row.pk]), max(lags[row.pk], default=timedelta(0))) for row in rows]
