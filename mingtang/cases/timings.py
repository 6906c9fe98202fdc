"""How long each step of an item version really took: the middle of many ended cases, never one person's."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from statistics import median_high

from django.utils import timezone

from mingtang.cases.models import Case, CaseStep
from mingtang.flows.times import Took
from mingtang.rulebook.enums import Visibility
from mingtang.rulebook.models import Version
from mingtang.workdays.tables import calendar_for

YEAR = timedelta(days=365)
MOST = 1000  # the newest of a year's cases that are counted
# Below these nothing is said of a step: one case more must not tell how long that one took.
FEWEST = {Visibility.PUBLIC: 3, Visibility.SEALED: 10}


def step_times(version: Version, at: datetime | None = None) -> dict[str, Took]:
    """Step key → the working days within which half of the ended cases had done it, and of how many.

    Counted as a limit is: the day on which a step began is day 0; all rounds of a case together. Only cases that ended
    before today and not a year earlier, so that the figures move once a day and tell nothing of a case still open.
    """
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    ended = Case.objects.filter(version=version, ended_at__lt=midnight, ended_at__gte=midnight - YEAR)
    newest = ended.order_by("-ended_at", "-pk").values("pk")[:MOST]
    rows = CaseStep.objects.filter(case__in=newest, done_at__isnull=False)
    calendar = calendar_for(version.item.town)
    spent: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for case, key, opened, done in rows.values_list("case_id", "key", "opened_at", "done_at"):
        days = calendar.working_days_between(timezone.localdate(opened), timezone.localdate(done))
        spent[key][case] += days
    fewest = FEWEST[Visibility(version.spec.visibility)]
    return {key: Took(median_high(cases.values()), len(cases)) for key, cases in spent.items() if len(cases) >= fewest}
