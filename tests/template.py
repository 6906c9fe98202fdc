"""A migrated database, made once and copied by whoever needs one: each test process, each own database, the browser's.

Migrating takes as long as a hundred tests, and six processes of one run did it. The template is kept in the machine's
folder for temporary files (or on the PostgreSQL server) under a key of everything that makes its tables.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlparse

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.gettempdir()) / f"mingtang-test-{os.getuid()}"


def _key() -> str:
    """Of every migration and model, and of the apps of others that make tables."""
    digest = hashlib.sha256(" ".join(version(name) for name in ("django", "django-axes")).encode())
    for path in sorted([*CHECKOUT.glob("mingtang/**/*.py"), CHECKOUT / "config" / "settings.py"]):
        if {"migrations", "models"} & set(path.parts) or path.name in {"models.py", "append_only.py", "settings.py"}:
            digest.update(path.relative_to(CHECKOUT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else makes the same template meanwhile; another checkout makes its own."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with (FOLDER / f"{_key()}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _migrate(**environment: str) -> None:
    command = [sys.executable, "-m", "config.cli", "migrate"]
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(command, cwd=CHECKOUT, env={**plain, **environment}, check=True, capture_output=True, timeout=300)


def sqlite() -> Path:
    """The file to copy."""
    made = FOLDER / f"{_key()}.sqlite3"
    with _alone():
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=FOLDER) as building:
                _migrate(MINGTANG_DATA=building)
                found = Path(building) / "mingtang.sqlite3"
                with sqlite3.connect(found) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                database.close()
                shutil.move(found, made)
    return made


def postgres(cursor) -> str:
    """The name of the database to copy, on the server that ``cursor`` leads to."""
    made = f"mingtang_template_{_key()}"
    with _alone():
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{made}_new"')
            url = urlparse(os.environ["DATABASE_URL"])._replace(path=f"/{made}_new").geturl()
            with tempfile.TemporaryDirectory(dir=FOLDER) as data:
                _migrate(MINGTANG_DATA=data, DATABASE_URL=url)
            cursor.execute(f'ALTER DATABASE "{made}_new" RENAME TO "{made}"')
    return made
