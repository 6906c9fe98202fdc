"""Which columns imported documents go into: by the town's rules while they come in, those left over by an act for all
of a kind."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from mingtang.disclosure.columns import file_all, takers
from mingtang.disclosure.enums import EditionState, KnownBy, Provenance
from mingtang.disclosure.models import Column, Document, FilingRule
from mingtang.events import types
from mingtang.events.log import record, record_all
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

RULED = types.define("filing.ruled", "定归栏规则", public=True)
UNRULED = types.define("filing.unruled", "取消归栏规则", public=True)

MOST_TOGETHER = 2000  # documents of one act: on SQLite whoever else writes waits for it
_LONGEST = 200


class Rules:
    """The rules of a town that lead into open columns, read once for all documents of a transaction."""

    def __init__(self, town: Jurisdiction) -> None:
        self._codes: dict[tuple[str, str], list[str]] = {}
        rows = FilingRule.objects.filter(town=town, column__closed_on__isnull=True, column__children__isnull=True)
        for field, stated, code in rows.values_list("field", "stated", "column__code"):
            self._codes.setdefault((field, stated), []).append(code)

    def codes(self, document: Document) -> tuple[str, ...]:
        """The columns of all rules that a document meets."""
        met = ((field, name) for field in KnownBy.values for name in _names(field, getattr(document, field)))
        return tuple(sorted({code for rule in met for code in self._codes.get(rule, ())}))


def _names(field: str, stated: str) -> Iterator[str]:
    """Under what a document is found: what it states; of a folder also those it lies in."""
    yield stated
    while field == KnownBy.FOLDER and "/" in stated:
        stated = stated.rpartition("/")[0]
        yield stated


def add_rules(*, town: Jurisdiction, field: str, stated: str, codes: Iterable[str], by: Staff) -> int:
    """Imported documents that state this go into these columns from now on. How many of the rules are new.

    What has come in before is not touched: ``file_rest`` files that.
    """
    check_may(by, Permission.CATALOGUE_KEEP, town)
    if field not in KnownBy.values:
        raise Refused("请选择看来源的哪一项。", field="field")
    stated = tidied(field, stated)
    clear_text(stated, "请写来源里是怎么写的，一个字都不能差。", "stated", _LONGEST, town=by.town_id)
    with act():
        rows = chosen(town, codes)
        list(Column.objects.select_for_update().filter(pk__in=[row.pk for row in rows.values()]).order_by("pk"))
        held = FilingRule.objects.filter(town=town, field=field, stated=stated).values_list("column__code", flat=True)
        wanted = set(rows) - set(held)
        rules = FilingRule.objects.bulk_create(
            FilingRule(town=town, field=field, stated=stated, column=rows[code]) for code in sorted(wanted)
        )
        told = [(RULED, rule.subject, facts(rule)) for rule in rules]
        record_all(town=town, by=actor(by), rows=told)
    return len(rules)


def tidied(field: str, stated: str) -> str:
    """What somebody typed, as documents hold it."""
    return stated.replace("\\", "/").strip(" /") if field == KnownBy.FOLDER else stated.strip()


def end_rule(*, rule: FilingRule, by: Staff) -> None:
    """No longer followed by what comes in; what it filed stays where it stands. One that is gone is left alone."""
    check_may(by, Permission.CATALOGUE_KEEP, rule.town)
    with act():
        held = FilingRule.objects.select_for_update().filter(pk=rule.pk)
        if not held:
            return
        record(town=rule.town, type=UNRULED, subject=rule.subject, by=actor(by), data=facts(rule))
        held.delete()


def facts(rule: FilingRule) -> dict[str, str]:
    """What the events say of a rule: all of it."""
    return {"field": rule.field, "stated": rule.stated, "column": rule.column.code}


def unfiled(town: Jurisdiction) -> QuerySet[Document]:
    """Documents that came from elsewhere and stand in no column; what was withdrawn needs none."""
    rows = Document.objects.filter(town=town, provenance=Provenance.HISTORICAL, filings__isnull=True)
    return rows.exclude(current__state=EditionState.WITHDRAWN)


def stating(rows: QuerySet[Document], field: str, stated: str) -> QuerySet[Document]:
    """Those that a rule on this would meet; of nothing, those that state nothing."""
    if field == KnownBy.FOLDER and stated:
        # Compared whole: LIKE does not tell capitals apart on SQLite.
        rows = rows.annotate(head=Substr("folder", 1, len(stated) + 1))
        return rows.filter(Q(folder=stated) | Q(head=f"{stated}/"))
    return rows.filter(**{field: stated})


def groups(rows: QuerySet[Document], field: str) -> list[tuple[str, int]]:
    """What the documents state in a field, with how many do, the most first."""
    counts: Counter[str] = Counter()
    for stated, count in rows.order_by().values_list(field).annotate(count=Count("pk")):
        for name in _names(field, stated):
            counts[name] += count
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class Batch:
    """What one act files: so many documents, none newer than the key ``upto``."""

    count: int
    upto: int


def batch(rows: QuerySet[Document]) -> Batch:
    """Of these leftovers what fits into one act, the oldest first."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_TOGETHER])
    return Batch(len(keys), keys[-1] if keys else 0)


def file_rest(
    *, town: Jurisdiction, field: str, stated: str, codes: Iterable[str], seen: Batch, remember: bool, by: Staff
) -> int:
    """File the leftovers of a kind that somebody has ``seen``; with ``remember`` what comes in later too. How many.

    Raises ``Refused`` when they are no longer those. Undone for each by ``columns.refile``.
    """
    check_may(by, Permission.CATALOGUE_KEEP, town)
    with act():
        columns = chosen(town, codes)
        rows = stating(unfiled(town), field, stated).filter(pk__lte=seen.upto)
        # First the locks, then the question: whoever filed some of them meanwhile has done so.
        list(Document.objects.select_for_update().filter(pk__in=rows.values("pk")).order_by("pk").only("pk"))
        found = list(rows)
        if len(found) != seen.count:
            raise Refused(f"刚才是 {seen.count:,} 份，现在是 {len(found):,} 份，一份也没有归。请核对以后再点一次。")
        file_all(town=town, wanted=dict.fromkeys(found, columns), by=actor(by))
        if remember:
            add_rules(town=town, field=field, stated=stated, codes=columns, by=by)
    return len(found)


def chosen(town: Jurisdiction, codes: Iterable[str]) -> dict[str, Column]:
    """The columns somebody chose to file into. Raises ``Refused``."""
    found = set(codes)
    if not found:
        raise Refused("还没有选栏目。请至少选一个。", field="columns")
    return takers(town, found)
