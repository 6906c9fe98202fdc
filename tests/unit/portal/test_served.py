"""The embedded server as a process: it answers without a database, restarts its worker, stops when told."""

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.serve import check_port
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.portal.mediatypes import HTML
from mingtang.portal.store import PageStore
from mingtang.portal.wrapper import write_hosts

TOWN = "430623102"


def ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def ask_until_it_answers(server: subprocess.Popen[bytes], port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    pause = threading.Event()
    for _ in range(600):
        assert server.poll() is None, "the server ended by itself"
        try:
            return ask(port, path)
        except OSError:
            pause.wait(0.05)
    raise AssertionError("no answer in half a minute")


def worker_of(server: subprocess.Popen[bytes]) -> int:
    [worker] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return int(worker)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Nothing listens on port 1: the database is down from the beginning.
    env = {**os.environ, "MINGTANG_DATA": str(tmp_path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    env.pop("MINGTANG_EMBEDDED", None)
    with open(tmp_path / "log", "wb") as log:
        command = [sys.executable, "-m", "config.serve", "127.0.0.1", str(port)]
        process = subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=log, stderr=log)
    yield process, port
    process.kill()
    process.wait()


def test_the_server_answers_without_a_database_survives_its_worker_and_stops(
    server: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    process, port = server
    status, headers, body = ask_until_it_answers(process, port, "/info/x?first")
    assert status == 503
    assert "数据库现在连不上" in body.decode()
    assert "default-src 'self'" in headers["content-security-policy"]

    store = PageStore(tmp_path / "pages")
    store.save(store.begin(TOWN), "/公开/x", ["document:x"], "页面".encode() * 50, HTML)
    write_hosts(store.hosts_file, TOWN, {})
    os.kill(worker_of(process), signal.SIGKILL)
    path = "/%E5%85%AC%E5%BC%80/x"
    status, headers, body = ask_until_it_answers(process, port, path)
    assert (status, body.decode(), headers["content-type"]) == (200, "页面" * 50, HTML)
    status, headers, body = ask(port, path, "HEAD")
    assert (status, headers["content-length"], body) == (200, "300", b"")

    with pytest.raises(Refused, match="已被别的程序占用"):
        check_port("127.0.0.1", port)
    worker = worker_of(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not Path(f"/proc/{worker}").exists()
    check_port("127.0.0.1", port)


def test_a_worker_does_not_outlive_a_supervisor_that_was_killed(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    assert ask_until_it_answers(process, port, "/")[0] == 503
    worker = os.pidfd_open(worker_of(process))
    process.kill()
    ended, _, _ = select.select([worker], [], [], 20)
    os.close(worker)
    assert ended
