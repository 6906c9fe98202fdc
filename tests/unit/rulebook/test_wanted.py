"""找不到的事: what is counted, what is never kept, what the town answers, and when it is forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from mingtang import guard
from mingtang.events import follow
from mingtang.events.models import Event
from mingtang.guard.lists import NONE
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import id_check_character, luhn_valid
from mingtang.people.models import Unit
from mingtang.portal import findable
from mingtang.rulebook import wanted
from mingtang.rulebook.models import Item, Wanted, WantedDay
from mingtang.rulebook.models.wanted import LONGEST
from mingtang.search import service as search
from mingtang.towns.viewer import Viewer
from tests.factories.cast import CENTRE, CLERK_3, JUSTICE, SIGNER, staff

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
TODAY = date(2026, 3, 16)

# What must not be kept ---------------------------------------------------------------------------------------------

PREFIX = st.sampled_from(["430623", "110101", "440106"])
DAYS = st.dates(date(1930, 1, 1), date(2015, 12, 31))


@st.composite
def resident_ids(draw) -> str:
    body = draw(PREFIX) + draw(DAYS).strftime("%Y%m%d") + f"{draw(st.integers(0, 999)):03}"
    return body + id_check_character(body)


@st.composite
def cards(draw) -> str:
    body = "622" + "".join(map(str, draw(st.lists(st.integers(0, 9), min_size=15, max_size=15))))
    return next(body + str(last) for last in range(10) if luhn_valid(body + str(last)))


MOBILES = st.integers(13000000000, 19999999999).map(str)
LANDLINES = st.integers(2000000, 8999999).map(lambda n: f"0730-{n}")
GAPS = st.sampled_from(["", " ", "-", "－", "　", ".", "\u200b", "，"])
WIDTHS = st.sampled_from([str, lambda text: text.translate({ord("0") + n: ord("０") + n for n in range(10)})])
SPELLED = st.lists(st.sampled_from("零一二三四五六七八九幺"), min_size=7, max_size=18).map("".join)
WORDS = st.text(st.sampled_from("我想查王小明的低保养老钱怎么办电话是身份证卡号 ，。"), max_size=12)


@st.composite
def telling(draw) -> str:
    """A sentence that holds a number of a person, however it is written."""
    number = draw(st.one_of(resident_ids(), MOBILES, cards(), LANDLINES, SPELLED))
    gap, step = draw(GAPS), draw(st.integers(1, 6))
    number = gap.join(number[at : at + step] for at in range(0, len(number), step))
    return draw(WORDS) + draw(WIDTHS)(number) + draw(WORDS)


@given(telling())
@example("我的电话１３８ ０７３０ ００００")
@example("身份证43062319560308001X")
@example("邮箱 abc@qq.com 查低保")
@example("车牌湘FA12345过户")
@example("微信号wxid8888查一下")
def test_words_with_a_number_of_a_person_are_never_kept(text):
    assert wanted.kept(text, NONE) == ""


@given(st.text(max_size=80))
def test_what_is_kept_is_short_speaks_chinese_and_says_no_number(text):
    words = wanted.kept(text, NONE)
    assert len(words) <= LONGEST
    assert sum(c.isdecimal() for c in words) <= 4
    assert not any(finding.blocks for finding in guard.check(words))
    assert not words or sum("\u3400" <= c <= "\u9fff" for c in words) >= 2


def test_width_case_and_punctuation_do_not_make_other_words():
    assert wanted.kept("  办 ＫＴＶ，要什么证？ ", NONE) == wanted.kept("办 ktv 要什么证", NONE) == "办 ktv 要什么证"
    assert wanted.kept("老人65岁坐车", NONE) == "老人65岁坐车"
    assert wanted.kept("asdf", NONE) == wanted.kept("证", NONE) == wanted.kept("长" * (LONGEST + 1), NONE) == ""


# The table ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here(clock, town):
    return town


def said(town, text="夜市摆摊", times=3, day=TODAY) -> Wanted:
    wanted.add(town=town, counted={text: times}, day=day)
    return Wanted.objects.get(town=town, text=text)


def item(code="JF-001") -> Item:
    return Item.objects.get(code=code)


@pytest.mark.django_db
def test_words_are_counted_by_day_and_nothing_else_is_known(here):
    said(here, times=2)
    said(here, times=1)
    said(here, times=4, day=TODAY - timedelta(days=1))
    assert list(WantedDay.objects.order_by("day").values_list("count", flat=True)) == [4, 3]
    row = Wanted.objects.counted().get()
    assert (row.times, row.last_on) == (7, TODAY)
    assert wanted.add(town=here, counted={"电话13807300000": 5, "": 1, "夜市，摆摊": 1, "没人": 0}, day=TODAY) == 0
    assert Wanted.objects.count() == 1


@pytest.mark.django_db
def test_a_flood_of_words_in_one_day_is_cut_off(here, monkeypatch):
    monkeypatch.setattr(wanted, "MOST_A_DAY", 3)
    wanted.add(town=here, counted=dict.fromkeys(("甲乙", "丙丁", "戊己", "庚辛", "壬癸"), 1), day=TODAY)
    assert Wanted.objects.count() == 3
    wanted.add(town=here, counted={"子丑": 1, "甲乙": 1}, day=TODAY)
    assert Wanted.objects.filter(text="子丑").count() == 0, "known words still count"
    assert WantedDay.objects.get(wanted__text="甲乙").count == 2


@pytest.mark.django_db
def test_linked_words_find_the_item_and_unlinked_ones_no_longer(here):
    follow.settle()
    row = said(here, "挪窝搬凳")
    assert not search.search(here.pk, "挪窝搬凳", kind="item").hits
    wanted.link(wanted=row, item=item(), by=staff(CENTRE))
    follow.settle()
    assert search.search(here.pk, "挪窝搬凳", kind="item").hits[0].key == "item:JF-001"
    row.refresh_from_db()
    wanted.decline(wanted=row, note="这件事归村里。", by=staff(CENTRE), seen=row.event_id)
    follow.settle()
    assert not search.search(here.pk, "挪窝搬凳", kind="item").hits
    assert [event.type for event in Event.objects.filter(subject="item:JF-001").order_by("pk")][-2:] == [
        "wanted.linked",
        "wanted.unlinked",
    ]
    assert next(findable.items(here.pk, ["item:JF-001"])).synonyms == item().current.spec.synonyms


@pytest.mark.django_db
def test_each_answer_is_one_event_that_does_not_repeat_the_words(here):
    land = Unit.objects.get(code="land")
    for text, answer in (
        ("甲方的事", lambda row: wanted.link(wanted=row, item=item(), by=staff(CENTRE))),
        ("乙方的事", lambda row: wanted.decline(wanted=row, note="归县里办。", by=staff(SIGNER))),
        (
            "丙方的事",
            lambda row: wanted.pass_on(wanted=row, unit=land, note="查一下。", by=staff(CENTRE)),
        ),
    ):
        before = Event.objects.count()
        row = answer(said(here, text))
        event = Event.objects.get(pk=row.event_id)
        assert Event.objects.count() == before + 1
        assert text not in f"{event.reason} {event.data} {event.subject}"
        assert row.answered_at == event.recorded_at and row.answered_by is not None


@pytest.mark.django_db
@pytest.mark.parametrize("who", [CLERK_3, JUSTICE])
def test_who_keeps_no_items_answers_nothing(here, who):
    with pytest.raises(Refused, match="不能答复"):
        wanted.decline(wanted=said(here), note="不办。", by=staff(who))
    with pytest.raises(Refused, match="不能答复"):
        wanted.drop(wanted=said(here), by=staff(who))


@pytest.mark.django_db
def test_an_answer_names_what_it_must(here, other_town):
    row, by = said(here), staff(CENTRE)
    with pytest.raises(Refused) as caught:
        wanted.decline(wanted=row, note=" ", by=by)
    assert caught.value.field == "note"
    with pytest.raises(Refused, match="个人信息"):
        wanted.decline(wanted=row, note="找13807300000。", by=by)
    gone = Unit.objects.get(code="land")
    gone.dissolved_on = TODAY
    with pytest.raises(Refused, match="已经撤销"):
        wanted.pass_on(wanted=row, unit=gone, note="查一下。", by=by)
    with pytest.raises(Refused, match="不属于本镇"):
        wanted.link(wanted=row, item=Item.objects.create(town=other_town, code="XX-001"), by=by)
    with pytest.raises(Refused, match="还没有发布施行"):
        wanted.link(wanted=row, item=Item.objects.create(town=here, code="XX-002"), by=by)
    assert Wanted.objects.get(pk=row.pk).outcome == ""


@pytest.mark.django_db
def test_of_two_who_answer_at_once_the_second_sees_the_first(here):
    row = said(here)
    wanted.decline(wanted=row, note="归县里办。", by=staff(CENTRE))
    with pytest.raises(Refused, match="刚才有人答复过"):
        wanted.link(wanted=row, item=item(), by=staff(SIGNER))
    row.refresh_from_db()
    assert wanted.link(wanted=row, item=item(), by=staff(SIGNER), seen=row.event_id).note == ""


@pytest.mark.django_db
def test_what_is_no_service_is_destroyed(here):
    row = said(here, "王小明欠钱")
    wanted.drop(wanted=row, by=staff(CENTRE))
    assert not Wanted.objects.exists() and not WantedDay.objects.exists()
    event = Event.objects.get(type="wanted.dropped")
    assert "王小明" not in f"{event.reason} {event.data} {event.subject}"
    with pytest.raises(Refused, match="已经删去"):
        wanted.drop(wanted=row, by=staff(CENTRE))


@pytest.mark.django_db
def test_the_public_sees_what_three_asked_and_somebody_answered(here, other_town):
    by = staff(CENTRE)
    wanted.decline(wanted=said(here, "办护照", 3), note="归县里办。", by=by)
    wanted.decline(wanted=said(here, "办签证", 2), note="归县里办。", by=by)
    said(here, "没人答复", 9, TODAY - timedelta(days=4))
    public = Wanted.objects.visible_to(Viewer(town=here))
    assert [row.text for row in public] == ["办护照"]
    assert wanted.unanswered(here) == (1, TODAY - timedelta(days=4))
    assert Wanted.objects.visible_to(Viewer(town=here, powers=frozenset({"item.edit"}))).count() == 3
    assert not Wanted.objects.visible_to(Viewer(town=other_town, powers=frozenset({"item.edit"}))).exists()
    assert wanted.unanswered(other_town) == (0, None)


@pytest.mark.django_db
def test_what_few_say_is_forgotten_after_a_month_and_all_after_a_year(here, clock):
    said(here, "一个人问过", 2)
    said(here, "许多人问过", 3)
    wanted.link(wanted=said(here, "对上的话", 1), item=item(), by=staff(CENTRE))
    assert wanted.forget(TODAY + timedelta(days=30)) == 0
    assert wanted.forget(TODAY + timedelta(days=31)) == 1
    assert set(Wanted.objects.values_list("text", flat=True)) == {"许多人问过", "对上的话"}
    said(here, "许多人问过", 3, TODAY + timedelta(days=200))
    assert wanted.forget(TODAY + timedelta(days=366)) == 1
    assert [(row.text, row.times) for row in Wanted.objects.counted()] == [("许多人问过", 3)]
    assert Event.objects.filter(type="wanted.unlinked", actor="system", subject="item:JF-001").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "half", [{"outcome": "declined", "note": "不办。"}, {"outcome": "linked"}, {"note": "没有答复的说明"}]
)
def test_the_database_refuses_half_an_answer(here, half):
    row = said(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wanted.objects.filter(pk=row.pk).update(**half)
