"""What this browser may see: opened with its code, or in the account that is logged in. The session holds keys of rows,
no code's hash.
"""

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from mingtang.accounts import session
from mingtang.agents.models import Order
from mingtang.cases import numbers
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.towns.models import Jurisdiction

OPENED, CODES, DRAFTS, ORDERS = "opened_cases", "new_codes", "opened_drafts", "opened_orders"


def remember(request: HttpRequest, case: Case, code: str = "") -> None:
    """Let this session see the case; a fresh receipt's code is kept until it was shown."""
    opened = request.session.get(OPENED, [])
    if case.pk not in opened:
        request.session[OPENED] = [*opened, case.pk][-20:]
    if code:
        request.session[CODES] = {**request.session.get(CODES, {}), str(case.pk): code}


def new_code(request: HttpRequest, case: Case) -> str:
    """The code of an application just handed in, or empty."""
    return request.session.get(CODES, {}).get(str(case.pk), "")


def open_with_code(town: Jurisdiction, number: str, code: str) -> Case:
    """The case of a number and its code. Raises ``Refused`` alike for a wrong code and for no such case."""
    number = number.strip().upper()
    case = Case.objects.filter(town=town, number=number).first()
    numbers.check_code(town, number, code, case.code_hash if case else None)
    assert case is not None  # check_code refuses a number that does not exist
    return case


def opened_case(request: HttpRequest, number: str) -> Case | None:
    """The case if this session has opened it, or if it stands in the account."""
    mine = Q(pk__in=request.session.get(OPENED, []))
    if resident := session.current(request):
        mine |= Q(pk__in=resident.links.values("case"))
    return (
        Case.objects.filter(mine, town=request.town, number=number)
        .select_related("version", "item", "town__parent", "window", "key")
        .first()
    )


def remember_draft(request: HttpRequest, draft: ApplicationDraft) -> None:
    """Let this session see what was kept."""
    opened = request.session.get(DRAFTS, [])
    if draft.pk not in opened:
        request.session[DRAFTS] = [*opened, draft.pk][-20:]


def forget_draft(request: HttpRequest, draft: ApplicationDraft) -> None:
    """Close it in this browser; its code opens it again."""
    request.session[DRAFTS] = [pk for pk in request.session.get(DRAFTS, []) if pk != draft.pk]


def opened_draft(request: HttpRequest, pk: int) -> ApplicationDraft | None:
    """The draft if this session has opened it, or if it stands in the account, and its last day is not over."""
    mine = Q(pk__in=request.session.get(DRAFTS, []))
    if resident := session.current(request):
        mine |= Q(pk__in=resident.drafts.values("draft"))
    rows = ApplicationDraft.objects.filter(mine, town=request.town)
    rows = rows.select_related("town", "key", "version", "item__town__parent", "item__unit", "item__current__item")
    return rows.filter(pk=pk, kept_until__gte=timezone.localdate()).first()


def remember_order(request: HttpRequest, order: Order) -> None:
    """Let this session see the order."""
    opened = request.session.get(ORDERS, [])
    if order.pk not in opened:
        request.session[ORDERS] = [*opened, order.pk][-20:]


def opened_order(request: HttpRequest, number: str) -> Order | None:
    """The order if this session has opened it."""
    mine = Order.objects.filter(town=request.town, pk__in=request.session.get(ORDERS, []))
    return mine.listed().select_related("key").filter(number=number).first()
