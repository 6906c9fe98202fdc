"""From blocks to a document: head fields, title, body; what belongs to the page and not to the document is dropped. Pure."""

import re
from dataclasses import dataclass, field

from mingtang.disclosure.reading_blocks import Block, Cell, Run, plain
from mingtang.disclosure.reading_fields import find_date, is_doc_number, labelled, tidy_doc_number

_CHROME = re.compile(
    r"扫一扫.{0,30}|.{0,12}二维码.{0,12}|(?:您|你)?(?:现在|当前)?所?(?:的|在)?位置\s*[:：].*|(?:网站)?首页(?:\s*[>＞»/|].*)?|"
    r"[【\[（(]?\s*(?:字体|字号)\s*[:：]?.{0,20}|[【\[]?\s*(?:大|中|小|\+|-|\s|[|\]\[])+\s*[】\]]?|"
    r"(?:[【\[]?\s*(?:打印(?:本页|此页|正文)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回(?:顶部|首页|上一页)|我要纠错|纠错|"
    r"分享(?:到)?|推荐|下载|保存|朗读|繁体|简体|无障碍(?:阅读)?|长辈版|微信|微博|新浪微博|QQ空间|智能机器人|在线咨询)\s*[】\]]?[\s|:：]*)+|"
    r"(?:上一篇|下一篇|上一条|下一条)\s*[:：]?.*|(?:相关(?:链接|阅读|稿件|文章|新闻|解读|信息))\s*[:：]?|"
    r"版权所有.*|(?:主办|承办|技术支持)(?:单位)?\s*[:：].*|.{0,6}ICP备.*|.{0,4}公网安备.*|网站标识码.*|"
    r"(?:本页|今日|总)?(?:访问|浏览)(?:量|次数|人数)\s*[:：]?\s*\d*\s*次?|[\s|·•]+|Copyright.*|©.*|(?:政府)?信息公开目录"
)
_H2 = re.compile(r"[一二三四五六七八九十百]{1,4}、\s*\S|第[一二三四五六七八九十百\d]{1,5}[章编篇]")
_H3 = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S|第[一二三四五六七八九十百\d]{1,5}节")
_ADDRESSEE = re.compile(r".{2,200}[:：]")
_NOTE = re.compile(r"[（(].*(?:\d{4}年|[〇○零一二三四五六七八九]{4}年|通过|发布|修订|修正).*")
_VARIANT = re.compile(r"[（(](?:试行|暂行|征求意见稿|草案|送审稿|修订|修订稿|公开征求意见稿|讨论稿|[\d年版]+)[）)]")


@dataclass
class Layout:
    """``stated`` holds what labels say: field → (weight, label, value); ``other`` labels we keep but do not use."""

    title: str = ""
    body: list[Block] = field(default_factory=list)
    stated: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    moments: list[str] = field(default_factory=list)

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
    """Whether a line belongs to the web page (sharing, printing, counters, footer) and not to the document."""
    return not text.strip() or (len(text) < 200 and bool(_CHROME.fullmatch(text.strip())))


def lay_out(found: list[Block], *, known_title: str = "", page_titles: tuple[str, ...] = ()) -> Layout:
    """Divide blocks into head, title and body.

    ``known_title`` is authoritative; ``page_titles`` (title element, metadata) help to choose among the lines above the body.
    """
    layout = Layout()
    found = _headless(found, layout)
    start, lines = _head(found, layout)
    stated = layout.stated.pop("title", (0, "", ""))[2]
    layout.title = known_title or _title(stated, lines, page_titles)
    body = _without_title(found[start:], lines, layout)
    layout.body = [_headed(block) for block in _split_run_in(_without_chrome(body))]
    return layout


def _headless(found: list[Block], layout: Layout) -> list[Block]:
    """Take the head tables (cells that are labels) out of the blocks and state what they say.

    When the page marks its text container, all before it is head; what stands behind it is page.
    """
    if any(block.core for block in found):
        first = next(number for number, block in enumerate(found) if block.core)
        for block in found[:first]:
            if not _take_table(block, layout):
                for line in block.text.split("\n"):
                    _take_line(line, layout)
        return [Block("h1", block.runs) for block in found[:first] if block.kind == "h1"] + [
            block for block in found[first:] if block.core
        ]
    return [block for number, block in enumerate(found) if number > 30 or not _take_table(block, layout)]


