"""A document after it was published: corrected with a word on what changed, then taken down."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import at_the_desk, go, told
from tests.browser.test_document_journey import pass_on, publish, send

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TITLE = "关于一项已经取消的活动的通知（演示）"
WHY = "封路时间写错了，改成五天前贴通知。"


def test_a_document_is_corrected_and_then_leaves_its_number_and_the_reason(reader):
    number = publish(reader, TITLE, scripts=False)
    _correct(reader)
    for width in ("wide", "narrow"):
        window = reader(width=width)
        page = window.open(f"/info/{number}")
        expect(page.locator(".body")).to_contain_text("五天前")
        expect(page.locator(".history")).to_contain_text(WHY)
        window.check()
        page.get_by_role("link", name="看改了哪些字").first.click()
        expect(page.locator("main ins").first).to_contain_text("五")
        expect(page.locator("main del").first).to_contain_text("三")
        window.check()
    _withdraw(reader)
    for width in ("wide", "narrow"):
        window = reader(width=width)
        page = window.open(f"/info/{number}", 410)
        expect(page.locator("main")).to_contain_text("活动取消，内容不再有效。")
        expect(page.locator("main")).to_contain_text(number)
        expect(page.locator("main")).not_to_contain_text("养护")
        window.check()


def _correct(reader) -> None:
    """The same three persons again; the first edition stays public meanwhile."""
    with at_the_desk(reader, "bianji", scripts=False) as page:
        page.goto(page.url + "info/")
        page.get_by_role("link", name=TITLE).first.click()
        page.get_by_role("link", name="出更正后的新版").click()
        body = page.get_by_label("正文")
        body.fill(body.input_value().replace("三天前", "五天前"))
        page.get_by_label("为什么出新版").fill(WHY)
        go(page.get_by_role("button", name="保存"))
        path = re.search(r"/desk/info/\d+", page.url)[0]
        send(page)
    pass_on(reader, TITLE, path, scripts=False)


def _withdraw(reader) -> None:
    with at_the_desk(reader, "qianfa") as page:
        page.goto(page.url + "info/")
        page.get_by_role("link", name=TITLE).first.click()
        page.get_by_text("撤下这份信息").click()
        page.get_by_label("撤下的原因").select_option(index=1)
        page.get_by_role("textbox", name="说明").fill("活动取消，内容不再有效。")
        page.get_by_role("button", name="撤下").click()
        told(page, "已经撤下")
