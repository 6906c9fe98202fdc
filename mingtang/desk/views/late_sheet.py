"""补录 by a table: an empty one to download, a look at what was read, then all rows or none."""

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.cases import late_sheet
from mingtang.cases.actions.late import version_at
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import NEEDED, MomentField, said
from mingtang.desk.item_named import item_named
from mingtang.files.sniff import KINDS
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

_SALT, KEPT_FOR = "late-sheet", 3600
STALE = "这一页放得太久，或者内容对不上。请重新传一次表。"


class ItemForm(forms.Form):
    """Which version's columns: those that held at a moment within the outage."""

    item = forms.CharField(
        label="办什么", max_length=60, help_text="名称或者编码，写一部分也行。", error_messages=NEEDED
    )
    at = MomentField(label="停的那几天里的一个时间", help_text="按那时施行的版本列出要填的。", error_messages=NEEDED)


class TableForm(forms.Form):
    item = forms.CharField(
        label="办什么", max_length=60, help_text="名称或者编码，写一部分也行。", error_messages=NEEDED
    )


@staff_required(P.CASE_INTAKE)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty table of an item as it was on a day."""
    form = ItemForm(request.GET, prefix="empty")
    if form.is_valid():
        try:
            item = item_named(request, form.cleaned_data["item"])
            data = late_sheet.template(version_at(item, form.cleaned_data["at"]))
        except Refused as refusal:
            form.add_error("at" if refusal.field == "happened_at" else "item", refusal.message)
        else:
            answer = HttpResponse(data, content_type=KINDS["xlsx"].media_type)
            answer["Content-Disposition"] = f'attachment; filename="late-{item.code}.xlsx"'
            return answer
    return _page(request, empty=form, status=422)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"empty": ItemForm(prefix="empty"), "form": TableForm(), "problems": [], "rows": [], **more}
    return page(request, "desk/late/sheet.html", context, active="cases", status=status)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """A table sent in is tried and shown; what was shown is entered, whole, or not at all. The rows travel in the
    form, signed: nothing of them is stored before they are entered."""
    if request.method == "GET":
        return _page(request)
    form = TableForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        item = item_named(request, form.cleaned_data["item"])
        if request.POST.get("act") == "enter":
            kept = signing.loads(request.POST.get("rows", ""), salt=_SALT, max_age=KEPT_FOR)
            if (kept["by"], kept["item"]) != (request.user.pk, item.pk):
                raise signing.BadSignature
            made = late_sheet.enter(item=item, rows=kept["rows"], token=kept["token"], by=request.user)
            return done(request, "/desk/late/", f"录入了 {len(made)} 件。请打印收件凭证，想办法交给申请人。")
        upload = request.FILES.get("table")
        if upload is None:
            raise Refused("还没有选文件。请选填好的表。")
        rows, token = late_sheet.read(upload.read(late_sheet.MOST_BYTES + 1)), str(uuid.uuid4())
        tried = late_sheet.enter(item=item, rows=rows, token=token, by=request.user, trial=True)
    except signing.BadSignature:
        form.add_error(None, STALE)
        return _page(request, form=form, status=422)
    except Refused as refusal:
        said(form, refusal)
        return _page(request, form=form, problems=getattr(refusal, "problems", []), status=422)
    kept = {"by": request.user.pk, "item": item.pk, "rows": rows, "token": token}
    return _page(request, form=form, rows=tried, kept=signing.dumps(kept, salt=_SALT, compress=True))
