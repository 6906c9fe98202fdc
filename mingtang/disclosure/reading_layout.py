"""From blocks to a document: head, title, body; what belongs to the web page is set aside. Pure."""

import re
from dataclasses import dataclass, field

from mingtang.disclosure.reading_blocks import Block, Cell, Run, plain
from mingtang.disclosure.reading_fields import find_date, is_doc_number, labelled, tidy_doc_number

# Never part of a document, wherever it stands.
_CHROME = re.compile(
    r"扫一扫.{0,30}|(?:您|你)?(?:现在|当前)?所?(?:的|在)?位置\s*[:：].*|(?:网站)?首页(?:\s*[>＞»/|].*)?|"
    r"[【\[（(]?\s*(?:字体|字号)\s*[:：]?.{0,20}|[【\[]?\s*(?:大|中|小|\+|-|\s|[|\]\[])+\s*[】\]]?|"
    r"(?:本页|今日|总)?(?:访问|浏览)(?:量|次数|人数)\s*[:：]?\s*\d*\s*次?|[\s|·•]+|(?:政府)?信息公开目录"
)
# Buttons, matched without spaces: a pattern that could divide the spaces in many ways would take for ever to fail.
_BUTTONS = re.compile(
    r"(?:[【\[]?(?:打印(?:本页|此页|正文)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回(?:顶部|首页|上一页)|我要纠错|纠错|"
    r"分享(?:到)?|朗读|无障碍(?:阅读)?|长辈版|微信|新浪微博|微博|QQ空间|智能机器人)[】\]]?[|:：]*)+"
)
# The end of the page: after the text nothing of the document follows.
_END = re.compile(
    r"扫一扫.{0,30}|(?:上一篇|下一篇|上一条|下一条)\s*[:：].*|相关(?:链接|阅读|稿件|文章|新闻|解读|信息)\s*[:：]?|版权所有.*|"
    r"[【\[]?\s*(?:打印本页|关闭窗口|关闭本页|返回顶部|我要纠错)\s*[】\]]?.{0,30}|.{0,6}ICP备.*|.{0,4}公网安备.*|网站标识码.*|"
    r"分享到?\s*[:：].{0,30}|Copyright.*|©.*"
)
_H2 = re.compile(r"[一二三四五六七八九十百]{1,4}、\s*\S|第[一二三四五六七八九十百\d]{1,5}[章编篇]")
_H3 = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S|第[一二三四五六七八九十百\d]{1,5}节")
_ADDRESSEE = re.compile(r".{2,200}[:：]")
_NOTE = re.compile(r"[（(].*(?:\d{4}年|[〇○零一二三四五六七八九]{4}年|通过|发布|修订|修正).*")
HEAD_BLOCKS = 60


@dataclass
class Layout:
    """``stated``: field → (weight, label, value), what labels say; ``other``: labels that are kept but not used;
    ``moments``: dates with a time that stand without a label; ``dropped``: lines that belong to the web page."""

    title: str = ""
    body: list[Block] = field(default_factory=list)
    stated: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    moments: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def state(self, name: str, label: str, weight: int, value: str) -> None:
        if not value:
            return
        if not name:
            self.other.setdefault(label, value)
        elif name not in self.stated or weight < self.stated[name][0]:
            self.stated[name] = (weight, label, value)


def squeeze(text: str) -> str:
    """Without any white space: how titles are compared."""
    return re.sub(r"\s", "", text)


def is_chrome(text: str) -> bool:
    """Whether a line belongs to the web page (sharing, printing, counters) and not to the document."""
    text = text.strip()
    return not text or (len(text) < 200 and bool(_CHROME.fullmatch(text) or _BUTTONS.fullmatch(squeeze(text))))


def lay_out(
    found: list[Block], *, known_title: str = "", known_number: str = "", page_titles: tuple[str, ...] = ()
) -> Layout:
    """Divide blocks into head, title and body.

    ``known_title`` and ``known_number`` (文号) are authoritative; ``page_titles`` (title element,
    metadata) help to find the title among the lines.
    """
    layout = Layout()
    layout.state("doc_number", "", 0, known_number)
    wanted = [squeeze(title) for title in (known_title, *page_titles) if title]
    for block in found[:HEAD_BLOCKS]:
        # Some sites set their titles as second headings.
        if block.kind in ("h2", "h3") and _is_page_title(block, wanted):
            block.kind = "h1"
    found = _document(found, layout, wanted)
    body, groups = _head(found, layout)
    stated = layout.stated.pop("title", (0, "", ""))[2]
    layout.title = known_title or _title(stated, groups, page_titles)
    body = _kept_of_head(groups, layout) + _without_page(body, layout)
    layout.body = [_headed(block) for block in _split_run_in(body)]
    return layout


