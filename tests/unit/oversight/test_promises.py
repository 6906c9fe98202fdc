"""Promises become duties with their item or utility and are measured from the records; what must never be empty."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from mingtang.cases.models import Clock
from mingtang.demo.utilities import build_utilities
from mingtang.disclosure import actions as documents
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.oversight import actions, promises
from mingtang.oversight.enums import SlotState as S
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.promises import Broken
from mingtang.oversight.proved import check_duties, check_slots
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Assignment, Delegation, Unit
from mingtang.rulebook.models import Item, ItemFacts
from mingtang.utilities.models import Tenant
from mingtang.voices.models import Matter
from tests.factories import acts
from tests.factories.cast import SIGNER, staff
from tests.factories.duties import on, post, publish, terms
from tests.factories.lists import granted

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


@pytest.fixture
def begun(town):
    """People who have long held their posts and letters; a first round on 2 July 2026."""
    since = datetime.fromisoformat("2026-01-05T08:00:00+08:00")
    Assignment.objects.update(valid_from=since)
    Delegation.objects.update(valid_from=since)
    with on(2026, 7, 2):
        sweep(town=town)
    return town


def faults(town) -> list[str]:
    return [finding.what for check in (check_duties, check_slots) for finding in check(town)]


def promise(code: str) -> Duty:
    return Duty.objects.select_related("town", "owner").get(item__code=code)


def slot(duty: Duty, period: str) -> Slot:
    return (
        Slot.objects.standing(timezone.localdate())
        .select_related("duty__town", "duty__owner")
        .get(duty=duty, period=period)
    )


def test_what_an_item_promises_is_measured_and_what_was_not_kept_is_listed(begun, client):
    items = ItemFacts.objects.filter(town=begun)
    assert Duty.objects.filter(item__isnull=False).count() == items.count() > 2
    facts = items.get(item__code="JZ-001")
    duty = promise("JZ-001")
    assert (duty.owner.code, duty.trigger) == (facts.decider_post, "quarter")
    with on(2026, 8, 3):
        granted(begun, "张三")
        late = acts.accepted(begun, "JZ-001")
    due = Clock.objects.get(case=late, kind="promise").due_on
    with on(2026, 9, 28):
        found = promises.of_items(begun, FIRST, LAST)[duty.item_id]
        assert found.kept == 1 and found.broken == (Broken(due, (date(2026, 9, 28) - due).days, True),)
        html = client.get("/board/promises").content.decode()
        assert "到期 2 件，做到 1 件，没有做到 1 件" in html and "责任：" in html
        # Nothing of one person: of sealed cases not even the day.
        assert late.number not in html and ("还没有办完" in html) == (late.version.spec.visibility != "sealed")
        assert "没有到期的件" in client.get("/board/promises?quarter=2026-Q2&unit=nonesuch").content.decode()
    with on(2026, 10, 9):
        sweep(town=begun)
        measured = slot(duty, "2026-Q3")
        assert (measured.state, measured.broken, measured.proved_on) == (S.BROKEN, 1, LAST)
        assert measured.statement.startswith("到期 2 件，1 件按时，1 件没有做到，最长超过")
        idle = Slot.objects.standing(timezone.localdate()).filter(period="2026-Q3", duty__item__isnull=False)
        assert set(idle.exclude(pk=measured.pk).values_list("state", "excuse")) == {(S.EXCUSED, promises.NONE_DUE)}
        assert "1 件没有做到" in client.get(f"/board/{duty.code}").content.decode()
        for act in (
            lambda: actions.answer(slot=measured, document=None, statement="办了。", by=staff(SIGNER)),
            lambda: actions.move_due(slot=slot(duty, "2026-Q4"), day=date(2027, 1, 9), reason="忙", by=staff(SIGNER)),
            lambda: actions.offer(duty=duty, to=post("office-head"), reason="换人", by=staff(SIGNER)),
            lambda: actions.close_duty(duty=duty, reason="不做了", by=staff(SIGNER)),
        ):
            with pytest.raises(Refused, match="从记录里量"):
                act()
    assert faults(begun) == []
    Slot.objects.filter(pk=measured.pk).update(broken=0)
    assert len(faults(begun)) == 1


def test_a_promise_follows_its_item(begun):
    duty = promise("JZ-001")
    with on(2026, 8, 3):
        ItemFacts.objects.filter(item=duty.item_id).update(name="临时救助（新）", decider_post="office-head")
        sweep(town=begun)
        moved = promise("JZ-001")
        assert (moved.name, moved.owner) == ("临时救助（新）：按承诺时限", post("office-head"))
        kept = ItemFacts.objects.get(item=duty.item_id)
        ItemFacts.objects.filter(pk=kept.pk).delete()
        sweep(town=begun)
        assert promise("JZ-001").closed_on == date(2026, 8, 3)
        kept.save(force_insert=True)
        sweep(town=begun)
        assert promise("JZ-001").closed_on is None
    assert faults(begun) == []


def test_a_utility_answers_in_time_or_is_named(begun, client):
    with on(2026, 8, 3):
        build_utilities(begun)
        sweep(town=begun)
        matters = Matter.objects.filter(town=begun, due_on__range=(FIRST, LAST))
        tenant = Tenant.objects.get(unit=matters.first().unit)
        assert Duty.objects.get(tenant=tenant).owner == tenant.owner
        mine = Matter.objects.filter(unit=tenant.unit)
        mine.update(due_on=date(2026, 8, 3))
    with on(2026, 8, 20):
        after = promises.of_tenants(begun, FIRST, LAST)[tenant.pk]
        answered, still_open = (mine.filter(answered_at__isnull=no).count() for no in (False, True))
        assert answered and still_open
        assert (after.kept, len(after.broken), after.longest) == (answered, still_open, 17)
        assert f"{tenant.unit.name}答复诉求" in client.get("/board/promises").content.decode()
    with on(2026, 10, 9):
        sweep(town=begun)
    assert Slot.objects.get(duty__tenant=tenant, period="2026-Q3").broken == still_open
    assert faults(begun) == []


def test_what_must_be_there_on_every_day_is_owed_from_the_day_it_is_not(begun):
    from mingtang.disclosure import columns

    with on(2026, 8, 3):
        columns.open_all(town=begun, owner=post("office-head"), by=CONSOLE)
        column = columns.Column.objects.get(code="a20-02")
        with pytest.raises(Refused, match="一天也不能空"):
            actions.open_duty(town=begun, terms=terms(trigger="always"), by=staff(SIGNER))
        with pytest.raises(Refused, match="没有期限"):
            actions.open_duty(town=begun, terms=terms(trigger="always", column=column, days=5), by=staff(SIGNER))
        made = actions.open_duty(town=begun, terms=terms(trigger="always", column=column), by=staff(SIGNER))
        sweep(town=begun)
    first = Slot.objects.get(duty=made)
    assert (first.period, first.due_on, first.proved_on) == ("e2026-08-03", date(2026, 8, 3), None)
    with on(2026, 8, 5):
        assert Slot.objects.standing(date(2026, 8, 5)).get(pk=first.pk).state == S.EMPTY
        with pytest.raises(Refused, match="没有期限可改"):
            actions.move_due(slot=first, day=date(2026, 9, 1), reason="忙", by=staff(SIGNER))
        paper = publish(begun, "镇机构职能", "a20-02")
        sweep(town=begun)
        sweep(town=begun)
    first.refresh_from_db()
    assert (first.proof, first.proved_on) == (paper, date(2026, 8, 5)) and made.slots.count() == 1
    with on(2026, 8, 20):
        documents.withdraw(edition=paper.current, ground="wrong", reason="有误。", by=staff(SIGNER))
        sweep(town=begun)
        assert list(made.slots.order_by("pk").values_list("period", "proved_on")) == [
            ("e2026-08-03", date(2026, 8, 5)),
            ("e2026-08-20", None),
        ]
    assert faults(begun) == []


def test_what_the_system_looks_at_by_itself_is_filled_by_nobody(begun):
    with on(2026, 8, 3):
        Unit.objects.filter(town=begun).update(phone="0730-5550001", address="镇政府院内")
        Unit.objects.filter(town=begun, code="social").update(phone="")
        made = actions.open_duty(town=begun, terms=terms(trigger="always", watch="contacts"), by=staff(SIGNER))
        sweep(town=begun)
        waits = Slot.objects.select_related("duty__town", "duty__owner").get(duty=made)
        with pytest.raises(Refused, match="系统自己看"):
            actions.answer(slot=waits, document=None, statement="有了。", by=staff(SIGNER))
        Unit.objects.filter(town=begun, code="social").update(phone="0730-5550002")
    with on(2026, 8, 3 + 1):
        sweep(town=begun)
    waits.refresh_from_db()
    assert (waits.statement, waits.proved_on - waits.due_on) == ("各单位的电话和地址都有。", timedelta(days=1))
    assert faults(begun) == [] and Item.objects.exists()
