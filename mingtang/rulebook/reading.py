"""Reading service items from another platform's export: one JSON object a line. Pure: no database, no network.

The fields are those of the Guangdong export (`matter_*`, `handle_*`, …). Two of them are easily taken for each other:
``handle_time`` is the statutory limit and ``handle_time_limit`` the promise. Not their names say so but their values:
in all 191 sample items that carry both, the first is never shorter, and it holds the round limits of statutes (20, 45,
90 working days) where the other holds odd smaller ones; a promise may not exceed the law (`law.md` 5.7).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingtang.files.decode import decode
from mingtang.lib.errors import Refused

MAX_LINE = 5 * 1024 * 1024

WORKING_DAYS, CALENDAR_DAYS, HOURS, MONTHS = "working_days", "calendar_days", "hours", "months"
UNIT_LABELS = {WORKING_DAYS: "个工作日", CALENDAR_DAYS: "天（自然日）", HOURS: "小时", MONTHS: "个月"}
_UNITS = {
    "工作日": WORKING_DAYS,
    "个工作日": WORKING_DAYS,
    "自然日": CALENDAR_DAYS,
    "个自然日": CALENDAR_DAYS,
    "日": CALENDAR_DAYS,
    "天": CALENDAR_DAYS,
    "小时": HOURS,
    "个月": MONTHS,
    "月": MONTHS,
}
# GB/T 39554.2 事项类型 (`law.md` 5.5).
KINDS = {
    "行政许可": "01",
    "行政处罚": "02",
    "行政强制": "03",
    "行政征收": "04",
    "行政给付": "05",
    "行政检查": "06",
    "行政确认": "07",
    "行政奖励": "08",
    "行政裁决": "09",
    "其他行政权力": "10",
    "公共服务": "20",
}
SUBJECTS = {
    "自然人": "1",
    "企业法人": "2",
    "事业法人": "3",
    "社会组织法人": "4",
    "非法人企业": "5",
    "行政机关": "6",
    "其他组织": "9",
}
_NOTHING = {"", "无", "暂无", "没有", "不涉及", "/", "-", "—", "——", "null", "none", "n/a", "空"}
# Said in many ways: everybody may apply. That is a statement, not a gap.
_UNCONDITIONAL = re.compile(
    r"无(?:受理|特定|特殊|任何)?条件(?:受理|办理)?|无门槛(?:办理|受理)?|直接申请|按需申请|无须条件|无需条件"
)
_CATCH_ALL = re.compile(
    r"其[他它](?:相关|有关|需要提供的|应当提交的|必要的?)*(?:的)?(?:证明)?(?:材料|资料|文件|证件)(?:等)?"
)


@dataclass(frozen=True)
class Problem:
    """An odd value, as a Chinese sentence; ``field`` is an attribute of ``ItemReading``."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Limit:
    """A time limit: ``count`` of ``unit`` (a key of ``UNIT_LABELS``)."""

    count: int
    unit: str = WORKING_DAYS

    def __str__(self) -> str:
        return f"{self.count}{UNIT_LABELS[self.unit]}"


