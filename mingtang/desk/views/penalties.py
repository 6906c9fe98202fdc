"""行政处罚决定 at the desk: enter from the paper, confirm by a second person, say when it was carried out, revoke."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import NEEDED, PICK, DayField, said
from mingtang.desk.views.money import before_of
from mingtang.disclosure.derived import penalties
from mingtang.disclosure.enums import Party, PenaltyEnd, PenaltyGround, PenaltyKind
from mingtang.disclosure.models import Penalty
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_id
from mingtang.lib.money import parse_yuan
from mingtang.people.enums import Permission as P
from mingtang.people.enums import UnitKind
from mingtang.people.models import Unit

PAGE = 30
HERE = "/desk/lists/penalties"


class EntryForm(forms.Form):
    """In the order of the paper."""

    number = forms.CharField(
        label="文书号",
        max_length=penalties.MAX_NUMBER,
        help_text="照决定书抄，例如：镇罚决字〔2026〕3号。",
        error_messages=NEEDED,
    )
    unit = forms.ChoiceField(label="处罚机关", error_messages=PICK)
    cause = forms.CharField(
        label="案由",
        max_length=penalties.MAX_CAUSE,
        help_text="例如：未经许可建房。不写人的姓名。",
        error_messages=NEEDED,
    )
    party = forms.ChoiceField(label="罚的是", choices=Party.choices, widget=forms.RadioSelect, error_messages=PICK)
    name = forms.CharField(
        label="姓名或者单位名称",
        max_length=penalties.MAX_NAME,
        help_text="个人的姓名加密保存，公示表上只留第一个字。",
        error_messages=NEEDED,
    )
    id_number = forms.CharField(
        label="身份证号码或者统一社会信用代码",
        max_length=30,
        required=False,
        help_text="个人必须填，用来认出未成年人，不公开。单位没有代码的不填。",
    )
    kinds = forms.MultipleChoiceField(
        label="处罚种类", choices=PenaltyKind.choices, widget=forms.CheckboxSelectMultiple, error_messages=PICK
    )
    amount = forms.CharField(
        label="罚款、没收的金额（元）", max_length=20, required=False, help_text="没有罚款、没收的不填。"
    )
    content = forms.CharField(
        label="处罚内容",
        max_length=penalties.MAX_CONTENT,
        required=False,
        help_text="要当事人做什么，例如：限期三十日内自行拆除。选了“其他处罚”的一定要填。不写人的姓名。",
    )
    law = forms.CharField(
        label="依据哪部法", max_length=100, help_text="要在法规库里，例如：城乡规划法。", error_messages=NEEDED
    )
    article = forms.CharField(label="第几条", max_length=40, help_text="例如：第六十五条。", error_messages=NEEDED)
    decided_on = DayField(label="决定日期", error_messages=NEEDED)
    ground = forms.ChoiceField(
        label="公开不公开", choices=PenaltyGround.choices, widget=forms.RadioSelect, error_messages=PICK
    )
    why = forms.CharField(
        label="为什么",
        max_length=200,
        help_text="公开的，写它有什么社会影响；不公开的，写理由。",
        error_messages=NEEDED,
    )

    def __init__(self, *args: Any, units: dict[str, Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.units = units
        self.fields["unit"].choices = [("", "请选择"), *((code, unit.name) for code, unit in units.items())]

    def entry(self) -> penalties.Entry:
        """Raises ``Refused`` for a sum that is none."""
        told = self.cleaned_data
        typed = {
            "unit": self.units[told["unit"]],
            "party": Party(told["party"]),
            "kinds": tuple(map(PenaltyKind, told["kinds"])),
            "amount": parse_yuan(told["amount"], "amount") if told["amount"] else None,
            "ground": PenaltyGround(told["ground"]),
        }
        return penalties.Entry(**(told | typed))


class DoneForm(forms.Form):
    on = DayField(label="哪天执行完毕", error_messages=NEEDED)


class EndForm(forms.Form):
    ending = forms.ChoiceField(label="怎样失效", choices=PenaltyEnd.choices, error_messages=PICK)
    reason = forms.CharField(
        label="理由",
        max_length=penalties.MAX_REASON,
        help_text="会公开。写明撤销、变更的文书，不写人的姓名。",
        error_messages=NEEDED,
    )


def _confirm(row: Penalty, by: Any, told: dict[str, Any]) -> str:
    penalties.confirm(penalty=row, by=by)
    return "已经确认，可以列进公示表。" if row.public else "已经确认。公示表只写依法不列出几件。"


def _carry_out(row: Penalty, by: Any, told: dict[str, Any]) -> str:
    penalties.carry_out(penalty=row, on=told["on"], by=by)
    return "执行完毕已经登记。"


def _end(row: Penalty, by: Any, told: dict[str, Any]) -> str:
    lists = penalties.end(penalty=row, ending=PenaltyEnd(told["ending"]), reason=told["reason"], by=by)
    if not lists:
        return "已经失效，以后的公示表里不再有它。"
    return f"已经失效。公示表 {'、'.join(one.number for one in lists)} 已经撤下，请从记录重新生成。"


# name: (form, act, who may, label of the button, kind of the button)
ACTS: dict[str, tuple[type[forms.Form], Callable[[Penalty, Any, dict[str, Any]], str], P, str, str]] = {
    "confirm": (forms.Form, _confirm, P.DOCUMENT_REVIEW, "和决定书核对过，确认", ""),
    "carry-out": (DoneForm, _carry_out, P.DOCUMENT_DRAFT, "登记执行完毕", "quieter"),
    "end": (EndForm, _end, P.DOCUMENT_REVIEW, "撤销、变更、登记错了", "danger"),
}


def _acts(request: HttpRequest, row: Penalty, bound: dict[str, forms.Form]) -> list[tuple[str, str, str, forms.Form]]:
    """What is open to this person for a decision: name, label, kind of the button, form."""
    mine = row.entered_by_id == request.user.pk
    open_to = {
        "confirm": row.confirmed_at is None and not mine,
        "carry-out": row.confirmed_at is not None and row.carried_out_on is None,
        "end": not mine,
    }
    return [
        (name, label, kind, bound.get(f"{name}-{row.pk}") or form(prefix=f"{name}-{row.pk}"))
        for name, (form, _, power, label, kind) in ACTS.items()
        if row.ended_at is None and open_to[name] and request.viewer.may(power)
    ]


def _line(request: HttpRequest, row: Penalty, bound: dict[str, forms.Form]) -> dict[str, Any]:
    person = row.person() if row.party == Party.PERSON and not row.forgotten else None
    opens = row.public and not row.forgotten and request.viewer.may(P.DOCUMENT_DRAFT)
    return {
        "row": row,
        "against": person["name"] if person else row.organisation,
        "identity": mask_id(person["id_number"]) if person else row.uscc,
        "code": penalties.code_of(row) if opens else "",
        "acts": _acts(request, row, bound),
    }


def _page(request: HttpRequest, bound: dict[str, forms.Form]) -> HttpResponse:
    rows = Penalty.objects.visible_to(request.viewer)
    rows = rows.select_related("unit", "article__law", "key", "entered_by", "confirmed_by", "ended_by")
    before = before_of(request)
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[: PAGE + 1])
    context = {
        "lines": [_line(request, row, bound) for row in found[:PAGE]],
        "may_enter": request.viewer.may(P.DOCUMENT_DRAFT) and not request.viewer.tenant,
        "refused": next(iter(bound.values()), None),
        "older_url": shown.link(before=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "newer_url": HERE if before is not None else "",
    }
    return page(request, "desk/lists/penalties.html", context, active="lists", status=422 if bound else 200)


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    return _page(request, {})


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """登记 one from its paper."""
    if request.viewer.tenant:
        raise Http404
    units = Unit.objects.filter(town=request.town, dissolved_on__isnull=True).exclude(kind=UnitKind.UTILITY)
    form = EntryForm(request.POST or None, units={unit.code: unit for unit in units})
    if form.is_bound and form.is_valid():
        try:
            made = penalties.enter(town=request.town, entry=form.entry(), by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, f"{made.number} 已经登记，请另一位同事确认。")
    context = {"form": form}
    return page(request, "desk/lists/penalty.html", context, active="lists", status=422 if form.errors else 200)


@staff_required(*DOCUMENTS)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One act of a decision's life."""
    row = get_object_or_404(Penalty.objects.visible_to(request.viewer).select_related("town"), pk=pk)
    if name not in ACTS:
        raise Http404
    kind, run, _, _, _ = ACTS[name]
    form, message = kind(request.POST, prefix=f"{name}-{pk}"), ""
    if form.is_valid():
        try:
            message = run(row, request.user, form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if form.errors:
        return _page(request, {f"{name}-{pk}": form})
    return done(request, HERE, message)
