"""From the page of a column to a letter a day and back to none, by the keyboard of whoever has no account."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(("width", "scripts"), [("wide", True), ("narrow", False)])
def test_one_subscribes_from_a_column_changes_it_and_leaves(reader, width, scripts):
    window = reader(width=width, scripts=scripts)
    page = window.open("/info/c/a20-12")
    page.get_by_role("link", name="邮件").click()
    expect(page.get_by_label("突发事件应对")).to_be_checked()
    page.get_by_role("button", name="寄确认信").click()
    expect(page.get_by_text("请填电子邮箱").first).to_be_visible()
    window.check()
    page.get_by_label("电子邮箱").fill(f"{width}@b.example")
    go(page.get_by_role("button", name="寄确认信"))
    window.check()
    go(page.locator("a[href*='/subscribe/confirm']"))
    window.check()
    page.get_by_role("button", name="确认订阅").click()
    expect(page.get_by_text("订好了")).to_be_visible()
    window.check()
    page.get_by_label("每周一早上八点一封").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("改好了")).to_be_visible()
    go(page.get_by_role("link", name="退订"))
    window.check()
    page.get_by_role("button", name="退订").click()
    expect(page.get_by_text("退订好了")).to_be_visible()
    window.check()


def test_the_front_page_says_what_is_new_once_the_browser_remembers(reader):
    window = reader()
    page = window.open("/info/since")
    page.get_by_role("button", name="看过了，下次从现在算起").click()
    expect(page.get_by_text("没有新公开的")).to_be_visible()
    page.context.add_cookies([{"name": "looked", "value": "2026-01-01T00:00:00+08:00", "url": window.base}])
    page = window.open("/")
    expect(page.get_by_role("link", name="上次看过以后：新公开")).to_be_visible()
    window.check()
