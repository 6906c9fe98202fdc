"""A day at a real server that is killed without warning again and again: what was acknowledged is there afterwards.

Residents and clerks send each form until they get an answer, as a browser does whose connection broke: the same form
again. Where the server dies is up to the seed and to the moment.
"""

import html
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.utils import timezone

from mingtang.cases import numbers
from mingtang.cases.models import Case, CaseErrand, MaterialFile
from mingtang.demo.town import PASSWORD
from mingtang.events import follow, vault
from mingtang.files.actions import content
from mingtang.hall import gaps
from mingtang.hall.models import Contact, Errand
from mingtang.lib.paths import CHECKOUT
from mingtang.towns.models import Jurisdiction
from tests.browser.installation import answers, free_port
from tests.factories.cast import CLERK_1
from tests.factories.hall import window
from tests.integration.desk_steps import ID_NUMBER, PNG, SITUATION

SEED, KILLS, BETWEEN, PATIENCE, LOOK_EVERY = 7, 5, (8, 26), 60.0, 0.05
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
Fields = dict[str, str]


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask until it holds; what the system refuses meanwhile does not hold yet."""
    turn = threading.Event()
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        with suppress(OSError):
            if holds():
                return
        turn.wait(LOOK_EVERY)
    raise AssertionError("waited in vain")


class House:
    """The server as ``mingtang serve`` starts it, in a process group of its own."""

    def __init__(self, environment: Fields, folder: Path) -> None:
        self.port, self.log = free_port(), folder / "serve.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**environment, "PORT": str(self.port)}
        self.up, self.over = threading.Event(), threading.Event()
        self.told, self.acknowledged, self.cut = threading.Condition(), 0, 0

    def start(self) -> None:
        command = [sys.executable, "-m", "config.cli", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=CHECKOUT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: answers(f"{self.url}/readyz") or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()
        self.up.set()

    def kill(self) -> None:
        """The supervisor and its worker at once: nobody puts anything in order. Returns when both have let go."""
        self.up.clear()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            wait_until(lambda: probe.bind(("127.0.0.1", self.port)) is None)

    def count(self) -> None:
        with self.told:
            self.acknowledged += 1
            self.told.notify_all()

    def wait_for(self, acts: int) -> None:
        with self.told:
            goes_on = self.told.wait_for(lambda: self.acknowledged >= acts or self.over.is_set(), PATIENCE)
        assert goes_on, "nothing was acknowledged any more"


@dataclass
class Answer:
    """``again``: no answer came the first time, and the same was sent once more."""

    status: int
    text: str
    place: str
    again: bool


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Person:
    """Somebody with a browser, who sends what got no answer again, byte for byte."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay)

    def ask(self, path: str, fields: Fields | None = None, files: Fields | None = None) -> Answer:
        body, headers = (None, {}) if fields is None else _form(fields, files or {})
        again = False
        while True:
            try:
                request = urllib.request.Request(self.house.url + path, body, headers)
                try:
                    with self.opener.open(request, timeout=PATIENCE) as answer:
                        return Answer(answer.status, answer.read().decode(), "", again)
                except urllib.error.HTTPError as answer:
                    return Answer(answer.code, answer.read().decode(), answer.headers.get("Location") or "", again)
            except (OSError, http.client.HTTPException) as error:
                again = True
                self.house.cut += not isinstance(getattr(error, "reason", None), ConnectionRefusedError)
                assert self.house.up.wait(PATIENCE), "the server never came back"


def _form(fields: Fields, files: Fields) -> tuple[bytes, Fields]:
    """As a browser packs a form; each of ``files`` (field → name) is the same small picture."""
    limit = uuid.uuid4().hex
    parts = [
        f'--{limit}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, file in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: image/png'
        parts.append(f"--{limit}\r\n{head}\r\n\r\n".encode() + PNG + b"\r\n")
    return b"".join([*parts, f"--{limit}--\r\n".encode()]), {"Content-Type": f"multipart/form-data; boundary={limit}"}


def hidden(page: str) -> Fields:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}


@dataclass
class Kept:
    """What was acknowledged: the form, so that it can be sent once more, and where its answer led."""

    sent: list[tuple[Person, str, Fields, str]] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    taken_in: dict[int, str] = field(default_factory=dict)


def at_the_kiosk(house: House, kept: Kept) -> Iterator[None]:
    person = Person(house)
    while True:
        page = person.ask("/hall/hall/kiosk").text
        form = hidden(page) | {"item": "LN-001"}
        given = person.ask("/hall/hall/take", form)
        assert given.status == 302, given.text
        kept.tickets.append(given.place.split("/")[2].split("?")[0])
        kept.sent.append((person, "/hall/hall/take", form, given.place))
        yield


def online(house: House, kept: Kept) -> Iterator[None]:
    """Say what it is, fill in with a picture, check, hand in."""
    path, typed = "/services/JF-001/apply", {"kind": "person", "name": "文小满", "id_number": ID_NUMBER, "phone": ""}
    while True:
        person = Person(house)
        page = person.ask(path, hidden(person.ask(path).text) | SITUATION).text
        ways = {f"how_{key}": "window" for key in set(re.findall(r'name="how_([a-z_]+)"', page))}
        assert ways, page
        chosen = ways | {"how_drawing": "upload"}
        page = person.ask(path, hidden(page) | typed | chosen | {"stage": "review"}, {"file_drawing": "图.png"}).text
        yield
        form = hidden(page) | {"stage": "submit"}
        made = person.ask(path, form)
        assert made.status == 302, made.text
        number = made.place.split("/")[2]
        kept.cases.append(number)
        kept.uploads.append(number)
        kept.sent.append((person, path, form, made.place))
        yield


