"""The rows a fixture made once by the real actions, put back for the next test that wants the same."""

from typing import Any

from django.apps import apps
from django.db import connection

Snapshot = list[tuple[str, list[str], list[tuple[Any, ...]]]]


def _tables() -> list[str]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("mingtang.")]
    return sorted({model._meta.db_table for model in ours})


def take() -> Snapshot:
    """Every row of our tables, as the database holds it."""
    found: Snapshot = []
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            if rows:
                found.append((table, [column[0] for column in cursor.description], rows))
    return found


def put_back(snapshot: Snapshot) -> None:
    """Insert the rows as they were. Foreign keys are checked at the end of the transaction, on both databases."""
    with connection.cursor() as cursor:
        for table, columns, rows in snapshot:
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
