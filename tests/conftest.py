"""What every test stands on: a data folder of its own, a fixed day, a town with its people."""

import gc
import os
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

# Before settings are read: keys, pages and indexes of the tests never touch an installation's.
os.environ["MINGTANG_DATA"] = tempfile.mkdtemp(prefix="mingtang-test-")
os.environ["MINGTANG_NODE"] = "test"

import pytest
from hypothesis import settings as hypothesis_settings

from tests import template
from tests.browser.viewer import SCRIPT

# No deadline on a busy machine, and the same examples every time.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.load_profile("house")

SHARED = Path(os.environ.get("MINGTANG_SHARED") or Path(__file__).resolve().parents[2] / "shared")

UNIT = Path(__file__).parent / "unit"

# What a test may need that a machine may lack: marker → where it is, and how one gets it.
NEEDED = {
    "shared": (SHARED, "the shared material (MINGTANG_SHARED)"),
    "bpmn_js": (SCRIPT, "bpmn.io's viewer (python -m tests.browser.viewer fetches it with npm)"),
}


def _asks_the_database(item) -> bool:
    """A test that does not say so could not reach one; those beside ``unit`` may do it in processes of their own."""
    return (
        UNIT not in item.path.parents
        or item.get_closest_marker("django_db") is not None
        or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)
    )


def pytest_collection_modifyitems(config, items):
    """What asks no database is marked pure: one run is enough.

    Tests that need what is absent are deselected, with one banner; in CI its absence is a failure.
    """
    for item in items:
        if not _asks_the_database(item):
            item.add_marker(pytest.mark.pure)
    for marker, (place, what) in NEEDED.items():
        dropped = [item for item in items if item.get_closest_marker(marker)]
        if place.exists() or not dropped:
            continue
        if os.environ.get("CI"):
            raise pytest.UsageError(f"CI needs {what} at {place}")
        items[:] = [item for item in items if item not in dropped]
        config.hook.pytest_deselected(items=dropped)
        config.get_terminal_writer().line(f"\n{len(dropped)} tests need {what}: left out")


def pytest_collection_finish(session):
    """The collector looks at what tests leave, not again and again at thousands of tests: a tenth of a run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """The test database begins as a copy of the template; its tables are those that ``mingtang migrate`` makes."""
    from django.core import management
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            connection.settings_dict["TEST"]["TEMPLATE"] = template.postgres(cursor)
    call_command, create = management.call_command, connection.creation.create_test_db

    def instead(name, *arguments, **options):
        if name != "migrate":
            call_command(name, *arguments, **options)
        elif connection.vendor == "sqlite":
            connection.ensure_connection()
            source = sqlite3.connect(template.sqlite())
            source.backup(connection.connection)
            source.close()

    def create_copied(*arguments, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(management, "call_command", instead)
            return create(*arguments, **options)

    connection.creation.create_test_db = create_copied


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    """Pages, tiles and index of one test are not another's; the keys stay those of the session."""
    keys = Path(os.environ["MINGTANG_DATA"]) / "keys"
    keys.mkdir(exist_ok=True)
    # Beside the test's own folder, which it may read whole.
    data = tmp_path.with_name(f"{tmp_path.name}-data")
    data.mkdir()
    (data / "keys").symlink_to(keys)
    monkeypatch.setenv("MINGTANG_DATA", str(data))
    return data


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """A test that was rolled back leaves keys that the next one is given again: what is held in memory is not."""
    monkeypatch.setattr("mingtang.portal.views_counted._counts", Counter())
    monkeypatch.setattr("mingtang.portal.shelf._shelves", {})
    monkeypatch.setattr("mingtang.disclosure.shelf._shelves", {})


@pytest.fixture(autouse=True)
def _no_power_cut(monkeypatch):
    """What a test writes need not outlive the machine; the tests of crashes run processes of their own."""
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_towns: dict[tuple[str, int], tuple[int, object]] = {}


@pytest.fixture
def town(db):
    """The demo town with its organisation and its four items in force, made by the real actions.

    Made once for each hour the clock shows (a frozen clock has its own), afterwards put back with its files.
    """
    from django.utils import timezone

    from mingtang.demo.items import build_items
    from mingtang.demo.town import build_organisation, build_town
    from mingtang.towns.models import Jurisdiction
    from tests.factories import snapshot

    now = timezone.now()
    hour = (now.date().isoformat(), now.hour)
    untouched = not Jurisdiction.objects.exists()
    if untouched and hour in _towns:
        pk, kept = _towns[hour]
        snapshot.put_back(kept)
        return Jurisdiction.objects.get(pk=pk)
    made = build_town()
    build_organisation(made)
    build_items(made)
    if untouched:
        _towns[hour] = (made.pk, snapshot.take())
    return made


@pytest.fixture
def other_town(town):
    """A second, empty town on the same installation, reached at other.example."""
    from mingtang.towns.models import Host, Jurisdiction

    other = Jurisdiction.objects.create(
        code="430623108",
        prefix="BZ",
        name="北洲镇",
        uscc="11430623006382345A",
        site_name="北洲镇人民政府",
        parent=town.parent,
        base_url="http://other.example",
    )
    Host.objects.create(name="other.example", jurisdiction=other)
    return other
