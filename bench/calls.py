"""From the call to the display on the wall, with fifty windows and five hundred waiting: ``python -m bench.calls``.

Clerks press 叫下一个 at the real server; a display asks for its small file twice a second, as its script does. Counted
is the time from the clerk's answer to the display's answer that shows the number: first one window after the other,
then eight at the same moment, as many as a display shows. Target: at most 1 s.

Beside it the act alone, on the same tables and disk (SQLite, synchronous=FULL): calling the next, and what Django takes
to find the first of those who wait, move that row and note that it did. Both take turns.
"""

import http.client
import json
import statistics
import sys
import tempfile
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench.servers import free_port, python, running
from bench.steps import build, timed

WINDOWS, WAITING, TURNS, WARM_UP = 50, 500, 40, 5
ALONE, AT_ONCE = 10, 8
ASKED_EVERY, LONGEST, AT_MOST = 0.5, 1.0, 5.0
TOKEN = "b" * 32


def furnish() -> list[str]:
    """Fifty windows with a clerk behind each, all logged in, and those who wait; the clerks' session cookies."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone

    from mingtang.events.log import CONSOLE
    from mingtang.hall import sites
    from mingtang.hall.models import Site
    from mingtang.people import actions
    from mingtang.people.models import Post, Staff

    site = Site.objects.select_related("town").get(code="hall")
    post, head = Post.objects.get(code="window-1"), Staff.objects.get(username="zhuren")
    cookies = []
    for number in range(1, WINDOWS + 1):
        own = Post.objects.create(
            town=site.town, unit=post.unit, code=f"bench-{number}", name=f"{number}号窗口", roles=post.roles
        )
        clerk = Staff.objects.create(town=site.town, username=f"bench{number}", name="甲", number=f"b{number}")
        actions.appoint(staff=clerk, post=own, by=CONSOLE, valid_from=timezone.now() - timedelta(days=1))
        sites.keep_window(site=site, number=number, kind="general", name="综合", post=own, by=head)
        client = Client()
        client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
        cookies.append(f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}")
    wait()
    return cookies


def wait() -> None:
    """Numbers from the kiosk until so many wait."""
    from mingtang.hall import tickets
    from mingtang.hall.models import Contact, Site

    site = Site.objects.get(code="hall")
    for _ in range(WAITING - Contact.objects.filter(state="waiting").count()):
        tickets.take(site=site)


def bare(window: int) -> None:
    """What Django alone takes to move the first who waits and to note that it did."""
    from django.db import transaction
    from django.utils import timezone

    from mingtang.events.models import Event
    from mingtang.hall.models import Contact

    now = timezone.now()
    with transaction.atomic():
        waiting = Contact.objects.select_for_update().filter(state="waiting", day=timezone.localdate())
        contact = waiting.order_by("place_at", "serial").first()
        contact.state, contact.window_id, contact.calls, contact.called_at = "called", window, 1, now
        contact.save(update_fields=["state", "window", "calls", "called_at"])
        Event.objects.create(
            town_id=contact.town_id, type="bench.moved", happened_at=now, recorded_at=now, actor="staff:1",
            subject=contact.subject, data={"window": window}, salt=bytes(16),
        )  # fmt: skip


def measure_act() -> dict[str, list[float]]:
    """Milliseconds of each turn; whoever was called leaves, and somebody new waits."""
    from mingtang.hall import counter, tickets
    from mingtang.hall.models import Contact, Window
    from mingtang.people.models import Staff

    window, clerk = Window.objects.get(number=1), Staff.objects.get(username="bench1")
    acts = {
        "call next": lambda: counter.call_next(window=window, by=clerk),
        "bare": lambda: bare(window.pk),
    }
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(TURNS + WARM_UP):
        for name, act in acts.items():
            milliseconds = timed(act)
            if turn >= WARM_UP:
                spent[name].append(milliseconds)
            tickets.leave(contact=Contact.objects.get(state="called"))
            wait()
    return spent


class Display(threading.Thread):
    """Asks twice a second and notes when it was first told of a window's call."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()
        self.shown: dict[int, float] = {}
        self.told = threading.Condition()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.over.is_set():
            connection.request("GET", "/hall/hall/calls.json")
            calls = json.loads(connection.getresponse().read())["calls"]
            now = perf_counter()
            with self.told:
                for call in calls:
                    self.shown.setdefault(call["window"], now)
                self.told.notify_all()
            self.over.wait(ASKED_EVERY)

    def when(self, window: int) -> float:
        with self.told:
            if not self.told.wait_for(lambda: window in self.shown, 30):
                raise SystemExit(f"the display never showed window {window}")
            return self.shown[window]


