"""通知 at the desk: what did not arrive, what is to be printed, all that was sent; and the words of each kind."""

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.cases import telling
from mingtang.cases.enums import TellBy
from mingtang.cases.models import Case
from mingtang.cases.wordings import CASE, MONEY, PERMIT
from mingtang.desk import notices_shown, shown
from mingtang.desk.access import done, offered, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.views.cases import case_or_404
from mingtang.disclosure.actions import PUBLISHED
from mingtang.lib.errors import Refused
from mingtang.notices import actions, health, transports, wording
from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.models import Message, Wording
from mingtang.notices.states import MESSAGE
from mingtang.people.enums import Permission as P

READERS = (P.NOTICE_SEND,)
PAGE, LETTERS = 50, 20
WORDED = (("办件", CASE), ("缴费", MONEY), ("证照", PERMIT), ("邮件订阅", (PUBLISHED,)))
S = MessageState
GROUPS: dict[str, tuple[str, Q]] = {
    "": ("没有发成", Q(state=S.FAILED)),
    "letters": ("等着打印", Q(state=S.WAITING, channel=Channel.PRINT)),
    "waiting": ("等着发", Q(state__in=[S.WAITING, S.SENDING]) & ~Q(channel=Channel.PRINT)),
    "sent": ("已发出", Q(state__in=[S.SENT, S.PRINTED])),
    "given_up": ("不再发", Q(state=S.GIVEN_UP)),
}
DONE = {
    "retry": "已经重新排队，马上再发。",
    "to_paper": "已经改成寄信，请到“等着打印”里打印。",
    "give_up": "已经登记不再发。",
    "stop": "这一件以后不再通知申请人，还没有发出的也不发了。",
}


class WordForm(forms.Form):
    """The words of one kind."""

    text = forms.CharField(
        label="写给群众的话",
        max_length=wording.MAX_TEXT,
        widget=forms.Textarea,
        error_messages={"required": wording.MISSING},
    )
    is_told = forms.BooleanField(label="发生这件事时发通知", required=False)


def _messages(request: HttpRequest) -> QuerySet[Message]:
    return Message.objects.visible_to(request.viewer).select_related("town", "key", "ended_by")


def _counted(found: QuerySet[Message]) -> list[tuple[str, str, int]]:
    """How many stand in each group, asked once."""
    whens = {f"n_{key}": Count("pk", filter=rule) for key, (_, rule) in GROUPS.items()}
    counts = found.order_by().aggregate(**whens, n_all=Count("pk"))
    return [(key, label, counts[f"n_{key}"]) for key, (label, _) in GROUPS.items()] + [("all", "全部", counts["n_all"])]


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What needs a person first; found by the number of the case."""
    query, state = shown.asked(request, 24).upper(), request.GET.get("state", "")
    found = _messages(request)
    if query:
        found = found.filter(subject=f"case:{query}")
        state = state if state in GROUPS else "all"
    state = state if state in GROUPS or state == "all" else ""
    counted = _counted(found)
    rows = found if state == "all" else found.filter(GROUPS[state][1])
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    listed = list(rows.defer("sealed").order_by("-pk")[: PAGE + 1])
    context = {
        "q": query,
        "state": state,
        "tabs": shown.tabs(state, counted, query),
        "rows": notices_shown.rows(request.town, listed[:PAGE]),
        "older_url": shown.link(q=query, state=state, before=listed[PAGE - 1].pk) if len(listed) > PAGE else "",
        "newer_url": shown.link(q=query, state=state) if before else "",
        "ways": notices_shown.ways(),
        "no_way": not {Channel.SMS, Channel.EMAIL} & set(transports.configured()),
        "stuck": notices_shown.stuck(health.waiting(request.town)),
        "letters": next(count for key, _, count in counted if key == "letters"),
        "may_word": request.viewer.may(P.NOTICE_WORD),
    }
    return page(request, "desk/notices/index.html", context, active="notices")


def _show(request: HttpRequest, pk: int, form: ReasonForm | None = None, wrong: str = "") -> HttpResponse:
    message = get_object_or_404(_messages(request), pk=pk)
    form = form or ReasonForm()
    can = {name: offered(MESSAGE[name], message.state, request.viewer) for name in DONE if name in MESSAGE}
    case = Case.objects.visible_to(request.viewer).filter(number=message.case_number).select_related("key").first()
    can["stop"] = case is not None and telling.chosen(case) != TellBy.NO
    can["retry"] &= message.channel in transports.configured()
    can["to_paper"] &= message.channel in {Channel.SMS, Channel.EMAIL}
    context = {
        **notices_shown.rows(request.town, [message])[0],
        "content": notices_shown.content(message),
        "can": can,
        "form": form,
        "wrong": wrong,
        "history": shown.history(request.town, message.event_subject),
        "keep_days": actions.KEEP.days,
    }
    status = 422 if wrong or form.errors else 200
    return page(request, "desk/notices/show.html", context, active="notices", status=status)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: what it says, why it did not arrive, what can be done."""
    return _show(request, pk)


