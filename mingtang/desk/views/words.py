"""词表 at the desk: the town's own words for the guard, each with its past; what lets more through by two persons."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import PICK, ReasonForm, said
from mingtang.disclosure import words
from mingtang.disclosure.enums import ListKind
from mingtang.disclosure.models import ListEntry
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

KEEPERS = (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)
PAGE = 100
STATES = {
    "live": ("在用", "done"),
    "waiting": ("等另一人同意启用", "today"),
    "ending": ("在用，等另一人同意停用", "today"),
    "ended": ("已停用", "todo"),
}
# act: what it runs, what is said afterwards.
ACTS = {
    "agree": (words.agree, "已经启用。"),
    "end": (words.end, "已经停用，或者等另一人同意停用。"),
    "agree_end": (words.agree_end, "已经停用。"),
    "keep": (words.keep, "照旧使用。"),
}


class WordForm(forms.Form):
    kind = forms.ChoiceField(
        label="放进哪个词表", choices=ListKind.choices, widget=forms.RadioSelect, error_messages=PICK
    )
    word = forms.CharField(
        label="词",
        max_length=words.MOST,
        help_text="错误的写法，或者姓名、地名、要放过的词、要解释的名词。",
        error_messages={"required": "请填写词。"},
    )
    right = forms.CharField(
        label="正确的写法、职务，或者解释",
        max_length=words.MOST,
        required=False,
        help_text="地名和放过的词不填。名词的解释显示在用到它的公开页上。",
    )
    reason = forms.CharField(
        label="依据",
        max_length=200,
        help_text="例如：县政府办2026年第3期网站通报。",
        error_messages={"required": "请写明依据，例如哪个文件、哪次通报。"},
    )


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The words by list; those that wait for somebody first."""
    query, kind = shown.asked(request, words.MOST), request.GET.get("kind", "")
    rows = ListEntry.objects.visible_to(request.viewer)
    if query:
        rows = rows.filter(Q(word__icontains=query) | Q(right__icontains=query))
    counts = dict(rows.values_list("kind").annotate(count=Count("pk")).order_by())
    labels = [("", "全部", sum(counts.values())), *((key, name, counts.get(key, 0)) for key, name in ListKind.choices)]
    kind = kind if kind in ListKind.values else ""
    found = rows.filter(kind=kind) if kind else rows
    entries = sorted(
        found.select_related("added_by")[: PAGE + 1], key=lambda row: row.state not in ("waiting", "ending")
    )
    context = {
        "q": query,
        "kind": kind,
        "tabs": shown.tabs(kind, labels, query, name="kind"),
        "rows": [(entry, *STATES[entry.state]) for entry in entries[:PAGE]],
        "more": len(entries) > PAGE,
        "keeps": not request.viewer.powers.isdisjoint(KEEPERS),
    }
    return page(request, "desk/words/index.html", context, active="info")


@staff_required(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a word; what was typed stays when it is refused."""
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            entry = words.add(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            waits = "，等另一位审查员或者签发人同意以后启用" if entry.state == "waiting" else "，马上生效"
            return done(request, f"/desk/words/{entry.pk}", f"已登记“{entry.word}”{waits}。")
    return page(request, "desk/words/new.html", {"form": form}, active="info", status=422 if form.errors else 200)


def _show(request: HttpRequest, pk: int, form: forms.Form | None = None, trouble: str = "") -> HttpResponse:
    rows = ListEntry.objects.visible_to(request.viewer)
    entry = get_object_or_404(rows.select_related("added_by", "starts_by", "ending_by", "ended_by"), pk=pk)
    word, tone = STATES[entry.state]
    context: dict[str, Any] = {
        "entry": entry,
        "word": word,
        "tone": tone,
        "beside": words.BESIDE.get(ListKind(entry.kind), ""),
        "keeps": not request.viewer.powers.isdisjoint(KEEPERS),
        "mine": request.user.pk in (entry.added_by_id if entry.state == "waiting" else entry.ending_by_id,),
        "form": form or ReasonForm(),
        "trouble": trouble,
        "history": shown.history(request.town, entry.subject),
    }
    status = 422 if trouble or (form and form.errors) else 200
    return page(request, "desk/words/show.html", context, active="info", status=status)


@staff_required(*DOCUMENTS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, pk)


@staff_required(*KEEPERS)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Agree to a word, ask that it ends, agree to that or not."""
    entry = get_object_or_404(ListEntry.objects.visible_to(request.viewer).select_related("town"), pk=pk)
    if name not in ACTS:
        raise Http404
    run, message = ACTS[name]
    form = ReasonForm(request.POST) if name == "end" else None
    if form and not form.is_valid():
        return _show(request, pk, form)
    try:
        run(entry=entry, by=request.user, **(form.cleaned_data if form else {}))
    except Refused as refusal:
        return _show(request, pk, form, refusal.message)
    return done(request, f"/desk/words/{pk}", message)
