import pytest

from mingtang import guard
from mingtang.guard.wording import SLIPS


def warns(text: str, kind: str) -> list[str]:
    found = [finding for finding in guard.check(text) if finding.kind == kind]
    assert not guard.blocked(found)
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    "word", ["其他材料", "其它材料", "有关材料", "相关材料", "相关部门", "有关部门", "其他证明材料", "等材料"]
)
def test_a_vague_word_warns_once_with_its_line(word):
    (message,) = warns(f"申请须知\n请带身份证、户口簿，{word}，再说一遍{word}。", "wording")
    assert message.startswith(f"第2行的“{word}”")


def test_half_width_punctuation_is_one_warning_with_its_count():
    (message,) = warns("今年,全镇(含村)完成任务:三项.\n好!", "punctuation")
    assert message.startswith("第1行等5处") and "“,”" in message
    assert warns("今年，共3.5万元，见www.a.cn:80，14:52。Yes, it is.", "punctuation") == []


def test_every_slip_of_the_list_is_found_and_no_right_form_is():
    for slip, right in SLIPS.items():
        assert warns(f"本镇{slip}工作。", "mistake"), slip
        assert warns(f"本镇{right}工作。", "mistake") == [], right


def test_clean_text_has_no_findings():
    assert guard.check("万庾镇便民服务中心周一至周五上午八时至十二时办公，咨询电话0730-5550001。") == []
    assert guard.check("") == []
