"""The front page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.cases import clocks
from mingtang.cases.models import Case
from mingtang.cases.states import OPEN
from mingtang.disclosure.models import Document
from mingtang.disclosure.shelf import CAN_BE_READ, shelf
from mingtang.disclosure.stories.claims import NEWS
from mingtang.hall.hours import hours_words
from mingtang.hall.models import Site, Window
from mingtang.hall.opening import Opening
from mingtang.lib.money import format_yuan
from mingtang.oversight import board
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Duty
from mingtang.portal import board_shown, common, interruptions_shown, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook.enums import CaseKind
from mingtang.rulebook.facts import VARIES, charged
from mingtang.rulebook.models import ItemFacts

SHOWN_ITEMS, SHOWN_DOCUMENTS, SHOWN_CASES, SHOWN_GAPS, SHOWN_STORIES = 6, 8, 5, 3, 3


def item_card(row: ItemFacts) -> dict[str, Any]:
    """What an item costs in days, papers and money, for the ``item_card`` component."""
    kind = CaseKind(row.kind)
    return {
        "title": row.name,
        "url": f"/services/{row.item.code}",
        "days": row.days or None,
        "on_the_spot": kind == CaseKind.INSTANT,
        "materials": row.materials,
        "materials_vary": row.materials_vary,
        "fee": _fee(charged(row.charges, timezone.localdate())),
        "kind": kind.label,
        "sub": kind.label,
        "suspended": row.suspended,
    }


def _fee(fen: int | None) -> str:
    """The sum where it is the same for everybody."""
    return "不收费" if fen is None else "按情形收费" if fen == VARIES else format_yuan(fen)


def in_force(request: HttpRequest) -> QuerySet[ItemFacts]:
    """The items that can be applied for now, with what a list shows of them, by code."""
    rows = ItemFacts.objects.visible_to(request.viewer).filter(suspended=False)
    return rows.select_related("item").order_by("item__code")


def _newest(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """The last stories, and the last of everything else."""
    held = shelf(request.town)
    news = held.narrowed({"kind": NEWS}, held.all)
    stories = held.page(CAN_BE_READ, news, SHOWN_STORIES).keys
    documents = held.page(CAN_BE_READ, held.all & ~news, SHOWN_DOCUMENTS).keys
    rows = Document.objects.visible_to(request.viewer).filter(pk__in=[*stories, *documents])
    found = {
        key: {"title": title, "url": f"/info/{number}", "date": day}
        for key, title, number, day in rows.values_list("pk", "current__revision__title", "index_number", "listed_at")
    }
    return {
        "stories": [found[key] for key in stories if key in found],
        "documents": [found[key] for key in documents if key in found],
    }


def common_links(rows: Iterable[ItemFacts]) -> list[tuple[str, str]]:
    """Short everyday names under the question."""
    return [((row.synonyms or [row.name])[0], f"/services/{row.item.code}") for row in rows]


def _hall(request: HttpRequest) -> dict[str, Any] | None:
    windows = Window.objects.visible_to(request.viewer).select_related("substitute")
    rows = []
    for row in windows.filter(site__letter="A").order_by("number"):
        state, tone = "照常", ""
        if not row.is_open:
            state, tone = row.closed_reason + (f"，请到{row.substitute.number}号" if row.substitute else ""), "today"
        rows.append({"name": f"{row.number}号 {row.name}", "state": state, "tone": tone})
    return {"windows": rows} if rows else None


def _gaps(request: HttpRequest) -> dict[str, Any]:
    """What is empty past its day, most asked for first; nothing where no duty is recorded yet."""
    today = timezone.localdate()
    if not Duty.objects.visible_to(request.viewer).exists():
        return {}
    empty = board.listed(request.viewer, today, state=SlotState.EMPTY)
    return {
        "gaps": board_shown.gaps(list(empty[:SHOWN_GAPS]), today),
        "gaps_total": sum(cell.count for cell in board.cells(request.viewer, today)),
        "gaps_url": "/board/",
    }


@stored(keys.HOME, keys.SERVICES, keys.HALL, keys.UTILITIES, keys.DUTIES, keys.DAY)
def home(request: HttpRequest) -> HttpResponse:
    depends_on(keys.LEDGER)
    items = list(in_force(request)[:SHOWN_ITEMS])
    site = Site.objects.visible_to(request.viewer).first()
    now = timezone.now()
    running = (
        Case.objects.visible_to(request.viewer)
        .filter(state__in=OPEN)
        .select_related("version")
        .order_by("-submitted_at", "-pk")[:SHOWN_CASES]
    )
    cases = [
        {
            "title": f"{row.number}　{row.version.name}",
            "url": f"/cases/{row.number}",
            "note": row.state_title,
            "sub": f"从第一次来到今天：{clocks.resident_days(row, now)} 天",
        }
        for row in running
    ]
    return render(
        request,
        "portal/home.html",
        {
            "common": common_links(items[:4]),
            "items": [item_card(item) for item in items],
            "cuts": interruptions_shown.current(request.town, now, interruptions_shown.AHEAD),
            "at": now,
            **_newest(request),
            "cases": cases,
            "hall": _hall(request),
            "hours": "；".join(hours_words(Opening(request.town), site)) if site else "",
            "proof": common.head(request.town),
            **_gaps(request),
        },
    )
