"""Sites, windows and their hours as the pages of the hall show them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mingtang.hall.doable import Offer, offer
from mingtang.hall.enums import BandKind
from mingtang.hall.hours import band_days, band_span, hours_words
from mingtang.hall.models import Badge, Site, Window
from mingtang.hall.opening import Duty, Opening, is_market_day
from mingtang.lib.text import WEEKDAYS, chinese_date
from mingtang.people.enums import DECIDE
from mingtang.people.manning import is_away
from mingtang.people.models import Delegation
from mingtang.rulebook import facts

SHOWN_ITEMS = 40


def day_word(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("今天", "明天")[ahead]
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def moment_word(at: datetime, now: datetime) -> str:
    local = timezone.localtime(at)
    return f"{day_word(local.date(), timezone.localdate(now))} {local:%H:%M}"


def duty_words(duty: Duty, now: datetime) -> dict[str, str]:
    """A word with its tone, and the sentence that says until or from when."""
    if not duty.known:
        return {"word": "照常开放", "tone": "done", "sentence": ""}
    if duty.open and duty.until:
        return {"word": "现在开着", "tone": "done", "sentence": f"开到{moment_word(duty.until, now)}。"}
    if duty.next:
        return {"word": "现在没开", "tone": "paused", "sentence": f"{moment_word(duty.next, now)}开。"}
    return {"word": "现在没开", "tone": "paused", "sentence": "近期没有开放的安排，去以前请先打电话。"}


def closing(window: Window, opening: Opening, now: datetime) -> str:
    """The closing notice in one sentence: cause, until when, who stands in; empty while somebody is or may be there."""
    if window.is_open:
        return away(window, opening, now)
    back = f"，预计{moment_word(window.back_at, now)}恢复" if window.back_at and window.back_at > now else ""
    instead = f"请到{window.substitute}办理。" if window.substitute else "没有替代的窗口，急事请打电话。"
    return f"{window}现在关闭：{window.closed_reason}{back}。{instead}"


def away(window: Window, opening: Opening, now: datetime) -> str:
    """Why nobody is at an open window within its hours: by the roster all are away. Their reasons are theirs."""
    duty = opening.duty(window.site_id, now, window.post.code)
    if duty.open or not opening.plans(window.site_id, now, window.post.code):
        return ""
    cause = "值守的人外出" if opening.manning.team(window.post.code) else "岗位空缺"
    back = f"预计{moment_word(duty.next, now)}有人" if duty.next else "什么时候有人还没有定"
    return f"{window}现在没有人：{cause}，{back}。急事请打{window.site.phone}。"


def window_state(window: Window, opening: Opening, now: datetime) -> dict[str, str]:
    """The state of one window: closed with its notice, else what its bands and the roster say."""
    if notice := closing(window, opening, now):
        return {"word": "暂时没人" if window.is_open else "现在关闭", "tone": "late", "sentence": notice}
    state = duty_words(opening.duty(window.site_id, now, window.post.code), now)
    if names := "、".join(map(str, opening.manning.standing_in(window.post.code, now))):
        state["sentence"] += f"原来的人外出，由{names}替岗。"
    return state


def next_market(site: Site, today: date) -> str:
    """When the next market is held, within a month; empty where there is none."""
    for ahead in range(31):
        day = today + timedelta(days=ahead)
        if is_market_day(site, day):
            return f"{day_word(day, today)}赶集"
    return ""


def site_row(site: Site, opening: Opening, now: datetime) -> dict[str, Any]:
    """A site at a glance."""
    return {
        "name": site.name,
        "kind": site.get_kind_display(),
        "url": f"/hall/{site.code}",
        "address": site.address,
        "phone": site.phone,
        "hours": hours_words(opening, site),
        "market": next_market(site, timezone.localdate(now)),
        **duty_words(opening.duty(site.pk, now), now),
    }


def offers(site: Site, opening: Opening, windows: list[Window]) -> list[dict[str, Any]]:
    """What each band can do: bands with the same people at the same kind of day are one."""
    found: dict[tuple[str, frozenset[str]], list[str]] = {}
    for band in opening.bands(site.pk):
        found.setdefault((band.kind, frozenset(post.code for post in band.posts.all())), []).append(band_span(band))
    rows = sorted(found.items(), key=lambda row: BandKind.values.index(row[0][0]))
    return [
        {
            "days": band_days(kind, site),
            "spans": "，".join(spans),
            "windows": "、".join(f"{window.number}号" for window in windows if window.post.code in posts),
            **offer_shown(offer(site.town, windows, posts, SHOWN_ITEMS)),
        }
        for (kind, posts), spans in rows
    ]


def offer_shown(found: Offer) -> dict[str, Any]:
    rows = [
        {"title": row.item.facts.name, "url": f"/services/{row.item.code}", "now": row.on_the_spot}
        for row in found.rows
    ]
    return {"items": rows, "count": found.count, "more": found.count - len(rows), "everything": found.everything}


def window_items(window: Window) -> list[dict[str, Any]]:
    """The items a window takes in by the guides: at a general one those of its own post, for it takes in all."""
    rows = facts.in_force(window.town).filter(facts__window_post=window.post.code)
    return [{"title": row.facts.name, "url": f"/services/{row.code}"} for row in rows[:SHOWN_ITEMS]]


def badges(window: Window, opening: Opening, now: datetime) -> list[dict[str, Any]]:
    """The valid cards of those who hold the window's post and are not away now."""
    people = opening.manning.holders[window.post.code]
    here = [person for person in people if not is_away(opening.manning.away[person.pk], now)]
    rows = Badge.objects.filter(post=window.post, ended_on__isnull=True, staff__in=here)
    return [badge_shown(row) for row in rows.select_related("staff", "post__unit").order_by("issued_on", "pk")]


def badge_shown(badge: Badge) -> dict[str, Any]:
    return {
        "name": badge.staff.name,
        "number": badge.staff.number,
        "post": badge.post.name,
        "unit": badge.post.unit.name,
        "url": f"/hall/badges/{badge.pk}",
        "photo_url": f"/hall/badges/{badge.pk}/photo" if badge.photo_id else "",
        "issued": chinese_date(badge.issued_on),
    }


def decides(badge: Badge, now: datetime) -> list[dict[str, str]]:
    """What the holder's post may decide itself, and by which letter."""
    letters = list(Delegation.objects.filter(post=badge.post, step_code=DECIDE).valid(now).select_related("grantor"))
    rows = facts.in_force(badge.town).filter(code__in=[letter.item_code for letter in letters])
    names = {row.code: row.facts.name for row in rows}
    return [
        {"item": names[row.item_code], "letter": f"{row.grantor.name}授权，{row.number}"}
        for row in letters
        if row.item_code in names
    ]
