"""The main pages of the desk, each by someone whose work it is: valid, accessible, quiet, from our own host."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.people import desk_window, go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "bianji": (
        "/desk/info/",
        "/desk/info/?state=draft",
        "/desk/info/?q=查无此件",
        "/desk/info/new",
        "/desk/info/kinds",
        "/desk/info/new?kind=budget-town",
        "/desk/info/1/columns",
        "/desk/calendar/",
    ),
    "chuangkou1": ("/desk/cases/", "/desk/cases/new/LN-001", "/desk/cases/new/JF-001", "/desk/cases/?q=WY0"),
    "zhuren": (
        "/desk/items/",
        "/desk/items/JF-001",
        "/desk/items/import",
        "/desk/wanted/",
        "/desk/wanted/1",
        "/desk/people/",
        "/desk/entry/",
        "/desk/entry/JZ-001",
        "/desk/letters/",
        "/desk/notices/words",
        "/desk/notices/words/case.accepted",
    ),
    "chuangkou3": ("/desk/notices/", "/desk/notices/?state=letters", "/desk/notices/letters", "/desk/notices/1"),
    "qianfa": (
        "/desk/letters/new",
        "/desk/letters/2",
        "/desk/columns/",
        "/desk/columns/a21-08",
        "/desk/columns/rules",
        "/desk/columns/unfiled",
        "/desk/columns/unfiled?by=folder&stated=公告",
        "/desk/columns/unfiled/file?by=folder&stated=公告",
        "/desk/columns/unfiled/file?by=folder&stated=公告&columns=theme-10&remember=on&look=1",
        "/desk/info/numbers",
        "/desk/info/guide",
        "/desk/duties/",
        "/desk/duties/new",
        "/desk/scores/limits",
        "/desk/boards/2",
        "/desk/utilities/matters/5",
        "/desk/duties/own-2",
        "/desk/duties/plans/",
        "/desk/duties/plans/1",
        "/desk/duties/plans/1/1.1",
        "/desk/site/",
        "/desk/site/marks",
        "/desk/words/",
        "/desk/words/new",
        "/desk/words/1",
        "/desk/approvers/",
        "/desk/approvers/new",
    ),
    "sifa": ("/desk/items/JZ-001", "/desk/"),
    "jiwei": (
        "/desk/",
        "/desk/samples/",
        "/desk/samples/1",
        "/desk/samples/5",
        "/desk/demand/",
        "/desk/scores/",
        "/desk/scores/limits",
    ),
    "shoufei": (
        "/desk/money/",
        "/desk/money/notices",
        "/desk/money/notices/202600000015",
        "/desk/money/deposits",
        "/desk/money/deposits/3",
        "/desk/money/import",
    ),
    "guanli": ("/desk/calendar/", "/desk/info/"),
}


@pytest.mark.parametrize("username", PAGES)
def test_the_pages_of_a_post_are_sound(reader, username):
    with desk_window(reader, username, check=True) as window:
        for path in PAGES[username]:
            window.open(path)
            window.check()


def test_what_is_due_of_a_duty_is_sound(reader):
    with desk_window(reader, "qianfa", check=True) as window:
        window.open("/desk/duties/")
        window.open(window.page.locator("tbody a[href^='/desk/duties/']").first.get_attribute("href"))
        window.check()


def test_every_edition_and_case_of_the_demo_town_is_sound_on_the_desk(reader):
    with desk_window(reader, "qianfa", check=True) as window:
        page = window.page
        window.open("/desk/info/")
        paths = [link.get_attribute("href") for link in page.locator("tbody th a").all()]
        assert len(paths) >= 8
        for path in paths[:4] + paths[-2:]:
            window.open(path)
            window.check()
        window.open(f"{paths[-1]}/preview")
        window.check()
    with desk_window(reader, "chuangkou3", check=True) as window:
        page = window.page
        window.open("/desk/cases/")
        paths = [link.get_attribute("href") for link in page.locator("tbody a").all()]
        assert len(paths) >= 5
        for path in paths:
            window.open(path)
            window.check()


def test_the_review_and_the_page_of_a_leader_are_sound(reader):
    with desk_window(reader, "baomi", check=True) as window:
        window.open("/desk/info/?state=in_review")
        path = window.page.locator("tbody th a").first.get_attribute("href")
        for address in (path, f"{path}/review", f"{path}/compare"):
            window.open(address)
            window.check()
    with desk_window(reader, "qianfa", check=True) as window:
        page = window.page
        window.open("/desk/info/?state=reviewed")
        window.open(f"{page.locator('tbody th a').first.get_attribute('href')}/link")
        page.get_by_label("发给谁").select_option(index=1)
        page.get_by_label("几天内有效").select_option(index=1)
        go(page.get_by_role("button", name="发出链接"))
        window.check()
        address, code = (page.locator("dd").nth(place).inner_text().strip() for place in (0, 1))
    leader = reader()
    page = leader.open(urlsplit(address).path)
    leader.check()
    page.get_by_label("口令").fill(code)
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("button", name="签发")).to_be_visible()
    leader.check()


def test_the_editor_is_sound_with_a_draft_in_it_and_with_its_errors(reader):
    with desk_window(reader, "bianji") as window:
        page = window.page
        window.open("/desk/info/new")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert window.status == 422
        window.check()


def test_a_wrong_password_is_answered_by_a_sound_page(reader):
    window = reader()
    page = window.open("/desk/login")
    page.get_by_label("用户名").fill("gongdian")
    page.get_by_label("密码").fill("nothing-right")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert window.status == 422
    window.check()


def test_a_stranger_to_a_page_of_the_desk_is_told_in_a_sound_page(reader):
    with desk_window(reader, "gongdian") as window:
        window.open("/desk/people/", 403)
        window.check()
