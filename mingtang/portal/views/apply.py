"""Applying online, with an account or without: say what the case is like, fill in, read once more, hand in."""

from contextlib import suppress
from typing import Any

from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.accounts import actions as accounts
from mingtang.accounts import session
from mingtang.cases import actions, drafts
from mingtang.cases.applicant_form import PROOF, SELF
from mingtang.cases.applicants import Applicant
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import CARD
from mingtang.lib.masking import mask_id
from mingtang.portal import opened
from mingtang.portal.applying import Draft
from mingtang.portal.forms import ApplyForm
from mingtang.portal.views.services import item_in_force
from mingtang.rulebook import situations
from mingtang.rulebook.guide_words import days_text
from mingtang.rulebook.models import Item

UNSURE = "请对照证件再看一遍；没有填错的，打上勾再往下走。"
SECTIONS = (
    ("您是谁", ("kind", "name", "id_number"), "只用来办这一件事，加密保存，不公开。"),
    ("怎样联系您", ("phone", "address", "tell_by", "email"), ""),
    ("单位申请的再填", ("organisation", "uscc"), ""),
)
STALE = "您填写的时候，这个事项发布了新版。您填的都还在，请对照新版再看一遍。"


def _page(draft: Draft, stage: str, *, status: int = 200, **more: Any) -> HttpResponse:
    item, spec = draft.item, draft.spec
    context = {
        "trail": [("办事服务", "/services/"), (spec.name, draft.base), ("申请", None)],
        "item": {
            "title": spec.name,
            "code": item.code,
            "version": item.current.number,
            "url": draft.base,
            "days_text": days_text(spec),
        },
        "stage": stage,
        "situations": spec.situations,
        "form_token": draft.kept.token,
        "kept": draft.kept.signed(),
        "form": draft.form,
        "version": item.current.pk,
        "revision": draft.revision,
        "keepable": not draft.preview,
        "resident": None if draft.preview else session.current(draft.request),
        "fresh": not draft.preview and draft.request.method == "GET" and "draft" not in draft.request.GET,
        **more,
    }
    template = "portal/services/apply_preview.html" if draft.preview else "portal/services/apply.html"
    return render(draft.request, template, context, status=status)


def _ask(draft: Draft, *, said: bool, note: str = "") -> HttpResponse:
    """The questions. ``said``: they were sent, so that what is wrong with them, or bars, is told."""
    wrong = draft.wrong if said else {}
    return _page(
        draft,
        "ask",
        given=draft.given,
        wrong=wrong,
        note=note,
        barred=draft.barred if said else "",
        hidden=draft.typed(),
        status=422 if wrong or note else 200,
    )


def _fill(draft: Draft, errors: dict[str, str], unsure: str = "") -> HttpResponse:
    sections = [
        {"title": title, "hint": hint, "fields": [draft.form[name] for name in names if name in draft.form.fields]}
        for title, names, hint in SECTIONS
        if any(name in draft.form.fields for name in names)
    ]
    rows = [
        {
            "code": material.key,
            "name": material.name,
            "form": material.form,
            "copies": material.copies,
            "required": material.required,
            "note": "　".join(text for text in (material.standard, material.note) if text),
            "how": draft.how(material),
            "pledge": material.pledge,
            "kept": [{"name": name, "size": size} for _, name, size in draft.kept.files.get(material.key, [])],
            "error": errors.get(material.key),
        }
        for material in draft.asked
    ]
    if draft.unproved:
        errors = errors | {PROOF: draft.unproved}
    bad = bool(draft.form.errors or errors)
    return _page(
        draft,
        "fill",
        sections=sections,
        materials=rows,
        answered=situations.words(draft.spec, draft.answers),
        bill=draft.bill,
        barred=draft.barred,
        hidden=draft.carried(),
        proof={
            "kept": [{"name": name, "size": size} for _, name, size in draft.kept.files.get(PROOF, [])],
            "error": errors.get(PROOF, ""),
        },
        doubts=draft.doubts,
        sure=draft.sure,
        unsure=unsure,
        status=422 if bad or unsure else 200,
    )


def _review(draft: Draft, **more: Any) -> HttpResponse:
    form = draft.form
    rows = [{"label": question, "value": said} for question, said in situations.words(draft.spec, draft.answers)]
    rows += [{"label": form.fields[name].label, "value": _shown(form, name)} for name in _told(form)]
    for material in draft.asked:
        files = draft.kept.files.get(material.key, [])
        value = f"书面承诺：{material.pledge}" if draft.pledged(material) else "带到窗口"
        rows.append({"label": material.name, "value": "、".join(name for _, name, _ in files) if files else value})
    how = [(f"how_{material.key}", draft.how(material)) for material in draft.asked]
    typed = [(name, form.cleaned_data[name]) for name in form.fields if form.cleaned_data.get(name)]
    sure = [("sure", "".join(draft.doubts.values()))] if draft.sure else []
    return _page(
        draft,
        "review",
        rows=rows,
        bill=draft.bill,
        barred=draft.barred,
        hidden=[*draft.carried(), *typed, *how, *sure],
        **more,
    )


