"""A resident on a telephone, without scripts, says what they want, takes the slip along, or says that nothing fits."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_from_a_sentence_to_the_slip_and_to_nothing_fits(reader):
    window = reader(width="narrow", scripts=False)
    page = window.open("/")
    page.get_by_label("用您自己的话说").fill("我想把老屋推倒重盖")
    page.get_by_role("button", name="我要办事").click()
    expect(page.get_by_text("3号窗口").first).to_be_visible()
    window.check()
    page.get_by_role("link", name="打印便条").first.click()
    expect(page.get_by_text("便条", exact=False).first).to_be_visible()
    window.check()
    page.emulate_media(media="print")
    expect(page.get_by_text("带什么")).to_be_visible()
    expect(page.get_by_role("link", name="再找一件")).to_be_hidden()
    page.emulate_media(media="screen")
    page.go_back()
    page.get_by_role("button", name="都不是").click()
    expect(page.get_by_role("heading", name="都不是，就问我们")).to_be_visible()
    window.check()


def test_a_very_long_question_and_a_very_long_word_break_no_page(reader):
    for width in ("wide", "narrow"):
        window = reader(width=width)
        window.open("/find?q=" + "火星移民局办事大厅" * 20)
        window.check()
        window.open("/find?q=" + "a" * 190)
        window.check()
