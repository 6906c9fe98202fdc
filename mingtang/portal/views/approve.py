"""A leader without an account opens a link, says the code they were told, reads the document, signs or returns it.

Nothing of the document stands here before the code was right, nothing personal in the address; no page is stored by a
server or a browser, or taken up by a search engine.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from mingtang.disclosure import outside, requirements
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import ApprovalLink, Attachment
from mingtang.disclosure.stories.reading import told
from mingtang.files.actions import response as file_response
from mingtang.files.policies import size_label
from mingtang.lib.errors import Refused

OPENED, MINUTES = "approving", 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; with the right one the document, and two buttons."""
    link = _found(request, token)
    if not outside.is_live(link):
        return _draw(request, link, token, gone=True, status=410)
    act, trouble, reason = request.POST.get("act", ""), "", request.POST.get("reason", "")
    try:
        if request.method == "POST" and act == "open":
            outside.check_code(link=link, token=token, code=request.POST.get("code", "")[:40])
            return _opened(HttpResponseRedirect(f"/approve/{token}"), link, token)
        if request.method == "POST" and act in ("sign", "return") and _is_open(request, link):
            edition = outside.sign(link=link) if act == "sign" else outside.send_back(link=link, reason=reason)
            return _draw(request, link, token, done=edition.state_title)
    except Refused as refusal:
        trouble = refusal.message
    return _draw(request, link, token, trouble=trouble, reason=reason, status=422 if trouble else 200)


@never_cache
@require_safe
def attachment(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """An attachment of the text that is to be signed, for who has said the code."""
    link = _found(request, token)
    if not (outside.is_live(link) and _is_open(request, link)):
        raise Http404
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=pk, revision=link.edition.revision_id)
    return file_response(row.file, name=row.name)


def _found(request: HttpRequest, token: str) -> ApprovalLink:
    rows = ApprovalLink.objects.filter(edition__document__town=request.town)
    rows = rows.select_related("edition__document__town", "edition__revision", "approver")
    return get_object_or_404(rows, token_hash=outside.token_hash(token))


def _opened(answer: HttpResponse, link: ApprovalLink, token: str) -> HttpResponse:
    """Remember in this browser, on this address alone and for a while, that the code was right."""
    answer.set_signed_cookie(
        OPENED,
        str(link.pk),
        max_age=MINUTES * 60,
        path=f"/approve/{token}",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return answer


def _is_open(request: HttpRequest, link: ApprovalLink) -> bool:
    try:
        return request.get_signed_cookie(OPENED, "", max_age=MINUTES * 60) == str(link.pk)
    except BadSignature:
        return False


def _draw(request: HttpRequest, link: ApprovalLink, token: str, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"token": token, **more}
    if not more.get("gone") and not more.get("done") and _is_open(request, link):
        edition, document = link.edition, link.edition.document
        found = requirements.issues(document, edition.revision)
        story = told(document.town, edition.revision) if kind_of(document.kind).claims else None
        context |= {
            "edition": edition,
            "document": document,
            "approver": link.approver,
            "body": story.body if story else Markup(edition.revision.body_html),  # noqa: S704 (cleaned when written)
            "sources": story.sources if story else (),
            "stated": laid_out(kind_of(document.kind), edition.revision.facts),
            "attachments": [
                {
                    "name": row.name,
                    "url": f"/approve/{token}/files/{row.pk}",
                    "size": size_label(row.file.size),
                    "sha256": row.file.sha256,
                }
                for row in edition.revision.attachments.select_related("file")
            ],
            "found": [issue.sentence for issue in found if issue.blocks or issue.warns],
            "waivers": edition.revision.waivers.select_related("by"),
        }
    answer = render(request, "portal/approve.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
