"""The rules, each as a function of the pages walked and the facts of the town. Pure; registered under its code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlsplit

from mingtang.inspection.facts import Facts
from mingtang.inspection.page import Page
from mingtang.inspection.result import Evidence, Verdict, failed, passed, unless

SLOW_SECONDS = 15
HOME_DAYS, POLICY_DAYS, ANSWER_DAYS = 14, 183, 92
MOST_STALE, MOST_OVERDUE, MOST_EMPTY, MOST_POOR_GUIDES = 5, 10, 5, 5
SEARCHED = 4
COLUMN_TYPES = frozenset(
    {
        "首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件",
        "信息公开指南", "信息公开目录", "信息公开年报", "依申请公开", "数据发布", "数据开放",
        "政策解读", "回应关切", "办事服务", "咨询投诉", "征集调查", "在线访谈",
    }
)  # fmt: skip
GUIDE_ELEMENTS = {
    "设定依据": ("依据",),
    "申请条件": ("条件", "谁能办"),
    "办理材料": ("材料", "带什么"),
    "办理地点": ("窗口", "地点", "地址"),
    "办理时间": ("工作日", "时间", "时限"),
    "联系电话": ("电话", "咨询"),
    "办理流程": ("流程",),
}
# Shown by its name; its number stands in the address of the certificate.
PARTY_MARK = "党政机关网站标识"
VAGUE = re.compile(r"有关材料|其他材料|相关材料|等材料|有关部门")
_DATE = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_PUB_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_DOCUMENT = re.compile(r"^/info/(?!c/|t/|e/|compare/|guide|numbers|since)[^?]*\d[^?]*$")
_SCREEN = re.compile(r"^/hall/[^?]*/(kiosk|calls|screen)(\?|$)|[?&]kiosk=")
_GUIDE = re.compile(r"^/services/[^/?.]+$")


@dataclass
class Site:
    """What was walked, on which day. ``left``: addresses beyond the bound; ``fetch`` asks for one more page."""

    today: date
    pages: dict[str, Page]
    left: int
    facts: Facts
    fetch: Callable[[str, str], Page]

    @property
    def shown(self) -> list[Page]:
        """The pages for people at home. A screen of the hall is none: it stands alone, without head and foot."""
        return [page for page in self.pages.values() if page.is_shown and not _SCREEN.search(page.path)]


Check = Callable[[Site], list[Evidence]]
CHECKS: dict[str, Check] = {}


def _check(code: str) -> Callable[[Check], Check]:
    def register(function: Check) -> Check:
        CHECKS[code] = function
        return function

    return register


@_check("reachable")
def reachable(site: Site) -> list[Evidence]:
    def problems() -> Iterator[Evidence]:
        for page in site.pages.values():
            if page.status >= 500:
                yield failed(page.path, f"打不开，状态 {page.status}")
            elif page.seconds > SLOW_SECONDS:
                yield failed(page.path, f"用了 {page.seconds:.1f} 秒")
        if site.pages.get("/") is None or site.pages["/"].status != 200:
            yield failed("/", "首页打不开")

    slowest = max(site.pages.values(), key=lambda page: page.seconds, default=None)
    fine = f"打开 {len(site.pages)} 个地址" + (f"，最慢 {slowest.seconds:.1f} 秒（{slowest.path}）" if slowest else "")
    if site.left:
        fine += f"；还有 {site.left} 个地址超出一次检查的数量，没有打开"
    return unless(problems(), "全站", fine)


@_check("home-updated")
def home_updated(site: Site) -> list[Evidence]:
    home = site.pages.get("/")
    dates = [found for found in _dates(home.part("//main")) if found <= site.today] if home else []
    newest = max(dates, default=None)
    if newest is None:
        return [failed("/", "首页上没有写明日期的信息")]
    said = f"首页最新的日期是 {newest}"
    return [passed("/", said) if newest >= site.today - timedelta(days=HOME_DAYS) else failed("/", said)]


def _dates(text: str) -> Iterator[date]:
    for year, month, day in _DATE.findall(text):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


@_check("columns-updated")
def columns_updated(site: Site) -> list[Evidence]:
    late = [one for one in site.facts.columns if one.overdue_since and one.state == "filled"]
    verdict = _beyond(len(late), MOST_OVERDUE)
    found = [Evidence(verdict, one.url, f"{one.name}应在 {one.overdue_since} 前更新，{one.owner}") for one in late]
    return found or [passed("/info/c/", f"{len(site.facts.columns)} 个栏目没有到期未更新的")]


@_check("policy-updated")
def policy_updated(site: Site) -> list[Evidence]:
    since = site.today - timedelta(days=POLICY_DAYS)
    held = [one for one in site.facts.columns if one.is_lawful and one.newest]
    stale = [one for one in held if one.newest and one.newest < since]
    verdict = _beyond(len(stale), MOST_STALE)
    found = [Evidence(verdict, one.url, f"{one.name}最近一份是 {one.newest}") for one in stale]
    return found or [passed("/info/c/", f"{len(held)} 个有信息的法定栏目，6 个月内都有更新")]


@_check("columns-empty")
def columns_empty(site: Site) -> list[Evidence]:
    if not site.facts.columns:
        return [failed("/info/c/", "公开栏目还没有开设")]
    empty = [one for one in site.facts.columns if one.state == "empty"]
    verdict = _beyond(len(empty), MOST_EMPTY)
    found = [Evidence(verdict, one.url, f"{one.name}空着，没有说明，{one.owner}") for one in empty]
    return found or [passed("/info/c/", f"{len(site.facts.columns)} 个应当公开的栏目，都有信息或者说明")]


def _beyond(count: int, most: int) -> Verdict:
    """A few are shown and do not fail the rule."""
    return Verdict.FAIL if count >= most else Verdict.PASS


@_check("interaction")
def interaction(site: Site) -> list[Evidence]:
    form = site.fetch("/obstacles/new", "")
    if form.status != 200 or not form.tree.xpath("//form[@method='post']//textarea"):
        return [failed("/obstacles/new", "没有能在网上反映的表单")]
    until = site.today - timedelta(days=ANSWER_DAYS)
    old = [
        failed("/obstacles/", f"{number} 从 {day} 起还没有结果") for number, day in site.facts.unanswered if day < until
    ]
    return unless(old, "/obstacles/new", f"可以在网上反映；{len(site.facts.unanswered)} 件在办，没有超过三个月的")


@_check("services")
def services(site: Site) -> list[Evidence]:
    guides = [page for page in site.shown if _GUIDE.match(page.path)]
    if not guides:
        return [failed("/services/", "没有办事服务")]
    missing = {page.path: _missing(page) for page in guides}
    poor = [path for path, names in missing.items() if len(names) >= 4]
    verdict = Verdict.FAIL if len(poor) >= min(MOST_POOR_GUIDES, len(guides)) else Verdict.PASS
    found = [Evidence(verdict if len(names) >= 4 else Verdict.PASS, path, f"缺{'、'.join(names)}")
             for path, names in missing.items() if names]  # fmt: skip
    return found or [passed("/services/", f"{len(guides)} 份办事指南，八类要素都有")]


def _missing(page: Page) -> list[str]:
    text = page.part("//main")
    return ([] if page.part("//h1") else ["事项名称"]) + [
        name for name, words in GUIDE_ELEMENTS.items() if not any(word in text for word in words)
    ]


@_check("vague")
def vague(site: Site) -> list[Evidence]:
    guides = [page for page in site.shown if _GUIDE.match(page.path)]
    found = [failed(page.path, f"写着“{match[0]}”") for page in guides if (match := VAGUE.search(page.part("//main")))]
    return unless(found, "/services/", f"{len(guides)} 份办事指南没有含糊的材料")


@_check("wording")
def wording(site: Site) -> list[Evidence]:
    found = [failed(address, sentence) for address, sentence in site.facts.findings]
    fine = "公开前的检查再查一遍，没有发现；查不出的表述，请保密审查员抽看"
    return found or [Evidence(Verdict.PERSON, "全站", fine)]


@_check("marks")
def marks(site: Site) -> list[Evidence]:
    registered = site.facts.marks
    found = [failed("/desk/site/marks", f"还没有登记{name}") for name, value in registered.items() if not value]
    wanted = {name: value for name, value in registered.items() if value}
    wanted |= {"站点地图": "站点地图", "找错": "找错"}
    if PARTY_MARK in wanted:
        wanted[PARTY_MARK] = PARTY_MARK
    for page in site.shown:
        foot = page.part("//footer")
        lacking = [name for name, value in wanted.items() if value not in foot]
        if lacking:
            found.append(failed(page.path, f"页脚没有{'、'.join(lacking)}"))
    said = "；".join(f"{name} {value}" for name, value in registered.items())
    return unless(found, "全站", f"每页页脚都有：{said}")


@_check("name-shown")
def name_shown(site: Site) -> list[Evidence]:
    found = [failed(page.path, "页首没有站名") for page in site.shown if site.facts.name not in page.part("//header")]
    host = (urlsplit(site.facts.base_url).hostname or "").lower()
    if site.facts.is_demo:
        found.append(Evidence(Verdict.NOT_APPLICABLE, site.facts.base_url, "演示站点，不查域名"))
    elif not host.endswith(".gov.cn"):
        found.append(failed(site.facts.base_url, "域名不以 .gov.cn 结尾"))
    if any(one.verdict == Verdict.FAIL for one in found):
        return found
    return [*found, passed("全站", f"每页页首都写“{site.facts.name}”")]


@_check("tags-site")
def tags_site(site: Site) -> list[Evidence]:
    def problems() -> Iterator[Evidence]:
        for page in site.shown:
            lacking = [name for name in ("SiteName", "SiteDomain", "SiteIDCode") if not page.tags.get(name)]
            if lacking:
                yield failed(page.path, f"没有 {'、'.join(lacking)}")
            elif not re.fullmatch(r"[0-9a-z]{10}", page.tags["SiteIDCode"]):
                yield failed(page.path, f"SiteIDCode“{page.tags['SiteIDCode']}”不是 10 位")

    return unless(problems(), "全站", f"{len(site.shown)} 页都有三个站点标签")


@_check("tags-column")
def tags_column(site: Site) -> list[Evidence]:
    def problems() -> Iterator[Evidence]:
        for page in site.shown:
            names = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
            lacking = [name for name in names if not page.tags.get(name)]
            if lacking:
                yield failed(page.path, f"没有 {'、'.join(lacking)}")
            elif page.tags["ColumnType"] not in COLUMN_TYPES:
                yield failed(page.path, f"ColumnType“{page.tags['ColumnType']}”不在规定的类别里")

    return unless(problems(), "全站", f"{len(site.shown)} 页都有四个栏目标签")


@_check("tags-article")
def tags_article(site: Site) -> list[Evidence]:
    articles = [page for page in site.shown if _DOCUMENT.match(page.path) or page.path.startswith("/info/e/")]

    def problems() -> Iterator[Evidence]:
        for page in articles:
            lacking = [name for name in ("ArticleTitle", "PubDate", "ContentSource") if not page.tags.get(name)]
            if lacking:
                yield failed(page.path, f"没有 {'、'.join(lacking)}")
            elif not _PUB_DATE.fullmatch(page.tags["PubDate"]):
                yield failed(page.path, f"PubDate“{page.tags['PubDate']}”没有写到分")

    if not articles:
        return [Evidence(Verdict.NOT_APPLICABLE, "/info/", "还没有公开的信息")]
    return unless(problems(), "/info/", f"{len(articles)} 份信息都有三个内容标签")


@_check("links")
def links(site: Site) -> list[Evidence]:
    broken = [
        failed(page.path, f"状态 {page.status}，链接在 {page.found_on}")
        for page in site.pages.values()
        if 400 <= page.status < 500 and page.status != 410 and page.found_on
    ]
    return unless(broken, "全站", f"{len(site.pages)} 个站内地址都打得开")


@_check("attachments")
def attachments(site: Site) -> list[Evidence]:
    files = [page for page in site.pages.values() if re.match(r"^/files/\d+$|^/services/[^/]+/files/", page.path)]
    if not files:
        return [Evidence(Verdict.NOT_APPLICABLE, "/info/", "没有附件")]
    broken = [
        failed(page.path, f"下载不到，状态 {page.status}，在 {page.found_on}" if page.status != 200 else "文件是空的")
        for page in files
        if page.status not in (200, 410) or (page.status == 200 and not page.body)
    ]
    return unless(broken, "/info/", f"{len(files)} 个附件都下载得到")


@_check("images")
def images(site: Site) -> list[Evidence]:
    found = [failed(page.path, f"图片 {source} 没有文字说明") for page in site.shown for source in page.unnamed_images]
    return unless(found, "全站", f"{len(site.shown)} 页的图片都有文字说明")


@_check("accessible")
def accessible(site: Site) -> list[Evidence]:
    """The structure of each page; what only the eye sees the browser tests look at."""

    def lacking(page: Page) -> Iterator[str]:
        tree = page.tree
        if not (tree.get("lang") or "").startswith("zh"):
            yield "没有写明语言"
        if not page.part("//title"):
            yield "没有标题"
        if len(tree.xpath("//h1")) != 1:
            yield f"有 {len(tree.xpath('//h1'))} 个一级标题"
        if not tree.xpath("//a[starts-with(@href, '#')]"):
            yield "没有跳到正文的链接"
        for name in page.unnamed_fields:
            yield f"输入框 {name} 没有名称"

    found = [failed(page.path, word) for page in site.shown for word in lacking(page)]
    statement = site.pages.get("/accessibility")
    if statement is None or statement.status != 200:
        found.append(failed("/accessibility", "没有无障碍说明"))
    return unless(found, "全站", f"{len(site.shown)} 页的结构都查过；另有无障碍说明")


@_check("mobile")
def mobile(site: Site) -> list[Evidence]:
    def problems() -> Iterator[Evidence]:
        for page in site.shown:
            if "width=device-width" not in page.tags.get("viewport", ""):
                yield failed(page.path, "没有按屏幕宽度排版")
            for one in page.too_wide:
                yield failed(page.path, f"有定死的宽度：{one}")

    return unless(problems(), "全站", f"{len(site.shown)} 页都按屏幕宽度排版")


@_check("outside")
def outside(site: Site) -> list[Evidence]:
    own = urlsplit(site.facts.base_url).netloc
    found = [
        failed(page.path, f"引用别处的 {address}")
        for page in site.shown
        for address in page.outside
        if urlsplit(address).netloc != own
    ]
    return unless(found, "全站", f"{len(site.shown)} 页都不引用别处的东西")


@_check("guide")
def guide(site: Site) -> list[Evidence]:
    page = site.pages.get("/info/guide")
    if page is None or page.status != 200:
        return [failed("/info/guide", "没有公开指南")]
    titles = [one.text_content() for one in page.tree.xpath("//main//section/h2")]
    if len(titles) != 9:
        return [failed(page.path, f"指南有 {len(titles)} 部分，应有 9 部分")]
    gaps = [one.text_content() for one in page.tree.xpath("//main//section/p[contains(@class, 'late')]")]
    return unless((failed(page.path, gap) for gap in gaps), page.path, "九个部分都写了")


@_check("catalogue")
def catalogue(site: Site) -> list[Evidence]:
    page = site.fetch("/info/?view=table", "")
    heads = [one.text_content() for one in page.tree.xpath("//main//th[@scope='col']")] if page.is_html else []
    lacking = [name for name in ("索引号", "名称", "内容概述", "生成日期") if name not in heads]
    if lacking and site.facts.documents:
        return [failed("/info/?view=table", f"目录没有{'、'.join(lacking)}")]
    found = [failed(one.url, "没有生成日期") for one in site.facts.documents if not one.is_dated]
    return unless(found, "/info/?view=table", "目录的四项都有")


@_check("annual-report")
def annual_report(site: Site) -> list[Evidence]:
    year = site.today.year - 1
    until = date(site.today.year, 1, 31)
    found = [one for one in site.facts.reports if str(year) in one.title]
    if not found:
        said = f"没有 {year} 年的年度报告"
        if site.today <= until:
            return [Evidence(Verdict.PERSON, "/info/?theme=report", f"{said}，还没有到期")]
        return [failed("/info/?theme=report", said)]
    first = min(found, key=lambda one: one.listed_on)
    said = f"“{first.title}”，{first.listed_on} 公布"
    return [passed(first.url, said) if first.listed_on <= until else failed(first.url, said + "，晚于 1 月 31 日")]


@_check("search")
def search(site: Site) -> list[Evidence]:
    asked = site.facts.documents[:SEARCHED]
    if not asked:
        return [Evidence(Verdict.NOT_APPLICABLE, "/search", "还没有公开的信息")]
    found = []
    for one in asked:
        address = f"/search?q={quote(one.title)}"
        page = site.fetch(address, "")
        if page.status != 200 or one.url not in page.links:
            found.append(failed(address, f"搜“{one.title}”，第一页里没有"))
    return unless(found, "/search", f"用 {len(asked)} 个标题搜，第一页里都有")


@_check("sitemap")
def sitemap(site: Site) -> list[Evidence]:
    people, programs = site.pages.get("/sitemap"), site.pages.get("/sitemap.xml")
    if people is None or people.status != 200 or len(people.links) < 10:
        return [failed("/sitemap", "没有给人看的站点地图")]
    if programs is None or programs.status != 200 or b"<loc>" not in programs.body:
        return [failed("/sitemap.xml", "没有给程序看的站点地图")]
    named = programs.body.count(b"<loc>")
    unnamed = [one for one in site.facts.documents if one.url.encode() not in programs.body]
    lost = [failed("/sitemap.xml", f"没有列 {one.url}") for one in unnamed]
    return unless(lost, "/sitemap.xml", f"两份都有，一共列了 {named} 个地址")


@_check("secure")
def secure(site: Site) -> list[Evidence]:
    if not site.facts.is_demo and not site.facts.base_url.startswith("https://"):
        return [failed(site.facts.base_url, "登记的网址不是 https")]
    return [Evidence(Verdict.PERSON, site.facts.base_url, "IPv6 和等级保护测评要人核对")]
