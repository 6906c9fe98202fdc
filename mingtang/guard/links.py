"""The links of a body: where they lead, what they are called, and those that can lead nobody anywhere.

Whether an address answers is for the network to say; this part is pure.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from ipaddress import ip_address
from urllib.parse import urlsplit

_NO_HOST = ("mailto", "tel")
_PRIVATE_NAMES = (".local", ".lan", ".localdomain", ".internal", ".home")


@dataclass(frozen=True, slots=True)
class Link:
    """``fault`` is the rest of a sentence about it, empty for a link that may lead somewhere."""

    address: str
    text: str
    fault: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and "href" in dict(attrs):
            self.links.append(((dict(attrs)["href"] or "").strip(), []))
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.links[-1][1].append(data)


def links(html: str) -> list[Link]:
    """The links of a cleaned body in order, faulty or not."""
    if "<a" not in html:
        return []
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = []
    for address, pieces in reader.links:
        text = " ".join("".join(pieces).split())
        found.append(Link(address, text, _fault(address) or ("" if text else "没有文字，读屏软件读不出来")))
    return found


def _fault(address: str) -> str:
    if not address.strip("#"):
        return "没有地址，点了哪里也不去"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "的地址写错了，打不开"
    if parts.scheme in _NO_HOST or (not parts.scheme and not parts.netloc and address.startswith(("/", "#"))):
        return ""
    if address.startswith("\\") or (len(parts.scheme) == 1 and not parts.netloc) or parts.scheme == "file":
        return "指着自己电脑上的文件，别人打不开"
    if not parts.scheme and not parts.netloc:
        return "只写了半截地址，在公开页上打不开；请写全，从 https:// 开始"
    if parts.scheme not in ("http", "https", ""):
        return "不是网址，点了打不开"
    return "指着内部网络的地址，群众打不开" if _private(host) else ""


def _private(host: str) -> bool:
    """A name or number that only an inner network knows. An address without a host is none that anybody knows."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host.strip(".") or host.endswith(_PRIVATE_NAMES)
