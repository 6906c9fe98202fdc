"""From the kiosk over the call to the case: a resident, the display on the wall, a clerk, and the chain to be read."""

import re

import pytest
from playwright.sync_api import expect

from mingtang.demo.cases import demo_id
from tests.browser.people import at_the_desk, desk_window, go, told
from tests.browser.reading import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SITE = "长堤村便民服务站"


@pytest.fixture
def always_open(reader):
    """The station keeps no hours any more, so that it gives numbers whenever this test runs."""
    with at_the_desk(reader, "zhuren") as page:
        page.get_by_role("link", name="大厅").click()
        go(page.get_by_role("link", name=SITE))
        if page.get_by_role("button", name="取消").count():
            page.get_by_role("button", name="取消").click()
            told(page, "这个时段已经取消")


def test_from_the_number_to_the_case(reader, always_open):
    kiosk = reader()
    page = kiosk.open("/hall/changdi/kiosk")
    page.get_by_label("用您自己的话说").fill("老人坐车免费")
    go(page.get_by_role("button", name="找"))
    kiosk.check()
    page.get_by_role("button", name="老年人优待证申领").click()
    expect(page.get_by_text("下一个就是您")).to_be_visible()
    label = page.locator(".paper-number").inner_text()
    code = page.locator(".paper-code").inner_text()
    kiosk.check()

    wall = reader()
    wall.open("/hall/changdi/calls")
    with desk_window(reader, "cunban") as desk:
        clerk = desk.page
        go(clerk.get_by_role("link", name="窗口业务", exact=True))
        desk.check()
        clerk.get_by_role("button", name="叫下一个").click()
        told(clerk, f"正在叫 {label} 号")
        expect(wall.page.locator("li.now")).to_contain_text(label)
        expect(wall.page.get_by_role("button", name="打开语音")).to_be_visible()
        wall.check()
        desk.check()
        clerk.get_by_role("button", name="开始接待").click()
        told(clerk, "现在由您负责")
        desk.check()
        mine = clerk.locator(".card").filter(has=clerk.get_by_role("heading", name=f"{label}号"))
        mine.get_by_text("再办一件").click()
        mine.get_by_role("button", name="加上").click()
        told(clerk, "加了一件")
        mine.get_by_role("button", name="已经答复").last.click()
        told(clerk, "还有别的事")
        mine.get_by_role("link", name="收件", exact=True).click()
        expect(clerk.get_by_text(f"记在 {label} 号上")).to_be_visible()
        clerk.get_by_label("姓名").fill("钱来（演示）")
        clerk.get_by_label("身份证号码").fill(demo_id(77))
        for choice in clerk.get_by_label("收下了").all():
            choice.check()
        clerk.get_by_role("button", name="收件，出凭证").click()
        expect(clerk.get_by_role("heading", name="已经收件")).to_be_visible()
        clerk.get_by_role("link", name="回到叫号").click()
        expect(clerk.get_by_role("button", name="叫下一个")).to_be_visible()

    holder = reader(width="narrow")
    page = holder.open("/tickets/")
    page.get_by_label("号", exact=True).fill(label)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("已有下落").first).to_be_visible()
    expect(page.get_by_text("收件办理").first).to_be_visible()
    expect(page.get_by_text("首问负责")).to_be_visible()
    holder.check()
    assert re.search(r"/tickets/B-\d{6}-\d{3}\?code=", page.url)
    holder.open("/hall/numbers")
    expect(page.get_by_role("row").filter(has_text=SITE).first).to_contain_text("没有")


def test_the_board_of_a_window_is_sound(reader):
    window = reader()
    window.open("/hall/hall/1/screen")
    window.check()
    window.page.set_viewport_size(NARROW)
    window.check()


def test_the_hall_is_kept_at_a_sound_desk(reader):
    for path in ("/desk/hall/", "/desk/hall/1", "/desk/slipbooks/", "/desk/slipbooks/1"):
        with desk_window(reader, "zhuren") as window:
            window.open(path)
            window.check()
            window.page.set_viewport_size(NARROW)
            window.check()
