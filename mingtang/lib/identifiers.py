"""Numbers that carry a check: resident ID, organisation codes, bank cards, mobile phones.

Sources: GB 11643-1999 公民身份号码, GB 32100-2015 统一社会信用代码, GB 11714-1997 全国组织机构代码,
ISO/IEC 7812-1 (Luhn). Passes and passports: as printed on them; no standard is cited.
Nothing here asks a register: a number that passes can exist, one that fails cannot.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71"
PROVINCES = frozenset(_PROVINCES.split())
RESIDENCE_PERMITS = {"810000": "港澳居民居住证", "820000": "港澳居民居住证", "830000": "台湾居民居住证"}
EARLIEST_BIRTH = date(1850, 1, 1)

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
USCC_AUTHORITIES = frozenset("123456789ANY")
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u00b7.\u200b-\u200d\u2060\ufeff]+")


# Papers of identity by code. The first three carry the 18-digit number, which itself says which of them it is.
CARD = "card"


@dataclass(frozen=True, slots=True)
class IdentityPaper:
    """``form`` is how its number is written, as a pattern and ``said`` in words; empty where GB 11643 decides."""

    name: str
    form: str = ""
    said: str = ""


IDENTITY_PAPERS = {
    CARD: IdentityPaper("身份证（港澳台居民居住证、18 位的外国人永久居留身份证一样）"),
    "passport": IdentityPaper("护照", r"[A-Z0-9]{5,15}", "5 到 15 位字母和数字"),
    "hk_mo_pass": IdentityPaper("港澳居民来往内地通行证", r"[HM][0-9]{8}([0-9]{2})?", "H 或者 M 开头，后面 8 位数字"),
    "taiwan_pass": IdentityPaper("台湾居民来往大陆通行证", r"[0-9]{8}|[0-9]{10}[A-Z]?", "8 位数字"),
    "old_residence": IdentityPaper("外国人永久居留身份证（旧版）", r"[A-Z]{3}[0-9]{12}", "3 个字母加 12 位数字"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: ``number`` in its canonical form, ``message`` a Chinese sentence when it is not valid.

    A valid number may carry a ``warning`` (old form). Truth of the object is ``valid``.
    """

    number: str
    valid: bool
    kind: str = ""
    message: str = ""
    warning: str = ""

    def __bool__(self) -> bool:
        return self.valid


def compact(text: str) -> str:
    """The bare number: full-width characters made half-width, spaces and hyphens dropped, letters upper-case."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def id_check_character(body: str) -> str:
    """The 18th character for the first 17 digits of a resident ID (GB 11643)."""
    return ID_CHECKS[sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, body, strict=True)) % 11]


def check_resident_id(text: str, *, today: date | None = None) -> Checked:
    """Check a resident ID, residence permit (81/82/83) or permanent-resident number (9…), 18 or 15 characters.

    ``today`` is the last day a birth may lie on (default: today in China). The 15-digit form has no check digit: it is
    accepted with a warning.
    """
    number = compact(text)
    if not number:
        return Checked(number, False, message="没有填写证件号码，请填写18位公民身份号码。")
    if len(number) == 15:
        return _check_old_resident_id(number, today)
    if len(number) != 18:
        return Checked(number, False, message=f"身份证号码应为18位，现在是{len(number)}位，请核对是否漏填或多填。")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return Checked(number, False, message="身份证号码只能由数字组成，最后一位可以是X，请核对。")
    kind = _id_kind(number)
    if not kind:
        return Checked(number, False, message="身份证号码开头的地区代码不存在，请核对前六位。")
    wrong = _birth_problem(number[6:14], today)
    if wrong:
        return Checked(number, False, kind, wrong)
    if id_check_character(number[:17]) != number[17]:
        return Checked(number, False, kind, "身份证号码的校验位不对，号码中至少有一位填错，请对照证件逐位核对。")
    return Checked(number, True, kind)


def check_identity(paper: str, text: str, *, today: date | None = None) -> Checked:
    """Check the number on one of ``IDENTITY_PAPERS``; a pass or passport is checked for its form only."""
    known = IDENTITY_PAPERS[paper]
    if not known.form:
        return check_resident_id(text, today=today)
    number = compact(text).replace("(", "").replace(")", "")
    if not re.fullmatch(known.form, number):
        return Checked(number, False, known.name, f"{known.name}的号码应当是{known.said}，请对照证件再输一次。")
    return Checked(number, True, known.name)


def birth_of(number: str) -> date | None:
    """The birth date in a valid number of 18 or 15 digits; None for the number of a pass or passport."""
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        digits = number[6:14]
    elif re.fullmatch(r"[0-9]{15}", number):
        digits = "19" + number[6:12]
    else:
        return None
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def age_on(birth: date, day: date) -> int:
    """周岁: full years on a day; a year is full on the birthday itself, of 29 February on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _check_old_resident_id(number: str, today: date | None) -> Checked:
    if not re.fullmatch(r"[0-9]{15}", number):
        return Checked(number, False, message="15位的旧身份证号码只能由数字组成，请核对。")
    if number[:2] not in PROVINCES:
        return Checked(number, False, message="身份证号码开头的地区代码不存在，请核对前六位。")
    wrong = _birth_problem("19" + number[6:12], today)
    if wrong:
        return Checked(number, False, "居民身份证", wrong)
    warning = "这是15位的旧号码，没有校验位，请尽量填写18位公民身份号码。"
    return Checked(number, True, "居民身份证", warning=warning)


