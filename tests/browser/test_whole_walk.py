"""One case through every hand: resident, agent, window, two offices, cashier, head, collection."""

import re
import subprocess
import sys

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mingtang.demo.cases import demo_id
from tests.browser.installation import CHECKOUT, Installation
from tests.browser.people import at_the_desk, go, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CODE, NAME, PERSON = "JF-900", "集镇住房翻修许可", "陶然（演示）"


@pytest.fixture
def charged(house: Installation) -> None:
    """An item with two offices and a fee of the treasury is in force here too."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.charged"],
        cwd=CHECKOUT,
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr


def ask_an_agent(reader) -> tuple[str, str]:
    """The resident asks the village's agent to come: number and code of the order."""
    page = reader(width="narrow").open("/orders/new")
    page.get_by_label("要办什么").select_option(CODE)
    page.get_by_label("谁要办，姓名").fill(PERSON)
    page.get_by_label("住址").fill("长堤村三组（演示）")
    page.get_by_label("为什么出不了门").select_option("old")
    page.get_by_role("button", name="请代办员").click()
    number = page.get_by_role("heading", name=re.compile("代办单")).inner_text().split()[-1]
    return number, page.locator("dt:has-text('查询码') + dd").inner_text()


def open_order(page: Page, number: str) -> None:
    page.get_by_role("link", name="窗口业务", exact=True).click()
    page.get_by_role("link", name="代办", exact=True).click()
    page.get_by_label("代办单号").fill(number[-5:])
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("heading", name=f"代办单 {number}")).to_be_visible()


def take_it_to_the_window(reader, number: str, code: str) -> None:
    with at_the_desk(reader, "cunban") as agent:
        open_order(agent, number)
        agent.get_by_role("link", name="接单").click()
        agent.get_by_label("身份证号码").fill(demo_id(83))
        agent.get_by_label("原件 1").fill("户口簿")
        agent.get_by_label("报查询码", exact=True).check()
        agent.locator("#id_code").fill(code)
        agent.get_by_role("button", name="接单").click()
        told(agent, "接单了")
        agent.get_by_label("哪个窗口").select_option(label="便民服务中心建房用地窗口")
        agent.get_by_role("button", name="交窗口").click()
        told(agent, "等窗口接收")


def take_in_and_accept(reader, number: str) -> str:
    """The window takes the originals, takes in what the order says already, accepts: number of the case."""
    with at_the_desk(reader, "chuangkou3") as clerk:
        open_order(clerk, number)
        clerk.get_by_role("button", name="接收").click()
        told(clerk, "接收了")
        clerk.get_by_role("link", name="收件", exact=True).click()
        clerk.get_by_label("新址新建").check()
        clerk.get_by_label("原来的宅基地").check()
        clerk.get_by_role("button", name="下一步：列出材料").click()
        expect(clerk.get_by_label("姓名").first).to_have_value(PERSON)
        clerk.get_by_label("来办的人证件号码").fill(demo_id(84))
        clerk.get_by_label("看过委托书").check()
        for choice in clerk.get_by_label("收下了").all():
            choice.check()
        clerk.get_by_role("button", name="收件，出凭证").last.click()
        expect(clerk.get_by_role("heading", name="已经收件")).to_be_visible()
        case = clerk.locator(".slab dd").first.inner_text()
        clerk.get_by_role("link", name="去办这一件").click()
        clerk.get_by_role("button", name="受理", exact=True).click()
        told(clerk, "已经受理")
    return case


def agree(reader, username: str, case: str) -> None:
    with at_the_desk(reader, username) as page:
        page.locator(".worklist a").filter(has_text=case).first.click()
        page.get_by_label("同意", exact=True).check()
        page.get_by_label("意见内容").fill("核对无误。")
        page.get_by_role("button", name="提交意见").click()
        told(page, "意见已经记下")


def pay_and_receipt(reader, case: str) -> None:
    """The bank tells of the payment; the cashier reads it in and writes the receipt."""
    with at_the_desk(reader, "shoufei") as cashier:
        cashier.goto(cashier.url.rsplit("/desk", 1)[0] + "/desk/money/notices")
        row = cashier.get_by_role("row").filter(has_text=case)
        expect(row).to_contain_text("120")
        go(row.get_by_role("link").first)
        paid = re.search(r"\d{12}", cashier.url)[0]
        today = timezone.localdate().isoformat()
        table = f"交易日期,收入金额,对方户名,摘要,交易流水号\n{today},120.00,{PERSON},缴款号{paid},ZZ9001\n"
        cashier.goto(cashier.url.rsplit("/desk", 1)[0] + "/desk/money/import")
        cashier.get_by_label("账户").select_option(index=1)
        cashier.get_by_label("从哪天").fill(today)
        cashier.get_by_label("到哪天").fill(today)
        cashier.locator("input[type=file]").set_input_files(
            {"name": "流水.csv", "mimeType": "text/csv", "buffer": table.encode()}
        )
        cashier.get_by_role("button", name="导入").click()
        told(cashier, "自动核销 1 笔")
        cashier.goto(cashier.url.rsplit("/desk", 1)[0] + f"/desk/money/notices/{paid}")
        cashier.get_by_label("票据号").fill("HN0009001")
        cashier.get_by_role("button", name=re.compile("票据")).click()
        told(cashier, "票据")


def decide_and_collect(reader, case: str) -> None:
    with at_the_desk(reader, "zhenzhang") as head:
        head.locator(".worklist a").filter(has_text=case).first.click()
        head.get_by_label("准予", exact=True).check()
        head.get_by_role("button", name="作出决定").click()
        told(head, "决定已经作出")
    with at_the_desk(reader, "chuangkou3") as clerk:
        clerk.locator(".worklist a").filter(has_text=case).first.click()
        clerk.get_by_label("送达方式").select_option(index=1)
        clerk.get_by_label("签收人姓名").fill(PERSON)
        clerk.get_by_role("button", name="已送达，办结").click()
        told(clerk, "已经送达")


def test_a_case_passes_through_every_hand(reader, charged):
    number, code = ask_an_agent(reader)
    take_it_to_the_window(reader, number, code)
    case = take_in_and_accept(reader, number)
    agree(reader, "guotu", case)
    agree(reader, "chengjian", case)
    pay_and_receipt(reader, case)
    decide_and_collect(reader, case)
    page = reader().open(f"/cases/{case}")
    expect(page.locator(".line > li")).to_have_count(page.locator(".line > li.s-done").count())
    expect(page.locator("body")).not_to_contain_text(PERSON)
    page = reader(width="narrow").open("/orders/find")
    page.get_by_label("代办单号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text(case).first).to_be_visible()
