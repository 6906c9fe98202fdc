"""Who may open which desk page, and what every desk page is given."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mingtang.events.models import Event
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.people.policies import served_by
from mingtang.towns.viewer import Viewer
from mingtang.voices.models import READERS as OBSTACLE_READERS

View = Callable[..., HttpResponse]
DOCUMENTS = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN, P.DOCUMENT_ADOPT, P.DOCUMENT_WITHDRAW)
EDITORS = (P.ITEM_EDIT, P.ITEM_EDIT_OWN)
ITEMS = (*EDITORS, P.ITEM_APPROVE, P.CASE_READ)
LAWS = (*EDITORS, P.ITEM_APPROVE, P.ITEM_AGREE, P.ITEM_DECIDE)
ORGANISATION = (P.PEOPLE_READ, P.WINDOW_RUN)
# The cookie with which stored public pages are passed by for a moment, so that whoever acted sees it at once.
FRESH, FRESH_SECONDS = "fresh", 15

ENTRIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("todo", "待办", "/desk/", ()),
    ("info", "公开", "/desk/info/", DOCUMENTS),
    ("columns", "栏目", "/desk/columns/", (*DOCUMENTS, P.CATALOGUE_KEEP)),
    ("counter", "叫号", "/desk/counter/", (P.CASE_INTAKE,)),
    ("orders", "代办", "/desk/orders/", (P.CASE_INTAKE, P.WINDOW_RUN, P.OVERSEE)),
    ("cases", "办件", "/desk/cases/", (P.CASE_READ,)),
    ("permits", "证照", "/desk/permits/", (P.CASE_READ,)),
    ("grants", "结果", "/desk/grants/", (P.DOCUMENT_REVIEW, P.CASE_DECIDE)),
    ("notices", "通知", "/desk/notices/", (P.NOTICE_SEND,)),
    ("items", "事项", "/desk/items/", ITEMS),
    ("laws", "法规", "/desk/laws/", LAWS),
    # The unit that holds a power says what should become of it, by any of its posts.
    ("powers", "权力", "/desk/powers/", ()),
    ("slips", "出格单", "/desk/slips/", (P.CASE_INTAKE, P.CASE_WORK, P.ITEM_AGREE)),
    ("wanted", "群众在找", "/desk/wanted/", (P.ITEM_EDIT, P.ITEM_DECIDE, P.ITEM_APPROVE, P.ITEM_AGREE)),
    ("obstacles", "办不成事", "/desk/obstacles/", OBSTACLE_READERS),
    ("entry", "进驻", "/desk/entry/", (P.WINDOW_RUN, P.ITEM_AGREE, P.ITEM_DECIDE, P.CASE_WORK, P.OVERSEE)),
    ("hall", "大厅", "/desk/hall/", (P.WINDOW_RUN,)),
    ("roster", "值守", "/desk/roster/", ()),
    ("letters", "授权", "/desk/letters/", (P.DELEGATE, P.PEOPLE_READ, P.WINDOW_RUN)),
    ("money", "收费", "/desk/money/", (P.MONEY_MATCH, P.MONEY_APPROVE, P.OVERSEE)),
    ("people", "组织", "/desk/people/", ORGANISATION),
    ("calendar", "日历", "/desk/calendar/", ()),
)


def staff_required(*powers: str) -> Callable[[View], View]:
    """Nobody is sent to the log-in; staff who hold none of ``powers`` get 403 with a sentence. Nothing is cached.

    Without powers any member of this town's staff may enter. Whether an act may happen the room decides again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                # What was sent by POST cannot be sent again after the log-in: begin at the to-do list.
                wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/desk/"
                return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': wanted})}")
            if powers and not request.viewer.powers.intersection(powers):
                return denied(request, powers)
            return view(request, *args, **kwargs)

        return never_cache(answer)

    return decorate


def served_posts(request: HttpRequest) -> list[Post]:
    """The posts the person acts for now, their own first, read once a request: see ``policies.served_by``."""
    if not hasattr(request, "_desk_posts"):
        request._desk_posts = served_by(request.user)
    return request._desk_posts


def my_posts(request: HttpRequest) -> list[Post]:
    """Of these the posts the person holds."""
    return [post for post in served_posts(request) if post.since is not None]


def offered(row: Any, state: str, viewer: Viewer) -> bool:
    """Whether a row of a lifecycle table is open to a viewer in a state: what a page shows, without asking again.

    The act itself checks everything once more.
    """
    return state in row.sources and not viewer.powers.isdisjoint(row.powers)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, active: str = "", status: int = 200
) -> HttpResponse:
    """A desk page: who is logged in, and the entries they may open."""
    posts = my_posts(request)
    standing_in = [post for post in served_posts(request) if post.since is None]
    me = {
        "name": request.user.name,
        "post": "、".join(post.name for post in posts) or "现在没有岗位",
        "standing_in": "、".join(map(str, standing_in)),
        "unit": "、".join(dict.fromkeys(post.unit.name for post in posts)),
    }
    held = request.viewer.powers
    entries = [(key, label, url) for key, label, url, powers in ENTRIES if not powers or held.intersection(powers)]
    shared = {"me": me, "desk_entries": entries, "active": active}
    return render(request, template, shared | context, status=status)


def denied(request: HttpRequest, powers: tuple[str, ...]) -> HttpResponse:
    """403 in the frame of the desk: which power is asked for, and who can help."""
    wanted = "”或者“".join(P(power).label for power in powers)
    return page(request, "desk/denied.html", {"wanted": f"“{wanted}”"}, status=403)


def done(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """After an act: say what happened, and let this browser pass the stored public pages by for some seconds."""
    messages.success(request, message)
    response = HttpResponseRedirect(url)
    last = Event.objects.filter(town=request.town).order_by("-pk").values_list("pk", flat=True).first()
    response.set_cookie(FRESH, str(last or 0), max_age=FRESH_SECONDS, httponly=True, samesite="Lax")
    return response
