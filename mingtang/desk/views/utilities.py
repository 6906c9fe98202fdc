"""公用单位 at the desk: what each must publish and how it stands; taking one in, naming who answers for it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import samples_shown, shown, todo
from mingtang.desk.access import UTILITIES, done, page, staff_required
from mingtang.desk.forms import PICK, said
from mingtang.disclosure import utilities
from mingtang.disclosure.models import Edition
from mingtang.disclosure.states import OPEN
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.enums import UnitKind
from mingtang.people.models import Post
from mingtang.utilities import tenants
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.models import Interruption, Tenant
from mingtang.voices.enums import MatterState
from mingtang.voices.models import Matter

STATES = {
    "filled": ("公开了", "done"),
    "waiting": ("还没到期", "todo"),
    "late": ("该出新的", "late"),
    "empty": ("该公开还没有", "late"),
}


class OwnerForm(forms.Form):
    """``posts``: from which the owner is chosen."""

    owner = forms.ModelChoiceField(
        Post.objects.none(),
        label="责任岗位",
        error_messages=PICK,
        help_text="公用单位自己的岗位。缺了什么，公开页上写它的名字。",
    )

    def __init__(self, *args: Any, posts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].queryset = posts.select_related("unit").order_by("unit__order", "pk")


def _free_posts(request: HttpRequest) -> Any:
    """The posts of the utilities that are not tenants yet."""
    rows = Post.objects.visible_to(request.viewer).filter(unit__kind=UnitKind.UTILITY, unit__dissolved_on__isnull=True)
    return rows.filter(unit__tenancy__isnull=True).exclude(unit__trade="")


@staff_required(*UTILITIES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every utility the person may see with how many of its duties are open; one's own is opened at once."""
    held = list(Tenant.objects.visible_to(request.viewer).select_related("unit", "town", "owner"))
    if request.viewer.tenant and len(held) == 1:
        return _show(request, held[0])
    return _index(request)


def _index(request: HttpRequest, form: OwnerForm | None = None) -> HttpResponse:
    mine = request.viewer.tenant
    rows = [
        (tenant, sum(one.state in ("late", "empty") for one in found), len(found))
        for tenant, found in utilities.of_town(request.town)
        if not mine or tenant.unit_id in mine
    ]
    posts = _free_posts(request)
    if form is None and request.viewer.may(P.CATALOGUE_KEEP) and posts.exists():
        form = OwnerForm(posts=posts)
    may_matters = bool(request.viewer.powers.intersection((P.TENANT_KEEP, P.OVERSEE)))
    context = {
        "rows": rows,
        "form": form,
        "may_matters": may_matters,
        "may_villages": request.viewer.may(P.CATALOGUE_KEEP),
    }
    status = 422 if form and form.errors else 200
    return page(request, "desk/utilities/index.html", context, active="utilities", status=status)


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def admit(request: HttpRequest) -> HttpResponse:
    form = OwnerForm(request.POST, posts=_free_posts(request))
    if form.is_valid():
        owner = form.cleaned_data["owner"]
        try:
            tenants.admit(unit=owner.unit, owner=owner, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/utilities/{owner.unit.code}", f"{owner.unit}已经进驻，公开页上看得到它。")
    return _index(request, form)


def tenant_or_404(request: HttpRequest, code: str) -> Tenant:
    rows = Tenant.objects.visible_to(request.viewer).select_related("unit", "town", "owner__unit")
    return get_object_or_404(rows, unit__code=code)


def _show(request: HttpRequest, tenant: Tenant, form: OwnerForm | None = None) -> HttpResponse:
    rows = Edition.objects.visible_to(request.viewer).filter(document__unit=tenant.unit_id, state__in=OPEN)
    rows = rows.select_related("document", "revision").defer("revision__body_html", "revision__body_text")
    if form is None and request.viewer.may(P.CATALOGUE_KEEP):
        posts = Post.objects.visible_to(request.viewer).filter(unit=tenant.unit_id)
        form = OwnerForm(posts=posts, initial={"owner": tenant.owner_id})
    cuts = Interruption.objects.visible_to(request.viewer).filter(unit=tenant.unit_id)
    context = {
        "tenant": tenant,
        "standings": [(one, *STATES[one.state]) for one in utilities.of_tenant(tenant)],
        "drafts": {row.document.kind: row for row in rows},
        "under_way": [todo.edition_row(row, row.state_title) for row in rows.order_by("pk")],
        "may_draft": request.viewer.may(P.DOCUMENT_DRAFT),
        "may_tell": tenant.unit_id in request.viewer.tenant,
        "cuts": cuts.filter(state__in=(InterruptionState.PROPOSED, InterruptionState.OUT)).order_by("starts_at"),
        "now": timezone.now(),
        "matters": _waiting(request, tenant),
        "samples": samples_shown.todo_rows(request) if tenant.unit_id in request.viewer.tenant else [],
        "form": form,
        "history": shown.history(request.town, tenant.subject),
    }
    status = 422 if form and form.errors else 200
    return page(request, "desk/utilities/show.html", context, active="utilities", status=status)


def _waiting(request: HttpRequest, tenant: Tenant) -> int | None:
    """How many matters of the unit wait for its answer, for whoever may see them."""
    if not request.viewer.powers.intersection((P.TENANT_KEEP, P.OVERSEE)):
        return None
    rows = Matter.objects.visible_to(request.viewer).filter(unit=tenant.unit_id, state=MatterState.OPEN)
    return rows.count()


@staff_required(*UTILITIES)
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    return _show(request, tenant_or_404(request, code))


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    tenant = tenant_or_404(request, code)
    form = OwnerForm(request.POST, posts=Post.objects.visible_to(request.viewer).filter(unit=tenant.unit_id))
    if form.is_valid():
        try:
            tenants.hand_over(tenant=tenant, owner=form.cleaned_data["owner"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/utilities/{code}", "已经换了责任岗位。")
    return _show(request, tenant, form)
