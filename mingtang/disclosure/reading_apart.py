"""Reading many documents in a process of its own, ahead of whoever takes them in, each within a limit of time.

A parser that crashes, hangs or swallows the memory takes only the child with it: the document it happened to is a
Reading with a problem, and another child goes on behind it.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from mingtang.disclosure.reading import Attachment, Problem, Reading, failed, sources
from mingtang.disclosure.reading_blocks import Body, sanitised
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT

SECONDS = 30
MEMORY = 1536 * 1024 * 1024
# What lies read while a batch is taken in: about as many documents as one holds.
AHEAD = 1024 * 1024
TOO_HARD = "这一份太复杂，系统在限定的时间和内存里没有读完，请拆成几份，或者另存为 .docx 以后再导入。"


def read_apart(path: Path | str, *, seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[Reading]:
    """As ``read_path``; each document may take so many seconds of processor time, the child so many bytes of memory."""
    path = Path(path).absolute()
    if not path.exists():
        raise Refused(f"找不到“{path}”，请核对路径。")
    begun = 0
    while True:
        where = ""
        with _child(path, begun, seconds, memory) as child:
            for line in child.stdout:
                row = json.loads(line.decode("utf-8", "surrogatepass")) if line.endswith(b"\n") else {}
                if "begun" in row:
                    begun, where = begun + 1, row["begun"]
                elif row:
                    where = ""
                    yield _reading(row)
        if where:
            yield failed(where, TOO_HARD)
        elif child.returncode:
            raise RuntimeError(f"the reader ended with {child.returncode}")
        else:
            return


@contextmanager
def _child(path: Path, skipped: int, seconds: float, memory: int) -> Iterator[Any]:
    environment = {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8", "PATH": os.defpath}
    command = [sys.executable, "-P", "-m", __name__, str(path), str(skipped), str(seconds), str(memory)]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "pipesize": AHEAD}
    child = subprocess.Popen(command, **pipes, cwd="/", env=environment)  # noqa: S603 - our own interpreter and module
    try:
        yield child
    except BaseException:
        child.kill()
        raise
    finally:
        child.stdout.close()
        child.wait()


def _plain(reading: Reading) -> dict[str, Any]:
    return vars(reading) | {
        "generated_on": reading.generated_on and reading.generated_on.isoformat(),
        "published_on": reading.published_on and reading.published_on.isoformat(),
        "attachments": [[one.name, one.url] for one in reading.attachments],
        "problems": [[one.field, one.sentence] for one in reading.problems],
    }


def cleaned_apart(source: str, text: str) -> Body:
    """A body that a process of ours cleaned: it is not laid out again, but no stranger's parser is believed."""
    body = Body(sanitised(source))
    body.text = text
    return body


def _reading(row: dict[str, Any]) -> Reading:
    day, moment = row["generated_on"], row["published_on"]
    return Reading(
        **row
        | {
            "body_html": cleaned_apart(row["body_html"], row["body_text"]),
            "generated_on": day and date.fromisoformat(day),
            "published_on": moment and (datetime if "T" in moment else date).fromisoformat(moment),
            "attachments": [Attachment(*one) for one in row["attachments"]],
            "problems": [Problem(*one) for one in row["problems"]],
        }
    )


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def main(path: str, skipped: int, seconds: float, memory: int, out: BinaryIO) -> None:
    """Write what the sources at ``path`` hold, a line each, within these bounds; for the process apart."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for turn, (where, read) in enumerate(sources(path)):
        if turn < skipped:
            continue
        out.write(_line({"begun": where}))
        out.flush()
        # Who takes longer is ended by the signal.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            row = _plain(read())
        except (MemoryError, RecursionError):
            row = _plain(failed(where, TOO_HARD))
        out.write(_line(row))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.stdout.buffer)
