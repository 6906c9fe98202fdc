"""Taking the text of a draft from a file somebody has: shown in the form, nothing saved."""

import base64
import io
import json
import re
from datetime import timedelta
from html import escape

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from mingtang.disclosure.models import Document, Edition
from mingtang.files import actions as files
from mingtang.files import leftover
from mingtang.files.models import StoredFile
from tests.factories.cast import EDITOR, login
from tests.integration.desk_steps import document, hidden, text
from tests.unit.files import photos, samples

pytestmark = pytest.mark.django_db
LINE = "请各村绕行，注意安全，听从现场人员安排。"


def take(client: Client, data: bytes, name: str) -> HttpResponse:
    file = io.BytesIO(data)
    file.name = name
    typed = document(act="word", title="原来的标题", body="原来的正文。")
    return client.post("/desk/info/new", typed | {"word": file})


def body(answer: HttpResponse) -> str:
    """The clean HTML which the editor script takes over."""
    return re.search(r'<template id="body-source">(.*?)</template>', text(answer), re.S)[1]


def again(answer: HttpResponse, **changes: str) -> dict[str, str]:
    """The same form once more, as it came back, with these fields."""
    kept = {name: hidden(answer, name) for name in ("form_token", "kept")}
    return document(**kept, body=body(answer), body_form="html") | changes


def test_pictures_of_a_word_file_become_attachments_and_a_word_on_each_is_asked_for(client, town):
    login(client, EDITOR)
    page = take(client, samples.word_with_picture(photos.png(photos.exif()), ""), "修桥.docx")
    assert page.status_code == 200
    assert "（图1，见附件）" in body(page)
    for said in ("文档里有修订没有接受", "取出了 1 张图片", "照片“图1.png”里记着拍摄地点"):
        assert said in text(page)
    assert not Document.objects.exists()
    client.post("/desk/info/new", again(page, act="save"))
    edition = Edition.objects.get()
    row = edition.revision.attachments.get()
    assert files.content(row.file) == ("图1.png", photos.png(b""))
    assert "图片“图1.png”没有文字说明" in text(client.get(f"/desk/info/{edition.pk}"))
    edit = f"/desk/info/{edition.pk}/edit"
    page = client.get(edit)
    alt = {f"alt_{row.file_id}": "图1 村口改道示意图"}
    client.post(edit, again(page, act="save", seen_revision=hidden(page, "seen_revision"), **alt))
    edition.refresh_from_db()
    assert edition.revision.attachments.get().name == "图1 村口改道示意图.png"
    assert "没有文字说明" not in text(client.get(f"/desk/info/{edition.pk}"))


def test_chosen_sheets_of_a_spreadsheet_become_tables(client, town):
    login(client, EDITOR)
    page = take(client, samples.many_sheets({"甲": False, "乙": True, "丙": False}), "补贴.xlsx")
    assert "“补贴.xlsx”里有 2 张工作表" in text(page)
    assert "原来的正文。" in text(page)
    offered = re.findall(r'name="sheet" value="(\d)"[^>]*><label for="[^"]*">([^<]*)', text(page))
    assert offered == [("0", "甲"), ("1", "丙")]
    none = client.post("/desk/info/new", again(page, act="word"))
    assert none.status_code == 422
    assert "还没有选工作表" in text(none)
    page = client.post("/desk/info/new", again(none, act="word", sheet="1"))
    assert body(page) == "<p>丙里</p>"
    assert 'name="sheet"' not in text(page)
    client.post("/desk/info/new", again(page, act="save"))
    assert not Edition.objects.get().revision.attachments.exists()
    assert StoredFile.objects.filter(name="补贴.xlsx").exists()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        leftover.forget()
    assert not StoredFile.objects.filter(name="补贴.xlsx").exists(), "a book that gave its tables is needed no more"


