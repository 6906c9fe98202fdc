"""授权书 at the desk: what nobody may decide now, every letter, and a letter's issue and end."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK, DayField, ReasonForm, said
from mingtang.hall import letters
from mingtang.lib.errors import Refused
from mingtang.people.actions import MAX_LIMIT, MAX_NUMBER
from mingtang.people.enums import Permission as P
from mingtang.people.models import Delegation, Post, Unit
from mingtang.rulebook.models import Item

READERS = (P.DELEGATE, P.PEOPLE_READ, P.WINDOW_RUN)
PAGE, MOST_LACKING = 50, 50
TONES = {"revoked": "stop", "ended": "late", "coming": "todo", "soon": "today", "valid": "done"}
A_YEAR = timedelta(days=365)


class LetterForm(forms.Form):
    """A letter for the decision of one item."""

    grantor = forms.ModelChoiceField(Unit.objects.none(), label="授权单位", error_messages=PICK)
    number = forms.CharField(
        label="授权书编号",
        max_length=MAX_NUMBER,
        help_text="纸上签字盖章的那一份的编号。例如：万授〔2026〕6号。",
        error_messages={"required": "请填写授权书编号。"},
    )
    item = forms.CharField(
        label="事项编码",
        max_length=40,
        help_text="授权办哪个事项的决定。例如：SW-003。",
        error_messages={"required": "请填写事项编码，或者点上面列出的一个。"},
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label="授给哪个岗位", help_text="只列有权作决定的岗位。", error_messages=PICK
    )
    limit = forms.CharField(
        label="限度",
        max_length=MAX_LIMIT,
        required=False,
        help_text="到多少为止。例如：每户采伐十立方米以下。不限的不填，以办事指南写的为准。",
    )
    valid_from = DayField(label="从哪天起", error_messages={"required": "请填写从哪天起。"})
    valid_to = DayField(label="到哪天止", help_text="这一天还算数。", error_messages={"required": "请填写到哪天止。"})

    def __init__(self, data: Any = None, *, grantors: list[Unit], posts: list[Post], **more: Any) -> None:
        super().__init__(data, **more)
        for name, rows, kind in (("grantor", grantors, Unit), ("post", posts, Post)):
            self.fields[name].queryset = kind.objects.filter(pk__in=[row.pk for row in rows])


def _letters(request: HttpRequest) -> Any:
    return Delegation.objects.visible_to(request.viewer).select_related("grantor", "post__unit")


def _row(letter: Delegation, names: dict[str, str], now: datetime) -> dict[str, Any]:
    state, word = letters.state_of(letter, now)
    return {
        "letter": letter,
        "item": names.get(letter.item_code, letter.item_code),
        "last": letters.last_day(letter),
        "word": word,
        "tone": TONES[state],
        # A letter that ran out, or soon will, is issued anew from the day after.
        "renew": state in (letters.LetterState.ENDED, letters.LetterState.SOON),
    }


def _names(request: HttpRequest, rows: list[Delegation]) -> dict[str, str]:
    items = Item.objects.visible_to(request.viewer).filter(code__in={row.item_code for row in rows})
    return dict(items.filter(current__isnull=False).values_list("code", "current__name"))


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a letter first, then all letters, those that end first in front of those that have ended."""
    now, before = timezone.now(), request.GET.get("before", "")
    rows = _letters(request).order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    listed = list(rows[: PAGE + 1])
    names = _names(request, listed)
    units = letters.grantors(request.user) if request.viewer.may(P.DELEGATE) else []
    wanting: dict[str, dict[str, Any]] = {}
    for unit in units:
        for item, post in letters.lacking(unit, now):
            wanting.setdefault(item.code, {"item": item, "post": post, "unit": unit})
    context = {
        "lacking": list(wanting.values())[:MOST_LACKING],
        "more": max(0, len(wanting) - MOST_LACKING),
        "may_issue": bool(units),
        "letters": [_row(row, names, now) for row in listed[:PAGE]],
        "older_url": shown.link(before=listed[PAGE - 1].pk) if len(listed) > PAGE else "",
        "newer_url": request.path if before else "",
    }
    return page(request, "desk/letters/index.html", context, active="letters")


def _begun(request: HttpRequest, units: list[Unit]) -> dict[str, Any]:
    """What the form starts with: the item and post that were clicked, or the letter that is renewed."""
    today = timezone.localdate()
    begun: dict[str, Any] = {"valid_from": today, "valid_to": today + A_YEAR}
    begun["grantor"] = units[0].pk if len(units) == 1 else None
    asked = request.GET
    old = _letters(request).filter(pk=asked["renew"]).first() if asked.get("renew", "").isdecimal() else None
    if old is not None:
        start = max(today, letters.last_day(old) + timedelta(days=1))
        begun |= {"item": old.item_code, "post": old.post_id, "grantor": old.grantor_id, "limit": old.limit}
        return begun | {"valid_from": start, "valid_to": start + A_YEAR}
    for name in ("post", "grantor"):
        if asked.get(name, "").isdecimal():
            begun[name] = asked[name]
    return begun | {"item": asked.get("item", "")[:40]}


@staff_required(P.DELEGATE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Issue a letter in the name of one's own unit; for the town's government at the office."""
    units, posts = letters.grantors(request.user), letters.deciders(request.town)
    form = LetterForm(request.POST or None, grantors=units, posts=posts, initial=_begun(request, units))
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        code = typed.pop("item").strip()
        try:
            item = Item.objects.visible_to(request.viewer).filter(code=code).first()
            if item is None:
                raise Refused(f"没有编码是“{code}”的事项。请核对编码。", field="item")
            letter = letters.issue(item=item, by=request.user, **typed)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/letters/{letter.pk}", "授权书已经登记，公开页面上看得到。")
    status = 422 if form.errors else 200
    return page(request, "desk/letters/new.html", {"form": form}, active="letters", status=status)


def _show(request: HttpRequest, letter: Delegation, form: ReasonForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    mine = {unit.pk for unit in letters.grantors(request.user)} if request.viewer.may(P.DELEGATE) else set()
    context = {
        **_row(letter, _names(request, [letter]), now),
        "form": form if letter.grantor_id in mine and letter.revoked_at is None and letter.valid_to > now else None,
        "may_renew": letter.grantor_id in mine,
        "history": shown.history(request.town, f"delegation:{letter.number}"),
    }
    return page(request, "desk/letters/show.html", context, active="letters", status=status)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(_letters(request), pk=pk), ReasonForm())


@staff_required(P.DELEGATE)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a letter now, with a reason the public reads."""
    letter, form = get_object_or_404(_letters(request), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            letters.revoke(letter=letter, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/letters/{pk}", "授权书已经撤销，从现在起不能再凭它作决定。")
    return _show(request, letter, form, status=422)
