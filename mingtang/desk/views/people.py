"""组织: units, posts, people, windows."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import ORGANISATION, done, page, staff_required
from mingtang.desk.forms import CloseWindowForm
from mingtang.hall import actions
from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.enums import Role
from mingtang.people.models import Assignment, Post, Unit


def _units(request: HttpRequest) -> list[dict]:
    """Each unit with its posts and who holds them now."""
    now = timezone.now()
    holders: dict[int, list[str]] = {}
    rows = Assignment.objects.current(now).filter(post__town=request.town).select_related("staff")
    for row in rows.order_by("valid_from", "pk"):
        holders.setdefault(row.post_id, []).append(f"{row.staff.name}（工号 {row.staff.number}）")
    posts: dict[int, list[dict]] = {}
    for post in Post.objects.visible_to(request.viewer).order_by("pk"):
        posts.setdefault(post.unit_id, []).append(
            {
                "name": post.name,
                "leader": post.is_leader,
                "roles": "、".join(Role(role).label for role in post.roles) or "没有系统权限",
                "holders": "、".join(holders.get(post.pk, [])) or "空缺",
            }
        )
    return [{"unit": unit, "posts": posts.get(unit.pk, [])} for unit in Unit.objects.visible_to(request.viewer)]


def organisation_page(
    request: HttpRequest, *, forms: dict[int, Form] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """The whole organisation on one page; windows can be opened and closed by whoever runs the hall."""
    windows = list(
        Window.objects.visible_to(request.viewer)
        .select_related("substitute", "post__unit", "site")
        .order_by("site__letter", "number")
    )
    forms = forms or {}
    may_run = request.viewer.may(P.WINDOW_RUN)
    context = {
        "windows": [
            {"window": window, "form": forms.get(window.pk) or _close_form(window, windows)} for window in windows
        ],
        "bad": [forms[pk] for pk in forms],
        "error": error,
        "may_run": may_run,
        "units": _units(request),
    }
    return page(request, "desk/people/index.html", context, active="people", status=status)


def _close_form(window: Window, windows: list[Window], data: object = None) -> CloseWindowForm:
    """Ids stay apart on a page with several windows: each form has letter and number of its window before its names."""
    others = [(str(row.pk), str(row)) for row in windows if row.pk != window.pk and row.is_open]
    return CloseWindowForm(data, windows=others, prefix=f"w{window.site.letter}{window.number}")


@staff_required(*ORGANISATION)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return organisation_page(request)


@staff_required(P.WINDOW_RUN)
@require_POST
def close_window(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a window with a reason the public reads."""
    windows = list(Window.objects.visible_to(request.viewer).select_related("town"))
    window = get_object_or_404(Window.objects.visible_to(request.viewer).select_related("town", "site"), pk=pk)
    form = _close_form(window, windows, request.POST)
    if form.is_valid():
        instead = next((row for row in windows if str(row.pk) == form.cleaned_data["substitute"]), None)
        try:
            actions.close_window(
                window=window,
                by=request.user,
                reason=form.cleaned_data["reason"],
                substitute=instead,
                back_at=form.cleaned_data["back_at"],
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return organisation_page(request, forms={pk: form}, status=422)
    return done(request, "/desk/people/#windows", f"{window}已经关了，办事指南上马上看得到。")


@staff_required(P.WINDOW_RUN)
@require_POST
def open_window(request: HttpRequest, pk: int) -> HttpResponse:
    window = get_object_or_404(Window.objects.visible_to(request.viewer).select_related("town", "site"), pk=pk)
    try:
        actions.open_window(window=window, by=request.user)
    except Refused as refusal:
        return organisation_page(request, error=refusal.message, status=422)
    return done(request, "/desk/people/#windows", f"{window}已经开了。")
