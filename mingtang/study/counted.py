"""How much was learned: for everybody as numbers, for the office by post, for a person their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.utils import timezone

from mingtang.people.models import Assignment, Post
from mingtang.study.models import Attendance, Requirement, Session
from mingtang.towns.models import Jurisdiction

# From when in the year somebody who is short is reminded, and from when it burns.
REMIND, BURN = 10, 12


@dataclass(frozen=True)
class Year:
    """``share`` parts of ``staff`` are persons: who came at least once, and who has what the year asks."""

    year: int
    sessions: int
    minutes: int
    staff: int
    came: int
    enough: int
    required: int

    def percent(self, count: int) -> int:
        return round(100 * count / self.staff) if self.staff else 0


@dataclass(frozen=True)
class Light:
    """One person's year: minutes confirmed, minutes asked, and how that looks today."""

    minutes: int
    required: int
    word: str
    tone: str


@dataclass(frozen=True)
class Short:
    """A post whose holder has less than the year asks."""

    post: Post
    light: Light


def required(town: Jurisdiction, year: int) -> int:
    """Minutes a person in that year; 0 where nothing was ever set."""
    row = Requirement.objects.filter(town=town, year__lte=year).order_by("year").last()
    return row.minutes if row else 0


def hours(minutes: int) -> str:
    """2.5, 12: hours to one decimal, as people write them."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _learned(town: Jurisdiction, year: int) -> dict[int, int]:
    """Minutes by person, of what they themselves confirmed."""
    rows = Attendance.objects.filter(
        session__town=town, session__held_on__year=year, session__struck_reason="", present=True
    )
    return dict(rows.values("staff").annotate(sum=Sum("session__minutes")).order_by().values_list("staff", "sum"))


def _serving(town: Jurisdiction) -> dict[int, Post]:
    """Everybody who holds a post now, with the first of theirs."""
    rows = Assignment.objects.current(timezone.now()).filter(post__town=town, staff__is_active=True)
    found: dict[int, Post] = {}
    for row in rows.select_related("post__unit").order_by("post__unit__order", "post_id", "pk"):
        found.setdefault(row.staff_id, row.post)
    return found


def light(minutes: int, asked: int, today: date) -> Light:
    """Green with enough; short of it amber from October, red in December."""
    if minutes >= asked:
        return Light(minutes, asked, "够了" if asked else "没有规定", "done")
    tone = "late" if today.month >= BURN else "today" if today.month >= REMIND else "todo"
    return Light(minutes, asked, f"还差 {hours(asked - minutes)} 小时", tone)


def mine(town: Jurisdiction, staff: int, today: date) -> Light:
    """A person's own year."""
    return light(_learned(town, today.year).get(staff, 0), required(town, today.year), today)


def of_year(town: Jurisdiction, year: int) -> Year:
    """The numbers everybody sees: no person, no post."""
    held = Session.objects.filter(town=town, held_on__year=year, struck_reason="")
    sums = held.aggregate(count=Count("pk"), minutes=Sum("minutes", default=0))
    learned, serving, asked = _learned(town, year), _serving(town), required(town, year)
    return Year(
        year=year,
        sessions=sums["count"],
        minutes=sums["minutes"],
        staff=len(serving),
        came=sum(person in learned for person in serving),
        enough=sum(learned.get(person, 0) >= asked for person in serving),
        required=asked,
    )


def short(town: Jurisdiction, today: date, posts: Iterable[int] | None = None) -> list[Short]:
    """Whose year is not full yet, by post; ``posts`` narrows them."""
    learned, asked = _learned(town, today.year), required(town, today.year)
    wanted = None if posts is None else set(posts)
    return [
        Short(post, light(learned.get(person, 0), asked, today))
        for person, post in _serving(town).items()
        if learned.get(person, 0) < asked and (wanted is None or post.pk in wanted)
    ]
