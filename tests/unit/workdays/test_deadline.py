import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError

from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction
from mingtang.workdays import deadline
from mingtang.workdays.actions import seed, set_day
from mingtang.workdays.seed import seed_calendar


@pytest.fixture
def file(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "in.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def rows(answer: deadline.Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_rows_keep_their_columns_and_order(file):
    path = file(
        '编号,received,working_days,备注\n甲,2018-10-18,20,"一,二"\n\n乙,2026年12月20日 09:30,20,\n丙,2018/9/28,0,\n'
    )
    answer = deadline.run(path, seed_calendar())
    assert answer.text.splitlines()[0] == "编号,received,working_days,备注,due,provisional"
    assert [(row["编号"], row["due"], row["provisional"]) for row in rows(answer)] == [
        ("甲", "2018-11-15", "false"),
        ("乙", "2027-01-15", "true"),
        ("丙", "2018-09-28", "false"),
    ]
    assert rows(answer)[0]["备注"] == "一,二"
    assert answer.problems == ()


def test_an_answer_fed_back_in_gives_itself(file):
    first = deadline.run(file("received,working_days\n2018-10-18,5\n"), seed_calendar())
    assert deadline.run(file(first.text), seed_calendar()) == first


def test_bad_rows_are_named_by_line_and_the_others_computed(file):
    bad = ["2018-02-30,5", "2018-10-18,五", "2018-10-18,-1", "2018-10-18", "2018-10-18,99999", "1949-10-01,5"]
    text = "\n".join(["received,working_days", *bad, "2018-10-18,５"])
    answer = deadline.run(file(text), seed_calendar())
    assert [row["due"] for row in rows(answer)] == ["", "", "", "", "", "", "2018-10-25"]
    assert [problem[:3] for problem in answer.problems] == ["第2行", "第3行", "第4行", "第5行", "第6行", "第7行"]
    assert all(problem.endswith("。") for problem in answer.problems)


def test_a_file_from_a_chinese_spreadsheet_is_read(file):
    text = " Received , Working_Days ,事项\n2018-10-18,1,低保\n"
    for encoding in ("utf-8-sig", "gb18030"):
        assert rows(deadline.run(file(text, encoding), seed_calendar()))[0]["due"] == "2018-10-19"


def test_a_file_without_the_columns_is_refused(file, tmp_path):
    for path in (file(""), tmp_path / "absent.csv"):
        with pytest.raises(Refused):
            deadline.run(path, seed_calendar())
    with pytest.raises(Refused, match="working_days"):
        deadline.run(file("received,days\n2018-10-18,5\n"), seed_calendar())


@pytest.mark.django_db
def test_the_houses_own_calendar_is_used_once_it_is_there(file):
    path = file("received,working_days\n2018-10-18,1\n")
    assert rows(deadline.run(path))[0]["due"] == "2018-10-19"
    town = Jurisdiction.objects.create(code="430623103", prefix="WY", name="万庾镇", site_name="万庾镇")
    seed(town=town, by=CONSOLE)
    set_day(town=town, by=CONSOLE, day=date(2018, 10, 19), is_workday=False, reason="停工", source="无", national=True)
    assert rows(deadline.run(path))[0]["due"] == "2018-10-22"


def test_without_a_database_the_seed_answers(file, monkeypatch):
    def broken():
        raise DatabaseError("no such table")

    monkeypatch.setattr(deadline.CalendarYear.objects, "exists", broken, raising=False)
    assert rows(deadline.run(file("received,working_days\n2018-10-18,1\n")))[0]["due"] == "2018-10-19"
