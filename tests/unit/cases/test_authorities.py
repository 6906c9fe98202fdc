"""An authority that is renewed, passes to somebody else or ends while the case runs."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest

from mingtang.cases import actions
from mingtang.cases.acting import Acting
from mingtang.cases.enums import CaseState, Paper, ServeMode
from mingtang.cases.line import line
from mingtang.cases.models import Authority, Case
from mingtang.cases.proved import check_authorities, check_rows
from mingtang.desk import case_shown
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.factories.acts import AGENT, APPLICANT, apply, born, fresh
from tests.factories.cast import CLERK_1, CLERK_3, FOREST, staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)
SECOND = replace(AGENT, name="王二（演示）", id_number=born("19720202"), until="2026-06-30", may_withdraw=True)
GUARDIAN = Acting("guardian", "文父亲（演示）", born("19800101"), relation="parent", seen=True)


def begun(town, code="LM-001", clerk=CLERK_3, **changes) -> Case:
    return apply(town, code, by=staff(clerk), applicant=replace(APPLICANT, **{"acting": AGENT} | changes)).case


def change(case, what, acting=None, clerk=CLERK_3, **more) -> Authority:
    more = {"since": date(2026, 3, 16)} | more
    return actions.record_authority(case=case, change=what, acting=acting, by=staff(clerk), **more)


def nothing_found(town) -> bool:
    return [*check_rows(list(Event.objects.order_by("pk"))), *check_authorities(town)] == []


def test_an_expired_authority_bars_the_agent_until_a_new_letter_is_recorded(town, clock):
    case = begun(town, acting=replace(AGENT, may_withdraw=True))
    clock.shift(timedelta(days=16))
    said = "代理人的委托书2026年3月31日到期，已经过了。撤回、代领请申请人本人来，或者带新的委托书、监护证明到窗口登记。"
    assert case_shown.lapsed(fresh(case)) == said
    with pytest.raises(Refused) as caught:
        actions.withdraw(case=case)
    assert caught.value.message == said
    actions.accept(case=case, by=staff(CLERK_3))
    assert "agent" not in case.documents.get(kind=Paper.ACCEPTANCE).data, "nobody speaks for the applicant any more"
    row = change(case, "renewed", Acting("", "", "", until="2026-06-30", may_withdraw=True, seen=True))
    assert fresh(case).acting == replace(AGENT, until="2026-06-30", may_withdraw=True, may_collect=False)
    assert (row.checked_by, row.until, row.event.happened_at) == (staff(CLERK_3), date(2026, 6, 30), row.recorded_at)
    assert case_shown.lapsed(fresh(case)) == ""
    assert nothing_found(town)
    actions.withdraw(case=case)
    assert fresh(case).state == CaseState.WITHDRAWN


def test_whoever_comes_in_their_place_acts_from_now_on_and_the_other_no_more(town):
    case = begun(town, "LN-001", CLERK_1)
    change(case, "changed", SECOND, CLERK_1)
    assert fresh(case).acting == SECOND
    actions.accept(case=case, by=staff(CLERK_1))
    assert case.documents.get(kind=Paper.ACCEPTANCE).data["agent"] == "代理人：王二（演示）"
    shown = dict(case_shown.applicant(fresh(case), whole=False))
    assert shown["换了来办的人"].startswith("从2026年3月16日起，代理人王" + "*" * 5 + "，到2026年6月30日；证明由")
    stage = next(row for row in line(fresh(case)).stages if row.key.startswith("authority"))
    assert (stage.title, stage.state) == ("换了来办的人", "done")
    assert "王二" not in str(line(fresh(case)).stages)
    actions.decide(case=case, outcome="granted", reasons="", by=staff(CLERK_1))
    actions.serve(case=fresh(case), mode=ServeMode.AGENT, receiver=SECOND.name, by=staff(CLERK_1))


def test_what_was_ended_stays_ended_for_who_holds_the_code_too(town):
    case = begun(town, acting=replace(AGENT, may_withdraw=True))
    with pytest.raises(Refused, match="怎样终止的") as caught:
        change(case, "ended")
    assert caught.value.field == "reason"
    change(case, "ended", reason="申请人取消委托")
    with pytest.raises(Refused, match="代理人的委托2026年3月16日已经终止"):
        actions.withdraw(case=case)
    for what in ("renewed", "ended"):
        with pytest.raises(Refused, match="现在没有人代申请人办"):
            change(case, what, AGENT, reason="又来")
    assert nothing_found(town)
    event = Event.objects.get(type="case.authority_recorded")
    assert "取消" not in str(event.data) and event.payload_commit
    actions.withdraw(case=case, by=staff(CLERK_3), returned=True)


def test_a_child_is_never_without_a_guardian(town):
    case = begun(town, id_number=born("20110101"), acting=GUARDIAN)
    with pytest.raises(Refused, match="还没有成年，不能没有监护人"):
        change(case, "ended", reason="父亲外出")
    with pytest.raises(Refused, match="监护人不用委托书"):
        change(case, "renewed", AGENT)
    with pytest.raises(Refused, match="要由监护人"):
        change(case, "changed", AGENT)
    change(case, "changed", replace(GUARDIAN, name="文母亲（演示）", id_number=born("19820202")))
    assert fresh(case).acting.shown == "监护人：文母亲（演示）"


@pytest.mark.parametrize(
    ("what", "acting", "more", "field", "sentence"),
    [
        ("sold", AGENT, {}, "change", "怎么变了"),
        ("changed", AGENT, {"since": TODAY + timedelta(days=1)}, "since", "还没有到那一天"),
        ("changed", replace(SECOND, seen=False), {}, "acting_seen", "还没有申请人写的委托书"),
        ("changed", replace(SECOND, until="2026-03-15"), {}, "acting_until", "已经过了"),
        ("changed", replace(SECOND, id_number=APPLICANT.id_number), {}, "acting_id_number", "同一个证件号码"),
        ("ended", None, {"reason": "长" * 201}, "reason", "最多 200 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_moves(town, what, acting, more, field, sentence):
    case = begun(town)
    with pytest.raises(Refused, match=sentence) as caught:
        change(case, what, acting, **more)
    assert caught.value.field == field
    assert fresh(case).acting == AGENT
    assert not Authority.objects.exists()


def test_only_a_window_records_it(town):
    with pytest.raises(Refused, match="权限"):
        actions.record_authority(case=begun(town), change="changed", since=TODAY, acting=SECOND, by=staff(FOREST))


def test_who_acts_cannot_be_changed_behind_the_events(town):
    case = begun(town)
    row = change(case, "changed", SECOND)
    assert nothing_found(town)
    other = {**fresh(case).applicant, "acting": asdict(replace(SECOND, name="马三（演示）"))}
    Case.objects.filter(pk=case.pk).update(applicant_sealed=case.seal(other))
    assert "现在代申请人办的人" in next(iter(check_authorities(town))).what
    Authority.objects.filter(pk=row.pk).update(may_withdraw=False)
    assert [one.table for one in check_rows([row.event])] == ["cases_authority"]
