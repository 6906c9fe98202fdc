"""The head of an information page: labels, dates, numbers. Pure.

The labels are the union of real pages (`law.md` 8.1): the plan's own page, gov.cn, Hunan, Zhenba, Xingguo, Lianyungang.
A label may be stretched with spaces (``索 引 号``), end in a full or half width colon, or stand in brackets.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

FIELD_NAMES = {
    "file": "文件",
    "title": "标题",
    "body": "正文",
    "issuer": "发布机构",
    "index_number": "索引号",
    "doc_number": "文号",
    "generated_on": "生成日期",
    "published_on": "公开日期",
    "theme": "主题分类",
    "url": "网址",
    "method": "公开方式",
    "scope": "公开范围",
    "source": "来源",
    "views": "浏览量",
    "attachments": "附件",
    "source_id": "来源编号",
}
# In order of weight: the first label of a field that a page carries decides, a lighter one only fills a gap.
LABELS = {
    "index_number": "索引号 信息索引号 索引编号 信息索取号",
    "issuer": "发布机构 发文机关 发文机构 发布单位 发文单位 制发机关 公开主体 所属机构 公开责任部门 责任部门",
    "scope": "公开范围 公开类别 公开属性",
    "generated_on": "生成日期 成文日期 发文日期 签署日期 制发日期 印发日期 成文时间 生成时间 发文时间",
    "published_on": "公开日期 发布日期 发布时间 公开时间 公布日期 发表时间 时间 日期",
    "method": "公开方式 公开形式",
    "doc_number": "发文字号 文号 文件编号 发文文号 文件字号 发文号",
    "theme": "主题分类 所属主题 主题类别 信息类别 信息分类 公文主题",
    "source": "来源 信息来源 文章来源 稿源",
    "views": "浏览量 浏览次数 点击数 点击量 点击率 访问量 阅读次数 阅读量 点击次数",
    "title": "标题 信息名称 文件名称 名称",
    "": "统一登记号 信息时效期 有效性 时效性 有效期 主题词 关键词 内容概述 公开时限 登记日期 体裁 编辑 "
    "责任编辑 作者 审核 信息审核 字号 字体 打印 分享 分享到 效力状态 失效日期 实施日期 "
    "公文种类 组配分类 体裁分类 生命周期",
}
# These words also begin ordinary lines ("时间：10月20日上午9时"): labels only before a whole date or beside others.
_WEAK = {"时间", "日期", "名称", "作者", "审核", "编辑", "实施日期", "有效期", "责任部门"}
_FIELD_OF = {label: (name, weight) for name, labels in LABELS.items() for weight, label in enumerate(labels.split())}
_LABEL = "|".join(r"[ \u3000]*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True))
_MARK = re.compile(
    rf"(?:(?<![\w])|(?<=[ \u3000|]))(?:[【\[](?P<boxed>{_LABEL})[】\]]\s*[:：]?|(?P<plain>{_LABEL})[ \u3000]*[:：])"
)
_BULLET = re.compile(r"^[\s\u3000•·●○▪■◆*◦‣\-–|]+")
_EDGES = " \t\u3000|·•,，;；-—"


def labelled(line: str) -> Iterator[tuple[str, str, int, str]]:
    """``(field, label, weight, value)`` for each label of a line that begins with one; nothing for any other line."""
    line = _BULLET.sub("", line)
    marks = list(_MARK.finditer(line))
    if not marks or marks[0].start() != 0:
        return
    out = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        label = re.sub(r"\s", "", mark["boxed"] or mark["plain"])
        name, weight = _FIELD_OF[label]
        value = line[mark.end() : after.start() if after else None].strip(_EDGES)
        out.append((name, label, weight, value))
    if len(out) == 1 and out[0][1] in _WEAK:
        when = find_date(out[0][3])
        if not when or when[0].strip() != out[0][3]:
            return
    yield from out


_CHINESE = {
    char: digit
    for digit, chars in enumerate(("〇○零０Ｏ", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_TIME = (
    r"(?:[ \u3000T]*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})(?:[:：分](?P<second>\d{1,2})?)?(?:\.\d+)?秒?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_DATES = (
    re.compile(r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?" + _TIME),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)" + _TIME),
    re.compile(
        r"(?P<year>[〇○零０Ｏ一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
    ),
)
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


class BadDate(ValueError):
    """What was said is no date; ``str`` is the Chinese sentence."""


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    if "十" not in text:
        return int("".join(str(_CHINESE[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)


def find_date(text: str) -> re.Match[str] | None:
    """The first thing in a line that is written like a whole date."""
    found = [match for pattern in _DATES if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start(), default=None)


def parse_date(text: object) -> date | datetime:
    """A date, or an aware moment (Asia/Shanghai unless a zone is written) when a time of day is given.

    Reads ``2018-10-18``, ``2018/10/18``, ``2018.10.18``, ``20181018``, ``2018年10月18日``, ``二〇一八年十月十八日``,
    each of the first five also with a time. Raises ``BadDate`` for anything else and for days that do not exist.
    """
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=SHANGHAI)
    if isinstance(text, date):
        return text
    said = str(text).strip().translate(_WIDE)[:80]
    match = next((match for pattern in _DATES if (match := pattern.fullmatch(said))), None)
    if match is None:
        raise BadDate(f"“{said}”不是完整的日期，请写成 2018-10-18 或 2018年10月18日。")
    parts = match.groupdict()
    try:
        day = date(_number(parts["year"]), _number(parts["month"]), _number(parts["day"]))
        if not 1900 <= day.year <= 2199:
            raise BadDate(f"“{said}”的年份不对，应当在 1900 年到 2199 年之间，请核对后改正。")
        if not parts.get("hour"):
            return day
        clock = (int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0))
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=SHANGHAI)
        if zone := parts["zone"]:
            return datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + zone).astimezone(SHANGHAI)
    except BadDate:
        raise
    except (ValueError, OverflowError, KeyError) as error:
        raise BadDate(f"“{said}”这个日期不存在，请核对后改正。") from error
    return moment


def day_of(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


_DOC_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:[〔\[【（(﹝［][12]\d{3}[〕\]】）)﹞］])[ \u3000]*(?:第[ \u3000]*)?\d{1,5}[ \u3000]*号"
    r"|[\u4e00-\u9fff]{0,8}令?第[ \u3000]*\d{1,5}[ \u3000]*号"
)


def is_doc_number(text: str) -> bool:
    return bool(_DOC_NUMBER.fullmatch(text.strip(" \u3000()（）")))


def tidy_doc_number(text: str) -> str:
    """A document number with the year in 〔〕 (上海公文备案 rule, `law.md` 8.2) and without stray spaces."""
    text = re.sub(r"[ \u3000]", "", text)
    return re.sub(r"[〔\[【（(﹝［]([12]\d{3})[〕\]】）)﹞］]", r"〔\1〕", text)


def index_number_flaw(text: str) -> str:
    """What keeps a text from being an index number and an address (``/info/<number>``); empty when nothing does.

    Real styles differ (`law.md` 0.3): with and without a slash, with Chinese brackets; none has spaces.
    """
    if len(text) > 60:
        return f"索引号“{text[:20]}…”太长（最多60个字），请核对。"
    if not re.fullmatch(r"[0-9A-Za-z\u4e00-\u9fff〔〕()（）—–_./-]+", text) or not re.search(r"\d", text):
        return f"“{text}”不像索引号，请核对后补填。"
    if any(part in ("", ".", "..") for part in text.split("/")):
        return f"索引号“{text}”里的斜杠位置不对，请核对后补填。"
    return ""
