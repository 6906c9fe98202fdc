"""Keeping items at the desk: a new item, a draft's whole text on one page, the next version of what is in force."""

from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import EDITORS, denied, done, page, staff_required
from mingtang.desk.forms import PICK
from mingtang.desk.keeping import drawing, enclosures, merging, starting
from mingtang.desk.keeping.sheet import Sheet, keys_of, texts_of
from mingtang.desk.keeping.stored import Data
from mingtang.desk.views.items import version_of
from mingtang.desk.views.law_lookup import standing
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit
from mingtang.people.policies import actor
from mingtang.rulebook import actions, requirements
from mingtang.rulebook.actions import MAX_NAME, Overtaken
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.laws.resolve import Shelf
from mingtang.rulebook.models import Law, Version
from mingtang.rulebook.policies import can_keep, kept_units
from mingtang.rulebook.spec import parse

_SALT = "item-base"
MOST_LAWS = 300


class ItemForm(forms.Form):
    """A new item: three things, the rest follows or is written on the next page."""

    name = forms.CharField(
        label="事项名称",
        max_length=MAX_NAME,
        help_text="群众看得懂的叫法。例如：高龄补贴申领。",
        error_messages={"required": "请填写事项名称。"},
    )
    code = forms.CharField(
        label="事项编码",
        max_length=40,
        help_text="3 到 40 位字母、数字和短横线，定了不再改。例如：LN-002。",
        error_messages={"required": "请填写事项编码。"},
    )
    unit = forms.ChoiceField(label="实施单位", error_messages=PICK)
    like = forms.CharField(
        label="照着哪个事项写",
        max_length=40,
        required=False,
        help_text="填那个事项的编码，内容先照抄过来再改。不填就从空白写起。",
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **more: Any):
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", "请选择"), *units]


def _units(request: HttpRequest) -> list[Unit]:
    """The standing units whose items this person keeps."""
    rows = Unit.objects.visible_to(request.viewer).filter(dissolved_on__isnull=True)
    if not request.viewer.may(P.ITEM_EDIT):
        rows = rows.filter(pk__in=kept_units(request.user))
    return list(rows)


