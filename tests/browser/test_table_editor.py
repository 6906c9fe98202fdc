"""A table of a document is filled in cell by cell, pasted from a spreadsheet, mended where it was wrong, and saved."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import desk_window, go, told
from tests.browser.reading import NARROW, Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
BLOCK = '功能分类科目\t预算数\r\n"一般公共\n服务支出"\t1,234,567.00\r\n教育|支出\t八万九\r\n农林水支出\t300\r\n'


def begin(window: Reader) -> Page:
    page = window.open("/desk/info/new?kind=budget-town")
    page.get_by_label("标题").fill("本镇预算（演示）")
    page.get_by_label("栏目").select_option(index=1)
    return page


def cell(page: Page, title: str, row: int, column: str):
    return page.get_by_role("table", name=title).get_by_label(f"第 {row} 行，{column}")


def test_a_table_is_typed_pasted_and_mended_in_its_cells(reader):
    with desk_window(reader, "bianji") as window:
        page = begin(window)
        income, spending = "一般公共预算收入表", "一般公共预算支出表"
        cell(page, income, 1, "科目").fill("税收收入")
        cell(page, income, 1, "预算数").fill("500")
        cell(page, income, 1, "预算数").press("Enter")
        expect(cell(page, income, 2, "科目")).to_be_focused()
        page.keyboard.insert_text("非税收入")
        page.keyboard.press("ArrowUp")
        expect(cell(page, income, 1, "科目")).to_be_focused()

        cell(page, spending, 1, "功能分类科目").evaluate(PASTE, BLOCK)
        table = page.get_by_role("table", name=spending)
        expect(table.locator("tbody tr")).to_have_count(3)
        table.get_by_label("删去第 3 行").click()
        expect(table.locator("tbody tr")).to_have_count(2)
        page.get_by_role("button", name="放回去").click()
        expect(cell(page, spending, 3, "功能分类科目")).to_be_focused()
        window.check()
        page.set_viewport_size(NARROW)
        page.get_by_label("标题").focus()  # the bar below covers whatever is half scrolled under it
        window.check()

        go(page.get_by_role("button", name="保存", exact=True).last)
        assert window.status == 422
        expect(cell(page, spending, 2, "预算数")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("table [aria-invalid]")).to_have_count(1)
        expect(cell(page, spending, 1, "功能分类科目")).to_have_value("一般公共服务支出")
        window.check()
        page.get_by_role("link", name="第 2 行“预算数”").click()
        cell(page, spending, 2, "预算数").fill("89000")
        go(page.get_by_role("button", name="保存", exact=True).last)
        told(page, "已保存")
        shown = page.get_by_role("table", name=spending)
        expect(shown).to_contain_text("89,000元")
        expect(shown).to_contain_text("教育／支出")
        expect(page.get_by_role("table", name=income)).to_contain_text("非税收入")


def test_what_does_not_fit_the_table_stays_as_lines(reader):
    with desk_window(reader, "bianji") as window:
        page = begin(window)
        first = cell(page, "一般公共预算收入表", 1, "科目")
        first.fill("税收收入")
        first.evaluate(PASTE, "一\t二\t三\r\n四\t五\t六\r\n")
        lines = page.locator("textarea[name=sheet-income]")
        expect(lines).to_have_value("税收收入 | \n一 | 二 | 三\n四 | 五 | 六")
        expect(page.get_by_text("从这一格起放不下")).to_be_visible()
        go(page.get_by_role("button", name="保存", exact=True).last)
        assert window.status == 422
        expect(lines).to_be_visible()
        window.check()


def test_without_scripts_the_rows_are_lines(reader):
    with desk_window(reader, "bianji", scripts=False) as window:
        page = begin(window)
        expect(page.locator("textarea[name=sheet-income]")).to_be_visible()
        expect(page.get_by_role("button", name="加一行")).to_have_count(0)
