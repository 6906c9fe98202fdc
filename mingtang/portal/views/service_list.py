"""办事服务: all items in force, by unit, narrowed by facets and words. Every choice is a link."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingtang.portal import keys, wanted_counted
from mingtang.portal.shelf import Found, Shelf, shelf
from mingtang.portal.stored import stored
from mingtang.portal.views.home import in_force, item_card
from mingtang.portal.views.services import COLUMN
from mingtang.rulebook.enums import CaseKind, PowerType
from mingtang.rulebook.models import ItemFacts
from mingtang.search.service import SearchUnavailable, search

PAGE = 30
WHOLE = 60  # a town with no more items sees them all on the first page
FEW = 10  # below this nothing needs narrowing
THEMES = 4  # from so many on the everyday themes also stand above the list
ALIKE = 5  # what the search adds where the words of the list find hardly anything

SPEED = {CaseKind.INSTANT: "当场办好", CaseKind.PROMISED: "几天内办好", CaseKind.JOINT: "几家一起办"}
_Labels = dict[str, str]
# Name in the address, title, labels in their order; without labels the values are shown as they are.
FACETS: tuple[tuple[str, str, _Labels | None], ...] = (
    ("served", "谁来办", {"person": "个人", "firm": "企业和其他单位"}),
    ("theme", "生活里的事", None),
    ("trade", "企业的事", None),
    ("unit", "哪个单位办", None),
    ("joint", "一件事", {"yes": "几件事合成一件办"}),
    ("online", "能不能网上办", {"yes": "能在网上办", "no": "不能在网上办"}),
    ("visits", "要跑几次", {"0": "一次不用跑", "1": "跑一次", "2": "跑两次以上"}),
    ("fee", "收不收费", {"no": "不收费", "yes": "要收费"}),
    ("kind", "多快办好", {kind.value: f"{words}（{kind.label}）" for kind, words in SPEED.items()}),
    ("type", "事项类型", {kind.value: kind.label for kind in PowerType}),
)
# The themes of the national list, in the order of a life; others come after them, the commonest first.
LIFE = (
    *("生育收养", "户籍办理", "民族宗教", "教育科研", "入伍服役", "就业创业", "设立变更", "准营准办", "职业资格"),
    *("婚姻登记", "优待抚恤", "规划建设", "住房保障", "社会保障", "证件办理", "交通出行", "旅游观光", "出境入境"),
    *("消费维权", "公共安全", "司法公证", "知识产权", "环保绿化", "文化体育", "公用事业", "医疗卫生", "离职退休"),
    "死亡殡葬",
)


def _chosen(request: HttpRequest, units: _Labels) -> dict[str, str]:
    """Facet → value as the address asks; a value that cannot be is left out."""
    found = {}
    for name, _, labels in FACETS:
        value = request.GET.get(name, "").replace("\x00", "")[:80]
        known = units if name == "unit" else labels
        if value and (known is None or value in known):
            found[name] = value
    return found


def _link(words: str, chosen: dict[str, str], **changes: str) -> str:
    wanted = {"q": words, **chosen, **changes}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/services/?{query}" if query else "/services/"


def _label(name: str, value: str, units: _Labels) -> str:
    labels = units if name == "unit" else dict(next(row[2] or {} for row in FACETS if row[0] == name))
    return labels.get(value, value)


def _order(name: str, labels: _Labels | None, items: Shelf, counts: dict[str, int]) -> list[str]:
    """The values of a facet in the order they are shown."""
    if name == "unit":
        return list(items.units)
    if labels is not None:
        return list(labels)
    rest = sorted(counts, key=lambda value: (-counts[value], value))
    return list(dict.fromkeys([*(LIFE if name == "theme" else ()), *rest]))


def _groups(items: Shelf, words: str, chosen: dict[str, str], within: int) -> list[dict[str, Any]]:
    """Every facet with what each choice would leave. A facet that cannot divide the list is not shown."""
    groups = []
    for name, title, labels in FACETS:
        counts, mine = items.counts(chosen, name, within), chosen.get(name)
        if mine is None and len(counts) < 2 and not (name == "joint" and counts):
            continue
        rows = [
            {
                "label": _label(name, value, items.units),
                "count": counts.get(value, 0),
                "active": value == mine,
                "url": _link(words, chosen, **{name: "" if value == mine else value}),
            }
            for value in dict.fromkeys([*_order(name, labels, items, counts), *([mine] if mine else [])])
            if value in counts or value == mine
        ]
        # What is chosen stands first, where a long group still shows it.
        groups.append({"name": name, "title": title, "items": sorted(rows, key=lambda row: not row["active"])})
    return groups


def _cards(found: Found, counts: dict[str, int], words: str, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The items of one page, those of a unit together; a unit with more of them on other pages leads to all."""
    rows = {row.pk: row for row in ItemFacts.objects.filter(pk__in=found.keys).select_related("item", "unit")}
    ordered = [rows[key] for key in found.keys if key in rows]
    groups = []
    for unit, members in groupby(ordered, key=lambda row: row.unit):
        cards = [item_card(row) for row in members]
        more = counts.get(unit.code, 0)
        whole = "" if len(cards) >= more or "unit" in chosen else _link(words, chosen, unit=unit.code)
        groups.append({"title": unit.name, "items": cards, "url": whole, "count": more})
    return groups


