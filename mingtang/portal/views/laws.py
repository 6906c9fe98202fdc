"""法规库: laws and their articles with the days they hold, and the items whose basis is gone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from mingtang.lib.text import chinese_date
from mingtang.portal import keys
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook.laws.alarms import ENDED_CLASS, alarms
from mingtang.rulebook.laws.citing import title_key, title_keys
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
    "type": "政策法规",
}
STATES = {"in_force": "现行有效", "abolished": "已废止或者有新版", "not_yet": "尚未施行"}
_PERIODS = {"in_force": Law.objects.in_force, "abolished": Law.objects.abolished, "not_yet": Law.objects.not_yet}


def state_of(law: Law, on: date) -> tuple[str, str]:
    """What the tag says, and its tone."""
    if law.effective_on > on:
        return STATES["not_yet"], "todo"
    if law.holds(on):
        return STATES["in_force"], "done"
    newer = law.replaced_by is not None and law.replaced_by.key == law.key
    return ("已有新版", "paused") if newer else ("已废止", "stop")


def _narrow(rows: QuerySet[Law], chosen: dict[str, str], on: date, without: str = "") -> QuerySet[Law]:
    if chosen["q"]:
        # A short title finds its law too; the key forgives 《》 and 中华人民共和国.
        key = title_key(chosen["q"])
        named = Q(pk__in=Law.objects.filter(found_under__name__contains=key).values("pk")) if key else Q()
        rows = rows.filter(Q(title__icontains=chosen["q"]) | named)
    if chosen["level"] and without != "level":
        rows = rows.filter(level=chosen["level"])
    if chosen["state"] and without != "state":
        rows = rows.filter(pk__in=_PERIODS[chosen["state"]](on).values("pk"))
    return rows


def _chosen(request: HttpRequest) -> dict[str, str]:
    level, state = request.GET.get("level", ""), request.GET.get("state", "")
    return {
        "q": request.GET.get("q", "").strip()[:LONGEST_QUERY],
        "level": level if level in LawLevel.values else "",
        "state": state if state in STATES else "",
    }


def _link(chosen: dict[str, str], **changes: str) -> str:
    query = {name: value for name, value in (chosen | changes).items() if value}
    return f"/laws/?{urlencode(query)}" if query else "/laws/"


def _facets(rows: QuerySet[Law], chosen: dict[str, str], on: date) -> list[dict[str, Any]]:
    """Levels from the highest down and the three states, each counted within the other choices."""
    levels = dict(_narrow(rows, chosen, on, "level").order_by().values_list("level").annotate(count=Count("pk")))
    within = _narrow(rows, chosen, on, "state")
    states = {name: within.filter(pk__in=period(on).values("pk")).count() for name, period in _PERIODS.items()}
    groups = (
        ("level", "效力层级", {name: LawLevel(name).label for name in sorted(levels, key=rank, reverse=True)}, levels),
        ("state", "是否有效", STATES, states),
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


def _cursor(text: str) -> tuple[date, int] | None:
    """A place in the list, ``2020-07-01_12``. A damaged one begins at the start."""
    day, _, key = text.partition("_")
    try:
        found = parse_date(day)
        return (found, int(key)) if found and key.isascii() and len(key) < 19 else None
    except ValueError:
        return None


def _page(rows: QuerySet[Law], after: str, before: str) -> tuple[list[Law], bool, bool]:
    """One page, newest day of effect first; whether there are newer and older ones."""
    if place := _cursor(before):
        day, key = place
        found = list(
            rows.filter(Q(effective_on__gt=day) | Q(effective_on=day, pk__gt=key)).order_by("effective_on", "pk")[
                : PAGE + 1
            ]
        )
        return found[:PAGE][::-1], len(found) > PAGE, True
    place = _cursor(after)
    if place:
        day, key = place
        rows = rows.filter(Q(effective_on__lt=day) | Q(effective_on=day, pk__lt=key))
    found = list(rows.order_by("-effective_on", "-pk")[: PAGE + 1])
    return found[:PAGE], place is not None, len(found) > PAGE


@stored(keys.LAWS, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Search by title, facets by level and state, keyset paging."""
    on, chosen = timezone.localdate(), _chosen(request)
    everything = Law.objects.visible_to(request.viewer)
    rows = _narrow(everything, chosen, on)
    shown, newer, older = _page(
        rows.select_related("replaced_by"), request.GET.get("after", ""), request.GET.get("before", "")
    )
    place = [f"{law.effective_on}_{law.pk}" for law in shown]
    context = {
        "column": COLUMN,
        "trail": [("法规库", None)],
        "laws": [_listed(law, on) for law in shown],
        "total": rows.count(),
        "sought": chosen["q"],
        "kept": [(name, chosen[name]) for name in ("level", "state") if chosen[name]],
        "groups": _facets(everything, chosen, on),
        "clear_url": "/laws/" if any(chosen.values()) else "",
        "newer_url": _link(chosen, before=place[0]) if newer and place else "",
        "older_url": _link(chosen, after=place[-1]) if older and place else "",
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


def _day_shown(law: Law, on: date) -> date:
    """The day as of which its articles are shown: today, or the nearest day on which the law holds."""
    if law.abolished_on and law.abolished_on <= on:
        return law.abolished_on - timedelta(days=1)
    return max(on, law.effective_on)


def _wording(article: Article) -> dict[str, Any]:
    until = f"至{chinese_date(article.valid_to - timedelta(days=1))}" if article.valid_to else "起"
    return {
        "span": f"{chinese_date(article.valid_from)}{until}",
        "paragraphs": article.text.split("\n") if article.text else [],
    }


def _articles(law: Law, on: date) -> list[dict[str, Any]]:
    """The articles in order, each as it reads on the day, its other wordings beside it."""
    wordings: dict[tuple[int, int], list[Article]] = {}
    for row in law.articles.order_by("order", "number", "sub", "valid_from"):
        wordings.setdefault((row.number, row.sub), []).append(row)
    found = []
    for rows in wordings.values():
        now = next((row for row in rows if row.holds(on)), None)
        coming = now is None and rows[0].valid_from > on
        found.append(
            {
                "label": rows[0].label,
                "anchor": rows[0].anchor,
                "note": "" if now else f"{chinese_date(rows[0].valid_from)}起施行" if coming else "已经删去",
                "now": _wording(now) if now else None,
                "amended": now is not None and now.valid_from != law.effective_on,
                "others": [_wording(row) for row in rows if row is not now],
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
        "articles": _articles(found, _day_shown(found, on)),
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
