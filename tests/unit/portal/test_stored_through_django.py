"""From the wrapper through the whole of Django into the store and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.test.client import FakePayload
from django.urls import path

from mingtang.portal.store import PageStore
from mingtang.portal.stored import depends_on, note_lost_database, page_store, stored
from mingtang.portal.wrapper import StoredPages, write_hosts
from mingtang.towns.models import Jurisdiction

CODE = "430623102"
asked: list[str] = []


@stored("site")
def page(request: HttpRequest, name: str) -> HttpResponse:
    asked.append(name)
    depends_on(f"document:{name}")
    return HttpResponse(f"{request.town.site_name} {name}")


def lost(request: HttpRequest) -> HttpResponse:
    raise OperationalError("could not connect")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a mistake of ours")


urlpatterns = [path("page/<name>", page), path("lost", lost), path("broken", broken)]


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[StoredPages]:
    monkeypatch.setenv("MINGTANG_DATA", str(tmp_path))
    Jurisdiction.objects.filter(is_default=True).update(is_default=False)
    Jurisdiction.objects.create(code=CODE, prefix="ZZ", name="试镇", site_name="试镇政府", is_default=True)
    store = page_store()
    write_hosts(store.hosts_file, CODE, {})
    asked.clear()
    got_request_exception.connect(note_lost_database)
    # The end of a request closes old connections: not the one that holds this test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with override_settings(ROOT_URLCONF=__name__):
        yield StoredPages(WSGIHandler(), store, store.hosts_file, tmp_path, "不能办理".encode())
    got_request_exception.disconnect(note_lost_database)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def get(pages: StoredPages, url: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    begun: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": url, "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80",
        "HTTP_HOST": "town.example", "wsgi.url_scheme": "http", "wsgi.input": FakePayload(b""), **more,
    }  # fmt: skip
    body = b"".join(pages(environ, lambda *arguments: begun.append(arguments)))
    return begun[0][0], dict(begun[0][1]), body


def test_a_page_is_rendered_once_until_what_it_shows_changes(pages: StoredPages) -> None:
    first, again = get(pages, "/page/1"), get(pages, "/page/1")
    assert first[0] == again[0] == "200 OK"
    assert first[2] == again[2] == "试镇政府 1".encode()
    assert asked == ["1"]
    assert "Set-Cookie" not in again[1]
    PageStore(page_store().root).drop(CODE, ["document:1"])
    get(pages, "/page/1")
    assert asked == ["1", "1"]


def test_the_site_name_read_before_a_change_is_not_stored(pages: StoredPages, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Jurisdiction.from_db.__func__

    def from_db(cls: Any, *arguments: Any, **named: Any) -> Any:
        page_store().drop(CODE, ["site"])  # another process renames the site just after this one read it
        return real(cls, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Jurisdiction, "from_db", classmethod(from_db))
        get(pages, "/page/1")
    assert page_store().find(CODE, "/page/1") is None


def test_a_lost_database_is_said_in_chinese_and_a_mistake_of_ours_is_not_blamed_on_it(pages: StoredPages) -> None:
    status, _, body = get(pages, "/lost")
    assert (status, body.decode()) == ("503 Service Unavailable", "不能办理")
    assert get(pages, "/broken")[0].startswith("500")
    assert connection.is_usable()
