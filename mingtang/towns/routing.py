"""Pages read through the query-only alias; acts use the writer."""

from contextvars import ContextVar

from django.db import connections

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class reading:
    """Within it, queries outside a transaction go to the ``reader`` alias."""

    def __enter__(self) -> None:
        self._token = _reading.set(True)

    def __exit__(self, *exc: object) -> None:
        _reading.reset(self._token)


class ReadRouter:
    def db_for_read(self, model, **hints):
        # An act that reads inside its own transaction must see its own writes.
        if _reading.get() and not connections["default"].in_atomic_block:
            return "reader"
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, first, second, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "default"
