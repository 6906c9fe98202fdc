"""Pages about the site itself, and its health."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from mingtang.disclosure.enums import Theme
from mingtang.events import follow
from mingtang.ledger import service as ledger
from mingtang.notices import health
from mingtang.portal import keys
from mingtang.portal.shelf import shelf
from mingtang.portal.stored import stored
from mingtang.portal.views.home import in_force
from mingtang.portal.views.service_list import WHOLE
from mingtang.search import service as search
from mingtang.towns.middleware import town_of_host
from mingtang.workdays.tables import last_confirmed_year

# The pages that stand for themselves, as people and robots are told of them.
COLUMNS = [
    ("首页", "/"),
    ("办事服务", "/services/"),
    ("我要办事", "/find"),
    ("您问的，我们答", "/asked"),
    ("办不成的事", "/obstacles/"),
    ("帮办代办", "/orders/"),
    ("收费公示", "/fees/"),
    ("公用单位", "/utilities/"),
    ("停电、停水、断网、停诊", "/utilities/interruptions/"),
    ("农民负担卡", "/fees/?payer=farmer"),
    ("企业缴费卡", "/fees/?payer=firm"),
    ("权力清单", "/powers/"),
    ("权力清理", "/powers/cleanup"),
    ("进驻大厅", "/entry/"),
    ("授权书", "/entry/delegations"),
    ("政府信息公开", "/info/"),
    ("新闻", "/news/"),
    ("公开指南", "/info/guide"),
    ("索引号", "/info/numbers"),
    ("任务公示", "/board/"),
    ("谁管什么", "/board/coverage"),
    ("办理结果", "/grants/"),
    ("公示表", "/lists/"),
    ("公示栏", "/boards/"),
    ("办件查询", "/cases/"),
    ("我的办件", "/account/"),
    ("学法明白页", "/learn/"),
    ("宣传活动", "/learn/outreach"),
    ("工作人员学了没有", "/learn/staff"),
    ("法规库", "/laws/"),
    ("依据已失效的事项", "/laws/alarms"),
    ("日期可验", "/ledger/"),
    ("搜索", "/search"),
    ("上次看过以后", "/info/since"),
    ("订阅", "/subscribe/"),
    ("便民大厅", "/hall/"),
    ("停电停网和补录", "/hall/outages"),
    ("字号", "/size/"),
    ("无障碍说明", "/accessibility"),
]


@stored(keys.SITE, keys.SERVICES)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every column and every item on one page."""
    groups = [
        {
            "title": "栏目",
            "links": COLUMNS,
        },
        {"title": "政府信息公开", "links": [(label, f"/info/?theme={value}") for value, label in Theme.choices]},
        {"title": "办事服务", "links": _services(request)},
    ]
    return render(request, "portal/sitemap.html", {"trail": [("站点地图", None)], "groups": groups})


def _services(request: HttpRequest) -> list[tuple[str, str]]:
    """Every item; where they are too many for one card, the units that hold them."""
    rows = list(in_force(request).values_list("name", "item__code")[: WHOLE + 1])
    if len(rows) <= WHOLE:
        return [(name, f"/services/{code}") for name, code in rows]
    items = shelf(request.town)
    counts = items.counts({}, "unit", items.matching(""))
    return [
        (f"{name}（{counts[code]:,} 项）", f"/services/?unit={code}")
        for code, name in items.units.items()
        if code in counts
    ]


@stored(keys.SITE)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", {"trail": [("无障碍说明", None)]})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses to read: more files or more text at once than we take, or no proper request."""
    reason = ""
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        reason = (
            f"一次最多传 {most} 个文件，这次多了，没有收下。请退回上一页少选几个，其余的可以分次补交，或者带到窗口。"
        )
    elif isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        reason = "这次填写的内容太多，没有收下。请退回上一页写短一些；很长的内容可以作为文件上传。"
    return render(request, "400.html", {"reason": reason}, status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: left open too long, or sent by a browser that keeps no cookies, or forged."""
    told = "这张表打开得太久，或者浏览器没有保存本站的登记（Cookie），为了防止别人冒用，没有收下，什么都没有改动。"
    return render(request, "403.html", {"reason": told}, status=403)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, sequencer and follower, ledger and search; an unconfirmed calendar year, and messages that should be
    gone for an hour, are only a degradation."""
    parts: dict[str, str] = {}
    try:
        town = town_of_host(request.get_host())
        parts["database"] = "ok"
        parts["follower"] = "behind" if follow.is_behind() else "ok"
        parts["ledger"] = (ledger.trouble(town) or "ok") if town else "no town"
        parts["search"] = "ok" if search.is_ready() else "not ready"
        year = last_confirmed_year()
        parts["calendar"] = "ok" if year and year >= timezone.localdate().year else "unconfirmed"
        parts["notices"] = "stuck" if health.waiting().is_stuck else "ok"
    except (DatabaseError, InterfaceError):
        parts["database"] = "down"
    bad = [name for name, state in parts.items() if state not in {"ok", "behind", "stuck"} and name != "calendar"]
    degraded = any(state != "ok" for state in parts.values())
    status = "down" if bad else "degraded" if degraded else "ok"
    return JsonResponse({"status": status, "parts": parts}, status=503 if bad else 200)
