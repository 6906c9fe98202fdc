"""The number of a resident's identity card comes to the public by no way: typed, attached, hidden, imported, told.

Each place is tried by itself in a document that is otherwise sound. What stops it may be the submission, the act that
tells a sentence, or the import; what must never be is a public answer that holds the number.
"""

import io
from html import unescape

import pytest

from mingtang.disclosure import actions, columns, importing, taking_in
from mingtang.disclosure.actions import Content
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import Typed, take
from mingtang.disclosure.models import Column, Document
from mingtang.disclosure.reading import read_record
from mingtang.events import follow
from mingtang.events.log import CONSOLE
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import DECIDER, EDITOR, REVIEWER, SIGNER, login, staff
from tests.integration.desk_steps import draft
from tests.integration.filled import filled
from tests.unit.files import photos, samples

pytestmark = pytest.mark.django_db
NUMBER = acts.born("19560308")
SOUND = "<p>赶集日在粮站前坪停车，不收费。</p>"
TYPED = {
    "a paragraph": f"<p>申请人的号码是{NUMBER}。</p>",
    "full width": "<p>号码" + NUMBER.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"}) + "</p>",
    "in groups": f"<p>{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}</p>",
    "marked up inside": f"<p>{NUMBER[:9]}<strong>{NUMBER[9:]}</strong></p>",
    "a cell": f"<table><tr><th>姓名</th><th>证件号码</th></tr><tr><td>文某</td><td>{NUMBER}</td></tr></table>",
    "two cells": f"<table><tr><td>{NUMBER[:6]}</td><td>{NUMBER[6:]}</td></tr></table>",
    "a link's address": f'<p><a href="https://example.org/?who={NUMBER}">看这里</a></p>',
    "a mail's address": f'<p><a href="mailto:{NUMBER}@example.org">写信</a></p>',
    "with commas": f"<p>{NUMBER[:6]}，{NUMBER[6:14]}，{NUMBER[14:]}</p>",
    "below how it is said": "<p><ruby>" + "".join(f"{one}<rt>si</rt>" for one in NUMBER) + "</ruby></p>",
    "underlined": f"<p>{chr(0x332).join(NUMBER)}</p>",
    "a list": f"<ol><li>文某</li><li>{NUMBER}</li></ol>",
}
FILES = {
    "名单.txt": f"领取人{NUMBER}".encode(),
    "通知.docx": samples.docx(samples.paragraph(f"领取人{NUMBER}")),
    "删过的.docx": samples.docx(
        samples.paragraph("通知") + f"<w:p><w:del><w:r><w:delText>{NUMBER}</w:delText></w:r></w:del></w:p>"
    ),
    "页眉.docx": samples.docx(
        samples.paragraph("通知"), word__header1=f"<w:hdr {samples.W}>{samples.paragraph(NUMBER)}</w:hdr>"
    ),
    "表.xlsx": samples.xlsx([["姓名", "号码"], ["文某", NUMBER]]),
    "藏着的.xlsx": samples.xlsx([["文某", NUMBER]], hidden=True),
    "拼起来的.xlsx": samples.book(
        f'<sheetData><row><c><v>{NUMBER[:4]}</v></c><c t="inlineStr"><is><t>某</t></is></c><c><v>{NUMBER[4:17]}</v></c>'
        f'<c t="inlineStr"><is><t>{NUMBER[17]}</t></is></c><c><f>A1&amp;C1&amp;D1</f></c></row></sheetData>'
    ),
    "批注.pdf": samples.pdf(note=f"see {NUMBER}"),
    "作者.pdf": samples.pdf(author=NUMBER),
    "版式.ofd": samples.ofd(f"领取人{NUMBER}"),
}


def to_the_public(client, edition) -> list[str]:
    """Every public answer that could show this document, as text."""
    number = edition.document.index_number
    follow.settle()
    at = [f"/info/{number}", f"/info/{number}.json", "/info/", "/info/c/", "/", "/feeds/info.atom", "/sitemap.xml"]
    at += [f"/search?q={word}" for word in ("停车", NUMBER, NUMBER[:6])]
    return [unescape(client.get(path).content.decode()) for path in at]


def gets_out(client, edition) -> bool:
    """Walk the way to the public as far as it goes, then look everywhere."""
    try:
        actions.submit(edition=edition, by=staff(EDITOR))
        acts.passed(edition, staff(REVIEWER))
        actions.sign(edition=edition, by=staff(SIGNER))
        actions.publish(edition=edition, by=staff(SIGNER))
    except Refused:
        pass
    else:
        return True
    # The question is repeated on the page of answers; that is the visitor's own word.
    return any(NUMBER in answer.replace(f'value="{NUMBER}"', "") for answer in to_the_public(client, edition)[:-3])


def test_a_document_without_one_does_get_out(client, town):
    login(client, EDITOR)
    file = io.BytesIO("领取人文某".encode())
    file.name = "名单.txt"
    assert gets_out(client, draft(client, files=file))


@pytest.mark.parametrize("place", TYPED)
def test_a_number_that_was_typed_stays_inside(client, town, place):
    assert not gets_out(client, acts.drafted(town, acts.content(body=SOUND + TYPED[place])))


