"""Taking a law in, and setting right how our copy reads: the text is pasted, the articles read from it are seen."""

import hashlib
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import said
from mingtang.desk.law_forms import NATIONAL, OWN, LawForm
from mingtang.desk.plaintext import to_plain
from mingtang.desk.taking import take
from mingtang.desk.views.laws import law_or_404
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P
from mingtang.rulebook.laws import actions
from mingtang.rulebook.laws.actions import NewArticle, NewLaw
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.laws.policies import SHARED, is_shared, why_not
from mingtang.rulebook.laws.reading import MOST_NAMED, LawReading, read_law
from mingtang.rulebook.models import Law

# Where a refusal of the room belongs on this form.
FIELDS = {"articles": "body"}


class Taking:
    """One screen: the form, the articles read from what is pasted, what is to be said."""

    def __init__(self, request: HttpRequest, law: Law | None = None) -> None:
        self.request, self.law = request, law
        self.shared = is_shared(request.town)
        self.reading: LawReading | None = None
        self.word_error = self.note = ""
        self.form = self.blank(_begun(law) if law else {"place": OWN, "level": LawLevel.NORMATIVE})

    def blank(self, initial: dict[str, Any]) -> LawForm:
        return LawForm(initial=initial, shared=self.shared, correcting=self.law is not None)

    def bind(self, data: Any) -> None:
        self.form = LawForm(data, shared=self.shared, correcting=self.law is not None)

    def read_word(self) -> None:
        """Fill in what an uploaded file says; nothing is taken in yet."""
        typed = {name: self.request.POST.get(name, "") for name in self.form.fields}
        upload = self.request.FILES.get("word")
        try:
            if upload is None:
                raise Refused("还没有选文件。请先选一个 Word 文件，再点“读入”。")
            found = take(upload.name, upload).reading
            if found is None:
                raise Refused("这是有几张工作表的表格，不是法律文件。请选 Word 文件。")
        except Refused as refusal:
            self.word_error, self.form = refusal.message, self.blank(typed)
            return
        read = {"title": found.title, "doc_number": found.doc_number, "published_on": found.generated_on}
        typed |= {name: str(value) for name, value in read.items() if value and not typed.get(name)}
        self.form = self.blank(typed | {"body": to_plain(found.body_html)})
        self.note = f"已读入“{upload.name}”。请核对下面各栏，再点“读出条文”。"

    def read(self) -> bool:
        """Read the articles of what was typed; false when it cannot become a law as it is."""
        if not self.form.is_valid():
            return False
        typed = self.form.cleaned_data
        stated = typed.get("effective_on") or (self.law.effective_on if self.law else None)
        record = {
            "title": typed.get("title") or (self.law.title if self.law else ""),
            "level": typed["level"],
            "region": typed["region"],
            "publish_date": str(typed["published_on"] or ""),
            "effective_date": str(stated or ""),
            "body": typed["body"],
        }
        self.reading = read_law(record)
        if not self.reading.articles:
            self.form.add_error("body", "正文里没有读出条文，请粘贴全文。")
            return False
        if self.reading.effective_on is None:
            self.form.add_error("effective_on", "正文里读不出从哪天起施行，请填写施行日期。")
            return False
        if stated is None:
            # What was read stands in its field from now on, so that it is seen and can be set right.
            data = self.request.POST.copy()
            data["effective_on"] = str(self.reading.effective_on)
            self.bind(data)
            self.form.full_clean()
        return True

    @property
    def digest(self) -> str:
        """Of the text whose articles are shown: only what was seen is taken in."""
        body = self.form["body"].value() or ""
        return hashlib.sha256("".join(body.split()).encode()).hexdigest()[:16]

    def new_law(self) -> NewLaw:
        assert self.reading is not None and self.reading.effective_on is not None
        typed, law = self.form.cleaned_data, self.law
        return NewLaw(
            title=law.title if law else self.reading.title,
            level=typed["level"],
            effective_on=self.reading.effective_on,
            articles=tuple(NewArticle(row.number, row.sub, row.text) for row in self.reading.articles),
            region=self.reading.region,
            issuer=typed["issuer"].strip(),
            doc_number=typed["doc_number"].strip(),
            published_on=typed["published_on"],
            complete=typed.get("complete", True),
            short_titles=tuple(dict.fromkeys(typed["short_titles"])),
            **({"inferred": law.inferred, "expired": law.expired, "source_id": law.source_id} if law else {}),
        )

    def refuse(self, refusal: Refused) -> None:
        said(self.form, Refused(refusal.message, FIELDS.get(refusal.field or "", refusal.field)))

    def draw(self) -> HttpResponse:
        bad = bool(self.word_error or (self.form.is_bound and self.form.errors))
        context = {
            "law": self.law,
            "form": self.form,
            "shared": SHARED if self.shared and not self.law else "",
            "reading": None if bad else self.reading,
            "changes": _changes(self.law, self.reading) if self.law and self.reading and not bad else [],
            "digest": self.digest,
            "note": self.note,
            "word_error": self.word_error,
        }
        return page(self.request, "desk/laws/text.html", context, active="laws", status=422 if bad else 200)


