"""The node's index: fed by the rooms above, following events, answering pages.

The index lives in ``data_path("search")``. ``current`` is a link to the folder in use; a rebuild fills a new folder
beside it and moves the link, so that readers answer all the while.
"""

import logging
import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from mingtang.events.follow import listener
from mingtang.events.models import Sequenced
from mingtang.lib.errors import Refused
from mingtang.lib.locks import file_lock
from mingtang.lib.paths import data_path
from mingtang.search.entries import VERSION, Entry
from mingtang.search.index import Index
from mingtang.search.ranking import Days, Results
from mingtang.towns.models import Jurisdiction

Source = Callable[[int, list[str] | None], Iterable[Entry]]
Progress = Callable[[int], None]
T = TypeVar("T")

log = logging.getLogger(__name__)
_sources: dict[str, Source] = {}
_opened: tuple[Path, Index] | None = None  # replaced whole, so that threads need no lock
_ATTEMPTS = 3  # a rebuild may take the folder away under a reader, who then finds the new one
_REPORT_EVERY = 100


class _Damaged(Exception):
    """The index in use cannot be read."""


class SearchUnavailable(Refused):
    """There is no index that can be read right now; the rest of the page still stands."""

    def __init__(self) -> None:
        super().__init__("检索暂时不能使用，正在恢复。请稍后再试，或者从目录中查找。")


def register_source(prefix: str, function: Source) -> None:
    """Let a room feed the index with the keys that start with ``prefix`` + ``:``.

    ``function(town_id, keys)`` yields the public entries of a town: those of ``keys`` (an absent one is taken out of
    the index), or all of them for ``None``.
    """
    if _sources.setdefault(prefix, function) is not function:
        raise ValueError(f"two sources are called {prefix}")


def refresh(town: int, keys: Iterable[str]) -> int:
    """Bring entries of one town up to date, in one commit; returns how many changed. Keys of no source are ignored.

    Where no index can be read, all of it is built.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        prefix = key.partition(":")[0]
        if prefix in _sources:
            wanted[prefix].append(key)
    if not wanted:
        return 0
    with file_lock("search"):
        if not is_ready():
            return _rebuild(None)
        entries: list[Entry] = []
        gone: list[tuple[int, str]] = []
        for prefix, asked in wanted.items():
            found = [entry for entry in _sources[prefix](town, asked) if entry.key in set(asked)]
            entries += found
            gone += [(town, key) for key in set(asked) - {entry.key for entry in found}]
        try:
            return _reading(lambda index: index.update(entries, gone))
        except _Damaged:
            return _rebuild(None)


def rebuild(progress: Progress | None = None) -> int:
    """Build the index anew from all sources and put it in place; returns the number of entries.

    ``progress`` is called with the number of entries written so far. Readers answer from the old index until the new
    one stands; a build that fails or is killed leaves the old one in place.
    """
    with file_lock("search"):
        return _rebuild(progress)


def ensure() -> None:
    """Build the index if there is none that can be read (at start, after a damage)."""
    with file_lock("search"):
        if not is_ready():
            _rebuild(None)


def is_ready() -> bool:
    """Whether a search would be answered: some entries are really read."""
    try:
        _reading(lambda index: index.probe())
    except _Damaged:
        return False
    return True


def search(
    town: int,
    q: str,
    *,
    kind: str | None = None,
    filters: dict[str, str] | None = None,
    days: Days = (None, None),
    page: int = 1,
    size: int = 10,
) -> Results:
    """What the public of one town finds; see ``Index.query``. Raises ``SearchUnavailable`` when there is no index."""
    try:
        return _reading(lambda index: index.query(town, q, kind, filters, days, page, size))
    except _Damaged as error:
        raise SearchUnavailable from error


@listener("search")
def on_events(rows: list[Sequenced]) -> None:
    """Refresh what the events are about: an event's subject is the key of its entry."""
    subjects: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        subjects[row.town_id].append(row.event.subject)
    for town, keys in subjects.items():
        refresh(town, keys)


def _reading(work: Callable[[Index], T]) -> T:
    """What ``work`` answers for the index in use. An index that fails it every time is condemned and built anew by
    the next refresh or ``ensure``; then, or when there is none, raises ``_Damaged``.
    """
    global _opened
    failure: BaseException | None = None
    for _ in range(_ATTEMPTS):
        try:
            return work(_current())
        except BaseException as error:
            if not _is_damage(error):
                raise
            failure, _opened = error, None
    if not isinstance(failure, FileNotFoundError):
        log.error("the search index cannot be read and will be rebuilt", exc_info=failure)
        (data_path("search") / "current").unlink(missing_ok=True)
    raise _Damaged from failure


def _is_damage(error: BaseException) -> bool:
    # The engine says ValueError for what it notices, and panics in Rust for what it does not.
    return isinstance(error, OSError | ValueError) or type(error).__name__ == "PanicException"


def _current() -> Index:
    """The index the link leads to, opened once per process and folder."""
    global _opened
    link = data_path("search") / "current"
    folder = link.parent / os.readlink(link)
    opened = _opened
    if opened and opened[0] == folder:
        return opened[1]
    if not folder.name.startswith(f"v{VERSION}-") or not (folder / "meta.json").exists():
        raise FileNotFoundError(folder)
    index = Index(folder)
    _opened = (folder, index)
    return index


def _rebuild(progress: Progress | None) -> int:
    global _opened
    home = data_path("search")
    folder = home / f"v{VERSION}-{secrets.token_hex(6)}"
    written = 0

    def everything() -> Iterable[Entry]:
        nonlocal written
        for town in Jurisdiction.objects.order_by("pk").values_list("pk", flat=True):
            for source in _sources.values():
                for entry in source(town, None):
                    yield entry
                    written += 1
                    if progress and written % _REPORT_EVERY == 0:
                        progress(written)

    try:
        index = Index(folder)
        index.put(everything())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    fresh = home / f"{folder.name}.link"
    fresh.symlink_to(folder.name)
    os.replace(fresh, home / "current")
    _opened = (folder, index)
    for old in home.glob("v*-*"):
        if old.name != folder.name:
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() and not old.is_symlink() else old.unlink()
    if progress:
        progress(written)
    return written
