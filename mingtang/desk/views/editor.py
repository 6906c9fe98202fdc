"""Writing: a new document, a draft, a corrected edition. What was typed stays on every error."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from mingtang.desk import drafting
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.forms import DocumentForm
from mingtang.desk.kept import Kept
from mingtang.desk.plaintext import to_plain
from mingtang.desk.views.info import edition_or_404, renewable_or_404
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content
from mingtang.disclosure.models import Edition
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit

# Where a refusal of the room belongs on this form.
FIELDS = {"issuer": "unit", "attachments": "files"}


class Desk:
    """One screen of writing: the form, the body as HTML, the files, what is to be said."""

    def __init__(self, request: HttpRequest, *, fixed: bool = False, note: bool = False) -> None:
        self.request, self.fixed, self.note = request, fixed, note
        self.kept, self.body, self.seen = Kept.new(), "", None
        self.notes: list[str] = []
        self.file_errors: list[str] = []
        self.word_error = ""
        self.form = self.blank({})

    def units(self) -> list[tuple[str, str]]:
        rows = Unit.objects.visible_to(self.request.viewer).filter(dissolved_on__isnull=True)
        return list(rows.values_list("code", "name"))

    def blank(self, initial: dict[str, Any]) -> DocumentForm:
        return DocumentForm(initial=initial, units=self.units(), fixed=self.fixed, note=self.note)

    def bind(self) -> None:
        """Everything that came with the request."""
        request = self.request
        self.form = DocumentForm(request.POST, units=self.units(), fixed=self.fixed, note=self.note)
        self.kept, self.body = Kept.read(request), drafting.body_of(request)
        seen = request.POST.get("seen_revision", "")
        self.seen = int(seen) if seen.isascii() and seen.isdigit() else None
        drafting.drop_unwanted(request, self.kept)
        self.file_errors = self.kept.receive(
            drafting.SLOT, request.FILES.getlist("files"), town=request.town, by=request.user
        )
        self.notes += self.kept.told

    def read_word(self) -> None:
        """Fill title and body from an uploaded file; nothing is saved yet."""
        typed = {name: self.request.POST.get(name, "") for name in self.form.fields}
        upload = self.request.FILES.get("word")
        try:
            if upload is None:
                raise Refused("还没有选文件。请先选一个 Word 文件，再点“读入”。")
            found = drafting.read_word(upload)
        except Refused as refusal:
            self.word_error = refusal.message
            self.form = self.blank(typed)
            return
        typed |= {"title": found.title, "doc_number": found.doc_number or typed.get("doc_number", "")}
        if found.generated_on:
            typed["generated_on"] = found.generated_on.isoformat()
        self.form, self.body = self.blank(typed), found.body_html
        mine = {"title", "body", "generated_on", "file"}
        self.notes = [problem.sentence for problem in found.problems if problem.field in mine]
        self.notes.insert(0, f"已读入“{upload.name}”。请核对标题和正文，再保存。")

    def content(self) -> Content:
        return drafting.content_of(self.form.cleaned_data["title"], self.body, self.kept, self.request.town)

    def refuse(self, refusal: Refused) -> None:
        field = FIELDS.get(refusal.field or "", refusal.field)
        if field == "files":
            self.file_errors.append(refusal.message)
        else:
            self.form.add_error(field if field in self.form.fields else None, refusal.message)

    def saved(self, url: str, sentence: str) -> HttpResponse:
        """On to the next page, with what there is to say of the files."""
        return done(self.request, url, "".join([sentence, *self.kept.told]))

    @property
    def ready(self) -> bool:
        return self.form.is_valid() and not self.file_errors

    def draw(self, heading: str, back: str, edition: Edition | None = None, trouble: bool = False) -> HttpResponse:
        typed = self.request.POST.get("body", "") if self.request.POST.get("body_form") == "text" else ""
        bad = trouble or bool(self.file_errors or self.word_error or (self.form.is_bound and self.form.errors))
        context = {
            "heading": heading,
            "back": back,
            "form": self.form,
            "edition": edition,
            "seen": self.seen,
            "token": self.kept.token,
            "kept": self.kept.signed(self.request.user),
            "attached": self.kept.shown(drafting.SLOT),
            "file_errors": self.file_errors,
            "word_error": self.word_error,
            "notes": self.notes,
            # What was typed comes back letter for letter; only what a file or an edition brought is written out.
            "body_text": typed if typed and not self.notes else to_plain(self.body),
            "body_html": Markup(self.body),  # noqa: S704 (clean_html made it)
            # A colleague saved in between: theirs is shown beside, and the next save counts as having seen it.
            "theirs": edition if trouble else None,
        }
        return page(self.request, "desk/info/edit.html", context, active="info", status=422 if bad else 200)


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new document: it gets its index number when it is saved the first time."""
    desk, heading, back = Desk(request), "起草政府信息", "/desk/info/"
    if request.method == "GET":
        mine = next((post.unit.code for post in my_posts(request) if P.DOCUMENT_DRAFT in post.permissions), "")
        desk.form = desk.blank({"unit": mine})
        return desk.draw(heading, back)
    desk.bind()
    if request.POST.get("act") == "word":
        desk.read_word()
        return desk.draw(heading, back)
    if desk.ready:
        try:
            metadata = drafting.metadata_of(desk.form.cleaned_data, request.town, desk.kept.token)
            edition = drafting.begin(town=request.town, metadata=metadata, content=desk.content(), by=request.user)
        except Refused as refusal:
            desk.refuse(refusal)
        else:
            return desk.saved(f"/desk/info/{edition.pk}", f"已保存，索引号 {edition.document.index_number}。")
    return desk.draw(heading, back)


