"""The to-do list of whoever owns a step, with 10,000 open cases beside 100: ``python -m bench.inbox``.

One case is brought to its step by the real acts; all others are copies of its rows, added in bulk and due on days all
over a year. Both lists are asked of Django in one process, turn by turn; CPU time counts, the ratio is the median over
the turns. Target: at most 1.5, for the first page and for one far down. The first page must hold what is due first.
"""

import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.steps import Journey, build

FEW, MANY = 100, 10_000
TURNS, WARM_UP = 60, 6
AT_MOST = 1.5
STEP, YEAR = "land_review", 365


def values(row: Any) -> dict[str, Any]:
    """Every column of a row but its key."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def fill() -> dict[int, Any]:
    """For each number of open cases the member of staff at whose post so many wait."""
    from mingtang.cases.models import Case, CaseStep, Clock
    from mingtang.events.log import CONSOLE
    from mingtang.people import actions
    from mingtang.people.models import Post, Staff

    acts = (journey := Journey(0)).acts()
    acts["submit"]()
    acts["accept"]()
    case = Case.objects.get(pk=journey.case.pk)
    step, clock = case.steps.get(key=STEP, done_at=None), case.clocks.get(step_key=STEP)
    found = {}
    for count in (FEW, MANY):
        kept = values(Post.objects.get(code=step.post_code))
        post = Post.objects.create(**{**kept, "code": f"review-{count}", "name": f"审查岗（{count}件）"})
        staff = Staff.objects.create(town=case.town, username=f"reviewer-{count}", name="文审", number=f"R{count}")
        actions.appoint(staff=staff, post=post, by=CONSOLE)
        names = [f"BENCH-{count}-{number:05d}" for number in range(count)]
        copies = [Case(**{**values(case), "number": name, "submission": name}) for name in names]
        Case.objects.bulk_create(copies, batch_size=500)
        due = [clock.due_on + timedelta(days=number * 7919 % YEAR) for number in range(count)]
        rows = list(zip(copies, due, strict=True))
        own = {**values(step), "post_code": post.code}
        CaseStep.objects.bulk_create(
            [CaseStep(**{**own, "case_id": c.pk, "due_on": d}) for c, d in rows], batch_size=500
        )
        limit = values(clock)
        Clock.objects.bulk_create([Clock(**{**limit, "case_id": c.pk, "due_on": d}) for c, d in rows], batch_size=500)
        found[count] = staff
    return found


def measure(owners: dict[int, Any]) -> dict[str, list[float]]:
    """CPU ms of each list by turn."""
    from django.test import Client

    from mingtang.cases.models import CaseStep

    pages = {}
    for count, staff in owners.items():
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        pages[f"{count:,} open"] = client, "/desk/"
    deep = CaseStep.objects.filter(post_code=f"review-{MANY}").order_by("due_on", "pk")[MANY * 2 // 3]
    pages[f"{MANY:,} open, far down"] = client, f"/desk/?after={deep.due_on}.{deep.pk}"
    first = CaseStep.objects.filter(post_code=f"review-{MANY}").order_by("due_on", "pk").first()

    def cost(client: Client, path: str) -> float:
        begun = process_time()
        answer = client.get(path)
        spent = (process_time() - begun) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return spent

    if first.case.number not in client.get("/desk/").content.decode():
        raise SystemExit("what is due first is not on the first page")
    spent: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(TURNS + WARM_UP):
        for name, (client, path) in pages.items():
            milliseconds = cost(client, path)
            if turn >= WARM_UP:
                spent[name].append(milliseconds)
    return spent


def main() -> int:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as home:
        build(Path(home))
        spent = measure(fill())
    base = spent[f"{FEW:,} open"]
    table = Table(
        title=f"The to-do list of a step's owner on SQLite ({TURNS} turns), CPU ms; at most {AT_MOST} × the first"
    )
    for heading in ("open cases", "median", "90 % below", "× the first", ""):
        table.add_column(heading, justify="left" if heading == "open cases" else "right")
    missed = False
    for name, found in spent.items():
        ratio = statistics.median(mine / other for mine, other in zip(found, base, strict=True))
        missed |= ratio > AT_MOST
        middle, high = statistics.median(found), sorted(found)[len(found) * 9 // 10]
        table.add_row(name, f"{middle:.1f}", f"{high:.1f}", f"{ratio:.2f}", "met" if ratio <= AT_MOST else "MISSED")
    console.print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
