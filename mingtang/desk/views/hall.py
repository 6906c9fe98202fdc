"""大厅 at the desk: sites, windows, opening bands, cards of the window staff."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import said
from mingtang.desk.hall_forms import BadgeForm, BandForm, RuleForm, SiteForm, WindowForm
from mingtang.hall import gaps, presence, sites
from mingtang.hall.enums import BandKind
from mingtang.hall.models import Badge, Band, EmptyWindow, PriorityRule, Site, Window
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Assignment

SAID = {
    "site": "已经改好，网页上马上看得到。",
    "window": "窗口已经登记，网页上马上看得到。",
    "band": "开放时段已经定下，网页上马上看得到。",
    "drop": "这个时段已经取消，网页上马上看得到。",
    "badge": "上岗证已经登记。",
    "rule": "优先规则已经公布，取号机和网页上看得到。",
    "stop": "这条规则已经停用。",
    "explain": "说明已经公布。",
    "end": "上岗证已经收回，扫码看到的是“已经失效”。",
}


@staff_required(P.WINDOW_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Every site; by POST a new one."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Site.objects.visible_to(request.viewer).filter(code=form.cleaned_data["code"]).exists():
            form.add_error("code", "这个代码已经有场所用了，请另写一个。")
        else:
            try:
                made = sites.keep_site(town=request.town, by=request.user, **form.cleaned_data)
                return done(request, f"/desk/hall/{made.pk}", "场所已经登记。接着设窗口、定开放时段。")
            except Refused as refusal:
                said(form, refusal)
    rows = Site.objects.visible_to(request.viewer).prefetch_related("windows", "bands")
    status = 422 if form.errors else 200
    return page(request, "desk/hall/index.html", {"sites": rows, "form": form}, active="hall", status=status)


def _site(request: HttpRequest, pk: int) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.viewer).select_related("town"), pk=pk)


def _holders(site: Site) -> list[Assignment]:
    """Who sits at a window of the site now."""
    rows = Assignment.objects.current(timezone.now()).filter(post__windows__site=site).select_related("staff")
    return list(rows.select_related("staff", "post__unit").distinct().order_by("post", "pk"))


def _forms(site: Site, data: Any = None, files: Any = None, act: str = "") -> dict[str, forms.Form]:
    """The forms of the page; what was sent is bound to the one of the act."""
    known = {
        "kind": site.kind,
        "name": site.name,
        "address": site.address,
        "phone": site.phone,
        "market_calendar": site.market_calendar,
        "days": sites.market_words(site.market_days),
        "book_share": site.book_share,
        "visit_minutes": site.visit_minutes,
    }

    def sent(name: str) -> Any:
        return data if act == name else None

    return {
        "site": SiteForm(sent("site"), fixed=True, initial=known, prefix="s"),
        "window": WindowForm(sent("window"), site=site, prefix="w"),
        "band": BandForm(sent("band"), site=site, prefix="b"),
        "rule": RuleForm(sent("rule"), prefix="r"),
        "badge": BadgeForm(sent("badge"), files if act == "badge" else None, holders=_holders(site), prefix="c"),
    }


def _show(
    request: HttpRequest, site: Site, made: dict[str, forms.Form], *, error: str = "", status: int = 200
) -> HttpResponse:
    windows = Window.objects.filter(site=site).select_related("post__unit", "substitute").order_by("number")
    bands = Band.objects.filter(site=site).prefetch_related("posts__unit")
    now = timezone.now()
    empties = gaps.empty_windows(request.town, now - timedelta(days=30), now)
    cards = Badge.objects.filter(town=site.town, post__windows__site=site, ended_on__isnull=True)
    context = {
        "here": site,
        "forms": made,
        "bad": [form for form in made.values() if form.errors],
        "error": error,
        "windows": windows,
        "rules": PriorityRule.objects.visible_to(request.viewer).filter(ended_on__isnull=True),
        "empties": [row for row in empties if row.window.site_id == site.pk],
        "bands": sorted(bands, key=lambda band: (BandKind.values.index(band.kind), band.starts)),
        "badges": cards.select_related("staff", "post__unit").distinct().order_by("pk"),
    }
    return page(request, "desk/hall/show.html", context, active="hall", status=status)


@staff_required(P.WINDOW_RUN)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One site with everything that is kept of it."""
    here = _site(request, pk)
    return _show(request, here, _forms(here))


@staff_required(P.WINDOW_RUN)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Change the site, a window, a band, a card; what was typed stays when it is refused."""
    here = _site(request, pk)
    if act in ("drop", "end", "stop", "explain"):
        return _end(request, here, act)
    made = _forms(here, request.POST, request.FILES, act)
    if act not in made:
        raise Http404
    form = made[act]
    if form.is_valid():
        try:
            _keep(request, here, act, form)
            return done(request, f"/desk/hall/{pk}", SAID[act])
        except Refused as refusal:
            said(form, refusal)
    return _show(request, here, made, status=422)


def _keep(request: HttpRequest, here: Site, act: str, form: Any) -> None:
    typed = form.cleaned_data
    if act == "site":
        sites.keep_site(town=here.town, code=here.code, by=request.user, **typed)
    elif act == "window":
        sites.keep_window(site=here, by=request.user, **typed)
    elif act == "rule":
        sites.keep_rule(town=here.town, by=request.user, **typed)
    elif act == "band":
        sites.keep_band(site=here, by=request.user, **{**typed, "posts": list(typed["posts"])})
    else:
        staff, post = form.chosen()
        photo = (typed["photo"].name, typed["photo"].file) if typed["photo"] else None
        sites.issue_badge(staff=staff, post=post, by=request.user, photo=photo)


def _end(request: HttpRequest, here: Site, act: str) -> HttpResponse:
    """Drop a band or take a card back: the key of the row is sent along."""
    key = request.POST.get("row", "")
    key = key if key.isascii() and key.isdigit() else "0"
    try:
        if act == "drop":
            band = get_object_or_404(Band.objects.filter(site=here).select_related("site__town"), pk=key)
            sites.drop_band(band=band, by=request.user)
        elif act == "stop":
            rule = get_object_or_404(PriorityRule.objects.visible_to(request.viewer).select_related("town"), pk=key)
            sites.end_rule(rule=rule, by=request.user)
        elif act == "explain":
            rows = EmptyWindow.objects.visible_to(request.viewer).select_related("town", "window")
            presence.answer(row=get_object_or_404(rows, pk=key), text=request.POST.get("text", ""), by=request.user)
        else:
            card = get_object_or_404(Badge.objects.visible_to(request.viewer).select_related("town"), pk=key)
            sites.end_badge(badge=card, by=request.user)
    except Refused as refusal:
        return _show(request, here, _forms(here), error=refusal.message, status=422)
    return done(request, f"/desk/hall/{here.pk}", SAID[act])