def _alike(request: HttpRequest, words: str, found: Found) -> tuple[list[ItemFacts], str]:
    """What the search finds for words that hardly stand in any name, and another spelling that may have been meant."""
    if not words or found.total >= ALIKE:
        return [], ""
    try:
        answer = search(request.town.pk, words, kind="item", size=ALIKE)
    except SearchUnavailable:
        return [], ""
    codes = [_code(hit.key) for hit in answer.hits]
    rows = {row.item.code: row for row in in_force(request).exclude(pk__in=found.keys).filter(item__code__in=codes)}
    return [rows[code] for code in codes if code in rows], answer.suggestion or ""


def _code(key: str) -> str:
    return key.partition(":")[2]


def _ways_out(items: Shelf, words: str, chosen: dict[str, str], within: int) -> Iterable[dict[str, Any]]:
    """Which single condition to drop so that something is left, and how much is."""
    for name, value in chosen.items():
        rest = {key: one for key, one in chosen.items() if key != name}
        if count := items.page(rest, within, 1).total:
            yield {"label": _label(name, value, items.units), "count": count, "url": _link(words, rest)}
    if words and chosen and (count := items.page(chosen, items.matching(""), 1).total):
        yield {"label": words, "count": count, "url": _link("", chosen)}


@stored(keys.SERVICES, keys.SITE, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """One page of the items in force that fit; without conditions a small town's items all stand on the first."""
    items = shelf(request.town)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:60]
    chosen = _chosen(request, items.units)
    within = items.matching(words)
    narrowed = bool(words or chosen)
    size = WHOLE if not narrowed and items.size <= WHOLE else PAGE
    found = items.page(chosen, within, size, after=after, before=before)
    groups = _groups(items, words, chosen, within) if items.size > FEW else []
    alike, suggestion = _alike(request, words, found)
    missed = bool(words) and not (chosen or found.total or alike or suggestion)
    themes: list[Any] = next((group["items"] for group in groups if group["name"] == "theme"), [])
    is_front = not (narrowed or after or before)
    has_life = is_front and len(themes) >= THEMES
    context = {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), ("查找结果", None)] if narrowed else [("办事服务", None)],
        "size": items.size,
        "total": found.total,
        "words": words,
        "kept": chosen,
        "conditions": [
            {"label": _label(name, value, items.units), "url": _link(words, chosen, **{name: ""})}
            for name, value in chosen.items()
        ],
        "ways_out": [] if found.total else list(_ways_out(items, words, chosen, within)),
        "groups": _cards(found, items.counts(chosen, "unit", within), words, chosen),
        "alike": [item_card(row) for row in alike],
        "suggestion": {"text": suggestion, "url": _link(suggestion, chosen)} if suggestion else None,
        "counted": missed and wanted_counted.note(request, words),
        "is_front": is_front,
        "life": themes if has_life else [],
        "facet_groups": [group for group in groups if not (has_life and group["name"] == "theme")],
        "clear_url": "/services/" if narrowed else "",
        "newer_url": _link(words, chosen, before=found.before) if found.before else "",
        "older_url": _link(words, chosen, after=found.after) if found.after else "",
    }
    return render(request, "portal/services/index.html", context)
