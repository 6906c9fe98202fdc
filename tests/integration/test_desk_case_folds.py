"""The acts folded at the foot of a case: offered to whom they belong, refused with a sentence, told to the public."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.models import Case
from mingtang.demo.care import build_care
from mingtang.press.case_paper import pdf
from tests.agreement.published import published
from tests.factories.acts import AGENT, APPLICANT, accepted, apply, born, decided, sent_up, worked
from tests.factories.cast import CLERK_3, CLERK_4, DECIDER, FOREST, JUSTICE, LAND, login, staff
from tests.factories.rich_item import RICH
from tests.integration.desk_steps import PNG, act, fold, text
from tests.unit.cases.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """A Monday on which any item passes the gate."""
    with time_machine.travel(MONDAY, tick=False):
        yield


def page(client: Client, who: str, case: Case) -> str:
    login(client, who)
    return text(client.get(f"/desk/cases/{case.number}"))


def test_a_pause_goes_from_the_desk_to_the_paper_and_the_public_line(client, town):
    case = accepted(town, "LM-001")
    assert "启动特别程序" not in page(client, FOREST, case)
    assert "启动特别程序" in page(client, DECIDER, case)
    refused = fold(client, DECIDER, case, "suspend", number="1", working_days="很多", reason="要检验木材")
    assert refused.status_code == 422
    assert "请写整数" in text(refused)
    assert "要检验木材" in text(refused)
    assert fold(client, DECIDER, case, "suspend", number="1", working_days="3", reason="要检验").status_code == 302
    assert "特别程序中" in page(client, DECIDER, case)
    assert "特别程序中" in text(client.get("/desk/"))
    public = text(Client().get(f"/cases/{case.number}"))
    assert "不计入期限" in public
    assert "要检验" not in public
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        told = Client().get(f"/cases/{case.number}.json").json()["clocks"]
    assert {row["kind"]: row["state"] for row in told} == {
        "intake": "stopped",
        "statutory": "paused",
        "promise": "paused",
        "step": "paused",
    }
    assert pdf(case.documents.get(kind="special")).startswith(b"%PDF")
    assert fold(client, DECIDER, case, "resume").status_code == 302
    assert "acts/resume" not in page(client, DECIDER, case)


def test_an_extension_keeps_what_was_typed_when_it_is_refused(client, town):
    case = accepted(town, "LM-001")
    refused = fold(client, DECIDER, case, "extend", working_days="11", reason="连日大雨")
    assert refused.status_code == 422
    assert "1 到 10 个工作日" in text(refused)
    assert "连日大雨" in text(refused)
    assert fold(client, DECIDER, case, "extend", working_days="10", reason="连日大雨").status_code == 302
    assert "延长了 10 个工作日" in text(Client().get(f"/cases/{case.number}"))
    assert pdf(case.documents.get(kind="extension")).startswith(b"%PDF")


def test_a_reason_is_asked_for_before_the_date_and_shown(client, town):
    case = accepted(town, "LM-001")
    step = case.clocks.get(step_key="site_visit")
    with time_machine.travel(timezone.now() + timedelta(days=(step.due_on - step.started_on).days), tick=False):
        login(client, FOREST)
        assert "还没有说明晚的原因" in text(client.get("/desk/"))
        assert "说明晚的原因" in page(client, FOREST, case)
        answer = fold(client, FOREST, case, "explain_delay", clock=str(step.pk), text="打 13800138000 问")
        assert answer.status_code == 422
        said = {"clock": str(step.pk), "text": "大雨封山"}
        assert fold(client, FOREST, case, "explain_delay", **said).status_code == 302
        assert "还没有说明晚的原因" not in text(client.get("/desk/"))
        assert "大雨封山" in text(Client().get(f"/cases/{case.number}"))


def test_an_act_that_does_not_exist_is_no_address(client, town):
    case = accepted(town, "LM-001")
    assert fold(client, DECIDER, case, "burn").status_code == 404


def test_a_paper_that_follows_is_signed_for_at_the_window_and_handed_in_online(client, town):
    code, _ = published(town, RICH)
    clerk = staff(CLERK_3)
    sent = apply(town, code, seen={"id"}, answers={"kind": "old", "area": 50}, by=clerk)
    case, day = sent.case, timezone.localdate() + timedelta(days=2)
    assert "容缺受理" in page(client, CLERK_3, case)
    unsigned = fold(client, CLERK_3, case, "accept", right=day.isoformat())
    assert unsigned.status_code == 422
    assert "签字" in text(unsigned)
    assert fold(client, CLERK_3, case, "accept", right=day.isoformat(), signed="on").status_code == 302
    assert "收到容缺补来的材料" in page(client, CLERK_3, case)
    resident = Client()
    resident.post(f"/cases/{case.number}/mine")
    opened = resident.post("/cases/", {"number": case.number, "code": sent.code})
    assert opened.status_code == 302
    assert "还要补交的材料" in text(resident.get(f"/cases/{case.number}/mine"))
    nothing = resident.post(f"/cases/{case.number}/mine", {"act": "hand_in_deferred"})
    assert nothing.status_code == 422
    scan = io.BytesIO(PNG)
    scan.name = "权属.png"
    handed = resident.post(f"/cases/{case.number}/mine", {"act": "hand_in_deferred", "file_right": scan})
    assert handed.status_code == 302
    assert "还要补交的材料" not in text(resident.get(f"/cases/{case.number}/mine"))
    assert "已补齐" in text(Client().get(f"/cases/{case.number}"))


def test_aid_is_passed_on_and_never_refused_as_not_ours(client, town):
    case = apply(town, "JZ-001", by=staff(CLERK_4)).case
    shown = page(client, DECIDER, case)
    assert "不归本机关管" not in shown
    assert "转办" in page(client, CLERK_4, case)
    refused = fold(client, CLERK_4, case, "pass_on", organ="华容县民政局", receipt="")
    assert refused.status_code == 422
    assert "没有收下的" in text(refused)
    assert "华容县民政局" in text(refused)
    done = fold(client, CLERK_4, case, "pass_on", organ="华容县民政局", receipt="华民收〔2026〕8号")
    assert done.status_code == 302
    assert pdf(case.documents.get(kind="passed_on")).startswith(b"%PDF")


def test_whoever_is_recused_finds_no_button(client, town):
    case = accepted(town, "LM-001")
    forest = str(staff(FOREST).pk)
    assert fold(client, FOREST, case, "recuse", person=forest, reason="是表兄弟").status_code == 302
    shown = page(client, FOREST, case)
    assert "您在这一件里要回避" in shown
    assert "提交意见" not in shown
    assert "决定回避" in page(client, DECIDER, case)
    decided = {"person": forest, "reason": "核实过", "granted": "yes", "to_post": "land-review"}
    assert fold(client, DECIDER, case, "recuse_decide", **decided).status_code == 302
    assert "提交意见" in page(client, LAND, case)


def test_after_the_end_a_ruling_is_entered_and_carried_out(client, town):
    case = decided(town, "LM-001")
    today = timezone.localdate().isoformat()
    assert "自行纠正" not in page(client, DECIDER, case)
    said = {"body": "review", "kind": "redo", "number": "华政复决〔2026〕3号", "ruled_on": today}
    refused = fold(client, JUSTICE, case, "enter_ruling", **said)
    assert refused.status_code == 422
    assert "限到哪一天" in text(refused)
    assert fold(client, JUSTICE, case, "enter_ruling", act_by=today, **said).status_code == 302
    assert "撤销并责令重新作出" in text(Client().get(f"/cases/{case.number}"))
    slip = {"paper": str(case.documents.get(kind="grant").pk), "wrong": "准予您", "right": "准予你"}
    assert fold(client, DECIDER, case, "correct_clerical_error", **slip).status_code == 302
    assert fold(client, DECIDER, case, "self_correct", reason="照复议决定").status_code == 302
    assert "提交意见" in page(client, FOREST, case)
    for kind in ("corrected", "clerical"):
        assert pdf(case.documents.get(kind=kind)).startswith(b"%PDF")
    permit = f"/desk/permits/{case.permits.get().pk}"
    login(client, DECIDER)
    assert "作新的决定的人要在决定里写明" in text(client.get(permit))
    assert case.permits.get().number in text(client.get("/desk/permits/?state=again"))
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    assert "原来发的证照" in page(client, DECIDER, case)
    refused = act(client, DECIDER, case, "decide", outcome="granted", reasons="照准")
    assert refused.status_code == 422 and "请选原证照怎么办" in text(refused)
    assert act(client, DECIDER, case, "decide", outcome="granted", reasons="照准", earlier="ended").status_code == 302
    assert "已注销" in text(client.get(permit))
    assert pdf(case.documents.get(kind="permit_cancelled")).startswith(b"%PDF")


def test_a_party_is_told_heard_and_never_named_to_the_applicant(client, town):
    sent = apply(town, "LM-001", by=staff(CLERK_3))
    case = sent.case
    actions.accept(case=case, by=staff(CLERK_3))
    said = {"name": "文大满（演示）", "matter": "相邻林地"}
    assert fold(client, FOREST, case, "tell_interested_party", **said).status_code == 302
    told = case.documents.get(kind="party")
    assert pdf(told).startswith(b"%PDF")
    resident = Client()
    assert resident.post("/cases/", {"number": case.number, "code": sent.code}).status_code == 302
    own = text(resident.get(f"/cases/{case.number}/mine"))
    assert "受理通知书" in own
    assert "利害关系人告知书" not in own
    assert resident.get(f"/cases/{case.number}/papers/{told.pk}.pdf").status_code == 404
    assert "组织听证" not in page(client, DECIDER, case)
    assert "文大满" in page(client, FOREST, case)
    refused = fold(client, FOREST, case, "record_views", number="1", answer="views", text="")
    assert refused.status_code == 422
    assert "记下他的意见" in text(refused)
    assert fold(client, FOREST, case, "record_views", number="1", answer="waived", text="").status_code == 302
    assert "文大满" not in page(client, FOREST, case)


def test_a_hearing_is_announced_at_the_desk(client, town):
    code, _ = published(town, RICH)
    case = apply(town, code, seen={"id"}, answers={"kind": "new", "area": 50}, by=staff(CLERK_3)).case
    actions.accept(case=case, by=staff(CLERK_3))
    day = (timezone.localdate() + timedelta(days=14)).isoformat()
    host = {"host": str(staff(JUSTICE).pk), "place": "二楼会议室", "held_on": day}
    assert fold(client, DECIDER, case, "hold_hearing", **host).status_code == 302
    assert "登记听证笔录" in page(client, JUSTICE, case)
    assert "特别程序：听证" in text(Client().get(f"/cases/{case.number}"))
    assert pdf(case.documents.get(kind="hearing")).startswith(b"%PDF")


def test_a_period_is_told_and_reminded_of_at_the_desk(client, town):
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    sent = {"check_plan": "missing", "note_plan": "请写明地点", "reply_by": "2026-02-31", "lapse_basis": ""}
    refused = act(client, CLERK_3, case, "notice", **sent)
    assert refused.status_code == 422
    assert "日期不存在" in text(refused)
    assert "请写明地点" in text(refused)
    sent |= {"reply_by": "2026-03-31", "lapse_basis": "《中华人民共和国森林法》第五十七条"}
    assert act(client, CLERK_3, case, "notice", **sent).status_code == 302
    assert "视为放弃" not in page(client, DECIDER, case)
    assert fold(client, CLERK_3, case, "remind").status_code == 302
    assert pdf(case.documents.get(kind="reminder")).startswith(b"%PDF")
    with time_machine.travel(MONDAY + timedelta(days=30), tick=False):
        assert "视为放弃" in page(client, DECIDER, case)
        assert fold(client, DECIDER, case, "lapse", reason="提醒后没有答复").status_code == 302
    assert pdf(case.documents.get(kind="lapsed")).startswith(b"%PDF")


def test_a_pledge_is_chosen_at_the_window_printed_and_looked_into(client, town):
    case = apply(town, "LM-001", seen={"id", "plan"}, by=staff(CLERK_3)).case
    assert "用书面承诺代替材料" in page(client, CLERK_3, case)
    assert fold(client, CLERK_3, case, "pledge", papers=["right"]).status_code == 422, "not signed"
    assert fold(client, CLERK_3, case, "pledge", papers=["right"], signed="on").status_code == 302
    assert "书面承诺" in page(client, CLERK_3, case)
    actions.accept(case=case, by=staff(CLERK_3))
    assert pdf(case.documents.get(kind="acceptance")).startswith(b"%PDF")
    for key in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=key, agrees=True, text="属实", by=staff(FOREST))
    actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    login(client, FOREST)
    assert "等您核查的承诺" in text(client.get("/desk/"))
    refused = fold(client, FOREST, case, "verify_pledge", material_key="right", true="no", text="")
    assert refused.status_code == 422 and "哪里不实" in text(refused)
    assert fold(client, FOREST, case, "verify_pledge", material_key="right", true="yes").status_code == 302
    public = text(Client().get(f"/cases/{case.number}"))
    assert "核查承诺" in public and "权属" not in public
    assert "等您核查的承诺" not in text(client.get("/desk/"))


def test_what_the_county_decides_goes_up_from_the_desk_and_its_result_comes_back(client, town):
    build_care(town)
    case = worked(town, "TK-001")
    shown = page(client, DECIDER, case)
    assert "报送上级" in shown
    assert fold(client, DECIDER, case, "send_up", opinion="建议批准。").status_code == 302
    assert "已报送上级" in page(client, DECIDER, case)
    assert pdf(case.documents.get(kind="sent_up")).startswith(b"%PDF")
    refused = fold(client, DECIDER, case, "record_result", outcome="granted", number="华民1号", decided_on="昨天")
    assert refused.status_code == 422 and "华民1号" in text(refused)
    day = timezone.localdate().isoformat()
    sent = {"outcome": "granted", "number": "华民1号", "decided_on": day}
    assert fold(client, DECIDER, case, "record_result", **sent).status_code == 302
    assert "上级决定：准予" in page(client, DECIDER, case)
    assert pdf(case.documents.get(kind="result_above")).startswith(b"%PDF")


def test_what_comes_back_from_above_goes_on(client, town):
    case = sent_up(town)
    assert fold(client, DECIDER, case, "take_back", reason="").status_code == 422
    assert fold(client, DECIDER, case, "take_back", reason="缺审批表").status_code == 302
    assert "已受理" in page(client, DECIDER, case)


def test_a_change_of_higher_law_is_entered_at_the_desk(client, town):
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    sent = {"law": "中华人民共和国森林法", "article": "第五十八条", "reason": "改了", "dropped": ["plan"]}
    refused = fold(client, DECIDER, case, "rebase", **sent)
    assert refused.status_code == 422 and "收件的时候就是这样" in text(refused)


def test_an_authority_is_renewed_passed_on_and_ended_at_the_window(client, town):
    case = apply(town, "LM-001", by=staff(CLERK_3), applicant=replace(APPLICANT, acting=AGENT)).case
    today = timezone.localdate().isoformat()
    assert "委托书到期了" in page(client, CLERK_3, case)
    assert "换人来办" not in page(client, FOREST, case)
    letter = {"acting_until": "2026-03-01", "acting_may_withdraw": "on", "since": today}
    refused = fold(client, CLERK_3, case, "authority_renewed", **letter)
    assert refused.status_code == 422
    assert "请看过委托书或者监护证明的原件" in text(refused)
    refused = fold(client, CLERK_3, case, "authority_renewed", acting_seen="on", **letter)
    assert "委托书的期限到2026年3月1日" in text(refused) and 'value="2026-03-01"' in text(refused)
    new = {**letter, "acting_until": "2026-05-01", "acting_seen": "on"}
    assert fold(client, CLERK_3, case, "authority_renewed", **new).status_code == 302
    other = {"acts_as": "agent", "acting_name": "王二（演示）", "acting_id_number": born("19720202")}
    other |= {"acting_id_paper": "card", "acting_seen": "on", "since": today}
    assert fold(client, CLERK_3, case, "authority_changed", **other).status_code == 302
    shown = page(client, CLERK_3, case)
    assert "委托续期" in shown and "从2026年3月16日起，代理人王" + "*" * 5 in shown
    said = {"since": today, "reason": "申请人取消委托"}
    assert fold(client, CLERK_3, case, "authority_ended", **said).status_code == 302
    shown = page(client, CLERK_3, case)
    assert "委托到期或者终止了" in shown and "登记委托终止" not in shown
    public = text(Client().get(f"/cases/{case.number}"))
    assert "委托终止" in public and "王二" not in public
