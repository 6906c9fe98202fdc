"""What the bank tells, at the desk: its table read in, each payment, what to do with one that pays nothing."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import money_shown, shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK, DayField, ReasonForm, said
from mingtang.desk.views.money import PAGE, before_of
from mingtang.lib.errors import Refused
from mingtang.lib.money import parse_yuan, plain_yuan
from mingtang.money import actions, bank
from mingtang.money.actions.deposits import MOST_BYTES
from mingtang.money.differences import kind_of, loose_deposits
from mingtang.money.models import READERS, Account, Deposit, Refund, Statement
from mingtang.money.states import REFUND
from mingtang.people.enums import Permission as P

LAST = 10
HOME = "/desk/money/deposits"
# Several refunds stand on one page: each has its own forms.
PREFIXES = {"refuse": "no", "pay": "paid"}


class ImportForm(forms.Form):
    account = forms.ModelChoiceField(Account.objects.none(), label="哪个账户的流水", error_messages=PICK)
    from_on = DayField(label="从哪天", error_messages={"required": "请填写从哪天。"})
    to_on = DayField(label="到哪天", help_text="这两天都算。", error_messages={"required": "请填写到哪天。"})


class MatchForm(forms.Form):
    number = forms.CharField(label="缴款号", max_length=20, error_messages={"required": "请填写缴款号。"})
    reason = forms.CharField(
        label="凭什么认定",
        max_length=200,
        help_text="例如：付款人来电报了缴款号；和申请人同名，金额一样。",
        error_messages={"required": "请写明凭什么认定是这一份的款。"},
    )


class RefundForm(forms.Form):
    amount = forms.CharField(label="退多少", max_length=20, error_messages={"required": "请填写退多少。"})
    reason = forms.CharField(
        label="为什么退",
        max_length=200,
        help_text="缴款人看得到这句话。",
        error_messages={"required": "请写明为什么退。"},
    )


class SerialForm(forms.Form):
    serial = forms.CharField(
        label="银行退款流水号", max_length=64, error_messages={"required": "请填写银行退款的流水号。"}
    )


@staff_required(P.MONEY_MATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def read_in(request: HttpRequest) -> HttpResponse:
    """A file of the bank: read whole, or refused with a sentence for each row that is wrong."""
    open_accounts = Account.objects.visible_to(request.viewer).filter(ended_at__isnull=True)
    told_to = Statement.objects.visible_to(request.viewer).order_by("-to_on").values_list("to_on", flat=True).first()
    begin, end = money_shown.bounds(told_to)
    account = open_accounts.order_by("-unit").first() if open_accounts.count() == 1 else None
    posted = request.POST if request.method == "POST" else None
    form = ImportForm(posted, initial={"from_on": begin, "to_on": end, "account": account})
    form.fields["account"].queryset = open_accounts
    problems: list[str] = []
    upload = request.FILES.get("table")
    whole = form.is_valid()
    if posted is not None and upload is None:
        form.add_error(None, "还没有选文件。请选银行导出的 CSV 文件。")
    elif whole:
        try:
            last = Statement.objects.visible_to(request.viewer).order_by("-pk").first()
            statement = actions.read_in(data=upload.read(MOST_BYTES + 1), by=request.user, **form.cleaned_data)
            again = last is not None and statement.pk <= last.pk
            return done(request, "/desk/money/import", _outcome(statement, again))
        except bank.Unreadable as refusal:
            problems = refusal.problems
            said(form, refusal)
        except Refused as refusal:
            said(form, refusal)
    context = {
        "form": form,
        "problems": problems,
        "rows": Statement.objects.visible_to(request.viewer)
        .select_related("account", "imported_by")
        .order_by("-pk")[:LAST],
    }
    return page(request, "desk/money/import.html", context, active="money", status=422 if form.errors else 200)


def _outcome(statement: Statement, again: bool) -> str:
    """What became of a file, in a sentence."""
    if again:
        return "这份文件以前导入过，什么都没有变。"
    matched = statement.deposits.filter(notice__isnull=False).count()
    known = f"，{statement.known} 笔以前登记过" if statement.known else ""
    waiting = statement.count - matched
    rest = f"；{waiting} 笔要人工认领" if waiting else ""
    return f"新登记 {statement.count} 笔{known}，自动核销 {matched} 笔{rest}。"


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Payments, newest first: all, or only those that pay nothing."""
    query, state = shown.asked(request, 64), request.GET.get("state", "")
    loose = loose_deposits(request.town)
    rows = Deposit.objects.visible_to(request.viewer)
    if state == "loose":
        rows = rows.filter(pk__in=loose.values("pk"))
    if query:
        rows = rows.filter(serial__contains=query)
    before = before_of(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("notice", "named", "account").defer("said_sealed")
    listed = list(rows.order_by("-pk")[: PAGE + 1])
    rest = dict(loose.filter(pk__in=[row.pk for row in listed]).values_list("pk", "rest"))
    context = {
        "q": query,
        "state": state if state == "loose" else "",
        "tabs": shown.tabs(
            state,
            [
                ("", "全部", Deposit.objects.visible_to(request.viewer).count()),
                ("loose", "要认领或者退的", loose.count()),
            ],
            query,
        ),
        "rows": [
            {"deposit": row, "rest": rest.get(row.pk, 0), "kind": kind_of(row) if row.pk in rest else None}
            for row in listed[:PAGE]
        ],
        "older_url": shown.link(q=query, state=state, before=listed[PAGE - 1].pk) if len(listed) > PAGE else "",
        "newer_url": shown.link(q=query, state=state) or request.path if before is not None else "",
    }
    return page(request, "desk/money/deposits.html", context, active="money")


def _deposit(request: HttpRequest, pk: int) -> Deposit:
    rows = Deposit.objects.visible_to(request.viewer)
    return get_object_or_404(
        rows.select_related("account", "statement__key", "notice__version", "named", "matched_by"), pk=pk
    )


def _said(deposit: Deposit) -> dict[str, str]:
    try:
        return deposit.said
    except Refused as refusal:
        return {"payer": refusal.message, "reference": ""}


def _show(
    request: HttpRequest, deposit: Deposit, forms_: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    of_fee, loose = actions.left(deposit, of_fee=True), actions.left(deposit, of_fee=False)
    may_match = request.viewer.may(P.MONEY_MATCH)
    named = deposit.named.number if deposit.named else ""
    refunds = list(deposit.refunds.all())
    context = {
        "deposit": deposit,
        "said": _said(deposit) if may_match or request.viewer.may(P.MONEY_APPROVE) else {},
        "kind": kind_of(deposit) if loose else None,
        "loose": loose,
        "of_fee": of_fee,
        "may_match": may_match,
        "may_approve": request.viewer.may(P.MONEY_APPROVE),
        "me_pk": request.user.pk,
        "matchable": may_match and deposit.notice is None and loose == deposit.amount,
        "candidates": money_shown.candidates(deposit) if deposit.notice is None else [],
        "refunds": money_shown.refund_rows(deposit),
        "forms": {
            "match": MatchForm(initial={"number": request.GET.get("number", named)[:20]}),
            "refund-loose": RefundForm(initial={"amount": plain_yuan(loose)}, prefix="loose"),
            "refund-fee": RefundForm(initial={"amount": plain_yuan(of_fee)}, prefix="fee"),
            **{f"refuse{row.pk}": ReasonForm(prefix=f"no{row.pk}") for row in refunds},
            **{f"pay{row.pk}": SerialForm(prefix=f"paid{row.pk}") for row in refunds},
            **(forms_ or {}),
        },
        "opened": list(forms_ or {}),
        "history": shown.history(request.town, f"deposit:{deposit.pk}"),
    }
    return page(request, "desk/money/deposit.html", context, active="money", status=status)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _deposit(request, pk))


@staff_required(P.MONEY_MATCH)
@require_POST
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """By hand: this payment is of that notice."""
    deposit, form = _deposit(request, pk), MatchForm(request.POST)
    if form.is_valid():
        try:
            notice = actions.match(deposit=deposit, by=request.user, **form.cleaned_data)
            return done(request, f"/desk/money/notices/{notice.number}", "已经核销。请接着登记票据。")
        except Refused as refusal:
            said(form, refusal)
    return _show(request, _deposit(request, pk), {"match": form}, status=422)


@staff_required(P.MONEY_MATCH)
@require_POST
def refund(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Ask that money goes back: of the ``fee``, or what is ``loose``."""
    kind = "fee" if what == "fee" else "loose"
    deposit, form = _deposit(request, pk), RefundForm(request.POST, prefix=kind)
    if form.is_valid():
        try:
            amount = parse_yuan(form.cleaned_data["amount"], "amount")
            actions.ask_refund(
                deposit=deposit,
                amount=amount,
                of_fee=kind == "fee",
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            return done(request, f"{HOME}/{pk}", "已经申请退款，等另一个人批准。")
        except Refused as refusal:
            said(form, refusal)
    return _show(request, _deposit(request, pk), {f"refund-{kind}": form}, status=422)


def _settle(act: str, row: Refund, typed: dict[str, Any], by: Any) -> str:
    if act == "approve":
        actions.approve_refund(refund=row, by=by)
        return "已经批准，请收费岗位办退款。"
    if act == "refuse":
        actions.refuse_refund(refund=row, reason=typed["reason"], by=by)
        return "已经记下不批准。"
    actions.pay_refund(refund=row, serial=typed["serial"], by=by)
    return "已经登记退款。"


@staff_required(P.MONEY_MATCH, P.MONEY_APPROVE)
@require_POST
def settle(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve, refuse, or note that the bank has paid a refund."""
    rows = Refund.objects.visible_to(request.viewer).select_related("deposit")
    row = get_object_or_404(rows, pk=pk)
    kinds: dict[str, type[forms.Form]] = {"approve": forms.Form, "refuse": ReasonForm, "pay": SerialForm}
    if act not in kinds or act not in REFUND:
        return page(request, "desk/sentence.html", {"sentence": "没有这个操作。", "back": "/desk/money/"}, status=404)
    form = kinds[act](request.POST, prefix=PREFIXES.get(act, "") + str(pk))
    if form.is_valid():
        try:
            return done(request, f"{HOME}/{row.deposit_id}", _settle(act, row, form.cleaned_data, request.user))
        except Refused as refusal:
            said(form, refusal)
    return _show(request, _deposit(request, row.deposit_id), {f"{act}{pk}": form}, status=422)