def _told(form: ApplyForm) -> list[str]:
    """The fields worth reading again: what was filled in, of whoever acts only where somebody does."""
    alone = form.cleaned_data["acts_as"] == SELF
    usual = {"acts_as": SELF, "id_paper": CARD, "acting_id_paper": CARD}
    return [
        name
        for name, value in form.cleaned_data.items()
        if value and usual.get(name) != value and not (alone and name.startswith("acting_"))
    ]


def _shown(form: ApplyForm, name: str) -> str:
    value = form.cleaned_data[name]
    if value is True:
        return "是"
    if isinstance(form.fields[name], ChoiceField):
        return dict(form.fields[name].choices)[value]
    return mask_id(value) if name.endswith("id_number") else value


def _submit(draft: Draft, applicant: Applicant) -> HttpResponse:
    try:
        done = actions.submit(
            version=draft.item.current,
            applicant=applicant,
            answers=draft.answers,
            received=draft.received(),
            submission=draft.kept.token,
            key=draft.kept.payload_key(draft.item.current),
            told=draft.told,
            sure=draft.sure,
        )
    except Refused as refusal:
        draft.refuse(refusal)
        return _fill(draft, {})
    opened.remember(draft.request, done.case, done.code)
    if resident := session.current(draft.request):
        # Closed in another browser at this very moment: the case stands without it.
        with suppress(Refused):
            accounts.add_case(resident=resident, case=done.case)
    return HttpResponseRedirect(f"/cases/{done.case.number}/receipt")


def _keep(draft: Draft, errors: dict[str, str]) -> HttpResponse:
    """Keep it as it stands; only a file that could not be taken is told first."""
    if errors:
        return _fill(draft.unchecked(), errors)
    try:
        saved = draft.keep()
    except Refused as refusal:
        if draft.wrong:
            return _ask(draft, said=False, note=refusal.message)
        return _fill(draft.stopped(refusal.message), {})
    opened.remember_draft(draft.request, saved)
    if resident := session.current(draft.request):
        with suppress(Refused):
            accounts.add_draft(resident=resident, draft=saved)
    return HttpResponseRedirect(f"/drafts/{saved.pk}")


def _autosave(draft: Draft) -> HttpResponse:
    """Asked by the script while somebody types: what stands there goes into the draft that is kept already."""
    if draft.preview or draft.revision is None:
        raise Http404
    errors = draft.take_files(dropping=False)
    try:
        saved = draft.keep(draft.revision)
    except Refused as refusal:
        over = isinstance(refusal, drafts.Overtaken)
        return JsonResponse({"said": refusal.message, "over": over}, status=409)
    said = f"已自动保存 {timezone.localtime(saved.kept_at):%H:%M}"
    return JsonResponse({"said": "。".join([said, *errors.values()]), "revision": saved.revision})


def _begin(request: HttpRequest, item: Item) -> Draft | None:
    """A new form, what was sent, or what was kept; None when that is not open in this browser."""
    pk = request.GET.get("draft", "")
    if request.method == "POST" or not pk:
        return Draft.of(request, item)
    saved = opened.opened_draft(request, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    return Draft.resumed(request, saved) if saved and saved.item_id == item.pk else None


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Three screens and one act. Sent twice, the same case comes back."""
    item = item_in_force(request, code)
    if not item.current.spec.online:
        return HttpResponseRedirect(f"/services/{code}")
    draft = _begin(request, item)
    return walk(draft) if draft else HttpResponseRedirect("/drafts/")


def walk(draft: Draft) -> HttpResponse:
    """The screen that comes next; ``stage`` is where the pressed button leads."""
    if draft.request.method == "GET":
        return _ask(draft, said=not draft.wrong) if draft.wrong or draft.barred else _fill(draft, {})
    stage = draft.request.POST.get("stage", "review")
    if stage == "autosave":
        return _autosave(draft)
    errors = draft.take_files()
    if draft.stale:
        return _ask(draft, said=True, note=STALE) if draft.spec.situations else _fill(draft.stopped(STALE), errors)
    if stage == "keep" and not draft.preview:
        return _keep(draft, errors)
    if draft.wrong or (draft.barred and not draft.told):
        return _ask(draft, said=stage != "ask")
    if stage == "ask" and draft.spec.situations and not errors:
        return _ask(draft, said=False)
    applicant = draft.applicant()
    if stage in {"ask", "fill"}:
        return _fill(draft.unchecked(), errors)
    if stage == "review":
        errors = draft.without_file() | errors
    unsure = UNSURE if draft.doubts and not draft.sure else ""
    if applicant is None or errors or unsure:
        return _fill(draft, errors, unsure)
    if stage == "submit" and draft.preview:
        return _review(draft, over=True)
    return _submit(draft, applicant) if stage == "submit" else _review(draft)
