"""Search against bare tantivy on the same index, and recall on labelled queries: ``python bench/search.py``.

Bare means: the same terms, title and text with the same weights, top 200 passages, nothing else (no town's facets, no
total, no entries, no snippets). Both sides take turns in one run, query by query; ratios count, absolutes drift.
Exits with 1 when a limit of the table is broken.
"""

import json
import lzma
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import tantivy
from rich.console import Console
from rich.table import Table

from mingtang.search.asking import asked_for, weigh
from mingtang.search.entries import Entry
from mingtang.search.index import Index
from mingtang.search.ranking import WINDOW
from mingtang.search.text import fold

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("MINGTANG_SHARED") or ROOT.parent / "shared") / "data/retrieval"
TOWN, ROUNDS = 1, 5
SETS = {
    "1,418 laws, lay questions": ("stard", "docs", {"recall": 0.85, "ratio": 3.0}),
    "2,262 items, everyday names": ("service_alias", "rel", {"recall": 0.96, "reciprocal": 0.87}),
}


class Bare:
    """The engine alone on our index."""

    def __init__(self, index: Index) -> None:
        self.index, self.schema = index, index.schema

    def search(self, text: str) -> tantivy.SearchResult:
        folded = fold(text)
        weights = weigh(folded)
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self.schema, field, f"{TOWN}:{term}", index_option="freq"), weight
                ),
            )
            for field, weight in (("title", weights.title), ("body", weights.body))
            for term in asked_for(folded)
        ]
        return self.index.searcher().search(tantivy.Query.boolean_query(clauses), WINDOW)

    def read(self, text: str) -> list[tantivy.Document]:
        searcher = self.index.searcher()
        return [searcher.doc(address) for _, address in self.search(text).hits]


def build(folder: Path, home: Path) -> tuple[Index, int, float]:
    with lzma.open(folder / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    index = Index(home)
    start = perf_counter()
    count = index.put(
        Entry(f"document:{row['id']}", TOWN, "document", row["id"], row["title"], f"/x/{row['id']}", row["text"])
        for row in rows
    )
    return index, count, perf_counter() - start


def recall(index: Index, queries: list[dict], relevant: str) -> tuple[float, float]:
    hits = reciprocal = 0.0
    for query in queries:
        right = set(query[relevant])
        ranked = [hit.source_id for hit in index.query(TOWN, query["query"]).hits]
        places = [place for place, found in enumerate(ranked, 1) if found in right]
        hits += len(places) / len(right)
        reciprocal += 1 / places[0] if places else 0
    return hits / len(queries), reciprocal / len(queries)


def measure(index: Index, queries: list[str]) -> dict[str, float]:
    """Mean milliseconds a query: the median over rounds, the four sides taking turns at every query."""
    bare = Bare(index)

    def shown(text: str) -> list[tuple[str, str]]:
        return [(hit.title_html, hit.snippet_html) for hit in index.query(TOWN, text).hits]

    sides = {
        "bare": bare.search,
        "bare, 200 read": bare.read,
        "query()": lambda text: index.query(TOWN, text),
        "+ marks": shown,
    }
    rounds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        spent = dict.fromkeys(sides, 0.0)
        for text in queries:
            for name, side in sides.items():
                start = perf_counter()
                side(text)
                spent[name] += perf_counter() - start
        for name in sides:
            rounds[name].append(spent[name] / len(queries) * 1000)
    return {name: statistics.median(values[1:]) for name, values in rounds.items()}  # the first round warms up


def main() -> int:
    console = Console(width=120)
    table = Table(title="Search, ms per query (median of rounds), ratio to bare tantivy of the same run")
    for column in ("set", "recall@10", "MRR@10", "bare", "bare, 200 read", "query()", "ratio", "+ marks", "ratio"):
        table.add_column(column, justify="left" if column == "set" else "right")
    broken = []
    for title, (name, relevant, limits) in SETS.items():
        with tempfile.TemporaryDirectory() as home:
            index, count, seconds = build(SHARED / name, Path(home))
            lines = (SHARED / name / "queries.dev_shared.jsonl").read_text(encoding="utf-8").splitlines()
            queries = [json.loads(line) for line in lines]
            found, reciprocal = recall(index, queries, relevant)
            spent = measure(index, [query["query"] for query in queries])
        ratio = spent["query()"] / spent["bare"]
        table.add_row(
            title,
            f"{found:.3f}",
            f"{reciprocal:.3f}",
            f"{spent['bare']:.2f}",
            f"{spent['bare, 200 read']:.2f}",
            f"{spent['query()']:.2f}",
            f"{ratio:.2f}",
            f"{spent['+ marks']:.2f}",
            f"{spent['+ marks'] / spent['bare']:.2f}",
        )
        console.print(f"{title}: {count} entries indexed in {seconds:.1f} s")
        if found < limits["recall"]:
            broken.append(f"{title}: recall@10 {found:.3f} is below {limits['recall']}")
        if reciprocal < limits.get("reciprocal", 0):
            broken.append(f"{title}: MRR@10 {reciprocal:.3f} is below {limits['reciprocal']}")
        if ratio > limits.get("ratio", float("inf")):
            broken.append(f"{title}: {ratio:.2f} times bare tantivy, more than {limits['ratio']}")
    console.print(table)
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
