"""公开月报: a month told from its figures, with what was late and what did not work before anything else is praised.

规划 107: experience, results and what people ask for. A draft for a person to read and mend; nothing is typed.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models import Document
from mingtang.disclosure.stories.claims import Typed
from mingtang.lib.text import chinese_date
from mingtang.oversight import board, month
from mingtang.oversight.changes import difference
from mingtang.oversight.enums import SlotState, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.rulebook.enums import Burden, VersionState
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import add_calendar

# Of the empty duties, and of the items that ask less, so many are named.
NAMED = 5
KIND = "digest"
# What a town begins with that makes a duty of it (`actions.Terms`): each month leaves a slot, which its digest fills.
TERMS = {"name": "每月公布公开月报", "trigger": Trigger.MONTH, "days": 10, "kind": KIND}


def title_of(first: date) -> str:
    return f"{first.year}年{first.month}月公开月报"


def of_month(town: Jurisdiction, code: str) -> Document | None:
    """The digest of a month, drafted or published."""
    rows = Document.objects.filter(town=town, kind=KIND, editions__revision__facts__fields__month=code)
    return rows.order_by("pk").first()


def duties(town: Jurisdiction) -> QuerySet[Duty]:
    """The duties in force that a digest fills month by month."""
    return Duty.objects.filter(town=town, kind=KIND, trigger=Trigger.MONTH, closed_on__isnull=True)


def owed(town: Jurisdiction, code: str) -> Slot | None:
    """The slot of a month that waits for its digest, the first due."""
    rows = Slot.objects.filter(duty__in=duties(town), period=code).waiting()
    return rows.select_related("duty__owner__unit").order_by("due_on", "pk").first()


def compose(town: Jurisdiction, first: date) -> list[Typed]:
    """The paragraphs of the digest of the month that begins on ``first``."""
    figures, last = month.of(town, first), add_calendar(first, 1, "months")
    page = f"/news/{figures.code}"
    said = [
        _note(
            f"{figures.label}镇里公开了什么，哪些晚了，哪些没有办成，大家提得最多的是什么，都写在下面。数字截至{chinese_date(timezone.localdate())}。"
        )
    ]
    said += [
        Typed(Mark.CLAIM, f"{heading}：{_counts(rows)}。", address=page) for heading, rows in figures.lines.items()
    ]
    said += _lighter(town, first, last)
    said += _empty(town, first, last)
    if figures.demands:
        said.append(_note("大家提得最多的事，从多到少："))
        said += [Typed(Mark.CLAIM, _demand(one), address=page) for one in figures.demands]
    else:
        said.append(_note("这个月没有达到公布人数的要求和诉求。"))
    return said


def _note(text: str) -> Typed:
    return Typed(Mark.NOTE, text)


def _counts(rows: tuple[tuple[str, int], ...]) -> str:
    """新公开的文件 3 份，更正的 1 份; 没有 where nothing was."""
    parts = ((label.rpartition("（"), count) for label, count in rows if count)
    return "，".join(f"{word} {count} {unit.rstrip('）')}" for (word, _, unit), count in parts) or "没有"


def _demand(one: month.Demand) -> str:
    answer = f"。镇里答复：{one.answer.rstrip('。')}" if one.answer else ""
    return f"{one.words}，{one.count} {one.unit}{answer}。"


def _lighter(town: Jurisdiction, first: date, until: date) -> Iterator[Typed]:
    """Items that ask less since this month, in numbers."""
    rows = Item.objects.filter(town=town, current__state=VersionState.IN_FORCE, current__burden=Burden.DOWN)
    rows = rows.filter(current__in_force_at__date__gte=first, current__in_force_at__date__lt=until)
    for row in rows.select_related("current").defer("current__bpmn").order_by("current__in_force_at", "pk")[:NAMED]:
        row.current.item = row
        yield Typed(Mark.CLAIM, difference(row.current), address=f"/services/{row.code}")


def _empty(town: Jurisdiction, first: date, until: date) -> Iterator[Typed]:
    """Duties that fell due this month and are empty still, with the post that answers."""
    today = timezone.localdate()
    rows = Slot.objects.filter(town=town, due_on__gte=first, due_on__lt=until).standing(today)
    for row in board.with_names(rows.filter(state=SlotState.EMPTY)).order_by("due_on", "pk")[:NAMED]:
        post, late = row.duty.holder, board.days_late(row, today)
        said = (
            f"“{board.titled(row)}”{chinese_date(row.due_on)}到期，到现在还空着，过了 {late} 天。"
            f"由{post.unit.name}{post.name}负责。"
        )
        yield Typed(Mark.CLAIM, said, address=f"/board/{row.duty.code}#slot-{row.pk}")
