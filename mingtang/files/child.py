"""Reading a stranger's file in a short-lived process of its own, with limits on time and memory.

A parser that crashes, hangs or swallows the memory takes only the child with it. The bytes go in by standard input and
the answer comes back as JSON, so that nothing lies on the disk in clear and the child needs no right to write.
"""

import json
import os
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mingtang.files.convert import Converted, Picture, convert
from mingtang.files.extract import Extraction, extract
from mingtang.lib.errors import Refused
from mingtang.lib.paths import CHECKOUT

SECONDS = 30
MEMORY = 1536 * 1024 * 1024
_TOO_HARD = "这个文件太复杂，系统在限定的时间和内存里没有读完，请拆成几个小文件，或另存为 PDF 后再传。"


def read(data: bytes, *, seconds: int = SECONDS, memory: int = MEMORY) -> Extraction:
    """The text of a file (see ``extract.extract``), read by a child that may use so many seconds and bytes of memory.

    Raises ``Refused`` with the child's sentence, or with one of our own when the child did not come back.
    """
    answer = _ask(data, seconds, memory, {"task": "read"})
    return Extraction(answer["kind"], [(label, text) for label, text in answer["parts"]], answer["warnings"])


def take(data: bytes, *, chosen: Sequence[int] = (), first: int = 1) -> Converted:
    """What an editor takes from a file (see ``convert.convert``), by such a child."""
    answer = _ask(data, SECONDS, MEMORY, {"task": "convert", "chosen": list(chosen), "first": first})
    pictures = [Picture(row["name"], b64decode(row["data"])) for row in answer.pop("pictures")]
    return Converted(**answer, pictures=pictures)


def _ask(data: bytes, seconds: int, memory: int, task: dict[str, Any]) -> dict[str, Any]:
    environment = {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8", "PATH": os.defpath}
    command = [sys.executable, "-P", "-m", "mingtang.files.child", str(seconds), str(memory), json.dumps(task)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=data, capture_output=True, timeout=seconds + 5, env=environment, cwd="/", check=False
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {"refused": _TOO_HARD}
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise Refused(_TOO_HARD, "file") from error
    if "refused" in answer:
        raise Refused(answer["refused"], "file")
    return answer


def main(arguments: list[str]) -> None:
    seconds, memory, task = int(arguments[0]), int(arguments[1]), json.loads(arguments[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        answer = asdict(extract(data) if task.pop("task") == "read" else convert(data, **task))
    except Refused as refusal:
        answer = {"refused": refusal.message}
    except (MemoryError, RecursionError):
        answer = {"refused": _TOO_HARD}
    json.dump(answer, sys.stdout, default=lambda picture: b64encode(picture).decode())


if __name__ == "__main__":
    main(sys.argv[1:])
