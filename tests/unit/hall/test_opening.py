"""Opening bands: on which days they hold, who is there, and what can really be done then."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.hall import actions, sites
from mingtang.hall.doable import offer
from mingtang.hall.models import Band, Site, Window
from mingtang.hall.opening import Opening, is_market_day
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, staff
from tests.factories.hall import band

pytestmark = pytest.mark.django_db


def at(day: str, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time(hour, minute)))


@pytest.fixture
def hall(town) -> Site:
    """Working days in the morning and afternoon, one window at noon and on Saturdays, two on market days."""
    site = Site.objects.get(town=town)
    Site.objects.filter(pk=site.pk).update(market_calendar="lunar", market_days=[3, 8, 13, 18, 23, 28])
    site.refresh_from_db()
    for kind, starts, ends, posts in (
        ("weekday", 8, 12, ("window-1", "window-3", "window-4")),
        ("weekday", 14, 17, ("window-1", "window-3", "window-4")),
        ("lunch", 12, 14, ("window-1",)),
        ("weekend", 9, 11, ("window-1",)),
        ("market", 7, 12, ("window-4",)),
    ):
        band(site, kind, starts, ends, *posts)
    return site


# 2026-03-16 is a Monday; 03-21 a Saturday, the third of a lunar month; 05-01 a holiday; 05-09 a Saturday worked.
@pytest.mark.parametrize(
    ("moment", "posts"),
    [
        (at("2026-03-16", 9), {"window-1", "window-3", "window-4"}),
        (at("2026-03-16", 12), {"window-1"}),
        (at("2026-03-16", 17), set()),
        (at("2026-03-21", 7, 30), {"window-4"}),
        (at("2026-03-21", 9), {"window-1", "window-4"}),
        (at("2026-03-22", 9), {"window-1"}),
        (at("2026-05-01", 9), set()),
        (at("2026-05-09", 9), {"window-1", "window-3", "window-4"}),
    ],
)
def test_who_is_there(hall, moment, posts):
    assert Opening(hall.town).posts(hall.pk, moment) == posts


def test_open_until_and_closed_until_when(hall):
    opening = Opening(hall.town)
    assert opening.duty(hall.pk, at("2026-03-16", 9)).until == at("2026-03-16", 17), "noon is no gap for the house"
    assert opening.duty(hall.pk, at("2026-03-16", 9), "window-3").until == at("2026-03-16", 12)
    assert opening.duty(hall.pk, at("2026-03-16", 12, 30), "window-3").next == at("2026-03-16", 14)
    assert opening.duty(hall.pk, at("2026-03-20", 18), "window-3").next == at("2026-03-23", 8)
    over_the_holiday = opening.duty(hall.pk, at("2026-04-30", 18))
    assert (over_the_holiday.open, over_the_holiday.next) == (False, at("2026-05-06", 8))


def test_nothing_is_said_of_a_site_without_bands_and_of_a_post_that_never_comes(hall):
    opening = Opening(hall.town)
    assert not opening.duty(hall.pk, at("2026-03-16", 9), "land-review").open
    assert opening.duty(hall.pk, at("2026-03-16", 9), "land-review").next is None
    Band.objects.all().delete()
    assert not Opening(hall.town).duty(hall.pk, at("2026-03-16", 9)).known


def test_market_days_by_either_calendar(hall):
    assert is_market_day(hall, date(2026, 3, 21)) and not is_market_day(hall, date(2026, 3, 22))
    hall.market_calendar = "solar"
    assert is_market_day(hall, date(2026, 3, 3)) and not is_market_day(hall, date(2026, 3, 21))


@pytest.mark.pure
@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("逢3、8", [3, 8, 13, 18, 23, 28], "逢3、8"),
        ("逢0", [10, 20, 30], "逢0"),
        ("1、15", [1, 15], "1、15"),
        ("15日，1日", [1, 15], "1、15"),
        ("", [], ""),
    ],
)
def test_market_days_are_read_and_said(text, days, words):
    assert sites.market_days(text) == days
    assert sites.market_words(days) == words


@pytest.mark.pure
@pytest.mark.parametrize("text", ["逢三", "每天", "逢12", "0", "32", "3;drop"])
def test_market_days_that_cannot_be_are_told(text):
    with pytest.raises(Refused, match="逢"):
        sites.market_days(text)


def test_only_what_can_really_be_done_is_offered(hall):
    windows = list(Window.objects.filter(site=hall).select_related("post"))

    def offered(*posts):
        return {row.item.code: row.on_the_spot for row in offer(hall.town, windows, posts, 10).rows}

    assert offered("window-1") == {"LN-001": True}
    assert offered("window-3") == {"JF-001": False, "LM-001": False}
    assert offered() == {} and offered("land-review") == {}
    Window.objects.filter(number=1).update(kind="general")
    windows = list(Window.objects.filter(site=hall).select_related("post"))
    assert offered("window-1") == {"LN-001": True, "JF-001": False, "JZ-001": False, "LM-001": False}
    actions.close_window(window=Window.objects.get(number=1), by=staff(CENTRE), reason="停电")
    windows = list(Window.objects.filter(site=hall).select_related("post"))
    assert offered("window-1") == {}


def test_a_band_needs_somebody_and_does_not_overlap(hall):
    keep = {"site": hall, "kind": "weekday", "by": staff(CENTRE)}
    posts = list(Post.objects.filter(code="window-1"))
    with pytest.raises(Refused, match="没有人在岗"):
        sites.keep_band(starts=time(18), ends=time(19), posts=[], **keep)
    with pytest.raises(Refused, match="都没有窗口"):
        sites.keep_band(starts=time(18), ends=time(19), posts=list(Post.objects.filter(code="land-review")), **keep)
    with pytest.raises(Refused, match="结束要晚于开始"):
        sites.keep_band(starts=time(18), ends=time(18), posts=posts, **keep)
    with pytest.raises(Refused, match="重叠"):
        sites.keep_band(starts=time(11), ends=time(13), posts=posts, **keep)
    with pytest.raises(Refused, match="没有“开关窗口”的权限"):
        sites.keep_band(starts=time(18), ends=time(19), posts=posts, **keep | {"by": staff(CLERK_1)})
    Site.objects.filter(pk=hall.pk).update(market_calendar="", market_days=[])
    hall.refresh_from_db()
    with pytest.raises(Refused, match="还没有登记赶集日"):
        sites.keep_band(starts=time(13), ends=time(14), posts=posts, **keep | {"kind": "market"})
    changed = sites.keep_band(starts=time(8), ends=time(11), posts=posts, **keep)
    assert [post.code for post in changed.posts.all()] == ["window-1"]
    sites.drop_band(band=changed, by=staff(CENTRE))
    with pytest.raises(Refused, match="已经取消"):
        sites.drop_band(band=changed, by=staff(CENTRE))
    assert Event.objects.filter(type="site.band_dropped").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Band.objects.create(site=hall, kind="weekday", starts=time(9), ends=time(9))


def test_sites_and_windows_are_kept_with_a_letter_of_their_own(town):
    keep = {"town": town, "kind": "station", "address": "村部", "phone": "0730-5550021", "by": staff(CENTRE)}
    keep |= {"market_calendar": "", "days": ""}
    station = sites.keep_site(code="changdi", name="长堤村服务站", **keep)
    assert station.letter == "B"
    assert sites.keep_site(code="changdi", name="长堤村便民站", **keep).pk == station.pk
    for bad, sentence in (
        ({"code": "长堤"}, "代码只能用"),
        ({"name": " "}, "请填写场所的名称"),
        ({"days": "逢3"}, "两样要一起填"),
        ({"kind": "palace"}, "请选择场所的类别"),
    ):
        with pytest.raises(Refused, match=sentence):
            sites.keep_site(**{"code": "new", "name": "新站", **keep, **bad})
    clerk, land = Post.objects.get(code="window-1"), Post.objects.get(code="land-review")
    window = {"site": station, "number": 1, "kind": "general", "name": "帮办", "post": clerk, "by": staff(CENTRE)}
    assert sites.keep_window(**window).subject == "window:B1"
    for bad, sentence in (
        ({"post": land}, "不能在窗口收件"),
        ({"number": 0}, "1 到"),
        ({"kind": "vip"}, "综合窗口"),
    ):
        with pytest.raises(Refused, match=sentence):
            sites.keep_window(**window | bad)


def test_a_card_is_for_who_holds_the_post_and_is_one(town):
    post = Post.objects.get(code="window-3")
    card = sites.issue_badge(staff=staff(CLERK_3), post=post, by=staff(CENTRE))
    assert sites.issue_badge(staff=staff(CLERK_3), post=post, by=staff(CENTRE)).pk == card.pk
    with pytest.raises(Refused, match="现在不在这个岗位"):
        sites.issue_badge(staff=staff(CLERK_1), post=post, by=staff(CENTRE))
    sites.end_badge(badge=card, by=staff(CENTRE))
    with pytest.raises(Refused, match="已经收回"):
        sites.end_badge(badge=card, by=staff(CENTRE))
    assert sites.issue_badge(staff=staff(CLERK_3), post=post, by=staff(CENTRE)).pk != card.pk


def test_a_closing_names_when_it_ends_and_not_in_the_past(town):
    window = Window.objects.get(number=3)
    with pytest.raises(Refused, match="要晚于现在"):
        actions.close_window(window=window, by=staff(CENTRE), reason="测量", back_at=timezone.now())
