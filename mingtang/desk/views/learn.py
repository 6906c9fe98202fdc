"""The law pages and the campaigns at the desk: written by one, published by another; entered, struck out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.study_forms import OutreachForm, PageForm
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.study import composed, outreach, pages
from mingtang.study.models import Outreach, PageEdition
from mingtang.study.outreach import Held
from mingtang.study.powers import REVIEWING
from mingtang.study.subjects import Words, subjects

HERE, OUTREACH = "/desk/study/pages/", "/desk/study/outreach/"


@staff_required(*REVIEWING)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every subject: what is public, what waits, what no longer holds."""
    shown_now = {one.edition.subject: one for one in composed.every(request.town, timezone.localdate())}
    waiting = {row.subject: row for row in PageEdition.objects.visible_to(request.viewer).waiting()}
    rows = [(code, words, shown_now.get(code), waiting.get(code)) for code, words in subjects().items()]
    return page(request, "desk/study/pages.html", {"rows": rows}, active="study")


def _starting(request: HttpRequest, code: str) -> tuple[Words, PageEdition | None]:
    """The words somebody goes on from: the newest of any edition, else the starting text."""
    newest = PageEdition.objects.visible_to(request.viewer).filter(subject=code).select_related("owner__unit")
    last = newest.order_by("number").last()
    return (pages.words_of(last) if last else subjects()[code]), last


@staff_required(*REVIEWING)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What is public, what waits, and the form of who writes."""
    if code not in subjects():
        raise Http404
    keeps = request.viewer.may(P.STUDY_KEEP)
    words, last = _starting(request, code)
    owner = last.owner if last else next(iter(my_posts(request)), None)
    typed = request.POST if request.method == "POST" else None
    form = PageForm(typed, town=request.town, words=words, owner=owner) if keeps else None
    if form is not None and form.is_valid():
        try:
            chosen = Post.objects.visible_to(request.viewer).get(pk=form.cleaned_data["owner"])
            pages.propose(town=request.town, subject=code, words=form.words(), owner=chosen, by=request.user)
        except Refused as refusal:
            form.refused(refusal)
        else:
            return done(request, f"{HERE}{code}", "已经送审。另一个人看过，才会公布。")
    return _page(request, code, form)


def _page(request: HttpRequest, code: str, form: PageForm | None, back: ReasonForm | None = None) -> HttpResponse:
    rows = PageEdition.objects.visible_to(request.viewer).filter(subject=code).select_related("author", "owner__unit")
    waiting, last, today = rows.waiting().first(), rows.order_by("number").last(), timezone.localdate()
    current = pages.current(request.town).get(code)
    context = {
        "code": code,
        "title": subjects()[code].title,
        "current": composed.compose(current, today) if current else None,
        "form": None if waiting else form,
        "waiting": waiting and composed.compose(waiting, today),
        "may_review": bool(waiting) and waiting.author_id != request.user.pk,
        "back": back or ReasonForm(),
        "returned": last.returned_reason if last and not waiting else "",
        "history": shown.history(request.town, f"learn:{code}"),
    }
    failed = (form and form.errors) or (back and back.errors)
    return page(request, "desk/study/page.html", context, active="study", status=422 if failed else 200)


@staff_required(*REVIEWING)
@require_POST
def act(request: HttpRequest, code: str, number: int, name: str) -> HttpResponse:
    """Publish the edition that waits, or send it back with a reason."""
    rows = PageEdition.objects.visible_to(request.viewer).filter(subject=code)
    edition = get_object_or_404(rows, number=number)
    if name not in {"publish", "return"}:
        raise Http404
    form = ReasonForm(request.POST)
    try:
        if name == "publish":
            pages.publish(edition=edition, by=request.user)
            return done(request, f"{HERE}{code}", "已经公布，公开页上看得到。")
        pages.send_back(edition=edition, by=request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        form.is_valid()
        form.errors.clear()
        said(form, refusal)
        return _page(request, code, None, form)
    return done(request, f"{HERE}{code}", "已经退回，起草人会看到理由。")


@staff_required(P.STUDY_KEEP)
@require_http_methods(["GET", "POST"])
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns, newest first, and the form to enter one."""
    form = OutreachForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        held = Held(files=request.FILES.getlist("files"), **form.cleaned_data)
        try:
            row, told = outreach.enter(town=request.town, held=held, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, OUTREACH, "".join([f"已经登记：{row.place}。", *told]))
    return _campaigns(request, form)


def _campaigns(
    request: HttpRequest, form: OutreachForm, back: ReasonForm | None = None, about: int = 0
) -> HttpResponse:
    rows = Outreach.objects.visible_to(request.viewer).prefetch_related("files__file")[:50]
    context = {"form": form, "rows": rows, "back": back or ReasonForm(), "about": about}
    failed = form.errors or (back and back.errors)
    return page(request, "desk/study/outreach.html", context, active="study", status=422 if failed else 200)


@staff_required(P.STUDY_KEEP)
@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike one out with a reason that everybody reads."""
    row = get_object_or_404(Outreach.objects.visible_to(request.viewer).select_related("town"), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            outreach.strike(row=row, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, OUTREACH, "已经划去，不再计数。")
    return _campaigns(request, OutreachForm(), form, pk)
