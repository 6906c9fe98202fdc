"""The justice office keeps the library: a paper taken in, an article amended, a law abolished, the alarm on an item."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people import desk_window, told
from tests.browser.reading import NARROW, WIDE, Reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TITLE = "林木采伐管理办法（演示）"
PASTED = """林木采伐管理办法（演示）
第一章　总则
第一条　为了管好林木采伐，制定本办法。
第二条　采伐林木，先取得许可。
第四条　本办法自2026年1月1日起施行。"""


def looked_at(window: Reader) -> None:
    """Sound on a wide screen and on a telephone."""
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)
        window.check()


def opened(window: Reader, path: str) -> Page:
    page = window.open(path)
    looked_at(window)
    return page


def take_in(window: Reader) -> None:
    page = opened(window, "/desk/laws/new")
    page.get_by_role("button", name="读出条文").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写名称")
    looked_at(window)
    page.get_by_label("国家法规库").check()
    page.get_by_label("名称", exact=True).fill(TITLE)
    page.get_by_label("效力层级").select_option("部门规章")
    page.get_by_label("正文").fill(PASTED)
    page.get_by_role("button", name="读出条文").click()
    expect(page.get_by_role("heading", name="读出 3 条")).to_be_visible()
    expect(page.get_by_text("没有读出第三条")).to_be_visible()
    page.get_by_text("逐条核对").click()
    expect(page.get_by_text("采伐林木，先取得许可。").first).to_be_visible()
    looked_at(window)
    page.get_by_role("button", name="收录", exact=True).click()
    told(page, f"《{TITLE}》已经收录")


def amend(window: Reader) -> None:
    page = window.page
    page.get_by_label("修改哪一条").fill("2")
    page.get_by_role("button", name="登记修改").click()
    expect(page.get_by_role("heading", name="登记修改：第二条")).to_be_visible()
    expect(page.get_by_text("没有施行的事项、权力或者收费靠这一条")).to_be_visible()
    looked_at(window)
    page.get_by_label("修改以后的条文").fill("采伐林木，先到镇林业站取得许可。")
    page.get_by_label("从哪天起").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="登记修改").click()
    told(page, "第二条自")
    page.get_by_text("第二条的历次文本").click()
    expect(page.locator("#article-2").get_by_text("采伐林木，先取得许可。")).to_be_visible()
    looked_at(window)


def abolish(window: Reader) -> None:
    page = window.open("/desk/laws/?q=森林法")
    page.get_by_role("link", name="中华人民共和国森林法", exact=True).click()
    page.get_by_role("link", name="登记废止").click()
    expect(page.get_by_text("1 个事项、1 项权力、0 项收费")).to_be_visible()
    looked_at(window)
    page.get_by_label("从哪天起废止").fill(timezone.localdate().isoformat())
    page.get_by_label("废止的依据").fill(f"《{TITLE}》第四条")
    page.get_by_label("被哪一部替代").fill(TITLE)
    page.get_by_role("button", name="登记废止").click()
    told(page, "1 个事项依据已经失效")
    looked_at(window)


def see_the_alarm(window: Reader) -> None:
    page = window.open("/desk/")
    page.get_by_role("link", name="1 个事项的依据失效了").click()
    expect(page.get_by_role("heading", name="1 个事项的依据失效了")).to_be_visible()
    looked_at(window)
    page.get_by_role("link", name="农村居民采伐林木许可").first.click()
    # On the version in force, or on the draft that is being written: the house is shared.
    expect(page.get_by_text(f"被《{TITLE}》替代").first).to_be_visible()


def take_back(window: Reader) -> None:
    """The house is shared with other tests: what was abolished holds on."""
    page = window.open("/desk/laws/?q=森林法")
    page.get_by_role("link", name="中华人民共和国森林法", exact=True).click()
    page.get_by_text("废止登记错了，撤销").click()
    page.get_by_label("理由").fill("演示完了。")
    page.get_by_role("button", name="撤销废止登记").click()
    told(page, "废止不算数了")


def test_a_law_is_taken_in_amended_and_abolished_and_the_item_on_it_rings(reader):
    with desk_window(reader, "sifa") as window:
        take_in(window)
        amend(window)
        abolish(window)
        try:
            see_the_alarm(window)
        finally:
            take_back(window)
        opened(window, "/desk/laws/?q=没有的法")
