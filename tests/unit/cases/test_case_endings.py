"""Ends before a decision, and who stays away from a case."""

from datetime import date, timedelta

import pytest
from django.db import connection

from mingtang.cases import actions
from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, Paper
from mingtang.cases.line import line
from mingtang.cases.models import Case, Demand, Recusal, SupplementNotice
from mingtang.cases.proved import check_cases, check_papers, check_rows
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.actions import delegate
from mingtang.people.models import Delegation, Post
from tests.factories.acts import accepted, apply, decided, fresh, worked
from tests.factories.cast import BUILD, CLERK_1, CLERK_3, CLERK_4, DECIDER, FOREST, LAND, staff

pytestmark = pytest.mark.django_db


def handed_in(town, code: str = "LM-001", who: str = CLERK_3, **more) -> Case:
    return apply(town, code, by=staff(who), **more).case


def needless(
    case: Case, basis: str = "《中华人民共和国森林法》第五十六条", reasons: str = "房前屋后的零星林木", who=CLERK_3
):
    return actions.not_required(case=case, basis=basis, reasons=reasons, by=staff(who))


def hand_on(case: Case, organ: str = "华容县民政局", receipt: str = "华民收〔2026〕8号", who: str = CLERK_3):
    return actions.pass_on(case=case, organ=organ, receipt=receipt, by=staff(who))


def not_ours(case: Case, who: str = DECIDER):
    return actions.not_accept(case=case, reasons="城镇林木归县局", by=staff(who), competent_organ="华容县林业局")


# Said at once


def test_not_required_is_said_the_same_day_with_article_and_remedies(town):
    case = handed_in(town)
    for values, field in (({"basis": " "}, "basis"), ({"reasons": ""}, "reasons")):
        with pytest.raises(Refused) as caught:
            needless(case, **values)
        assert caught.value.field == field
    paper = needless(case)
    case = fresh(case)
    assert (case.state, paper.kind) == (CaseState.NOT_REQUIRED, Paper.NOT_REQUIRED)
    assert case.ended_at is not None
    assert not case.clocks.filter(stopped_at__isnull=True).exists()
    assert any("行政复议" in sentence for sentence in paper.data["remedies"])
    assert line(case).stages[-1].title == "不需要办理"


@pytest.mark.parametrize("act", [needless, not_ours])
def test_a_day_later_it_is_too_late_to_say_so(town, clock, act):
    case = handed_in(town)
    clock.shift(timedelta(days=1))
    with pytest.raises(Refused, match="收件当天"):
        act(case)


@pytest.mark.parametrize("act", [needless, not_ours, hand_on])
def test_after_the_one_notice_the_way_is_closed(town, act):
    case = handed_in(town, seen={"id", "right"})
    actions.request_supplement(case=case, demands={"plan": "请写明地点和数量"}, by=staff(CLERK_3))
    actions.supply_complete(case=case)
    with pytest.raises(Refused, match="已经一次性告知过"):
        act(case)


def test_not_ours_names_whose_it_is_and_needs_the_letter(town):
    case = handed_in(town)
    with pytest.raises(Refused, match="没有“不予受理”的权限"):
        not_ours(case, FOREST)
    paper = not_ours(case)
    assert fresh(case).state == CaseState.NOT_ACCEPTED
    assert paper.data["competent_organ"] == "华容县林业局"
    assert paper.data["remedies"]


def test_aid_is_never_not_ours_but_passed_on_against_a_receipt(town):
    case = handed_in(town, "JZ-001", CLERK_4)
    with pytest.raises(Refused, match="不能说不归我们管"):
        not_ours(case)
    with pytest.raises(Refused, match="没有收下的，不能算转办"):
        hand_on(case, receipt=" ", who=CLERK_4)
    paper = hand_on(case, who=CLERK_4)
    assert fresh(case).state == CaseState.PASSED_ON
    assert {"name": "对方收件", "value": "华民收〔2026〕8号"} in paper.data["facts"]
    assert "remedies" not in paper.data


@pytest.mark.parametrize("act", [needless, hand_on])
def test_it_is_said_of_what_was_just_handed_in_by_the_window(town, act):
    with pytest.raises(Refused, match="没有“"):
        act(handed_in(town), who=LAND)
    with pytest.raises(Refused, match="不能"):
        act(accepted(town, "LM-001"))


# Withdrawal


def test_at_the_window_what_was_handed_in_goes_back_first(town):
    case = accepted(town, "LM-001")
    with pytest.raises(Refused, match="退还申请人") as caught:
        actions.withdraw(case=case, by=staff(CLERK_3))
    assert caught.value.field == "returned"
    paper = actions.withdraw(case=case, by=staff(CLERK_3), returned=True)
    assert paper.data["facts"][0]["name"] == "退还的材料"
    assert "申请人身份证" in paper.data["facts"][0]["value"]
    assert Event.objects.get(type="case.withdrawn").data["originals"] == "returned"


