"""A power is listed without a script, and a clean-up walked to its end by the three who must have a hand in it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import desk_window, go, told
from tests.browser.reading import NARROW, WIDE, Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MINUTES = "万政公组纪〔2026〕9号"


def look(window: Reader) -> None:
    """The page that is shown, at both widths."""
    window.check()
    window.page.set_viewport_size(NARROW)
    window.check()
    window.page.set_viewport_size(WIDE)


def press(page: Page, name: str) -> None:
    go(page.get_by_role("button", name=name, exact=True).last)


def list_a_power(window: Reader) -> None:
    page = window.page
    window.open("/desk/powers/")
    go(page.get_by_role("link", name="列入一项权力"))
    look(window)
    for label, text in (("权力编码", "WY-XK-09"), ("名称", "临时占用林地审批"), ("管哪里", "全镇")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("权力类型").select_option(label="行政许可")
    page.get_by_label("清理类别").select_option(label="行政许可权")
    page.get_by_label("行使单位").select_option(label="林业站")
    page.locator("[name='basis-0-law']").fill("森林法")
    page.locator("[name='basis-0-article']").fill("第五十七条")
    press(page, "加一条追责情形")
    page.locator("[name='duties-2-text']").fill("超过时限不办的")
    page.locator("[name='duties-0-text']").fill("两人到场核查")
    press(page, "列入清单，公开")
    expect(page.get_by_role("alert")).to_contain_text("管什么")
    expect(page.get_by_role("alert")).to_contain_text("会议纪要")
    look(window)
    page.get_by_label("管什么").fill("农村居民建房以外的临时用林")
    page.get_by_label("领导小组会议纪要编号").fill(MINUTES)
    press(page, "列入清单，公开")
    told(page, "已经列入权力清单")
    look(window)
    page.get_by_role("link", name="对上办理事项").click()
    page.get_by_label("农村居民采伐林木许可").check()
    look(window)
    press(page, "保存")
    told(page, "已经对上 1 个办理事项")


def keep_all(page: Page, reason: str) -> int:
    """Each power that is offered is kept, until none is left."""
    count = 0
    while not page.get_by_text("等您办的都办完了").count():
        page.get_by_label("保留").check()
        page.get_by_label("理由", exact=True).fill(reason)
        press(page, "提出意见")
        expect(page.get_by_role("status").first).to_contain_text("意见已经提出")
        count += 1
    return count


def test_a_power_is_listed_and_a_clean_up_walked_to_its_end(reader):
    with desk_window(reader, "zhuren", scripts=False) as window:
        list_a_power(window)
        window.open("/powers/WY-XK-09")
        expect(window.page.locator("#basis")).to_contain_text("今天有效")
    with desk_window(reader, "linye") as window:
        page = window.page
        page.get_by_role("link", name="等林业站提意见的权力 1 项").click()
        go(page.locator("td a").first)
        look(window)
        press(page, "提出意见")
        expect(page.get_by_role("alert")).to_contain_text("理由")
        window.check()
        assert keep_all(page, "法律规定由镇审批。") == 1
    with desk_window(reader, "zhuren") as window:
        page = window.page
        window.open("/desk/powers/cleanup/?state=propose")
        go(page.locator("td a").first)
        kept = keep_all(page, "职责在本镇，群众用得多。")
        assert kept >= 5
        press(page, "结束这次清理")
        expect(page.get_by_role("alert")).to_contain_text("临时占用林地审批")
        window.check()
    with desk_window(reader, "sifa") as window:
        page = window.page
        page.get_by_role("link", name="等您审核的清理意见").click()
        go(page.locator("td a").first)
        look(window)
        while not page.get_by_text("等您办的都办完了").count():
            press(page, "审核通过")
            expect(page.get_by_role("status").first).to_contain_text("审核通过")
    with desk_window(reader, "qianfa") as window:
        page = window.page
        go(page.get_by_role("link", name="等您登记集体决定的权力"))
        look(window)
        page.get_by_role("button", name="全部勾上").click()
        press(page, "登记勾选的决定")
        expect(page.get_by_role("alert")).to_contain_text("会议纪要")
        window.check()
        page.get_by_label("领导小组会议纪要编号").fill(MINUTES)
        press(page, "登记勾选的决定")
        told(page, f"的集体决定已经登记（{MINUTES}）")
    with desk_window(reader, "zhuren") as window:
        page = window.page
        page.get_by_role("link", name="决定调整、等您改好的权力 1 项").click()
        go(page.locator("td a").first)
        look(window)
        page.get_by_label("管什么").fill("临时聘用人员由会议集体决定")
        press(page, "看改了哪几处")
        expect(page.get_by_role("heading", name="改了 1 处")).to_be_visible()
        look(window)
        press(page, "就这样改，公开")
        told(page, "已经按集体决定改好")
        window.open("/desk/powers/cleanup/")
        press(page, "结束这次清理")
        told(page, "已经结束，结果都公开了")
        look(window)
        go(page.get_by_role("link", name="启动一次清理"))
        look(window)
        page.get_by_label("领导小组会议纪要编号").fill(MINUTES)
        press(page, "启动，公开")
        told(page, "已经启动")
        for path in ("/desk/powers/", "/desk/powers/?state=misfits"):
            window.open(path)
            look(window)
