"""Every rule of the self-check passes on a sound site and fails on the fault it looks for."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.inspection.checks import CHECKS, Site
from mingtang.inspection.facts import ColumnFact, DocumentFact, Facts
from mingtang.inspection.page import Page
from mingtang.inspection.result import Outcome, Verdict
from mingtang.inspection.running import as_data, check, rules
from mingtang.lib.paths import CHECKOUT

TODAY = date(2026, 11, 27)
HEAD = """<!doctype html><html lang="zh-CN"><head><title>页</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="SiteName" content="万庾镇人民政府"><meta name="SiteDomain" content="wanyu.gov.cn">
<meta name="SiteIDCode" content="4306230001"><meta name="ColumnName" content="栏目">
<meta name="ColumnDescription" content="说明"><meta name="ColumnKeywords" content="词">
<meta name="ColumnType" content="首页">
"""
ARTICLE = """<meta name="ArticleTitle" content="通知"><meta name="PubDate" content="2026-11-20 09:30">
<meta name="ContentSource" content="党政办公室">"""
BODY = """</head><body><a href="#main">跳到正文</a><header>万庾镇人民政府</header>
<main id="main"><h1>标题</h1>{main}</main>
<footer>站点地图 我要找错 万庾镇人民政府 4306230001 湘ICP备12345678号
湘公网安备 43062302000001号 党政机关网站标识 0730-5550001</footer>
</body></html>"""
ELEMENTS = "依据 条件 材料 窗口 工作日 电话 流程"
MARKS = {
    "主办单位": "万庾镇人民政府",
    "网站标识码": "4306230001",
    "ICP备案号": "湘ICP备12345678号",
    "公安备案号": "湘公网安备 43062302000001号",
    "党政机关网站标识": "0" * 32,
    "联系电话": "0730-5550001",
}
DOCUMENT = DocumentFact("/info/A/2026-1", "通知", date(2026, 11, 20), True)
REPORT = DocumentFact("/info/A/2026-2", "2025年度报告", date(2026, 1, 20), True)
COLUMN = ColumnFact("财政", "/info/c/a20-07", "财政所 所长", "filled", date(2026, 11, 20), None, True)


def html(path: str, main: str = "", head: str = "", **more) -> Page:
    return Page(path, 200, "text/html; charset=utf-8", (HEAD + head + BODY.format(main=main)).encode(), **more)


LINKS = "".join(f'<a href="/p{n}">页</a>' for n in range(12))
NINE = "".join(f"<section><h2>{n}</h2><p>有</p></section>" for n in range(9))
HEADS = "".join(f'<th scope="col">{head}</th>' for head in ("索引号", "名称", "内容概述", "生成日期"))
TABLE = f"<table><tr>{HEADS}</tr></table>"
PAGES = (
    html("/", "最新 2026-11-20"),
    html("/sitemap", LINKS),
    Page("/sitemap.xml", 200, "application/xml", b"<loc>http://x/info/A/2026-1</loc>"),
    html("/accessibility"),
    html("/info/guide", NINE),
    html("/info/A/2026-1", '<img src="/x.png" alt="图">', ARTICLE),
    html("/services/LN-001", ELEMENTS),
    Page("/files/1", 200, "application/pdf", b"%PDF", found_on="/info/A/2026-1"),
)
ASKED = {
    "/obstacles/new": html("/obstacles/new", '<form method="post"><textarea aria-label="说"></textarea></form>'),
    "/info/?view=table": html("/info/?view=table", TABLE),
    "/search": html("/search", '<a href="/info/A/2026-1">通知</a><a href="/info/A/2026-2">报告</a>'),
}


def site(*changed: Page, asked: dict[str, Page] | None = None, left: int = 0, **facts) -> Site:
    """The sound site with some pages and facts changed."""
    pages = {page.path: page for page in (*PAGES, *changed)}
    answers = ASKED | (asked or {})
    known = Facts("万庾镇人民政府", "https://wanyu.gov.cn", False, MARKS, [COLUMN], [DOCUMENT], [], [REPORT], [])
    return Site(TODAY, pages, left, replace(known, **facts), lambda path, _: answers[path.partition("?q")[0]])


def verdict(code: str, of: Site) -> Verdict:
    (rule,) = (rule for rule in rules() if rule.code == code)
    return Outcome(rule, tuple(CHECKS[code](of))).verdict


def columns(count: int, **changes) -> list[ColumnFact]:
    return [replace(COLUMN, **changes) for _ in range(count)]


FAULTS = {
    "reachable": site(Page("/broken", 500, "text/html", found_on="/")),
    "home-updated": site(html("/", "最新 2026-11-01")),
    "columns-updated": site(columns=columns(10, overdue_since=date(2026, 10, 1))),
    "policy-updated": site(columns=columns(5, newest=date(2026, 1, 1))),
    "columns-empty": site(columns=columns(5, state="empty", newest=None)),
    "interaction": site(unanswered=[("WY1", date(2026, 8, 1))]),
    "services": site(html("/services/LN-001", "依据 条件")),
    "vague": site(html("/services/LN-001", ELEMENTS + "其他材料")),
    "wording": site(findings=[("/info/A/2026-1", "写着身份证号码。")]),
    "marks": site(marks=MARKS | {"ICP备案号": ""}),
    "name-shown": site(base_url="https://wanyu.example"),
    "tags-site": site(Page("/a", 200, "text/html", html("/a").body.replace(b'4306230001">', b'43">', 1))),
    "tags-column": site(Page("/a", 200, "text/html", html("/a").body.replace("首页".encode(), "杂项".encode()))),
    "tags-article": site(html("/info/A/2026-3", "", ARTICLE.replace(" 09:30", ""))),
    "links": site(Page("/gone", 404, "text/html", found_on="/")),
    "attachments": site(Page("/files/2", 404, "text/html", found_on="/info/A/2026-1")),
    "images": site(html("/a", '<img src="/x.png">')),
    "accessible": site(html("/a", '<input name="q">')),
    "mobile": site(html("/a", '<table width="900"></table>')),
    "outside": site(html("/a", '<script src="https://cdn.example/x.js"></script>')),
    "guide": site(html("/info/guide", NINE.replace("<p>有</p>", '<p class="late">还没有写明</p>', 1))),
    "catalogue": site(documents=[replace(DOCUMENT, is_dated=False)]),
    "annual-report": site(reports=[replace(REPORT, listed_on=date(2026, 3, 1))]),
    "search": site(asked={"/search": html("/search", "没有找到")}),
    "sitemap": site(documents=[DOCUMENT, REPORT]),
    "secure": site(base_url="http://wanyu.gov.cn"),
}
# Other faults of the same rules.
MORE = [
    ("reachable", site(replace(PAGES[0], seconds=16.0))),
    ("home-updated", site(html("/", "没有日期"))),
    ("columns-empty", site(columns=[])),
    ("interaction", site(asked={"/obstacles/new": html("/obstacles/new", "没有表单")})),
    ("marks", site(Page("/a", 200, "text/html", html("/a").body.replace("我要找错".encode(), b"")))),
    ("name-shown", site(Page("/a", 200, "text/html", html("/a").body.replace("<header>万庾镇".encode(), b"<header>")))),
    ("tags-site", site(Page("/a", 200, "text/html", html("/a").body.replace(b"SiteDomain", b"Other")))),
    ("tags-column", site(Page("/a", 200, "text/html", html("/a").body.replace(b"ColumnKeywords", b"Other")))),
    ("tags-article", site(html("/info/A/2026-3", ""))),
    ("attachments", site(Page("/files/1", 200, "application/pdf", b"", found_on="/"))),
    ("accessible", site(html("/a", "<h1>又一个</h1>"))),
    ("accessible", site(Page("/a", 200, "text/html", html("/a").body.replace(b' lang="zh-CN"', b"")))),
    ("mobile", site(Page("/a", 200, "text/html", html("/a").body.replace(b"width=device-width", b"width=1000")))),
    ("outside", site(html("/a", '<form action="https://elsewhere.example/"></form>'))),
    ("guide", site(html("/info/guide", NINE[: NINE.index("<section><h2>8")]))),
    ("catalogue", site(asked={"/info/?view=table": html("/info/?view=table", "列表")})),
    ("annual-report", site(reports=[])),
    ("sitemap", site(Page("/sitemap.xml", 404, "text/html"))),
]


def test_every_rule_of_the_pack_has_a_check_and_a_planted_fault():
    codes = [rule.code for rule in rules()]
    assert len(set(codes)) == len(codes) and set(codes) == set(CHECKS) == set(FAULTS)


def test_a_sound_site_fails_nothing_and_each_rule_says_what_was_seen():
    outcomes = check(site())
    assert [outcome.rule.code for outcome in outcomes if outcome.verdict == Verdict.FAIL] == []
    assert {outcome.rule.code for outcome in outcomes if outcome.verdict == Verdict.PERSON} == {"wording", "secure"}
    assert all(one.address and one.found for outcome in outcomes for one in outcome.evidence)
    assert all(outcome.evidence for outcome in outcomes)


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_found_with_its_address(code):
    assert verdict(code, FAULTS[code]) == Verdict.FAIL
    assert verdict(code, site()) != Verdict.FAIL


@pytest.mark.parametrize(("code", "broken"), MORE)
def test_another_fault_of_the_rule_is_found_too(code, broken):
    assert verdict(code, broken) == Verdict.FAIL


def test_what_does_not_apply_is_said():
    bare = site(documents=[], reports=[])
    bare.pages = {path: page for path, page in bare.pages.items() if not path.startswith(("/info/A", "/files"))}
    for code in ("tags-article", "attachments", "search"):
        assert verdict(code, bare) == Verdict.NOT_APPLICABLE, code
    assert verdict("name-shown", site(is_demo=True, base_url="http://127.0.0.1")) == Verdict.PASS


def test_before_the_end_of_january_a_missing_report_is_no_failure():
    early = site(reports=[])
    early.today = date(2026, 1, 31)
    assert verdict("annual-report", early) == Verdict.PERSON


def test_a_few_empty_columns_are_named_and_fail_nothing():
    few = Outcome(rules()[4], tuple(CHECKS["columns-empty"](site(columns=columns(4, state="empty")))))
    assert few.verdict == Verdict.PASS and len(few.evidence) == 4 and "空着" in few.evidence[0].found


def test_tombstones_are_no_dead_links_and_what_was_not_walked_is_told():
    gone = site(Page("/info/A/2026-9", 410, "text/html", found_on="/info/"), left=7)
    assert verdict("links", gone) == Verdict.PASS
    assert "还有 7 个地址" in CHECKS["reachable"](gone)[0].found


def test_an_outcome_as_data_shows_the_gravest_first_and_counts_the_rest():
    many = site(*(Page(f"/gone{n}", 404, "text/html", found_on="/") for n in range(30)))
    (rule,) = (rule for rule in rules() if rule.code == "links")
    data = as_data(Outcome(rule, tuple(CHECKS["links"](many))))
    assert data["verdict"] == "fail" and data["count"] == 30 and len(data["evidence"]) == 20
    assert data["owner"] and data["mend"] and data["source"]


def test_no_page_that_adds_a_tag_drops_those_of_the_site():
    """``block meta`` of a public page goes on from that of its frame; a screen of the hall has a frame of its own."""
    frames = {"base.html", "screen_base.html"}
    for path in (CHECKOUT / "templates/portal").rglob("*.html"):
        own = path.read_text().partition("{% block meta %}")[2].partition("{% endblock %}")[0]
        assert not own or path.name in frames or "super()" in own, path.name
