"""Every public page answers, with its headers, for a town that has content and for one that has none."""

import copy
import hashlib
import json
import re
from dataclasses import replace

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from mingtang.cases.models import Case
from mingtang.demo.documents import build_documents
from mingtang.demo.items import ITEMS
from mingtang.disclosure.models import Document
from mingtang.events import follow
from mingtang.rulebook import guide_words
from mingtang.rulebook.spec import parse
from mingtang.search import service as search
from tests.factories import acts

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/info/",
    "/services/",
    "/cases/",
    "/search",
    "/search?q=建房",
    "/find",
    "/find?q=建房",
    "/find/none",
    "/asked",
    "/ledger/",
    "/sitemap",
    "/sitemap.xml",
    "/feeds/info.atom",
    "/accessibility",
    "/gallery/",
)
CODES = ("LN-001", "LM-001", "JF-001", "JZ-001")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_with_its_headers(client, town, path):
    follow.settle()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_readiness_names_what_is_missing(client, town):
    """Asked by programs: the answer is data also when the database is gone."""
    follow.settle()
    search.ensure()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["database"], answer.json()["status"]) == (200, "ok", "ok")

    def gone(execute, sql, params, many, context):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "parts": {"database": "down"}})


@pytest.mark.parametrize("path", PAGES)
def test_the_empty_town_answers_too_and_shows_nothing_of_the_other(client, other_town, path):
    build_documents(other_town.parent.children.get(code="430623107"))
    follow.settle()
    answer = client.get(path, headers={"host": "other.example"})
    assert answer.status_code == 200
    page = answer.content.decode()
    if path != "/gallery/":
        assert "万庾" not in page and "JF-001" not in page and "006382329L" not in page
        assert path != "/info/" or ("缩小范围" not in page and "还没有公开的文件" in page)


@pytest.mark.parametrize("code", CODES)
def test_a_guide_shows_what_runs(client, town, code):
    follow.settle()
    page, data = client.get(f"/services/{code}").content.decode(), client.get(f"/services/{code}.json").json()
    assert data["flow_sha256"] in page and data["hash"] in page
    flow = client.get(f"/services/{code}/flow.bpmn").content
    assert hashlib.sha256(flow).hexdigest() == data["flow_sha256"]
    for picture in ("flow.svg", "flow-narrow.svg"):
        answer = client.get(f"/services/{code}/{picture}")
        assert answer["Content-Type"] == "image/svg+xml" and f"/services/{code}/{picture}" in page
        assert answer.content.startswith(b"<svg")
    for material in data["materials"]:
        assert material["name"] in page


@pytest.mark.parametrize("code", CODES)
def test_nothing_of_an_item_answers_in_the_other_town(client, other_town, code):
    for path in ("", ".json", "/apply"):
        assert client.get(f"/services/{code}{path}", headers={"host": "other.example"}).status_code == 404


def test_a_document_answers_as_page_data_and_paper(client, town):
    build_documents(town)
    follow.settle()
    for row in Document.objects.published():
        path = f"/info/{row.index_number}"
        page, data = client.get(path).content.decode(), client.get(f"{path}.json").json()
        assert data["title"] in page and data["index_number"] in page
        assert data["ledger_index"] is not None and data["logged_at"]
        assert data["published_on"] and data["issuer"] == row.issuer
        assert client.get(path, headers={"host": "127.0.0.1"}).status_code == 200
    assert client.get(f"{path}.pdf").content.startswith(b"%PDF-")


@pytest.fixture
def new_year():
    """Half past midnight in the town; in Greenwich it is last year still."""
    with time_machine.travel("2027-01-01 00:30+08:00"):
        yield


def test_the_day_of_a_publication_is_the_towns_on_every_page(client, new_year, town):
    edition = acts.published(town)
    follow.settle()
    number = edition.document.index_number
    for path in (f"/info/{number}", "/info/", "/info/?year=2027", "/search?q=赶集", "/search?year=2027", "/"):
        page = client.get(path).content.decode()
        assert "2027-01-01" in page and "2026-12-31" not in page, path
    assert client.get(f"/info/{number}.json").json()["published_on"] == "2027-01-01"


def test_a_page_of_a_document_is_not_there_for_the_other_town(client, other_town):
    town = other_town.parent.children.get(code="430623107")
    build_documents(town)
    follow.settle()
    row = Document.objects.published().first()
    attachment = row.current.revision.attachments.first()
    paths = [f"/info/{row.index_number}{more}" for more in ("", ".json", ".pdf")]
    paths += [f"/info/e/1/{row.index_number}"] + ([f"/files/{attachment.pk}"] if attachment else [])
    for path in paths:
        assert client.get(path, headers={"host": "other.example"}).status_code == 404


def test_the_proof_of_a_publication_is_a_file_with_its_number_in_it(client, town):
    build_documents(town)
    follow.settle()
    row = Document.objects.published().first()
    number = client.get(f"/info/{row.index_number}.json").json()["ledger_index"]
    answer = client.get(f"/ledger/entry/{number}.json")
    assert answer["Content-Disposition"] == f'attachment; filename="ledger-entry-{number}.json"'
    assert row.index_number in json.dumps(answer.json(), ensure_ascii=False)


def test_a_case_line_tells_dates_and_posts_and_no_person(client, town):
    from mingtang.demo.cases import build_cases

    build_cases(town)
    follow.settle()
    for case in Case.objects.all():
        page = Client().get(f"/cases/{case.number}").content.decode()
        data = Client().get(f"/cases/{case.number}.json").json()
        assert data["flow_sha256"] == case.version.flow_sha256 and case.version.flow_sha256 in page
        assert data["resident_days"] >= 0 and data["steps"]
        for text in (page, json.dumps(data, ensure_ascii=False)):
            assert not re.search(r"张福寿|李青山|王建家|陈木生|刘春英|0730555010|19000101", text)


@pytest.mark.parametrize(("rule", "told"), [("statutory", "依法就算受理"), ("promise", "我们就按受理办"), ("none", "")])
def test_the_guide_promises_of_silence_only_what_the_version_does(rule, told):
    spec = replace(parse(copy.deepcopy(ITEMS[1][2])), silence_rule=rule)
    note = guide_words.steps(spec, spec.steps, {})[0]["note"]
    assert ("超过时限" in note) is bool(told)
    assert told in note
