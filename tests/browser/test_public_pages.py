"""Every kind of public page, wide and narrow: valid, accessible, quiet, from our own host, without sideways scroll."""

import json
import re
from io import BytesIO
from unicodedata import normalize

import pypdf
import pytest
from playwright.sync_api import expect

from mingtang.voices.challenges import row_key
from tests.browser.reading import NARROW, opener

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIXED = {
    "home": "/",
    "catalogue": "/info/",
    "narrowed catalogue": "/info/?year=2026&theme=utility",
    "news": "/news/",
    "news of a month": "/news/2026-11",
    "columns": "/info/c/",
    "a column": "/info/c/a21-04",
    "a column told empty": "/info/c/key-e5",
    "an empty column": "/info/c/key-e3",
    "guide": "/info/guide",
    "law pages": "/learn/",
    "a law page": "/learn/ask",
    "campaigns": "/learn/outreach",
    "staff learning": "/learn/staff",
    "catalogue as a table": "/info/?view=table",
    "in force": "/info/validity",
    "withheld": "/info/withheld",
    "on request": "/info/withheld?state=request",
    "repealed": "/info/validity?state=repealed",
    "index numbers": "/info/numbers",
    "board": "/board/",
    "board, narrowed": "/board/?state=empty&topic=key-s",
    "board, nothing there": "/board/?state=late&unit=power&topic=law",
    "coverage": "/board/coverage",
    "promises": "/board/promises",
    "law duties": "/board/law",
    "a duty": "/board/column-a21-08",
    "scores": "/board/scores/",
    "a slip with three questions": "/read/",
    "truth samples": "/board/samples/",
    "a round of truth samples": "/board/samples/2026-Z001",
    "services": "/services/",
    "services, narrowed": "/services/?served=person&fee=no",
    "services, nothing found": "/services/?q=火星移民&unit=forestry",
    "application, questions": "/services/JF-001/apply",
    "application, barred": "/services/JF-001/apply?ask_project=new&ask_land=basic_farmland",
    "application form": "/services/JF-001/apply?ask_project=rebuild&ask_land=homestead",
    "guide of a situation, questions": "/services/GD-001/situation",
    "guide of a situation": "/services/JF-001/situation?ask_project=rebuild&ask_land=farmland",
    "guide of a situation that bars": "/services/JF-001/situation?ask_project=new&ask_land=basic_farmland",
    "find a case": "/cases/",
    "find a case, on the screen of the hall": "/cases/?kiosk=1",
    "go on with what was kept": "/drafts/",
    "log in to one's account": "/account/enter",
    "search": "/search?q=建房",
    "search, nothing found": "/search?q=火星移民",
    "search, newest": "/search",
    "find, the question": "/find",
    "find, an answer": "/find?q=我想把老屋推倒重盖",
    "find, nothing found": "/find?q=火星移民",
    "find, none of these": "/find/none",
    "find, the slip": "/find/JF-001",
    "asked and answered": "/asked",
    "what could not be done": "/obstacles/",
    "what could not be done, told": "/obstacles/new?item=JF-001",
    "what could not be done, told at the screen": "/obstacles/new?kiosk=hall",
    "what could not be done, find": "/obstacles/mine",
    "lists": "/lists/",
    "lists of one kind": "/lists/?kind=aid",
    "boards": "/boards/",
    "a board": "/boards/1",
    "a board with a guide": "/boards/2",
    "agents": "/orders/",
    "agents, asked": "/orders/new?item=LN-001",
    "agents, asked at the screen": "/orders/new?kiosk=hall",
    "agents, find": "/orders/find",
    "ledger": "/ledger/",
    "ledger entry": "/ledger/entry/3",
    "site map": "/sitemap",
    "accessibility": "/accessibility",
    "size of the type": "/size/",
    "what is new": "/info/since",
    "subscriptions": "/subscribe/?columns=a20-12",
    "subscriptions of a village": "/subscribe/?villages=2",
    "search between two days": "/search?q=建房&from=2026-01-01",
    "grants": "/grants/",
    "fees": "/fees/",
    "fees, a card": "/fees/?payer=farmer",
    "fees, none of a trade": "/fees/?trade=health",
    "fees of a unit": "/fees/power",
    "no fees of a unit": "/fees/news",
    "fees of an item, worked out": "/services/GD-001/fees?ask_user=home&ask_meters=4",
    "fees of an item that has none": "/services/LN-001/fees",
    "utilities": "/utilities/",
    "a utility": "/utilities/power",
    "tell a utility": "/utilities/power/tell",
    "find what one told": "/utilities/matters/mine",
    "challenge a fee": f"/challenge/item/GD-001/{row_key('居民电能表校验费')}",
    "interruptions": "/utilities/interruptions/",
    "an interruption": "/utilities/interruptions/1",
    "interruptions of a village": "/utilities/interruptions/village/2",
    "powers": "/powers/",
    "powers, none left": "/powers/?unit=forestry&state=handed_over",
    "clean-up of powers": "/powers/cleanup",
    "misfits": "/powers/findings",
    "a power": "/powers/WY-XK-01",
    "entry": "/entry/",
    "delegations": "/entry/delegations",
    "halls": "/hall/",
    "a hall": "/hall/hall",
    "a window": "/hall/hall/1",
    "a card": "/hall/badges/1",
    "kiosk": "/hall/hall/kiosk",
    "kiosk, an answer": "/hall/hall/kiosk?q=我想把老屋推倒重盖&item=LN-001",
    "display of calls": "/hall/hall/calls",
    "booking": "/hall/hall/book",
    "nobody here": "/hall/hall/1/nobody",
    "numbers": "/hall/numbers",
    "outages": "/hall/outages",
    "find a number": "/tickets/",
    "changes of an item": "/services/JZ-001/changes",
    "flow": "/services/JF-001/flow",
    "slip form": "/services/LM-001/slip",
    "gallery": "/gallery/",
    "desk login": "/desk/login",
}
# What the other tests of this package look at, here or in the file that is named; tests/meta asks for every page.
ELSEWHERE = {
    "info/<path:number>",
    "info/e/<int:edition>/<path:number>",
    "info/compare/<int:first>-<int:second>/<path:number>",
    "approve/<str:token>",  # test_approval_links
    "services/<slug:code>",
    "cases/<case:number>",
    "cases/<case:number>/receipt",
    "cases/<case:number>/mine",
    "slips/<slug:number>",  # test_rule_changes
    "hall/<slug:code>/<int:number>/screen",  # test_hall_journey
    "tickets/<slug:number>",
    "boards/s/<int:sheet>/<int:key>",  # below
    "lists/<slug:number>",  # below
    "board/<slug:code>/<int:pk>/nudge",
    "lists/<slug:number>/check",
    "lists/draws/<slug:number>",
    "orders/<slug:number>",  # test_order_journey
    "drafts/<int:pk>",  # test_kept_application
    "account/",  # test_account
    "account/code",
    "account/messages",
    "account/profile",
    "account/number",
    "account/number/code",
    "account/close",
    "laws/",  # test_law_pages
    "laws/alarms",
    "laws/<int:pk>",
    "size/<int:step>",  # test_reading_aloud
    "subscribe/confirm",  # test_subscribe_journey
    "subscribe/mine",
    "subscribe/stop",
}


