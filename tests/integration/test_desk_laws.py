"""法规库 at the desk: what stands on a law is seen before it changes, and what lost its basis at once afterwards."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.demo.powers import build_powers
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.enums import Role, UnitKind
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.rulebook.laws.actions import NewArticle, NewLaw, abolish, add_law, amend_article
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.rulebook.models import Law
from tests.factories.cast import CENTRE, CLERK_1, FOREST, JUSTICE, login, staff
from tests.integration.desk_steps import text, word_file

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
BODY = "第一章 总则\n第一条 为了干净，制定本办法。\n第二条 由镇里管。\n村里协助。\n第三条 本办法自2026年3月1日起施行。"
TYPED = {
    "place": "own",
    "title": "公共厕所管理办法",
    "level": "normative",
    "short_titles": "厕所办法、如厕办法",
    "issuer": "万庾镇人民政府",
    "doc_number": "万政发〔2026〕3号",
    "body": BODY,
}


def seen(answer) -> str:
    """The mark of the text whose articles were shown."""
    found = re.search(r'name="seen" value="([0-9a-f]+)"', text(answer))
    return found[1] if found else ""


def taken(client, url="/desk/laws/new", **changes):
    """Read, looked at, taken in."""
    typed = TYPED | changes
    return client.post(url, {**typed, "act": "take", "seen": seen(client.post(url, {**typed, "act": "read"}))})


def forest() -> Law:
    return Law.objects.get(key="森林法")


def own_paper(town, title="本镇办法") -> Law:
    return add_law(NewLaw(title, LawLevel.NORMATIVE, date(2020, 1, 1), (NewArticle(1, 0, "甲。"),)), town=town)


@pytest.mark.parametrize("field", ["title", "region", "issuer", "doc_number", "short_titles"])
def test_no_number_of_a_person_stands_in_what_a_paper_of_the_town_is_called(town, field):
    said = {field: ("430623195603080012",) if field == "short_titles" else "430623195603080012"}
    law = NewLaw("本镇办法", LawLevel.NORMATIVE, date(2020, 1, 1), (NewArticle(1, 0, "甲。"),))
    with pytest.raises(Refused, match="身份证"):
        add_law(replace(law, **said), town=town)


@pytest.fixture
def neighbour(other_town) -> Staff:
    """The justice office of a second town on the same installation."""
    unit = Unit.objects.create(town=other_town, code="justice", name="北洲司法所", kind=UnitKind.STATION)
    post = Post.objects.create(town=other_town, unit=unit, code="justice", name="所长", roles=[Role.JUSTICE])
    person = Staff.objects.create(town=other_town, username="beizhou", name="邻镇（演示）", number="1")
    Assignment.objects.create(staff=person, post=post, valid_from=timezone.now() - timedelta(days=9))
    return person


def test_a_pasted_paper_is_read_first_and_taken_in_as_it_was_seen(client, town):
    login(client, JUSTICE)
    page = client.post("/desk/laws/new", {**TYPED, "act": "read"})
    assert "读出 3 条" in text(page) and "条号连续，没有重复" in text(page)
    assert 'value="2026-03-01"' in text(page), "the day of effect was read from the text"
    assert not Law.objects.filter(town=town).exists()
    other = BODY.replace("由镇里管", "由村里管")
    page = client.post("/desk/laws/new", {**TYPED, "body": other, "act": "take", "seen": seen(page)})
    assert page.status_code == 200 and "正文改过了" in text(page)
    assert not Law.objects.filter(town=town).exists()
    answer = taken(client)
    law = Law.objects.get(town=town)
    assert answer.url == f"/desk/laws/{law.pk}"
    assert (law.title, law.effective_on, law.short_titles) == (
        TYPED["title"],
        date(2026, 3, 1),
        ["厕所办法", "如厕办法"],
    )
    assert list(law.articles.values_list("label", "text"))[1] == ("第二条", "由镇里管。\n村里协助。")
    assert Event.objects.filter(type="law.added", subject=law.subject, actor=staff(JUSTICE).code).exists()
    listed = text(client.get("/desk/laws/?state=own&q=如厕"))
    assert TYPED["title"] in listed and "本镇文件（1）" in listed


def test_what_is_odd_about_a_text_is_named_before_it_is_taken_in(client, town):
    login(client, JUSTICE)
    body = "第一条 甲。\n第二条 乙。\n第二条 丙。\n第四条 丁。"
    page = text(client.post("/desk/laws/new", {**TYPED, "body": body, "effective_on": "2026-1-1", "act": "read"}))
    assert "读出 3 条" in page
    assert "第二条在正文里出现了两次" in page
    assert "没有读出第三条" in page
    page = text(
        client.post("/desk/laws/new", {**TYPED, "body": "一、甲。\n二、乙。自2026年1月1日起施行。", "act": "read"})
    )
    assert "整篇收为一条" in page


UNTAKEN = [
    ({"title": ""}, "请填写名称"),
    ({"title": "长" * 201}, "200"),
    ({"level": "law"}, "乡镇自己的文件只能是规范性文件"),
    ({"level": "edict"}, "请从列出的里面选一个"),
    ({"body": " "}, "请把正文粘贴进来"),
    ({"body": "第一章 总则"}, "没有读出条文"),
    ({"body": "第一条 甲。"}, "请填写施行日期"),
    ({"effective_on": "2026-02-30"}, "日期"),
    ({"body": BODY + "\n第四条 找文小满，身份证430623195603080012。"}, "第四条"),
    ({"body": BODY + "\x00"}, "正文"),
]


def test_what_cannot_be_taken_in_is_said_at_its_field_and_kept(client, town):
    login(client, JUSTICE)
    for changes, says in UNTAKEN:
        answer = client.post("/desk/laws/new", {**TYPED, **changes, "act": "read"})
        if answer.status_code == 200:
            answer = taken(client, **changes)
        assert answer.status_code == 422, changes
        assert says in text(answer), changes
        assert "万政发〔2026〕3号" in text(answer), "what was typed is kept"
    assert not Law.objects.filter(town=town).exists()


def test_a_word_file_fills_the_form_and_a_wrong_one_says_why(client, town):
    login(client, JUSTICE)
    file = word_file("垃圾分类办法", "第一条 甲。", "第二条 本办法自2026年5月1日起施行。")
    page = text(client.post("/desk/laws/new", {"place": "own", "level": "normative", "act": "word", "word": file}))
    assert 'value="垃圾分类办法"' in page and "第一条 甲。" in page
    for upload in ({}, {"word": word_file()}):
        answer = client.post("/desk/laws/new", {**TYPED, "act": "word", **upload})
        assert answer.status_code == 422 and "公共厕所管理办法" in text(answer)


def test_the_same_paper_is_not_taken_in_twice(client, town):
    login(client, JUSTICE)
    taken(client)
    answer = taken(client)
    assert answer.status_code == 422 and "已经收录过" in text(answer)


def test_our_copy_is_corrected_after_seeing_what_changes(client, town):
    login(client, JUSTICE)
    law = forest()
    page = text(client.get(f"/desk/laws/{law.pk}/correct"))
    assert "第五十七条" in page and 'name="title"' not in page
    body = "第五十七条 采伐许可证由主管部门核发。\n第五十八条 材料。\n第五十九条 丙。"
    typed = {"level": "law", "issuer": "全国人大常委会", "body": body, "complete": ""}
    page = text(client.post(f"/desk/laws/{law.pk}/correct", {**typed, "act": "read"}))
    assert "文字有变动的 2 条：第五十七条、第五十八条" in page
    assert "这次增加的 1 条：第五十九条" in page and "这次没有的 1 条：第五十四条" in page
    answer = client.post(f"/desk/laws/{law.pk}/correct", {**typed, "act": "take", "seen": seen_in(page)})
    assert answer.status_code == 302
    law.refresh_from_db()
    assert not law.complete and law.articles.count() == 3
    amend_article(law=law, article="第五十七条", text="改。", on=TODAY())
    answer = client.get(f"/desk/laws/{law.pk}/correct")
    assert answer.status_code == 403 and "逐条登记" in text(answer)


def seen_in(page: str) -> str:
    return re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]


def test_what_stands_on_an_article_is_shown_before_it_is_amended(client, town):
    build_powers(town)
    login(client, JUSTICE)
    law = forest()
    for said in ("57", "第57条", "第五十七条"):
        page = text(client.get(f"/desk/laws/{law.pk}/amend", {"article": said}))
        assert "1 个事项、1 项权力、0 项收费" in page
        assert "农村居民采伐林木许可" in page and "林业站" in page
    assert "没有施行的事项" in text(client.get(f"/desk/laws/{law.pk}/amend", {"article": "54"}))
    typed = {"article": "第五十七条", "what": "reword", "text": "新的条文。", "on": TODAY().isoformat()}
    answer = client.post(f"/desk/laws/{law.pk}/amend", typed)
    assert answer.url == f"/desk/laws/{law.pk}#article-57"
    assert "请核对引用它的 1 个事项" in text(client.get(answer.url))
    assert [row.text for row in law.articles.filter(number=57).order_by("valid_from")] == ["", "新的条文。"]
    page = text(client.get(f"/desk/laws/{law.pk}"))
    assert "第五十七条的历次文本" in page and "起修改" in page
    assert client.get(f"/desk/laws/{law.pk}/amend").status_code == 200


def test_an_article_struck_out_and_a_new_one(client, town):
    login(client, JUSTICE)
    law, on = forest(), TODAY().isoformat()
    client.post(f"/desk/laws/{law.pk}/amend", {"article": "第五十七条", "what": "strike", "text": "", "on": on})
    assert "《中华人民共和国森林法》第五十七条已经删去" in text(client.get("/desk/laws/")), "the alarm is there at once"
    page = text(client.get(f"/desk/laws/{law.pk}/amend?article=第五十七条之一"))
    assert "没有第五十七条之一" in page and "还没有收录全文" in page
    client.post(f"/desk/laws/{law.pk}/amend", {"article": "第五十七条之一", "text": "新加。", "on": on})
    assert law.articles.get(number=57, sub=1).text == "新加。"


UNAMENDED = [
    ({"article": "有关规定"}, "条号请写成"),
    ({"article": "第一条、第二条"}, "一次一条"),
    ({"article": "第五十七条第二款"}, "一次一条"),
    ({"what": ""}, "请选择"),
    ({"what": "reword", "text": ""}, "请填写修改以后的条文"),
    ({"on": ""}, "请填写从哪天起施行"),
    ({"on": "2019-01-01"}, "施行以后、废止以前"),
    ({"article": "第五百条", "text": ""}, "请填写增加的条文"),
]


def test_an_amendment_that_cannot_be_is_said_and_kept(client, town):
    login(client, JUSTICE)
    law = forest()
    for typed, says in UNAMENDED:
        said = {"article": "第五十七条", "what": "reword", "text": "留着的字。", "on": "2026-01-01"} | typed
        answer = client.post(f"/desk/laws/{law.pk}/amend", said)
        assert answer.status_code == 422 and says in text(answer), typed
        assert not said["text"] or "article" in typed or "留着的字。" in text(answer)
    assert not law.articles.exclude(valid_from=law.effective_on).exists()


def test_an_abolished_law_rings_at_once_on_every_item_that_stands_on_it(client, town):
    build_powers(town)
    login(client, JUSTICE)
    law = forest()
    assert "每一条依据都现行有效" in text(client.get("/desk/laws/"))
    assert "1 个事项、1 项权力、0 项收费" in text(client.get(f"/desk/laws/{law.pk}/abolish"))
    new = add_law(NewLaw("林业法", LawLevel.LAW, date(2026, 1, 1), (NewArticle(1, 0, "甲。"),), short_titles=("林法",)))
    typed = {"on": TODAY().isoformat(), "reason": "《林业法》第九十条", "replaced_by": "林法"}
    answer = client.post(f"/desk/laws/{law.pk}/abolish", typed)
    assert answer.url == f"/desk/laws/{law.pk}"
    law.refresh_from_db()
    assert (law.abolished_on, law.abolish_reason, law.replaced_by) == (TODAY(), "《林业法》第九十条", new)
    page = text(client.get(answer.url))
    assert "被《林业法》替代" in page and "还写着它的" in page and '/abolish"' not in page
    page = text(client.get("/desk/laws/"))
    assert "1 个事项的依据失效了" in page and "农村居民采伐林木许可" in page
    page = text(client.get("/desk/laws/?q=土地"))
    assert "1 个事项的依据失效了" in page and "农村居民采伐林木许可" not in page, "what was sought is not pushed down"
    for who in (JUSTICE, CENTRE):
        login(client, who)
        assert "1 个事项的依据失效了" in text(client.get("/desk/"))
    login(client, CLERK_1)
    assert "依据失效了" not in text(client.get("/desk/"))
    login(client, CENTRE)
    page = text(client.get("/desk/items/LM-001/1"))
    assert "依据失效了" in page and "《中华人民共和国森林法》已废止" in page


UNENDED = [
    ({"on": ""}, "请填写从哪天起废止"),
    ({"on": "明天"}, "日期"),
    ({"on": "2019-01-01"}, "废止日期要晚于施行日期"),
    ({"reason": " "}, "请写明废止的依据"),
    ({"reason": "长" * 201}, "200"),
    ({"reason": "问文小满，13912345678"}, "手机"),
    ({"replaced_by": "没有的法"}, "法规库里没有《没有的法》"),
    ({"replaced_by": "森林法"}, "法规库里没有《森林法》"),
]


def test_an_end_that_cannot_be_is_said_and_kept(client, town):
    login(client, JUSTICE)
    law = forest()
    for typed, says in UNENDED:
        answer = client.post(f"/desk/laws/{law.pk}/abolish", {"on": "2026-01-01", "reason": "留着的字。"} | typed)
        assert answer.status_code == 422 and says in text(answer), typed
        assert "reason" in typed or "留着的字。" in text(answer)
    law.refresh_from_db()
    assert law.abolished_on is None


def test_only_the_justice_office_keeps_the_library_and_whoever_keeps_items_reads_it(client, town):
    law = forest()
    acts = ("/desk/laws/new", *(f"/desk/laws/{law.pk}/{act}" for act in ("correct", "amend", "abolish")))
    events = Event.objects.count()
    for who, reads in ((CENTRE, 200), (FOREST, 403), (CLERK_1, 403)):
        login(client, who)
        for path in ("/desk/laws/", f"/desk/laws/{law.pk}"):
            answer = client.get(path)
            assert answer.status_code == reads, (who, path)
            assert "/abolish" not in text(answer) and "/desk/laws/new" not in text(answer)
        for path in acts:
            assert client.get(path).status_code == client.post(path, TYPED).status_code == 403, (who, path)
    assert Event.objects.count() == events


def test_a_library_that_towns_share_is_no_towns_to_keep(client, town, neighbour):
    """Each keeps its own papers; of the national library a sentence says who does, and no button is shown."""
    law, ours = forest(), own_paper(town)
    events = Event.objects.count()
    login(client, JUSTICE)
    page = text(client.get(f"/desk/laws/{law.pk}"))
    assert "由几个乡镇共用" in page and "登记废止" not in page and "登记修改" not in page
    for act in ("correct", "amend?article=57", "abolish"):
        answer = client.post(f"/desk/laws/{law.pk}/{act}", {"on": "2026-01-01", "reason": "x"})
        assert answer.status_code == 403 and "由几个乡镇共用" in text(answer)
    assert Event.objects.count() == events
    assert "登记废止" in text(client.get(f"/desk/laws/{ours.pk}"))
    page = text(client.get("/desk/laws/new"))
    assert 'name="place"' not in page and "收为本镇文件" in page
    assert taken(client, place="national").status_code == 302
    assert Law.objects.get(title=TYPED["title"]).town == town, "whatever is sent, it is the town's own"
    client.force_login(neighbour, backend="django.contrib.auth.backends.ModelBackend")
    there = {"HTTP_HOST": "other.example"}
    assert "本镇办法" not in text(client.get("/desk/laws/", **there))
    assert law.title in text(client.get("/desk/laws/", **there))
    for path in ("", "/correct", "/amend", "/abolish"):
        assert client.get(f"/desk/laws/{ours.pk}{path}", **there).status_code == 404
    assert "没有施行的事项" in text(client.get(f"/desk/laws/{law.pk}", **there))


def test_the_list_finds_narrows_and_pages_through_every_law_once(client, town):
    for number in range(120):
        title = f"第{number}号办法"
        add_law(NewLaw(title, LawLevel.DEPARTMENT_RULE, date(2000, 1, 1 + number % 3), (NewArticle(1, 0, "一。"),)))
    add_law(NewLaw("将来法", LawLevel.LAW, TODAY() + timedelta(days=9), (NewArticle(1, 0, "一。"),)))
    login(client, CENTRE)
    found, url = [], "/desk/laws/"
    while url:
        page = text(client.get(url))
        found += re.findall(r'<a href="(/desk/laws/[0-9]+)">', page)
        turned = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/desk/laws/{turned[1].replace('&amp;', '&')}" if turned else ""
    assert len(found) == len(set(found)) == Law.objects.count() == 130
    page = text(client.get("/desk/laws/?level=department_rule"))
    assert "全部（120）" in page and "尚未施行（0）" in page
    assert "将来法" in text(client.get("/desk/laws/?state=not_yet"))
    assert "没有这样的法规" in text(client.get("/desk/laws/?q=查无此法"))
    for odd in ("state=x", "level=x", "after=x", "before=2020-99-01_1", "q=%25"):
        assert client.get(f"/desk/laws/?{odd}").status_code == 200, odd


def test_what_cited_an_older_version_stands_on_the_newer_one(client, town):
    old = Law.objects.get(key="社会救助暂行办法", effective_on=date(2014, 5, 1))
    login(client, JUSTICE)
    assert "没有施行的事项" in text(client.get(f"/desk/laws/{old.pk}"))
    page = text(client.get(f"/desk/laws/{old.replaced_by_id}"))
    assert "1 个事项" in page and "临时救助" in page
    coming = TODAY() + timedelta(days=30)
    abolish(law=old.replaced_by, on=coming, reason="演示")
    assert "将于" in text(client.get(f"/desk/laws/{old.replaced_by_id}"))


def test_what_was_recorded_by_mistake_is_taken_back_with_a_reason(client, town):
    """The article reads on as before, the law holds on; both stay in the log."""
    login(client, JUSTICE)
    law, on, why = forest(), TODAY().isoformat(), {"reason": "日期看错了。"}
    here = f"/desk/laws/{law.pk}"
    before = list(law.articles.order_by("pk").values())
    for what, text_ in (("reword", "新的。"), ("strike", "")):
        client.post(f"{here}/amend", {"article": "57", "what": what, "text": text_, "on": on})
        assert "撤销上一次修改" in text(client.get(f"{here}/amend?article=57"))
        answer = client.post(f"{here}/amend/undo", {"article": "第五十七条", "reason": ""})
        assert answer.status_code == 422 and "请写明理由" in text(answer)
        assert client.post(f"{here}/amend/undo", {"article": "第五十七条", **why}).status_code == 302
        assert list(law.articles.order_by("pk").values()) == before
    answer = client.post(f"{here}/amend/undo", {"article": "第五十七条", **why})
    assert answer.status_code == 422 and "没有可以撤销的" in text(answer)
    client.post(f"{here}/abolish", {"on": on, "reason": "演示"})
    assert "撤销废止登记" in text(client.get(here))
    assert client.post(f"{here}/abolish/undo", {"reason": " "}).status_code == 422
    assert client.post(f"{here}/abolish/undo", why).status_code == 302
    law.refresh_from_db()
    assert (law.abolished_on, law.abolish_reason, law.replaced_by) == (None, "", None)
    assert "每一条依据都现行有效" in text(client.get("/desk/laws/"))
    assert "日期看错了。" in text(client.get(here))
    assert client.post(f"{here}/abolish/undo", why).status_code == 422
    older = Law.objects.get(key="社会救助暂行办法", effective_on=date(2014, 5, 1))
    answer = client.post(f"/desk/laws/{older.pk}/abolish/undo", why)
    assert answer.status_code == 422 and "没有可以撤销的" in text(answer), "a newer version ended it"
    login(client, CENTRE)
    for path in ("amend/undo", "abolish/undo"):
        assert client.post(f"{here}/{path}", why).status_code == 403
