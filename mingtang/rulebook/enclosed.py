"""Files of guides: a version names them by their hash."""

from collections.abc import Iterable, Iterator

from mingtang import guard
from mingtang.files import reading
from mingtang.files.leftover import named_by
from mingtang.files.models import StoredFile
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction


@named_by
def hashes(town: Jurisdiction) -> frozenset[str]:
    """Every file that a guide of the town offers or offered."""
    rows = Version.objects.filter(item__town=town).values_list("data__files", flat=True)
    return frozenset(file["sha256"] for files in rows.iterator() for file in files)


def blocking(parts: Iterable[tuple[str, str]], lists: guard.Lists) -> list[guard.Finding]:
    """What nobody may be offered in a file of a guide; a filled-in sample tells of an invented person."""
    found = guard.check_many(parts, lists=lists)
    return [finding for finding in found if finding.blocks and finding.kind != "person"]


def unfit(town: Jurisdiction, named: dict[str, str]) -> Iterator[tuple[str, list[guard.Finding]]]:
    """Of files by hash and name the names of those in which something was read that nobody may be offered."""
    rows = dict(StoredFile.objects.filter(town=town, sha256__in=named, sealed=False).values_list("pk", "sha256"))
    texts = reading.kept(rows) if rows else {}
    lists = guard.lists_of(town.pk) if texts else guard.lists.NONE
    for pk, parts in sorted(texts.items()):
        if found := blocking(parts, lists):
            yield named[rows[pk]], found


def found(town: Jurisdiction) -> Iterator[tuple[str, int]]:
    """The codes of the items in force that offer such a file, each with the number of places."""
    rows = Version.objects.filter(item__town=town, state=VersionState.IN_FORCE).order_by("item__code")
    for code, files in rows.values_list("item__code", "data__files").iterator():
        named = {file["sha256"]: file["name"] for file in files}
        if count := sum(len(found) for _, found in unfit(town, named)) if named else 0:
            yield code, count
