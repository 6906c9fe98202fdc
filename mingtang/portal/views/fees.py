"""收费公示: the board of the town and of each unit, cards for one kind of payer, and how each fee came to be."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.people.enums import Trade, UnitKind
from mingtang.people.models import Unit
from mingtang.portal import common, fee_shown, keys, samples_shown
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.services import item_known
from mingtang.rulebook import fees, situations
from mingtang.rulebook.board import Announced, Charge, Standing, announced, charges
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.payers import Payer
from mingtang.rulebook.spec import Spec

SHOWN = 300  # fees on one page; a town that charges more is read unit by unit
LONGEST_ANSWER = 40
TOWN = "town"  # in the address: units of the town itself, which are no public utilities
TRADES = {**dict(Trade.choices), TOWN: "镇政府各单位"}
COLUMN = {
    "name": "收费公示",
    "description": "各单位收什么费、凭什么收、收多少、谁可以减免",
    "keywords": "收费公示;收费标准;收费依据;减免",
    "type": "信息公开目录",
}
# What a utility sells by quantity has its price from elsewhere: nobody shall read the board as if it were free.
PRICES = "电费、水费、学费、药费这些按国家和省里的价格收的，由各单位另外公布，不在这里。"
# What the card of one kind of payer is called, and what it is for.
CARDS = {
    Payer.PERSON: (
        "个人办事，要交哪些费",
        "个人到本镇各单位办事，可能遇到的收费都在这一张卡上。卡上没有的，办事时不用交。",
    ),
    Payer.FARMER: ("农民负担卡", "一户农家办事可能遇到的收费，每一项都写明依据。卡上没有的，办事时不用交。"),
    Payer.FIRM: ("企业缴费卡", "企业和个体户在本镇办事可能遇到的收费，一张卡看全。卡上没有的，谁来收都可以不交。"),
}


def _units(request: HttpRequest) -> list[Unit]:
    return list(Unit.objects.visible_to(request.viewer).filter(dissolved_on__isnull=True))


def _trade(unit: Unit) -> str:
    return unit.trade or (Trade.OTHER if unit.kind == UnitKind.UTILITY else TOWN)


def _chosen(request: HttpRequest, units: list[Unit]) -> dict[str, str]:
    """What the address asks for, where it is a value there is."""
    known = {"payer": set(Payer.values), "trade": set(TRADES), "unit": {unit.code for unit in units}}
    return {name: value if (value := request.GET.get(name, "")) in values else "" for name, values in known.items()}


def _fits(chosen: dict[str, str], row: Charge, units: dict[int, Unit], without: str = "") -> bool:
    unit = units[row.unit_id]
    told = {"payer": row.payers, "trade": {_trade(unit)}, "unit": {unit.code}}
    return all(not chosen[name] or name == without or chosen[name] in values for name, values in told.items())


def _link(chosen: dict[str, str], **changes: str) -> str:
    query = {name: value for name, value in (chosen | changes).items() if value}
    return f"/fees/?{urlencode(query)}" if query else "/fees/"


def _facets(chosen: dict[str, str], rows: list[Charge], units: dict[int, Unit]) -> list[dict[str, Any]]:
    """Each choice with its count within the others; a trade without a fee is shown with its zero."""
    trades = [value for value in TRADES if value in {_trade(unit) for unit in units.values()}]
    groups: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("payer", "谁交", dict(Payer.choices)),
        ("trade", "行业", {value: TRADES[value] for value in trades}),
        ("unit", "单位", {units[pk].code: units[pk].name for pk in dict.fromkeys(row.unit_id for row in rows)}),
    )
    found = []
    for name, title, labels in groups:
        counts: Counter[str] = Counter()
        for row in rows:
            if _fits(chosen, row, units, without=name):
                unit = units[row.unit_id]
                counts.update({"payer": row.payers, "trade": [_trade(unit)], "unit": [unit.code]}[name])
        items = [
            {
                "label": label,
                "count": counts[value],
                "active": value == chosen[name],
                "url": _link(chosen, **{name: "" if value == chosen[name] else value}),
            }
            for value, label in labels.items()
        ]
        found.append({"title": title, "items": items})
    return found


def _coming(rows: Iterable[Announced]) -> list[dict[str, Any]]:
    return [
        {"on": row.on, "item": row.item, "url": f"/services/{row.code}/changes", "sentences": row.sentences}
        for row in rows
    ]


def _none_said(unit: Unit) -> str:
    """The zero, said aloud. A utility that lists nothing has a duty open (plan 96), which is no promise to be free."""
    return "还没有公布收费项目" if unit.kind == UnitKind.UTILITY else "不收任何费用"


def _silent(units: Iterable[Unit], charging: set[int], chosen: dict[str, str]) -> list[tuple[str, list[Unit]]]:
    """Units without a fee, by what is said of them."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.pk not in charging and chosen["trade"] in ("", _trade(unit)) and chosen["unit"] in ("", unit.code):
            found.setdefault(f"{_none_said(unit)}的单位", []).append(unit)
    return list(found.items())


