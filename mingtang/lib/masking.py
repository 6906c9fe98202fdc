"""What may be shown of a person's data: enough to recognise one's own, too little to find another's.

Each function takes text as a person typed it and hides about half of it or more; what is too short to be masked in
part is masked whole.
"""

import re

from mingtang.lib.identifiers import compact

_LETTER = re.compile(r"[^·•・‧]")
_PLACE = re.compile(r".*(?:[省市县区旗镇乡村]|街道|社区|自治[区州])")


def _keep(text: str, head: int, tail: int) -> str:
    """Keep ``head`` and ``tail`` characters; all is hidden when that would show clearly more than it hides."""
    if len(text) < 2 * (head + tail) - 1:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """张三丰 → 张**, 买买提·艾山 → 买**·**: the first character stays, and the dots. A name of one is hidden."""
    bare = name.strip()
    hidden = _LETTER.sub("*", bare)
    return hidden if len(bare) < 2 else bare[0] + hidden[1:]


def mask_id(number: str) -> str:
    """430623198501011234 → 4306**********1234: birth date and the county's two digits are hidden."""
    return _keep(compact(number), 4, 4)


def mask_mobile(number: str) -> str:
    """13812345678 → 138****5678. Anything shorter than a mobile number shows its last two digits at most."""
    bare = compact(number)[-11:]
    return bare[:3] + "****" + bare[-4:] if len(bare) == 11 else _keep(bare, 0, 2)


def mask_bank_card(number: str) -> str:
    """6222020200112233445 → 6222***********3445."""
    return _keep(compact(number), 4, 4)


def mask_address(address: str) -> str:
    """湖南省华容县万庾镇兔湖村3组12号 → 湖南省华容县万庾镇兔湖村***: down to the village, never the house."""
    found = _PLACE.match(address.strip())
    return (found.group(0) if found else "") + "***"


def mask_email(address: str) -> str:
    """wang@example.com → w***@example.com."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"