def test_who_withdraws_online_is_told_what_to_collect(town):
    paper = actions.withdraw(case=decided(town, "LM-001"), reason="不砍了")
    assert paper.data["facts"][0]["name"] == "请来取回的材料"
    assert "请带收件凭证到" in paper.data["paragraphs"][0]
    assert "不砍了" not in str(Event.objects.get(type="case.withdrawn").data)


# Recusal


def away(case: Case, person: str, by: str, granted: bool | None = None, to_post: str = "", reason: str = "是表兄弟"):
    return actions.recuse(
        case=case, person=staff(person), reason=reason, by=staff(by), granted=granted, to_post=to_post
    )


def visit(case: Case, who: str):
    return actions.opinion(case=case, step_key="site_visit", agrees=True, text="核对无误。", by=staff(who))


def test_from_the_asking_on_the_person_does_nothing_in_the_case(town):
    case, other = accepted(town, "LM-001"), accepted(town, "LM-001")
    away(case, FOREST, FOREST)
    with pytest.raises(Refused, match="要回避"):
        visit(case, FOREST)
    visit(other, FOREST)
    with pytest.raises(Refused, match="已经提出过"):
        away(case, FOREST, FOREST)
    assert "表兄弟" not in str(Event.objects.get(type="case.recusal_asked").__dict__)
    away(case, FOREST, DECIDER, granted=False, reason="不是近亲属")
    visit(case, FOREST)


def test_the_head_gives_the_steps_to_another_post_in_later_rounds_too(town):
    case = accepted(town, "LM-001")
    away(case, FOREST, DECIDER, granted=True, to_post="land-review")
    step = case.steps.get(key="site_visit")
    assert step.post_code == "land-review"
    visit(case, LAND)
    assert case.steps.get(key="quota").post_code == "land-review"
    actions.opinion(case=case, step_key="quota", agrees=True, text="核对无误。", by=staff(LAND))
    actions.return_for_redo(case=case, reason="四至没有写清", by=staff(DECIDER))
    assert case.steps.get(key="site_visit", done_at=None).post_code == "land-review"


def test_what_cannot_be_decided_of_a_recusal_is_refused(town):
    case = accepted(town, "LM-001")
    for values, words in (
        ({"person": FOREST, "by": LAND}, "只能提出自己"),
        ({"person": FOREST, "by": FOREST, "reason": " "}, "为什么要回避"),
        ({"person": FOREST, "by": LAND, "granted": True}, "没有“回避”的权限|没有这个事项"),
        ({"person": DECIDER, "by": DECIDER, "granted": True}, "不能由自己决定"),
        ({"person": FOREST, "by": DECIDER, "granted": True, "to_post": "moon"}, "没有这个岗位"),
        ({"person": FOREST, "by": DECIDER, "granted": True, "to_post": "forest-check"}, "不能接办"),
        ({"person": FOREST, "by": DECIDER, "granted": True, "to_post": "news-editor"}, "不能接办"),
        ({"person": BUILD, "by": DECIDER, "granted": True, "to_post": "land-review"}, "没有等着办的环节"),
    ):
        with pytest.raises(Refused, match=words):
            away(case, **values)
    assert not Recusal.objects.exists()


def test_a_party_asks_at_the_window_and_another_decider_decides(town):
    case = worked(town, "LM-001")
    away(case, DECIDER, CLERK_3)
    with pytest.raises(Refused, match="要回避"):
        actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    letter = Delegation.objects.get(item_code="LM-001")
    delegate(
        grantor=letter.grantor, post=Post.objects.get(town=town, code="window-1"), number="万授〔2026〕91号",
        item_code="LM-001", step_code="decide", valid_from=letter.valid_from, valid_to=letter.valid_to, by=CONSOLE,
    )  # fmt: skip
    away(case, DECIDER, CLERK_1, granted=True)
    actions.decide(case=case, outcome="granted", reasons="", by=staff(CLERK_1))


def test_verify_knows_these_ends_papers_and_recusals(town):
    needless(handed_in(town))
    hand_on(handed_in(town))
    not_ours(handed_in(town))
    actions.withdraw(case=accepted(town, "LM-001"))
    away(accepted(town, "LM-001"), FOREST, DECIDER, granted=True, to_post="land-review")
    events = list(Event.objects.all())
    assert [*check_papers(events), *check_rows(events), *check_cases(town)] == []
    Recusal.objects.update(to_post="build-review")
    assert [finding.table for finding in check_rows(events)] == ["cases_recusal"]


# Lapse

BASIS = "《中华人民共和国森林法》第五十七条"


def limited(town, reply_by: date | None = date(2026, 3, 31), basis: str = BASIS) -> Case:
    case = handed_in(town, seen={"id", "right"})
    actions.request_supplement(
        case=case, demands={"plan": "请写明地点和数量"}, by=staff(CLERK_3), reply_by=reply_by, lapse_basis=basis
    )
    return fresh(case)


def give_up(case: Case, reason: str = "电话和书面都提醒过，没有答复", who: str = DECIDER):
    return actions.lapse(case=case, reason=reason, by=staff(who))


