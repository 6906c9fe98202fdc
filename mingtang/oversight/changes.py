"""What changed in a town, as news could tell it: from the event log, each with a plain sentence and where it stands.

Only what the public can read stands here, whoever looks: no row of a list, no words of a resident, no draft.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from mingtang.disclosure.derived import reading
from mingtang.disclosure.enums import EditionState, ListState, Mark
from mingtang.disclosure.models import Claim, DerivedList, Document, Edition, SetAside
from mingtang.disclosure.stories.claims import NEWS, Typed, told_kinds
from mingtang.disclosure.stories.kinds_of_source import asked, before
from mingtang.disclosure.stories.source import find
from mingtang.events.models import Event
from mingtang.lib.money import format_yuan
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.oversight import board, month
from mingtang.oversight.models import Slot
from mingtang.people.models import Post
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version, Wanted
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.utilities.models import Interruption

PAGE = 40
# Events looked through for a page.
LOOKED_AT = 400
# How far back the desk looks where no story was published yet.
BACK = timedelta(days=31)
GROUPS = {
    "items": "办事有了变化",
    "documents": "公开、更正、失效的文件",
    "lists": "公示表",
    "duties": "办成的任务",
    "cuts": "恢复供应",
    "obstacles": "办不成的事有了结果",
    "asked": "您问的，我们答",
}


@dataclass(frozen=True)
class Change:
    """One change: ``event`` names it when it is set aside, ``address`` where it can be read, ``sentence`` tells it with
    its figures. ``used``: a story was taken from it."""

    event: int
    at: datetime
    group: str
    title: str
    address: str
    sentence: str
    used: bool = False

    @property
    def typed(self) -> Typed:
        """As the first words of a paragraph."""
        return Typed(Mark.CLAIM, self.sentence, address=self.address)


@dataclass(frozen=True)
class Page:
    """``older``: the event behind which the next page begins, where there may be more."""

    changes: list[Change]
    older: int | None


def last_story(viewer: Viewer) -> Edition | None:
    """The story that was published last."""
    rows = Edition.objects.visible_to(viewer).filter(state=EditionState.PUBLISHED, document__kind__in=told_kinds())
    return rows.select_related("revision", "document").order_by("-published_event").first()


def page(viewer: Viewer, *, since: datetime, before: int | None = None) -> Page:
    """One page of what changed since a moment, newest first, without what was set aside."""
    rows = _events(viewer).filter(pk__gt=_last_at(viewer.town, since), recorded_at__gt=since)
    rows = rows.exclude(pk__in=_aside(viewer.town)).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    events = list(rows[: LOOKED_AT + 1])
    more = len(events) > LOOKED_AT
    found = sorted(_told(viewer.town, events[:LOOKED_AT]), key=lambda one: -one.event)
    if len(found) > PAGE:
        found, more = found[:PAGE], True
        older = found[-1].event
    else:
        older = events[LOOKED_AT - 1].pk if more else 0
    return Page(_marked(viewer.town, found), older if more else None)


def chosen(viewer: Viewer, events: Iterable[int]) -> list[Change]:
    """The changes of these events, oldest first; what is none of the viewer's or no change is left out."""
    rows = _events(viewer).filter(pk__in=list(events)[:PAGE])
    return sorted(_told(viewer.town, list(rows)), key=lambda one: one.event)


def _last_at(town: Jurisdiction, moment: datetime) -> int:
    """The last event of a town at or before a moment: looked for backwards, so that what was before costs nothing."""
    older = Event.objects.filter(town=town, recorded_at__lte=moment).order_by("-pk").values_list("pk", flat=True)
    return older.first() or 0


def _aside(town: Jurisdiction) -> QuerySet[Any]:
    return SetAside.objects.filter(town=town).values("about")


def _events(viewer: Viewer) -> QuerySet[Event]:
    """The events that may be changes; of the staff of a utility, those of its own documents and notices."""
    rows = Event.objects.visible_to(viewer).filter(type__in=_TELL)
    if viewer.tenant:
        mine = [f"document:{number}" for number in _mine(Document, viewer, "index_number")]
        mine += [f"interruption:{key}" for key in _mine(Interruption, viewer, "pk")]
        rows = rows.filter(subject__in=mine)
    return rows


def _mine(model: Any, viewer: Viewer, name: str) -> Iterable[Any]:
    return model.objects.visible_to(viewer).values_list(name, flat=True)


