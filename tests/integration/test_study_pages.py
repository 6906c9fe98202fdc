"""Training and quiz by HTTP: each for themself, the office sees all, the public sums; questions from real mistakes."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.demo.laws import build_laws
from mingtang.demo.study import LAWS
from mingtang.demo.utilities import build_utilities
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.rulebook.laws.actions import amend_article
from mingtang.rulebook.models import Law
from mingtang.study import mistakes, questions, quiz, training
from mingtang.study.models import Answer, Attendance, Question, Session
from mingtang.study.training import Held
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.cast import (
    CENTRE,
    CLERK_1,
    CLERK_3,
    CLERK_4,
    DISCIPLINE,
    EDITOR,
    JUSTICE,
    LAND,
    POWER,
    REVIEWER,
    SIGNER,
    SOCIAL,
    login,
    staff,
)
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NEW = "/desk/study/sessions/new"
CAST = (CLERK_1, CLERK_3, CLERK_4, LAND, SOCIAL, POWER)
TYPED = {
    "held_on": "2026-11-20", "hours": "1.5", "subject": "一次性告知", "speaker": "司法所",
    "studied": "《行政许可法》第三十二条",
}  # fmt: skip


@pytest.fixture
def november():
    with time_machine.travel(datetime.fromisoformat("2026-11-23T10:00:00+08:00"), tick=False) as traveller:
        yield traveller


def _posts(*usernames: str) -> list[Post]:
    return list(Post.objects.filter(assignments__staff__username__in=usernames).select_related("unit").order_by("pk"))


def _session(town) -> Session:
    held = Held(timezone.localdate() - timedelta(days=3), 90, "一次性告知", "司法所", TYPED["studied"], _posts(*CAST))
    return training.enter(town=town, held=held, by=staff(JUSTICE))[0]


def _mistake(town) -> mistakes.Found:
    """A review that came back, with a colleague's name and a telephone in its reason."""
    edition = acts.in_review(town, Content("关于放假的通知", "<p>放假三天。</p>"))
    actions.return_to_draft(edition=edition, by=staff(REVIEWER), reason="苏禾漏写了值班电话，请补上")
    return next(one for one in mistakes.recent(town) if one.mistake == "returned")


def _asked(town, article="第三十二条") -> Question:
    """An approved question."""
    found = _mistake(town)
    story, options = "信息送审以后被退回，缺了一项。该怎么办？", ("不理", "补上再送审")
    cited = (("行政许可法", article),)
    draft = questions.Draft(found.mistake, found.source, story, options, 1, "缺什么补什么，一次补全。", cited)
    return questions.publish(question=questions.propose(town=town, draft=draft, by=staff(JUSTICE)), by=staff(REVIEWER))