def _document(found: list[Block], layout: Layout, wanted: list[str]) -> list[Block]:
    """The blocks of the document itself; head tables and what stands around the text are read and taken out."""
    if any(block.core for block in found):
        first = next(number for number, block in enumerate(found) if block.core)
        _read_around(found[:first], layout)
        return [block for block in found if block.core]
    found = [block for number, block in enumerate(found) if number > HEAD_BLOCKS or not _take_table(block, layout)]
    first = next((number for number, block in enumerate(found) if _is_page_title(block, wanted)), 0)
    _read_around(found[:first], layout)
    return found[first:]


def _is_page_title(block: Block, wanted: list[str]) -> bool:
    """Whether a line is what the page calls itself (without the site's name behind it)."""
    if block.kind == "h1":
        return True
    text = squeeze(block.text)
    return (
        block.kind not in ("table", "ul", "ol") and len(text) >= 6 and any(title.startswith(text) for title in wanted)
    )


def _read_around(outside: list[Block], layout: Layout) -> None:
    for block in outside:
        if _take_table(block, layout):
            continue
        for line in block.text.split("\n"):
            if not _take_line(line, layout) and line.strip():
                layout.dropped.append(line.strip())


def _take_table(block: Block, layout: Layout) -> bool:
    """A head table has label cells before value cells, at least two of them; anything else is left alone."""
    if block.kind != "table":
        return False
    flat = [plain(cell.runs).strip() for row in block.rows for cell in row]
    marks = [next(labelled(text), None) or (next(labelled(f"{text}："), None) if text else None) for text in flat]
    if sum(mark is not None for mark in marks) < max(2, (len(flat) + 3) // 4):
        return False
    for number, mark in enumerate(marks):
        if mark and mark[3]:
            for item in labelled(flat[number]):
                layout.state(*item)
        elif mark and number + 1 < len(flat) and marks[number + 1] is None:
            layout.state(*mark[:3], flat[number + 1])
    return True


def _take_line(line: str, layout: Layout) -> bool:
    """Whether a line is head matter: labels, or a bare date; then it has been read."""
    taken = False
    for name, label, weight, value in labelled(line):
        taken = True
        if name in ("source", "issuer") and (when := find_date(value)):
            # "来源：万庾镇   2018-10-18 14:52": the moment stands behind the source without a label.
            layout.moments.append(when[0].strip())
            value = value[: when.start()].strip(" \t\u3000|·")
        if name == "views":
            value = (re.match(r"\d*", value) or [""])[0]
        layout.state(name, label, weight, value)
    when = None if taken else find_date(line)
    if when and squeeze(line) == squeeze(when[0]):
        if when.groupdict().get("hour"):
            layout.moments.append(when[0].strip())
        else:
            layout.state("published_on", "", 30, when[0].strip())
        return True
    if when and when.groupdict().get("hour") and len(squeeze(line)) - len(squeeze(when[0])) <= 16:
        layout.moments.append(when[0].strip())
        layout.state("source", "", 30, line.replace(when[0], "").strip(" \t\u3000|·"))
        return True
    return taken


def _head(found: list[Block], layout: Layout) -> tuple[list[Block], list[list[str]]]:
    """The blocks of the body, and the groups of lines above it that may be the title."""
    groups: list[list[str]] = [[]]
    heading = False
    for number, block in enumerate(found):
        line = block.text.strip()
        manifold = "\n" in line and block.kind != "h1"
        if number == HEAD_BLOCKS or manifold or block.kind in ("table", "ul", "ol", "h2", "h3"):
            return found[number:], groups
        if (block.kind == "h1") != heading:
            heading = not heading
            groups.append([])
        if heading:
            groups[-1] += line.split("\n")
        elif _take_line(line, layout):
            groups.append([])
        elif is_chrome(line):
            layout.dropped.append(line)
        elif is_doc_number(line):
            groups += [[line], []]
        elif _begins_body(line):
            return found[number:], groups
        else:
            groups[-1].append(line)
    if heading or sum(map(len, groups)) < 2:
        return [], groups
    # Nothing looked like a body: the first line is the title, the rest is what there is of a body.
    flat = [line for group in groups for line in group]
    return [Block("p", [Run(line)]) for line in flat[1:]], [flat[:1]]


def _begins_body(line: str) -> bool:
    line = line.strip()
    sentence = len(line) > 90 or re.search(r"[。；！？]", line)
    return bool(sentence or _H2.match(line) or _H3.match(line) or _ADDRESSEE.fullmatch(line) or _NOTE.fullmatch(line))


def _join(lines: list[str]) -> str:
    """Broken title lines as one: Chinese joins without a space, Latin words with one."""
    out = ""
    for line in lines:
        latin = out[-1:].isascii() and out[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
        out += (" " if latin else "") + line.strip()
    # Titles are stretched by spaces on paper ("国 务 院 工 作 规 则").
    if re.fullmatch(r"(?:[\u4e00-\u9fff][ \u3000]+){2,}[\u4e00-\u9fff]", out):
        out = squeeze(out)
    return re.sub(r"[ \u3000]+", " ", out).strip()


def _title(stated: str, groups: list[list[str]], page_titles: tuple[str, ...]) -> str:
    if stated:
        return _join([stated])
    candidates = [_join(group) for group in groups if group and not is_doc_number("".join(group))]
    for page_title in page_titles:
        for candidate in candidates:
            if len(candidate) >= 4 and squeeze(page_title).startswith(squeeze(candidate)):
                return candidate
    if candidates:
        # A page shows its title above the head lines and again above the text: what comes twice is it.
        known = [squeeze(text) for text in candidates]
        return next((text for text in candidates if known.count(squeeze(text)) > 1), candidates[-1])
    return next((_join([re.split(r"[_|]|\s[-—–]\s", text)[0]]) for text in page_titles if text.strip()), "")


def _kept_of_head(groups: list[list[str]], layout: Layout) -> list[Block]:
    """Lines above the body that are neither the title nor its number stay: they are words of the document."""
    title = squeeze(layout.title)
    kept = []
    for group in groups:
        for line in _without(group, title):
            number = tidy_doc_number(line) if is_doc_number(line) else ""
            if number and layout.stated.setdefault("doc_number", (30, "", number))[2] in (number, line):
                continue
            kept.append(Block("p", [Run(line)]))
    return kept


def _without(group: list[str], title: str) -> list[str]:
    """The lines of a group without those that together spell the title."""
    for first in range(len(group)):
        for last in range(len(group), first, -1):
            if squeeze("".join(group[first:last])) == title:
                return group[:first] + group[last:]
    return group


def _without_page(body: list[Block], layout: Layout) -> list[Block]:
    """The body without the web page. From a sure sign of the page's end all goes, unless a sentence follows."""
    out: list[Block] = []
    for number, block in enumerate(body):
        lines = [line.strip() for line in block.text.split("\n")]
        if block.kind != "table" and out and all(_END.fullmatch(line[:300]) for line in lines):
            rest = [text for later in body[number:] for text in later.text.split("\n") if text.strip()]
            if not any(len(text) > 40 and "。" in text for text in rest[1:]):
                layout.dropped += rest
                break
        if block.kind == "p" and all(is_chrome(line) for line in lines):
            layout.dropped += lines
            continue
        out.append(block)
    return out


def _split_run_in(body: list[Block]) -> list[Block]:
    """Set a run-in heading ("（一）切实抓好…。下文") on a line of its own: the words stay, the paragraph is divided."""
    out = []
    for block in body:
        cut = _run_in(block.text) if block.kind == "p" and not any(run.text == "\n" for run in block.runs) else 0
        if not cut:
            out.append(block)
            continue
        head, rest = [], []
        for run in block.runs:
            head.append(run._replace(text=run.text[:cut], marks=()))
            rest.append(run._replace(text=run.text[cut:]))
            cut = max(0, cut - len(run.text))
        rest[0] = rest[0]._replace(text=rest[0].text.lstrip())
        out.append(Block("h3", [run for run in head if run.text]))
        out.append(Block("p", [run for run in rest if run.text]))
    return out


def _run_in(text: str) -> int:
    """Where a run-in heading ends, or 0: a short first sentence, with commas only before a long text."""
    if not _H3.match(text):
        return 0
    end = text.find("。") + 1
    rest, plain_words = len(text) - end, not re.search(r"[；;：:，,]", text[: max(0, end - 1)])
    longest, shortest_rest = (45, 15) if plain_words else (36, 50)
    return end if 4 < end <= longest and rest >= shortest_rest else 0


def _headed(block: Block) -> Block:
    """A paragraph that is a heading of official papers becomes one: 一、 and 第一章 h2, （一） and 第一节 h3."""
    text = block.text
    if block.kind == "table":
        return _table_headed(block)
    if block.kind == "h1":
        return Block("h2", block.runs)
    if block.kind != "p" or len(text) > 45 or "\n" in text:
        return block
    inner = text.rstrip("。") if len(text) <= 24 else text
    if re.search(r"[。；;：:]", inner) or text.count("，") + text.count(",") > 1:
        return block
    kind = "h2" if _H2.match(text) else "h3" if _H3.match(text) else ""
    return Block(kind, [run._replace(marks=()) for run in block.runs]) if kind else block


def _table_headed(block: Block) -> Block:
    """A first row that is wholly bold, or begins with 序号, names the columns."""
    if block.head_rows or len(block.rows) < 2:
        return block
    first = block.rows[0]
    texts = [plain(cell.runs).strip() for cell in first]
    runs = [run for cell in first for run in cell.runs if run.text.strip()]
    if len(first) < 2 or not all(texts):
        return block
    if all("strong" in run.marks for run in runs) or squeeze(texts[0]) in ("序号", "编号"):
        block.rows[0] = [
            Cell([run._replace(marks=()) for run in cell.runs], True, cell.colspan, cell.rowspan) for cell in first
        ]
        block.head_rows = max(1, min(max(cell.rowspan for cell in first), len(block.rows) - 1))
    return block
