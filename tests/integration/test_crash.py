"""Killed without warning in the middle of a publish: either all of it or none, and everybody catches up."""

import signal
import subprocess
import sys

import pytest

from mingtang.disclosure import actions
from mingtang.disclosure.models import Document, Edition
from mingtang.events import follow
from mingtang.events.models import Event, Sequenced, Unsequenced
from mingtang.ledger.verifying import verify_log
from mingtang.lib.paths import CHECKOUT
from mingtang.search import service as search
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import SIGNER, staff

TITLE = "关于赶集日停车的通告"
WRITES = 5  # event, its place in the queue, the edition before, the edition, the document


@pytest.fixture
def here(own_database) -> Jurisdiction:
    town = Jurisdiction.objects.get(code="430623107")
    follow.settle()
    return town


@pytest.fixture
def edition(here) -> Edition:
    return acts.signed(here)


@pytest.fixture
def child(own_database):
    """Run the publishing child to its point; its exit code and what it printed."""

    def run(point: str, edition: Edition) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.integration.crash_child", point, str(edition.pk)],
            cwd=CHECKOUT,
            env=own_database.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode, done.stdout.strip()

    return run


def assert_nothing_happened(edition: Edition) -> None:
    edition.refresh_from_db()
    document = Document.objects.get(pk=edition.document_id)
    assert (edition.state, edition.published_at, edition.published_event) == ("signed", None, None)
    assert (document.current, document.published_at) == (None, None)
    assert not Event.objects.filter(type="document.published").exists()


def assert_all_of_it_happened(edition: Edition) -> None:
    edition.refresh_from_db()
    document = Document.objects.get(pk=edition.document_id)
    event = Event.objects.get(type="document.published")
    assert (edition.state, edition.published_event, document.current) == ("published", event, edition)
    assert event.data["sha256"] == edition.revision.sha256


def assert_everybody_caught_up(town: Jurisdiction, edition: Edition) -> None:
    follow.settle()
    assert not Unsequenced.objects.exists()
    assert not follow.is_behind()
    assert list(Sequenced.objects.filter(town=town).order_by("index").values_list("index", flat=True)) == list(
        range(Event.objects.filter(town=town).count())
    )
    report = verify_log(town)
    assert report.ok, [str(finding) for finding in report.findings]
    assert (report.waiting, report.unsigned) == (0, 0)
    hits = search.search(town.pk, TITLE).hits
    assert [hit.url for hit in hits if hit.url.startswith("/info/")] == [f"/info/{edition.document.index_number}"]


def test_a_publish_writes_as_often_as_these_tests_think(child, edition):
    assert child("none", edition) == (0, str(WRITES))


@pytest.mark.parametrize("point", [*(f"write:{n}" for n in range(1, WRITES + 1)), "commit"])
def test_a_kill_before_the_commit_leaves_nothing_and_the_act_can_be_done_again(here, child, edition, point):
    assert child(point, edition)[0] == -signal.SIGKILL
    assert_nothing_happened(edition)
    actions.publish(edition=edition, by=staff(SIGNER))
    assert_all_of_it_happened(edition)
    assert_everybody_caught_up(here, edition)


def test_a_kill_right_after_the_commit_leaves_everything_and_the_follower_catches_up(here, child, edition):
    assert child("committed", edition)[0] == -signal.SIGKILL
    assert_all_of_it_happened(edition)
    assert_everybody_caught_up(here, edition)


@pytest.mark.parametrize("listener", ["ledger", "search", "pages"])
def test_a_kill_after_a_listeners_work_and_before_its_mark_is_made_good(here, child, edition, listener):
    assert listener in follow._listeners
    assert child(f"follow:{listener}", edition)[0] == -signal.SIGKILL
    assert_all_of_it_happened(edition)
    assert_everybody_caught_up(here, edition)
