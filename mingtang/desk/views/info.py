"""政府信息 on the desk: the list, one edition, its acts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import due_shown, info_acts, review_shown, shown, term_shown, todo, withheld_shown
from mingtang.desk.access import DOCUMENTS, done, offered, page, staff_required
from mingtang.desk.forms import ReasonForm, WithdrawForm
from mingtang.desk.review_form import CommentForm, PleaForm
from mingtang.desk.views.guide import READERS as GUIDE_READERS
from mingtang.disclosure import actions, requirements, words
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import Attachment, Column, Document, Edition
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.states import EDITION, OUT, SHOWN
from mingtang.disclosure.stories.claims import NEWS
from mingtang.files.actions import response as file_response
from mingtang.guard.readable import measure
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.scrutiny.states import READ_MAKERS

PAGE = 30
LISTED = (
    "draft",
    "in_review",
    "reviewed",
    "signed",
    "scheduled",
    "published",
    "expired",
    "repealed",
    "superseded",
    "withdrawn",
    "to_withhold",
    "withhold_ok",
    "not_public",
    "on_request",
)
# What a new edition may take the place of.
RENEWABLE = (EditionState.PUBLISHED, EditionState.EXPIRED)
# What a row of the list reads.
COLUMNS = (
    *("number", "state", "begun_at", "author__name", "revision__title", "revision__created_at"),
    *(f"document__{name}" for name in ("index_number", "issuer", "kind", "generated_on", "created_at", "provenance")),
)
# Which field of the editor an issue is about.
EDITOR_FIELDS = {"title": "title", "body": "body", "generated_on": "generated_on", "issuer": "unit"}


def _found(request: HttpRequest, query: str) -> QuerySet[Edition]:
    rows = Edition.objects.visible_to(request.viewer)
    if query:
        rows = rows.filter(Q(document__index_number__icontains=query) | Q(revision__title__icontains=query))
    return rows


def _newest(request: HttpRequest, rows: QuerySet[Edition]) -> due_shown.Listed:
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    # First which, then what they show: else a database puts whole rows in order, of all there are.
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1])
    older = {"before": keys[PAGE - 1]} if len(keys) > PAGE else {}
    return due_shown.lit(request, rows.filter(pk__in=keys[:PAGE]).order_by("-pk")), older, bool(before)


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Editions, newest first or by their last day, by state and by words of number or title."""
    query, state = shown.asked(request, 100), request.GET.get("state", "")
    found = _found(request, query)
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    labels = [("", "全部", sum(counts.values()))]
    labels += [(key, EditionState(key).label, counts.get(key, 0)) for key in LISTED if counts.get(key) or key == state]
    rows = found.filter(state=state) if state in LISTED else found
    rows = rows.select_related("document", "revision", "author").only(*COLUMNS)
    order = "due" if request.GET.get("order") == "due" else ""
    listed, older, begun = due_shown.most_urgent(request, rows) if order else _newest(request, rows)
    here = {"q": query, "state": state}
    context = {
        "q": query,
        "state": state if state in LISTED else "",
        "order": order,
        "other_url": shown.link(**here, order="" if order else "due") or "?",
        "tabs": shown.tabs(state, labels, query),
        "rows": [{"edition": row, "tone": shown.EDITION_TONES[row.state], "light": light} for row, light in listed],
        "older_url": shown.link(**here, order=order, **older) if older else "",
        "newer_url": (shown.link(**here, order=order) or "?") if begun else "",
        "may_draft": request.viewer.may(P.DOCUMENT_DRAFT),
        "reads_guide": bool(request.viewer.powers.intersection(GUIDE_READERS)),
    }
    return page(request, "desk/info/index.html", context, active="info")


def edition_or_404(request: HttpRequest, pk: int) -> Edition:
    return get_object_or_404(
        Edition.objects.visible_to(request.viewer).select_related(
            "document__town",
            "document__unit",
            "document__current",
            "revision",
            "author",
            "reviewer",
            "signer",
            "scheduled_by",
        ),
        pk=pk,
    )


