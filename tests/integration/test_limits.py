"""及格线和说明期限: the town decides them with a reason, the pages and later acts follow, what was judged stays."""

import pytest
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.portal.stored import page_store
from mingtang.portal.wrapper import START
from mingtang.scrutiny import limits, reading
from mingtang.scrutiny.models import Sample
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for
from tests.factories import acts
from tests.factories.cast import DISCIPLINE, EDITOR, SIGNER, login, staff
from tests.factories.duties import on, open_catalogue, publish
from tests.factories.samples import drawn, judged, three_public
from tests.integration.desk_steps import text
from tests.integration.test_reading_checks import approved, slips_of

pytestmark = pytest.mark.django_db
HERE = "/desk/scores/limits"
SAID = {"pass_mark": "90", "heard_days": "10", "reason": "领导小组讨论决定"}


def test_the_office_sets_them_with_a_reason_and_others_only_see(town, client):
    login(client, EDITOR)
    assert client.get(HERE).status_code == 403
    login(client, DISCIPLINE)
    assert "现在：得分不到 60% 的标红" in text(client.get(HERE)) and HERE in text(client.get("/desk/scores/"))
    assert client.post(HERE, SAID).status_code == 403
    login(client, SIGNER)
    for name, value, sentence in (
        ("pass_mark", "49", "百分之 50 到 100"),
        ("pass_mark", "六十", "请写一个整数"),
        ("heard_days", "2", "3 到 15 个工作日"),
        ("heard_days", "16", "3 到 15 个工作日"),
        ("reason", "", "请写明为什么这样定"),
        ("reason", "照13800138000说的定", "电话"),
    ):
        refused = client.post(HERE, SAID | {name: value})
        assert refused.status_code == 422 and sentence in text(refused), name
        assert f'value="{value if name == "pass_mark" else 90}"' in text(refused), "what was typed is kept"
    assert not Event.objects.filter(type=limits.SET).exists()
    assert client.post(HERE, SAID).status_code == 302
    shown = text(client.get(HERE))
    assert "不到 90% 的标红" in shown and "有 10 个工作日说明" in shown and "领导小组讨论决定" in shown
    assert "没有改动" in text(client.post(HERE, SAID))
    event = Event.objects.get(type=limits.SET)
    before = {"pass_mark_before": 60, "heard_days_before": 5}
    assert event.data == {"pass_mark": 90, "heard_days": 10} | before
    with pytest.raises(Refused):
        limits.decide(town=town, pass_mark=60, heard_days=5, reason="太严", by=staff(DISCIPLINE))


def test_scores_and_samples_follow_and_what_was_judged_keeps_its_day(town, client):
    three_public(town)
    first, second = Sample.objects.filter(round=drawn(town)).order_by("pk")
    calendar, today = calendar_for(town), timezone.localdate()
    first = judged(first, "differs")
    limits.decide(town=town, pass_mark=60, heard_days=10, reason="单位在县城", by=staff(SIGNER))
    second = judged(Sample.objects.get(pk=second.pk), "differs")
    first.refresh_from_db()
    assert first.heard_until == calendar.last_day(today, 5).day
    assert second.heard_until == calendar.last_day(today, 10).day


def test_a_text_below_the_mark_has_to_be_rewritten(town):
    check = approved(acts.published(town))
    limits.decide(town=town, pass_mark=90, heard_days=5, reason="领导小组定的", by=staff(SIGNER))
    for number, slip in enumerate(slips_of(check, 5)):
        check = reading.answer(town=town, **slip, choices=[1, 1, 1 if number else 0])
    assert reading.percent(check.told_right, check.told) == 93 and check.duty is None
    other = approved(acts.published(town, acts.content("另一份", "<p>停车，不收费。</p>")))
    for slip in slips_of(other, 5):
        other = reading.answer(town=town, **slip, choices=[1, 1, 0])
    assert reading.percent(other.told_right, other.told) == 67 and other.duty is not None, "it passed at 60"


def test_a_stored_page_of_scores_falls_with_the_mark(town, client, django_capture_on_commit_callbacks):
    open_catalogue(town)
    store, path = page_store(), "/board/scores/"
    with on(2026, 12, 1):
        publish(town, "2026年第三季度社会救助情况", "a21-08")
        assert "不到 60% 的用红字" in text(client.get(path, **{START: store.begin(town.code)}))
        assert store.find(town.code, path)
        with django_capture_on_commit_callbacks(execute=True):
            limits.decide(town=town, pass_mark=75, heard_days=5, reason="领导小组定的", by=staff(SIGNER))
        assert not store.find(town.code, path)
        assert "不到 75% 的用红字" in text(client.get(path))
        assert client.get("/board/scores.json").json()["pass_mark"] == 75


def test_verify_names_a_mark_that_nobody_set(town):
    check = told_rows()["及格线和说明期限"]
    assert list(check(town)) == []
    limits.decide(town=town, pass_mark=75, heard_days=5, reason="领导小组定的", by=staff(SIGNER))
    assert list(check(Jurisdiction.objects.get(pk=town.pk))) == []
    Jurisdiction.objects.filter(pk=town.pk).update(heard_days=3)
    [finding] = check(Jurisdiction.objects.get(pk=town.pk))
    assert finding.table == "towns_jurisdiction"
