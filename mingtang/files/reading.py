"""What is in a stored file, read once by each release that reads deeper, in a process of its own, and kept."""

from collections.abc import Iterable

from mingtang.files.actions import text_of
from mingtang.files.extract import READER
from mingtang.files.models import Reading, StoredFile
from mingtang.files.parts import UNREADABLE, Part
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act


def kept(files: Iterable[int]) -> dict[int, list[Part]]:
    """What was last read in these files, by the key of each; those that only an earlier release read are missing."""
    rows = Reading.objects.filter(file__in=set(files)).values_list("file", "parts")
    return {file: [(label, text) for label, text in parts] for file, parts in rows}


def parts_of(files: Iterable[StoredFile]) -> dict[int, list[Part]]:
    """What is in these open files as this release reads them; what it has not yet read is read now."""
    files = list(files)
    known = set(Reading.objects.filter(file__in=files, reader=READER).values_list("file", flat=True))
    for file in files:
        if file.pk not in known:
            read(file)
    return kept(file.pk for file in files)


def read(file: StoredFile) -> Reading:
    """Read a file now and keep what is in it. Of one that cannot be read (any more) a part says why."""
    try:
        parts = text_of(file).parts
    except Refused as refusal:
        parts = [(UNREADABLE, refusal.message)]
    with act():
        return Reading.objects.update_or_create(file=file, defaults={"reader": READER, "parts": parts})[0]
