"""The embedded web server: Granian with one worker; sequencer, follower and scheduler run as threads beside it."""

import ctypes
import gc
import os
import signal
import socket
import sys
from typing import Any

from mingtang.lib.errors import Refused

# Measured for stored pages: 1, 2, 4 and 8 threads lie within a tenth of each other; four let a slow page wait alone.
BLOCKING_THREADS = 4
STOP_SECONDS = 10
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken: Granian would share it silently, and half the visitors saw the other server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"端口 {port} 用不了：多半已被别的程序占用，1024 以下的端口还需要管理员权限。"
                "请用环境变量 PORT 换一个端口，或者先停下占用它的程序。"
            )
            raise Refused(message, "port") from error


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; never returns. Raises ``Refused`` when the port cannot be had.

    The process is replaced by a fresh one that loads nothing but the server, so that what the command line had in
    memory is not kept twice, once by the supervisor and once by the worker.
    """
    check_port(host, port)
    # Two arenas instead of eight for each core: threads come and go, and freed memory would stay with each of them.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ["MINGTANG_EMBEDDED"] = "1"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "config.serve", host, str(port)])  # noqa: S606


def _load(target: str) -> Any:
    """The application, loaded in the worker."""
    if sys.platform == "linux":
        # A supervisor killed without warning must not leave a worker behind that still answers on its port.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    from config.wsgi import application

    # What is loaded by now stays: the collector need not walk it again.
    gc.collect()
    gc.freeze()
    return application


def _run(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    ).serve(target_loader=_load)


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]))
