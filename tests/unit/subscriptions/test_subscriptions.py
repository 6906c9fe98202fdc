"""Being told by e-mail: only who confirmed, each document once, nothing that was withdrawn, never again after a no."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.disclosure import actions as documents
from mingtang.disclosure.enums import WithdrawGround
from mingtang.disclosure.models import ViewCount
from mingtang.events import follow
from mingtang.events.models import Event, PayloadKey
from mingtang.lib.errors import Refused
from mingtang.notices import sender
from mingtang.notices.enums import Channel, Problem
from mingtang.notices.models import Message
from mingtang.notices.transports import Answer, Outcome
from mingtang.subscriptions import actions, telling
from mingtang.subscriptions.choosing import Choice, choice_of
from mingtang.subscriptions.enums import Rhythm
from mingtang.subscriptions.models import Subscription
from tests.factories import acts
from tests.factories.cast import SIGNER, staff

pytestmark = pytest.mark.django_db
ADDRESS = "wang@b.example"
NOON = "2026-03-04 12:00+08:00"  # a Wednesday


@pytest.fixture(autouse=True)
def mail(settings):
    settings.SMTP_URL = "smtp://127.0.0.1:9"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def asked(town, to=ADDRESS, choice=None, rhythm=Rhythm.AT_ONCE):
    return actions.ask(town=town, to=to, choice=choice or Choice(), rhythm=rhythm).subscription


def subscribed(town, **more):
    return actions.confirm(subscription=asked(town, **more))


def letters():
    rows = Message.objects.filter(kind=documents.PUBLISHED).select_related("key").order_by("pk")
    return [row.content for row in rows]


def published(town, title="停电通知", body="<p>明天停电。</p>"):
    edition = acts.published(town, acts.content(title, body))
    follow.settle()
    return edition


def corrected(edition, note="日期写错了"):
    new = acts.corrected(edition, acts.content("停电通知", "<p>后天停电。</p>"), note)
    follow.settle()
    return new


def test_nobody_is_told_before_the_owner_of_the_address_has_confirmed(town):
    row = asked(town)
    link = Message.objects.get(subject=row.subject).content["text"]
    token = link.partition("?k=")[2].split()[0]
    published(town)
    assert telling.tell_due() == 0
    actions.confirm(subscription=actions.waiting(town, token))
    assert telling.tell_due() == 0, "what was published before is not news"
    published(town, "停水通知")
    assert telling.tell_due() == 1
    [letter] = letters()
    assert letter["to"] == ADDRESS and "停水通知" in letter["title"] and "停电" not in letter["text"]
    assert letter["unsubscribe"] in letter["text"] and actions.waiting(town, token) is None


def test_each_document_is_told_once_whatever_is_tried_again(town, noon):
    subscribed(town)
    subscribed(town, to="li@b.example")
    first = published(town)
    assert telling.tell_due() == 2
    Subscription.objects.update(next_index=0)
    Message.objects.all().delete()
    telling.tell_due()
    again = Message.objects.count()
    assert telling.tell_due() == 0 and Message.objects.count() == again == 2
    assert ViewCount.objects.get(document=first.document, channel="mail").count == 4


def test_a_correction_is_told_with_its_note_and_what_was_withdrawn_is_not_told(town):
    subscribed(town)
    corrected(published(town))
    gone = published(town, "里面有身份证的通知")
    documents.withdraw(edition=gone, by=staff(SIGNER), ground=WithdrawGround.PERSONAL, reason="有个人信息")
    follow.settle()
    assert telling.tell_due() == 1
    [letter] = letters()
    assert "【更正】停电通知" in letter["text"] and "更正说明：日期写错了" in letter["text"]
    assert letter["text"].count("停电通知") == 1 and "身份证" not in letter["text"] + letter["title"]


def test_only_what_was_chosen_is_told(town):
    subscribed(town, choice=choice_of(town, [], [], "停电、建房"))
    subscribed(town, to="li@b.example", choice=choice_of(town, [], ["power"], ""))
    subscribed(town, to="zhao@b.example", choice=choice_of(town, [], ["party-office"], ""))
    published(town)
    telling.tell_due()
    assert sorted(letter["to"] for letter in letters()) == [ADDRESS, "zhao@b.example"]
    for columns, words, said in (
        (["no-such"], "", "有的现在没有了"),
        ([], " ".join(f"词{n}" for n in range(11)), "写了 11 个词，最多 10 个"),
        ([], "长" * 21, "一个词最多 20 个字"),
    ):
        with pytest.raises(Refused, match=said):
            choice_of(town, columns, [], words)


def test_a_digest_comes_once_in_the_morning_and_holds_everything_since(town, noon):
    subscribed(town, rhythm=Rhythm.DAILY)
    subscribed(town, to="li@b.example", rhythm=Rhythm.WEEKLY)
    telling.tell_due()  # nothing yet: from here on it is their rhythm
    published(town), published(town, "停水通知")
    assert telling.tell_due() == 0
    noon.move_to("2026-03-05 07:59+08:00")
    assert telling.tell_due() == 0
    noon.move_to("2026-03-05 08:00+08:00")
    assert (telling.tell_due(), telling.tell_due()) == (1, 0)
    assert "等 2 件" in letters()[0]["title"]
    noon.move_to("2026-03-09 08:01+08:00")
    assert telling.tell_due() == 1 and letters()[-1]["to"] == "li@b.example"


def test_an_address_that_is_refused_for_good_is_not_written_to_again(town, monkeypatch):
    row = subscribed(town)
    published(town)
    telling.tell_due()
    monkeypatch.setitem(sender.TRANSPORTS, Channel.EMAIL, lambda parcel: Answer(Outcome.REFUSED, Problem.REFUSED))
    while sender.run_once(Channel.EMAIL):
        pass
    follow.settle()
    row.refresh_from_db()
    assert row.stopped_at is not None
    published(town, "停水通知")
    assert telling.tell_due() == 0
    assert Event.objects.filter(type=actions.STOPPED, subject=row.subject).count() == 1


def test_asking_again_replaces_only_when_it_is_confirmed_and_goes_on_where_it_stood(town, noon):
    before = subscribed(town, rhythm=Rhythm.WEEKLY)
    published(town)
    noon.shift(timedelta(minutes=2))
    after = asked(town, choice=choice_of(town, [], [], "停电"))
    assert Subscription.objects.filter(confirmed_at__isnull=False).get() == before
    after = actions.confirm(subscription=after)
    assert Subscription.objects.get() == after
    assert telling.tell_due() == 1, "what was published in between is not lost"


def test_the_end_destroys_address_and_choice_and_stops_what_waits(town):
    row = subscribed(town)
    published(town)
    telling.tell_due()
    actions.end(subscription=row)
    assert not Subscription.objects.exists() and PayloadKey.objects.get(pk=row.key_id).wrapped is None
    assert {message.state for message in Message.objects.filter(subject=row.subject)} == {"given_up"}
    told = " ".join(str((event.subject, event.data, event.reason)) for event in Event.objects.all())
    assert ADDRESS not in told


def test_what_nobody_confirms_is_forgotten_after_two_days(town, noon):
    row = asked(town)
    noon.shift(timedelta(days=2, seconds=1))
    with pytest.raises(Refused, match="过期了"):
        actions.confirm(subscription=row)
    assert actions.forget_unconfirmed() == 1 and not Subscription.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "13800000000", "wang", "wang@", "a b@c.example", "a@b.example\nBcc: c@d.example"]
)
def test_what_is_no_mailbox_is_told_in_a_sentence(town, typed):
    with pytest.raises(Refused) as refusal:
        asked(town, to=typed)
    assert refusal.value.field == "to" and "邮箱" in refusal.value.message


def test_one_address_is_not_flooded_and_the_answer_does_not_tell_who_subscribes(town, noon, settings):
    for _ in range(3):
        asked(town)
        noon.shift(timedelta(minutes=2))
    with pytest.raises(Refused, match="今天订过 3 次"):
        asked(town)
    asked(town, to="li@b.example")
    with pytest.raises(Refused, match="请等一分钟"):
        asked(town, to="LI@b.example")
    settings.SMTP_URL = ""
    assert actions.ask(town=town, to="x@b.example", choice=Choice(), rhythm=Rhythm.DAILY).shown
    town.is_demo = False
    with pytest.raises(Refused, match="没有接通电子邮件"):
        asked(town, to="y@b.example")
    assert timezone.now() and telling.tell_due() == 0
