"""学法: what a resident may ask of the government, in plain words; the campaigns that told people of it."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.files.actions import response as file_response
from mingtang.files.policies import IMAGES
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.portal import keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.laws import basis_shown
from mingtang.press import learn_paper
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook.laws.citing import title_keys
from mingtang.study import composed, counted, pages, quiz
from mingtang.study.bases import Standing
from mingtang.study.composed import LawPage
from mingtang.study.models import Outreach, OutreachFile
from mingtang.study.subjects import subjects

COLUMN = {
    "name": "学法明白页",
    "description": "您可以向政府要什么、找谁、多久有回音、要不要钱、不给怎么办",
    "keywords": "政府信息公开条例;一次性告知;依申请公开;复议",
    "type": "政策解读",
}
HERE = ("学法明白页", "/learn/")
PAGE = 20


def _on_laws(*shown: LawPage) -> None:
    """The page changes with the laws its statements cite, also on the day a new text comes into force."""
    cited = [base.cited for one in shown for statement in one.statements for base in statement.bases]
    depends_on(keys.DAY, *(keys.law_named(key) for title, _ in cited for key in title_keys(title)))


def _basis(one: Standing) -> dict[str, Any]:
    """A citation with the day its article came into force."""
    rows = basis_shown(one.answer)
    if not one.answer.holds:
        return {"rows": rows, "since": None}
    return {"rows": rows, "since": max(found.article.valid_from for found in one.answer.found)}


@stored(keys.LEARN, keys.SITE)
def index(request: HttpRequest) -> HttpResponse:
    """The subjects, what is missing with its owner, how many were told."""
    shown = composed.every(request.town, timezone.localdate())
    _on_laws(*shown)
    written = {one.edition.subject for one in shown}
    context = {
        "column": COLUMN,
        "trail": [(HERE[0], None)],
        "pages": shown,
        "missing": [words.title for code, words in subjects().items() if code not in written],
        "owners": [post for post in Post.objects.visible_to(request.viewer).select_related("unit") if _answers(post)],
        "told": _told(request, timezone.localdate().year),
    }
    return render(request, "portal/learn/index.html", context)


def _answers(post: Post) -> bool:
    """Whether the post keeps the law pages, and so answers for one that is missing."""
    return P.STUDY_KEEP in post.permissions


@stored(keys.LEARN, keys.SITE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One subject: each statement with its articles, its limit reckoned from today, and what is no longer the law."""
    shown = _page_or_404(request, code)
    _on_laws(shown)
    edition = shown.edition
    context = {
        "column": COLUMN,
        "article": {
            "title": edition.title,
            "published": timezone.localtime(edition.reviewed_at).strftime("%Y-%m-%d %H:%M"),
            "source": request.town.site_name,
            "url": f"{request.town.base_url}/learn/{code}",
        },
        "trail": [HERE, (edition.title, None)],
        "page": shown,
        "bases": [[_basis(base) for base in one.bases] for one in shown.statements],
    }
    return render(request, "portal/learn/page.html", context)


def _page_or_404(request: HttpRequest, code: str) -> LawPage:
    edition = pages.current(request.town).get(code)
    if edition is None:
        raise Http404
    return composed.compose(edition, timezone.localdate())


@stored(keys.LEARN)
def poster(request: HttpRequest, code: str, size: str) -> HttpResponse:
    """The page for the wall of a counter, A3 or A4."""
    if size not in learn_paper.SIZES:
        raise Http404
    shown = _page_or_404(request, code)
    _on_laws(shown)
    try:
        return HttpResponse(learn_paper.pdf(shown, size), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")


def _told(request: HttpRequest, year: int) -> dict[str, int]:
    """The campaigns of a year and the people they reached."""
    rows = Outreach.objects.visible_to(request.viewer).filter(struck_reason="", held_on__year=year)
    return {"year": year} | rows.aggregate(times=Count("pk"), people=Sum("people", default=0))


@stored(keys.LEARN, keys.DAY)
def outreach(request: HttpRequest) -> HttpResponse:
    """宣传活动: each with place, form, people and photos; what was struck out with its reason."""
    rows = Outreach.objects.visible_to(request.viewer).prefetch_related("files__file")
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    years: list[date] = list(rows.filter(struck_reason="").dates("held_on", "year", order="DESC"))
    context = {
        "column": COLUMN,
        "trail": [HERE, ("宣传活动", None)],
        "found": found,
        "images": IMAGES,
        "years": [_told(request, day.year) for day in years[:5]],
    }
    return render(request, "portal/learn/outreach.html", context)


@stored(keys.LEARN, keys.DAY, keys.SITE)
def staff(request: HttpRequest) -> HttpResponse:
    """Whether those who serve learn themselves: sums only, and the questions missed most."""
    this_year = timezone.localdate().year
    years = [counted.of_year(request.town, year) for year in (this_year, this_year - 1)]
    missed = quiz.missed(request.town)
    context = {
        "column": COLUMN,
        "trail": [HERE, ("工作人员学了没有", None)],
        "hours": counted.hours,
        "years": [one for one in years if one.sessions or one.year == this_year],
        "missed": missed,
        "at_least": quiz.AT_LEAST,
    }
    return render(request, "portal/learn/staff.html", context)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OutreachFile.objects.visible_to(request.viewer).select_related("file__town"), pk=pk)
    answer = file_response(row.file)
    answer["Cache-Control"] = "no-cache"  # struck out, it is gone
    return answer
