"""Columns and kinds by HTTP: opened, handed on, told empty, filled; a budget typed, read from a table, published."""

import csv
import html
import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.disclosure import actions, columns
from mingtang.disclosure.models import Column, Edition
from mingtang.events.log import CONSOLE
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import CENTRE, EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import document, text
from tests.unit.files.samples import book as book_of
from tests.unit.files.samples import ole

pytestmark = pytest.mark.django_db
NEW = "/desk/info/new?kind=budget-town"


@pytest.fixture
def opened(town):
    columns.open_all(town=town, owner=Post.objects.get(code="office-head"), by=CONSOLE)
    return town


def budget(**changes):
    """A budget typed whole: two tables filled, the others told empty."""
    return {
        **document(title="2026年镇级预算", body=""),
        "field-year": "2026",
        "field-approved": "镇人民代表大会2026年1月10日批准",
        "field-operating": "机关运行经费用于办公和差旅。",
        "field-changes": "三公经费没有增加。",
        "field-transfers": "没有转移支付。",
        "field-debt": "没有举债。",
        "sheet-income": "税收收入\t1,200.50\n非税收入 | 300",
        "sheet-three": "公务接待费 | 100 | 80",
        **{f"none-{code}": "本级没有。" for code in ("spending", "basic", "fund_income", "fund_spending")},
        **changes,
    }


def xlsx(*rows: list[str]) -> bytes:
    """A small spreadsheet with a hidden sheet before the visible one."""

    def sheet(cells):
        lines = "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
            for row in cells
        )
        return f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"/>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="底稿" sheetId="1" state="hidden" '
            'r:id="r1"/><sheet name="收入" sheetId="2" r:id="r2"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" '
            f'Target="worksheets/s1.xml"/><Relationship Id="r2" Type="{office}/worksheet" '
            'Target="worksheets/s2.xml"/></Relationships>'
        ),
        "xl/worksheets/s1.xml": sheet([["科目", "预算数"], ["藏着的", "9"]]),
        "xl/worksheets/s2.xml": sheet(rows),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_the_public_reads_every_column_and_whose_the_empty_ones_are(client, opened):
    page = text(client.get("/info/c/"))
    assert "法定主动公开内容" in page and "15 栏，0 栏有信息" in page and "15 栏该有还没有" in page
    columns.say_nothing(column=Column.objects.get(code="key-e5"), reason="本镇没有矿产资源。", by=staff(SIGNER))
    acts_document = acts.published(opened).document
    columns.file_under(document=acts_document, codes=["a20-12"], by=CONSOLE)
    page = text(client.get("/info/c/"))
    assert "14 栏该有还没有" in page and "本镇没有矿产资源。" in page
    told = text(client.get("/info/c/key-e5"))
    assert "没有此类信息" in told and "党政办公室主任" in told
    empty = text(client.get("/info/c/a20-09"))
    assert "应公开，还没有公开" in empty and "0730-5550004" in empty and "政府信息公开条例 第二十条第（九）项" in empty
    filled = text(client.get("/info/c/a20-12"))
    assert "关于赶集日停车的通告" in filled and "有了就公开，形成或者变更以后 20 个工作日内" in filled
    assert "项目审批" in text(client.get("/info/c/key-e"))
    assert client.get("/info/c/nowhere").status_code == 404


def test_the_office_opens_hands_on_dates_and_closes_columns(client, town):
    login(client, SIGNER)
    assert "还有 99 个栏目没有开设" in text(client.get("/desk/columns/"))
    client.post("/desk/columns/open")
    assert "没有开设" not in text(client.get("/desk/columns/?scheme=key"))
    social = Post.objects.get(code="social-head")
    assert client.post("/desk/columns/a21-08/owner", {"owner-owner": social.pk}).status_code == 302
    refused = client.post(
        "/desk/columns/a21-08/date", {"date-rhythm": "month", "date-days": "0", "date-reason": "名额每月变"}
    )
    assert (
        refused.status_code == 422 and "时限请写 1 到 250 之间的整数" in text(refused) and "名额每月变" in text(refused)
    )
    client.post("/desk/columns/a21-08/date", {"date-rhythm": "month", "date-days": "5", "date-reason": "名额每月变"})
    client.post("/desk/columns/a20-14/close", {"close-reason": "并入招考页"})
    row = Column.objects.get(code="a21-08")
    assert (row.owner, row.rhythm, row.days) == (social, "month", 5)
    assert "名额每月变" in text(client.get("/desk/columns/a21-08"))
    assert "招考录用" not in text(client.get("/info/c/"))
    assert "已经停用" in text(client.get("/info/c/a20-14"))
    login(client, CENTRE)
    assert client.post("/desk/columns/a21-08/nothing", {"nothing-reason": "没有"}).status_code == 422
    assert client.get("/desk/columns/").status_code == 403


