"""How far a document reached, by channel and day: numbers only, nothing about who read (plan row 7).

What a machine sees is counted in memory and written once a minute (`portal.views_counted`); copies handed out at a
window are typed there, as an act with its name. A column may say how often what stands in it must have arrived by when.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from mingtang.disclosure.enums import EditionState, ReachChannel
from mingtang.disclosure.models import Column, Document, Filing, ViewCount
from mingtang.events import types
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.text import CHINA
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may, powers_of
from mingtang.towns.viewer import Viewer

HANDED_OUT = types.define("document.handed_out", "登记印发份数")
EXPECTED = types.define("column.reach", "定栏目应到次数", public=True)
# Whoever has people before them, and whoever writes.
HANDS = (P.CASE_INTAKE, P.DOCUMENT_DRAFT)
OPENED = (ReachChannel.PAGE, ReachChannel.SCAN, ReachChannel.FEED)
MOST_COPIES = 5_000
MOST_TIMES, MOST_DAYS = 1_000_000, 365


def add(counts: Mapping[tuple[int, str], int], day: date) -> None:
    """Add to the day's numbers of the documents that exist; part of the caller's transaction."""
    known = set(Document.objects.filter(pk__in={pk for pk, _ in counts}).values_list("pk", flat=True))
    for (pk, channel), count in counts.items():
        if pk in known:
            row, _ = ViewCount.objects.get_or_create(document_id=pk, day=day, channel=channel)
            ViewCount.objects.filter(pk=row.pk).update(count=F("count") + count)


def of(document: Document) -> dict[str, int]:
    """Channel → how often, all days together, in the order of the channels; those without a number are left out."""
    rows = document.views.values("channel").annotate(total=Sum("count"))
    counted = {row["channel"]: row["total"] for row in rows}
    return {channel: counted[channel] for channel in ReachChannel.values if counted.get(channel)}


def opened(counted: Mapping[str, int]) -> int:
    """浏览量: how often the page was opened, whichever way led there."""
    return sum(counted.get(channel, 0) for channel in OPENED)


def hand_out(*, document: Document, copies: int, by: Staff) -> None:
    """Write down how many printed copies went over the counter today."""
    if document.town_id != by.town_id or powers_of(by).isdisjoint(HANDS):
        raise Refused("印发份数由窗口人员或者信息编辑登记，您的岗位没有这个权限。")
    if not 1 <= copies <= MOST_COPIES:
        raise Refused(f"份数请写 1 到 {MOST_COPIES:,}。", field="copies")
    with act():
        document = (
            Document.objects.select_for_update(of=("self",)).select_related("town", "current").get(pk=document.pk)
        )
        if document.current is None or document.current.state != EditionState.PUBLISHED:
            raise Refused("这份信息现在没有公开，不能登记印发。")
        add({(document.pk, ReachChannel.PAPER): copies}, timezone.localdate())
        data = {"copies": copies, "edition": document.current.number}
        record(town=document.town, type=HANDED_OUT, subject=document.subject, by=actor(by), data=data)


def expect(*, column: Column, times: int | None, days: int | None, by: Staff) -> Column:
    """Say how often each document of a column must have arrived within how many days; neither: no longer asked."""
    check_may(by, P.CATALOGUE_KEEP, column.town)
    if (times is None) != (days is None):
        raise Refused("次数和天数要一起填；都不填，就不再要求。", field="times" if times is None else "days")
    if times is not None and not 1 <= times <= MOST_TIMES:
        raise Refused(f"次数请写 1 到 {MOST_TIMES:,}。", field="times")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(f"天数请写 1 到 {MOST_DAYS}。", field="days")
    with act():
        column = Column.objects.select_for_update(of=("self",)).select_related("town").get(pk=column.pk)
        column.reach_times, column.reach_days = times, days
        column.save(update_fields=["reach_times", "reach_days"])
        data = {"times": times, "days": days}
        record(town=column.town, type=EXPECTED, subject=column.subject, by=actor(by), data=data)
    return column


def must_know(viewer: Viewer, today: date) -> QuerySet[Filing]:
    """Where the documents of the last year stand in columns that ask for reach, the missed first; each document once,
    in the column that asks most.

    ``until``: the last of the days it has; ``arrived``: how often it arrived by then; ``state``: ``reached``,
    ``running`` or ``missed``.
    """
    asking = Column.objects.visible_to(viewer).filter(reach_times__isnull=False, closed_on__isnull=True)
    columns = list(asking.order_by("-reach_times", "pk"))
    first = Q(pk__in=[])
    for place, column in enumerate(columns):
        first |= Q(column=column) & ~Q(document__filings__column__in=columns[:place])
    since = timezone.make_aware(datetime.combine(today - timedelta(days=MOST_DAYS), time()))
    documents = Document.objects.visible_to(viewer).published().filter(published_at__gte=since)
    days = (When(column=column, then=Value(timedelta(days=column.reach_days))) for column in columns)
    begun = TruncDate("document__published_at", tzinfo=CHINA)
    by_then = ViewCount.objects.filter(document=OuterRef("document"), day__lte=OuterRef("until")).order_by()
    total = by_then.values("document").annotate(total=Sum("count")).values("total")
    return (
        Filing.objects.filter(first, document__in=documents)
        .annotate(until=Cast(begun + Case(*days, output_field=DurationField()), DateField()))
        .annotate(arrived=Coalesce(Subquery(total), 0))
        .annotate(enough=ExpressionWrapper(Q(arrived__gte=F("column__reach_times")), BooleanField()))
        .annotate(
            state=Case(
                When(enough=True, then=Value("reached")),
                When(until__lt=today, then=Value("missed")),
                default=Value("running"),
            )
        )
        .select_related("column__owner__unit", "document__current__revision")
        .defer(*(f"document__current__revision__{name}" for name in ("body_html", "body_text", "facts")))
        # What is missed ends before what is running.
        .order_by("enough", "until", "document")
    )
