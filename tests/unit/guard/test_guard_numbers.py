import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang import guard
from mingtang.lib.identifiers import check_uscc, id_check_character, luhn_valid

TODAY = date(2018, 10, 18)


def with_check(body: str) -> str:
    return body + id_check_character(body)


def card(body: str) -> str:
    return next(f"{body}{last}" for last in range(10) if luhn_valid(f"{body}{last}"))


ID = with_check("43062319850101123")
ID_X = next(with_check(b) for n in range(99) if id_check_character(b := f"43062319500101{n:03d}") == "X")
CARD = card("622202020011223344")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
births = st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.strftime("%Y%m%d"))
ids = st.builds(lambda birth, order: with_check(f"430623{birth}{order:03d}"), births, st.integers(0, 999))


def kinds(text: str, level: str = "block") -> list[str]:
    return [finding.kind for finding in guard.check(text, today=TODAY) if finding.level == level]


@pytest.mark.parametrize(
    "written",
    [
        ID,
        ID_X,
        ID_X.lower(),
        ID.translate(WIDE),
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        f"{ID[:6]}　{ID[6:14]}　{ID[14:]}",
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        f"{ID_X[:6]}－{ID_X[6:14]}－{ID_X[14:17]} Ｘ",
        " ".join(ID),
        "\u200b".join(ID),
        f"{ID[:10]}\n{ID[10:]}",
        f"姓名张三{ID}电话",
        f"ID{ID}，",
        f"1{ID}13812345678",
        f"20181018{ID_X}",
        f"http://a.cn/{ID}.html",
        "".join(chr(0x1D7CE + int(char)) for char in ID),
        ID.translate(CHINESE),
        f"{ID[:6]}{ID[6:14].translate(CHINESE)}{ID[14:]}",
        " ".join(ID.translate(CHINESE)),
        f"{ID[:6]}\t{ID[6:14]}\t{ID[14:]}",
        f"{ID[:6]} | {ID[6:14]} | {ID[14:]}",
        f"{ID[:6]}\n{ID[6:14]}\n{ID[14:]}",
        *(
            mark.join([ID[:6], ID[6:14], ID[14:]])
            for mark in ("，", "、", ":", "*", "…", " ——— ", "_____", " " * 10, "\n" * 6)
        ),
        f"（{ID[:6]}）（{ID[6:14]}）（{ID[14:]}）",
        f"{ID_X[:6]}，{ID_X[6:14]}，{ID_X[14:]}",
        "\u202e" + ID[::-1] + "\u202c",
        f"{int(ID):,}",
        "、".join(ID.translate(CHINESE)),
        *(mark.join(ID) for mark in ("\u2066", "\u034f", "\ufe0f\u20e3", "\u0332", "\uffa0", "\U000e0020")),
        *(
            ID.translate(str.maketrans("0123456789", row))
            for row in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨", "〇〡〢〣〤〥〦〧〨〩")
        ),
    ],
)
def test_a_resident_id_is_found_however_it_is_written(written):
    assert kinds(f"公示名单：{written}。") == ["resident_id"]


@given(ids, st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", " ", "-", "　", "\u200b"]))
def test_no_resident_id_passes_and_none_is_shown(number, before, after, gap):
    text = f"{before}：{gap.join([number[:6], number[6:14], number[14:]])}。{after}"
    found = [finding for finding in guard.check(text, today=TODAY) if finding.kind == "resident_id"]
    assert any(finding.blocks for finding in found)
    for finding in found:
        assert number not in finding.shown + finding.message
        assert number[6:14] not in finding.shown + finding.message


@given(ids, st.integers(0, 17), st.integers(1, 9))
def test_a_number_with_a_wrong_digit_does_not_block(number, place, shift):
    old = number[place]
    changed = number[:place] + (str((int(old) + shift) % 10) if old != "X" else str(shift)) + number[place + 1 :]
    assert "resident_id" not in kinds(changed)


@given(st.lists(st.integers(0, 10**9), min_size=200, max_size=400))
def test_a_table_of_sums_holds_nobodys_number(sums):
    """Groups that together would be an ID are one only when they are cut as people cut it."""
    assert "resident_id" not in kinds("，".join(f"{one:,}.{one % 100:02d}" for one in sums))


def test_a_number_that_looks_mistyped_or_old_only_warns():
    assert kinds("430623198501011230", "warn") == ["resident_id"]
    assert kinds("430623850101123", "warn") == ["resident_id"]
    assert kinds("身份证号：430623850101123") == ["resident_id"]


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "138　1234　5678",
        "１３８１２３４５６７８",
        "+86 138 1234 5678",
        "8613812345678",
        "+86-13812345678",
        "013812345678",
        "联系电话：1381 234 5678",
        "138-12345678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "138\u200b12345678",
        "0730-5550001 13812345678",
        "5550001/13812345678",
        "张三13812345678李四",
        "tel13812345678",
        "13812345678@a.cn",
        "http://a.cn/1\n13812345678",
        "联系人13812345678元",
        "一三八一二三四五六七八",
        "幺三八 一二三四 五六七八",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "①③⑧①②③④⑤⑥⑦⑧",
        "138一二三四5678",
        "电话138\t1234\t5678",
        "138|1234|5678",
        "1 3 8\t1 2 3 4\t5 6 7 8",
    ],
)
def test_a_mobile_number_is_found_however_it_is_written(written):
    assert kinds(f"村干部：{written}，请联系。") == ["mobile"]


