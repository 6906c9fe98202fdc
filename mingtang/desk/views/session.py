"""Coming in and going out."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts import session as accounts
from mingtang.desk.forms import LoginForm
from mingtang.people.models import Assignment, Staff

WRONG = "用户名或者密码不对。请再试一次，注意大小写。"
# What `mingtang demo` gives every demo account; a test holds it to that.
DEMO_PASSWORD = "wanyu-demo"  # noqa: S105 (printed on purpose)
ELSEWHERE = "这个账号不属于{town}，不能在这里登录。请打开您所在乡镇的网址。"


def _safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: only within the desk of this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = wanted == "/desk/" or wanted.startswith("/desk/")
    return wanted if inside and url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/desk/"


def _demo_accounts(request: HttpRequest) -> list[dict[str, str]]:
    """The printed log-ins of a demo town; a real town lists nobody."""
    if not request.town.is_demo:
        return []
    rows = (
        Assignment.objects.current(timezone.now())
        .filter(staff__town=request.town, staff__is_active=True)
        .select_related("staff", "post__unit")
        .order_by("staff__number")
    )
    return [
        {"name": row.staff.name, "post": str(row.post), "username": row.staff.username, "password": DEMO_PASSWORD}
        for row in rows
    ]


def _page(request: HttpRequest, form: LoginForm, *, status: int = 200, locked: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "next": _safe_next(request),
        "locked": locked,
        "demo_accounts": _demo_accounts(request),
    }
    return render(request, "desk/login.html", context, status=status)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Username and password; five wrong ones in a row lock name and address for a while."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(_safe_next(request))
        return _page(request, LoginForm())
    form = LoginForm(request.POST)
    if form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if isinstance(person, Staff) and person.town_id == request.town.pk:
            accounts.end(request)
            login(request, person)
            return HttpResponseRedirect(_safe_next(request))
        form.add_error(None, WRONG if person is None else ELSEWHERE.format(town=request.town.name))
    return _page(request, form, status=422)


@never_cache
def locked_out(request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords: when to try again (called by django-axes)."""
    again = timezone.localtime(timezone.now() + get_cool_off(request))
    sentence = f"密码连续输错次数太多。为了安全，请在 {again:%H:%M} 以后再试。急用请找本单位的系统管理员。"
    return _page(request, LoginForm(), status=429, locked=sentence)


@never_cache
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/desk/login")
