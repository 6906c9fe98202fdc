"""Stored pages and assets, answered before Django is asked: they cost a fraction, and need no database.

Bytes of busy pages are kept in memory and checked against the file by one ``stat`` for each request, so that a page
that was dropped or replaced, by whichever process, is never answered again.
"""

import gzip
import hashlib
import json
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mingtang.lib.headers import SECURITY_HEADERS
from mingtang.portal.mediatypes import asset_type, worth_compressing
from mingtang.portal.store import PageStore, Stored, signature

# The names under which the wrapper and Django speak with each other in the WSGI environment.
START = "mingtang.start"
LOST_DATABASE = "mingtang.lost_database"
FRESH = "fresh"
HOT_BYTES = 32 * 1024 * 1024
ASSETS = "/assets/"
# Every page asks for this sheet; which one is answered, the reader has chosen (`views.reading.size`), so that pages
# stay the same for everybody.
SIZE_SHEET = "/assets/css/size.css"
_SIZE = re.compile(r"(?:^|; *)size=([23])(?:;|$)")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def write_hosts(hosts_file: Path, default: str, hosts: Mapping[str, str]) -> None:
    """Keep which host name leads to which town beside the store, for answers without a database."""
    hosts_file.parent.mkdir(parents=True, exist_ok=True)
    draft = hosts_file.with_name(f"{hosts_file.name}.{os.getpid()}.{threading.get_ident()}")
    content = {"default": default, "hosts": {name.lower(): town for name, town in sorted(hosts.items())}}
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    draft.replace(hosts_file)


