"""What the law has people do themselves (许可法 29): no agent, no net, nobody else's hand; a guardian is the person."""

from dataclasses import replace
from typing import Any

import pytest

from mingtang.agents import actions as orders
from mingtang.agents.enums import Asked, Place
from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.models import Case
from mingtang.cases.proved import check_cases
from mingtang.demo.items import ITEMS
from mingtang.lib.errors import Refused
from mingtang.rulebook.models import Item
from tests.agreement.published import published
from tests.factories.acts import APPLICANT, in_force
from tests.factories.any_item import CITED
from tests.factories.cast import AGENT as CARRIER
from tests.factories.cast import CLERK_1, DECIDER, staff
from tests.factories.orders import AT_HOME, PERSON, station_of, taking
from tests.unit.cases.test_who_applies import AGENT, FIFTEEN, GUARDIAN

pytestmark = pytest.mark.django_db
ELDER = next(data for code, _, data in ITEMS if code == "LN-001")
COMES = "要本人来（《森林法》第五十七条）"


@pytest.fixture
def code(town) -> str:
    """An item decided on the spot, for which everybody comes themselves, twice."""
    more: dict[str, Any] = {
        "name": "婚育登记",
        "online": False,
        "listing": {**ELDER["listing"], "ways": ["1"], "online_depth": "", "courier": False},
        "in_person": {"apply": CITED, "collect": CITED},
    }
    return published(town, {**ELDER, **more})[0]


def applied(town, code: str, by: str | None = CLERK_1, **changes: Any) -> Case:
    version = in_force(town, code)
    return actions.submit(
        version=version,
        applicant=replace(APPLICANT, **changes),
        answers={},
        received=Received(seen=frozenset(row.key for row in version.spec.materials if not row.fetched_by_us)),
        submission=f"in-person-{Case.objects.count()}",
        key=new_case_key(version),
        by=staff(by) if by else None,
    ).case


def decided(case: Case, outcome: str = "granted") -> Case:
    actions.accept(case=case, by=staff(CLERK_1))
    by = staff(CLERK_1) if case.version.spec.decider_post == "window-1" else staff(DECIDER)
    actions.decide(case=case, outcome=outcome, reasons="" if outcome == "granted" else "年龄不够。", by=by)
    return case


def serve(case: Case, mode: str = "direct", receiver: str = APPLICANT.name) -> None:
    actions.serve(case=case, mode=mode, receiver=receiver, by=staff(CLERK_1))


def test_nobody_applies_for_another_but_a_guardian(town, code):
    with pytest.raises(Refused, match=f"申请{COMES}，不能由别人代办") as caught:
        applied(town, code, acting=AGENT)
    assert caught.value.field == "acts_as"
    with pytest.raises(Refused, match=f"申请{COMES}，不能由别人代办，也不能在网上办"):
        applied(town, code, by=None)
    assert not Case.objects.filter(item__code=code).exists()
    applied(town, code, id_number=FIFTEEN, acting=GUARDIAN)


def test_nobody_fetches_a_grant_for_another_but_a_guardian(town, code):
    case = decided(applied(town, code))
    for mode in ("agent", "household", "post", "electronic", "handed"):
        with pytest.raises(Refused, match=f"领结果{COMES}，不能由别人代领，也不能寄送") as caught:
            serve(case, mode)
        assert caught.value.field == "mode"
    with pytest.raises(Refused, match=f"领结果{COMES}") as caught:
        serve(case, receiver=AGENT.name)
    assert caught.value.field == "receiver"
    serve(case)
    serve(decided(applied(town, code, id_number=FIFTEEN, acting=GUARDIAN)), receiver=GUARDIAN.name)
    serve(decided(applied(town, code), "refused"), "post")
    assert list(check_cases(town)) == []


def test_no_village_agent_carries_it(town, code):
    item = Item.objects.select_related("current").get(code=code)
    common: dict[str, Any] = {"station": station_of(town), "submission": "carried", "by": staff(CARRIER)}
    with pytest.raises(Refused, match=f"申请{COMES}") as caught:
        orders.ask(person=AT_HOME, place=Place.HOME, asked_by=Asked.PHONE, wanted=item, **common)
    assert caught.value.field == "item"
    with pytest.raises(Refused, match=f"申请{COMES}"):
        orders.begin(person=PERSON, place=Place.STATION, taking=taking("LN-001", code), **common)
