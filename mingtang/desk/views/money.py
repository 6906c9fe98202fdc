"""收费对账 at the desk: what does not agree, the notices, one notice and what may be done with it, the accounts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import money_shown, shown
from mingtang.desk.access import done, offered, page, staff_required
from mingtang.desk.forms import PICK, DayField, ReasonForm, said
from mingtang.desk.money_shown import TONES
from mingtang.lib.errors import Refused
from mingtang.money import actions
from mingtang.money.enums import NoticeState
from mingtang.money.models import READERS, Account, Notice
from mingtang.money.states import NOTICE
from mingtang.people.enums import Permission as P
from mingtang.people.enums import UnitKind
from mingtang.people.models import Unit

PAGE = 30


class ReceiptForm(forms.Form):
    number = forms.CharField(
        label="票据号码", max_length=40, help_text="照票据右上角填。", error_messages={"required": "请填写票据号码。"}
    )
    given_on = DayField(label="开票日期", error_messages={"required": "请填写开票日期。"})


class AccountForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="谁的账户",
        required=False,
        empty_label="国库（财政所汇缴户）",
        help_text="缴国库、财政专户的收费都用国库账户；公用事业单位自己的服务收费用单位的账户。",
        error_messages=PICK,
    )
    payee = forms.CharField(label="户名", max_length=60, error_messages={"required": "请填写户名。"})
    bank = forms.CharField(label="开户行", max_length=60, error_messages={"required": "请填写开户行。"})
    number = forms.CharField(label="账号", max_length=40, error_messages={"required": "请填写账号。"})
    pay_text = forms.CharField(
        label="扫码缴款的网址", max_length=200, required=False, help_text="印成二维码。以 https:// 开头，没有的不填。"
    )


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The daily match: differences first, then the books of the last days."""
    context = {
        "differences": money_shown.differences(request.town),
        "books": money_shown.books(request.town),
        "may_match": request.viewer.may(P.MONEY_MATCH),
    }
    return page(request, "desk/money/index.html", context, active="money")


def before_of(request: HttpRequest) -> int | None:
    """The key after which an older page begins."""
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@staff_required(*READERS)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, newest first, by state and by number of notice or case."""
    query, state = shown.asked(request, 24).upper(), request.GET.get("state", "")
    found = Notice.objects.visible_to(request.viewer)
    if query:
        found = found.filter(Q(number__contains=query) | Q(case_number__contains=query))
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    labels = [("", "全部", sum(counts.values()))]
    labels += [
        (key, label, counts.get(key, 0)) for key, label in NoticeState.choices if counts.get(key) or key == state
    ]
    rows = found.filter(state=state) if state in NoticeState.values else found
    before = before_of(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("version", "receipt").defer("version__data", "version__bpmn")
    listed = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "q": query,
        "state": state if state in NoticeState.values else "",
        "tabs": shown.tabs(state, labels, query),
        "rows": [{"notice": row, "tone": TONES[NoticeState(row.state)]} for row in listed[:PAGE]],
        "older_url": shown.link(q=query, state=state, before=listed[PAGE - 1].pk) if len(listed) > PAGE else "",
        "newer_url": shown.link(q=query, state=state) or request.path if before is not None else "",
    }
    return page(request, "desk/money/notices.html", context, active="money")


def _notice(request: HttpRequest, number: str) -> Notice:
    rows = Notice.objects.visible_to(request.viewer)
    return get_object_or_404(rows.select_related("version__item", "account", "issued_by", "ended_by"), number=number)


def _show(
    request: HttpRequest, notice: Notice, forms_: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    deposit, receipt = getattr(notice, "deposit", None), getattr(notice, "receipt", None)
    today = timezone.localdate()
    can = {name: offered(NOTICE[name], notice.state, request.viewer) for name in NOTICE}
    context = {
        "notice": notice,
        "tone": TONES[NoticeState(notice.state)],
        "deposit": deposit,
        "receipt": receipt,
        "refunds": money_shown.refund_rows(deposit) if deposit else [],
        "can": can
        | {
            "receipt": can["receipt"] and receipt is None,
            "expire": can["expire"] and notice.due_on < today,
            "unmatch": can["unmatch"] and receipt is None and deposit is not None and deposit.matched_by_id is not None,
        },
        "forms": {
            "cancel": ReasonForm(),
            "unmatch": ReasonForm(),
            "receipt": ReceiptForm(initial={"given_on": today}),
            **(forms_ or {}),
        },
        "opened": list(forms_ or {}),
        "history": shown.history(request.town, notice.subject),
    }
    return page(request, "desk/money/notice.html", context, active="money", status=status)


@staff_required(*READERS)
@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, _notice(request, number))


def _cancel(notice: Notice, typed: dict[str, Any], by: Any) -> str:
    actions.cancel(notice=notice, reason=typed["reason"], by=by)
    return "已经取消，缴款人在办件页面上看得到原因。"


def _expire(notice: Notice, typed: dict[str, Any], by: Any) -> str:
    actions.expire(notice=notice, by=by)
    return "已经登记逾期未缴。办件照常办理。"


def _unmatch(notice: Notice, typed: dict[str, Any], by: Any) -> str:
    actions.unmatch(notice=notice, reason=typed["reason"], by=by)
    return "已经撤销核销，这一笔回到待认领。"


def _receipt(notice: Notice, typed: dict[str, Any], by: Any) -> str:
    actions.give_receipt(notice=notice, by=by, **typed)
    return "票据已经登记，缴款人在办件页面上看得到号码。"


ACTS: dict[str, tuple[type[forms.Form], Callable[[Notice, dict[str, Any], Any], str]]] = {
    "cancel": (ReasonForm, _cancel),
    "expire": (forms.Form, _expire),
    "unmatch": (ReasonForm, _unmatch),
    "receipt": (ReceiptForm, _receipt),
}


@staff_required(P.MONEY_MATCH)
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act on a notice; what was typed stays when it is refused."""
    found = _notice(request, number)
    if act not in ACTS:
        return page(request, "desk/sentence.html", {"sentence": "没有这个操作。", "back": "/desk/money/"}, status=404)
    kind, perform = ACTS[act]
    form = kind(request.POST)
    if form.is_valid():
        try:
            return done(request, f"/desk/money/notices/{number}", perform(found, form.cleaned_data, request.user))
        except Refused as refusal:
            said(form, refusal)
    return _show(request, _notice(request, number), {act: form}, status=422)


@staff_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that notices name, and another one set by whoever may."""
    may_set = request.viewer.may(P.MONEY_APPROVE)
    form = AccountForm(request.POST if request.method == "POST" else None)
    form.fields["unit"].queryset = Unit.objects.filter(
        town=request.town, kind=UnitKind.UTILITY, dissolved_on__isnull=True
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_account(town=request.town, by=request.user, **form.cleaned_data)
            return done(request, "/desk/money/accounts", "账户已经启用，从现在起的缴款通知都用它。")
        except Refused as refusal:
            said(form, refusal)
    rows = Account.objects.visible_to(request.viewer).select_related("unit", "set_by").order_by("-set_at", "-pk")
    context = {"rows": rows, "form": form if may_set else None}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "desk/money/accounts.html", context, active="money", status=status)
