"""Small files of every kind, made by hand."""

import io
import zipfile

from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 30
PDF_LINE = "Residents may ask at the window."


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def docx(body: str, **more: str | bytes) -> bytes:
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    rels = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": rels}
    parts["word/document.xml"] = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped(parts | {name.replace("__", "/") + ".xml": text for name, text in more.items()})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(rows: list[list[str | float]], *, hidden: bool = False) -> bytes:
    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    state = ' state="hidden"' if hidden else ""
    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{REL}"><sheets>'
            f'<sheet name="名单" sheetId="1"{state} r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{lines}</sheetData></worksheet>",
        }
    )


def book(sheets: str, workbook: str = "", **more: str | bytes) -> bytes:
    """An .xlsx of one sheet whose XML is given; ``more`` are parts, ``__`` standing for ``/``."""
    plain = xlsx([])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {S}>{sheets}</worksheet>"
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</workbook>", f"{workbook}</workbook>".encode())
    named = {name.replace("__", "/"): text for name, text in more.items()}
    return zipped(parts | {name if "." in name else f"{name}.xml": text for name, text in named.items()})


def ofd(text: str, document: str = "", page: str = "", info: str = "", **more: str | bytes) -> bytes:
    """One page of one text; more XML for the document, the page, the head, and more parts by name."""
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return zipped(
        {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in more.items()}
        | {
            "OFD.xml": f"<ofd:OFD {ns}><ofd:DocBody>{info}<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document {ns}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/P0/Content.xml"/>'
            f"</ofd:Pages>{document}</ofd:Document>",
            "Doc_0/Pages/P0/Content.xml": f"<ofd:Page {ns}><ofd:TextObject><ofd:TextCode>{text}</ofd:TextCode>"
            f"</ofd:TextObject>{page}</ofd:Page>",
        }
    )


def pdf(
    *,
    javascript: bool = False,
    hidden_script: bool = False,
    attachment: bool = False,
    password: str = "",
    note: str = "",
    author: str = "",
    photo: bytes = b"",
) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({PDF_LINE}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if javascript:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if hidden_script:
        # Not reachable from any page; an annotation of a later version could lead there.
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer._add_object(DictionaryObject(action))
    if attachment:
        writer.add_attachment("secret.txt", b"inside")
    if author:
        writer.add_metadata({"/Author": author})
    if photo:
        image = StreamObject()
        image.set_data(photo)
        writer._add_object(image)
    if note:
        writer.add_annotation(0, FreeText(text=note, rect=(0, 0, 10, 10)))
    if password:
        writer.encrypt(password, algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + (stream + "\0").encode("utf-16-le") + b"\0" * 100


def many_sheets(hidden: dict[str, bool]) -> bytes:
    """A book of these sheets, hidden or not, each with one cell of its name and 里."""
    states = {name: ' state="hidden"' if is_hidden else "" for name, is_hidden in hidden.items()}
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}"{state} r:id="r{n}"/>' for n, (name, state) in enumerate(states.items(), 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(hidden) + 1)
    )
    return zipped(
        {
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{REL}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            **{
                f"xl/worksheets/s{n}.xml": f'<worksheet {S}><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
                f"<t>{name}里</t></is></c></row></sheetData></worksheet>"
                for n, name in enumerate(hidden, 1)
            },
        }
    )


def word_with_picture(picture: bytes, alt: str) -> bytes:
    """A Word file with a tracked change and a picture."""
    drawing = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing"><wp:docPr id="1" descr="{alt}"/>'
        f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData><pic:pic xmlns:pic="{DRAWING}/picture"><pic:blipFill>'
        f'<a:blip xmlns:r="{REL}" r:embed="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
    change = "<w:p><w:del><w:r><w:delText>改前</w:delText></w:r></w:del><w:ins><w:r><w:t>改后</w:t></w:r></w:ins></w:p>"
    plain = docx(paragraph("关于修桥的通知") + change + paragraph("请绕行，注意安全，听从安排。") + drawing)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r9" Type="{REL}/image" Target="media/image1.png"/></Relationships>'
    )
    types = parts["[Content_Types].xml"]
    assert isinstance(types, bytes)
    parts["[Content_Types].xml"] = types.replace(
        b"<Default", b'<Default Extension="png" ContentType="image/png"/><Default', 1
    )
    return zipped(parts | {"word/media/image1.png": picture})
