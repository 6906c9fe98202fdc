"""法规库 at the desk: what has to be cleared first, every law, and one law with what stands on it."""

from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.desk import shown
from mingtang.desk.access import LAWS, page, staff_required
from mingtang.desk.forms import ReasonForm
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P
from mingtang.rulebook.laws.actions import is_amended
from mingtang.rulebook.laws.alarms import gone_bases, with_items
from mingtang.rulebook.laws.finding import LawState, in_state, narrow, page_of, state_of, wordings
from mingtang.rulebook.laws.leaning import leaning_on
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.laws.policies import why_not
from mingtang.rulebook.laws.resolve import ended_text
from mingtang.rulebook.models import Law

PAGE, MOST_DEAD = 50, 10
OWN = "own"


@staff_required(*LAWS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The items whose basis is gone, then the laws, newest day of effect first."""
    on, query = timezone.localdate(), shown.asked(request, 60)
    state, level = request.GET.get("state", ""), request.GET.get("level", "")
    level = level if level in LawLevel.values else ""
    every = narrow(Law.objects.visible_to(request.viewer), on, words=query, level=level)
    counts = every.aggregate(
        **{"all": Count("pk"), OWN: Count("pk", Q(town__isnull=False))},
        **{name: Count("pk", Q(pk__in=in_state(name, on).values("pk"))) for name in LawState.values},
    )
    labels = [("", "全部", "all"), *((name, label, name) for name, label in LawState.choices), (OWN, "本镇文件", OWN)]
    rows = narrow(every, on, state=state) if state in LawState.values else every
    rows = rows.filter(town__isnull=False) if state == OWN else rows
    asked = {name: request.GET.get(name, "") for name in ("after", "before")}
    found = page_of(rows.select_related("replaced_by"), PAGE, **asked)
    dead = gone_bases(request.town, on)
    items = list(dict.fromkeys(row.item_id for row in dead))
    kept = {"q": query, "level": level, "state": state if state in (*LawState.values, OWN) else ""}
    narrowed = any(kept.values())
    first = [] if narrowed else with_items([row for row in dead if row.item_id in items[:MOST_DEAD]])
    context = {
        **kept,
        "levels": LawLevel.choices,
        "tabs": [
            (f"{label}（{counts[count]:,}）", shown.link(state=key, q=query, level=level), key == kept["state"])
            for key, label, count in labels
        ],
        "laws": [{"law": law, "state": state_of(law, on)} for law in found.laws],
        "narrowed": narrowed,
        "newer_url": shown.link(**kept, before=found.before) if found.before else "",
        "older_url": shown.link(**kept, after=found.after) if found.after else "",
        "dead": [list(rows) for _, rows in groupby(first, key=lambda alarm: alarm.item.pk)],
        "dead_items": len(items),
        "may_add": not why_not(request.user, request.town),
    }
    return page(request, "desk/laws/index.html", context, active="laws")


def law_or_404(request: HttpRequest, pk: int) -> Law:
    rows = Law.objects.visible_to(request.viewer).select_related("town", "replaced_by")
    return get_object_or_404(rows, pk=pk)


def facts(law: Law) -> list[tuple[str, Any]]:
    """What the library knows of a law beside its text."""
    effective = chinese_date(law.effective_on) + ("（推定，来源没有写明）" if law.inferred else "")
    return [
        ("效力层级", law.level_title),
        ("制定机关", law.issuer),
        ("文号", law.doc_number),
        ("地域", law.region),
        ("公布日期", chinese_date(law.published_on) if law.published_on else ""),
        ("施行日期", effective),
        ("废止日期", chinese_date(law.abolished_on) if law.abolished_on else ""),
        ("废止依据", law.abolish_reason),
        ("简称", "、".join(law.short_titles)),
    ]


@staff_required(*LAWS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return law_page(request, law_or_404(request, pk))


def law_page(request: HttpRequest, law: Law, form: ReasonForm | None = None) -> HttpResponse:
    """One law: whether it holds, what stands on it, its articles with their wordings, what was done to it.

    ``form``: the one, with its errors, with which its end is taken back.
    """
    on = timezone.localdate()
    why = why_not(request.user, law.town)
    newer = law.replaced_by is not None and law.replaced_by.key == law.key
    ended = law.effective_on <= on and not law.holds(on)
    context = {
        "law": law,
        "state": state_of(law, on),
        "facts": facts(law),
        "ended": f"《{law.title}》{ended_text(law)}。" if ended else "",
        "ends": f"将于{chinese_date(law.abolished_on)}废止。" if law.abolished_on and law.holds(on) else "",
        "leaning": leaning_on(law, request.town, on),
        "today": on,
        "articles": wordings(law, law.nearest_day(on)),
        "may_keep": not why,
        "undo": form or (ReasonForm() if not why and law.abolished_on and not newer else None),
        "why_not": why if request.viewer.may(P.ITEM_APPROVE) else "",
        "amended": is_amended(law),
        "history": shown.history(request.town, law.subject),
    }
    status = 422 if form and form.errors else 200
    return page(request, "desk/laws/show.html", context, active="laws", status=status)
