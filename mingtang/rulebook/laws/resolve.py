"""From a citation to the article in force on a day, or to the reason why there is none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils import timezone

from mingtang.lib.text import chinese_date
from mingtang.rulebook.laws.citing import Cited, citations, cited_articles, title_keys
from mingtang.rulebook.laws.levels import rank
from mingtang.rulebook.models import Article, Law, LawName
from mingtang.rulebook.spec import Spec
from mingtang.towns.models import Jurisdiction

CHUNK = 500
# GB/T 2260, the first two digits of a jurisdiction code.
_PROVINCES = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15", "辽宁": "21", "吉林": "22", "黑龙江": "23",
    "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34", "福建": "35", "江西": "36", "山东": "37", "河南": "41",
    "湖北": "42", "湖南": "43", "广东": "44", "广西": "45", "海南": "46", "重庆": "50", "四川": "51", "贵州": "52",
    "云南": "53", "西藏": "54", "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64", "新疆": "65",
}  # fmt: skip


class Failure(models.TextChoices):
    """Why a citation leads to no article in force."""

    NO_LAW = "no_law", "没有这部法律"
    NO_ARTICLE = "no_article", "没有这一条"
    ABOLISHED = "abolished", "已废止"
    NOT_YET = "not_yet", "尚未施行"
    ELSEWHERE = "elsewhere", "不在本地施行"


@dataclass(frozen=True)
class Found:
    """An article in force, with the paragraph and item the citation named."""

    article: Article
    tail: str = ""


@dataclass(frozen=True)
class Resolution:
    """``found`` holds every cited article, or is empty; then ``failure`` and ``why`` (a sentence) say what is wrong.

    ``changes_on`` is the next day after ``on`` on which the answer may be another.
    """

    title: str
    cited: str
    on: date
    law: Law | None = None
    found: tuple[Found, ...] = ()
    failure: str = ""
    why: str = ""
    changes_on: date | None = None

    @property
    def holds(self) -> bool:
        return not self.failure


@dataclass
class Shelf:
    """What the library holds for a set of citations: a few queries, however many there are."""

    town: Jurisdiction
    laws: dict[str, list[Law]] = field(default_factory=lambda: defaultdict(list))
    articles: dict[int, list[Article]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def for_citations(cls, town: Jurisdiction, cited: Iterable[tuple[str, str]]) -> "Shelf":
        shelf = cls(town)
        cited = set(cited)
        keys = sorted({key for title, _ in cited for key in title_keys(title)})
        numbers = sorted({one.number for _, said in cited for one in cited_articles(said)} | {0})
        for part in _chunks(keys):
            rows = LawName.objects.filter(name__in=part, law__in=Law.objects.of(town))
            for row in rows.select_related("law__replaced_by"):
                shelf.laws[row.name].append(row.law)
        ids = sorted({law.pk for laws in shelf.laws.values() for law in laws})
        for part in _chunks(ids):
            for some in _chunks(numbers):
                for article in Article.objects.filter(law__in=part, number__in=some).order_by("valid_from"):
                    shelf.articles[article.law_id].append(article)
        return shelf

    def resolve(self, title: str, article: str, on: date) -> Resolution:
        """The citation as of a day."""
        known = next((laws for key in title_keys(title) if (laws := self.laws.get(key))), [])
        local = [law for law in known if _applies(law, self.town)]
        name = title.strip("《》 ")
        edges = [day for law in local for day in (law.effective_on, law.abolished_on) if day and day > on]
        changes_on = min(edges, default=None)
        if not local:
            if known:
                why = f"《{name}》只在{known[0].region}施行，不能作本地的依据。请换成国家或者本省的规定。"
                return Resolution(title, article, on, known[0], (), Failure.ELSEWHERE, why)
            why = f"法规库里没有《{name}》。请核对名称；名称不错的，请先把它收入法规库。"
            return Resolution(title, article, on, None, (), Failure.NO_LAW, why)
        holding = [law for law in local if law.holds(on)]
        if not holding:
            law, failure, why = _gone(local, on)
            return Resolution(title, article, on, law, (), failure, why, changes_on)
        law = max(holding, key=lambda law: (rank(law.level), law.effective_on))
        return self._articles(law, title, article, on, changes_on)

    def _articles(self, law: Law, title: str, said: str, on: date, changes_on: date | None) -> Resolution:
        wanted = cited_articles(said)
        if not wanted:
            why = f"“{said[:40]}”读不出是《{law.title}》的哪一条。请写成“第六十二条”“第六十二条第二款”。"
            return Resolution(title, said, on, law, (), Failure.NO_ARTICLE, why, changes_on)
        found = []
        for one in wanted:
            wordings = [row for row in self.articles[law.pk] if (row.number, row.sub) == (one.number, one.sub)]
            edges = [day for row in wordings for day in (row.valid_from, row.valid_to) if day and day > on]
            changes_on = min([*edges, *([changes_on] if changes_on else [])], default=None)
            article = next((row for row in wordings if row.holds(on)), None)
            if article is None:
                failure, why = _no_article(law, one, wordings, on)
                return Resolution(title, said, on, law, (), failure, why, changes_on)
            found.append(Found(article, one.tail))
        return Resolution(title, said, on, law, tuple(found), changes_on=changes_on)


def _chunks(values: list) -> Iterator[list]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _applies(law: Law, town: Jurisdiction) -> bool:
    """A rule of another province does not hold here; a region we do not know is left to the reader."""
    province = _PROVINCES.get(law.region.removesuffix("省").removesuffix("市"))
    return province is None or town.code.startswith(province)


def _gone(laws: list[Law], on: date) -> tuple[Law, str, str]:
    """The version that explains why none holds: the last one that ended, else the first one to come."""
    ended = [law for law in laws if law.effective_on <= on]
    if not ended:
        law = min(laws, key=lambda law: law.effective_on)
        return law, Failure.NOT_YET, f"《{law.title}》尚未施行，自{chinese_date(law.effective_on)}起施行。"
    law = max(ended, key=lambda law: law.effective_on)
    return law, Failure.ABOLISHED, f"《{law.title}》{ended_text(law)}。"


def ended_text(law: Law) -> str:
    """已废止（自2022年5月1日，被《信访工作条例》替代）; 已有新版 where only the wording is another since."""
    if law.replaced_by and law.replaced_by.key == law.key and law.abolished_on:
        return f"已有新版（自{chinese_date(law.abolished_on)}起施行）"
    since = f"自{chinese_date(law.abolished_on)}" if law.abolished_on else "来源没有写明日期"
    by = f"，被《{law.replaced_by.title}》替代" if law.replaced_by else ""
    return f"已废止（{since}{by}）"


def _no_article(law: Law, one: Cited, wordings: list[Article], on: date) -> tuple[str, str]:
    name = f"《{law.title}》{one.label}"
    if wordings:
        coming = [row for row in wordings if row.valid_from > on]
        ended = [row for row in wordings if row.valid_to and row.valid_to <= on]
        if ended and ended[-1].valid_to:
            return Failure.ABOLISHED, f"{name}已经删去（自{chinese_date(ended[-1].valid_to)}）。"
        return Failure.NOT_YET, f"{name}尚未施行，自{chinese_date(coming[0].valid_from)}起施行。"
    if not law.complete:
        return Failure.NO_ARTICLE, f"法规库只收录了《{law.title}》的部分条款，里面没有{one.label}。请先收录全文。"
    return Failure.NO_ARTICLE, f"《{law.title}》没有{one.label}。请核对条号。"


def resolve(title: str, article: str, on: date, town: Jurisdiction) -> Resolution:
    """The articles a citation names, in force in the town on a day; titles and article numbers as people write them.

    ``title`` with or without 《》, 中华人民共和国, （2019年修订), or a short title; ``article`` as 第六十二条, 第62条,
    第六十二条第二款, 第四十七条、第四十八条, 第五条至第八条, or 全文 for a text without articles.
    """
    return Shelf.for_citations(town, [(title, article)]).resolve(title, article, on)


@dataclass(frozen=True)
class Basis:
    """One citation of an item: ``field`` is the spec's field, ``disclosure`` which of the six it belongs to."""

    field: str
    disclosure: str
    title: str
    article: str

    def __str__(self) -> str:
        return cited_as(self.title, self.article)


