"""Applying online without an account: fill in, read once more, hand in."""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from mingtang.cases import actions, applicants
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import ApplicantKind
from mingtang.events import vault
from mingtang.events.log import APPLICANT
from mingtang.events.models import PayloadKey
from mingtang.files import policies
from mingtang.files.actions import store
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_id
from mingtang.portal import opened
from mingtang.portal.forms import ApplicantForm
from mingtang.portal.views.services import days_text, fee_text, item_in_force
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.spec import Material

KEPT_FOR = 24 * 3600
SECTIONS = (
    ("您是谁", ("kind", "name", "id_number"), "只用来办这一件事，加密保存，不公开。"),
    ("怎样联系您", ("phone", "address"), ""),
    ("单位申请的再填", ("organisation", "uscc"), ""),
)


class Kept:
    """Files that were received while the form is filled in: signed, so that nobody can name another's file."""

    def __init__(self, token: str, key: int | None = None, files: dict[str, list[list[Any]]] | None = None) -> None:
        self.token, self.key, self.files = token, key, files or {}

    @classmethod
    def read(cls, request: HttpRequest) -> "Kept":
        token = request.POST.get("form_token", "")
        try:
            uuid.UUID(token)
        except ValueError:
            token = str(uuid.uuid4())
        try:
            data = signing.loads(request.POST.get("kept", ""), salt="apply", max_age=KEPT_FOR)
        except signing.BadSignature:
            return cls(token)
        return cls(token, data["key"], data["files"]) if data["token"] == token else cls(token)

    def signed(self) -> str:
        return signing.dumps({"token": self.token, "key": self.key, "files": self.files}, salt="apply", compress=True)

    def payload_key(self, version: Version) -> PayloadKey:
        if self.key is None:
            self.key = new_case_key(version).pk
        return PayloadKey.objects.get(pk=self.key, town=version.item.town)

    def add(self, version: Version, material: Material, uploads: list[Any]) -> None:
        key = self.payload_key(version)
        for upload in uploads:
            stored = store(
                town=version.item.town,
                name=upload.name,
                stream=upload,
                by=APPLICANT,
                purpose="case_material",
                allowed=policies.MATERIALS,
                seal_key=vault.key_bytes(key),
            )
            shown = [stored.pk, policies.clean_name(upload.name), policies.size_label(upload.size)]
            self.files.setdefault(material.key, []).append(shown)


def _asked(item: Item) -> list[Material]:
    return [material for material in item.current.spec.materials if not material.fetched_by_us]


def _material_rows(item: Item, kept: Kept, request: HttpRequest, errors: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": material.key,
            "name": material.name,
            "form": material.form,
            "copies": material.copies,
            "note": material.standard,
            "how": _how(request, kept, material),
            "kept": [{"name": name, "size": size} for _, name, size in kept.files.get(material.key, [])],
            "error": errors.get(material.key),
        }
        for material in _asked(item)
    ]


def _how(request: HttpRequest, kept: Kept, material: Material) -> str:
    """By which way a material comes: a file that is here has been uploaded, whatever the radio still says."""
    return "upload" if kept.files.get(material.key) else request.POST.get(f"how_{material.key}", "window")


def _take_files(request: HttpRequest, item: Item, kept: Kept) -> dict[str, str]:
    """Store what came; returns a sentence per slot that could not be taken. What was taken stays.

    A file chosen beside "带到窗口" is taken too: nobody chooses a file to have it thrown away unsaid. Only what an
    earlier screen took, and is now to be brought to the window instead, is left out.
    """
    errors = {}
    for material in _asked(item):
        uploads = request.FILES.getlist(f"file_{material.key}")
        if request.POST.get(f"how_{material.key}") == "window" and not uploads:
            kept.files.pop(material.key, None)
            continue
        try:
            kept.add(item.current, material, uploads)
        except Refused as refusal:
            errors[material.key] = refusal.message
            continue
        if request.POST.get(f"how_{material.key}") == "upload" and not kept.files.get(material.key):
            errors[material.key] = "选了“现在上传”，但是还没有选文件。请选文件，或者改选“带到窗口”。"
    return errors


def _serves_organisations(item: Item) -> bool:
    return any(served != "自然人" for served in item.current.spec.served)


def _applicant(form: ApplicantForm) -> Applicant:
    typed = {name: form.cleaned_data.get(name, "") for name in ApplicantForm.base_fields}
    return Applicant(**typed | {"kind": typed["kind"] or ApplicantKind.PERSON})


