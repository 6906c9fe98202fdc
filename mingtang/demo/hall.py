"""The hall of the demo town as it runs: a station in a village, opening bands, cards. People and hours are invented."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from mingtang.hall import pads, sites
from mingtang.hall.duty import enter_absence
from mingtang.hall.enums import BandKind, MarketCalendar, SiteKind, WindowKind
from mingtang.hall.models import Badge, Band, Site, Window
from mingtang.people import roster
from mingtang.people.enums import AbsenceKind
from mingtang.people.models import Assignment, Post, RosterRow, Staff
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

# kind, from, to, posts
CENTRE_BANDS = (
    (BandKind.WEEKDAY, time(8, 30), time(12), ("window-1", "window-3", "window-4")),
    (BandKind.WEEKDAY, time(14, 30), time(17, 30), ("window-1", "window-3", "window-4")),
    (BandKind.LUNCH, time(12), time(14, 30), ("window-1",)),
    (BandKind.WEEKEND, time(9), time(11, 30), ("window-1",)),
    (BandKind.MARKET, time(7, 30), time(12), ("window-1", "window-4")),
)
STATION_BANDS = ((BandKind.WEEKDAY, time(8, 30), time(11, 30), ("station-changdi",)),)
RULES = (
    ("七十岁以上的老人", 20, "大厅公布的叫号办法（演示）", False),
    ("残疾人", 20, "大厅公布的叫号办法（演示）", False),
    ("只办一件当场办结的事", 10, "大厅公布的叫号办法（演示）", True),
)
BADGES = ("chuangkou1", "chuangkou3", "chuangkou4", "cunban")


# post, A, B: a person, or by "post:" whoever holds another post
ROSTER = (
    ("window-1", "chuangkou1", "chuangkou4"),
    ("window-3", "chuangkou3", "chuangkou1"),
    ("window-4", "chuangkou4", "chuangkou1"),
    ("station-changdi", "cunban", "post:window-1"),
    ("land-review", "guotu", "post:land-head"),
    ("build-review", "chengjian", "guotu"),
    ("forest-check", "linye", "post:forestry-head"),
    ("social-check", "shehui", "post:social-head"),
    ("deputy-mayor", "zhenzhang", "post:office-head"),
    ("power-meter", "jiliang", "post:power-head"),
    ("power-head", "diansuo", "gongdian"),
)


def build_roster(town: Jurisdiction) -> None:
    """A and B of every post that has a window or steps; one of them will be away for a day."""
    if RosterRow.objects.filter(town=town).exists():
        return
    people = {person.username: person for person in Staff.objects.filter(town=town)}
    posts = {post.code: post for post in Post.objects.filter(town=town).select_related("town", "unit")}
    for post, lead, other in ROSTER:
        substitute, substitute_post = people.get(other), posts.get(other.removeprefix("post:"))
        roster.set_row(
            post=posts[post],
            lead=people[lead],
            substitute=substitute,
            substitute_post=substitute_post,
            by=people["zhuren"],
        )
    today = timezone.localdate()
    day = calendar_for(town).add_working_days(today, 2)
    begin = timezone.make_aware(datetime.combine(day, time(8, 30)))
    enter_absence(
        staff=people["guotu"],
        kind=AbsenceKind.FIELD,
        starts_at=begin,
        ends_at=begin + timedelta(hours=9),
        by=people["guotu"],
    )


def build_hall(town: Jurisdiction) -> None:
    """Market days, bands and cards of the centre; a village station with its own window."""
    if Band.objects.filter(site__town=town).exists():
        return
    head = Staff.objects.get(town=town, username="zhuren")
    Window.objects.filter(site__town=town, site__code="hall", number=1).update(kind=WindowKind.GENERAL)
    centre = Site.objects.get(town=town, code="hall")
    shared = {"town": town, "by": head}
    centre = sites.keep_site(
        code="hall", kind=SiteKind.CENTRE, name=centre.name, address=centre.address, phone=centre.phone,
        market_calendar=MarketCalendar.LUNAR, days="逢3、8", book_share=40, **shared,
    )  # fmt: skip
    station = sites.keep_site(
        code="changdi", kind=SiteKind.STATION, name="长堤村便民服务站", address="长堤村村部（演示地址）",
        phone="0730-5550021", market_calendar="", days="", **shared,
    )  # fmt: skip
    agent = Post.objects.get(town=town, code="station-changdi")
    kind = WindowKind.GENERAL
    sites.keep_window(site=station, number=1, kind=kind, name="帮办代办", post=agent, by=head)
    posts = {post.code: post for post in Post.objects.filter(town=town)}
    for site, bands in ((centre, CENTRE_BANDS), (station, STATION_BANDS)):
        for kind, starts, ends, codes in bands:
            there = [posts[code] for code in codes]
            sites.keep_band(site=site, kind=kind, starts=starts, ends=ends, posts=there, by=head)
    for name, minutes, basis, quick in RULES:
        sites.keep_rule(name=name, minutes=minutes, basis=basis, quick=quick, **shared)
    pads.issue_pad(site=station, code="CD01", first=1, last=50, by=head)
    for row in Assignment.objects.filter(staff__town=town, staff__username__in=BADGES).select_related("staff", "post"):
        if not Badge.objects.filter(staff=row.staff, post=row.post).exists():
            sites.issue_badge(staff=row.staff, post=row.post, by=head)