def at_the_window(house: House, kept: Kept, one: str) -> Iterator[None]:
    """Call the next or receive who has no number, sit down, take in or answer, in turn."""
    clerk = Person(house)
    login = hidden(clerk.ask("/desk/login").text) | {"username": CLERK_1, "password": PASSWORD}
    assert clerk.ask("/desk/login", login).place.startswith("/desk/")

    def press(act: str, **sent: str) -> Answer:
        token = {name: value for name, value in hidden(page).items() if name in ("csrfmiddlewaretoken", "form_token")}
        answer = clerk.ask(f"/desk/counter/{act}", token | {"window": one, **sent})
        assert answer.status == 302 or answer.again or (act == "call" and "没有人等" in answer.text), answer.text
        return answer

    while True:
        page = clerk.ask("/desk/counter/").text
        if "现在由您负责" not in page and 'action="/desk/counter/settle"' not in page:
            if found := re.search(r'action="/desk/counter/start".*?name="contact" value="(\d+)"', page):
                press("start", contact=found[1])
            elif press("call").status != 302:
                press("receive", item="LN-001")
            yield
            continue
        errand = re.search(r'name="errand" value="(\d+)"', page)[1]
        if len(kept.settled) < len(kept.taken_in):
            press("settle", errand=errand, outcome="answered")
            kept.settled.append(int(errand))
        else:
            path = "/desk/cases/new/LN-001"
            form = hidden(clerk.ask(f"{path}?ticket={errand}").text) | SITUATION
            form |= {"kind": "person", "name": "文小满", "id_number": ID_NUMBER, "address": "兔湖村", "ticket": errand}
            form |= {"check_id": "ok", "check_photo": "ok"}
            made = clerk.ask(path, form)
            assert made.status == 302, made.text
            number = made.place.split("/")[3]
            kept.cases.append(number)
            kept.taken_in[int(errand)] = number
            kept.sent.append((clerk, path, form, made.place))
        yield


@pytest.fixture
def house(own_database, tmp_path, settings) -> Iterator[House]:
    made = House(own_database.environment | {"MINGTANG_PAYLOAD_KEY": settings.PAYLOAD_KEY}, tmp_path)
    made.start()
    try:
        yield made
    finally:
        made.over.set()
        made.up.set()
        made.kill()


def live(house: House, lives: list[Iterator[None]]) -> list[BaseException]:
    """Everybody at once until the last kill; returns what went wrong."""
    wrong: list[BaseException] = []

    def go_on(life: Iterator[None]) -> None:
        try:
            for _ in life:
                house.count()
                if house.over.is_set():
                    return
        except BaseException as error:
            wrong.append(error)
            house.over.set()
            house.count()

    people = [threading.Thread(target=go_on, args=(life,)) for life in lives]
    for person in people:
        person.start()
    chance = random.Random(SEED)
    for _ in range(KILLS):
        house.wait_for(house.acknowledged + chance.randrange(*BETWEEN))
        if wrong:
            break
        house.kill()
        house.start()
    house.wait_for(house.acknowledged + BETWEEN[0])
    house.over.set()
    for person in people:
        person.join(PATIENCE)
    return wrong


def in_a_row(found: list[str]) -> bool:
    """Whether case numbers are the first that can be given, none left out."""
    year = timezone.localdate().year
    bodies = [f"WY{year}{n:06d}" for n in range(1, 2 * len(found) + 9)]
    possible = [body + numbers.check_character(body) for body in bodies if numbers.check_character(body) != "*"]
    return sorted(found) == sorted(possible[: len(found)])


def test_a_server_killed_again_and_again_loses_nothing_that_was_acknowledged(house):
    town, kept, day = Jurisdiction.objects.get(code="430623107"), Kept(), timezone.localdate()
    lives = [at_the_kiosk(house, kept), online(house, kept), online(house, kept)]
    lives.append(at_the_window(house, kept, str(window(1).pk)))
    wrong = live(house, lives)
    assert wrong == [], wrong
    assert house.cut > KILLS, "the server died while it was answering"
    assert len(kept.tickets) > KILLS and len(kept.cases) > KILLS and kept.settled and kept.taken_in

    for person, path, form, place in kept.sent:
        again = person.ask(path, form)
        assert (again.status, again.place) == (302, place), (path, again.text)
    house.kill()
    follow.settle()
    assert len(set(kept.tickets)) == len(kept.tickets) == Contact.objects.filter(channel="kiosk").count()
    assert set(kept.cases) <= set(Case.objects.values_list("number", flat=True))
    assert in_a_row(list(Case.objects.values_list("number", flat=True)))
    (report,) = gaps.report(town, day, day)
    assert report.missing == () and report.given == Contact.objects.count()
    for number in kept.uploads:
        row = MaterialFile.objects.select_related("file", "material__case__key").get(material__case__number=number)
        assert content(row.file, seal_key=vault.key_bytes(row.material.case.key))[1] == PNG
    assert Errand.objects.filter(pk__in=kept.settled, outcome="answered").count() == len(kept.settled)
    for errand, number in kept.taken_in.items():
        assert CaseErrand.objects.get(errand=errand).case.number == number
    command = [sys.executable, "-m", "config.cli", "verify"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=house.environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
