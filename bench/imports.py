"""``mingtang import documents`` of many documents, killed half way and repeated: ``python -m bench.imports [COUNT]``.

The real command in a process of its own, on a town of the demo, on SQLite or on the database of DATABASE_URL (an empty
one). First an import of at most 9,000 that is killed (SIGKILL) when a third is reported, then the same command again
until it ends, then a clean import into a second folder, which alone is timed (with DATABASE_URL only that one, there is
one database). Targets: 300 documents a second from the command line to the last one searchable, at most 1 GB, nothing
twice and nothing lost, and ``mingtang verify`` passes. Where others work on the machine the processor time is what
counts: it is shown beside.

Seen on 2026-11-27 at 100,000, two cores, load 1.1: SQLite 334 a second (323 MB, verify 55 s), PostgreSQL 321 (326 MB,
verify 64 s; fsync on).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.documents import write
from bench.servers import CHECKOUT

COUNT, KILLED = 100_000, 9_000
A_SECOND, MEGABYTES = 300, 1000
CLI = [sys.executable, "-m", "config.cli"]


def start(folder: Path, records: Path, report: Path) -> subprocess.Popen:
    command = [*CLI, "import", "documents", str(records), "--report", str(report)]
    return subprocess.Popen(command, env=_at(folder), cwd=CHECKOUT, stdout=subprocess.PIPE)


def _at(folder: Path) -> dict[str, str]:
    return {**os.environ, "MINGTANG_DATA": str(folder)}


def demo(folder: Path) -> None:
    subprocess.run([*CLI, "demo"], env=_at(folder), cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)


def finish(child: subprocess.Popen) -> tuple[dict[str, int], float, float]:
    """What the command counted, its peak in MB, and its seconds of processor time."""
    said = child.stdout.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"the import ended with {status}: {said}")
    return json.loads(said.strip().splitlines()[-1]), used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def kill_at(child: subprocess.Popen, report: Path, lines: int) -> int:
    """Kill the import when so many documents are reported; how many were."""
    while child.poll() is None:
        told = report.read_bytes().count(b"\n") if report.exists() else 0
        if told >= lines:
            child.send_signal(signal.SIGKILL)
            child.wait()
            return told
        time.sleep(0.2)
    raise SystemExit("the import ended before it could be killed")


def verify(folder: Path) -> float:
    """Seconds of ``mingtang verify``, which must find nothing."""
    begun = time.perf_counter()
    subprocess.run([*CLI, "verify"], env=_at(folder), cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def resumed(home: Path, count: int) -> dict[str, int]:
    """What the second run counted after the first was killed."""
    folder, report, records = home / "killed", home / "report.jsonl", home / "killed.jsonl"
    write(records, count)
    demo(folder)
    told = kill_at(start(folder, records, report), report, count // 3)
    counts, *_ = finish(start(folder, records, report))
    if counts["created"] + counts["unchanged"] != count or counts["unchanged"] < told:
        raise SystemExit(f"after {told} of {count} were reported the second run counted {counts}")
    verify(folder)
    return counts


def main(count: int) -> int:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        records, folder = home / "documents.jsonl", home / "clean"
        write(records, count)
        if "DATABASE_URL" not in os.environ:
            counts = resumed(home, min(count, KILLED))
            console.print(
                f"killed and repeated: {counts['unchanged']:,} stood already, {counts['created']:,} were left"
            )
        demo(folder)
        begun = time.perf_counter()
        counts, peak, processor = finish(start(folder, records, home / "clean.jsonl"))
        seconds = time.perf_counter() - begun
        proved = verify(folder)
    rate = count / seconds
    where = "PostgreSQL" if "DATABASE_URL" in os.environ else "SQLite"
    table = Table(title=f"import of {count:,} documents into {where}; load {os.getloadavg()[0]:.1f}")
    for heading in ("measure", "found", "target", ""):
        table.add_column(heading)
    goals = [
        ("documents a second", f"{rate:.0f}", f"≥ {A_SECOND}", rate >= A_SECOND),
        ("peak memory, MB", f"{peak:.0f}", f"≤ {MEGABYTES}", peak <= MEGABYTES),
        ("created", f"{counts['created']:,}", f"{count:,}", counts["created"] == count),
    ]
    for *cells, met in goals:
        table.add_row(*cells, "met" if met else "MISSED")
    table.add_row("processor seconds of 1,000", f"{processor / count * 1000:.2f}", "", "")
    table.add_row("mingtang verify, s", f"{proved:.1f}", "", "")
    console.print(table)
    return 0 if all(met for *_, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
