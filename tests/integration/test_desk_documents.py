"""A document through the desk by three persons, and everything that must stop on the way."""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingtang.desk.plaintext import from_plain, to_plain
from mingtang.disclosure import actions
from mingtang.disclosure.actions import MOST_ATTACHMENTS, Content, Metadata
from mingtang.disclosure.models import Attachment, Document, Edition
from mingtang.events.log import CONSOLE
from mingtang.files import actions as files
from mingtang.lib.errors import Refused
from mingtang.people.actions import appoint
from mingtang.people.models import Assignment, Post, Staff
from tests.factories import acts
from tests.factories.cast import DISCIPLINE, EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import PNG, document, draft, hidden, sheet, text, word_file
from tests.unit.files import photos, samples

pytestmark = pytest.mark.django_db


def published(client: Client) -> Edition:
    login(client, EDITOR)
    edition = draft(client)
    for who, what in ((EDITOR, "submit"), (REVIEWER, "review"), (SIGNER, "sign"), (SIGNER, "publish")):
        login(client, who)
        answer = client.post(f"/desk/info/{edition.pk}/{what}", sheet(edition) if what == "review" else {})
        assert answer.status_code == 302, text(answer)
    edition.refresh_from_db()
    return edition


def test_three_persons_publish_a_document(client, town):
    edition = published(client)
    assert edition.state == "published"
    assert len({edition.author_id, edition.reviewer_id, edition.signer_id}) == 3
    page = client.get(f"/info/{edition.document.index_number}")
    assert page.status_code == 200
    assert "一、总体要求</h2>" in text(page)


def test_what_was_written_of_a_document_that_was_withdrawn_meanwhile_is_not_lost(client, town):
    edition = published(client)
    login(client, EDITOR)
    page = client.get(f"/desk/info/{edition.pk}/renew")
    actions.withdraw(edition=edition, by=staff(SIGNER), ground="wrong", reason="数字写错了")
    typed = document(title="更正以后的通知", note="改一个数", form_token=hidden(page, "form_token"))
    answer = client.post(f"/desk/info/{edition.pk}/renew", typed)
    assert answer.status_code == 422
    assert "这一版变成了“已撤下”" in text(answer) and "更正以后的通知" in text(answer)
    assert Edition.objects.filter(document=edition.document).count() == 1
    assert client.get(f"/desk/info/{edition.pk}/renew").status_code == 404


def test_whoever_published_passes_the_stored_pages_by_for_a_moment(client, town):
    login(client, EDITOR)
    edition = draft(client)
    answer = client.post(f"/desk/info/{edition.pk}/submit")
    assert answer.cookies["fresh"]["max-age"] == 15


def test_each_step_waits_on_the_right_desk(client, town):
    login(client, EDITOR)
    edition = draft(client)
    assert edition.revision.title in text(client.get("/desk/"))
    client.post(f"/desk/info/{edition.pk}/submit")
    assert edition.revision.title not in text(client.get("/desk/"))
    login(client, REVIEWER)
    assert "等您保密审查的（1）" in text(client.get("/desk/"))
    assert f'href="/desk/info/{edition.pk}/review"' in text(client.get(f"/desk/info/{edition.pk}"))


def test_the_author_who_is_also_reviewer_may_not_review(client, town):
    Assignment.objects.create(
        staff=staff(EDITOR),
        post=staff(REVIEWER).assignments.get().post,
        valid_from=staff(EDITOR).assignments.get().valid_from,
    )
    login(client, EDITOR)
    edition = draft(client)
    client.post(f"/desk/info/{edition.pk}/submit")
    answer = client.post(f"/desk/info/{edition.pk}/review", sheet(edition))
    assert answer.status_code == 422
    assert "起草人不能审查自己起草的信息" in text(answer)


def test_what_is_missing_is_said_and_leads_to_its_field(client, town):
    login(client, EDITOR)
    edition = draft(client, generated_on="", body="联系人手机13812345678。")
    page = text(client.get(f"/desk/info/{edition.pk}"))
    assert f'href="/desk/info/{edition.pk}/edit#id_generated_on"' in page
    assert f'href="/desk/info/{edition.pk}/edit#id_body"' in page
    assert "138****5678" in page
    answer = client.post(f"/desk/info/{edition.pk}/submit")
    assert answer.status_code == 422
    assert "还没有生成日期" in text(answer)


def test_an_attachment_is_read_by_the_guard(client, town):
    login(client, EDITOR)
    file = io.BytesIO("领取人手机号：13812345678".encode())
    file.name = "名单.txt"
    answer = client.post("/desk/info/new", document() | {"files": file})
    edition = Edition.objects.get()
    assert answer.status_code == 302
    assert "附件“名单.txt”" in text(client.get(f"/desk/info/{edition.pk}"))
    row = edition.revision.attachments.get()
    taken = client.get(f"/desk/info/{edition.pk}/files/{row.pk}")
    assert taken.status_code == 200
    assert "no-store" in taken.headers["Cache-Control"]


