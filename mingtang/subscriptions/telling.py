"""What was published since each subscription was last told, as one letter: for the scheduled sweep.

The cursor of a subscription moves in the transaction that queues its letter, so a restart neither repeats nor loses
one. Withdrawn documents are not told; of several editions only the one that stands, a correction with its public note.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from mingtang.disclosure import reach
from mingtang.disclosure.actions import PUBLISHED
from mingtang.disclosure.enums import ReachChannel
from mingtang.lib.tx import act
from mingtang.notices import actions as notices
from mingtang.notices import transports, wording
from mingtang.notices.enums import Channel
from mingtang.subscriptions.actions import head_of
from mingtang.subscriptions.enums import Rhythm
from mingtang.subscriptions.models import Subscription
from mingtang.subscriptions.news import News, since
from mingtang.towns.models import Jurisdiction

MORNING = time(8)
WITHIN = timedelta(days=3)  # a letter that could not leave so long is not news any more
MOST_SHOWN = 30
FAR = 1000  # events without news, after which cursors move all the same

wording.define(PUBLISHED, "您订的，新公开或者更正了 {件数} 件。", {"件数": "2"})


def _due(town: Jurisdiction, now: datetime) -> list[Subscription]:
    """Whose turn it is: always, once a morning, once a Monday morning (or later, when nobody ran)."""
    rows = Subscription.objects.filter(town=town, confirmed_at__isnull=False, stopped_at__isnull=True)
    local = timezone.localtime(now)
    monday = local.date() - timedelta(days=local.weekday())
    first = {
        Rhythm.AT_ONCE: None,
        Rhythm.DAILY: local.date() if local.time() >= MORNING else local.date() - timedelta(days=1),
        Rhythm.WEEKLY: monday if local.weekday() or local.time() >= MORNING else monday - timedelta(days=7),
    }
    return [
        row
        for row in rows.select_related("town", "key").order_by("pk")
        if (start := first[Rhythm(row.rhythm)]) is None or row.told_on is None or row.told_on < start
    ]


def _letter(row: Subscription, words: str, told: list[News]) -> tuple[str, str]:
    """Title and text."""
    more = f"等 {len(told)} 件" if len(told) > 1 else ""
    shown = [news.lines for news in told[::-1][:MOST_SHOWN]]
    if len(told) > MOST_SHOWN:
        shown.append(f"还有 {len(told) - MOST_SHOWN} 件，见 {row.town.base_url}/info/since")
    parts = [wording.filled(words, {"件数": str(len(told))}), *shown]
    parts.append(f"改订：{row.link('mine')}\n退订，点一下就行：{row.link('stop')}")
    return f"{row.town.name}：{told[-1].title[:60]}{more}", "\n\n".join(parts)


def _tell(row: Subscription, news: list[News], head: int, now: datetime, words: str) -> bool:
    """Queue one letter and move the cursor; False when another node was quicker or nothing fits."""
    with act():
        mine = Subscription.objects.select_for_update(of=("self",)).select_related("town", "key")
        mine = mine.filter(pk=row.pk, next_index=row.next_index, stopped_at__isnull=True).first()
        if mine is None:
            return False
        choice = mine.choice
        told = [one for one in news if one.index >= mine.next_index and choice.fits(one)]
        if told:
            title, text = _letter(mine, words, told)
            notices.queue(
                town=mine.town,
                subject=mine.subject,
                kind=PUBLISHED,
                channel=Channel.EMAIL,
                key=mine.key,
                to=mine.to,
                name="",
                title=title,
                text=text,
                once=f"{mine.subject}:{mine.next_index}-{head}",
                until=now + WITHIN,
                unsubscribe=mine.link("stop"),
            )
            documents = [one.document for one in told if one.document]
            reach.add({(one.pk, ReachChannel.MAIL): 1 for one in documents}, timezone.localdate(now))
        mine.next_index, mine.told_on = head, timezone.localdate(now)
        mine.save(update_fields=["next_index", "told_on"])
    return bool(told)


def tell_due(now: datetime | None = None) -> int:
    """Queue a letter for everybody whose turn it is and for whom there is news; returns how many."""
    now, queued = now or timezone.now(), 0
    if Channel.EMAIL not in transports.configured():
        return 0
    waiting = Subscription.objects.filter(confirmed_at__isnull=False, stopped_at__isnull=True)
    for town in Jurisdiction.objects.filter(pk__in=waiting.values("town")):
        words, is_told = wording.current(town, PUBLISHED)
        due, head = _due(town, now), head_of(town)
        if not due or not is_told:
            continue
        first = min(row.next_index for row in due)
        news = since(town, first, head)
        for row in due:
            if news or row.rhythm != Rhythm.AT_ONCE or head - row.next_index > FAR:
                queued += _tell(row, news, head, now, words)
    return queued
