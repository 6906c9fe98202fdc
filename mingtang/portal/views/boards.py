"""公示栏: where the boards hang, what hangs on them since when, whether the sheet on the wall is the newest."""

import json
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.boards.enums import What
from mingtang.boards.models import Board, Check, Hanging, Sheet
from mingtang.boards.newest import BoardStanding, standings, without_board
from mingtang.disclosure.models import Edition
from mingtang.files.actions import response as file_response
from mingtang.portal import boards_shown, common, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook.models import Version
from mingtang.rulebook.models.items import IN_FORCE_ONCE

COLUMN = {
    "name": "公示栏",
    "description": "公示栏、公示牌在哪里，上面贴着什么，是不是最新的",
    "keywords": "公示栏;公示牌;公开栏;收费公示",
    "type": "信息公开目录",
}
KEYS = (keys.BOARDS, keys.UTILITIES, keys.LISTS, keys.SITE, keys.DAY)


def _stand(boards: Iterable[Board]) -> list[BoardStanding]:
    """How boards stand, which changes with the texts that must hang there."""
    found = standings(boards)
    for sheet in (one.sheet for row in found for one in row.sheets):
        if sheet.what == What.FEES:
            depends_on(keys.unit_documents(sheet.board.unit.code))
        elif sheet.what == What.DOCUMENT:
            depends_on(sheet.document.subject)
        elif sheet.what == What.ITEM:
            depends_on(sheet.item.subject)
    return found


def _open(request: HttpRequest):
    rows = Board.objects.visible_to(request.viewer).filter(closed_on__isnull=True)
    return rows.select_related("keeper__unit", "village", "unit", "site")


@stored(*KEYS)
def index(request: HttpRequest) -> HttpResponse:
    """Every board, the longest neglected first and by name; the utilities that have none."""
    rows = _stand(_open(request))
    context = {
        "column": COLUMN,
        "trail": [("公示栏", None)],
        "boards": [boards_shown.board(row) for row in rows],
        "gaps": [boards_shown.gap(row) for row in rows if not row.is_kept],
        "missing": without_board(request.town),
        "today": timezone.localdate(),
    }
    return render(request, "portal/boards/index.html", context)


@stored(*KEYS)
def index_json(request: HttpRequest) -> HttpResponse:
    """The same as data."""
    told = {
        "day": timezone.localdate().isoformat(),
        "boards": [boards_shown.as_data(row) for row in _stand(_open(request))],
        "utilities_without_board": [tenant.unit.name for tenant in without_board(request.town)],
    }
    return HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")


@stored(*KEYS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One board: what should hang there and what does, each with the photo; who looked when."""
    boards = Board.objects.visible_to(request.viewer).select_related("keeper__unit", "village", "unit", "site", "town")
    board = get_object_or_404(boards, pk=pk)
    depends_on(board.subject)
    row = _stand([board])[0]
    context = {
        "column": COLUMN | {"name": board.name},
        "trail": [("公示栏", "/boards/"), (board.name, None)],
        "board": board,
        "row": boards_shown.board(row),
        "sheets": [boards_shown.sheet(one) for one in row.sheets],
        "sentence": boards_shown.check_sentence(row),
        "looks": board.checks.order_by("-pk")[:10],
        "past": Hanging.objects.filter(sheet__board=board, down_at__isnull=False)
        .select_related("edition__revision", "list", "version", "sheet")
        .order_by("-pk")[:20],
        "today": timezone.localdate(),
        "qr": common.qr(f"{board.town.base_url}/boards/{board.pk}", "扫一扫，看这里该贴什么"),
    }
    return render(request, "portal/boards/show.html", context)


@stored(*KEYS)
def scanned(request: HttpRequest, sheet: int, key: int) -> HttpResponse:
    """Whoever scanned the code on a sheet: it is the newest, or it is not and this is."""
    rows = Sheet.objects.visible_to(request.viewer).select_related(
        "board__keeper__unit", "board__village", "board__unit", "item"
    )
    found = get_object_or_404(rows, pk=sheet)
    depends_on(found.board.subject)
    board = found.board
    row = next((one for one in _stand([board])[0].sheets if one.sheet.pk == sheet), None)
    newest = row.newest if row else None
    read: Edition | Version
    if found.what == What.ITEM:
        versions = Version.objects.filter(item=found.item, state__in=IN_FORCE_ONCE)
        read = get_object_or_404(versions.select_related("item"), pk=key)
    else:
        once_public = Edition.objects.filter(document__town=request.town, published_at__isnull=False)
        read = get_object_or_404(once_public, pk=key)
    context = {
        "column": COLUMN,
        "trail": [("公示栏", "/boards/"), (board.name, f"/boards/{board.pk}"), ("核对这一张", None)],
        "board": board,
        "sheet": found,
        # A list has a code of its own on its sheet.
        "is_newest": newest is not None and newest.list is None and newest.key == key,
        "newest": newest,
        "read": read,
    }
    return render(request, "portal/boards/scanned.html", context)


@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo that proves what hung."""
    row = get_object_or_404(Hanging.objects.visible_to(request.viewer).select_related("photo"), pk=pk)
    return file_response(row.photo)


@require_safe
def check_photo(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Check.objects.visible_to(request.viewer).select_related("photo"), pk=pk)
    if row.photo is None:
        raise Http404
    return file_response(row.photo)
