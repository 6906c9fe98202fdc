"""法规库: laws and their articles with the days they hold, and the items whose basis is gone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.lib.text import chinese_date
from mingtang.portal import keys
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook.laws.alarms import ENDED_CLASS, alarms
from mingtang.rulebook.laws.citing import title_keys
from mingtang.rulebook.laws.finding import LawState, in_state, narrow, page_of, state_of, wordings
from mingtang.rulebook.laws.levels import LawLevel, rank
from mingtang.rulebook.laws.resolve import Failure, Resolution, Shelf, bases_of, ended_text
from mingtang.rulebook.models import Law
from mingtang.rulebook.models.laws import Article
from mingtang.rulebook.spec import Spec
from mingtang.towns.models import Jurisdiction

PAGE = 20
LONGEST_QUERY = 60
COLUMN = {
    "name": "法规库",
    "description": "办事依据的法律、法规、规章和文件，每一条都写明从哪天到哪天有效",
    "keywords": "法律;法规;规章;办事依据",
    "type": "政策文件",
}


def _chosen(request: HttpRequest) -> dict[str, str]:
    level, state = request.GET.get("level", ""), request.GET.get("state", "")
    return {
        "q": request.GET.get("q", "").strip()[:LONGEST_QUERY],
        "level": level if level in LawLevel.values else "",
        "state": state if state in LawState.values else "",
    }


def _narrowed(rows: QuerySet[Law], chosen: dict[str, str], on: date, without: str = "") -> QuerySet[Law]:
    wanted = {name: "" if name == without else chosen[name] for name in ("level", "state")}
    return narrow(rows, on, words=chosen["q"], **wanted)


def _link(chosen: dict[str, str], **changes: str) -> str:
    query = {name: value for name, value in (chosen | changes).items() if value}
    return f"/laws/?{urlencode(query)}" if query else "/laws/"


def _facets(rows: QuerySet[Law], chosen: dict[str, str], on: date) -> list[dict[str, Any]]:
    """Levels from the highest down and the three states, each counted within the other choices."""
    levels = dict(_narrowed(rows, chosen, on, "level").order_by().values_list("level").annotate(count=Count("pk")))
    within = _narrowed(rows, chosen, on, "state")
    states = {name: within.filter(pk__in=in_state(name, on).values("pk")).count() for name in LawState.values}
    groups = (
        ("level", "效力层级", {name: LawLevel(name).label for name in sorted(levels, key=rank, reverse=True)}, levels),
        ("state", "是否有效", dict(LawState.choices), states),
    )
    return [
        {
            "title": title,
            "items": [
                {
                    "label": label,
                    "count": counts[value],
                    "active": chosen[name] == value,
                    "url": _link(chosen, **{name: "" if chosen[name] == value else value}),
                }
                for value, label in labels.items()
                if counts[value] or chosen[name] == value
            ],
        }
        for name, title, labels, counts in groups
    ]


@stored(keys.LAWS, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Search by title, facets by level and state, keyset paging."""
    on, chosen = timezone.localdate(), _chosen(request)
    everything = Law.objects.visible_to(request.viewer)
    rows = _narrowed(everything, chosen, on)
    asked = {name: request.GET.get(name, "") for name in ("after", "before")}
    found = page_of(rows.select_related("replaced_by"), PAGE, **asked)
    context = {
        "column": COLUMN,
        "trail": [("法规库", None)],
        "laws": [_listed(law, on) for law in found.laws],
        "total": rows.count(),
        "sought": chosen["q"],
        "kept": [(name, chosen[name]) for name in ("level", "state") if chosen[name]],
        "groups": _facets(everything, chosen, on),
        "clear_url": "/laws/" if any(chosen.values()) else "",
        "newer_url": _link(chosen, before=found.before) if found.before else "",
        "older_url": _link(chosen, after=found.after) if found.after else "",
    }
    return render(request, "portal/laws/index.html", context)


def _listed(law: Law, on: date) -> dict[str, Any]:
    state, tone = state_of(law, on)
    about = [law.level_title, law.region, law.doc_number, "本镇文件" if law.town_id else ""]
    return {
        "title": law.title,
        "url": f"/laws/{law.pk}",
        "date": law.effective_on,
        "state": state,
        "tone": tone,
        "about": "　".join(part for part in about if part),
    }


def _wording(article: Article) -> dict[str, Any]:
    until = f"至{chinese_date(article.valid_to - timedelta(days=1))}" if article.valid_to else "起"
    return {
        "span": f"{chinese_date(article.valid_from)}{until}",
        "paragraphs": article.text.split("\n") if article.text else [],
    }


def _articles(law: Law, on: date) -> list[dict[str, Any]]:
    """The articles in order, each as it reads on the day, its other wordings beside it."""
    found = []
    for row in wordings(law, on):
        first, now = row.all[0], row.now
        coming = now is None and first.valid_from > on
        found.append(
            {
                "label": first.label,
                "anchor": first.anchor,
                "note": "" if now else f"{chinese_date(first.valid_from)}起施行" if coming else "已经删去",
                "now": _wording(now) if now else None,
                "amended": now is not None and now.valid_from != law.effective_on,
                "others": [_wording(other) for other in row.others],
            }
        )
    return found


