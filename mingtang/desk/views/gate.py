"""The acts of the change gate: bind, call one action, say what it refused at its field."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mingtang.desk.access import ITEMS, done, staff_required
from mingtang.desk.gate_shown import ACTS, form_of, values_of
from mingtang.desk.views.items import version_of, version_page
from mingtang.lib.errors import Refused
from mingtang.rulebook import actions
from mingtang.rulebook.enums import VersionState


@staff_required(*ITEMS)
@require_POST
def act(request: HttpRequest, code: str, number: int, act: str) -> HttpResponse:
    """One act on a version; what was typed stays when it is refused."""
    if act not in ACTS:
        raise Http404
    version = version_of(request, code, number)
    form = form_of(act, version, request.POST)
    if form.is_valid():
        try:
            version = getattr(actions, act)(version=version, by=request.user, **values_of(form))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return version_page(request, version_of(request, code, number), form=form, act=act, status=422)
    said = ACTS[act].done
    if act == "check_basis" and version.state == VersionState.REFUSED:
        said = f"依据的级别不够，这份议案不能通过，已经公开：{version.refused_reason}"
    return done(request, f"/desk/items/{code}/{number}", said)