def test_the_office_enters_and_each_says_of_themself(client, november, town, other_town):
    build_laws(LAWS)
    login(client, CLERK_1)
    assert client.get("/desk/study/").status_code == 200 and client.get(NEW).status_code == 403
    login(client, JUSTICE)
    posts = [str(post.pk) for post in _posts(*CAST)]
    for wrong, said in (
        ({"held_on": "2026-11-24"}, "日期还没有到"),
        ({"hours": "30"}, "不超过 24 小时"),
        ({"studied": "凭感觉"}, "读不出是哪一条"),
        ({"studied": "《行政许可法》第九百条"}, "里面没有第九百条"),
        ({"posts": []}, "请选参加的岗位"),
    ):
        bad = client.post(NEW, TYPED | {"posts": posts} | wrong)
        assert bad.status_code == 422 and said in text(bad) and "一次性告知" in text(bad), said
    vacant = Post.objects.get(town=town, code="group-head")
    made = client.post(NEW, TYPED | {"posts": [*posts, str(vacant.pk)]}, follow=True)
    assert "政务公开领导小组组长那一天没有人" in text(made) and "6 个没有到或者还没有确认" in text(made)
    session = Session.objects.get()
    here = f"/desk/study/sessions/{session.pk}"
    assert client.post("/desk/study/", {"year": "2026", "hours": "3"}).status_code == 302
    assert client.post("/desk/study/", {"year": "2025", "hours": "3"}).status_code == 422
    login(client, CLERK_1)
    assert "等您确认" in text(client.get("/desk/")) and "还差 3 小时" in text(client.get("/desk/"))
    page = text(client.get(here))
    assert "您到了没有" in page and "本人怎么说" not in page, "one's own row and nobody else's"
    client.post(f"{here}/came")
    theirs = Attendance.objects.get(staff__username=CLERK_3)
    with pytest.raises(Refused, match="由本人确认"):
        training.answer(attendance=theirs, present=True, by=staff(CLERK_1))
    login(client, CLERK_3)
    client.post(f"{here}/missed")
    login(client, EDITOR)
    assert client.post(f"{here}/came").status_code == 404, "who was not asked says nothing"
    assert client.post(f"{here}/strike", {"reason": "试"}).status_code == 422
    login(client, DISCIPLINE)
    assert "没有参加" in text(client.get(here)), "who oversees sees who is missing"
    november.move_to(datetime.fromisoformat("2026-12-02T10:00:00+08:00"))
    login(client, JUSTICE)
    page = text(client.get("/desk/study/"))
    assert "便民服务中心综合窗口" in page and "还差 1.5 小时" in page and "t-late" in page
    shown = text(client.get("/learn/staff"))
    assert "1 次，1.5 小时" in shown and "人里 1 人" in shown and "每人每年要学 3 小时" in shown
    assert not any(person.name.partition("（")[0] in shown for person in town.staff.all() if person.username != POWER)
    assert "0 次" in text(client.get("/learn/staff", HTTP_HOST="other.example"))
    login(client, JUSTICE)
    assert client.post(f"{here}/strike", {"reason": "登记重了"})["Location"] == here
    assert "0 次" in text(client.get("/learn/staff?again")) and "登记重了" in text(client.get(here))


def test_questions_come_from_mistakes_by_two_persons_and_name_nobody(client, november, town):
    build_laws(LAWS)
    found = _mistake(town)
    assert "某同事漏写了值班电话" in found.words and "苏禾" not in found.words
    login(client, EDITOR)
    assert client.get("/desk/study/questions/").status_code == 403
    login(client, JUSTICE)
    assert "出成一道题" in text(client.get("/desk/study/questions/"))
    assert client.get("/desk/study/questions/new?mistake=returned&source=returned:99999").status_code == 404
    there = f"/desk/study/questions/new?mistake=returned&source={found.source}"
    assert "某同事漏写了" in text(client.get(there))
    typed = {"story": "信息送审被退回，该怎么办？", "o0": "不理", "o1": "补上", "correct": "1"}
    typed |= {"why": "缺什么补什么。", "cites": "《行政许可法》第三十二条"}
    for wrong, said in (
        ({"story": "苏禾漏写了电话，该怎么办？"}, "是同事的姓名"),
        ({"o1": "不理"}, "不一样的选项"),
        ({"correct": "4"}, "请选哪一个对"),
        ({"cites": "《行政许可法》第九百条"}, "里面没有第九百条"),
    ):
        bad = client.post(there, typed | wrong)
        assert bad.status_code == 422 and said in text(bad), said
    assert client.post(there, typed).status_code == 302
    row = Question.objects.get()
    assert "不能自己审核" in text(client.post(f"/desk/study/questions/{row.number}/publish"))
    assert quiz_refuses(town, row), "not before it is approved"
    login(client, REVIEWER)
    assert "等您审核" in text(client.get("/desk/"))
    assert client.post(f"/desk/study/questions/{row.number}/publish").status_code == 302
    assert [one.pk for one in questions.usable(town, timezone.localdate())] == [row.pk]
    # Its article is amended: out at once, named, and a to-do until somebody takes it out for good.
    law = Law.objects.get(key="行政许可法", abolished_on__isnull=True)
    amend_article(law=law, article="第三十二条", text="新的。", on=timezone.localdate())
    assert questions.usable(town, timezone.localdate()) == [] and quiz_refuses(town, row)
    login(client, JUSTICE)
    assert "第 1 题不再出了" in text(client.get("/desk/"))
    assert "依据变了，不再出" in text(client.get("/desk/study/questions/"))
    assert client.post(f"/desk/study/questions/{row.number}/retire", {"reason": ""}).status_code == 422
    client.post(f"/desk/study/questions/{row.number}/retire", {"reason": "条文改了"})
    assert "不再出了" not in text(client.get("/desk/")) and "条文改了" in text(client.get("/desk/study/questions/"))


