"""A number that points at a person is found in every place of a file from which a reader could get it."""

import io
import zipfile
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from mingtang import guard
from mingtang.files.extract import extract
from mingtang.files.parts import EARLIER
from mingtang.lib.errors import Refused
from tests.unit.files import samples

pytestmark = pytest.mark.pure
ID = "11010519491231002X"
HEAD, TAIL = ID[:6], ID[6:]
WIDE = ID.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
ONE = "<sheetData><row><c><v>1</v></c></row></sheetData>"
INNER = samples.docx(samples.paragraph(WIDE))
FORMAT = (
    f'<styleSheet {samples.S}><numFmts><numFmt numFmtId="170" formatCode="&quot;430623&quot;0"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)


def within(whole: bytes, **more: str | bytes) -> bytes:
    """A zip file with more parts, ``__`` standing for a stroke and ``_0_`` for a dot."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return samples.zipped(parts | {name.replace("__", "/").replace("_0_", "."): part for name, part in more.items()})


def word(body: str = "", **more: str | bytes) -> bytes:
    return within(samples.docx(samples.paragraph("x") + body), **more)


def book(sheet: str = ONE, **more: str | bytes) -> bytes:
    return within(samples.book(sheet), **more)


def pdf(change) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(samples.pdf())))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def named(**entries) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def text(said: str) -> TextStringObject:
    return TextStringObject(said)


def form(writer: PdfWriter, said: str):
    """Something that draws a text."""
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 20 Td ({said}) Tj ET".encode())
    box = ArrayObject([NumberObject(one) for one in (0, 0, 300, 50)])
    stream.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=box))
    stream[NameObject("/Resources")] = writer.pages[0]["/Resources"]
    return writer._add_object(stream)


def note(writer: PdfWriter, kind: str, **entries) -> None:
    rect = ArrayObject([NumberObject(one) for one in (0, 0, 9, 9)])
    writer.add_annotation(0, named(Subtype=NameObject(f"/{kind}"), Rect=rect, **entries))


def earlier() -> bytes:
    """A page whose text was taken away behind the file as it was."""

    def shown(writer):
        page, content = writer.pages[0], StreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({ID}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)

    writer = PdfWriter(io.BytesIO(pdf(shown)), incremental=True)
    content = StreamObject()
    content.set_data(b"BT /F1 12 Tf 20 200 Td (nothing here) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


SAID = {
    "a drawing of an organisation": word(word__diagrams__data1_0_xml=f"<d><t>{HEAD}</t><t>{TAIL}</t></d>"),
    "a chart of a new kind": word(word__charts__chartEx1_0_xml=f"<c><t>{WIDE}</t></c>"),
    "a formula": word(f'<w:p><m:r xmlns:m="{MATH}"><m:t>{HEAD}</m:t><m:t>{TAIL}</m:t></m:r></w:p>'),
    "letters by their codes": word("<w:p>" + "".join(f'<w:sym w:char="F0{ord(one):02X}"/>' for one in ID) + "</w:p>"),
    "a shape": word(f'<w:p><w:drawing><a:t xmlns:a="{samples.DRAWING}/main">{WIDE}</a:t></w:drawing></w:p>'),
    "lettering": word(f'<w:p><v:textpath xmlns:v="urn:v" string="{WIDE}"/></w:p>'),
    "a hint over a link": word(f'<w:p><w:hyperlink w:tooltip="{WIDE}"/></w:p>'),
    "a page that Word takes in": word(word__afchunk_0_htm=f"<p>{WIDE}</p>"),
    "a list beside": word(notes__list_0_txt=WIDE),
    "a zip": word(word__embeddings__a_0_zip=samples.zipped({"a.txt": ID + "x" * 5000})),
    "a zip called a picture": word(word__media__image1_0_png=samples.zipped({"a.txt": ID + "x" * 5000})),
    "a cell of a format with figures": book('<sheetData><row><c s="1"><v>195603080012</v></c></row></sheetData>',
                                            xl__styles_0_xml=FORMAT),
    "a hint over a cell": book(ONE + f'<hyperlinks><hyperlink ref="A1" tooltip="{WIDE}"/></hyperlinks>'),
    "a sheet that no tab leads to": book(xl__worksheets__sheet9_0_xml=f"<worksheet><t>{WIDE}</t></worksheet>"),
    "a text that no cell shows": book(xl__sharedStrings_0_xml=f"<sst {samples.S}><si><t>{WIDE}</t></si></sst>"),
    "an old drawing": book(xl__drawings__vmlDrawing1_0_vml=f"<xml><div>{HEAD}</div><div>{TAIL}</div></xml>"),
    "a drawn picture": book(xl__media__image1_0_svg=f"<svg><text>{HEAD}</text><text>{TAIL}</text></svg>"),
    "a bookmark of an OFD": samples.ofd("x", document=f'<ofd:OutlineElem Title="{WIDE}"/>'),
    "a bookmark": pdf(lambda writer: writer._add_object(named(Title=text(WIDE)))),
    "what is read aloud": pdf(lambda writer: writer._add_object(named(ActualText=text(WIDE)))),
    "a layer": pdf(lambda writer: writer._add_object(named(Type=NameObject("/OCG"), Name=text(WIDE)))),
    "a note in form": pdf(lambda writer: note(writer, "Text", RC=text(f"<p>{ID}</p>"))),
    "an address": pdf(lambda writer: note(writer, "Link", A=named(S=NameObject("/URI"), URI=text(f"https://a.cn/{ID}")))),
    "a choice of a field": pdf(lambda writer: note(writer, "Widget", Opt=ArrayObject([text(WIDE)]))),
    "a stamp": pdf(lambda writer: note(writer, "Stamp", AP=named(N=form(writer, ID)))),
    "what was there before": earlier(),
}  # fmt: skip


@pytest.mark.parametrize("place", SAID)
def test_a_number_is_found_in(place):
    found = guard.check_many(extract(SAID[place]).parts)
    assert any(one.kind == "resident_id" and one.blocks for one in found)


UNREAD = {
    "Word in an old envelope": word(word__embeddings__oleObject1_0_bin=samples.ole("Package") + INNER),
    "slides": word(word__embeddings__a_0_pptx=samples.zipped({"ppt/slides/slide1.xml": b"\0" * 40})),
    "the data of a model": book(xl__model__item_0_data=zlib.compress(ID.encode())),
    "what an OFD carries": samples.ofd(
        "x",
        document="<ofd:Attachments>Files.xml</ofd:Attachments>",
        Doc_0__Files_xml='<a><Attachment Name="a"><FileLoc>inner.zip</FileLoc></Attachment></a>',
        **{"Doc_0__inner.zip": samples.zipped({"a.txt": "x" * 4000})},
    ),
}


@pytest.mark.parametrize("place", UNREAD)
def test_what_cannot_be_looked_into_blocks(place):
    found = guard.check_many(extract(UNREAD[place]).parts)
    assert any(one.blocks and "读不出来的内容" in one.part for one in found)


def test_what_a_pdf_hides_from_every_reader_is_refused():
    carried = named(F=text("a.txt"), EF=named(F=text("x")))
    with pytest.raises(Refused, match="夹带了别的文件"):
        extract(pdf(lambda writer: note(writer, "FileAttachment", FS=carried)))
    with pytest.raises(Refused, match="XFA"):
        extract(pdf(lambda writer: writer.root_object.update(named(AcroForm=named(XFA=text("x"))))))


def test_files_within_files_end_somewhere():
    data = samples.zipped({"a.txt": "x"})
    for _ in range(5):
        data = word(word__embeddings__a_0_docx=word(word__embeddings__b_0_zip=data))
    with pytest.raises(Refused, match="一层套一层"):
        extract(data)


def test_a_file_that_was_only_signed_says_nothing_twice():
    writer = PdfWriter(io.BytesIO(samples.pdf()), incremental=True)
    writer.add_metadata({"/Keywords": "x"})
    out = io.BytesIO()
    writer.write(out)
    assert EARLIER not in dict(extract(out.getvalue()).parts)


def test_a_format_without_figures_changes_no_number():
    styles = FORMAT.replace("430623", "第")
    sheet = '<sheetData><row><c s="1"><v>1100</v></c></row></sheetData>'
    assert extract(book(sheet, xl__styles_0_xml=styles)).visible == "名单\n1100"
