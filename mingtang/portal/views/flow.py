"""流程图: the process of an item drawn from the very bytes that run, in words, as a file, on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from mingtang.cases.timings import step_times
from mingtang.flows import draw, sheet, wording
from mingtang.flows.legend import legend
from mingtang.flows.times import Times
from mingtang.portal import common, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.services import COLUMN, item_in_force
from mingtang.press import flow_paper
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook.models import Version


def shown(request: HttpRequest, code: str) -> tuple[Version, bytes, Times]:
    """The version in force, its process, and how long its steps really took: until yesterday, so good for a day."""
    depends_on(f"item:{code}", keys.DAY)
    row = item_in_force(request, code)
    return row.current, bytes(row.current.bpmn), step_times(row.current)


def _signs(bpmn: bytes, times: Times, *, lanes: bool) -> list[dict[str, Any]]:
    # Our own drawing, without a word of anybody.
    return [{"svg": Markup(sign.svg), "words": sign.words} for sign in legend(bpmn, times, lanes=lanes)]  # noqa: S704


@stored()
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The drawing large, what its signs mean, the same in words; printed it is one A3 sheet."""
    version, bpmn, times = shown(request, code)
    place = f"/services/{code}"
    context = {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (version.name, place), ("流程图", None)],
        "item": {
            "title": version.name,
            "code": code,
            "version": version.number,
            "in_force_from": version.in_force_at,
            "hash": version.sha256,
            "flow_sha256": version.flow_sha256,
            "url": place,
        },
        "is_long": draw.is_long(bpmn),
        "lanes_on_paper": sheet.has_lanes(bpmn),
        "signs_of_lanes": _signs(bpmn, times, lanes=True),
        "signs_of_boxes": _signs(bpmn, times, lanes=False),
        "steps": wording.steps(bpmn, times),
        "specials": wording.specials(bpmn),
        "qr": common.qr(f"{version.item.town.base_url}{place}/flow", "扫一扫，看这张流程图"),
    }
    return render(request, "portal/services/flow.html", context)


def _svg(drawing: str) -> HttpResponse:
    return HttpResponse(drawing, content_type="image/svg+xml")


@stored()
def wide(request: HttpRequest, code: str) -> HttpResponse:
    """The swim lanes."""
    _, bpmn, times = shown(request, code)
    return _svg(draw.svg(bpmn, times=times))


@stored()
def narrow(request: HttpRequest, code: str) -> HttpResponse:
    """The same process drawn downwards, for a telephone."""
    _, bpmn, times = shown(request, code)
    return _svg(draw.svg(bpmn, narrow=True, times=times))


@stored()
def for_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same process in the form that one A3 sheet shows largest."""
    _, bpmn, times = shown(request, code)
    return _svg(sheet.sheet_svg(bpmn, times))


@stored()
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as PDF: made once a day at most, when somebody asks."""
    version, _, _ = shown(request, code)
    try:
        return HttpResponse(flow_paper.pdf(version), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")


@stored()
def bpmn(request: HttpRequest, code: str) -> HttpResponse:
    """The very bytes that run; their SHA-256 stands on the guide and on every case."""
    depends_on(f"item:{code}")
    version = item_in_force(request, code).current
    return HttpResponse(bytes(version.bpmn), content_type="application/xml")
