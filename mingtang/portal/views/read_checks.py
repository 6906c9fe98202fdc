"""看得懂吗: whoever holds a slip answers three questions, then sees the passages. Nobody is asked who they are."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.lib.errors import Refused
from mingtang.scrutiny import reading
from mingtang.scrutiny.models import ReadCheck

UNSURE = "no"


class SlipForm(forms.Form):
    number = forms.CharField(
        label="编号",
        max_length=20,
        help_text="印在纸条上，例如 K001023。",
        error_messages={"required": "请填写纸条上的编号。"},
    )
    code = forms.CharField(
        label="答题码",
        max_length=20,
        help_text="印在编号下面，八位。",
        error_messages={"required": "请填写纸条上的答题码。"},
    )


class AnswerForm(forms.Form):
    """The slip, carried along, and a choice for each question."""

    number = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, check: ReadCheck, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        for place, one in enumerate(check.questions):
            choices = [*((str(number), option) for number, option in enumerate(one["options"])), (UNSURE, "不知道")]
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=f"{place + 1}. {one['text']}",
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "请选一个，不知道的选“不知道”。",
                    "invalid_choice": "请从列出的里面选一个。",
                },
            )

    def choices(self) -> list[int | None]:
        typed = [self.cleaned_data[f"q{place}"] for place in range(reading.QUESTIONS)]
        return [None if one == UNSURE else int(one) for one in typed]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Number and code; then the questions; then the passages."""
    form = SlipForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        check = reading.find(request.town, number, code).check_of
        if "answer" not in request.POST:
            return _page(request, AnswerForm(None, check=check, initial={"number": number, "code": code}), check)
        answers = AnswerForm(request.POST, check=check)
        if not answers.is_valid():
            return _page(request, answers, check)
        check = reading.answer(town=request.town, number=number, code=code, choices=answers.choices())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form)
    context = {"check": check, "document": check.edition.document, "title": check.edition.revision.title}
    return render(request, "portal/read/done.html", {"trail": [("看得懂吗", None)], **context})


def _page(request: HttpRequest, form: forms.Form, check: ReadCheck | None = None) -> HttpResponse:
    context = {"trail": [("看得懂吗", None)], "form": form, "check": check}
    return render(request, "portal/read/index.html", context, status=422 if form.errors else 200)