def _checked(form: ApplicantForm) -> Applicant | None:
    """The applicant, or None with the sentence at its field."""
    if not form.is_valid():
        return None
    try:
        return applicants.check(_applicant(form), today=timezone.localdate())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


def _page(
    request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    spec = item.current.spec
    context = {
        "trail": [("办事服务", "/services/"), (spec.name, f"/services/{item.code}"), ("申请", None)],
        "item": {
            "title": spec.name,
            "code": item.code,
            "version": item.current.number,
            "url": f"/services/{item.code}",
            "days_text": days_text(spec),
            "fee_text": fee_text(spec),
        },
        "form_token": kept.token,
        "kept": kept.signed(),
        "form": form,
        "version": item.current.pk,
        **more,
    }
    return render(request, "portal/services/apply.html", context, status=status)


def _fill(request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm, errors: dict[str, str]) -> HttpResponse:
    sections = [
        {"title": title, "hint": hint, "fields": [form[name] for name in names if name in form.fields]}
        for title, names, hint in SECTIONS
        if any(name in form.fields for name in names)
    ]
    rows = _material_rows(item, kept, request, errors)
    bad = bool(form.errors or errors)
    return _page(request, item, kept, form, stage="fill", sections=sections, materials=rows, status=422 if bad else 200)


def _review(request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm) -> HttpResponse:
    rows = [
        {"label": field.label, "value": _shown(form, name)}
        for name, field in form.fields.items()
        if form.cleaned_data.get(name)
    ]
    for material in _asked(item):
        files = kept.files.get(material.key, [])
        rows.append({"label": material.name, "value": "、".join(name for _, name, _ in files) if files else "带到窗口"})
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in [*_entry(form, item, request, kept), ("version", str(item.current.pk))]
    )
    return _page(request, item, kept, form, stage="review", rows=rows, hidden=hidden)


def _shown(form: ApplicantForm, name: str) -> str:
    value = form.cleaned_data[name]
    if name == "kind":
        return dict(form.fields["kind"].choices)[value]
    return mask_id(value) if name == "id_number" else value


def _entry(form: ApplicantForm, item: Item, request: HttpRequest, kept: Kept) -> list[tuple[str, str]]:
    typed = [(name, form.cleaned_data.get(name, "")) for name in form.fields]
    how = [(f"how_{material.key}", _how(request, kept, material)) for material in _asked(item)]
    return typed + how


def _submit(request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm, applicant: Applicant) -> HttpResponse:
    if request.POST.get("version") != str(item.current.pk):
        form.add_error(None, "您填写的时候，这个事项发布了新版。您填的都还在，请对照新版再看一遍材料。")
        return _fill(request, item, kept, form, {})
    asked = _asked(item)
    files = {
        key: list(StoredFile.objects.filter(pk__in=[row[0] for row in rows], town=item.town))
        for key, rows in kept.files.items()
    }
    received = Received(
        files={key: rows for key, rows in files.items() if rows},
        to_bring=frozenset(material.key for material in asked if not files.get(material.key)),
    )
    try:
        done = actions.submit(
            version=item.current,
            applicant=applicant,
            received=received,
            submission=kept.token,
            key=kept.payload_key(item.current),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _fill(request, item, kept, form, {})
    opened.remember(request, done.case, done.code)
    return HttpResponseRedirect(f"/cases/{done.case.number}/receipt")


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Two screens and one act. Sent twice, the same case comes back."""
    item = item_in_force(request, code)
    if not item.current.spec.online:
        return HttpResponseRedirect(f"/services/{code}")
    organisations = _serves_organisations(item)
    if request.method == "GET":
        return _fill(request, item, Kept(str(uuid.uuid4())), ApplicantForm(organisations=organisations), {})
    kept, form = Kept.read(request), ApplicantForm(request.POST, organisations=organisations)
    stage = request.POST.get("stage", "review")
    if stage == "fill":
        again = ApplicantForm(initial=request.POST.dict(), organisations=organisations)
        return _fill(request, item, kept, again, {})
    errors = _take_files(request, item, kept) if stage == "review" else {}
    applicant = _checked(form)
    if applicant is None or errors:
        return _fill(request, item, kept, form, errors)
    if stage == "submit":
        return _submit(request, item, kept, form, applicant)
    return _review(request, item, kept, form)
