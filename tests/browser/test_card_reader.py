"""A reader of identity cards types its line, Tabs and Enter included; without scripts it works too."""

import pytest
from playwright.sync_api import Page, expect

from mingtang.lib.identifiers import id_check_character
from tests.browser.people import desk_window
from tests.browser.reading import NARROW, WIDE, Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NUMBER = "43062319560308001" + id_check_character("43062319560308001")
PARTS = ["文小满", "女", "汉", "19560308", "长堤村（演示）3组12号", NUMBER, "演示县公安局", "20160501-20360501"]


def typed(page: Page, label: str, separator: str) -> None:
    """As a reader types: the cursor stands in its field, which the clerk reached by keyboard alone."""
    page.get_by_label(label).focus()
    for number, part in enumerate(PARTS):
        if number and separator == "Tab":
            page.keyboard.press("Tab")
        elif number:
            page.keyboard.insert_text(separator)
        page.keyboard.insert_text(part)
    page.keyboard.press("Enter")


def looked_at(window: Reader) -> None:
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)
        window.check()


def test_the_line_is_split_at_once_and_the_form_is_not_sent(reader):
    with desk_window(reader, "chuangkou3") as window:
        page = window.open("/desk/cases/new/LM-001")
        expect(page.get_by_label("读身份证（")).to_be_focused()
        typed(page, "读身份证（", "Tab")
        expect(page.get_by_label("姓名", exact=True)).to_have_value("文小满")
        expect(page.get_by_label("身份证号码", exact=True)).to_have_value(NUMBER)
        expect(page.locator("#id_id_until")).to_have_value("2036-05-01")
        expect(page.locator("#id_card")).to_have_value("")
        expect(page.locator("#id_phone")).to_be_focused()
        page.locator("#id_card").focus()
        page.keyboard.insert_text("一张水卡")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("没有身份证号码")
        page.get_by_text("不是本人来的").click()
        typed(page, "读来办的人的身份证", "|")
        expect(page.get_by_label("来办的人叫什么")).to_have_value("文小满")
        looked_at(window)


def test_without_scripts_the_page_comes_back_filled_in(reader):
    with desk_window(reader, "chuangkou3", scripts=False) as window:
        page = window.open("/desk/cases/new/LM-001")
        page.get_by_label("收下了").first.check()
        typed(page, "读身份证（", ",")
        expect(page.get_by_label("身份证号码", exact=True)).to_have_value(NUMBER)
        expect(page.get_by_label("收下了").first).to_be_checked()
        page.get_by_role("button", name="填入").first.click()
        expect(page.get_by_role("alert").first).to_contain_text("还没有读到身份证")
        expect(page.get_by_label("姓名", exact=True)).to_have_value("文小满")
        looked_at(window)