def test_a_case_lapses_only_after_period_reminder_and_signature(town, clock):
    case = limited(town)
    notice = case.documents.get(kind=Paper.SUPPLEMENT)
    assert notice.data["reply_by"] == "2026-03-31"
    assert BASIS in notice.data["lapse_note"]
    with pytest.raises(Refused, match="还没有到期"):
        give_up(case)
    clock.shift(timedelta(days=16))
    with pytest.raises(Refused, match="还没有书面提醒"):
        give_up(case)
    actions.remind(case=case, by=staff(CLERK_3))
    with pytest.raises(Refused, match="已经书面提醒过"):
        actions.remind(case=case, by=staff(CLERK_3))
    with pytest.raises(Refused, match="至少等 5 个工作日"):
        give_up(case)
    clock.shift(timedelta(days=10))
    for who, reason, words in ((CLERK_3, "没有答复", "没有“视为放弃”的权限"), (DECIDER, " ", "写明理由")):
        with pytest.raises(Refused, match=words):
            give_up(case, reason, who)
    paper = give_up(case)
    case = fresh(case)
    assert (case.state, paper.kind) == (CaseState.LAPSED, Paper.LAPSED)
    assert any("行政复议" in sentence for sentence in paper.data["remedies"])
    assert not case.steps.filter(done_at__isnull=True).exists()
    events = list(Event.objects.all())
    assert [*check_papers(events), *check_cases(town)] == []
    with pytest.raises(Refused, match="不能自行纠正"):
        actions.self_correct(case=case, reason="申请人住院", by=staff(DECIDER))
    actions.take_in_again(case=case, reason="申请人住院", by=staff(DECIDER))
    assert fresh(case).state == CaseState.SUBMITTED
    with pytest.raises(Refused, match="还缺"):
        actions.accept(case=case, by=staff(CLERK_3))
    actions.receive_materials(case=case, received=Received(seen=frozenset({"plan"})), by=staff(CLERK_3))
    actions.accept(case=case, by=staff(CLERK_3))
    events = list(Event.objects.all())
    assert [*check_papers(events), *check_cases(town)] == []


def test_each_changed_column_of_the_one_notice_is_named(town, clock):
    case = limited(town)
    clock.shift(timedelta(days=3))
    actions.remind(case=case, by=staff(CLERK_3))
    clock.shift(timedelta(days=1))
    actions.supply_complete(case=fresh(case))
    rows, whole = SupplementNotice.objects.filter(case=case), SupplementNotice.objects.values().get(case=case)
    assert whole["completed_at"] and whole["reminded_at"] and list(check_cases(town)) == []
    earlier = case.submitted_at - timedelta(days=1)
    for column, value, title in (
        ("issued_at", earlier, "告知时间"),
        ("issued_by", staff(CLERK_1), "告知人"),
        ("reply_by", date(2026, 3, 30), "最迟补齐日期"),
        ("lapse_basis", "《想当然》第一条", "逾期的依据"),
        ("completed_at", earlier, "补正完成时间"),
        ("reminded_at", None, "提醒时间"),
    ):
        rows.update(**{column: value})
        (found,) = check_cases(town)
        assert (found.table, found.row) == ("cases_supplementnotice", case.pk)
        assert f"，{title}和事件里记的不一样" in str(found)
        rows.update(**whole)
    told = Event.objects.get(type=kinds.SUPPLEMENT)
    told.data = {name: value for name, value in told.data.items() if name not in ("reply_by", "lapse_basis")}
    on = "" if connection.vendor == "sqlite" else " ON events_event"
    connection.cursor().execute(f"DROP TRIGGER IF EXISTS events_event_no_update{on}")
    Event.save(told, update_fields=["data"])
    assert list(check_cases(town)) == [], "what an earlier release did not write down is not missed"
    Demand.objects.all().delete()
    rows.delete()
    (found,) = check_cases(town)
    assert str(found) == f"表 cases_supplementnotice 第{case.pk}行：办件 {case.number} 的一次性告知不见了。"


@pytest.mark.parametrize(
    ("reply_by", "basis", "field"),
    [
        (date(2026, 3, 30), "", "reply_by"),
        (None, BASIS, "reply_by"),
        (date(2026, 3, 27), BASIS, "reply_by"),
        (date(2026, 3, 30), "《想当然》第一条", "lapse_basis"),
    ],
)
def test_a_period_stands_on_an_article_of_the_item_and_leaves_time(town, reply_by, basis, field):
    with pytest.raises(Refused) as caught:
        limited(town, reply_by, basis)
    assert caught.value.field == field


def test_where_no_period_was_told_nothing_lapses(town, clock):
    case = limited(town, None, "")
    clock.shift(timedelta(days=300))
    with pytest.raises(Refused, match="没有写期限和后果"):
        give_up(case)
    with pytest.raises(Refused, match="没有写期限和后果"):
        actions.remind(case=case, by=staff(CLERK_3))
