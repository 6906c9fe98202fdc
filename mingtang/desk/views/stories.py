"""新闻 at the desk: what changed, a story from it, the digest of a month; what is set aside."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import drafting
from mingtang.desk.access import DOCUMENTS, done, my_posts, page, staff_required
from mingtang.desk.duties_shown import due_word
from mingtang.desk.forms import ReasonForm
from mingtang.desk.shown import link
from mingtang.desk.story_form import Row, StoryForm, rows_from, rows_of, typed_of
from mingtang.desk.views.info import check_still_renewable, edition_or_404, renewable_or_404
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models import Edition, Revision
from mingtang.disclosure.stories.aside import set_aside
from mingtang.disclosure.stories.claims import Typed, overtaken, take
from mingtang.disclosure.stories.source import address_of, find
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.lib.text import CHINA, chinese_date, parse_date
from mingtang.oversight import changes, digest, month
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit

MARKS = [(Mark.CLAIM, "事实（要写出处）"), (Mark.NOTE, "说明（不用出处）"), (Mark.QUOTE, "引用（要写谁说的）")]
MOST_CHOSEN = 40


def _since(request: HttpRequest, last: Edition | None) -> tuple[datetime, str, str]:
    """From when on, in words, and what was wrong with the day asked for. Without one: since the last story."""
    error = ""
    if asked := request.GET.get("since", ""):
        try:
            day = parse_date(asked)
            return datetime.combine(day, time(), CHINA), f"{chinese_date(day)}以来", ""
        except Refused as refusal:
            error = refusal.message
    if last:
        return last.published_at, f"上一篇“{last.revision.title}”公开以来", error
    return timezone.now() - changes.BACK, f"最近 {changes.BACK.days} 天", error


def _owed(request: HttpRequest, code: str) -> dict[str, Any] | None:
    """The slot that the month's digest fills, who answers for it and how long there is."""
    slot = digest.owed(request.town, code)
    if slot is None:
        return None
    word, tone = due_word(slot, timezone.localdate())
    return {"slot": slot, "word": word, "tone": tone, "url": f"/desk/duties/{slot.duty.code}/{slot.pk}"}


