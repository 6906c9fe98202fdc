"""对账: notices, deposits, receipts and refunds against each other. What does not agree has a name and a day.

Each function asks the tables anew: nothing is ticked off here, a difference goes when its cause has gone. What is asked
of the cases (who owes and was never asked) comes from the room that knows them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone

from mingtang.lib.text import chinese_date
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.money.models import Account, Deposit, Notice, Refund, Statement
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.towns.models import Jurisdiction

LOOKED_BACK = 92  # days within which a missing day of the bank is told
A_DAY = timedelta(days=1)


class Kind(TextChoices):
    UNCHARGED = "uncharged", "该收的没有发通知"
    UNPAID = "unpaid", "过了期限没有缴"
    TWICE = "twice", "重复缴款"
    WRONG_SUM = "wrong_sum", "金额对不上"
    UNKNOWN = "unknown", "认不出是谁的款"
    MORE = "more", "多缴的部分"
    NO_RECEIPT = "no_receipt", "缴了没有票据"
    KEPT = "kept", "申请撤回了，款没有退"
    REFUND_ASKED = "refund_asked", "退款等批准"
    REFUND_APPROVED = "refund_approved", "批准了还没有退"
    MISSING_DAYS = "missing_days", "缺银行流水"


@dataclass(frozen=True)
class Difference:
    """``since``: the day from which it stands open. ``power``: whose it is to settle. One of the rows it is about, or
    the number of a case."""

    kind: Kind
    what: str
    since: date
    amount: int = 0
    power: str = P.MONEY_MATCH
    notice: Notice | None = None
    deposit: Deposit | None = None
    case_number: str = ""

    def days(self, today: date) -> int:
        """Whole days that it has stood open."""
        return max(0, (today - self.since).days)


def all_of(town: Jurisdiction, today: date | None = None) -> list[Difference]:
    """Everything that does not agree on this room's side, what stands longest first."""
    today = today or timezone.localdate()
    found: Iterable[Difference] = (*_unpaid(town, today), *_loose(town), *_no_receipt(town), *_refunds(town))
    return sorted([*found, *_missing(town, today)], key=lambda row: row.since)


def _unpaid(town: Jurisdiction, today: date) -> Iterator[Difference]:
    for notice in Notice.objects.filter(town=town, state=S.ISSUED, due_on__lt=today).select_related("version"):
        what = f"{notice.version.name}，缴款号 {notice.number}"
        yield Difference(Kind.UNPAID, what, notice.due_on, notice.total, notice=notice)


def loose_deposits(town: Jurisdiction) -> QuerySet[Deposit]:
    """Deposits of which something pays no notice and is not on its way back; ``rest`` is that, in fen."""
    back = Refund.objects.live().filter(deposit=OuterRef("pk"), of_fee=False).values("deposit")
    gone = Coalesce(Subquery(back.annotate(sum=Sum("amount")).values("sum"), output_field=IntegerField()), 0)
    rest = F("amount") - Coalesce(F("notice__total"), 0) - gone
    rows = Deposit.objects.filter(town=town).annotate(rest=rest).filter(rest__gt=0)
    return rows.select_related("notice", "named").defer("said_sealed")


def kind_of(deposit: Deposit) -> Kind:
    """Why something of a deposit is loose."""
    if deposit.notice:
        return Kind.MORE
    if deposit.named is None:
        return Kind.UNKNOWN
    paid = deposit.named.state in (S.PAID, S.REFUNDED)
    return Kind.TWICE if paid else Kind.WRONG_SUM


def _loose(town: Jurisdiction) -> Iterator[Difference]:
    for deposit in loose_deposits(town):
        number = f"，写的缴款号 {deposit.named.number}" if deposit.named else ""
        what = f"银行流水 {deposit.serial}{number}"
        yield Difference(kind_of(deposit), what, deposit.came_on, deposit.rest, deposit=deposit)


def _no_receipt(town: Jurisdiction) -> Iterator[Difference]:
    rows = Notice.objects.filter(town=town, state=S.PAID, receipt__isnull=True).select_related("deposit", "version")
    for notice in rows.defer("deposit__said_sealed"):
        what = f"{notice.version.name}，缴款号 {notice.number}"
        yield Difference(Kind.NO_RECEIPT, what, notice.deposit.came_on, notice.total, notice=notice)


def _refunds(town: Jurisdiction) -> Iterator[Difference]:
    rows = Refund.objects.filter(town=town, state__in=[R.ASKED, R.APPROVED]).select_related("deposit")
    for refund in rows.defer("deposit__said_sealed"):
        asked = refund.state == R.ASKED
        yield Difference(
            Kind.REFUND_ASKED if asked else Kind.REFUND_APPROVED,
            f"银行流水 {refund.deposit.serial}，{refund.reason}",
            timezone.localdate(refund.asked_at if asked else refund.decided_at),
            refund.amount,
            P.MONEY_APPROVE if asked else P.MONEY_MATCH,
            deposit=refund.deposit,
        )


def _missing(town: Jurisdiction, today: date) -> Iterator[Difference]:
    """Whole days of an account in use that no statement covers: what came in then is known to nobody."""
    for account in Account.objects.filter(town=town, ended_at__isnull=True):
        for first, last in missing_days(account, today):
            days = chinese_date(first) if first == last else f"{chinese_date(first)}到{chinese_date(last)}"
            yield Difference(Kind.MISSING_DAYS, f"{account.payee}，{days}", first)


def missing_days(account: Account, today: date) -> list[tuple[date, date]]:
    """Runs of days before today, first and last, that no statement covers. A day that was not over when its statement
    was read in is not covered by it."""
    covered, starts = set(), []
    for row in Statement.objects.filter(account=account):
        starts.append(row.from_on)
        end = min(row.to_on, timezone.localdate(row.imported_at) - A_DAY)
        covered |= {row.from_on + A_DAY * number for number in range((end - row.from_on).days + 1)}
    first = Notice.objects.filter(account=account).order_by("pk").values_list("issued_at", flat=True).first()
    if first is not None:
        starts.append(timezone.localdate(first))
    if not starts:
        return []
    begin = max(min(starts), today - A_DAY * LOOKED_BACK)
    days = [begin + A_DAY * number for number in range((today - begin).days)]
    runs: list[tuple[date, date]] = []
    for day in days:
        if day in covered:
            continue
        if runs and runs[-1][1] == day - A_DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def owners(town: Jurisdiction) -> dict[str, str]:
    """Whose a difference is: the posts of the town by power, in words."""
    posts = list(Post.objects.filter(town=town).select_related("unit").order_by("pk"))
    powers = (P.MONEY_MATCH, P.MONEY_APPROVE)
    return {
        power: "、".join(str(post) for post in posts if power in post.permissions) or "没有设这个岗位"
        for power in powers
    }