def _take_table(block: Block, layout: Layout) -> bool:
    """A head table has label cells before value cells, at least two of them; anything else is left alone."""
    if block.kind != "table":
        return False
    texts = [[plain(cell.runs) for cell in row] for row in block.rows]
    flat = [text for row in texts for text in row]
    marks = [next(labelled(text), None) or next(labelled(f"{text}:"), None) for text in flat]
    if sum(mark is not None for mark in marks) < max(2, (len(flat) + 3) // 4):
        return False
    for number, mark in enumerate(marks):
        if mark and mark[3]:
            for item in labelled(flat[number]):
                layout.state(*item)
        elif mark and number + 1 < len(flat) and marks[number + 1] is None:
            layout.state(*mark[:3], flat[number + 1].strip())
    return True


def _take_line(line: str, layout: Layout) -> bool:
    """Whether a line is head matter: labels, or a bare date with the time of publication."""
    taken = False
    for name, label, weight, value in labelled(line):
        taken = True
        when = find_date(value) if name in ("source", "issuer") else None
        if when:
            # "来源：万庾镇   2018-10-18 14:52": the moment stands behind the source without a label.
            layout.moments.append(when[0].strip())
            value = value[: when.start()].strip(" \t\u3000|·")
        if name == "views":
            value = (re.match(r"\d*", value) or [""])[0]
        layout.state(name, label, weight, value)
    if taken:
        return True
    when = find_date(line)
    if when and when.groupdict().get("hour") and len(squeeze(line)) - len(squeeze(when[0])) <= 12:
        layout.moments.append(when[0].strip())
        rest = line.replace(when[0], "").strip(" \t\u3000|·")
        if rest:
            layout.state("source", "来源", 9, rest)
        return True
    return False


def _head(found: list[Block], layout: Layout) -> tuple[int, list[list[str]]]:
    """Where the body begins, and the groups of lines above it that may be the title."""
    groups: list[list[str]] = [[]]
    for number, block in enumerate(found):
        text = block.text
        lines = text.split("\n")
        if number > 60 or (block.kind in ("table", "ul", "ol") and not all(map(is_chrome, lines))):
            return number, groups
        if block.kind == "h1":
            groups += [lines, []]
            continue
        for line in lines:
            if _take_line(line, layout):
                groups.append([])
            elif is_chrome(line):
                continue
            elif is_doc_number(line) and groups != [[]]:
                layout.state("doc_number", "文号", 5, tidy_doc_number(line))
            elif _begins_body(line):
                return number, groups
            else:
                groups[-1].append(line.strip())
    return _all_head(found, groups)


def _all_head(found: list[Block], groups: list[list[str]]) -> tuple[int, list[list[str]]]:
    """Nothing looked like a body: the first line is the title, the rest is what there is of a body."""
    flat = [line for group in groups for line in group]
    for number, block in enumerate(found):
        if flat and squeeze(flat[0]) in squeeze(block.text):
            return number + 1, [[flat[0]]]
    return len(found), groups


def _begins_body(line: str) -> bool:
    line = line.strip()
    sentence = len(line) > 90 or re.search(r"[。；！？]", line)
    return bool(sentence or _H2.match(line) or _H3.match(line) or _ADDRESSEE.fullmatch(line) or _NOTE.fullmatch(line))


def _join(lines: list[str]) -> str:
    """Broken title lines as one: Chinese joins without a space, Latin words with one."""
    out = ""
    for line in lines:
        gap = (
            " " if out and out[-1].isascii() and out[-1].isalnum() and line[:1].isascii() and line[:1].isalnum() else ""
        )
        out += gap + line.strip()
    # Titles are stretched by spaces on paper ("国 务 院 工 作 规 则").
    if re.fullmatch(r"(?:[\u4e00-\u9fff][ \u3000]+){2,}[\u4e00-\u9fff]", out):
        out = squeeze(out)
    return re.sub(r"[ \u3000]+", " ", out).strip()


def _title(stated: str, groups: list[list[str]], page_titles: tuple[str, ...]) -> str:
    if stated:
        return _join([stated])
    candidates = [_join(group) for group in groups if group]
    for page_title in page_titles:
        wanted = squeeze(page_title)
        for candidate in candidates:
            if len(candidate) >= 4 and wanted.startswith(squeeze(candidate)):
                return candidate
    if candidates:
        # A page shows its title above the head lines and again above the text: what comes twice is it.
        twice = [text for text in candidates if sum(squeeze(text) == squeeze(other) for other in candidates) > 1]
        return (twice or candidates[-1:])[0]
    return next((_join([re.split(r"[_|]|\s[-—–]\s", text)[0]]) for text in page_titles if text.strip()), "")


def _without_title(body: list[Block], groups: list[list[str]], layout: Layout) -> list[Block]:
    """The body, with lines kept that stood above it and are not the title; the title itself is not said twice."""
    title = squeeze(layout.title)
    kept: list[Block] = []
    for group in groups:
        if squeeze("".join(group)) == title or not group:
            continue
        rest = _after_title(group, title)
        kept += [Block("p", [Run(line)]) for line in rest if squeeze(line) != title]
    variant = next((line for group in groups for line in group if _VARIANT.fullmatch(line)), "")
    if variant and squeeze(variant) in title:
        kept = [block for block in kept if block.text != variant]
    return kept + body


def _after_title(group: list[str], title: str) -> list[str]:
    """The lines of a group without those that together spell the title."""
    for first in range(len(group)):
        for last in range(len(group), first, -1):
            if squeeze("".join(group[first:last])) == title:
                return group[:first] + group[last:]
    return group


def _without_chrome(body: list[Block]) -> list[Block]:
    out = []
    for block in body:
        lines = block.text.split("\n")
        if block.kind == "p" and all(is_chrome(line) for line in lines):
            continue
        out.append(block)
    return out


def _split_run_in(body: list[Block]) -> list[Block]:
    """Set a run-in heading ("（一）切实抓好…。下文") on a line of its own: the words stay, only the paragraph is divided."""
    out = []
    for block in body:
        cut = _run_in(block.text) if block.kind == "p" and not any(run.text == "\n" for run in block.runs) else 0
        if not cut:
            out.append(block)
            continue
        head, rest = [], []
        for run in block.runs:
            head.append(run._replace(text=run.text[:cut]))
            rest.append(run._replace(text=run.text[cut:]))
            cut = max(0, cut - len(run.text))
        out.append(Block("h3", [Run(run.text, (), run.href) for run in head if run.text]))
        out.append(Block("p", [run for run in rest if run.text]))
    return out


def _run_in(text: str) -> int:
    """Where a run-in heading ends; 0 when the paragraph has none. Sentences with commas of their own are no headings
    unless a longer text follows them."""
    if not _H3.match(text):
        return 0
    end = text.find("。") + 1
    rest = len(text) - end
    return (
        end
        if 4 < end <= 45
        and rest >= 15
        and not re.search(r"[；;：:，,]", text[: end - 1])
        or 4 < end <= 36
        and rest >= 60
        else 0
    )


def _headed(block: Block) -> Block:
    """A paragraph that is a heading of official papers becomes one: 一、 and 第一章 are h2, （一） and 第一节 are h3."""
    text = block.text
    if block.kind == "table":
        return _table_headed(block)
    if block.kind == "h1":
        return Block("h2", block.runs)
    if block.kind != "p" or len(text) > 45 or "\n" in text:
        return block
    inner = text.rstrip("。") if len(text) <= 24 else text
    if re.search(r"[。；;：:]", inner):
        return block
    kind = "h2" if _H2.match(text) else "h3" if _H3.match(text) and not text.endswith("；") else ""
    if kind == "h2" and text.count("，") > 1:
        return block
    return Block(kind, [run._replace(marks=()) for run in block.runs]) if kind else block


def _table_headed(block: Block) -> Block:
    """A first row that is wholly bold, or begins with 序号, names the columns."""
    if block.head_rows or len(block.rows) < 2:
        return block
    first = block.rows[0]
    texts = [plain(cell.runs).strip() for cell in first]
    bold = all(run.text == "\n" or not run.text.strip() or "strong" in run.marks for cell in first for run in cell.runs)
    if len(first) > 1 and all(texts) and (bold or squeeze(texts[0]) in ("序号", "编号")):
        block.rows[0] = [
            Cell([run._replace(marks=()) for run in cell.runs], True, cell.colspan, cell.rowspan) for cell in first
        ]
        block.head_rows = max(1, min(max(cell.rowspan for cell in first), len(block.rows) - 1))
    return block
