"""A catalogue file in a process of its own, also one that is killed: all of it or nothing, then begun again."""

import os
import signal
import subprocess
import sys
from io import BytesIO

import pytest
from django.utils import timezone

from config import importer
from mingtang.events.models import Event
from mingtang.lib.paths import CHECKOUT
from mingtang.rulebook.catalogue import jobs
from mingtang.rulebook.models import CatalogueImport, Item, Version
from mingtang.towns.models import Jurisdiction
from tests.factories.books import as_new, book, exported, put, tables
from tests.factories.cast import CENTRE, staff

# Dies when everything is written and nothing is committed.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from mingtang.rulebook.catalogue import importing, jobs
take_in = importing.take_in
def dies(**given):
    take_in(**given)
    os.kill(os.getpid(), signal.SIGKILL)
importing.take_in = dies
jobs.work(int(sys.argv[1]))
"""


@pytest.fixture
def job(own_database, monkeypatch):
    """A file with a changed item and four new ones, sent in."""
    for name, value in own_database.environment.items():
        monkeypatch.setenv(name, value)
    town = Jurisdiction.objects.get(code="430623107")
    found, new = tables(exported(town)), as_new(tables(exported(town)), prefix="N-")
    put(found, "事项", "办什么", "表里改的。")
    for title, rows in new.items():
        found[title] += rows[1:]
    return jobs.receive(town=town, name="目录.xlsx", stream=BytesIO(book(found)), by=staff(CENTRE))


def drafts() -> tuple[int, int, int]:
    return Item.objects.count(), Version.objects.filter(state="draft").count(), Event.objects.count()


def test_a_process_of_its_own_takes_the_file_in(job):
    assert importer.run_next() is True
    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", {"created": 4, "updated": 1, "unchanged": 3})
    assert drafts()[:2] == (8, 5)
    assert importer.run_next() is False


def test_killed_before_the_commit_nothing_is_there_and_the_next_begins_again(job):
    before = drafts()
    pk = jobs.claim()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(pk)], cwd=CHECKOUT, env=environment, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, drafts()) == ("running", before)
    CatalogueImport.objects.update(touched_at=timezone.now() - 2 * jobs.SILENT)
    assert importer.run_next() is True
    job.refresh_from_db()
    assert (job.state, job.attempts, drafts()[:2]) == ("done", 2, (8, 5))


def test_a_process_that_cannot_work_tells_the_sender(job, monkeypatch):
    before = drafts()
    monkeypatch.setattr(importer.sys, "executable", "/bin/false")
    assert importer.run_next() is True
    job.refresh_from_db()
    assert (job.state, drafts()) == ("refused", before)
    assert "没有做完就中断了" in job.problems[0][1]
