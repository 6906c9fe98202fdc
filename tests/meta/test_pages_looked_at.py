"""Every page of the public site is looked at in a browser; what is no page is named here."""

import re
from urllib.parse import urlsplit

from django.urls import resolve

from mingtang.portal.urls import urlpatterns
from tests.browser.test_public_pages import ELSEWHERE, FIXED

# Files, pictures and feeds, and what only answers a form that stands on another page.
NO_PAGE = re.compile(
    r"\.(json|csv|pdf|gif|svg|bpmn|xml|atom|txt)$|(^|/)files/|^hits/|/photo$|^uploads/|^ledger/(checkpoint|tile)"
    r"|^(healthz|readyz)$|/take$|/leave$|/<slug:act>$"
)


def test_no_kind_of_public_page_is_forgotten():
    """A new route of the portal stands in ``FIXED`` with an example, or in ``ELSEWHERE`` with a test of its own."""
    kinds = {route for route in (str(one.pattern) for one in urlpatterns) if not route.startswith("desk/")}
    pages = {kind for kind in kinds if not NO_PAGE.search(kind)}
    looked_at = {resolve(urlsplit(path).path).route for path in FIXED.values()} & kinds | ELSEWHERE
    assert looked_at == pages
