"""Turns the logged-in person into the Viewer every queryset asks for."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from mingtang.people.policies import held_by
from mingtang.towns.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    user = request.user
    if not user.is_authenticated:
        return Viewer(town=request.town)
    held = held_by(user)
    return Viewer(town=request.town, person_id=user.pk, powers=held.powers, tenant=held.tenant)


class SetViewer:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(request, "town"):
            return self.get_response(request)
        # A session of one town is nobody in another.
        if request.session.session_key and request.user.is_authenticated and request.user.town_id != request.town.pk:
            logout(request)
        request.viewer = SimpleLazyObject(lambda: viewer_of(request))
        return self.get_response(request)
