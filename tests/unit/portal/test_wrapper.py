"""Stored pages and assets answered before Django, by plain WSGI calls."""

import gzip
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from mingtang.lib.headers import SECURITY_HEADERS
from mingtang.portal import wrapper as wrapper_module
from mingtang.portal.mediatypes import HTML
from mingtang.portal.store import PageStore
from mingtang.portal.wrapper import LOST_DATABASE, START, StoredPages, accepts_gzip, write_hosts

TOWN, OTHER = "430623102", "430623103"
PAGE = "<p>政务公开</p>".encode() * 30


class House:
    """A wrapper around an application that says what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.store = PageStore(folder / "pages")
        self.assets = folder / "assets"
        self.assets.mkdir()
        (self.assets / "site.css").write_text("body { color: black }\n" * 20)
        (folder / "secret.txt").write_text("keys")
        hosts = self.store.hosts_file
        write_hosts(hosts, TOWN, {"Other.example": OTHER})
        self.lost = False
        self.environ: dict[str, Any] = {}
        self.pages = StoredPages(self.app, self.store, hosts, self.assets, "数据库连不上".encode())

    def app(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.environ = environ
        if self.lost:
            environ[LOST_DATABASE] = True
            start_response("500 Internal Server Error", [])
            return [b"trace"]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"django"]

    def save(self, path: str, body: bytes = PAGE, kind: str = HTML, town: str = TOWN) -> None:
        assert self.store.save(self.store.begin(town), path, ["site"], body, kind)

    def ask(self, url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        path, _, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": "town.example:8000",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        begun: list[Any] = []
        body = b"".join(self.pages(environ, lambda *arguments: begun.append(arguments)))
        [(status, pairs)] = begun
        assert len(dict(pairs)) == len(pairs), "no header twice"
        return int(status.split()[0]), dict(pairs), body


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_stored_page_is_answered_with_all_it_must_say(house: House) -> None:
    house.save("/info/x")
    status, headers, body = house.ask("/info/x")
    assert (status, body) == (200, PAGE)
    assert headers["Content-Type"] == HTML
    assert headers["Content-Length"] == str(len(PAGE))
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Vary"] == "Accept-Encoding"
    assert SECURITY_HEADERS.items() <= headers.items()
    assert house.environ == {}


def test_a_browser_that_takes_gzip_gets_the_compressed_bytes(house: House) -> None:
    house.save("/info/x")
    _, headers, body = house.ask("/info/x", accept_encoding="gzip, deflate, br")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(body))
    assert gzip.decompress(body) == PAGE


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("br;q=0, gzip", True),
        ("", False),
    ],
)
def test_a_weight_of_zero_refuses_gzip(accepted: str, takes: bool) -> None:
    assert accepts_gzip(accepted) is takes


def test_head_answers_the_length_without_the_bytes(house: House) -> None:
    house.save("/info/x")
    status, headers, body = house.ask("/info/x", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(PAGE)), b"")


def test_a_page_the_browser_has_is_not_sent_again(house: House) -> None:
    house.save("/info/x")
    tag = house.ask("/info/x")[1]["ETag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        status, headers, body = house.ask("/info/x", if_none_match=known)
        assert (status, body, headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in headers
    house.store.drop(TOWN, ["site"])
    house.save("/info/x", b"changed")
    assert house.ask("/info/x", if_none_match=tag)[0] == 200


def test_a_dropped_page_is_never_answered_again(house: House) -> None:
    house.save("/info/x")
    assert house.ask("/info/x")[2] == PAGE
    PageStore(house.store.root).drop(TOWN, ["site"])
    assert house.ask("/info/x")[2] == b"django"
    house.save("/info/x", b"new")
    assert house.ask("/info/x")[2] == b"new"
    house.save("/info/x", b"nev")
    assert house.ask("/info/x")[2] == b"nev"


def test_a_chinese_path_is_found(house: House) -> None:
    house.save("/公开/目录")
    assert house.ask("/%E5%85%AC%E5%BC%80/%E7%9B%AE%E5%BD%95")[2] == PAGE
    assert house.ask("/%E5%85%AC%E5")[2] == b"django"


def test_a_host_name_leads_to_its_town_and_any_other_to_the_default(house: House) -> None:
    house.save("/", b"default town")
    house.save("/", b"other town", town=OTHER)
    assert house.ask("/")[2] == b"default town"
    assert house.ask("/", host="OTHER.example:80")[2] == b"other town"
    assert house.ask("/", host="203.0.113.9")[2] == b"default town"


def test_without_a_map_of_hosts_nothing_is_answered_from_the_store(tmp_path: Path) -> None:
    house = House(tmp_path)
    (house.store.hosts_file).unlink()
    house.save("/")
    assert house.ask("/")[2] == b"django"
    assert START not in house.environ


def test_a_changed_map_of_hosts_is_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.save("/", b"other town", town=OTHER)
    assert house.ask("/")[2] == b"django"
    write_hosts(house.store.hosts_file, OTHER, {})
    assert json.loads((house.store.hosts_file).read_text()) == {"default": OTHER, "hosts": {}}
    now = wrapper_module.time.monotonic()
    monkeypatch.setattr(wrapper_module.time, "monotonic", lambda: now + 2)
    assert house.ask("/")[2] == b"other town"


@pytest.mark.parametrize("cookie", ["fresh=17", "a=b; fresh=17", "a=b;fresh=17"])
def test_who_just_acted_passes_the_store_by(house: House, cookie: str) -> None:
    house.save("/")
    assert house.ask("/", cookie=cookie)[2] == b"django"
    assert house.environ[START].town == TOWN


def test_other_cookies_queries_and_posts_change_nothing_or_go_to_django(house: House) -> None:
    house.save("/")
    assert house.ask("/", cookie="sessionid=1; refresh=2; a=fresh=3")[2] == PAGE
    assert house.ask("/?page=2")[2] == b"django"
    assert START not in house.environ
    assert house.ask("/", method="POST")[2] == b"django"


def test_the_generation_is_noted_before_django_reads(house: House) -> None:
    house.ask("/info/new")
    start = house.environ[START]
    house.store.drop(TOWN, ["site"])
    assert not house.store.save(start, "/info/new", ["site"], PAGE, HTML)


def test_without_its_database_the_house_says_so_in_chinese_and_stored_pages_still_answer(house: House) -> None:
    house.save("/stored")
    house.lost = True
    status, headers, body = house.ask("/not-stored")
    assert (status, headers["Retry-After"], body.decode()) == (503, "30", "数据库连不上")
    assert house.ask("/not-stored", method="HEAD")[2] == b""
    assert house.ask("/apply", method="POST")[0] == 503
    assert house.ask("/stored")[2] == PAGE
    assert house.ask("/stored", cookie="fresh=1")[2] == PAGE, "an older page is better than none"


def test_assets_are_answered_compressed_with_a_type_and_a_tag(house: House) -> None:
    status, headers, body = house.ask("/assets/site.css?v=1", accept_encoding="gzip")
    assert (status, headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert gzip.decompress(body).startswith(b"body {")
    assert house.ask("/assets/site.css", if_none_match=headers["ETag"])[0] == 304
    os.utime(house.assets / "site.css", ns=(0, 0))
    (house.assets / "site.css").write_text("p {}")
    assert house.ask("/assets/site.css")[2] == b"p {}"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "%2e%2e/secret.txt", "/etc/passwd", "none.css", "", "%00", ".", "x/../../secret.txt"]
)
def test_no_asset_path_leads_out_of_the_folder(house: House, path: str) -> None:
    assert house.ask(f"/assets/{path}")[2] == b"django"


def test_busy_pages_stay_in_memory_within_the_limit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapper_module, "HOT_BYTES", 100_000)
    for number in range(60):
        house.save(f"/{number}", os.urandom(500))
    for number in range(60):
        house.ask(f"/{number}")
        house.ask("/0")
    hot = house.pages._hot
    assert house.pages._hot_bytes == sum(entry.size for entry in hot.values()) <= 100_000
    assert (TOWN, "/0") in hot
    assert (TOWN, "/1") not in hot
    for number in range(60):
        assert house.ask(f"/{number}")[0] == 200


def test_the_sheet_of_sizes_is_the_one_the_reader_chose(house: House) -> None:
    (house.assets / "css").mkdir()
    for name in ("size", "size-2", "size-3"):
        (house.assets / f"css/{name}.css").write_text(f"/* {name} */")
    for cookies, sheet in (
        ({}, "size"),
        ({"cookie": "a=b; size=3"}, "size-3"),
        ({"cookie": "size=2; a=b"}, "size-2"),
        ({"cookie": "size=9"}, "size"),
        ({"cookie": "mysize=3"}, "size"),
        ({"cookie": "size=2/../../secret"}, "size"),
    ):
        status, headers, body = house.ask("/assets/css/size.css", **cookies)
        assert (status, body.decode(), headers["Cache-Control"]) == (200, f"/* {sheet} */", "no-cache")
    known = house.ask("/assets/css/size.css", cookie="size=2")[1]["ETag"]
    assert house.ask("/assets/css/size.css", cookie="size=3", if_none_match=known)[0] == 200