def test_the_cells_that_cannot_be_read_are_named_to_the_script(client, opened):
    login(client, EDITOR)
    assert 'data-wrong="[]"' in text(client.get(NEW)) and 'data-wrong="[[' not in text(client.get(NEW))
    page = text(client.post(NEW, budget(**{"sheet-income": "\n税收 | 1\n\n非税 | 很多\n | 更多"})))
    assert page.count('data-wrong="[[2, 1], [3, 1]]"') == 1, "rows count from one, empty lines do not"
    columns = json.loads(html.unescape(re.search(r'data-columns="([^"]*)"', page)[1]))
    assert [(one["label"], one["type"], one["required"]) for one in columns] == [
        ("科目", "text", True),
        ("预算数", "money", True),
    ]


def test_an_editor_chooses_a_kind_and_publishes_what_it_asks_for(client, opened):
    login(client, EDITOR)
    assert "镇级预算" in text(client.get("/desk/info/kinds"))
    page = text(client.get(NEW))
    assert "一般公共预算收入表" in page and "依据：预算法 第十四条" in page
    wrong = client.post(NEW, budget(**{"field-year": "明年", "sheet-income": "税收 | 很多"}))
    assert wrong.status_code == 422
    assert "“明年”不是年份" in text(wrong) and "第 1 行“预算数”" in text(wrong) and "税收 | 很多" in text(wrong)
    assert client.post(NEW, budget()).status_code == 302
    edition = Edition.objects.order_by("-pk")[0]
    shown = text(client.get(f"/desk/info/{edition.pk}"))
    assert "财政预算和决算" in shown and "1,200.50元" in shown and "本表没有数据：本级没有。" in shown
    again = text(client.get(f"/desk/info/{edition.pk}/edit"))
    assert "税收收入 | 1200.50" in again
    actions.submit(edition=edition, by=staff(EDITOR))
    acts.passed(edition, staff(REVIEWER))
    actions.sign(edition=edition, by=staff(SIGNER))
    actions.publish(edition=edition, by=staff(SIGNER))
    number = edition.document.index_number
    public = text(client.get(f"/info/{number}"))
    assert "批准" in public and "300元" in public and "本表没有数据：本级没有。" in public
    data = json.loads(client.get(f"/info/{number}.json").content)
    assert (data["kind"], data["facts"]["fields"]["year"]) == ("budget-town", 2026)
    table = client.get(f"/info/t/income/{number}.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows == [["科目", "预算数"], ["税收收入", "1200.50"], ["非税收入", "300.00"]]
    assert client.get(f"/info/t/gone/{number}.csv").status_code == 404
    assert "2026年镇级预算" in text(client.get("/info/c/a20-07"))


def test_a_table_is_read_from_a_file_and_what_was_typed_stays(client, opened):
    login(client, EDITOR)
    book = SimpleUploadedFile("收入.xlsx", xlsx(["2026年收入"], ["预算数", "科目"], ["88", "契税"]))
    page = client.post(NEW, budget(act="table-income") | {"file-income": book})
    assert "契税 | 88" in text(page) and "藏着的" not in text(page) and "三公经费没有增加" in text(page)
    assert not Edition.objects.exists()
    strange = SimpleUploadedFile("收入.csv", "甲,乙\n1,2\n".encode())
    refused = client.post(NEW, budget(act="table-income") | {"file-income": strange})
    assert refused.status_code == 422 and "没有找到表头：科目、预算数" in text(refused)
    assert "税收收入" in text(refused)
    old = SimpleUploadedFile("收入.xls", ole("Workbook"))
    assert "另存为 .xlsx" in text(client.post(NEW, budget(act="table-income") | {"file-income": old}))
    formula = '<sheetData><row r="3"><c r="B3"><f>A1</f></c></row></sheetData>'
    unworked = SimpleUploadedFile("收入.xlsx", book_of(formula))
    refused = client.post(NEW, budget(act="table-income") | {"file-income": unworked})
    assert "工作表“名单”的 B3 里的公式没有算出结果" in text(refused)
    nothing = client.post(NEW, budget(act="table-income"))
    assert nothing.status_code == 422 and "还没有选表格文件" in text(nothing)
    blank = client.get("/desk/info/kinds/budget-town/income.csv")
    assert blank.content.decode("utf-8-sig") == "科目,预算数\r\n"


def test_a_document_is_filed_again_before_and_after_it_is_public(client, opened):
    edition = acts.published(opened)
    login(client, EDITOR)
    url = f"/desk/info/{edition.pk}/columns"
    assert "行政处罚和行政强制" in text(client.get(url))
    assert client.post(url, {"columns": ["a20-12", "theme-09"]}).status_code == 302
    assert {row.column.code for row in edition.document.filings.all()} == {"a20-12", "theme-09"}
    refused = client.post(url, {"columns": ["nowhere"]})
    assert refused.status_code == 422 and "没有代码为" in text(refused)
    login(client, CENTRE)
    assert client.post(url, {"columns": []}).status_code == 403
