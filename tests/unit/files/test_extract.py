import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang import guard
from mingtang.files import archive, child
from mingtang.files.decode import try_decode
from mingtang.files.extract import extract
from mingtang.files.parts import UNSEEN
from mingtang.lib.errors import Refused
from tests.unit.files import photos, samples

steady = settings(deadline=None, derandomize=True)


def lines(data):
    return extract(data).text.split("\n")


def test_word_text_includes_tables_headers_text_boxes_deletions_and_properties():
    body = (
        samples.paragraph("正文")
        + f"<w:tbl><w:tr><w:tc>{samples.paragraph('单元格')}</w:tc></w:tr></w:tbl>"
        + f"<w:p><w:r><w:pict><w:txbxContent>{samples.paragraph('文本框')}</w:txbxContent></w:pict></w:r></w:p>"
        + "<w:p><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>"
        + "<w:p><w:r><w:t>留着</w:t></w:r><w:ins><w:r><w:t>添上的话</w:t></w:r></w:ins></w:p>"
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏着的话</w:t></w:r></w:p>"
    )
    data = samples.docx(
        body,
        word__header1=f"<w:hdr {samples.W}>{samples.paragraph('页眉 机密')}</w:hdr>",
        word__comments=f"<w:comments {samples.W}>{samples.paragraph('批注')}</w:comments>",
        docProps__core="<p><creator>某某</creator></p>",
    )
    found = extract(data)
    assert found.parts == [
        ("", "正文\n单元格\n\n文本框\n\n留着添上的话\n"),
        ("修订", "删去的话\n添上的话"),
        ("隐藏的文字", "藏着的话"),
        ("页眉页脚", "页眉 机密"),
        ("批注", "批注"),
        ("文档属性“作者”", "某某"),
    ]
    assert found.warnings == ["文件里有修订、隐藏的文字、批注，打开的人都能翻出来，公开前请删去，另存一份再传。"]


def test_a_row_of_a_word_table_is_one_line_with_its_cells_in_their_columns():
    def cell(*lines, span=1):
        wide = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
        return f"<w:tc>{wide}{''.join(map(samples.paragraph, lines))}</w:tc>"

    rows = [
        cell("救助名单", span=3),
        cell("姓名") + cell("村组") + cell("病种"),
        cell("王小满") + cell("") + cell("尿毒症", "透析"),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    text = extract(samples.docx(samples.paragraph("前") + table + samples.paragraph("后"))).text
    assert text == "前\n救助名单\t\t\n姓名\t村组\t病种\n王小满\t\t尿毒症 透析\n后"
    assert any(one.blocks and "病种" in one.message for one in guard.check(text)), "the guard reads the table as one"


def test_sheets_are_read_hidden_ones_too_and_long_numbers_stay_whole():
    found = extract(samples.xlsx([["姓名", "卡号"], ["张三", 6222020200112233]], hidden=True))
    assert dict(found.parts) == {"隐藏工作表“名单”": "名单\n姓名\t卡号\n张三\t6222020200112233"}
    assert found.visible == ""
    assert found.warnings == ["文件里有隐藏工作表“名单”，打开的人都能翻出来，公开前请删去，另存一份再传。"]


def test_each_hidden_place_of_a_spreadsheet_has_its_name():
    sheet = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>看得见</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>列里</t></is></c></row>'
        '<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>行里</t></is></c></row></sheetData>'
        '<dataValidations><dataValidation prompt="提示"/></dataValidations>'
        "<headerFooter><oddHeader>页眉</oddHeader></headerFooter>"
    )
    found = extract(
        samples.book(
            sheet,
            "<definedNames><definedName name='底数'>13800138000</definedName></definedNames>",
            xl__comments1="<comments><t>批的</t></comments>",
            xl__pivotCache__pivotCacheRecords1="<r><s v='透视的人'/></r>",
            **{"xl__embeddings__底表.xlsx": samples.xlsx([["嵌着"]], hidden=True)},
            **{"xl__media__image1.jpg": photos.jpeg(photos.exif())},
        )
    )
    assert dict(found.parts) == {
        "": "名单\n看得见",
        "隐藏的列": "列里",
        "隐藏的行": "行里",
        "单元格的提示": "提示",
        "页眉页脚": "页眉",
        "定义的名称": "底数 13800138000",
        "批注": "批的",
        "数据透视表的缓存": "透视的人",
        "嵌入的文件“底表.xlsx”隐藏工作表“名单”": "名单\n嵌着",
        "照片位置": "image1.jpg：北纬29.52345度，东经112.64120度",
    }


ID = "11010519491231002X"