def quiz_refuses(town, question) -> bool:
    try:
        quiz.put(session=_session(town), chosen=[question], by=staff(JUSTICE))
    except Refused:
        return True
    return False


def test_answers_are_one_s_own_and_the_public_sees_sums_of_five(client, november, town):
    build_laws(LAWS)
    build_utilities(town)
    question, session = _asked(town), _session(town)
    here = f"/desk/study/sessions/{session.pk}"
    login(client, JUSTICE)
    assert client.post(f"{here}/put", {"questions": []}).status_code == 422
    assert client.post(f"{here}/put", {"questions": [str(question.number)]}).status_code == 302
    login(client, CLERK_1)
    assert "还有 1 道案例题" in text(client.get("/desk/"))
    asked = client.get(f"{here}/quiz/", follow=True)
    assert "缺什么补什么" not in text(asked) and "信息送审以后被退回" in text(asked)
    address = f"{here}/quiz/{question.number}"
    assert client.post(address, {}).status_code == 422
    told = text(client.post(address, {"choice": "0"}, follow=True))
    assert "答错了" in told and "缺什么补什么" in told and "第三十二条" in told
    assert "答过了" in text(client.post(address, {"choice": "1"})), "once"
    for username in (CLERK_3, CLERK_4, LAND):
        quiz.answer(session=session, question=question, choice=0, by=staff(username))
    assert "信息送审以后被退回" not in text(client.get("/learn/staff")), "four answers are too few"
    login(client, POWER)
    page = text(client.get(here))
    assert "您到了没有" in page and "开始答题" in page
    assert client.post(address, {"choice": "1"}).status_code == 302
    assert client.get("/desk/study/questions/").status_code == 403 and client.get(NEW).status_code == 403
    shown = text(client.get("/learn/staff?five"))
    assert "信息送审以后被退回" in shown and "5 个人答" in shown and "80%" in shown
    viewer = Viewer(town, staff(CLERK_3).pk, frozenset({"case.intake"}))
    assert [one.staff.username for one in Answer.objects.visible_to(viewer)] == [CLERK_3]
    assert Answer.objects.visible_to(Viewer(town)).count() == 0
    login(client, EDITOR)
    assert client.get(address).status_code == 404, "who was not asked sees no question"
    login(client, CENTRE)
    assert "0 / 1" not in text(client.get(here)), "how others answered is the office's"
    login(client, DISCIPLINE)
    page = text(client.get(here))
    assert "本人怎么说" in page and "0 / 1" not in page, "who oversees sees who came, not what they answered"
    login(client, SIGNER)
    assert "0 / 1" in text(client.get(here))
    # A utility's own session is seen, another one's is not.
    other = training.enter(
        town=town,
        held=Held(timezone.localdate(), 60, "窗口礼仪", "大厅", TYPED["studied"], _posts(CLERK_1)),
        by=staff(JUSTICE),
    )[0]
    login(client, "weisheng")
    assert client.get("/desk/study/").status_code == 200 and "窗口礼仪" not in text(client.get("/desk/study/"))
    for address in (here, f"/desk/study/sessions/{other.pk}", "/desk/study/pages/", "/desk/study/questions/"):
        assert client.get(address).status_code in {403, 404}, address


def test_verify_names_what_was_changed_behind_the_house_s_back(november, town):
    build_laws(LAWS)
    question, session = _asked(town), _session(town)
    training.require(town=town, year=2026, minutes=60, by=staff(JUSTICE))
    quiz.put(session=session, chosen=[question], by=staff(JUSTICE))
    quiz.answer(session=session, question=question, choice=1, by=staff(LAND))
    training.answer(attendance=session.attendances.first(), present=True, by=session.attendances.first().staff)
    checkers = told_rows()
    assert [*checkers["学习培训"](town), *checkers["案例题"](town)] == []
    Session.objects.filter(pk=session.pk).update(struck_reason="假的")
    session.attendances.update(present=False, answered_at=timezone.now())
    session.attendances.first().session.town.refresh_from_db()
    Question.objects.filter(pk=question.pk).update(retired_at=timezone.now(), retired_reason="假的")
    found = [str(one) for name in ("学习培训", "案例题") for one in checkers[name](town)]
    assert sum("study_attendance" in one for one in found) == 6
    assert any("study_session" in one for one in found) and any("取下没有取下" in one for one in found)
