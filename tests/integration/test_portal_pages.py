"""Every public page answers, with its headers, for a town that has content and for one that has none."""

import pytest

from mingtang.cases.models import Case
from mingtang.events import follow

pytestmark = pytest.mark.django_db
PAGES = ["/", "/info/", "/services/", "/cases/", "/search", "/search?q=建房", "/ledger/", "/sitemap", "/accessibility", "/gallery/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers(client, town, path):
    follow.settle()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("code", ["LN-001", "LM-001", "JF-001", "JZ-001"])
def test_a_guide_shows_what_runs(client, town, code):
    follow.settle()
    page, data = client.get(f"/services/{code}"), client.get(f"/services/{code}.json").json()
    assert page.status_code == 200
    assert data["flow_sha256"] in page.content.decode()
    assert client.get(f"/services/{code}/flow.svg").status_code == 200
    import hashlib

    assert hashlib.sha256(client.get(f"/services/{code}/flow.bpmn").content).hexdigest() == data["flow_sha256"]


def test_someone_applies_online_and_follows_the_case(client, town):
    follow.settle()
    first = client.get("/services/JF-001/apply")
    token = first.context["form_token"]
    typed = {
        "form_token": token,
        "kind": "person",
        "name": "文小满",
        "id_number": "430623190001010019",
        "phone": "07305550100",
        "how_id": "window",
        "how_application": "window",
        "how_resolution": "window",
        "how_drawing": "window",
    }
    wrong = client.post("/services/JF-001/apply", typed | {"stage": "review"})
    assert wrong.status_code == 422
    assert "校验" in wrong.content.decode() or "身份证" in wrong.content.decode()
