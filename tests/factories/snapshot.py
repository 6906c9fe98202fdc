"""What a fixture made once by the real actions, put back for the next test that wants the same."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.apps import apps
from django.db import connection

from mingtang.lib.paths import data_path


@dataclass(frozen=True)
class Snapshot:
    """The rows of each table with its columns, and the bytes of the stored files by their place."""

    rows: list[tuple[str, list[str], list[tuple[Any, ...]]]]
    files: dict[str, bytes]


def _tables() -> list[str]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("mingtang.")]
    return sorted({model._meta.db_table for model in ours})


def take() -> Snapshot:
    """Every row of our tables, as the database holds it, and every stored file."""
    rows = []
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            # A time of day goes back as text: SQLite reads one but takes none.
            found = [
                tuple(value.isoformat() if isinstance(value, time) else value for value in row)
                for row in cursor.fetchall()
            ]
            if found:
                rows.append((table, [column[0] for column in cursor.description], found))
    folder = data_path("files")
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Snapshot(rows, files)


def put_back(snapshot: Snapshot) -> None:
    """Insert the rows as they were and lay the files where they lay; each test has a data folder of its own.

    Foreign keys are checked at the end of the transaction, on both databases.
    """
    with connection.cursor() as cursor:
        for table, columns, rows in snapshot.rows:
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
    for place, data in snapshot.files.items():
        path = data_path("files") / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
