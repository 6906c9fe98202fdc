"""缴款号: twelve digits, read over the telephone, written on a transfer, found again in what the bank tells."""

import re
import unicodedata

from mingtang.money.models import NoticeSerial
from mingtang.towns.models import Jurisdiction

LENGTH = 12
_BETWEEN = re.compile(r"(?<=\d)[\s\-]+(?=\d)")
_RUN = re.compile(rf"(?<!\d)\d{{{LENGTH}}}(?!\d)")


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10 over digits: one wrong digit, or two neighbours swapped, is noticed."""
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def next_number(town: Jurisdiction, year: int) -> str:
    """Year, serial, check digit (``202600000133``), in the caller's transaction. A number is never given twice."""
    NoticeSerial.objects.get_or_create(town=town, year=year)
    serial = NoticeSerial.objects.select_for_update().get(town=town, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    body = f"{year}{serial.last:07d}"
    return body + check_digit(body)


def said(text: str) -> str:
    """The notice number that somebody wrote on a transfer; empty where there is none, or more than one."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    found = {run for run in _RUN.findall(plain) if check_digit(run[:-1]) == run[-1]}
    return found.pop() if len(found) == 1 else ""
