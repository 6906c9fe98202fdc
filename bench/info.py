"""The catalogue of documents: facets in memory against the same page by SQL counts: ``python -m bench.info [COUNT]``.

A town of COUNT (100,000) invented documents, each in one to three columns, is built once and kept (``bench.town``).
Both sides are the same view with the same template, past the page store, turn by turn in one process; of one the list,
total and counts of five facets come from ``disclosure.shelf``, of the other from SQL. Targets: no page costs more than
a tenth of the same one by SQL; a page deep in the list no more than one and a half of the first. Beside them, without a
target: a column, in which few thousand documents stand, so that most of its cost is the page itself; and what the first
page costs a process that has read nothing yet.

Seen on 2026-11-27 at 100,000, two shared cores: on SQLite, load 4, 8 ms against 917 (.009), deep .011, narrowed .008,
the column .21 (9 ms against 45: nine questions, twenty rows and sixty links, however many stand there), all read anew
1.4 s of processor time; on PostgreSQL, load 8, 27 ms against 534 (.051), deep .031, narrowed .067, the column .069, all
read anew .9 s.
"""

import os
import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.town import COUNT, kept

TURNS, WARM_UP = 12, 2
AT_MOST, DEEP_AT_MOST = 0.1, 1.5
COLUMN, SMALL = "a20-04", "a column"


def by_sql(request: Any, column: Any = None) -> dict[str, Any]:
    """What ``info_shown.listing`` answers, as SQL counts it: a grouping for each facet, a count, a keyset page."""
    from django.db.models import Count, Q

    from mingtang.disclosure.models import Document
    from mingtang.disclosure.shelf import FACETS
    from mingtang.portal import info_shown as shown

    fields = {"theme": "theme", "column": "filings__column__code", "issuer": "issuer", "kind": "kind"}
    fields["year"] = "listed_at__year"
    chosen = {facet: values for facet in FACETS if (values := request.GET.getlist(facet))}
    everything = Document.objects.visible_to(request.viewer)
    if column is not None:
        everything = everything.filter(pk__in=column.filings.values("document"))

    def narrowed(without: str = "") -> Any:
        rows = everything
        for facet, values in chosen.items():
            if facet != without:
                rows = rows.filter(**{f"{fields[facet]}__in": values})
        return rows

    groups = []
    for facet in FACETS:
        counted = narrowed(without=facet).values_list(fields[facet]).annotate(count=Count("pk")).order_by("-count")
        values = [(str(value), count) for value, count in counted[: shown.OFFERED] if value]
        labels = shown._labels(request, facet, [value for value, _ in values])
        items = [
            {"label": labels.get(value, value), "count": count, "active": False, "url": f"?{facet}={value}"}
            for value, count in values
        ]
        groups.append({"title": shown.TITLES[facet], "items": items})
    rows = narrowed()
    wanted = rows.select_related("current__revision").order_by("-listed_at", "-pk")
    if after := shown._cursor(request.GET.get("after", "")):
        wanted = wanted.filter(Q(listed_at__lt=after[0]) | Q(listed_at=after[0], pk__lt=after[1]))
    page = list(wanted[: shown.PAGE])
    older = f"?after={page[-1].listed_at.isoformat()}_{page[-1].pk}" if page else ""
    return {
        "documents": [shown.listed(row) for row in page],
        "as_table": False,
        "other_view": "",
        "total": rows.count(),
        "newer_url": "",
        "older_url": older,
        "groups": groups,
        "clear_url": "",
    }


def pages(town: Any) -> dict[str, str]:
    """The first page, one deep in the list, a narrowed one, a column."""
    from urllib.parse import urlencode

    from mingtang.disclosure.models import Document

    rows = Document.objects.filter(town=town, current__isnull=False).order_by("-listed_at", "-pk")
    deep = rows[rows.count() * 9 // 10]
    after = urlencode({"after": f"{deep.listed_at.isoformat()}_{deep.pk}"})
    return {
        "first page": "/info/",
        "nine tenths down": f"/info/?{after}",
        "an issuer, two years": f"/info/?{urlencode({'issuer': deep.issuer, 'year': ['2016', '2021']}, doseq=True)}",
        SMALL: f"/info/c/{COLUMN}",
    }


def measure(town: Any) -> tuple[dict[str, list[tuple[float, float]]], float]:
    """Milliseconds on the clock in memory and by SQL (PostgreSQL works in a process of its own) of each page by turn;
    and of processor time to read all anew."""
    from django.test import Client

    from mingtang.disclosure import shelf
    from mingtang.portal import info_shown
    from mingtang.portal.views import columns, info

    client = Client(SERVER_NAME="127.0.0.1")

    def cost(path: str, listing: Callable[..., Any]) -> float:
        info.listing = columns.listing = listing
        begun = perf_counter()
        answer = client.get(path)
        spent = (perf_counter() - begun) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return spent

    spent: dict[str, list[tuple[float, float]]] = {}
    for turn in range(TURNS + WARM_UP):
        for name, path in pages(town).items():
            both = cost(path, info_shown.listing), cost(path, by_sql)
            if turn >= WARM_UP:
                spent.setdefault(name, []).append(both)
    shelf._shelves.clear()
    begun = process_time()
    shelf.shelf(town)
    return spent, (process_time() - begun) * 1000


def main(count: int) -> int:
    console = Console(width=120)
    town = kept(count)
    spent, again = measure(town)
    where = "PostgreSQL" if "DATABASE_URL" in os.environ else "SQLite"
    table = Table(
        title=f"{count:,} documents on {where}, five facets, ms ({TURNS} turns); load {os.getloadavg()[0]:.1f}"
    )
    for heading in ("page", "in memory", "by SQL", "ratio"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    # Of each side the quietest turn: what it costs where nobody else is at work.
    least = {name: tuple(min(side) for side in zip(*values, strict=True)) for name, values in spent.items()}
    ratios = {name: ours / sql for name, (ours, sql) in least.items()}
    for name, (ours, sql) in least.items():
        table.add_row(name, f"{ours:.1f}", f"{sql:.1f}", f"{ratios[name]:.3f}")
    table.add_row("all read anew", f"{again:.0f}", "", "")
    console.print(table)
    broken = [f"{name}: {value:.3f} of SQL" for name, value in ratios.items() if name != SMALL and value > AT_MOST]
    deep = least["nine tenths down"][0] / least["first page"][0]
    console.print(f"deep page ÷ first page: {deep:.2f} (at most {DEEP_AT_MOST})")
    if deep > DEEP_AT_MOST:
        broken.append(f"a deep page costs {deep:.2f} of the first")
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
