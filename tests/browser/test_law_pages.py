"""The law library's pages, wide and narrow: valid, accessible, quiet, without sideways scroll."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = ("/laws/", "/laws/?q=行政许可法&state=abolished", "/laws/?q=没有的法", "/laws/alarms", "/laws/1", "/laws/2")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_law_library_is_sound_at_any_width(reader, path):
    for width in ("wide", "narrow"):
        window = reader(width=width)
        window.open(path)
        window.check()


def test_the_basis_on_a_guide_leads_to_the_very_article(reader):
    page = reader().open("/services/LM-001")
    go(page.locator("#basis a").first)
    assert page.url.endswith("#article-57")
    expect(page.locator("#article-57 h2")).to_be_visible()
