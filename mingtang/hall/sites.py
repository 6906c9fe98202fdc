"""Keeping sites, windows, opening bands and the cards of window staff. What the public reads changes with the act."""

import re
from collections.abc import Collection
from datetime import time
from typing import BinaryIO

from django.db import IntegrityError
from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.files.actions import store_public
from mingtang.files.policies import IMAGES, named
from mingtang.files.sniff import ending
from mingtang.guard.clear import clear_text
from mingtang.hall.enums import BandKind, MarketCalendar, SiteKind, WindowKind
from mingtang.hall.models import Badge, Band, PriorityRule, Site, Window
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor, check_may, posts_of
from mingtang.towns.models import Jurisdiction

SITE_KEPT = types.define("site.kept", "登记场所", public=True)
WINDOW_KEPT = types.define("window.kept", "登记窗口", public=True)
BAND_KEPT = types.define("site.band_kept", "定开放时段", public=True)
BAND_DROPPED = types.define("site.band_dropped", "取消开放时段", public=True)
BADGE_ISSUED = types.define("badge.issued", "发上岗证", public=True)
BADGE_ENDED = types.define("badge.ended", "收回上岗证", public=True)
RULE_KEPT = types.define("priority.kept", "公布优先规则", public=True)
RULE_ENDED = types.define("priority.ended", "停用优先规则", public=True)
PHOTO_LIMIT = 2 * 1024 * 1024
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def market_days(text: str) -> list[int]:
    """``逢3、6、9`` is every day whose number ends so; ``1、15`` are these days alone. Days of a month, ascending."""
    text = text.strip()
    ends, numbers = text.startswith("逢"), [int(found) for found in re.findall(r"\d+", text)]
    if not text:
        return []
    if not numbers or re.sub(r"[逢\d、，,和日\s]", "", text):
        raise Refused("赶集日请写成“逢3、6、9”，或者写出是每月哪几天，例如“1、15”。", field="market_days")
    if any(number > (9 if ends else 31) or (not ends and number < 1) for number in numbers):
        raise Refused("“逢”后面写 0 到 9 的尾数；不写“逢”的，写 1 到 31 的日子。", field="market_days")
    found = {day for day in range(1, 32) if day % 10 in numbers} if ends else set(numbers)
    return sorted(found)


def market_words(days: Collection[int]) -> str:
    """The same in words, the short way where whole endings are meant."""
    ends = sorted({day % 10 for day in days})
    if set(days) == {day for day in range(1, 32) if day % 10 in ends}:
        return "逢" + "、".join(map(str, ends)) if ends else ""
    return "、".join(map(str, sorted(days)))


def keep_site(
    *,
    town: Jurisdiction,
    code: str,
    kind: str,
    name: str,
    address: str,
    phone: str,
    market_calendar: str,
    days: str,
    by: Staff,
    book_share: int = 0,
    visit_minutes: int = 15,
) -> Site:
    """A new site under this code, or what is known of an old one. Its letter is given once and begins its numbers."""
    check_may(by, Permission.WINDOW_RUN, town)
    if not re.fullmatch(r"[a-z0-9-]{1,40}", code):
        raise Refused("代码只能用小写字母、数字和短横，例如“changdi”，它是网址的一部分。", field="code")
    if kind not in SiteKind.values:
        raise Refused("请选择场所的类别。", field="kind")
    texts = {
        "name": clear_text(name, "请填写场所的名称。", "name", 60, town=by.town_id),
        "address": clear_text(address, "请填写地址。", "address", 100, town=by.town_id),
        "phone": clear_text(phone, "请填写电话。", "phone", 30, town=by.town_id),
    }
    listed = market_days(days)
    if bool(listed) != bool(market_calendar) or market_calendar not in ("", *MarketCalendar.values):
        raise Refused("赶集日和它按哪种历法，两样要一起填，或者都不填。", field="market_days")
    if not 0 <= book_share <= 50:
        raise Refused("预约的份额写 0 到 50：至少一半留给直接来的人。", field="book_share")
    if not 5 <= visit_minutes <= 60:
        raise Refused("一个人平均办的时间，写 5 到 60 分钟。", field="visit_minutes")
    with act():
        town = Jurisdiction.objects.select_for_update(no_key=True).get(pk=town.pk)
        site = Site.objects.filter(town=town, code=code).first()
        if site is None:
            used = set(Site.objects.filter(town=town).values_list("letter", flat=True))
            free = [letter for letter in LETTERS if letter not in used]
            if not free:
                raise Refused("一个镇最多登记 26 个场所。")
            site = Site(town=town, code=code, letter=free[0])
        site.kind, site.market_calendar, site.market_days = kind, market_calendar, listed
        site.book_share, site.visit_minutes = book_share, visit_minutes
        for field, text in texts.items():
            setattr(site, field, text)
        site.save()
        record(town=town, type=SITE_KEPT, subject=site.subject, by=actor(by), data={"kind": kind, "share": book_share})
    return site


