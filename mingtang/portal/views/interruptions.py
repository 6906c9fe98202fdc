"""停电停水 as a list, one notice, a feed."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.people.models import Village
from mingtang.portal import common, feeds_shown, interruptions_shown, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.utilities import COLUMN
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.models import Interruption

NAMED = COLUMN | {"name": "停供通知", "description": "停电、停水、断网、停诊：哪里、什么时候、为什么"}
PAST, NEWEST = 50, 50


def _rows(request: HttpRequest, village: Village | None) -> QuerySet[Interruption]:
    """What was told in public, everywhere or in one village."""
    rows = Interruption.objects.visible_to(request.viewer).filter(announced_at__isnull=False).select_related("unit")
    return rows.filter(villages=village) if village else rows


def _village(request: HttpRequest, pk: int | None) -> Village | None:
    return get_object_or_404(Village.objects.visible_to(request.viewer), pk=pk) if pk is not None else None


@stored(keys.UTILITIES, keys.SITE, keys.DAY)
def index(request: HttpRequest, village: int | None = None) -> HttpResponse:
    """What is cut now and will be, in the town or in one village; the last ones that ended, with how late."""
    now, here = timezone.now(), _village(request, village)
    ended = _rows(request, here).filter(state__in=(InterruptionState.RESTORED, InterruptionState.WITHDRAWN))
    villages = Village.objects.visible_to(request.viewer).filter(closed_on__isnull=True)
    context = {
        "column": NAMED,
        "trail": [("公用单位", "/utilities/"), ("停供通知", "/utilities/interruptions/" if here else None)]
        + ([(here.name, None)] if here else []),
        "here": here,
        "villages": villages,
        "rows": interruptions_shown.current(request.town, now, village=here),
        "ended": interruptions_shown.listed(ended.order_by("-starts_at", "-pk")[:PAST], now),
        "at": now,
    }
    return render(request, "portal/utilities/interruptions.html", context)


@stored(keys.UTILITIES, keys.SITE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with everything that was changed about it."""
    rows = Interruption.objects.visible_to(request.viewer).filter(announced_at__isnull=False)
    row = get_object_or_404(rows.select_related("unit", "town"), pk=pk)
    depends_on(row.subject, keys.LEDGER)
    context = {
        "column": NAMED,
        "trail": [("公用单位", "/utilities/"), ("停供通知", "/utilities/interruptions/"), (row.unit.name, None)],
        "row": interruptions_shown.shown(row, timezone.now()),
        "history": interruptions_shown.history(row),
        "qr": common.qr(f"{request.town.base_url}/utilities/interruptions/{row.pk}", "扫一扫，看有没有变动"),
    }
    return render(request, "portal/utilities/interruption.html", context)


@stored(keys.UTILITIES)
def feed(request: HttpRequest, village: int | None = None) -> HttpResponse:
    """The newest notices, of the town or of one village, for programs that follow them."""
    town, now, here = request.town, timezone.now(), _village(request, village)
    newest = list(_rows(request, here).order_by("-announced_at", "-pk")[:NEWEST])
    changed = {row.pk: row.restored_at or row.announced_at for row in newest}
    page = f"/utilities/interruptions/village/{here.pk}" if here else "/utilities/interruptions/"
    title = f"{here}的停供通知" if here else "停供通知"
    feed = feeds_shown.opened(town, request.path, page, title, max(changed.values(), default=None))
    for row in newest:
        one = interruptions_shown.shown(row, now)
        entry = feeds_shown.add(feed, "entry")
        feeds_shown.add(entry, "id", f"{town.base_url}{one['url']}")
        feeds_shown.add(entry, "title", f"{one['unit']} {one['title']}（{one['word']}）")
        feeds_shown.add(entry, "link", href=f"{town.base_url}{one['url']}")
        feeds_shown.add(entry, "updated", changed[row.pk].isoformat())
        feeds_shown.add(entry, "summary", f"{one['when']}，{one['reason']}。{one['advice']}")
    return HttpResponse(feeds_shown.written(feed), content_type="application/atom+xml")
