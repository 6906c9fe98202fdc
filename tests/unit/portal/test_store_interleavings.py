"""No order of reading, committing, dropping, saving and dying leaves a page of an older state."""

import itertools
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mingtang.portal import store as store_module
from mingtang.portal.mediatypes import HTML
from mingtang.portal.store import PageStore, Start

TOWN = "430623102"
KEYS = ("document:1", "document:2", "catalogue")
PATHS = {"/1": KEYS[:1], "/2": KEYS[1:2], "/列表/": KEYS}


def render(database: dict[str, int], path: str) -> bytes:
    return repr({key: database[key] for key in PATHS[path]}).encode() * 5


class View(NamedTuple):
    start: Start
    path: str
    body: bytes


class Interleavings(RuleBasedStateMachine):
    """Each rule is a step after which another process may come between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = PageStore(self.folder)
        self.database = dict.fromkeys(KEYS, 0)
        self.to_drop: list[str] = []
        self.begun: list[tuple[Start, str]] = []
        self.rendered: list[View] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(path=st.sampled_from(sorted(PATHS)))
    def begin(self, path: str) -> None:
        self.begun.append((self.store.begin(TOWN), path))

    @precondition(lambda self: self.begun)
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        start, path = self.begun.pop(data.draw(st.integers(0, len(self.begun) - 1)))
        self.rendered.append(View(start, path, render(self.database, path)))

    @precondition(lambda self: self.rendered)
    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        view = self.rendered.pop(data.draw(st.integers(0, len(self.rendered) - 1)))
        self.store.save(view.start, view.path, PATHS[view.path], view.body, HTML)

    @rule(key=st.sampled_from(KEYS))
    def commit(self, key: str) -> None:
        self.database[key] += 1
        self.to_drop.append(key)

    @precondition(lambda self: self.to_drop)
    @rule()
    def drop(self) -> None:
        self.store.drop(TOWN, [self.to_drop.pop(0)])

    @rule()
    def clear(self) -> None:
        self.store.clear(TOWN)

    @rule()
    def compact(self) -> None:
        limit, store_module.LOG_LIMIT = store_module.LOG_LIMIT, 0
        try:
            self.store.drop(TOWN, ["something else"])
        finally:
            store_module.LOG_LIMIT = limit

    @invariant()
    def a_stored_page_is_of_the_present_state_or_its_drop_is_still_to_come(self) -> None:
        for path, keys in PATHS.items():
            found = self.store.find(TOWN, path)
            if found is not None and not set(keys) & set(self.to_drop):
                assert found.body == render(self.database, path)


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


class Killed(BaseException):
    """Stands for kill -9: nothing that comes after it in this process reaches the disk."""


class DyingSystem:
    """The ``os`` module, until the given number of calls that change the disk; after it, every such call dies."""

    CHANGES = ("replace", "rename", "unlink", "open", "makedirs", "close")

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self.CHANGES:
            return real

        def counted(*arguments: Any, **named: Any) -> Any:
            if self.calls <= 0 and name != "close":  # the kernel closes what a dead process held
                raise Killed
            self.calls -= 1
            return real(*arguments, **named)

        return counted

    def opened(self, *arguments: Any, **named: Any) -> Any:
        if self.calls <= 0:
            raise Killed
        self.calls -= 1
        return open(*arguments, **named)


@settings(max_examples=150, deadline=None)
@given(calls=st.integers(0, 60), act=st.sampled_from(["save", "drop", "clear"]))
def test_a_kill_between_any_two_steps_leaves_whole_pages_and_no_stale_one(calls: int, act: str) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        store, state = PageStore(folder), {"v": 0}
        for path in ("/1", "/2"):
            store.save(store.begin(TOWN), path, ["one", "two"], b"old " * 50, HTML)
        start = store.begin(TOWN)
        system = DyingSystem(calls)
        store_module.os = system  # type: ignore[assignment]
        store_module.open = system.opened  # type: ignore[attr-defined]
        try:
            if act == "save":
                store.save(start, "/1", ["one", "three"], b"old!" * 60, "application/json")
            elif act == "drop":
                state["v"] = 1
                store.drop(TOWN, ["one"])
            else:
                store.clear(TOWN)
            killed = False
        except Killed:
            killed = True
        finally:
            store_module.os = os  # type: ignore[assignment]
            del store_module.open  # type: ignore[attr-defined]
        log = (folder / TOWN / "drops.log").read_bytes()
        survivor = PageStore(folder)
        after = survivor.begin(TOWN)
        for path in ("/1", "/2"):
            found = survivor.find(TOWN, path)
            if found is not None:
                assert found.body in (b"old " * 50, b"old!" * 60)
        if act != "save" and (not killed or log.count(b"\n") > 1):
            assert survivor.find(TOWN, "/1") is None, "what was written to the log is dropped"
            assert survivor.find(TOWN, "/2") is None
        # The follower repeats the drop of an act it has not ticked off; then everything goes on as ever.
        survivor.drop(TOWN, ["one"])
        assert survivor.find(TOWN, "/1") is None
        assert survivor.find(TOWN, "/2") is None
        assert not survivor.save(after, "/1", ["one"], b"old", HTML)
        assert survivor.save(survivor.begin(TOWN), "/1", ["one"], b"new", HTML)
    finally:
        shutil.rmtree(folder)


def test_threads_that_save_and_drop_at_once_leave_no_stale_page(tmp_path: Path) -> None:
    store, database = PageStore(tmp_path), {"v": 0}
    failures: list[BaseException] = []

    def act() -> None:
        for _ in range(60):
            database["v"] += 1
            store.drop(TOWN, ["one"])

    def view() -> None:
        try:
            for _ in range(60):
                start = store.begin(TOWN)
                store.save(start, "/1", ["one"], str(database["v"]).encode() * 40, HTML)
                store.find(TOWN, "/1")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=target) for target in (act, view, view)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    found = store.find(TOWN, "/1")
    assert found is None or found.body == b"60" * 40


def test_processes_exclude_each_other(tmp_path: Path) -> None:
    store = PageStore(tmp_path)
    store.begin(TOWN)
    children = []
    for number in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for turn in range(30):
                    store.save(store.begin(TOWN), f"/{turn % 5}", ["one"], f"{number} {turn}".encode() * 30, HTML)
                    store.drop(TOWN, ["one", f"two {turn}"])
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    lines = (tmp_path / TOWN / "drops.log").read_bytes().split(b"\n")[1:-1]
    assert [line == b"." for line in lines] == [False, True] * 90
    assert not any(files for _, _, files in itertools.chain(os.walk(tmp_path / TOWN / "pages")))


@pytest.mark.parametrize("broken", [b"", b"short", b"\0" * 40, b"0" * 32 + b"\nabc"])
def test_a_log_without_sense_clears_the_town(tmp_path: Path, broken: bytes) -> None:
    store = PageStore(tmp_path)
    store.save(store.begin(TOWN), "/1", ["one"], b"page", HTML)
    (tmp_path / TOWN / "drops.log").write_bytes(broken)
    store.begin(TOWN)
    assert store.find(TOWN, "/1") is None
    assert store.save(store.begin(TOWN), "/1", ["one"], b"page", HTML)