def test_what_lies_hidden_in_an_attachment_is_told_and_read_by_the_guard(client, town):
    login(client, EDITOR)
    hidden_sheet = io.BytesIO(samples.xlsx([["领取人", "13812345678"]], hidden=True))
    hidden_sheet.name = "名单.xlsx"
    photo = io.BytesIO(photos.jpeg(photos.exif()))
    photo.name = "村口.jpg"
    answer = client.post("/desk/info/new", document() | {"files": [hidden_sheet, photo]}, follow=True)
    assert "“名单.xlsx”：文件里有隐藏工作表“名单”" in text(answer)
    assert "照片“村口.jpg”里记着拍摄地点（北纬29.52345度，东经112.64120度），已经去掉" in text(answer)
    assert "附件“名单.xlsx”的隐藏工作表“名单”：" in text(answer)
    assert "附件“名单.xlsx”的隐藏工作表“名单”：别人能翻出来；请删去，另存一份再传。" in text(answer)
    sheet, picture = Edition.objects.get().revision.attachments.all()
    assert (sheet.text, sheet.beside) == ("", [["隐藏工作表“名单”", "名单\n领取人\t13812345678"]])
    assert picture.parts == [("", "")]
    assert files.content(picture.file)[1] == photos.jpeg(b"")


def test_an_attachment_kept_by_an_earlier_release_reads_as_seen(client, town):
    login(client, EDITOR)
    edition = draft(client)
    file = files.store(town=town, name="旧.txt", stream=io.BytesIO(b"x"), by=CONSOLE, purpose="attachment")
    Attachment.objects.create(revision=edition.revision, file=file, name="旧.txt", text="手机13812345678", order=1)
    assert Attachment.objects.get().parts == [("", "手机13812345678")]
    assert "附件“旧.txt”：" in text(client.get(f"/desk/info/{edition.pk}"))


def test_a_document_of_two_hundred_attachments_is_drawn_and_one_more_refused(client, town):
    edition = published(client)
    rows = []
    for number in range(MOST_ATTACHMENTS + 1):
        stream = io.BytesIO(PNG + str(number).encode())
        file = files.store(town=town, name=f"{number}.png", stream=stream, by=CONSOLE, purpose="attachment")
        rows.append((file, file.name, []))
    client.get(f"/desk/info/{edition.pk}")
    queries = []
    for count in (2, MOST_ATTACHMENTS):
        content = Content("有附件的通知", "<p>见附件。</p>", rows[:count])
        edition = actions.draft(town=town, metadata=edition_metadata(edition), content=content, by=staff(EDITOR))
        actions.submit(edition=edition, by=staff(EDITOR))
        acts.passed(edition, staff(REVIEWER))
        actions.sign(edition=edition, by=staff(SIGNER))
        actions.publish(edition=edition, by=staff(SIGNER))
        for url in (f"/info/{edition.document.index_number}", f"/desk/info/{edition.pk}"):
            with CaptureQueriesContext(connection) as asked:
                page = client.get(url)
            assert f"{count - 1}.png" in text(page)
            queries.append(len(asked))
    assert queries[:2] == queries[2:]
    assert queries[0] <= 26
    with pytest.raises(Refused, match="有 201 个附件，一份信息最多带 200 个。请把同类的合成一个文件"):
        actions.new_edition(
            document=edition.document, content=Content("多", "<p>多。</p>", rows), by=staff(EDITOR), note="多"
        )


def edition_metadata(edition: Edition) -> Metadata:
    document = edition.document
    return Metadata(unit=document.unit, theme=document.theme, generated_on=document.generated_on)


def test_what_was_typed_and_sent_stays_when_something_is_missing(client, town):
    login(client, EDITOR)
    first, second = io.BytesIO(b"plain words"), io.BytesIO(b"MZ not a text")
    first.name, second.name = "附表.txt", "坏.pdf"
    answer = client.post("/desk/info/new", document(title="") | {"files": [first, second]})
    assert answer.status_code == 422
    assert "还没有标题" in text(answer)
    assert "请各村做好防火工作。" in text(answer)
    assert "删去“附表.txt”" in text(answer)
    assert "“坏.pdf”没有收下" in text(answer)
    again = document(form_token=hidden(answer, "form_token"), kept=hidden(answer, "kept"))
    assert client.post("/desk/info/new", again).status_code == 302
    assert [row.name for row in Edition.objects.get().revision.attachments.all()] == ["附表.txt"]