def call(port: int, cookie: str, key: int) -> tuple[float, float]:
    """The clerk presses; the moments of that and of the answer."""
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, "window": key})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    begun = perf_counter()
    connection.request("POST", "/desk/counter/call", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise SystemExit(f"the call was answered {answer.status}")
    return begun, perf_counter()


def measure_display(folder: Path, cookies: list[str]) -> dict[str, list[float]]:
    """Seconds of every call: the clerk's wait, and from there to the display."""
    from mingtang.hall.models import Window

    keys = dict(Window.objects.filter(site__code="hall").values_list("number", "pk"))
    port, spent = free_port(), {"alone": [], "at once": [], "answer": [], "press": []}
    command = python("-m", "config.serve", "127.0.0.1", str(port))
    rounds = [[number] for number in range(1, ALONE + 1)]
    rounds += [list(range(first, first + AT_ONCE)) for first in range(ALONE + 1, WINDOWS + 1, AT_ONCE)]
    with running(command, port, {"MINGTANG_DATA": str(folder), "MINGTANG_EMBEDDED": "1"}):
        display = Display(port)
        display.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for numbers in rounds:
                answers = list(pool.map(lambda n: call(port, cookies[n - 1], keys[n]), numbers))
                for number, (begun, came) in zip(numbers, answers, strict=True):
                    shown = display.when(number)
                    spent["answer"].append(came - begun)
                    spent["press"].append(shown - begun)
                    spent["alone" if len(numbers) == 1 else "at once"].append(max(0, shown - came))
        display.over.set()
        display.join()
    return spent


def main() -> int:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        build(folder)
        cookies = furnish()
        acts = measure_act()
        seconds = measure_display(folder, cookies)
    table = Table(title=f"{WINDOWS} windows, {WAITING} waiting")
    for heading in ("what", "median", "90 % below", "longest"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    rows = {
        **{f"{name}, the act alone": [value / 1000 for value in values] for name, values in acts.items()},
        "the clerk's answer over HTTP": seconds["answer"],
        "from the answer to the display, one window": seconds["alone"],
        f"from the answer to the display, {AT_ONCE} at once": seconds["at once"],
        "from the press to the display": seconds["press"],
    }
    for name, values in rows.items():
        ordered = sorted(values)
        shown = statistics.median(values), ordered[len(ordered) * 9 // 10], ordered[-1]
        table.add_row(name, *(f"{value * 1000:.1f} ms" for value in shown))
    console.print(table)
    ratio = statistics.median(mine / other for mine, other in zip(acts["call next"], acts["bare"], strict=True))
    longest = max(*seconds["alone"], *seconds["at once"])
    goals = [
        ("call to display, longest", f"{longest:.2f} s", f"at most {LONGEST} s", longest <= LONGEST),
        ("calling the next ÷ bare Django transition", f"{ratio:.2f}", f"at most {AT_MOST}", ratio <= AT_MOST),
    ]
    result = Table(title="Targets")
    for heading in ("measure", "found", "wanted", ""):
        result.add_column(heading)
    for name, value, wanted, met in goals:
        result.add_row(name, value, wanted, "met" if met else "MISSED")
    console.print(result)
    return 0 if all(met for *_, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
