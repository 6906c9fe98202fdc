"""找不到的事: what people looked for and did not find is counted, answered and published (plan rows 45 and 74).

No personal data: words that hold a number of a person, or are long enough to tell a story, are not kept at all, and
nothing is known about who used them. What few people say is forgotten after a month, everything after a year.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import F, Min, Sum

from mingtang import guard
from mingtang.events import types
from mingtang.events.log import SYSTEM, record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, powers_of
from mingtang.rulebook.enums import VersionState, WantedOutcome
from mingtang.rulebook.models import Item, Wanted, WantedDay
from mingtang.rulebook.models.wanted import ENOUGH, LONGEST
from mingtang.search.text import clean, fold
from mingtang.towns.models import Jurisdiction

LINKED = types.define("wanted.linked", "群众的说法对上了事项", public=True)
UNLINKED = types.define("wanted.unlinked", "群众的说法不再指向这个事项", public=True)
DECLINED = types.define("wanted.declined", "答复群众：本镇不办这件事", public=True)
PASSED = types.define("wanted.passed", "群众要找的事转给有关单位", public=True)
DROPPED = types.define("wanted.dropped", "删去不是办事的说法", public=True)
ANSWERERS = frozenset({P.ITEM_EDIT, P.ITEM_DECIDE})
# House rule: more different words in one day are not people looking for something.
MOST_A_DAY = 500
YEAR, MONTH = timedelta(days=365), timedelta(days=30)
_MARKS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
# What may be part of a number, a plate, an address or an account, however it is spelled; the guard knows those that
# are complete.
_LATIN = re.compile(r"[^\W_\u3400-\u9fff]{6,}")
_SPELLED = re.compile(r"[\d〇零一二三四五六七八九十幺两壹贰叁肆伍陆柒捌玖]")
_MOST_DIGITS = 4


def kept(text: str, lists: guard.Lists) -> str:
    """The form in which words are counted: width, case and punctuation do not matter. Empty for what is not kept.

    ``lists`` are the words of the town, which will show them when it has answered.
    """
    words = _MARKS.sub(" ", fold(clean(text))).strip()
    if len(words) > LONGEST or len(_HAN.findall(words)) < 2:
        return ""
    if len(_SPELLED.findall(words)) > _MOST_DIGITS or _LATIN.search(words) or "@" in text:
        return ""
    # In the guard's eyes a number stays one when blanks stand where marks stood.
    return "" if any(finding.blocks for form in (text, words) for finding in guard.check(form, lists=lists)) else words


def add(*, town: Jurisdiction, counted: Mapping[str, int], day: date) -> int:
    """Add what was counted on a day; returns for how many words. Only words in the form of ``kept`` are added."""
    lists = guard.lists_of(town.pk)
    counted = {text: times for text, times in counted.items() if times > 0 and text and text == kept(text, lists)}
    if not counted:
        return 0
    with act():
        rows = {row.text: row for row in Wanted.objects.filter(town=town, text__in=counted)}
        room = MOST_A_DAY - WantedDay.objects.filter(wanted__town=town, day=day).count()
        for text in [text for text in counted if text not in rows][: max(0, room)]:
            rows[text], _ = Wanted.objects.get_or_create(town=town, text=text)
        for text, row in rows.items():
            same, made = WantedDay.objects.get_or_create(wanted=row, day=day, defaults={"count": counted[text]})
            if not made:
                WantedDay.objects.filter(pk=same.pk).update(count=F("count") + counted[text])
    return len(rows)


def link(*, wanted: Wanted, item: Item, by: Staff, seen: int | None = None) -> Wanted:
    """The words mean this item: they find it from now on, and its editor is told to take them into its names."""
    if item.town_id != wanted.town_id:
        raise Refused("这个事项不属于本镇，请另选一个。", field="item")
    current = Item.objects.select_related("current").get(pk=item.pk).current
    if current is None or current.state != VersionState.IN_FORCE:
        raise Refused("这个事项还没有发布施行，群众找不到它。请先发布，或者另选一个。", field="item")
    return _answer(wanted, by, seen, LINKED, WantedOutcome.LINKED, item=item)


def decline(*, wanted: Wanted, note: str, by: Staff, seen: int | None = None) -> Wanted:
    """There is no such service in this town; the note says why and where to go, and is public."""
    note = clear_text(note, "请写明为什么不办、该去哪里办，这句话会公开。", "note", town=by.town_id)
    return _answer(wanted, by, seen, DECLINED, WantedOutcome.DECLINED, note=note)


def pass_on(*, wanted: Wanted, unit: Unit, note: str, by: Staff, seen: int | None = None) -> Wanted:
    """A unit of the town is to see to it; what it is asked to do is public."""
    if unit.town_id != wanted.town_id or unit.dissolved_on is not None:
        raise Refused("这个单位不属于本镇或者已经撤销，请另选一个。", field="unit")
    note = clear_text(note, "请写明请这个单位做什么，这句话会公开。", "note", town=by.town_id)
    return _answer(wanted, by, seen, PASSED, WantedOutcome.PASSED, unit=unit, note=note)


def _locked(wanted: Wanted, by: Staff, seen: int | None) -> Wanted:
    """The row as it stands now; ``seen`` is the answer's event the person saw, none where they saw no answer."""
    row = Wanted.objects.select_for_update(of=("self",)).select_related("town", "item").filter(pk=wanted.pk).first()
    if row is None:
        raise Refused("这一条已经删去了。请刷新后再看。")
    if by.town_id != row.town_id or not powers_of(by).intersection(ANSWERERS):
        raise Refused("您的岗位不编制事项，也不登记集体决定，不能答复。请由有此职责的岗位答复。")
    if row.event_id != seen:
        raise Refused("刚才有人答复过这一条。请看看现在的答复，需要改再改。")
    return row