def _id_kind(number: str) -> str:
    if number[:6] in RESIDENCE_PERMITS:
        return RESIDENCE_PERMITS[number[:6]]
    if number[0] == "9":
        return "外国人永久居留身份证" if number[1:3] in PROVINCES else ""
    return "居民身份证" if number[:2] in PROVINCES else ""


def _birth_problem(digits: str, today: date | None) -> str:
    """What is wrong with the eight digits of a birth date, or an empty string."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    try:
        birth = date(year, month, day)
    except ValueError:
        return f"身份证号码中的出生日期{year}年{month}月{day}日不存在，请核对第7至14位。"
    if birth > (today or datetime.now(CHINA).date()):
        return f"身份证号码中的出生日期{year}年{month}月{day}日还没有到，请核对第7至14位。"
    if birth < EARLIEST_BIRTH:
        return f"身份证号码中的出生年份{year}年太早，请核对第7至14位。"
    return ""


def organisation_check_character(body: str) -> str:
    """The 9th character for the first eight of an organisation code (GB 11714)."""
    total = sum(
        weight * ORGANISATION_CHARS.index(char) for weight, char in zip(ORGANISATION_WEIGHTS, body, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def check_organisation_code(text: str) -> Checked:
    """Check a nine-character organisation code, with or without its hyphen (GB 11714)."""
    number, kind = compact(text), "组织机构代码"
    if len(number) != 9:
        return Checked(number, False, kind, f"组织机构代码应为9位，现在是{len(number)}位，请核对。")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", number):
        return Checked(number, False, kind, "组织机构代码只能由数字和大写字母组成，请核对。")
    if organisation_check_character(number[:8]) != number[8]:
        return Checked(number, False, kind, "组织机构代码的校验位不对，至少有一位填错，请逐位核对。")
    return Checked(number, True, kind)


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 of a unified social credit code (GB 32100)."""
    total = sum(weight * USCC_CHARS.index(char) for weight, char in zip(USCC_WEIGHTS, body, strict=True))
    return USCC_CHARS[-total % 31]


def check_uscc(text: str) -> Checked:
    """Check a unified social credit code 统一社会信用代码 (GB 32100).

    An organisation part that fails GB 11714 gives a warning only: such codes were issued.
    """
    number, kind = compact(text), "统一社会信用代码"
    if len(number) != 18:
        return Checked(number, False, kind, f"统一社会信用代码应为18位，现在是{len(number)}位，请核对。")
    if any(char not in USCC_CHARS for char in number):
        return Checked(number, False, kind, "统一社会信用代码只用数字和大写字母，且不用I、O、S、V、Z，请核对。")
    if number[0] not in USCC_AUTHORITIES:
        return Checked(number, False, kind, "统一社会信用代码第1位的登记管理部门代码不存在，请核对。")
    if not number[2:8].isdigit():
        return Checked(number, False, kind, "统一社会信用代码第3至8位应是登记机关的行政区划代码，请核对。")
    if uscc_check_character(number[:17]) != number[17]:
        return Checked(number, False, kind, "统一社会信用代码的校验位不对，至少有一位填错，请逐位核对。")
    warning = "" if check_organisation_code(number[8:17]) else "其中的组织机构代码校验位不符，请与登记证书核对。"
    return Checked(number, True, kind, warning=warning)


def luhn_valid(digits: str) -> bool:
    """Whether the digits satisfy the Luhn formula (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_bank_card(text: str) -> Checked:
    """Check a bank card number: 13 to 19 digits that satisfy Luhn."""
    number, kind = compact(text), "银行卡"
    if not re.fullmatch(r"[0-9]+", number):
        return Checked(number, False, kind, "银行卡号只能由数字组成，请核对。")
    if not 13 <= len(number) <= 19:
        return Checked(number, False, kind, f"银行卡号一般为16至19位，现在是{len(number)}位，请核对。")
    if not luhn_valid(number) or number == "0" * len(number):
        return Checked(number, False, kind, "银行卡号的校验位不对，至少有一位填错，请逐位核对。")
    return Checked(number, True, kind)


def check_mobile(text: str) -> Checked:
    """Check a mainland mobile number; a leading 86, +86 or 0086 is dropped."""
    number, kind = compact(text).removeprefix("+"), "手机号码"
    if len(number) in (13, 15):
        number = number.removeprefix("00").removeprefix("86")
    if not re.fullmatch(r"[0-9]+", number):
        return Checked(number, False, kind, "手机号码只能由数字组成，请核对。")
    if len(number) != 11:
        return Checked(number, False, kind, f"手机号码应为11位，现在是{len(number)}位，请核对。")
    if not re.fullmatch(r"1[3-9][0-9]{9}", number):
        return Checked(number, False, kind, "手机号码应以13至19开头，请核对；固定电话请填在固定电话一栏。")
    return Checked(number, True, kind)
