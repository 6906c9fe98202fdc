"""Index numbers 索引号: unique per town, issued when a document enters the catalogue, never reused; gaps explained."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag
from django.utils import timezone

from mingtang.disclosure.enums import EditionState, GapReason, Provenance, Scope
from mingtang.disclosure.index_styles import Style, read, styles, write
from mingtang.disclosure.models import Document, Edition
from mingtang.events import types
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

STYLED = types.define("numbers.styled", "改索引号格式", public=True)
# The parts of a style that need the town's credit code.
_OF_CODE = frozenset({"org", "code9", "uscc"})
# Of a document the next lower serial; the editions that are tombstones; the documents nobody may read.
_BELOW = Window(Lag("serial"), order_by="serial")
_WITHDRAWN = Edition.objects.filter(withdrawn_at__isnull=False, state=EditionState.WITHDRAWN)
_UNSEEN = Q(current__isnull=True) | Q(current__in=_WITHDRAWN.values("pk"))
NO_CODE = "本镇还没有登记统一社会信用代码，编不出索引号。请先在组织信息里登记。"


def hold(town: Jurisdiction) -> Jurisdiction:
    """Let nobody else enter documents of the town until the caller's transaction ends; the town as it is now."""
    # Without its key: an event names the town, and whoever records one need not wait.
    return Jurisdiction.objects.select_for_update(no_key=True).get(pk=town.pk)


def in_use(town: Jurisdiction, numbers: Collection[str]) -> set[str]:
    """Those of some numbers that a document of the town bears."""
    return set(Document.objects.filter(town=town, index_number__in=numbers).values_list("index_number", flat=True))


def issue(town: Jurisdiction, day: date) -> str:
    """The next number by the town's template, in the caller's transaction. The serial is site-wide, without reset."""
    return issue_all(town, day, 1)[0]


def issue_all(town: Jurisdiction, day: date, count: int, besides: Collection[str] = ()) -> list[str]:
    """The next so many numbers.

    Imported numbers only block reuse: a serial that an imported document already bears is stepped over, and so are
    those of ``besides``.
    """
    if not count:
        return []
    town = hold(town)
    style = style_of(town)
    if not town.uscc and _OF_CODE.intersection(style.parts):
        raise Refused(NO_CODE)
    serial, issued = town.index_next, list[str]()
    while wanting := count - len(issued):
        after = serial + wanting
        following = [write(style, uscc=town.uscc, unit=town.code, day=day, serial=one) for one in range(serial, after)]
        serial, taken = after, in_use(town, following).union(besides)
        issued += [number for number in following if number not in taken]
    Jurisdiction.objects.filter(pk=town.pk).update(index_next=serial)
    return issued


def style_of(town: Jurisdiction) -> Style:
    """The style the town gives its numbers in; one of its own making stays as it was set up."""
    template = town.index_template
    known = (style for style in styles().values() if style.template == template)
    return next(known, Style("", "本镇原来的格式", template, ""))


def sample(town: Jurisdiction, style: Style) -> str:
    """What the next number would be in a style."""
    return write(style, uscc=town.uscc, unit=town.code, day=timezone.localdate(), serial=town.index_next)


def choose(*, town: Jurisdiction, style: str, by: Staff) -> Jurisdiction:
    """Give the numbers from now on in another style. Those given stay as they are; the serial runs on."""
    check_may(by, Permission.CATALOGUE_KEEP, town)
    if style not in styles():
        raise Refused("请选择一种索引号格式。", field="style")
    wanted = styles()[style]
    with act():
        town = Jurisdiction.objects.select_for_update().get(pk=town.pk)
        if not town.uscc and _OF_CODE.intersection(wanted.parts):
            raise Refused(NO_CODE, field="style")
        before = town.index_template
        if before == wanted.template:
            return town
        town.index_template = wanted.template
        town.save(update_fields=["index_template"])
        data = {"before": before, "template": wanted.template, "serial": town.index_next}
        record(town=town, type=STYLED, subject=f"town:{town.code}", by=actor(by), data=data)
    return town


def remarks(town: Jurisdiction, number: str) -> tuple[str, ...]:
    """What is wrong with a number brought from elsewhere, in Chinese sentences. It is kept as it was stated all the
    same: another organ gave it, and papers name it."""
    reading = read(number, today=timezone.localdate(), own=town.uscc)
    if reading is None:
        return (f"索引号“{number}”不是认得的格式，照原样收下，请核对。",)
    return tuple(f"索引号“{number}”{flaw}照原样收下。" for flaw in reading.flaws)


@dataclass(frozen=True)
class Gap:
    """Numbers that lead to no text, of the serials ``first`` to ``last``, all for one reason. ``number`` is that of
    ``first``, ``until`` that of ``last``; empty where the serial was given to nothing."""

    first: int
    last: int
    reason: GapReason
    number: str = ""
    until: str = ""

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Numbering:
    """The serials the town gave: from ``first`` to ``last``, and how many of them lead to no public text."""

    first: int
    last: int
    missing: int

    @property
    def given(self) -> int:
        return self.last - self.first + 1 if self.last else 0


