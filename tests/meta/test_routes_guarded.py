"""Every route, today's and tomorrow's: a stranger stays outside the desk, a second town sees nothing of the first."""

from datetime import UTC, datetime
from itertools import product

import pytest
from django.test import Client

from mingtang.cases.models import Case
from mingtang.demo.cases import build_cases
from mingtang.demo.documents import build_documents
from mingtang.demo.powers import build_powers
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.people.enums import Role, UnitKind
from mingtang.people.models import Assignment, Post, Staff, Unit
from tests.factories.accounts import log_in_resident
from tests.factories.cast import ADMINISTRATOR, CLERK_3, EDITOR, login
from tests.meta.routes import Values, all_routes

OTHER_HOST = "other.example"
# What anyone may open: the door itself.
DOOR = {"/desk/login"}
# Examples written into the templates, the same in every town.
EXAMPLES = "/gallery/"
ROUTES = list(all_routes())
pytestmark = pytest.mark.once


@pytest.fixture
def full_town(town):
    """The demo town with documents and cases, searchable and in the log."""
    build_powers(town)
    build_documents(town)
    build_cases(town)
    follow.settle()
    return town


@pytest.fixture
def values(full_town):
    return Values(full_town)


def _ask(client, method, address, **extra):
    return getattr(client, method)(address, **extra)


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_the_walk_finds_the_routes_of_all_three_sites():
    found = {str(route) for route in ROUTES}
    assert {"/", "/info/{number}", "/cases/{number}/mine", "/ledger/entry/{number}", "/api/v1/search"} <= found
    assert any(route.is_desk for route in ROUTES), "the desk has routes"
    assert len(ROUTES) == len(found)


def _desk_stays_shut(client, values, known):
    for route in ROUTES:
        if not route.is_desk or str(route) in DOOR:
            continue
        for method, address in product(("get", "post", "put", "delete"), values.addresses(route)[:6]):
            response = _ask(client, method, address)
            if response.status_code == 302:
                assert response["Location"].startswith("/desk/login"), address
            else:
                assert response.status_code in {403, 404, 405}, f"{method} {address}: {response.status_code}"
            _holds_no_word(response, address, values, known)


def test_a_stranger_and_a_resident_get_nothing_from_the_desk(client, values, full_town):
    # An error page wears the town's own public frame.
    frame = frozenset({full_town.name, full_town.site_name, full_town.phone, full_town.code})
    _desk_stays_shut(client, values, frame)
    log_in_resident(client, Case.objects.filter(town=full_town))
    _desk_stays_shut(client, values, frame)


def test_a_post_without_a_token_is_refused_everywhere(values):
    strict = Client(enforce_csrf_checks=True)
    for route in ROUTES:
        address = values.addresses(route)[0]
        response = strict.post(address, {"x": "1"})
        assert response.status_code in {403, 404, 405}, f"{address}: {response.status_code}"


def test_someone_without_a_post_does_no_act(client, values, full_town):
    """An account alone has no powers: whatever is sent by POST, nothing happens in the town."""
    nobody = Staff.objects.create(town=full_town, username="nobody", name="无岗人员", number="9999")
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    before = Event.objects.filter(town=full_town).count()
    for route in ROUTES:
        if not route.is_desk or str(route) == "/desk/logout":
            continue
        for address in values.addresses(route)[:4]:
            response = client.post(address, {"reason": "试一试", "note": "试一试"})
            assert response.status_code in {302, 403, 404, 405, 422}, f"{address}: {response.status_code}"
    assert Event.objects.filter(town=full_town).count() == before


def _holds_no_word(response, address, values, known=frozenset()):
    """No name, number or title of the first town, unless the visitor just typed it into the address or it is known."""
    if address == EXAMPLES:
        return
    text = _text(response)
    found = [word for word in values.words - known if word in text and word not in address]
    assert not found, f"{address}: {found[:5]}"


def _walk_other_host(client, values, begin=("/",)):
    for route in ROUTES:
        if not str(route).startswith(begin):
            continue
        for address in values.addresses(route):
            for method in ("get", "post"):
                response = _ask(client, method, address, HTTP_HOST=OTHER_HOST)
                assert response.status_code < 500, f"{method} {address}: {response.status_code}"
                _holds_no_word(response, address, values)
                if route.names and response.status_code == 200:
                    _is_harmless(route, address, response)


def _is_harmless(route, address, response):
    """A route with a value of the first town may answer 200 on the second host only where it says nothing.

    The case pages ask for number and code alike for numbers that exist and that do not; the counting picture is the
    same for every number; national laws are everyone's (a town's own paper is not: tests/integration/test_laws_pages).
    """
    if str(route).startswith("/cases/{number}/"):
        assert 'name="code"' in _text(response), address
    else:
        assert str(route) in {"/hits/{pk}.gif", "/laws/{pk}"}, address


