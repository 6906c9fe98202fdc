"""Numbers in Chinese digits: 一三八一二三四五六七八, 壹叁捌…, ①③⑧…, also mixed with figures."""

import re

from mingtang.guard.plain import GHOST

_DIGITS = {
    **{char: str(value) for value, char in enumerate("零一二三四五六七八九")},
    **{char: str(value) for value, char in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    **{char: str(value) for value, char in enumerate("①②③④⑤⑥⑦⑧⑨", 1)},
    "幺": "1",
    "两": "2",
    "⓪": "0",
}
_TABLE = str.maketrans(_DIGITS)
_ANY = f"[0-9{''.join(_DIGITS)}]"
_RUN = re.compile(rf"{_ANY}(?:[ \-._·・•/|{GHOST}\n]{{0,3}}+{_ANY})*+")
_SPELLED = re.compile(f"[{''.join(_DIGITS)}]")
#: Of a mobile number, the shortest that is looked for.
FEWEST = 11


def in_figures(text: str) -> str:
    """The text with the Chinese digits of long rows of digits in figures; every position stays what it was."""
    return _RUN.sub(_figures, text)


def _figures(run: re.Match[str]) -> str:
    found = run.group()
    return found.translate(_TABLE) if len(found) >= FEWEST and _SPELLED.search(found) else found
