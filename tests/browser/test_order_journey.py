"""A daughter, a village agent with a telephone and no scripts, a clerk: each original on its way there and back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from mingtang.demo.cases import demo_id
from mingtang.demo.town import PASSWORD
from tests.browser.people import desk_window, told
from tests.browser.reading import Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@contextmanager
def in_the_yard(reader) -> Iterator[Reader]:
    """The agent at 375 px, without scripts."""
    window = reader(width="narrow", scripts=False)
    page = window.open("/desk/login")
    page.get_by_label("用户名").fill("cunban")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    yield window


def open_order(page: Page, number: str) -> None:
    page.get_by_role("link", name="窗口业务", exact=True).click()
    page.get_by_role("link", name="代办", exact=True).click()
    page.get_by_label("代办单号").fill(number[-5:])
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("heading", name=f"代办单 {number}")).to_be_visible()


def test_from_the_yard_to_the_window_and_home(reader):
    daughter = reader(width="narrow")
    page = daughter.open("/orders/")
    page.get_by_role("link", name="请代办员").click()
    page.get_by_label("要办什么").select_option("LN-001")
    page.get_by_label("谁要办，姓名").fill("巫山云（演示）")
    page.get_by_role("button", name="请代办员").click()
    expect(page.get_by_role("alert")).to_contain_text("上门办的，请写明住在哪里")
    daughter.check()
    page.get_by_label("住址").fill("长堤村七组（演示）")
    page.get_by_label("为什么出不了门").select_option("old")
    page.get_by_role("button", name="请代办员").click()
    heading = page.get_by_role("heading", name=re.compile("代办单"))
    number = heading.inner_text().split()[-1]
    code = page.locator("dt:has-text('查询码') + dd").inner_text()
    daughter.check()

    with in_the_yard(reader) as yard:
        agent = yard.page
        open_order(agent, number)
        yard.check()
        agent.get_by_role("link", name="接单").click()
        agent.get_by_label("身份证号码").fill(demo_id(81))
        agent.get_by_label("原件 1").fill("身份证")
        agent.get_by_label("报查询码", exact=True).check()
        agent.get_by_label("查询码", exact=False).last.fill("AAAAAAAA")
        agent.get_by_role("button", name="接单").click()
        expect(agent.get_by_role("alert")).to_contain_text("查询码不对")
        expect(agent.get_by_label("原件 1")).to_have_value("身份证")
        yard.check()
        agent.locator("#id_code").fill(code)
        agent.get_by_role("button", name="接单").click()
        told(agent, "接单了")
        yard.check()
        agent.get_by_label("哪个窗口").select_option(label="便民服务中心综合窗口")
        agent.get_by_role("button", name="交窗口").click()
        told(agent, "等窗口接收")
        yard.check()

    with desk_window(reader, "chuangkou1") as hall:
        clerk = hall.page
        open_order(clerk, number)
        hall.check()
        clerk.get_by_role("button", name="接收").click()
        told(clerk, "接收了")
        clerk.get_by_role("link", name="收件", exact=True).click()
        expect(clerk.get_by_label("姓名").first).to_have_value("巫山云（演示）")
        open_order(clerk, number)
        clerk.get_by_text("交给别的岗位，或者还给本人").click()
        clerk.get_by_label("交给", exact=True).select_option(label="便民服务中心长堤村代办员")
        hall.check()
        clerk.get_by_role("button", name="交出").click()
        told(clerk, "等对方签收")

    page.reload()
    expect(page.get_by_text("对方还没有签收")).to_be_visible()
    with in_the_yard(reader) as yard:
        agent = yard.page
        open_order(agent, number)
        agent.get_by_role("button", name="签收", exact=True).click()
        told(agent, "签收了")
        agent.get_by_text("交给别的岗位，或者还给本人").click()
        agent.locator("#id_code_return_papers").fill(code)
        agent.locator("#id_way_return_papers_1").check()
        agent.get_by_role("button", name="还给本人").click()
        told(agent, "还给本人了")
        yard.check()
    page.reload()
    expect(page.get_by_text("已经还您").first).to_be_visible()
    page.get_by_text("收回委托").first.click()
    page.get_by_role("button", name="收回委托").click()
    expect(page.get_by_text("委托已收回").first).to_be_visible()
    daughter.check()