@pytest.fixture(scope="module")
def window(browser, house, checker, axe):
    """One for all pages that are only looked at: opening another takes as long as looking."""
    readers = []
    yield opener(browser, house.url, checker, axe, readers)()
    readers[0].context.close()


def look(window, path, status=200):
    window.begin()
    window.open(path, status)
    window.check()
    window.page.set_viewport_size(NARROW)
    window.check()


@pytest.mark.parametrize("path", FIXED.values(), ids=FIXED)
def test_a_page_is_sound_at_any_width(window, path):
    look(window, path)


@pytest.mark.parametrize("code", ["LN-001", "LM-001", "JF-001", "JZ-001"])
def test_a_guide_is_sound_and_its_flow_is_fit_to_read(window, code):
    look(window, f"/services/{code}")


@pytest.mark.parametrize("code", ["LN-001", "JF-001"])
def test_a_flowchart_printed_is_one_a3_sheet(reader, code):
    page = reader().open(f"/services/{code}/flow")
    (sheet,) = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [420, 297]
    words = "".join(sheet.extract_text().split())
    assert "收件审查" in words and "本版指纹" in words and "首页" not in words


def test_a_guide_is_printed_with_what_is_folded_on_the_screen(reader):
    sheets = pypdf.PdfReader(BytesIO(reader().open("/services/LN-001").pdf())).pages
    words = normalize("NFKC", "".join("".join(sheet.extract_text().split()) for sheet in sheets))
    assert "家里人带上老人的身份证可以代办" in words


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_a_fee_board_printed_is_one_sheet_with_every_column(reader, paper):
    page = reader().open("/fees/power")
    (sheet,) = pypdf.PdfReader(BytesIO(page.pdf(format=paper, landscape=True))).pages
    # A PDF says some characters as radicals.
    words = "".join(normalize("NFKC", sheet.extract_text()).split())
    for word in ("供电所收费公示牌(演示)", "执收单位", "计费单位", "电能表校验费", "30元", "12345", "普通发票"):
        assert word in words, word
    assert "首页" not in words and "和我遇到的不一样" not in words


