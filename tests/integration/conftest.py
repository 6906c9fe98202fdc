"""Databases of their own for tests that need real commits, threads and processes.

The append-only triggers forbid Django's flush between tests, so such a test gets a copy of a database that was made
once: migrated, with the demo town in it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.db import connections

from tests import template

ALIASES = ("default", "reader")
SQLITE = connections["default"].vendor == "sqlite"


@dataclass(frozen=True)
class OwnDatabase:
    """Where the copy is, and the environment in which another process finds it."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """This process's connections, those of threads still to come included, lead to another database."""
    kept = {}
    for alias in ALIASES:
        wrapper = connections[alias]
        if not SQLITE:
            wrapper.close()
        kept[alias] = wrapper.connection, wrapper.settings_dict["NAME"]
        wrapper.connection, wrapper.settings_dict["NAME"] = None, name
    try:
        yield
    finally:
        for alias in ALIASES:
            wrapper = connections[alias]
            wrapper.close()
            wrapper.connection, wrapper.settings_dict["NAME"] = kept[alias]


def _template() -> str:
    if SQLITE:
        return str(template.sqlite())
    with connections["default"]._nodb_cursor() as cursor:
        return template.postgres(cursor)


def _copy(source: str, target: str) -> None:
    if SQLITE:
        shutil.copyfile(source, target)
        return
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _drop(name: str) -> None:
    if not SQLITE:
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def _standing_town(django_test_environment, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """A database with the demo town, made once by the real actions and only copied from then on."""
    from mingtang.demo.items import build_items
    from mingtang.demo.town import build_organisation, build_town
    from mingtang.events.sequencing import sequence_pending

    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = str(tmp_path_factory.mktemp("town") / "town.sqlite3") if SQLITE else f"test_mingtang_{worker}_town"
    with django_db_blocker.unblock():
        _drop(name)
        _copy(_template(), name)
        with _pointed_at(name):
            town = build_town()
            build_organisation(town)
            build_items(town)
            sequence_pending()
        yield name
        _drop(name)


@pytest.fixture
def own_database(_standing_town, own_data_folder: Path, django_db_blocker) -> Iterator[OwnDatabase]:
    """A database of this test alone with the demo town in it, committed; threads and processes may use it."""
    name = str(own_data_folder / "mingtang.sqlite3") if SQLITE else f"{_standing_town}_own"
    environment = {**os.environ, "MINGTANG_DATA": str(own_data_folder)}
    if not SQLITE:
        environment["DATABASE_URL"] = urlparse(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with django_db_blocker.unblock():
        _drop(name)
        _copy(_standing_town, name)
        try:
            with _pointed_at(name):
                yield OwnDatabase(name, environment)
        finally:
            _drop(name)


@pytest.fixture
def at_once(own_database) -> Callable[..., list[object]]:
    """Run calls at the same time, each in a thread with connections of its own; answers or exceptions, in order."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    def run(*calls: Callable[[], object]) -> list[object]:
        start = Barrier(len(calls))

        def one(call: Callable[[], object]) -> object:
            start.wait(30)
            try:
                return call()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run