def keep_window(*, site: Site, number: int, kind: str, name: str, post: Post, by: Staff) -> Window:
    """A new window under this number of the site, or another name, kind or post for an old one."""
    check_may(by, Permission.WINDOW_RUN, site.town)
    name = clear_text(name, "请填写窗口的名称。", "name", 40, town=by.town_id)
    if not 1 <= number <= 99:
        raise Refused("窗口号要在 1 到 99 之间。", field="number")
    if kind not in WindowKind.values:
        raise Refused("请选择综合窗口或者专门窗口。", field="kind")
    if post.town_id != site.town_id or Permission.CASE_INTAKE not in post.permissions:
        raise Refused("这个岗位不能在窗口收件。请另选岗位，或者先给岗位加上窗口人员的角色。", field="post")
    with act():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        window = Window.objects.filter(site=site, number=number).first() or Window(site=site, number=number)
        window.town, window.unit = site.town, post.unit
        window.kind, window.name, window.post = kind, name, post
        window.save()
        data = {"site": site.code, "kind": kind, "post": post.code}
        record(town=site.town, type=WINDOW_KEPT, subject=window.subject, by=actor(by), data=data)
    return window


def keep_band(*, site: Site, kind: str, starts: time, ends: time, posts: Collection[Post], by: Staff) -> Band:
    """From when to when on a kind of day, and who is there then: windows without anybody behind them are not open."""
    check_may(by, Permission.WINDOW_RUN, site.town)
    if kind not in BandKind.values:
        raise Refused("请选择是哪些日子。", field="kind")
    if ends <= starts:
        raise Refused("结束要晚于开始。过了半夜的，请分两段写。", field="ends")
    if kind == BandKind.MARKET and not site.market_calendar:
        raise Refused("这个场所还没有登记赶集日。请先在场所上填写赶集日。", field="kind")
    if not posts:
        raise Refused("这个时段没有人在岗，开着门也办不了事。请选上在岗的岗位，或者不要开这个时段。", field="posts")
    here = set(site.windows.values_list("post_id", flat=True))
    if not any(post.pk in here for post in posts):
        raise Refused("选的岗位在这个场所都没有窗口。请先设窗口，或者选有窗口的岗位。", field="posts")
    if any(post.town_id != site.town_id for post in posts):
        raise Refused("岗位不在本镇，请另选。", field="posts")
    try:
        with act():
            others = Band.objects.filter(site=site, kind=kind, starts__lt=ends, ends__gt=starts).exclude(starts=starts)
            if other := others.first():
                raise Refused(f"和{other}重叠。请改时间，或者先取消原来的。", field="starts")
            band, _ = Band.objects.update_or_create(site=site, kind=kind, starts=starts, defaults={"ends": ends})
            band.posts.set(posts)
            data = {"kind": kind, "from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}"}
            data |= {"posts": ",".join(sorted(post.code for post in posts))}
            record(town=site.town, type=BAND_KEPT, subject=site.subject, by=actor(by), data=data)
    except IntegrityError:
        raise Refused("同事刚刚定了同一个时段。请刷新再看。", field="starts") from None
    return band


