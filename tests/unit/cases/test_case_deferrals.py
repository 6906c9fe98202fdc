"""容缺: what may follow an acceptance, by when, and what comes of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from config.background import sweep
from mingtang.cases import actions
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, MaterialState
from mingtang.cases.line import line
from mingtang.cases.models import Case, Deferral
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.agreement.published import published
from tests.factories.acts import apply, fresh
from tests.factories.cast import BUILD, CLERK_3, DECIDER, LAND, staff
from tests.factories.rich_item import RICH

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 20)


@pytest.fixture
def case(town) -> Case:
    """A stall to be rebuilt: the old right may follow, the identity card may not."""
    code, _ = published(town, RICH)
    return apply(town, code, seen={"id"}, answers={"kind": "old", "area": 50}, by=staff(CLERK_3)).case


def accept(case: Case, day: date = FRIDAY, signed: bool = True, **more):
    deferred = {"right": day} | more
    return actions.accept(case=case, by=staff(CLERK_3), deferred=deferred, signed=signed)


def work(case: Case) -> None:
    for step, who in (("land", LAND), ("build", BUILD), ("sum", LAND)):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(who))


def decide(case: Case, outcome: str, reasons: str = "缺旧房权属材料，不能核对面积。"):
    return actions.decide(case=case, outcome=outcome, reasons=reasons, by=staff(DECIDER))


def bring(case: Case, *keys: str, by: str = CLERK_3):
    return actions.hand_in_deferred(case=case, received=Received(seen=frozenset(keys)), by=staff(by))


def followed(case: Case):
    return next(stage for stage in line(fresh(case)).stages if stage.key == "deferred")


def test_the_acceptance_prints_what_follows_by_when_and_to_what_effect(case):
    paper = accept(case)
    assert fresh(case).state == CaseState.ACCEPTED
    what, effect = paper.data["conditions"]
    assert what == "旧房权属材料：可以后补，最迟2026年3月20日补交。"
    assert "救济途径" in effect
    assert case.materials.get(material_key="right").state == MaterialState.DEFERRED
    assert Event.objects.get(type="case.paper_deferred").data == {"material": "right", "due_on": "2026-03-20"}
    assert (followed(case).state, followed(case).planned) == ("now", FRIDAY)
    assert "权属" not in followed(case).title


def test_only_what_the_version_lets_follow_may(town, case):
    with pytest.raises(Refused, match="不缺"):
        accept(case, id=FRIDAY)
    code, _ = published(town, RICH)
    lacking = apply(town, code, seen=(), answers={"kind": "old", "area": 50}, by=staff(CLERK_3)).case
    with pytest.raises(Refused, match="没有写它可以后补"):
        accept(lacking, id=FRIDAY)
    with pytest.raises(Refused, match="还缺“旧房权属材料”"):
        actions.accept(case=case, by=staff(CLERK_3))
    assert not Deferral.objects.exists()


@pytest.mark.parametrize(
    ("day", "signed", "words"),
    [
        (date(2026, 3, 16), True, "要在今天以后"),
        (date(2026, 3, 28), True, "要在承诺办结的2026年3月27日以前"),
        (FRIDAY, False, "签字"),
    ],
)
def test_the_day_lies_before_the_decision_and_the_list_is_signed(case, day, signed, words):
    with pytest.raises(Refused, match=words):
        accept(case, day, signed)
    assert fresh(case).state == CaseState.SUBMITTED


def test_handed_in_in_time_it_can_be_granted(case, clock):
    accept(case)
    work(case)
    with pytest.raises(Refused, match="还没有补交，最迟到2026年3月20日"):
        decide(case, "granted")
    with pytest.raises(Refused, match="还没有补交"):
        decide(case, "refused")
    clock.shift(timedelta(days=2))
    with pytest.raises(Refused, match="还没有选材料"):
        bring(case)
    with pytest.raises(Refused, match="不是容缺后补"):
        bring(case, "id")
    bring(case, "right")
    assert (followed(case).state, followed(case).actual) == ("done", timezone.now())
    assert case.materials.get(material_key="right").state == MaterialState.RECEIVED
    with pytest.raises(Refused, match="已经补交过"):
        bring(case, "right")
    decide(case, "granted", "")


def test_missed_it_is_said_by_the_system_and_decided_by_a_person(case, clock):
    accept(case)
    work(case)
    clock.shift(timedelta(days=4))
    sweep()
    assert not Event.objects.filter(type="case.deferred_paper_missed").exists()
    clock.shift(timedelta(days=1))
    sweep()
    sweep()
    event = Event.objects.get(type="case.deferred_paper_missed")
    assert (event.actor, event.data) == ("system", {"materials": ["right"]})
    assert (fresh(case).state, followed(case).state) == (CaseState.ACCEPTED, "late")
    with pytest.raises(Refused, match="不能准予"):
        decide(case, "granted")
    paper = decide(case, "refused")
    assert any("行政复议" in sentence for sentence in paper.data["remedies"])


def test_late_is_better_than_never_and_stays_on_record(case, clock):
    accept(case)
    work(case)
    clock.shift(timedelta(days=5))
    sweep()
    actions.hand_in_deferred(case=case, received=Received(seen=frozenset({"right"})))
    assert Deferral.objects.get().missed_at is not None
    decide(case, "granted", "")


def test_it_may_follow_the_one_notice_too(case):
    actions.request_supplement(case=case, demands={"right": "请交房产证"}, by=staff(CLERK_3))
    actions.supply_complete(case=case)
    accept(case)
    assert fresh(case).state == CaseState.ACCEPTED
