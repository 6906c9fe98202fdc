"""Coming back to an application that was kept: its code opens it, its page says what is missing, and it is deleted."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.accounts import session
from mingtang.cases import drafts
from mingtang.cases.models import ApplicationDraft
from mingtang.lib.errors import Refused
from mingtang.portal import common, draft_shown, opened
from mingtang.portal.applying import Draft
from mingtang.portal.forms import DraftForm
from mingtang.rulebook.enums import VersionState

TRAIL = ("办事服务", "/services/")
ENDED = {
    "deleted": "已经删掉了。填过的、传过的都销毁了，找不回来。",
    "closed": "在这台电脑上关掉了。凭保存码，随时可以再打开。",
}


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The code alone opens what was kept: there is no number beside it."""
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = drafts.find(request.town, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.message)
        else:
            opened.remember_draft(request, saved)
            return HttpResponseRedirect(f"/drafts/{saved.pk}")
    ended = ENDED.get(request.GET.get("ended", ""), "")
    context = {"trail": [TRAIL, ("接着填", None)], "form": form, "ended": ended}
    return render(request, "portal/drafts/find.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What was kept, what is missing, until when; posts ``act`` = close | delete."""
    saved = opened.opened_draft(request, pk)
    if saved is None:
        return HttpResponseRedirect("/drafts/")
    if request.method == "GET":
        return _page(request, saved)
    act = request.POST.get("act")
    if act == "close":
        opened.forget_draft(request, saved)
        return HttpResponseRedirect("/drafts/?ended=closed")
    if act != "delete":
        raise Http404
    if request.POST.get("confirm") != "yes":
        return _page(request, saved, unsure="请先勾选“我确定删掉”，再点删掉。")
    drafts.delete(draft=saved)
    return HttpResponseRedirect("/drafts/?ended=deleted")


def _page(request: HttpRequest, saved: ApplicationDraft, unsure: str = "") -> HttpResponse:
    code, item, resident = drafts.code_of(saved), saved.item, session.current(request)
    going_on = item.current.state == VersionState.IN_FORCE and item.current.spec.online
    # The code stands behind the sign #, which no browser sends and no server writes down.
    link = f"{saved.town.base_url}/drafts/#{code}"
    context: dict[str, Any] = {
        "trail": [TRAIL, (saved.version.name, f"/services/{item.code}"), ("保存的申请", None)],
        "saved": saved,
        "code": code,
        "item": item,
        "rows": draft_shown.glance(Draft.resumed(request, saved)) if going_on else [],
        "unfit": draft_shown.unfit(saved) if going_on else [],
        "renewed": item.current_id != saved.version_id,
        "going_on": going_on,
        "unsure": unsure,
        "in_account": bool(resident and resident.drafts.filter(draft=saved).exists()),
        "qr": common.qr(link, "扫一扫，用手机接着填"),
    }
    return render(request, "portal/drafts/show.html", context, status=422 if unsure else 200)
