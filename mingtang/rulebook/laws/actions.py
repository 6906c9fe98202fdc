"""What is done to the law library: take in a law, record a changed article, record that a law is gone.

The library is the nation's and shared by all towns; a town adds its own papers. ``by`` is None for the console.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mingtang import guard
from mingtang.events import types
from mingtang.events.log import CONSOLE, record
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook.laws.citing import Cited, cited_articles, label, title_key
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.laws.policies import check_keeps
from mingtang.rulebook.models import Article, Law, LawName
from mingtang.towns.models import Jurisdiction

ADDED = types.define("law.added", "收入法规库", public=True)
CORRECTED = types.define("law.corrected", "更正法规库", public=True)
AMENDED = types.define("law.amended", "登记条文修改", public=True)
ABOLISHED = types.define("law.abolished", "登记法规废止", public=True)
AMENDMENT_UNDONE = types.define("law.amendment_undone", "撤销登记错的条文修改", public=True)
REINSTATED = types.define("law.reinstated", "撤销登记错的法规废止", public=True)


@dataclass(frozen=True)
class NewArticle:
    """``number`` 0 stands for the whole text of a law without articles."""

    number: int
    sub: int = 0
    text: str = ""


@dataclass(frozen=True)
class NewLaw:
    """A law as it is taken in; the fields are those of ``Law``."""

    title: str
    level: str
    effective_on: date
    articles: Sequence[NewArticle]
    region: str = ""
    issuer: str = ""
    doc_number: str = ""
    published_on: date | None = None
    inferred: bool = False
    abolished_on: date | None = None
    expired: bool = False
    abolish_reason: str = ""
    complete: bool = True
    source_id: str = ""
    short_titles: Sequence[str] = field(default_factory=tuple)

    def columns(self) -> dict[str, Any]:
        """The columns of the row that holds it, without its place in the chain of versions."""
        names = ("title", "level", "region", "issuer", "doc_number", "published_on", "effective_on", "inferred")
        return {
            **{name: getattr(self, name) for name in names},
            "key": title_key(self.title),
            "short_titles": list(self.short_titles),
            "expired": self.expired,
            "complete": self.complete,
            "source_id": self.source_id,
        }


def _log(law: Law, type: str, by: Staff | None, reason: str = "", **data: Any) -> None:
    """One event, in the log of the town whose paper it is, of the person's town, or of the default town."""
    town = law.town or (by.town if by else None)
    town = town or Jurisdiction.objects.order_by("-is_default", "pk").first()
    if town is None:
        raise Refused("还没有设置任何乡镇，不能登记法规。请先设置乡镇。")
    rows = law.articles.order_by("order", "valid_from").values_list("label", "text", "valid_from", "valid_to")
    text = [[name, text, str(start), str(end)] for name, text, start, end in rows]
    record(
        town=town,
        type=type,
        subject=law.subject,
        by=actor(by) if by else CONSOLE,
        reason=reason,
        data={
            "title": law.title,
            "names": law.names(),
            "effective_on": str(law.effective_on),
            "abolished_on": str(law.abolished_on or ""),
            "sha256": sha256_hex(canonical_json(text)),
            **data,
        },
    )


def _town_of(law: Law, by: Staff | None) -> int | None:
    """Whose words count in what somebody writes of a law: those of its town, or of the person's."""
    return law.town_id or (by.town_id if by else None)


def _check_new(new: NewLaw, town: Jurisdiction | None) -> None:
    if not new.title.strip():
        raise Refused("请填写法规的名称。", field="title")
    if new.level not in LawLevel.values:
        raise Refused("请选定法规的效力层级。", field="level")
    if town is not None and new.level != LawLevel.NORMATIVE:
        raise Refused("乡镇自己的文件只能是规范性文件，不能是法律、法规或者规章。", field="level")
    if not new.articles:
        raise Refused("法规里没有一条条文，不能收下。", field="articles")
    places = [(article.number, article.sub) for article in new.articles]
    if len(places) != len(set(places)):
        raise Refused("有两条用了同一个条号，请核对正文。", field="articles")
    if new.abolished_on and new.abolished_on <= new.effective_on:
        raise Refused("废止日期要晚于施行日期，请核对。", field="abolished_on")
    named = {"title": new.title, "short_titles": "、".join(new.short_titles), "region": new.region}
    named |= {"issuer": new.issuer, "doc_number": new.doc_number}
    for field_name, said in named.items():
        _check_clear(town, "名称和来历", said, field_name)
    for article in new.articles:
        _check_clear(town, label(article.number, article.sub), article.text, "articles")


