"""The main pages of the desk, each by someone whose work it is: valid, accessible, quiet, from our own host."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import desk_window

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
    "qianfa": ("/desk/letters/new", "/desk/letters/2", "/desk/columns/", "/desk/columns/a21-08"),
    "sifa": ("/desk/items/JZ-001", "/desk/"),
    "jiwei": ("/desk/",),
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
