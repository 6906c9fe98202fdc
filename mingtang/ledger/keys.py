"""The signing key of a town's log: from the environment, else a file made at first use (mode 0600)."""

import contextlib
import os
from pathlib import Path

from mingtang.ledger.notes import Signer
from mingtang.lib.errors import Refused
from mingtang.lib.paths import data_path

_SEED = 32


def key_file(code: str) -> Path:
    """Where the key of a town lies unless the environment gives it."""
    return data_path("keys") / f"ledger-{code}.key"


def _seed(text: str, where: str) -> bytes:
    try:
        seed = bytes.fromhex(text.strip())
    except ValueError:
        seed = b""
    if len(seed) != _SEED:
        raise Refused(f"日志的签名密钥写得不对（{where}），应为64位十六进制数。请从备份恢复密钥。")
    return seed


def _make(path: Path) -> None:
    """Write a new seed in one step: another process that comes first wins, a kill leaves no half key."""
    path.parent.chmod(0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(os.urandom(_SEED).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def signer(code: str, origin: str, *, make: bool) -> Signer:
    """The signer of a town's log under the name ``origin``; ``make`` allows a key to be made.

    ``MINGTANG_LEDGER_KEY_<CODE>`` (64 hex digits) goes before the file. Raises ``Refused`` when there is no key and
    none may be made: signing on with another key would look like a forgery to everyone who follows the log.
    """
    name = f"MINGTANG_LEDGER_KEY_{code}"
    if given := os.environ.get(name):
        return Signer(origin, _seed(given, f"环境变量 {name}"))
    path = key_file(code)
    if make and not path.exists():
        _make(path)
    try:
        text = path.read_text()
    except FileNotFoundError as error:
        raise Refused(f"找不到日志的签名密钥（{path.name}）。请从备份恢复；确已丢失的，请另开日志。") from error
    return Signer(origin, _seed(text, path.name))
