"""Invented entries of an invented town."""

from datetime import date

from mingtang.search.entries import Entry

TOWN, OTHER = 1, 2


def entry(number: int, title: str, body: str = "", **more) -> Entry:
    """An entry of ``TOWN``; ``more`` sets any field."""
    kind = more.pop("kind", "document")
    given = {"town": TOWN, "source_id": f"s{number}", "url": f"/info/{number}", "date": date(2018, 1, 1 + number % 28)}
    return Entry(key=f"{kind}:{number}", kind=kind, title=title, body=body, **(given | more))


def town() -> list[Entry]:
    return [
        entry(
            1,
            "万庾镇2018年政务公开工作规划",
            "全面推进政务公开，方便群众办事。\n设立便民服务中心，公布办事流程和监督电话。",
            codes=("006382329L/2018-1430766", "万政发〔2018〕5号"),
            facets={"issuer": "党政办", "year": "2018"},
        ),
        entry(
            2,
            "关于做好农村低保工作的通知",
            "农村低保对象应当如实申报家庭收入。低保金按月发放。",
            facets={"issuer": "民政办", "year": "2018"},
        ),
        entry(
            3,
            "农村宅基地和建房规划许可",
            "村民申请宅基地，凭身份证和户口簿向村民委员会提出。",
            kind="item",
            url="/services/WY-001",
            synonyms=("盖房子", "建房证"),
            codes=("WY-001",),
            facets={"unit": "城建办"},
        ),
        entry(
            4,
            "城乡居民基本医疗保险参保登记",
            "参加医保的居民持身份证办理医疗保险登记。",
            kind="item",
            url="/services/WY-002",
            facets={"unit": "便民服务中心"},
        ),
        entry(
            5,
            "2018年财政预算公开",
            "本年度财政预算收入一千万元，预算支出九百八十万元。",
            facets={"issuer": "财政所", "year": "2018"},
        ),
        entry(6, "低保金发放公示", "外镇的低保名单。", town=OTHER, facets={"issuer": "外镇民政办"}),
    ]
