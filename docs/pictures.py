"""Takes the pictures of the README and the manual from a fresh demo town: `python -m docs.pictures [NAME …]`."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE = {"width": 1100, "height": 820}
PASSWORD = "wanyu-demo"  # noqa: S105 (that of the demo town, printed by `mingtang demo`)

# name of the picture: (who is logged in, address, buttons and choices to press there); {case:WORDS} stands for the
# newest demo case whose row at the desk has these words.
PICTURES: dict[str, tuple[str, ...]] = {
    "images/portal": ("", "/"),
    "manual/images/guide": ("", "/services/JF-001"),
    "manual/images/services": ("", "/services/"),
    "manual/images/find-way": ("", "/find?q=我想把老屋推倒重盖"),
    "manual/images/asked": ("", "/asked"),
    "manual/images/wanted": ("zhuren", "/desk/wanted/1"),
    "manual/images/flow": ("", "/services/JF-001/flow#drawing"),
    "manual/images/fees": ("", "/fees/power"),
    "manual/images/apply-questions": ("", "/services/JF-001/apply"),
    "manual/images/apply": ("", "/services/JF-001/apply?ask_project=rebuild&ask_land=homestead"),
    "manual/images/situation": ("", "/services/GD-001/situation?ask_user=home&ask_meters=2"),
    "manual/images/find": ("", "/cases/"),
    "manual/images/account": ("", "/account/enter"),
    "manual/images/line": ("", "/cases/{case:已受理 建房}"),
    "manual/images/ledger": ("", "/ledger/"),
    "manual/images/login": ("", "/desk/login"),
    "manual/images/todo": ("chuangkou1", "/desk/"),
    "manual/images/draft": ("bianji", "/desk/info/new"),
    "manual/images/lists": ("bianji", f"/desk/lists/{time.strftime('%Y')}-0001"),
    "manual/images/check-row": ("", f"/lists/{time.strftime('%Y')}-0001/check"),
    "manual/images/documents": ("baomi", "/desk/info/"),
    "manual/images/intake": ("chuangkou3", "/desk/cases/new/JF-001", "原址翻建", "原来的宅基地", "下一步"),
    "manual/images/notice": ("chuangkou3", "/desk/cases/{case:待补正}"),
    "manual/images/opinion": ("chengjian", "/desk/cases/{case:已受理 建房}"),
    "manual/images/items": ("zhuren", "/desk/items/"),
    "manual/images/keep": ("zhuren", "/desk/items/JF-001/1", "出新版"),
    "manual/images/compose": ("zhuren", "/desk/items/compose?part=JF-001&part=LN-001"),
    "manual/images/powers": ("zhuren", "/desk/powers/"),
    "manual/images/cleanup": ("chengjian", "/desk/powers/cleanup/?state=propose&unit=construction"),
    "manual/images/entry": ("zhuren", "/desk/entry/JZ-001"),
    "manual/images/letters": ("qianfa", "/desk/letters/"),
    "manual/images/money": ("shoufei", "/desk/money/"),
    "manual/images/laws": ("sifa", "/desk/laws/4/abolish"),
    "manual/images/notices": ("chuangkou3", "/desk/notices/?state=letters"),
    "manual/images/calendar": ("guanli", "/desk/calendar/"),
    "manual/images/ask-agent": ("", "/orders/"),
    "manual/images/orders": ("cunban", "/desk/orders/"),
    "manual/images/tell": ("", "/obstacles/new"),
    "manual/images/obstacles": ("zhuren", "/desk/obstacles/?state=open"),
    "manual/images/roster": ("zhuren", "/desk/roster/"),
    "manual/images/permit": ("zhenzhang", "/desk/permits/1"),
    "manual/images/keep-draft": ("", "/drafts/"),
    "manual/images/late": ("chuangkou3", "/desk/late/"),
    "manual/images/outages": ("", "/hall/outages"),
    "manual/images/kiosk": ("", "/cases/?kiosk=1&number={case:已受理 建房}"),
    "manual/images/words": ("zhuren", "/desk/notices/words"),
    "manual/images/wall": ("", "/boards/1"),
    "manual/images/tell-utility": ("", "/utilities/power/tell"),
    "manual/images/reach": ("bianji", "/desk/reach/"),
    "manual/images/numbers": ("", "/info/numbers"),
    "manual/images/duties": ("qianfa", "/desk/duties/"),
    "manual/images/columns": ("qianfa", "/desk/columns/"),
    "manual/images/learn": ("", "/learn/ask"),
    "manual/images/news": ("", "/news/"),
    "manual/images/stories": ("bianji", "/desk/stories/"),
    "manual/images/study": ("qianfa", "/desk/study/pages/"),
    "manual/images/subscribe": ("", "/subscribe/"),
    "manual/images/interruption": ("", "/utilities/interruptions/1"),
    "manual/images/board": ("", "/board/"),
    "manual/images/info-guide": ("", "/info/guide"),
    "manual/images/samples": ("", "/board/samples/"),
    "manual/images/utility": ("", "/utilities/power"),
    "manual/images/withheld": ("", "/info/withheld"),
    "manual/images/hall": ("", "/hall/hall"),
    "manual/images/word-lists": ("qianfa", "/desk/words/"),
    "manual/images/validity": ("", "/info/validity"),
    "manual/images/site": ("qianfa", "/desk/site/"),
    "manual/images/book": ("", "/hall/hall/book"),
    "manual/images/grants": ("", "/grants/"),
    "manual/images/scores": ("", "/board/scores/"),
    "manual/images/challenge": ("", "/challenge/item/GD-001/r-f63c877ea686"),
}


@contextmanager
def demo_site() -> Iterator[str]:
    """The address of a demo town of its own, served until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MINGTANG_DATA": folder, "PORT": str(port)}
        command = [sys.executable, "-m", "config.cli"]
        subprocess.run([*command, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        server = subprocess.Popen([*command, "serve"], env=environment)  # noqa: S603
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait(15)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=1)  # noqa: S310 (our own loopback address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the demo site did not come up")


def _enter(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/desk/login")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.click("main button")


def _cases(browser: Browser, site: str) -> list[str]:
    """The rows of the demo cases as the desk lists them, the newest first: number, item, state."""
    page = browser.new_page()
    _enter(page, site, "chuangkou3")
    page.goto(f"{site}/desk/cases/")
    rows = page.locator("main tbody tr").all_inner_texts()
    page.close()
    return rows


def _number(rows: Sequence[str], words: str) -> str:
    """The number of the newest case whose row has all the words."""
    return next(row for row in rows if all(word in row for word in words.split())).split()[0]


def main(wanted: Sequence[str]) -> None:
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cases = _cases(browser, site)
        for name, (who, path, *pressed) in PICTURES.items():
            if wanted and name.rpartition("/")[2] not in wanted:
                continue
            context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai")
            page = context.new_page()
            if who:
                _enter(page, site, who)
            page.goto(site + re.sub(r"\{case:(.+?)\}", lambda found: _number(cases, found[1]), path))
            for words in pressed:
                page.get_by_role("button", name=words).or_(page.get_by_label(words)).first.click()
            target = FOLDER / f"{name}.png"
            target.parent.mkdir(exist_ok=True)
            page.screenshot(path=target)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
