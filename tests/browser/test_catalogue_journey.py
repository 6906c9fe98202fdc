"""The catalogue goes out as a table and comes in again, without a script; what is wrong in it is told by its cells."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import desk_window, go
from tests.factories.books import book, put, tables

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def downloaded(window) -> bytes:
    with window.page.expect_download() as file:
        window.page.get_by_role("link", name="导出现行有效的").click()
    assert file.value.suggested_filename.endswith(".xlsx")
    return Path(file.value.path()).read_bytes()


def send(window, data: bytes, outcome: str) -> None:
    """Send a file in; the page asks again by itself until it can say what became of it."""
    page = window.open("/desk/items/import")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("事项目录表格").set_input_files({"name": "目录.xlsx", "mimeType": kind, "buffer": data})
    page.get_by_role("button", name="上传并导入").click()
    expect(page.get_by_role("heading", name=outcome, level=1)).to_be_visible(timeout=60_000)
    window.check()


@pytest.mark.parametrize(("width", "scripts"), [("wide", False), ("narrow", True)])
def test_a_table_out_and_in_again(reader, width, scripts):
    with desk_window(reader, "zhuren", scripts=scripts) as window:
        window.page.set_viewport_size({"width": 1280 if width == "wide" else 375, "height": 900})
        window.open("/desk/items/")
        window.page.get_by_role("link", name="导出、导入整个目录").click()
        data = downloaded(window)
        send(window, data, "全部收下")
        expect(window.page.get_by_text("什么都没有改")).to_be_visible()
        found = tables(data)
        for row in range(1, 9):
            put(found, "材料", "份数", "两份", row)
        send(window, book(found), "没有导入")
        expect(window.page.get_by_text("“材料”表第 2 行“份数”列（I2）")).to_be_visible()
        page = window.open("/desk/items/import")
        go(page.get_by_role("button", name="上传并导入"))
        assert window.status == 422
        window.check()
