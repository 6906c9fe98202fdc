"""A document from the first word to its proof: written, reviewed, signed and published by three persons."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import at_the_desk, go, row_of, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROWS = ("索引号", "发布机构", "公开范围", "生成日期", "公开日期", "公开方式", "来源", "时间", "浏览量", "二维码")
TITLE = "关于冬季农村公路养护安排的通知（演示）"
LINES = (
    "各村、社区：",
    "一、养护哪些路",
    "清水村至荷花村的县道，青山村的两条通组路。",
    "二、什么时候封路",
    "腊月里不封路，其他时候封路三天前在村口贴通知。",
)


def write(page, title: str, scripts: bool) -> str:
    """The editor's part; returns the path of the edition on the desk."""
    page.get_by_role("link", name="起草政府信息").click()
    page.get_by_role("link", name="一般信息").click()
    page.get_by_label("标题").fill(title)
    if scripts:
        # The textarea bears the same name until the script has taken its place.
        page.locator("[contenteditable='true']").click()
        for line in LINES:
            page.keyboard.insert_text(line)
            page.keyboard.press("Enter")
    else:
        page.get_by_label("正文").fill("\n".join(LINES))
    page.get_by_label("发布机构").select_option(label="村镇建设办公室")
    page.get_by_label("栏目").select_option(index=1)
    page.get_by_label("生成日期").fill("2026-11-20")
    page.get_by_role("button", name="保存").click()
    told(page, "已保存，索引号")
    return re.search(r"/desk/info/\d+", page.url)[0]


def publish(reader, title: str, *, scripts: bool = True, check: bool = False) -> str:
    """The three persons; returns the index number."""
    with at_the_desk(reader, "bianji", scripts=scripts, check=check) as page:
        path = write(page, title, scripts)
        number = page.locator(".crumbs").inner_text().split()[-1]
        send(page)
    pass_on(reader, title, path, scripts=scripts, check=check)
    return number


def send(page) -> None:
    page.get_by_role("button", name="送保密审查").click()
    told(page, "已送保密审查")
    expect(page.get_by_role("link", name="保密审查", exact=True)).to_have_count(0)


def pass_on(reader, title: str, path: str, *, scripts: bool = True, check: bool = False) -> None:
    """The reviewer and the signer."""
    with at_the_desk(reader, "baomi", scripts=scripts, check=check) as page:
        page.get_by_role("link", name=title).first.click()
        go(page.get_by_role("link", name="保密审查", exact=True))
        for answer in page.get_by_label("没有", exact=True).all():
            answer.check()
        page.get_by_role("button", name="保密审查通过").click()
        told(page, "保密审查通过")
        expect(page.get_by_role("button", name="签发")).to_have_count(0)
    with at_the_desk(reader, "qianfa", scripts=scripts, check=check) as page:
        go(page.get_by_role("link", name=title).first)
        assert path in page.url
        page.get_by_role("button", name="签发").click()
        told(page, "已签发")
        page.get_by_role("button", name="公开").click()
        told(page, "已经公开")


def test_three_persons_publish_and_anyone_can_prove_the_date(reader, house, tmp_path):
    number = publish(reader, TITLE, check=True)
    window = reader()
    page = window.open("/")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    go(page.get_by_role("link", name=TITLE))
    assert page.url == f"{house.url}/info/{number}"
    window.check()

    for label in ROWS:
        expect(row_of(page, label)).to_have_count(1)
    assert row_of(page, "索引号").inner_text() == number
    assert row_of(page, "发布机构").inner_text() == "村镇建设办公室"
    assert row_of(page, "公开范围").inner_text() == "全部公开"
    assert row_of(page, "公开方式").inner_text() == "政府网站"
    assert row_of(page, "生成日期").inner_text() == "2026-11-20"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row_of(page, "时间").inner_text())
    assert row_of(page, "二维码").locator("svg path, svg rect").count() >= 1
    expect(page.locator(".history li")).to_have_count(1)
    for line in LINES:
        expect(page.locator(".body")).to_contain_text(line)

    _the_page_gets_its_number(page)
    _prints_nothing_but_the_document(page)
    data = json.loads(page.context.request.get(f"{house.url}/info/{number}.json").body())
    assert (data["index_number"], data["title"], data["issuer"]) == (number, TITLE, "村镇建设办公室")
    assert data["generated_on"] == "2026-11-20" and isinstance(data["ledger_index"], int)
    paper = page.context.request.get(f"{house.url}/info/{number}.pdf")
    assert paper.headers["content-type"] == "application/pdf" and paper.body().startswith(b"%PDF-")

    go(page.get_by_role("link", name="看证明").first)
    assert page.url.endswith(f"/ledger/entry/{data['ledger_index']}")
    window.check()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载证明").click()
    proof = tmp_path / "proof.json"
    taken.value.save_as(proof)
    _verifies_offline(house, proof, number)


