"""A town of many invented documents that is built once and kept, for the measurements that only look at it.

It lies in ``$MINGTANG_BENCH`` (``mingtang-bench`` in the folder for temporary files) under its size; with DATABASE_URL
set, whose database must be the bench's own, only what a node keeps lies there. A build that was killed goes on where it
stopped. Remove the folder when done: 100,000 documents take 2 GB.
"""

import os
import random
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from bench.documents import records

COUNT = 100_000
BATCH = 500


def folder(count: int) -> Path:
    home = os.environ.get("MINGTANG_BENCH") or Path(tempfile.gettempdir()) / "mingtang-bench"
    return Path(home) / f"{count}{'-server' if 'DATABASE_URL' in os.environ else ''}"


def kept(count: int) -> Any:
    """The demo's town with so many documents, taken in, numbered, searchable and filed into columns; sets Django up."""
    os.environ |= {"MINGTANG_DATA": str(folder(count)), "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from config.ready import make_ready, migrate, progress
    from mingtang.demo.columns import build_columns
    from mingtang.demo.town import build_organisation, build_town
    from mingtang.disclosure.importing import import_readings
    from mingtang.disclosure.models import Document
    from mingtang.disclosure.reading import read_record
    from mingtang.events.log import CONSOLE

    migrate()
    town = build_town()
    build_organisation(town)
    build_columns(town)
    have = Document.objects.filter(town=town, source_id__startswith="bench-").count()
    if have > count:
        raise SystemExit(f"the database holds {have} invented documents: give the bench another one")
    if have < count:
        with progress("taking in", count) as advance:
            done = iter(range(have + 1, count + 1))
            rest = map(read_record, islice(records(count), have, None))
            import_readings(town, rest, publish=False, by=CONSOLE, report=lambda line: advance(next(done)))
    file(town)
    with progress("indexing") as advance:
        make_ready(advance)
    return town


def file(town: Any) -> None:
    """Each document that stands in no column into one to three, in bulk, with the events that say so."""
    from django.db import transaction

    from mingtang.disclosure.columns import FILED
    from mingtang.disclosure.models import Column, Document, Filing
    from mingtang.events.log import CONSOLE, record_all

    chance = random.Random(20181018)
    leaves = list(Column.objects.filter(town=town, children__isnull=True))
    documents = Document.objects.filter(town=town, filings__isnull=True).only("pk", "index_number").order_by("pk")
    after = 0
    while batch := list(documents.filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        filed = {document: chance.sample(leaves, chance.randrange(1, 4)) for document in batch}
        with transaction.atomic():
            Filing.objects.bulk_create(
                Filing(document=document, column=column) for document, columns in filed.items() for column in columns
            )
            rows = [
                (FILED, document.subject, {"columns": sorted(column.code for column in columns), "before": []})
                for document, columns in filed.items()
            ]
            record_all(town=town, by=CONSOLE, rows=rows)
