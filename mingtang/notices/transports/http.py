"""One POST with a limit on all of it: a gateway that is silent, or sends a byte a minute, holds nobody up."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from mingtang.notices.enums import Problem
from mingtang.notices.transports import Answer, Outcome

MOST_BYTES = 64 * 1024
# Codes by which the other side says no to us, not to this message.
SETUP = {401, 403, 404, 405, 407}
LATER = {408, 425, 429}
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,29}|-?\d{1,6}")


class NoAnswer(Exception):
    """Nothing that could be read came back in time."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.answer = Answer(Outcome.UNCLEAR, problem)


def post(url: str, body: bytes, headers: Mapping[str, str], limit: float) -> tuple[int, bytes]:
    """Status and body (64 KB at most). ``limit`` is in seconds, over connecting, sending and reading together.

    Raises ``NoAnswer``. Redirects are not followed: an address that moved is for the administrator to correct.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=limit)
    late = threading.Event()

    def cut() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    began = time.monotonic()
    timer = threading.Timer(limit, cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, body, dict(headers))
        response = connection.getresponse()
        read = response.read(MOST_BYTES)
        if late.is_set():
            raise NoAnswer(Problem.TIMEOUT)
        return response.status, read
    except TimeoutError as error:
        raise NoAnswer(Problem.TIMEOUT) from error
    except (OSError, http.client.HTTPException) as error:
        if late.is_set() or time.monotonic() - began >= limit:
            raise NoAnswer(Problem.TIMEOUT) from error
        reached = isinstance(error, http.client.HTTPException | ConnectionResetError)
        raise NoAnswer(Problem.UNCLEAR if reached else Problem.UNREACHABLE) from error
    finally:
        timer.cancel()
        connection.close()


def judged(status: int) -> Answer | None:
    """What a status alone says; None for a success, whose body may say more."""
    detail = f"HTTP {status}"
    if 200 <= status < 300:
        return None
    if status in SETUP or 300 <= status < 400:
        return Answer(Outcome.UNCLEAR, Problem.SETUP, detail)
    if status in LATER or status >= 500:
        return Answer(Outcome.UNCLEAR, Problem.BUSY, detail)
    return Answer(Outcome.REFUSED, Problem.REFUSED, detail)


def code_of(value: object) -> str:
    """A code of the other side that is safe to keep: short, and too short for a telephone number."""
    text = str(value)
    return text if _CODE.fullmatch(text) and not re.search(r"\d{7}", text) else ""