@stored(keys.FEES, keys.SITE, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Everything that may be charged today, by unit; narrowed to one kind of payer it is a card to print."""
    on, listed = timezone.localdate(), _units(request)
    units = {unit.pk: unit for unit in listed}
    chosen = _chosen(request, listed)
    everything = [
        row for row in charges(request.town) if row.standing(on) == Standing.IN_FORCE and row.unit_id in units
    ]
    rows = [row for row in everything if _fits(chosen, row, units)]
    rows.sort(key=lambda row: (units[row.unit_id].order, row.unit_id))
    library = fee_shown.Library(request.town, rows[:SHOWN], on)
    shown = fee_shown.shown(rows[:SHOWN], library, units, on)
    title, told = CARDS.get(chosen["payer"], ("收费公示", ""))
    context = {
        "column": COLUMN,
        "trail": [("收费公示", "/fees/" if any(chosen.values()) else None)] + ([(title, None)] if told else []),
        "title": title,
        "told": told,
        "day": on,
        "total": len(rows),
        "left_out": len(rows) - len(shown),
        "rows": shown,
        "groups": _by_unit(shown),
        "silent": _silent(listed, {row.unit_id for row in everything}, chosen),
        "coming": _coming(announced(request.town)),
        "facet_groups": _facets(chosen, everything, units),
        "clear_url": "/fees/" if any(chosen.values()) else "",
        "cards": [(CARDS[kind][0], f"/fees/?payer={kind}") for kind in Payer],
        "complaints": fee_shown.PRICE_COMPLAINTS,
        "prices": PRICES,
        "qr": common.qr(f"{request.town.base_url}{_link(chosen)}", "扫一扫，核对这一张是不是最新的"),
    }
    return render(request, "portal/fees/index.html", context)


def _by_unit(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in shown:
        found.setdefault(row["unit_url"], {"name": row["unit"], "url": row["unit_url"], "rows": []})["rows"].append(row)
    return list(found.values())


@stored(keys.FEES, keys.SITE, keys.DAY)
def index_json(request: HttpRequest) -> HttpResponse:
    """Every fee of the town in force today, as data."""
    on, units = timezone.localdate(), {unit.pk: unit for unit in Unit.objects.visible_to(request.viewer)}
    rows = [row for row in charges(request.town) if row.standing(on) == Standing.IN_FORCE]
    return _json({"day": on.isoformat(), "fees": [fee_shown.as_data(row, units[row.unit_id], on) for row in rows]})


def _json(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


def _unit(request: HttpRequest, code: str) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.viewer), code=code)


@stored(keys.FEES, keys.SITE, keys.DAY)
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The board sheet 公示牌 of one unit: what it charges, what is coming, what it may no longer charge."""
    unit, on = _unit(request, code), timezone.localdate()
    rows = charges(request.town, unit=unit.pk)
    library = fee_shown.Library(request.town, rows, on)
    shown = {
        standing: fee_shown.shown([row for row in rows if row.standing(on) == standing], library, {unit.pk: unit}, on)
        for standing in Standing
    }
    now = shown[Standing.IN_FORCE]
    context = {
        "column": COLUMN,
        "trail": [("收费公示", "/fees/"), (unit.name, None)],
        "unit": unit,
        "trade": Trade(unit.trade).label if unit.trade else "",
        "day": on,
        "rows": now,
        "none_said": "" if now else f"{unit.name}{_none_said(unit)}。",
        "later": shown[Standing.COMING],
        "ended": shown[Standing.ENDED],
        "coming": _coming(announced(request.town, unit=unit.pk)),
        "phones": list(dict.fromkeys(row["phone"] for row in now)) or [request.town.complaint_phone],
        "complaints": fee_shown.PRICE_COMPLAINTS,
        "prices": PRICES if unit.kind == UnitKind.UTILITY else "",
        "qr": common.qr(f"{request.town.base_url}/fees/{unit.code}", "扫一扫，核对这张牌是不是最新的"),
    }
    return render(request, "portal/fees/board.html", context)


@stored(keys.FEES, keys.SITE, keys.DAY)
def board_json(request: HttpRequest, code: str) -> HttpResponse:
    """The board of one unit as data, with what ended and what is announced."""
    unit, on = _unit(request, code), timezone.localdate()
    rows = charges(request.town, unit=unit.pk)
    told = {
        str(standing): [fee_shown.as_data(row, unit, on) for row in rows if row.standing(on) == standing]
        for standing in Standing
    }
    coming = [
        {"item_code": row.code, "version": row.version, "from": row.on.isoformat(), "changes": list(row.sentences)}
        for row in announced(request.town, unit=unit.pk)
    ]
    head = {"unit": unit.name, "unit_code": unit.code, "trade": unit.trade, "day": on.isoformat()}
    return _json({**head, **told, "announced": coming})


# One item -----------------------------------------------------------------------------------------------------------


@stored(keys.DAY)
def item_fees(request: HttpRequest, code: str) -> HttpResponse:
    """What one's own case costs, worked out; and each fee of the item through its versions, with the proofs."""
    depends_on(f"item:{code}", keys.FEES, keys.SITE)
    item, on = item_known(request, code), timezone.localdate()
    rows = charges(request.town, item=item.pk)
    library = fee_shown.Library(request.town, rows, on)
    shown = fee_shown.shown(rows, library, {item.unit_id: item.unit}, on)
    events = Event.objects.filter(pk__in={row.event_id for row in rows}).select_related("town", "sequenced")
    proofs = {event.pk: common.proof(event) for event in events}
    history: dict[str, list[dict[str, Any]]] = {}
    for row, told in zip(rows, shown, strict=True):
        history.setdefault(row.fee.name, []).append(
            {
                **told,
                "from": row.since,
                "last": row.until - timedelta(days=1) if row.until else None,
                "version": row.version,
                "proof": proofs[row.event_id],
            }
        )
    spec = item.current.spec
    context = {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (spec.name, f"/services/{code}"), ("收费", None)],
        "item": {"title": spec.name, "code": code, "url": f"/services/{code}"},
        "unit": item.unit,
        "day": on,
        "history": [
            {
                "name": name,
                "anchor": fee_shown.anchor(name),
                "rows": sorted(found, key=lambda one: one["from"], reverse=True),
            }
            for name, found in history.items()
        ],
        "coming": _coming(announced(request.town, item=item.pk)),
        "stopped": item.current.state != VersionState.IN_FORCE,
        "samples": samples_shown.under(request.viewer, item.subject),
        **_worked_out(request, spec),
    }
    return render(request, "portal/fees/item.html", context, status=422 if context["wrong"] else 200)


def _worked_out(request: HttpRequest, spec: Spec) -> dict[str, Any]:
    """The bill of one's own case: at once where nothing needs to be asked, else once the questions are answered."""
    spec = replace(spec, situations=fees.questions(spec))
    fields = [situations.field_of(situation.key) for situation in spec.situations]
    asked = not fields or any(field in request.GET for field in fields)
    answers, wrong = situations.from_form(spec, request.GET)
    return {
        "questions": spec.situations,
        "given": {field: request.GET.get(field, "")[:LONGEST_ANSWER] for field in fields},
        "wrong": wrong if asked else {},
        "bill": fees.bill(spec, answers, timezone.localdate()) if asked and not wrong else None,
    }
