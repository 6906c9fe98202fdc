"""Those whom a case touches are heard; a hearing is told of, held by somebody else, and binds."""

from datetime import date, timedelta

import pytest

from config.background import sweep
from mingtang.cases import actions
from mingtang.cases.enums import CaseState, Paper
from mingtang.cases.models import Case, Hearing, Party
from mingtang.cases.proved import check_cases, check_papers, check_rows
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.agreement.published import published
from tests.factories.acts import accepted, apply, fresh, worked
from tests.factories.cast import BUILD, CLERK_3, DECIDER, FOREST, JUSTICE, LAND, staff
from tests.factories.rich_item import RICH

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 25)


@pytest.fixture
def stall(town) -> Case:
    """A case of an item whose version holds the hearing as a special procedure, examined, not decided."""
    code, _ = published(town, RICH)
    case = apply(town, code, seen={"id", "right"}, answers={"kind": "old", "area": 50}, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    for step, who in (("land", LAND), ("build", BUILD), ("sum", LAND)):
        actions.opinion(case=case, step_key=step, agrees=True, text="属实", by=staff(who))
    return fresh(case)


def tell(case: Case, who: str = FOREST, name: str = "文大满（演示）", matter: str = "相邻林地", hearing: bool = True):
    return actions.tell_interested_party(case=case, name=name, matter=matter, hearing=hearing, by=staff(who))


def answer(case: Case, kind: str, text: str = "", who: str = FOREST, number: int = 1):
    return actions.record_views(case=case, number=number, answer=kind, text=text, by=staff(who))


def hear(case: Case, held_on: date = DAY, host: str = JUSTICE, place: str = "二楼会议室", who: str = DECIDER):
    return actions.hold_hearing(case=case, held_on=held_on, place=place, host=staff(host), by=staff(who))


def decide(case: Case, outcome: str = "granted", reasons: str = ""):
    return actions.decide(case=case, outcome=outcome, reasons=reasons, by=staff(DECIDER))


def test_nothing_is_decided_before_whom_it_touches_has_answered(town):
    case = worked(town, "LM-001")
    paper = tell(case)
    assert (paper.kind, paper.data["recipient"]) == (Paper.PARTY, "文大满（演示）")
    assert "要求听证" in paper.data["paragraphs"][1]
    with pytest.raises(Refused, match="没有答复"):
        decide(case)
    with pytest.raises(Refused, match="记下他的意见"):
        answer(case, "views")
    answer(case, "views", "地界要量准")
    assert "地界" not in str(Event.objects.get(type="case.party_answered").data)
    with pytest.raises(Refused, match="已经记过"):
        answer(case, "waived")
    decide(case)


def test_silence_counts_after_five_working_days(town, clock):
    case = worked(town, "LM-001")
    tell(case, hearing=False)
    with pytest.raises(Refused, match="没有告知听证的权利"):
        answer(case, "hearing")
    clock.shift(timedelta(days=7))
    with pytest.raises(Refused, match="2026年3月23日，还没有过"):
        answer(case, "silent")
    clock.shift(timedelta(days=1))
    answer(case, "silent")
    decide(case)


def test_only_who_handles_the_case_tells_and_records(town):
    case = accepted(town, "LM-001")
    for act in (lambda: tell(case, LAND), lambda: answer(case, "waived", who=LAND)):
        with pytest.raises(Refused, match="不在您的岗位上"):
            act()
    for values, field in (({"name": " "}, "name"), ({"matter": ""}, "matter")):
        with pytest.raises(Refused) as caught:
            tell(case, **values)
        assert caught.value.field == field
    assert not Party.objects.exists()


def test_a_hearing_stops_the_limits_until_its_day_is_over_and_binds_the_decision(town, stall, clock):
    tell(stall, LAND)
    answer(stall, "hearing", who=LAND)
    with pytest.raises(Refused, match="听证还没有办完"):
        decide(stall)
    paper = hear(stall)
    assert fresh(stall).state == CaseState.SUSPENDED
    assert {"name": "时间", "value": "2026年3月25日"} in paper.data["facts"]
    pause = stall.pauses.get()
    assert (pause.first_on, pause.last_on) == (date(2026, 3, 17), DAY)
    with pytest.raises(Refused, match="还没有到"):
        actions.record_hearing(case=stall, text="双方陈述完毕", by=staff(JUSTICE))
    clock.shift(timedelta(days=10))
    sweep()
    assert fresh(stall).state == CaseState.ACCEPTED
    with pytest.raises(Refused, match="没有登记笔录"):
        decide(stall)
    with pytest.raises(Refused, match="由主持人登记"):
        actions.record_hearing(case=stall, text="双方陈述完毕", by=staff(DECIDER))
    actions.record_hearing(case=stall, text="双方陈述完毕", by=staff(JUSTICE))
    refusal = decide(stall, "refused", "占了通道。")
    assert "本决定根据听证笔录作出" in refusal.data["reasons"][1]
    events = list(Event.objects.all())
    assert [*check_papers(events), *check_rows(events), *check_cases(town)] == []
    Hearing.objects.update(held_on=date(2026, 3, 26))
    Party.objects.update(hearing=True, number=2)
    assert {finding.table for finding in check_rows(events)} == {"cases_hearing", "cases_party"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": date(2026, 3, 24)}, "7 个工作日以前通知"),
        ({"held_on": date(2026, 3, 28)}, "要在工作日"),
        ({"held_on": date(2026, 4, 30)}, "二十个工作日内"),
        ({"host": LAND}, "审查这一件的人"),
        ({"place": " "}, "地点"),
        ({"who": LAND}, "没有“组织听证”的权限"),
    ],
)
def test_a_hearing_has_its_day_its_place_and_a_host_who_did_not_examine(stall, changes, words):
    tell(stall, LAND)
    answer(stall, "hearing", who=LAND)
    with pytest.raises(Refused, match=words):
        hear(stall, **changes)
    assert fresh(stall).state == CaseState.ACCEPTED


def test_no_hearing_stops_a_limit_where_the_version_holds_none(town):
    with pytest.raises(Refused, match="没有听证这项特别程序"):
        hear(worked(town, "LM-001"))
