"""Where a log's files lie: ``$MINGTANG_DATA/ledger/<town>/<log>/tree`` and, beside the tree, the last checkpoint.

The folder of a log is named like the end of its origin (``log``, ``log2``), so that a new log never touches what an
older one left behind. The checkpoint is kept outside the database on purpose: a database restored from an older
backup must not be able to forget what was already signed.
"""

from pathlib import Path

from mingtang.ledger import notes
from mingtang.ledger.tree import write_durably
from mingtang.lib.paths import data_path
from mingtang.towns.models import Jurisdiction


def origin_of(town: Jurisdiction, number: int) -> str:
    """The unique name of a town's log: ``mingtang.<code>/log``, ``…/log2`` after the first reopening."""
    return f"mingtang.{town.code}/log{number if number > 1 else ''}"


def town_folder(town: Jurisdiction) -> Path:
    return data_path("ledger") / town.code


def folder(town: Jurisdiction, origin: str) -> Path:
    return town_folder(town) / origin.rpartition("/")[2]


def tree_folder(town: Jurisdiction, origin: str) -> Path:
    return folder(town, origin) / "tree"


def checkpoint_file(town: Jurisdiction, origin: str) -> Path:
    return folder(town, origin) / "checkpoint"


def kept_note(town: Jurisdiction, origin: str) -> str | None:
    """The last signed checkpoint as kept outside the database, unread; ``None`` when there is none."""
    try:
        return checkpoint_file(town, origin).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def kept_checkpoint(town: Jurisdiction, origin: str) -> notes.Checkpoint | None:
    """The same, read. Raises ``Refused`` when the file is no checkpoint."""
    note = kept_note(town, origin)
    return None if note is None else notes.parse_checkpoint(notes.split_note(note)[0])


def keep_note(town: Jurisdiction, origin: str, note: str) -> None:
    write_durably(checkpoint_file(town, origin), note.encode())