@dataclass
class ItemReading:
    """One item as its source states it. What the source leaves out or calls "无" is empty or None.

    ``unconditional`` is true when the source says in so many words that anybody may apply. ``joint`` holds the offices
    of a joint item, each with its steps as stated. ``lacks`` are sentences: what of the six disclosures (六公开) and of
    the publication gate is still missing.
    """

    origin: str = ""
    code: str = ""
    name: str = ""
    catalogue_name: str = ""
    situation: str = ""
    kind: str = ""
    kind_code: str = ""
    unit: str = ""
    unit_code: str = ""
    area: str = ""
    level: str = ""
    statutory: Limit | None = None
    promise: Limit | None = None
    conditions: str = ""
    unconditional: bool = False
    materials: list[str] = field(default_factory=list)
    consult_phones: list[str] = field(default_factory=list)
    complain_phones: list[str] = field(default_factory=list)
    place: str = ""
    hours: str = ""
    no_window: bool = False
    service_objects: list[str] = field(default_factory=list)
    visits: int | None = None
    online: bool | None = None
    online_url: str = ""
    platform: str = ""
    courier: bool | None = None
    bookable: bool | None = None
    booking_url: str = ""
    themes: list[str] = field(default_factory=list)
    joint: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Whether it can become a draft at all."""
        return bool(self.code and self.name)

    def note(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(name, sentence))


def read_items(path: Path | str) -> Iterator[ItemReading]:
    """The items of a ``.jsonl`` file, one for every line that is not blank, in order.

    A line that is no JSON object gives an ItemReading with a problem. Raises ``Refused`` when there is no such file.
    """
    path = Path(path)
    if not path.is_file():
        raise Refused(f"找不到事项文件“{path}”，请核对路径。")
    seen: dict[str, int] = {}
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            if not line.strip():
                continue
            item = _read_line(line, number, f"{path.name}:{number}")
            if item.code and seen.setdefault(item.code, number) != number:
                item.note("code", f"实施编码 {item.code} 与第{seen[item.code]}行重复，请核对。")
            yield item


def _read_line(line: bytes, number: int, origin: str) -> ItemReading:
    failed = ItemReading(origin=origin)
    if len(line) >= MAX_LINE:
        failed.note("file", f"第{number}行太长，不像一条事项记录，请核对。")
        return failed
    try:
        record = json.loads(decode(line))
        if not isinstance(record, dict):
            raise ValueError
    except Refused:
        failed.note("file", f"第{number}行的文字编码认不出来，请把文件另存为 UTF-8。")
    except (ValueError, RecursionError):
        failed.note("file", f"第{number}行不是完整的 JSON 记录，请核对这一行的引号、括号和逗号。")
    else:
        return read_item(record, origin)
    return failed


def read_item(record: dict[str, Any], origin: str = "") -> ItemReading:
    """One record as an item. Never raises: odd values become problems."""
    item = ItemReading(origin=origin)
    _identity(item, record)
    _limits(item, record)
    _conditions(item, record)
    _contact(item, record)
    _ways(item, record)
    item.lacks = _lacks(item)
    return item


def text(record: dict[str, Any], *keys: str) -> str:
    """The first value that says something, as one clean text; "无" and its like say nothing."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int):
            continue
        said = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff\ud800-\udfff]", " ", str(value))
        said = re.sub(r"[ \t\xa0]+", " ", said).strip(" \u3000;；")
        if said.lower() not in _NOTHING:
            return said
    return ""


def _many(record: dict[str, Any], key: str) -> list[str]:
    value = record.get(key)
    parts = value if isinstance(value, list) else re.split(r"[、,，;；\n]", value) if isinstance(value, str) else []
    said = [text({"one": part}, "one") for part in parts]
    return list(dict.fromkeys(part for part in said if part))


def _identity(item: ItemReading, record: dict[str, Any]) -> None:
    item.code = text(record, "TASK_CODE")
    item.name = text(record, "TASK_NAME", "matter_name")
    item.catalogue_name = text(record, "CATANAME", "parentCatalogName")
    item.situation = text(record, "subTaskName").strip("（）()")
    item.kind = text(record, "matter_type", "TASK_TYPE_TEXT")
    item.kind_code = KINDS.get(item.kind, "")
    item.unit = text(record, "DEPT_NAME")
    item.unit_code = text(record, "ORGCODE")
    item.area = text(record, "AREA_CODE_TEXT")
    item.level = text(record, "matter_level", "district")
    item.themes = _many(record, "theme_category")
    for name, label in (("code", "实施编码"), ("name", "事项名称"), ("unit", "实施主体")):
        if not getattr(item, name):
            item.note(name, f"没有{label}，请补填。")
    if item.code and not re.fullmatch(r"[0-9A-Za-z-]{6,40}", item.code):
        item.note("code", f"实施编码“{item.code[:40]}”不是由6到40位数字、字母或短横组成，没有采用，请核对。")
        item.code = ""
    if item.kind and not item.kind_code:
        item.note("kind", f"事项类型“{item.kind[:20]}”不在国家规定的十一类里，请核对。")
    if len(item.name) > 300:
        item.note("name", "事项名称超过300个字，只留了前300个字，请核对。")
        item.name = item.name[:300]


def read_limit(said: str) -> Limit | None:
    """The limit in ``30(工作日)``, ``90（自然日）``, ``20个工作日``, ``当场`` (0 working days), or None."""
    said = re.sub(r"\s", "", said)
    if said in ("当场", "当场办结", "即办", "即时", "即时办结", "当日"):
        return Limit(0)
    match = re.fullmatch(r"(\d{1,4})[(（]?([\u4e00-\u9fff]{1,4})[)）]?(?:内|以内)?", said)
    return Limit(int(match[1]), _UNITS[match[2]]) if match and match[2] in _UNITS else None


