"""Search against bare tantivy on the same index, and recall on labelled queries: ``python -m bench.search [COUNT]``.

The labelled queries are those of the shared material. The trial that stands beside it (passages, bigrams and words,
the best passage and a part of the next two) finds .875 / .647 of the laws; ours must be better on both. In the town of
COUNT (100,000) invented documents (``bench.town``) the queries are words that stand in nearly every one or in every
third, rare ones, and sentences.

Bare means: the same terms, title and text with the same weights, top 200 passages, nothing else (no town's facets, no
total, no entries, no snippets). Both sides take turns in one run, query by query; ratios count, absolutes drift.
Exits with 1 when a limit of the table is broken. Processor time counts, since others use the machine.

Seen on 2026-11-27 at 100,000, two shared cores, load 4: words 1.8 ms against .9, sentences 3.8 against 2.5 (1.5).
"""

import json
import lzma
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter, thread_time

import tantivy
from rich.console import Console
from rich.table import Table

from bench.town import COUNT, kept
from mingtang.lib.paths import data_path
from mingtang.search.asking import asked_for, weigh
from mingtang.search.entries import Entry
from mingtang.search.index import Index
from mingtang.search.ranking import WINDOW
from mingtang.search.text import fold

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("MINGTANG_SHARED") or ROOT.parent / "shared") / "data/retrieval"
TOWN, ROUNDS = 1, 5
Limits = dict[str, float]
SETS = {
    "1,418 laws, lay questions": (
        "stard",
        "queries.dev_shared.jsonl",
        "docs",
        {"recall": 0.875, "reciprocal": 0.647, "ratio": 3.0},
    ),
    "2,262 items, everyday names": (
        "service_alias",
        "queries.dev_shared.jsonl",
        "rel",
        {"recall": 0.975, "reciprocal": 0.89},
    ),
    "1,104 articles, 600 questions": ("cmrc2018", "queries.jsonl", "rel", {"recall": 0.998, "reciprocal": 0.985}),
}
LABELLED = 600
COMMON = (
    "的",
    "万庾",
    "资金",
    "工作",
    "通知",
    "申请",
    "镇政府",
    "公示 验收",
    "财政所拨付",
    "蜂箱",
    "药箱发放",
    "赶集日 培训",
)
ASKED = (
    "施工期间大桥单向通行货车怎么绕道",
    "稻种按什么面积分配到户",
    "对结果有不同意见向谁提出",
    "今年新增多少户养殖场",
    "危桥改造第一次付款是什么时候",
)


class Bare:
    """The engine alone on our index."""

    def __init__(self, index: Index, town: int) -> None:
        self.index, self.schema, self.town = index, index.schema, town

    def search(self, text: str) -> tantivy.SearchResult:
        folded = fold(text)
        weights = weigh(folded)
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self.schema, field, f"{self.town}:{term}", index_option="freq"), weight
                ),
            )
            for field, weight in (("title", weights.title), ("body", weights.body))
            for term in asked_for(folded)
        ]
        return self.index.searcher().search(tantivy.Query.boolean_query(clauses), WINDOW)

    def read(self, text: str) -> list[tantivy.Document]:
        searcher = self.index.searcher()
        return [searcher.doc(address) for _, address in self.search(text).hits]


def labelled(folder: Path) -> Iterator[Entry]:
    with lzma.open(folder / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Entry(
                f"document:{row['id']}", TOWN, "document", row["id"], row["title"], f"/x/{row['id']}", row["text"]
            )


def build(entries: Iterable[Entry], home: Path) -> tuple[Index, int, float]:
    index = Index(home)
    start = perf_counter()
    count = index.put(entries)
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


def measure(index: Index, town: int, queries: list[str]) -> dict[str, float]:
    """Mean milliseconds of processor time a query: the median over rounds, the sides taking turns at every query."""
    bare = Bare(index, town)

    def shown(text: str) -> list[tuple[str, str]]:
        return [(hit.title_html, hit.snippet_html) for hit in index.query(town, text).hits]

    sides = {
        "bare": bare.search,
        "bare, 200 read": bare.read,
        "query()": lambda text: index.query(town, text),
        "+ marks": shown,
    }
    rounds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        spent = dict.fromkeys(sides, 0.0)
        for text in queries:
            for name, side in sides.items():
                start = thread_time()
                side(text)
                spent[name] += thread_time() - start
        for name in sides:
            rounds[name].append(spent[name] / len(queries) * 1000)
    return {name: statistics.median(values[1:]) for name, values in rounds.items()}  # the first round warms up


def main(count: int) -> int:
    console = Console(width=120)
    load = os.getloadavg()[0]
    table = Table(
        title=f"Search, ms of processor time a query (median of rounds), and to bare tantivy; load {load:.1f}"
    )
    for column in ("set", "recall@10", "MRR@10", "bare", "bare, 200 read", "query()", "ratio", "+ marks", "ratio"):
        table.add_column(column, justify="left" if column == "set" else "right")
    broken = []

    def measured(
        title: str, index: Index, town: int, queries: list[str], found: tuple[float, float] | None, limits: Limits
    ) -> None:
        spent = measure(index, town, queries)
        ratio = spent["query()"] / spent["bare"]
        table.add_row(
            title,
            *((f"{value:.3f}" for value in found) if found else ("", "")),
            f"{spent['bare']:.2f}",
            f"{spent['bare, 200 read']:.2f}",
            f"{spent['query()']:.2f}",
            f"{ratio:.2f}",
            f"{spent['+ marks']:.2f}",
            f"{spent['+ marks'] / spent['bare']:.2f}",
        )
        if ratio > limits.get("ratio", float("inf")):
            broken.append(f"{title}: {ratio:.2f} times bare tantivy, more than {limits['ratio']}")
        for name, value in zip(("recall", "reciprocal"), found or (), strict=False):
            if value < limits[name]:
                broken.append(f"{title}: {name} {value:.3f} is below {limits[name]}")

    for title, (name, asked, relevant, limits) in SETS.items():
        with tempfile.TemporaryDirectory() as home:
            index, entries, seconds = build(labelled(SHARED / name), Path(home))
            lines = (SHARED / name / asked).read_text(encoding="utf-8").splitlines()[:LABELLED]
            queries = [json.loads(line) for line in lines]
            texts = [query["query"] for query in queries]
            measured(title, index, TOWN, texts, recall(index, queries, relevant), limits)
        console.print(f"{title}: {entries} entries indexed in {seconds:.1f} s")
    town = kept(count)
    index = Index((data_path("search") / "current").resolve())
    measured(f"{count:,} documents, words", index, town.pk, list(COMMON), None, {"ratio": 3.0})
    measured(f"{count:,} documents, sentences", index, town.pk, list(ASKED), None, {"ratio": 3.0})
    console.print(table)
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
