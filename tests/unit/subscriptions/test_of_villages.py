"""Being told what concerns a village: documents that name it or hang there, lists shown there, what is cut there."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.boards import actions as boards
from mingtang.boards.enums import What
from mingtang.demo.utilities import build_villages
from mingtang.disclosure import actions as documents
from mingtang.disclosure.models import ViewCount
from mingtang.events import follow
from mingtang.lib.errors import Refused
from mingtang.notices.models import Message
from mingtang.people import villages
from mingtang.people.models import Post, Unit, Village
from mingtang.subscriptions import actions, telling
from mingtang.subscriptions.choosing import Choice, choice_of, told
from mingtang.subscriptions.enums import Rhythm
from mingtang.utilities import interruptions, tenants
from mingtang.utilities.enums import Cut, Urgency
from tests.factories import acts, lists
from tests.factories.cast import POWER, SIGNER, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(settings):
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    with time_machine.travel("2026-03-04 12:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def changdi(town):
    build_villages(town)
    return Village.objects.get(town=town, name="长堤村")


@pytest.fixture
def qingshan(town, changdi):
    return Village.objects.get(town=town, name="青山村")


def subscribed(town, to, *chosen):
    choice = choice_of(town, [], [], "", [str(village.pk) for village in chosen])
    asked = actions.ask(town=town, to=to, choice=choice, rhythm=Rhythm.AT_ONCE)
    return actions.confirm(subscription=asked.subscription)


def letters():
    """Whom a letter went to, and its text, since the last time."""
    follow.settle()
    telling.tell_due()
    rows = Message.objects.filter(kind=documents.PUBLISHED).select_related("key").order_by("pk")
    found = {row.content["to"]: row.content["text"] for row in rows}
    rows.delete()
    return found


def cut(town, *where, hours=1):
    start = timezone.now() + timedelta(hours=hours)
    return interruptions.Told(
        villages=where, places="一至四组", starts_at=start, ends_at=start + timedelta(hours=4), reason="换变压器"
    )


def test_whoever_chose_a_village_is_told_what_names_it_or_hangs_there(town, changdi, qingshan):
    subscribed(town, "changdi@b.example", changdi)
    subscribed(town, "qingshan@b.example", qingshan)
    subscribed(town, "all@b.example")
    acts.published(town, acts.content("修路通知", "<p>长堤\n村二组的路要修。</p>"))
    hung = acts.published(town, acts.content("低保政策", "<p>标准提高了。</p>"))
    board = boards.open_board(
        town=town,
        facts=boards.Facts("村部公示栏", "大门右边", Post.objects.get(code="station-changdi"), 90, village=qingshan),
        by=staff(SIGNER),
    )
    boards.require(board=board, what=What.DOCUMENT, document=hung.document, by=staff(SIGNER))
    lists.granted(town, "张三")
    shown = lists.shown(town)
    found = letters()
    assert "修路通知" in found["changdi@b.example"] and "低保政策" not in found["changdi@b.example"]
    assert f"/lists/{shown.number}" in found["changdi@b.example"] and "张" not in found["changdi@b.example"]
    assert "低保政策" in found["qingshan@b.example"] and "修路" not in found["qingshan@b.example"]
    assert "修路通知" in found["all@b.example"] and "低保政策" in found["all@b.example"]
    assert "/lists/" not in found["all@b.example"], "nothing chosen is every document"
    assert sorted(ViewCount.objects.filter(channel="mail").values_list("count", flat=True)) == [2, 2]


def test_what_is_cut_in_a_village_is_told_changed_and_called_off(town, changdi, qingshan):
    power = tenants.admit(
        unit=Unit.objects.get(code="power"), owner=Post.objects.get(code="power-head"), by=staff(SIGNER)
    )
    subscribed(town, "changdi@b.example", changdi)
    subscribed(town, "qingshan@b.example", qingshan)
    subscribed(town, "all@b.example")
    row = interruptions.propose(
        tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=cut(town, changdi), by=staff(POWER)
    )
    found = letters()
    assert set(found) == {"changdi@b.example"} and "3月4日 13:00到3月4日 17:00" in found["changdi@b.example"]
    interruptions.change(interruption=row, told=cut(town, qingshan, hours=2), why="查错了", by=staff(POWER))
    found = letters()
    assert set(found) == {"changdi@b.example", "qingshan@b.example"}, "whoever was told before is told of the change"
    assert all("【改了】停电" in text and "3月4日 14:00" in text for text in found.values())
    interruptions.withdraw(interruption=row, why="不用停了", by=staff(POWER))
    assert "【不停了】停电" in letters()["qingshan@b.example"]


def test_what_is_back_by_the_time_of_the_letter_is_not_told(town, changdi, noon):
    power = tenants.admit(
        unit=Unit.objects.get(code="power"), owner=Post.objects.get(code="power-head"), by=staff(SIGNER)
    )
    subscribed(town, "changdi@b.example", changdi)
    row = interruptions.propose(
        tenant=power, cut=Cut.POWER, urgency=Urgency.URGENT, told=cut(town, changdi), by=staff(POWER)
    )
    noon.shift(timedelta(hours=3))
    interruptions.restore(interruption=row, restored_at=timezone.now(), by=staff(POWER))
    assert letters() == {}


def test_only_villages_that_there_are_can_be_chosen(town, other_town, changdi, qingshan):
    assert told(town, choice_of(town, [], [], "", [str(changdi.pk)])) == ["村（社区）：长堤村"]
    villages.close(village=qingshan, by=staff(SIGNER))
    for key in (str(qingshan.pk), "0", "长堤村", ""):
        with pytest.raises(Refused, match="有的现在没有了"):
            choice_of(town, [], [], "", [key])
    assert Choice(columns=(), units=(), words=()).villages == (), "as it was sealed before"
