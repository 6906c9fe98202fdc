"""归栏 of what was imported: what stands in no column yet, filed a kind at a time; the rules for what comes in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK, said
from mingtang.desk.views.columns import choosable
from mingtang.desk.views.money import before_of
from mingtang.disclosure import filing
from mingtang.disclosure.enums import KnownBy
from mingtang.disclosure.models import Document, Edition, FilingRule
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

PAGE, TITLES = 50, 10
UNFILED, FILE, RULES = "/desk/columns/unfiled", "/desk/columns/unfiled/file", "/desk/columns/rules"


class RuleForm(forms.Form):
    field = forms.ChoiceField(label="看来源的哪一项", choices=KnownBy.choices, error_messages=PICK)
    stated = forms.CharField(
        label="来源里是怎么写的",
        max_length=200,
        help_text="一个字都不能差。文件夹写导入的那个文件夹下面的路径，例如：财政/预算；它里面的各层都算。",
        error_messages={
            "required": "请写来源里是怎么写的，一个字都不能差。",
            "max_length": "写了 %(show_value)d 个字，最多 %(limit_value)d 个字。",
        },
    )
    columns = forms.ChoiceField(label="归到哪个栏目", error_messages=PICK)

    def __init__(self, *args: Any, groups: list[tuple[str, list[Any]]], **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(row.code, f"{heading}：{row.name}") for heading, listed in groups for row in listed]
        self.fields["columns"].choices = [("", "请选择"), *rows]


def _link(path: str, field: str, stated: str, **more: Any) -> str:
    """Unlike ``shown.link`` with the empty value, which asks for those that state nothing."""
    return f"{path}?{urlencode({'by': field, 'stated': stated, **more})}"


def _asked(query: Any) -> tuple[str, str | None]:
    """Which field the leftovers are told apart by, and what the chosen ones state in it."""
    field, stated = query.get("by", ""), query.get("stated")
    field = field if field in KnownBy.values else KnownBy.THEME
    return field, None if stated is None else stated.replace("\x00", "")


def _titled(rows: list[Document]) -> list[dict[str, Any]]:
    """Documents with their newest edition, which bears the title."""
    editions = Edition.objects.filter(document__in=rows).select_related("revision").order_by("number")
    newest = {edition.document_id: edition for edition in editions}
    return [{"document": row, "edition": newest[row.pk]} for row in rows]


@staff_required(P.CATALOGUE_KEEP)
@require_safe
def unfiled(request: HttpRequest) -> HttpResponse:
    """The leftovers of the imports, by what their source says of them."""
    field, stated = _asked(request.GET)
    every = filing.unfiled(request.town)
    rows = every if stated is None else filing.stating(every, field, stated)
    before = before_of(request)
    older = rows if before is None else rows.filter(pk__lt=before)
    listed = list(older.order_by("-pk")[: PAGE + 1])
    here = f"{UNFILED}?{urlencode({'by': field})}" if stated is None else _link(UNFILED, field, stated)
    context = {
        "total": every.count(),
        "count": rows.count(),
        "field": KnownBy(field),
        "stated": stated,
        "tabs": [(f"按{one.label}", f"{UNFILED}?by={one}", one == field) for one in KnownBy],
        "groups": [
            {"label": name or "（没有写）", "url": _link(UNFILED, field, name), "count": count}
            for name, count in filing.groups(every, field)
        ],
        "rows": _titled(listed[:PAGE]),
        "file_url": "" if stated is None else _link(FILE, field, stated),
        "older_url": f"{here}&before={listed[PAGE - 1].pk}" if len(listed) > PAGE else "",
        "newer_url": here if before is not None else "",
    }
    return page(request, "desk/columns/unfiled.html", context, active="columns")


@staff_required(P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def file_rest(request: HttpRequest) -> HttpResponse:
    """Choose columns for all leftovers of a kind, look at what that means, do it."""
    asked = request.POST if request.method == "POST" else request.GET
    field, stated = _asked(asked)
    if stated is None:
        raise Http404
    codes = [code.replace("\x00", "") for code in asked.getlist("columns")]
    remember = bool(asked.get("remember"))
    trouble, columns = "", {}
    try:
        if "look" in asked:
            columns = filing.chosen(request.town, codes)
        if request.method == "POST":
            count = filing.file_rest(
                town=request.town,
                field=field,
                stated=stated,
                codes=columns,
                seen=filing.Batch(_number(asked.get("count")), _number(asked.get("upto"))),
                remember=remember,
                by=request.user,
            )
            return done(request, f"{UNFILED}?by={field}", f"{count:,} 份归了栏。归错了的，打开那一份点“改归栏”。")
    except Refused as refusal:
        trouble = refusal.message
    rows = filing.stating(filing.unfiled(request.town), field, stated)
    batch = filing.batch(rows)
    if not batch.count:
        return done(request, UNFILED, "这一类已经没有要归栏的了。")
    context = {
        "field": KnownBy(field),
        "stated": stated,
        "batch": batch,
        "more": rows.count() - batch.count,
        "remember": remember,
        "trouble": trouble,
        "columns": sorted(columns.values(), key=lambda row: (row.scheme, row.order)),
        "list_url": _link(UNFILED, field, stated),
        "choose_url": _link(FILE, field, stated),
    }
    if columns:
        context["rows"] = _titled(list(rows.order_by("pk")[:TITLES]))
        template = "desk/columns/file_look.html"
    else:
        context |= {"groups": choosable(request.viewer), "held": codes}
        template = "desk/columns/file_choose.html"
    return page(request, template, context, active="columns", status=422 if trouble else 200)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@staff_required(P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, and a form for another; what of the leftovers it meets is looked at next."""
    groups = choosable(request.viewer)
    form = RuleForm(request.POST or None, groups=groups)
    if form.is_valid():
        field, stated, code = (form.cleaned_data[name] for name in ("field", "stated", "columns"))
        try:
            added = filing.add_rules(town=request.town, field=field, stated=stated, codes=[code], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            stated = filing.tidied(field, stated)
            message = "已经定下，以后导入的照它归栏。" if added else "这条规则早就有了。"
            if not filing.stating(filing.unfiled(request.town), field, stated).exists():
                return done(request, RULES, message)
            ahead = _link(FILE, field, stated, columns=code, look=1)
            return done(request, ahead, f"{message}现在还没有归栏的里面，也有符合的，请看一看。")
    context = {
        "form": form,
        "rows": FilingRule.objects.visible_to(request.viewer).select_related("column"),
        "left": filing.unfiled(request.town).count(),
    }
    return page(request, "desk/columns/rules.html", context, active="columns", status=422 if form.errors else 200)


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def end_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(FilingRule.objects.visible_to(request.viewer).select_related("column", "town"), pk=pk)
    filing.end_rule(rule=rule, by=request.user)
    return done(request, RULES, "已经取消，以后导入的不再照它归栏。归过的还在原来的栏目里。")