def test_a_mobile_number_broken_over_lines_warns_and_blocks_when_announced():
    for written in ("138\n1234\n5678", "138\n12345678", "1381234\n5678"):
        assert kinds(f"数据\n{written}") == [] and kinds(f"数据\n{written}", "warn") == ["mobile"]
        assert kinds(f"电话：{written}") == ["mobile"]


@given(
    ids,
    st.lists(st.integers(1, 17), unique=True, max_size=5).map(sorted),
    st.sampled_from(["", " ", "-", "－", "　", "\t", "\n", " | ", "\u200b", "\u2060 "]),
    st.sampled_from(["", "wide", "chinese"]),
)
def test_no_disguise_of_a_resident_id_passes(number, cuts, gap, disguise):
    places = [0, *cuts, 18]
    written = gap.join(number[a:b] for a, b in itertools.pairwise(places))
    table = {"": {}, "wide": WIDE, "chinese": CHINESE}[disguise]
    assert "resident_id" in kinds(f"名单：{written.translate(table)}。")


@pytest.mark.parametrize(
    "written",
    [
        "一九九八年、二〇一八年十月十八日",
        "一二三四五六七八九十一二三四五六",
        "0730-5550001",
        "（0730）5550001",
        "07305550001",
        "12345",
        "12345热线",
        "400-123-4567",
        "4001234567",
        "110、119、120、12315、12388",
        "010-66012345",
        "索引号：006382329L/2018-1430766",
        "000014349/2018-00210",
        "11441700007280420Y/2021-00050",
        "01527918X-2020-153077",
        "国办发〔2018〕109号",
        "11430623006382329L",
        "实施编码11440000006940116U244010200300101",
        "2018年10月18日 14:52:03",
        "2018-10-18 2018-11-15",
        "13812345678元",
        "总投资￥13812345678",
        "水稻 150 2018 2019",
        "玉米 138 1200 1500",
        "共150 20181018",
        "430623103",
        "430623103001",
        "http://www.gov.cn/zhengce/content/2018-11/28/content_13812345678.htm",
        "第19条至第138条",
        "3.1415926535897932384626",
        "订单20181018123456789012",
    ],
)
def test_office_numbers_codes_and_figures_pass(written):
    assert kinds(f"公告：{written}。") == []
    assert kinds(f"公告：{written}。", "warn") == []


@pytest.mark.parametrize(
    "written",
    [
        CARD,
        f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}",
        f"{CARD[:6]} {CARD[6:]}",
        CARD.translate(WIDE),
        card("622848001122334"),
        card("955880123456789012"),
        f"卡号：{card('411111111111111')}",
        "4111-1111-1111-1111",
    ],
)
def test_a_bank_card_is_found_however_it_is_written(written):
    assert kinds(f"补贴发放：{written}。") == ["bank_card"]


def test_what_only_resembles_a_card_does_not_block():
    wrong = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
    assert kinds(wrong) == []
    assert kinds(card("411111111111111")) == []
    assert kinds(card("411111111111111"), "warn") == ["bank_card"]
    assert kinds(f"文号{CARD}/2018") == []
    assert kinds("5200 4100 3900 2800") == kinds("6200 2018 2019 2000") == []


def test_a_credit_code_that_happens_to_satisfy_luhn_is_no_card():
    code = "624306230000000191"
    assert check_uscc(code) and luhn_valid(code)
    assert kinds(code) == kinds(code, "warn") == []


def test_the_finding_tells_where_what_and_how_to_mend():
    text = f"名单\n张三 {ID}\n李四 13812345678"
    first, second = guard.check(text, today=TODAY)
    assert text[slice(*first.where)] == ID and text[slice(*second.where)] == "13812345678"
    masked = f"4306**********{ID[-4:]}"
    mend = "属于个人信息，不能公开；请删去号码，只留姓名等必须公开的内容。"
    assert first.message == f"第2行有身份证号（{masked}），{mend}"
    assert first.shown == masked
    assert second.message.startswith("第3行有手机号码（138****5678）")


def test_a_list_of_many_is_cut_off_but_still_blocks():
    found = guard.check("13812345678\n" * 500, today=TODAY)
    assert len(found) == 50 and guard.blocked(found)