def _untouched(town, before):
    assert Event.objects.filter(town=town).count() == before


def test_a_stranger_at_the_second_town_sees_nothing_of_the_first(client, values, full_town, other_town):
    before = Event.objects.filter(town=full_town).count()
    _walk_other_host(client, values)
    _untouched(full_town, before)


def test_an_account_of_the_first_town_shows_nothing_of_it_at_the_second(client, values, full_town, other_town):
    """Where it could make a difference: an account is of the installation, what it holds is of a town."""
    log_in_resident(client, Case.objects.filter(town=full_town))
    _walk_other_host(client, values, ("/cases/", "/drafts/", "/account/", "/services/"))


def test_staff_of_the_first_town_are_nobody_at_the_second(client, values, full_town, other_town):
    desk = [route for route in ROUTES if route.is_desk and str(route) not in DOOR]
    before = Event.objects.filter(town=full_town).count()
    for username, route in product((EDITOR, CLERK_3, ADMINISTRATOR), desk):
        for address in values.addresses(route)[:3]:
            for method in ("get", "post"):
                login(client, username)
                response = _ask(client, method, address, HTTP_HOST=OTHER_HOST)
                assert response.status_code in {302, 403, 404, 405}, f"{method} {address}: {response.status_code}"
                if response.status_code == 302:
                    assert response["Location"].startswith("/desk/login"), address
                _holds_no_word(response, address, values)
    _untouched(full_town, before)


@pytest.fixture
def mighty_neighbour(other_town):
    """Someone with every role, in the second town."""
    unit = Unit.objects.create(town=other_town, code="office", name="北洲办公室", kind=UnitKind.OFFICE)
    post = Post.objects.create(town=other_town, unit=unit, code="all", name="全能岗", roles=list(Role.values))
    person = Staff.objects.create(town=other_town, username="beizhou", name="邻镇（演示）", number="1")
    began = datetime(2020, 1, 1, tzinfo=UTC)
    Assignment.objects.create(staff=person, post=post, valid_from=began)
    return person


def test_the_mightiest_neighbour_reaches_nothing_of_the_first_town(client, values, full_town, mighty_neighbour):
    client.force_login(mighty_neighbour, backend="django.contrib.auth.backends.ModelBackend")
    before = Event.objects.filter(town=full_town).count()
    for route in ROUTES:
        if str(route) == "/desk/logout":
            continue
        for address in values.addresses(route):
            for method in ("get", "post"):
                response = _ask(client, method, address, HTTP_HOST=OTHER_HOST)
                assert response.status_code < 500, f"{method} {address}: {response.status_code}"
                _holds_no_word(response, address, values)
                if route.is_desk and route.names:
                    assert response.status_code != 200 or method == "get", address
    _untouched(full_town, before)


def test_a_case_opened_with_its_code_in_one_town_is_closed_in_the_other(client, full_town, other_town):
    case = Case.objects.filter(town=full_town).first()
    session = client.session
    session["opened_cases"] = [case.pk]
    session.save()
    assert case.number in _text(client.get(f"/cases/{case.number}/mine"))
    elsewhere = client.get(f"/cases/{case.number}/mine", HTTP_HOST=OTHER_HOST)
    assert "群众天" not in _text(elsewhere)
    paper = case.documents.first()
    answer = client.get(f"/cases/{case.number}/papers/{paper.pk}.pdf", HTTP_HOST=OTHER_HOST)
    assert answer["Content-Type"].startswith("text/html")
    assert 'name="code"' in _text(answer)


def test_search_in_the_second_town_finds_nothing_of_the_first(client, values, other_town):
    for query in ["", "低保", "采伐", *sorted(values.words)[:20]]:
        found = client.get("/api/v1/search", {"q": query}, HTTP_HOST=OTHER_HOST).json()
        assert (found["total"], found["results"], found["suggestion"]) == (0, [], None), query


def test_a_case_number_is_locked_per_town(client, full_town, other_town):
    """Guessing at the neighbour's does not lock out the town's own applicant."""
    case = Case.objects.filter(town=full_town).first()
    for _ in range(8):
        client.post("/cases/", {"number": case.number, "code": "AAAAAAAAAA"}, HTTP_HOST=OTHER_HOST)
    answer = client.post("/cases/", {"number": case.number, "code": "AAAAAAAAAA"})
    assert "输错的次数太多" not in _text(answer)