def _answer(
    wanted: Wanted,
    by: Staff,
    seen: int | None,
    type: str,
    outcome: str,
    *,
    item: Item | None = None,
    unit: Unit | None = None,
    note: str = "",
) -> Wanted:
    with act():
        row = _locked(wanted, by, seen)
        if not kept(row.text, guard.lists_of(row.town_id)):
            raise Refused("这句话里有镇里词表上写错的说法，答复以后会公开。请删去这一条。")
        if row.item is not None and row.item != item:
            record(town=row.town, type=UNLINKED, subject=row.item.subject, by=actor(by), data={"wanted": row.pk})
        event = record(
            town=row.town,
            type=type,
            subject=item.subject if item else _subject(row),
            by=actor(by),
            reason=note,
            data={"wanted": row.pk, "unit": unit.code if unit else ""},
        )
        row.outcome, row.item, row.unit, row.note = outcome, item, unit, note
        row.answered_at, row.answered_by, row.event = event.recorded_at, by, event
        row.save()
    return row


def drop(*, wanted: Wanted, by: Staff, seen: int | None = None) -> None:
    """Take out what is no service at all: a name, an insult, nonsense. The words are destroyed, the act is not."""
    with act():
        row = _locked(wanted, by, seen)
        if row.item is not None:
            record(town=row.town, type=UNLINKED, subject=row.item.subject, by=actor(by), data={"wanted": row.pk})
        record(town=row.town, type=DROPPED, subject=_subject(row), by=actor(by))
        row.delete()


def _subject(row: Wanted) -> str:
    return f"wanted:{row.pk}"


def forget(today: date) -> int:
    """Drop counts older than a year, words nobody used since, and after a month what fewer than ``ENOUGH`` used and
    nobody answered. Returns how many words went. For the scheduled sweep.
    """
    WantedDay.objects.filter(day__lt=today - YEAR).delete()
    rare = Wanted.objects.counted().filter(outcome="", times__lt=ENOUGH, last_on__lt=today - MONTH)
    gone = {row.pk: row for rows in (Wanted.objects.filter(days__isnull=True), rare) for row in rows}
    for row in gone.values():
        with act():
            if row.item_id:
                # What the index knows the item by is made of these rows.
                subject = Item.objects.get(pk=row.item_id).subject
                record(town=row.town, type=UNLINKED, subject=subject, by=SYSTEM, data={"wanted": row.pk})
            row.delete()
    return len(gone)


def names_of(town_id: int) -> dict[int, list[str]]:
    """The words linked to each item, by its key: what the index finds it by beside its own names."""
    found: dict[int, list[str]] = {}
    rows = Wanted.objects.filter(town_id=town_id, outcome=WantedOutcome.LINKED).order_by("pk")
    for item_id, text in rows.values_list("item_id", "text"):
        found.setdefault(item_id, []).append(text)
    return found


def unanswered(town: Jurisdiction) -> tuple[int, date | None]:
    """How many words enough people used and nobody answered, and since when the oldest waits."""
    found = Wanted.objects.filter(town=town, outcome="").annotate(times=Sum("days__count"), first_on=Min("days__day"))
    days = list(found.filter(times__gte=ENOUGH).values_list("first_on", flat=True))
    return len(days), min(days, default=None)
