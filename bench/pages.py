"""A stored public page beside nginx and beside Django's per-site cache; rendering beside Django templates.

CPU of the server's process tree for one request; all sides in one run, in turns, ratios by round. Targets: at most
3 × nginx (gzip_static, open_file_cache), at most 1/8 of Django's per-site cache; rendering below 1/2.
"""

import getpass
import gzip
import os
import shutil
import statistics
import string
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import django
import jinja2
from django.conf import settings
from django.template import engines
from rich.console import Console
from rich.table import Table

from bench.article import article
from bench.servers import Load, cpu_seconds, free_port, pss_megabytes, python, running
from config.jinja import environment
from config.serve import BLOCKING_THREADS
from mingtang.lib.headers import SECURITY_HEADERS
from mingtang.portal.mediatypes import HTML
from mingtang.portal.store import PageStore
from mingtang.portal.wrapper import write_hosts

PATH = "/info/bench.html"
TOWN = "430623102"
TEMPLATES = Path(__file__).parent / "templates"
DJANGO_PEER = (
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--no-ws",
    "--log-level",
    "error",
    "bench.django_peer:application",
)
ROUNDS, SECONDS = 7, 0.9


def renderers() -> tuple[Callable[[], str], Callable[[], str]]:
    """The same page by our Jinja2 environment and by a Django template; the data are in memory."""
    settings.configure(
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [TEMPLATES]}],
    )
    django.setup()
    data = article()
    ours = environment(loader=jinja2.FileSystemLoader(TEMPLATES)).get_template("article.jinja.html")
    theirs = engines["django"].get_template("article.django.html")
    return lambda: ours.render(data), lambda: theirs.render(data)


def measure_rendering(ours: Callable[[], str], theirs: Callable[[], str]) -> tuple[float, float, float]:
    """Milliseconds of ours and theirs, and the median of the ratios."""
    pairs = []
    for _ in range(40):
        times = []
        for render in (ours, theirs):
            begun = time.process_time()
            for _ in range(5):
                render()
            times.append((time.process_time() - begun) * 1000 / 5)
        pairs.append(times)
    ratio = statistics.median(mine / other for mine, other in pairs)
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs), ratio


def nginx_config(folder: Path, page: bytes, port: int) -> Path:
    target = folder / f"root{PATH}"
    target.parent.mkdir(parents=True)
    target.write_bytes(page)
    target.with_name(target.name + ".gz").write_bytes(gzip.compress(page, 9, mtime=0))
    headers = "\n".join(f'        add_header {name} "{value}";' for name, value in SECURITY_HEADERS.items())
    template = string.Template((Path(__file__).parent / "nginx.conf.template").read_text())
    config = folder / "nginx.conf"
    config.write_text(template.substitute(user=getpass.getuser(), folder=folder, port=port, headers=headers))
    return config


def start_all(stack: ExitStack, folder: Path, page: bytes) -> dict[str, tuple[int, Load]]:
    """Start the three servers; name → process id and load on the page."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        raise SystemExit("nginx is missing: apt-get install nginx-light")
    ports = [free_port() for _ in range(3)]
    config = nginx_config(folder, page, ports[0])
    (folder / "page.html").write_bytes(page)
    commands = {
        "nginx": ([nginx, "-e", "stderr", "-c", str(config)], {}),
        "mingtang": (python("-m", "config.serve", "127.0.0.1", str(ports[1])), {"MINGTANG_DATA": str(folder / "data")}),
        "django": (
            python(*DJANGO_PEER, "--port", str(ports[2]), "--blocking-threads", str(BLOCKING_THREADS)),
            {"BENCH_PAGE": str(folder / "page.html")},
        ),
    }
    pids = {}
    for port, (name, (command, env)) in zip(ports, commands.items(), strict=True):
        pids[name] = stack.enter_context(running(command, port, env))
    # Only now: a server that starts clears the pages of an earlier one.
    store = PageStore(folder / "data/pages")
    stamp = store.root / "stamp"
    deadline = time.monotonic() + 20
    while not stamp.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    store.save(store.begin(TOWN), PATH, ["bench"], page, HTML)
    write_hosts(store.hosts_file, TOWN, {})
    time.sleep(1.1)
    loads = {name: Load(port, PATH) for port, name in zip(ports, commands, strict=True)}
    for load in loads.values():
        stack.callback(load.close)
        if gzip.decompress(load.body) != page:
            raise SystemExit("the servers do not answer the same page")
    return {name: (pids[name], loads[name]) for name in commands}


def measure_pages(page: bytes) -> tuple[dict[str, list[float]], dict[str, float]]:
    """CPU µs for one request, by round; and memory in MB."""
    costs: dict[str, list[float]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = start_all(stack, folder, page)
        if len(cores := os.sched_getaffinity(0)) > 1:
            os.sched_setaffinity(0, cores - {min(cores)})
            stack.callback(os.sched_setaffinity, 0, cores)
        for turn in range(ROUNDS + 1):
            for name, (pid, load) in servers.items():
                before = cpu_seconds(pid)
                answers = load.run(SECONDS if turn else 0.2)
                if turn:  # the first turn only warms up
                    costs.setdefault(name, []).append((cpu_seconds(pid) - before) / answers * 1e6)
        memory = {name: pss_megabytes(pid) for name, (pid, _) in servers.items()}
    return costs, memory


def ratio(costs: dict[str, list[float]], mine: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(costs[mine], costs[other], strict=True))


def main() -> int:
    console = Console()
    ours, theirs = renderers()
    page = ours().encode()
    if page.split() != theirs().encode().split():
        raise SystemExit("the two templates do not give the same page")
    rendering = measure_rendering(ours, theirs)
    costs, memory = measure_pages(page)
    table = Table(title=f"A public page of {len(page) / 1000:.1f} kB, {len(gzip.compress(page, 9)) / 1000:.1f} kB gzip")
    for heading in ("server", "CPU µs/request", "× nginx", "× Django cache", "memory PSS MB"):
        table.add_column(heading, justify="left" if heading == "server" else "right")
    for name, values in costs.items():
        shares = [f"{ratio(costs, name, other):.2f}" for other in ("nginx", "django")]
        table.add_row(name, f"{statistics.median(values):.1f}", *shares, f"{memory[name]:.0f}")
    console.print(table)
    goals = [
        ("stored page ÷ nginx", ratio(costs, "mingtang", "nginx"), 3),
        ("stored page ÷ Django per-site cache", ratio(costs, "mingtang", "django"), 1 / 8),
        (f"rendering ÷ Django template ({rendering[0]:.2f} / {rendering[1]:.2f} ms)", rendering[2], 1 / 2),
    ]
    result = Table(title="Targets")
    for heading in ("measure", "ratio", "at most", ""):
        result.add_column(heading)
    for name, value, limit in goals:
        result.add_row(name, f"{value:.3f}", f"{limit:.3f}", "met" if value <= limit else "MISSED")
    console.print(result)
    return 0 if all(value <= limit for _, value, limit in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
