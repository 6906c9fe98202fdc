"""What an editor takes from a file, and old formats through a LibreOffice that may be absent."""

import base64
from pathlib import Path

import pytest

from mingtang.files import child, convert, office, sniff
from mingtang.lib.errors import Refused
from mingtang.lib.locks import file_lock
from tests.unit.files import photos, samples

SHEET = (
    '<cols><col min="3" max="3" hidden="1"/></cols><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>补贴 &lt;表&gt;</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>村</t></is></c><c r="B2" t="inlineStr"><is><t>金额</t></is></c>'
    '<c r="C2" t="inlineStr"><is><t>身份证</t></is></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>甲村</t></is></c><c r="B3"><v>120.5</v></c><c r="C3"><v>1</v></c></row>'
    '<row r="4"><c r="B4"><v>30</v></c></row>'
    '<row r="5" hidden="1"><c r="A5"><v>9</v></c></row></sheetData>'
    '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A3:A4"/></mergeCells>'
)


def test_a_sheet_becomes_a_table_of_what_is_seen():
    found = child.take(samples.book(SHEET))
    assert found.html == (
        "<table><caption>补贴 &lt;表&gt;</caption><thead><tr><th>村</th><th>金额</th></tr></thead><tbody>"
        '<tr><td rowspan="2">甲村</td><td>120.5</td></tr><tr><td>30</td></tr></tbody></table>'
    )
    assert "隐藏的行和列没有取" in found.notes[0]


def test_sheets_are_chosen_and_hidden_ones_are_not_offered():
    many = samples.many_sheets({"甲": False, "乙": True, "丙": False})
    asked = convert.convert(many)
    assert (asked.sheets, asked.html, asked.notes) == (["甲", "丙"], "", ["隐藏的工作表没有取。"])
    assert "<td>丙里</td>" in convert.convert(many, chosen=[1]).html
    assert "乙里" not in convert.convert(many, chosen=[0, 1, 7]).html


def test_a_sheet_that_no_page_should_hold_is_refused():
    with pytest.raises(Refused, match="工作表“名单”太大"):
        convert.convert(samples.xlsx([[str(number) for number in range(70)]]))
    with pytest.raises(Refused, match="没有内容"):
        convert.convert(samples.xlsx([]))


def test_a_table_with_a_formula_that_was_never_worked_out_is_not_taken():
    cells = '<sheetData><row r="2"><c r="B2"><f>A1&amp;B1</f>{}</c></row></sheetData>'
    with pytest.raises(Refused, match="工作表“名单”的 B2 里的公式没有算出结果"):
        convert.convert(samples.book(cells.format("")))
    assert "<td>3</td>" in convert.convert(samples.book(cells.format("<v>3</v>"))).html


def test_pictures_of_a_page_come_apart_and_a_large_one_is_refused():
    small = base64.b64encode(photos.jpeg(b"")).decode()
    large = base64.b64encode(photos.jpeg(b"") + b"\0" * 10 * 1024 * 1024).decode()
    source = (
        f'<p>前<img alt="路口 &amp; 桥" src="data:image/jpeg;base64,{small}">后</p>'
        f'<p>大<img src="data:image/png;base64,{large}"></p><p>远<img src="https://evil.example/1.png"></p>'
        "<p>怪<img src='data:image/svg+xml;base64,PHN2Zz4='></p>"
    )
    found = convert.page(source, 3)
    assert found.html == "<p>前（图3，见附件）后</p><p>大</p><p>远</p><p>怪</p>"
    assert [(row.name, row.data) for row in found.pictures] == [("图3 路口 & 桥", photos.jpeg(b""))]
    assert [note.partition("。")[0] for note in found.notes] == [
        "有 1 张图片没有取进来（超过 5 MB）",
        "有 1 张图片没有取进来（在别的地方）",
        "有 1 张图片没有取进来（是XML 文件）",
    ]


def test_the_pictures_of_a_word_file_come_apart_with_their_words():
    found = child.take(samples.word_with_picture(photos.png(b""), "示意图"), first=2)
    assert [(row.name, row.data) for row in found.pictures] == [("图2 示意图", photos.png(b""))]
    assert "（图2，见附件）" in found.html
    assert "文档里有修订没有接受" in found.notes[0]
    assert "改后" in found.html
    assert "改前" not in found.html
    left = convert.word(samples.word_with_picture(photos.png(b""), "示意图"))
    assert "图" not in left.html
    assert left.notes[-1] == "文档里的图片没有导入，请作为附件另传，并配上文字说明。"


FAKE = """#!/bin/sh
while [ "$1" != "--convert-to" ]; do shift; done
cp "{answer}" "$4/in.$2"
"""


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """A command of that name on PATH, alone there; ``soffice(data)`` sets what it makes of any file."""

    def make(data: bytes, script: str = FAKE) -> None:
        (tmp_path / "answer").write_bytes(data)
        command = tmp_path / "soffice"
        command.write_text(script.format(answer=tmp_path / "answer"))
        command.chmod(0o755)

    # Beside it the shell finds what the command needs, and no other office.
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "cp").symlink_to("/bin/cp")
    return make


def test_an_old_file_goes_through_libreoffice(soffice):
    soffice(samples.docx(samples.paragraph("转好的")))
    assert office.modern(samples.ole("WordDocument"), "doc")[:2] == b"PK"


def test_one_old_file_goes_through_at_a_time(soffice):
    soffice(samples.docx(samples.paragraph("转好的")))
    with file_lock("office"), pytest.raises(Refused, match="过一分钟"):
        office.modern(samples.ole("WordDocument"), "doc")
    assert office.modern(samples.ole("WordDocument"), "doc")


def test_without_libreoffice_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="没有装 LibreOffice"):
        office.modern(samples.ole("WordDocument"), "doc")


def test_a_libreoffice_that_hangs_or_makes_nothing_is_a_sentence(soffice, monkeypatch, tmp_path):
    soffice(b"", "#!/bin/sh\nexit 0\n")
    with pytest.raises(Refused, match="没有读出来"):
        office.modern(b"x", "doc")
    with pytest.raises(Refused, match="libreoffice-calc"):
        office.modern(b"x", "xls")
    monkeypatch.setattr(office, "SECONDS", 1)
    soffice(b"", '#!/bin/sh\necho text > "$TMPDIR/part"\necho "$TMPDIR" > {answer}\nwhile :; do :; done\n')
    with pytest.raises(Refused, match="没有读出来"):
        office.modern(b"x", "doc")
    assert not Path((tmp_path / "answer").read_text().strip()).exists(), "what it kept for itself goes with it"


def test_an_old_file_with_macros_is_no_text():
    data = samples.ole("WordDocument") + ("_VBA_PROJECT\0").encode("utf-16-le")
    assert sniff.sniff(data).code == "macro"
    assert sniff.sniff(rb"{\rtf1 text}").code == "rtf"
