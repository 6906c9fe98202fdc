"""One paper: a template's name and frozen data in, PDF bytes out.

Typst (80 MB, most of it never freed) stays out of the serving process: each paper is made by a short-lived child with
a limit on time and memory, and only a few children run at once.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT
from mingtang.press import fonts, papers

log = logging.getLogger(__name__)

CHILDREN = 2
QUEUE_SECONDS = 20
RUN_SECONDS = 30
MEMORY_BYTES = 1536 * 1024 * 1024

_slots = threading.BoundedSemaphore(CHILDREN)

INSTEAD = "网页上的内容不受影响，可以先打印网页"


class PaperUnavailable(Refused):
    """A paper could not be made now. The page or act that wanted it goes on without it."""


def render(template: str, data: dict[str, Any]) -> bytes:
    """The paper ``template`` (a key of :data:`mingtang.press.papers.PAPERS`) filled with ``data``, as PDF.

    Equal data give equal bytes as long as Typst, the templates and the installed fonts stay the same. Text in ``data``
    is never read as markup. Raises ``Refused`` when ``data`` lack what the paper must say, ``PaperUnavailable`` when
    the machine cannot make it (no font, too busy, too slow, a fault in the template).
    """
    papers.check(template, data)
    return _run({"template": template, "data": _printable(data)})


def font_chains() -> dict[str, list[str]]:
    """For each role of the letterforms the installed families used, best first; empty lists when none has Chinese."""
    return json.loads(_run({}))


def _run(job: dict[str, Any]) -> bytes:
    job |= {"memory": MEMORY_BYTES, "seconds": RUN_SECONDS, "folders": [str(path) for path in fonts.folders()]}
    with _slot():
        try:
            done = subprocess.run(
                [sys.executable, "-m", "mingtang.press.child"],
                input=json.dumps(job).encode(),
                capture_output=True,
                timeout=RUN_SECONDS,
                cwd=CHECKOUT,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PaperUnavailable(f"生成这份文书用时过长，已经停下；{INSTEAD}，过一会儿再试。") from None
        except OSError as error:
            log.error("paper child did not start: %s", error)
            raise PaperUnavailable(f"服务器现在无法生成文书；{INSTEAD}，过一会儿再试。") from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == fonts.NO_FONT:
        raise PaperUnavailable(
            f"服务器没有中文字体，生成不了文书；{INSTEAD}。请管理员安装字体：apt install {fonts.APT_PACKAGE}"
        )
    log.error("paper %s failed, code %d: %s", job.get("template"), done.returncode, done.stderr.decode()[-300:])
    raise PaperUnavailable(f"这份文书暂时生成不了，原因已记入系统日志；{INSTEAD}，或者请窗口人员帮忙。")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=QUEUE_SECONDS):
        raise PaperUnavailable(f"正在生成文书的人较多，请过一会儿再试；{INSTEAD}。")
    try:
        yield
    finally:
        _slots.release()


def _environment() -> dict[str, str]:
    """Only what the child needs: keys and database addresses of the server stay out of it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS") if name in os.environ}
    return kept | {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


# Characters without a printed form, and those that turn the reading direction to make one text look like another.
_UNPRINTABLE: dict[int, str | None] = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\N{REPLACEMENT CHARACTER}"
)
_UNPRINTABLE |= {0x09: " ", 0x0A: "\n", 0x0D: None}


def _printable(value: Any) -> Any:
    """The same data with every character that has no printed form shown as the replacement character."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE).encode("utf-16", "replace").decode("utf-16")
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value
