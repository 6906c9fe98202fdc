"""Who applies and who comes for them: what the law asks of each, and what is only doubted."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from mingtang.cases import actions
from mingtang.cases.acting import Acting
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.applicants import as_payload
from mingtang.cases.enums import CaseState, Paper, ServeMode
from mingtang.cases.models import Case
from mingtang.desk import case_shown
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import uscc_check_character
from tests.factories import acts
from tests.factories.acts import AGENT, APPLICANT, apply, born, fresh
from tests.factories.cast import CLERK_1, CLERK_3, CLERK_4, staff

pytestmark = pytest.mark.django_db


GUARDIAN = Acting("guardian", "文父亲（演示）", born("19800101"), relation="parent", seen=True)
COMMITTEE = Acting("committee", "周干部（演示）", born("19750101"), organisation="长堤村村民委员会（演示）", seen=True)
# The tests stand on 16 March 2026.
FIFTEEN, SIXTEEN, ADULT_TODAY = born("20110101"), born("20100316"), born("20080316")


def taken_in(town, code="LM-001", clerk=CLERK_3, sure=False, received=None, **changes) -> Case:
    version = acts.in_force(town, code)
    return actions.submit(
        version=version,
        applicant=replace(APPLICANT, **changes),
        answers=acts.ANSWERS.get(code, {}),
        received=received or Received(seen=acts.WORK[code][1]),
        submission=f"who-{Case.objects.count()}",
        key=new_case_key(version),
        by=staff(clerk),
        sure=sure,
    ).case


def test_an_agent_and_the_applicant_are_both_kept_and_named_on_every_paper(town):
    case = taken_in(town, acting=AGENT)
    assert (case.acting, case.applicant["name"]) == (replace(AGENT, id_number=born("19700101")), APPLICANT.name)
    actions.accept(case=case, by=staff(CLERK_3))
    for kind in (Paper.RECEIPT, Paper.ACCEPTANCE):
        paper = case.documents.get(kind=kind).data
        assert (paper["applicant"], paper["agent"]) == (APPLICANT.name, "代理人：李代办（演示）")
    shown = dict(case_shown.applicant(fresh(case), whole=False))
    assert (shown["代理人"], shown["还可以"], shown["委托到"]) == ("李" + "*" * 6, "代领文书", "2026-03-31")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"until": "2026-03-15"}, "acting_until", "委托书的期限到2026年3月15日，已经过了.*重新写一份"),
        ({"until": "永远"}, "acting_until", "不是可以识别的日期"),
        ({"name": "李"}, "acting_name", "2 到 50 个字"),
        ({"id_number": "430623197001010010"}, "acting_id_number", "校验位不对"),
        ({"id_number": APPLICANT.id_number}, "acting_id_number", "同一个证件号码"),
        ({"id_number": FIFTEEN}, "acting_id_number", "要年满 18 岁"),
        ({"phone": "12"}, "acting_phone", "7 到 12 位数字"),
        ({"seen": False}, "acting_seen", "还没有申请人写的委托书"),
        ({"acts_as": "robot"}, "acts_as", "请选择来办的人"),
        ({"acts_as": "guardian"}, "acting_relation", "是申请人的什么人"),
        ({"acts_as": "committee", "organisation": "长堤村村民委员会"}, "acts_as", "只能代为申请救助"),
        ({"id_paper": "library-card"}, "acting_id_paper", "哪一种证件"),
    ],
)
def test_what_is_wrong_with_whoever_acts_is_said_at_its_field(town, change, field, sentence):
    with pytest.raises(Refused, match=sentence) as caught:
        taken_in(town, acting=replace(AGENT, **change))
    assert caught.value.field == field
    assert not Case.objects.exists()


def test_the_last_day_of_the_authority_counts(town):
    assert taken_in(town, acting=replace(AGENT, until="2026年3月16日")).acting.until == "2026-03-16"


def test_nobody_acts_online_by_an_original_that_nobody_saw(town):
    with pytest.raises(Refused, match="还没有申请人写的委托书"):
        apply(town, "LM-001", applicant=replace(APPLICANT, acting=AGENT))


def test_an_organisation_has_its_own_person_and_no_agent_beside(town):
    firm = {"kind": "organisation", "organisation": "合作社（演示）", "uscc": "91430623MA4L000002"}
    with pytest.raises(Refused, match="来办的人填在“姓名”里"):
        taken_in(town, acting=AGENT, **firm)


def test_for_a_minor_the_guardian_applies(town):
    with pytest.raises(Refused, match=r"今天 15 岁，不满 18 岁，要由监护人.*选监护人") as caught:
        taken_in(town, id_number=FIFTEEN)
    assert caught.value.field == "acts_as"
    with pytest.raises(Refused, match="要由监护人"):
        taken_in(town, id_number=FIFTEEN, acting=AGENT)
    case = taken_in(town, id_number=FIFTEEN, acting=GUARDIAN)
    assert case.documents.get().data["agent"] == "监护人：文父亲（演示）"
    assert taken_in(town, id_number=ADULT_TODAY).acting is None, "18 on this very day"


def test_from_sixteen_on_whoever_lives_by_their_own_work_may_apply_themselves(town):
    with pytest.raises(Refused, match="今天 16 岁。靠自己的劳动收入生活的，可以自己办"):
        taken_in(town, id_number=SIXTEEN)
    case = taken_in(town, id_number=SIXTEEN, sure=True)
    assert "16 岁" in case.applicant["confirmed"]["id_number"]
    with pytest.raises(Refused, match="要由监护人"):
        taken_in(town, id_number=born("20100317"), sure=True)
    assert taken_in(town, id_number=SIXTEEN, acting=GUARDIAN).applicant["confirmed"] == {}


def test_for_aid_the_village_committee_may_apply_even_for_a_child(town):
    case = taken_in(town, "JZ-001", CLERK_4, id_number=FIFTEEN, acting=COMMITTEE)
    named = "村（居）委会：长堤村村民委员会（演示）（经办 周干部（演示））"
    assert case.documents.get().data["agent"] == named
    with pytest.raises(Refused, match="村（居）委会的全称"):
        taken_in(town, "JZ-001", CLERK_4, acting=replace(COMMITTEE, organisation=" "))


def test_an_expired_card_is_told_once_noted_and_turns_nobody_away(town):
    with pytest.raises(Refused, match=r"2026年3月15日到期，已经过了。请到派出所换领.*临时身份证.*照样收") as caught:
        taken_in(town, id_until="20260315")
    assert caught.value.field == "id_until"
    case = taken_in(town, id_until="20260315", sure=True)
    assert (case.state, case.applicant["id_until"]) == (CaseState.SUBMITTED, "2026-03-15")
    assert "到期" in dict(case_shown.applicant(case, whole=False))["收件时看过"]
    for good in ("长期", "2026-03-16", ""):
        assert taken_in(town, id_until=good).applicant["confirmed"] == {}
    with pytest.raises(Refused, match="代理人的证件2020年1月1日到期"):
        taken_in(town, acting=replace(AGENT, id_until="2020.01.01"))
    with pytest.raises(Refused, match="不存在"):
        taken_in(town, id_until="2026-02-30")


def test_a_credit_code_that_does_not_fit_is_kept_after_a_second_look(town):
    body = "91430623MA4L00000"
    good = body + uscc_check_character(body)
    wrong = body + ("1" if good[-1] != "1" else "2")
    firm = {"kind": "organisation", "organisation": "合作社（演示）"}
    with pytest.raises(Refused, match=r"校验位不对.*照样收"):
        taken_in(town, uscc=wrong, **firm)
    kept = taken_in(town, uscc=wrong, sure=True, **firm).applicant
    assert kept["uscc"] == wrong and "校验位" in kept["confirmed"]["uscc"]
    assert taken_in(town, uscc=good.lower(), **firm).applicant["uscc"] == good
    with pytest.raises(Refused, match=r"没有填统一社会信用代码.*村民小组"):
        taken_in(town, uscc="", **firm)
    assert taken_in(town, uscc="", sure=True, **firm).applicant["uscc"] == ""


@pytest.mark.parametrize(
    ("paper", "good", "bad"),
    [
        ("passport", "e1234 5678", "护照"),
        ("hk_mo_pass", "H12345678", "A12345678"),
        ("taiwan_pass", "12345678", "1234567"),
        ("old_residence", "USA310012345678", "31001234567890"),
    ],
)
def test_other_papers_of_identity_are_checked_for_their_form(town, paper, good, bad):
    case = taken_in(town, id_paper=paper, id_number=good)
    assert case.applicant["id_number"] == good.replace(" ", "").upper()
    with pytest.raises(Refused, match=r"号码应当是.*请对照证件再输一次") as caught:
        taken_in(town, id_paper=paper, id_number=bad)
    assert caught.value.field == "id_number"


def test_the_authority_says_who_may_withdraw_and_collect(town, clock):
    case = taken_in(town, acting=AGENT)
    for by in (staff(CLERK_3), None):
        with pytest.raises(Refused, match="委托书没有写代理人可以代为撤回。请申请人本人来"):
            actions.withdraw(case=case, by=by, returned=True, acting=True)
    assert fresh(case).state == CaseState.SUBMITTED
    actions.withdraw(case=case, by=staff(CLERK_3), returned=True)
    assert "acting" not in Event.objects.get(type="case.withdrawn").data
    free = taken_in(town, acting=replace(AGENT, may_withdraw=True))
    clock.shift(timedelta(days=30))
    with pytest.raises(Refused, match="2026年3月31日到期，已经过了"):
        actions.withdraw(case=free)
    clock.shift(timedelta(days=-30))
    actions.withdraw(case=free)
    assert Event.objects.filter(type="case.withdrawn").order_by("-pk")[0].data["acting"] == "agent"
    child = taken_in(town, id_number=FIFTEEN, acting=GUARDIAN)
    actions.withdraw(case=child)
    assert fresh(child).state == CaseState.WITHDRAWN


def test_a_decision_is_handed_to_the_agent_only_as_the_authority_says(town):
    for may in (False, True):
        case = taken_in(town, "LN-001", CLERK_1, acting=replace(AGENT, may_collect=may))
        actions.accept(case=case, by=staff(CLERK_1))
        actions.decide(case=case, outcome="granted", reasons="", by=staff(CLERK_1))
        case = fresh(case)
        if may:
            actions.serve(case=case, mode=ServeMode.AGENT, receiver=AGENT.name, by=staff(CLERK_1))
            assert Event.objects.get(type="case.served").data["acting"] == "agent"
            continue
        with pytest.raises(Refused, match="没有写代理人可以代领文书") as caught:
            actions.serve(case=case, mode=ServeMode.DIRECT, receiver=AGENT.name, by=staff(CLERK_1))
        assert caught.value.field == "receiver"


def test_a_case_that_was_sealed_before_anybody_could_act_still_opens(town):
    case = apply(town, "LM-001").case
    old = {
        name: value
        for name, value in as_payload(APPLICANT).items()
        if name not in {"id_paper", "id_until", "acting", "confirmed"}
    }
    Case.objects.filter(pk=case.pk).update(applicant_sealed=case.seal(old))
    case = fresh(case)
    assert case.acting is None
    assert dict(case_shown.applicant(case, whole=True))["身份证号码"] == APPLICANT.id_number
    actions.accept(case=case, by=staff(CLERK_3))
    assert "agent" not in case.documents.get(kind=Paper.ACCEPTANCE).data


def test_whoever_acts_is_sealed_with_the_applicant(town):
    case = taken_in(town, acting=AGENT)
    row = Case.objects.filter(pk=case.pk).values().get()
    event = Event.objects.get(type="case.submitted")
    assert case.applicant["acting"] == asdict(AGENT)
    for held in (*row.values(), *event.__dict__.values()):
        lies = bytes(held) if isinstance(held, bytes | memoryview) else str(held).encode()
        assert AGENT.id_number.encode() not in lies and AGENT.name.encode() not in lies
