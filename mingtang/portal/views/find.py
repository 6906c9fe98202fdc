"""说您要办的事: a sentence in, at most a few items out, with what to bring and which window now."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.hall.hours import hours_words
from mingtang.hall.models import Site
from mingtang.hall.opening import Opening
from mingtang.hall.wayfinding import Ways
from mingtang.lib.errors import Refused
from mingtang.lib.text import WEEKDAYS
from mingtang.portal import common, keys, wanted_counted
from mingtang.portal.hall_shown import duty_words
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.home import common_links, in_force
from mingtang.portal.views.services import item_in_force
from mingtang.rulebook import in_person
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.guide_words import days_text, fee_text, grace
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Spec
from mingtang.search.service import SearchUnavailable, search
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

log = logging.getLogger(__name__)
MOST = 3
# What answers less than this part of what the first answers is another matter.
NEAR = 0.4
KIOSK_SECONDS = 120


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The question, or the answer to it. ``kiosk`` is carried along and brings the next person a clean page."""
    q = " ".join(request.GET.get("q", "").split())[:200]
    kiosk = "1" if request.GET.get("kiosk") else ""
    context: dict[str, Any] = {
        "q": q,
        "kiosk": kiosk,
        "trail": [("我要办事", "/find" if q else None), *([("找到的事项", None)] if q else [])],
        "common": common_links(list(in_force(request)[:6])),
    }
    if kiosk and (here := Site.objects.visible_to(request.viewer).first()):
        context["numbers_url"] = f"/hall/{here.code}/kiosk"
    if q:
        try:
            items, suggestion = _items(request, q)
        except SearchUnavailable as refusal:
            return render(request, "503.html", {"reason": refusal.message}, status=503)
        context["items"] = _shown(request.town, items)
        context["suggestion"] = "" if items else suggestion
        # Who only mistyped has not asked for something that is missing.
        context["counted"] = not items and not suggestion and wanted_counted.note(request, q)
    return _for_the_next(render(request, "portal/find/index.html", context), kiosk if q else "")


def _items(request: HttpRequest, q: str) -> tuple[list[Item], str | None]:
    """The items that answer best, in force now (the index may lag behind the tables by a moment), and another spelling
    that may have been meant."""
    answer = search(request.town.pk, q, kind="item", size=MOST)
    hits = answer.hits
    codes = [hit.key.partition(":")[2] for hit in hits if hit.score >= NEAR * hits[0].score]
    rows = Item.objects.visible_to(request.viewer).filter(current__state=VersionState.IN_FORCE, code__in=codes)
    found = {item.code: item for item in rows.select_related("current", "unit")}
    return [found[code] for code in codes if code in found], answer.suggestion


def found(request: HttpRequest, q: str) -> list[Item]:
    """The items that answer a sentence best, for the screen that gives numbers."""
    return _items(request, q)[0]


def _shown(town: Jurisdiction, items: list[Item]) -> list[dict[str, Any]]:
    ways, today = Ways(town), _today(town)
    return [item_shown(item, ways, today) for item in items]


def item_shown(item: Item, ways: Ways, today: dict[str, Any]) -> dict[str, Any]:
    """One item as a person carries it along: what, with what, how long, for how much, where."""
    spec = item.current.spec
    return {
        "title": spec.name,
        "code": item.code,
        "url": f"/services/{item.code}",
        "slip_url": f"/find/{item.code}",
        "apply_url": f"/services/{item.code}/apply" if spec.online else "",
        "situation_url": f"/services/{item.code}/situation" if spec.situations else "",
        "line": spec.summary,
        "bring": [_material(material) for material in spec.materials if not material.fetched_by_us],
        "fetched": len([material for material in spec.materials if material.fetched_by_us]),
        "days": days_text(spec),
        "fee": fee_text(spec, timezone.localdate()),
        "visits": _visits(spec),
        "in_person": in_person.told(spec),
        "window": _window(ways, spec.window_post, today),
        "place": spec.place,
        "hours": spec.hours,
        "phone": spec.phone,
    }


