"""What is left of a document that had to be taken down."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import at_the_desk, told
from tests.browser.test_document_journey import publish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_withdrawn_document_leaves_its_number_and_the_reason(reader):
    title = "关于一项已经取消的活动的通知（演示）"
    number = publish(reader, title, scripts=False)
    with at_the_desk(reader, "qianfa") as page:
        page.goto(page.url + "info/")
        page.get_by_role("link", name=title).first.click()
        page.get_by_text("撤下这份信息").click()
        page.get_by_label("撤下的原因").select_option(index=1)
        page.get_by_label("说明").fill("活动取消，内容不再有效。")
        page.get_by_role("button", name="撤下").click()
        told(page, "已经撤下")
    for width in ("wide", "narrow"):
        window = reader(width=width)
        page = window.open(f"/info/{number}", 410)
        expect(page.locator("main")).to_contain_text("活动取消，内容不再有效。")
        expect(page.locator("main")).to_contain_text(number)
        expect(page.locator("main")).not_to_contain_text("养护")
        window.check()
