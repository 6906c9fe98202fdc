"""A house to be built: applied for online without an account, supplied, reviewed by two offices at once, decided."""

import hashlib
import json
import re
import struct
import zlib

import pytest
from playwright.sync_api import Page, expect

from mingtang.demo.cases import demo_id
from tests.browser.installation import Installation
from tests.browser.people import Receipt, at_the_desk, open_own_case, read_receipt, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ITEM = "农村村民建房审批"
PAPERS = ("农村宅基地和建房申请表", "村民会议或者村民代表会议的决议和公示记录", "住房设计图或者选用的通用图样")


def photo(shade: int) -> bytes:
    """A small true PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes([0] + [shade] * 8) * 8)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def file(name: str, shade: int) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": photo(shade)}


def slot(page: Page, name: str):
    """The box of one material on a form."""
    return page.locator("fieldset.card, .card").filter(has_text=name).last


def apply_online(reader, *, scripts: bool, check: bool, name: str, serial: int) -> tuple[Receipt, Page]:
    window = reader(scripts=scripts)
    page = window.open("/")
    page.get_by_role("link", name=ITEM).first.click()
    page.get_by_role("link", name="现在申请").first.click()
    if check:
        window.check()
    say_what_it_is(page)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("身份证号码").fill(demo_id(serial))
    page.get_by_label("电话").fill("07305550199")
    box = slot(page, "全家人的身份证和户口簿")
    box.get_by_label("现在上传").check()
    box.locator("input[type=file]").set_input_files(file("户口簿照片.png", 40))
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_role("heading", name="请再看一遍")).to_be_visible()
    expect(page.locator(".review")).to_contain_text("户口簿照片.png")
    expect(page.locator(".review")).to_contain_text("新址新建")
    expect(page.locator(".review")).not_to_contain_text(demo_id(serial))
    expect(page.locator(".review div").filter(has_text="带到窗口")).to_have_count(3)
    if check:
        window.check()
    page.get_by_role("button", name="提交申请").click()
    receipt = read_receipt(page)
    if check:
        window.check()
    return receipt, page


def say_what_it_is(page: Page) -> None:
    """A wrong answer first: the ground is read and answered anew; then only the papers of this case are asked for."""
    page.get_by_label("原址翻建").check()
    page.get_by_label("永久基本农田", exact=True).check()
    page.get_by_role("button", name="下一步：填写").click()
    expect(page.get_by_role("alert")).to_contain_text("您仍然可以申请")
    page.get_by_label("原来的宅基地").check()
    page.get_by_role("button", name="下一步：填写").click()
    expect(slot(page, "旧屋的照片")).to_be_visible()
    page.get_by_role("button", name="改情况").click()
    page.get_by_label("新址新建").check()
    page.get_by_role("button", name="下一步：填写").click()
    expect(page.get_by_text("旧屋的照片")).to_have_count(0)


def follow_the_case(page: Page, receipt: Receipt) -> None:
    """From the to-do list to the case."""
    page.locator(".worklist a").filter(has_text=receipt.number).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ITEM)


def notify_once(page: Page) -> None:
    if not page.get_by_role("button", name="发出一次性告知书").is_visible():
        page.get_by_text("一次性告知补正").click()
    for name in PAPERS:
        box = slot(page, name)
        box.get_by_label("缺少").check()
        box.get_by_role("textbox").fill(f"请拍{name}的照片，字要看得清。")
    page.get_by_role("button", name="发出一次性告知书").click()
    told(page, "已经一次性告知")
    expect(page.get_by_role("button", name="发出一次性告知书")).to_have_count(0)


def answer_the_notice(reader, receipt: Receipt, *, scripts: bool, check: bool) -> None:
    window = open_own_case(reader, receipt, scripts=scripts)
    page = window.page
    expect(page.get_by_role("heading", name="这是唯一的一次补正通知")).to_be_visible()
    for shade, name in enumerate(PAPERS):
        page.get_by_label(f"选择文件：{name}").set_input_files(file(f"材料{shade}.png", 60 + shade))
    if check:
        window.check()
    page.get_by_role("button", name="提交补充的材料").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(receipt.number)
    expect(page.get_by_label(f"选择文件：{PAPERS[0]}")).to_have_count(0)
    if check:
        window.check()


def no_second_notice(page: Page, receipt: Receipt, house: Installation) -> None:
    """Not on the page, and not by a request that goes round the page."""
    expect(page.get_by_text("已经一次性告知过，不能再要求补正")).to_be_visible()
    expect(page.get_by_role("button", name="发出一次性告知书")).to_have_count(0)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    typed = {"csrfmiddlewaretoken": token, "check_id": "wrong", "note_id": "再补一份。"}
    answer = page.context.request.post(f"{house.url}/desk/cases/{receipt.number}/notice", form=typed)
    assert answer.status == 422 and "一次" in answer.text()


def give_opinion(reader, username: str, receipt: Receipt, *, scripts: bool, check: bool) -> None:
    with at_the_desk(reader, username, scripts=scripts, check=check) as page:
        follow_the_case(page, receipt)
        page.get_by_label("同意", exact=True).check()
        page.get_by_label("意见内容").fill("到场核对，符合规划和面积标准。")
        page.get_by_role("button", name="提交意见").click()
        told(page, "意见已经记下")


def line(house: Installation, page: Page, receipt: Receipt) -> dict:
    return json.loads(page.context.request.get(f"{house.url}/cases/{receipt.number}.json").body())


@pytest.mark.parametrize(("scripts", "serial"), [(True, 11), (False, 12)], ids=["with scripts", "without scripts"])
def test_a_house_is_applied_for_reviewed_by_two_offices_and_decided(reader, house, tmp_path, scripts, serial):
    name, check = f"程家兴{serial}（演示）", scripts
    receipt, page = apply_online(reader, scripts=scripts, check=check, name=name, serial=serial)
    paper = page.context.request.get(house.url + page.get_by_role("link", name="下载收件凭证").get_attribute("href"))
    assert paper.body().startswith(b"%PDF-")
    _verifies(house, tmp_path / "receipt.pdf", paper.body())

    with at_the_desk(reader, "chuangkou3", scripts=scripts, check=check) as desk:
        follow_the_case(desk, receipt)
        expect(desk.locator("body")).not_to_contain_text(demo_id(serial))
        notify_once(desk)
    answer_the_notice(reader, receipt, scripts=scripts, check=check)
    with at_the_desk(reader, "chuangkou3", scripts=scripts, check=check) as desk:
        follow_the_case(desk, receipt)
        no_second_notice(desk, receipt, house)
        desk.get_by_role("button", name="受理", exact=True).click()
        told(desk, "已经受理")

    stages = {row["key"]: row for row in line(house, page, receipt)["steps"]}
    both = next(row["branches"] for row in stages.values() if row["branches"])
    assert [row["state"] for row in both] == ["now", "now"]
    give_opinion(reader, "guotu", receipt, scripts=scripts, check=check)
    give_opinion(reader, "chengjian", receipt, scripts=scripts, check=check)
    with at_the_desk(reader, "zhenzhang", scripts=scripts, check=check) as desk:
        follow_the_case(desk, receipt)
        desk.get_by_label("准予", exact=True).check()
        desk.get_by_role("button", name="作出决定").click()
        told(desk, "决定已经作出")
    with at_the_desk(reader, "chuangkou3", scripts=scripts, check=check) as desk:
        follow_the_case(desk, receipt)
        desk.get_by_label("送达方式").select_option(index=1)
        desk.get_by_label("签收人姓名").fill(name)
        desk.get_by_role("button", name="已送达，办结").click()
        told(desk, "已经送达")

    _the_public_sees_it_done(reader, house, receipt, name, scripts, check)
    _the_applicant_has_the_decision(reader, house, receipt, tmp_path, scripts, check)


def _the_public_sees_it_done(reader, house, receipt, name, scripts, check) -> None:
    window = reader(scripts=scripts)
    page = window.open(f"/cases/{receipt.number}")
    expect(page.locator(".line > li")).to_have_count(page.locator(".line > li.s-done").count())
    expect(page.get_by_text("从第一次来算起，什么原因都不停")).to_be_visible()
    expect(page.locator(".side .fig").first).to_have_text(re.compile(r"^\d+$"))
    for private in (name, name[:3], "07305550199", "户口簿照片"):
        expect(page.locator("body")).not_to_contain_text(private)
    if check:
        window.check()
    told_of = line(house, page, receipt)
    assert told_of["state"] == "closed" and told_of["outcome"] == "granted" and told_of["resident_days"] >= 0
    flow = page.context.request.get(f"{house.url}/services/JF-001/flow.bpmn").body()
    assert told_of["flow_sha256"] == hashlib.sha256(flow).hexdigest()
    expect(page.locator("body")).to_contain_text(told_of["flow_sha256"])


def _the_applicant_has_the_decision(reader, house, receipt, tmp_path, scripts, check) -> None:
    window = open_own_case(reader, receipt, scripts=scripts)
    page = window.page
    expect(page.get_by_role("heading", name="决定：准予")).to_be_visible()
    if check:
        window.check()
    asked = page.context.request
    decision = asked.get(house.url + page.get_by_role("link", name="下载决定书").get_attribute("href"))
    assert decision.body().startswith(b"%PDF-")
    _verifies(house, tmp_path / "decision.pdf", decision.body())
    proof = asked.get(f"{house.url}/cases/{receipt.number}/proof.json").body()
    _verifies(house, tmp_path / "proof.json", proof)
    assert json.loads(proof).get("inclusion"), "the application is numbered by now: the proof must be whole"


def _verifies(house: Installation, path, body: bytes) -> None:
    """Offline: in a data folder that holds nothing."""
    path.write_bytes(body)
    answer = house.alone(path.parent / "empty").run("verify", str(path))
    assert answer.returncode == 0 and "✓" in answer.stdout, answer.stdout + answer.stderr


def test_the_application_form_is_filled_in_by_keyboard_alone(reader, house):
    window = reader()
    page = window.open("/services/LN-001/apply")
    keys = page.keyboard

    def at(selector: str) -> None:
        """Tab until the control has the focus: forwards only, and never lost."""
        for _ in range(60):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    at("#id_name")
    keys.type("文小满")
    at("#id_id_number")
    keys.type("430623190001010019")
    at("#id_phone")
    keys.type("07305550100")
    at("#id_how_photo_window, [name=how_photo]")
    keys.press("ArrowRight")
    keys.press("ArrowLeft")
    at("button.btn")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    assert window.status == 422
    expect(page.get_by_label("姓名")).to_have_value("文小满")
    keys.press("Tab")
    keys.press("Enter")
    at("#id_id_number")
    keys.press("Control+a")
    keys.type(demo_id(13))
    at("button.btn")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="请再看一遍")).to_be_visible()
    at("button[value=submit]")
    keys.press("Enter")
    read_receipt(page)


def test_a_file_chosen_beside_the_window_radio_is_kept(reader):
    window = reader()
    page = window.open("/services/LN-001/apply")
    page.get_by_label("姓名").fill("文小满")
    page.get_by_label("身份证号码").fill("430623190001010019")
    slot(page, "近期一寸彩色照片").locator("input[type=file]").set_input_files(file("一寸照.png", 90))
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("√ 已收到：一寸照.png")).to_be_visible()
    page.get_by_label("身份证号码").fill(demo_id(14))
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".review")).to_contain_text("一寸照.png")
    page.get_by_role("button", name="回去修改").click()
    expect(page.get_by_label("姓名")).to_have_value("文小满")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="提交申请").click()
    receipt = read_receipt(page)
    own = open_own_case(lambda **_: window, receipt).page
    expect(own.locator(".list li").filter(has_text="近期一寸彩色照片")).to_contain_text("已收")
