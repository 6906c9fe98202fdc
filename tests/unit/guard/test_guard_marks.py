import pytest

from mingtang import guard

BODY = "万庾镇人民政府关于开展安全生产检查的通知\n各村（社区）：\n现将有关事项通知如下。\n"


def found(text: str, title: str = "") -> list[tuple[str, str]]:
    return [
        (finding.kind, finding.level) for finding in guard.check(text, title) if finding.kind in ("secret", "internal")
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "绝密★",
        "机密★30年",
        "秘密★",
        "机密 ★",
        "机　密　★　３０年",
        "绝 密 ★ 长期",
        "机\u200b密★",
        "机密☆",
        "机密⭐10年",
        "机密级★1年",
        "機密★20年",
        "秘密*5年",
        "机密＊",
        "000001 机密★1年 特急",
        "机密",
        "【机密】",
        "（秘密）",
        "机   密",
        "★机密★",
        "机密 30年",
        "机密　特急",
        "特急      机密",
        "秘密 解密前",
        "密级：机密",
        "密级:秘密 缓急：特急",
        "密 级 ： 绝 密",
        "保密等级：机密",
        "机密★启用前",
        "**机密**",
    ],
)
def test_a_mark_at_the_head_blocks_however_it_is_written(mark):
    assert ("secret", "block") in found(mark + "\n" + BODY)
    assert ("secret", "block") in found("湘华万〔2018〕1号\n" + mark + "\n" + BODY)


@pytest.mark.parametrize("mark", ["绝密★", "密级：机密", "机密★30年"])
def test_a_mark_of_an_enclosed_paper_blocks_far_from_the_head(mark):
    assert ("secret", "block") in found(BODY * 50 + mark + "\n" + BODY)


def test_a_bare_level_is_a_mark_only_at_a_head():
    assert ("secret", "block") not in found(BODY * 50 + "机密\n" + BODY)
    assert ("secret", "block") in found(BODY * 50 + "\x0c机密\n" + BODY)


@pytest.mark.parametrize(
    "text",
    [
        "严格遵守保密法，不得泄露国家秘密、工作机密。",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "绝密级国家秘密是最重要的国家秘密。",
        "机密、秘密级文件由专人保管。",
        "国家秘密标志为“机密★30年”的，应当及时清退。",
        "密级：绝密□ 机密□ 秘密□",
        "密级：绝密、机密、秘密",
        "★秘密会议旧址★等五处红色景点",
        "商业秘密",
    ],
)
def test_the_words_in_running_text_never_block(text):
    assert ("secret", "block") not in found(text)
    assert ("secret", "block") not in found(BODY + text)


def test_a_bare_word_warns_once_and_trade_secrets_not_at_all():
    assert found("国家秘密与秘密，机密。") == [("secret", "warn"), ("secret", "warn")]
    assert found("商业秘密、技术秘密、通信秘密。") == []


def test_a_mark_in_the_title_is_named_as_such():
    finding = guard.check(BODY, "机密★ 通知")[0]
    assert (finding.part, finding.where, finding.level) == ("标题", (0, 3), "block")
    assert finding.message.startswith("标题：第1行有密级标志（机密★），涉密文件不得公开")


def test_a_mark_line_shows_no_private_number():
    found = guard.check("13812345678  机密\n" + BODY)
    assert [finding.kind for finding in found[:2]] == ["mobile", "secret"]
    assert all("13812345678" not in finding.shown + finding.message for finding in found)


def test_internal_papers_warn():
    assert found("内部资料，注意保存") == [("internal", "warn")]
    assert found("本件不得外传") == [("internal", "warn")]
    assert found("内部资料性出版物管理办法") == []


@pytest.mark.parametrize("line", ["万庾镇人民政府\t机密", "机密\t万庾镇人民政府", "份号\t秘密\t特急"])
def test_a_level_in_a_cell_of_its_own_is_a_mark(line):
    assert found(f"{line}\n关于某事的报告") == [("secret", "block")]
