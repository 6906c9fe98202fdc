"""Half an application, kept without scripts on one machine, gone on with on a telephone by what its QR code says; once
it is kept, a page with scripts saves it by itself.
"""

import re

import pytest
from playwright.sync_api import expect

from mingtang.demo.cases import demo_id
from tests.browser.people import go, read_receipt
from tests.browser.reading import NARROW
from tests.browser.test_case_journey import file, slot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FORM = "/services/JF-001/apply?ask_project=rebuild&ask_land=homestead"
NAME = "阿卜杜热合曼·买买提明·艾合买提江"


def test_what_was_kept_on_one_machine_is_handed_in_on_another(reader):
    first = reader(scripts=False)
    page = first.open(FORM)
    page.get_by_label("姓名").fill(NAME)
    slot(page, "旧屋的照片").locator("input[type=file]").set_input_files(file("旧屋.png", 90))
    go(page.get_by_role("button", name="先保存，以后再填"))
    first.check()
    expect(page.locator("main .list")).to_contain_text("请填写身份证号码")
    code = page.locator(".slab dd").first.inner_text()
    first.page.set_viewport_size(NARROW)
    first.check()

    phone = reader(width="narrow")
    page = phone.open(f"/drafts/#{code}")
    expect(page.get_by_label("保存码")).to_have_value(code)
    assert "#" not in page.url
    phone.check()
    go(page.get_by_role("button", name="打开"))
    phone.check()
    page.get_by_role("link", name="接着填").click()
    expect(page.get_by_label("姓名")).to_have_value(NAME)
    page.get_by_label("身份证号码").fill(demo_id(41))
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".review")).to_contain_text("旧屋.png")
    page.get_by_role("button", name="提交申请").click()
    read_receipt(page)

    page = first.open("/drafts/")
    page.get_by_label("保存码").fill(code)
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    assert first.status == 422
    first.check()


def kept(window) -> str:
    """Half an application for a rebuilt house; its code."""
    page = window.open(FORM)
    expect(page.locator("[data-saved]")).to_have_count(0)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_role("button", name="先保存，以后再填").click()
    return page.locator(".slab dd").first.inner_text()


def gone_on(window, code: str):
    page = window.open("/drafts/")
    page.get_by_label("保存码").fill(code)
    page.get_by_role("button", name="打开").click()
    page.get_by_role("link", name="接着填").click()
    return page


def test_what_is_typed_is_saved_by_itself_and_never_over_a_newer_one(reader):
    one, two = reader(), reader(width="narrow")
    code = kept(one)
    here, there = gone_on(one, code), gone_on(two, code)
    here.get_by_role("textbox", name="住址").fill("长堤村三组（演示）")
    expect(here.locator("[data-saved]")).to_have_text(re.compile(r"^已自动保存 \d\d:\d\d$"))
    one.check()
    here.get_by_role("textbox", name="住址").fill("长堤村四组（演示）")
    with here.expect_response(lambda answer: answer.request.method == "POST") as answered:
        expect(here.locator("[data-saved]")).to_contain_text("已自动保存")
    assert answered.value.json()["revision"] == 3

    there.get_by_role("textbox", name="住址").fill("别处（演示）")
    expect(there.locator("[data-saved]")).to_contain_text("在别处又存过")
    two.check()
    expect(gone_on(reader(scripts=False), code).get_by_role("textbox", name="住址")).to_have_value("长堤村四组（演示）")
    # The button means this page.
    there.get_by_role("button", name="先保存，以后再填").click()
    expect(gone_on(reader(), code).get_by_role("textbox", name="住址")).to_have_value("别处（演示）")
