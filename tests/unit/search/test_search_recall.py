"""How well the right one is found, on labelled queries: lay questions over laws, everyday names over service items."""

import json
import lzma
from pathlib import Path

import pytest

from mingtang.search.entries import Entry
from mingtang.search.index import Index

pytestmark = pytest.mark.shared
TOWN = 7


def measured(tmp_path: Path, folder: Path, relevant: str, kind: str) -> tuple[float, float]:
    """Recall@10 and MRR@10 of the folder's queries over its documents, which are all that the index sees."""
    index = Index(tmp_path)
    with lzma.open(folder / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        index.put(
            Entry(f"{kind}:{row['id']}", TOWN, kind, row["id"], row["title"], f"/x/{row['id']}", row["text"])
            for row in rows
        )
    queries = [json.loads(line) for line in (folder / "queries.dev_shared.jsonl").read_text().splitlines()]
    recall = reciprocal = 0.0
    for query in queries:
        right = set(query[relevant])
        ranked = [hit.source_id for hit in index.query(TOWN, query["query"]).hits]
        places = [place for place, found in enumerate(ranked, 1) if found in right]
        recall += len(places) / len(right)
        reciprocal += 1 / places[0] if places else 0
    return recall / len(queries), reciprocal / len(queries)


def test_lay_questions_find_the_law(tmp_path, shared):
    recall, reciprocal = measured(tmp_path, shared / "data/retrieval/stard", "docs", "document")
    assert recall >= 0.89
    assert reciprocal >= 0.665


def test_everyday_names_find_the_service_item(tmp_path, shared):
    recall, reciprocal = measured(tmp_path, shared / "data/retrieval/service_alias", "rel", "item")
    assert recall >= 0.97
    assert reciprocal >= 0.885
