"""An installation as a newcomer has it: ``mingtang demo``, then ``mingtang serve``, in a data folder of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests import template

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Installation:
    """``number`` and ``code`` open the demo case that waits for its supplement; the command prints them."""

    url: str
    environment: dict[str, str]
    number: str
    code: str

    def alone(self, folder: Path) -> "Installation":
        """The same program with an empty data folder: what is checked there is checked without a database."""
        return replace(self, environment={**self.environment, "MINGTANG_DATA": str(folder)})

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """One ``mingtang`` command beside the running server."""
        command = [sys.executable, "-m", "config.cli", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running(command: list[str], *, log: Path, ready: Callable[[], bool], **options) -> Iterator[subprocess.Popen]:
    """A process until the block ends; entered once it is ready, stopped by its own handle."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, **options) as process:
        try:
            for _ in range(int(PATIENCE / LOOK_EVERY)):
                if ready():
                    break
                try:
                    process.wait(LOOK_EVERY)
                except subprocess.TimeoutExpired:
                    continue
                raise AssertionError(f"{command[:3]} ended: {log.read_text(errors='replace')}")
            else:
                raise AssertionError(f"{command[:3]} never became ready: {log.read_text(errors='replace')}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Set up the demo town, serve it, stop it."""
    port = free_port()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MINGTANG_", "DATABASE_", "PYTEST_"))
    }
    environment = {**kept, "MINGTANG_DATA": str(folder / "data"), "PORT": str(port)}
    (folder / "data").mkdir()
    shutil.copyfile(template.sqlite(), folder / "data" / "mingtang.sqlite3")
    demo = [sys.executable, "-m", "config.cli", "demo"]
    made = subprocess.run(demo, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=180)
    assert made.returncode == 0, made.stderr
    found = re.search(r"编号 (WY\d{10}\w)，查询码 (\w{10})", made.stdout)
    assert found, made.stdout
    house = Installation(f"http://127.0.0.1:{port}", environment, found[1], found[2])
    serve = [sys.executable, "-m", "config.cli", "serve"]
    with running(
        serve,
        log=folder / "serve.log",
        ready=lambda: answers(f"{house.url}/readyz"),
        cwd=CHECKOUT,
        env=environment,
    ):
        yield house
