"""One full-text index in one folder: writing entries into it and reading it while others write."""

import threading
from collections.abc import Iterable
from pathlib import Path

import tantivy

from mingtang.search.entries import Entry, documents, schema, shown, uid
from mingtang.search.facets import FacetCounter
from mingtang.search.ranking import Days, Results, run
from mingtang.search.suggest import Suggester

_HEAP = 30_000_000  # bytes the engine may hold while writing; given back after each commit


class Index:
    """An index at ``path``, made when it is missing.

    One writer at a time (the engine refuses a second; the caller holds the lock); any number of readers, also in
    other processes: each query first looks whether the folder's ``meta.json`` has been replaced.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._meta = path / "meta.json"
        self.schema = schema()
        self._engine = tantivy.Index(self.schema, path=str(path))
        self._engine.config_reader("manual")
        self._guard = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._suggester = Suggester(self.schema)
        self._counter = FacetCounter()

    def put(self, entries: Iterable[Entry]) -> int:
        """Write entries, each in the place of the one with its key; unchanged ones are left. Returns how many changed.

        One commit at the end: either all of the batch can be found or none of it.
        """
        return self.update(entries, ())

    def drop(self, keys: Iterable[tuple[int, str]]) -> int:
        """Take (town, key) pairs out; a key that is not there is no error. Returns how many were there."""
        return self.update((), keys)

    def update(self, entries: Iterable[Entry], dropped: Iterable[tuple[int, str]]) -> int:
        """``put`` and ``drop`` in one commit. Returns how many entries changed."""
        searcher = self.searcher()
        empty = searcher.num_docs == 0
        writer = None
        changed = 0
        try:
            for town, key, entry in _changes(entries, dropped):
                digest = None if empty else self._digest(searcher, town, key)
                if digest == (entry.digest if entry else None):
                    continue
                writer = writer or self._engine.writer(_HEAP, 1)
                writer.delete_documents_by_term("uid", uid(town, key))
                for document in documents(entry, self.schema) if entry else ():
                    writer.add_document(document)
                changed += 1
            if writer:
                writer.commit()
        finally:
            if writer:
                writer.wait_merging_threads()  # also gives back the heap and the engine's own lock
        return changed

    def _digest(self, searcher: tantivy.Searcher, town: int, key: str) -> str | None:
        query = tantivy.Query.term_query(self.schema, "uid", uid(town, key), index_option="basic")
        hits = searcher.search(query, 1, count=False).hits
        return str(shown(searcher, hits[0][1])["digest"]) if hits else None

    def searcher(self) -> tantivy.Searcher:
        """A reader of the newest commit."""
        state = self._meta.stat()
        signature = (state.st_ino, state.st_mtime_ns)
        if signature != self._seen:
            with self._guard:
                self._engine.reload()
                self._seen = signature
        return self._engine.searcher()

    def count(self) -> int:
        """How many entries the index holds, of all towns."""
        query = tantivy.Query.regex_query(self.schema, "head", ".*")
        return int(self.searcher().search(query, 1, count=True).count)

    def probe(self) -> None:
        """Read a little of everything; raises whatever the engine raises when a file is gone or damaged."""
        searcher = self.searcher()
        for _, address in searcher.search(tantivy.Query.all_query(), 3, order_by_field="moment").hits:
            shown(searcher, address)

    def query(
        self,
        town: int,
        q: str,
        kind: str | None = None,
        filters: dict[str, str] | None = None,
        days: Days = (None, None),
        page: int = 1,
        size: int = 10,
    ) -> Results:
        """What one town's people may find for any text ``q``; an empty one lists the newest. See ``ranking.run``."""
        narrowed = dict(filters or {}) | ({"kind": kind} if kind else {})
        return run(self.searcher(), self.schema, self._suggester, self._counter, town, q, narrowed, days, page, size)


def _changes(entries: Iterable[Entry], dropped: Iterable[tuple[int, str]]) -> Iterable[tuple[int, str, Entry | None]]:
    for town, key in dropped:
        yield town, key, None
    for entry in entries:
        yield entry.town, entry.key, entry
