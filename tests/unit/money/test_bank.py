"""A bank's export: columns by any name, a sentence for every row that is wrong, and nothing guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.lib.money import plain_yuan
from mingtang.money import bank

pytestmark = pytest.mark.pure
FROM, TO = date(2026, 11, 1), date(2026, 11, 30)
HEAD = "交易日期,收入金额,支出金额,对方户名,摘要,交易流水号"


def read(text: str, encoding: str = "utf-8") -> bank.Reading:
    return bank.read(text.encode(encoding), from_on=FROM, to_on=TO)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_export_with_lines_above_and_a_total_below_is_read(encoding):
    text = f"""账户明细,,,,,
户名：供电所,,账号：'9990001,,,
{HEAD}
20261124,160.00,,欧阳甲,缴款号 2026 0000 0133,'001
2026-11-25 09:30:11,"1,234.50",0.00,某公司,电费,002
2026/11/25,,88.00,电网公司,购电,003
合计,1394.50,88.00,,,
"""
    found = read(text, encoding)
    assert found.problems == []
    assert [(line.row, line.on.day, line.amount, line.serial, line.payer) for line in found.lines] == [
        (4, 24, 16_000, "001", "欧阳甲"),
        (5, 25, 123_450, "002", "某公司"),
    ]


def test_each_wrong_cell_is_named_by_row_and_column_and_told_how_to_mend():
    text = f"""{HEAD}
2026-11-31,160.00,,甲,,1
2026-11-24,一百,,甲,,2
2026-11-24,-5,,甲,,3
2026-11-24,1.005,,甲,,4
2026-11-24,10,,甲,,
2026-11-24,10,,甲,,1.23E+15
2026-12-01,10,,甲,,7
2026-11-24,10,,甲,,8
2026-11-24,10,,乙,,8
2026-11-24,0,,乙,,9
"""
    found = read(text)
    said = "\n".join(found.problems)
    assert [problem.split("：")[0] for problem in found.problems] == [
        "第2行“交易日期”", "第3行“金额”", "第4行“金额”", "第5行“金额”", "第6行“流水号”", "第7行“流水号”",
        "第8行“交易日期”", "第10行“流水号”", "第11行“金额”",
    ]  # fmt: skip
    assert "2026年11月31日不存在" in said
    assert "表格软件改坏" in said
    assert all(problem.endswith(("。", "吗")) for problem in found.problems)


def test_a_total_that_does_not_add_up_means_the_file_is_not_whole():
    assert read(f"{HEAD}\n2026-11-24,10,,甲,,1\n合计,20.00,,,,\n").problems == [
        "第3行合计 20元，上面各行加起来是 10元。文件不完整，请重新导出。"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有找到“交易日期”“金额”“流水号”"),
        ("交易日期,金额\n2026-11-24,1\n", "没有找到“流水号”"),
        ("\x00\x01\x02", "编码"),
        ('交易日期,金额,流水号\n"2026', "引号|没有找到|不是可以识别"),
    ],
)
def test_what_is_no_table_of_deposits_is_refused_whole(text, said):
    try:
        problems = "".join(read(text).problems)
    except Refused as refusal:
        problems = refusal.message
    assert any(part in problems for part in said.split("|"))


@given(
    st.lists(st.tuples(st.dates(FROM, TO), st.integers(1, 10**9), st.text("甲乙，\"'\n 1", max_size=8)), max_size=20)
)
def test_what_was_written_is_read_to_the_fen(rows):
    quoted = [text.replace('"', '""') for _, _, text in rows]
    lines = [
        f'{day},{plain_yuan(fen)},,"{text}","{text}",S{number}'
        for number, ((day, fen, _), text) in enumerate(zip(rows, quoted, strict=True))
    ]
    found = read("\n".join([HEAD, *lines]))
    assert found.problems == []
    assert [(line.on, line.amount) for line in found.lines] == [(day, fen) for day, fen, _ in rows]