def accepts_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding value takes gzip (RFC 9110, 12.5.3); ``gzip;q=0`` does not."""
    if "gzip" not in accepted:
        return False
    if "q=0" not in accepted:
        return True
    for part in accepted.split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def _is_fresh(cookies: str) -> bool:
    return FRESH in cookies and any(part.strip().startswith(FRESH + "=") for part in cookies.split(";"))


def sized(cookies: str) -> str:
    """The address of the sheet with the size of type that the reader chose; the ordinary one without a choice."""
    chosen = _SIZE.search(cookies)
    return f"/assets/css/size-{chosen[1]}.css" if chosen else SIZE_SHEET


class _Hot:
    """An answer ready to be sent: bytes and headers for each way of asking."""

    __slots__ = (
        "body",
        "body_headers",
        "etag",
        "file",
        "packed",
        "packed_headers",
        "same_headers",
        "size",
        "stat",
        "used",
    )

    def __init__(self, stored: Stored, cache_control: str) -> None:
        self.file, self.stat = os.fsencode(stored.file), stored.signature
        # The same page in two encodings: a weak tag, compared without its W/ (RFC 9110, 8.8.3.2).
        self.etag = f'"{hashlib.sha256(stored.content_type.encode() + stored.body).hexdigest()[:24]}"'
        self.body = [stored.body]
        self.packed = [stored.compressed] if stored.compressed is not None else None
        self.size = len(stored.body) + len(stored.compressed or b"") + 2000
        self.used = True
        common = [("Cache-Control", cache_control), ("Vary", "Accept-Encoding"), ("ETag", "W/" + self.etag)]
        self.same_headers = [*common, *SECURITY_HEADERS.items()]
        typed = [("Content-Type", stored.content_type), *self.same_headers]
        self.body_headers = [("Content-Length", str(len(stored.body))), *typed]
        self.packed_headers = [
            ("Content-Length", str(len(stored.compressed or b""))),
            ("Content-Encoding", "gzip"),
            *typed,
        ]

    def answer(self, environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (known == "*" or self.etag in known):
            start_response("304 Not Modified", self.same_headers)
            return []
        if self.packed is not None and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            start_response("200 OK", self.packed_headers)
            return self.packed if environ["REQUEST_METHOD"] == "GET" else []
        start_response("200 OK", self.body_headers)
        return self.body if environ["REQUEST_METHOD"] == "GET" else []


class StoredPages:
    """WSGI middleware around the Django application.

    ``hosts_file`` is what ``write_hosts`` wrote; without it nothing is answered from the store. ``unavailable`` is the
    page for 503, answered when Django lost its database and the page asked for is not stored.
    """

    def __init__(
        self, app: Application, store: PageStore, hosts_file: Path, assets: Path, unavailable: bytes = b""
    ) -> None:
        self._app, self._store, self._hosts_file = app, store, hosts_file
        self._assets = os.path.realpath(assets)
        self._unavailable = unavailable
        self._hot: OrderedDict[tuple[str, str], _Hot] = OrderedDict()
        self._hot_bytes = 0
        self._filling = threading.Lock()
        self._hosts: dict[str, str] = {}
        self._default: str | None = None
        self._towns: dict[str, str] = {}  # Host header as sent → town, so that it is parsed once
        self._hosts_stat: tuple[int, int, int] | None = None
        self._hosts_checked = float("-inf")

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._ask_app(environ, start_response, None)
        path = environ["PATH_INFO"]
        if path.startswith(ASSETS):
            asset = sized(environ.get("HTTP_COOKIE", "")) if path == SIZE_SHEET else path
            page, town = self._page(ASSETS, asset), None
        elif environ.get("QUERY_STRING"):
            page = town = None
        else:
            town = self._town(environ.get("HTTP_HOST", ""))
            cookies = environ.get("HTTP_COOKIE")
            passes_by = town is None or (cookies is not None and _is_fresh(cookies))
            page = None if passes_by else self._page(town, path)
        if page is None:
            return self._ask_app(environ, start_response, town)
        return page.answer(environ, start_response)

    # Django behind -----------------------------------------------------------------------------------------------

    def _ask_app(self, environ: Environ, start_response: Callable[..., Any], town: str | None) -> Iterable[bytes]:
        # An environment variable of this name must not pass for a note of ours.
        environ.pop(LOST_DATABASE, None)
        environ.pop(START, None)
        if town is not None:
            with suppress(OSError):  # no disk, no store: the page is answered all the same
                environ[START] = self._store.begin(town)
        begun: list[Any] = []
        answer = self._app(environ, lambda *arguments: begun.append(arguments))
        if not environ.get(LOST_DATABASE):
            start_response(*begun[-1])
            return answer
        if close := getattr(answer, "close", None):
            close()
        page = self._page(town, environ["PATH_INFO"]) if town is not None else None
        if page is not None:
            return page.answer(environ, start_response)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(self._unavailable))),
            ("Cache-Control", "no-store"),
            ("Retry-After", "30"),
            *SECURITY_HEADERS.items(),
        ]
        start_response("503 Service Unavailable", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self._unavailable]

    # Bytes in memory ---------------------------------------------------------------------------------------------

    def _page(self, town: str, path: str) -> _Hot | None:
        hot = self._hot.get((town, path))
        if hot is not None:
            try:
                status = os.stat(hot.file)
                if (status.st_ino, status.st_mtime_ns, status.st_size) == hot.stat:
                    hot.used = True
                    return hot
            except FileNotFoundError:
                pass
            self._forget((town, path))
        found = self._load(town, path)
        if found is None:
            return None
        fresh = _Hot(found, "no-cache")
        self._keep((town, path), fresh)
        return fresh

    def _load(self, town: str, path: str) -> Stored | None:
        try:
            # WSGI hands over bytes dressed as Latin-1 (PEP 3333).
            text = path if path.isascii() else path.encode("latin-1").decode()
        except UnicodeError:
            return None
        return self._load_asset(text) if town == ASSETS else self._store.find(town, text)

    def _load_asset(self, path: str) -> Stored | None:
        if "\0" in path:
            return None
        file = os.path.realpath(os.path.join(self._assets, path.removeprefix(ASSETS)))
        if not file.startswith(self._assets + os.sep) or not os.path.isfile(file):
            return None
        status = signature(os.stat(file))
        body = Path(file).read_bytes()
        kind = asset_type(file)
        packed = gzip.compress(body, 9, mtime=0) if worth_compressing(kind) else body
        return Stored(file, status, kind, body, packed if len(packed) < len(body) else None)

    def _keep(self, key: tuple[str, str], hot: _Hot) -> None:
        if hot.size > HOT_BYTES // 8:
            return
        with self._filling:
            if old := self._hot.pop(key, None):
                self._hot_bytes -= old.size
            self._hot[key] = hot
            self._hot_bytes += hot.size
            while self._hot_bytes > HOT_BYTES:
                # Second chance: what was asked for since it last stood here goes to the end of the line.
                key, eldest = self._hot.popitem(last=False)
                if eldest.used:
                    eldest.used = False
                    self._hot[key] = eldest
                else:
                    self._hot_bytes -= eldest.size

    def _forget(self, key: tuple[str, str]) -> None:
        with self._filling:
            if old := self._hot.pop(key, None):
                self._hot_bytes -= old.size

    # Host names --------------------------------------------------------------------------------------------------

    def _town(self, host: str) -> str | None:
        now = time.monotonic()
        if now - self._hosts_checked > 1:
            self._read_hosts()
            self._hosts_checked = now
        town = self._towns.get(host)
        if town is None and self._default is not None:
            town = self._hosts.get(host.rsplit(":", 1)[0].lower(), self._default)
            if len(self._towns) >= 1000:
                self._towns.clear()
            self._towns[host] = town
        return town

    def _read_hosts(self) -> None:
        try:
            status = signature(os.stat(self._hosts_file))
            if status == self._hosts_stat:
                return
            content = json.loads(self._hosts_file.read_bytes())
        except FileNotFoundError:
            content, status = {"default": None, "hosts": {}}, None
        self._default, self._hosts, self._towns = content["default"], content["hosts"], {}
        self._hosts_stat = status
