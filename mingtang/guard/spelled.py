"""Numbers in Chinese digits: 一三八一二三四五六七八, 壹叁捌…, ①③⑧…, ¹³⁸…, also mixed with figures."""

import re
import unicodedata

#: Characters between two groups of one number.
FARTHEST = 12
_DIGITS = {
    **{char: str(value) for value, char in enumerate("零一二三四五六七八九")},
    **{char: str(value) for value, char in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    **{char: str(value) for value, char in enumerate("〡〢〣〤〥〦〧〨〩", 1)},
    # Raised, lowered, in rings and brackets: digits to whoever reads them.
    **{
        char: str(unicodedata.digit(char))
        for char in map(chr, range(0x80, 0x3000))
        if unicodedata.category(char) == "No" and unicodedata.digit(char, None) is not None
    },
    "幺": "1",
    "两": "2",
}
_TABLE = str.maketrans(_DIGITS)
_ANY = f"0-9{''.join(_DIGITS)}"
#: Between the digits of one number what ``numbers`` lets stand there, and no word.
_RUN = re.compile(rf"[{_ANY}](?:[^{_ANY}A-Za-z\u3400-\u9fff]{{0,{FARTHEST}}}+[{_ANY}])*+")
_SPELLED = re.compile(f"[{''.join(_DIGITS)}]")
#: Of a mobile number, the shortest that is looked for.
FEWEST = 11


def in_figures(text: str) -> str:
    """The text with the Chinese digits of long rows of digits in figures; every position stays what it was."""
    return _RUN.sub(_figures, text)


def _figures(run: re.Match[str]) -> str:
    found = run.group()
    return found.translate(_TABLE) if len(found) >= FEWEST and _SPELLED.search(found) else found
