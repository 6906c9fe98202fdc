"""流程图: the process of an item drawn from the very bytes that run, in words, as a file, on paper."""

from django.http import HttpRequest, HttpResponse

from mingtang.flows import draw
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.services import item_in_force


@stored()
def wide(request: HttpRequest, code: str) -> HttpResponse:
    """The process drawn from the very bytes that run."""
    depends_on(f"item:{code}")
    version = item_in_force(request, code).current
    return HttpResponse(draw.svg(bytes(version.bpmn)), content_type="image/svg+xml")


@stored()
def narrow(request: HttpRequest, code: str) -> HttpResponse:
    """The same process drawn downwards, for a telephone."""
    depends_on(f"item:{code}")
    version = item_in_force(request, code).current
    return HttpResponse(draw.svg(bytes(version.bpmn), narrow=True), content_type="image/svg+xml")


@stored()
def bpmn(request: HttpRequest, code: str) -> HttpResponse:
    """The very bytes that run; their SHA-256 stands on the guide and on every case."""
    depends_on(f"item:{code}")
    version = item_in_force(request, code).current
    return HttpResponse(bytes(version.bpmn), content_type="application/xml")
