"""10,000 items: what their list costs beside one guide, and what an import takes: ``python -m bench.services``.

Both pages are asked of Django in one process, past the page store, turn by turn; CPU time counts, the ratio is the
median over the turns. Target: no page of the list costs more than three guides. The first list after a change reads the
facts of all items anew; that is shown, and is no target.

The imports are the real command in a process of its own, on a town that has nothing but its demo items. Targets: 2,000
items within 60 s, and never above 500 MB, at 10,000 items.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table

from bench.catalogue import ACTS, LIFE, PLACES, THINGS, build
from bench.servers import CHECKOUT

ITEMS, IMPORTED = 10_000, 2_000
TURNS, WARM_UP = 40, 4
AT_MOST, SECONDS, MEGABYTES = 3.0, 60, 500
MIDDLE = f"BENCH-{ITEMS // 2:06d}"
LISTS = {
    "list, first page": "/services/",
    "list, for persons, deep": f"/services/?served=person&after={MIDDLE}",
    "list, four conditions": "/services/?served=person&online=yes&fee=no&visits=1",
    "list, words": "/services/?q=登记",
}


def measure_pages() -> tuple[dict[str, list[float]], float]:
    """CPU ms of each page by turn, and of the first list after a change."""
    from django.test import Client

    from mingtang.portal import shelf

    client = Client(SERVER_NAME="127.0.0.1")

    def cost(path: str) -> float:
        begun = process_time()
        answer = client.get(path)
        spent = (process_time() - begun) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return spent

    spent: dict[str, list[float]] = {}
    for turn in range(TURNS + WARM_UP):
        pages = {"guide": f"/services/BENCH-{turn * (ITEMS // 100):06d}", **LISTS}
        for name, path in pages.items():
            milliseconds = cost(path)
            if turn >= WARM_UP:
                spent.setdefault(name, []).append(milliseconds)
    shelf._shelves.clear()
    return spent, cost("/services/")


def write_records(path: Path, count: int) -> None:
    """Items as another platform gives them away, one on each line, two kilobytes each."""
    chance = random.Random(count)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            thing = chance.choice(THINGS)
            record = {
                "TASK_CODE": f"11430623006382329L{number:013d}",
                "TASK_NAME": f"{thing}{chance.choice(ACTS)}（{chance.choice(PLACES)}片 {number} 号）",
                "TASK_TYPE_TEXT": "行政许可",
                "matter_type": "行政许可",
                "DEPT_NAME": "社会事务办公室",
                "handle_time": "20(工作日)",
                "handle_time_limit": "5(工作日)",
                "accept_standard": f"申请{thing}的单位和个人，符合规定的条件，可以提出申请。" * 8,
                "material_intro": [f"{thing}申请表", "身份证明", f"{thing}场所平面图和说明", "委托书"],
                "handle_location": f"办理地点：{chance.choice(PLACES)}人民路 {number} 号 办公时间：周一至周五",
                "consult_phone": "0730-5550011",
                "complain_phone": "0730-5550002",
                "visit_number": "1",
                "ONLINECHECK": "1",
                "service_object_name": ["自然人", "企业法人"],
                "theme_category": [chance.choice(LIFE)],
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def measure_import(home: Path, count: int) -> tuple[float, float]:
    """Seconds and peak MB of ``mingtang import items`` for so many items, from the command line to its last line."""
    folder, records = home / f"import-{count}", home / f"{count}.jsonl"
    write_records(records, count)
    environment = {**os.environ, "MINGTANG_DATA": str(folder)}
    command = [sys.executable, "-m", "config.cli"]
    subprocess.run([*command, "demo"], env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    arguments = [*command, "import", "items", str(records), "--report", str(home / "report.jsonl")]
    begun = perf_counter()
    child = subprocess.Popen(arguments, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE)
    said = child.stdout.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    seconds = perf_counter() - begun
    told = json.loads(said.strip().splitlines()[-1])
    if status or told["created"] != count:
        raise SystemExit(f"the import of {count} items ended with {status}: {told}")
    return seconds, used.ru_maxrss / 1024


def timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> int:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        imports = {count: measure_import(home, count) for count in (IMPORTED, ITEMS)}
        seconds = timed(lambda: build(home / "catalogue", ITEMS))
        console.print(f"{ITEMS:,} items put in force, numbered and indexed in {seconds:.0f} s")
        spent, first = measure_pages()
    ratios = {
        name: statistics.median(mine / other for mine, other in zip(values, spent["guide"], strict=True))
        for name, values in spent.items()
    }
    table = Table(title=f"{ITEMS:,} items in force, pages past the store ({TURNS} turns), CPU ms")
    for heading in ("page", "median", "90 % below", "× guide"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for name, values in spent.items():
        median, high = statistics.median(values), sorted(values)[len(values) * 9 // 10]
        table.add_row(name, f"{median:.1f}", f"{high:.1f}", f"{ratios[name]:.2f}")
    table.add_row("list, first after a change", f"{first:.1f}", "", "")
    console.print(table)
    goals = [
        *((f"{name} ÷ guide", f"{ratios[name]:.2f}", f"{AT_MOST}", ratios[name] <= AT_MOST) for name in LISTS),
        (
            f"import of {IMPORTED:,} items, s",
            f"{imports[IMPORTED][0]:.1f}",
            f"{SECONDS}",
            imports[IMPORTED][0] <= SECONDS,
        ),
        *(
            (f"peak memory, import of {count:,}, MB", f"{peak:.0f}", f"{MEGABYTES}", peak <= MEGABYTES)
            for count, (_, peak) in imports.items()
        ),
    ]
    console.print(f"import of {ITEMS:,} items: {imports[ITEMS][0]:.1f} s")
    result = Table(title="Targets")
    for heading in ("measure", "found", "at most", ""):
        result.add_column(heading)
    for name, value, wanted, met in goals:
        result.add_row(name, value, wanted, "met" if met else "MISSED")
    console.print(result)
    return 0 if all(met for *_, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
