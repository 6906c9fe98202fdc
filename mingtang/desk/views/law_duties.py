"""法定任务 at the desk: what the law asks, taken over in one act of two persons."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.duties_shown import standing_row
from mingtang.desk.duty_forms import WhyForm, posts_of_town
from mingtang.desk.forms import PICK, said
from mingtang.lib.errors import Refused
from mingtang.oversight import lawful
from mingtang.oversight.models import Takeover
from mingtang.people.enums import Permission as P

KEEPERS = (P.DUTY_KEEP, P.OVERSEE)


class OwnersForm(forms.Form):
    """A post for each duty that nobody has taken over; one without a post is left for another day."""

    def __init__(self, *args: Any, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        usual = lawful.usual(request.town)
        for one in lawful.of_town(request.town):
            if one.state == "open":
                self.fields[one.row.code] = forms.ModelChoiceField(
                    posts_of_town(request.town),
                    label=one.row.name,
                    required=False,
                    empty_label="这次不接",
                    initial=usual.get(one.row.code),
                    help_text=one.row.basis,
                    error_messages=PICK,
                )


@staff_required(*KEEPERS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What was taken over and what not; asking for the rest."""
    form = OwnersForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        owners = {code: post for code, post in form.cleaned_data.items() if post}
        try:
            lawful.propose(town=request.town, owners=owners, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, "/desk/duties/law/", "已经提出，等另一个人同意。")
    return _page(request, form)


def _page(request: HttpRequest, form: forms.Form, bound: forms.Form | None = None) -> HttpResponse:
    waiting = Takeover.objects.visible_to(request.viewer).waiting().select_related("proposed_by").first()
    names = {post.code: str(post) for post in posts_of_town(request.town)} if waiting else {}
    context = {
        "form": form,
        "bound": bound,
        "rows": [standing_row(one) for one in lawful.of_town(request.town)],
        "items": lawful.items_of_law(request.town),
        "waiting": waiting,
        "asked": [(lawful.rows()[code].name, names.get(post, post)) for code, post in waiting.owners.items()]
        if waiting
        else [],
        "settles": waiting is not None and lawful.may_settle(waiting, request.user),
        "why": bound or WhyForm(prefix="refuse", town=request.town),
        "keeps": request.viewer.may(P.DUTY_KEEP),
    }
    wrong = form.errors or bound is not None
    return page(request, "desk/duties/law.html", context, active="duties", status=422 if wrong else 200)


@staff_required(*KEEPERS)
@require_POST
def settle(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """同意、不同意; the room decides who may."""
    row = get_object_or_404(Takeover.objects.visible_to(request.viewer), pk=pk)
    if name not in ("agree", "refuse"):
        raise Http404
    form = WhyForm(request.POST, prefix="refuse", town=request.town) if name == "refuse" else forms.Form(request.POST)
    if form.is_valid():
        try:
            if name == "agree":
                lawful.agree(takeover=row, by=request.user)
            else:
                lawful.refuse(takeover=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        message = "已经接下，从今天起算。第一格在一分钟里出现。" if name == "agree" else "已经退回。"
        return done(request, "/desk/duties/law/", message)
    return _page(request, OwnersForm(request=request), form)
