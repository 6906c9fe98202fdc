"""Who may open which desk page, and what every desk page is given."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mingtang.desk.navigation import Entry, navigation
from mingtang.events.models import Event
from mingtang.people.enums import TENANT, permissions_of
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.people.policies import served_by
from mingtang.scrutiny.states import OVERSEERS, READ_CLERKS
from mingtang.towns.viewer import Viewer
from mingtang.voices.models import READERS as OBSTACLE_READERS

View = Callable[..., HttpResponse]
DOCUMENTS = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN, P.DOCUMENT_ADOPT, P.DOCUMENT_WITHDRAW)
EDITORS = (P.ITEM_EDIT, P.ITEM_EDIT_OWN)
ITEMS = (*EDITORS, P.ITEM_APPROVE, P.CASE_READ)
LAWS = (*EDITORS, P.ITEM_APPROVE, P.ITEM_AGREE, P.ITEM_DECIDE)
UTILITIES = (P.TENANT_KEEP, P.CATALOGUE_KEEP, P.DOCUMENT_REVIEW, P.OVERSEE)
BOARDS = (P.CATALOGUE_KEEP, P.CASE_INTAKE, P.TENANT_KEEP, P.OVERSEE)
ORGANISATION = (P.PEOPLE_READ, P.WINDOW_RUN)
# Whoever works here for a public utility alone opens these pages and no other; the rooms narrow them to the own unit.
TENANT_PAGES = re.compile(
    r"/desk/((info/(new|kinds|kinds/.+|[0-9].*)?)|((utilities|stories|boards|samples)/.*)"
    r"|(study/((sessions|files)/[0-9].*)?))?"
)
TENANT_POWERS = permissions_of(TENANT)
TENANT_ENTRIES = ("info", "stories", "boards", "utilities", "study")
# The cookie with which stored public pages are passed by for a moment, so that whoever acted sees it at once.
FRESH, FRESH_SECONDS = "fresh", 15
# By the kind of work; what stands in no group comes first, one press away from every page.
GROUPS: dict[str, tuple[Entry, ...]] = {
    "": (Entry("todo", "待办", "/desk/"), Entry("cases", "办件", "/desk/cases/", (P.CASE_READ,))),
    "窗口业务": (
        Entry("counter", "叫号", "/desk/counter/", (P.CASE_INTAKE,)),
        Entry("orders", "代办", "/desk/orders/", (P.CASE_INTAKE, P.WINDOW_RUN, P.OVERSEE)),
        Entry("permits", "证照", "/desk/permits/", (P.CASE_READ,)),
        Entry("money", "收费", "/desk/money/", (P.MONEY_MATCH, P.MONEY_APPROVE, P.OVERSEE)),
        Entry("notices", "通知", "/desk/notices/", (P.NOTICE_SEND,)),
        Entry("obstacles", "办不成事", "/desk/obstacles/", OBSTACLE_READERS),
    ),
    "信息公开": (
        Entry("info", "公开", "/desk/info/", DOCUMENTS),
        Entry("stories", "新闻", "/desk/stories/", DOCUMENTS),
        Entry("columns", "栏目", "/desk/columns/", (*DOCUMENTS, P.CATALOGUE_KEEP)),
        Entry("lists", "公示表", "/desk/lists/", DOCUMENTS),
        Entry("grants", "结果", "/desk/grants/", (P.DOCUMENT_REVIEW, P.CASE_DECIDE)),
        Entry("reach", "到达", "/desk/reach/", (*DOCUMENTS, P.CATALOGUE_KEEP, P.CASE_INTAKE, P.OVERSEE)),
        Entry("read", "看得懂吗", "/desk/read/", READ_CLERKS),
        Entry("boards", "公示栏", "/desk/boards/", BOARDS),
        Entry("utilities", "公用单位", "/desk/utilities/", UTILITIES),
    ),
    "事项规则": (
        Entry("items", "事项", "/desk/items/", ITEMS),
        Entry("laws", "法规", "/desk/laws/", LAWS),
        # The unit that holds a power says what should become of it, by any of its posts.
        Entry("powers", "权力", "/desk/powers/"),
        Entry("slips", "出格单", "/desk/slips/", (P.CASE_INTAKE, P.CASE_WORK, P.ITEM_AGREE)),
        Entry("wanted", "群众在找", "/desk/wanted/", (P.ITEM_EDIT, P.ITEM_DECIDE, P.ITEM_APPROVE, P.ITEM_AGREE)),
    ),
    "督办": (
        # Any post may answer for something, or be asked to take it over.
        Entry("duties", "任务", "/desk/duties/"),
        Entry("samples", "抽查", "/desk/samples/", OVERSEERS),
        Entry("study", "学习", "/desk/study/"),
    ),
    "便民大厅": (
        Entry("hall", "大厅", "/desk/hall/", (P.WINDOW_RUN,)),
        Entry("roster", "值守", "/desk/roster/"),
        Entry("entry", "进驻", "/desk/entry/", (P.WINDOW_RUN, P.ITEM_AGREE, P.ITEM_DECIDE, P.CASE_WORK, P.OVERSEE)),
    ),
    "人员组织": (
        Entry("people", "组织", "/desk/people/", ORGANISATION),
        Entry("letters", "授权", "/desk/letters/", (P.DELEGATE, P.PEOPLE_READ, P.WINDOW_RUN)),
        Entry("calendar", "日历", "/desk/calendar/"),
    ),
}


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
            if is_tenant(request.viewer) and not TENANT_PAGES.fullmatch(request.path):
                return denied(request, powers)
            if powers and not request.viewer.powers.intersection(powers):
                return denied(request, powers)
            return view(request, *args, **kwargs)

        return never_cache(answer)

    return decorate


def is_tenant(viewer: Viewer) -> bool:
    """Whether somebody works at the desk for a public utility alone."""
    return bool(viewer.tenant) and viewer.powers <= TENANT_POWERS


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
    shared = {"me": me, "navigation": navigation(_entries(request.viewer), active)}
    return render(request, template, shared | context, status=status)


def _entries(viewer: Viewer) -> list[tuple[str, Entry]]:
    """What a viewer may open, with its group."""
    rows = [(label, entry) for label, group in GROUPS.items() for entry in group]
    if is_tenant(viewer):
        return [(label, entry) for label, entry in rows if entry.key in TENANT_ENTRIES]
    return [(label, entry) for label, entry in rows if not entry.powers or viewer.powers.intersection(entry.powers)]


def denied(request: HttpRequest, powers: tuple[str, ...]) -> HttpResponse:
    """403 in the frame of the desk: which power is asked for, and who can help."""
    wanted = "”或者“".join(P(power).label for power in powers)
    return page(request, "desk/denied.html", {"wanted": f"“{wanted}”" if wanted else "镇里岗位"}, status=403)


def done(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """After an act: say what happened, and let this browser pass the stored public pages by for some seconds."""
    messages.success(request, message)
    response = HttpResponseRedirect(url)
    last = Event.objects.filter(town=request.town).order_by("-pk").values_list("pk", flat=True).first()
    response.set_cookie(FRESH, str(last or 0), max_age=FRESH_SECONDS, httponly=True, samesite="Lax")
    return response