def _limits(item: ItemReading, record: dict[str, Any]) -> None:
    for name, key, label in (
        ("statutory", "handle_time", "法定办结时限"),
        ("promise", "handle_time_limit", "承诺办结时限"),
    ):
        said = text(record, key)
        if not said:
            continue
        limit = read_limit(said)
        if limit is None:
            item.note(name, f"{label}“{said[:30]}”认不出来，应写成“20(工作日)”这样的形式，没有采用。")
        setattr(item, name, limit)
    law, promise = item.statutory, item.promise
    if law and law.unit == WORKING_DAYS and law.count >= 365:
        item.note("statutory", f"法定办结时限写的是{law}，比一年还长，像是把自然日写成了工作日，请核对。")
    if law and law.count == 0:
        item.note("statutory", "法定办结时限写的是0，请核对。")
    if law and promise and law.unit == promise.unit and promise.count > law.count:
        item.note("promise", f"承诺办结时限（{promise}）比法定办结时限（{law}）还长，不能这样公布，请核对。")


def _conditions(item: ItemReading, record: dict[str, Any]) -> None:
    said = text(record, "accept_standard")
    item.unconditional = bool(_UNCONDITIONAL.fullmatch(said.rstrip("。")))
    item.conditions = said
    if said and re.search(r"[:：]$", said):
        item.note("conditions", "受理条件只有一句引子，后面的各项条件没有导出来，请补填。")
    item.materials = _many(record, "material_intro")
    for name in item.materials:
        if _CATCH_ALL.fullmatch(name.rstrip("。")):
            item.note("materials", f"材料“{name}”是兜底条款，不能向群众要，请写明是什么材料或删去。")
    long = [name for name in item.materials if len(name) > 200]
    if long:
        item.note("materials", f"有{len(long)}项材料的名称超过200个字，请改短，要求另写在说明里。")


_PHONE = re.compile(
    r"(?<![\d-])(?:[(（]\s*0\d{2,3}\s*[)）]\s*|0\d{2,3}\s*[-–—]\s*|400-?)?"
    r"\d{3,8}(?:[-–—]\d{1,8}){0,2}(?:转\d{1,5})?(?![\d-])"
)


def phones(said: str) -> list[str]:
    """The telephone numbers in a text, as ``020-12345678`` (extension with ``转`` or ``-``), in order, once each."""
    found = []
    for match in _PHONE.finditer(re.sub(r"(?<=[-–—])\s+(?=\d)", "", said)):
        number = re.sub(r"[\s]", "", re.sub(r"[–—]", "-", match[0]))
        number = re.sub(r"^[(（](0\d{2,3})[)）]", r"\1-", number)
        if len(re.sub(r"\D", "", number)) >= 5:
            found.append(number)
    return list(dict.fromkeys(found))


def _contact(item: ItemReading, record: dict[str, Any]) -> None:
    for name, key, label in (
        ("consult_phones", "consult_phone", "咨询电话"),
        ("complain_phones", "complain_phone", "监督投诉电话"),
    ):
        said = text(record, key)
        found = phones(re.sub(r"https?://\S+|\d+号", " ", said))
        setattr(item, name, found)
        if said and not found:
            item.note(name, f"{label}“{said[:30]}”里没有电话号码，请补填。")
        elif len(said) > 60:
            item.note(name, f"{label}一栏里还写了别的内容，只取了电话号码，请核对。")
        for number in found:
            area, _, rest = number.partition("-")
            digits = re.split(r"转|-", rest)[0]
            # 010 and 02x have eight digits, all others seven or eight; service numbers (12345, 95598) are shorter.
            if number.startswith("0") and 5 < len(digits) < (8 if len(area) == 3 else 7):
                item.note(name, f"{label}“{number}”的位数不对，请核对。")
    if item.consult_phones and set(item.consult_phones) & set(item.complain_phones):
        item.note("complain_phones", "咨询电话和监督投诉电话相同，投诉应当另设电话，请核对。")
    said = text(record, "handle_location")
    if re.match(r"无线下|无窗口|不设窗口", said):
        item.no_window = True
    else:
        place = re.sub(r"^办理地点\s*[:：]\s*", "", said)
        cut = re.search(r"(?:办理|办公|工作|服务)时间\s*[:：]", place)
        item.place = (place[: cut.start()] if cut else place).strip(" \u3000;；,，")
        item.hours = place[cut.end() :].strip() if cut else text(record, "handle_hours", "work_time")