def _check_clear(town: Jurisdiction | None, name: str, text: str, where: str) -> None:
    """A town's own paper is shown to everybody as soon as it is here; a law was published by others."""
    found = guard.check(text, lists=guard.lists_of(town.pk)) if town else []
    if guard.blocked(found):
        raise Refused(f"{name}：{found[0].message}", field=where)


def add_law(new: NewLaw, *, town: Jurisdiction | None = None, by: Staff | None = None) -> Law:
    """Take a law into the library, in its place between the other versions of the same title.

    An earlier version ends when this one begins; this one ends when a later one begins.
    """
    check_keeps(by, town)
    _check_new(new, town)
    with act():
        versions = Law.objects.select_for_update(of=("self",)).filter(town=town, key=title_key(new.title))
        if versions.filter(effective_on=new.effective_on).exists():
            raise Refused(f"{chinese_date(new.effective_on)}施行的《{new.title}》已经收录过。", field="title")
        later = versions.filter(effective_on__gt=new.effective_on).order_by("effective_on").first()
        earlier = versions.filter(effective_on__lt=new.effective_on).order_by("-effective_on").first()
        closes = earlier is not None and (earlier.abolished_on is None or earlier.abolished_on > new.effective_on)
        if earlier is not None and closes:
            # Closed first: of one title only one version may stand open.
            Law.objects.filter(pk=earlier.pk).update(abolished_on=new.effective_on)
        end = new.abolished_on
        if later is not None and (end is None or end > later.effective_on):
            end = later.effective_on
        law = Law.objects.create(
            town=town,
            abolished_on=end,
            abolish_reason=new.abolish_reason,
            replaced_by=later if later is not None and end == later.effective_on else None,
            **new.columns(),
        )
        if earlier is not None and closes:
            Law.objects.filter(pk=earlier.pk).update(replaced_by=law)
        _write(law, new)
        _log(law, ADDED, by)
    return law


def _write(law: Law, new: NewLaw) -> None:
    """Articles and names of a law, as given."""
    Article.objects.bulk_create(
        Article(
            law=law,
            number=article.number,
            sub=article.sub,
            label=label(article.number, article.sub),
            order=order,
            text=article.text,
            valid_from=new.effective_on,
        )
        for order, article in enumerate(new.articles, 1)
    )
    LawName.objects.bulk_create(LawName(law=law, name=name) for name in law.names())


def correct(*, law: Law, new: NewLaw, by: Staff | None = None) -> Law:
    """Set right how our copy reads; title, day of effect and town stay. What was amended here is not overwritten."""
    check_keeps(by, law.town)
    _check_new(new, law.town)
    with act():
        law = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
        if title_key(new.title) != law.key or new.effective_on != law.effective_on:
            raise Refused("名称或者施行日期不同，是另一部法规，不能当作更正。请另外收录。")
        if is_amended(law):
            raise Refused("本库登记过这部法规的条文修改，没有采用新的正文。请逐条登记。")
        for name, value in new.columns().items():
            setattr(law, name, value)
        law.save()
        law.articles.all().delete()
        law.found_under.all().delete()
        _write(law, new)
        _log(law, CORRECTED, by)
    return law


def is_amended(law: Law) -> bool:
    """Whether a change of an article was recorded here."""
    return law.articles.exclude(valid_from=law.effective_on, valid_to__isnull=True).exists()


