"""The pages of rule changes and off-list slips: sound at any width, and usable by hand."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import at_the_desk, go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_changes_of_an_item_are_reached_from_its_guide(reader, width):
    window = reader(width=width)
    page = window.open("/services/LM-001")
    page.get_by_role("link", name="历次变动").click()
    expect(page.get_by_text("首次编入目录")).to_be_visible()
    expect(page.get_by_text("司法所所长")).to_be_visible()
    window.check()


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_resident_gets_a_slip_with_a_number(reader, width):
    window = reader(width=width)
    page = window.open("/services/JF-001")
    go(page.get_by_role("link", name="开一张出格单"))
    window.check()
    page.get_by_label("多要了什么").fill("还要交一张村里的介绍信")
    page.get_by_role("button", name="开出格单").click()
    page.wait_for_url("**/slips/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("出格单 WYCG-")
    window.check()


def test_the_desk_shows_a_version_s_changes_and_the_slips(reader):
    with at_the_desk(reader, "zhuren", check=True) as page:
        page.goto(page.url.split("/desk/")[0] + "/desk/items/LM-001/1")
        expect(page.get_by_role("heading", name="改了什么：新增事项")).to_be_visible()
    with at_the_desk(reader, "chuangkou3", check=True) as page:
        page.get_by_role("link", name="事项规则", exact=True).click()
        page.get_by_role("link", name="出格单").first.click()
        expect(page.get_by_role("button", name="开出格单")).to_be_visible()
