"""A withdrawn document: nothing of its text remains at any address that could show it; no store or cache keeps it."""

from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test.client import FakePayload

from mingtang.disclosure import actions, columns, taking_in
from mingtang.disclosure.actions import Content
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.files import actions as files
from mingtang.people.models import Post
from mingtang.people.policies import actor
from mingtang.portal.stored import page_store
from mingtang.portal.views import info
from mingtang.portal.wrapper import StoredPages, write_hosts
from mingtang.search import service as search
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, staff
from tests.meta.routes import Values, all_routes

pytestmark = pytest.mark.django_db
TITLE, BODY, TABLE, FILE, PAPER, NOTE = "甲字题目", "乙字正文", "丙字表格", "丁字附件", "戊字纸面", "己字说明"
NUMBER = "万密发〔2026〕7号"


def _adopt(edition):
    return taking_in.adopt_historical(edition=edition, by=CONSOLE, source_published_at=None)


def _content(town, mark: str) -> Content:
    stored = files.store(
        town=town,
        name=f"{FILE}.txt",
        stream=BytesIO(f"{PAPER}{mark}".encode()),
        by=actor(staff(EDITOR)),
        purpose="document",
    )
    facts = {"fields": {}, "sheets": {"income": {"rows": [[TABLE, "100"]], "none": ""}}}
    body = f"<p>{BODY}{mark}。</p>"
    return Content(f"{TITLE}{mark}", body, [(stored, f"{FILE}.txt", [("", f"{PAPER}{mark}")])], facts)


@pytest.fixture
def document(town):
    """Two editions, with an attachment, a table and a note, in a column, in the index and in the log."""
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    first = actions.draft(
        town=town,
        metadata=acts.metadata(town, kind="budget-town", doc_number=NUMBER),
        content=_content(town, "一"),
        by=staff(EDITOR),
    )
    _adopt(first)
    second = actions.new_edition(
        document=first.document, content=_content(town, "二"), by=staff(EDITOR), note=f"{NOTE}，请看新版。"
    )
    edition = _adopt(second)
    follow.settle()
    return edition.document


def _ways(document) -> list[str]:
    """Every address of the document's own."""
    number = document.index_number
    attachments = [row.pk for edition in document.editions.all() for row in edition.revision.attachments.all()]
    return [
        f"/info/{number}",
        f"/info/{number}.json",
        f"/info/{number}.pdf",
        f"/info/t/income/{number}.csv",
        f"/info/e/1/{number}",
        f"/info/e/2/{number}",
        *(f"/files/{pk}" for pk in attachments),
    ]


def _withdraw(document, ground: str) -> None:
    document.refresh_from_db()
    actions.withdraw(edition=document.current, by=staff(SIGNER), ground=ground, reason="按规定撤下。")
    follow.settle()


def _words(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_every_way_to_a_withdrawn_document_ends_at_its_tombstone(client, document):
    for way in _ways(document):
        if not way.endswith(".pdf"):
            assert any(word in _words(client.get(way)) for word in (BODY, PAPER, TABLE)), way
    _withdraw(document, "wrong")
    for way in _ways(document):
        response = client.get(way)
        assert response.status_code == 410, way
        if not way.endswith(".json"):
            assert "按规定撤下。" in _words(response) and f"{TITLE}二" in _words(response), way
    told = client.get(f"/info/{document.index_number}.json").json()
    assert told["reason"] == "内容有误：按规定撤下。" and told["title"] == f"{TITLE}二" and told["withdrawn"] is True


@pytest.mark.parametrize("ground", ["personal", "secret"])
def test_nothing_of_a_leak_remains_anywhere_in_public(client, town, document, ground):
    _withdraw(document, ground)
    asked = [
        *_ways(document),
        *(f"/search?q={quote(word)}" for word in (BODY, TITLE)),
        *(f"/api/v1/search?q={quote(word)}" for word in (BODY, TITLE)),
        f"/find?q={quote(BODY)}",
        "/info/?theme=other",
        "/info/c/a20-07",
        "/info/c/key-s3",
    ]
    if ground == "secret":
        values = Values(town)
        asked += [way for route in all_routes() if not route.is_desk for way in values.addresses(route)[:4]]
        assert len(asked) > 150
    for address in asked:
        text = _words(client.get(address))
        left = [
            word
            for word in (TITLE, BODY, TABLE, FILE, PAPER, NOTE, NUMBER)
            if word in text and quote(word) not in address
        ]
        assert not left, f"{address}: {left}"
    page = _words(client.get(f"/info/{document.index_number}"))
    assert "按规定撤下。" in page and document.index_number in page
    assert "党政办公室" not in page.partition('<main id="main"')[2].partition("</main>")[0]
    assert client.get(f"/info/{document.index_number}.json").json()["title"] is None
    assert search.is_ready()


@pytest.fixture
def served(town, tmp_path):
    """The site as it is served, stored pages in front."""
    store = page_store()
    write_hosts(store.hosts_file, town.code, {})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield StoredPages(WSGIHandler(), store, store.hosts_file, tmp_path, "不能办理".encode())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _get(site, path: str, **more: str) -> tuple[str, dict[str, str], str]:
    begun = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": FakePayload(b""), **more,
    }  # fmt: skip
    body = b"".join(site(environ, lambda status, headers, *_: begun.append((status, dict(headers)))))
    return begun[0][0][:3], begun[0][1], body.decode("utf-8", "replace")


def test_a_document_withdrawn_while_someone_reads_it_is_gone_at_the_next_request(served, document):
    """From the store, from the reader's own cache, and for the colleague whose browser passes the store by."""
    ways = [way for way in _ways(document) if not way.endswith(".pdf")]
    read = {way: _get(served, way) for way in ways}
    assert {answer[0] for answer in read.values()} == {"200"}
    stored = [way for way in ways if _get(served, way)[1].get("ETag")]
    assert f"/info/{document.index_number}" in stored
    _withdraw(document, "secret")
    for way in ways:
        tag = read[way][1].get("ETag") or _get(served, way)[1].get("ETag", 'W/"x"')
        for more in ({}, {"HTTP_IF_NONE_MATCH": tag}, {"HTTP_COOKIE": "fresh=1"}, {"HTTP_IF_NONE_MATCH": "*"}):
            status, headers, text = _get(served, way, **more)
            assert status == "410", (way, more)
            assert not any(word in text for word in (TITLE, BODY, TABLE, PAPER)), (way, more)
            assert "max-age" not in headers.get("Cache-Control", "")


def test_no_cache_between_may_answer_with_an_attachment_after_a_withdrawal(client, document):
    for way in _ways(document):
        if way.startswith("/files/"):
            assert client.get(way)["Cache-Control"] == "no-cache"


def test_a_page_that_was_being_made_when_the_document_was_withdrawn_is_not_stored(served, document, monkeypatch):
    """The reader had begun; the withdrawal came before the page was saved."""

    made = info._metadata

    def late(request, row, edition):
        found = made(request, row, edition)
        if row.current.withdrawn_at is None:
            _withdraw(document, "secret")
        return found

    monkeypatch.setattr(info, "_metadata", late)
    _get(served, f"/info/{document.index_number}")
    monkeypatch.setattr(info, "_metadata", made)
    assert _get(served, f"/info/{document.index_number}")[0] == "410"