def _told(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    by_way: dict[Callable[..., Iterator[Change]], list[Event]] = {}
    for event in events:
        by_way.setdefault(_TELL[event.type], []).append(event)
    for way, its in by_way.items():
        yield from way(town, its)


def _marked(town: Jurisdiction, found: list[Change]) -> list[Change]:
    """With those of which the text of a story tells already."""
    standing = Edition.objects.filter(document__town=town, document__kind__in=told_kinds()).values("revision")
    rows = Claim.objects.filter(revision__in=standing, address__in=[one.address for one in found])
    taken = set(rows.values_list("address", "sha256"))
    now = find(town, [address for address, _ in taken])
    used = {address for address, sha256 in taken if address in now and now[address].sha256 == sha256}
    return [Change(**{**vars(one), "used": one.address in used}) for one in found]


# Each kind of event in words ------------------------------------------------------------------------------------------


def _day(event: Event) -> str:
    return chinese_date(timezone.localdate(event.recorded_at))


def _documents(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """What still stands as the event left it; stories are no news."""
    numbers = {event.subject.partition(":")[2] for event in events}
    rows = Document.objects.filter(town=town, index_number__in=numbers).published().exclude(kind__in=NEWS)
    rows = rows.select_related("current__revision").defer("current__revision__body_html", "current__revision__facts")
    documents = {row.subject: row for row in rows.defer("current__revision__body_text")}
    for event in events:
        row = documents.get(event.subject)
        if row is None or row.current.number != event.data["edition"]:
            continue
        title, edition = row.current.revision.title, row.current
        if event.type == "document.published":
            if edition.number > 1:
                said = f"更正了“{title}”，现在是第 {edition.number} 版。{edition.note}"
            else:
                said = f"公开了“{title}”。"
            said = row.issuer + said
        else:
            said = f"“{title}”从{_day(event)}起{'失效' if event.type == 'document.expired' else '废止'}，不能再照着办。"
        yield Change(event.pk, event.recorded_at, "documents", title, f"/info/{row.index_number}", said)


def _items(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """Versions in force but for those of the first catalogue: they changed nothing."""
    codes = {event.subject.partition(":")[2] for event in events}
    rows = Item.objects.filter(town=town, code__in=codes, current__state=VersionState.IN_FORCE, current__initial=False)
    items = {row.subject: row for row in rows.select_related("current").defer("current__bpmn")}
    for event in events:
        row = items.get(event.subject)
        if row is not None and row.current.number == event.data["version"]:
            version = row.current
            version.item = row
            said = difference(version)
            yield Change(event.pk, event.recorded_at, "items", version.name, f"/services/{row.code}", said)


# What is asked: (word, unit, whether money)
_ASKED = {
    "materials": ("要交的材料", " 份"),
    "days": ("承诺办结", " 个工作日"),
    "visits": ("要跑的次数", " 次"),
    "fees": ("收费", ""),
}


def difference(version: Version) -> str:
    """What a version asks, in numbers, against the one before."""
    now, old = asked(version), before(version)

    def figure(name: str, value: int) -> str:
        return format_yuan(value) if name == "fees" else f"{value}{_ASKED[name][1]}"

    if old is None:
        said = [f"{word} {figure(name, now[name])}" for name, (word, _) in _ASKED.items() if now.get(name)]
        return f"新增可以办的事“{version.name}”：{'，'.join(said) or '当场办，不要材料'}。"
    was = asked(old)
    said = [
        f"{word}从 {figure(name, was[name])}{'减' if now[name] < was[name] else '增'}到 {figure(name, now[name])}，"
        f"{'少' if now[name] < was[name] else '多'} {figure(name, abs(now[name] - was[name]))}"
        for name, (word, _) in _ASKED.items()
        if name in now and name in was and now[name] != was[name]
    ]
    if "fees" not in now or "fees" not in was:
        said += [one.rstrip("。") for one in version.changes.filter(field="fees").values_list("sentence", flat=True)]
    if said:
        return f"“{version.name}”变了：{'；'.join(said)}。"
    sentences = list(version.changes.values_list("sentence", flat=True)[:2])
    return f"“{version.name}”出了第 {version.number} 版。{''.join(sentences)}"


def _lists(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """Lists that are shown now, by their counts."""
    numbers = {event.subject.partition(":")[2] for event in events}
    rows = DerivedList.objects.filter(town=town, number__in=numbers, state=ListState.SHOWN)
    found = {row.subject: row for row in rows}
    for event in events:
        if row := found.get(event.subject):
            title = reading.title(row)
            total = f"，合计 {format_yuan(row.total)}" if row.total is not None else ""
            left = f"，依法不列出的 {row.left_out:,} 行" if row.left_out else ""
            said = f"公示了“{title}”，一共 {row.count:,} 行{total}{left}。"
            yield Change(event.pk, event.recorded_at, "lists", title, f"/lists/{row.number}", said)


def _duties(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """Slots that were filled, in time or late."""
    today = timezone.localdate()
    rows = Slot.objects.filter(town=town, duty__code__in={event.subject.partition(":")[2] for event in events})
    rows = rows.filter(period__in={event.data["period"] for event in events}, proved_on__isnull=False)
    slots = {(row.duty.subject, row.period): row for row in board.with_names(rows.standing(today))}
    for event in events:
        if row := slots.get((event.subject, event.data["period"])):
            late, name = board.days_late(row, today), board.titled(row)
            if row.about_id and not late:
                continue  # that a document came in time is told with the document
            when = f"，比期限晚了 {late} 天" if late else "，没有过期限"
            post: Post = row.duty.holder
            said = f"“{name}”{chinese_date(row.proved_on)}办成了{when}。由{post.unit.name}{post.name}负责。"
            yield Change(event.pk, event.recorded_at, "duties", name, f"/board/{row.duty.code}#slot-{row.pk}", said)


def _cuts(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """What is back."""
    keys = {event.subject.partition(":")[2] for event in events}
    rows = Interruption.objects.filter(town=town, pk__in=keys, restored_at__isnull=False).select_related("unit")
    found = {row.subject: row for row in rows}
    for event in events:
        if row := found.get(event.subject):
            said = (
                f"{row.unit.name}{row.get_cut_display()}，{month_day_time(row.restored_at)} 恢复：{row.places}。"
                f"原来说到 {month_day_time(row.ends_at)}。"
            )
            address = f"/utilities/interruptions/{row.pk}"
            yield Change(event.pk, event.recorded_at, "cuts", f"{row.unit.name}{row.get_cut_display()}", address, said)


def _obstacles(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """By month and as counts: of a single one the public knows nothing."""
    months: dict[Any, Event] = {}
    for event in sorted(events, key=lambda one: -one.pk):
        months.setdefault(timezone.localdate(event.recorded_at).replace(day=1), event)
    for first, event in months.items():
        ends = month.ended(town, month.span_of(first))
        said = "，".join(f"{label}的 {count} 件" for label, count in ends if count)
        if said:
            name = month.label(first)
            said = f"{name}，群众反映的办不成的事有了结果：{said}。"
            address = f"/news/{first:%Y-%m}"
            yield Change(event.pk, event.recorded_at, "obstacles", f"{name}办不成的事", address, said)


def _asked(town: Jurisdiction, events: list[Event]) -> Iterator[Change]:
    """Answers to what enough people looked for; an earlier answer to the same words is none any more."""
    keys = {event.data["wanted"] for event in events}
    rows = Wanted.objects.visible_to(Viewer(town=town)).filter(pk__in=keys).select_related("unit", "item__current")
    found = {row.event_id: row for row in rows.defer("item__current__data", "item__current__bpmn")}
    for event in events:
        if row := found.get(event.pk):
            said = f"有 {row.times} 人次找“{row.text}”，没有找到。镇里答复：{month.answer_of(row).rstrip('。')}。"
            yield Change(event.pk, event.recorded_at, "asked", row.text, f"/asked#asked-{row.pk}", said)


_TELL: dict[str, Callable[[Jurisdiction, list[Event]], Iterator[Change]]] = {
    "document.published": _documents,
    "document.expired": _documents,
    "document.repealed": _documents,
    "item.in_force": _items,
    "list.shown": _lists,
    "slot.proved": _duties,
    "interruption.restore": _cuts,
    **dict.fromkeys(("obstacle.solve", "obstacle.change", "obstacle.explain", "obstacle.pass_on"), _obstacles),
    **dict.fromkeys(("wanted.linked", "wanted.declined", "wanted.passed"), _asked),
}
