"""A text message gateway and a mail server on loopback, as well-behaved or as bad as a test wants them."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Gateway:
    """``behaviour``: ok, refuse, busy, garbage, no_code, locked_out, silent, dripping, hang_up. ``got``: requests."""

    url: str = ""
    behaviour: str = "ok"
    got: list[dict] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)


ANSWERS = {
    "ok": (200, b'{"code": 0, "msg": "ok"}'),
    "refuse": (200, b'{"code": "isv.MOBILE_NUMBER_ILLEGAL", "msg": "13900000000 is no number"}'),
    "bad_request": (400, b"no"),
    "busy": (503, b"<html>busy</html>"),
    "garbage": (200, b"\xff\xfe<<not json"),
    "no_code": (200, b'["code"]'),
    "locked_out": (401, b"who are you?"),
}


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.got.append({"body": body, "headers": dict(self.headers), "path": self.path})
            gateway.arrived.set()
            if gateway.behaviour == "silent":
                gateway.released.wait(60)
                return
            if gateway.behaviour == "hang_up":
                self.close_connection = True
                return
            if gateway.behaviour == "dripping":
                # A byte now and then: each read is in time, the whole never ends.
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not gateway.released.wait(0.02):
                    try:
                        self.wfile.write(b"X")
                        self.wfile.flush()
                    except OSError:
                        return
                return
            status, answer = ANSWERS[gateway.behaviour]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args) -> None:
            pass

    return Handler


@contextmanager
def http_gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}/send?town=1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailServer:
    """``answers``: command → line to answer with instead of the usual one. ``letters``: what was taken."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)


def _mail_handler(kept: MailServer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say(kept.answers.get("HELLO", "220 test"))
            while line := self.rfile.readline():
                word = line.decode().strip().upper().split(":")[0]
                if word == "DATA" and "DATA" not in kept.answers:
                    self.say("354 go on")
                    lines = []
                    while (one := self.rfile.readline().decode()) not in {".\r\n", ""}:
                        lines.append(one)
                    kept.letters.append("".join(lines))
                elif word == "RCPT TO":
                    kept.receivers.append(line.decode().strip())
                self.say(kept.answers.get(word.split()[0], "250 ok"))
                if word == "QUIT":
                    return

    return Handler


@contextmanager
def mail_server() -> Iterator[MailServer]:
    kept = MailServer()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _mail_handler(kept))
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_json(request: dict) -> dict:
    return json.loads(request["body"])
