"""Tables of persons, persons in running text, and what to mask."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang import guard
from mingtang.guard import accepted
from tests.unit.guard.test_guard_numbers import CARD, CHINESE, ID

TODAY = date(2018, 10, 18)


def found(text: str, kind: str = "person") -> list[tuple[str, str]]:
    return [(f.level, f.shown) for f in guard.check(text, today=TODAY) if f.kind == kind]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("姓名\t病种\n张三\t尿毒症\n李四\t无", [("block", "病种")]),
        ("序号\t户主姓名\t残疾等级\n1\t张三\t二级", [("block", "残疾")]),
        ("姓名\t身份证号\n张三\t430623198501011230", [("block", "身份证")]),
        ("姓名\t银行账号\n张三\t8201 1234 5678 9", [("block", "账号")]),
        ("姓名\t联系电话\n张三\t0730-5550001", [("warn", "电话")]),
        ("姓名\t家庭住址\n张三\t兔湖村3组12号", [("block", "住址")]),
        ("姓名\t家庭住址\n张三\t兔湖村3组", []),
        ("姓名\t年龄\n张小三\t１０\n李四\t35", [("block", "年龄")]),
        ("姓名\t年龄\n张小三\t15岁", [("warn", "年龄")]),
        ("姓名\t出生日期\n张小三\t2010年5月1日\n李四\t1985-01-01", [("block", "出生")]),
        ("姓名\t出生年月\n张小三\t20031130", [("warn", "出生")]),
        ("姓名\t病种\n张*\t尿毒症\n李某\t癌", []),
        ("姓名\t病种\n\t\n\t尿毒症", []),
        ("姓名\t身份证号\t病情\n张三\t4306**********1230\t***", []),
        ("病种\t报销比例\n尿毒症\t90%", []),
        ("部门\t联系电话\n党政办\t0730-5550001", []),
        ("姓名\t村组\t金额\n张三\t兔湖村3组\t1200", []),
        ("姓名\t病种\n表格到此为止\n张三\t癌", []),
    ],
)
def test_a_column_that_tells_too_much_of_a_named_person_is_found(table, said):
    assert found(f"救助对象名单\n{table}") == said


def test_a_column_is_one_finding_with_its_count_and_shows_nobody():
    (finding,) = guard.check("姓名\t病种\n张三\t尿毒症\n李四\t肝癌\n王五\t无", today=TODAY)
    assert finding.message.startswith("第2行起的表里写着姓名，“病种”一列有2行说的是病情")
    assert not any(word in finding.message + finding.shown for word in ("张三", "尿毒症", "李四"))
    assert finding.waiver == "second_person"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("救助对象张三，因患有尿毒症，家庭困难", "患有"),
        ("村民李小明（肢体残疾二级）申请补贴", "肢体残疾"),
        ("学生王小丽，女，12岁，就读于镇小学", "年龄"),
        ("家住万庾镇兔湖村三组12号", "住址"),
    ],
)
def test_a_person_in_running_text_warns_and_is_not_shown(text, shown):
    assert found(text) == [("warn", shown)]


@pytest.mark.parametrize(
    "text",
    [
        "残疾人两项补贴发放标准：一级残疾每月80元。",
        "患有精神病的人可以申请救助，年满16周岁的可以自己申请。",
        "便民服务中心地址：万庾镇兔湖路12号",
        "村民小组负责排查糖尿病、肺结核患者",
    ],
)
def test_what_tells_of_nobody_passes(text):
    assert found(text) == []


def test_the_masked_forms_are_those_of_the_house():
    table = f"姓名\t身份证号\t卡号\t病种\t住址\n张三\t{ID}\t{CARD}\t癌\t兔湖村3组12号\n"
    text = f"{table}姓名\t年龄\n张小三\t9\n联系一三八一二三四五六七八"
    made = guard.proposals(text, today=TODAY)
    assert accepted(text, made) == (
        f"姓名\t身份证号\t卡号\t病种\t住址\n张三\t4306**********{ID[-4:]}\t6222***********{CARD[-4:]}\t***\t兔湖村***\n"
        "姓名\t年龄\n张**\t9\n联系138****5678"
    )
    assert [proposal.why for proposal in made][:3] == ["是身份证号", "是银行卡号", "说的是病情、残疾"]
    assert guard.proposals("镇政府电话0730-5550001") == []


NUMBERS = [ID, ID.translate(CHINESE), CARD, "13812345678", "138 1234 5678", "1380", "012", "X"]
WORDS = [
    "姓名",
    "身份证号",
    "病种",
    "年龄",
    "出生日期",
    "住址",
    "电话",
    "卡号",
    "张三",
    "尿毒症",
    "9",
    "12号",
    "2010-05-01",
    "机",
]
GAPS = ["\t", "\n", " ", "-", "|", "\u200b", "，"]
pieces = st.sampled_from(NUMBERS) | st.sampled_from(WORDS) | st.sampled_from(GAPS) | st.text("0123456789", max_size=20)


@settings(max_examples=300)
@given(st.lists(pieces, max_size=30).map("".join))
def test_with_every_proposal_accepted_nothing_of_a_person_blocks(text):
    made = guard.proposals(text, today=TODAY)
    ends = [0, *(end for proposal in made for end in proposal.where), len(text)]
    assert ends == sorted(ends)
    assert [f.message for f in guard.check(accepted(text, made), today=TODAY) if f.blocks] == []


def test_of_a_long_list_every_number_is_masked():
    text = "13812345678\n" * 500
    made = guard.proposals(text, today=TODAY)
    assert len(made) == 500 and not guard.blocked(guard.check(accepted(text, made), today=TODAY))
