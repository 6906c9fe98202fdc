"""公开指南 at the desk: the words of the town, an edition that waits for the second person."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.disclosure import guide
from mingtang.disclosure.guide_composed import compose
from mingtang.disclosure.models import GuideEdition
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

READERS = (P.CATALOGUE_KEEP, P.DOCUMENT_REVIEW)
HERE = "/desk/info/guide"


class WordsForm(forms.Form):
    """A field for each word of the pack."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for part in guide.parts():
            for word in part.words:
                self.fields[word.code] = forms.CharField(
                    label=word.label, help_text=word.hint, required=False, widget=forms.Textarea
                )


@staff_required(*READERS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What is in force, what waits, and the form of who writes."""
    keeps = request.viewer.may(P.CATALOGUE_KEEP)
    form = WordsForm(request.POST or None, initial=_newest(request))
    if request.method == "POST" and keeps and form.is_valid():
        try:
            guide.propose(town=request.town, words=form.cleaned_data, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, "已经送审。另一位保密审查员看过，才会公布。")
    return _page(request, form if keeps else None)


def _newest(request: HttpRequest) -> dict[str, str]:
    """The words somebody goes on from: those sent back, else those in force."""
    newest = GuideEdition.objects.visible_to(request.viewer).order_by("number").last()
    return newest.words if newest else {}


def _page(request: HttpRequest, form: WordsForm | None, back: ReasonForm | None = None) -> HttpResponse:
    rows = GuideEdition.objects.visible_to(request.viewer).select_related("author", "reviewer")
    waiting = rows.waiting().first()
    newest = rows.order_by("number").last()
    now = guide.words_of(request.town)
    words = [word for part in guide.parts() for word in part.words]
    context = {
        "composed": compose(request.viewer),
        "form": None if waiting else form,
        "waiting": waiting,
        "changes": [
            (word.label, now.get(word.code, ""), waiting.words.get(word.code, ""))
            for word in words
            if waiting.words.get(word.code, "") != now.get(word.code, "")
        ]
        if waiting
        else [],
        "may_review": bool(waiting) and request.viewer.may(P.DOCUMENT_REVIEW) and waiting.author_id != request.user.pk,
        "back": back or ReasonForm(),
        "returned": newest.returned_reason if newest and not waiting else "",
        "history": shown.history(request.town, f"guide:{request.town.code}"),
    }
    failed = (form and form.errors) or (back and back.errors)
    return page(request, "desk/info/guide.html", context, active="info", status=422 if failed else 200)


@staff_required(P.DOCUMENT_REVIEW)
@require_POST
def act(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Publish the edition that waits, or send it back with a reason."""
    edition = get_object_or_404(GuideEdition.objects.visible_to(request.viewer).select_related("town"), number=number)
    if name not in {"publish", "return"}:
        raise Http404
    form = ReasonForm(request.POST)
    try:
        if name == "publish":
            guide.publish(edition=edition, by=request.user)
            return done(request, HERE, "已经公布，公开页上看得到。")
        guide.send_back(edition=edition, by=request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        form.is_valid()
        form.errors.clear()
        said(form, refusal)
        return _page(request, None, form)
    return done(request, HERE, "已经退回，起草人会看到理由。")
