"""预览: the public pages of a version that is not public yet, drawn by the public views' own code; for staff only.

They stand under /desk/, are never stored, and do nothing: what is filled in here goes nowhere.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.flows import draw
from mingtang.lib.errors import Refused
from mingtang.portal.applying import Draft
from mingtang.portal.views.apply import walk
from mingtang.portal.views.services import guide_context
from mingtang.portal.views.situation import situation_context
from mingtang.rulebook.models import Version
from mingtang.rulebook.process import bpmn_of
from mingtang.rulebook.requirements.situated import unanswerable

View = Callable[[HttpRequest, Version], HttpResponse]


def filled_in(view: View) -> Callable[..., HttpResponse]:
    """Hand the view any version of the town for staff who keep items; a stranger is sent to the log-in."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if not any(power.startswith(("item.", "case.")) for power in request.viewer.powers):
            raise Http404
        rows = Version.objects.visible_to(request.viewer).select_related("item__town", "item__unit")
        return view(request, get_object_or_404(rows, item__code=code, number=number))

    return answer


def previewed(view: View) -> Callable[..., HttpResponse]:
    """The same for what is only looked at."""
    return require_safe(filled_in(view))


def _base(version: Version) -> str:
    return f"/desk/items/{version.item.code}/{version.number}/preview"


def _marked(version: Version) -> dict[str, Any]:
    """What every previewed page says of itself."""
    state = version.state_title
    return {
        "preview": f"第 {version.number} 版（{state}）",
        "back": f"/desk/items/{version.item.code}/{version.number}",
    }


@previewed
def guide(request: HttpRequest, version: Version) -> HttpResponse:
    """The guide as the public will read it."""
    context = guide_context(request, version.item, version, _base(version)) | _marked(version)
    return render(request, "portal/services/preview.html", context)


def _waits(request: HttpRequest, version: Version, sentences: list[str]) -> HttpResponse:
    """What keeps the questions of a draft from being asked."""
    context = _marked(version) | {"column": None, "title": version.name, "sentences": sentences}
    return render(request, "portal/services/preview_waits.html", context)


@filled_in
def apply(request: HttpRequest, version: Version) -> HttpResponse:
    """The form of the public, to be tried: it is checked like theirs, and nothing of it is kept."""
    if sentences := unanswerable(version.spec):
        return _waits(request, version, sentences)
    version.item.current = version  # looked at as if it were in force; never saved
    return walk(Draft.of(request, version.item, _base(version)))


@previewed
def situation(request: HttpRequest, version: Version) -> HttpResponse:
    """The guide of one's own situation, as the public will read it."""
    if sentences := unanswerable(version.spec):
        return _waits(request, version, sentences)
    context = situation_context(request, version.item, version, _base(version)) | _marked(version)
    return render(request, "portal/services/situation.html", context)


def _drawing(version: Version, *, narrow: bool) -> HttpResponse:
    try:
        body = draw.svg(bpmn_of(version), narrow=narrow)
    except Refused as refusal:
        raise Http404 from refusal
    return HttpResponse(body, content_type="image/svg+xml")


@previewed
def flow_svg(request: HttpRequest, version: Version) -> HttpResponse:
    return _drawing(version, narrow=False)


@previewed
def flow_narrow_svg(request: HttpRequest, version: Version) -> HttpResponse:
    return _drawing(version, narrow=True)


@previewed
def flow_bpmn(request: HttpRequest, version: Version) -> HttpResponse:
    """The file that would run."""
    try:
        return HttpResponse(bpmn_of(version), content_type="application/xml")
    except Refused as refusal:
        raise Http404 from refusal