def amend_article(*, law: Law, article: str, text: str | None, on: date, by: Staff | None = None) -> Article | None:
    """Record that an article reads otherwise from a day on, is new from then on, or (``text`` None) is struck out."""
    check_keeps(by, law.town)
    found = cited_articles(article)
    if len(found) != 1 or found[0].tail:
        raise Refused("一次登记一条，条号请写成“第六十二条”或者“第六十二条之一”。", field="article")
    place = found[0]
    if text is not None and not text.strip():
        raise Refused("请填写修改以后的条文；这一条被删去的，请选“删去”。", field="text")
    _check_clear(law.town, place.label, text or "", "text")
    with act():
        law = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
        if on <= law.effective_on or (law.abolished_on and on >= law.abolished_on):
            raise Refused(f"修改的日期要在《{law.title}》施行以后、废止以前。", field="on")
        wordings = law.articles.filter(number=place.number, sub=place.sub).order_by("valid_from")
        last = wordings.last()
        if last is None and text is None:
            raise Refused(f"《{law.title}》没有收录{place.label}，不能删去。", field="article")
        if last is not None and on <= (last.valid_to or last.valid_from):
            raise Refused(f"{place.label}在{chinese_date(on)}以后已经登记过修改，请核对日期。", field="on")
        if last is not None and last.valid_to is None and text is not None and text.strip() == last.text:
            raise Refused(f"写的和{place.label}现在的条文一字不差，没有登记。请改成修改以后的条文。", field="text")
        if last is not None and last.valid_to is None:
            last.valid_to = on
            last.save(update_fields=["valid_to"])
        new = None
        if text is not None:
            new = Article.objects.create(
                law=law,
                number=place.number,
                sub=place.sub,
                label=place.label,
                order=last.order if last else _order(law, place.number, place.sub),
                text=text.strip(),
                valid_from=on,
            )
        what = "删去" if text is None else "修改" if last is not None and last.valid_to == on else "增加"
        said = f"{place.label}自{chinese_date(on)}起{what}。"
        _log(law, AMENDED, by, reason=said, article=place.label, on=str(on), struck_out=text is None)
    return new


def _order(law: Law, number: int, sub: int) -> int:
    """The place of a new article: that of the one it follows (第十条之一 after 第十条)."""
    before = law.articles.filter(number__lte=number).exclude(number=number, sub__gt=sub).order_by("number", "sub")
    last = before.last()
    return last.order if last else 0


def abolish(*, law: Law, on: date, reason: str, replaced_by: Law | None = None, by: Staff | None = None) -> Law:
    """Record that a law is gone from a day on, why, and by what it was replaced. A day to come may be recorded."""
    check_keeps(by, law.town)
    reason = clear_text(
        reason, "请写明废止的依据，例如新法的施行条款或者废止决定的文号。", "reason", town=_town_of(law, by)
    )
    with act():
        law = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
        if on <= law.effective_on:
            raise Refused("废止日期要晚于施行日期，请核对。", field="on")
        if law.abolished_on is not None and law.abolished_on <= on:
            raise Refused(f"《{law.title}》已于{chinese_date(law.abolished_on)}废止，不用再登记。", field="on")
        if replaced_by is not None and (replaced_by.pk == law.pk or replaced_by.town_id not in {None, law.town_id}):
            raise Refused("替代它的要是法规库里的另一部法规，请核对。", field="replaced_by")
        law.abolished_on, law.abolish_reason, law.replaced_by = on, reason, replaced_by
        law.save()
        _log(law, ABOLISHED, by, reason=reason, replaced_by=replaced_by.title if replaced_by else "")
    return law


def undo_amendment(*, law: Law, article: str, reason: str, by: Staff | None = None) -> None:
    """Take back the last change of an article that was recorded here by mistake: it reads on as before."""
    check_keeps(by, law.town)
    reason = clear_text(reason, "请写明哪里登记错了，这句话会公开。", "reason", town=_town_of(law, by))
    found = cited_articles(article)
    place = found[0] if len(found) == 1 else Cited(0)
    with act():
        law = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
        wordings = list(law.articles.filter(number=place.number, sub=place.sub).order_by("valid_from"))
        last = wordings[-1] if wordings else None
        if last is None or (last.valid_to is None and last.valid_from == law.effective_on):
            raise Refused(f"没有登记过《{law.title}》{place.label}的修改，没有可以撤销的。")
        if last.valid_to is not None:
            Article.objects.filter(pk=last.pk).update(valid_to=None)
        else:
            last.delete()
            law.articles.filter(number=place.number, sub=place.sub, valid_to=last.valid_from).update(valid_to=None)
        _log(law, AMENDMENT_UNDONE, by, reason=reason, article=place.label)


def reinstate(*, law: Law, reason: str, by: Staff | None = None) -> Law:
    """Take back an end that was recorded by mistake. A law that has a newer version ends where that begins."""
    check_keeps(by, law.town)
    reason = clear_text(reason, "请写明哪里登记错了，这句话会公开。", "reason", town=_town_of(law, by))
    with act():
        law = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
        versions = Law.objects.filter(town=law.town, key=law.key, effective_on__gt=law.effective_on)
        later = versions.order_by("effective_on").first()
        end = later.effective_on if later else None
        if law.abolished_on == end:
            raise Refused(f"没有登记过《{law.title}》废止，没有可以撤销的。")
        law.abolished_on, law.abolish_reason, law.replaced_by = end, "", later
        law.save()
        _log(law, REINSTATED, by, reason=reason)
    return law
