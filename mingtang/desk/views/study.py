"""学习培训 at the desk: one's own year, sessions entered by the office, everybody's own word that they were there."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.study_forms import RequirementForm, SessionForm
from mingtang.files.actions import response as file_response
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.study import counted, questions, quiz, training
from mingtang.study.models import Answer, Attendance, Question, Session, SessionFile
from mingtang.study.powers import MAKERS
from mingtang.study.training import Held

HERE = "/desk/study/"
MOST = 50


def _keeps(request: HttpRequest) -> bool:
    return request.viewer.may(P.STUDY_KEEP) and not request.viewer.tenant


@staff_required()
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One's own year and what waits; for the office also who is short, and what a year asks."""
    today, keeps = timezone.localdate(), _keeps(request)
    asked = counted.required(request.town, today.year)
    first = {"year": today.year, "hours": counted.hours(asked) if asked else ""}
    form = RequirementForm(request.POST if request.method == "POST" else None, initial=first)
    if keeps and form.is_bound and form.is_valid():
        minutes = int(form.cleaned_data["hours"] * 60)
        try:
            training.require(town=request.town, year=form.cleaned_data["year"], minutes=minutes, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, "已经定下，从那一年起照这个算。")
    mine = Attendance.objects.filter(staff=request.user, session__town=request.town, session__struck_reason="")
    sees_short = keeps or (request.viewer.may(P.OVERSEE) and not request.viewer.tenant)
    context = {
        "light": counted.mine(request.town, request.user.pk, today),
        "hours": counted.hours,
        "year": today.year,
        "unsaid": mine.filter(present__isnull=True).select_related("session").order_by("session__held_on"),
        "sessions": Session.objects.visible_to(request.viewer)[:MOST],
        "keeps": keeps,
        "makes": not MAKERS.isdisjoint(request.viewer.powers) and not request.viewer.tenant,
        "short": counted.short(request.town, today) if sees_short else None,
        "form": form if keeps else None,
    }
    return page(request, "desk/study/index.html", context, active="study", status=422 if form.errors else 200)


@staff_required(P.STUDY_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a session that was held."""
    form = SessionForm(request.POST if request.method == "POST" else None, town=request.town)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        posts = Post.objects.visible_to(request.viewer).filter(pk__in=typed["posts"]).select_related("unit")
        words = {name: typed[name] for name in ("held_on", "subject", "speaker", "studied")}
        files = request.FILES.getlist("files")
        held = Held(minutes=form.minutes, posts=list(posts.order_by("pk")), files=files, **words)
        try:
            session, told = training.enter(town=request.town, held=held, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            words = "".join(["已经登记。参加的人会在待办里看到，自己确认到没到。", *told])
            return done(request, f"{HERE}sessions/{session.pk}", words)
    return page(request, "desk/study/new.html", {"form": form}, active="study", status=422 if form.errors else 200)


def session_or_404(request: HttpRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.viewer).select_related("town"), pk=pk)


@staff_required()
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return show_page(request, session_or_404(request, pk))


def show_page(request: HttpRequest, session: Session, back: ReasonForm | None = None, wrong: str = "") -> HttpResponse:
    """A session: for everybody their own, for the office who said what, who is missing, and how the quiz went."""
    keeps, today = _keeps(request), timezone.localdate()
    rows = Attendance.objects.visible_to(request.viewer).filter(session=session).select_related("post__unit", "staff")
    attendances = list(rows)
    mine = next((row for row in attendances if row.staff_id == request.user.pk), None)
    asked = Question.objects.filter(pk__in=session.asked.values("question")).order_by("number")
    context = {
        "row": session,
        "hours": counted.hours,
        "files": session.files.select_related("file"),
        "mine": mine,
        "waiting": len(quiz.waiting(session, request.user.pk, today)) if mine else 0,
        "answered": _own(request, session) if mine else [],
        "sees_all": keeps or (request.viewer.may(P.OVERSEE) and not request.viewer.tenant),
        "attendances": attendances,
        "missing": [row for row in attendances if not row.present],
        "keeps": keeps,
        "asked": _sums(session, asked) if keeps else [],
        "able": [row for row in questions.usable(request.town, today) if row not in asked] if keeps else [],
        "scores": _scores(session) if keeps else {},
        "back": back or ReasonForm(),
        "wrong": wrong,
        "history": shown.history(request.town, session.event_subject) if keeps else [],
    }
    status = 422 if wrong or (back and back.errors) else 200
    return page(request, "desk/study/session.html", context, active="study", status=status)


def _own(request: HttpRequest, session: Session) -> list[Answer]:
    rows = Answer.objects.filter(session=session, staff=request.user)
    return list(rows.select_related("question").order_by("question__number"))


def _sums(session: Session, asked: Any) -> list[Question]:
    """The questions of a session with how many answered and how many of them wrongly."""
    here = Q(answers__session=session)
    return list(
        asked.annotate(
            count=Count("answers", filter=here),
            wrong=Count("answers", filter=here & ~Q(answers__choice=F("correct"))),
        )
    )


def _scores(session: Session) -> dict[int, tuple[int, int]]:
    """By person how many answers were right, of how many."""
    rows = session.answers.values("staff").annotate(count=Count("pk"), right=Count("pk", filter=RIGHT)).order_by()
    return {row["staff"]: (row["right"], row["count"]) for row in rows}


RIGHT = Q(choice=F("question__correct"))


@staff_required()
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """came, missed: one's own word; strike and put: the office."""
    session = session_or_404(request, pk)
    here, form = f"{HERE}sessions/{pk}", ReasonForm(request.POST)
    try:
        if name in {"came", "missed"}:
            mine = get_object_or_404(Attendance, session=session, staff=request.user)
            training.answer(attendance=mine, present=name == "came", by=request.user)
            return done(request, here, "已经记下。")
        if name == "strike":
            training.strike(session=session, reason=request.POST.get("reason", ""), by=request.user)
            return done(request, here, "已经划去，不再计数。")
        if name == "put":
            numbers = [one for one in request.POST.getlist("questions") if one.isdigit()]
            chosen = Question.objects.visible_to(request.viewer).filter(number__in=numbers)
            quiz.put(session=session, chosen=list(chosen), by=request.user)
            return done(request, here, "已经出题，参加的人会在待办里看到。")
    except Refused as refusal:
        if name == "strike":
            form.is_valid()
            form.errors.clear()
            said(form, refusal)
            return show_page(request, session, form)
        return show_page(request, session, wrong=refusal.message)
    raise Http404


@staff_required()
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SessionFile.objects.visible_to(request.viewer).select_related("file__town"), pk=pk)
    return file_response(row.file)
