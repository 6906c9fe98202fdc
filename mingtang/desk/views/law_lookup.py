"""Looking up laws while a basis is typed: titles that fit, and whether an article is in force. For the script only."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.desk import shown
from mingtang.desk.access import EDITORS, staff_required
from mingtang.rulebook.laws.citing import title_key
from mingtang.rulebook.laws.resolve import Resolution, resolve
from mingtang.rulebook.models import Law

MOST, QUOTED = 12, 120


def standing(found: Resolution) -> dict[str, Any]:
    """Whether a citation holds today, in a sentence, with the first words of the article."""
    if not found.holds or found.law is None:
        return {"holds": False, "said": found.why, "words": ""}
    named = "、".join(one.article.label + one.tail for one in found.found)
    words = found.found[0].article.text if found.found else ""
    words = words[:QUOTED] + ("……" if len(words) > QUOTED else "")
    return {"holds": True, "said": f"《{found.law.title}》{named}，现行有效。", "words": words}


@staff_required(*EDITORS)
@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """Laws in force whose title or short title holds what was typed; the shortest first."""
    key = title_key(shown.asked(request, 60))
    rows = Law.objects.visible_to(request.viewer).in_force(timezone.localdate())
    found = rows.filter(found_under__name__contains=key).values_list("title", flat=True).distinct() if key else []
    return JsonResponse({"titles": sorted(found[:200], key=lambda title: (len(title), title))[:MOST]})


@staff_required(*EDITORS)
@require_safe
def article(request: HttpRequest) -> HttpResponse:
    """Whether an article of a law is in force today; nothing is said before both are typed."""
    law, said = (request.GET.get(name, "").strip()[:120] for name in ("law", "article"))
    if not (law and said):
        return JsonResponse({"holds": False, "said": "", "words": ""})
    return JsonResponse(standing(resolve(law, said, timezone.localdate(), request.town)))
