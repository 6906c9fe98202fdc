"""A form as a browser would send it: every control of a page with what stands in it."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

Sent = dict[str, Any]


class _Reader(HTMLParser):
    """Successful controls of the one form that holds ``base`` (HTML 4.10.22)."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.chosen: list[str] = []
        self.first = ""

    def put(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        had = dict(given)
        name = had.get("name") or ""
        if tag == "input" and name and had.get("type") != "file":
            if had.get("type") not in {"checkbox", "radio"} or "checked" in had:
                self.put(name, had.get("value") or "")
        elif tag == "select":
            self.select, self.chosen, self.first = name, [], ""
        elif tag == "option" and self.select:
            self.first = self.first or (had.get("value") or "")
            if "selected" in had:
                self.chosen.append(had.get("value") or "")
        elif tag == "textarea":
            self.area = name
            self.put(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self.put(self.select, (self.chosen or [""])[0])
            self.select = ""
        elif tag == "textarea" and self.area:
            # One newline after the tag is not part of the text.
            self.sent[self.area][-1] = self.sent[self.area][-1].removeprefix("\n")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][-1] += data


def filled(answer: HttpResponse, **changes: Any) -> Sent:
    """What the page's form sends; ``changes`` are typed over it, with ``__`` for the ``-`` of a name. None unticks."""
    reader = _Reader()
    page = answer.content.decode()
    start = page.index('<form method="post" enctype="multipart/form-data"')
    reader.feed(page[start : page.index("</form>", start)])
    sent: Sent = {name: values if len(values) > 1 else values[0] for name, values in reader.sent.items()}
    for name, value in changes.items():
        name = name.replace("__", "-")
        if value is None:
            sent.pop(name, None)
        else:
            sent[name] = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
    return sent
