"""Money is an integer number of fen 分. Text becomes fen in one place and fen become text in one place."""

import re
import unicodedata

from mingtang.lib.errors import Refused

#: The largest sum that is handled, exclusive: ten thousand million yuan. It fits 64 bits and the capital numerals.
LIMIT = 10**13

_SUM = re.compile(r"(?:人民币)?[¥￥]?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?\s*(?:元整?)?")
_FREE = frozenset({"免费", "不收费", "零", "零元"})
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def parse_yuan(text: str, field: str | None = None) -> int:
    """Fen of a sum written in yuan: ``1,234.50``, ``￥12``, ``12.5元``, ``免费``.

    Raises Refused when it is not a sum, is negative, has parts of a fen or is not below LIMIT.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if bare in _FREE:
        return 0
    if bare.startswith("-"):
        raise Refused(f"金额“{bare[:20]}”不能是负数，请填写零或正数。", field)
    found = _SUM.fullmatch(bare)
    if not found:
        raise Refused(f"“{bare[:20]}”不是金额，请只填数字，例如12.50。", field)
    fraction = (found[2] or "").rstrip("0")
    if len(fraction) > 2:
        raise Refused(f"金额“{bare[:20]}”精确到了分以下，请最多保留两位小数。", field)
    whole = found[1].replace(",", "")
    if len(whole) > 18 or (fen := int(whole) * 100 + int(fraction.ljust(2, "0"))) >= LIMIT:
        raise Refused(f"金额“{bare[:20]}”过大，请核对是否多填了数字。", field)
    return fen


def format_yuan(fen: int) -> str:
    """``123450`` → ``1,234.50元``; whole yuan drop the decimals (``1,234元``)."""
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    yuan, cents = divmod(rest, 100)
    return f"{sign}{yuan:,}元" if cents == 0 else f"{sign}{yuan:,}.{cents:02d}元"


def plain_yuan(fen: int) -> str:
    """``123450`` → ``1234.50``, for forms and data files."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def capital_yuan(fen: int) -> str:
    """Capital numerals for receipts and vouchers: ``123450`` → ``人民币壹仟贰佰叁拾肆元伍角整`` (票据法实施 practice).

    Raises ValueError for a negative sum or one at or above LIMIT: neither can be printed on a receipt.
    """
    if not 0 <= fen < LIMIT:
        raise ValueError("a printed sum lies between 0 and LIMIT")
    yuan, cents = divmod(fen, 100)
    jiao, rest = divmod(cents, 10)
    words = _capital_integer(yuan) + "元" if yuan else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif rest and yuan:
        words += "零"
    words += _DIGITS[rest] + "分" if rest else "整"
    return "人民币" + ("零元整" if fen == 0 else words)


def _capital_integer(number: int) -> str:
    """Capital numerals of a positive integer below 10**12."""
    words, gap = "", False
    for power, unit in ((8, "亿"), (4, "万"), (0, "")):
        section = number // 10**power % 10_000
        if not section:
            gap = bool(words)
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += _capital_section(section) + unit
        gap = False
    return words


def _capital_section(section: int) -> str:
    """Capital numerals of 1 to 9999, without a leading zero word."""
    words, gap = "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = section // place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = False
    return words