def drop_band(*, band: Band, by: Staff) -> None:
    """From now on nobody is there at that time; what was, stands in the log."""
    check_may(by, Permission.WINDOW_RUN, band.site.town)
    with act():
        data = {"kind": band.kind, "from": f"{band.starts:%H:%M}", "to": f"{band.ends:%H:%M}"}
        if not Band.objects.filter(pk=band.pk).delete()[0]:
            raise Refused("这个时段刚刚已经取消了。")
        record(town=band.site.town, type=BAND_DROPPED, subject=band.site.subject, by=actor(by), data=data)


def issue_badge(*, staff: Staff, post: Post, by: Staff, photo: tuple[str, BinaryIO] | None = None) -> Badge:
    """The card of a person at a post of theirs, or a new photo on it. ``photo``: name and stream of a picture."""
    check_may(by, Permission.WINDOW_RUN, post.town)
    if post.pk not in {row.pk for row in posts_of(staff)}:
        raise Refused(f"{staff.name}现在不在这个岗位，不能发证。请先任职。", field="staff")
    kept = None
    if photo is not None:
        name, stream = photo
        kept, _ = store_public(
            town=post.town,
            # What a telephone or a person called it may name somebody.
            name=named("上岗证照片", ending(name)),
            stream=stream,
            by=actor(by),
            purpose="badge",
            allowed=IMAGES,
            limit=PHOTO_LIMIT,
        )
    with act():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        badge, _ = Badge.objects.get_or_create(
            staff=staff, post=post, ended_on=None, defaults={"town": post.town, "issued_on": timezone.localdate()}
        )
        if kept is not None:
            badge.photo = kept
            badge.save(update_fields=["photo"])
        data = {"staff": staff.code, "photo": badge.photo_id is not None}
        record(town=post.town, type=BADGE_ISSUED, subject=f"post:{post.code}", by=actor(by), data=data)
    return badge


def end_badge(*, badge: Badge, by: Staff) -> None:
    check_may(by, Permission.WINDOW_RUN, badge.town)
    with act():
        badge = Badge.objects.select_for_update(of=("self",)).select_related("post", "staff").get(pk=badge.pk)
        if badge.ended_on:
            raise Refused("这张上岗证已经收回。")
        badge.ended_on = timezone.localdate()
        badge.save(update_fields=["ended_on"])
        data = {"staff": badge.staff.code}
        record(town=badge.town, type=BADGE_ENDED, subject=f"post:{badge.post.code}", by=actor(by), data=data)


def keep_rule(*, town: Jurisdiction, name: str, minutes: int, basis: str, quick: bool, by: Staff) -> PriorityRule:
    """Publish a rule by which some are called earlier. None is changed: one that is ended makes room for another."""
    check_may(by, Permission.WINDOW_RUN, town)
    name = clear_text(name, "请写明谁优先，例如“七十岁以上的老人”。", "name", 40, town=by.town_id)
    basis = clear_text(basis, "请写明依据：哪部规定，或者大厅哪天公布的办法。", "basis", 100, town=by.town_id)
    if not 1 <= minutes <= 60:
        raise Refused("提前的时间写 1 到 60 分钟，不能让别人一直等下去。", field="minutes")
    with act():
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=town.pk)
        standing = PriorityRule.objects.filter(town=town, ended_on__isnull=True)
        if standing.filter(name=name).exists() or (quick and standing.filter(quick=True).exists()):
            raise Refused("已经有这样一条规则。要改，请先停用原来的。", field="name")
        rule = PriorityRule.objects.create(town=town, name=name, minutes=minutes, basis=basis, quick=quick)
        data = {"rule": rule.pk, "minutes": minutes, "quick": quick}
        record(town=town, type=RULE_KEPT, subject=f"priority:{rule.pk}", by=actor(by), reason=name, data=data)
    return rule


def end_rule(*, rule: PriorityRule, by: Staff) -> None:
    check_may(by, Permission.WINDOW_RUN, rule.town)
    with act():
        rule = PriorityRule.objects.select_for_update(of=("self",)).select_related("town").get(pk=rule.pk)
        if rule.ended_on:
            raise Refused("这条规则已经停用。")
        rule.ended_on = timezone.localdate()
        rule.save(update_fields=["ended_on"])
        record(town=rule.town, type=RULE_ENDED, subject=f"priority:{rule.pk}", by=actor(by))
