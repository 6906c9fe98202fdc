"""事项目录: the whole catalogue as a spreadsheet, downloaded, sent in, and what became of each file."""

from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.desk.access import EDITORS, ITEMS, denied, page, staff_required
from mingtang.files.policies import size_label
from mingtang.files.sniff import KINDS
from mingtang.lib.errors import Refused
from mingtang.rulebook.catalogue import jobs
from mingtang.rulebook.catalogue.exporting import export_items
from mingtang.rulebook.enums import ImportState
from mingtang.rulebook.models import CatalogueImport, Item

LAST = 10
REFRESH_SECONDS = 3
TONES = {"waiting": "todo", "running": "now", "done": "done", "refused": "stop"}
HOME = "/desk/items/import"


@staff_required(*ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Export, import, and the files of late. A file sent in is received here and worked on elsewhere."""
    error = ""
    if request.method == "POST":
        if not request.viewer.powers.intersection(EDITORS):
            return denied(request, EDITORS)
        try:
            return HttpResponseRedirect(f"{HOME}/{_received(request).pk}")
        except Refused as refusal:
            error = refusal.message
    context = {
        "error": error,
        "may_import": bool(request.viewer.powers.intersection(EDITORS)),
        "limit": size_label(settings.UPLOAD_LIMIT),
        "items": Item.objects.visible_to(request.viewer).count(),
        "rows": [
            {"job": job, "tone": TONES[job.state]}
            for job in CatalogueImport.objects.visible_to(request.viewer)
            .select_related("file", "by")
            .defer("problems")
            .order_by("-pk")[:LAST]
        ],
    }
    return page(request, "desk/catalogue/index.html", context, active="items", status=422 if error else 200)


def _received(request: HttpRequest) -> CatalogueImport:
    upload = request.FILES.get("table")
    if upload is None:
        raise Refused("还没有选文件。请选一份 .xlsx 表格。")
    return jobs.receive(town=request.town, name=upload.name, stream=upload, by=request.user)


@staff_required(*ITEMS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one file is, or what became of it. The page asks again by itself while there is something to wait for."""
    jobs_here = CatalogueImport.objects.visible_to(request.viewer).select_related("file", "by")
    job = get_object_or_404(jobs_here, pk=pk)
    going = job.state in (ImportState.WAITING, ImportState.RUNNING)
    whole = [sentence for place, sentence in job.problems if not place]
    context: dict[str, Any] = {
        "job": job,
        "going": going,
        "step": jobs.STAGES.index(job.stage) + 1 if job.stage in jobs.STAGES else 0,
        "steps": len(jobs.STAGES),
        "whole": whole,
        "places": [] if whole else job.problems,
        "flaws": len(job.problems) + job.more,
        "may_import": bool(request.viewer.powers.intersection(EDITORS)),
    }
    response = page(request, "desk/catalogue/show.html", context, active="items")
    if going:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@staff_required(*ITEMS)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The town's catalogue as a file to download; ``which=newest`` takes drafts where there are any."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        export_items(request.town, file, newest=request.GET.get("which") == "newest")
    except Refused as refusal:
        file.close()
        messages.error(request, refusal.message)
        return HttpResponseRedirect(HOME)
    file.seek(0)
    name = f"{request.town.name}事项目录{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=KINDS["xlsx"].media_type)
