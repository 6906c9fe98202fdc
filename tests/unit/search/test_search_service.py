"""The node's index as a projection: it follows events, is rebuilt beside and swapped, and never breaks a page."""

import os
import shutil
import threading
from dataclasses import replace

import pytest

from mingtang.events import follow
from mingtang.events.log import SYSTEM, record
from mingtang.events.types import define
from mingtang.lib.errors import Refused
from mingtang.lib.paths import data_path
from mingtang.lib.tx import act
from mingtang.search import service
from mingtang.towns.models import Jurisdiction
from tests.unit.search.samples import entry

pytestmark = pytest.mark.django_db

define("search.tested", "检索试验", public=True)


@pytest.fixture
def places():
    make = Jurisdiction.objects.create
    return [
        make(code="430623108", prefix="SA", name="甲镇", site_name="甲镇"),
        make(code="430623109", prefix="SB", name="乙镇", site_name="乙镇"),
    ]


@pytest.fixture
def shelf(places, monkeypatch):
    """A room's public entries, registered as a source: (town, key) → entry."""
    first, second = places
    held = {
        (given.town, given.key): given
        for given in (
            entry(1, "农村低保公示", "低保名单", town=first.pk),
            entry(2, "宅基地审批", "建房", town=first.pk),
            entry(3, "低保年报", "低保", town=second.pk),
        )
    }

    def source(town, keys):
        return [kept for (owner, key), kept in held.items() if owner == town and (keys is None or key in keys)]

    monkeypatch.setattr(service, "_sources", {"document": source})
    return held


def found(town, q="低保") -> list[str]:
    return [hit.key for hit in service.search(town.pk, q).hits]


def test_a_rebuild_holds_every_town_and_reports_its_progress(places, shelf):
    seen: list[int] = []
    assert service.rebuild(seen.append) == 3
    assert seen == [3]
    assert found(places[0]) == ["document:1"] and found(places[1]) == ["document:3"]


def test_without_an_index_a_search_is_refused_in_chinese(places, shelf):
    assert not service.is_ready()
    with pytest.raises(service.SearchUnavailable, match="检索暂时不能使用"):
        service.search(places[0].pk, "低保")
    assert issubclass(service.SearchUnavailable, Refused)
    service.ensure()
    assert service.is_ready() and found(places[0])


def test_refresh_adds_changes_and_takes_out(places, shelf):
    service.rebuild()
    town = places[0].pk
    shelf[town, "document:1"] = replace(shelf[town, "document:1"], title="殡葬补贴", body="补贴")
    del shelf[town, "document:2"]
    shelf[town, "document:9"] = entry(9, "新文件", "水库", town=town)
    assert service.refresh(town, ["document:1", "document:2", "document:9", "document:1", "case:WY1"]) == 3
    assert found(places[0]) == [] and found(places[0], "殡葬补贴") == ["document:1"]
    assert found(places[0], "宅基地") == [] and found(places[0], "水库") == ["document:9"]
    assert service.refresh(town, ["document:1", "document:2"]) == 0
    assert found(places[1]) == ["document:3"]


def test_a_source_cannot_slip_in_what_was_not_asked(places, shelf, monkeypatch):
    service.rebuild()
    everything = entry(5, "没有问到的", "水库", town=places[0].pk)
    monkeypatch.setattr(service, "_sources", {"document": lambda town, keys: [everything]})
    assert service.refresh(places[0].pk, ["document:77"]) == 0
    assert found(places[0], "水库") == []


def test_refresh_without_an_index_builds_all_of_it(places, shelf):
    service.refresh(places[0].pk, ["document:1"])
    assert found(places[0], "宅基地") == ["document:2"] and found(places[1]) == ["document:3"]


def test_a_subject_of_no_source_builds_nothing(places, shelf):
    assert service.refresh(places[0].pk, ["case:WY2026000001X", "nonsense", ""]) == 0
    assert not service.is_ready()


