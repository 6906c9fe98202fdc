"""All that an edition says in words, and which of the town's villages it names."""

from collections.abc import Iterable

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import texts
from mingtang.disclosure.models import Edition
from mingtang.people.models import Village


def said(edition: Edition) -> str:
    """Title, body and every text of its tables; files are not read."""
    revision = edition.revision
    stated = (words for _, words in texts(kind_of(edition.document.kind), revision.facts))
    return "\n".join([revision.title, revision.body_text, *stated])


def named(text: str, villages: Iterable[Village]) -> frozenset[int]:
    """The keys of the villages whose whole name stands in a text, be it broken by spaces or lines."""
    squeezed = "".join(text.split())
    return frozenset(village.pk for village in villages if village.name in squeezed)
