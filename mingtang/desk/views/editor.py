"""Writing: a new document, a draft, a corrected edition. What was typed stays on every error."""

import re
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from mingtang.desk import drafting
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.fact_form import FactForm, read_sheet
from mingtang.desk.forms import DocumentForm
from mingtang.desk.kept import Kept
from mingtang.desk.plaintext import to_plain
from mingtang.desk.taking import Taken, take
from mingtang.desk.views.info import check_still_renewable, edition_or_404, renewable_or_404
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content
from mingtang.disclosure.kinds import Kind, kind_of, kinds
from mingtang.disclosure.kinds.facts import Facts
from mingtang.disclosure.models import Edition
from mingtang.disclosure.reading import Reading
from mingtang.files import actions as files
from mingtang.files.policies import named
from mingtang.files.sniff import sniff
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit
from mingtang.people.policies import actor

_PLACE = re.compile("[0-9]{1,3}")
# Where a refusal of the room belongs on this form.
FIELDS = {"issuer": "unit", "attachments": "files"}


class Desk:
    """One screen of writing: the form, the body as HTML, the files, what is to be said."""

    def __init__(
        self, request: HttpRequest, kind: Kind, *, held: Facts | None = None, fixed: bool = False, note: bool = False
    ) -> None:
        self.request, self.kind, self.fixed, self.note = request, kind, fixed, note
        self.kept, self.body, self.seen = Kept.new(), "", None
        self.notes: list[str] = []
        self.sheets: list[str] = []
        self.taken = False
        self.file_errors: list[str] = []
        self.word_error = ""
        self.table_errors: list[tuple[str, str]] = []
        self.form = self.blank({})
        self.facts = FactForm(kind=kind, held=held)

    def units(self) -> list[tuple[str, str]]:
        viewer = self.request.viewer
        rows = Unit.objects.visible_to(viewer).filter(dissolved_on__isnull=True)
        if viewer.tenant:
            rows = rows.filter(pk__in=viewer.tenant)
        return list(rows.values_list("code", "name"))

    def blank(self, initial: dict[str, Any]) -> DocumentForm:
        return DocumentForm(initial=initial, units=self.units(), fixed=self.fixed, note=self.note)

    def bind(self) -> None:
        """Everything that came with the request."""
        request = self.request
        self.form = DocumentForm(request.POST, units=self.units(), fixed=self.fixed, note=self.note)
        self.facts = FactForm(request.POST, kind=self.kind)
        self.kept = Kept.read(request)
        try:
            self.body = drafting.body_of(request)
        except Refused as refusal:
            self.word_error = refusal.message
        seen = request.POST.get("seen_revision", "")
        self.seen = int(seen) if seen.isascii() and seen.isdigit() else None
        drafting.drop_unwanted(request, self.kept)
        drafting.describe(request, self.kept)
        self.file_errors = self.kept.receive(
            drafting.SLOT, request.FILES.getlist("files"), town=request.town, by=request.user
        )

    def read_in(self) -> bool:
        """Whether a button of reading was pressed, for the text or for a table; what it brought is in the form."""
        act = self.request.POST.get("act", "")
        if act == "word":
            self.take()
        elif act.startswith("table-"):
            self.read_table(act.removeprefix("table-"))
        else:
            return False
        return True

    def take(self) -> None:
        """Fill title and body from a file, or ask which of its sheets; nothing is saved yet."""
        typed = {name: self.request.POST.get(name, "") for name in self.form.fields}
        self.form = self.blank(typed)
        try:
            name, stream = self._source()
            chosen = [int(number) for number in self.request.POST.getlist("sheet") if _PLACE.fullmatch(number)]
            taken = take(name, stream, chosen=chosen, first=drafting.next_picture(self.kept))
            if taken.reading is None:
                self._ask_for_sheets(name, taken)
                return
        except Refused as refusal:
            self.word_error = refusal.message
            return
        self.kept.files.pop(drafting.BOOK, None)
        self.sheets = []
        self._fill(typed, taken.reading)
        self.notes += taken.notes
        pictures = [
            ContentFile(picture.data, named(picture.name, sniff(picture.data).endings[0])) for picture in taken.pictures
        ]
        self.file_errors += self.kept.receive(drafting.SLOT, pictures, town=self.request.town, by=self.request.user)
        if pictures:
            self.notes.append(f"取出了 {len(pictures)} 张图片，放在附件里。请给每张写一句，说它画的是什么。")

    def _source(self) -> tuple[str, BinaryIO]:
        """The file that was sent, or the spreadsheet whose sheets were asked for."""
        if upload := self.request.FILES.get("word"):
            self.kept.files.pop(drafting.BOOK, None)
            return upload.name, upload
        held = self.kept.stored(drafting.BOOK, self.request.town)
        if not held:
            raise Refused("还没有选文件。请先选一个文件，再点“从文件取正文”。")
        self.sheets = self.kept.files[drafting.BOOK][0][3]
        if not self.request.POST.getlist("sheet"):
            raise Refused("还没有选工作表。请至少选一张，再点“从文件取正文”。")
        return held[0].name, BytesIO(files.content(held[0])[1])

    def _ask_for_sheets(self, name: str, taken: Taken) -> None:
        """Keep the book until its sheets are chosen; it is no attachment."""
        request, called = self.request, named(PurePath(name).stem, "xlsx")
        book = files.store(
            town=request.town, name=called, stream=BytesIO(taken.book), by=actor(request.user), purpose="attachment"
        )
        self.kept.files[drafting.BOOK] = [[book.pk, called, "", taken.sheets]]
        self.sheets = taken.sheets
        sentence = f"“{name}”里有 {len(taken.sheets)} 张工作表。请在“正文已经写在文件里”选要用的，再取一次。"
        self.notes += [*taken.notes, sentence]

    def _fill(self, typed: dict[str, Any], found: Reading) -> None:
        typed |= {"title": found.title, "doc_number": found.doc_number or typed.get("doc_number", "")}
        if found.generated_on:
            typed["generated_on"] = found.generated_on.isoformat()
        self.form, self.body, self.taken = self.blank(typed), found.body_html, True
        mine = {"title", "body", "generated_on", "file"}
        self.notes += [f"已读入“{found.origin}”。请核对标题和正文，再保存。"]
        self.notes += [problem.sentence for problem in found.problems if problem.field in mine]

    def content(self) -> Content:
        title, town = self.form.cleaned_data["title"], self.request.town
        return drafting.content_of(title, self.body, self.kept, town, self.facts.facts)

    def read_table(self, code: str) -> None:
        """Fill a table from a spreadsheet; what else was typed stays, nothing is saved yet."""
        sheet, upload = self.kind.sheet(code), self.request.FILES.get(f"file-{code}")
        typed = self.request.POST.copy()
        try:
            if sheet is None or upload is None:
                raise Refused("还没有选表格文件。请先选文件，再点“读入”。")
            typed[f"sheet-{code}"] = read_sheet(sheet, upload)
            self.notes.insert(0, f"“{sheet.title}”已从“{upload.name}”读入。请核对，再保存。")
        except Refused as refusal:
            self.table_errors.append((f"sheet-{code}", refusal.message))
        self.facts = FactForm(typed, kind=self.kind)

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
        # Both are asked, so that everything there is to mend is said at once.
        return all([self.form.is_valid(), self.facts.is_valid(), not self.file_errors, not self.word_error])

    def draw(self, heading: str, back: str, edition: Edition | None = None, trouble: bool = False) -> HttpResponse:
        typed = self.request.POST.get("body", "") if self.request.POST.get("body_form") == "text" else ""
        wrong = [(name, sentence) for name, said in self.facts.errors.items() for sentence in said] + self.table_errors
        bad = trouble or bool(self.file_errors or self.word_error or wrong or (self.form.is_bound and self.form.errors))
        context = {
            "heading": heading,
            "back": back,
            "form": self.form,
            "kind": self.kind,
            "facts": self.facts,
            "edition": edition,
            "seen": self.seen,
            "token": self.kept.token,
            "kept": self.kept.signed(self.request.user),
            "attached": drafting.attached(self.kept),
            "sheets": list(enumerate(self.sheets)),
            "file_errors": self.file_errors,
            "word_error": self.word_error,
            "fact_errors": wrong,
            "notes": self.notes + self.kept.told,
            "taken": self.taken,
            # What was typed comes back letter for letter; only what a file or an edition brought is written out.
            "body_text": typed if typed and not self.taken else to_plain(self.body),
            "body_html": Markup(self.body),  # noqa: S704 (clean_html made it)
            # A colleague saved in between: theirs is shown beside, and the next save counts as having seen it.
            "theirs": edition if trouble else None,
        }
        return page(self.request, "desk/info/edit.html", context, active="info", status=422 if bad else 200)


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new document of the kind asked for: it gets its index number when it is saved the first time."""
    kind = kind_of(request.GET.get("kind", ""))
    if kind.claims:
        return HttpResponseRedirect("/desk/stories/")
    desk, heading, back = Desk(request, kind), f"起草{kind.name}", "/desk/info/"
    if request.method == "GET":
        mine = next((post.unit.code for post in my_posts(request) if P.DOCUMENT_DRAFT in post.permissions), "")
        desk.form = desk.blank({"unit": mine})
        return desk.draw(heading, back)
    desk.bind()
    if desk.read_in():
        return desk.draw(heading, back)
    if desk.ready:
        try:
            metadata = drafting.metadata_of(desk.form.cleaned_data, request.town, desk.kept.token, kind)
            edition = drafting.begin(
                town=request.town,
                metadata=metadata,
                content=desk.content(),
                by=request.user,
                column=request.GET.get("column", "")[:20],
            )
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
    fixed, kind = edition.document.current_id is not None, kind_of(edition.document.kind)
    if kind.claims:
        return HttpResponseRedirect(f"/desk/stories/{pk}/edit")
    desk = Desk(request, kind, held=edition.revision.facts, fixed=fixed)
    heading, back = f"修改：{edition.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        desk.form, desk.body = desk.blank(_initial(edition)), edition.revision.body_html
        desk.kept, desk.seen = drafting.kept_of(edition), edition.revision.number
        return desk.draw(heading, back, edition)
    desk.bind()
    if desk.read_in():
        return desk.draw(heading, back, edition)
    if not desk.ready:
        return desk.draw(heading, back, edition)
    content = desk.content()
    metadata = None if fixed else drafting.metadata_of(desk.form.cleaned_data, request.town, desk.kept.token, kind)
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
    kind = kind_of(document.kind)
    if kind.claims:
        return HttpResponseRedirect(f"/desk/stories/{pk}/renew")
    desk = Desk(request, kind, held=document.current.revision.facts, fixed=True, note=True)
    heading, back = f"出新版：{document.current.revision.title}", f"/desk/info/{pk}"
    if request.method == "GET":
        desk.form = desk.blank({"title": document.current.revision.title})
        desk.body, desk.kept = document.current.revision.body_html, drafting.kept_of(document.current)
        return desk.draw(heading, back)
    desk.bind()
    if desk.read_in():
        return desk.draw(heading, back)
    if desk.ready:
        try:
            check_still_renewable(document, pk)
            edition = actions.new_edition(
                document=document, content=desk.content(), by=request.user, note=desk.form.cleaned_data["note"]
            )
        except Refused as refusal:
            desk.refuse(refusal)
        else:
            return desk.saved(f"/desk/info/{edition.pk}", f"第 {edition.number} 版已保存，公开以前旧版照常公开。")
    return desk.draw(heading, back)


@staff_required(P.DOCUMENT_DRAFT)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of document it will be: the kind asks for what the law wants of it."""
    groups: dict[str, list[Kind]] = {}
    for kind in kinds().values():
        groups.setdefault(kind.group, []).append(kind)
    return page(request, "desk/info/kinds.html", {"groups": groups}, active="info")


@staff_required(P.DOCUMENT_DRAFT)
@require_safe
def blank_table(request: HttpRequest, kind: str, sheet: str) -> HttpResponse:
    """An empty table of a kind with its heads, to fill in and read in again."""
    found = kind_of(kind).sheet(sheet)
    if found is None:
        raise Http404
    answer = HttpResponse(
        "\ufeff" + ",".join(column.label for column in found.columns) + "\r\n", "text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.title)}.csv"
    return answer