def _issues(edition: Edition, found: Iterable[requirements.Issue]) -> list[dict[str, Any]]:
    """What is missing or dangerous, each with the field to mend it."""
    base = f"/desk/info/{edition.pk}/edit"
    return [
        {
            "sentence": row.sentence,
            "blocks": row.blocks,
            "warns": row.warns,
            "may_be_waived": row.may_be_waived,
            "url": f"{base}#id_{EDITOR_FIELDS.get(row.field, row.field)}",
        }
        for row in found
    ]


def _refusal(act: str, edition: Edition, request: HttpRequest) -> str:
    """Why this person may not do what stands next; empty when they may."""
    try:
        check_can(act, edition, request.user)
    except Refused as refusal:
        return refusal.message
    return ""


NEXT = {"draft": "submit", "in_review": "review", "reviewed": "sign", "signed": "publish", "scheduled": "publish"}
WAITS = {
    "draft": "等起草人送审。",
    "in_review": "等保密审查员审查。",
    "reviewed": "等签发人签发。",
    "signed": "等签发人或者起草人公开。",
    "scheduled": "到了时间系统自己公开。",
}


def show_page(
    request: HttpRequest,
    edition: Edition,
    *,
    forms: dict[str, Form] | None = None,
    errors: list[tuple[str | None, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One edition: what it needs, what this person may do with it, its text and its past."""
    document = edition.document
    act = NEXT.get(edition.state, "")
    opened = act != ""
    trouble = _refusal(act, edition, request) if act else ""
    light = due_shown.of(request, edition) if opened else None
    since = bool(edition.found_since) and edition.state in SHOWN
    found = requirements.issues(document, edition.revision) if opened or since else []
    others = document.editions.exclude(pk=edition.pk).order_by("-number")
    may_renew = (
        edition.pk == document.current_id
        and edition.state in RENEWABLE
        and request.viewer.may(P.DOCUMENT_DRAFT)
        and not any(row.state in NEXT for row in others)
    )
    context = {
        "edition": edition,
        "document": document,
        "doc": shown.document_head(document, edition),
        "tone": shown.EDITION_TONES[edition.state],
        "kind": kind_of(document.kind).name,
        "light": light,
        "scheduled": due_shown.scheduled(edition, light),
        "term": term_shown.banner(edition),
        "withheld": withheld_shown.said(edition),
        "filed": list(Column.objects.filter(filings__document=document)),
        "issues": _issues(edition, found),
        "since": since,
        "reading": measure(edition.revision.body_text, words.terms_of(document.town_id)) if opened else None,
        "act": "" if trouble else act,
        # Whoever lacks the power reads only whom it waits for; whoever has it also why it cannot be them.
        "waits": WAITS[edition.state] + (trouble if offered(EDITION[act], edition.state, request.viewer) else "")
        if trouble
        else "",
        "can": {
            name: offered(EDITION[name], edition.state, request.viewer)
            for name in ("revise", "return_to_draft", "withdraw")
        },
        "more": info_acts.forms_for(request, edition, forms or {}),
        "may_renew": may_renew,
        "may_file": request.viewer.may(P.DOCUMENT_DRAFT),
        "may_ask": bool(request.viewer.powers.intersection(READ_MAKERS)),
        "others": others,
        "attachments": shown.attachments(edition),
        "history": shown.history(request.town, document.subject),
        "forms": {"return": ReasonForm(), "withdraw": WithdrawForm(), "comment": CommentForm(), "plea": PleaForm()}
        | (forms or {}),
        "opened": set(forms or {}),
        "errors": errors or [],
        "work": todo.groups(request, current=f"/desk/info/{edition.pk}"),
    } | review_shown.beside(request, edition, found)
    return page(request, "desk/info/show.html", context, active="info", status=status)


@staff_required(*DOCUMENTS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return show_page(request, edition_or_404(request, pk))


@staff_required(*DOCUMENTS)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as the public will see it, drawn by the public page's own template."""
    edition = edition_or_404(request, pk)
    document = edition.document
    stands = [("政府信息公开", "/info/"), (document.get_theme_display(), f"/info/?theme={document.theme}")]
    context = {
        "column": None,
        "trail": [*([("新闻", "/news/")] if document.kind in NEWS else stands), ("正文", None)],
        # The data stand at their address only once the document is public.
        "doc": shown.document_head(document, edition) | {"json_url": "#"},
        "attachments": shown.attachments(edition),
        "history": [],
        "back": f"/desk/info/{edition.pk}",
    }
    return page(request, "desk/info/preview.html", context, active="info")


@staff_required(*DOCUMENTS)
@require_safe
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """An attachment of an edition, as a download."""
    edition = edition_or_404(request, pk)
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=file, revision_id=edition.revision_id)
    answer = file_response(row.file, name=row.name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def simple(request: HttpRequest, pk: int, act: Any, message: str) -> HttpResponse:
    """An act that needs nothing but the button."""
    edition = edition_or_404(request, pk)
    try:
        act(edition=edition, by=request.user)
    except Refused as refusal:
        edition = edition_or_404(request, pk)
        return show_page(request, edition, errors=[(None, refusal.message)], status=422)
    return done(request, f"/desk/info/{pk}", message)


@staff_required(P.DOCUMENT_DRAFT)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """To the review; with a plea also what the reviewer is asked to let stand."""
    if "plea" in request.POST:
        told = "已送保密审查，请审查员看您写的理由。"
        return with_form(request, pk, "plea", PleaForm(request.POST), actions.submit, told)
    return simple(request, pk, actions.submit, "已送保密审查。")


@staff_required(P.DOCUMENT_SIGN)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    return simple(request, pk, actions.sign, "已签发，可以公开了。")


@staff_required(P.DOCUMENT_SIGN, P.DOCUMENT_DRAFT)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    return simple(request, pk, actions.publish, "已经公开，写进了公开日志。")


def with_form(request: HttpRequest, pk: int, name: str, form: Form, act: Any, message: str) -> HttpResponse:
    """An act with a form of its own; what was typed stays when it is refused."""
    edition = edition_or_404(request, pk)
    if form.is_valid():
        try:
            act(edition=edition, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return show_page(request, edition_or_404(request, pk), forms={name: form}, status=422)
    return done(request, f"/desk/info/{pk}", message)


@staff_required(*DOCUMENTS)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An act that is no step on the way to publication; the room decides who may."""
    if name not in info_acts.ACTS:
        raise Http404
    found = info_acts.ACTS[name]
    return with_form(request, pk, name, found.form(request.POST, prefix=name), found.run, found.done)


@staff_required(P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    return with_form(
        request, pk, "return", ReasonForm(request.POST), actions.return_to_draft, "已退回，起草人会看到您写的理由。"
    )


@staff_required(P.DOCUMENT_WITHDRAW)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return with_form(
        request, pk, "withdraw", WithdrawForm(request.POST), actions.withdraw, "已经撤下，公开页只留索引号和说明。"
    )


def renewable_or_404(request: HttpRequest, pk: int) -> Document:
    """The document of a published edition, to begin a corrected one. Who sends what they wrote meanwhile is told by
    ``check_still_renewable``."""
    states = OUT if request.method == "POST" else RENEWABLE
    edition = get_object_or_404(Edition.objects.visible_to(request.viewer).filter(state__in=states), pk=pk)
    return (
        Document.objects.visible_to(request.viewer)
        .select_related("current__revision", "town")
        .get(pk=edition.document_id)
    )


def check_still_renewable(document: Document, pk: int) -> None:
    """Raise ``Refused`` when the edition that somebody began from was taken down or replaced while they wrote."""
    if gone := document.editions.exclude(state__in=RENEWABLE).filter(pk=pk).first():
        raise Refused(f"您写的时候，这一版变成了“{gone.state_title}”，不能从它出新版。请先把您写的复制下来。")
