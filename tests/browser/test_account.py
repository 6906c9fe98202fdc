"""A resident logs in with a number and a code, without scripts; what was applied for is there on the telephone too."""

import re

import pytest
from playwright.sync_api import Page, expect

from mingtang.demo.cases import demo_id
from tests.browser.people import go, read_receipt
from tests.browser.reading import NARROW, Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FORM = "/services/LN-001/apply"
NAME = "阿卜杜热合曼·买买提明·艾合买提江"


def both(window: Reader) -> None:
    """The page shown now, as it came and narrow."""
    size = window.page.viewport_size
    window.check()
    window.page.set_viewport_size(NARROW)
    window.check()
    window.page.set_viewport_size(size)


def read_code(page: Page) -> str:
    """The demo town shows what it does not send."""
    return re.search(r"\d{6}", page.get_by_role("status").inner_text())[0]


def log_in(window: Reader, number: str, then: str = "/account/") -> Page:
    page = window.open(f"/account/enter?next={then}")
    page.get_by_label("手机号码").fill(number)
    page.get_by_role("button", name="发验证码").click()
    both(window)
    page.get_by_label("验证码").fill(read_code(page))
    page.get_by_role("button", name="登录").click()
    return page


def test_a_case_applied_for_while_logged_in_stands_in_the_account(reader):
    first = reader(scripts=False)
    page = first.open(FORM)
    page.get_by_role("link", name="用手机号登录").click()
    page = log_in(first, "13800000031", FORM)
    expect(page.get_by_role("heading", level=1)).to_contain_text("申请")
    page = first.open("/account/profile")
    both(first)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("身份证号码").fill(demo_id(43))
    page.get_by_role("button", name="保存").click()
    both(first)

    page = first.open(FORM)
    expect(page.get_by_label("姓名").first).to_have_value(NAME)
    page.get_by_role("button", name="先保存，以后再填").click()
    page = first.open("/account/")
    expect(page.locator("main")).to_contain_text("还没有提交")
    page.locator("main .list a").first.click()
    page.get_by_role("link", name="接着填").click()
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="提交申请").click()
    receipt = read_receipt(page)

    page = first.open("/account/")
    page.get_by_role("link", name="发给我的通知").click()
    both(first)
    for path, title in (("/account/number", "换号码"), ("/account/close", "注销账户")):
        page = first.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        both(first)
    page = first.open("/account/number")
    page.get_by_label("手机号码").fill("13800000032")
    page.get_by_role("button", name="给新号码发验证码").click()
    both(first)
    page.get_by_label("验证码").fill(read_code(page))
    page.get_by_role("button", name="换成这个号码").click()

    phone = reader(width="narrow")
    page = log_in(phone, "13800000033")
    expect(page.locator("main")).to_contain_text("账户里还没有")
    phone.check()
    page.get_by_text("把别的办件放进来").click()
    page.get_by_label("办件编号").fill(receipt.number)
    page.get_by_label("查询码").fill(receipt.code)
    page.get_by_role("button", name="放进来").click()
    expect(page.locator("main .list").first).to_contain_text(receipt.number)
    phone.check()
    go(page.get_by_role("button", name="退出", exact=True))
    phone.check()
