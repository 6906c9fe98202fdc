"""Where a case stands, by its number alone on a screen in the hall: found, read aloud, and gone for the next person."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SPEAKS = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", {
  value: {cancel() {}, speak(words) { window.said.push(words.text); }},
});
"""


def number_on_the_front_page(window) -> str:
    page = window.open("/cases/")
    window.open("/")
    return page.locator("a[href^='/cases/WY']").first.get_attribute("href").rpartition("/")[2]


def test_a_number_is_typed_read_and_read_aloud(reader):
    window = reader()
    number = number_on_the_front_page(window)
    page = window.page
    page.add_init_script(SPEAKS)
    window.open("/find?kiosk=1")
    page.get_by_role("link", name="查我办的件到哪一步了").click()
    page.get_by_label("办件编号").fill(number.removeprefix("WY").lower())
    page.get_by_role("button", name="查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    window.check()
    page.get_by_role("button", name="读给我听").click()
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert said[0].startswith(f"您的编号 {' '.join(number)}。")
    page.get_by_role("link", name="看完了，换下一位").click()
    expect(page.get_by_label("办件编号")).to_have_value("")


def test_without_scripts_it_is_read_and_no_dead_button_stands_there(reader):
    window = reader(scripts=False)
    number = number_on_the_front_page(window)
    page = window.open(f"/cases/?kiosk=1&number={number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_role("button", name="读给我听")).to_have_count(0)