def _index(request: HttpRequest, *, aside: ReasonForm | None = None, about: int = 0, status: int = 200) -> HttpResponse:
    viewer = request.viewer
    last = changes.last_story(viewer)
    since, words, error = _since(request, last)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = changes.page(viewer, since=since, before=number)
    groups = [
        (label, rows) for key, label in changes.GROUPS.items() if (rows := [c for c in found.changes if c.group == key])
    ]
    asked = request.GET.get("since", "")
    today = timezone.localdate()
    ended = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    written = digest.of_month(request.town, f"{ended:%Y-%m}")
    context = {
        "words": words,
        "since": asked,
        "since_error": error,
        "groups": groups,
        "count": len(found.changes),
        "older_url": link(since=asked, before=found.older) if found.older else "",
        "newer_url": (link(since=asked) if asked else "/desk/stories/") if number else "",
        "may_draft": viewer.may(P.DOCUMENT_DRAFT),
        "month": {"code": f"{ended:%Y-%m}", "label": f"{ended.year}年{ended.month}月"} if not viewer.tenant else None,
        "written": written,
        "owed": _owed(request, f"{ended:%Y-%m}") if not viewer.tenant else None,
        "may_lay_down": viewer.may(P.DUTY_KEEP) and not digest.duties(request.town).exists(),
        "overtaken": overtaken(viewer),
        "aside": aside,
        "about": about,
    }
    return page(request, "desk/stories/index.html", context, active="stories", status=status)


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What changed since the last story or a day, by kind; what became of the sources of stories."""
    return _index(request)


@staff_required(P.DOCUMENT_DRAFT)
@require_POST
def aside(request: HttpRequest) -> HttpResponse:
    """A change of which no story is written, with a word."""
    sent = request.POST.get("event", "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0
    form = ReasonForm(request.POST, prefix=str(number))
    found = changes.chosen(request.viewer, [number])
    about = get_object_or_404(Event, town=request.town, pk=found[0].event if found else 0)
    if form.is_valid():
        try:
            set_aside(about=about, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reason", refusal.message)
        else:
            return done(request, "/desk/stories/", "已经放下，不再列在这里。")
    return _index(request, aside=form, about=about.pk, status=422)


class Desk:
    """One screen of writing: the head, the paragraphs, what is wrong with which of them."""

    def __init__(self, request: HttpRequest, *, kind: str, fixed: bool = False, note: bool = False) -> None:
        self.request, self.kind, self.fixed, self.note = request, kind, fixed, note
        self.token = str(form_token(request.POST.get("form_token", "")))
        self.rows: list[Row] = []
        self.errors: list[tuple[str | None, str]] = []
        self.seen: int | None = None
        self.facts: dict[str, Any] = {}
        self.attachments: list[Any] = []
        self.theirs: Edition | None = None
        self.form = self.blank({})

    def units(self) -> list[tuple[str, str]]:
        viewer = self.request.viewer
        rows = Unit.objects.visible_to(viewer).filter(dissolved_on__isnull=True)
        return list((rows.filter(pk__in=viewer.tenant) if viewer.tenant else rows).values_list("code", "name"))

    def blank(self, initial: dict[str, Any]) -> StoryForm:
        return StoryForm(initial=initial, units=self.units(), fixed=self.fixed, note=self.note)

    def hold(self, revision: Revision) -> None:
        """What a revision holds besides its paragraphs goes into the next one as it is."""
        self.facts = revision.facts
        self.attachments = [(one.file, one.name, one.parts) for one in revision.attachments.select_related("file")]

    def bind(self) -> bool:
        """Everything that came with the request; whether it is to be saved now."""
        request = self.request
        self.rows = rows_from(request)
        seen = request.POST.get("seen_revision", "")
        self.seen = int(seen) if seen.isascii() and seen.isdigit() else None
        if request.POST.get("act") == "more":
            self.form = self.blank({name: request.POST.get(name, "") for name in self.form.fields})
            self.rows = rows_of([row.typed for row in self.rows if row.typed.text.strip()])
            return False
        self.form = StoryForm(request.POST, units=self.units(), fixed=self.fixed, note=self.note)
        return self.form.is_valid()

    def content(self) -> Content:
        """Raises ``Refused`` as ``take`` does."""
        written = [row.typed for row in self.rows if row.typed.text.strip()]
        claims = take(self.request.town, written)
        return Content(self.form.cleaned_data["title"], "", self.attachments, self.facts, claims)

    def metadata(self) -> Metadata:
        cleaned = self.form.cleaned_data
        unit = Unit.objects.filter(town=self.request.town, code=cleaned["unit"]).first()
        return Metadata(
            issuer=unit.name if unit else "",
            unit=unit,
            kind=self.kind,
            generated_on=cleaned["generated_on"],
            identity=f"desk:{self.token}",
        )

    def refuse(self, refusal: Refused) -> None:
        if refusal.field in self.form.fields:
            self.form.add_error(refusal.field, refusal.message)
        else:
            self.errors.append((refusal.field, refusal.message))

    def draw(self, heading: str, back: str) -> HttpResponse:
        if self.form.is_bound:
            # Numbered as the sentences about them count: without what is empty.
            self.rows = rows_of([row.typed for row in self.rows if row.typed.text.strip()])
        addresses = {row.number: address_of(self.request.town, row.typed.address) for row in self.rows}
        standing = find(self.request.town, filter(None, addresses.values()))
        for row in self.rows:
            if (source := standing.get(addresses[row.number])) and source.public:
                row.source = "，".join(filter(None, [source.title, source.version, chinese_date(source.on)]))
        bad = bool(self.errors or self.theirs or (self.form.is_bound and self.form.errors))
        context = {
            "heading": heading,
            "back": back,
            "form": self.form,
            "rows": self.rows,
            "marks": MARKS,
            "errors": self.errors,
            "wrong": {name for name, _ in self.errors},
            "token": self.token,
            "seen": self.seen,
            "theirs": self.theirs,
        }
        return page(self.request, "desk/stories/edit.html", context, active="stories", status=422 if bad else 200)


def _chosen(request: HttpRequest) -> list[Typed]:
    """The first words of a story: of the changes that were ticked."""
    keys = [int(key) for key in request.GET.getlist("event")[:MOST_CHOSEN] if key.isascii() and key.isdigit()]
    return [change.typed for change in changes.chosen(request.viewer, [key for key in keys if key < 2**63])]


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A story, from what was ticked or from nothing; with a month its digest."""
    first = month.begun(request.GET.get("month", "")) if not request.viewer.tenant else None
    desk = Desk(request, kind="digest" if first else "story")
    if first:
        desk.facts = {"fields": {"month": f"{first:%Y-%m}"}, "sheets": {}}
    heading, back = "写月报" if first else "写新闻", "/desk/stories/"
    if request.method == "GET":
        mine = next((post.unit.code for post in my_posts(request) if P.DOCUMENT_DRAFT in post.permissions), "")
        title = digest.title_of(first) if first else ""
        desk.form = desk.blank({"unit": mine, "title": title, "generated_on": timezone.localdate().isoformat()})
        desk.rows = rows_of(digest.compose(request.town, first) if first else _chosen(request))
        return desk.draw(heading, back)
    if desk.bind():
        try:
            edition = drafting.begin(
                town=request.town, metadata=desk.metadata(), content=desk.content(), by=request.user
            )
        except Refused as refusal:
            desk.refuse(refusal)
        else:
            return done(
                request, f"/desk/info/{edition.pk}", f"已保存，索引号 {edition.document.index_number}。看过以后再送审。"
            )
    return desk.draw(heading, back)


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft. Saving takes every source anew, as it stands now."""
    edition = edition_or_404(request, pk)
    document, fixed = edition.document, edition.document.current_id is not None
    desk = Desk(request, kind=document.kind, fixed=fixed)
    desk.hold(edition.revision)
    heading, back = f"修改：{edition.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        initial = {"title": edition.revision.title, "unit": document.unit.code if document.unit else ""}
        initial["generated_on"] = document.generated_on.isoformat() if document.generated_on else ""
        desk.form, desk.seen = desk.blank(initial), edition.revision.number
        desk.rows = rows_of(typed_of(edition.revision.claims.all()))
        return desk.draw(heading, back)
    if desk.bind():
        try:
            actions.revise(
                edition=edition,
                content=desk.content(),
                by=request.user,
                metadata=None if fixed else desk.metadata(),
                seen_revision=desk.seen,
            )
        except Refused as refusal:
            desk.refuse(refusal)
            now = edition_or_404(request, pk)
            if now.revision.number != desk.seen:
                # A colleague saved in between: theirs is shown beside, and the next save counts as having seen it.
                desk.theirs, desk.seen = now, now.revision.number
        else:
            return done(request, back, "已保存。")
    return desk.draw(heading, back)


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A corrected edition; the published one stays until the new one is public."""
    document = renewable_or_404(request, pk)
    desk = Desk(request, kind=document.kind, fixed=True, note=True)
    desk.hold(document.current.revision)
    heading, back = f"更正：{document.current.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        desk.form = desk.blank({"title": document.current.revision.title})
        desk.rows = rows_of(typed_of(document.current.revision.claims.all()))
        return desk.draw(heading, back)
    if desk.bind():
        try:
            check_still_renewable(document, pk)
            edition = actions.new_edition(
                document=document, content=desk.content(), by=request.user, note=desk.form.cleaned_data["note"]
            )
        except Refused as refusal:
            desk.refuse(refusal)
        else:
            return done(request, f"/desk/info/{edition.pk}", f"第 {edition.number} 版已保存，公开以前旧版照常公开。")
    return desk.draw(heading, back)