@pytest.mark.parametrize(
    "data",
    [
        samples.book(f'<sheetData><row><c t="str"><f>IF(A1="{ID}",1,0)</f><v>1</v></c></row></sheetData>'),
        samples.book(f"<dataValidations><dataValidation><formula1>{ID}</formula1></dataValidation></dataValidations>"),
        samples.book(f"<conditionalFormatting><cfRule><formula>A1={ID}</formula></cfRule></conditionalFormatting>"),
        samples.book("", xl__theme__theme1=f'<a name="{ID}"/>'),
        samples.book("", **{"xl__printerSettings__p.bin": ID.encode("utf-16-le")}),
        samples.book("", **{"xl__embeddings__b.xlsx": samples.book(f"<cf><formula>{ID}</formula></cf>")}),
        samples.docx("<w:p/>", word__settings=f'<settings><docVar val="{ID}"/></settings>'),
        samples.docx(samples.paragraph("正文"), word__media__a=f"<a>{ID}</a>"),
        samples.ofd("正文", Doc_0__Attr_xml=f'<a id="{ID}"/>'),
        photos.png(b"", more=[(b"zTXt", b"Comment\0\0" + zlib.compress(ID.encode()))]),
        photos.png(b"", more=[(b"zzZz", ID.encode())]),
        photos.jpeg(b"II*\0" + ID.encode() + b"\0"),
    ],
)  # fmt: skip
def test_a_number_that_points_at_somebody_is_found_wherever_it_stands(data):
    parts = dict(extract(data).parts)
    assert parts.get(UNSEEN) == ID
    assert any(one.blocks for one in guard.check_many(parts.items()))


FORMULA = '<sheetData><row r="2"><c r="B2"{}><f>{}</f>{}</c></row></sheetData>'
AFRESH = '<calcPr fullCalcOnLoad="1"/>'


@pytest.mark.parametrize(
    ("cell", "workbook", "label"),
    [
        (FORMULA.format("", "A1&amp;B1", ""), "", "没有结果的公式"),
        (FORMULA.format("", "A1&amp;B1", "<v></v>"), "", "没有结果的公式"),
        (FORMULA.format(' t="str"', "A1&amp;B1", ""), "", "没有结果的公式"),
        (FORMULA.format("", "A1&amp;B1", "<v>0</v>"), AFRESH, "没有结果的公式"),
        (FORMULA.format("", "[1]名单!A1", "<v>3</v>"), "", "引用别处的公式"),
        (FORMULA.format("", "SUM('[12]名 单'!A1:A3)", "<v>3</v>"), "", "引用别处的公式"),
        (FORMULA.format("", '_xlfn.WEBSERVICE("https://example.org")', "<v>3</v>"), "", "引用别处的公式"),
    ],
)
def test_a_formula_that_shows_what_the_file_does_not_hold_is_named_and_blocks(cell, workbook, label):
    data = samples.book(cell, workbook)
    assert dict(extract(data).parts)[label] == "“名单”表 B2"
    [finding] = [one for one in guard.check_many(extract(data).parts) if one.blocks]
    assert (finding.kind, finding.waiver) == ("formula", "nobody")
    assert finding.message.startswith(f"{label}：“名单”表 B2，打开文件的人看到的") and "保存" in finding.message
    inside = extract(samples.book("", **{"xl__embeddings__b.xlsx": data}))
    assert any(one.kind == "formula" for one in guard.check_many(inside.parts))


@pytest.mark.parametrize(
    "cell",
    [
        FORMULA.format("", "SUM(A1:B1)", "<v>3</v>"),
        FORMULA.format(' t="str"', 'IF(A1="","",1)', "<v></v>"),
        FORMULA.format(' t="e"', "1/0", "<v>#DIV/0!</v>"),
        FORMULA.format("", "SUM(表[2019],表[[#This Row],[2020]])+名单!A1", "<v>3</v>"),
        FORMULA.format("", '"[1]名单!A1"&amp;A1', "<v>3</v>"),
        '<sheetData><row r="2"><c r="B2"><v>3</v></c></row></sheetData>',
    ],
)
def test_a_formula_with_its_own_result_is_read_like_any_cell(cell):
    assert {label for label, _ in extract(samples.book(cell)).parts} == {""}


def test_of_many_formulas_the_first_is_named_with_their_count():
    cells = "".join(f'<c r="{letter}2"><f>A1</f></c>' for letter in "ABC")
    found = guard.check_many(extract(samples.book(f'<sheetData><row r="2">{cells}</row></sheetData>')).parts)
    assert found[0].message.startswith("没有结果的公式：“名单”表 A2等 3 格，")


