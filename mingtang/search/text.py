"""Text into search terms: folded width and case, CJK bigrams, single characters, numbers whole.

Both sides, what is stored and what is asked, go through the same functions, so that a term either matches or it does
not; nothing is parsed, escaped or guessed by the engine.
"""

import re
import unicodedata

QUERY_CHARS = 128  # a longer question is cut: nobody types it, and each term costs time
TERM_CHARS = 64
_NAMES_IN = 32
_NAME_CHARS = 6
_CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = rf"[^\W_{_CJK}]"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|{_WORD}+(?:[-/._]{_WORD}+)*")
_PART = re.compile(rf"{_WORD}+")
# The year and serial of a 文号 such as 岳政发〔2018〕5号, whichever brackets were at hand.
_DOC_NUMBER = re.compile(r"[\[(〔【{<〈《](\d{4})[\])〕】}>〉》]\s*第?\s*(\d{1,6})\s*号")
_CODE_LIKE = re.compile(rf"{_WORD}+(?:[-/._]{_WORD}+)+|{_WORD}{{8,}}")
_CODE_NOISE = re.compile(r"[\W_]+")
_LEAD = re.compile(rf"[{_CJK}a-z0-9]{{1,12}}$")


class _Folding(dict):
    """``str.translate`` table filled on demand: one character to its NFKC, case-folded form."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold() or chr(code)
        if len(self) < 20_000:  # strangers choose the characters; the table must not grow with their imagination
            self[code] = folded
        return folded


_folding = _Folding()


def clean(text: str) -> str:
    """The text without lone surrogates, which no encoder accepts."""
    return text.encode("utf-8", "replace").decode()


def fold(text: str) -> str:
    """Full width to half, capitals to small, ligatures apart; character by character, so that offsets can be kept."""
    return text.translate(_folding)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """``fold`` and, for each folded character, the index it came from (``None`` when they are the same)."""
    folded = fold(text)
    if len(folded) == len(text):  # no character folds to nothing, so equal length means one to one
        return folded, None
    return folded, [i for i, character in enumerate(text) for _ in fold(character)]


def terms(folded: str) -> list[str]:
    """Terms of folded text, in order, repeated as they occur.

    A CJK run gives its bigrams (or its only character); a run of letters and digits stands as it is, a compound such
    as an index number also whole; a 文号 also gives its year and serial as one term.
    """
    found: list[str] = []
    for match in _RUN.finditer(folded):
        run = match[0]
        if match["cjk"]:
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
            continue
        parts = _PART.findall(run)
        found += [part[:TERM_CHARS] for part in parts]
        if len(parts) > 1:
            found.append(run[:TERM_CHARS])
    found += [f"{year}〕{serial}号" for year, serial in _DOC_NUMBER.findall(folded)]
    return found


def characters(folded: str) -> list[str]:
    """Single CJK characters and whole runs of the rest: an everyday name keeps characters of a title, not bigrams."""
    found: list[str] = []
    for match in _RUN.finditer(folded):
        found += list(match[0]) if match["cjk"] else [part[:TERM_CHARS] for part in _PART.findall(match[0])]
    return found


def is_cjk(term: str) -> bool:
    """Whether a term consists of Chinese characters."""
    match = _RUN.fullmatch(term)
    return bool(match and match["cjk"])


def code_key(text: str) -> str:
    """A number or name reduced to letters, digits and characters: writers differ in brackets, dashes and blanks."""
    return _CODE_NOISE.sub("", fold(text))[:200]


def code_keys(folded: str) -> set[str]:
    """Keys of everything in a query that may be an index number, a 文号 or an item code, and of the whole query."""
    keys = {code_key(folded)} | {code_key(match[0]) for match in _CODE_LIKE.finditer(folded)}
    for match in _DOC_NUMBER.finditer(folded):
        lead = _LEAD.search(folded, max(0, match.start() - 12), match.start())
        prefix = lead[0] if lead else ""
        # Where the issuing body's short name begins cannot be told from running text: try each place.
        keys |= {code_key(prefix[i:] + match[0]) for i in range(len(prefix))}
    return {key for key in keys if key}


def name_parts(folded: str) -> set[str]:
    """Every part of a not too long query that may be somebody's whole everyday name: 盖房子 in 在农村盖房子要什么."""
    parts: set[str] = set()
    for match in _RUN.finditer(folded[:_NAMES_IN]):
        run = match[0]
        if match["cjk"]:
            longest = min(len(run), _NAME_CHARS)
            parts.update(run[i : i + n] for n in range(2, longest + 1) for i in range(len(run) - n + 1))
    return parts - {code_key(folded)}
