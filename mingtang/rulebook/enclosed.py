"""Files of guides: a version names them by their hash."""

from mingtang.files.leftover import named_by
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction


@named_by
def hashes(town: Jurisdiction) -> frozenset[str]:
    """Every file that a guide of the town offers or offered."""
    rows = Version.objects.filter(item__town=town).values_list("data__files", flat=True)
    return frozenset(file["sha256"] for files in rows.iterator() for file in files)
