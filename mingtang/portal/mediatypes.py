"""Content types by the ending of a path: for pages, and for the files under /assets/."""

import os

HTML = "text/html; charset=utf-8"
_PAGES = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".bpmn": "application/xml",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_ASSETS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_PACKED = ("application/pdf", "image/png", "image/jpeg", "image/webp", "application/zip", "application/octet-stream")


def page_type(path: str) -> str:
    """The type a web server would give a page by its path alone: HTML unless the ending says otherwise."""
    return _PAGES.get(os.path.splitext(path)[1], HTML)


def asset_type(path: str) -> str:
    """The type of a file under /assets/; bytes without meaning when the ending is unknown."""
    return _ASSETS.get(os.path.splitext(path)[1].lower(), "application/octet-stream")


def worth_compressing(content_type: str) -> bool:
    """False for types that are compressed already."""
    return not content_type.startswith(_PACKED)
