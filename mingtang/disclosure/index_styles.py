"""Index numbers 索引号 as they are written: a style is a template, read and written by the same parts. Pure.

Nothing here knows which number was given to what; that is ``numbers``. Styles: ``catalogue/index_styles.toml``.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from string import Formatter

from mingtang.lib.identifiers import USCC_CHARS, check_organisation_code, check_uscc

PACK = Path(__file__).parent / "catalogue" / "index_styles.toml"
FIRST_YEAR = 1949

_CODE = f"[{USCC_CHARS}]"
# What each part looks like; whether it is right is another question (`_flaws`).
_PARTS = {
    "org": rf"[0-9A-Z]{{8}}[0-9X]{_CODE}",
    "code9": r"[0-9A-Z]{8}[0-9X]",
    "uscc": rf"{_CODE}{{18}}",
    "unit": r"\d{2}[0-9A-Z]{4}",
    "channel": r"[01]",
    "year": r"\d{4}",
    "month": r"\d{2}",
    "serial": r"\d{1,9}",
}


@dataclass(frozen=True)
class Style:
    code: str
    name: str
    template: str
    example: str

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(name for _, name, _, _ in Formatter().parse(self.template) if name)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A serial may be longer or shorter than the style writes it: sites widen it as they grow."""
        found = ""
        for text, name, _, _ in Formatter().parse(self.template):
            found += re.escape(text) + (f"(?P<{name}>{_PARTS[name]})" if name else "")
        return re.compile(found)


@dataclass(frozen=True)
class Reading:
    """A number taken apart. ``flaws`` are Chinese sentences; a number may be read and still be wrong."""

    style: Style
    parts: Mapping[str, str]
    flaws: tuple[str, ...]

    @property
    def serial(self) -> int:
        return int(self.parts["serial"])


@cache
def styles() -> dict[str, Style]:
    rows = tomllib.loads(PACK.read_text(encoding="utf-8"))["style"]
    return {row["code"]: Style(**row) for row in rows}


def style_of_template(template: str) -> Style | None:
    return next((style for style in styles().values() if style.template == template), None)


def read(number: str, *, today: date, own: str = "") -> Reading | None:
    """What style a number is of and what its parts say; None for a style nobody told us of.

    ``own``: the town's credit code. The tenth character of an issuer part depends on the digits of the code that stand
    not in the number, so that only the town's own can be checked.
    """
    for style in styles().values():
        if match := style.pattern.fullmatch(number):
            parts = match.groupdict()
            return Reading(style, parts, tuple(_flaws(parts, today, own)))
    return None


def write(style: Style, *, uscc: str, unit: str, day: date, serial: int) -> str:
    """The number of this style for a holder of this credit code (GB 32100)."""
    return style.template.format(
        org=uscc[8:18],
        code9=uscc[8:17],
        uscc=uscc,
        unit=unit[:6],
        channel="0",
        year=f"{day.year:04d}",
        month=f"{day.month:02d}",
        serial=serial,
    )


def _flaws(parts: Mapping[str, str], today: date, own: str) -> list[str]:
    found = []
    org = parts.get("org", "")
    if uscc := parts.get("uscc"):
        checked = check_uscc(uscc)
        if not checked:
            found.append(f"开头的统一社会信用代码“{uscc}”有误：{checked.message}")
    code = parts.get("code9") or org[:9]
    if code and not (checked := check_organisation_code(code)):
        found.append(f"开头的组织机构代码“{code}”有误：{checked.message}")
    elif org and org[:9] == own[8:17] and org != own[8:18]:
        found.append(f"开头的“{org}”最后一位校验码不对，本镇的是“{own[8:18]}”，请核对。")
    year = int(parts["year"])
    if not FIRST_YEAR <= year <= today.year + 1:
        found.append(f"年份“{parts['year']}”不对，应当在 {FIRST_YEAR} 年到 {today.year + 1} 年之间，请核对。")
    if (month := parts.get("month")) and not 1 <= int(month) <= 12:
        found.append(f"月份“{month}”不存在，请核对。")
    if not int(parts["serial"]):
        found.append("流水号全是零，请核对。")
    return found
