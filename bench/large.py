"""Every page that might grow with a town, and publishing, with COUNT documents: ``python -m bench.large [COUNT]``.

The town of ``bench.town``; each page is asked of Django once past the page store, in one process that has read the
catalogue already. Then the newest pages are stored, one more document is published by its
three persons, and what fell is counted. Targets: no page above a second of processor time (PostgreSQL's own is not in
it), none that leaves more than 100 MB behind, and no page of another document falls.

Seen on 2026-11-27 at 100,000 on SQLite, two shared cores, load 4: the dearest pages .33 s (a file of the sitemap), .25
(words sought in the list at the desk), .18 (what is new), .16 (the numbers); the front page .05. 7 of 317 stored pages
fell: the front page, the catalogue, the numbers, the log, the sitemap, the feeds of all documents and of its kind. With
every document unfiled the pages of filing took .1 s, and filing 2,000 of them .3 s.
"""

import os
import resource
import sys
from time import perf_counter, process_time
from typing import Any
from urllib.parse import unquote, urlencode

from rich.console import Console
from rich.table import Table

from bench.info import COLUMN
from bench.town import COUNT, kept

SECONDS, MEGABYTES = 1.0, 100
STORED = 300


def public(town: Any) -> list[str]:
    """The public pages about documents, or that list some."""
    from mingtang.disclosure.models import Document

    newest = Document.objects.filter(town=town, current__isnull=False).order_by("-listed_at").first()
    column = f"/feeds/c/{COLUMN}.atom"
    asked = [f"/search?{urlencode({'q': words})}" for words in ("", "的", "通知", "万庾", "赶集日 培训")]
    return [
        *("/", "/info/", "/info/?view=table", "/info/c/", f"/info/c/{COLUMN}", "/info/numbers", "/info/validity"),
        *("/info/withheld", "/info/since", "/info/since?from=2026-01-01", "/info/guide", "/board/", "/ledger/"),
        *("/sitemap", "/sitemap.xml", "/sitemap-1.xml", "/sitemap-3.xml", "/feeds/info.atom", column),
        *("/feeds/kind/plain.atom", "/feeds/search.atom?q=通知", *asked, "/subscribe/", "/readyz"),
        *(f"/info/{newest.index_number}", f"/info/{newest.index_number}.json"),
    ]


KEEPER = ("/desk/columns/unfiled", "/desk/columns/rules")
DESK = (
    *("/desk/", "/desk/info/", "/desk/info/?state=published", "/desk/info/?q=通知", "/desk/info/?order=due"),
    *("/desk/info/numbers", "/desk/reach/", "/desk/columns/", "/desk/info/new"),
)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(town: Any) -> list[tuple[str, float, float, float]]:
    """Of each page the seconds on the clock and of processor time, and by how many MB it raised the process' peak."""
    from django.test import Client

    from mingtang.disclosure.shelf import shelf
    from mingtang.people.models import Staff

    visitor, editor, keeper = (Client(SERVER_NAME="127.0.0.1") for _ in range(3))
    for client, name in ((editor, "bianji"), (keeper, "qianfa")):
        client.force_login(Staff.objects.get(town=town, username=name))
    shelf(town)
    visitor.get("/accessibility")  # what a process loads once
    rows = []
    for client, path in [
        *((visitor, path) for path in public(town)),
        *((editor, path) for path in DESK),
        *((keeper, path) for path in KEEPER),
    ]:
        before = megabytes()
        begun, worked = perf_counter(), process_time()
        answer = client.get(path)
        spent = perf_counter() - begun, process_time() - worked
        if answer.status_code not in (200, 404):
            raise SystemExit(f"{path} answered {answer.status_code}")
        rows.append((f"{path} (404)" if answer.status_code == 404 else path, *spent, megabytes() - before))
    return rows


def published(town: Any) -> tuple[int, list[str], float, float]:
    """How many pages were stored, which of them fell, and the seconds of publishing and of what follows it."""
    from django.test import Client
    from django.utils import timezone

    from mingtang.demo.documents import SIGNED, walk
    from mingtang.disclosure import actions
    from mingtang.disclosure.actions import Content, Metadata
    from mingtang.disclosure.models import Document
    from mingtang.events import follow
    from mingtang.people.models import Staff, Unit
    from mingtang.portal.stored import page_store
    from mingtang.portal.wrapper import START

    author, reviewer, signer = (Staff.objects.get(town=town, username=one) for one in ("bianji", "baomi", "qianfa"))
    unit = Unit.objects.get(town=town, code="news")
    edition = actions.draft(
        town=town,
        metadata=Metadata(unit=unit, generated_on=timezone.localdate(), source=town.name),
        content=Content("关于粮站前坪停车的通告", "<p>赶集日在粮站前坪停车，不收费。</p>"),
        by=author,
    )
    walk(edition, SIGNED, author, reviewer, signer)
    follow.settle()

    store, client = page_store(), Client(SERVER_NAME="127.0.0.1")
    newest = Document.objects.filter(town=town, current__isnull=False).order_by("-listed_at", "-pk")
    pages = [page for page in public(town)[:-2] if "?" not in page]
    pages += [f"/info/{number}" for number in newest.values_list("index_number", flat=True)[:STORED]]
    for page in pages:
        client.get(page, **{START: store.begin(town.code)})
    stored = [page for page in pages if store.find(town.code, page)]
    begun = perf_counter()
    actions.publish(edition=edition, by=signer)
    acted = perf_counter()
    follow.settle()
    fell = [page for page in stored if not store.find(town.code, page)]
    return len(stored), fell, acted - begun, perf_counter() - acted


def main(count: int) -> int:
    console = Console(width=120)
    town = kept(count)
    rows = asked(town)
    where = "PostgreSQL" if "DATABASE_URL" in os.environ else "SQLite"
    table = Table(title=f"{count:,} documents on {where}, each page once; load {os.getloadavg()[0]:.1f}")
    for heading in ("page", "s", "of them working", "MB left behind"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for path, spent, worked, grown in rows:
        table.add_row(unquote(path), f"{spent:.3f}", f"{worked:.3f}", f"{grown:.0f}")
    console.print(table)
    broken = [f"{path} took {worked:.1f} s" for path, _, worked, _ in rows if worked > SECONDS]
    broken += [f"{path} left {grown:.0f} MB behind" for path, _, _, grown in rows if grown > MEGABYTES]

    stored, fell, acted, followed = published(town)
    console.print(
        f"one published in {acted:.3f} s, followed in {followed:.3f} s; of {stored} stored pages {len(fell)} fell:"
    )
    console.print("  " + " ".join(fell))
    broken += [f"{page} fell and does not show it" for page in fell if page.rpartition("-")[2].isdigit()]
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