def test_the_same_form_sent_twice_makes_one_document(client, town):
    login(client, EDITOR)
    sent = document(form_token="6f9619ff-8b86-4011-b42d-00c04fc964ff")
    first, second = client.post("/desk/info/new", sent), client.post("/desk/info/new", sent)
    assert first.url == second.url
    assert Document.objects.count() == 1


def second_editor(client):
    """A colleague of the editor, logged in."""
    post = Post.objects.get(code="news-editor")
    person = Staff.objects.create(town=post.town, username="bianji2", name="同事（演示）", number="bianji2")
    appoint(staff=person, post=post, by=CONSOLE)
    login(client, "bianji2")


def test_a_kept_file_of_another_person_is_not_taken(client, town):
    login(client, EDITOR)
    file = io.BytesIO(b"plain words")
    file.name = "附表.txt"
    answer = client.post("/desk/info/new", document(title="") | {"files": file})
    stolen = document(form_token=hidden(answer, "form_token"), kept=hidden(answer, "kept"))
    second_editor(client)
    client.post("/desk/info/new", stolen)
    assert not Edition.objects.get().revision.attachments.exists()


def test_two_editors_of_one_draft_do_not_overwrite_each_other(client, town):
    login(client, EDITOR)
    edition = draft(client)
    mine, theirs = Client(), Client()
    login(mine, EDITOR)
    second_editor(theirs)
    page = mine.get(f"/desk/info/{edition.pk}/edit")
    seen = hidden(page, "seen_revision")
    kept = {"form_token": hidden(page, "form_token"), "kept": hidden(page, "kept"), "seen_revision": seen}
    theirs.post(f"/desk/info/{edition.pk}/edit", document(body="供电所加的一句。", seen_revision=seen))
    answer = mine.post(f"/desk/info/{edition.pk}/edit", document(body="我写的一句。", **kept))
    assert answer.status_code == 422
    assert "有同事保存过这份信息" in text(answer)
    assert "我写的一句。" in text(answer)
    assert "供电所加的一句。" in text(answer)
    merged = document(body="两句合在一起。", seen_revision=hidden(answer, "seen_revision"))
    assert mine.post(f"/desk/info/{edition.pk}/edit", merged).status_code == 302
    edition.refresh_from_db()
    assert edition.revision.body_text == "两句合在一起。"


def test_a_change_sent_twice_is_saved_once(client, town):
    login(client, EDITOR)
    edition = draft(client)
    page = client.get(f"/desk/info/{edition.pk}/edit")
    sent = document(body="改过的正文。", seen_revision=hidden(page, "seen_revision"))
    for _ in range(2):
        assert client.post(f"/desk/info/{edition.pk}/edit", sent).status_code == 302
    assert edition.document.revisions.count() == 2


def test_a_forgotten_date_can_be_filled_in_later(client, town):
    login(client, EDITOR)
    edition = draft(client, generated_on="")
    client.post(f"/desk/info/{edition.pk}/edit", document(generated_on="2026年11月3日", seen_revision="1"))
    edition.document.refresh_from_db()
    assert edition.document.generated_on.isoformat() == "2026-11-03"


def test_a_date_that_does_not_exist_is_refused_with_a_sentence(client, town):
    login(client, EDITOR)
    answer = client.post("/desk/info/new", document(generated_on="2026-02-30"))
    assert answer.status_code == 422
    assert "这个日期不存在" in text(answer)
    assert not Document.objects.exists()


def test_returning_needs_a_reason_and_the_author_reads_it(client, town):
    login(client, EDITOR)
    edition = draft(client)
    client.post(f"/desk/info/{edition.pk}/submit")
    login(client, REVIEWER)
    bare = client.post(f"/desk/info/{edition.pk}/return", {"reason": " "})
    assert bare.status_code == 422
    assert "请写明理由" in text(bare)
    client.post(f"/desk/info/{edition.pk}/return", {"reason": "第二段涉及内部安排"})
    login(client, EDITOR)
    assert "退回给您修改的（1）" in text(client.get("/desk/"))
    assert "第二段涉及内部安排" in text(client.get(f"/desk/info/{edition.pk}"))


def test_a_signed_text_cannot_be_edited_on_the_way(client, town):
    login(client, EDITOR)
    edition = draft(client)
    client.post(f"/desk/info/{edition.pk}/submit")
    answer = client.post(f"/desk/info/{edition.pk}/edit", document(body="偷偷改", seen_revision="1"))
    assert answer.status_code == 422
    assert "不能修改" in text(answer)


