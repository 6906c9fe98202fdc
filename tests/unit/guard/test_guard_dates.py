import pytest

from mingtang import guard


def found(text: str, kind: str) -> list[str]:
    findings = [finding for finding in guard.check(text) if finding.kind == kind]
    assert not guard.blocked(findings)
    return [finding.message for finding in findings]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2018年02月30日印发", "“2018年02月30日”不存在"),
        ("２０１８年１３月５日", "不存在"),
        ("2018-13-01", "“2018-13-01”不存在"),
        ("二〇一九年二月二十九日", "不存在"),
        ("二○一八年十三月一日", "不存在"),
        ("2018年13月底前", "“2018年13月”不存在"),
        ("每年4月31日前", "“4月31日”不存在"),
        ("2018年10月18日（星期五）", "是周四，不是周五"),
        ("2018-10-18 周天", "是周四，不是周天"),
        ("2018年10月18日至2018年10月8日", "早于开始的2018年10月18日"),
        ("2018.10.18-2018.9.18", "早于开始的2018年10月18日"),
        ("2018年10月18日（周四）起至10月8日", "跨年的请写上年份"),
        ("生成日期:2018-10-18\n公开日期:2018-10-17", "早于成文的2018年10月18日"),
    ],
)
def test_a_date_that_cannot_be_is_found(text, fault):
    (message,) = found(text, "date")
    assert fault in message


@pytest.mark.parametrize(
    "text",
    [
        "2018年10月18日（星期四）",
        "2020年2月29日、每年2月29日",
        "二〇一八年十月十八日",
        "2018年12月20日至2019年1月5日",
        "每年11月15日至次年3月15日，12月20日至1月5日",
        "生成日期:2018-10-18 公开日期:2018-10-18",
        "公开日期：2018年1月2日。以前的文件2018年10月18日印发",
        "第2018.14.20版，006382329L/2018-14-30，电话2018-55-20-1",
        "2018年10月和2018年11月",
        "3年24个月30日",
    ],
)
def test_a_date_that_can_be_passes(text):
    assert found(text, "date") == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("国办发[2018]109号", "发〔2018〕109号"),
        ("国办发（2018）109号", "发〔2018〕109号"),
        ("万政发〔2018〕06号", "发〔2018〕6号"),
        ("万政发〔2018〕第6号", "发〔2018〕6号"),
        ("万政发〔2018年〕6号", "发〔2018〕6号"),
        ("万政发〔18〕6号", "发〔四位年份〕6号"),
        ("万政办发6号", "没有年份"),
    ],
)
def test_a_paper_number_out_of_form_is_told_how_to_be_written(text, right):
    (message,) = found(f"根据《通知》（{text}）要求", "paper_number")
    assert right in message


@pytest.mark.parametrize(
    "text",
    [
        "国办发〔2018〕109号",
        "中国人民银行令〔2018〕第2号",
        "财政部公告2018年第5号",
        "（2018）湘0623民初12号",
        "第6号",
        "政发〔2018〕6号、7号",
    ],
)
def test_a_paper_number_in_form_passes(text):
    assert found(text, "paper_number") == []