@staff_required(*READERS)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Send again, print instead, give up with a reason, or tell this applicant nothing any more."""
    message, form = get_object_or_404(_messages(request), pk=pk), ReasonForm(request.POST)
    try:
        if act == "retry":
            actions.retry(message=message, by=request.user)
        elif act == "to_paper":
            actions.to_paper(message=message, by=request.user)
        elif act == "stop":
            telling.stop(case=case_or_404(request, message.case_number), by=request.user)
        elif act != "give_up":
            raise Http404
        elif form.is_valid():
            actions.give_up(message=message, reason=form.cleaned_data["reason"], by=request.user)
        else:
            return _show(request, pk, form)
    except Refused as refusal:
        if refusal.field != "reason":
            return _show(request, pk, wrong=refusal.message)
        said(form, refusal)
        return _show(request, pk, form)
    return done(request, f"/desk/notices/{pk}", DONE[act])


def _letters(request: HttpRequest) -> QuerySet[Message]:
    return _messages(request).filter(GROUPS["letters"][1]).order_by("pk")


@staff_required(*READERS)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """The letters that wait, oldest first, a sheet each. What was printed is marked once it lies in its envelope."""
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("message")[:LETTERS] if key.isascii() and key.isdigit()]
        wanted = list(_messages(request).filter(pk__in=chosen, channel=Channel.PRINT))
        try:
            count = actions.printed(messages=wanted, by=request.user)
        except Refused as refusal:
            return _sheets(request, refusal.message, 422)
        if not wanted:
            return _sheets(request, "还没有选信。请勾选已经打印、装好信封的，再登记。", 422)
        return done(request, "/desk/notices/letters", f"登记了 {count} 封已打印寄出。")
    return _sheets(request)


def _sheets(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    waiting = _letters(request)
    context = {
        "letters": [notices_shown.letter(message) for message in waiting[:LETTERS]],
        "total": waiting.count(),
        "today": timezone.localdate(),
        "wrong": wrong,
    }
    return page(request, "desk/notices/letters.html", context, active="notices", status=status)


@staff_required(P.NOTICE_SEND, P.NOTICE_WORD)
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Every kind of message with the words that are sent now."""
    own = {row.kind: row for row in Wording.objects.visible_to(request.viewer)}
    groups = [
        (title, [notices_shown.worded(request.town, wording.get(code), own.get(code)) for code in codes])
        for title, codes in WORDED
    ]
    context = {"groups": groups, "may_word": request.viewer.may(P.NOTICE_WORD)}
    return page(request, "desk/notices/words.html", context, active="notices")


@staff_required(P.NOTICE_WORD)
@require_http_methods(["GET", "POST"])
def word(request: HttpRequest, code: str) -> HttpResponse:
    """Rewrite the words of one kind; a look at them first, without keeping anything."""
    try:
        kind = wording.get(code)
    except KeyError as error:
        raise Http404 from error
    text, is_told = wording.current(request.town, code)
    form = WordForm(request.POST or None, initial={"text": text, "is_told": is_told})
    looked = ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if request.POST.get("act") == "look":
                looked = wording.checked(kind, typed["text"], request.town.pk)
            else:
                wording.write(town=request.town, code=code, by=request.user, **typed)
                return done(request, "/desk/notices/words", f"“{kind.title}”的用语已经保存，下一条通知就照这样发。")
        except Refused as refusal:
            said(form, refusal)
    context = {
        "kind": kind,
        "form": form,
        "places": [(f"{{{place}}}", example) for place, example in kind.places.items()],
        "seen": notices_shown.preview(request.town, kind, looked or text),
        "looked": bool(looked),
        "standard": kind.text,
    }
    return page(request, "desk/notices/word.html", context, active="notices", status=422 if form.errors else 200)
