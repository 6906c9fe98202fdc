"""案例题 at the desk: made from a record by one, approved by another, answered by each for themself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.study_forms import QuestionForm
from mingtang.desk.views.study import HERE, session_or_404
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.laws.resolve import Resolution
from mingtang.study import bases, mistakes, questions, quiz
from mingtang.study.enums import Mistake
from mingtang.study.mistakes import Found
from mingtang.study.models import Answer, Question
from mingtang.study.powers import REVIEWING

LIST = f"{HERE}questions/"
# Where the desk opens the record of a kind.
SOURCES = {
    Mistake.RETURNED: "/desk/info/?q={}",
    Mistake.CORRECTED: "/desk/info/{}",
    Mistake.WITHDRAWN: "/desk/info/{}",
    Mistake.REOPENED: "/desk/cases/{}",
    Mistake.SLIP: "/desk/slips/#{}",
    Mistake.LATE: "/desk/duties/{}",
    Mistake.OBSTACLE: "/desk/obstacles/{}",
}
NEXT_NAME = {
    "publish": "已经通过，学习的时候可以出这道题。",
    "return": "已经退回，起草人会看到理由。",
    "retire": "已经取下。",
}


def source_url(found: Found) -> str:
    return SOURCES[Mistake(found.mistake)].format(found.place)


@staff_required(*REVIEWING)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All questions with how they stand, and the records a new one may be made from."""
    rows = list(Question.objects.visible_to(request.viewer).select_related("town"))
    gone = questions.dead([row for row in rows if row.reviewed_at and not row.retired_at], timezone.localdate())
    keeps = request.viewer.may(P.STUDY_KEEP)
    found = mistakes.recent(request.town) if keeps else []
    context = {
        "rows": [(row, gone.get(row.pk, "")) for row in rows],
        "found": [(one, Mistake(one.mistake).label, source_url(one)) for one in found],
        "keeps": keeps,
    }
    return page(request, "desk/study/questions.html", context, active="study")


@staff_required(P.STUDY_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write one about a record: its words, masked, are what one begins from."""
    mistake, source = request.GET.get("mistake", ""), request.GET.get("source", "")
    found = mistakes.find(request.town, mistake, source) if mistake in Mistake.values else None
    if found is None:
        raise Http404
    form = QuestionForm(request.POST if request.method == "POST" else None, initial={"story": found.words})
    if form.is_bound and form.is_valid():
        try:
            row = questions.propose(town=request.town, draft=form.draft(mistake, source), by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"{LIST}{row.number}", "已经送审。另一个人看过，才能出。")
    context = {"form": form, "found": found, "kind": Mistake(mistake).label, "url": source_url(found)}
    return page(request, "desk/study/question_new.html", context, active="study", status=422 if form.errors else 200)


@staff_required(*REVIEWING)
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, _question(request, number))


def _question(request: HttpRequest, number: int) -> Question:
    return get_object_or_404(
        Question.objects.visible_to(request.viewer).select_related("town", "author"), number=number
    )


def _show(request: HttpRequest, row: Question, back: ReasonForm | None = None) -> HttpResponse:
    found = mistakes.find(request.town, row.mistake, row.source)
    mine = row.author_id == request.user.pk
    context = {
        "row": row,
        "kind": row.get_mistake_display(),
        "url": source_url(found) if found else "",
        "standing": _standing(row),
        "gone": questions.dead([row], timezone.localdate()).get(row.pk, ""),
        "may_review": row.waits and not mine,
        "may_retire": bool(row.reviewed_at) and not row.retired_at and request.viewer.may(P.STUDY_KEEP),
        "back": back or ReasonForm(),
        "history": shown.history(request.town, row.event_subject),
    }
    status = 422 if back and back.errors else 200
    return page(request, "desk/study/question.html", context, active="study", status=status)


def _standing(row: Question) -> list[bases.Standing]:
    return bases.judge(bases.shelf_for(row.town, row.bases), row.bases, timezone.localdate())


@staff_required(*REVIEWING)
@require_POST
def act(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Approve it, send it back, take it out."""
    row, form, reason = _question(request, number), ReasonForm(request.POST), request.POST.get("reason", "")
    try:
        if name == "publish":
            questions.publish(question=row, by=request.user)
        elif name == "return":
            questions.send_back(question=row, by=request.user, reason=reason)
        elif name == "retire":
            questions.retire(question=row, by=request.user, reason=reason)
        else:
            raise Http404
    except Refused as refusal:
        form.is_valid()
        form.errors.clear()
        said(form, refusal)
        return _show(request, row, form)
    return done(request, f"{LIST}{number}", NEXT_NAME[name])


@staff_required()
@require_safe
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The next question of a session that waits for this person; the session when there is none left."""
    session = session_or_404(request, pk)
    if not session.attendances.filter(staff=request.user).exists():
        raise Http404
    left = quiz.waiting(session, request.user.pk, timezone.localdate())
    there = f"{HERE}sessions/{pk}"
    return HttpResponseRedirect(f"{there}/quiz/{left[0].number}" if left else there)


@staff_required()
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One question: to be answered, or with the answer, the explanation and the article."""
    session = session_or_404(request, pk)
    if not session.attendances.filter(staff=request.user).exists():
        raise Http404
    asked = Question.objects.filter(pk__in=session.asked.values("question")).select_related("town")
    row = get_object_or_404(asked, number=number)
    wrong = ""
    if request.method == "POST":
        chosen = request.POST.get("choice", "")
        try:
            quiz.answer(session=session, question=row, choice=int(chosen) if chosen.isdigit() else -1, by=request.user)
        except Refused as refusal:
            wrong = refusal.message
        else:
            return HttpResponseRedirect(f"{HERE}sessions/{pk}/quiz/{number}")
    return _answer_page(request, session, row, wrong)


def _answer_page(request: HttpRequest, session: Any, row: Question, wrong: str) -> HttpResponse:
    given = Answer.objects.filter(session=session, question=row, staff=request.user).first()
    left = quiz.waiting(session, request.user.pk, timezone.localdate())
    if given is None and row.pk not in {one.pk for one in left}:
        raise Http404
    articles: list[Resolution] = [one.answer for one in _standing(row)] if given else []
    context = {
        "session": session,
        "row": row,
        "given": given,
        "articles": [found.article for answer in articles for found in answer.found],
        "left": len(left),
        "wrong": wrong,
    }
    return page(request, "desk/study/answer.html", context, active="study", status=422 if wrong else 200)