def test_a_sum_that_misses_an_answer_is_told_in_a_sound_page(window):
    look(window, "/services/GD-001/fees?ask_user=home", 422)


def test_every_list_from_records_is_sound(reader, house, window):
    """One that hangs in a village, one with sums; and the page on which a person finds their row."""
    page = reader().open("/lists/")
    paths = [link.get_attribute("href") for link in page.locator("main .list a").all()]
    assert len(paths) >= 3
    for path in paths:
        look(window, path)
    look(window, f"{next(path for path in paths if '/draws/' not in path)}/check")


def test_what_a_scanned_sheet_leads_to_is_sound(reader, house, window):
    told = reader().open("/boards/").evaluate("fetch('/boards.json').then((answer) => answer.json())")
    urls = [sheet["check_url"] for board in told["boards"] for sheet in board["sheets"] if sheet["check_url"]]
    look(window, urls[0])


def test_asking_for_what_is_missing_is_sound(reader, window):
    page = reader().open("/board/?state=empty")
    look(window, page.locator("a[href$='/nudge']").first.get_attribute("href"))


def test_every_published_document_is_sound(reader, house, window):
    page = reader().open("/info/")
    paths = [link.get_attribute("href") for link in page.locator("main .list a").all()]
    assert len(paths) >= 8
    for path in paths:
        look(window, path)


def test_an_older_edition_is_sound_and_says_that_it_is_old(reader, house):
    window = reader()
    page = window.open("/search?q=万庾供电所服务承诺")
    page.locator(".results a").first.click()
    page.get_by_role("link", name="看这一版").first.click()
    expect(page.get_by_text("这是旧版")).to_be_visible()
    window.check()


def test_every_public_case_line_is_sound(reader, window):
    page = reader().open("/")
    paths = [link.get_attribute("href") for link in page.locator("a[href^='/cases/WY']").all()]
    assert len(paths) >= 4
    for path in paths:
        look(window, path)


def test_what_does_not_exist_is_told_in_a_sound_page(window):
    look(window, "/nothing/here", 404)
    look(window, "/cases/WY2099000001X", 404)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_form_sent_without_cookies_is_answered_by_a_sound_page(reader, width):
    window = reader(width=width)
    page = window.open("/cases/")
    page.get_by_label("办件编号").fill("WY2026000001M")
    page.get_by_label("查询码").fill("AAAAAAAAAA")
    page.context.clear_cookies()
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("没有收下，什么都没有改动")).to_be_visible()
    assert window.status == 403
    window.check()


def test_a_page_for_one_s_own_case_is_sound(reader, house):
    for width in ("wide", "narrow"):
        window = reader(width=width)
        page = window.open("/cases/")
        page.get_by_label("办件编号").fill(house.number)
        page.get_by_label("查询码").fill(house.code.lower())
        page.get_by_role("button", name="查看").click()
        page.wait_for_url(f"**/cases/{house.number}/mine")
        window.check()
        page.get_by_text("撤回申请", exact=True).first.click()
        page.get_by_role("button", name="撤回申请").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert window.status == 422
        window.check()
        window.open(f"/cases/{house.number}/receipt")
        window.check()


def test_the_working_of_a_deadline_opens_and_is_sound(reader, house):
    window = reader()
    page = window.open(f"/cases/{house.number}")
    for summary in page.locator("summary").all():
        summary.click()
    expect(page.locator(".days").first).to_be_visible()
    window.check()


def test_feeds_and_data_are_well_formed(reader, house):
    page = reader().open("/")
    asked = page.context.request
    for path in ("/feeds/info.atom", "/sitemap.xml", "/services/JF-001/flow.bpmn", "/services/JF-001/flow.svg"):
        from lxml import etree

        answer = asked.get(house.url + path)
        assert answer.status == 200
        etree.fromstring(answer.body())
    told = json.loads(asked.get(f"{house.url}/cases/{house.number}.json").body())
    assert not re.search(r"陈木生|555\d{4}|19000101", json.dumps(told, ensure_ascii=False))
