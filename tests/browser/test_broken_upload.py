"""A connection that breaks in the middle of a file: the page says where it stands, and the file goes on from there."""

import pytest
from playwright.sync_api import Route, expect

from mingtang.demo.cases import demo_id
from tests.browser.reading import NARROW
from tests.browser.test_case_journey import file, photo, slot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FORM = "/services/JF-001/apply?ask_project=rebuild&ask_land=homestead"
NAME = "旧屋正面侧面和左右邻居的照片二〇二六年十一月.png"


def test_a_file_goes_on_after_the_connection_was_lost(reader):
    window = reader()
    page = window.open(FORM)
    slot(page, "身份证和户口簿").locator("input[type=file]").set_input_files(file("户口簿.png", 40))
    expect(slot(page, "身份证和户口簿").get_by_role("status")).to_have_text("√ 已传完：户口簿.png，不用再选")
    expect(slot(page, "身份证和户口簿").get_by_label("现在上传")).to_be_checked()
    window.check()

    sent: list[int] = []
    broken = True

    def carry(route: Route) -> None:
        request = route.request
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))
        lost = broken and len(sent) > 1 and request.method in {"PATCH", "HEAD"}
        route.abort() if lost else route.continue_()

    page.route("**/uploads/**", carry)
    box = slot(page, "旧屋的照片")
    whole = photo(90) + bytes(2_000_000)
    box.locator("input[type=file]").set_input_files({"name": NAME, "mimeType": "image/png", "buffer": whole})
    expect(box.get_by_role("status")).to_have_text(f"网断了，连上以后从 52% 接着传，不用重选：{NAME}")
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.get_by_label("姓名").first.fill("文小满")
    page.get_by_label("身份证号码").first.fill(demo_id(43))
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("还有文件在传，传完自动往下走")).to_be_visible()
    broken = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="请再看一遍")).to_be_visible()
    expect(page.locator(".review")).to_contain_text(NAME)
    expect(page.locator(".review")).to_contain_text("户口簿.png")
    assert sent[:2] == [512 * 1024, 1024 * 1024]
    assert sent.count(512 * 1024) == 1, "nothing that had arrived was sent again"
    # What a browser itself remarks of the pieces that were lost.
    assert all("ERR_FAILED" in sentence for sentence in window.troubles)
    window.troubles.clear()
