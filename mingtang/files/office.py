"""Old office files in the new format, through LibreOffice where it is installed.

It works in a process of its own with limits, in a folder and with a profile that are thrown away afterwards, with its
macros and its links to other files switched off.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from mingtang.lib.errors import Refused
from mingtang.lib.locks import file_lock
from mingtang.lib.paths import CHECKOUT

SECONDS = 90
# Of addresses, of which LibreOffice takes far more than of memory.
MEMORY = 4 * 1024**3
LARGEST = 200 * 1024**2
NEW = {"doc": "docx", "rtf": "docx", "xls": "xlsx"}
_ABSENT = (
    "服务器上没有装 LibreOffice，读不了旧版文件（.doc、.wps、.xls）。请用 WPS 或 Office 打开它，"
    "点“另存为”，类型选 .docx 或 .xlsx，再选一次；也可以请系统管理员装上 LibreOffice。"
)
_FAILED = "这个旧版文件没有读出来，可能已损坏、加了密码或者太大。请用原来的软件另存为 .docx 或 .xlsx 再选一次。"
_NO_CALC = "每个 .xls、.et 都读不出来的，请系统管理员看看有没有装 LibreOffice 的表格部分（libreoffice-calc）。"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def modern(data: bytes, kind: str) -> bytes:
    """The same document as .docx or .xlsx; ``kind`` is one of ``NEW``. Raises ``Refused`` when that is not possible."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Refused(_ABSENT, "file")
    # One at a time: each holds a worker of the site while it lasts, and takes what memory there is.
    with file_lock("office", wait=False) as alone, TemporaryDirectory() as name:
        if not alone:
            raise Refused("系统正在转换另一个旧版文件。请过一分钟，再选一次。", "file")
        folder = Path(name)
        source, profile, result = folder / f"in.{kind}", folder / "profile", folder / f"in.{NEW[kind]}"
        source.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
        options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        _run(folder, [program, *options, "--convert-to", NEW[kind], "--outdir", str(folder), str(source)])
        if not result.is_file() or not 0 < result.stat().st_size <= LARGEST:
            raise Refused(_FAILED + _NO_CALC if kind == "xls" else _FAILED, "file")
        return result.read_bytes()


def _run(folder: Path, command: list[str]) -> None:
    # What it keeps for itself must not outlive it elsewhere when it is killed.
    own = dict.fromkeys(("HOME", "TMPDIR"), str(folder))
    environment = {"PYTHONPATH": str(CHECKOUT), **own, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    limited = [sys.executable, "-P", "-m", "mingtang.files.office", *command]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(limited, cwd=folder, env=environment, start_new_session=True, **quiet)  # noqa: S603
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Refused(_FAILED, "file") from error
    finally:
        # Its helpers too: they are all in the session that was begun for it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main(command: list[str]) -> None:
    """Give way to the command, under the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(command[0], command)  # noqa: S606 - the program that ``shutil.which`` found


if __name__ == "__main__":
    main(sys.argv[1:])
