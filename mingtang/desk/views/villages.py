"""村（社区） at the desk: the list from which places are chosen."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import said
from mingtang.lib.errors import Refused
from mingtang.people import villages
from mingtang.people.enums import Permission as P
from mingtang.people.models import Village

URL = "/desk/villages/"


class NameForm(forms.Form):
    name = forms.CharField(label="村（社区）的名称", max_length=20, error_messages={"required": "请写名称。"})


def _page(request: HttpRequest, form: NameForm, changed: int = 0) -> HttpResponse:
    """``changed``: the village whose name ``form`` is about; 0 for a new one."""
    rows = Village.objects.visible_to(request.viewer)
    context = {
        "rows": [
            (row, form if row.pk == changed else NameForm(initial={"name": row.name}, prefix=str(row.pk)))
            for row in rows
        ],
        "form": NameForm() if changed else form,
        "bad": form if form.errors else None,
    }
    status = 422 if form.errors else 200
    return page(request, "desk/utilities/villages.html", context, active="utilities", status=status)


@staff_required(P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All of the town, and a line for one more."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            villages.add(town=request.town, name=form.cleaned_data["name"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, URL, "已经登记，写停供通知、设公示栏时可以选。")
    return _page(request, form)


def _row(request: HttpRequest, pk: int) -> Village:
    return get_object_or_404(Village.objects.visible_to(request.viewer).select_related("town"), pk=pk)


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _row(request, pk), NameForm(request.POST, prefix=str(pk))
    if form.is_valid():
        try:
            villages.rename(village=row, name=form.cleaned_data["name"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, URL, "已经改名。")
    return _page(request, form, pk)


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    form = NameForm({}, prefix=str(pk))
    try:
        villages.close(village=_row(request, pk), by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, pk)
    return done(request, URL, "已经登记撤并，以后不能再选。")
