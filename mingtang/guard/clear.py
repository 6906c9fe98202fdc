"""A sentence that somebody writes under an act and others will read."""

from mingtang import guard
from mingtang.guard.lists import lists_of
from mingtang.lib.errors import Refused

MAX_SENTENCE = 200


def clear_text(text: str, missing: str, field: str, most: int = MAX_SENTENCE, *, town: int | None) -> str:
    """What was written, whole, white space as one blank; ``missing`` is what a person reads who wrote nothing, empty
    where that is allowed; ``town`` is the key of the town whose words count, ``None`` what belongs to no town.

    Raises ``Refused`` for nothing, for more than ``most`` characters and for what the guard blocks.
    """
    text = " ".join(text.split())
    if not text and missing:
        raise Refused(missing, field=field)
    if len(text) > most:
        raise Refused(f"写了 {len(text)} 个字，最多 {most} 个字。请写短一些。", field=field)
    blocks = [finding for finding in guard.check(text, lists=lists_of(town)) if finding.blocks]
    if blocks:
        raise Refused(blocks[0].message, field=field)
    return text