def cited_as(title: str, article: str) -> str:
    """A citation as people read it."""
    return f"《{title.strip('《》 ')}》{article}"


def bases_of(spec: Spec) -> list[Basis]:
    """Every citation an item stands on: its bases, its special procedures, and what materials, fees and coming in
    person cite."""
    found = [Basis("basis", "依据", row.law, row.article) for row in spec.basis if row.law and row.article]
    texts = [("procedures", "办理时限", row.article) for row in spec.procedures]
    texts += [("materials", "条件和申报材料", row.basis) for row in spec.materials]
    texts += [("fees", "收费标准", row.basis) for row in spec.fees]
    texts += [("in_person.apply", "依据", spec.in_person.apply), ("in_person.collect", "依据", spec.in_person.collect)]
    for where, disclosure, text in texts:
        found += [Basis(where, disclosure, title, article) for title, article in citations(text)]
    return list(dict.fromkeys(found))


def dead_bases(town: Jurisdiction, spec: Spec, on: date | None = None) -> list[tuple[str, str, str]]:
    """What the publication gate says of the citations that lead to no article in force: field, sentence, disclosure."""
    bases = bases_of(spec)
    if not bases:
        return []
    on = on or timezone.localdate()
    shelf = Shelf.for_citations(town, [(basis.title, basis.article) for basis in bases])
    answers = [(basis, shelf.resolve(basis.title, basis.article, on)) for basis in bases]
    return [(basis.field, answer.why, basis.disclosure) for basis, answer in answers if not answer.holds]
