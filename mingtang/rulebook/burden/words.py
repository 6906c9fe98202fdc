"""Fields that are one value, or a list of texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db.models import TextChoices

from mingtang.rulebook.burden.common import (
    DOWN,
    SAME,
    UP,
    Change,
    Compare,
    Found,
    only,
    reworded,
    said,
    short,
    towards,
    unknown,
)
from mingtang.rulebook.enums import ChangeKind as Kind
from mingtang.rulebook.enums import Disclosed, DisclosedField, OnlineDepth, Scope, Way
from mingtang.rulebook.spec import InPerson, Listing, Publication, Superior


def wording(label: str) -> Compare:
    """Words that ask nothing of anybody, as long as they do not say that they do."""

    def compare(field: str, before: str, after: str) -> Found:
        way, again = said(before, after)
        yield Change(field, Kind.OTHER, way, f"{label}由“{short(before)}”改为“{short(after)}”。", again)

    return compare


def list_wording(label: str) -> Compare:
    def compare(field: str, before: Any, after: Any) -> Found:
        yield Change(field, Kind.OTHER, SAME, f"{label}有改动。")

    return compare


def ordered(label: str, weights: Mapping[str, int], kind: Kind, words: type[TextChoices]) -> Compare:
    """A choice whose values weigh differently on people; an unknown value weighs most."""
    names = dict(words.choices)

    def compare(field: str, before: str, after: str) -> Found:
        worst = max(weights.values()) + 1
        way = towards(weights.get(before, worst), weights.get(after, worst))
        yield Change(field, kind, way, f"{label}由“{names.get(before, before)}”改为“{names.get(after, after)}”。")

    return compare


def number(label: str, unit: str, kind: Kind, zero: str = "") -> Compare:
    def words(value: int) -> str:
        return zero if zero and value == 0 else f"{value} {unit}"

    def compare(field: str, before: int, after: int) -> Found:
        yield Change(field, kind, towards(before, after), f"{label}由{words(before)}改为{words(after)}。")

    return compare


def statutory(field: str, before: int | None, after: int | None) -> Found:
    yield from _limit("法定时限", field, before, after)


def _limit(label: str, field: str, before: int | None, after: int | None) -> Found:
    """A limit that the law sets protects people: none at all is the longest."""

    def words(value: int | None) -> str:
        return "法律没有规定" if value is None else f"{value} 个工作日"

    way = towards(10**9 if before is None else before, 10**9 if after is None else after)
    yield Change(field, Kind.DAYS, way, f"{label}由{words(before)}改为{words(after)}。")


def online(field: str, before: bool, after: bool) -> Found:
    sentence = "可以在网上办了。" if after else "不能再在网上办，只能到窗口。"
    yield Change(field, Kind.VISIT, DOWN if after else UP, sentence)


def served(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Found:
    for name in only(before, after):
        yield Change(field, Kind.CONDITION, UP, f"不再面向“{name}”。")
    for name in only(after, before):
        yield Change(field, Kind.CONDITION, DOWN, f"也面向“{name}”。")
    if Counter(before) == Counter(after):
        yield Change(field, Kind.OTHER, SAME, "面向的人换了先后次序。")


def conditions(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Found:
    gone, come = list(only(before, after)), list(only(after, before))
    for old, new in reworded(gone, come):
        gone.remove(old)
        come.remove(new)
        yield Change(field, Kind.CONDITION, UP, f"条件由“{short(old)}”改为“{short(new)}”。", reworded=True)
    for text in come:
        yield Change(field, Kind.CONDITION, UP, f"增加条件“{short(text)}”。")
    for text in gone:
        yield Change(field, Kind.CONDITION, DOWN, f"取消条件“{short(text)}”。")
    if Counter(before) == Counter(after):
        yield Change(field, Kind.OTHER, SAME, "条件换了先后次序。")


def offered(label: str) -> Compare:
    """A flag: something people may use."""

    def compare(field: str, before: bool, after: bool) -> Found:
        yield Change(field, Kind.VISIT, DOWN if after else UP, f"{label}{'可以了' if after else '不再可以'}。")

    return compare


def bound(label: str, kind: Kind) -> Compare:
    """A text that binds people: nothing written asks least, other words count as more."""

    def compare(field: str, before: str, after: str) -> Found:
        if before and after:
            yield Change(field, kind, UP, f"{label}由“{short(before)}”改为“{short(after)}”。", reworded=True)
        else:
            yield Change(field, kind, UP if after else DOWN, f"{label}由“{short(before)}”改为“{short(after)}”。")

    return compare


def _ways(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Found:
    names = dict(Way.choices)
    for gone in only(before, after):
        yield Change(field, Kind.VISIT, UP, f"不再有“{names.get(gone, gone)}”的办法。")
    for come in only(after, before):
        yield Change(field, Kind.VISIT, DOWN, f"增加“{names.get(come, come)}”的办法。")
    if Counter(before) == Counter(after):
        yield Change(field, Kind.OTHER, SAME, "办理形式换了先后次序。")


# A wider circle of places, and more that can be done online, ask less of people.
_SCOPES = {value: number for number, value in enumerate(Scope.values)}
_DEPTHS = {value: -number for number, value in enumerate(OnlineDepth.values)}
_LISTING: dict[str, Compare] = {
    "basic_code": wording("基本编码"),
    "task_code": wording("实施编码"),
    "level": wording("行使层级"),
    "holder_nature": wording("实施主体性质"),
    "entrusted_by": wording("委托部门"),
    "ways": _ways,
    "visit_reason": wording("必须到现场的原因"),
    "scope": ordered("通办范围", _SCOPES, Kind.VISIT, Scope),
    "quota": bound("数量限制", Kind.CONDITION),
    "online_depth": ordered("网上办理深度", _DEPTHS, Kind.VISIT, OnlineDepth),
    "online_payment": offered("网上缴费"),
    "appointment": offered("预约办理"),
    "courier": offered("快递收件和寄送"),
    "intermediary": bound("中介服务", Kind.CONDITION),
    "person_themes": list_wording("面向个人的主题"),
    "firm_themes": list_wording("面向单位的主题"),
    "rights": bound("依法享有的权利", Kind.OTHER),
    "duties": bound("依法履行的义务", Kind.CONDITION),
    "traffic": wording("交通指引"),
}


def superior(field: str, before: Superior, after: Superior) -> Found:
    """One organ more on the way is more; another one, and what it stands on, are words."""
    if bool(before.organ) != bool(after.organ):
        sentence = f"由镇里决定改为报{after.organ}决定。" if after.organ else "不用再报上级，镇里就能决定。"
        yield Change(field, Kind.STEP, UP if after.organ else DOWN, sentence)
        return
    if before.organ != after.organ:
        yield Change(field, Kind.OTHER, SAME, f"报送的上级由“{short(before.organ)}”改为“{short(after.organ)}”。")
    if before.working_days != after.working_days:
        yield from _limit("上级办理的时限", field, before.working_days, after.working_days)
    if before.basis != after.basis:
        yield Change(field, Kind.OTHER, SAME, f"报送上级的依据改写为“{short(after.basis)}”。")


def in_person(field: str, before: InPerson, after: InPerson) -> Found:
    """Whoever could send somebody and must come is asked more; what that stands on is words."""
    for name, what in (("apply", "申请"), ("collect", "领结果")):
        was, now = getattr(before, name), getattr(after, name)
        if bool(was) != bool(now):
            how = f"要本人来，不能再由别人代办（{short(now)}）。" if now else "不用本人来，别人可以代办。"
            yield Change(field, Kind.VISIT, UP if now else DOWN, what + how)
        elif was != now:
            yield Change(field, Kind.OTHER, SAME, f"{what}要本人来的依据改写为“{short(now)}”。")


def publication(field: str, before: Publication, after: Publication) -> Found:
    """What others learn of a person: wider, more or longer is more."""
    if before.scope != after.scope:
        yield from ordered("结果公开的范围", _REACH, Kind.OTHER, Disclosed)(field, before.scope, after.scope)
    names = dict(DisclosedField.choices)
    for come in only(after.fields, before.fields):
        yield Change(field, Kind.OTHER, UP, f"结果公开时增加“{names.get(come, come)}”。")
    for gone in only(before.fields, after.fields):
        yield Change(field, Kind.OTHER, DOWN, f"结果公开时不再有“{names.get(gone, gone)}”。")
    if before.fields != after.fields and Counter(before.fields) == Counter(after.fields):
        yield Change(field, Kind.OTHER, SAME, "结果公开的内容换了先后次序。")
    if before.days != after.days:
        way = towards(before.days or _AS_LONG, after.days or _AS_LONG)
        yield Change(field, Kind.OTHER, way, f"结果公开{_how_long(before)}改为{_how_long(after)}。")
    if before.basis != after.basis:
        yield Change(field, Kind.OTHER, SAME, f"结果公开的依据改写为“{short(after.basis)}”。")


_AS_LONG = 10**6
_REACH = {"": 0} | {value: number for number, value in enumerate(Disclosed.values)}


def _how_long(row: Publication) -> str:
    return f" {row.days} 天" if row.days else "到有效期满"


def listing(field: str, before: Listing, after: Listing) -> Found:
    """The implementation list, field by field; one that nobody has taught this module counts as more."""
    for one in fields(Listing):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new:
            yield from _LISTING.get(one.name, unknown)(field, old, new)
