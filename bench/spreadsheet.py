"""A whole catalogue in and out as .xlsx: ``python -m bench.spreadsheet``.

Each import is the command a person runs, ``mingtang import items``, in a process of its own: its time on the wall from
start to the last event numbered, its peak memory as the kernel counts it. While the larger one writes, somebody else
writes a row every tenth of a second and notes how long it waited. Targets: 2,000 items in 60 s; 10,000 items in 500 MB;
nobody waits longer than SQLite's 20 s.
"""

import copy
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.catalogue import build
from bench.servers import CHECKOUT

FEW, MANY = 2_000, 10_000
SECONDS, MEGABYTES, WAIT = 60.0, 500.0, 20.0


def items(count: int, first: int) -> Iterator[Any]:
    """New items, each the demo town's with other words, and as long as real ones: about eight papers, a fee."""
    from mingtang.demo.items import ITEMS
    from mingtang.rulebook import spec
    from mingtang.rulebook.catalogue.writing import Line

    fee = spec.blank(spec.Fee) | {
        "code": "a",
        "name": "工本费",
        "amount": 1000,
        "per": "证",
        "basis": "收费文件（演示）",
    }
    fee["reductions"] = [spec.blank(spec.Reduction) | {"label": "低保户", "percent": 100}]
    for number in range(first, first + count):
        data = copy.deepcopy(ITEMS[number % len(ITEMS)][2])
        data |= {"name": f"{data['name']}（{number}）", "fees": [fee], "summary": data["summary"] * 3 + str(number)}
        papers = data["materials"]
        data["materials"] = [
            paper | {"key": f"{paper['key']}{copies}", "standard": f"{paper['standard']}，第 {number} 项", "when": ""}
            for copies in range(2)
            for paper in papers
        ]
        for paper in data["materials"]:
            paper["when_label"] = ""
        yield Line(f"B-{number:06d}", "林业站", 0, "", data)


def file(path: Path, count: int, first: int) -> float:
    """Write new items; the seconds it took. Their rows carry no version: nothing of theirs was ever exported."""
    from mingtang.rulebook.catalogue import writing

    start, check = perf_counter(), writing.check_of
    writing.check_of = lambda data: ""
    try:
        with path.open("wb") as stream:
            writing.write(stream, items(count, first), heading="bench")
    finally:
        writing.check_of = check
    return perf_counter() - start


def command(*arguments: str) -> tuple[float, float, dict[str, int]]:
    """Run ``mingtang`` with these arguments: seconds, peak megabytes, and the counts of its last line."""
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", *arguments], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"mingtang {' '.join(arguments)} ended with {status}: {said[-300:]}")
    return perf_counter() - start, used.ru_maxrss / 1024, json.loads(said.strip().splitlines()[-1])


def waits(database: Path, stop: threading.Event) -> list[float]:
    """Write a row every tenth of a second until told to stop; how long each had to wait."""
    found = []
    connection = sqlite3.connect(database, timeout=120, isolation_level=None)
    while not stop.wait(0.1):
        start = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE rulebook_item SET source_id = source_id WHERE id = 1")
        connection.execute("COMMIT")
        found.append(perf_counter() - start)
    connection.close()
    return found


def main() -> int:
    table = Table(title="The catalogue as .xlsx")
    for column in ("what", "items", "seconds", "peak MB", "target"):
        table.add_column(column, justify="left" if column in {"what", "target"} else "right")
    broken = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, 0)

        def row(what: str, count: int, seconds: float, peak: float, target: str = "") -> None:
            table.add_row(what, f"{count:,}", f"{seconds:.1f}", f"{peak:.0f}" if peak else "", target)

        few, many, out = folder / "few.xlsx", folder / "many.xlsx", folder / "out.xlsx"
        file(few, FEW, 0)
        seconds, peak, counts = command("import", "items", str(few))
        assert counts["created"] == FEW, counts
        row("import, new items", FEW, seconds, peak, f"{SECONDS:.0f} s")
        if seconds > SECONDS:
            broken.append(f"{FEW} items took {seconds:.0f} s, more than {SECONDS:.0f}")
        file(many, MANY, FEW)
        stop, waited = threading.Event(), []
        writer = threading.Thread(target=lambda: waited.extend(waits(folder / "mingtang.sqlite3", stop)))
        writer.start()
        seconds, peak, counts = command("import", "items", str(many))
        stop.set()
        writer.join()
        assert counts["created"] == MANY, counts
        row("import, new items", MANY, seconds, peak, f"{MEGABYTES:.0f} MB")
        if peak > MEGABYTES:
            broken.append(f"{MANY} items took {peak:.0f} MB, more than {MEGABYTES:.0f}")
        row("longest wait of another writer meanwhile", MANY, max(waited), 0, f"{WAIT:.0f} s")
        if max(waited) > WAIT:
            broken.append(f"another writer waited {max(waited):.1f} s")
        seconds, peak, counts = command("export", "items", str(out))
        row("export", counts["items"], seconds, peak)
        table.add_row("its file", f"{counts['items']:,}", "", f"{out.stat().st_size / 1e6:.1f}", "")
    Console(width=110).print(table)
    for sentence in broken:
        print(sentence)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
