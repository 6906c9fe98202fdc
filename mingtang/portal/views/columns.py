"""公开目录 by columns: what the law and the work plan name, what stands there, and what is empty with whose name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from mingtang.disclosure import standing
from mingtang.disclosure.columns import schemes
from mingtang.disclosure.derived.reading import newest_in, title
from mingtang.disclosure.models import Column
from mingtang.disclosure.shelf import shelf
from mingtang.disclosure.standing import Standing
from mingtang.portal import keys
from mingtang.portal.info_shown import listing
from mingtang.portal.stored import depends_on, stored

PAGE_TAGS = {
    "name": "政府信息公开目录",
    "description": "按法律和工作规划列出的公开栏目",
    "keywords": "政府信息公开;法定主动公开内容;公开目录",
    "type": "信息公开目录",
}
LISTS = 6
WORDS = {"told": "没有此类信息", "empty": "应公开，还没有公开"}


def when(column: Column) -> str:
    """How often a column is due, in words."""
    if not column.is_duty:
        return ""
    start = "形成或者变更以后" if column.rhythm == "event" else "期满以后"
    return f"{column.get_rhythm_display()}，{start} {column.days} 个工作日内"


def shown(one: Standing) -> dict[str, Any]:
    """A column as its row is shown."""
    column = one.column
    return {
        "label": column.name,
        "url": f"/info/c/{column.code}",
        "count": one.count,
        "lists": one.lists,
        "newest": one.newest,
        "state": one.state,
        "word": WORDS.get(one.state, ""),
        "nothing": column.nothing if one.state == "told" else "",
        "owner": str(column.owner or ""),
        "under": [shown(row) for row in one.under],
    }


@stored(keys.COLUMNS, keys.LISTS)
def index(request: HttpRequest) -> HttpResponse:
    """Every way of dividing the catalogue, the empty columns among them."""
    depends_on(*(row.subject for row in Column.objects.visible_to(request.viewer).only("code")))
    every = standing.of_town(request.viewer)
    groups = []
    for scheme in schemes().values():
        rows = [one for one in every if one.column.scheme == scheme.code]
        found = standing.leaves(rows)
        if found:
            groups.append(
                {
                    "code": scheme.code,
                    "name": scheme.name,
                    "duty": scheme.duty,
                    "rows": [shown(one) for one in rows],
                    "filled": sum(one.state == "filled" for one in found),
                    "empty": sum(one.state == "empty" for one in found),
                    "total": len(found),
                }
            )
    context = {"column": PAGE_TAGS, "trail": [("政府信息公开", "/info/"), ("全部栏目", None)], "groups": groups}
    return render(request, "portal/info/columns.html", context)


@stored(keys.COLUMNS, keys.LISTS)
def column(request: HttpRequest, code: str) -> HttpResponse:
    """What stands in one column, newest first; what must stand there, who answers for it, and why it is empty."""
    row = get_object_or_404(
        Column.objects.visible_to(request.viewer).select_related("owner__unit", "parent"), code=code
    )
    under = standing.under(request.viewer, row)
    depends_on(row.subject, *(one.column.subject for one in under))
    lists = [(title(one), one) for one in newest_in(request.town, row.code, LISTS)]
    scheme = schemes().get(row.scheme)
    trail = [("政府信息公开", "/info/"), (scheme.name if scheme else "栏目", f"/info/c/#{row.scheme}")]
    if row.parent:
        trail.append((row.parent.name, f"/info/c/{row.parent.code}"))
    context = listing(request, row) | {
        "column": PAGE_TAGS | {"name": row.name, "description": row.elements or row.name},
        "trail": [*trail, (row.name, None)],
        "heading": row.name,
        "row": row,
        "when": when(row),
        "owner": str(row.owner or ""),
        "phone": row.owner.unit.phone if row.owner else "",
        "under": [shown(one) for one in under],
        "nothing": "" if lists or not row.nothing or shelf(request.town).published_in(row.code)[0] else row.nothing,
        "lists": lists,
    }
    return render(request, "portal/info/column.html", context)
