"""待办: the first page after the log-in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingtang.desk import todo
from mingtang.desk.access import my_posts, page, staff_required
from mingtang.hall.models import Window
from mingtang.people.enums import Permission as P
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item


@staff_required()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what is due first on top; beside it what can be begun."""
    windows, begin = [], []
    if request.viewer.may(P.CASE_INTAKE):
        windows = list(
            Window.objects.visible_to(request.viewer).filter(post__in=my_posts(request)).select_related("substitute")
        )
        begin = list(
            Item.objects.visible_to(request.viewer)
            .filter(current__state=VersionState.IN_FORCE)
            .select_related("current")
            .defer("current__bpmn")
            .order_by("code")
        )
        mine = {post.code for post in my_posts(request)}
        begin.sort(key=lambda item: item.current.data["window_post"] not in mine)
    context = {
        "work": todo.groups(request),
        "windows": windows,
        "begin": [{"url": f"/desk/cases/new/{item.code}", "title": item.current.name} for item in begin[:12]],
        "may_draft": request.viewer.may(P.DOCUMENT_DRAFT),
    }
    return page(request, "desk/home.html", context, active="todo")
