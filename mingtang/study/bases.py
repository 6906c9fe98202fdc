"""What a statement stands on: the wording of each cited article on the day it was written, and whether it still holds.

An article changed, struck out, or its law repealed or made anew: whatever was said on it is no longer shown as current.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from mingtang.lib.canonical import sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.rulebook.laws.resolve import Resolution, Shelf, cited_as
from mingtang.rulebook.models import Article
from mingtang.study.subjects import Cited
from mingtang.towns.models import Jurisdiction

# A citation as it is kept: law, article, effective_on of the law, of each article [label, valid_from, hash of text].
Kept = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """A citation today. ``gone``: a sentence why it is not what it was; empty where it still is."""

    cited: Cited
    answer: Resolution
    gone: str

    def __str__(self) -> str:
        return cited_as(*self.cited)


def keep(town: Jurisdiction, cited: Iterable[Cited], field: str) -> list[Kept]:
    """What the citations lead to today. Raises ``Refused`` naming the one that leads to no article in force."""
    today = timezone.localdate()
    cited = list(dict.fromkeys(cited))
    shelf = Shelf.for_citations(town, cited)
    kept = []
    for pair in cited:
        answer = shelf.resolve(*pair, today)
        if not answer.holds or answer.law is None:
            raise Refused(f"{cited_as(*pair)}：{answer.why}", field=field)
        kept.append(
            {
                "law": pair[0],
                "article": pair[1],
                "effective_on": answer.law.effective_on.isoformat(),
                "wordings": [_wording(found.article) for found in answer.found],
            }
        )
    return kept


def _wording(article: Article) -> list[str]:
    return [article.label, article.valid_from.isoformat(), sha256_hex(article.text.encode()) if article.text else ""]


def shelf_for(town: Jurisdiction, kept: Iterable[Kept]) -> Shelf:
    """The library's answers to all these citations, in a few queries."""
    return Shelf.for_citations(town, [(row["law"], row["article"]) for row in kept])


def judge(shelf: Shelf, kept: Iterable[Kept], on: date) -> list[Standing]:
    """Each citation as of a day, against what it was."""
    found = []
    for row in kept:
        answer = shelf.resolve(row["law"], row["article"], on)
        found.append(Standing((row["law"], row["article"]), answer, _gone(row, answer)))
    return found


def _gone(row: Kept, answer: Resolution) -> str:
    if not answer.holds or answer.law is None:
        return answer.why
    law = answer.law
    if law.effective_on.isoformat() != row["effective_on"]:
        return f"《{law.title}》自{chinese_date(law.effective_on)}起施行新的文本。"
    now = {article.label: article for article in (found.article for found in answer.found)}
    for label, since, sha256 in row["wordings"]:
        if label not in now:
            return f"《{law.title}》的条号变了，请核对{label}。"
        article = now[label]
        if article.valid_from.isoformat() != since:
            return f"《{law.title}》{label}自{chinese_date(article.valid_from)}起修改。"
        # What was cited by its number alone is not another article because its text came in.
        if sha256 and article.text and sha256_hex(article.text.encode()) != sha256:
            return f"法规库更正了《{law.title}》{label}的文字。"
    return ""
