"""Handing out the files of a guide."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingtang.files.actions import response
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.portal.views.services import item_known
from mingtang.rulebook.models import Version


@require_safe
def enclosure(request: HttpRequest, code: str, sha256: str, name: str) -> HttpResponse:
    """A file as a download: one that the public version names, for staff one that any version of the item names.

    Nothing else of the store is reached from here: a sealed file is somebody's own paper.
    """
    staff = any(power.startswith("item.") for power in request.viewer.powers)
    versions = (
        list(Version.objects.visible_to(request.viewer).filter(item__code=code).defer("bpmn"))
        if staff
        else [item_known(request, code).current]
    )
    named = any((file.sha256, file.name) == (sha256, name) for version in versions for file in version.spec.files)
    stored = StoredFile.objects.visible_to(request.viewer).filter(sha256=sha256, sealed=False).first()
    if not named or stored is None:
        raise Http404
    try:
        answer = response(stored, name=name)
    except Refused as refusal:
        raise Http404 from refusal
    if staff:
        answer["Cache-Control"] = "private, no-store"
    return answer