def test_an_old_file_goes_through_libreoffice_or_a_sentence_says_what_to_do(client, town, tmp_path, monkeypatch):
    login(client, EDITOR)
    monkeypatch.setenv("PATH", str(tmp_path))
    absent = take(client, samples.ole("WordDocument"), "通知.wps")
    assert absent.status_code == 422
    assert "服务器上没有装 LibreOffice" in text(absent)
    assert "原来的正文。" in text(absent)
    (tmp_path / "answer").write_bytes(samples.docx(samples.paragraph("修桥通知") + samples.paragraph(LINE)))
    (tmp_path / "cp").symlink_to("/bin/cp")
    fake = tmp_path / "soffice"
    fake.write_text(f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp "{tmp_path}/answer" "$2/in.docx"\n')
    fake.chmod(0o755)
    page = take(client, samples.ole("WordDocument"), "通知.wps")
    assert LINE in body(page)
    assert "旧版文件是转换以后读入的" in text(page)


def test_a_page_called_doc_and_an_ofd_are_read_by_what_they_are(client, town):
    login(client, EDITOR)
    lied = take(client, f"<html><body><h1>修桥通知</h1><p>{LINE}</p></body></html>".encode(), "通知.doc")
    assert "“通知.doc”看名字是旧版 Word 文档，其实是网页，已经按网页读入。" in text(lied)
    assert LINE in body(lied)
    piece = f"<ofd:TextObject><ofd:TextCode>{LINE}</ofd:TextCode></ofd:TextObject>"
    ofd = take(client, samples.ofd("修桥通知", page=piece), "通知.ofd")
    assert LINE in body(ofd)
    assert "版式文件里一行就是一段" in text(ofd)


def test_a_page_saved_from_another_site_leaves_its_scripts_frames_and_pictures_behind(client, town):
    login(client, EDITOR)
    large = base64.b64encode(photos.jpeg(b"") + b"\0" * 10 * 1024 * 1024).decode()
    cells = "<table><tr><td>内甲</td><td>内乙</td></tr></table>"
    page = (
        "<html><head><title>修桥通知</title><style>p{color:red}</style></head><body><script>steal()</script>"
        f'<iframe src="//evil.example"></iframe><h1>修桥通知</h1><table><tr><td><p onclick="x()">{LINE}</p>{cells}'
        f'<img src="data:image/jpeg;base64,{large}"></td></tr></table></body></html>'
    )
    answer = take(client, page.encode(), "通知.html")
    assert answer.status_code == 200
    assert body(answer) == f"<p>{LINE}</p>\n<table><tbody><tr><td>内甲</td><td>内乙</td></tr></tbody></table>"
    assert "有 1 张图片没有取进来（超过 5 MB）" in text(answer)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (samples.zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": "x"}), "通知.docx", "另存为不带宏的"),
        (samples.ole("EncryptedPackage"), "通知.docx", "加了密码"),
        (samples.pdf(), "通知.pdf", "是PDF 文件，这里只收"),
        (samples.docx("<w:p/>"), "空.docx", "没有找到正文"),
        ("村,数\n长堤村,3\n".encode(), "数.csv", "另存为 .xlsx"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--b\n<p>x</p>", "通知.doc", "另存为 .docx"),
    ],
)
def test_what_cannot_be_taken_is_a_sentence_and_what_was_typed_stays(client, town, data, name, sentence):
    login(client, EDITOR)
    answer = take(client, data, name)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "原来的正文。" in text(answer)


@pytest.mark.shared
def test_naughty_cells_and_file_names_pass_unharmed(client, town, shared):
    login(client, EDITOR)
    naughty = json.loads((shared / "data" / "security" / "blns.json").read_text())
    holds = re.compile(r"[\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
    words = [word for word in naughty if word.strip() and holds.fullmatch(word)]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n}</t></is></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>{escape(word)}</t></is></c></row>'
        for n, word in enumerate(words, 1)
    )
    page = take(client, samples.book(f"<sheetData>{rows}</sheetData>"), "<script>alert(1)</script>.xlsx")
    assert page.status_code == 200
    assert body(page).count("<tr>") == len(words) > 400
    assert "<script>alert" not in text(page)
    for word in ("&lt;script&gt;alert(123)&lt;/script&gt;", "社會科學院語學研究所", "田中さんにあげて下さい"):
        assert word in body(page)


@pytest.mark.shared
def test_a_real_word_file_is_taken_with_its_table(client, town, shared):
    login(client, EDITOR)
    data = (shared / "data" / "office_samples" / "doc" / "审批受理单.docx").read_bytes()
    page = take(client, data, "审批受理单.docx")
    assert page.status_code == 200
    assert "<table>" in body(page)
    assert "拟办意见/领导批示" in body(page)
