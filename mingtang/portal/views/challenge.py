"""和我遇到的不一样: a short form beside each published fee, promise and line; followed like every matter."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.portal import challenged
from mingtang.voices import challenges
from mingtang.voices.actions import MAX_TOLD
from mingtang.voices.challenges import MAX_PHONE, MAX_SHORT, Met
from mingtang.voices.enums import MatterKind
from mingtang.voices.matters import DAYS


class ChallengeForm(forms.Form):
    text = forms.CharField(
        label="哪里不一样",
        max_length=MAX_TOLD,
        widget=forms.Textarea,
        help_text="例如：公布的是 5 元，收了我 8 元。这段话封存，不公开。",
        error_messages={"required": "请写明哪里不一样，例如：收了我 30 元。"},
    )
    when = forms.CharField(label="什么时候", max_length=MAX_SHORT, required=False, help_text="例如：3月2日上午。")
    where = forms.CharField(label="在哪里", max_length=MAX_SHORT, required=False, help_text="例如：营业厅 2 号窗口。")
    phone = forms.CharField(label="电话", max_length=MAX_PHONE, required=False, help_text="想接电话才填，不公开。")
    photo = forms.FileField(
        label="照片", required=False, help_text="收据、价目牌都可以。JPG 或 PNG，不超过 8 MB，封存，不公开。"
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, what: str, code: str, row: str) -> HttpResponse:
    """What is challenged is known from the address; number and code come at once."""
    claim, back = challenged.claim(request, what, code, row)
    form = ChallengeForm(request.POST, request.FILES) if request.method == "POST" else ChallengeForm()
    token = str(form_token(request.POST.get("form_token", "")))
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        photo = typed.pop("photo")
        try:
            made = challenges.challenge(
                claim=claim, met=Met(**typed), submission=token, photo=(photo.name, photo.file) if photo else None
            )
            return HttpResponseRedirect(f"/utilities/matters/mine?number={made.matter.number}&code={made.code}")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {
        "trail": [(str(claim.unit), back), ("和我遇到的不一样", None)],
        "claim": claim,
        "back": back,
        "form": form,
        "form_token": token,
        "days": DAYS[MatterKind.CHALLENGE],
        "slip_url": f"/services/{code}/slip" if what == "item" else "",
    }
    return render(request, "portal/challenge.html", context, status=422 if form.errors else 200)
