"""A case through the desk from window to service, and everything that must stop on the way."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mingtang.cases.models import Case, MaterialFile
from mingtang.desk.views import cases
from mingtang.hall.models import Window
from mingtang.people.models import Delegation
from mingtang.press.render import PaperUnavailable
from tests.factories.cast import BUILD, CENTRE, CLERK_1, CLERK_3, DECIDER, EDITOR, LAND, login
from tests.integration.desk_steps import ID_NUMBER, PNG, act, application, fold, intake, taken_in, text

pytestmark = pytest.mark.django_db


def accepted(client: Client) -> Case:
    case = taken_in(client, check_resolution="ok")
    assert act(client, CLERK_3, case, "accept").status_code == 302
    return case


def ready_to_decide(client: Client) -> Case:
    case = accepted(client)
    for who, step in ((LAND, "land_review"), (BUILD, "build_review")):
        prefix = {f"{step}-verdict": "agree", f"{step}-text": "符合规划", f"{step}-happened_at": ""}
        assert act(client, who, case, f"steps/{step}", **prefix).status_code == 302
    return case


def decided(client: Client) -> Case:
    case = ready_to_decide(client)
    assert act(client, DECIDER, case, "decide", outcome="granted", reasons="").status_code == 302
    return case


def test_a_case_goes_from_the_window_to_service(client, town):
    case = taken_in(client)
    notice = {"check_resolution": "missing", "note_resolution": "请到村委会盖章", "check_id": "ok"}
    assert act(client, CLERK_3, case, "notice", **notice).status_code == 302
    assert act(client, CLERK_3, case, "receive", seen="resolution").status_code == 302
    assert act(client, CLERK_3, case, "accept").status_code == 302
    assert "用地审查" in text(_page(client, LAND, case))
    act(client, LAND, case, "steps/land_review", **{"land_review-verdict": "agree"})
    act(client, BUILD, case, "steps/build_review", **{"build_review-verdict": "agree"})
    assert act(client, DECIDER, case, "decide", outcome="granted", reasons="").status_code == 302
    answer = act(client, CLERK_3, case, "serve", mode="direct", receiver="文小满", happened_at="")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "granted")
    assert case.documents.count() == 5
    assert client.get(f"/cases/{case.number}").status_code == 200


def _page(client: Client, who: str, case: Case):
    login(client, who)
    return client.get(f"/desk/cases/{case.number}")


def test_the_code_is_shown_to_the_clerk_once_taken_in(client, town):
    case = taken_in(client)
    page = text(client.get(f"/desk/cases/{case.number}/receipt"))
    assert "查询码" in page
    other = Client()
    login(other, CLERK_1)
    assert "查询码印在凭证上" in text(other.get(f"/desk/cases/{case.number}/receipt"))


def test_the_same_application_sent_twice_is_one_case(client, town):
    login(client, CLERK_3)
    sent = application(intake(client))
    first, second = (client.post("/desk/cases/new/JF-001", sent) for _ in range(2))
    assert first.url == second.url
    assert Case.objects.count() == 1


def test_every_paper_of_the_list_must_be_answered(client, town):
    login(client, CLERK_3)
    sent = application(intake(client))
    del sent["check_drawing"]
    answer = client.post("/desk/cases/new/JF-001", sent)
    assert answer.status_code == 422
    assert "请选择“住房设计图或者选用的通用图样”收到了没有" in text(answer)
    assert ID_NUMBER in text(answer)


def test_a_wrong_id_number_is_named_and_the_scan_is_kept(client, town):
    login(client, CLERK_3)
    scan = io.BytesIO(PNG)
    scan.name = "身份证.png"
    sent = application(intake(client), id_number=ID_NUMBER[:-1] + "3")
    answer = client.post("/desk/cases/new/JF-001", sent | {"file_id": scan})
    assert answer.status_code == 422
    assert "校验位不对" in text(answer)
    assert "√ 已扫描：身份证.png" in text(answer)
    again = client.post("/desk/cases/new/JF-001", application(answer))
    assert again.status_code == 302
    file = MaterialFile.objects.get()
    assert file.material.material_key == "id"
    taken = client.get(f"/desk/cases/{file.material.case.number}/files/{file.pk}")
    assert taken.content == PNG
    assert "no-store" in taken.headers["Cache-Control"]


def test_a_closed_windows_clerk_takes_nothing_in(client, town):
    login(client, CENTRE)
    window = Window.objects.get(number=3)
    closed = client.post(f"/desk/people/windows/{window.pk}/close", {"wA3-reason": "设备检修", "wA3-substitute": ""})
    assert closed.status_code == 302
    login(client, CLERK_3)
    assert "设备检修" in text(client.get("/desk/"))
    page = intake(client)
    assert "现在关闭（设备检修）" in text(page)
    answer = client.post("/desk/cases/new/JF-001", application(page))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_the_notice_must_say_how_to_mend_each_paper(client, town):
    case = taken_in(client)
    answer = act(client, CLERK_3, case, "notice", check_resolution="missing", note_resolution="")
    assert answer.status_code == 422
    assert "要怎样补正" in text(answer)


def test_the_notice_must_name_everything_that_is_missing(client, town):
    case = taken_in(client, check_drawing="missing")
    answer = act(client, CLERK_3, case, "notice", check_resolution="missing", note_resolution="请到村委会盖章")
    assert answer.status_code == 422
    assert "住房设计图或者选用的通用图样" in text(answer)
    assert "请到村委会盖章" in text(answer)


def test_a_second_notice_is_impossible_and_the_page_says_why(client, town):
    case = taken_in(client)
    demand = {"check_resolution": "missing", "note_resolution": "请到村委会盖章"}
    act(client, CLERK_3, case, "notice", **demand)
    act(client, CLERK_3, case, "supply-complete")
    page = text(_page(client, CLERK_3, case))
    assert "已经一次性告知过，不能再要求补正" in page
    assert "发出一次性告知书" not in page
    answer = act(client, CLERK_3, case, "notice", **demand)
    assert answer.status_code == 422
    assert "不能再要求补正" in text(answer)


def test_the_decider_may_refuse_acceptance_only_after_the_notice(client, town):
    case = taken_in(client)
    early = act(client, DECIDER, case, "not-accept", reasons="不齐")
    assert early.status_code == 422
    assert "还没有一次性告知" in text(early)
    act(client, CLERK_3, case, "notice", check_resolution="missing", note_resolution="请到村委会盖章")
    act(client, CLERK_3, case, "supply-complete")
    assert act(client, DECIDER, case, "not-accept", reasons="告知后没有补齐").status_code == 302


def test_an_incomplete_application_cannot_be_accepted(client, town):
    case = taken_in(client)
    answer = act(client, CLERK_3, case, "accept")
    assert answer.status_code == 422
    assert "不能受理" in text(answer)


def test_disagreeing_needs_a_reason(client, town):
    case = accepted(client)
    answer = act(client, LAND, case, "steps/land_review", **{"land_review-verdict": "disagree"})
    assert answer.status_code == 422
    assert "不同意的，请写明理由" in text(answer)


def test_a_step_belongs_to_its_post(client, town):
    case = accepted(client)
    answer = act(client, BUILD, case, "steps/land_review", **{"land_review-verdict": "agree"})
    assert answer.status_code == 422
    assert "不在您的岗位上" in text(answer)


def test_an_opinion_given_earlier_shows_how_late_it_was_entered(client, town):
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        case = accepted(client)
    when = timezone.localtime(timezone.now() - timedelta(days=1, hours=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"land_review-verdict": "agree", "land_review-happened_at": when}
    assert act(client, LAND, case, "steps/land_review", **data).status_code == 302
    assert "事后 1 天 1 小时录入" in text(client.get(f"/desk/cases/{case.number}"))


def test_an_opinion_from_the_future_is_refused(client, town):
    case = accepted(client)
    when = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"land_review-verdict": "agree", "land_review-text": "看过现场", "land_review-happened_at": when}
    answer = act(client, LAND, case, "steps/land_review", **data)
    assert answer.status_code == 422
    assert "办理时间不能晚于现在" in text(answer)
    assert "看过现场" in text(answer)


@pytest.mark.parametrize("when", ["2026-02-30T09:00", "2026-03-02T25:10", "昨天上午"])
def test_a_moment_that_does_not_exist_is_refused_and_what_was_written_is_kept(client, town, when):
    case = accepted(client)
    data = {"land_review-verdict": "agree", "land_review-text": "看过现场", "land_review-happened_at": when}
    answer = act(client, LAND, case, "steps/land_review", **data)
    assert answer.status_code == 422
    assert "日期或者时间不存在，请写成 2026-11-24 09:30。" in text(answer)
    assert "看过现场" in text(answer)
    assert case.steps.filter(key="land_review", done_at__isnull=True).exists()


def test_nobody_decides_before_all_branches_are_done(client, town):
    case = accepted(client)
    answer = act(client, DECIDER, case, "decide", outcome="granted", reasons="")
    assert answer.status_code == 422
    assert "前面的环节还没有办完" in text(answer)


def test_an_expired_delegation_is_named_instead_of_the_form(client, town):
    case = ready_to_decide(client)
    Delegation.objects.update(valid_to=timezone.now() - timedelta(days=1))
    page = text(_page(client, DECIDER, case))
    assert "失效，不能作出决定" in page
    assert 'name="outcome"' not in page
    answer = act(client, DECIDER, case, "decide", outcome="granted", reasons="")
    assert answer.status_code == 422
    assert "失效，不能作出决定" in text(answer)


def test_a_refusal_needs_reasons(client, town):
    case = ready_to_decide(client)
    answer = act(client, DECIDER, case, "decide", outcome="refused", reasons="")
    assert answer.status_code == 422
    assert "请写明理由和依据" in text(answer)


def test_the_second_decision_on_one_case_is_refused(client, town):
    case = decided(client)
    answer = act(client, DECIDER, case, "decide", outcome="refused", reasons="改主意了")
    assert answer.status_code == 422
    assert "现在是“已决定”，不能作出决定" in text(answer)
    case.refresh_from_db()
    assert case.outcome == "granted"


def test_a_redo_needs_a_reason_and_goes_back_to_the_steps(client, town):
    case = ready_to_decide(client)
    assert act(client, DECIDER, case, "redo", reason="").status_code == 422
    assert act(client, DECIDER, case, "redo", reason="四至没有写清").status_code == 302
    page = text(_page(client, LAND, case))
    assert "提交意见" in page
    assert "四至没有写清" in page
    assert "退回重办" in page


def test_serving_needs_a_receiver(client, town):
    case = decided(client)
    answer = act(client, CLERK_3, case, "serve", mode="direct", receiver="", happened_at="")
    assert answer.status_code == 422
    assert "请填写签收人的姓名" in text(answer)


def test_withdrawing_asks_whether_it_is_the_applicants_word(client, town):
    case = taken_in(client)
    assert fold(client, CLERK_3, case, "withdraw").status_code == 422
    kept = fold(client, CLERK_3, case, "withdraw", confirm="on")
    assert kept.status_code == 422
    assert "当面退还" in text(kept)
    assert fold(client, CLERK_3, case, "withdraw", confirm="on", returned="on").status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_the_applicant_is_masked_until_asked_for(client, town):
    case = taken_in(client)
    page = text(client.get(f"/desk/cases/{case.number}"))
    assert ID_NUMBER not in page
    assert "文**" in page
    shown = text(client.post(f"/desk/cases/{case.number}/applicant"))
    assert ID_NUMBER in shown
    assert ID_NUMBER not in text(client.get(f"/desk/cases/{case.number}"))


def test_a_paper_that_cannot_be_made_now_is_a_sentence(client, town, monkeypatch):
    case = taken_in(client)

    def unavailable(document):
        raise PaperUnavailable("服务器没有中文字体，生成不了文书。")

    monkeypatch.setattr(cases, "pdf", unavailable)
    answer = client.get(f"/desk/cases/{case.number}/papers/{case.documents.get().pk}.pdf")
    assert answer.status_code == 503
    assert "服务器没有中文字体" in text(answer)


def test_a_paper_of_another_case_is_not_found_under_this_one(client, town):
    first, second = taken_in(client), taken_in(client)
    assert client.get(f"/desk/cases/{first.number}/papers/{second.documents.get().pk}.pdf").status_code == 404


def test_whoever_may_not_read_cases_sees_none(client, town):
    case = taken_in(client)
    login(client, EDITOR)
    for path in (f"/desk/cases/{case.number}", "/desk/cases/", f"/desk/cases/{case.number}/receipt"):
        assert client.get(path).status_code == 403
    assert client.post(f"/desk/cases/{case.number}/applicant").status_code == 403


def _due(case, day) -> None:
    case.clocks.update(due_on=day, started_on=day - timedelta(days=7))
    case.steps.filter(done_at=None).update(due_on=day)


def test_tasks_due_today_and_late_stand_on_top(client, town):
    case = taken_in(client)
    _due(case, timezone.localdate())
    page = text(client.get("/desk/"))
    assert "今天到期和已经超期（1）" in page
    assert "今天到期" in page
    _due(case, timezone.localdate() - timedelta(days=1))
    assert "已超期" in text(client.get("/desk/"))


def test_an_instant_item_is_taken_in_accepted_and_decided_by_one_window(client, town):
    login(client, CLERK_1)
    page = client.get("/desk/cases/new/LN-001")
    sent = application(page, check_id="ok", check_photo="ok")
    assert client.post("/desk/cases/new/LN-001", sent).status_code == 302
    case = Case.objects.get()
    assert act(client, CLERK_1, case, "accept").status_code == 302
    assert act(client, CLERK_1, case, "decide", outcome="granted", reasons="").status_code == 302
    assert act(client, CLERK_1, case, "serve", mode="direct", receiver="文小满", happened_at="").status_code == 302
