"""待办: the first page after the log-in."""

from collections.abc import Iterable

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from mingtang.desk import todo
from mingtang.desk.access import is_tenant, page, served_posts, staff_required
from mingtang.desk.inbox import inbox
from mingtang.hall.models import Window
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import ItemFacts

BEGIN = 12


@staff_required()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what is due first on top; beside it what can be begun. Later pages hold cases alone."""
    if is_tenant(request.viewer):
        return HttpResponseRedirect("/desk/utilities/")
    box = inbox(request)
    windows: list[Window] = []
    begin: Iterable[ItemFacts] = []
    if request.viewer.may(P.CASE_INTAKE):
        windows = list(
            Window.objects.visible_to(request.viewer)
            .filter(post__in=served_posts(request))
            .select_related("substitute")
        )
        mine = Q(window_post__in=[post.code for post in served_posts(request)])
        rows = ItemFacts.objects.visible_to(request.viewer).filter(suspended=False).select_related("item")
        begin = rows.annotate(mine=Case(When(mine, then=0), default=1)).order_by("mine", "item__code")[:BEGIN]
    context = {
        "box": box,
        "cases": todo.case_groups(box),
        "work": [] if box.newer_url else todo.other_groups(request),
        "windows": windows,
        "begin": [{"url": f"/desk/cases/new/{row.item.code}", "title": row.name} for row in begin],
        "may_draft": request.viewer.may(P.DOCUMENT_DRAFT),
    }
    return page(request, "desk/home.html", context, active="todo")