def test_a_number_that_is_read_stands_in_one_place_only():
    rows = [["姓名", "号码"], ["张三", ID], ["李四", 13812345678], ["王五", 0.13812345678]]
    assert [label for label, _ in extract(samples.xlsx(rows)).parts] == [""]
    comments = {"xl__comments__comment1": f'<comments xmlns="x"><t>{ID}</t></comments>'}
    assert dict(extract(samples.book("", **comments)).parts)["批注"] == ID, "as another program files them"


def test_what_would_run_in_a_spreadsheet_is_refused_or_told():
    cell = "<sheetData><row><c><f>{}</f></c></row></sheetData>"
    with pytest.raises(Refused, match="DDE"):
        extract(samples.book(cell.format("cmd|' /C calc'!A0")))
    extract(samples.book(cell.format('A1&amp;"|"&amp;B1')))
    assert "公式运行" in extract("村,数\n=cmd|' /C calc'!A0,3\n".encode()).warnings[0]
    assert not extract("村,数\n长堤村,-3\n-- 说明 --\n".encode()).warnings


def test_references_to_the_world_outside_are_told_and_not_followed():
    outside = '<r><Relationship Type="x/{}" Target="http://evil.example/a.png" TargetMode="External"/></r>'
    with_picture = samples.docx("<w:p/>", word__outside=outside.format("image"))
    assert "引用了别处的图片或者文件（http://evil.example/a.png）" in extract(with_picture).warnings[0]
    with_link = extract(samples.docx("<w:p/>", word__outside=outside.format("hyperlink")))
    assert (with_link.parts, with_link.warnings) == ([("链接", "http://evil.example/a.png")], [])
    away = outside.replace("http://evil.example/a.png", "{}")
    for address in ("http://evil.example/t.dotm", "\\\\evil.example\\t.dotm", "mhtml:http://evil.example/x!y"):
        for kind in ("attachedTemplate", "oleObject"):
            with pytest.raises(Refused, match="到别的机器上取内容"):
                extract(samples.docx("<w:p/>", word__outside=away.format(kind, address)))
    own = "file:///C:\\Users\\zhang\\Normal.dotm"
    assert extract(samples.docx("<w:p/>", word__outside=away.format("attachedTemplate", own))).parts == [("链接", own)]
    for address in ("http://evil.example/p.xml", "../../etc/passwd", "file:///etc/passwd"):
        page = f'<ofd:Pages><ofd:Page BaseLoc="{address}"/></ofd:Pages>'
        found = extract(samples.ofd("正文", document=page))
        assert found.visible == "正文"
        assert f"引用了文件以外的内容（{address}）" in found.warnings[0]


def test_what_an_ofd_carries_beside_its_pages_has_its_name():
    found = extract(
        samples.ofd(
            "110101",
            page='<ofd:TextObject Boundary="1 5 9 4"><ofd:TextCode>19900</ofd:TextCode></ofd:TextObject>'
            '<ofd:TextObject Boundary="9 5 9 4"><ofd:TextCode>1011</ofd:TextCode></ofd:TextObject>',
            document="<ofd:Annotations>Annots.xml</ofd:Annotations><ofd:Attachments>Files.xml</ofd:Attachments>",
            info="<ofd:DocInfo><ofd:Author>某某</ofd:Author></ofd:DocInfo>",
            Doc_0__Annots_xml="<a><Page><FileLoc>Note.xml</FileLoc></Page></a>",
            Doc_0__Note_xml="<a><Annot Creator='批的人'><x>批的话</x></Annot></a>",
            Doc_0__Files_xml="<a><Attachment Name='底稿'><FileLoc>inner.txt</FileLoc></Attachment></a>",
            **{"Doc_0__inner.txt": "夹着的话"},
        )
    )
    assert found.parts == [
        ("", "110101\n199001011"),
        ("批注", "批的人\n批的话"),
        ("夹带的文件“底稿”", "夹着的话"),
        ("文档属性“作者”", "某某"),
    ]


def test_ofd_text_is_read_in_page_order():
    assert lines(samples.ofd("你好，万庾")) == ["你好，万庾"]


