"""Which town is asked, by host name; what every answer's headers say."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from mingtang.lib.headers import SECURITY_HEADERS
from mingtang.towns.models import Jurisdiction
from mingtang.towns.routing import reading


class SecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def town_of_host(host: str) -> Jurisdiction | None:
    """The jurisdiction a host name leads to; the default one for a name nobody registered."""
    name = host.rsplit(":", 1)[0].lower()
    return Jurisdiction.objects.filter(hosts__name=name).first() or Jurisdiction.objects.filter(is_default=True).first()


class Town:
    """Sets ``request.town`` and lets GET requests read through the query-only alias."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in {"/healthz", "/readyz"}:
            # They answer also when there is no database to say which town is asked.
            return self.get_response(request)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # PostgreSQL refuses the character with an error; no address of ours holds one.
            raise Http404
        request.town = town_of_host(request.get_host())
        if request.town is None:
            return HttpResponse(
                "还没有设置任何乡镇。请先运行 mingtang demo，或者登记一个乡镇。",
                status=503,
                content_type="text/plain; charset=utf-8",
            )
        if request.method in {"GET", "HEAD"}:
            with reading():
                return self.get_response(request)
        return self.get_response(request)
