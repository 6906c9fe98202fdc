"""A document for eyes and ears of seventy: read aloud part by part, in a size that stays from page to page."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# A voice that keeps what it is told and is done with it when the test says so.
VOICE = """
window.told = [];
let now = null;
Object.defineProperty(window, "speechSynthesis", { value: {
  speak: (said) => { window.told.push(said.text); now = said; },
  cancel: () => { const old = now; now = null; if (old && old.onend) old.onend(); },
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
window.done = () => { const old = now; now = null; old.onend(); };
"""
MUTE = "Object.defineProperty(window, 'speechSynthesis', { value: undefined });"


def open_paper(window, title):
    page = window.open(f"/search?kind=document&q={title}")
    page.locator(".results a").first.click()
    expect(page.locator(".doc h1")).to_contain_text(title)
    return page


def told(page):
    return page.evaluate("window.told")


def test_a_document_is_read_part_by_part_paused_and_stopped(reader):
    window = reader()
    window.page.add_init_script(VOICE)
    page = open_paper(window, "政务公开工作要点")
    page.get_by_role("button", name="读给我听").press("Enter")
    expect(page.locator(".doc h1")).to_have_class("aloud")
    page.evaluate("window.done()")
    expect(page.locator(".aloud")).to_have_text("各村、社区，镇直各单位：")
    page.get_by_role("button", name="停一下").click()
    before = told(page)
    page.get_by_role("button", name="接着读").click()
    assert told(page) == [*before, before[-1]], "goes on with the sentence it stopped in"
    for _ in range(60):
        if page.get_by_role("button", name="读给我听").count():
            break
        page.evaluate("window.done()")
    everything = "".join(told(page))
    assert "内容：办事指南，责任单位：便民服务中心，什么时候更新：一有变动就更新" in everything
    assert "0 7 3 0 5 5 5 0 0 0 2" in everything
    expect(page.locator(".aloud")).to_have_count(0)
    page.get_by_role("button", name="读给我听").click()
    page.get_by_role("button", name="不读了").click()
    expect(page.get_by_role("button", name="不读了")).to_be_hidden()
    expect(page.locator(".aloud")).to_have_count(0)
    window.check()


def test_numbers_and_dates_are_said_as_people_say_them(reader):
    window = reader()
    window.page.add_init_script(VOICE)
    page = open_paper(window, "政务公开实施细则")
    page.get_by_role("button", name="读给我听").click()
    for _ in range(120):
        if page.get_by_role("button", name="读给我听").count():
            break
        page.evaluate("window.done()")
    everything = "".join(told(page))
    assert "2 0 2 0年1月1日" in everything and "8点30分到12点" in everything and "百分之95" in everything
    assert "〔" not in everything and "年，3号" in everything


def test_without_a_voice_there_is_no_button(reader):
    window = reader()
    window.page.add_init_script(MUTE)
    page = open_paper(window, "政务公开工作要点")
    expect(page.get_by_role("button", name="读给我听")).to_be_hidden()
    expect(page.get_by_text("有问题？").first).to_be_visible()


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_size_stays_from_page_to_page_without_a_script(reader, width):
    window = reader(width=width, scripts=False)
    page = open_paper(window, "上半年专项资金安排情况")
    page.get_by_role("link", name="特大").click()
    expect(page.get_by_role("link", name="特大")).to_be_visible()
    for path in (
        "/",
        "/info/",
        "/services/JF-001",
        "/search?q=建房",
        "/hall/",
        "/cases/",
        page.url.removeprefix(window.base),
    ):
        page = window.open(path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
        window.check()
    page.get_by_role("link", name="字号").click()
    expect(page.get_by_role("link", name="特大")).to_have_attribute("aria-current", "true")
    go(page.get_by_role("link", name="标准"))
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_a_long_document_has_contents_that_jump(reader):
    window = reader(width="narrow")
    page = open_paper(window, "政务公开实施细则")
    page.get_by_text("点开可以直接跳到一处").click()
    go(page.get_by_role("link", name="三、怎样算公开到了"))
    expect(page.locator("#part-" + page.url.rpartition("-")[2])).to_be_in_viewport()
    window.check()