@pytest.mark.parametrize("harm", ["empty meta", "no terms", "cut store", "no folder", "dangling link", "other version"])
def test_a_damaged_index_is_refused_and_mended(places, shelf, harm, monkeypatch):
    service.rebuild()
    link = data_path("search") / "current"
    folder = link.resolve()
    if harm == "empty meta":
        (folder / "meta.json").write_text("")
    elif harm == "no terms":
        for file in folder.glob("*.term"):
            file.unlink()
    elif harm == "cut store":
        for file in folder.glob("*.store"):
            file.write_bytes(bytes(len(file.read_bytes()) - 40) + file.read_bytes()[-40:])
    elif harm == "no folder":
        shutil.rmtree(folder)
    elif harm == "dangling link":
        link.unlink()
        link.symlink_to("v1-nowhere")
    else:
        moved = folder.rename(folder.with_name("v0-old"))
        link.unlink()
        link.symlink_to(moved.name)
    monkeypatch.setattr(service, "_opened", None)
    with pytest.raises(service.SearchUnavailable):
        service.search(places[0].pk, "低保")
    assert not service.is_ready()
    service.ensure()
    assert found(places[0]) == ["document:1"]


def test_readers_answer_while_an_index_is_rebuilt(places, shelf):
    service.rebuild()
    failures: list[Exception] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            try:
                assert found(places[0]) == ["document:1"]
            except Exception as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        service.rebuild()
    done.set()
    reader.join()
    assert failures == []


def test_a_folder_taken_away_under_a_reader_is_looked_for_again(places, shelf, monkeypatch):
    service.rebuild()
    current, calls = service._current, []

    def taken_away_once():
        calls.append(1)
        if len(calls) == 1:
            raise FileNotFoundError("meta.json")
        return current()

    monkeypatch.setattr(service, "_current", taken_away_once)
    assert found(places[0]) == ["document:1"]


def test_a_panic_of_the_engine_is_damage_and_other_errors_are_not(places, shelf, monkeypatch):
    class PanicException(BaseException):
        """As the engine raises it: not an ``Exception``."""

    def fail(error):
        def query(self, *args):
            raise error

        monkeypatch.setattr(service.Index, "query", query)

    service.rebuild()
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        found(places[0])
    assert service.is_ready()
    fail(PanicException("range end index"))
    with pytest.raises(service.SearchUnavailable):
        found(places[0])
    assert not service.is_ready()


def test_a_failed_rebuild_leaves_the_old_index_and_no_rubbish(places, shelf, monkeypatch):
    service.rebuild()

    def broken(town, keys):
        yield entry(1, "半", town=town)
        raise RuntimeError("source failed")

    monkeypatch.setattr(service, "_sources", {"document": broken})
    with pytest.raises(RuntimeError):
        service.rebuild()
    assert found(places[0]) == ["document:1"]
    assert len(list(data_path("search").glob("v*"))) == 1


def test_a_rebuild_clears_what_a_killed_one_left(places, shelf):
    left = data_path("search") / "v1-killed"
    left.mkdir()
    (data_path("search") / "v1-killed.link").symlink_to("v1-killed")
    service.rebuild()
    names = {path.name for path in data_path("search").iterdir()}
    assert names == {"current", os.readlink(data_path("search") / "current")}


def test_an_index_that_was_updated_answers_like_one_that_was_rebuilt(places, shelf):
    service.rebuild()
    town = places[0].pk
    for number in range(20, 40):
        shelf[town, f"document:{number}"] = entry(number, f"第{number}号低保公示", "低保金发放", town=town)
        service.refresh(town, [f"document:{number}"])
    before = [service.search(town, q, size=50) for q in ("低保", "", "第25号", "怎么领低保金")]
    service.rebuild()
    after = [service.search(town, q, size=50) for q in ("低保", "", "第25号", "怎么领低保金")]
    assert [[h.key for h in r.hits] for r in before] == [[h.key for h in r.hits] for r in after]
    assert [r.facets for r in before] == [r.facets for r in after]


def test_an_event_brings_its_subject_into_the_index(places, shelf):
    service.rebuild()
    town = places[0]
    shelf[town.pk, "document:9"] = entry(9, "新文件", "水库", town=town.pk)
    del shelf[town.pk, "document:1"]
    with act():
        for subject in ("document:9", "document:1", "document:9", "case:WY1"):
            record(town=town, type="search.tested", subject=subject, by=SYSTEM)
    follow.settle()
    assert found(town, "水库") == ["document:9"] and found(town) == []


def test_two_sources_of_one_name_are_a_mistake(shelf):
    with pytest.raises(ValueError, match="two sources"):
        service.register_source("document", lambda town, keys: [])
