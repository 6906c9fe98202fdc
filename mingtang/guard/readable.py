"""How hard a text is to read: lengths of sentences, phrases that only officials use, terms that nobody explained. Pure.

It blocks nothing: whoever writes sees it beside the text. The lists are our own.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

# A sentence of more characters is hard to hold in one's head. House rule.
LONG = 40
_END = re.compile(r"[。！？；\n]+")
_SAID = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")
#: What to write instead.
OFFICIAL = {
    "有关部门": "写明哪个部门",
    "相关部门": "写明哪个部门",
    "有关规定": "写明哪部法、哪一条",
    "相关规定": "写明哪部法、哪一条",
    "及时": "写明几天以内",
    "尽快": "写明几天以内",
    "原则上": "写明哪些不是",
    "酌情": "写明看什么情形",
    "予以": "删去",
    "切实": "删去",
    "进一步": "删去",
    "高度重视": "写明做什么",
    "扎实推进": "写明做什么",
    "统筹推进": "写明做什么",
    "落到实处": "写明做到什么样",
    "加大力度": "写明多做什么",
    "经研究": "写明谁、哪天决定的",
    "特此通知": "删去",
    "妥善处理": "写明怎样处理",
    "其他材料": "写明哪些材料",
}
#: Words of the trade that a villager need not know.
TERMS = (
    "容缺受理", "告知承诺", "双随机", "负面清单", "权责清单", "一网通办", "跨省通办", "非税收入", "三公经费",
    "转移支付", "占补平衡", "生态保护红线", "永久基本农田", "特困人员", "低保边缘", "临时救助", "行政复议",
    "行政裁量", "规范性文件", "公共企事业单位", "政府采购", "不动产登记", "征地补偿", "净地", "确权", "流转",
    "预决算", "绩效评价", "承诺时限", "法定时限", "利害关系人", "听证", "备案",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """``mean`` and ``longest`` in characters; ``long``: how many sentences are over ``LONG``. ``official``: phrase and
    what to write instead; ``unexplained``: terms that neither the text nor the town's list explains."""

    sentences: int
    mean: int
    longest: int
    long: int
    official: tuple[tuple[str, str], ...]
    unexplained: tuple[str, ...]

    @property
    def long_percent(self) -> int:
        return round(100 * self.long / self.sentences) if self.sentences else 0


def measure(text: str, explained: Collection[str] = ()) -> Reading:
    """The figures of a text; ``explained`` are the terms that its page will explain anyway."""
    lengths = [length for part in _END.split(text) if (length := len(_SAID.findall(part)))]
    official = tuple((phrase, instead) for phrase, instead in OFFICIAL.items() if phrase in text)
    unexplained = tuple(term for term in TERMS if term in text and not _is_explained(term, text, explained))
    return Reading(
        sentences=len(lengths),
        mean=round(sum(lengths) / len(lengths)) if lengths else 0,
        longest=max(lengths, default=0),
        long=sum(length > LONG for length in lengths),
        official=official,
        unexplained=unexplained,
    )


def _is_explained(term: str, text: str, explained: Collection[str]) -> bool:
    """By the list, or where the text itself says what it is: 容缺受理，是指…；容缺受理（先收件后补）."""
    return term in explained or re.search(rf"{re.escape(term)}”?(?:，?(?:是指|就是|指的是)|（)", text) is not None
