"""Servers under measurement: started on a loopback port, watched, stopped by process id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the process tree so far."""
    total = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def pss_megabytes(pid: int) -> float:
    """Proportional set size of the process tree."""
    total = 0
    for one in tree(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def running(command: Sequence[str], port: int, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server, on core 0 where there are two, until it answers on the port; its process id; stop it after."""

    def pin() -> None:
        if len(os.sched_getaffinity(0)) > 1:
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    process = subprocess.Popen(
        command, cwd=CHECKOUT, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, preexec_fn=pin
    )
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the server did not start: {' '.join(command)}") from None
                time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


class Load:
    """Keep-alive connections that ask for one page, all at once, again and again."""

    def __init__(self, port: int, path: str, connections: int = 32) -> None:
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\nUser-Agent: bench\r\n\r\n"
        ).encode()
        self.sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
        for one in self.sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head, self.body = self._first(self.sockets[0])
        self.length = len(self.head) + len(self.body)

    def _first(self, one: socket.socket) -> tuple[bytes, bytes]:
        # Twice: the first answer may be one that fills a cache.
        for _ in range(2):
            one.sendall(self.request)
            data = b""
            while b"\r\n\r\n" not in data:
                data += one.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
            while len(body) < length:
                body += one.recv(65536)
        if not head.startswith(b"HTTP/1.1 200") or b"content-encoding: gzip" not in head.lower():
            raise SystemExit(f"not the page: {head.decode()}")
        return head + b"\r\n\r\n", body

    def run(self, seconds: float) -> int:
        """Ask for at least so many seconds; the number of whole answers."""
        answers, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            for one in self.sockets:
                one.sendall(self.request)
            for one in self.sockets:
                left = self.length
                while left > 0:
                    received = len(one.recv(left))
                    if not received:
                        raise SystemExit("the server closed a connection under load")
                    left -= received
            answers += len(self.sockets)
        return answers

    def close(self) -> None:
        for one in self.sockets:
            one.close()
