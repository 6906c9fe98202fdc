"""What happens to a law: an article amended or struck out, the law gone. What stands on it is shown first."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.law_forms import AbolishForm, AmendForm
from mingtang.desk.views.law_text import refused
from mingtang.desk.views.laws import law_or_404, law_page
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P
from mingtang.rulebook.laws import actions
from mingtang.rulebook.laws.citing import Cited, cited_articles, label, numeral, plain, title_keys
from mingtang.rulebook.laws.leaning import Leaning, leaning_on
from mingtang.rulebook.laws.policies import why_not
from mingtang.rulebook.models import Article, Law

UNREAD = "条号请写成“第六十二条”“第62条”或者“第六十二条之一”，一次一条。"


def place_of(typed: str) -> Cited | None:
    """The one article that was meant: 第六十二条, 第62条之一, 62, 全文; None when it cannot be read."""
    text = plain(typed)
    if (number := numeral(text)) and number > 0:
        text = label(number)
    found = cited_articles(text)
    return found[0] if len(found) == 1 and not found[0].tail else None


@staff_required(P.ITEM_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """One article: how it reads, what stands on it, and how it reads from a day on."""
    law = law_or_404(request, pk)
    if why := why_not(request.user, law.town):
        return refused(request, law, why)
    typed = (request.POST if request.method == "POST" else request.GET).get("article", "").replace("\x00", "")[:40]
    place = place_of(typed)
    if place is None:
        context = {"law": law, "typed": typed, "error": UNREAD if typed else ""}
        return page(request, "desk/laws/which.html", context, active="laws", status=422 if typed else 200)
    form = _amend_form(law, place, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _amended(request, law, place, form):
        leaning = leaning_on(law, request.town, timezone.localdate(), (place.number, place.sub))
        return done(request, f"/desk/laws/{pk}#{_anchor(place)}", _told(place, form, leaning))
    return _amend_page(request, law, place, form)


def _wordings(law: Law, place: Cited) -> list[Article]:
    return list(law.articles.filter(number=place.number, sub=place.sub).order_by("valid_from"))


def _amend_form(law: Law, place: Cited, data: Any = None) -> AmendForm:
    open_ones = [row for row in _wordings(law, place) if row.valid_to is None]
    begun = {"what": "reword", "text": open_ones[0].text} if open_ones else {}
    return AmendForm(data, known=bool(open_ones), initial=begun)


def _amend_page(
    request: HttpRequest, law: Law, place: Cited, form: AmendForm, undo: ReasonForm | None = None
) -> HttpResponse:
    """``undo``: the form, with its errors, with which the last change is taken back."""
    wordings = _wordings(law, place)
    last = wordings[-1] if wordings else None
    changed = last is not None and (last.valid_to is not None or last.valid_from != law.effective_on)
    context = {
        "law": law,
        "place": place.label,
        "wordings": wordings,
        "last": last if last is not None and last.valid_to is None else None,
        "leaning": leaning_on(law, request.town, timezone.localdate(), (place.number, place.sub)),
        "form": form,
        "undo": undo or (ReasonForm() if changed else None),
    }
    bad = bool(form.errors or (undo and undo.errors))
    return page(request, "desk/laws/amend.html", context, active="laws", status=422 if bad else 200)


@staff_required(P.ITEM_APPROVE)
@require_POST
def undo_amendment(request: HttpRequest, pk: int) -> HttpResponse:
    """The last change of an article was recorded by mistake."""
    law, place = law_or_404(request, pk), place_of(request.POST.get("article", "")[:40])
    if why := why_not(request.user, law.town):
        return refused(request, law, why)
    form = ReasonForm(request.POST)
    if place is not None and form.is_valid():
        try:
            actions.undo_amendment(law=law, article=place.label, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            told = f"已经撤销，{place.label}照登记以前的样子。"
            return done(request, f"/desk/laws/{pk}#{_anchor(place)}", told)
    if place is None:
        return refused(request, law, UNREAD)
    return _amend_page(request, law, place, _amend_form(law, place), form)


def _amended(request: HttpRequest, law: Law, place: Cited, form: AmendForm) -> bool:
    typed = form.cleaned_data
    text = None if typed.get("what") == "strike" else typed["text"]
    try:
        actions.amend_article(law=law, article=place.label, text=text, on=typed["on"], by=request.user)
    except Refused as refusal:
        said(form, refusal)
        return False
    return True


def _anchor(place: Cited) -> str:
    return f"article-{place.number}" + (f"-{place.sub}" if place.sub else "")


def _told(place: Cited, form: AmendForm, leaning: Leaning) -> str:
    what = {"strike": "删去", "reword": "改成新的条文"}.get(form.cleaned_data.get("what", ""), "增加")
    told = f"已经登记：{place.label}自{chinese_date(form.cleaned_data['on'])}起{what}。"
    return told + (f"请核对引用它的 {leaning.item_count} 个事项。" if leaning.item_count else "")


@staff_required(P.ITEM_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def abolish(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands on the law, and its end: from which day, why, by what it is replaced."""
    law = law_or_404(request, pk)
    if why := why_not(request.user, law.town):
        return refused(request, law, why)
    leaning = leaning_on(law, request.town, timezone.localdate())
    form = AbolishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _abolished(request, law, form):
        return done(request, f"/desk/laws/{pk}", _ended(form, leaning))
    context = {"law": law, "leaning": leaning, "form": form}
    return page(request, "desk/laws/abolish.html", context, active="laws", status=422 if form.errors else 200)


def _abolished(request: HttpRequest, law: Law, form: AbolishForm) -> bool:
    typed: dict[str, Any] = form.cleaned_data
    try:
        successor = _successor(law, typed["replaced_by"], typed["on"]) if typed["replaced_by"] else None
        actions.abolish(law=law, on=typed["on"], reason=typed["reason"], replaced_by=successor, by=request.user)
    except Refused as refusal:
        said(form, refusal)
        return False
    return True


def _successor(law: Law, title: str, on: Any) -> Law:
    """The law of this name that holds when the old one ends, else the newest of the name."""
    rows = Law.objects.filter(found_under__name__in=title_keys(title)).exclude(pk=law.pk)
    rows = (rows.of(law.town) if law.town else rows.filter(town__isnull=True)).order_by(F("effective_on").desc())
    found = list(rows.distinct())
    if not found:
        raise Refused(
            f"法规库里没有《{title.strip('《》 ')}》。请先把它收录进来，或者这一栏先不填。", field="replaced_by"
        )
    return next((row for row in found if row.holds(on)), found[0])


def _ended(form: AbolishForm, leaning: Leaning) -> str:
    on = form.cleaned_data["on"]
    told = f"已经登记：自{chinese_date(on)}起废止。"
    if not leaning.item_count:
        return told
    when = "依据已经失效" if on <= timezone.localdate() else "到那一天依据失效"
    return told + f"{leaning.item_count} 个事项{when}，列在法规库最上面。"


@staff_required(P.ITEM_APPROVE)
@require_POST
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a law was recorded by mistake."""
    law, form = law_or_404(request, pk), ReasonForm(request.POST)
    if why := why_not(request.user, law.town):
        return refused(request, law, why)
    if form.is_valid():
        try:
            actions.reinstate(law=law, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/laws/{pk}", "已经撤销，废止不算数了。")
    return law_page(request, law, form)
