"""公开指南 as everybody reads it: nine parts, each of what the house knows and of the words the town wrote.

What neither knows is a gap, shown with the post that must fill it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mingtang.cases.remedies import remedies
from mingtang.disclosure import guide, numbers
from mingtang.disclosure.columns import schemes
from mingtang.disclosure.guide import PartSpec
from mingtang.disclosure.models import GuideEdition
from mingtang.disclosure.standing import leaves, of_town
from mingtang.hall.hours import hours_words
from mingtang.hall.models import Site
from mingtang.hall.opening import Opening
from mingtang.people.enums import Permission
from mingtang.people.models import Post
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.workdays.packs import rule

BASIS = "《中华人民共和国政府信息公开条例》第十二条"


@dataclass(frozen=True)
class Line:
    """A paragraph, or with ``url`` a link to more of it; ``head`` is a heading inside a part."""

    text: str
    url: str = ""
    head: bool = False


@dataclass(frozen=True)
class Part:
    """One of the nine. ``gap``: what is wanting and whose it is; empty for a whole one."""

    code: str
    title: str
    lines: tuple[Line, ...]
    gap: str = ""


@dataclass(frozen=True)
class Guide:
    """The nine parts as they are now; ``edition`` is that of the words in force, if any."""

    town: Jurisdiction
    parts: tuple[Part, ...]
    edition: GuideEdition | None

    @property
    def gaps(self) -> list[Part]:
        return [part for part in self.parts if part.gap]


def compose(viewer: Viewer) -> Guide:
    """The guide of the viewer's town, from what stands in the house at this moment."""
    town = viewer.town
    edition = guide.current(town)
    words = edition.words if edition else {}
    known = _known(town)
    owner = next((str(post) for post in _keepers(town)), "镇党政办公室")
    made = {"classes": _classes, "arrangement": _arrangement, "access": _access}
    found = []
    for spec in guide.parts():
        lines = list(made[spec.code](viewer)) if spec.code in made else []
        said = {word.code: words.get(word.code) or known.get(word.code, "") for word in spec.words}
        lines += _said(spec, said)
        missing = [word.label for word in spec.words if word.required and not said[word.code]]
        gap = f"“{'”“'.join(missing)}”还没有写明，由{owner}负责。" if missing else ""
        found.append(Part(spec.code, spec.title, tuple(lines), gap))
    return Guide(town, tuple(found), edition)


def _keepers(town: Jurisdiction) -> list[Post]:
    posts = Post.objects.filter(town=town).select_related("unit").order_by("pk")
    return [post for post in posts if Permission.CATALOGUE_KEEP in post.permissions]


def _known(town: Jurisdiction) -> dict[str, str]:
    """What the town has registered elsewhere: shown as long as nobody wrote it here."""
    site = Site.objects.filter(town=town).order_by("pk").first()
    return {
        "office": next((town.name + post.unit.name for post in _keepers(town)), ""),
        "address": town.address,
        "hours": "；".join(hours_words(Opening(town), site)) if site else "",
        "phone": town.phone,
        "internet": town.base_url,
    }


def _said(spec: PartSpec, said: dict[str, str]) -> Iterator[Line]:
    for word in spec.words:
        if said[word.code] and len(spec.words) > 1:
            yield Line(word.label, head=True)
        for text in said[word.code].splitlines():
            yield Line(text)


def _classes(viewer: Viewer) -> Iterator[Line]:
    every = of_town(viewer)
    yield Line("本镇的政府信息同时按几种办法分类，从哪一种都找得到。")
    for scheme in schemes().values():
        rows = leaves([one for one in every if one.column.scheme == scheme.code])
        if rows:
            filled = sum(one.count > 0 for one in rows)
            yield Line(f"{scheme.name}：{len(rows)} 栏，{filled} 栏有信息", f"/info/c/#{scheme.code}")
    if not every:
        yield Line("栏目还没有开设，全部政府信息按时间排列。", "/info/")


def _arrangement(viewer: Viewer) -> Iterator[Line]:
    town = viewer.town
    style = numbers.style_of(town)
    yield Line("每份信息在目录里写明索引号、名称、内容概述、生成日期、发布机构和文号，可以按栏目、发布机构、年份挑选。")
    yield Line("看目录表", "/info/?view=table")
    yield Line(f"索引号的编法：{style.name}，例如 {numbers.sample(town, style)}。一份信息一个，终身不变。")
    yield Line("哪些索引号看不到，为什么", "/info/numbers")


def _access(viewer: Viewer) -> Iterator[Line]:
    town, today = viewer.town, timezone.localdate()
    limit = rule("PUB", today)
    yield Line("主动公开", head=True)
    yield Line(f"属于主动公开的，自形成或者变更之日起 {limit.limit}内公开（{limit.citation}）。不用申请，直接看。")
    yield Line("政府信息公开目录", "/info/")
    yield Line("站内搜索", "/search")
    yield Line("便民大厅的地点和开放时间", "/hall/")
    yield from _on_request(today)
    yield Line("监督和救济", head=True)
    county = town.parent.name if town.parent else "县"
    yield Line(
        "认为本镇没有依法公开的，可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报"
        + (f"；本镇监督电话 {town.complaint_phone}" if town.complaint_phone else "")
        + "（信息公开条例第五十一条）。"
    )
    yield Line(remedies(county=county, decided_on=today).sentence.replace("本决定", "答复"))
    yield Line("答复不予公开，或者逾期不答复的，先申请行政复议，对复议决定不服再起诉（行政复议法第二十三条）。")


def _on_request(today: date) -> Iterator[Line]:
    reply, correct, third = (rule(code, today) for code in ("FOI_REPLY", "FOI_CORRECT", "FOI_3P"))
    yield Line("依申请公开", head=True)
    yield Line(
        "目录里没有的，可以申请。用书面形式，信件、传真、电子邮件都可以；写字有困难的，口头提出，工作人员代您填写。"
    )
    yield Line(
        "申请写明三样：姓名或者名称、身份证明和联系方式；要的信息的名称、文号或者能找到它的特征；要什么形式、怎样取。"
        "不用说明用途（信息公开条例第二十九条）。"
    )
    yield Line(
        f"能当场答复的当场答复；不能的，自收到申请之日起 {reply.limit}内答复，经{reply.extension_by}同意可以延长，"
        f"最多再 {reply.extension}个工作日，并告诉您（{reply.citation}）。"
    )
    yield Line(f"写得不清楚的，{correct.limit}内一次告诉您补什么，答复的时间从收到补正起算（{correct.citation}）。")
    yield Line(
        f"涉及别人商业秘密、个人隐私的，要先问他，他在 {third.limit}内答复，这段时间不算在内（{third.citation}）。"
    )
    yield Line("收费", head=True)
    yield Line("提供政府信息不收费。申请的数量、频次明显超过合理范围的，可以收取信息处理费（信息公开条例第四十二条）。")
