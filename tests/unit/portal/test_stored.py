"""The decorator of stored views: what it lets through to the store, and whom the view sees."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from mingtang.portal.store import PageStore
from mingtang.portal.stored import collect, depends_on, mark_fresh, page_store, stored
from mingtang.portal.wrapper import START
from mingtang.towns.models import Jurisdiction

TOWN = Jurisdiction(code="430623102", prefix="WY", name="万庾镇")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageStore]:
    monkeypatch.setenv("MINGTANG_DATA", str(tmp_path))
    yield page_store()


def request_for(store: PageStore, path: str = "/info/x", method: str = "GET", **more: Any) -> HttpRequest:
    request = RequestFactory().generic(method, path, **{START: store.begin(TOWN.code), **more})
    request.town = TOWN
    return request


def show(request: HttpRequest) -> HttpResponse:
    depends_on("document:x", "catalogue")
    return HttpResponse("页面")


def test_a_page_is_stored_under_what_the_view_read(store: PageStore) -> None:
    assert stored("site")(show)(request_for(store)).content == "页面".encode()
    assert store.find(TOWN.code, "/info/x").body == "页面".encode()
    for key in ("site", "document:x", "catalogue"):
        assert store.drop(TOWN.code, [key]) == 1
        stored("site")(show)(request_for(store))


def test_collecting_ends_with_the_page() -> None:
    depends_on("nobody listens")
    with collect() as outer:
        with collect() as inner:
            depends_on("in")
        depends_on("out")
    assert (inner, outer) == ({"in"}, {"out"})


def refuse(*arguments: Any) -> HttpResponse:
    return HttpResponse("没有", status=404)


def set_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("页面")
    response.set_cookie("a", "b")
    return response


def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"page"])


@pytest.mark.parametrize("view", [refuse, set_cookie, with_token, stream])
def test_what_is_for_one_visitor_or_no_page_is_not_stored(store: PageStore, view: Callable[..., Any]) -> None:
    stored("site")(view)(request_for(store, HTTP_COOKIE="csrftoken=" + "a" * 32))
    assert store.find(TOWN.code, "/info/x") is None


def test_only_get_behind_the_wrapper_for_the_same_town_is_stored(store: PageStore) -> None:
    view = stored("site")(show)
    view(request_for(store, method="HEAD"))
    without = request_for(store)
    del without.META[START]
    view(without)
    view(request_for(store, **{START: store.begin("430623103")}))
    assert store.find(TOWN.code, "/info/x") is None
    assert store.find("430623103", "/info/x") is None


def test_a_page_read_before_an_act_is_answered_but_not_stored(store: PageStore) -> None:
    request = request_for(store)
    store.drop(TOWN.code, ["document:x"])
    assert stored()(show)(request).content == "页面".encode()
    assert store.find(TOWN.code, "/info/x") is None


def test_the_view_sees_nobody_no_cookie_and_no_host(store: PageStore) -> None:
    seen: dict[str, Any] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(user=request.user, viewer=request.viewer, cookies=request.COOKIES)
        with pytest.raises(RuntimeError, match="host"):
            request.build_absolute_uri()
        return HttpResponse("x")

    request = request_for(store, HTTP_COOKIE="sessionid=1")
    request.user = request.viewer = "staff"
    stored("site")(view)(request)
    assert isinstance(seen["user"], AnonymousUser)
    assert (seen["viewer"].town, seen["viewer"].person_id, seen["viewer"].powers) == (TOWN, None, frozenset())
    assert seen["cookies"] == {}
    assert request.get_host() == "testserver"


def test_a_full_disk_costs_the_storing_not_the_answer(store: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PageStore, "save", full)
    assert stored("site")(show)(request_for(store)).status_code == 200


def test_the_mark_of_a_fresh_act_is_short_lived() -> None:
    response = HttpResponse()
    mark_fresh(response, 17)
    cookie = response.cookies["fresh"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("17", 15, True, "Lax")
