"""Logging in to an account: a number, the code that was sent to it, in. One door for who is new and who is not."""

import re
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts import actions, codes, session
from mingtang.accounts.models import LoginCode
from mingtang.accounts.reach import ways
from mingtang.lib.errors import Refused
from mingtang.portal.forms import CodeForm, ReachForm

HOME = "/account/"
# Where one may be led after the log-in: nowhere else.
WANTED = re.compile(r"/account/[a-z/]{0,30}|/services/[A-Za-z0-9_-]{1,40}/apply")
TRAIL = ("我的办件", None)
# In the session: the code that was asked for, what a demo town shows of it, where to go afterwards.
CODE, SHOWN, NEXT = "login_code", "login_shown", "login_next"


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if WANTED.fullmatch(wanted) else HOME


def refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def sent(request: HttpRequest, form: ReachForm) -> bool:
    """Send a code to what was typed and remember it in this session; what is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        asked = codes.ask(town=request.town, typed=form.cleaned_data["reach"])
    except Refused as refusal:
        refuse(form, refusal)
        return False
    request.session[CODE], request.session[SHOWN] = asked.code.pk, asked.shown
    return True


def waiting(request: HttpRequest) -> LoginCode | None:
    """The code that this session has asked for here."""
    return codes.live(request.town, request.session.get(CODE))


def ask_code(
    request: HttpRequest, held: LoginCode, proved: Callable[[str], HttpResponse], **page: object
) -> HttpResponse:
    """The screen of the code; ``proved`` does what it is for. Posts ``act`` = again for another one."""
    form, note = CodeForm(), ""
    if request.POST.get("act") == "again":
        once_more = ReachForm({"reach": held.reach.to})
        if sent(request, once_more):
            return HttpResponseRedirect(request.path)
        note = once_more.errors["reach"][0]
    elif request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                return proved(form.cleaned_data["code"])
            except Refused as refusal:
                refuse(form, refusal)
    context = {"form": form, "note": note, "to": held.reach, "shown": request.session.get(SHOWN, ""), **page}
    return render(request, "portal/account/code.html", context, status=422 if form.errors or note else 200)


def forget(request: HttpRequest) -> None:
    """The code was used."""
    for name in (CODE, SHOWN, NEXT):
        request.session.pop(name, None)


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The number. The answer is the same whether there is an account or not."""
    if request.method == "GET" and session.current(request):
        return HttpResponseRedirect(_safe_next(request))
    form = ReachForm(request.POST or None)
    if request.method == "POST" and sent(request, form):
        request.session[NEXT] = _safe_next(request)
        return HttpResponseRedirect("/account/code")
    connected = ways()
    context = {
        "trail": [TRAIL],
        "form": form,
        "next": _safe_next(request),
        "open": bool(connected) or request.town.is_demo,
        "demo": request.town.is_demo and not connected,
    }
    return render(request, "portal/account/enter.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that came; then in."""
    held = waiting(request)
    if held is None:
        return HttpResponseRedirect("/account/enter")

    def proved(typed: str) -> HttpResponse:
        resident, where = actions.enter(code=held, typed=typed), request.session.get(NEXT, HOME)
        session.begin(request, resident)
        forget(request)
        return HttpResponseRedirect(where)

    return ask_code(request, held, proved, trail=[TRAIL], title="请输入验证码", go="登录", back="/account/enter")


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out here, or (``everywhere``) in every browser."""
    resident = session.current(request)
    if resident and request.POST.get("everywhere"):
        actions.leave_everywhere(resident=resident)
    session.end(request)
    return HttpResponseRedirect("/account/enter?left=1")
