"""What people of the town do at a screen, step by step, by the words that stand there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from mingtang.demo.town import PASSWORD
from tests.browser.reading import Reader

Open = Callable[..., Reader]


@contextmanager
def desk_window(reader: Open, username: str, *, scripts: bool = True, check: bool = False) -> Iterator[Reader]:
    """Logged in through the form, in a window of their own; with ``check`` the first and the last page are checked."""
    window = reader(scripts=scripts)
    page = window.open("/desk/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()
    if check:
        window.check()
    yield window
    if check:
        window.check()


@contextmanager
def at_the_desk(reader: Open, username: str, *, scripts: bool = True, check: bool = False) -> Iterator[Page]:
    """The page alone."""
    with desk_window(reader, username, scripts=scripts, check=check) as window:
        yield window.page


def go(led: Locator) -> None:
    """Clicks what leads to another page and waits until that page is there.

    A click alone may come back while the old page still stands: what reads at once, without waiting (``all``,
    ``count``, ``url``, ``Reader.check``), would read the old one. tests/meta/test_browser_waits.py holds it.
    """
    with led.page.expect_navigation():
        led.click()


def told(page: Page, sentence: str) -> None:
    """The desk's own word that the act was done."""
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def row_of(page: Page, label: str):
    """The value beside a label of the table above a document."""
    return page.locator(".meta div").filter(has=page.locator("dt", has_text=re.compile(f"^{label}$"))).locator("dd")


@dataclass(frozen=True)
class Receipt:
    number: str
    code: str


def read_receipt(page: Page) -> Receipt:
    """Number and code as they stand on the receipt."""
    expect(page.get_by_role("heading", name="已经收到您的申请")).to_be_visible()
    values = page.locator(".slab dd").all_inner_texts()
    assert re.fullmatch(r"WY\d{10}\w", values[0]) and re.fullmatch(r"[2-9A-Z]{10}", values[1]), values
    return Receipt(*values)


def open_own_case(reader: Open, receipt: Receipt, *, scripts: bool = True) -> Reader:
    """The applicant comes back another day with number and code."""
    window = reader(scripts=scripts)
    page = window.open("/cases/")
    page.get_by_label("办件编号").fill(receipt.number)
    page.get_by_label("查询码").fill(receipt.code)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(receipt.number)
    return window
