"""The law pages by HTTP: two persons, days from the rule, the alarm when an article changes, campaigns, tampering."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mingtang.demo.laws import build_laws
from mingtang.demo.study import LAWS, build_study
from mingtang.events.models import Event
from mingtang.ledger.frozen import told_rows
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook.laws.actions import abolish, amend_article
from mingtang.rulebook.models import Law
from mingtang.study import pages
from mingtang.study.models import Outreach, PageEdition
from mingtang.study.subjects import Statement, Words, subjects
from tests.factories.cast import CLERK_1, EDITOR, JUSTICE, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text
from tests.unit.files import photos

pytestmark = pytest.mark.django_db
ASK = "/desk/study/pages/ask"


@pytest.fixture
def march():
    with time_machine.travel(datetime.fromisoformat("2026-03-04T10:00:00+08:00"), tick=False) as traveller:
        yield traveller


def _typed(owner: Post, **changes: str) -> dict[str, str]:
    """A page of two statements as the form sends it, an empty one between them."""
    typed = {"title": "向政府要一份信息", "lead": "您可以申请。", "owner": str(owner.pk)}
    typed |= {"s0_head": "多久答复", "s0_text": "{期限}以内答复您。", "s0_rule": "FOI_REPLY"}
    typed |= {"s2_head": "要不要钱", "s2_text": "不收钱。", "s2_cites": "《政府信息公开条例》第四十二条"}
    return typed | {"s2_link_label": "看收费", "s2_link_url": "/fees/"} | changes


def test_one_writes_and_another_publishes_and_the_days_are_reckoned(client, march, town, other_town):
    build_laws(LAWS)
    owner = Post.objects.get(town=town, code="justice-head")
    missing = text(client.get("/learn/"))
    assert "还没有写好的" in missing and "由党政办公室主任、司法所所长负责" in missing
    assert client.get("/learn/ask").status_code == 404
    login(client, EDITOR)
    assert client.get(ASK).status_code == 403
    login(client, JUSTICE)
    assert "不用说明拿去做什么" in text(client.get(ASK)), "the shipped text is what one begins from"
    for wrong, said in (
        ({"s0_text": "20个工作日内答复您。"}, "请不要写“20个工作日”"),
        ({"s2_cites": "《政府信息公开条例》第九百条"}, "里面没有第九百条"),
        ({"s2_cites": "凭良心"}, "读不出是哪一条"),
        ({"s2_cites": ""}, "没有依据"),
        ({"s2_link_url": "//elsewhere.example"}, "地址以 / 开头"),
        ({"s0_rule": ""}, "请选是哪一条期限"),
        ({"s2_text": "找老王 430623195001011239"}, "身份证"),
    ):
        bad = client.post(ASK, _typed(owner) | wrong)
        assert bad.status_code == 422 and said in text(bad) and "多久答复" in text(bad), said
    assert client.post(ASK, _typed(owner)).status_code == 302
    assert client.get("/learn/ask").status_code == 404, "nothing is public before the second person"
    assert "不能自己审核" in text(client.post(f"{ASK}/1/publish"))
    login(client, REVIEWER)
    assert "等您审核" in text(client.get("/desk/")) and "20个工作日以内答复您" in text(client.get(ASK))
    assert client.post(f"{ASK}/1/return", {"reason": ""}).status_code == 422
    assert client.post(f"{ASK}/1/return", {"reason": "少了网址"}).status_code == 302
    login(client, JUSTICE)
    assert "少了网址" in text(client.get(ASK))
    client.post(ASK, _typed(owner))
    login(client, SIGNER)
    assert client.post(f"{ASK}/2/publish").status_code == 302
    page = text(client.get("/learn/ask"))
    assert "20个工作日以内答复您" in page and "最迟2026年4月1日答复您" in page, "20 working days over one weekend each"
    assert "第三十三条" in page and "2019年5月15日起施行" in page and 'href="/fees/"' in page
    assert staff(JUSTICE).name not in page and staff(SIGNER).name not in page
    march.move_to(datetime.fromisoformat("2026-03-05T10:00:00+08:00"))
    assert "最迟2026年4月2日答复您" in text(client.get("/learn/ask?later"))
    assert client.get("/learn/ask", HTTP_HOST="other.example").status_code == 404


def test_an_article_that_changed_is_said_on_page_poster_and_desk_until_it_is_restated(client, march, town, monkeypatch):
    build_study(town)
    today = timezone.localdate()
    ordinance = Law.objects.get(title="中华人民共和国政府信息公开条例")
    owner = Post.objects.get(town=town, code="justice-head")
    page = text(client.get("/learn/ask"))
    assert "法律变了" not in page and "第四十二条" in page
    amend_article(law=ordinance, article="第四十二条", text="改过的条文。", on=today + timedelta(days=1))
    assert "法律变了" not in text(client.get("/learn/ask?before")), "not before its day"
    march.move_to(datetime.fromisoformat("2026-03-05T10:00:00+08:00"))
    page = text(client.get("/learn/ask?after"))
    assert "第四十二条自2026年3月5日起修改" in page and "由司法所所长负责重写" in page
    assert "看原来写的（不能再照着办）" in page
    assert "有 1 段正在重写" in text(client.get("/learn/?after"))
    said = {}
    monkeypatch.setattr("mingtang.press.learn_paper.render", lambda name, data: said.update(data) or b"%PDF")
    assert client.get("/learn/ask/poster-a3.pdf").status_code == 200
    assert said["left_out"] == ["要不要钱"] and "要不要钱" not in [one["head"] for one in said["points"]]
    assert client.get("/learn/ask/poster-a5.pdf").status_code == 404
    login(client, JUSTICE)
    todo = text(client.get("/desk/"))
    assert "有 1 段的依据变了" in todo and "责任：司法所所长" in todo
    login(client, CLERK_1)
    assert "依据变了" not in text(client.get("/desk/"))
    # A law that is gone takes every statement on it with it; the rule of its days is not shown either.
    abolish(law=Law.objects.get(title="信访工作条例"), on=today, reason="演示")
    page = text(client.get("/learn/complain?after"))
    assert page.count("正在重写") == 5 and "算给您看" not in page
    with pytest.raises(Refused, match="废止"):
        pages.propose(town=town, subject="complain", words=subjects()["complain"], owner=owner, by=staff(JUSTICE))
    restated = pages.words_of(pages.current(town)["ask"])
    edition = pages.propose(town=town, subject="ask", words=restated, owner=owner, by=staff(JUSTICE))
    amend_article(law=ordinance, article="第四十一条", text="又改了。", on=today + timedelta(days=1))
    with pytest.raises(Refused, match="送审以后依据变了"):
        pages.publish(edition=edition, by=staff(REVIEWER))
    pages.send_back(edition=edition, by=staff(REVIEWER), reason="又变了")
    edition = pages.propose(town=town, subject="ask", words=restated, owner=owner, by=staff(JUSTICE))
    pages.publish(edition=edition, by=staff(REVIEWER))
    assert "法律变了" not in text(client.get("/learn/ask?again"))

    def refuse(*given):
        raise PaperUnavailable("没有中文字体。")

    monkeypatch.setattr("mingtang.portal.views.learn.learn_paper.pdf", refuse)
    assert client.get("/learn/ask/poster-a4.pdf").status_code == 503


def _photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("集市.jpg", photos.jpeg(b""), "image/jpeg")


def test_campaigns_are_listed_with_counts_and_verify_finds_what_was_changed(client, march, town):
    build_laws(LAWS)
    here = "/desk/study/outreach/"
    login(client, REVIEWER)
    assert client.get(here).status_code == 403
    login(client, JUSTICE)
    typed = {"held_on": "2026-03-01", "place": "集镇市场", "manner": "market", "about": "怎样申请信息", "people": "35"}
    typed |= {"counting": "counted", "words": "集市上摆台"}
    for wrong, said in (
        ({"held_on": "2026-03-05"}, "日期还没有到"),
        ({"people": "0"}, "请填 1 到"),
        ({"words": "", "files": _photo()}, "看不见的人要靠这句话"),
        ({"files": SimpleUploadedFile("坏.jpg", b"MZ" + b"0" * 99)}, "程序文件不能上传"),
        ({"files": SimpleUploadedFile("名单.txt", "找张三，13912345678".encode())}, "文件“名单.txt”：第1行有手机号"),
        ({"files": SimpleUploadedFile("430623195603080012.txt", b"x")}, "身份证"),
    ):
        bad = client.post(here, typed | wrong)
        assert bad.status_code == 422 and said in text(bad), said
    assert not Outreach.objects.exists()
    assert client.post(here, typed | {"files": _photo()}).status_code == 302
    assert client.post(here, typed | {"place": "长堤村", "people": "1200"}).status_code == 302
    page = text(client.get("/learn/outreach"))
    assert "1,235" in page and "集镇市场" in page and 'alt="集市上摆台"' in page and staff(JUSTICE).name not in page
    row = Outreach.objects.get(place="集镇市场")
    picture = f"/learn/files/{row.files.get().pk}"
    assert client.get(picture).status_code == 200
    assert client.post(f"{here}{row.pk}/strike", {"reason": ""}).status_code == 422
    client.post(f"{here}{row.pk}/strike", {"reason": "人数记错了"})
    page = text(client.get("/learn/outreach?again"))
    assert "人数记错了" in page and "1,200" in page and "1,235" not in page
    assert client.get(picture).status_code == 404

    owner = Post.objects.get(town=town, code="justice-head")
    words = Words("要钱吗", "不要。", (Statement("要不要钱", "不要。", (("政府信息公开条例", "第四十二条"),)),))
    edition = pages.propose(town=town, subject="fees", words=words, owner=owner, by=staff(JUSTICE))
    pages.publish(edition=edition, by=staff(REVIEWER))
    checkers = told_rows()
    assert [*checkers["学法页"](town), *checkers["宣传活动"](town)] == []
    PageEdition.objects.filter(pk=edition.pk).update(reviewed_at=timezone.now() - timedelta(days=3))
    Outreach.objects.filter(pk=row.pk).update(struck_reason="")
    row.files.update(words="别的")
    assert "审核人或者时间" in str(next(iter(checkers["学法页"](town))))
    assert "事件里记的不一样" in str(next(iter(checkers["宣传活动"](town))))
    monthly = Event.objects.filter(town=town, type=pages.PUBLISHED).first()
    assert set(monthly.data) == {"number", "sha256"}
