"""补录 by a table: the item's own columns, a look first, then every row or none."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.cases.late_sheet import FIELDS, columns
from mingtang.cases.models import Case, LateEntry
from mingtang.files.spreadsheet import Book
from mingtang.hall.models import Contact
from tests.factories.acts import APPLICANT, in_force
from tests.factories.cast import CENTRE, CLERK_3, login
from tests.factories.outages import entered, outage, pad_at_hand
from tests.unit.files import samples

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
THURSDAY, TUESDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def paper_days(town, clock):
    pad_at_hand(town)
    clock.move_to(THURSDAY)
    outage(town, hours=69)
    return town


def row(number: int, **changes: str) -> dict[str, str]:
    """A slip for a felling licence, with its papers."""
    good = {
        "号单": f"TD01-{number:03d}",
        "收件时间": "2026-03-17 10:00",
        "姓名": APPLICANT.name,
        "身份证号码": APPLICANT.id_number,
    }
    return {**good, **changes}


def table(town, *rows: dict[str, str], code: str = "LM-001", drop: str = "") -> SimpleUploadedFile:
    titles = [title for title in columns(in_force(town, code)) if title != drop]
    lines = [titles, *([one.get(title, "") for title in titles] for one in rows)]
    return SimpleUploadedFile("late.csv", "\n".join(",".join(line) for line in lines).encode("utf-8-sig"))


def text(response) -> str:
    return response.content.decode()


def send(client, file, item="LM-001"):
    login(client, CLERK_3)
    return client.post("/desk/late/sheet", {"item": item, "table": file})


def test_the_empty_table_has_the_columns_of_the_item_and_only_texts(client, paper_days):
    login(client, CLERK_3)
    answer = client.get("/desk/late/sheet/template", {"empty-item": "采伐", "empty-at": "2026-03-17T10:00"})
    assert answer.status_code == 200 and "late-LM-001.xlsx" in answer["Content-Disposition"]
    book = Book(answer.content)
    (head,) = list(book.rows(book.sheets[0]))
    titles = [head.cells[at].text for at in sorted(head.cells)]
    assert titles == list(columns(in_force(paper_days, "LM-001")))
    assert set(FIELDS) < set(titles) and any(title.startswith("材料：") for title in titles)
    assert any(title.startswith("情形：") for title in columns(in_force(paper_days, "JF-001")))
    early = client.get("/desk/late/sheet/template", {"empty-item": "采伐", "empty-at": "2020-03-17T10:00"})
    assert early.status_code == 422 and "还没有施行" in text(early)
    login(client, CENTRE)
    assert client.get("/desk/late/sheet").status_code == 403


def test_rows_are_shown_first_and_then_entered_all_at_once(client, paper_days):
    paper = next(title for title in columns(in_force(paper_days, "LM-001")) if title.startswith("材料："))
    shown = send(client, table(paper_days, row(1, **{paper: "收下了"}), row(2)))
    assert shown.status_code == 200 and "还没有录入：2 件" in text(shown)
    assert APPLICANT.name not in re.sub(r'value="[^"]*"', "", text(shown))
    assert not Case.objects.exists() and not Contact.objects.exists(), "a look leaves nothing behind"
    kept = re.search(r'name="rows" value="([^"]+)"', text(shown))[1]
    act = {"item": "LM-001", "act": "enter", "rows": kept}
    assert client.post("/desk/late/sheet", act).status_code == 302
    assert client.post("/desk/late/sheet", act).status_code == 302, "sent twice"
    assert Case.objects.count() == LateEntry.objects.count() == Contact.objects.count() == 2
    assert {entry.happened_at for entry in LateEntry.objects.all()} == {TUESDAY}
    assert Case.objects.order_by("pk").first().materials.filter(state="received").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"号单": "TD01-001"}, "第4行“号单”：号单 TD01-001 已经登记过"),
        ({"号单": "TD01-077"}, "第4行“号单”：TD01 这一本只有 1 到 50 号"),
        ({"收件时间": "2026-03-17"}, "第4行“收件时间”：请写到几点几分"),
        ({"收件时间": "昨天"}, "第4行“收件时间”：“昨天”不是可以识别的日期"),
        ({"收件时间": "2026-03-19 09:30"}, "第4行“收件时间”：3月19日 09:30 不在登记过的"),
        ({"身份证号码": "4.30623E+17"}, "第4行“身份证号码”"),
        ({"申请人是": "公司"}, "第4行“申请人是”：请选择申请人是个人还是单位"),
    ],
)
def test_one_wrong_cell_and_no_row_is_entered(client, paper_days, change, said):
    answer = send(client, table(paper_days, row(1), row(2), row(3, **change)))
    assert answer.status_code == 422 and said in text(answer), text(answer)
    assert "一件也没有录入" in text(answer)
    assert not Case.objects.exists()


def test_a_table_that_is_none_of_ours_is_told_so(client, paper_days):
    for file, said in (
        (table(paper_days, row(1), drop="号单"), "表头里没有“号单”"),
        (table(paper_days), "一行也没有"),
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04broken"), "文件"),
        (SimpleUploadedFile("x.csv", b""), "表头里没有"),
        (
            SimpleUploadedFile("x.xlsx", samples.book("<sheetData><row><c><f>A1</f></c></row></sheetData>")),
            "工作表“名单”的 A1 里的公式没有算出结果",
        ),
    ):
        answer = send(client, file)
        assert answer.status_code == 422 and said in text(answer), said
    login(client, CLERK_3)
    assert "还没有选文件" in text(client.post("/desk/late/sheet", {"item": "LM-001"}))
    forged = client.post("/desk/late/sheet", {"item": "LM-001", "act": "enter", "rows": "x"})
    assert forged.status_code == 422 and "重新传一次" in text(forged)


def test_what_was_entered_meanwhile_stops_the_whole_table(client, paper_days):
    shown = send(client, table(paper_days, row(1), row(2)))
    kept = re.search(r'name="rows" value="([^"]+)"', text(shown))[1]
    entered(paper_days, TUESDAY, slip="TD01-002")
    answer = client.post("/desk/late/sheet", {"item": "LM-001", "act": "enter", "rows": kept})
    assert answer.status_code == 422 and "第3行“号单”：号单 TD01-002 已经登记过" in text(answer)
    assert Case.objects.count() == 1
