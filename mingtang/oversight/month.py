"""A month in figures: what was published, what was late, what did not work, what people asked for most.

All of it is counted from the records and public; nothing of any one person, no words that nobody has answered.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import DerivedList, Edition
from mingtang.disclosure.stories.claims import NEWS
from mingtang.lib.text import CHINA, chinese_date
from mingtang.oversight import board
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Slot
from mingtang.rulebook.enums import Burden
from mingtang.rulebook.models import Version, Wanted
from mingtang.rulebook.models.wanted import ENOUGH
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.utilities.models import Interruption
from mingtang.voices.enums import MatterKind, ObstacleOutcome, ObstacleState, Reason
from mingtang.voices.models import Matter, Obstacle
from mingtang.workdays.calendar import add_calendar

TOP = 10
Span = tuple[datetime, datetime]
Days = tuple[date, date]
Lines = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Demand:
    """What people asked for: in words, how often, and the page that shows it."""

    words: str
    count: int
    unit: str
    url: str
    answer: str = ""


@dataclass(frozen=True)
class Month:
    """``lines``: heading → figures with their labels; ``demands`` the most frequent first, at most ``TOP``."""

    first: date
    today: date
    lines: dict[str, tuple[tuple[str, int], ...]]
    demands: tuple[Demand, ...]

    @property
    def code(self) -> str:
        return self.first.isoformat()[:7]

    @property
    def label(self) -> str:
        return label(self.first)

    def stated(self) -> list[str]:
        """Every number that stands on its page."""
        figures = [f"{label} {count}" for rows in self.lines.values() for label, count in rows]
        asked = [f"{one.words} {one.count} {one.answer}" for one in self.demands]
        return [self.label, f"截至{chinese_date(self.today)}", *figures, *asked]


def label(first: date) -> str:
    return f"{first.year}年{first.month}月"


def begun(code: str) -> date | None:
    """The first day of a month by its code ``2026-11``; None for what is no month or has not begun."""
    try:
        first = date.fromisoformat(f"{code}-01")
    except ValueError:
        return None
    return first if date(2000, 1, 1) <= first <= timezone.localdate() else None


def of(town: Jurisdiction, first: date) -> Month:
    """The month that begins on ``first``, as its records stand today."""
    span, today = span_of(first), timezone.localdate()
    days = (first, timezone.localdate(span[1]))
    lines = {
        "公开了什么": _published(town, span),
        "办事有什么变化": _items(town, span),
        "该公开、该办的": _duties(town, days, today),
        "办不成的事": _obstacles(town, span, today),
        "停供和诉求": _utilities(town, span, today),
    }
    demands = [*_looked_for(town, days), *_matters(town, span), *_nudged(town, today), *_reasons(town, span)]
    demands.sort(key=lambda one: (-one.count, one.words))
    return Month(first, today, lines, tuple(demands[:TOP]))


def span_of(first: date) -> Span:
    """The first and the last moment of a month."""
    after = datetime.combine(add_calendar(first, 1, "months"), time(), CHINA)
    return datetime.combine(first, time(), CHINA), after - timedelta(microseconds=1)


def _published(town: Jurisdiction, span: Span) -> Lines:
    editions = Edition.objects.filter(document__town=town).exclude(document__kind__in=NEWS)
    out = editions.filter(published_at__range=span, adopted_by="")
    counted = out.aggregate(new=Count("pk", filter=Q(number=1)), more=Count("pk", filter=Q(number__gt=1)))
    ended = editions.filter(ended_at__range=span, state__in=(EditionState.EXPIRED, EditionState.REPEALED)).count()
    taken = editions.filter(withdrawn_at__range=span).count()
    lists = DerivedList.objects.filter(town=town, shown_at__range=span).count()
    return (
        ("新公开的文件（份）", counted["new"]),
        ("更正的（份）", counted["more"]),
        ("失效、废止的（份）", ended),
        ("撤下的（份）", taken),
        ("公示表（张）", lists),
    )


def _items(town: Jurisdiction, span: Span) -> Lines:
    ran = Version.objects.filter(item__town=town, in_force_at__range=span, initial=False)
    counted = ran.aggregate(
        new=Count("pk", filter=Q(burden=Burden.NEW)),
        less=Count("pk", filter=Q(burden=Burden.DOWN)),
        more=Count("pk", filter=Q(burden=Burden.UP)),
        same=Count("pk", filter=Q(burden=Burden.SAME)),
    )
    return (
        ("新增的事项（个）", counted["new"]),
        ("要得更少、更快、更省的（个）", counted["less"]),
        ("要求增加的（个）", counted["more"]),
        ("没有增减的（个）", counted["same"]),
    )


def _duties(town: Jurisdiction, days: Days, today: date) -> Lines:
    due = Slot.objects.filter(town=town, due_on__range=days, due_on__lte=today).standing(today)
    counts = Counter(dict(due.order_by().values_list("state").annotate(count=Count("pk"))))
    return (
        ("到期的（项）", counts.total()),
        ("按时办成的（项）", counts[SlotState.ON_TIME]),
        ("晚了才办成的（项）", counts[SlotState.LATE]),
        ("说明了为什么没有的（项）", counts[SlotState.EXCUSED]),
        ("到现在还空着的（项）", counts[SlotState.EMPTY]),
    )


def _obstacles(town: Jurisdiction, span: Span, today: date) -> Lines:
    rows = Obstacle.objects.filter(town=town)
    late = rows.filter(due_on__lt=today, opened_at__lte=span[1]).exclude(state=ObstacleState.ENDED).count()
    return (
        ("群众反映的（件）", rows.filter(opened_at__range=span).count()),
        *((f"{end}（件）", count) for end, count in ended(town, span)),
        ("过了期限还没有结果的（件）", late),
    )


def ended(town: Jurisdiction, span: Span) -> Lines:
    """To which ends the obstacles came, as counts: of a single one the public knows nothing."""
    rows = Obstacle.objects.filter(town=town, ended_at__range=span).order_by()
    counts = Counter(dict(rows.values_list("outcome").annotate(count=Count("pk"))))
    return tuple((outcome.label, counts[outcome]) for outcome in ObstacleOutcome)


def _utilities(town: Jurisdiction, span: Span, today: date) -> Lines:
    cuts = Interruption.objects.filter(town=town, announced_at__range=span)
    counted = cuts.aggregate(all=Count("pk"), short=Count("pk", filter=Q(short_hours__gt=0)))
    over = Interruption.objects.filter(town=town, restored_at__range=span, restored_at__gt=F("ends_at")).count()
    told = Matter.objects.filter(town=town, told_at__range=span)
    late = told.filter(answered_at__isnull=True, due_on__lt=today).count()
    return (
        ("停供通知（份）", counted["all"]),
        ("通知发晚了的（份）", counted["short"]),
        ("比说的晚恢复的（次）", over),
        ("向公用单位反映的（件）", told.count()),
        ("过了期限还没有答复的（件）", late),
    )


def _looked_for(town: Jurisdiction, days: Days) -> list[Demand]:
    """Words that enough people used and somebody answered, as they are public."""
    rows = Wanted.objects.visible_to(Viewer(town=town)).select_related("unit", "item__current")
    rows = rows.defer("item__current__data", "item__current__bpmn")
    used = dict(
        Wanted.objects.filter(town=town, days__day__range=days).values_list("pk").annotate(n=Sum("days__count"))
    )
    return [
        Demand(f"找“{row.text}”", used[row.pk], "人次", f"/asked#asked-{row.pk}", answer_of(row))
        for row in rows.filter(pk__in=used)
        if used[row.pk] >= ENOUGH
    ]


def answer_of(row: Wanted) -> str:
    """What the town answered, in one clause."""
    if row.item:
        return f"可以办，叫“{row.item.current.name}”"
    said = row.note or row.get_outcome_display()
    return f"转给{row.unit.name}：{said}" if row.unit else said


def _matters(town: Jurisdiction, span: Span) -> list[Demand]:
    rows = Matter.objects.filter(town=town, told_at__range=span).order_by()
    counted = rows.values_list("unit__name", "unit__code", "kind").annotate(count=Count("pk"))
    return [
        Demand(f"向{unit}{MatterKind(kind).label}", count, "件", f"/utilities/{code}#matters")
        for unit, code, kind, count in counted
    ]


def _nudged(town: Jurisdiction, today: date) -> list[Demand]:
    """What still waits and somebody has asked for; counted since it fell due."""
    rows = Slot.objects.filter(town=town, nudges__gt=0).waiting().standing(today)
    rows = board.with_names(rows).order_by("-nudges", "pk")[:TOP]
    return [
        Demand(f"催“{row.duty.name}”{board.label(row)}", row.nudges, "次", f"/board/{row.duty.code}#slot-{row.pk}")
        for row in rows
    ]


def _reasons(town: Jurisdiction, span: Span) -> list[Demand]:
    rows = Obstacle.objects.filter(town=town, opened_at__range=span).order_by()
    counted = rows.values_list("reason").annotate(count=Count("pk"))
    return [Demand(f"办不成：{Reason(reason).label}", count, "件", "/obstacles/") for reason, count in counted]
