"""One case step beside a bare Django transition, and twenty applicants at once: ``python -m bench.steps``.

A step is what a clerk's act costs: the case locked, powers checked, the engine run, step and clock rows, the event with
its sealed payload, a durable commit (SQLite, synchronous=FULL). The bare transition is one locked row updated and one
event row inserted by Django's ORM in one transaction on the same tables and disk. Both take turns, act by act; the
ratio is the median over all turns. Target: at most 5.

The applicants fill in the real form at the real server, all twenty sending each screen at the same moment. Target:
every case is there, and nobody waits over a second.
"""

import html
import os
import re
import statistics
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench.servers import free_port, python, running

TURNS, WARM_UP, APPLICANTS = 60, 8, 20
AT_MOST, LONGEST_WAIT = 5.0, 1.0
ITEM, ANSWERS = "JF-001", {"project": "new", "land": "homestead"}
SITUATION = {f"ask_{key}": answer for key, answer in ANSWERS.items()}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def build(folder: Path) -> None:
    """A data folder with the demo town, made by the real actions."""
    os.environ |= {"MINGTANG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from mingtang.demo.items import build_items
    from mingtang.demo.town import build_organisation, build_town

    call_command("migrate", verbosity=0)
    town = build_town()
    build_organisation(town)
    build_items(town)


def bare(case_id: int) -> None:
    """What Django alone takes to move one row and note that it did."""
    from django.db import transaction
    from django.utils import timezone

    from mingtang.cases.models import Case
    from mingtang.events.models import Event

    now = timezone.now()
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        if case.state != "accepted":
            raise SystemExit("the bare transition found another state")
        case.accepted_at = now
        case.save(update_fields=["accepted_at"])
        Event.objects.create(
            town_id=case.town_id,
            type="bench.moved",
            happened_at=now,
            recorded_at=now,
            actor="staff:1",
            subject=case.subject,
            data={"step": "land_review"},
            salt=bytes(16),
        )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


class Journey:
    """One case from application to service; each act is timed."""

    def __init__(self, turn: int) -> None:
        from mingtang.people.models import Staff
        from mingtang.rulebook.models import Item

        names = ("chuangkou3", "guotu", "chengjian", "zhenzhang")
        self.clerk, self.land, self.builder, self.decider = (Staff.objects.get(username=name) for name in names)
        self.version = Item.objects.get(code=ITEM).current
        self.submission = f"bench-{turn}"

    def acts(self) -> dict[str, Callable[[], object]]:
        """In order; ``bare`` stands before the step it is compared with."""
        from mingtang.cases import actions

        return {
            "submit": self.submit,
            "accept": lambda: actions.accept(case=self.case, by=self.clerk),
            "bare": lambda: bare(self.case.pk),
            "step": lambda: self.agree("land_review", self.land),
            "last step": lambda: self.agree("build_review", self.builder),
            "decide": lambda: actions.decide(case=self.case, outcome="granted", reasons="", by=self.decider),
            "serve": lambda: actions.serve(case=self.case, mode="direct", receiver="文小满", by=self.clerk),
        }

    def submit(self) -> None:
        from mingtang.cases import actions
        from mingtang.cases.actions.intake import Received, new_case_key
        from mingtang.cases.applicants import Applicant
        from mingtang.rulebook.situations import selected

        self.case = actions.submit(
            version=self.version,
            applicant=Applicant("person", "文小满（演示）", identity_number(1), ""),
            answers=ANSWERS,
            received=Received(seen=frozenset(row.key for row in selected(self.version.spec, ANSWERS).asked)),
            submission=self.submission,
            key=new_case_key(self.version),
            by=self.clerk,
        ).case

    def agree(self, step: str, by) -> None:
        from mingtang.cases import actions

        actions.opinion(case=self.case, step_key=step, agrees=True, text="核对无误。", by=by)


def identity_number(serial: int) -> str:
    """An invented number with a right check digit."""
    from mingtang.lib.identifiers import id_check_character

    body = f"43062319500101{serial:03d}"
    return body + id_check_character(body)


def measure_steps() -> dict[str, list[float]]:
    """Milliseconds of each turn: the step, the bare transition, and for information every other act of the case."""
    spent: dict[str, list[float]] = {}
    for turn in range(TURNS + WARM_UP):
        for name, act in Journey(turn).acts().items():
            milliseconds = timed(act)
            if turn >= WARM_UP:
                spent.setdefault(name, []).append(milliseconds)
    return spent


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """Somebody with a browser: cookies, forms, and how long each answer took."""

    def __init__(self, port: int, gate: threading.Barrier) -> None:
        self.address, self.gate = f"http://127.0.0.1:{port}/services/{ITEM}/apply", gate
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay)
        self.waits: dict[str, float] = {}

    def ask(self, screen: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Send when everybody else does; status and text, or the place one is sent on to."""
        body = urllib.parse.urlencode(fields).encode() if fields else None
        self.gate.wait(60)
        begun = perf_counter()
        try:
            with self.opener.open(self.address, body, 60) as answer:
                found = answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            found = answer.code, answer.headers.get("Location") or answer.read().decode()
        self.waits[screen] = perf_counter() - begun
        return found

    def apply(self, typed: dict[str, str]) -> str:
        """Say what it is, fill in, check, hand in; the number of the case."""
        page = self.expect(200, *self.ask("questions"))
        page = self.expect(200, *self.ask("form", hidden(page) | SITUATION))
        page = self.expect(200, *self.ask("check", hidden(page) | typed | {"stage": "review"}))
        place = self.expect(302, *self.ask("hand in", hidden(page) | {"stage": "submit"}))
        return place.split("/")[2]

    @staticmethod
    def expect(wanted: int, status: int, text: str) -> str:
        if status != wanted:
            raise SystemExit(f"the server answered {status}: {text[:2000]}")
        return text


def hidden(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}


def measure_applicants(folder: Path) -> tuple[dict[str, float], int]:
    """The longest wait for each screen in seconds, and how many of the cases are really there."""
    from mingtang.cases.models import Case
    from mingtang.rulebook.models import Item
    from mingtang.rulebook.situations import selected

    port, gate = free_port(), threading.Barrier(APPLICANTS)
    spec = Item.objects.get(code=ITEM).current.spec
    materials = [material.key for material in selected(spec, ANSWERS).asked]

    def one(number: int) -> tuple[str, dict[str, float]]:
        typed = {"kind": "person", "name": "文小满", "id_number": identity_number(number), "phone": ""}
        visitor = Visitor(port, gate)
        return visitor.apply(typed | {f"how_{key}": "window" for key in materials}), visitor.waits

    command = python("-m", "config.serve", "127.0.0.1", str(port))
    environment = {"MINGTANG_DATA": str(folder), "MINGTANG_EMBEDDED": "1"}
    with running(command, port, environment), ThreadPoolExecutor(APPLICANTS) as pool:
        answers = list(pool.map(one, range(1, APPLICANTS + 1)))
    numbers = {number for number, _ in answers}
    waits = {screen: max(wait[screen] for _, wait in answers) for screen in answers[0][1]}
    return waits, Case.objects.filter(number__in=numbers, channel="online").count()


def main() -> int:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        build(folder)
        spent = measure_steps()
        waits, found = measure_applicants(folder)
    ratios = [mine / other for mine, other in zip(spent["step"], spent["bare"], strict=True)]
    table = Table(title=f"One act of a case on SQLite, synchronous=FULL ({TURNS} turns), ms")
    for heading in ("act", "median", "90 % below", "× bare"):
        table.add_column(heading, justify="left" if heading == "act" else "right")
    for name, values in spent.items():
        times = statistics.median(a / b for a, b in zip(values, spent["bare"], strict=True))
        table.add_row(
            name, f"{statistics.median(values):.2f}", f"{sorted(values)[len(values) * 9 // 10]:.2f}", f"{times:.2f}"
        )
    console.print(table)
    ratio, longest = statistics.median(ratios), max(waits.values())
    goals = [
        ("case step ÷ bare Django transition", f"{ratio:.2f}", f"at most {AT_MOST}", ratio <= AT_MOST),
        *(
            (f"longest wait of {APPLICANTS} at once: {screen}", f"{wait:.2f} s", f"at most {LONGEST_WAIT} s", wait <= 1)
            for screen, wait in waits.items()
        ),
        (f"cases of {APPLICANTS} applicants", str(found), f"all {APPLICANTS}", found == APPLICANTS),
    ]
    result = Table(title="Targets")
    for heading in ("measure", "found", "wanted", ""):
        result.add_column(heading)
    for name, value, wanted, met in goals:
        result.add_row(name, value, wanted, "met" if met else "MISSED")
    console.print(result)
    return 0 if ratio <= AT_MOST and longest <= LONGEST_WAIT and found == APPLICANTS else 1


if __name__ == "__main__":
    sys.exit(main())
