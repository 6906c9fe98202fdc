"""The law pages: proposed by one person and published by another, each statement on articles that are in force."""

import re
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.events import types
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.people.policies import check_may
from mingtang.study import bases, second
from mingtang.study.limits import LIMIT, LONGER, RULES, limit
from mingtang.study.models import PageEdition
from mingtang.study.powers import KEEPING
from mingtang.study.subjects import Statement, Words, subjects
from mingtang.towns.models import Jurisdiction

PROPOSED = types.define("learn.proposed", "学法页送审")
PUBLISHED = types.define("learn.published", "公布学法页", public=True)
RETURNED = types.define("learn.returned", "学法页退回修改")

MOST = 12
TITLE, LEAD, HEAD, TEXT, LABEL, URL = 40, 120, 30, 300, 30, 100
# Days written out would go on saying what the law said yesterday.
_DAYS = re.compile(r"[0-9〇零一二两三四五六七八九十百]+\s*(?:个)?\s*(?:工作日|日以内|日内|天|个月)")


def current(town: Jurisdiction) -> dict[str, PageEdition]:
    """The newest published edition of each subject, in the order of the subjects."""
    rows = PageEdition.objects.filter(town=town, reviewed_at__isnull=False).order_by("number")
    newest = {row.subject: row for row in rows.select_related("owner__unit")}
    return {code: newest[code] for code in subjects() if code in newest}


def words_of(edition: PageEdition) -> Words:
    """The words somebody goes on from."""
    statements = [
        Statement(
            cites=tuple((base["law"], base["article"]) for base in row["bases"] if not base.get("by_rule")),
            **{name: row[name] for name in ("head", "text", "rule", "link_label", "link_url")},
        )
        for row in edition.statements
    ]
    return Words(edition.title, edition.lead, tuple(statements))


def propose(*, town: Jurisdiction, subject: str, words: Words, owner: Post, by: Staff) -> PageEdition:
    """Send a page to the second person.

    Raises ``Refused`` for a citation that leads to no article in force, days that are written out, what the guard
    stops, no change at all, and while another edition waits.
    """
    check_may(by, KEEPING, town)
    if subject not in subjects():
        raise Refused("没有这个主题。请从列出的主题里选。")
    if owner.town_id != town.pk:
        raise Refused("责任岗位要是本镇的岗位。", field="owner")
    if not 1 <= len(words.statements) <= MOST:
        raise Refused(f"一页写一段到 {MOST} 段。请核对。")
    kept = {
        "title": clear_text(words.title, "请写明主题。", "title", TITLE, town=by.town_id),
        "lead": clear_text(words.lead, "请用一句话写明这一页说什么。", "lead", LEAD, town=by.town_id),
        "statements": [_checked(town, one, place) for place, one in enumerate(words.statements)],
    }
    now = current(town).get(subject)
    if now and kept | {"owner": owner.pk} == {
        "title": now.title, "lead": now.lead, "statements": now.statements, "owner": now.owner_id
    }:  # fmt: skip
        raise Refused("和现在公布的一样，没有改动。请改好再送审。")
    with act():
        last = PageEdition.objects.filter(town=town, subject=subject).aggregate(last=Max("number"))["last"] or 0
        edition = PageEdition(town=town, subject=subject, number=last + 1, owner=owner, author=by, **kept)
        try:
            edition.proposed_at = second.tell(edition, PROPOSED, by).recorded_at
            edition.save()
        except IntegrityError as error:
            raise Refused("这个主题已经有一版在等审核。请等审核完再改，或者请审核人退回。") from error
    return edition


def _checked(town: Jurisdiction, one: Statement, place: int) -> dict[str, Any]:
    """A statement as it is kept. ``Refused`` names the field of its place in the form."""
    name = f"s{place}_"
    head = clear_text(one.head, "请写明这一段说什么。", f"{name}head", HEAD, town=town.pk)
    text = clear_text(one.text, f"“{head}”还没有写内容。", f"{name}text", TEXT, town=town.pk)
    if found := _DAYS.search(text):
        raise Refused(
            f"“{head}”：请不要写“{found[0]}”。写成 {LIMIT}，再选一条期限，法律改了系统会跟着改。", field=f"{name}text"
        )
    if one.rule and one.rule not in RULES:
        raise Refused(f"“{head}”：请从列出的期限里选。", field=f"{name}rule")
    if (LIMIT in text or LONGER in text) and not one.rule:
        raise Refused(f"“{head}”写了 {LIMIT}，请选是哪一条期限。", field=f"{name}rule")
    if bool(one.link_label) != bool(one.link_url) or not re.fullmatch(r"(/(?!/)\S*)?", one.link_url):
        raise Refused(f"“{head}”：按钮上的字和本站的地址要一起写，地址以 / 开头。", field=f"{name}link_url")
    cited = keep_bases(town, one, f"{name}cites")
    if not cited:
        raise Refused(f"“{head}”没有依据。每一段都要写明是哪部法的哪一条。", field=f"{name}cites")
    return {
        "head": head,
        "text": text,
        "rule": one.rule,
        "link_label": clear_text(one.link_label, "", f"{name}link_label", LABEL, town=town.pk),
        "link_url": one.link_url[:URL],
        "bases": cited,
    }


def keep_bases(town: Jurisdiction, one: Statement, field: str) -> list[bases.Kept]:
    """The citations of a statement, that of its limit among them."""
    kept = bases.keep(town, one.cites, field)
    if not one.rule:
        return kept
    rule = limit(one.rule, timezone.localdate())
    return kept + [row | {"by_rule": True} for row in bases.keep(town, [rule.basis], field)]


def publish(*, edition: PageEdition, by: Staff) -> PageEdition:
    """Make it public. What it stands on must still be as it was when it was written."""
    with act():
        edition = second.locked(edition, by)
        kept = [base for row in edition.statements for base in row["bases"]]
        shelf = bases.shelf_for(edition.town, kept)
        if gone := [one.gone for one in bases.judge(shelf, kept, timezone.localdate()) if one.gone]:
            raise Refused(f"送审以后依据变了：{gone[0]}请退回重写。")
        second.published(edition, PUBLISHED, by)
    return edition


def send_back(*, edition: PageEdition, by: Staff, reason: str) -> PageEdition:
    """Return it to who wrote it, with a reason; another edition may follow."""
    with act():
        edition = second.locked(edition, by)
        second.returned(edition, RETURNED, by, reason)
    return edition
