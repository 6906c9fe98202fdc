"""A simple item made from nothing by hand and seen on its preview; the editor sound at any width, without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import desk_window, go, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_INPUTS = 24


class Hand:
    """Fills, ticks and presses, and counts each."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs = page, 0

    def fill(self, values: dict[str, str]) -> None:
        for name, text in values.items():
            self.inputs += 1
            self.page.locator(f"[name='{name}']").fill(text)

    def pick(self, name: str, label: str) -> None:
        self.inputs += 1
        self.page.locator(f"select[name='{name}']").select_option(label=label)

    def tick(self, label: str) -> None:
        self.inputs += 1
        self.page.get_by_label(label, exact=True).check()

    def upload(self, file: Path) -> None:
        self.inputs += 1
        self.page.get_by_label("加一个文件").set_input_files(file)

    def press(self, name: str) -> None:
        self.inputs += 1
        go(self.page.get_by_role("button", name=name, exact=True).last)


def save(page: Page) -> None:
    go(page.get_by_role("button", name="保存", exact=True).last)


def a_slow_answer_to_an_earlier_question_is_dropped(page: Page) -> None:
    """The article is mistyped and mended; what is said of the first comes last, and is not shown."""
    held: list[Route] = []
    page.route("**/desk/laws/article?*", lambda route: held.append(route))
    article, standing = page.locator("[name='basis-0-article']"), page.locator("#id_basis-0 .standing")
    right = article.input_value()
    for typed in ("第九百条", right):
        article.fill(typed)
        with page.expect_request("**/desk/laws/article?*"):
            article.blur()
    for route in reversed(held):
        with page.expect_response(route.request.url) as answer:
            route.continue_()
        answer.value.finished()
        expect(standing).to_contain_text("现行有效")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(standing).to_contain_text("现行有效")
    page.unroute("**/desk/laws/article?*")


def test_a_simple_item_is_made_from_nothing_in_few_strokes_and_seen_as_the_public_will(reader, tmp_path: Path):
    sample = tmp_path / "凭条样本.txt"
    sample.write_text("居住登记凭条（样本）\n")
    with desk_window(reader, "zhuren") as window:
        page = window.page
        window.open("/desk/items/")
        go(page.get_by_role("link", name="新建事项"))
        window.check()
        hand = Hand(page)
        hand.fill({"name": "流动人口居住登记", "code": "LD-001"})
        hand.pick("unit", "社会事务办公室")
        hand.press("建好，往下写")
        told(page, "已经列入目录")
        window.check()
        hand.tick("即办件")
        hand.pick("power_type", "公共服务")
        hand.fill(
            {
                "summary": "在本镇住满三天的外来人员登记住址，凭登记办居住证。",
                "results-0-name": "居住登记凭条",
                "results-0-validity": "一年",
                "basis-0-law": "老年人权益保障法",
                "basis-0-article": "第五十三条",
                "conditions": "在本镇居住三天以上",
                "materials-0-name": "本人身份证",
                "materials-0-issuer": "公安机关",
                "materials-0-form": "原件核对",
                "materials-0-basis": "核验本人",
                "materials-0-standard": "在有效期内",
                "listing-visit_reason": "核对本人和住址",
            }
        )
        expect(page.locator("#id_basis-0 .standing")).to_contain_text("现行有效")
        hand.upload(sample)
        hand.press("上传")
        hand.pick("files-0-for", "居住登记凭条：结果样本")
        hand.press("保存并预览")
        expect(page.get_by_role("heading", name="这是预览：第 1 版（草案）")).to_be_visible()
        expect(page.get_by_role("heading", name="流动人口居住登记", level=1)).to_be_visible()
        expect(page.locator("#materials")).to_contain_text("本人身份证")
        expect(page.get_by_text("0730-5550011").first).to_be_visible()
        window.check()
        assert hand.inputs <= MOST_INPUTS, hand.inputs
        page.get_by_role("link", name="回到工作台").click()
        expect(page.get_by_role("button", name="提出", exact=True)).to_be_visible()
        expect(page.get_by_text("还不能提出")).to_have_count(0)
        window.check()


@pytest.mark.parametrize(("width", "code"), [(1280, "LM-001"), (375, "LN-001")])
def test_the_editor_is_sound_with_rows_questions_and_errors(reader, width, code):
    with desk_window(reader, "zhuren") as window:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        window.open(f"/desk/items/{code}/1")
        go(page.get_by_role("button", name="出新版"))
        window.check()
        a_slow_answer_to_an_earlier_question_is_dropped(page)
        page.get_by_role("button", name="加一个选择题").click()
        expect(page.locator("[name='situations-0-question']")).to_be_focused()
        page.locator("[name='situations-0-question']").fill("砍多少？")
        page.locator("[name='situations-0-options-0-label']").fill("十立方米以下")
        page.locator("[name='situations-0-options-1-label']").fill("十立方米以上")
        page.get_by_role("button", name="加一项收费").click()
        page.locator("[name='fees-0-name']").fill("工本费")
        page.locator("[name='fees-0-amount']").fill("-1")
        window.check()
        save(page)
        page.get_by_role("link", name="不能是负数").click()
        expect(page.locator("[name='fees-0-amount']")).to_be_focused()
        assert window.status == 422
        window.check()
        page.locator("#id_materials-1 > summary").click()
        page.locator("#id_materials-1").get_by_text("什么情况才要：人人都一样").click()
        page.locator("#id_materials-1").get_by_label("十立方米以上").check()
        page.locator("[name='fees-0-amount']").fill("12.50")
        save(page)
        told(page, "已保存。")
        expect(page.get_by_text("什么情况才要：十立方米以上")).to_have_count(1)


def test_without_a_script_rows_and_files_are_kept_as_well(reader, tmp_path: Path):
    form = tmp_path / "申请表.txt"
    form.write_text("申请人：\n住址：\n")
    with desk_window(reader, "gongdian", scripts=False) as window:
        page = window.page
        window.open("/desk/items/new")
        page.get_by_label("事项名称").fill("居民用电报装")
        page.get_by_label("事项编码").fill("GD-009")
        go(page.get_by_role("button", name="建好，往下写"))
        window.check()
        page.locator("[name='materials-0-name']").fill("房屋权属证明")
        page.get_by_role("button", name="加一份材料").click()
        page.locator("[name='materials-1-name']").fill("用电申请表")
        page.get_by_label("加一个文件").set_input_files(form)
        page.get_by_role("button", name="上传", exact=True).click()
        page.locator("[name='files-0-for']").select_option(label="用电申请表：空白表格")
        save(page)
        told(page, "已保存。")
        window.check()
        window.open("/desk/items/GD-009/1/preview")
        with page.expect_download() as download:
            page.get_by_role("link", name="申请表.txt").click()
        assert download.value.suggested_filename == "申请表.txt"
        window.open("/desk/items/GD-009/1/preview/intake")
        window.check()
