"""The one line that a reader of identity cards types like a keyboard. Pure.

Readers differ in order and separator: the parts are known by what they are, never by where they stand. Only the four
that an application asks are taken (个人信息保护法 6: no more than needed); the line itself is kept nowhere.
"""

import re
from dataclasses import dataclass
from datetime import date

from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import birth_of, check_resident_id, compact

MAX_LINE = 1000
FOR_EVER = "长期"

_SPLIT = re.compile(r"[\t\r\n,，|｜;；^]+")
_LABEL = re.compile(
    r"^(姓名|性别|民族|出生日期|出生|住址|地址|公民身份号码|身份证号码?|证件号码|签发机关|发证机关|"
    r"有效期限?(?:[起始自]|至|到|止)?|有效期截止|有效期起始|起始日期|截止日期)\s*[:：]?\s*"
)
_DATE = re.compile(r"([12][0-9]{3})(?:[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(?![0-9])")
_DATES_ONLY = re.compile(r"[0-9年月日长期./\-–—~至到 ]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff·•．.]{2,30}")
_ADDRESS = re.compile(r"[省市县区旗州盟镇乡村组街路巷弄社幢栋号室]|[0-9]")
_ISSUER = re.compile(r"公安|出入境|移民管理")
_SEXES = frozenset({"男", "女", "男性", "女性", "未知", "未说明"})
_PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 穿青人 其他"
)
PEOPLES = frozenset(_PEOPLES.split())
AGAIN = "请把光标放回“读身份证”再刷一次，或者直接在下面填。"


@dataclass(frozen=True, slots=True)
class Card:
    """``until``: the last day in ISO form, 长期, or empty where the line did not say."""

    name: str
    id_number: str
    address: str = ""
    until: str = ""


def read_card(line: str, *, today: date) -> Card:
    """What stands on the card. Raises ``Refused`` with what to do where number or name cannot be told for sure."""
    if len(line) > MAX_LINE:
        raise Refused(f"读到的内容太长，不像一张身份证。{AGAIN}")
    parts = [part for raw in _SPLIT.split(line) if (part := _LABEL.sub("", raw.strip()).strip())]
    number = _number(parts, today)
    words = [part for part in parts if _HAN.search(part) and not _DATES_ONLY.fullmatch(part)]
    words = [word for word in words if word not in _SEXES and not _ISSUER.search(word)]
    name = _name(words)
    rest = [word for word in words if word != name and _ADDRESS.search(word) and len(word) > 4]
    return Card(name, number, max(rest, key=len, default="")[:100], _until(parts, number))


def _number(parts: list[str], today: date) -> str:
    """The one number on the line; two are two cards."""
    numbers = [part for part in parts if re.fullmatch(r"[0-9]{17}[0-9X]", compact(part))]
    looked_at = [check_resident_id(part, today=today) for part in numbers]
    found = {checked.number for checked in looked_at if checked.valid}
    if len(found) > 1:
        raise Refused(f"读到了两张身份证。{AGAIN}")
    if not found:
        wrong = looked_at[0].message if looked_at else "读到的这一行里没有身份证号码。"
        raise Refused(f"{wrong}{AGAIN}")
    return found.pop()


def _people(word: str) -> bool:
    return word.removesuffix("族") in PEOPLES


def _name(words: list[str]) -> str:
    """A name may be a people's too (高山, 景颇): then the word that stands first is the name."""
    names = [word.replace(" ", "") for word in words]
    names = [word for word in names if _NAME.fullmatch(word) and not word.endswith("族")]
    sure = [word for word in names if not _people(word) and not (len(word) > 4 and _ADDRESS.search(word))]
    found = sure or names
    if not found:
        raise Refused(f"读到的这一行里没有姓名。{AGAIN}")
    return found[0]


def _until(parts: list[str], number: str) -> str:
    """The later of two dates that are no birth; one date alone may be the day of issue and says nothing."""
    if any(FOR_EVER in part and _DATES_ONLY.fullmatch(part) for part in parts):
        return FOR_EVER
    days = set()
    for part in parts:
        if _DATES_ONLY.fullmatch(part) and compact(part) != number:
            days |= {day for found in _DATE.finditer(part) if (day := _day(found))}
    days.discard(birth_of(number))
    return max(days).isoformat() if len(days) > 1 else ""


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None
