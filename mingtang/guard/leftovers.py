"""What is left in a file beside its text: by the label of the part it stands in, whatever it says.

The labels are those of the extraction: 批注, 修订, 照片位置, 隐藏工作表“…”, 文档属性“作者”; alone, or behind the name
of the attachment (附件“名单.docx”的批注).
"""

import re
from collections.abc import Iterator

from mingtang.guard.findings import Finding, Kind, Level

_RULES: tuple[tuple[re.Pattern[str], Kind, Level, str], ...] = (
    (
        re.compile(r"照片位置$"),
        "photo",
        "block",
        "照片里记着拍摄的地点，别人能看出是在谁家拍的；请去掉照片的位置信息，再传一次。",
    ),
    (
        re.compile(r"(?:批注|修订)$"),
        "leftover",
        "block",
        "没有清掉，别人能翻出来；请删去批注，接受或者拒绝修订，另存一份再传。",
    ),
    (
        re.compile(r"没有结果的公式$"),
        "formula",
        "block",
        "{place}，打开文件的人看到的，系统没有读到；请用 WPS 或者 Excel 打开，保存一次，再传。",
    ),
    (re.compile(r"读不出来的内容$"), "leftover", "block", "{place}"),
    (
        re.compile(r"引用别处的公式$"),
        "formula",
        "block",
        "{place}，打开文件的人看到的，可能不是系统读到的；请复制这些格子，选择性粘贴为数值，保存以后再传。",
    ),
    (
        re.compile(r"文档属性“(?:作者|最后修改人|单位|主管)”$"),
        "author",
        "warn",
        "里写着人或者单位的名字，别人能翻出来；不该公开的，请在文件的“属性”里删去，另存一份再传。",
    ),
    (
        re.compile(r"(?:^|”的)(?P<shown>(?:隐藏|嵌入的|夹带的|数据透视表|别的表格)[^“\n]{0,12})"),
        "hidden",
        "warn",
        "别人能翻出来；请删去，另存一份再传。",
    ),
)


def find_leftovers(label: str, text: str) -> Iterator[Finding]:
    """One finding for a part that should not be there, however much stands in it; none for an empty one.

    Of formulas the part holds where they stand, a line each; the first is told.
    """
    if not text.strip():
        return
    for pattern, kind, level, sentence in _RULES:
        if found := pattern.search(label):
            shown = found.groupdict().get("shown") or found.group()
            first, *more = text.strip().split("\n")
            place = f"{first[:60]}等 {len(more) + 1} 格" if more else first[:200]
            yield Finding(kind, level, (0, len(text)), shown, sentence.format(place=place))
            return
