"""公用单位: each with its services, prices and promises; what the law asks of it and it has not published."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.disclosure import utilities
from mingtang.disclosure.utilities import Standing
from mingtang.portal import common, interruptions_shown, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.utilities_shown import as_data, gap, section
from mingtang.utilities.models import Tenant
from mingtang.voices import matters_counted
from mingtang.voices.challenges import tallies

COLUMN = {
    "name": "公用单位",
    "description": "卫生、教育、供电、电信、移动等公用单位的服务、收费、承诺和停供通知",
    "keywords": "公用事业;收费标准;服务承诺;停电;停水",
    "type": "办事服务",
}


def _sentence(tenant: Tenant, held: list[Standing]) -> str:
    done = sum(one.state == "filled" for one in held)
    return f"{tenant.unit.get_trade_display()}　该公开 {len(held)} 项，公开了 {done} 项"


@stored(keys.UTILITIES, keys.SITE, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Every utility, and everything that one of them should have published and has not, by name."""
    found, today = _every(request), timezone.localdate()
    gaps = [gap(one) for _, held in found for one in held if one.state in ("late", "empty")]
    context = {
        "column": COLUMN,
        "trail": [("公用单位", None)],
        "tenants": [
            {
                "name": tenant.unit.name,
                "url": f"/utilities/{tenant.unit.code}",
                "sentence": _sentence(tenant, held),
                "duty": tenant.unit.duty,
                "phone": tenant.unit.phone,
                "gaps": sum(one.state in ("late", "empty") for one in held),
            }
            for tenant, held in found
        ],
        "cuts": interruptions_shown.current(request.town, timezone.now()),
        "counted": matters_counted.of_year(request.town, today.year),
        "year": today.year,
        "gaps": sorted(gaps, key=lambda row: -row["days_late"]),
    }
    return render(request, "portal/utilities/index.html", context)


def _every(request: HttpRequest) -> list[tuple[Tenant, list[Standing]]]:
    found = utilities.of_town(request.town)
    depends_on(*(keys.unit_documents(tenant.unit.code) for tenant, _ in found))
    return found


def _held(request: HttpRequest, code: str) -> tuple[Tenant, list[Standing]]:
    rows = Tenant.objects.visible_to(request.viewer).select_related("unit", "town", "owner__unit")
    tenant = rows.filter(unit__code=code).first()
    if tenant is None:
        raise Http404
    depends_on(keys.unit_documents(code))
    return tenant, utilities.of_tenant(tenant)


@stored(keys.UTILITIES, keys.SITE, keys.DAY)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One utility: the newest public edition of all that its trade asks for, printed it is its board."""
    tenant, held = _held(request, code)
    unit, today = tenant.unit, timezone.localdate()
    counted = tallies(request.town, [one.document.subject for one in held if one.document])
    context = {
        "column": COLUMN | {"name": unit.name, "description": f"{unit.name}的服务、收费、承诺和投诉渠道"},
        "trail": [("公用单位", "/utilities/"), (unit.name, None)],
        "unit": unit,
        "owner": str(tenant.owner),
        "cuts": [row for row in interruptions_shown.current(request.town, timezone.now()) if row["unit"] == unit.name],
        "sections": [section(one, today, counted) for one in held],
        "gaps": [gap(one) | {"what": one.duty.title} for one in held if one.state in ("late", "empty")],
        "today": today,
        "counted": [row for row in matters_counted.of_year(request.town, today.year) if row.unit == unit.name],
        "qr": common.qr(f"{request.town.base_url}/utilities/{unit.code}", "扫一扫，核对是不是最新的"),
    }
    return render(request, "portal/utilities/show.html", context)


def _json(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


def _data(tenant: Tenant, held: list[Standing]) -> dict[str, Any]:
    unit = tenant.unit
    return {
        "unit": unit.name,
        "unit_code": unit.code,
        "trade": unit.trade,
        "phone": unit.phone,
        "owner": str(tenant.owner),
        "since": tenant.since.isoformat(),
        "duties": [as_data(one) for one in held],
    }


@stored(keys.UTILITIES, keys.SITE, keys.DAY)
def index_json(request: HttpRequest) -> HttpResponse:
    """Every utility with what it has published and what is missing."""
    return _json([_data(tenant, held) for tenant, held in _every(request)])


@stored(keys.UTILITIES, keys.SITE, keys.DAY)
def show_json(request: HttpRequest, code: str) -> HttpResponse:
    return _json(_data(*_held(request, code)))