def serial_of(town: Jurisdiction, number: str) -> int | None:
    """The serial of a number of the town's own, whatever the style it was given in; none for others'."""
    reading = read(number, today=timezone.localdate())
    if reading is None:
        return None
    parts = reading.parts
    issuer = {town.uscc, town.uscc[8:18], town.uscc[8:17]} if "unit" not in parts else {town.code[:6]}
    named = parts.get("org") or parts.get("code9") or parts.get("uscc") or parts.get("unit")
    return reading.serial or None if named in issuer else None


def numbering(town: Jurisdiction) -> Numbering:
    """Which serials the town gave, and how many of them lead to nothing. Numbers that earlier sites gave, or others,
    are not the town's to explain."""
    rows = _of_town(town)
    own = rows.filter(provenance=Provenance.OWN).aggregate(first=Min("serial"), last=Max("serial"))
    if own["first"] is None:
        return Numbering(0, 0, 0)
    # Down to where the row of numbers begins: what was taken in before the first of ours may continue it.
    begins = Q(below__isnull=True) | Q(below__lt=F("serial") - 1)
    first = rows.filter(serial__lte=own["first"]).annotate(below=_BELOW).filter(begins).aggregate(Max("serial"))
    every = Numbering(first["serial__max"], max(own["last"], town.index_next - 1), 0)
    public = rows.filter(serial__range=(every.first, every.last)).exclude(_UNSEEN)
    return replace(every, missing=every.given - public.aggregate(count=Count("serial", distinct=True))["count"])


def gaps(town: Jurisdiction, every: Numbering, below: int | None = None, *, singly: bool = False) -> Iterator[Gap]:
    """The gaps in what is public, newest first, those beneath a serial; read as they are asked for.

    Neighbours of one reason in one row unless ``singly``; tombstones stand singly in any case, each has a page.
    """
    if not every.given:
        return
    above: Gap | None = None
    end = every.last if below is None else min(every.last, below - 1)
    for gap in merge(_hidden(town, every.first, end), _unused(town, every.first, end), key=lambda gap: -gap.last):
        for one in _singly(gap) if singly else [gap]:
            near = above is not None and above.first == one.last + 1 and above.reason == one.reason
            if above and near and not singly and one.reason != GapReason.WITHDRAWN:
                above = Gap(one.first, above.last, one.reason, one.number, above.until)
            else:
                if above:
                    yield above
                above = one
    if above:
        yield above


def _of_town(town: Jurisdiction) -> QuerySet[Document]:
    """The documents under numbers of the town's own."""
    return Document.objects.filter(town=town, serial__isnull=False)


def _hidden(town: Jurisdiction, first: int, last: int) -> Iterator[Gap]:
    """The serials that documents bear which nobody may see, each by itself, newest first."""
    rows = _of_town(town).filter(serial__range=(first, last))
    # Two styles may give one serial: who finds a text under it misses nothing.
    seen = _of_town(town).filter(serial=OuterRef("serial")).exclude(_UNSEEN)
    latest = Subquery(Edition.objects.filter(document=OuterRef("pk")).order_by("-number").values("state")[:1])
    found = rows.filter(_UNSEEN).exclude(Exists(seen)).annotate(latest=latest).order_by("-serial", "-pk")
    before = None
    for serial, number, scope, state, current in found.values_list(
        "serial", "index_number", "scope", "latest", "current"
    ).iterator():
        if serial != before:
            yield Gap(serial, serial, _reason(scope, state, current is not None), number, number)
        before = serial


def _unused(town: Jurisdiction, first: int, last: int) -> Iterator[Gap]:
    """The serials that no document bears, newest first."""
    rows = _of_town(town).filter(serial__range=(first, last))
    highest = rows.aggregate(highest=Max("serial"))["highest"]
    if (highest or first - 1) < last:
        yield Gap((highest or first - 1) + 1, last, GapReason.UNUSED)
    jumps = rows.annotate(below=_BELOW).filter(below__lt=F("serial") - 1).order_by("-serial")
    for serial, under in jumps.values_list("serial", "below").iterator():
        yield Gap(under + 1, serial - 1, GapReason.UNUSED)


def _singly(gap: Gap) -> Iterator[Gap]:
    if gap.count == 1:
        yield gap
    else:
        yield from (replace(gap, first=serial, last=serial) for serial in range(gap.last, gap.first - 1, -1))


def _reason(scope: str, state: str, was_public: bool) -> GapReason:
    if was_public:
        return GapReason.WITHDRAWN
    for value in (state, scope):
        if value in {Scope.ON_REQUEST, Scope.NOT_PUBLIC}:
            return GapReason(value)
    return GapReason.DRAFTED
