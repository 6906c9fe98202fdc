"""A joint thing from nothing to the public site: made, proposed, approved and published by hand, in few strokes."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import at_the_desk, go, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FEWER_THAN = 40


@dataclass
class Walk:
    """Counts what people do: every field filled, box ticked, link and button used is one input.

    A page is visited when a person goes to it by link or address; what answers a button is no visit of its own.
    """

    inputs: int = 0
    visited: list[str] = field(default_factory=list)

    def fill(self, page: Page, label: str, text: str) -> None:
        self.inputs += 1
        page.get_by_label(label).fill(text)

    def tick(self, page: Page, label: str) -> None:
        self.inputs += 1
        page.get_by_label(label).check()

    def press(self, page: Page, name: str) -> None:
        self.inputs += 1
        page.get_by_role("button", name=name, exact=True).last.click()

    def follow(self, page: Page, name: str, *, who: str) -> None:
        self.inputs += 1
        go(page.get_by_role("link", name=name).first)
        self.visited.append(f"{who} {urlsplit(page.url).path}")


def test_a_new_joint_item_reaches_the_public_in_few_strokes(reader):
    walk = Walk()
    with at_the_desk(reader, "zhuren", check=True) as page:
        walk.follow(page, "事项", who="zhuren")
        walk.follow(page, "合成一件事", who="zhuren")
        walk.tick(page, "农村村民建房审批")
        walk.tick(page, "老年人优待证申领")
        walk.press(page, "看合起来是什么样")
        expect(page.get_by_text("少跑 1 次")).to_be_visible()
        walk.fill(page, "这件事叫什么", "建房安居一件事")
        walk.fill(page, "事项编码", "YJS-001")
        walk.press(page, "合成草案，往下核对")
        told(page, "已经合成草案")
        expect(page.get_by_text("都写齐了，保存以后就可以提出。")).to_be_visible()
        walk.press(page, "保存")
        told(page, "已保存。")
        walk.follow(page, "不保存，返回", who="zhuren")
        walk.press(page, "提出")
        told(page, "已经提出，负担比对好了。")
        expect(page.get_by_text("合成一件事，一次申请")).to_be_visible()
    with at_the_desk(reader, "suozhang") as page:
        walk.inputs += 3
        walk.follow(page, "建房安居一件事", who="suozhang")
        walk.press(page, "同意")
        told(page, "实施单位已经同意。")
    with at_the_desk(reader, "qianfa", check=True) as page:
        walk.inputs += 3
        walk.follow(page, "建房安居一件事", who="qianfa")
        walk.press(page, "同意")
        told(page, "党政办已经同意。")
        walk.press(page, "公布")
        told(page, "已经公布。")
        walk.press(page, "施行")
        told(page, "已经施行")
    window = reader()
    page = window.open("/services/YJS-001")
    expect(page.get_by_role("heading", name="建房安居一件事", level=1)).to_be_visible()
    expect(page.get_by_text("这是把下面几个事项合在一起办")).to_be_visible()
    window.check()
    walk.inputs += 3  # the editor's own log-in
    assert walk.inputs < FEWER_THAN, walk
    assert len(walk.visited) == len(set(walk.visited)), walk.visited
