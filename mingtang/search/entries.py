"""What a room hands over to be found, and the engine documents made of it."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import tantivy

from mingtang.lib.text import CHINA
from mingtang.search.passages import passages
from mingtang.search.text import characters, clean, code_key, fold, terms

VERSION = 2  # of the stored form: an index of another version is rebuilt, never read
_WORDS_FROM = 20_000  # characters of a body that feed the vocabulary of suggestions
_CHINESE = re.compile(r"\S*[\u3400-\u9fff]\S*")
_EPOCH = 1 << 36  # seconds added so that dates before 1970 stay positive


@dataclass(frozen=True)
class Entry:
    """One document or item as the public may find it.

    ``key`` is the public key string (``document:…``, ``item:…``), unique in its town. ``codes`` are numbers that must
    find it first (索引号, 文号, item code), ``synonyms`` its everyday names, ``facets`` one value per facet name.
    """

    key: str
    town: int
    kind: str
    source_id: str
    title: str
    url: str
    body: str = ""
    date: date | datetime | None = None
    synonyms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Equal for entries that are found and shown equally: such an entry is not written again."""
        held = {item.name: getattr(self, item.name) for item in fields(self)}
        whole = json.dumps([VERSION, held], ensure_ascii=True, sort_keys=True, default=str)
        return hashlib.sha256(whole.encode()).hexdigest()[:32]


def schema() -> tantivy.Schema:
    """Fields of one passage. Every text term starts with its town, so that no query can reach another town's text."""
    builder = tantivy.SchemaBuilder()
    for name in ("uid", "head", "within", "exact"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("title", "character", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("word", tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("doc", indexed=True, fast=True)
    builder.add_unsigned_field("moment", fast=True)
    builder.add_unsigned_field("combination", fast=True)
    builder.add_bytes_field("meta", stored=True)
    builder.add_bytes_field("text", stored=True)
    return builder.build()


def uid(town: int, key: str) -> str:
    """The term by which all passages of an entry are found and deleted."""
    return f"{town}:{clean(key)}"


def scope(town: int, name: str = "", value: str = "") -> str:
    """The term that holds passages of one town, or those of it with one facet value (``kind`` is a facet too)."""
    return f"{town}:{pair(name, value)}" if name else f"{town}:"


def pair(name: str, value: str) -> str:
    """A facet name and value as one term."""
    return f"{clean(name)[:40]}\x1f{clean(value)[:200]}"


def documents(entry: Entry, layout: tantivy.Schema) -> Iterator[tantivy.Document]:
    """The passages of an entry; the first, its head, also carries what is counted once per entry."""
    town = f"{entry.town}:"
    identity = hashlib.sha256(uid(entry.town, entry.key).encode("utf-8")).digest()
    number = int.from_bytes(identity[:8], "big")
    title = clean(entry.title)
    names = [fold(title), *(fold(clean(name)) for name in entry.synonyms)]
    codes = [fold(clean(code)) for code in entry.codes if code]
    facets = [("kind", entry.kind), *((clean(name), clean(value)) for name, value in entry.facets.items() if value)]
    shared = {
        "uid": uid(entry.town, entry.key),
        "within": [town, *(scope(entry.town, name, value) for name, value in facets)],
        "title": _mark(town, [term for text in (*names, *codes) for term in terms(text)]),
        "character": _mark(town, [term for text in names for term in characters(text)]),
        "doc": number,
        "moment": _moment(entry.date) << 24 | number >> 40,
        "combination": int.from_bytes(hashlib.sha256(json.dumps(facets).encode()).digest()[:8], "big"),
        "meta": json.dumps(_shown(entry, title, facets), ensure_ascii=True, separators=(",", ":")).encode(),
    }
    head = {
        "head": town,
        "facet": [pair(name, value) for name, value in facets],
        "exact": sorted(
            {f"{town}number\x1f{code_key(code)}" for code in codes}
            | {f"{town}name\x1f{code_key(name)}" for name in names}
        ),
        "word": _mark(town, _words(names, entry.body)),
    }
    for position, passage in enumerate(passages(clean(entry.body)) or [""]):
        own = {"body": _mark(town, terms(fold(passage))), "text": passage.encode()}
        yield tantivy.Document.from_dict(shared | own | ({} if position else head), layout)


def shown(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """What is kept beside a passage for display: ``_shown`` and its ``text``."""
    document = searcher.doc(address)
    kept: dict[str, Any] = json.loads(bytes(document.get_first("meta")).decode())
    return kept | {"text": bytes(document.get_first("text")).decode()}


def _shown(entry: Entry, title: str, facets: list[tuple[str, str]]) -> dict[str, object]:
    return {
        "key": clean(entry.key),
        "kind": entry.kind,
        "source_id": clean(entry.source_id),
        "title": title,
        "synonyms": [clean(name) for name in entry.synonyms],
        "url": clean(entry.url),
        "date": entry.date.isoformat() if entry.date else None,
        "facets": facets,
        "digest": entry.digest,
    }


def _mark(town: str, found: list[str]) -> str:
    return town + f" {town}".join(found) if found else ""


def _moment(when: date | datetime | None) -> int:
    """Seconds on a scale without negative numbers; entries without a date come last."""
    if when is None:
        return 0
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), UTC)
    return max(1, int(when.timestamp()) + _EPOCH)


def moments(first: date | None, last: date | None) -> tuple[int, int]:
    """What ``moment`` holds for everything from one day to another, both whole; an open end takes all."""
    begin = _moment(datetime.combine(first, time(), CHINA)) << 24 if first else 0
    end = _moment(datetime.combine(last + timedelta(days=1), time(), CHINA)) << 24 if last else 1 << 63
    return begin, end - 1


def _words(names: list[str], body: str) -> list[str]:
    """Distinct Chinese words of names and text, and short names whole: what a suggestion may be made of."""
    import rjieba  # its dictionary takes 33 MB, which only the process that writes the index should pay

    found = {name for name in names if 2 <= len(name) <= 12 and not name.isascii()}
    for text in (*names, fold(clean(body[:_WORDS_FROM]))):
        found.update(word for word in rjieba.cut_for_search(text) if 2 <= len(word) <= 8)
    return sorted(filter(_CHINESE.fullmatch, found))
