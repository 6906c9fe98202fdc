"""公示栏 at the desk: the register, what must hang, the sheets to print, the photo of what hangs, the look."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.boards import actions, hanging
from mingtang.boards.models import Board, Sheet
from mingtang.boards.newest import Standing, standing, standings, without_board
from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.board_forms import FactsForm, LookForm, PostForm, ReasonForm, RequireForm, taken
from mingtang.desk.boards_shown import check_tag, sheet_tag
from mingtang.desk.forms import said
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.press import board_paper
from mingtang.press.render import PaperUnavailable

DONE = {
    "change": "已经改好。",
    "require": "已经定下，从今天起该贴。",
    "close": "已经撤掉，公开页上写明了原因。",
    "look": "已经登记，下一次从今天算起。",
    "post": "已经登记，公开页上看得到这张照片。",
    "down": "取下已经登记。",
    "release": "以后不用再贴。",
}


def _boards(request: HttpRequest) -> Any:
    rows = Board.objects.visible_to(request.viewer)
    return rows.select_related("town", "keeper__unit", "village", "unit", "site")


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every board the person may see, the longest neglected first."""
    rows = standings(_boards(request).filter(closed_on__isnull=True))
    context = {
        "rows": [(one, check_tag(one)) for one in rows],
        "missing": [] if request.viewer.tenant else without_board(request.town),
        "may_keep": request.viewer.may(P.CATALOGUE_KEEP),
    }
    return page(request, "desk/boards/index.html", context, active="boards")


@staff_required(P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = FactsForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    if form.is_bound and form.is_valid():
        try:
            board = actions.open_board(town=request.town, facts=form.facts, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/boards/{board.pk}", "已经登记。请再定上面该贴什么。")
    status = 422 if form.errors else 200
    return page(request, "desk/boards/new.html", {"form": form}, active="boards", status=status)


def _forms(request: HttpRequest, board: Board) -> dict[str, forms.Form]:
    """The acts on the board that the person may do."""
    found: dict[str, forms.Form] = {}
    if hanging.keeps(board, request.user, look=True):
        found["look"] = LookForm(prefix="look")
    if request.viewer.may(P.CATALOGUE_KEEP):
        found["require"] = RequireForm(prefix="require")
        found["change"] = FactsForm(viewer=request.viewer, board=board, prefix="change")
        found["close"] = ReasonForm(prefix="close")
    return {} if board.closed_on else found


def _show(request: HttpRequest, board: Board, name: str = "", bad: forms.Form | None = None) -> HttpResponse:
    """``name``: the act whose form is ``bad``; of a sheet with its key."""
    held, offered = standing(board), _forms(request, board)
    if bad is not None and name in offered:
        offered[name] = bad
    keeps = hanging.keeps(board, request.user) and not board.closed_on
    context = {
        "board": board,
        "standing": held,
        "check": check_tag(held),
        "sheets": [(one, sheet_tag(one), _post_form(one, name, bad) if keeps else None) for one in held.sheets],
        "forms": offered,
        "keeps": keeps,
        "may_keep": "change" in offered,
        "bad": bad,
        "looks": board.checks.select_related("checked_by").order_by("-pk")[:10],
        "history": shown.history(request.town, board.subject),
    }
    return page(request, "desk/boards/show.html", context, active="boards", status=422 if bad else 200)


def _post_form(row: Standing, name: str, bad: forms.Form | None) -> forms.Form | None:
    if row.newest is None:
        return None
    if bad is not None and name == f"post-{row.sheet.pk}":
        return bad
    return PostForm(prefix=f"post-{row.sheet.pk}", initial={"key": row.newest.key})


@staff_required()
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(_boards(request), pk=pk))


@staff_required()
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Change, close, require, look."""
    board = get_object_or_404(_boards(request), pk=pk)
    sent: Any = {"data": request.POST, "files": request.FILES, "prefix": act}
    if act == "change":
        form: forms.Form = FactsForm(viewer=request.viewer, board=board, **sent)
    else:
        kinds = {"look": LookForm, "require": RequireForm, "close": ReasonForm}
        if act not in kinds:
            raise Http404
        form = kinds[act](**sent)
    if form.is_valid():
        try:
            _run(act, board, form, request)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/boards/{pk}", DONE[act])
    return _show(request, board, act, form)


def _run(act: str, board: Board, form: Any, request: HttpRequest) -> None:
    if act == "change":
        actions.change(board=board, facts=form.facts, by=request.user)
    elif act == "require":
        actions.require(board=board, by=request.user, **form.typed(request, board))
    elif act == "close":
        actions.close(board=board, reason=form.cleaned_data["reason"], by=request.user)
    else:
        fine, note = form.cleaned_data["fine"] == "yes", form.cleaned_data["note"]
        hanging.look(board=board, fine=fine, note=note, photo=taken(form), by=request.user)


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    rows = Sheet.objects.visible_to(request.viewer).filter(ended_on__isnull=True)
    return get_object_or_404(rows.select_related("board__town", "board__keeper__unit", "document", "item"), pk=pk)


@staff_required()
@require_POST
def sheet_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Hang it up, take it down, say that it need not hang there any more."""
    sheet = _sheet(request, pk)
    name = f"{act}-{pk}"
    form = PostForm(request.POST, request.FILES, prefix=name) if act == "post" else forms.Form({}, prefix=name)
    if form.is_valid():
        try:
            if act == "post":
                hanging.post_up(sheet=sheet, key=form.cleaned_data["key"], photo=taken(form), by=request.user)
            elif act == "down":
                row = get_object_or_404(sheet.hangings.select_related("sheet__board__town"), down_at__isnull=True)
                hanging.take_down(hanging=row, by=request.user)
            elif act == "release":
                actions.release(sheet=sheet, by=request.user)
            else:
                raise Http404
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/boards/{sheet.board_id}", DONE[act])
    return _show(request, get_object_or_404(_boards(request), pk=sheet.board_id), name, form)


@staff_required()
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest edition as a sheet for the wall, A3 or A4."""
    sheet = _sheet(request, pk)
    row = next(one for one in standing(sheet.board).sheets if one.sheet.pk == pk)
    if row.newest is None:
        raise Http404
    try:
        made = board_paper.pdf(sheet, row.newest, "a4" if request.GET.get("size") == "a4" else "a3")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="board-{sheet.board_id}-{pk}.pdf"'
    return answer
