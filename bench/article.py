"""One public page for the measurements: a document of some 3,000 characters, 64 links, two lists of 25."""

import datetime
import random
from typing import Any

_SYLLABLES = (
    "政务公开便民服务事项材料期限窗口受理审批村居委员会年度计划资金项目补助办法实施意"
    "见通知监督电话责任单位第一条本镇居民应当依法"
)


def article() -> dict[str, Any]:
    """The data of the page, the same at every call."""
    chance = random.Random(20181018)

    def words(length: int) -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(length))

    def day() -> datetime.date:
        return datetime.date(2018, 1, 1) + datetime.timedelta(days=chance.randrange(2500))

    def row(number: int) -> dict[str, Any]:
        return {"url": f"/info/{number}", "title": words(22), "unit": words(5), "published": day()}

    return {
        "town": "万庾镇人民政府（演示）",
        "here": "/info/c/3/2",
        "nav": [
            {
                "url": f"/info/c/{group}",
                "title": words(4),
                "links": [{"url": f"/info/c/{group}/{link}", "title": words(6)} for link in range(7)],
            }
            for group in range(8)
        ],
        "article": {
            "title": words(26),
            "published": day(),
            "fields": [{"name": words(4), "value": words(12)} for _ in range(10)],
            "paragraphs": [words(150) + "。" for _ in range(20)],
        },
        "boxes": [{"title": words(4), "rows": [row(number) for number in range(25)]} for _ in range(2)],
    }
