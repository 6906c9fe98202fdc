"""Reading a document: what the code on its page leads to, what stands around it, the size of the type."""

import pytest

from mingtang.demo.columns import build_columns
from mingtang.demo.documents import build_documents
from mingtang.disclosure import actions, columns
from mingtang.disclosure.enums import WithdrawGround
from mingtang.disclosure.models import Document
from mingtang.events import follow
from tests.factories import acts
from tests.factories.cast import EDITOR, SIGNER, staff

pytestmark = pytest.mark.django_db


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_code_opens_the_edition_it_was_printed_with_and_says_what_came_after(client, town):
    first = acts.published(town)
    number = first.document.index_number
    scanned = f"/info/e/1/{number}?via=board"
    assert "第 1 版（最新）" in page(client, scanned) and "这是旧版" not in page(client, scanned)

    second = acts.corrected(first, acts.content(body="<p>赶集日在学校操场停车。</p>"))
    old = page(client, scanned)
    assert "这是旧版" in old and f'href="/info/{number}"' in old and "粮站前坪" in old
    assert "第 2 版（最新）" in page(client, f"/info/{number}")

    actions.withdraw(edition=second, by=staff(SIGNER), ground=WithdrawGround.PERSONAL, reason="里面有个人信息")
    gone = page(client, scanned, 410)
    assert "里面有个人信息" in gone and "粮站" not in gone and "/info/e/" not in gone


def test_a_document_leads_to_what_it_cites_its_column_its_items_and_who_answers(client, town):
    build_documents(town)
    build_columns(town)
    plan = Document.objects.get(current__revision__title__contains="政务公开工作要点")
    text = acts.content("建房怎样公开", f"<p>按照{plan.doc_number.replace('〔', '[').replace('〕', ']')}办。</p>")
    edition = acts.published(town, text)
    columns.refile(document=edition.document, codes=["a21-04"], by=staff(EDITOR))
    follow.settle()
    shown = page(client, f"/info/{edition.document.index_number}")
    assert "文中提到" in shown and f'href="/info/{plan.index_number}"' in shown
    assert "同一栏目" in shown and "农村建房一看就懂" in shown
    assert 'href="/services/JF-001"' in shown
    assert "有问题？" in shown and edition.document.unit.phone in shown

    title = plan.current.revision.title
    actions.withdraw(edition=plan.current, by=staff(SIGNER), ground=WithdrawGround.SECRET, reason="定密的内容")
    assert title not in page(client, f"/info/{edition.document.index_number}")


def test_a_reprint_leads_to_its_source(client, town):
    document = acts.published(town).document
    Document.objects.filter(pk=document.pk).update(source="华容县人民政府", source_url="https://www.example.gov.cn/a")
    assert 'href="https://www.example.gov.cn/a" rel="external noopener">华容县人民政府</a>' in page(
        client, f"/info/{document.index_number}"
    )
    Document.objects.filter(pk=document.pk).update(source_url="javascript:alert(1)")
    assert "javascript:" not in page(client, f"/info/{document.index_number}")


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/info/?theme=plan", "/info/?theme=plan"),
        ("https://elsewhere.example/x", "/size/"),
        ("http://testserver.elsewhere.example/x", "/size/"),
        ("", "/size/"),
    ],
)
def test_the_size_is_kept_in_the_browser_and_one_is_led_back_on_this_site_only(client, town, referer, leads_to):
    answer = client.get("/size/3", headers={"referer": referer})
    assert (answer.status_code, answer["Location"]) == (302, leads_to)
    kept = answer.cookies["size"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("3", True, "Lax")
    assert 'aria-current="true">特大' in page(client, "/size/")
    assert client.get("/size/4").status_code == 404
    assert client.get("/size/2?back=//elsewhere.example").headers["Location"] == "/size/"
