"""Any item that may be published: whole specs as stored JSON, made so that the gate has nothing against them.

Nothing is made and thrown away. Each condition compares every situation once, and each comparison is met by some of
the answers that lead on and not by others: so is the condition. Each question is asked because something hangs on it,
and the limits of the steps fit into the promise.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from mingtang.demo.samples import enclosures
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
    Superior,
    Work,
)
from tests.factories.conditions import condition, may_be_asked, names
from tests.factories.specs import data as row

Row = dict[str, Any]
TODAY = date(2026, 3, 16)
# Post code → what pages call it, as the demo town has them; each with somebody who may do this work.
WINDOWS = {
    "window-1": "便民服务中心综合窗口",
    "window-3": "便民服务中心建房用地窗口",
    "window-4": "便民服务中心社会事务窗口",
}
OFFICES = {
    "land-review": "自然资源所用地审查岗",
    "build-review": "村镇建设办公室规划审查岗",
    "forest-check": "林业站现场核查岗",
    "social-check": "社会事务办公室入户核对岗",
}
DECIDERS = {"deputy-mayor": "政务公开领导小组分管副镇长", "window-1": WINDOWS["window-1"]}
POSTS = WINDOWS | OFFICES | DECIDERS
UNITS = ("social", "forestry", "land")
LAW = {"law": "中华人民共和国森林法", "article": "第五十七条"}
CITED = "《森林法》第五十七条"
_ODD = ("", "（甲）", "＆<b>乙</b>", "“丙”&'丁'", "Ａ１", " 1/2")
_PAPERS = ("户口簿", "租房合同", "收入说明", "现场照片", "委托书", "承包合同", "申请表", "诊断记录", "土地四至图")
_STEPS = ("现场核查", "入户核对", "张榜公示", "核对面积", "会审", "查档案", "复核金额（两人）", "出具初审意见")
_FEES = ("工本费", "测量费", "公告费", "占用费")
_KEYS = ("kind", "area", "poor", "a", "k9", "data", "state", "result", "lambda_x", "submit", "x" * 40)
_OPTIONS = ("yes", "no", "new", "old", "other_1", "a", "z" * 40)
_UNITS = ("平方米", "株", "人", "份")


def sample(role: str, of: str) -> Row:
    """A file of the guide; its bytes lie in the store of the demo town."""
    return {**enclosures("LM-001")[0], "role": role, "of": of, "name": f"{of}（样本）.png"}


def _name(draw: st.DrawFn, words: tuple[str, ...]) -> str:
    return draw(st.sampled_from(words)) + draw(st.sampled_from(_ODD))


def _situations(draw: st.DrawFn) -> list[Row]:
    keys = draw(st.lists(st.sampled_from(_KEYS), unique=True, max_size=3))
    numbers = draw(st.integers(0, 2))  # more of them, and there are more ways than one cares to walk
    return [_situation(draw, key, place < numbers) for place, key in enumerate(keys)]


def _situation(draw: st.DrawFn, key: str, number: bool) -> Row:
    """A number, or a choice of whose answers some may bar."""
    if number:
        most = draw(st.sampled_from((1, 2, 7, 300, 1_000_000)))
        return row(Situation, key=key, question=f"{key}有多少？", unit=draw(st.sampled_from(_UNITS)), most=most)
    codes = draw(st.lists(st.sampled_from(_OPTIONS), unique=True, min_size=2, max_size=4))
    barred = draw(st.sampled_from((0, 0, 0, 1, len(codes) - 1)))
    options = []
    for place, code in enumerate(codes, 1):
        bars = f"{code}的不能办。" if place <= barred else ""
        options.append(row(Option, key=code, label=f"{place}、{_name(draw, ('是', '不是', '新建'))}", bars=bars))
    hint = draw(st.sampled_from(("", "说不准的问村里。")))
    return row(Situation, key=key, question=f"{key}是哪一种？", hint=hint, options=options)


def _when(draw: st.DrawFn, situations: list[Row]) -> Row:
    """``when`` and its words: for everybody, or for some."""
    asked = may_be_asked(situations)
    if not asked or draw(st.booleans()):
        return {"when": "", "when_label": ""}
    return {"when": condition(draw, asked), "when_label": _name(draw, ("困难户", "面积大的", "外地人"))}


def _material(draw: st.DrawFn, number: int, when: Row) -> Row:
    ours = draw(st.sampled_from((False, False, False, True)))
    medium = draw(st.sampled_from(("paper", "electronic", "either")))
    least = 1 if medium == "paper" and not ours else 0
    return row(
        Material,
        key=f"m{number}",
        name=_name(draw, _PAPERS),
        issuer="县档案馆" if ours else draw(st.sampled_from(("申请人", "公安机关", "村民委员会"))),
        form=draw(st.sampled_from(("原件", "原件核对，复印件留存", "纸质"))),
        medium=medium,
        source=draw(st.sampled_from(("10", "20", "30", "99"))),
        copies=draw(st.integers(least, 20)),
        required=draw(st.sampled_from((True, True, False))),
        fetched_by_us=ours,
        deferrable=draw(st.booleans()),
        **_pledge(draw, ours),
        standard="清楚、完整",
        basis=CITED,
        note=draw(st.sampled_from(("", "用黑色笔填。"))),
        **when,
    )


def _pledge(draw: st.DrawFn, ours: bool) -> Row:
    """Some papers may be pledged in writing instead."""
    if ours or not draw(st.booleans()):
        return {}
    return {"pledge": "以上情况属实。", "verify_days": draw(st.integers(1, 30))}


def _publication(draw: st.DrawFn, sealed: bool, aid: bool) -> Row:
    scope = draw(st.sampled_from(("none", "board", "hall", *(() if sealed else ("web",)))))
    if scope == "none":
        return row(Publication, scope=scope)
    fields = draw(st.lists(st.sampled_from(("holder", "place", "content", "valid")), unique=True, min_size=1))
    days = draw(st.sampled_from((7, 30) if aid else (0, 7, 30)))
    return row(Publication, scope=scope, fields=fields, days=days, basis=CITED)


def _superior(draw: st.DrawFn, kind: str, power: str) -> Row:
    """A licence that is decided above leaves the town a limit of its own, which ``items`` then keeps."""
    if kind == "instant" or draw(st.sampled_from((True, True, False))):
        return row(Superior)
    return row(Superior, organ="华容县林业局", working_days=draw(st.sampled_from((None, 1, 20))), basis=CITED)


def _set_apart(rows: list[Row]) -> list[Row]:
    """Two papers of one name are asked in different situations, or are told apart by a number."""
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(rows, 1):
        if (one["name"], one["when"]) in seen:
            one["name"] += f"之{number}"
        seen.add((one["name"], one["when"]))
    return rows


def _steps(draw: st.DrawFn, situations: list[Row], units: int, together: bool, posts: tuple[str, ...]) -> list[Row]:
    """Units one after the other, some of several steps side by side; ``together``: at least one of these."""
    sizes = [draw(st.sampled_from((1, 1, 2, 3))) for _ in range(units)]
    if together and sizes and max(sizes) == 1:
        sizes[draw(st.integers(0, units - 1))] = 2
    rows: list[Row] = []
    for unit, size in enumerate(sizes):
        for _ in range(size):
            rows.append(
                row(
                    Work,
                    key=f"s{len(rows)}",
                    name=_name(draw, _STEPS),
                    post=draw(st.sampled_from(posts)),
                    working_days=draw(st.sampled_from((1, 1, 2, 3, 5))),
                    group=f"g{unit}" if size > 1 else None,
                    standard="两人到场",
                    basis=CITED,
                    **_when(draw, situations),
                )
            )
    return rows


def _longest(steps: list[Row]) -> int:
    """No way through the steps is longer: all of them, of those side by side the longest."""
    groups: dict[str, int] = {}
    for one in steps:
        unit = one["group"] or one["key"]
        groups[unit] = max(groups.get(unit, 0), one["working_days"])
    return sum(groups.values())


def _amount(draw: st.DrawFn) -> int:
    return draw(st.sampled_from((1, 33, 500, 999, 12_345, 10**9 - 1)) | st.integers(1, 100_000))


def _reductions(draw: st.DrawFn, situations: list[Row], paid_when: str) -> list[Row]:
    """Some of those who pay pay less: so the condition is about something else than who pays."""
    others = [one for one in may_be_asked(situations) if one["key"] not in names(paid_when)]
    percents = draw(st.lists(st.sampled_from((1, 33, 50, 99, 100)), unique=True, max_size=2)) if others else []
    return [
        row(Reduction, label=f"{percent}号优待", when=condition(draw, others), percent=percent, basis=CITED)
        for percent in percents
    ]


def _fee(draw: st.DrawFn, name: str, situations: list[Row]) -> Row:
    numbers = {one["key"]: one["most"] for one in situations if not one["options"]}
    amount, quantity = _amount(draw), draw(st.sampled_from(("", *numbers)))
    capped = draw(st.booleans()) or amount * numbers.get(quantity, 1) >= 10**13
    nature = draw(st.sampled_from(("administrative", "fund", "service")))
    when = _when(draw, situations)
    return row(
        Fee,
        code=draw(st.sampled_from(("", "A1"))),
        name=name,
        nature=nature,
        fund="own" if nature == "service" else draw(st.sampled_from(("treasury", "special"))),
        amount=amount,
        per=draw(st.sampled_from(("份", "平方米", "人次"))),
        quantity=quantity,
        most=amount * draw(st.integers(1, 3)) if capped else 0,
        payer="申请人",
        scope="办这件事的时候",
        receipt="财政票据",
        basis=CITED,
        reductions=_reductions(draw, situations, when["when"]),
        valid_from=draw(st.sampled_from(("", "2020-01-01", TODAY.isoformat(), "2026-03-17"))),
        valid_to=draw(st.sampled_from(("", "", "2026-03-17", "2030-12-31"))),
        **when,
    )


def _fees(draw: st.DrawFn, situations: list[Row]) -> list[Row]:
    """Of different names; one may have had another standard until a day, or have one from a day on."""
    names = draw(st.lists(st.sampled_from(_FEES), unique=True, max_size=3))
    rows = [_fee(draw, name, situations) for name in names]
    if rows and draw(st.booleans()):
        changes = TODAY + timedelta(days=draw(st.integers(-1, 1)))
        later = {**_fee(draw, rows[0]["name"], situations), "valid_from": changes.isoformat(), "valid_to": ""}
        rows[0] |= {"valid_from": "", "valid_to": (changes - timedelta(days=1)).isoformat()}
        rows.append(later)
    return rows


def _materials(draw: st.DrawFn, situations: list[Row], others: list[Row]) -> list[Row]:
    """What is asked for. Every question has an effect: papers hang on the answers on which nothing else hangs."""
    rows = [_material(draw, number, _when(draw, situations)) for number in range(draw(st.integers(1, 4)))]
    for one in situations:
        hung = frozenset().union(*(names(other["when"]) | {other.get("quantity", "")} for other in [*rows, *others]))
        if one["key"] not in hung and not any(option["bars"] for option in one["options"]):
            when = {"when": condition(draw, [one]), "when_label": "这样的人"}
            rows.append(_material(draw, len(rows), when))
    return _set_apart(rows)


def _listing(draw: st.DrawFn, held: str, online: bool, visits: int, served: list[str], fees: bool, comes: Row) -> Row:
    persons = "自然人" in served
    without_net = (["1"],) if comes["apply"] else (["1"], ["1", "3"], ["3"])
    return row(
        Listing,
        level="5",
        holder_nature={"own": "1", "law_authorised": "2", "entrusted": "3"}[held],
        entrusted_by="县林业局" if held == "entrusted" else "",
        ways=[*draw(st.sampled_from(without_net)), *(["2"] if online else [])],
        visit_reason="核对本人" if visits else "",
        scope=draw(st.sampled_from(("4", "5"))),
        online_depth=draw(st.sampled_from(("2", "4", "5") if visits else ("4", "7"))) if online else "",
        online_payment=fees and draw(st.booleans()),
        courier=not comes["collect"] and ((not visits and not online) or draw(st.booleans())),
        person_themes=["规划建设"] if persons else [],
        firm_themes=[] if served == ["自然人"] else ["环保绿化"],
        rights="有权知道办到哪一步。",
        traffic="镇客运站下车。",
    )


@st.composite
def items(draw: st.DrawFn) -> Row:
    """The stored JSON of a version that passes the gate of the demo town on ``TODAY``."""
    kind = draw(st.sampled_from(("instant", "promised", "promised", "joint")))
    power = draw(st.sampled_from(("01", "05", "07", "20")))
    held = draw(st.sampled_from(("own", "law_authorised", "entrusted")))
    window, decider = draw(st.sampled_from(tuple(WINDOWS))), draw(st.sampled_from(tuple(DECIDERS)))
    situations = _situations(draw)
    units = 0 if kind == "instant" else draw(st.integers(1, 4))
    steps = _steps(draw, situations, units, kind == "joint", (*OFFICES, window))
    fees = _fees(draw, situations)
    reductions = [one for fee in fees for one in fee["reductions"]]
    materials = _materials(draw, situations, [*steps, *fees, *reductions])
    result = _name(draw, ("登记凭据", "同意函"))
    promised = 0 if kind == "instant" else _longest(steps) + draw(st.sampled_from((0, 0, 1, 5)))
    superior = _superior(draw, kind, power)
    if superior["organ"] and power == "01" and promised > 20:
        superior = row(Superior)
    statutory = draw(st.sampled_from((None, max(promised, 1), 60)))
    if superior["organ"] and power == "01":
        statutory = 20
    comes = row(InPerson, **{name: draw(st.sampled_from(("", "", CITED))) for name in ("apply", "collect")})
    online = not comes["apply"] and draw(st.booleans())
    visits = draw(st.integers(1 if any(comes.values()) else 0, 2))
    served = draw(st.sampled_from((["自然人"], ["自然人", "企业法人"], ["企业法人"])))
    procedures = draw(st.lists(st.sampled_from(("听证", "检验、检测", "专家评审")), unique=True, max_size=2))
    visibility = "sealed" if power == "05" else draw(st.sampled_from(("public", "public", "sealed")))
    return row(
        Spec,
        name=_name(draw, ("临时摊位登记", "树木修剪备案", "农机具补贴申领")),
        kind=kind,
        power_type=power,
        power_holder=held,
        holder="万庾镇人民政府",
        served=served,
        summary="办好以后发给凭据。",
        basis=[LAW],
        situations=situations,
        conditions=["在本镇居住或者经营"],
        materials=materials,
        window_post=window,
        decider_post=decider,
        steps=steps,
        intake_days=draw(st.integers(1, 5)),
        statutory_days=statutory,
        promised_days=promised,
        silence_rule="statutory" if power == "01" else draw(st.sampled_from(("promise", "none"))),
        procedures=[row(Procedure, name=name, article="行政许可法第四十五条") for name in procedures],
        fees=fees,
        results=[
            row(
                Result,
                name=result,
                kind=draw(st.sampled_from(("批文", "证照"))),
                validity="一年",
                months=draw(st.sampled_from((0, 12))),
            )
        ],
        place="镇便民服务中心一楼",
        hours="周一至周五 8:30—17:30",
        phone="0730-5550011",
        complaint_phone="0730-5550002",
        visits=visits,
        online=online,
        visibility=visibility,
        superior=superior,
        ex_officio="" if power == "01" else draw(st.sampled_from(("", CITED))),
        in_person=comes,
        publication=_publication(draw, visibility == "sealed", power == "05"),
        synonyms=["摆摊"],
        files=[
            sample("result", result),
            *(sample("sample", one["key"]) for one in materials[: draw(st.integers(0, 2))]),
        ],
        questions=[row(Question, question="要多久？", answer="承诺的时间里办好。")],
        listing=_listing(draw, held, online, visits, served, bool(fees), comes),
    )