def _begun(law: Law) -> dict[str, Any]:
    """The form as our copy stands; only what was never amended is corrected whole, so each article has one wording."""
    rows = law.articles.order_by("order", "number", "sub")
    names = ("level", "issuer", "doc_number", "region", "published_on", "complete")
    return {
        **{name: getattr(law, name) for name in names},
        "short_titles": "、".join(law.short_titles),
        "body": "\n\n".join(f"{row.label}　{row.text}" if row.number else row.text for row in rows),
    }


def _changes(law: Law, reading: LawReading) -> list[str]:
    """What another text changes in our copy, by article."""
    ours = {row.label: row.text for row in law.articles.order_by("order", "number", "sub")}
    theirs = {row.label: row.text for row in reading.articles}
    rows = (
        ("文字有变动", [name for name in theirs if name in ours and ours[name] != theirs[name]]),
        ("本库没有、这次增加", [name for name in theirs if name not in ours]),
        ("本库有、这次没有", [name for name in ours if name not in theirs]),
    )
    found = [f"{what}的 {len(names)} 条：{_named(names)}。" for what, names in rows if names]
    return found or ["条文和本库现在的一字不差。"]


def _named(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")


def _answer(taking: Taking) -> HttpResponse | None:
    """What to show after a POST; None when what was read and seen is to be taken in now."""
    request = taking.request
    if request.POST.get("act") == "word":
        taking.read_word()
        return taking.draw()
    taking.bind(request.POST)
    if not taking.read() or request.POST.get("act") != "take":
        return taking.draw()
    if request.POST.get("seen") != taking.digest:
        taking.note = "正文改过了。请再核对一次读出的条文，再收录。"
        return taking.draw()
    return None


@staff_required(P.ITEM_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A law, or a paper of the town: pasted, read, seen, taken in."""
    taking = Taking(request)
    if request.method != "POST":
        return taking.draw()
    answer = _answer(taking)
    if answer is not None:
        return answer
    own = taking.form.cleaned_data.get("place", OWN) != NATIONAL
    try:
        law = actions.add_law(taking.new_law(), town=request.town if own else None, by=request.user)
    except Refused as refusal:
        taking.refuse(refusal)
        return taking.draw()
    return done(request, f"/desk/laws/{law.pk}", f"《{law.title}》已经收录，{_when(law.effective_on)}。")


def _when(day: date) -> str:
    return f"{chinese_date(day)}起施行" + ("" if day <= timezone.localdate() else "，现在还没有施行")


@staff_required(P.ITEM_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right how our copy reads. What the law itself changed is recorded by amending it."""
    law = law_or_404(request, pk)
    why = why_not(request.user, law.town)
    if why or actions.is_amended(law):
        return refused(request, law, why or "登记过条文修改的，全文不能整篇更正。请逐条登记。")
    taking = Taking(request, law)
    if request.method != "POST":
        return taking.draw()
    answer = _answer(taking)
    if answer is not None:
        return answer
    try:
        actions.correct(law=law, new=taking.new_law(), by=request.user)
    except Refused as refusal:
        taking.refuse(refusal)
        return taking.draw()
    return done(request, f"/desk/laws/{pk}", f"本库的《{law.title}》已经更正。")


def refused(request: HttpRequest, law: Law, why: str) -> HttpResponse:
    """An act that is not open to this person on this law: a sentence, and the way back."""
    context = {"title": law.title, "sentence": why, "back": f"/desk/laws/{law.pk}"}
    return page(request, "desk/sentence.html", context, active="laws", status=403)