@stored(keys.LAWS, keys.DAY)
def law(request: HttpRequest, pk: int) -> HttpResponse:
    """A law with all its articles, each with an anchor."""
    found = get_object_or_404(Law.objects.visible_to(request.viewer).select_related("replaced_by"), pk=pk)
    on = timezone.localdate()
    state, tone = state_of(found, on)
    replaces = Law.objects.visible_to(request.viewer).filter(replaced_by=found).order_by("-effective_on")
    effective = chinese_date(found.effective_on) + ("（推定，来源没有写明）" if found.inferred else "")
    context = {
        "column": COLUMN,
        "trail": [("法规库", "/laws/"), (found.title, None)],
        "law": {
            "title": found.title,
            "state": state,
            "tone": tone,
            "meta": [
                ("效力层级", found.level_title + ("（本镇文件）" if found.town_id else "")),
                ("制定机关", found.issuer),
                ("文号", found.doc_number),
                ("地域", found.region),
                ("公布日期", chinese_date(found.published_on) if found.published_on else ""),
                ("施行日期", effective),
                ("废止日期", chinese_date(found.abolished_on) if found.abolished_on else ""),
                ("简称", "、".join(found.short_titles)),
            ],
            "complete": found.complete,
        },
        "ended": "" if found.holds(on) or found.effective_on > on else f"《{found.title}》{ended_text(found)}。",
        "ends": f"将于{chinese_date(found.abolished_on)}废止。" if found.abolished_on and found.holds(on) else "",
        "reason": found.abolish_reason,
        "successor": (found.replaced_by.title, f"/laws/{found.replaced_by_id}") if found.replaced_by else None,
        "replaces": [(row.title, f"/laws/{row.pk}", row.effective_on) for row in replaces],
        "articles": _articles(found, found.nearest_day(on)),
    }
    return render(request, "portal/laws/law.html", context)


@stored(keys.LAWS, keys.SERVICES, keys.DAY)
def alarm_list(request: HttpRequest) -> HttpResponse:
    """依据已失效的事项: each by name, with the unit that has to act."""
    on = timezone.localdate()
    rows = alarms(request.town, on)
    for alarm in rows:
        depends_on(alarm.item.subject)
    context = {
        "column": COLUMN,
        "trail": [("法规库", "/laws/"), ("依据已失效的事项", None)],
        "day": on,
        "alarms": [
            {
                "title": alarm.item.facts.name,
                "url": f"/services/{alarm.item.code}",
                "unit": alarm.item.unit.name if alarm.item.unit else "",
                "basis": alarm.basis,
                "why": alarm.why,
            }
            for alarm in rows
        ],
        "ended_class": sum(alarm.basis == ENDED_CLASS for alarm in rows),
    }
    return render(request, "portal/laws/alarms.html", context)


def guide_basis(town: Jurisdiction, spec: Spec) -> tuple[list[dict[str, Any]], list[str]]:
    """The basis of an item for its guide: link to the article, its text where we hold it; and what is gone, in words.

    The page then depends on every law cited, also on those that are not there, and on the day where one will change.
    """
    bases = bases_of(spec)
    answers = resolved(town, [(basis.title, basis.article) for basis in bases])
    own = [(basis.title, basis.article) for basis in bases if basis.field == "basis"]
    rows = [row for pair in own for row in basis_shown(answers[pair])]
    return rows, list(dict.fromkeys(answer.why for answer in answers.values() if not answer.holds))


def resolved(town: Jurisdiction, cited: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Resolution]:
    """What each citation leads to today; the page then depends on the laws that are named."""
    on = timezone.localdate()
    shelf = Shelf.for_citations(town, cited)
    answers = {pair: shelf.resolve(*pair, on) for pair in cited}
    depends_on(*(keys.law_named(key) for title, _ in cited for key in title_keys(title)))
    if any(answer.changes_on for answer in answers.values()):
        depends_on(keys.DAY)
    return answers


def basis_shown(answer: Resolution) -> list[dict[str, Any]]:
    """A citation as a page shows it: a row an article, or one row marked dead."""
    if answer.law is None or not answer.holds:
        url = f"/laws/{answer.law.pk}" if answer.law else ""
        title, why = f"《{answer.title.strip('《》 ')}》", Failure(answer.failure).label
        return [{"title": title, "article": answer.cited, "url": url, "dead": True, "why": why}]
    return [
        {
            "title": f"《{answer.law.title}》",
            "article": found.article.label + found.tail,
            "url": f"/laws/{answer.law.pk}#{found.article.anchor}",
            "quote": found.article.text.split("\n") if found.article.text else [],
        }
        for found in answer.found
    ]
