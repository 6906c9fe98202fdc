"""Files that a form received and nothing took up: the form was left, the file was chosen by mistake, a spreadsheet gave
its tables and is needed no more. They are destroyed once no form can bring them any longer.
"""

from collections.abc import Callable, Collection
from datetime import timedelta

from django.db.models import Exists, ManyToOneRel, OuterRef, Q, QuerySet
from django.utils import timezone

from mingtang.events.log import SYSTEM, record_all
from mingtang.events.types import define
from mingtang.files.actions import discard
from mingtang.files.models import Reading, StoredFile
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

DISCARDED = define("file.discarded", "清除没有用上的文件")
# What a form brings back is signed for a day.
KEEP = timedelta(days=2)
BATCH = 500
# What forms receive before anything refers to it; papers of an application are sealed.
_RECEIVED = Q(sealed=True) | Q(purpose="attachment")
Named = Callable[[Jurisdiction], Collection[str]]
_named: list[Named] = []


def named_by(hashes: Named) -> Named:
    """Register what gives the hashes of a town's open files to which a room refers in another way than by their row."""
    _named.append(hashes)
    return hashes


def named(town: Jurisdiction) -> set[str]:
    """Those hashes."""
    return {one for hashes in _named for one in hashes(town)}


def forget() -> int:
    """Destroy what was left for ``KEEP``; returns how many. For the scheduler, once a day."""
    return sum(_forget(town) for town in Jurisdiction.objects.all())


def _forget(town: Jurisdiction) -> int:
    count, after = 0, 0
    while some := list(_left(town).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        after = some[-1]
        held = named(town)
        with act():
            # Asked again under the lock: a form may have taken one up since.
            rows = [
                row
                for row in _left(town).select_for_update(of=("self",)).filter(pk__in=some)
                if row.sealed or row.sha256 not in held
            ]
            record_all(town=town, by=SYSTEM, rows=[(DISCARDED, f"file:{row.sha256}", {}) for row in rows])
            discard(rows)
        count += len(rows)
    return count


def _left(town: Jurisdiction) -> QuerySet[StoredFile]:
    """Files of forms, old enough, to which no row of any table refers."""
    rows = StoredFile.objects.filter(_RECEIVED, town=town, created_at__lt=timezone.now() - KEEP)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model is not Reading:
            there = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(there))
    return rows
