"""One item with something of everything: what each surface can get wrong has a place in it."""

from typing import Any

from mingtang.rulebook.spec import (
    Fee,
    InPerson,
    Listing,
    Material,
    Option,
    Procedure,
    Publication,
    Question,
    Reduction,
    Result,
    Situation,
    Spec,
    Work,
)
from tests.factories.any_item import CITED, LAW, sample
from tests.factories.specs import data as row

LARGE = {"when": "area >= 120", "when_label": "一百二十平方米以上"}
OLD = {"when": "kind in ('old', 'moved')", "when_label": "翻建、搬迁"}
SITUATIONS = [
    row(
        Situation,
        key="kind",
        question="哪一种？",
        options=[
            row(Option, key="new", label="新建"),
            row(Option, key="old", label="翻建"),
            row(Option, key="moved", label="搬迁"),
            row(Option, key="field", label="占田", bars="永久基本农田上不能建。"),
        ],
    ),
    row(Situation, key="area", question="多大？", unit="平方米", most=300),
]


def _paper(key: str, name: str, **more: Any) -> dict[str, Any]:
    plain = {"issuer": "申请人", "form": "原件", "medium": "paper", "source": "10", "copies": 2, "required": True}
    return row(Material, key=key, name=name, standard="清楚", basis=CITED, **{**plain, **more})


def _step(key: str, name: str, post: str, days: int, **more: Any) -> dict[str, Any]:
    return row(Work, key=key, name=name, post=post, working_days=days, standard="两人到场", basis=CITED, **more)


def _fee(name: str, amount: int, **more: Any) -> dict[str, Any]:
    plain = {"nature": "administrative", "fund": "treasury", "per": "平方米", "payer": "申请人", "scope": "领证的时候"}
    return row(Fee, name=name, amount=amount, receipt="财政票据", basis=CITED, **{**plain, **more})


RICH = row(
    Spec,
    name="摊棚搭建许可",
    kind="joint",
    power_type="01",
    power_holder="own",
    holder="万庾镇人民政府",
    served=["自然人"],
    summary="准许在集市边搭摊棚。",
    basis=[LAW],
    situations=SITUATIONS,
    conditions=["在本镇居住"],
    materials=[
        _paper("id", "身份证"),
        _paper("photo", "照片 <正面> & 侧面", required=False, copies=3),
        _paper("right", "旧房权属材料", deferrable=True, pledge="权属没有争议。", verify_days=10, **OLD),
        _paper("map", "地块图", issuer="县档案馆", fetched_by_us=True, **LARGE),
    ],
    window_post="window-3",
    decider_post="deputy-mayor",
    steps=[
        _step("visit", "现场核查", "forest-check", 2, **LARGE),
        _step("land", "用地审查", "land-review", 3, group="both"),
        _step("build", "规划审查", "build-review", 5, group="both", **OLD),
        _step("sum", "汇总意见", "land-review", 1),
    ],
    intake_days=3,
    statutory_days=20,
    promised_days=9,
    silence_rule="statutory",
    procedures=[row(Procedure, name="听证", article="行政许可法第四十五条")],
    fees=[
        _fee(
            "占用费",
            333,
            quantity="area",
            most=50_000,
            reductions=[
                row(Reduction, label="翻建减一成", when="kind == 'old'", percent=10, basis=CITED),
                row(Reduction, label="翻建、搬迁减三成多", when=OLD["when"], percent=33, basis=CITED),
            ],
        ),
        _fee("工本费", 500, per="本", when="kind == 'new'", when_label="新建"),
        _fee("公告费", 9_900, per="次", valid_to="2026-03-15"),
        _fee("公告费", 8_800, per="次", valid_from="2026-03-17"),
    ],
    results=[row(Result, name="摊棚搭建批复", kind="批文", validity="一年", months=12)],
    place="镇便民服务中心一楼",
    hours="周一至周五 8:30—17:30",
    phone="0730-5550011",
    complaint_phone="0730-5550002",
    visits=1,
    online=True,
    visibility="public",
    in_person=row(InPerson, collect=CITED),
    publication=row(Publication, scope="web", fields=["holder", "number", "valid"], basis=CITED),
    files=[sample("result", "摊棚搭建批复"), sample("form", "id")],
    questions=[row(Question, question="要多久？", answer="九个工作日以内。")],
    listing=row(
        Listing,
        level="5",
        holder_nature="1",
        ways=["1", "2"],
        visit_reason="核对本人",
        scope="5",
        online_depth="4",
    ),
)