@staff_required(*EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """List a new item and go on to its page."""
    units = _units(request)
    choices = [(unit.code, unit.name) for unit in units]
    if request.method == "GET":
        only = choices[0][0] if len(choices) == 1 else ""
        form = ItemForm(initial={"like": request.GET.get("like", "")[:40], "unit": only}, units=choices)
        return page(request, "desk/items/new.html", {"form": form}, active="items")
    form = ItemForm(request.POST, units=choices)
    if form.is_valid():
        try:
            version = _listed(request, form.cleaned_data, {unit.code: unit for unit in units})
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            said = "已经列入目录，群众还看不到。请把下面各项写齐。"
            return done(request, f"/desk/items/{version.item.code}/1/edit", said)
    return page(request, "desk/items/new.html", {"form": form}, active="items", status=422)


def _listed(request: HttpRequest, typed: dict[str, str], units: dict[str, Unit]) -> Version:
    unit, name = units[typed["unit"]], typed["name"].strip()
    if typed["like"]:
        rows = (
            Version.objects.visible_to(request.viewer).select_related("item").filter(item__code=typed["like"].strip())
        )
        other = rows.filter(state=VersionState.IN_FORCE).first() or rows.order_by("-number").first()
        if other is None:
            raise Refused(f"没有编码是“{typed['like']}”的事项。请核对，或者留空。", field="like")
        data = starting.copied(other, unit, name)
    else:
        data = starting.first_draft(request.town, unit, name)
    by = request.user
    return actions.list_item(town=request.town, code=typed["code"], unit=unit, data=data, by=actor(by), editor=by)


@staff_required(*EDITORS)
@require_POST
def renew(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The next version, begun from this one; a draft that is open already is gone on with."""
    version = version_of(request, code, number)
    if not can_keep(request.user, request.town, version.item.unit):
        return denied(request, (P.ITEM_EDIT,))
    draft = version.item.versions.filter(state=VersionState.DRAFT).order_by("-number").first()
    if draft is not None:
        return done(request, f"/desk/items/{code}/{draft.number}/edit", f"第 {draft.number} 版草案已经有了，接着写。")
    draft = actions.new_version(item=version.item, data=version.whole, by=request.user)
    said = f"第 {draft.number} 版草案，从第 {number} 版抄来。施行以前，群众看到的还是现行的版本。"
    return done(request, f"/desk/items/{code}/{draft.number}/edit", said)


class Desk:
    """One screen of keeping a draft: the sheet, what it was opened from, what is to be said."""

    def __init__(self, request: HttpRequest, version: Version) -> None:
        self.request, self.version = request, version
        stored = sorted((text, text) for text in texts_of(version.whole) if text)
        self.offers = {**starting.posts_for(request.town), "stored": stored}
        self.taken = keys_of(version.whole) | keys_of(version.item.current.data if version.item.current else {})
        self.base: Data = version.whole
        self.sheet = Sheet.of(version.whole, self.offers, self.taken) if request.method == "GET" else self._posted()
        self.theirs: list[merging.Change] = []
        self.trouble = ""
        self.unit = request.POST.get("unit", "")

    def _posted(self) -> Sheet:
        return Sheet.posted(self.request.POST, self.offers, self.taken)

    @property
    def units(self) -> list[Unit]:
        """To which units the item can be handed: until it was in force, and when its unit is gone."""
        item = self.version.item
        fixed = item.current_id and item.unit and not item.unit.dissolved_on
        return [] if fixed else _units(self.request)

    def read_base(self) -> bool:
        """The text the editor began from, as the form brought it back; False for half a form."""
        try:
            self.base = signing.loads(self.request.POST.get("base", ""), salt=_SALT)
        except signing.BadSignature:
            return False
        return True

    def save(self) -> bool:
        """Bind, act, and say what was refused; True when the draft is saved."""
        data = self.sheet.read(self.base)
        enclosures.check(self.sheet, self.request.town)
        if self.sheet.errors:
            return False
        unit = next((unit for unit in self.units if unit.code == self.unit), None)
        try:
            actions.edit(version=self.version, data=data, by=self.request.user, seen=self.base, unit=unit)
        except Overtaken:
            self._meet(data)
            return False
        except Refused as refusal:
            self.trouble = refusal.message
            return False
        return True

    def _meet(self, mine: Data) -> None:
        """A colleague saved meanwhile: what only they changed is taken over, what both changed stays as typed here."""
        self.version = version_of(self.request, self.version.item.code, self.version.number)
        theirs = self.version.whole
        self.theirs = merging.changes(self.base, mine, theirs, self.sheet.offers)
        self.sheet = Sheet.of(merging.merge(self.base, mine, theirs), self.offers, self.taken | keys_of(theirs))
        self.base = theirs

    def issues(self) -> list[requirements.Issue]:
        """What the gate would still ask of the text as it stands on the screen."""
        errors = dict(self.sheet.errors)
        data = self.sheet.read(self.base)
        self.sheet.errors = errors
        return requirements.gate(self.version, parse(data))

    def laws(self) -> dict[str, dict[str, Any]]:
        """Each basis as typed: whether it is in force today, and its words."""
        rows = {
            f"basis-{n}": (row["law"].strip(), row["article"].strip())
            for n, row in enumerate(self.sheet.typed["basis"])
            if row["law"].strip()
        }
        shelf, on = Shelf.for_citations(self.request.town, rows.values()), timezone.localdate()
        return {name: standing(shelf.resolve(law, article, on)) for name, (law, article) in rows.items()}

    def draw(self, *, status: int = 200) -> HttpResponse:
        version, sheet = self.version, self.sheet
        issues = self.issues()
        titles = Law.objects.of(self.request.town).in_force(timezone.localdate()).order_by("title")
        context = {
            "version": version,
            "item": version.item,
            "sections": drawing.sections(sheet, issues),
            "problems": drawing.problems(sheet) + ([(None, self.trouble)] if self.trouble else []),
            "issues": len(issues),
            "notes": sheet.notes,
            "focus": sheet.focus,
            "unsaved": self.request.method == "POST",
            "base": signing.dumps(self.base, salt=_SALT, compress=True),
            "theirs": self.theirs,
            "laws": self.laws(),
            "titles": list(dict.fromkeys(titles.values_list("title", flat=True)[:MOST_LAWS])),
            "files": enclosures.drawn(sheet, version.item.code),
            "units": self.units,
            "unit": self.unit or (version.item.unit.code if version.item.unit else ""),
        }
        return page(self.request, "desk/items/edit.html", context, active="items", status=status)


@staff_required(*EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The whole text of a draft. Buttons inside change rows; nothing is kept until it is saved."""
    version = version_of(request, code, number)
    here = f"/desk/items/{code}/{number}"
    if not can_keep(request.user, request.town, version.item.unit):
        return denied(request, (P.ITEM_EDIT,))
    if request.method == "GET":
        return Desk(request, version).draw() if version.state == VersionState.DRAFT else HttpResponseRedirect(here)
    desk = Desk(request, version)
    if not desk.read_base():
        desk.trouble = "这张表没有完整地送到，没有保存。请再点一次“保存”。"
        return desk.draw(status=422)
    if upload := request.FILES.get("upload"):
        enclosures.receive(desk.sheet, upload, request.POST.get("upload_for", ""), town=request.town, by=request.user)
    act = request.POST.get("act", "save")
    if act in {"save", "preview"}:
        if not desk.save():
            return desk.draw(status=422)
        if act == "preview":
            return HttpResponseRedirect(f"{here}/preview")
        return done(request, f"{here}/edit", "已保存。")
    if act in {"check", "upload"}:
        desk.sheet.focus = desk.sheet.focus or act
    elif not desk.sheet.do(act):
        desk.trouble = "没有这个按钮。请刷新页面后再办。"
    return desk.draw(status=422 if desk.trouble or desk.sheet.errors else 200)