def _initial(edition: Edition) -> dict[str, Any]:
    document = edition.document
    return {
        "title": edition.revision.title,
        "unit": document.unit.code if document.unit else "",
        "theme": document.theme,
        "doc_number": document.doc_number,
        "generated_on": document.generated_on.isoformat() if document.generated_on else "",
    }


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft. Whoever began from an older revision is told, and keeps what they typed."""
    edition = edition_or_404(request, pk)
    fixed = edition.document.current_id is not None
    desk, heading, back = Desk(request, fixed=fixed), f"修改：{edition.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        desk.form, desk.body = desk.blank(_initial(edition)), edition.revision.body_html
        desk.kept, desk.seen = drafting.kept_of(edition), edition.revision.number
        return desk.draw(heading, back, edition)
    desk.bind()
    if request.POST.get("act") == "word":
        desk.read_word()
        return desk.draw(heading, back, edition)
    if not desk.ready:
        return desk.draw(heading, back, edition)
    content = desk.content()
    metadata = None if fixed else drafting.metadata_of(desk.form.cleaned_data, request.town, desk.kept.token)
    try:
        actions.revise(edition=edition, metadata=metadata, content=content, by=request.user, seen_revision=desk.seen)
    except Refused as refusal:
        now = edition_or_404(request, pk)
        if not drafting.is_saved(now, content, request.user):
            desk.refuse(refusal)
            trouble, desk.seen = desk.seen != now.revision.number, now.revision.number
            return desk.draw(heading, back, now, trouble=trouble)
    return desk.saved(back, "已保存。")


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A corrected edition of what is published; the published one stays until the new one is public."""
    document = renewable_or_404(request, pk)
    desk = Desk(request, fixed=True, note=True)
    heading, back = f"出新版：{document.current.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        desk.form = desk.blank({"title": document.current.revision.title})
        desk.body, desk.kept = document.current.revision.body_html, drafting.kept_of(document.current)
        return desk.draw(heading, back)
    desk.bind()
    if request.POST.get("act") == "word":
        desk.read_word()
        return desk.draw(heading, back)
    if desk.ready:
        try:
            edition = actions.new_edition(
                document=document, content=desk.content(), by=request.user, note=desk.form.cleaned_data["note"]
            )
        except Refused as refusal:
            desk.refuse(refusal)
        else:
            return desk.saved(f"/desk/info/{edition.pk}", f"第 {edition.number} 版已保存，公开以前旧版照常公开。")
    return desk.draw(heading, back)