def _yes(item: ItemReading, name: str, label: str, said: str) -> bool | None:
    if said in ("是", "支持", "1", "true", "True"):
        return True
    if said in ("否", "不支持", "0", "false", "False"):
        return False
    if said:
        item.note(name, f"{label}应当写“是”或“否”，这里写的是“{said[:20]}”，没有采用。")
    return None


def _ways(item: ItemReading, record: dict[str, Any]) -> None:
    visits = text(record, "visit_number", "LIMIT_SCENE_NUM")
    if re.fullmatch(r"\d{1,2}", visits):
        item.visits = int(visits)
    elif visits:
        item.note("visits", f"到现场次数“{visits[:20]}”不是数字，没有采用。")
    item.online = _yes(item, "online", "是否网上办理", text(record, "ONLINECHECK"))
    item.courier = _yes(item, "courier", "是否支持快递", text(record, "courier_service"))
    item.bookable = _yes(item, "bookable", "是否支持预约", text(record, "online_book"))
    item.platform = text(record, "bear_paltform", "bear_platform")
    for name, key, label in (("online_url", "URL", "网上办理地址"), ("booking_url", "online_book_addr", "预约地址")):
        said = text(record, key)
        if said and re.fullmatch(r"https?://\S{3,1990}", said):
            setattr(item, name, said)
        elif said:
            item.note(name, f"{label}“{said[:40]}”不是网址，没有采用。")
    item.service_objects = _many(record, "service_object_name")
    strange = [name for name in item.service_objects if name not in SUBJECTS]
    if strange:
        item.note("service_objects", f"服务对象“{'、'.join(strange)[:60]}”不在国家规定的七类里，请核对。")
    joint = text(record, "co_department")
    item.joint = [(name.strip(), steps) for name, steps in re.findall(r"([^、（）()]+)[（(]([^（）()]*)[）)]", joint)]
    if joint and not item.joint:
        item.note("joint", f"联办机构“{joint[:40]}”认不出各单位和环节，请补填。")
    if item.no_window and item.visits:
        item.note("visits", "写明没有线下窗口，却要到现场办理，请核对。")
    if item.visits == 0 and item.online is False and not item.courier:
        item.note("visits", "不用到现场，又不能网上办、不能快递，群众无从办起，请核对。")


def _lacks(item: ItemReading) -> list[str]:
    """The six disclosures of the plan in its own order, then what else the publication gate asks for."""
    out = []
    if not item.name or not item.kind or not item.service_objects:
        out.append("办理内容不全：请写明事项名称、类型和服务对象。")
    out.append("缺办理结果：请写明办成后给什么证件或文书，并附样本。")
    out.append("缺办理依据：来源里没有，请补上法律法规的名称、文号、条款和原文。")
    if not item.conditions:
        out.append("缺受理条件：请写明谁可以办、要符合什么条件；没有条件的，请写“无条件受理”。")
    if not item.materials:
        out.append("缺申报材料：请逐项列出材料；不要材料的，请明确写“无需提交材料”。")
    else:
        out.append("申报材料只有名称：请补上每项的份数、原件或复印件、来源渠道、索要依据和样表。")
    out.append("缺办理流程：来源里没有，请补上受理、审核、决定、送达各环节的岗位和时限。")
    if item.statutory is None:
        out.append("缺法定办结时限：法律没有规定的，也请写明按什么规定执行。")
    if item.promise is None:
        out.append("缺承诺办结时限：请写明几个工作日；当场办结的写“当场”。")
    out.append("缺收费标准：来源里没有，请写明不收费，或写明项目、标准和依据。")
    if not item.place and not item.no_window:
        out.append("缺办理地点：请写明窗口地址。")
    if not item.hours and not item.no_window:
        out.append("缺办理时间：请写明窗口的上班时间。")
    if not item.consult_phones:
        out.append("缺咨询电话，请补填。")
    if not item.complain_phones:
        out.append("缺监督投诉电话，请补填。")
    if item.visits is None:
        out.append("缺到现场次数，请补填。")
    elif item.visits > 0:
        out.append("要到现场办理：请写明必须到现场的原因。")
    out.append("缺救济渠道：请写明行政复议和行政诉讼的机关与期限。")
    out.append("缺办件类型和授权：请定为即办件、承诺件或联办件，并指定办理岗位。")
    return out
