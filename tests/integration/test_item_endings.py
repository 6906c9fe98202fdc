"""An item stops for a while, or for good: nobody can apply, what runs runs on, and the public reads why."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.enums import Outcome
from mingtang.lib.errors import Refused
from mingtang.rulebook import actions
from mingtang.rulebook.enums import Burden
from mingtang.rulebook.models import Item, ItemResult, Version
from tests.factories import acts, rules
from tests.factories.cast import CENTRE, CLERK_3, FOREST, SIGNER, login, staff

pytestmark = pytest.mark.django_db
CODE = "LM-001"
WHY = "林区防火期，暂停采伐。"


def suspended(town) -> Version:
    return actions.suspend(version=acts.in_force(town, CODE), reason=WHY, by=staff("zhanzhang"))


def cancelled(town, **values) -> Version:
    said = {
        "reason": "县里收回这项委托。",
        "minutes_number": "万政公组纪〔2026〕9号",
        "decided_on": timezone.localdate(),
    }
    return actions.cancel(version=acts.in_force(town, CODE), by=staff(SIGNER), **{**said, **values})


def page(client, path: str = f"/services/{CODE}"):
    return client.get(path, headers={"host": "localhost"})


def test_a_suspended_item_says_why_and_takes_nothing(town, client):
    suspended(town)
    shown = page(client).content.decode()
    assert WHY in shown
    assert f"/services/{CODE}/apply" not in shown
    assert page(client, f"/services/{CODE}/apply").status_code == 404
    login(client, CLERK_3)
    assert page(client, f"/desk/cases/new/{CODE}").status_code == 404
    with pytest.raises(Refused, match="新版"):
        acts.apply(town, CODE)


def test_what_runs_runs_on(town):
    case = acts.accepted(town, CODE)
    suspended(town)
    for step, owner in acts.WORK[CODE][2]:
        cases.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(owner))
    cancelled(town)
    cases.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=acts.decider_of(CODE))
    assert acts.fresh(case).outcome == Outcome.GRANTED


def test_it_is_taken_up_again_under_the_same_version(town, client):
    version = actions.resume(version=suspended(town), by=staff(SIGNER))
    assert (version.state, version.suspended_reason) == ("in_force", "")
    assert f"/services/{CODE}/apply" in page(client).content.decode()


def test_a_new_version_is_compared_with_the_suspended_one_and_takes_its_place(town):
    old = suspended(town)
    version = rules.in_force(rules.drafted(town, CODE, promised_days=4))
    assert (version.burden, version.replaces_id) == (Burden.DOWN, old.pk)
    old.refresh_from_db()
    assert (old.state, old.suspended_reason) == ("superseded", "")


def test_a_cancelled_item_leaves_a_page_that_says_so(town, client):
    cancelled(town)
    shown = page(client).content.decode()
    assert "已经取消" in shown
    assert "县里收回这项委托。" in shown
    assert "万政公组纪〔2026〕9号" in shown
    assert f'href="/services/{CODE}"' not in page(client, "/services/").content.decode()
    assert "县里收回这项委托。" in page(client, f"/services/{CODE}/changes").content.decode()
    assert not ItemResult.objects.filter(item__code=CODE).exists()


def test_who_wants_it_back_proposes_a_new_item(town):
    item, data = Item.objects.get(town=town, code=CODE), acts.in_force(town, CODE).data
    cancelled(town)
    version = actions.new_version(item=item, data=data, by=staff(CENTRE))
    assert actions.propose(version=version, by=staff(CENTRE)).burden == Burden.NEW


@pytest.mark.parametrize(
    ("values", "field"),
    [({"minutes_number": " "}, "minutes_number"), ({"reason": ""}, "reason"), ({"decided_on": "later"}, "decided_on")],
)
def test_no_item_ends_without_reason_and_decision(town, values, field):
    if values.get("decided_on") == "later":
        values = {"decided_on": timezone.localdate() + timedelta(days=1)}
    with pytest.raises(Refused) as refused:
        cancelled(town, **values)
    assert refused.value.field == field


def test_only_its_own_head_or_the_office_stops_an_item(town):
    with pytest.raises(Refused, match="不是您单位实施的"):
        actions.suspend(version=acts.in_force(town, CODE), reason=WHY, by=staff("suozhang"))
    with pytest.raises(Refused, match="没有“暂停”的权限"):
        actions.suspend(version=acts.in_force(town, CODE), reason=WHY, by=staff(FOREST))
    with pytest.raises(Refused, match="没有“取消”的权限"):
        actions.cancel(
            version=acts.in_force(town, CODE), reason=WHY, minutes_number="1", decided_on=timezone.localdate(),
            by=staff("zhanzhang"),
        )  # fmt: skip


@pytest.mark.parametrize("state", ["suspended", "cancelled"])
def test_the_database_holds_the_reason(town, state):
    version = acts.in_force(town, CODE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rulebook_version SET state = %s WHERE id = %s", [state, version.pk])


def test_the_desk_stops_and_cancels(town, client):
    login(client, SIGNER)
    version = acts.in_force(town, CODE)
    path = f"/desk/items/{CODE}/{version.number}"
    refused = client.post(f"{path}/acts/cancel", {"reason": "不办了"}, headers={"host": "localhost"})
    assert refused.status_code == 422
    assert "会议纪要的编号" in refused.content.decode()
    client.post(f"{path}/acts/suspend", {"suspend-reason": WHY}, headers={"host": "localhost"})
    version.refresh_from_db()
    assert version.suspended_reason == WHY
    shown = client.get(path, headers={"host": "localhost"}).content.decode()
    assert WHY in shown
    assert "恢复办理" in shown