def test_pdf_text_and_notes_are_read():
    found = extract(samples.pdf(note="phone 13800138000", author="Li Si", photo=photos.jpeg(photos.exif())))
    assert dict(found.parts) == {
        "": samples.PDF_LINE,
        "批注": "phone 13800138000",
        "文档属性“制作软件”": "pypdf",
        "文档属性“作者”": "Li Si",
        "照片位置": "北纬29.52345度，东经112.64120度",
    }
    assert found.warnings == ["文件里有批注、照片位置，打开的人都能翻出来，公开前请删去，另存一份再传。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_text_is_read_in_every_usual_encoding(encoding):
    text = "华容县万庾镇人民政府，镕基路１号"
    assert lines(text.encode(encoding)) == [text]


def test_line_ends_of_all_systems_become_one():
    assert try_decode("甲\r\n乙\r丙\n".encode()) == ("甲\n乙\n丙\n", "utf-8")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (samples.pdf(javascript=True), "会自动运行的程序"),
        (samples.pdf(hidden_script=True), "会自动运行的程序"),
        (samples.pdf(attachment=True), "夹带了别的文件"),
        (samples.pdf(password="x"), "加了密码"),
        (samples.pdf()[:300], "已损坏"),
        (samples.ole("EncryptedPackage"), "加了密码"),
        (samples.ole("WordDocument"), r"另存为 \.docx"),
        (samples.docx("<w:p>"), "已损坏"),
        (samples.docx("").replace(b"word/document.xml", b"word/document.xmk"), None),
    ],
)
def test_dangerous_locked_and_broken_files_are_refused_with_a_sentence(data, sentence):
    if sentence is None:
        assert extract(data).kind == "zip"
        return
    with pytest.raises(Refused, match=sentence):
        extract(data)


def test_a_pdf_locked_only_against_changes_can_be_read():
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(samples.pdf())))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    buffer = BytesIO()
    writer.write(buffer)
    assert samples.PDF_LINE in extract(buffer.getvalue()).text


def test_entities_are_never_expanded():
    body = f"<w:document {samples.W}><w:body>{samples.paragraph('&a;')}</w:body></w:document>"
    data = samples.zipped({"word/document.xml": f'<!DOCTYPE d [<!ENTITY a "aaaa">]>{body}'})
    with pytest.raises(Refused, match="DTD"):
        extract(data)


def test_a_zip_bomb_is_refused_by_its_directory():
    data = samples.zipped({"word/document.xml": b" " * 6_000_000})
    with pytest.raises(Refused, match="大得不正常"):
        extract(data)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_unpacking(monkeypatch):
    data = bytearray(samples.zipped({"word/document.xml": b" " * 3000}))
    monkeypatch.setattr(archive, "MAX_ENTRY", 1000)
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Refused):
        extract(bytes(data))


def test_a_zip_with_a_password_is_refused():
    data = bytearray(samples.ofd("密"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Refused, match="加了密码"):
        extract(bytes(data))


def test_too_many_entries_and_two_of_one_name_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    with pytest.raises(Refused, match="大得不正常"):
        archive.SafeZip(samples.zipped({f"{number}.xml": "x" for number in range(5)}))
    with pytest.warns(UserWarning, match="Duplicate"):
        import io

        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as twice:
            twice.writestr("a.xml", "1")
            twice.writestr("a.xml", "2")
    with pytest.raises(Refused, match="已损坏"):
        archive.SafeZip(buffer.getvalue())


@settings(steady, max_examples=60)
@given(st.data())
def test_a_file_with_any_byte_changed_gives_text_or_a_sentence(data):
    whole = bytearray(
        data.draw(st.sampled_from([samples.pdf(), samples.docx("<w:p/>"), samples.xlsx([["a"]]), samples.ofd("b")]))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        extract(bytes(whole))
    except Refused as refusal:
        assert refusal.message.endswith("。")


def test_a_child_reads_and_refuses_like_the_reader_itself():
    assert child.read(samples.ofd("你好")).text == "你好"
    with pytest.raises(Refused, match="加了密码"):
        child.read(samples.pdf(password="x"))


def test_a_child_without_enough_memory_or_time_is_a_sentence():
    with pytest.raises(Refused, match="没有读完"):
        child.read(samples.pdf(), memory=30_000_000)
    with pytest.raises(Refused, match="没有读完"):
        child.read(b"\xe4\xb8\x80" * 1_000_000, seconds=0)


@pytest.mark.shared
def test_real_office_files_are_read(shared):
    office = shared / "data" / "office_samples"
    told = lines((office / "doc" / "业务办理所需提供资料一次性告知单.docx").read_bytes())
    assert "办事人：\t\t业务流水号：\t" in told
    assert "审批处理表" in {line.strip() for line in lines((office / "doc" / "审批受理单.docx").read_bytes())}
    for path in sorted((office / "ofd").glob("*.ofd")):
        assert extract(path.read_bytes()).visible == "你好呀，OFD Reader&Writer！"
    with pytest.raises(Refused, match="旧版"):
        extract((office / "doc" / "审批受理单.doc").read_bytes())