def _material(material: Any) -> dict[str, str]:
    return {
        "name": material.name,
        "form": f"{material.form}，{material.copies} 份" if material.copies else material.form,
        "when": material.when_label,
        "later": grace(material),
    }


def _visits(spec: Spec) -> str:
    if spec.visits == 0:
        return "一趟也不用跑"
    return f"跑 {spec.visits} 趟"


def _today(town: Jurisdiction) -> dict[str, Any]:
    """Whether the hall rests today, by the calendar of the town, and until when. A year without calendar: not known."""
    day, calendar = timezone.localdate(), calendar_for(town)
    try:
        if calendar.is_workday(day):
            return {"rests": ""}
        again = calendar.workday_on_or_after(day)
    except Refused:
        return {"rests": ""}
    back = f"{again.month}月{again.day}日（{WEEKDAYS[again.weekday()]}）"
    return {"rests": f"今天是{calendar.reason(day)}，不上班；{back}再来。"}


def _window(ways: Ways, post: str, today: dict[str, Any]) -> dict[str, str]:
    """Which window now: a name, a word with its tone, and the sentence for what is out of order.

    Where opening bands are kept they say whether somebody is there; elsewhere only the calendar is asked.
    """
    way = ways.of(post)
    if way.window is None:
        return {"name": "便民服务中心导办台", "word": "", "tone": "todo", "sentence": today["rests"]}
    if way.go_to is None:
        sentence = f"{way.window}现在关闭：{way.window.closed_reason}。去以前请先打电话。"
        return {"name": str(way.window), "word": "现在关闭", "tone": "late", "sentence": sentence}
    sentence = ""
    if way.closed:
        sentence = f"{way.window}现在关闭：{way.window.closed_reason}。由{way.go_to}代办。"
    if way.duty.known:
        said = duty_words(way.duty, ways.at)
        return {"name": str(way.go_to), **said, "sentence": sentence + said["sentence"]}
    if today["rests"]:
        return {"name": str(way.go_to), "word": "今天休息", "tone": "paused", "sentence": sentence + today["rests"]}
    return {"name": str(way.go_to), "word": "照常开放", "tone": "done", "sentence": sentence}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def none(request: HttpRequest) -> HttpResponse:
    """都不是: whom to ask. By POST one more who did not find it; what was typed is all that is kept, if it may be."""
    if request.method == "POST":
        if wanted_counted.note(request, request.POST.get("q", "")[:200]):
            try:
                wanted_counted.flush()
            except DatabaseError:
                log.exception("a search that found nothing waits in memory")
        return HttpResponseRedirect("/find/none?kiosk=1" if request.POST.get("kiosk") else "/find/none")
    here = Site.objects.visible_to(request.viewer).first()
    context = {
        "kiosk": "1" if request.GET.get("kiosk") else "",
        "trail": [("我要办事", "/find"), ("都不是", None)],
        "site_of_hall": here,
        "hours": "；".join(hours_words(Opening(request.town), here)) if here else "",
    }
    return _for_the_next(render(request, "portal/find/none.html", context), context["kiosk"])


def _for_the_next(answer: HttpResponse, kiosk: str) -> HttpResponse:
    """On the screen in the hall an answer gives way to a clean question: the next person need not see it."""
    if kiosk:
        answer.headers["Refresh"] = f"{KIOSK_SECONDS}; url=/find?kiosk=1"
    return answer


@stored()
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """便条: one item on one sheet, to carry along."""
    depends_on(f"item:{code}", keys.HALL, keys.HOURS, keys.DAY)
    item = item_in_force(request, code)
    context = {
        "trail": [("我要办事", "/find"), (item.current.name, f"/services/{code}"), ("便条", None)],
        "item": item_shown(item, Ways(request.town), _today(request.town)),
        "version": item.current.number,
        "day": timezone.localdate(),
        "qr": common.qr(f"{request.town.base_url}/services/{code}", "扫一扫，看办事指南"),
    }
    return render(request, "portal/find/slip.html", context)