def test_a_corrected_edition_keeps_the_old_one_public_until_it_is_published(client, town):
    edition = published(client)
    login(client, EDITOR)
    bare = client.post(f"/desk/info/{edition.pk}/renew", document(body="更正后的正文。"))
    assert bare.status_code == 422
    assert "请写明为什么要出新版" in text(bare)
    answer = client.post(f"/desk/info/{edition.pk}/renew", document(body="更正后的正文。", note="改正日期"))
    assert answer.status_code == 302
    assert "做好防火工作" in text(client.get(f"/info/{edition.document.index_number}"))
    assert edition.document.editions.count() == 2


def test_what_was_published_keeps_its_head(client, town):
    edition = published(client)
    login(client, EDITOR)
    client.post(f"/desk/info/{edition.pk}/renew", document(body="更正后的正文。", note="改正日期"))
    new = edition.document.editions.get(number=2)
    client.post(f"/desk/info/{new.pk}/edit", document(unit="power", body="再改。", seen_revision="2"))
    edition.document.refresh_from_db()
    assert edition.document.issuer == "新闻信息中心"


def test_the_head_cannot_change_even_when_it_was_published_meanwhile(client, town):
    edition = published(client)
    login(client, EDITOR)
    client.post(f"/desk/info/{edition.pk}/renew", document(body="更正后的正文。", note="改正日期"))
    new = edition.document.editions.get(number=2)
    with pytest.raises(Refused, match="已经公开过"):
        actions.revise(
            edition=new,
            metadata=Metadata(issuer="供电所"),
            content=Content(title="新", body_html="<p>文。</p>"),
            by=staff(EDITOR),
        )


def test_withdrawing_asks_ground_and_reason(client, town):
    edition = published(client)
    login(client, DISCIPLINE)
    bare = client.post(f"/desk/info/{edition.pk}/withdraw", {"ground": "", "reason": ""})
    assert bare.status_code == 422
    answer = client.post(f"/desk/info/{edition.pk}/withdraw", {"ground": "wrong", "reason": "数字有误"})
    assert answer.status_code == 302
    assert client.get(f"/info/{edition.document.index_number}").status_code == 410


def test_the_preview_is_the_public_page(client, town):
    login(client, EDITOR)
    edition = draft(client)
    page = text(client.get(f"/desk/info/{edition.pk}/preview"))
    assert "这是预览，还没有公开" in page
    assert "公开范围" in page
    assert client.get(f"/info/{edition.document.index_number}").status_code == 404


def test_a_word_file_fills_title_and_body(client, town):
    login(client, EDITOR)
    file = word_file("关于发放补贴的通知", "各村：", "一、补贴标准", "每亩一百元，由财政所按季发放到户。")
    page = client.post("/desk/info/new", document(act="word", title="", body="") | {"word": file})
    assert page.status_code == 200
    assert "关于发放补贴的通知" in text(page)
    assert "每亩一百元" in text(page)
    assert not Document.objects.exists()


def test_a_file_that_is_no_word_file_is_refused_and_nothing_is_lost(client, town):
    login(client, EDITOR)
    file = io.BytesIO(b"not a zip at all")
    file.name = "通知.docx"
    page = client.post("/desk/info/new", document(act="word") | {"word": file})
    assert page.status_code == 422
    assert "请各村做好防火工作。" in text(page)


def test_the_editor_sends_html_and_scripts_fall_away(client, town):
    login(client, EDITOR)
    body = "<h2>一、标题</h2><p onclick=x()>正文<script>alert(1)</script><b>粗</b></p>"
    edition = draft(client, body=body, body_form="html")
    assert edition.revision.body_html == "<h2>一、标题</h2>\n<p>正文<strong>粗</strong></p>"


@pytest.mark.parametrize(
    "body",
    [
        "<p>一段话。</p>\n<h2>一、标题</h2>\n<h3>（一）小标题</h3>\n<p>正文</p>",
        "<h2>没有序号的标题</h2>\n<p>一、看着像标题其实是段落</p>",
        '<table><tbody><tr><td>甲</td><td>乙</td></tr><tr><td colspan="2">丙</td></tr></tbody></table>',
        '<ul><li>甲</li><li>乙</li></ul>\n<p>前<strong>粗</strong>后<br>换行 <a href="https://example.org/">链接</a></p>',
        "<p>&lt;p&gt;像标签的文字&lt;/p&gt;</p>",
        "",
    ],
)
def test_a_body_survives_the_way_through_typed_lines(body):
    assert from_plain(to_plain(body)) == body


def test_the_enter_key_in_an_editor_saves_and_reads_no_file(client, town):
    login(client, EDITOR)
    page = text(client.get("/desk/info/new?kind=budget-town"))
    form = page[page.index("data-editor") :]
    assert re.search(r'<button[^>]*name="act" value="([^"]+)"', form)[1] == "save"
