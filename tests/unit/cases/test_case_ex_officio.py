"""依职权启动, 适用新法: what the office begins by itself, and what higher law changes on the way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.deferring import outstanding
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.enums import CaseState, Channel, ClockKind, MaterialState, Paper
from mingtang.cases.line import line
from mingtang.cases.models import Case
from mingtang.cases.proved import check_cases, check_papers
from mingtang.cases.requirements import missing
from mingtang.demo.care import build_care
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.rulebook.laws import actions as laws
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Law
from tests.agreement.published import published
from tests.factories.acts import APPLICANT, accepted, apply, fresh, in_force, worked
from tests.factories.cast import CLERK_3, DECIDER, EDITOR, FOREST, JUSTICE, LAND, SOCIAL, staff
from tests.factories.rich_item import RICH
from tests.unit.cases.test_who_applies import COMMITTEE, FIFTEEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def care(clock, town):
    """The item that the county decides is in force too."""
    build_care(town)


def opened(
    town,
    code: str = "TK-001",
    by: str = SOCIAL,
    found: str = "村干部反映，入户核实。",
    token: str = "one",
    person=APPLICANT,
):
    version = in_force(town, code)
    return actions.open_ex_officio(
        version=version,
        person=person,
        answers={},
        received=Received(seen=frozenset({"id"})),
        found=found,
        submission="one",
        key=new_case_key(version),
        by=staff(by),
    )


def test_the_office_begins_and_the_person_can_follow_it(town):
    made = opened(town)
    case = fresh(made.case)
    assert (case.state, case.channel) == (CaseState.ACCEPTED, Channel.OFFICE)
    assert case.accepted_at == case.contact_at == case.submitted_at
    assert case.clocks.get(kind=ClockKind.PROMISE).started_on == timezone.localdate()
    assert case.steps.get(done_at__isnull=True).key == "home_visit"
    assert made.code and made.receipt.data["opened"] == "社会救助暂行办法第十七条"
    assert line(case).stages[0].title == "没有等申请，依职权启动"
    assert [*check_cases(town), *check_papers(list(Event.objects.filter(town=town)))] == []
    assert opened(town).case == case, "the same form sent twice"


def test_only_where_an_article_lets_it_and_in_words(town):
    with pytest.raises(Refused, match="要由本人申请"):
        opened(town, "LM-001", FOREST)
    with pytest.raises(Refused, match="怎样发现"):
        opened(town, found=" ")
    with pytest.raises(Refused, match="不由您的岗位办"):
        opened(town, by=FOREST)
    with pytest.raises(Refused, match="权限"):
        opened(town, by=EDITOR)
    assert not Case.objects.exists()


def test_a_child_without_parents_is_cared_for_by_the_village_committee(town):
    with pytest.raises(Refused, match="监护人"):
        opened(town, person=replace(APPLICANT, id_number=FIFTEEN))
    made = opened(town, person=replace(APPLICANT, id_number=FIFTEEN, acting=COMMITTEE))
    assert made.case.applicant["acting"]["organisation"] == COMMITTEE.organisation


def test_where_the_answers_bar_nothing_is_begun(town):
    code, _ = published(
        town, {**RICH, "power_type": "07", "silence_rule": "promise", "ex_officio": "行政许可法第四十五条"}
    )
    version = in_force(town, code)
    with pytest.raises(Refused, match="永久基本农田"):
        actions.open_ex_officio(
            version=version,
            person=APPLICANT,
            answers={"kind": "field", "area": 5},
            received=Received(),
            found="巡查看到。",
            submission="barred",
            key=new_case_key(version),
            by=staff(LAND),
        )


def amended(on: date) -> None:
    """森林法 58 reads otherwise from a day on."""
    law = Law.objects.filter(title="中华人民共和国森林法").order_by("-effective_on").first()
    laws.amend_article(law=law, article="第五十八条", text="演示：不再要采伐说明。", on=on)


def rebased(case: Case, law: str = "中华人民共和国森林法", by: str = DECIDER, **more):
    given = {"dropped": ["plan"], "added": {}, "reason": "新法不再要采伐说明。", "article": "第五十八条", **more}
    return actions.rebase(case=case, law=law, by=staff(by), **given)


def test_what_the_new_law_does_not_ask_falls_away_and_the_case_goes_on(town, clock):
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    actions.request_supplement(case=case, demands={"plan": "请写明"}, by=staff(CLERK_3))
    amended(timezone.localdate() + timedelta(days=3))
    with pytest.raises(Refused):
        rebased(case)
    clock.shift(timedelta(days=3))
    paper = rebased(case)
    assert {row["name"]: row["value"] for row in paper.data["facts"]}["不再要"].startswith("采伐地点")
    case = fresh(case)
    assert (case.state, missing(case)) == (CaseState.SUBMITTED, [])
    assert case.materials.get(material_key="plan").state == MaterialState.DROPPED
    actions.accept(case=case, by=staff(CLERK_3))
    assert list(check_cases(town)) == []


def test_an_old_article_and_the_towns_own_paper_change_nothing(town):
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    with pytest.raises(Refused, match="收件的时候就是这样"):
        rebased(case)
    own = laws.NewLaw("万庾镇采伐办法", LawLevel.NORMATIVE, timezone.localdate(), (laws.NewArticle(1, text="演示。"),))
    laws.add_law(own, town=town, by=staff(JUSTICE))
    with pytest.raises(Refused, match="只有法律、法规和规章改了才可以"):
        rebased(case, law="万庾镇采伐办法", article="第一条")
    with pytest.raises(Refused):
        rebased(case, by=CLERK_3)
    assert fresh(case).materials.get(material_key="plan").state == MaterialState.MISSING


def test_what_it_asks_besides_follows_an_acceptance_and_only_papers_of_the_version(town, clock):
    case = accepted(town, "JF-001")
    law = Law.objects.filter(title="中华人民共和国土地管理法").order_by("-effective_on").first()
    laws.amend_article(law=law, article="第六十二条", text="演示：要旧屋照片。", on=timezone.localdate() + timedelta(1))
    clock.shift(timedelta(days=1))

    def ask(key: str):
        return rebased(case, "中华人民共和国土地管理法", article="第六十二条", dropped=[], added={key: "三张照片"})

    with pytest.raises(Refused, match="版本里没有这项材料"):
        ask("passport")
    with pytest.raises(Refused, match="本来就要"):
        ask("drawing")
    with pytest.raises(Refused, match="由我们调取"):
        ask("conversion")
    paper = ask("old_house")
    assert paper.kind == Paper.REBASED
    [row] = case.deferrals.all()
    assert row.due_on == case.clocks.get(kind=ClockKind.PROMISE).due_on
    actions.hand_in_deferred(case=case, received=Received(seen=frozenset({"old_house"})), by=staff(CLERK_3))


def test_a_paper_that_follows_and_is_dropped_is_neither_waited_for_nor_missed(town, clock):
    code, _ = published(town, RICH)
    case = apply(town, code, seen={"id"}, answers={"kind": "old", "area": 50}, by=staff(CLERK_3)).case
    actions.accept(
        case=case, by=staff(CLERK_3), deferred={"right": timezone.localdate() + timedelta(days=2)}, signed=True
    )
    law = Law.objects.filter(title="中华人民共和国森林法").order_by("-effective_on").first()
    laws.amend_article(law=law, article="第五十七条", text="演示：不再要。", on=timezone.localdate() + timedelta(1))
    clock.shift(timedelta(days=1))
    rebased(case, article="第五十七条", dropped=["right"])
    assert outstanding(fresh(case)) == []
    clock.shift(timedelta(days=3))
    assert not actions.deferrals_over().exists()


def test_a_decided_case_is_not_touched(town, clock):
    case = worked(town, "LM-001")
    amended(timezone.localdate() + timedelta(days=1))
    clock.shift(timedelta(days=1))
    with pytest.raises(Refused, match="已经收到的材料"):
        rebased(case)
    actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    with pytest.raises(Refused, match="已决定"):
        rebased(case)
