"""Money as the desk's pages want it: differences with their addresses, days of the books, what may be done next."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases import charging
from mingtang.lib.text import month_day
from mingtang.money.differences import Difference, Kind, owners
from mingtang.money.enums import NoticeState, RefundState
from mingtang.money.models import Deposit, Notice, Receipt, Refund
from mingtang.people.enums import Permission as P
from mingtang.towns.models import Jurisdiction

TONES = {
    NoticeState.ISSUED: "now",
    NoticeState.PAID: "done",
    NoticeState.REFUNDED: "todo",
    NoticeState.CANCELLED: "stop",
    NoticeState.EXPIRED: "late",
}
REFUND_TONES = {
    RefundState.ASKED: "now",
    RefundState.APPROVED: "today",
    RefundState.DONE: "done",
    RefundState.REFUSED: "stop",
}
DAYS_SHOWN = 14
# Days open from which a difference is shown in red: the first working days are the bank's.
LATE = 3


def url_of(row: Difference) -> str:
    """Where a difference is settled."""
    if row.kind == Kind.MISSING_DAYS:
        return "/desk/money/import"
    if row.deposit:
        return f"/desk/money/deposits/{row.deposit.pk}"
    return f"/desk/money/notices/{row.notice.number}" if row.notice else f"/desk/cases/{row.case_number}#charge"


def differences(town: Jurisdiction) -> list[dict[str, Any]]:
    """Everything that does not agree, with whose it is and for how long."""
    today, whose = timezone.localdate(), owners(town)
    found = []
    for row in charging.differences(town):
        open_days = row.days(today)
        found.append(
            {
                "row": row,
                "url": url_of(row),
                "owner": whose[row.power],
                "days": open_days,
                "tone": "late" if open_days >= LATE else "today",
            }
        )
    return found


def books(town: Jurisdiction) -> list[dict[str, Any]]:
    """The last days with something in them, newest first: asked, come in, matched, receipted, gone back."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS_SHOWN - 1)
    rows = {today - timedelta(days=back): {"day": today - timedelta(days=back)} for back in range(DAYS_SHOWN)}
    notices = Notice.objects.filter(town=town)
    sources: dict[str, tuple[Any, str, str]] = {
        "asked": (notices.filter(issued_at__date__gte=first), "issued_at__date", "total"),
        "came": (Deposit.objects.filter(town=town, came_on__gte=first), "came_on", "amount"),
        "paid": (notices.filter(deposit__came_on__gte=first), "deposit__came_on", "total"),
        "back": (Refund.objects.filter(town=town, done_at__date__gte=first), "done_at__date", "amount"),
    }
    for name, (found, on, fen) in sources.items():
        for value, count, total in found.order_by().values_list(on).annotate(count=Count("pk"), total=Sum(fen)):
            if value in rows:
                rows[value][name] = {"count": count, "total": total}
    given = Receipt.objects.filter(town=town, notice__deposit__came_on__gte=first).order_by()
    for value, count in given.values_list("notice__deposit__came_on").annotate(count=Count("pk")):
        if value in rows:
            rows[value]["receipts"] = count
    return [row for row in rows.values() if len(row) > 1]


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """A row for each kind of difference that is this person's to settle, the oldest told."""
    mine = {power for power in (P.MONEY_MATCH, P.MONEY_APPROVE) if request.viewer.may(power)}
    if not mine:
        return []
    kinds: dict[Kind, list[Difference]] = {}
    for row in charging.differences(request.town):
        if row.power in mine:
            kinds.setdefault(row.kind, []).append(row)
    today = timezone.localdate()
    return [
        {
            "url": url_of(rows[0]) if len(rows) == 1 else f"/desk/money/#{kind}",
            "title": f"{kind.label}：{len(rows)} 处",
            "sub": f"最早从{month_day(rows[0].since)}起",
            "word": _open(rows[0].days(today)),
            "tone": "late" if rows[0].days(today) >= LATE else "today",
        }
        for kind, rows in kinds.items()
    ]


def _open(days: int) -> str:
    return f"{days} 天了" if days else "今天"


def candidates(deposit: Deposit) -> list[Notice]:
    """Open notices that a loose deposit would pay to the fen, newest first."""
    rows = Notice.objects.filter(town=deposit.town_id, account=deposit.account_id, total=deposit.amount)
    return list(rows.filter(state=NoticeState.ISSUED).select_related("version").order_by("-pk")[:10])


def refund_rows(deposit: Deposit) -> list[dict[str, Any]]:
    """The refunds of a deposit, with their tones."""
    rows = deposit.refunds.select_related("asked_by", "decided_by", "done_by")
    return [{"refund": row, "tone": REFUND_TONES[RefundState(row.state)]} for row in rows]


def bounds(last: date | None) -> tuple[date, date]:
    """The days that the next statement should tell: from the one after the last, until yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    begin = last + timedelta(days=1) if last else yesterday
    return min(begin, yesterday), yesterday