def _the_page_gets_its_number(page) -> None:
    """Seconds after publication; the stored page is dropped as soon as the event is numbered."""
    card = page.locator(".card.proof")
    for _ in range(100):
        if "公开日志第" in card.inner_text():
            break
        page.reload()
    expect(card).to_contain_text("公开日志第")
    assert len(card.locator(".words").inner_text().split()) == 4


def _prints_nothing_but_the_document(page) -> None:
    page.emulate_media(media="print")
    for seen in ("article h1", ".meta", ".body"):
        expect(page.locator(seen)).to_be_visible()
    for hidden in (".head", ".nav", ".crumbs", ".foot", ".side", ".acts"):
        expect(page.locator(hidden)).to_be_hidden()
    left = " ".join(page.locator("body").inner_text().split())
    for line in (TITLE, *LINES):
        left = left.replace(line, "", 1)
    head = " ".join(page.locator(".meta").inner_text().split())
    assert left.replace(head, "").strip() == ""
    page.emulate_media(media="screen")


def _verifies_offline(house, proof: Path, number: str) -> None:
    """With the file alone, in a folder without a database; one changed digit is noticed."""
    alone = house.alone(proof.parent / "empty")
    answer = alone.run("verify", str(proof))
    assert answer.returncode == 0 and "✓" in answer.stdout, answer.stdout + answer.stderr
    forged = json.loads(proof.read_text())
    text = json.dumps(forged, ensure_ascii=False)
    assert number in text
    proof.write_text(text.replace(number, number[:-1] + "9"))
    answer = alone.run("verify", str(proof))
    assert answer.returncode == 1 and "✗" in answer.stdout, answer.stdout + answer.stderr


def test_what_was_published_is_found_at_once_by_its_words(reader):
    title = "关于镇政府门前停车场夜间开放的通告（演示）"
    publish(reader, title, scripts=False)
    window = reader()
    page = window.open("/")
    page.get_by_role("searchbox").fill("晚上停车场开放吗")
    page.get_by_role("button", name="搜索").click()
    for _ in range(100):
        if page.get_by_role("link", name=title).count():
            break
        page.reload()
    expect(page.get_by_role("link", name=title)).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    window.check()


def test_a_secret_mark_stops_the_draft_with_a_sentence_and_keeps_the_text(reader):
    with at_the_desk(reader, "bianji") as page:
        page.get_by_role("link", name="起草政府信息").click()
        page.get_by_role("link", name="一般信息").click()
        page.get_by_label("标题").fill("关于一份不该公开的材料（演示）")
        page.locator("[contenteditable='true']").click()
        page.keyboard.insert_text("机密★一年")
        page.keyboard.press("Enter")
        page.keyboard.insert_text("这一段是正文。")
        page.get_by_label("发布机构").select_option(label="党政办公室")
        page.get_by_label("栏目").select_option(index=1)
        page.get_by_label("生成日期").fill("2026-11-20")
        page.get_by_role("button", name="保存").click()
        told(page, "已保存")
        expect(page.get_by_text("还不能往下走")).to_be_visible()
        expect(page.get_by_role("button", name="送保密审查")).to_have_count(0)
        expect(page.locator(".body")).to_contain_text("机密★一年")