def test_a_number_in_the_title_stays_inside(client, town):
    assert not gets_out(client, acts.drafted(town, acts.content(title=f"关于{NUMBER}的通知")))


@pytest.mark.parametrize("cell", [True, False])
def test_a_number_among_the_facts_of_a_kind_stays_inside(client, town, cell):
    kind = kind_of("aid")
    arrived = [NUMBER if cell else "一", "2026年3月1日", "大米", "20", "袋", "1000"]
    facts, _ = take(kind, Typed({"reason": "救灾" if cell else NUMBER}, {"arrived": [arrived]}))
    assert NUMBER in str(facts)
    edition = actions.draft(
        town=town,
        metadata=acts.metadata(town, kind="aid"),
        content=Content("救灾款发放", SOUND, facts=facts),
        by=staff(EDITOR),
    )
    with pytest.raises(Refused, match="身份证"):
        actions.submit(edition=edition, by=staff(EDITOR))
    with pytest.raises(Refused, match="身份证"):
        taking_in.adopt_historical(edition=edition, by=CONSOLE, source_published_at=None)
    assert not gets_out(client, edition)


@pytest.mark.parametrize("name", FILES)
def test_a_number_in_a_file_stays_inside(client, town, name):
    login(client, EDITOR)
    file = io.BytesIO(FILES[name])
    file.name = name
    edition = draft(client, files=file)
    assert edition.revision.attachments.count() == 1
    client.logout()
    assert not gets_out(client, edition)


def test_a_number_in_the_name_of_a_file_stays_inside(client, town):
    login(client, EDITOR)
    file = io.BytesIO(b"plain")
    file.name = f"{NUMBER}.txt"
    edition = draft(client, files=file)
    client.logout()
    assert not gets_out(client, edition)


def test_the_name_a_picture_came_with_gives_way_to_what_is_written_about_it(client, town):
    login(client, EDITOR)
    file = io.BytesIO(photos.jpeg(b""))
    file.name = f"{NUMBER}.jpg"
    edition = draft(client, files=file)
    row = edition.revision.attachments.get()
    page = client.get(f"/desk/info/{edition.pk}/edit")
    described = filled(page) | {f"alt_{row.file_id}": "路口的样子", "act": "save"}
    assert client.post(f"/desk/info/{edition.pk}/edit", described).status_code == 302
    edition.refresh_from_db()
    row = edition.revision.attachments.get()
    assert row.name == "路口的样子.jpg"
    assert gets_out(client, edition), "nothing of it is a number any more"
    client.logout()
    assert NUMBER not in client.get(f"/files/{row.pk}")["Content-Disposition"]


@pytest.mark.parametrize("field", ["issuer", "doc_number"])
def test_a_number_in_the_table_above_the_text_stays_inside(client, town, field):
    edition = actions.draft(
        town=town, metadata=acts.metadata(town, **{field: NUMBER}), content=acts.content(), by=staff(EDITOR)
    )
    assert not gets_out(client, edition)


@pytest.mark.parametrize(
    "field", ["title", "text", "issuer", "doc_number", "theme", "source", "url", "id", "index_number", "body_html"]
)
def test_a_number_in_what_is_imported_stays_inside(client, town, field):
    given = {"id": "a-1", "title": "停车的通知", "text": "不收费。", "issuer": "甲县", "published_on": "2019-05-06"}
    said = {"body_html": TYPED["a link's address"], "url": f"https://example.org/{NUMBER}.html"}.get(field, NUMBER)
    field = "html" if field == "body_html" else field
    lines: list = []
    importing.import_readings(
        town, [read_record(given | {field: said}, "x:1")], publish=True, by=CONSOLE, report=lines.append
    )
    for document in Document.objects.all():
        public = to_the_public(client, document.editions.get())
        assert not any(NUMBER in answer for answer in public[:-3]), lines


@pytest.mark.parametrize("told", ["the note of a new edition", "the reason of a withdrawal", "why a column is empty"])
def test_a_number_in_a_sentence_for_the_public_is_refused(client, town, told):
    edition = acts.published(town)
    with pytest.raises(Refused, match="身份证"):
        if told == "the note of a new edition":
            actions.new_edition(
                document=edition.document, content=acts.content(), by=staff(EDITOR), note=f"更正{NUMBER}的姓名。"
            )
        elif told == "the reason of a withdrawal":
            actions.withdraw(edition=edition, by=staff(SIGNER), ground="wrong", reason=f"写了{NUMBER}。")
        else:
            columns.open_all(town=town, owner=Post.objects.filter(town=town)[0], by=CONSOLE)
            column = Column.objects.filter(town=town)[0]
            columns.say_nothing(column=column, reason=f"等{NUMBER}来办。", by=staff(SIGNER))
    assert not any(NUMBER in answer for answer in to_the_public(client, edition)[:-3])


def test_what_a_visitor_asks_for_is_kept_by_nobody(client, town):
    """Somebody searches for a number: the question is answered, and no list of what people look for holds it."""
    client.get(f"/search?q={NUMBER}")
    client.get(f"/find?q={NUMBER}")
    follow.settle()
    login(client, DECIDER)
    assert NUMBER not in client.get("/desk/wanted/").content.decode()
    assert NUMBER not in client.get("/asked").content.decode()
