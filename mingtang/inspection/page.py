"""What a checker reads in one page. Pure: bytes in, facts out."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html

# What a page fetches from or sends to, without being asked by a link.
_FETCHED = ("script/@src", "link/@href", "img/@src", "iframe/@src", "source/@src", "form/@action")
_FIELDS = "//input[not(@type='hidden' or @type='submit' or @type='button')] | //select | //textarea"
_FIXED = re.compile(r"^\s*(\d{3,})\s*(px)?\s*$")
NARROW = 375


@dataclass(frozen=True)
class Page:
    """An answer of the site. ``seconds`` is how long it took, ``found_on`` the first page that led to it."""

    path: str
    status: int
    type: str
    body: bytes = b""
    seconds: float = 0.0
    found_on: str = ""

    @property
    def is_html(self) -> bool:
        return self.type.startswith("text/html")

    @property
    def is_shown(self) -> bool:
        """A page for people that was there."""
        return self.is_html and self.status == 200

    @cached_property
    def tree(self) -> Any:
        parser = lxml_html.HTMLParser(encoding="utf-8")
        return lxml_html.document_fromstring(self.body or b"<html></html>", parser=parser)

    @cached_property
    def tags(self) -> dict[str, str]:
        """The meta tags by name."""
        return {one.get("name"): (one.get("content") or "").strip() for one in self.tree.xpath("//meta[@name]")}

    def part(self, xpath: str) -> str:
        """The text of a part of the page, blanks as one."""
        return _text(self.tree.xpath(xpath))

    @cached_property
    def links(self) -> list[str]:
        """Addresses inside the site, absolute, without what stands after #; each once."""
        found: dict[str, None] = {}
        for element, name in ((one, key) for key in ("href", "src") for one in self.tree.xpath(f"//*[@{key}]")):
            address = urljoin(self.path, element.get(name).strip())
            parts = urlsplit(address)
            if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
                found[parts._replace(fragment="").geturl()] = None
        return list(found)

    @cached_property
    def listed(self) -> list[str]:
        """The addresses that a map of the site for programs lists, as paths."""
        found = re.findall(rb"<loc>([^<]+)</loc>", self.body) if "xml" in self.type else []
        return [urlsplit(address.decode()).path for address in found]

    @cached_property
    def outside(self) -> list[str]:
        """Addresses on other hosts that the page itself fetches from or sends to; links to read are not among them."""
        addresses = [address.strip() for kind in _FETCHED for address in self.tree.xpath(f"//{kind}")]
        return [address for address in addresses if urlsplit(address).netloc]

    @cached_property
    def unnamed_images(self) -> list[str]:
        return [one.get("src") or "" for one in self.tree.xpath("//img[not(@alt)]")]

    @cached_property
    def unnamed_fields(self) -> list[str]:
        labelled = {one.get("for") for one in self.tree.xpath("//label[@for]")}
        return [
            one.get("name") or one.get("id") or one.tag
            for one in self.tree.xpath(_FIELDS)
            if one.get("id") not in labelled
            and not (one.get("aria-label") or one.get("aria-labelledby") or one.xpath("ancestor::label"))
        ]

    @cached_property
    def too_wide(self) -> list[str]:
        """Elements with a width in pixels beyond a telephone's."""
        found = []
        for one in self.tree.xpath("//body//*[@width]"):
            match = _FIXED.match(one.get("width"))
            if match and int(match[1]) > NARROW and one.tag not in {"img", "svg", "rect", "image"}:
                found.append(f"{one.tag} {match[1]}")
        return found


def _text(elements: list[Any]) -> str:
    return " ".join(" ".join(one.text_content() for one in elements).split())
