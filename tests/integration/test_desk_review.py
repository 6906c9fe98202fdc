"""The secrecy review through the desk: one screen, nothing ticked beforehand, nothing lost, on paper."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.disclosure.models import Review
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import draft, hidden, sheet, text
from tests.unit.files import samples

pytestmark = pytest.mark.django_db


def test_nothing_is_ticked_and_what_is_missing_is_named_with_its_thing(client, town):
    edition = acts.in_review(town, acts.content(body="<p>请带其他材料。</p>"))
    login(client, REVIEWER)
    page = text(client.get(f"/desk/info/{edition.pk}/review"))
    assert "checked" not in page and "其他材料" in page and edition.revision.sha256[:16] in page
    answer = client.post(f"/desk/info/{edition.pk}/review", {"act": "pass", "seen": edition.revision.sha256})
    assert answer.status_code == 422
    assert "“正文”还没有答有没有“国家秘密”" in text(answer) and 'href="#id_text-secret"' in text(answer)


def test_a_refused_sheet_keeps_its_ticks_and_a_return_tells_the_author(client, town):
    edition = acts.in_review(town)
    login(client, REVIEWER)
    url = f"/desk/info/{edition.pk}/review"
    doubted = sheet(edition, text__internal="concern", text__note="第 2 段是请示的原话，请删去。")
    refused = client.post(url, doubted)
    assert refused.status_code == 422
    assert "不能通过" in text(refused) and "第 2 段是请示的原话，请删去。" in text(refused)
    assert text(refused).count("checked") == 4
    assert client.post(url, doubted | {"act": "return"}).status_code == 302
    login(client, EDITOR)
    page = text(client.get(f"/desk/info/{edition.pk}"))
    assert "正文：第 2 段是请示的原话，请删去。" in page and "审查记录：退回" in page


def test_the_sheet_stands_on_the_desk_and_on_paper(client, town):
    edition = acts.in_review(town)
    login(client, REVIEWER)
    assert client.post(f"/desk/info/{edition.pk}/review", sheet(edition)).status_code == 302
    row = Review.objects.get()
    login(client, SIGNER)
    page = text(client.get(f"/desk/info/{edition.pk}"))
    assert "审查记录：通过" in page and f"/desk/info/{edition.pk}/review/{row.pk}.pdf" in page
    paper = client.get(f"/desk/info/{edition.pk}/review/{row.pk}.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    other = acts.reviewed(town)
    assert client.get(f"/desk/info/{other.pk}/review/{row.pk}.pdf").status_code == 404


def test_who_wrote_it_reads_why_they_may_not_review(client, town):
    edition = acts.in_review(town)
    login(client, SIGNER)
    assert client.get(f"/desk/info/{edition.pk}/review").status_code == 403
    passed = acts.passed(edition, staff(REVIEWER))
    login(client, REVIEWER)
    page = client.get(f"/desk/info/{passed.pk}/review")
    assert page.status_code == 200 and "不能保密审查通过" in text(page) and 'name="act"' not in text(page)


def test_a_finding_is_pleaded_for_let_stand_and_shown(client, town):
    edition = acts.drafted(town, acts.content(body="<p>公用手机是13812345678。</p>"))
    login(client, EDITOR)
    url = f"/desk/info/{edition.pk}"
    assert "确实要照样公开的，请审查员放行" in text(client.get(url))
    empty = client.post(f"{url}/submit", {"plea": ""})
    assert empty.status_code == 422 and "请写明为什么这几处要照样公开" in text(empty)
    assert client.post(f"{url}/submit", {"plea": "公用手机。"}).status_code == 302
    login(client, REVIEWER)
    page = client.get(f"{url}/review")
    identity = hidden(page, "identity")
    assert "138****5678" in text(page) and "放行这一处" in text(page)
    refused = client.post(f"{url}/waive", {"identity": identity, f"{identity[:8]}-reason": "就是13812345678"})
    assert refused.status_code == 422 and "就是13812345678" in text(refused)
    assert client.post(f"{url}/review", sheet(edition)).status_code == 422
    done = client.post(f"{url}/waive", {"identity": identity, f"{identity[:8]}-reason": "村里已经公布。"}, follow=True)
    assert "已经放行的（1 处）" in text(done) and "村里已经公布。" in text(done)
    assert client.post(f"{url}/review", sheet(edition)).status_code == 302
    login(client, SIGNER)
    assert "放行的（1 处）" in text(client.get(url))


def test_a_remark_is_written_answered_and_never_public(client, town):
    edition = acts.reviewed(town)
    url = f"/desk/info/{edition.pk}"
    login(client, SIGNER)
    assert client.post(f"{url}/comments", {"text": "问13812345678。"}).status_code == 422
    assert client.post(f"{url}/comments", {"text": "<b>日期</b>请核对。"}).status_code == 302
    refused = client.post(f"{url}/sign")
    assert refused.status_code == 422 and "还有意见没有了结" in text(refused)
    login(client, EDITOR)
    page = text(client.get(url))
    assert "&lt;b&gt;日期&lt;/b&gt;请核对。" in page and f'action="{url}/comments/' not in page
    login(client, SIGNER)
    assert client.post(f"{url}/comments/{edition.comments.get().pk}").status_code == 302
    assert client.post(f"{url}/sign").status_code == 302
    assert client.post(f"{url}/publish").status_code == 302
    number = edition.document.index_number
    for address in (f"/info/{number}", f"/info/{number}.json", "/feeds/"):
        assert "请核对" not in client.get(address).content.decode()


def test_words_are_added_agreed_to_and_ended_at_the_desk(client, town):
    login(client, REVIEWER)
    typed = {"kind": "allowed", "word": "布署茶业", "right": "", "reason": "商户的字号"}
    wrong = client.post("/desk/words/new", typed | {"kind": "phrase", "word": "政府", "right": "人民政府"})
    assert wrong.status_code == 422 and "写对的也会被拦下" in text(wrong) and "商户的字号" in text(wrong)
    url = client.post("/desk/words/new", typed).url
    assert "等另一人同意启用" in text(client.get("/desk/words/?kind=allowed&q=茶业"))
    assert "同意启用</button>" not in text(client.get(url))
    assert client.post(f"{url}/acts/agree").status_code == 422
    login(client, SIGNER)
    assert client.post(f"{url}/acts/agree").status_code == 302
    assert client.post(f"{url}/acts/end", {"reason": ""}).status_code == 422
    assert client.post(f"{url}/acts/end", {"reason": "改了字号"}).status_code == 302
    assert "已停用" in text(client.get(url)) and client.post(f"{url}/acts/other").status_code == 404
    login(client, EDITOR)
    assert "登记词" not in text(client.get("/desk/words/")) and client.post(f"{url}/acts/keep").status_code == 403


def test_what_must_be_hidden_in_a_file_is_shown_where_it_stands_with_its_mask(client, town):
    login(client, EDITOR)
    card = acts.born("19560308")
    rows = [["姓名", "身份证号", "病种"], ["王小满", card, "尿毒症"]]
    book = samples.book(
        "<sheetData/>", docProps__core=f"<p><creator>{card}</creator></p>",
        **{"xl__embeddings__名单.xlsx": samples.xlsx(rows, hidden=True)},
    )  # fmt: skip
    edition = draft(client, files=SimpleUploadedFile("底册.xlsx", book))
    page = text(client.get(f"/desk/info/{edition.pk}"))
    shown = re.sub("<[^>]+>", "", page.split("附件里要您自己遮住的 3 处", 1)[1])
    assert "“底册.xlsx”的嵌入的文件“名单.xlsx”隐藏工作表“名单”" in shown and "文档属性“作者”" in shown
    assert card[:4] + "*" * 10 + card[-4:] in shown and "***（说的是病情、残疾）" in shown
    assert card not in page and "尿毒症" not in page


def test_what_can_be_hidden_is_hidden_or_left_one_by_one(client, town):
    edition = acts.drafted(town, acts.content(body="<p>公用手机是13812345678，私人手机是13987654321。</p>"))
    login(client, EDITOR)
    url = f"/desk/info/{edition.pk}"
    page = client.get(url)
    assert "系统可以替您遮住 2 处" in text(page) and "138****5678" in text(page)
    chosen = {"hide-2": "on", "why-1": "服务中心公布的手机。"}
    assert client.post(f"{url}/mask", chosen | {"seen_revision": "9"}).status_code == 422
    seen = {"seen_revision": hidden(page, "seen_revision")}
    unsaid = client.post(f"{url}/mask", chosen | seen | {"why-1": ""})
    assert unsaid.status_code == 422 and "第 1 处不遮，请写明为什么" in text(unsaid)
    assert client.post(f"{url}/mask", chosen | seen).status_code == 302
    after = text(client.get(url))
    assert "13987654321" not in after and "第 1 处（是手机号码）不遮：服务中心公布的手机。" in after
    # What is left still waits for a second person, and may be hidden after all.
    assert "系统可以替您遮住 1 处" in after and client.post(f"{url}/submit").status_code == 422
    assert client.post(f"{url}/mask", {"why-1": "还是不遮。"}).status_code == 302
    assert client.post(f"{url}/mask", {"hide-1": "on"}).status_code == 302
    assert "13812345678" not in text(client.get(url))
    nothing = client.post(f"{url}/mask")
    assert nothing.status_code == 422 and "没有可以遮的号码" in text(nothing)
