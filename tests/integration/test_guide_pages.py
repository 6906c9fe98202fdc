"""公开指南 by HTTP: read, as data and on paper, written and published at the desk; the catalogue as a table."""

import json

import pytest

from mingtang.disclosure import actions, guide, taking_in
from mingtang.disclosure.actions import Content
from mingtang.events.log import CONSOLE
from mingtang.press.render import PaperUnavailable
from tests.factories import acts
from tests.factories.cast import EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
WORDS = {"reading": "一楼查阅点。", "apply": "交到党政办公室。", "fax": "没有传真。", "phone": "0730-5550004"}


def test_everybody_reads_nine_parts_and_what_is_missing_with_a_name(client, town):
    page = text(client.get("/info/guide"))
    assert "九、互联网联系方式" in page and "还有 2 部分没有写完" in page and "由党政办公室主任负责" in page
    assert 'href="/info/guide"' in text(client.get("/info/"))
    edition = guide.propose(town=town, words=WORDS, by=staff(SIGNER))
    assert "没有传真。" not in text(client.get("/info/guide")), "nothing is public before the second person"
    guide.publish(edition=edition, by=staff(REVIEWER))
    page = text(client.get("/info/guide"))
    assert "没有传真。" in page and "没有写完" not in page and "第 1 版" in page
    data = json.loads(client.get("/info/guide.json").content)
    assert len(data["parts"]) == 9 and data["edition"] == 1 and not any(part["gap"] for part in data["parts"])


def test_the_paper_is_the_same_guide(client, town, monkeypatch):
    made = client.get("/info/guide.pdf")
    assert made.status_code == 200 and made.content.startswith(b"%PDF")

    def refuse(data):
        raise PaperUnavailable("没有中文字体。")

    monkeypatch.setattr("mingtang.portal.views.info_guide.guide_paper.pdf", refuse)
    assert client.get("/info/guide.pdf").status_code == 503


def test_one_writes_and_another_publishes_at_the_desk(client, town):
    login(client, EDITOR)
    assert client.get("/desk/info/guide").status_code == 403
    login(client, SIGNER)
    assert "到哪里查阅" in text(client.get("/desk/info/guide"))
    bad = client.post("/desk/info/guide", WORDS | {"phone": "找老王 430623195001011239"})
    assert bad.status_code == 422 and "一楼查阅点。" in text(bad)
    assert client.post("/desk/info/guide", WORDS).status_code == 302
    assert "等另一位保密审查员审核" in text(client.get("/desk/info/guide"))
    assert client.post("/desk/info/guide/1/publish").status_code == 403
    login(client, REVIEWER)
    page = text(client.get("/desk/info/guide"))
    assert "改了什么" in page and "一楼查阅点。" in page
    empty = client.post("/desk/info/guide/1/return", {"reason": ""})
    assert empty.status_code == 422 and "退回的理由" in text(empty)
    assert client.post("/desk/info/guide/1/return", {"reason": "少了邮编"}).status_code == 302
    login(client, SIGNER)
    page = text(client.get("/desk/info/guide"))
    assert "少了邮编" in page and "一楼查阅点。" in page, "what was sent back is gone on from"
    client.post("/desk/info/guide", WORDS | {"address": "邮编 414200"})
    login(client, REVIEWER)
    assert client.post("/desk/info/guide/2/publish").status_code == 302
    assert "邮编 414200" in text(client.get("/info/guide"))
    assert client.post("/desk/info/guide/2/other").status_code == 404


def test_the_catalogue_as_a_table_has_what_the_law_wants(client, town):
    body = "<p>各村、社区：</p><p>赶集日窗口中午不休息。群众随到随办。</p>"
    acts.published(town, Content("关于延长窗口时间的通知", body))
    gone = acts.published(town, Content("错发的通知", "<p>不该公开的一句话在这里。</p>"))
    actions.withdraw(edition=gone, by=staff(SIGNER), ground="wrong", reason="发错了")
    assert "换成目录表看" in text(client.get("/info/"))
    page = text(client.get("/info/?view=table"))
    for head in ("索引号", "名称", "内容概述", "生成日期", "发布机构", "文号"):
        assert f">{head}</th>" in page
    assert "赶集日窗口中午不休息。群众随到随办。" in page and "各村、社区" not in page
    assert "不该公开的一句话" not in page and "换成列表看" in page


def test_a_document_without_a_text_is_summed_up_by_what_it_states(client, town):
    metadata = acts.metadata(town, kind="budget-town")
    facts = {"fields": {"year": "2026", "approved": "镇人民代表大会批准"}, "sheets": {}}
    edition = actions.draft(
        town=town, metadata=metadata, content=Content("2026年镇级预算", "", facts=facts), by=staff(EDITOR)
    )
    taking_in.adopt_historical(edition=edition, by=CONSOLE, source_published_at=None)
    assert "年度：2026" in text(client.get("/info/?view=table"))
