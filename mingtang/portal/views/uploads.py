"""Uploads that go on after a lost connection: tus 1.0 (core, creation with upload, termination, expiration).

Both sites' forms use it by script; without one a form sends its files itself. Only the session that began an upload
finds it. Refusals are one sentence in plain text, which the script shows beside the file.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import http_date
from django.views.decorators.cache import never_cache

from mingtang.files import uploads
from mingtang.files.models import Upload
from mingtang.lib.errors import Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
PIECE = "application/offset+octet-stream"
GONE = "这次上传已经不在了。请重新选一次文件。"
View = Callable[..., HttpResponse]


def _say(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def tus(*methods: str) -> Callable[[View], View]:
    """The frame of the protocol: which method is meant, which version is spoken; nothing is cached."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
            method = request.headers.get("X-HTTP-Method-Override", request.method or "")
            if method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            if method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                return HttpResponse(status=412, headers={"Tus-Version": VERSION, "Tus-Resumable": VERSION})
            try:
                response = view(request, method, **kwargs)
            except Refused as refusal:
                response = _say(refusal.message, 413 if refusal.field == "size" else 422)
            response["Tus-Resumable"] = VERSION
            return response

        return never_cache(answer)

    return decorate


def _number(request: HttpRequest, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _piece(request: HttpRequest) -> bytes | HttpResponse:
    """The bytes that came, also when the rest of them was lost on the way; or why they are not read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.MOST_AT_ONCE:
        return _say("一次传得太多。请刷新这一页再传。", 413)
    if request.content_type != PIECE:
        return _say("传来的不是文件的一段。请刷新这一页再传。", 415)
    try:
        return request.body
    except UnreadablePostError:
        return b""


def _where(upload: Upload, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


@tus("OPTIONS", "POST")
def begin(request: HttpRequest, method: str) -> HttpResponse:
    """Begin with the first piece; the same file goes on where it stood."""
    if method == "OPTIONS":
        told = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(settings.UPLOAD_LIMIT)}
        return HttpResponse(status=204, headers=told)
    size, comes_empty = _number(request, "Upload-Length"), request.META.get("CONTENT_LENGTH") in {None, "", "0"}
    first = b"" if comes_empty else _piece(request)
    if isinstance(first, HttpResponse):
        return first
    if size is None or len(first) > size:
        return _say("上传的说明不完整。请刷新这一页，再选一次文件。", 400)
    metadata, owner = request.headers.get("Upload-Metadata", ""), uploads.become_owner(request.session)
    upload = uploads.begin(town=request.town, owner=owner, metadata=metadata, size=size, first=first)
    uploads.check(upload=upload)
    response = _where(upload, 201)
    response["Location"] = f"/uploads/{upload.handle}"
    return response


@tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, method: str, handle: str) -> HttpResponse:
    """Where it stands, the next piece, or an end to it."""
    found = uploads.of(request.town, uploads.owner_of(request.session), handle)
    if found is None:
        return _say(GONE, 404)
    if method == "DELETE":
        uploads.drop([found])
        return HttpResponse(status=204)
    if method == "HEAD":
        response = _where(found, 200)
        response["Upload-Length"], response["Upload-Metadata"] = str(found.size), uploads.said(found)
        return response
    offset, piece = _number(request, "Upload-Offset"), _piece(request)
    if isinstance(piece, HttpResponse):
        return piece
    try:
        found = uploads.append(upload=found, offset=-1 if offset is None else offset, piece=piece)
    except uploads.WrongOffset:
        return _say("这一段不是接着传的。", 409)
    except Upload.DoesNotExist:
        return _say(GONE, 404)
    uploads.check(upload=found)
    return _where(found, 204)
