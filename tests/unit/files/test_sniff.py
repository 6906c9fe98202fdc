import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.files.policies import DOCUMENTS, MATERIALS, check_kind, clean_name, size_label
from mingtang.files.sniff import KINDS, check_name, sniff
from mingtang.lib.errors import Refused
from tests.unit.files import samples

steady = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (samples.JPEG, "jpeg"),
        (samples.PNG, "png"),
        (samples.WEBP, "webp"),
        (samples.HEIC, "heic"),
        (samples.pdf(), "pdf"),
        (samples.docx(samples.paragraph("通知")), "docx"),
        (samples.docx("", word__vbaProject=b"x").replace(b"vbaProject.xml", b"vbaProject.bin"), "macro"),
        (samples.xlsx([["姓名"]]), "xlsx"),
        (samples.ofd("通知"), "ofd"),
        (samples.zipped({"a.txt": "甲"}), "zip"),
        (samples.ole("WordDocument"), "doc"),
        (samples.ole("Workbook"), "xls"),
        (samples.ole("EncryptedPackage"), "locked_office"),
        (samples.ole("Other"), "ole"),
        (b"MZ\x90\x00\x03", "program"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        ("万庾镇".encode(), "txt"),
        ("万庾镇便民服务中心".encode("gb18030"), "txt"),
        ("\ufeff万庾镇".encode("utf-16"), "txt"),
        ("<!DOCTYPE html><p>通知".encode(), "html"),
        ('<meta charset="gb2312"><p>通知'.encode("gbk"), "html"),
        (b'<?xml version="1.0"?><a/>', "xml"),
        (b"\0\1\2\3\xfe", "unknown"),
        (b"PK\x03\x04broken", "unknown"),
    ],
)
def test_a_file_is_known_by_its_content(data, code):
    assert sniff(data).code == code


@steady
@given(st.binary(max_size=300))
def test_any_bytes_have_some_kind(data):
    assert sniff(data).code in KINDS


@steady
@given(st.sampled_from([b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]), st.binary(max_size=200))
def test_a_familiar_beginning_followed_by_anything_has_some_kind(head, rest):
    assert sniff(head + rest).code in KINDS


def test_a_file_that_is_not_what_its_name_says_is_refused_with_both_kinds_named():
    with pytest.raises(Refused, match=r"“证明\.docx”看名字是Word 文档，内容却是JPEG 图片"):
        check_name("证明.docx", sniff(samples.JPEG))


def test_a_renamed_program_is_refused_before_its_name_is_looked_at():
    with pytest.raises(Refused, match="程序文件不能上传"):
        check_kind("照片.jpg", sniff(b"MZ\x90\x00"), MATERIALS)


@pytest.mark.parametrize("name", ["照片.JPG", "照片.jpeg", "照片", "附件1.2"])
def test_endings_are_compared_without_case_and_unknown_ones_say_nothing(name):
    check_name(name, sniff(samples.JPEG))


def test_heic_is_refused_with_the_way_to_mend_it():
    with pytest.raises(Refused, match="兼容性最佳"):
        check_kind("IMG_1.HEIC", sniff(samples.HEIC), MATERIALS)


def test_a_kind_outside_the_list_is_told_what_is_taken():
    with pytest.raises(Refused, match=r"这里只收.*PDF 文件.*请换一种格式"):
        check_kind("页.html", sniff(b"<html><p>x"), DOCUMENTS)


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("C:\\用户\\桌面\\申请表.docx", "申请表.docx"),
        ("../../etc/passwd", "passwd"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("  表\n一 .pdf", "表 一 .pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_lose_paths_controls_and_disguises(given_name, clean):
    assert clean_name(given_name) == clean


def test_a_name_of_nothing_is_refused():
    with pytest.raises(Refused, match="没有名字"):
        clean_name("../\u202e ")


def test_sizes_are_said_to_one_decimal():
    assert [size_label(size) for size in (1, 1024, 655_360, 2_411_725, 52_428_800)] == [
        "0.1 KB",
        "1 KB",
        "640 KB",
        "2.3 MB",
        "50 MB",
    ]
